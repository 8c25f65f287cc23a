"""Giving a journal out: checkpoints, tiles and proof files, as C2SP tlog-tiles and tlog-proof have them.

A checkpoint is signed when somebody asks for one and the journal has grown, never inside the transaction that
appended: a tree that is rolled back must not have been signed. Before it is given out it is kept outside the
database (journal_keeper.py), so that an old copy of the database is found out.
"""

from sqlalchemy import Connection

from ledger.journal import tiles
from ledger.journal.note import Verifier, sign_checkpoint
from ledger.journal.proof import make_proof
from ledger.records.journal_keeper import JournalError, Keeper, Published, epoch_of, keeper_of
from ledger.records.journal_lost import last_published
from ledger.records.journal_reading import (
    entry_at,
    inclusion_proof,
    leaves,
    root_of_first,
    size_of,
    stored_tile,
)
from ledger.records.journal_store import JournalBehind, has_uncommitted, refuse_another_story


class NothingThere(LookupError):
    """The journal has no such tile or entry (yet): a 404."""


def checkpoint_text(connection: Connection, publisher: str) -> bytes:
    """The signed checkpoint over every committed entry; ``publisher`` is the publisher's id.

    Raises JournalBehind where the database is older than the last one given out, or tells another story; Lost where
    the key that it was signed with is gone.
    """
    return publish(connection, publisher).note


def tile(connection: Connection, publisher: str, level: int | None, index: int, width: int) -> bytes:
    """The tile's first ``width`` hashes, or for level None the entry bundle of ``width`` entries.

    Only what a published checkpoint covers. Raises NothingThere.
    """
    if not 0 < width <= tiles.WIDTH or index < 0 or not 0 <= (level or 0) <= tiles.MAX_LEVEL:
        raise NothingThere(f"no tile {level}/{index} of width {width}")
    published = last_published(connection, publisher)
    size = published.checkpoint.size if published else 0
    if width > tiles.width_at(level or 0, index, size):
        raise NothingThere(f"the published journal has no tile {tiles.path_of(level, index, width)}")
    try:
        if level is not None:
            return stored_tile(connection, publisher, level, index, width)
    except LookupError as error:
        raise NothingThere(str(error)) from None
    start = index * tiles.WIDTH
    return tiles.bundle(leaves(connection, publisher, start, start + width - 1))


def proof_file(connection: Connection, publisher: str, seq: int) -> bytes:
    """The tlog-proof of an entry, with its leaf as ``extra``, under a checkpoint over every committed entry.

    Raises NothingThere for an entry that is not there, JournalError for one of the transaction under way.
    """
    published = publish(connection, publisher)
    size = published.checkpoint.size
    if not 0 <= seq < size:
        raise NothingThere(f"the journal has no entry {seq}")
    stored = entry_at(connection, publisher, seq)
    return make_proof(seq, inclusion_proof(connection, publisher, seq, size), published.note, stored.leaf)


def verifier_key(connection: Connection, publisher: str) -> Verifier:
    """The public key that now signs, made at first; ``.vkey`` is its text, to be shown on the publisher's page.

    Raises Lost where the one that signed before is gone.
    """
    return keeper_of(connection).signer(publisher, _origin(connection, publisher)).verifier


def open_epoch(connection: Connection, publisher: str) -> int:
    """The number, from 1, of the epoch that checkpoints are now signed for."""
    return epoch_of(_origin(connection, publisher))[1]


def _origin(connection: Connection, publisher: str) -> str:
    """The origin that checkpoints now carry: once one is published, it stays."""
    published = last_published(connection, publisher)
    if published is not None:
        return published.checkpoint.origin
    return keeper_of(connection).first_origin(connection, publisher)


def earlier_keys(connection: Connection, publisher: str) -> list[Verifier]:
    """The public keys of the epochs that are over, newest first: letters from before a restore are checked by them."""
    current = open_epoch(connection, publisher)
    keys = [(epoch_of(each.name)[1], each) for each in keeper_of(connection).verifiers(publisher)]
    return [key for epoch, key in sorted(keys, key=lambda each: -each[0]) if epoch < current]


def publish(connection: Connection, publisher: str) -> Published:
    """The checkpoint over every committed entry; signed and kept now if the journal has grown.

    On SQLite a reader's snapshot moves forward where it was older than the last publication.
    """
    if has_uncommitted(connection, publisher):
        raise JournalError("commit first: an entry is proven only once it cannot be rolled back")
    keeper = keeper_of(connection)
    published = last_published(connection, publisher)
    size = size_of(connection, publisher)
    agreed = published is not None and keeper.agreed.get(publisher) == published.stamp
    if published is not None and agreed and published.checkpoint.size == size:
        return published  # the ordinary case: nothing new, and nothing to wait for
    with keeper.turn(publisher):
        published = last_published(connection, publisher)
        if published is not None and size < published.checkpoint.size:
            _look_again(connection)
        return _publish(connection, publisher, keeper, published, size_of(connection, publisher))


def _look_again(connection: Connection) -> None:
    """Let a SQLite reader see what is committed now; a writer, and PostgreSQL, see it anyway.

    On the connection in hand: whoever waits for a second one while holding the turn waits for those who hold all
    of them and wait for the turn.
    """
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA query_only").scalar():
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")


def _publish(
    connection: Connection, publisher: str, keeper: Keeper, published: Published | None, size: int
) -> Published:
    if published is not None:
        refuse_another_story(connection, publisher, published.checkpoint.size, published.checkpoint.root)
        keeper.agreed[publisher] = published.stamp
        if published.checkpoint.size == size:
            return published
    origin = published.checkpoint.origin if published else keeper.first_origin(connection, publisher)
    signer = keeper.signer(publisher, origin)
    return keeper.keep(publisher, sign_checkpoint(signer, size, root_of_first(connection, publisher, size)))


__all__ = [
    "JournalBehind",
    "NothingThere",
    "checkpoint_text",
    "earlier_keys",
    "open_epoch",
    "proof_file",
    "publish",
    "tile",
    "verifier_key",
]
