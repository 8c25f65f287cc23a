"""The chain of title and the terms behind it: claims filed, terms recorded, terms that end.

When inbound terms end, the letters that rest on them are named, notices to their holders are drafted, and new
grants on that ground are refused from that day: the engine no longer finds the terms in force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher, party_of
from ledger.desk.posting import tell
from ledger.desk.refusals import BadInput, NotFound
from ledger.desk.register.claim_form import ClaimForm, check_document, read_claim
from ledger.desk.register.piece_record import committed, public_record
from ledger.desk.texts import given_text, needed_text
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
from ledger.rights.wire import to_plain

WHAT_CHANGED = "Say what changed; those who hold letters will read it."


def file_claim(
    desk: Desk, who: Who, piece_id: str, given: Mapping[str, Any], document: bytes | None = None
) -> Claim:
    """Record a link in the chain of title: ``party`` (name), ``role``, ``component``, ``evidence`` (words).

    Optional: ``email``, ``kind``, ``evidence_kind``, ``valid_from``, ``valid_to``, and for an agent ``principal``, the
    name of the holder it speaks for. A claim needs its evidence; a ``document`` that shows it is kept with it, both
    or neither. Raises ``BadInput``, ``NotFound``.
    """
    who.must_be("officer", "editor")
    said = read_claim(given)
    check_document(document)
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        loaded = load_piece(connection, piece_id, who.publisher_id)
        if loaded is None:
            raise NotFound("There is no such piece at this publisher.", "piece")
        component = said.component or loaded.piece.components[0].id
        if component not in {part.id for part in loaded.piece.components}:
            raise BadInput({"component": "This is no component of the piece."})
        claim = _claim(desk, tenant, who, said, component, document)
        if claim.role is ClaimRole.AGENT:
            claim = replace(claim, principal=_principal(loaded.piece, component, said.principal))
        store_claim(tenant, piece_id, claim, now)
        _publish(tenant, piece_id)
        payload = {"claim": claim.id, "piece": piece_id, "by": who.person_id}
        personal = committed([claim]) | tenant.written()
        journal_store.append(connection, who.publisher_id, "claim.filed", payload, personal, now)
        if document is not None:
            desk.evidence.put(
                document
            )  # last: nothing can be refused any more, and no claim names a file not kept
    return claim


def _claim(
    desk: Desk, tenant: Tenant, who: Who, said: ClaimForm, component: str, document: bytes | None
) -> Claim:
    return Claim(
        id=new_id("cl"),
        party=_party(desk, tenant, who, said),
        role=said.role,
        component_id=component,
        valid_from=said.valid_from,
        valid_to=said.valid_to,
        evidence=Evidence(
            text=said.evidence,
            kind=said.evidence_kind,
            document_sha256=sha256(document).hexdigest() if document is not None else None,
            recorded_on=desk.today(),
        ),
    )


def _party(desk: Desk, tenant: Tenant, who: Who, said: ClaimForm) -> Party:
    ours = party_of(own_publisher(desk, who.publisher_id))
    if said.party.casefold() in {ours.name.casefold(), (ours.legal_name or "").casefold()}:
        return ours
    party = find_party(tenant, said.party) or Party(
        id=new_id("pa"), name=said.party, kind=PartyKind(said.kind)
    )
    if said.email and said.email not in {contact.email for contact in party.contacts}:
        contact = Contact(email=said.email, roles=(ContactRole.RIGHTS,))
        party = replace(party, contacts=(contact, *party.contacts))
        store_party(tenant, party)
    return party


def drop_claim(
    desk: Desk, who: Who, piece_id: str, claim_id: str, reason: str | None = None
) -> list[LetterRow]:
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
        said = needed_text(reason, "reason", WHAT_CHANGED) if letters else given_text(reason, "reason")
        withdraw_claim(tenant, claim_id, now)
        _publish(tenant, piece_id)
        payload = {"claim": claim_id, "piece": piece_id, "by": who.person_id}
        journal_store.append(connection, who.publisher_id, "claim.withdrawn", payload, tenant.written(), now)
        _tell_holders(desk, tenant, letters, claim_id, said, about="title")
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
        for piece in pieces:
            _publish(tenant, piece.id)
        for terms in recorded:
            payload = {
                "terms": terms.id,
                "clause_sha256": terms.clause_sha256,
                "document_sha256": document_sha256(to_plain(terms)),
                "by": who.person_id,
            }
            journal_store.append(
                connection, who.publisher_id, "terms.recorded", payload, tenant.written(), now
            )
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


def _principal(piece: Piece, component: str, name: str) -> str:
    """Whom an agent speaks for: the holder named, or the only one there is."""
    holders = {
        claim.party.id: claim.party
        for claim in piece.claims
        if claim.component_id == component and claim.role is ClaimRole.HOLDER
    }
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
