"""The owner's door: where the publisher cannot grant, the named owner is asked, and the answer is evidence.

What an owner says is kept word for word, with when and from which address, and becomes a link in the chain of
title: inbound Terms that the letter then cites. Silence is never a refusal and never a grant.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from ledger.desk import links
from ledger.desk.context import Desk, Who
from ledger.desk.deciding import open_request
from ledger.desk.granting import Decided, scope_of, use_as_decided
from ledger.desk.moving import move
from ledger.desk.posting import post, tell, titles_of
from ledger.desk.publishers import own_publisher, party_of
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.desk.use_words import use_sentences
from ledger.ids import new_id
from ledger.mail import UnsafeHeader, check_address
from ledger.records import journal_store
from ledger.records.filing import store_claim, store_terms
from ledger.records.offers import add_enquiry, load_enquiry, update_enquiry
from ledger.records.parties import find_party, load_party, store_party
from ledger.records.pieces import load_claims
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import EnquiryRow, ItemRow, RequestRow, TokenRow
from ledger.records.requests import add_token, load_items, load_request
from ledger.records.tenant import Tenant
from ledger.rights.parties import Contact, ContactRole, Party
from ledger.rights.pieces import Claim, ClaimRole, Evidence
from ledger.rights.requests import HolderReply, RequestEvent, RequestState
from ledger.rights.scope import Period
from ledger.rights.terms import Effect, Origin, Rule, Target, TargetKind, Terms, TermsKind
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import from_plain, to_plain

LINK_FOR = timedelta(days=60)
STATE_OF = {
    HolderReply.GRANT: "granted",
    HolderReply.DECLINE: "declined",
    HolderReply.QUOTE: "quoted",
    HolderReply.NOT_MINE: "not_mine",
}


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
    now = desk.clock()
    publisher = own_publisher(desk, who.publisher_id)
    enquiry_id = new_id("en")
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id, version)
        tenant, row = opened.tenant, opened.row
        for item_id in item_ids:
            if opened.item(item_id).decision is not None:
                raise Clash("One of these items has been decided already.", "items")
        party = _owner(tenant, name, address)
        if row.state == RequestState.SUBMITTED:
            row = move(tenant, row, RequestEvent.TAKE_UP, now, actor="staff", person_id=who.person_id)
        add_enquiry(
            tenant,
            EnquiryRow(
                id=enquiry_id,
                request_id=request_id,
                item_ids=list(item_ids),
                owner=to_plain(party),
                email=address,
                state="sent",
                sent_at=now,
            ),
        )
        token = links.token_for(desk, "owner", enquiry_id)
        until = now + LINK_FOR
        add_token(
            tenant,
            TokenRow(links.hash_of(token), request_id, "owner", now, enquiry_id=enquiry_id, expires_at=until),
        )
        document = {"enquiry": enquiry_id, "owner": party.name}
        if row.state != RequestState.AWAITING_HOLDER:
            row = move(
                tenant,
                row,
                RequestEvent.REFER_TO_HOLDER,
                now,
                actor="staff",
                person_id=who.person_id,
                document=document,
            )
        for item_id in item_ids:
            payload = {"item": item_id, "enquiry": enquiry_id, "owner": party.name, "by": who.person_id}
            journal_store.append(
                connection,
                who.publisher_id,
                "item.referred",
                payload,
                {"email": address},
                now,
                subject=enquiry_id,
            )
        _write_to_owner(
            desk, tenant, publisher, row, load_enquiry_or_fail(tenant, enquiry_id), "owner_enquiry"
        )
        asked: dict[str, Any] = {"owner": party.name, "asked": True, "owner_contact": None}
        tell(desk, tenant, publisher, row, "referred", key=f"referred:{enquiry_id}", **asked)
    return enquiry_id


@dataclass(frozen=True)
class OwnersView:
    """What the owner's door shows: the use in plain sentences, who asks, through whom."""

    enquiry: EnquiryRow
    publisher: PublisherRow
    requester: str
    titles: list[str]
    uses: list[str]


