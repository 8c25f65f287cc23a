"""Checkpoints that leave the house: whoever keeps one can show later that nothing before it was changed."""

from datetime import date

from ledger.desk.context import Desk
from ledger.desk.house.publishers import list_publishers
from ledger.desk.house.rounds import for_each
from ledger.desk.posting import post
from ledger.journal.note import Checkpoint, split_note
from ledger.records.journal_publishing import checkpoint_text
from ledger.records.publishers import PublisherRow
from ledger.records.tenant import Tenant


def mail_checkpoints(desk: Desk, day: str) -> int:
    """Mail every publisher the signed checkpoint of its journal, once a day; how many have an address."""
    reached = [each for each in list_publishers(desk) if each.permissions_email]
    return for_each(reached, lambda publisher: _mail(desk, publisher, day), lambda publisher: publisher.slug)


def _mail(desk: Desk, publisher: PublisherRow, day: str) -> None:
    with desk.database.reading() as connection:
        note = checkpoint_text(connection, publisher.id)
    with desk.database.writing() as connection:
        post(
            desk,
            Tenant(connection, publisher.id),
            publisher,
            "daily_checkpoint",
            to=publisher.permissions_email,
            language=publisher.language,
            key=f"checkpoint:{day}",
            day=date.fromisoformat(day),
            size=Checkpoint.parse(split_note(note)[0]).size,
            checkpoint=note.decode(),
        )
