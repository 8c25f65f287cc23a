"""The owner's door: what an owner answers to an enquiry, kept word for word as evidence.

A grant becomes a link in the chain of title: Terms inbound to the publisher, for this use and no other, from the
verified address, in the owner's own words. The letter then cites it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from ledger.desk import links
from ledger.desk.context import Desk
from ledger.desk.house.publishers import own_publisher, party_of
from ledger.desk.posting import tell, titles_of
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.register.piece_record import committed
from ledger.desk.requests.granting import Decided, licensee, use_as_decided
from ledger.desk.requests.moving import move, note
from ledger.desk.requests.opened import open_behind
from ledger.desk.requests.owners_limits import Limits, duties_of, kept_limits, narrowed, read_limits
from ledger.desk.requests.referring import items_of, load_enquiry_or_fail
from ledger.desk.requests.request_form import one_line
from ledger.ids import new_id
from ledger.journal.entry import document_sha256
from ledger.mail import UnsafeHeader, check_address
from ledger.records import journal_store
from ledger.records.filing import store_claim, store_terms
from ledger.records.offers import update_enquiry
from ledger.records.pieces import load_claims
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import EnquiryRow, ItemRow, RequestRow, TokenRow
from ledger.records.tenant import Tenant
from ledger.rights.parties import Party
from ledger.rights.pieces import Claim, ClaimRole, Evidence
from ledger.rights.requests import HolderReply, RequestEvent, RequestState
from ledger.rights.scope import Scope
from ledger.rights.terms import Effect, Origin, Rule, Target, TargetKind, Terms, TermsKind
from ledger.rights.use_scope import scope_of
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import from_plain, to_plain
from ledger.said import said

STATE_OF = {
    HolderReply.GRANT: "granted",
    HolderReply.DECLINE: "declined",
    HolderReply.QUOTE: "quoted",
    HolderReply.NOT_MINE: "not_mine",
}
WAITING = ("sent", "silent", "unreachable")
"""States of an enquiry in which its owner is heard: silence that was noted shuts no door, nor does a mail that
came back and reached them all the same."""
LONGEST = {"name": 200, "words": 10_000, "ask": 200, "contact": 254}
"""The most characters an owner may write into each field."""


@dataclass(frozen=True)
class OwnersView:
    """What the owner's door shows: the use, who asks, through whom."""

    enquiry: EnquiryRow
    publisher: PublisherRow
    requester: str
    titles: list[str]
    use: ProposedUse | None
    closed: bool
    """The request was decided, withdrawn or given up before the owner answered."""

    @property
    def prints(self) -> bool:
        """Copies are made, so that the owner may cap them."""
        return bool(self.use and self.use.formats)


def owners_view(desk: Desk, token: str) -> OwnersView:
    """The enquiry behind an owner's link. Raises ``NotFound``. Looking decides nothing."""
    link = links.opened_by(desk, token, "owner")
    publisher = own_publisher(desk, link.publisher_id)
    with desk.database.reading() as connection:
        tenant, row, enquiry = _enquiry_behind(connection, link)
        items = items_of(tenant, enquiry)
        return OwnersView(
            enquiry=enquiry,
            publisher=publisher,
            requester=row.document["requester"]["licensee"],
            titles=list(titles_of(tenant, items).values()),
            use=from_plain(ProposedUse, items[0].use) if items else None,
            closed=row.closed_at is not None and enquiry.state in WAITING,
        )


