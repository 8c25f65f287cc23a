"""What the desk does by itself as days go by: reminders to owners, and the plain word when nobody answers.

Silence is never a refusal and never a grant: an enquiry that nobody answered is closed as silent, and an owner
who answers later is still heard.
"""

from datetime import timedelta

from ledger.desk.context import Desk
from ledger.desk.house.publishers import own_publisher
from ledger.desk.house.rounds import for_each
from ledger.desk.posting import tell
from ledger.desk.requests.moving import note
from ledger.desk.requests.referring import write_to_owner
from ledger.records.offers import enquiries_waiting, update_enquiry
from ledger.records.request_rows import EnquiryRow
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from ledger.rights.parties import Party
from ledger.rights.wire import from_plain

CHASE_AFTER = (timedelta(days=7), timedelta(days=14))
SILENT_AFTER = timedelta(days=28)
AT_ONCE = 10_000
"""Enquiries looked at in one run: a smaller page could fill up with old ones that are not due yet."""


def chase_owners(desk: Desk) -> int:
    """Remind owners after one and two weeks, and after four tell the requester; how many were due. Run daily."""
    now = desk.clock()
    with desk.database.reading() as connection:
        waiting = enquiries_waiting(connection, now - CHASE_AFTER[0], AT_ONCE)
    due = [each for each in waiting if _step(each, now - each.sent_at)]
    return for_each(
        due, lambda each: _chase(desk, each, _step(each, now - each.sent_at)), lambda each: each.id
    )


def _step(enquiry: EnquiryRow, age: timedelta) -> str:
    if age >= SILENT_AFTER:
        return "silent"
    if enquiry.chased < len(CHASE_AFTER) and age >= CHASE_AFTER[enquiry.chased]:
        return "chase"
    return ""


def _chase(desk: Desk, enquiry: EnquiryRow, step: str) -> None:
    publisher = own_publisher(desk, enquiry.publisher_id)
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, enquiry.publisher_id)
        row = load_request(tenant, enquiry.request_id)
        if row is None or row.closed_at is not None:
            update_enquiry(tenant, enquiry.id, state="silent")
            return
        owner = from_plain(Party, enquiry.owner)
        if step == "chase":
            update_enquiry(tenant, enquiry.id, chased=enquiry.chased + 1)
            write_to_owner(desk, tenant, publisher, row, enquiry, "owner_chaser")
            note(tenant, row.id, "owner_reminded", "system", now, document={"owner": owner.name})
            return
        update_enquiry(tenant, enquiry.id, state="silent")
        note(tenant, row.id, "owner_silent", "system", now, document={"owner": owner.name})
        contact = owner.permissions_contact()
        tell(
            desk,
            tenant,
            publisher,
            row,
            "owner_silent",
            key=f"silent:{enquiry.id}",
            owner=owner.name,
            asked_on=enquiry.sent_at.date(),
            times=enquiry.chased + 1,
            owner_contact=(contact.url or None) if contact else None,
        )
