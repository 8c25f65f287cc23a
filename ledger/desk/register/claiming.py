"""The chain of title and the terms behind it: claims filed, terms recorded, terms that end.

When inbound terms end, the letters that rest on them are named, notices to their holders are drafted, and new
grants on that ground are refused from that day: the engine no longer finds the terms in force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher, party_of
from ledger.desk.posting import tell
from ledger.desk.refusals import BadInput, NotFound
from ledger.desk.register.piece_record import committed, public_record
from ledger.desk.texts import needed_text
from ledger.ids import new_id
from ledger.interchange.errors import Unreadable
from ledger.interchange.odrl_reading import from_odrl
from ledger.interchange.rsl_reading import from_rsl
from ledger.journal.entry import document_sha256
from ledger.records import journal_store
from ledger.records.filing import revoke_terms, set_public_record, store_claim, store_terms, withdraw_claim
from ledger.records.letters import letters_by_ground
from ledger.records.parties import find_party, load_party, store_party
from ledger.records.pieces import load_claims, load_one_terms, load_piece
from ledger.records.request_rows import LetterRow
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from ledger.rights.parties import Contact, ContactRole, Party, PartyKind
from ledger.rights.pieces import Claim, ClaimRole, Evidence, Piece
from ledger.rights.terms import Target, TargetKind, Terms
from ledger.rights.wire import BadPlain, from_plain, to_plain

WHAT_CHANGED = "Say what changed; those who hold letters will read it."


def file_claim(desk: Desk, who: Who, piece_id: str, given: Mapping[str, Any]) -> Claim:
    """Record a link in the chain of title: ``party`` (name), ``role``, ``component``, ``evidence`` (words).

    Optional: ``email``, ``kind``, ``valid_from``, ``valid_to``, ``document_sha256`` of a file that was kept, and for
    an agent ``principal``, the name of the holder it speaks for. A claim needs its evidence. Raises ``BadInput``.
    """
    who.must_be("officer", "editor")
    errors = {
        field: message
        for field, message in (
            ("party", "Name the party whose claim it is."),
            ("evidence", "Quote the words the claim rests on; without evidence the title stays unknown."),
        )
        if not str(given.get(field) or "").strip()
    }
    if errors:
        raise BadInput(errors)
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        loaded = load_piece(connection, piece_id, who.publisher_id)
        if loaded is None:
            raise NotFound("There is no such piece at this publisher.", "piece")
        component = given.get("component") or loaded.piece.components[0].id
        if component not in {part.id for part in loaded.piece.components}:
            raise BadInput({"component": "This is no component of the piece."})
        claim = _claim(desk, tenant, who, given, component)
        if claim.role is ClaimRole.AGENT:
            claim = replace(claim, principal=_principal(loaded.piece, component, given))
        store_claim(tenant, piece_id, claim, now)
        _publish(tenant, piece_id)
        payload = {"claim": claim.id, "piece": piece_id, "by": who.person_id}
        journal_store.append(connection, who.publisher_id, "claim.filed", payload, committed([claim]), now)
    return claim


def _claim(desk: Desk, tenant: Tenant, who: Who, given: Mapping[str, Any], component: str) -> Claim:
    plain = {
        "role": given.get("role") or "holder",
        "valid_from": given.get("valid_from") or None,
        "valid_to": given.get("valid_to") or None,
    }
    try:
        role = from_plain(ClaimRole, plain["role"])
    except BadPlain as error:
        raise BadInput({"role": error.message}) from error
    start, end = (_day(name, plain[name]) for name in ("valid_from", "valid_to"))
    if start and end and end < start:
        raise BadInput({"valid_to": "The last day falls before the first: change one of the two."})
    return Claim(
        id=new_id("cl"),
        party=_party(desk, tenant, who, given),
        role=role,
        component_id=component,
        valid_from=start,
        valid_to=end,
        evidence=Evidence(
            text=str(given["evidence"]).strip(),
            kind=str(given.get("evidence_kind") or "statement"),
            document_sha256=given.get("document_sha256"),
            recorded_on=desk.today(),
        ),
    )


def _party(desk: Desk, tenant: Tenant, who: Who, given: Mapping[str, Any]) -> Party:
    name = str(given["party"]).strip()
    ours = party_of(own_publisher(desk, who.publisher_id))
    if name.casefold() in {ours.name.casefold(), (ours.legal_name or "").casefold()}:
        return ours
    kind = PartyKind.PERSON if given.get("kind") == "person" else PartyKind.ORGANISATION
    party = find_party(tenant, name) or Party(id=new_id("pa"), name=name, kind=kind)
    email = str(given.get("email") or "").strip()
    if email and email not in {contact.email for contact in party.contacts}:
        contact = Contact(email=email, roles=(ContactRole.RIGHTS,))
        party = replace(party, contacts=(contact, *party.contacts))
        store_party(tenant, party)
    return party


def drop_claim(desk: Desk, who: Who, piece_id: str, claim_id: str, reason: str = "") -> list[LetterRow]:
    """Withdraw a claim that was filed in error; it stays in the journal. Returns the letters that rest on it.

    Their holders are told, with the ``reason``, which is needed where there are any. The letters stand until staff
    revoke or replace them. Raises ``NotFound``, ``BadInput``.
    """
    who.must_be("officer")
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        if claim_id not in {claim.id for claim in load_claims(tenant, piece_id)}:
            raise NotFound("There is no such claim on this piece.", "claim")
        letters = letters_by_ground(tenant, [claim_id])
        if letters or reason.strip():
            needed_text(reason, "reason", WHAT_CHANGED)
        withdraw_claim(tenant, claim_id, now)
        _publish(tenant, piece_id)
        payload = {"claim": claim_id, "piece": piece_id, "by": who.person_id}
        journal_store.append(connection, who.publisher_id, "claim.withdrawn", payload, {}, now)
        _tell_holders(desk, tenant, letters, claim_id, reason, about="title")
    return letters


def import_terms(desk: Desk, who: Who, data: bytes, *, piece_ids: Sequence[str] = ()) -> list[Terms]:
    """Record the terms of an ODRL (JSON-LD) or RSL (XML) file. Raises ``BadInput`` with the place and the remedy."""
    who.must_be("officer", "editor")
    ours = party_of(own_publisher(desk, who.publisher_id))
    try:
        is_xml = data.lstrip()[:1] == b"<"
        found = from_rsl(data, assigner=ours) if is_xml else from_odrl(data)
    except Unreadable as error:
        raise BadInput({"file": str(error)}) from error
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        pieces = []
        for piece_id in piece_ids:
            loaded = load_piece(connection, piece_id, who.publisher_id)
            if loaded is None:
                raise NotFound(f"There is no piece {piece_id} at this publisher.", "piece")
            pieces.append(loaded.piece)
        recorded = [_placed(tenant, terms, pieces, ours) for terms in found]
        for terms in recorded:
            store_terms(tenant, terms, now, piece_ids=tuple(piece_ids))
            payload = {
                "terms": terms.id,
                "clause_sha256": terms.clause_sha256,
                "document_sha256": document_sha256(to_plain(terms)),
                "by": who.person_id,
            }
            journal_store.append(connection, who.publisher_id, "terms.recorded", payload, {}, now)
        for piece in pieces:
            _publish(tenant, piece.id)
    return recorded


@dataclass(frozen=True)
class Ended:
    """What the end of terms touches: the letters that rest on them."""

    terms: Terms
    letters: list[LetterRow]


def end_terms(desk: Desk, who: Who, terms_id: str, reason: str, *, on: date | None = None) -> Ended:
    """Inbound terms end or are revoked: no new grant rests on them, and holders of letters are told.

    The letters themselves stand until staff revoke them: that is a decision of its own. Raises ``BadInput``.
    """
    who.must_be("officer")
    needed_text(reason, "reason", WHAT_CHANGED)
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        terms = load_one_terms(tenant, terms_id)
        if terms is None:
            raise NotFound("There are no such terms at this publisher.", "terms")
        revoke_terms(tenant, terms_id, on or desk.today())
        payload = {"terms": terms_id, "on": (on or desk.today()).isoformat(), "by": who.person_id}
        journal_store.append(connection, who.publisher_id, "terms.ended", payload, {}, now)
        letters = letters_by_ground(tenant, [terms_id])
        _tell_holders(desk, tenant, letters, terms_id, reason, about="terms")
    return Ended(terms, letters)


def _tell_holders(
    desk: Desk, tenant: Tenant, letters: Sequence[LetterRow], ground_id: str, reason: str, *, about: str
) -> None:
    """Mail each holder that the ground of their letter changed: somebody's ``terms``, or the ``title``."""
    publisher = own_publisher(desk, tenant.publisher_id)
    for letter in letters:
        row = load_request(tenant, letter.request_id or "")
        if row is not None:
            change: dict[str, Any] = {
                "letter_number": letter.number,
                "change": reason.strip(),
                "about": about,
            }
            tell(
                desk,
                tenant,
                publisher,
                row,
                "upstream_change",
                key=f"upstream:{letter.id}:{ground_id}",
                **change,
            )


