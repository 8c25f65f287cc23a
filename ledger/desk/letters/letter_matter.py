"""What a letter is about, gathered from a decided request: its kind, its piece, its grant, the other items.

Everything a letter says is fixed here, in the transaction that gives it its number, so that the file can be
made later, or made again, and is the same to the byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ledger.desk.refusals import Clash
from ledger.desk.requests.granting import licensee
from ledger.letters.compose import Change, EarlierLetter, OtherItem, Replaced
from ledger.letters.model import LetterKind
from ledger.records.offers import load_enquiries
from ledger.records.pieces import load_piece
from ledger.records.request_rows import ItemRow, RequestRow
from ledger.records.tenant import Tenant
from ledger.rights.answers import Answer
from ledger.rights.authority import Authority
from ledger.rights.grants import Grant
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import Piece
from ledger.rights.requests import ItemDecision
from ledger.rights.tariff import Money, Quote
from ledger.rights.uses import ProposedUse
from ledger.rights.wire import from_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The whole content of a letter before it is put into words. Written to the letter's row as plain data."""

    kind: LetterKind
    piece: Piece
    use: ProposedUse
    addressee: Party
    decision: str
    reason: str = ""
    grant: Grant | None = None
    authorities: tuple[tuple[str, Authority], ...] = ()
    quote: Quote | None = None
    answer: Answer | None = None
    owner: Party | None = None
    owner_contact: Contact | None = None
    others: tuple[OtherItem, ...] = ()
    credit_line: str = ""
    earlier: EarlierLetter | None = None  # the letter that is amended or revoked
    changes: tuple[Change, ...] = ()
    effective: date | None = None
    replaced: Replaced | None = None  # the letter whose errors this one corrects
    fee_paid: bool = False

    @property
    def fee_to_wait_for(self) -> Money | None:
        """The fee once which is paid the letter says that it takes effect; none where it does so on its date."""
        fee = self.grant.fee if self.grant else None
        return fee if fee is not None and fee.minor > 0 and not self.fee_paid else None


def matters_of(
    tenant: Tenant, row: RequestRow, items: Sequence[ItemRow], quote: Quote | None
) -> list[Matter]:
    """The letters a decided request calls for: a grant for each granted piece, which names the other items too.

    Where nothing is granted, one letter for each piece and kind of decision. Raises ``Clash`` while items are open.
    """
    if any(item.decision is None for item in items):
        raise Clash("Decide every item first; a letter states them all.")
    pieces = {item.piece_id: piece_as_cited(tenant, row, item.piece_id) for item in items}
    granted = [item for item in items if item.decision == ItemDecision.GRANTED]
    if granted:
        ids = list(dict.fromkeys(item.piece_id for item in granted))
        return [_grant(row, pieces, items, piece_id, quote if len(ids) == 1 else None) for piece_id in ids]
    groups = dict.fromkeys((item.piece_id, item.decision) for item in items)
    return [
        _answered(
            row, pieces[piece_id], [i for i in items if (i.piece_id, i.decision) == (piece_id, decision)]
        )
        for piece_id, decision in groups
    ]


def _grant(
    row: RequestRow, pieces: dict[str, Piece], items: Sequence[ItemRow], piece_id: str, quote: Quote | None
) -> Matter:
    mine = [i for i in items if i.piece_id == piece_id and i.decision == ItemDecision.GRANTED]
    grants = [from_plain(Grant, _document(item)["grant"]) for item in mine]
    whole = replace(
        grants[0],
        component_ids=tuple(dict.fromkeys(part for grant in grants for part in grant.component_ids)),
        conditions=tuple(dict.fromkeys(duty for grant in grants for duty in grant.conditions)),
        credit_line="; ".join(dict.fromkeys(g.credit_line for g in grants if g.credit_line)) or None,
        fee=_sum([grant.fee for grant in grants if grant.fee]),
    )
    authorities = tuple(
        (item.component_id, from_plain(Authority, _document(item)["authority"])) for item in mine
    )
    decided = [_document(item) for item in mine]
    reckoned = [from_plain(Quote, each["price"]) for each in decided if "price" in each]
    if quote is not None and not any(each.get("price_seen") for each in decided):
        reckoned.append(quote)
    # A fee that staff settled otherwise than it was reckoned for this grant is stated without lines.
    quote = next((each for each in reckoned if each.total == whole.fee), None)
    return Matter(
        kind=LetterKind.GRANT,
        piece=pieces[piece_id],
        use=from_plain(ProposedUse, _document(mine[0])["use"]),
        addressee=licensee(row),
        decision=mine[0].id,
        grant=whole,
        authorities=authorities,
        quote=quote,
        others=tuple(_other(pieces, item) for item in items if item not in mine),
    )


