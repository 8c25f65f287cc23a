"""Signatures: the same bytes twice, whole-file coverage, keys that only their owner reads."""

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from ledger.letters.certificates import LetterSigner, load_or_make_signer, load_signer
from ledger.letters.outside import outside_any_loop
from ledger.letters.sign import sign_pdf
from ledger.letters.signing_keys import BadCertificate
from tests.letters import cast
from tests.letters.conftest import Issued


def test_pyhanko_finds_a_valid_signature_over_the_whole_file(issued: Issued, signer: LetterSigner) -> None:
    reader = PdfFileReader(io.BytesIO(issued.pdf), strict=True)
    (signature,) = reader.embedded_signatures
    from asn1crypto import x509 as asn1

    root = asn1.Certificate.load(signer.root.public_bytes(serialization.Encoding.DER))
    context = ValidationContext(trust_roots=[root], moment=cast.ISSUED, allow_fetching=False)
    status = outside_any_loop(lambda: validate_pdf_signature(signature, context))
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.self_reported_timestamp == cast.ISSUED


def test_signing_twice_gives_the_same_bytes(issued: Issued, signer: LetterSigner) -> None:
    assert sign_pdf(issued.unsigned, signer, at=cast.ISSUED) == issued.pdf
    assert sign_pdf(issued.unsigned, signer, at=cast.ISSUED + timedelta(seconds=1)) != issued.pdf


def test_the_signature_is_appended_and_the_unsigned_file_untouched(issued: Issued) -> None:
    assert issued.pdf.startswith(issued.unsigned)


def test_a_naive_signing_time_is_refused(issued: Issued, signer: LetterSigner) -> None:
    with pytest.raises(ValueError, match="time zone"):
        sign_pdf(issued.unsigned, signer, at=datetime(2026, 5, 4))


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    first = load_or_make_signer(tmp_path / "keys", "Harbour Review")
    again = load_or_make_signer(tmp_path / "keys", "Another Name")
    assert first.fingerprint == again.fingerprint
    assert first.subject == "Harbour Review"
    assert len(bytes.fromhex(first.fingerprint)) == 32
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    constraints = first.root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert constraints.ca


def test_a_key_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    load_or_make_signer(tmp_path, "Harbour Review")
    (tmp_path / "letters-key.pem").chmod(0o644)
    with pytest.raises(BadCertificate, match="chmod 600"):
        load_or_make_signer(tmp_path, "Harbour Review")


@pytest.mark.parametrize("lost", ["letters-key.pem", "letters-cert.pem"])
def test_half_a_pair_is_never_replaced_in_silence(tmp_path: Path, lost: str) -> None:
    load_or_make_signer(tmp_path, "Harbour Review")
    (tmp_path / lost).unlink()
    with pytest.raises(BadCertificate, match="restore it"):
        load_or_make_signer(tmp_path, "Harbour Review")
    assert not (tmp_path / lost).exists()


def test_a_key_of_another_certificate_and_a_broken_chain_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        load_or_make_signer(folder, "Harbour Review")
    with pytest.raises(BadCertificate, match="does not belong"):
        load_signer(one / "letters-key.pem", other / "letters-cert.pem")
    leaf = (one / "letters-cert.pem").read_bytes().split(b"-----END CERTIFICATE-----\n")[0]
    mixed = tmp_path / "mixed.pem"
    mixed.write_bytes(leaf + b"-----END CERTIFICATE-----\n" + (other / "ca-cert.pem").read_bytes())
    with pytest.raises(BadCertificate, match="chain is broken"):
        load_signer(one / "letters-key.pem", mixed)


def test_nonsense_in_place_of_a_key_gets_one_clear_line(tmp_path: Path) -> None:
    key, certificate = tmp_path / "k.pem", tmp_path / "c.pem"
    key.write_bytes(b"nonsense")
    key.chmod(0o600)
    with pytest.raises(BadCertificate, match=r"k\.pem"):
        load_signer(key, certificate)


def test_a_certificate_from_elsewhere_signs_too(issued: Issued, signer: LetterSigner) -> None:
    from ledger.letters.standalone import UNKNOWN_KEY, check

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    builder = (
        x509.CertificateBuilder()
        .subject_name(signer.certificate.subject)
        .issuer_name(signer.certificate.subject)
    )
    builder = builder.public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(cast.ISSUED).not_valid_after(cast.ISSUED + timedelta(days=9))
    from cryptography.hazmat.primitives import hashes

    other = replace(signer, key=key, certificate=builder.sign(key, hashes.SHA256()), chain=())
    assert check(sign_pdf(issued.unsigned, other, at=cast.ISSUED))["code"] == UNKNOWN_KEY
