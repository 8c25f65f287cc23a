"""Checkpoints that leave the house: whoever keeps one can show later that nothing before it was changed.

With a time stamp, whoever keeps one can also show to strangers that the journal stood so on that day.
"""

import hashlib
import logging
from datetime import date

from ledger.desk.context import Desk
from ledger.desk.house.publishers import list_publishers
from ledger.desk.house.rounds import for_each
from ledger.desk.letters.time_stamping import roots_of, stamper_of
from ledger.desk.posting import post
from ledger.journal.note import Checkpoint, split_note
from ledger.letters.stamping import NotStamped, Stamp, check_response
from ledger.records.journal_publishing import checkpoint_text
from ledger.records.outbox import Attached, is_posted
from ledger.records.publishers import PublisherRow
from ledger.records.tenant import Tenant

log = logging.getLogger("ledger.desk")


def mail_checkpoints(desk: Desk, day: str) -> int:
    """Mail every publisher the signed checkpoint of its journal, once a day; how many have an address."""
    reached = [each for each in list_publishers(desk) if each.permissions_email]
    return for_each(reached, lambda publisher: _mail(desk, publisher, day), lambda publisher: publisher.slug)


def _mail(desk: Desk, publisher: PublisherRow, day: str) -> None:
    key = f"checkpoint:{day}"
    with desk.database.reading() as connection:
        if is_posted(connection, publisher.id, key):
            return  # a round that is made again for others asks no authority anew
        note = checkpoint_text(connection, publisher.id)
    files = _stamped(desk, day, note)
    with desk.database.writing() as connection:
        post(
            desk,
            Tenant(connection, publisher.id),
            publisher,
            "daily_checkpoint",
            to=publisher.permissions_email,
            language=publisher.language,
            key=key,
            files=files,
            day=date.fromisoformat(day),
            size=Checkpoint.parse(split_note(note)[0]).size,
            checkpoint=note.decode(),
        )


def _stamped(desk: Desk, day: str, note: bytes) -> list[Attached]:
    """The checkpoint's very bytes and an authority's time stamp of them (RFC 3161), where one is set.

    A checkpoint never waits for a stamp: whoever could keep the authority from answering could stop the mails, and
    the next day's stamp covers this day's entries too.
    """
    try:
        stamper = stamper_of(desk)
        if stamper is None:
            return []
        answer = stamper.response(hashlib.sha256(note).digest())
    except NotStamped as error:
        log.warning("The checkpoint of %s goes without a time stamp: %s.", day, error)
        return []
    name = f"checkpoint-{day}.note"
    return [
        Attached(
            name, "application/octet-stream", desk.evidence.put(note)
        ),  # no mail program mends its line ends
        Attached(f"{name}.tsr", "application/timestamp-reply", desk.evidence.put(answer)),
    ]


def checkpoint_stamp(desk: Desk, note: bytes, answer: bytes) -> Stamp:
    """What a time stamp (.tsr) says of a checkpoint, by the roots of the settings if any. Raises NotStamped."""
    roots = roots_of(desk.time_stamping) if desk.time_stamping else ()
    return check_response(answer, hashlib.sha256(note).digest(), roots)