def owners_view(desk: Desk, token: str) -> OwnersView:
    """The enquiry behind an owner's link. Raises ``NotFound``. Looking decides nothing."""
    opened = links.opened_by(desk, token, "owner")
    with desk.database.reading() as connection:
        tenant = Tenant(connection, opened.publisher_id)
        enquiry = load_enquiry_or_fail(tenant, opened.enquiry_id or "")
        row = load_request(tenant, opened.request_id)
        if row is None:
            raise NotFound("There is no such request.")
        items = _items(tenant, enquiry)
        return OwnersView(
            enquiry=enquiry,
            publisher=own_publisher(desk, opened.publisher_id),
            requester=row.document["requester"]["licensee"],
            titles=list(titles_of(tenant, items).values()),
            uses=use_sentences(from_plain(ProposedUse, items[0].use)) if items else [],
        )


def answer_enquiry(desk: Desk, token: str, reply: str, details: Mapping[str, Any]) -> None:
    """The owner answers: grant (``words``, ``name``), decline, quote (``words``) or not_mine (``owner``, ``contact``).

    The answer is kept as evidence before it counts. Raises ``BadInput``, ``NotFound``, ``Clash`` if answered before.
    """
    opened = links.opened_by(desk, token, "owner")
    checked = _checked(reply, details)
    now = desk.clock()
    publisher = own_publisher(desk, opened.publisher_id)
    with desk.database.reading() as connection:
        enquiry = load_enquiry_or_fail(Tenant(connection, opened.publisher_id), opened.enquiry_id or "")
    if enquiry.state != "sent":
        raise Clash("This enquiry has been answered already; write to the publisher to change your answer.")
    statement = {
        "enquiry": enquiry.id,
        "owner": enquiry.owner["name"],
        "reply": reply,
        "at": now.isoformat(),
        "from": enquiry.email,
        **checked,
    }
    evidence = json.dumps(statement, sort_keys=True, ensure_ascii=False, indent=1).encode()
    sha256 = desk.evidence.put(evidence)
    with desk.database.writing() as connection:
        tenant = Tenant(connection, opened.publisher_id)
        row = load_request(tenant, opened.request_id)
        if row is None:
            raise NotFound("There is no such request.")
        update_enquiry(
            tenant,
            enquiry.id,
            state=STATE_OF[HolderReply(reply)],
            answer={**checked, "evidence_sha256": sha256},
            answered_at=now,
            answered_from=enquiry.email,
        )
        if reply == HolderReply.GRANT:
            for item in _items(tenant, enquiry):
                _record_grant(desk, tenant, publisher, row, item, enquiry, checked, sha256)
        for item_id in enquiry.item_ids:
            payload = {"item": item_id, "enquiry": enquiry.id, "reply": reply, "evidence_sha256": sha256}
            journal_store.append(connection, tenant.publisher_id, "owner.answered", payload, {}, now)
        document = {"enquiry": enquiry.id, "reply": reply}
        if row.state == RequestState.AWAITING_HOLDER:
            move(tenant, row, RequestEvent.HOLDER_ANSWERED, now, actor="holder", document=document)


def _record_grant(
    desk: Desk,
    tenant: Tenant,
    publisher: PublisherRow,
    row: RequestRow,
    item: ItemRow,
    enquiry: EnquiryRow,
    answer: Mapping[str, Any],
    sha256: str,
) -> None:
    """The owner's leave as Terms inbound to the publisher, for this use and no other, to be passed on to this asker."""
    owner = from_plain(Party, enquiry.owner)
    ours = party_of(publisher)
    use = use_as_decided(row, Decided(use={}))
    words = answer["words"]
    terms = Terms(
        id=new_id("tm"),
        kind=TermsKind.INBOUND,
        assigner=owner,
        assignee=ours,
        target=Target(kind=TargetKind.COMPONENTS, component_ids=(item.component_id,)),
        clause=words,
        rules=tuple(
            Rule(
                effect=Effect.PERMIT,
                action=action,
                scope=replace(scope_of(use), exclusive=False),
                sublicence=True,
            )
            for action in use.actions
        ),
        validity=Period(start=desk.today(), end=None),
        origin=Origin.CORRESPONDENCE,
        name=f"Answer of {owner.name} to enquiry {enquiry.id[-8:]}",
    )
    now = desk.clock()
    store_terms(tenant, terms, now, piece_ids=(item.piece_id,))
    evidence = Evidence(text=words, kind="statement", document_sha256=sha256, recorded_on=desk.today())
    _record_claims(desk, tenant, item, owner, ours, terms, evidence)
    payload = {"terms": terms.id, "piece": item.piece_id, "clause_sha256": terms.clause_sha256}
    journal_store.append(tenant.connection, tenant.publisher_id, "terms.recorded", payload, {}, now)


