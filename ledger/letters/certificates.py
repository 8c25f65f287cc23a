"""The certificate letters are signed with: the publisher's own, or one from a small CA made on first run.

A self-made CA proves nothing to a stranger by itself; what binds it to the publisher is the fingerprint printed
in every letter and on the publisher's page. A certificate bought from a trust service is set by two paths instead.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509.oid import NameOID

from ledger.letters.signing_keys import BadCertificate, PrivateKey, usable
from ledger.letters.token_signing import sign_on_token
from ledger.token_uri import TokenKey

YEARS = 10


@dataclass(frozen=True, slots=True)
class LetterSigner:
    """A key with its certificate and the chain above it (leaf first excluded, root last)."""

    key: PrivateKey | TokenKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, data: bytes) -> bytes:
        """``data`` signed with SHA-256: ECDSA as DER, or RSA with PKCS #1 v1.5 padding.

        Raises BadCertificate when a token cannot be had or is not the certificate's.
        """
        if isinstance(self.key, TokenKey):
            return sign_on_token(self.key, usable("the certificate", self.certificate.public_key()), data)
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the DER certificate, lower-case hexadecimal."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def root(self) -> x509.Certificate:
        """The last certificate of the chain: what a verifier must trust."""
        return self.chain[-1] if self.chain else self.certificate

    @property
    def subject(self) -> str:
        """The common name in the certificate."""
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else ""


def load_or_make_signer(folder: Path, common_name: str, *, now: datetime | None = None) -> LetterSigner:
    """The signer kept in ``folder`` (letters-key.pem, letters-cert.pem, ca-key.pem, ca-cert.pem), made on first run.

    Keys are EC P-256, PKCS #8, mode 0600. ``common_name`` is used only when making. Raises BadCertificate when
    files are there but cannot be used: a lost key is never silently replaced.
    """
    key, cert = folder / "letters-key.pem", folder / "letters-cert.pem"
    if not key.exists() and not cert.exists():
        _make_at_once(folder, common_name, now or datetime.now(UTC))
    if key.exists() != cert.exists():
        missing = cert if key.exists() else key
        raise BadCertificate(f"{missing} is missing though its pair is there; restore it from the backup.")
    return load_signer(key, cert)


def load_signer(key_path: Path, certificate_path: Path) -> LetterSigner:
    """A signer from PEM files; the certificate file may hold the chain after the leaf.

    Raises BadCertificate: unreadable, key readable by others, key of another certificate, or a key that is
    neither EC P-256/P-384 nor RSA of at least 2048 bits.
    """
    try:
        if key_path.stat().st_mode & 0o077:
            raise BadCertificate(f"{key_path} can be read by others; run: chmod 600 {key_path}")
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        certificates = x509.load_pem_x509_certificates(certificate_path.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        if isinstance(error, BadCertificate):
            raise
        raise BadCertificate(
            f"{key_path}, {certificate_path}: {error}; give PEM files without a password."
        ) from error
    if usable(key_path, key.public_key()) != certificates[0].public_key():
        raise BadCertificate(f"{key_path} does not belong to the first certificate in {certificate_path}.")
    _check_chain(certificate_path, certificates)
    return LetterSigner(cast(PrivateKey, key), certificates[0], tuple(certificates[1:]))


def load_token_signer(key: TokenKey, certificate_path: Path) -> LetterSigner:
    """A signer whose key stays on a token. The token is asked only when something is signed.

    Raises BadCertificate for a certificate file as ``load_signer`` does.
    """
    try:
        certificates = x509.load_pem_x509_certificates(certificate_path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadCertificate(f"{certificate_path}: {error}; give the certificate as a PEM file.") from error
    usable(certificate_path, certificates[0].public_key())
    _check_chain(certificate_path, certificates)
    return LetterSigner(key, certificates[0], tuple(certificates[1:]))


def _check_chain(path: Path, certificates: list[x509.Certificate]) -> None:
    """A letter carries the leaf alone or the chain up to its root: a checker then sees every byte of it signed."""
    issuers = [*certificates[1:], certificates[-1]] if len(certificates) > 1 else []
    try:
        for one, issuer in zip(certificates, issuers, strict=bool(issuers)):
            one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise BadCertificate(
            f"{path}: the chain is broken; give the certificate, then each issuer in turn, and the root last."
        ) from error


def _make_at_once(folder: Path, common_name: str, now: datetime) -> None:
    """All four files or none: of two processes that make them at the same moment, the first one's count."""
    fresh = folder.with_name(f".{folder.name}-{secrets.token_hex(8)}")
    _make(fresh, common_name, now)
    try:
        os.rename(fresh, folder)  # onto nothing or an empty folder; never over another's files
    except OSError:
        shutil.rmtree(fresh)


def _make(folder: Path, common_name: str, now: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ca_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = _name(f"{common_name[:50]} letters CA")
    ca = _certificate(ca_name, ca_name, ca_key, ca_key, now, ca=True)
    leaf = _certificate(_name(common_name), ca_name, leaf_key, ca_key, now, ca=False)
    chain = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in (leaf, ca))
    _write(folder / "ca-key.pem", _pem(ca_key))
    _write(folder / "ca-cert.pem", ca.public_bytes(serialization.Encoding.PEM))
    _write(folder / "letters-cert.pem", chain)
    _write(folder / "letters-key.pem", _pem(leaf_key))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64] or "Letters")]
    )  # X.520 ub-common-name


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    ca: bool,
) -> x509.Certificate:
    """RFC 5280 profile: a CA that may sign nothing but leaves, and a leaf that may only sign documents."""
    usage = dict.fromkeys(
        ["key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"], False
    )
    public, issuer_public = key.public_key(), issuer_key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, **usage
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes) -> None:
    """Created 0600 from the start: a chmod afterwards would leave a moment when others can read it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