def _day(field: str, text: str | None) -> date | None:
    try:
        return from_plain(date, text) if text else None
    except BadPlain as error:
        raise BadInput({field: "Write the date as year-month-day, such as 2026-03-05."}) from error


def _principal(piece: Piece, component: str, given: Mapping[str, Any]) -> str:
    """Whom an agent speaks for: the holder named, or the only one there is."""
    holders = {
        claim.party.id: claim.party
        for claim in piece.claims
        if claim.component_id == component and claim.role is ClaimRole.HOLDER
    }
    name = str(given.get("principal") or "").strip()
    named = [each.id for each in holders.values() if not name or each.name.casefold() == name.casefold()]
    if len(named) != 1:
        raise BadInput({"principal": "Name the holder it speaks for, as that claim stands on this page."})
    return named[0]


def _publish(tenant: Tenant, piece_id: str) -> None:
    """What the public lookup answers names the holders and the terms: write it anew after they changed."""
    loaded = load_piece(tenant.connection, piece_id, tenant.publisher_id)
    if loaded is not None and loaded.state == "confirmed":
        set_public_record(tenant, piece_id, public_record(loaded.piece))


def _placed(tenant: Tenant, terms: Terms, pieces: Sequence[Piece], ours: Party) -> Terms:
    """Imported terms on these pieces: by parties already on record, and about our own components.

    A file names things by addresses of its own; terms that name no component of ours hold for the whole piece.
    """
    here = {component.id for piece in pieces for component in piece.components}
    named = terms.target.kind is TargetKind.COMPONENTS and here.isdisjoint(terms.target.component_ids)
    target = Target(kind=TargetKind.PIECE) if pieces and named else terms.target
    assignee = _on_record(tenant, terms.assignee, ours) if terms.assignee else None
    assigner = _on_record(tenant, terms.assigner, ours)
    return replace(terms, id=new_id("tm"), assigner=assigner, assignee=assignee, target=target)


def _on_record(tenant: Tenant, party: Party, ours: Party) -> Party:
    known = {ours.name.casefold(), (ours.legal_name or ours.name).casefold()}
    if party.id == ours.id or party.name.casefold() in known:
        return ours
    return load_party(tenant, party.id) or find_party(tenant, party.name) or party
