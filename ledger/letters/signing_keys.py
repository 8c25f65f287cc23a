"""What a key must be to sign letters, wherever it lies: EC or RSA, strong enough, and the certificate's own."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class BadCertificate(ValueError):
    """The certificate or key cannot be used; the message names the file and what to do."""


def usable(place: Path | str, key: object) -> PublicKey:
    """The public key, if letters may be signed with it. Raises BadCertificate, which names ``place``."""
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise BadCertificate(f"{place}: neither an EC nor an RSA key; make an EC P-256 key.")
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < 2048:
        raise BadCertificate(f"{place}: RSA of {key.key_size} bits is too weak; make an EC P-256 key.")
    return key


def verify(public: PublicKey, signature: bytes, data: bytes) -> None:
    """Raises InvalidSignature unless the key made this signature with SHA-256."""
    if isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    else:
        public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
