"""A real PKCS #11 token in a folder of the test's own: SoftHSM 2."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from ledger.letters import token_signing
from ledger.letters.certificates import LetterSigner, load_or_make_signer, load_token_signer
from ledger.token_uri import TokenKey, read_token_uri

PIN = "4711-0815"
PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


@dataclass(frozen=True)
class Token:
    """A token called ``Harbour`` with the key ``letters`` (id 01), and the certificate made for that key."""

    folder: Path
    certificate: Path
    pin_file: Path

    @property
    def key(self) -> TokenKey:
        return self.key_at()

    def key_at(self, **changes: str) -> TokenKey:
        """The key by its URI, with other parts where given."""
        parts = {"token": "Harbour", "object": "letters", "module": module(), "pin": self.pin_file, **changes}
        path = f"token={quote(parts['token'])};object={quote(parts['object'])}"
        return read_token_uri(f"pkcs11:{path}?module-path={parts['module']}&pin-source=file:{parts['pin']}")

    @property
    def signer(self) -> LetterSigner:
        return load_token_signer(self.key, self.certificate)

    def pull(self) -> None:
        (self.folder / "tokens").rename(self.folder / "pulled")
        (self.folder / "tokens").mkdir()

    def put_back(self) -> None:
        (self.folder / "tokens").rmdir()
        (self.folder / "pulled").rename(self.folder / "tokens")

    def add(self, label: str, key: Path, identity: str = "01", token: str = "Harbour") -> None:
        """Put a private key (PEM, PKCS #8) onto a token; nobody takes it off again."""
        told = ["--token", token, "--label", label, "--id", identity, "--pin", PIN]
        _util("--import", str(key), *told)


def module() -> str:
    found = [place for place in PLACES if Path(place).is_file()]
    assert found, "SoftHSM is missing; install by hand: sudo apt-get install softhsm2"
    return found[0]


def _util(*arguments: str) -> None:
    program = shutil.which("softhsm2-util")
    assert program, "SoftHSM is missing; install by hand: sudo apt-get install softhsm2"
    subprocess.run([program, "--module", module(), *arguments], check=True, capture_output=True)


def new_token(label: str) -> None:
    _util("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "so-" + PIN)


@pytest.fixture
def soft_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    """A token of the test's own, and none of another test's left in the module."""
    folder = tmp_path / "softhsm"
    (folder / "tokens").mkdir(parents=True)
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    new_token("Harbour")
    load_or_make_signer(folder / "made", "Harbour Review CIC")
    pin_file = folder / "pin"
    pin_file.write_text(PIN + "\n")
    pin_file.chmod(0o600)
    token = Token(folder, folder / "made" / "letters-cert.pem", pin_file)
    token.add("letters", folder / "made" / "letters-key.pem")
    (folder / "made" / "letters-key.pem").unlink()  # from here on it is on the token alone
    token_signing.start_afresh()
    yield token
    token_signing.start_afresh()
