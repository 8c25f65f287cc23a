"""Checking a letter's file: two independent readers of the signature have to agree.

``standalone.check`` is our own, strict and small; pyHanko is the field's. pyHanko's ``intact``
alone is never trusted: a file with a revision appended to it is still "intact". What counts is ``bottom_line``
and coverage of the entire file.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ledger.letters import standalone
from ledger.letters.outside import outside_any_loop
from ledger.letters.stamping import NotStamped, read_stamp, signed_stamp, stamp_context, stamp_of

VALID, TAMPERED = standalone.VALID, standalone.TAMPERED
UNREADABLE, UNKNOWN_KEY = standalone.UNREADABLE, standalone.UNKNOWN_KEY


@dataclass(frozen=True, slots=True)
class Verdict:
    """``code`` is the exit code (0 valid, 1 tampered, 2 unreadable, 3 unknown key), ``state`` its word.

    ``facts`` holds what was found: sha256, signed_by, fingerprint, signed_at, letter (the number), kind, title,
    grantor, addressee, clauses, entry, journal; of a letter with a time stamp time_stamped_by, time_stamped_at and
    time_stamp_trusted (whether its chain leads to a root that was given). Facts of a file that is not valid prove
    nothing.
    """

    code: int
    state: str
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


def verify_letter(
    pdf: bytes,
    *,
    vkey: str | None = None,
    fingerprint: str = "",
    roots: Sequence[x509.Certificate] = (),
    stamp_roots: Sequence[x509.Certificate] = (),
) -> Verdict:
    """Check a letter. ``vkey`` is the journal's verifier key.

    ``fingerprint`` is the SHA-256 of the publisher's certificate in hex, for letters whose entry names none.
    ``roots``: certificates to trust; without them the root in the file is taken, and who signed is decided by the
    fingerprint, not by that root. ``stamp_roots``: authorities for time stamps to trust, likewise; with them a
    stamp by another is an objection. Never raises for what is in the file.
    """
    report = standalone.check(pdf, vkey, fingerprint)
    if report["code"] in (VALID, UNKNOWN_KEY):
        objection = _objection(pdf, roots, stamp_roots)
        if objection:
            report |= {"code": TAMPERED, "state": standalone.STATES[TAMPERED], "reason": objection}
        if report.pop("time_stamp", None) and not objection and (stamp := stamp_of(pdf, stamp_roots)):
            at = stamp.at.isoformat().replace("+00:00", "Z")
            report |= {
                "time_stamped_by": stamp.by,
                "time_stamped_at": at,
                "time_stamp_trusted": stamp.trusted,
            }
    facts = {key: value for key, value in report.items() if key not in ("code", "state", "reason")}
    return Verdict(report["code"], report["state"], report["reason"], facts)


def _objection(
    pdf: bytes, roots: Sequence[x509.Certificate], stamp_roots: Sequence[x509.Certificate] = ()
) -> str:
    """What pyHanko holds against the file and its time stamp; nothing when it is content."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        signatures = PdfFileReader(BytesIO(pdf), strict=True).embedded_signatures
        if len(signatures) != 1:
            return f"the file carries {len(signatures)} signatures, not one"
        signature = signatures[0]
        stamp = read_stamp(signature, stamp_roots)
        times = stamp_context(signed_stamp(signature), stamp_roots) if stamp else None
        status = outside_any_loop(
            lambda: validate_pdf_signature(signature, _context(signature, roots), ts_validation_context=times)
        )
    except NotStamped as error:
        return str(error)
    except Exception as error:  # whatever a hostile file makes the library raise, the check has failed
        return f"the signature cannot be validated ({type(error).__name__})"
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return "the signature does not cover the whole file"
    if not status.bottom_line:
        return "the signature is not valid under its certificate"
    return ""


def _context(signature: Any, roots: Sequence[x509.Certificate]) -> Any:
    """Trust for the moment of signing: a certificate that has expired since does not undo a letter.

    The moment is the signer's own word, so a letter dated before its certificate is judged at that one's first day.
    """
    from asn1crypto import x509 as asn1_x509
    from pyhanko_certvalidator import ValidationContext

    embedded = [signature.signer_cert, *signature.other_embedded_certs]
    anchors = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
    own = [one for one in embedded if one.self_issued] or [signature.signer_cert]
    moment = max(signature.self_reported_timestamp, signature.signer_cert.not_valid_before)
    return ValidationContext(
        trust_roots=anchors or own,
        other_certs=embedded,
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
    )
