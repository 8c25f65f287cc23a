"""Appending to a publisher's journal, in the act's own transaction, and erasing personal data from it.

    with database.writing() as connection:
        connection.execute(...)                                        # the act's rows
        append(connection, publisher_id, "piece.registered", {"piece": id}, {"author": name}, now)

Numbers run from 0 without a gap. On SQLite the caller holds BEGIN IMMEDIATE; on PostgreSQL, READ COMMITTED, a
transaction lock per journal makes appenders take turns (an advisory lock, so that the application's role needs
no UPDATE right in the journal). Reading it back: journal_reading.py; checking it: journal_verify.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from weakref import ref

from sqlalchemy import ColumnElement, Connection, Dialect, delete, insert, or_, select, text
from sqlalchemy.exc import DBAPIError

from ledger.journal import tiles
from ledger.journal.entry import Datum, make_leaf
from ledger.journal.tree import leaf_hash
from ledger.records.journal_keeper import JournalError, Keeper, keeper_of
from ledger.records.journal_lost import last_published
from ledger.records.journal_reading import root_of_first, size_of
from ledger.records.journal_tables import journal_entry, journal_tile, personal_datum

ERASED_AT_ONCE = 500  # commitments named in one person.erased entry, which is at most 65,535 bytes


class JournalBehind(JournalError):
    """The database has not got as far as the last published checkpoint, or tells another story up to it."""


class WrongIsolation(JournalError):
    """PostgreSQL above READ COMMITTED: the lock would be taken, but an old number seen."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act to be journaled. ``personal``: field -> value, never written into the entry itself.

    ``subject``: the id of the person or party whose data it is, the handle for ``erase``.
    """

    kind: str
    payload: Mapping[str, Any]
    personal: Mapping[str, str] = field(default_factory=dict)
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """What was appended: the entry's number, its bytes, their leaf hash, and the commitments by field."""

    seq: int
    leaf: bytes
    leaf_hash: bytes
    commitments: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Erased:
    """How many data were erased, and the entries that say so (none where there was nothing to erase)."""

    count: int
    entries: tuple[Appended, ...]


