"""From a letter's matter to its file: words, attachments, PDF, signature."""

import json
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.refusals import Unavailable
from ledger.interchange.odrl_acts import grant_to_odrl
from ledger.journal.entry import canonical
from ledger.letters import compose
from ledger.letters.certificates import LetterSigner, load_or_make_signer, load_signer
from ledger.letters.engine import LettersUnavailable
from ledger.letters.images import check_image
from ledger.letters.model import (
    Attachment,
    Correspondent,
    Image,
    Letter,
    Letterhead,
    LetterKind,
    Signatory,
    Verification,
    ground_list,
)
from ledger.letters.pool import RenderFailed, RenderPool
from ledger.letters.render import render_letter
from ledger.letters.sign import sign_pdf
from ledger.mail import written_in
from ledger.records.journal_publishing import verifier_key
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow
from ledger.records.tenant import Tenant
from ledger.rights.answers import Ask, AskReason
from ledger.rights.parties import Party

GRANT_NAME, PROOF_NAME = "grant.jsonld", "proof.tlog"


@cache
def pool() -> RenderPool:
    """The house's letter renderers: processes of their own, kept warm. Raises ``Unavailable`` with the remedy."""
    try:
        return RenderPool(size=2)
    except LettersUnavailable as error:
        raise Unavailable(str(error)) from error


def signer_of(desk: Desk, publisher: PublisherRow) -> LetterSigner:
    """The key and certificate for letters: the operator's where they are set, else ours, made on first use."""
    if desk.letter_key is not None and desk.letter_certificate is not None:
        return load_signer(desk.letter_key, desk.letter_certificate)
    return load_or_make_signer(desk.keys / "letters" / publisher.slug, publisher.legal_name)


def compose_letter(matter: Matter, frame: compose.Frame) -> Letter:
    """The letter in words. Raises ``compose.NotOurs`` for a grant without proven authority."""
    common: dict[str, Any] = {"piece": matter.piece}
    decision = compose.Decision(ref=matter.decision, reason=matter.reason)
    if matter.kind is LetterKind.GRANT and matter.grant is not None:
        return compose.compose_grant(
            frame,
            use=matter.use,
            grant=matter.grant,
            authorities=dict(matter.authorities),
            decision=decision,
            quote=matter.quote,
            fee_paid=matter.fee_paid,
            others=matter.others,
            replaced=matter.replaced,
            addressee=matter.addressee,
            **common,
        )
    if matter.kind is LetterKind.DECLINE:
        return compose.compose_decline(
            frame, use=matter.use, decision=decision, answer=matter.answer, **common
        )
    if matter.kind is LetterKind.REFERRAL:
        return compose.compose_referral(frame, use=matter.use, ask=_ask(matter), decision=decision, **common)
    if matter.kind is LetterKind.NO_PERMISSION_NEEDED and matter.answer is not None:
        return compose.compose_no_permission_needed(
            frame,
            use=matter.use,
            answer=matter.answer,
            decision=decision,
            credit_line=matter.credit_line,
            **common,
        )
    if matter.kind is LetterKind.AMENDMENT and matter.grant is not None and matter.earlier is not None:
        return compose.compose_amendment(
            frame,
            earlier=matter.earlier,
            grant=matter.grant,
            changes=matter.changes,
            authorities=dict(matter.authorities),
            decision=decision,
            quote=matter.quote,
            fee_paid=matter.fee_paid,
            use=matter.use,
            replaced=matter.replaced,
            addressee=matter.addressee,
            **common,
        )
    if matter.kind is LetterKind.REVOCATION and matter.earlier is not None and matter.effective is not None:
        return compose.compose_revocation(
            frame, earlier=matter.earlier, effective=matter.effective, decision=decision, **common
        )
    raise ValueError(f"a letter of kind {matter.kind} is not composed here")


def _ask(matter: Matter) -> Ask:
    reason = matter.answer.ask.reason if matter.answer and matter.answer.ask else AskReason.RESERVED
    return Ask(party=matter.owner, contact=matter.owner_contact, reason=reason)


def frame_of(
    desk: Desk,
    tenant: Tenant,
    publisher: PublisherRow,
    addressee: Party,
    *,
    number: str,
    issued_at: datetime,
    language: str,
    reference: str,
    entry: int | None = None,
) -> compose.Frame:
    """What every letter of the publisher has around its clauses."""
    name, _, role = (publisher.signatory or "").partition(",")
    return compose.Frame(
        number=number,
        date=issued_at.date(),
        issued_at=issued_at,
        language=written_in(language),
        letterhead=Letterhead(
            publisher=Correspondent(
                name=publisher.legal_name,
                lines=tuple((publisher.address or "").splitlines()),
                contacts=tuple(filter(None, (publisher.permissions_email,))),
            ),
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
            log=verifier_key(tenant.connection, publisher.id).name,
            entry=entry,
            fingerprint=signer_of(desk, publisher).fingerprint,
        ),
        request_ref=reference,
        own_wording=tuple((publisher.wording or {}).get(written_in(language), ())),
    )


def grant_file(desk: Desk, matter: Matter, letter: Letter) -> bytes:
    """The letter's content for machines: the ODRL Agreement where it grants, and every clause with its grounds."""
    value: dict[str, Any] = {}
    if matter.grant is not None:
        granted = replace(matter.grant, letter=letter.number)
        value = json.loads(grant_to_odrl(granted, base_url=desk.base_url))
    if matter.replaced is not None:
        value["lg:replaces"] = matter.replaced.number
    return canonical(
        {
            **value,
            "lg:letter": letter.number,
            "lg:kind": letter.kind.value,
            "lg:addressee": letter.addressee.name,
            "lg:title": matter.piece.title,
            "lg:clauses": ground_list(letter),
        }
    )


def make_file(desk: Desk, publisher: PublisherRow, row: LetterRow, letter: Letter, proof: bytes) -> bytes:
    """The signed PDF with its attachments. Raises ``Unavailable`` when it cannot be drawn just now."""
    grant = desk.evidence.get(row.document["grant_sha256"])
    files = (
        (GRANT_NAME, grant, "application/ld+json", "What this letter says, for machines (ODRL 2.2)"),
        (
            PROOF_NAME,
            proof,
            "text/plain",
            "Proof that the decision is in the publisher's journal (C2SP tlog-proof)",
        ),
    )
    attachments = [Attachment(name, data, kind, about, row.issued_at) for name, data, kind, about in files]
    try:
        pdf = render_letter(letter, attachments=attachments, pool=pool())
    except RenderFailed as error:
        raise Unavailable(f"The letter could not be drawn: {error}") from error
    return sign_pdf(pdf, signer_of(desk, publisher), at=row.issued_at)


def _correspondent(party: Party) -> Correspondent:
    contact = party.contacts[0] if party.contacts else None
    return Correspondent(
        name=party.legal_name or party.name,
        attention=(contact.name or "") if contact else "",
        contacts=tuple(filter(None, (contact.email,))) if contact else (),
    )


def _image(desk: Desk, sha256: str | None) -> Image | None:
    return check_image(desk.evidence.get(sha256)) if sha256 else None
