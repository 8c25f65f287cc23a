"""Reading a journal: its size, roots, tiles and entries, as the connection's transaction sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from ledger.journal import tiles, tree
from ledger.records.journal_keeper import keeper_of
from ledger.records.journal_tables import journal_entry, journal_tile, personal_datum
from ledger.records.tables import publisher

_BATCH = 500
_LAST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A row of journal_entry; ``leaf`` is read by journal.entry.read_leaf."""

    publisher_id: str
    seq: int
    kind: str
    at: datetime
    leaf_hash: bytes
    leaf: bytes


_LAST = (
    select(journal_entry.c.seq)
    .where(journal_entry.c.publisher_id == bindparam("publisher"))
    .order_by(journal_entry.c.seq.desc())
    .limit(1)
)
_RANGE = (journal_entry.c.publisher_id == bindparam("publisher")) & journal_entry.c.seq.between(
    bindparam("low"), bindparam("high")
)
_HASHES = select(journal_entry.c.leaf_hash).where(_RANGE).order_by(journal_entry.c.seq)
_LEAVES = select(journal_entry.c.leaf).where(_RANGE).order_by(journal_entry.c.seq)
_ENTRIES = (
    select(
        journal_entry.c.publisher_id,
        journal_entry.c.seq,
        journal_entry.c.kind,
        journal_entry.c.at,
        journal_entry.c.leaf_hash,
        journal_entry.c.leaf,
    )
    .where(_RANGE)
    .order_by(journal_entry.c.seq)
    .limit(_BATCH)
)
_TILE = select(journal_tile.c.hashes).where(
    journal_tile.c.publisher_id == bindparam("publisher"),
    journal_tile.c.level == bindparam("level"),
    journal_tile.c.number == bindparam("number"),
)
_ROOTS = (
    select(journal_tile.c.root)
    .where(
        journal_tile.c.publisher_id == bindparam("publisher"),
        journal_tile.c.level == bindparam("level"),
        journal_tile.c.number.between(bindparam("low"), bindparam("high")),
    )
    .order_by(journal_tile.c.number)
)
_PERSONAL = select(personal_datum.c.field, personal_datum.c.value).where(
    personal_datum.c.publisher_id == bindparam("publisher"), personal_datum.c.seq == bindparam("seq")
)


def size_of(connection: Connection, publisher_id: str) -> int:
    """How many entries the journal has."""
    last = connection.execute(_LAST, {"publisher": publisher_id}).scalar()
    return 0 if last is None else int(last) + 1


def every_journal(connection: Connection) -> list[str]:
    """The ids of all journals: of every publisher, and of whatever else has entries or a published checkpoint."""
    names = {row.id: row.name for row in connection.execute(select(publisher.c.id, publisher.c.name))}
    written = connection.execute(select(journal_entry.c.publisher_id).distinct()).scalars()
    found = names.keys() | set(written) | keeper_of(connection).journals()
    return sorted(found, key=lambda each: (names.get(each, ""), each))


def stored_tile(connection: Connection, publisher_id: str, level: int, number: int, width: int) -> bytes:
    """The first ``width`` hashes of a tile, from the kept tile or from the level below.

    Raises LookupError where the journal has not that many.
    """
    if width == tiles.WIDTH:
        kept = connection.execute(
            _TILE, {"publisher": publisher_id, "level": level, "number": number}
        ).scalar()
        if kept is not None:
            return bytes(kept)
    low = number * tiles.WIDTH
    values = {"publisher": publisher_id, "low": low, "high": low + width - 1}
    if level == 0:
        rows = connection.execute(_HASHES, values)
    else:
        rows = connection.execute(_ROOTS, {**values, "level": level - 1})
    hashes = [bytes(hash_) for (hash_,) in rows]
    if len(hashes) != width:
        raise LookupError(f"no tile {level}/{number} of {width} hashes")
    return b"".join(hashes)


def node_reader(connection: Connection, publisher_id: str, size: int) -> tree.NodeReader:
    """Complete nodes of the tree over the first ``size`` entries."""
    return tiles.node_reader(
        lambda level, number, width: stored_tile(connection, publisher_id, level, number, width), size
    )


def root_of_first(connection: Connection, publisher_id: str, size: int) -> bytes:
    """The root over the first ``size`` entries, by the tiles. Raises LookupError where there are fewer."""
    return tree.root_at(node_reader(connection, publisher_id, size), size)


def inclusion_proof(connection: Connection, publisher_id: str, seq: int, size: int) -> list[bytes]:
    """The path from an entry to the root over the first ``size`` entries."""
    return tree.inclusion_proof(node_reader(connection, publisher_id, size), seq, size)


def consistency_proof(connection: Connection, publisher_id: str, old: int, new: int) -> list[bytes]:
    """The proof that the first ``new`` entries begin with the first ``old``."""
    return tree.consistency_proof(node_reader(connection, publisher_id, new), old, new)


def entries(
    connection: Connection, publisher_id: str, start: int = 0, stop: int | None = None
) -> Iterator[StoredEntry]:
    """The entries [start, stop) in order, also beyond a gap; read in batches: a journal need not fit in memory."""
    high = _LAST_NUMBER if stop is None else stop - 1
    while start <= high:
        values = {"publisher": publisher_id, "low": start, "high": high}
        rows = connection.execute(_ENTRIES, values).all()
        for row in rows:
            yield StoredEntry(
                row.publisher_id, row.seq, row.kind, row.at, bytes(row.leaf_hash), bytes(row.leaf)
            )
        if len(rows) < _BATCH:
            return
        start = rows[-1].seq + 1


def entry_at(connection: Connection, publisher_id: str, seq: int) -> StoredEntry:
    """One entry. Raises LookupError."""
    for found in entries(connection, publisher_id, seq, seq + 1):
        return found
    raise LookupError(f"the journal has no entry {seq}")


def leaves(connection: Connection, publisher_id: str, low: int, high: int) -> list[bytes]:
    """The leaves low..high, both included."""
    rows = connection.execute(_LEAVES, {"publisher": publisher_id, "low": low, "high": high})
    return [bytes(leaf) for (leaf,) in rows]


def data_of(
    connection: Connection, publisher_id: str, *, subject: str, party_id: str
) -> list[tuple[str, bytes]]:
    """(field, commitment) of the personal data kept about a subject, and of what entries commit to of a party."""
    about = (personal_datum.c.subject == subject) | (personal_datum.c.field == f"party.{party_id}")
    statement = select(personal_datum.c.field, personal_datum.c.commitment).where(
        personal_datum.c.publisher_id == publisher_id, about
    )
    return [(field, bytes(commitment)) for field, commitment in connection.execute(statement)]


def personal_of(connection: Connection, publisher_id: str, seq: int) -> dict[str, str]:
    """The personal data an entry commits to, as far as not erased: field -> value."""
    rows = connection.execute(_PERSONAL, {"publisher": publisher_id, "seq": seq})
    return {row.field: row.value for row in rows}
