"""A time-stamping authority of the test's own: certificates by ``cryptography``, tokens by OpenSSL, on loopback."""

import hashlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, pem, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

PEM = serialization.Encoding.PEM
STAMPS_ONLY = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)

_CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.1
digests = sha256
accuracy = secs:1
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class TestAuthority:
    """Answers RFC 3161 questions in earnest. ``use``: the certificate's extended key usage, and whether critical."""

    __test__ = False

    def __init__(
        self, folder: Path, use: tuple[x509.ExtensionType, bool] = STAMPS_ONLY, years: float = 20
    ) -> None:
        folder.mkdir()
        self.folder = folder
        root_key, key = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in ("Tides Root", "Tides TSA")]
        self.root = _certificate(names[0], names[0], root_key, root_key, years, None)
        self.certificate = _certificate(names[1], names[0], key, root_key, years, use)
        (folder / "root.pem").write_bytes(self.root.public_bytes(PEM))
        (folder / "tsa.pem").write_bytes(self.certificate.public_bytes(PEM))
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (folder / "key.pem").write_bytes(key.private_bytes(PEM, *plain))
        (folder / "ts.cnf").write_text(_CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self._turn = threading.Lock()

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, question: bytes) -> bytes:
        with self._turn:
            (self.folder / "q.tsq").write_bytes(question)
            self._openssl(
                "-reply", "-queryfile", "q.tsq", "-signer", "tsa.pem", "-inkey", "key.pem", "-out", "r.tsr"
            )
            return (self.folder / "r.tsr").read_bytes()

    def answer_anyhow(self, question: bytes, at: datetime | None = None) -> bytes:
        """As ``answer``, by pyHanko, which does not mind what the certificate is for, nor what time it is."""
        encoded = [(self.folder / name).read_bytes() for name in ("tsa.pem", "key.pem")]
        certificate, key = (pem.unarmor(each)[2] for each in encoded)
        by = DummyTimeStamper(
            asn1_x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key), fixed_dt=at
        )
        return bytes(by.request_tsa_response(tsp.TimeStampReq.load(question)).dump())

    def verifies(self, token: bytes, digest: bytes) -> bool:
        """Whether OpenSSL, which knows nothing of pyHanko, finds that the token stamps this digest."""
        (self.folder / "t.der").write_bytes(token)
        told = ["-digest", digest.hex(), "-in", "t.der", "-token_in", "-CAfile", "root.pem"]
        return self._openssl("-verify", *told, check=False).returncode == 0

    def verifies_answer(self, answer: Path, data: Path) -> bool:
        """The same of a whole answer and a file."""
        told = ["-data", str(data), "-in", str(answer), "-CAfile", "root.pem"]
        return self._openssl("-verify", *told, check=False).returncode == 0

    def question(self, data: bytes) -> bytes:
        """A question by OpenSSL."""
        return self._openssl("-query", "-digest", hashlib.sha256(data).hexdigest(), "-sha256", "-cert").stdout

    def _openssl(self, *arguments: str, check: bool = True) -> Any:
        config = ["-config", "ts.cnf"] if arguments[0] == "-reply" else []
        command = ["openssl", "ts", *arguments, *config]
        return subprocess.run(command, cwd=self.folder, check=check, capture_output=True)

    @contextmanager
    def served(self, port: int = 0) -> Iterator["Served"]:
        """On loopback, answering as it should until ``instead`` says otherwise."""
        server = Served(self, port)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    by: ec.EllipticCurvePrivateKey,
    years: float,
    use: tuple[x509.ExtensionType, bool] | None,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=use is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(use is not None, *[False] * 4, use is None, *[False] * 3), critical=True)
    )
    if use is not None:
        builder = builder.add_extension(use[0], critical=use[1])
    return builder.sign(by, hashes.SHA256())


class Served(ThreadingHTTPServer):
    """``instead``: what answers in its place; called with the handler and the question. ``asked`` counts questions."""

    daemon_threads = True
    instead: Callable[[BaseHTTPRequestHandler, bytes], None] | None = None

    def __init__(self, authority: TestAuthority, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.authority = authority
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/tsr"


class _Handler(BaseHTTPRequestHandler):
    server: Served

    def do_POST(self) -> None:
        question = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(dict(self.headers))
        try:
            if self.server.instead is not None:
                self.server.instead(self, question)
            else:
                send(self, self.server.authority.answer(question))
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, *_: Any) -> None:
        pass


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    kind: str = "application/timestamp-reply",
    **more: str,
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in more.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority(tmp_path_factory.mktemp("tsa") / "tides")
