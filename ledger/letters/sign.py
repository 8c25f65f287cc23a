"""PAdES B-B signatures (ETSI EN 319 142-1) by pyHanko, or B-T where a time stamp is asked for.

The same PDF, signer and time give the same bytes: ECDSA nonces come from RFC 6979, the second half of the
file identifier from the content, and the XMP packet, which says PDF/UA-1, is left as it is. A hardware token
draws its own nonces: two files signed by it differ in the signature, and in nothing else. So do two time stamps.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ledger.letters.certificates import LetterSigner
from ledger.letters.outside import outside_any_loop
from ledger.letters.stamping import MAX_ANSWER, Authority, Stamper

SIGNATURE_FIELD = "Signature"


class _Writer(IncrementalPdfFileWriter):
    """Appends the signature and nothing else: no new dates, no rewritten metadata, no random identifier."""

    def _update_meta(self) -> None:
        pass

    @classmethod
    def _handle_id(cls, prev: Any) -> generic.ArrayObject:
        first = prev.trailer["/ID"][0]
        first = getattr(first, "original_bytes", first)
        second = hashlib.sha256(bytes(first) + b" signed").digest()[:16]
        return generic.ArrayObject([generic.ByteStringObject(bytes(first)), generic.ByteStringObject(second)])


class _Signer(signers.Signer):
    def __init__(self, signer: LetterSigner) -> None:
        certificates = [_to_asn1(c) for c in (signer.certificate, *signer.chain)]
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple(certificates[1:])
        super().__init__(signing_cert=certificates[0], cert_registry=registry)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        assert digest_algorithm == "sha256"
        return self._signer.sign(data)


def _to_asn1(certificate: Any) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


class _PdfSigner(signers.PdfSigner):
    """pyHanko reads the clock for /M; this one is told the time."""

    def __init__(
        self, meta: signers.PdfSignatureMetadata, signer: _Signer, at: datetime, stamper: Stamper | None
    ) -> None:
        super().__init__(meta, signer, timestamper=Authority(stamper) if stamper else None)
        self._at = at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._at
        return session


def sign_pdf(
    pdf: bytes, signer: LetterSigner, *, at: datetime, reason: str = "", stamper: Stamper | None = None
) -> bytes:
    """``pdf`` with its empty signature field filled. ``at`` is the signing time (UTC, whole seconds).

    With a ``stamper`` the signature carries a time stamp of that authority, or there is no file: NotStamped.
    Raises ValueError for a naive ``at``; pyHanko's SigningError for a PDF without the field.
    """
    if at.tzinfo is None:
        raise ValueError("the signing time needs a time zone")
    adapter = _Signer(signer)
    meta = signers.PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=signer.subject or None,
        reason=reason or None,
    )
    pdf_signer = _PdfSigner(meta, adapter, at.astimezone(UTC).replace(microsecond=0), stamper)
    output = BytesIO()
    room = _room(signer) + (2 * MAX_ANSWER if stamper else 0)
    work = pdf_signer.async_sign_pdf(
        _Writer(BytesIO(pdf)), existing_fields_only=True, bytes_reserved=room, output=output
    )
    outside_any_loop(lambda: asyncio.run(work))
    return output.getvalue()


def _room(signer: LetterSigner) -> int:
    """Hex digits for the CMS container: the certificates, the signature, and about 1 kB of attributes."""
    certificates = sum(
        len(c.public_bytes(serialization.Encoding.DER)) for c in (signer.certificate, *signer.chain)
    )
    return 2 * (certificates + 2_048)
