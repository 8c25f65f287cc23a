"""What a letter asks of its holder, as the holder reports it. The desk ticks it off; a report alone does not."""

from collections.abc import Sequence

from ledger.desk.context import Desk
from ledger.desk.posting import post
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.desk.requests import following
from ledger.desk.requests.moving import note
from ledger.records.request_rows import EventRow
from ledger.records.tenant import Tenant
from ledger.said import said

REPORTED = "duty_reported"
MAX_WORDS = 2_000


def report_duty(desk: Desk, token: str, obligation_id: str, words: str = "") -> None:
    """The holder of a letter says that a duty is done; the publisher is mailed. Raises ``NotFound``, ``Clash``."""
    found = following.status(desk, token)
    duty = next((each for each in found.obligations if each.id == obligation_id), None)
    if duty is None:
        raise NotFound("There is no such duty on a letter of this request.", "obligation")
    if duty.done_at is not None:
        raise Clash(said("This is noted as done already."))
    if obligation_id in reported(found.events):
        return  # said before: once is enough
    remark = words.strip()
    if len(remark) > MAX_WORDS:
        long = said("This is longer than %(most)s characters; shorten it.", most=MAX_WORDS)
        raise BadInput({f"duty.{obligation_id}": long})
    row, publisher, now = found.request, found.publisher, desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, row.publisher_id)
        document = {"obligation": duty.id, "duty": duty.text}
        note(tenant, row.id, REPORTED, "requester", now, body=remark or None, document=document)
        post(
            desk,
            tenant,
            publisher,
            "message",
            to=publisher.permissions_email,
            language=publisher.language,
            key=f"{REPORTED}:{duty.id}",
            request_id=row.id,
            title="; ".join(found.titles.values()),
            body=f"{duty.text}: done. {remark}".strip(),
            status_url=f"{desk.base_url}/desk/requests/{row.id}",
        )


def reported(events: Sequence[EventRow]) -> dict[str, EventRow]:
    """The reports on record, by the duty they are about."""
    return {each.document["obligation"]: each for each in events if each.kind == REPORTED and each.document}