def answer_enquiry(desk: Desk, token: str, reply: str, details: Mapping[str, Any]) -> None:
    """The owner answers: grant (``words``, ``name``), decline, quote (``words``) or not_mine (``ask``, ``contact``).

    A grant may be narrower than what was asked: until ``end``, only in ``territory``, at most ``copies``, with this
    ``credit_line``. The answer is kept as evidence before it counts, and the requester is told. An owner whose
    silence was noted is still heard. Raises ``BadInput``, ``NotFound``, and ``Clash`` if answered before or if the
    request is closed.
    """
    link, now = links.opened_by(desk, token, "owner"), desk.clock()
    publisher = own_publisher(desk, link.publisher_id)
    with desk.database.reading() as connection:
        _, row, enquiry = _waiting_enquiry(connection, link)
    scope = replace(scope_of(use_as_decided(row, Decided(use={}))), exclusive=False)
    checked, limits = _checked(reply, details, scope, desk.today())
    sha256 = desk.evidence.put(_statement(enquiry, reply, checked, now))
    with desk.database.writing() as connection:
        tenant, row, enquiry = _waiting_enquiry(connection, link)  # somebody may have been quicker
        update_enquiry(
            tenant,
            enquiry.id,
            WAITING,
            state=STATE_OF[HolderReply(reply)],
            answer={**checked, "evidence_sha256": sha256},
            answered_at=now,
            answered_from=enquiry.email,
        )
        if reply == HolderReply.GRANT:
            for item in items_of(tenant, enquiry):
                terms = _terms_of(desk, publisher, row, item, enquiry, checked["words"], scope, limits)
                _record_grant(desk, tenant, item, terms, sha256)
        for item_id in enquiry.item_ids:
            payload = {"item": item_id, "enquiry": enquiry.id, "reply": reply, "evidence_sha256": sha256}
            journal_store.append(connection, tenant.publisher_id, "owner.answered", payload, {}, now)
        _give_back_to_staff(tenant, row, {"enquiry": enquiry.id, "reply": reply}, now)
        news = {"owner": enquiry.owner["name"], "reply": reply, "body": checked["words"]}
        tell(desk, tenant, publisher, row, "owner_answered", key=f"answered:{enquiry.id}", **news)


def _enquiry_behind(connection: Connection, link: TokenRow) -> tuple[Tenant, RequestRow, EnquiryRow]:
    """What an owner's link leads to: the enquiry, and the request that it is about. Raises ``NotFound``."""
    opened = open_behind(connection, link)
    return opened.tenant, opened.row, load_enquiry_or_fail(opened.tenant, link.enquiry_id or "")


def _waiting_enquiry(connection: Connection, link: TokenRow) -> tuple[Tenant, RequestRow, EnquiryRow]:
    """The same, if it waits for its answer. Raises ``NotFound``, ``Clash``."""
    tenant, row, enquiry = _enquiry_behind(connection, link)
    if enquiry.state not in WAITING:
        raise Clash("This enquiry has been answered already; write to the publisher to change your answer.")
    if row.closed_at is not None:
        raise Clash("This request has been closed in the meantime; there is nothing left to answer.")
    return tenant, row, enquiry


def _statement(enquiry: EnquiryRow, reply: str, checked: Mapping[str, Any], now: datetime) -> bytes:
    """The answer as it is kept: who, when, from which address, in which words."""
    statement = {
        "enquiry": enquiry.id,
        "owner": enquiry.owner["name"],
        "reply": reply,
        "at": now.isoformat(),
        "from": enquiry.email,
        **checked,
    }
    return json.dumps(statement, sort_keys=True, ensure_ascii=False, indent=1).encode()


def _give_back_to_staff(tenant: Tenant, row: RequestRow, document: dict[str, Any], now: datetime) -> None:
    """It is the desk's turn again; where it was already, the answer is still a line of the history."""
    event = RequestEvent.HOLDER_ANSWERED
    if row.state == RequestState.AWAITING_HOLDER:
        move(tenant, row, event, now, actor="holder", document=document)
    else:
        note(tenant, row.id, event.value, "holder", now, document=document)


def _terms_of(
    desk: Desk,
    publisher: PublisherRow,
    row: RequestRow,
    item: ItemRow,
    enquiry: EnquiryRow,
    words: str,
    scope: Scope,
    limits: Limits,
) -> Terms:
    """The owner's leave as Terms inbound to the publisher: for this use within the owner's limits and no other, to
    be passed on to this asker."""
    owner = from_plain(Party, enquiry.owner)
    use = use_as_decided(row, Decided(use={}))
    return Terms(
        id=new_id("tm"),
        kind=TermsKind.INBOUND,
        assigner=owner,
        assignee=party_of(publisher),
        target=Target(kind=TargetKind.COMPONENTS, component_ids=(item.component_id,)),
        clause=words,
        rules=tuple(
            Rule(
                effect=Effect.PERMIT,
                action=action,
                scope=narrowed(scope, limits),
                conditions=duties_of(limits),
                sublicence=True,
                sublicensee=licensee(row).id,
            )
            for action in use.actions
        ),
        origin=Origin.CORRESPONDENCE,
        name=f"Answer of {owner.name} to enquiry {enquiry.id[-8:]}",
    )


