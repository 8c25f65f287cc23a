"""Going on after a restore: a new epoch that commits to the last checkpoint of the old one.

A log never signs two checkpoints that contradict each other. When entries that were published are lost, the
log under that name ends; its successor carries the entries that are left, a new origin and a new key, and goes
on with an entry that holds the lost log's last checkpoint. Letters under old checkpoints verify as before.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection

from ledger.journal.entry import read_leaf
from ledger.journal.note import BadNote, Checkpoint, open_checkpoint, sign_checkpoint
from ledger.records.journal_keeper import JournalError, Keeper, Published, epoch_of, keeper_of
from ledger.records.journal_reading import entry_at, root_of_first, size_of
from ledger.records.journal_store import Act, JournalBehind, append_unchecked, refuse_another_story

Writing = Callable[[], AbstractContextManager[Connection]]
"""Opens a writing transaction, such as ``Database.writing``."""


class NothingToReopen(JournalError):
    """The database agrees with the last published checkpoint: it goes on as it is."""


def reopen(
    writing: Writing, publisher_id: str, now: datetime, *, reason: str, newer: str | bytes | None = None
) -> Published:
    """Open a new epoch over the entries that are left, and publish its first checkpoint.

    ``newer``: a checkpoint an outsider holds, where the data folder was restored too: one newer than the one kept
    there, or one of the same epoch that the database contradicts, because it grew on before anybody noticed.
    May be called again after a crash: it goes on where it stopped.
    Raises NothingToReopen, or JournalError where ``newer`` is not this journal's.
    """
    with writing() as connection:
        keeper = keeper_of(connection)
        with keeper.turn(publisher_id):
            last = _last_published(connection, keeper, publisher_id, newer)
        base, epoch = epoch_of(last.checkpoint.origin)
        if not _is_opened(connection, publisher_id, last.note.decode()):
            _refuse_if_it_agrees(connection, publisher_id, last.checkpoint)
            payload = {
                "epoch": epoch + 1,
                "origin": f"{base}/epoch-{epoch + 1}",
                "previous": last.note.decode(),
                "kept": size_of(connection, publisher_id),
                "reason": reason,
            }
            append_unchecked(connection, publisher_id, Act("epoch.opened", payload), now)
    with writing() as connection, keeper.turn(publisher_id):
        size = size_of(connection, publisher_id)
        signer = keeper.signer(publisher_id, f"{base}/epoch-{epoch + 1}")
        keeper.keep_aside(publisher_id, epoch, last.note)
        root = root_of_first(connection, publisher_id, size)
        return keeper.keep(publisher_id, sign_checkpoint(signer, size, root))


def _last_published(
    connection: Connection, keeper: Keeper, publisher_id: str, newer: str | bytes | None
) -> Published:
    published = keeper.published(publisher_id)
    if newer is not None:
        note = newer.encode() if isinstance(newer, str) else newer
        try:
            checkpoint = open_checkpoint(note, keeper.verifiers(publisher_id))
        except BadNote as error:
            raise JournalError(f"The checkpoint handed in is not this journal's: {error}.") from error
        if published is None or _comes_after(connection, publisher_id, checkpoint, published.checkpoint):
            # Kept first: from here on nothing is appended or signed under the old name.
            published = keeper.keep(publisher_id, note.decode())
    if published is None:
        raise NothingToReopen("No checkpoint of this journal was ever published.")
    return published


def _comes_after(connection: Connection, publisher_id: str, newer: Checkpoint, kept: Checkpoint) -> bool:
    """Whether the old epoch ends at ``newer`` instead of ``kept``. Sizes count within one epoch alone."""
    epoch, current = epoch_of(newer.origin)[1], epoch_of(kept.origin)[1]
    if epoch != current:
        return epoch > current
    return newer.size > kept.size or not _agrees(connection, publisher_id, newer)


def _agrees(connection: Connection, publisher_id: str, checkpoint: Checkpoint) -> bool:
    try:
        refuse_another_story(connection, publisher_id, checkpoint.size, checkpoint.root)
    except JournalBehind:
        return False
    return True


def _is_opened(connection: Connection, publisher_id: str, previous: str) -> bool:
    """Whether the last entry opens the epoch after ``previous``: a crash came before its checkpoint."""
    size = size_of(connection, publisher_id)
    if size == 0:
        return False
    last = read_leaf(entry_at(connection, publisher_id, size - 1).leaf)
    return last.kind == "epoch.opened" and last.payload["previous"] == previous


def _refuse_if_it_agrees(connection: Connection, publisher_id: str, checkpoint: Checkpoint) -> None:
    if not _agrees(connection, publisher_id, checkpoint):
        return
    raise NothingToReopen("The journal agrees with the last published checkpoint: there is nothing to mend.")
