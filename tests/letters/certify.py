"""Certificates that the product does not make itself."""

from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.letters import cast


def rsa_pair(folder: Path, name: str) -> tuple[Path, Path]:
    """(key, certificate) as PEM files: RSA, signed by itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(cast.ISSUED - timedelta(days=1))
        .not_valid_after(cast.ISSUED + timedelta(days=900))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "rsa-key.pem", folder / "rsa-cert.pem"
    kept = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[0].write_bytes(key.private_bytes(*kept))
    paths[0].chmod(0o600)
    paths[1].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return paths
