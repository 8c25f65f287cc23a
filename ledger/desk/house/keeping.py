"""What whoever keeps the machine does: back up, bring back, open a new epoch after a restore."""

from pathlib import Path
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.house.publishers import find_publisher
from ledger.desk.refusals import Clash
from ledger.records.backup import back_up
from ledger.records.journal_epochs import NothingToReopen, reopen
from ledger.records.journal_keeper import JournalError


def make_backup(desk: Desk, folder: Path) -> dict[str, Any]:
    """Copy the whole ledger to a new folder while it works; returns the manifest."""
    return back_up(desk.database, desk.folder, folder, desk.clock())


def reopen_journal(desk: Desk, slug: str, reason: str, newer: bytes | None = None) -> str:
    """Open a new epoch of a journal whose database is behind its last checkpoint; returns the new checkpoint.

    The new epoch commits to the old checkpoint, so the gap stays visible. Raises ``Clash`` when nothing is wrong.
    """
    row = find_publisher(desk, slug)
    try:
        published = reopen(desk.database.writing, row.id, desk.clock(), reason=reason, newer=newer)
    except (NothingToReopen, JournalError) as error:
        raise Clash(str(error)) from error
    return published.note.decode()
