"""A letter's matter in words: which writer each kind has, and the frame that every letter has around its clauses."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.letters.signing import signer_of
from ledger.desk.posting import reference
from ledger.letters import compose
from ledger.letters.images import check_image
from ledger.letters.model import Correspondent, Image, Letter, Letterhead, LetterKind, Signatory, Verification
from ledger.mail import written_in
from ledger.records.journal_publishing import verifier_key
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow, RequestRow
from ledger.records.tenant import Tenant
from ledger.rights.answers import Ask, AskReason
from ledger.rights.parties import Party


def compose_letter(matter: Matter, frame: compose.Frame) -> Letter:
    """The letter in words. Raises ``compose.NotOurs`` for a grant without proven authority, ``ValueError`` for a
    matter that lacks what its kind of letter has to say."""
    writer = _WRITERS.get(matter.kind)
    if writer is None:
        raise ValueError(f"a letter of kind {matter.kind} is not composed here")
    return writer(matter, frame)


def _grant(matter: Matter, frame: compose.Frame) -> Letter:
    if matter.grant is None:
        raise ValueError("a grant letter needs its grant")
    return compose.compose_grant(
        frame,
        grant=matter.grant,
        use=matter.use,
        others=matter.others,
        **_of_a_grant(matter),
    )


def _amendment(matter: Matter, frame: compose.Frame) -> Letter:
    if matter.grant is None or matter.earlier is None:
        raise ValueError("an amendment needs its grant and the letter it amends")
    return compose.compose_amendment(
        frame,
        grant=matter.grant,
        use=matter.use,
        earlier=matter.earlier,
        changes=matter.changes,
        **_of_a_grant(matter),
    )


def _of_a_grant(matter: Matter) -> dict[str, Any]:
    """What a first grant and a top-up both say."""
    return {
        "piece": matter.piece,
        "authorities": dict(matter.authorities),
        "decision": _decision(matter),
        "quote": matter.quote,
        "fee_paid": matter.fee_paid,
        "replaced": matter.replaced,
        "addressee": matter.addressee,
    }


def _decline(matter: Matter, frame: compose.Frame) -> Letter:
    return compose.compose_decline(
        frame, piece=matter.piece, use=matter.use, decision=_decision(matter), answer=matter.answer
    )


def _referral(matter: Matter, frame: compose.Frame) -> Letter:
    reason = matter.answer.ask.reason if matter.answer and matter.answer.ask else AskReason.RESERVED
    ask = Ask(party=matter.owner, contact=matter.owner_contact, reason=reason)
    return compose.compose_referral(
        frame, piece=matter.piece, use=matter.use, ask=ask, decision=_decision(matter)
    )


def _no_permission_needed(matter: Matter, frame: compose.Frame) -> Letter:
    if matter.answer is None:
        raise ValueError("a confirmation needs the answer that it confirms")
    return compose.compose_no_permission_needed(
        frame,
        piece=matter.piece,
        use=matter.use,
        answer=matter.answer,
        decision=_decision(matter),
        credit_line=matter.credit_line,
    )


def _revocation(matter: Matter, frame: compose.Frame) -> Letter:
    if matter.earlier is None or matter.effective is None:
        raise ValueError("a revocation needs the letter it takes back, and from which day")
    return compose.compose_revocation(
        frame,
        piece=matter.piece,
        earlier=matter.earlier,
        effective=matter.effective,
        decision=_decision(matter),
    )


_WRITERS: dict[LetterKind, Callable[[Matter, compose.Frame], Letter]] = {
    LetterKind.GRANT: _grant,
    LetterKind.AMENDMENT: _amendment,
    LetterKind.DECLINE: _decline,
    LetterKind.REFERRAL: _referral,
    LetterKind.NO_PERMISSION_NEEDED: _no_permission_needed,
    LetterKind.REVOCATION: _revocation,
}


def _decision(matter: Matter) -> compose.Decision:
    return compose.Decision(ref=matter.decision, reason=matter.reason)


def compose_frame(
    desk: Desk,
    tenant: Tenant,
    publisher: PublisherRow,
    row: RequestRow,
    matter: Matter,
    number: str,
    language: str | None,
    issued: LetterRow | None = None,
) -> compose.Frame:
    """What stands around the clauses of a letter of this request; ``issued`` once it has its number."""
    return frame_of(
        desk,
        publisher,
        matter.addressee,
        number=number,
        at=issued.issued_at if issued else desk.clock().replace(microsecond=0),
        language=written_in(language or row.language),
        log=verifier_key(tenant.connection, publisher.id).name,
        entry=issued.decision_seq if issued else None,
        request_ref=reference(row.id),
    )


def frame_of(
    desk: Desk,
    publisher: PublisherRow,
    addressee: Party,
    *,
    number: str,
    at: datetime,
    language: str,
    log: str,
    entry: int | None,
    request_ref: str,
) -> compose.Frame:
    """The publisher's letterhead, signatory and key around a letter. ``log`` is the journal's name, ``at`` UTC."""
    name, _, role = (publisher.signatory or "").partition(",")
    return compose.Frame(
        number=number,
        date=at.date(),
        issued_at=at,
        language=language,
        letterhead=Letterhead(
            publisher=_house(publisher),
            logo=_image(desk, publisher.logo_sha256),
            website=publisher.url or "",
        ),
        addressee=_correspondent(addressee),
        signatory=Signatory(
            name=name.strip() or publisher.legal_name,
            role=role.strip(),
            signature=_image(desk, publisher.signature_sha256),
        ),
        verification=Verification(
            url=f"{desk.base_url}/verify/{number}",
            log=log,
            entry=entry,
            fingerprint=signer_of(desk, publisher).fingerprint,
        ),
        request_ref=request_ref,
        own_wording=tuple((publisher.wording or {}).get(language, ())),
    )


def _house(publisher: PublisherRow) -> Correspondent:
    return Correspondent(
        name=publisher.legal_name,
        lines=tuple((publisher.address or "").splitlines()),
        contacts=tuple(filter(None, (publisher.permissions_email,))),
    )


def _correspondent(party: Party) -> Correspondent:
    contact = party.contacts[0] if party.contacts else None
    return Correspondent(
        name=party.legal_name or party.name,
        attention=(contact.name or "") if contact else "",
        contacts=tuple(filter(None, (contact.email,))) if contact else (),
    )


def _image(desk: Desk, sha256: str | None) -> Image | None:
    return check_image(desk.evidence.get(sha256)) if sha256 else None
