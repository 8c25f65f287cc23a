"""A request as those who decide see it: what is wanted, by whom, and for each item what the record says.

Reading only. Nothing here is shown to anybody outside the publisher's staff.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.desk.answers.use_words import use_sentences
from ledger.desk.context import Desk, Who
from ledger.desk.house import people
from ledger.desk.house.people import Member
from ledger.desk.house.publishers import own_publisher, party_of
from ledger.desk.letters.amending import earlier_letter
from ledger.desk.posting import reference
from ledger.desk.refusals import Clash, NotFound
from ledger.desk.requests.deciding import may_be_changed
from ledger.desk.requests.granting import USUAL, Decided, licensee, use_as_decided
from ledger.desk.requests.invoicing import Account, account_of, waits_for_payment
from ledger.desk.requests.opened import open_request
from ledger.desk.requests.quoting import price_of
from ledger.desk.requests.suggesting import (
    collisions,
    credit_line,
    limits_of,
    open_facts,
    owner_named,
    usual_conditions,
)
from ledger.records.granted import grants_about
from ledger.records.letters import letters_of_request
from ledger.records.offers import load_enquiries, load_quotes
from ledger.records.pieces import load_piece
from ledger.records.request_rows import (
    AttachmentRow,
    EnquiryRow,
    EventRow,
    ItemRow,
    LetterRow,
    QuoteRow,
    RequestRow,
)
from ledger.records.requests import (
    load_attachments,
    load_events,
    load_items,
    requests_about,
    requests_of,
)
from ledger.records.tenant import Tenant
from ledger.rights.answers import Answer, Outcome
from ledger.rights.authority import Authority, may_grant
from ledger.rights.evaluation import evaluate
from ledger.rights.grants import Grant
from ledger.rights.parties import Party
from ledger.rights.pieces import Claim, Component, Piece
from ledger.rights.tariff import Quote
from ledger.rights.terms import Condition
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import from_plain

FREE = frozenset({Outcome.PERMITTED, Outcome.NO_PERMISSION_NEEDED})


@dataclass(frozen=True)
class Part:
    """One item to decide. ``asked``: the answer of the day of asking; ``now``: today's. ``alike``: the other
    undecided items that stand as this one does and may be decided with it. ``limits``: within what its owner, who was
    asked, allows it."""

    row: ItemRow
    piece: Piece
    component: Component
    label: str
    claims: list[Claim]
    asked: Answer
    now: Answer
    authority: Authority
    standing: list[tuple[Grant, bool]]
    owner: str
    owner_contact: str
    conditions: tuple[Condition, ...]
    credit_line: str
    limits: Mapping[str, Any]
    alike: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the engine says something else today than on the day of asking."""
        return self.asked.outcome is not self.now.outcome

    @property
    def free(self) -> bool:
        """Whether a clause permitted the use already on the day of asking."""
        return self.asked.outcome in FREE


@dataclass(frozen=True)
class Earlier:
    """Another request of the same asker, or about the same piece."""

    id: str
    reference: str
    state: str
    who_asks: str
    when: Any
    same_asker: bool
    same_piece: bool


@dataclass(frozen=True)
class Dossier:
    """Everything a decision needs. ``price`` is the tariff's quote, ``no_price`` says why there is none.

    ``extends`` is the letter that a top-up asks to extend.
    """

    request: RequestRow
    reference: str
    licensee: Party
    use: ProposedUse
    uses: list[str]
    parts: list[Part]
    open_facts: tuple[str, ...]
    events: list[EventRow]
    quotes: list[QuoteRow]
    enquiries: list[EnquiryRow]
    letters: list[LetterRow]
    files: list[AttachmentRow]
    earlier: list[Earlier]
    staff: list[Member]
    price: Quote | None
    no_price: str
    extends: LetterRow | None
    account: Account | None = None
    payment_first: bool = False  # whether a price offered now would be paid before the letter

    @property
    def may_change(self) -> bool:
        """Whether what was decided may be decided again: until a letter states it."""
        return may_be_changed(self.request, self.letters)

    def name_of(self, person_id: str | None) -> str:
        """A colleague's name."""
        return next((each.name for each in self.staff if each.person_id == person_id), "")