def _record_grant(desk: Desk, tenant: Tenant, item: ItemRow, terms: Terms, sha256: str) -> None:
    """Write the Terms with the claims that rest on them, and journal them."""
    now = desk.clock()
    store_terms(tenant, terms, now, piece_ids=(item.piece_id,))
    evidence = Evidence(text=terms.clause, kind="statement", document_sha256=sha256, recorded_on=desk.today())
    claims = _record_claims(desk, tenant, item, terms, evidence)
    payload = {
        "terms": terms.id,
        "piece": item.piece_id,
        "clause_sha256": terms.clause_sha256,
        "document_sha256": document_sha256(to_plain(terms)),
        "claims": [claim.id for claim in claims],
    }
    personal = committed(claims) | tenant.written()
    journal_store.append(tenant.connection, tenant.publisher_id, "terms.recorded", payload, personal, now)


def _record_claims(
    desk: Desk, tenant: Tenant, item: ItemRow, terms: Terms, evidence: Evidence
) -> list[Claim]:
    """Us as the owner's licensee; and the owner as holder, by their own word, where no page had said so."""
    now = desk.clock()
    ours_claim = Claim(
        id=new_id("cl"),
        party=terms.assignee or terms.assigner,
        role=ClaimRole.LICENSEE,
        component_id=item.component_id,
        evidence=evidence,
        terms_id=terms.id,
    )
    store_claim(tenant, item.piece_id, ours_claim, now)
    known = load_claims(tenant, item.piece_id)
    owner = terms.assigner
    if not any(claim.party.id == owner.id and claim.role is ClaimRole.HOLDER for claim in known):
        holder = replace(ours_claim, id=new_id("cl"), party=owner, role=ClaimRole.HOLDER, terms_id=None)
        store_claim(tenant, item.piece_id, holder, now)
        return [ours_claim, holder]
    return [ours_claim]


def _checked(
    reply: str, details: Mapping[str, Any], scope: Scope, today: date
) -> tuple[dict[str, Any], Limits]:
    """The answer as it is kept, and its limits. Raises ``BadInput`` with every wrong field at once."""
    errors: dict[str, str] = {}
    if reply not in set(HolderReply):
        errors["reply"] = said(
            "Choose one: grant, decline, name a price, or say that the rights are not yours."
        )
    told = _said(details, errors)
    if reply in (HolderReply.GRANT, HolderReply.QUOTE) and not told["words"]:
        errors["words"] = said(
            "Say in your own words what you allow and on what terms; they are quoted exactly."
        )
    limits = read_limits(details, scope, today, errors) if reply == HolderReply.GRANT else Limits()
    if not told["name"]:
        errors["name"] = said("Give your name: your answer is recorded as yours.")
    if errors:
        raise BadInput(errors)
    kept: dict[str, Any] = {"name": told["name"], "words": told["words"]}
    if found := kept_limits(limits):
        kept["limits"] = found
    if reply == HolderReply.NOT_MINE:
        kept |= {"ask": told["ask"], "ask_contact": told["contact"]}
    return kept, limits


def _said(details: Mapping[str, Any], errors: dict[str, str]) -> dict[str, str]:
    """What the owner wrote, without the white space around it; what cannot be shown or mailed is an error."""
    told = {name: str(details.get(name) or "").strip() for name in LONGEST}
    for name, most in LONGEST.items():
        if len(told[name]) > most:
            errors[name] = said("This is longer than %(most)s characters; shorten it.", most=most)
    for name in ("name", "ask"):
        try:
            one_line(told[name])
        except ValueError as error:
            errors[name] = error.args[0]
    try:
        told["contact"] = check_address("contact", told["contact"]) if told["contact"] else ""
    except UnsafeHeader:
        errors.setdefault("contact", said("Give their address as name@example.org, or leave it out."))
    return told