# Written as SQL for the driver: in an act of a fifth of a millisecond, compiling and binding would be a fifth.
_COLUMNS = "publisher_id, seq, kind, at, leaf_hash, leaf"
_INSERT_NEXT = (
    f"INSERT INTO journal_entry ({_COLUMNS}) VALUES (?, coalesce((SELECT seq + 1 FROM journal_entry "  # noqa: S608
    "WHERE publisher_id = ? ORDER BY seq DESC LIMIT 1), 0), ?, ?, ?, ?) RETURNING seq"
)
_INSERT_ENTRY = f"INSERT INTO journal_entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608
_INSERT_DATUM = (
    "INSERT INTO personal_datum (publisher_id, seq, field, subject, commitment, salt, value) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_LOCK = text("SELECT pg_advisory_xact_lock(:key), current_setting('transaction_isolation')")


def append(
    connection: Connection,
    publisher_id: str,
    kind: str,
    payload: Mapping[str, Any],
    personal: Mapping[str, str],
    now: datetime,
    *,
    subject: str | None = None,
) -> Appended:
    """Append one entry in the caller's transaction.

    Raises entry.InvalidEntry (nothing was written), JournalBehind and Lost (the transaction cannot be committed),
    WrongIsolation, JournalNotAttached.
    """
    return append_many(connection, publisher_id, [Act(kind, payload, personal, subject)], now)[0]


def append_many(
    connection: Connection, publisher_id: str, acts: Sequence[Act], now: datetime
) -> list[Appended]:
    """Append entries in order, all in the caller's transaction. Raises as ``append`` does."""
    return _write(connection, publisher_id, acts, now, keeper_of(connection))


def append_unchecked(connection: Connection, publisher_id: str, act: Act, now: datetime) -> Appended:
    """Append although the database is behind: for the entry that opens a new epoch, and for nothing else."""
    return _write(connection, publisher_id, [act], now, None)[0]


def erase(
    connection: Connection,
    publisher_id: str,
    now: datetime,
    *,
    subject: str | None = None,
    commitments: Sequence[bytes] = (),
    reason: str = "",
) -> Erased:
    """Delete personal data with their salts, by whose they are or by commitment, and journal the act.

    What is left in the entries tells nothing without the salt; their proofs verify as before. The new entry commits
    to the ``reason``.
    """
    if connection.dialect.name == "sqlite":  # overwrite the freed bytes in the file
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    chosen: list[ColumnElement[bool]] = [personal_datum.c.commitment.in_(list(commitments))]
    if subject is not None:
        chosen.append(personal_datum.c.subject == subject)
    gone = connection.execute(
        delete(personal_datum)
        .where(personal_datum.c.publisher_id == publisher_id, or_(*chosen))
        .returning(personal_datum.c.commitment)
    )
    erased = sorted(bytes(commitment).hex() for (commitment,) in gone)
    said = {"reason": reason} if reason else {}  # it may name whose wish it was
    acts = [
        Act("person.erased", {"commitments": erased[at : at + ERASED_AT_ONCE]}, said)
        for at in range(0, len(erased), ERASED_AT_ONCE)
    ]
    entries = append_many(connection, publisher_id, acts, now) if acts else []
    return Erased(len(erased), tuple(entries))


def has_uncommitted(connection: Connection, publisher_id: str) -> bool:
    """Whether the transaction under way has appended to this journal: such entries must not be published."""
    noted = connection.info.get("ledger_journal_pending")
    if noted is None:
        return False
    transaction, publishers = noted
    return transaction() is connection.get_transaction() and publisher_id in publishers


def _write(
    connection: Connection, publisher_id: str, acts: Sequence[Act], now: datetime, keeper: Keeper | None
) -> list[Appended]:
    made = [make_leaf(publisher_id, act.kind, act.payload, act.personal, now) for act in acts]
    if not made:
        return []
    if connection.dialect.name == "postgresql":
        _take_turn(connection, publisher_id)
    if keeper is not None:
        _refuse_if_behind(connection, publisher_id, keeper)
    _note_pending(connection, publisher_id)
    hashes = [leaf_hash(leaf) for leaf, _ in made]
    first = _insert_entries(connection, publisher_id, acts, [leaf for leaf, _ in made], hashes, now)
    _insert_data(connection, publisher_id, first, acts, [data for _, data in made])
    _fill_tiles(connection, publisher_id, 0, first, first + len(made))
    return [
        Appended(first + at, leaf, hashes[at], {datum.field: datum.commitment for datum in data})
        for at, (leaf, data) in enumerate(made)
    ]


def _insert_entries(
    connection: Connection,
    publisher_id: str,
    acts: Sequence[Act],
    leaves: Sequence[bytes],
    hashes: Sequence[bytes],
    now: datetime,
) -> int:
    """Insert the rows; the first one's number."""
    at = _stored_time(connection.dialect, now)
    if len(acts) == 1:
        return _insert_next(connection, (publisher_id, publisher_id, acts[0].kind, at, hashes[0], leaves[0]))
    first = size_of(connection, publisher_id)
    rows = [
        (publisher_id, first + place, act.kind, at, hashes[place], leaves[place])
        for place, act in enumerate(acts)
    ]
    connection.exec_driver_sql(_for(connection, _INSERT_ENTRY), rows)
    return first


def _insert_next(connection: Connection, row: tuple[Any, ...]) -> int:
    """Insert one entry under the next number, and return that.

    On SQLite by the driver's own cursor: SQLAlchemy's way to it costs more than SQLite's work. Errors are the same.
    """
    if connection.dialect.name != "sqlite":
        return int(connection.exec_driver_sql(_for(connection, _INSERT_NEXT), row).scalar_one())
    driver = connection.dialect.loaded_dbapi.Error
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_INSERT_NEXT, row)
        ((seq,),) = cursor.fetchall()
    except driver as error:
        raised = DBAPIError.instance(_INSERT_NEXT, None, error, driver, True, dialect=connection.dialect)
        raise raised from error
    finally:
        cursor.close()
    return int(seq)


def _insert_data(
    connection: Connection,
    publisher_id: str,
    first: int,
    acts: Sequence[Act],
    data: Sequence[Sequence[Datum]],
) -> None:
    rows = [
        (publisher_id, first + place, datum.field, act.subject, datum.commitment, datum.salt, datum.value)
        for place, act in enumerate(acts)
        for datum in data[place]
    ]
    if rows:
        connection.exec_driver_sql(_for(connection, _INSERT_DATUM), rows)


