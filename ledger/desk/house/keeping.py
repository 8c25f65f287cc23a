"""What whoever keeps the machine does: back up, bring back, open a new epoch after a restore."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.house.publishers import find_publisher, list_publishers
from ledger.desk.refusals import Clash
from ledger.records.backup import back_up
from ledger.records.journal_epochs import NothingToReopen, reopen
from ledger.records.journal_keeper import JournalError
from ledger.records.journal_publishing import checkpoint_text


def make_backup(desk: Desk, folder: Path) -> dict[str, Any]:
    """Copy the whole ledger to a new folder while it works; returns the manifest.

    Every journal gives out a checkpoint first: the copy of one that had none yet would look as if it had lost it, if
    its first letter went out while it was copied.
    """
    for publisher in list_publishers(desk):
        with (
            desk.database.reading() as connection,
            suppress(JournalError),
        ):  # a ledger in trouble is copied as it is
            checkpoint_text(connection, publisher.id)
    return back_up(desk.database, desk.folder, folder, desk.clock())


def reopen_journal(
    desk: Desk, slug: str, reason: str, newer: bytes | None = None, key: str | None = None
) -> str:
    """Open a new epoch of a journal whose database is behind its last checkpoint, or whose keys are lost.

    ``newer``: the newest checkpoint that somebody outside holds. ``key``: the public key (a vkey) it was signed with,
    where the journal's own are lost. The new epoch commits to the old checkpoint, so the gap
    stays visible. Returns the new checkpoint. Raises ``Clash`` when nothing is wrong.
    """
    row = find_publisher(desk, slug)
    try:
        published = reopen(desk.database.writing, row.id, desk.clock(), reason=reason, newer=newer, key=key)
    except (NothingToReopen, JournalError) as error:
        raise Clash(str(error)) from error
    return published.note.decode()