def dossier(desk: Desk, who: Who, request_id: str) -> Dossier:
    """A request of one's own publisher with all that is known about it. Raises ``NotFound``."""
    publisher = own_publisher(desk, who.publisher_id)
    grantor = party_of(publisher)
    # Before the look below: whoever holds one connection must not wait for another.
    staff = people.staff(desk, who)
    with desk.database.reading() as connection:
        opened = open_request(connection, who, request_id)
        tenant, row = opened.tenant, opened.row
        items = load_items(tenant, row.id)
        use = use_as_decided(row, Decided(use={}))
        enquiries = load_enquiries(tenant, row.id)
        parts = [_part(desk, tenant, grantor, item, use, enquiries) for item in items]
        price, no_price = _price(tenant, row, use)
        return Dossier(
            request=row,
            reference=reference(row.id),
            licensee=licensee(row),
            use=use,
            uses=use_sentences(use),
            parts=_with_alike(parts),
            open_facts=open_facts(use),
            events=load_events(tenant, row.id),
            quotes=load_quotes(tenant, row.id),
            enquiries=enquiries,
            letters=letters_of_request(tenant, row.id),
            files=load_attachments(tenant, row.id),
            earlier=_earlier(tenant, row, items),
            staff=staff,
            price=price,
            no_price=no_price,
            extends=earlier_letter(tenant, row),
            account=account_of(tenant, row),
            payment_first=waits_for_payment(publisher, items),
        )


def file_of(desk: Desk, who: Who, request_id: str, file_id: str) -> tuple[AttachmentRow, bytes]:
    """A file the requester sent along. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        opened = open_request(connection, who, request_id)
        found = next(
            (each for each in load_attachments(opened.tenant, request_id) if each.id == file_id), None
        )
    if found is None:
        raise NotFound("There is no such file with this request.", "file")
    return found, desk.evidence.get(found.sha256)


def _part(
    desk: Desk,
    tenant: Tenant,
    grantor: Party,
    item: ItemRow,
    use: ProposedUse,
    enquiries: Sequence[EnquiryRow],
) -> Part:
    loaded = load_piece(tenant.connection, item.piece_id, tenant.publisher_id)
    if loaded is None:
        raise Clash("A piece of this request is no longer in the register.")
    piece, today = loaded.piece, desk.today()
    component = piece.component(item.component_id)
    owner, contact = owner_named(piece, component, grantor, today)
    conditions = usual_conditions(piece, component, grantor, use.licensee or "", today) or USUAL
    return Part(
        row=item,
        piece=piece,
        component=component,
        label=component.label or component.kind.value.capitalize(),
        claims=[claim for claim in piece.claims if claim.component_id == component.id],
        asked=from_plain(Answer, item.answer),
        now=evaluate(piece, component, use, today),
        authority=may_grant(grantor, piece, component, use, today),
        standing=collisions(grants_about(tenant, piece.id, today, besides=item.request_id), item, use),
        owner=owner,
        owner_contact=contact,
        conditions=conditions,
        credit_line=credit_line(piece, conditions),
        limits=limits_of(enquiries, item.id),
    )


def _with_alike(parts: Sequence[Part]) -> list[Part]:
    """Items are alike that nobody has decided, with the same answer, the same authority and the same owner."""
    groups: dict[Any, list[str]] = {}
    for part in parts:
        if part.row.decision is None:
            groups.setdefault(_kind_of(part), []).append(part.row.id)
    return [
        replace(part, alike=tuple(each for each in groups.get(_kind_of(part), ()) if each != part.row.id))
        if part.row.decision is None
        else part
        for part in parts
    ]


def _kind_of(part: Part) -> tuple[Any, ...]:
    return part.now.outcome, part.authority.verdict, part.owner, part.conditions


def _earlier(tenant: Tenant, row: RequestRow, items: Sequence[ItemRow]) -> list[Earlier]:
    """Earlier dealings with the asker and requests about the same pieces, the newest ten."""
    by_asker = {each.id: each for each in (requests_of(tenant, row.email) if row.email else [])}
    by_piece = {each.id: each for each in requests_about(tenant, list({item.piece_id for item in items}))}
    known = {**by_piece, **by_asker}
    known.pop(row.id, None)
    newest = sorted((each for each in known.values() if each.submitted_at), key=lambda each: each.id)[::-1]
    return [
        Earlier(
            id=each.id,
            reference=reference(each.id),
            state=each.state,
            who_asks=each.organisation or each.name or "name erased",
            when=each.submitted_at,
            same_asker=each.id in by_asker,
            same_piece=each.id in by_piece,
        )
        for each in newest[:10]
    ]


def _price(tenant: Tenant, row: RequestRow, use: ProposedUse) -> tuple[Quote | None, str]:
    try:
        return price_of(tenant, row, use), ""
    except Clash as refusal:
        return None, refusal.message
