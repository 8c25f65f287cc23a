"""Time stamps on signatures (RFC 3161, as PAdES B-T carries them): asked for, checked, read.

Whoever asks the authority is handed in: nothing here goes out. A token counts only when every check holds: its
status, the hash and the nonce that were sent, the authority's signature, a certificate that may do nothing but
stamp times, and a chain from it to a root that is known.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, ClassVar

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from ledger.letters.outside import outside_any_loop

MAX_ANSWER = 16_000
"""Bytes of an authority's answer; the room that a letter keeps for it."""

Ask = Callable[[bytes], bytes]
"""From a DER TimeStampReq to a DER TimeStampResp; raises NotStamped when there is no answer."""


class NotStamped(Exception):
    """There is no time stamp, or none that holds; one line that says why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """``at`` is the authority's time (UTC), ``by`` the name in its certificate, whose SHA-256 is ``fingerprint``.

    ``trusted``: its chain leads to a root that was given; else to whatever certificate the token itself brings.
    """

    at: datetime
    by: str
    fingerprint: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class Stamper:
    """An authority that is asked by ``ask`` and has to prove itself by one of ``roots``."""

    ask: Ask
    roots: tuple[x509.Certificate, ...]

    def response(self, digest: bytes) -> bytes:
        """The authority's answer (DER TimeStampResp) about a SHA-256 digest. Raises NotStamped unless every check
        holds."""
        nonce = secrets.randbits(64) | 1 << 63
        answer = self.ask(_question(digest, nonce))
        if len(answer) > MAX_ANSWER:
            raise NotStamped(f"the authority's answer is longer than {MAX_ANSWER} bytes")
        with _nothing_else_raised():
            if _info(_granted(answer)["content"])["nonce"].native != nonce:
                raise NotStamped("the authority answered another question (its nonce is not ours)")
        check_response(answer, digest, self.roots)
        return answer

    def token(self, digest: bytes) -> cms.ContentInfo:
        """The token in that answer."""
        return _granted(self.response(digest))


class Authority(TimeStamper):
    """The same for pyHanko, which calls it between the signature and the writing of the file."""

    def __init__(self, stamper: Stamper) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._stamper = stamper

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        assert md_algorithm == "sha256"
        return self._stamper.token(message_digest)


def _question(digest: bytes, nonce: int) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    asked = {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(asked).dump())


class _Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp: a refusal has no token, which the library's own class demands."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def _granted(answer: bytes) -> cms.ContentInfo:
    try:
        response = _Response.load(answer, strict=True)
        status = response["status"]["status"].native
        words = [str(each) for each in response["status"]["status_string"].native or ()]
        token = response["time_stamp_token"]
        holds = token.native is not None and token["content_type"].native == "signed_data"
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NotStamped("the authority's answer is no time stamp response (RFC 3161)") from None
    if status not in ("granted", "granted_with_mods"):
        raise NotStamped(f"the authority refused: {'; '.join([str(status), *words])[:200]}")
    if not holds:
        raise NotStamped("the authority's answer holds no time stamp")
    return token


def _info(signed: cms.SignedData) -> tsp.TSTInfo:
    try:
        info = signed["encap_content_info"]["content"].parsed
        if isinstance(info, tsp.TSTInfo) and info["version"].native == "v1":
            return info
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise NotStamped("the authority's answer holds no time stamp")


def check_response(answer: bytes, digest: bytes, roots: Sequence[x509.Certificate]) -> Stamp:
    """As ``check_token``, for a whole answer (a .tsr file)."""
    with _nothing_else_raised():
        return check_token(_granted(answer)["content"], digest, roots)


def check_token(signed: cms.SignedData, digest: bytes, roots: Sequence[x509.Certificate]) -> Stamp:
    """What a token says, once everything about it holds, its chain judged at its own time. Raises NotStamped.

    Without ``roots`` the topmost certificates that it brings are taken: it is then a stamp by whoever made them.
    """
    with _nothing_else_raised():
        return _checked(signed, digest, roots)


@contextmanager
def _nothing_else_raised() -> Iterator[None]:
    """Whatever a hostile token makes the libraries raise, and wherever: the check has failed."""
    try:
        yield
    except NotStamped:
        raise
    except Exception as error:
        raise NotStamped(f"the time stamp does not hold together ({type(error).__name__})") from error


def _checked(signed: cms.SignedData, digest: bytes, roots: Sequence[x509.Certificate]) -> Stamp:
    info = _info(signed)
    imprint = info["message_imprint"]
    hashed = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
    if hashed != ("sha256", digest):
        raise NotStamped("the time stamp is one of something else")
    work = validate_tst_signed_data(signed, stamp_context(signed, roots), lambda _: digest)
    found = outside_any_loop(lambda: asyncio.run(work))
    if not found["intact"] or not found["valid"]:
        raise NotStamped("the time stamp's signature does not verify")
    signer = found["signing_cert"]
    if not _may_only_stamp(signer) or not _names_its_certificate(signed):
        raise NotStamped("the time stamp's certificate is not one for time stamps alone")
    if found["trust_problem_indic"] is not None:
        raise NotStamped("the time stamp is by an authority that is not known here")
    name = signer.subject.native.get("common_name") or signer.subject.human_friendly
    at = info["gen_time"].native.astimezone(UTC)
    return Stamp(at, str(name), hashlib.sha256(signer.dump()).hexdigest(), bool(roots))


def _may_only_stamp(signer: asn1_x509.Certificate) -> bool:
    """RFC 3161, 2.3: one extended key usage, and it is critical."""
    use = signer.extended_key_usage_value
    critical = "extended_key_usage" in signer.critical_extensions
    return use is not None and use.native == ["time_stamping"] and critical


def _names_its_certificate(signed: cms.SignedData) -> bool:
    """RFC 3161, 2.4.2, and RFC 5816: what is signed names the signer's certificate; pyHanko compares it."""
    named = {each["type"].native for each in signed["signer_infos"][0]["signed_attrs"]}
    return bool(named & {"signing_certificate", "signing_certificate_v2"})


