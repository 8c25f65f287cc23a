"""Referring: where the publisher cannot grant, the named owner is asked by mail, with a link that opens one door.

Silence is never a refusal and never a grant.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ledger.desk import links
from ledger.desk.answers.use_words import use_sentences
from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.posting import post, tell, titles_of
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.desk.requests.moving import move, taken_up
from ledger.desk.requests.opened import Opened, open_request
from ledger.ids import new_id
from ledger.letters.language import Speaker
from ledger.mail import UnsafeHeader, check_address, written_in
from ledger.records import journal_store
from ledger.records.offers import add_enquiry, load_enquiries, load_enquiry
from ledger.records.parties import find_party, store_party
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import EnquiryRow, ItemRow, RequestRow, TokenRow
from ledger.records.requests import add_token, load_items
from ledger.records.tenant import Tenant
from ledger.rights.parties import Party
from ledger.rights.requests import RequestEvent, RequestState
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import from_plain, to_plain

LINK_FOR = timedelta(days=60)


def enquire(
    desk: Desk,
    who: Who,
    request_id: str,
    item_ids: Sequence[str],
    *,
    owner: str,
    email: str,
    version: int | None = None,
) -> str:
    """Ask the owner of some items, by mail with a one-purpose link. Returns the enquiry's id.

    Raises ``BadInput`` for a bad address, ``NotFound``, ``Clash``.
    """
    who.must_be("officer")
    name, address = owner.strip(), _address(email)
    if not name:
        raise BadInput({"owner": "Name the owner who is to be asked."})
    if not item_ids:
        raise BadInput({"items": "Choose what the owner is to be asked about."})
    now = desk.clock()
    publisher = own_publisher(desk, who.publisher_id)
    enquiry_id = new_id("en")
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id, version)
        tenant, row = opened.tenant, opened.row
        _must_be_open(opened, item_ids, address)
        party = _owner(tenant, name)
        sent = EnquiryRow(
            id=enquiry_id,
            request_id=request_id,
            item_ids=list(dict.fromkeys(item_ids)),
            owner=to_plain(party),
            email=address,
            state="sent",
            sent_at=now,
        )
        _store(desk, tenant, sent)
        row = _referred(tenant, row, sent, party, who)
        _journal(tenant, sent, party, who)
        stored = load_enquiry_or_fail(tenant, enquiry_id)
        write_to_owner(desk, tenant, publisher, row, stored, "owner_enquiry")
        asked: dict[str, Any] = {"owner": party.name, "asked": True, "owner_contact": None}
        tell(desk, tenant, publisher, row, "referred", key=f"referred:{enquiry_id}", **asked)
    return enquiry_id


def _must_be_open(opened: Opened, item_ids: Sequence[str], address: str) -> None:
    """Nobody is asked about what is decided, or twice about the same. Raises ``Clash``, ``NotFound``."""
    if any(opened.item(item_id).decision is not None for item_id in item_ids):
        raise Clash("One of these items has been decided already.", "items")
    if _asked_already(opened.tenant, opened.row.id, item_ids, address):
        raise Clash("This address has been asked about this already and has not answered yet.", "email")


def _store(desk: Desk, tenant: Tenant, sent: EnquiryRow) -> None:
    """Write the enquiry, and the link that opens it for as long as ``LINK_FOR``."""
    add_enquiry(tenant, sent)
    hashed, until = links.hash_of(links.token_for(desk, "owner", sent.id)), sent.sent_at + LINK_FOR
    add_token(
        tenant,
        TokenRow(hashed, sent.request_id, "owner", sent.sent_at, enquiry_id=sent.id, expires_at=until),
    )


def _referred(tenant: Tenant, row: RequestRow, sent: EnquiryRow, party: Party, who: Who) -> RequestRow:
    """The request taken up and waiting for the owner; another owner may be asked meanwhile."""
    row = taken_up(tenant, row, who, sent.sent_at)
    if row.state == RequestState.AWAITING_HOLDER:
        return row
    document = {"enquiry": sent.id, "owner": party.name}
    by: dict[str, Any] = {"actor": "staff", "person_id": who.person_id}
    return move(tenant, row, RequestEvent.REFER_TO_HOLDER, sent.sent_at, document=document, **by)


def _journal(tenant: Tenant, sent: EnquiryRow, party: Party, who: Who) -> None:
    """An entry for each item. Anybody may read the journal, so the owner's name and address in it can be erased."""
    for item_id in sent.item_ids:
        payload = {"item": item_id, "enquiry": sent.id, "by": who.person_id}
        journal_store.append(
            tenant.connection,
            tenant.publisher_id,
            "item.referred",
            payload,
            {"email": sent.email, "owner": party.name, **tenant.written()},
            sent.sent_at,
            subject=sent.id,
        )


def load_enquiry_or_fail(tenant: Tenant, enquiry_id: str) -> EnquiryRow:
    """One enquiry. Raises ``NotFound``."""
    found = load_enquiry(tenant, enquiry_id)
    if found is None:
        raise NotFound("There is no such enquiry.")
    return found


def write_to_owner(
    desk: Desk, tenant: Tenant, publisher: PublisherRow, row: RequestRow, enquiry: EnquiryRow, template: str
) -> None:
    """Mail the owner: the enquiry, or its reminder; both carry the same link."""
    items = items_of(tenant, enquiry)
    post(
        desk,
        tenant,
        publisher,
        template,
        to=enquiry.email,
        language=publisher.language,
        key=f"{template}:{enquiry.id}:{enquiry.chased}",
        request_id=row.id,
        requester=row.document["requester"]["licensee"],
        title="; ".join(titles_of(tenant, items).values()),
        uses=use_sentences(from_plain(ProposedUse, items[0].use), Speaker(written_in(publisher.language))),
        url=links.owner_url(desk, enquiry.id),
        valid_until=(enquiry.sent_at + LINK_FOR).date(),
        asked_on=enquiry.sent_at.date(),
    )


def items_of(tenant: Tenant, enquiry: EnquiryRow) -> list[ItemRow]:
    """The items an enquiry is about."""
    wanted = set(enquiry.item_ids)
    return [item for item in load_items(tenant, enquiry.request_id) if item.id in wanted]


def _asked_already(tenant: Tenant, request_id: str, item_ids: Sequence[str], email: str) -> bool:
    """Whether a question about any of these items already lies with this address: nobody is mailed twice for it."""
    return any(
        each.state == "sent" and each.email == email and set(each.item_ids) & set(item_ids)
        for each in load_enquiries(tenant, request_id)
    )


def _owner(tenant: Tenant, name: str) -> Party:
    """The owner as a party. The address staff write to stays with the enquiry: nobody has published it."""
    party = find_party(tenant, name) or Party(id=new_id("pa"), name=name)
    store_party(tenant, party, keep=True)
    return party


def _address(email: str) -> str:
    try:
        return check_address("email", email.strip())
    except UnsafeHeader as error:
        raise BadInput({"email": "Give the owner's address as name@example.org."}) from error