def _answered(row: RequestRow, piece: Piece, items: Sequence[ItemRow]) -> Matter:
    first = items[0]
    document = _document(first)
    common: dict[str, Any] = {
        "piece": piece,
        "use": from_plain(ProposedUse, first.use),
        "addressee": licensee(row),
        "decision": first.id,
        "answer": from_plain(Answer, first.answer),
    }
    if first.decision == ItemDecision.DECLINED:
        return Matter(kind=LetterKind.DECLINE, reason=document["reason"], **common)
    if first.decision == ItemDecision.REFERRED:
        owner, contact = _owner(piece, document)
        return Matter(kind=LetterKind.REFERRAL, owner=owner, owner_contact=contact, **common)
    return Matter(kind=LetterKind.NO_PERMISSION_NEEDED, credit_line=document.get("credit_line", ""), **common)


def _owner(piece: Piece, document: dict[str, Any]) -> tuple[Party, Contact | None]:
    """The owner staff named: the party of the chain of title if it is one, with the address staff gave."""
    named = document["owner"]
    known = next((claim.party for claim in piece.claims if claim.party.name == named), None)
    owner = known or Party(id=f"pa_{piece.id[3:]}", name=named)
    address = document.get("contact")
    if not address:
        return owner, owner.permissions_contact()
    given = Contact(email=address) if "@" in address else Contact(url=address)
    return owner, given


def _other(pieces: dict[str, Piece], item: ItemRow) -> OtherItem:
    document = item.document or {}
    piece = pieces[item.piece_id]
    component = piece.component(item.component_id)
    address = document.get("contact") or ""
    return OtherItem(
        label=piece.title,
        part=component.label or "",
        kind=None if component.label else component.kind,
        decision=ItemDecision(item.decision or ""),
        ref=item.id,
        owner=document.get("owner", ""),
        reason=document.get("reason", ""),
        contact=Contact(email=address) if "@" in address else None,
    )


def piece_as_cited(tenant: Tenant, row: RequestRow, piece_id: str) -> Piece:
    """The piece as it stands in the register, with the addresses that owners answered this request from."""
    return _with_senders(_piece(tenant, piece_id), _senders(tenant, row))


def _piece(tenant: Tenant, piece_id: str) -> Piece:
    loaded = load_piece(tenant.connection, piece_id, tenant.publisher_id)
    if loaded is None:
        raise Clash("A piece of this request is no longer in the register.")
    return loaded.piece


def _senders(tenant: Tenant, row: RequestRow) -> dict[str, str]:
    """The addresses that owners answered this request from, by the SHA-256 of the answer."""
    return {
        each.answer["evidence_sha256"]: each.answered_from
        for each in load_enquiries(tenant, row.id)
        if each.answer and each.answered_from
    }


def _with_senders(piece: Piece, senders: dict[str, str]) -> Piece:
    """The piece as a letter cites it: an owner's answer with the address it came from.

    Only the letter names the address: the register's own record of the claim is shown to everybody.
    """
    claims = []
    for claim in piece.claims:
        evidence = claim.evidence
        sender = senders.get(evidence.document_sha256 or "") if evidence else None
        if evidence is not None and sender:
            claim = replace(claim, evidence=replace(evidence, url=f"mailto:{sender}"))
        claims.append(claim)
    return replace(piece, claims=tuple(claims))


def _document(item: ItemRow) -> dict[str, Any]:
    return item.document or {}


def _sum(fees: Sequence[Money]) -> Money | None:
    if not fees:
        return None
    if len({fee.currency for fee in fees}) > 1:
        raise Clash("The fees of this request are in different currencies; settle on one.")
    return Money(minor=sum(fee.minor for fee in fees), currency=fees[0].currency)
