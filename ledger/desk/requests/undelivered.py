"""Mail that did not arrive, given up by us or sent back by a server: staff see it, and nobody waits in vain."""

from datetime import datetime
from typing import Any

from ledger import mail
from ledger.desk.context import Desk
from ledger.desk.requests.moving import move, note
from ledger.records import outbox
from ledger.records.offers import load_enquiries, update_enquiry
from ledger.records.request_rows import RequestRow
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from ledger.rights.requests import RequestEvent, RequestState

TO_OWNERS = frozenset({"owner_enquiry", "owner_chaser"})


def take_back(desk: Desk, raw: bytes) -> str | None:
    """Record what a delivery status notification reports (RFC 3464); returns the id of our mail.

    None, and nothing recorded, for any other mail, for a mere delay, and for a mail that is none of ours. Twice
    is once.
    """
    bounce = mail.parse_bounce(raw)
    if bounce is None:
        return None
    now = desk.clock()
    with desk.database.writing() as connection:
        known = outbox.state_of(connection, bounce.mail_id)
        row = outbox.record_bounce(connection, bounce.mail_id, f"{bounce.status} {bounce.diagnostic}", now)
        if row is None:
            return None
        if known != "bounced":
            _note_undelivered(Tenant(connection, row.publisher_id), row, now)
    return bounce.mail_id


def give_up(desk: Desk, publisher_id: str, mail_id: str, problem: str) -> None:
    """Record that a mail of the outbox will not be tried again."""
    now = desk.clock()
    with desk.database.writing() as connection:
        outbox.record_attempt(connection, publisher_id, mail_id, problem, now)
        row = outbox.find(connection, publisher_id, mail_id)
        _note_undelivered(Tenant(connection, publisher_id), row, now)


def _note_undelivered(tenant: Tenant, row: Any, now: datetime) -> None:
    """Note it in the history of the request that the mail ``row`` is about, in the caller's transaction.

    An owner whom the question did not reach has not been asked: it is staff's turn again.
    """
    request = load_request(tenant, row.request_id) if row.request_id else None
    if request is None:
        return
    note(tenant, request.id, "mail_undelivered", "system", now, document={"template": row.template})
    if row.template in TO_OWNERS:
        _owner_unreachable(tenant, request, row.recipient, now)


def _owner_unreachable(tenant: Tenant, request: RequestRow, address: str, now: datetime) -> None:
    waiting = [each for each in load_enquiries(tenant, request.id) if each.state == "sent"]
    missed = [each for each in waiting if each.email == address]
    for enquiry in missed:
        update_enquiry(tenant, enquiry.id, state="unreachable")
    if missed and missed == waiting and request.state == RequestState.AWAITING_HOLDER:
        document = {"owner": missed[0].owner["name"]}
        move(tenant, request, RequestEvent.HOLDER_UNREACHABLE, now, actor="system", document=document)