def _for(connection: Connection, sql: str) -> str:
    return sql if connection.dialect.name == "sqlite" else sql.replace("?", "%s")


def _stored_time(dialect: Dialect, now: datetime) -> Any:
    """A time as the column ``at`` keeps it (base.UtcDateTime)."""
    if dialect.name != "sqlite":
        return now
    return now.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _take_turn(connection: Connection, publisher_id: str) -> None:
    """Wait for this journal's lock, held to the end of the transaction; what is read next is the newest."""
    key = int.from_bytes(sha256(b"ledger journal " + publisher_id.encode()).digest()[:8], "big", signed=True)
    _, isolation = connection.execute(_LOCK, {"key": key}).one()
    if isolation != "read committed":
        raise WrongIsolation(f"the journal is written at READ COMMITTED, not {isolation.upper()}")


def _refuse_if_behind(connection: Connection, publisher_id: str, keeper: Keeper) -> None:
    """Compare with the checkpoint outside the database, once for each checkpoint that is published.

    Cheap in the ordinary case: a look at the file's stamp. A database cannot shrink under an open connection,
    but it can be exchanged between two transactions; publishing looks again, every time.
    """
    stamp = keeper.stamp(publisher_id)
    if publisher_id in keeper.agreed and keeper.agreed[publisher_id] == stamp:
        return
    published = last_published(connection, publisher_id)
    if published is not None:
        refuse_another_story(connection, publisher_id, published.checkpoint.size, published.checkpoint.root)
    keeper.agreed[publisher_id] = published.stamp if published else None


def refuse_another_story(connection: Connection, publisher_id: str, size: int, root: bytes) -> None:
    """Raise JournalBehind unless the database's journal begins with the tree (size, root)."""
    remedy = "Restore a newer backup, or open a new epoch with `ledger journal reopen`."
    here = size_of(connection, publisher_id)
    if here < size:
        raise JournalBehind(
            f"The journal has {here} entries, but a checkpoint over {size} was published: "
            f"the database is an old copy. {remedy}"
        )
    if root_of_first(connection, publisher_id, size) != root:
        raise JournalBehind(
            f"The first {size} entries are not those of the checkpoint that was published. "
            f"Run `ledger verify`. {remedy}"
        )


def _note_pending(connection: Connection, publisher_id: str) -> None:
    transaction = connection.get_transaction()
    if transaction is None:
        raise JournalError("an entry is appended in the act's transaction, and none is under way")
    noted = connection.info.get("ledger_journal_pending")
    publishers: set[str] = noted[1] if noted is not None and noted[0]() is transaction else set()
    publishers.add(publisher_id)
    connection.info["ledger_journal_pending"] = (ref(transaction), publishers)


def _fill_tiles(connection: Connection, publisher_id: str, level: int, old: int, new: int) -> None:
    """Keep each tile of a level that became full when the level grew from ``old`` to ``new`` hashes."""
    for number in range(old // tiles.WIDTH, new // tiles.WIDTH):
        low, high = number * tiles.WIDTH, (number + 1) * tiles.WIDTH - 1
        if level == 0:
            column, place = journal_entry.c.leaf_hash, journal_entry.c.seq
            source = select(column).where(journal_entry.c.publisher_id == publisher_id)
        else:
            column, place = journal_tile.c.root, journal_tile.c.number
            source = select(column).where(
                journal_tile.c.publisher_id == publisher_id, journal_tile.c.level == level - 1
            )
        rows = connection.execute(source.where(place.between(low, high)).order_by(place))
        hashes = [bytes(hash_) for (hash_,) in rows]
        if len(hashes) != tiles.WIDTH:
            raise JournalError(f"tile {level}/{number} has {len(hashes)} hashes: run `ledger verify`")
        values = {"publisher_id": publisher_id, "level": level, "number": number}
        connection.execute(
            insert(journal_tile), {**values, "root": tiles.fold(hashes), "hashes": b"".join(hashes)}
        )
    if new // tiles.WIDTH > old // tiles.WIDTH:
        _fill_tiles(connection, publisher_id, level + 1, old // tiles.WIDTH, new // tiles.WIDTH)