def _record_claims(
    desk: Desk, tenant: Tenant, item: ItemRow, owner: Party, ours: Party, terms: Terms, evidence: Evidence
) -> None:
    """Us as the owner's licensee; and the owner as holder, by their own word, where no page had said so."""
    now = desk.clock()
    licensee = Claim(
        id=new_id("cl"),
        party=ours,
        role=ClaimRole.LICENSEE,
        component_id=item.component_id,
        evidence=evidence,
        terms_id=terms.id,
    )
    store_claim(tenant, item.piece_id, licensee, now)
    known = load_claims(tenant, item.piece_id)
    if not any(claim.party.id == owner.id and claim.role is ClaimRole.HOLDER for claim in known):
        holder = replace(licensee, id=new_id("cl"), party=owner, role=ClaimRole.HOLDER, terms_id=None)
        store_claim(tenant, item.piece_id, holder, now)


def load_enquiry_or_fail(tenant: Tenant, enquiry_id: str) -> EnquiryRow:
    """One enquiry. Raises ``NotFound``."""
    found = load_enquiry(tenant, enquiry_id)
    if found is None:
        raise NotFound("There is no such enquiry.")
    return found


def _write_to_owner(
    desk: Desk, tenant: Tenant, publisher: PublisherRow, row: RequestRow, enquiry: EnquiryRow, template: str
) -> None:
    items = _items(tenant, enquiry)
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
        uses=use_sentences(from_plain(ProposedUse, items[0].use)),
        url=links.owner_url(desk, enquiry.id),
        valid_until=(enquiry.sent_at + LINK_FOR).date(),
        asked_on=enquiry.sent_at.date(),
    )


def _items(tenant: Tenant, enquiry: EnquiryRow) -> list[ItemRow]:
    wanted = set(enquiry.item_ids)
    return [item for item in load_items(tenant, enquiry.request_id) if item.id in wanted]


def _owner(tenant: Tenant, name: str, email: str) -> Party:
    """The owner as a party that can be reached at this address from now on."""
    party = find_party(tenant, name) or Party(id=new_id("pa"), name=name)
    known = load_party(tenant, party.id)
    contact = Contact(email=email, roles=(ContactRole.RIGHTS,))
    if known is None or contact.email not in {each.email for each in known.contacts}:
        party = replace(party, contacts=(contact, *party.contacts))
        store_party(tenant, party)
    return party


def _checked(reply: str, details: Mapping[str, Any]) -> dict[str, Any]:
    if reply not in set(HolderReply):
        raise BadInput(
            {"reply": "Choose one: grant, decline, name a price, or say that the rights are not yours."}
        )
    errors: dict[str, str] = {}
    name = str(details.get("name") or "").strip()
    words = str(details.get("words") or "").strip()
    if not name:
        errors["name"] = "Give your name: your answer is recorded as yours."
    if reply in (HolderReply.GRANT, HolderReply.QUOTE) and not words:
        errors["words"] = "Say in your own words what you allow and on what terms; they are quoted exactly."
    if len(words) > 10_000:
        errors["words"] = "This is longer than 10,000 characters; shorten it."
    if errors:
        raise BadInput(errors)
    kept = {"name": name, "words": words}
    if reply == HolderReply.NOT_MINE:
        kept |= {
            "ask": str(details.get("ask") or "").strip(),
            "ask_contact": str(details.get("contact") or "").strip(),
        }
    return kept


def _address(email: str) -> str:
    try:
        return check_address("email", email.strip())
    except UnsafeHeader as error:
        raise BadInput({"email": "Give the owner's address as name@example.org."}) from error