def stamp_context(signed: cms.SignedData, roots: Sequence[x509.Certificate]) -> ValidationContext:
    """Trust for the moment of the stamp: a certificate that has expired since does not undo it."""
    found = [each.chosen for each in signed["certificates"]]
    subjects = {each.subject.hashable for each in found if not each.self_issued}
    topmost = [each for each in found if each.self_issued or each.issuer.hashable not in subjects]
    own = [each for each in topmost if each.self_issued] or topmost
    given = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
    at = _info(signed)["gen_time"].native
    return ValidationContext(
        trust_roots=given or own,
        other_certs=found,
        moment=at,
        best_signature_time=at,
        allow_fetching=False,
    )


def signed_stamp(signature: Any) -> cms.SignedData | None:
    """The token that a PDF signature (pyHanko's) carries, unchecked. Raises NotStamped for more than one."""
    found = list(extract_tst_data_iter(signature.signer_info, signed=False))
    if len(found) > 1:
        raise NotStamped("the signature carries more than one time stamp")
    return found[0] if found else None


def read_stamp(signature: Any, roots: Sequence[x509.Certificate]) -> Stamp | None:
    """The time stamp of a PDF signature (pyHanko's), or None where it carries none. Raises NotStamped."""
    signed = signed_stamp(signature)
    if signed is None:
        return None
    digest = hashlib.sha256(signature.signer_info["signature"].native).digest()
    return check_token(signed, digest, roots)


def stamp_of(pdf: bytes, roots: Sequence[x509.Certificate]) -> Stamp | None:
    """The time stamp of a signed letter, or None. Raises NotStamped."""
    return read_stamp(PdfFileReader(BytesIO(pdf)).embedded_signatures[0], roots)
