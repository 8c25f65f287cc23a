"""How a house is set up: from the environment, overruled by the command line. All has a working default.

============================  ===========================================================================
``LEDGER_DATA``               Folder of everything kept: database, evidence, letters, keys (``./var``)
``LEDGER_DATABASE``           SQLAlchemy URL, ``sqlite:////folder/ledger.db`` or ``postgresql://user@host/name``
                              (``ledger.db`` in the data folder)
``LEDGER_BASE_URL``           Where readers find the house (``http://127.0.0.1:8000``); elsewhere only https
``LEDGER_HOST``               Address to listen on (``127.0.0.1``)
``LEDGER_PORT``               Port to listen on (the base URL's own on this machine, else ``8000``)
``LEDGER_SITE_NAME``          What the house is called in the head of its pages (``Permissions Ledger``)
``LEDGER_SMTP_URL``           ``smtp://user:password@host:587`` or ``smtps://host`` (mail lands in a folder)
``LEDGER_MAIL_FROM``          Sender of the house's mail (``ledger@`` and the base URL's host)
``LEDGER_SECRET``             64 hexadecimal digits that sign form tokens (made on first use: ``keys/secret``)
``LEDGER_LETTER_KEY``         The private key that signs letters: a PEM file, mode 0600, or ``pkcs11:token=…;object=…``
                              with ``?module-path=…&pin-source=file:…`` (RFC 7512) for one on a hardware token; its
                              PIN is in that file, mode 0600 (one of our own making)
``LEDGER_LETTER_CERTIFICATE`` PEM file of its certificate, the chain after it; needed with the key
``LEDGER_TIMESTAMP_URL``      Address of a time-stamping authority (RFC 3161) that stamps every letter (no stamps)
``LEDGER_TIMESTAMP_ROOTS``    PEM file of the certificates its stamps have to lead to; needed with the address
``LEDGER_TIMESTAMP_NETWORK``  Network of an authority that is not on the public internet, such as ``10.1.2.0/24``
``LEDGER_TIMESTAMP_OPTIONAL`` ``1``: a letter does without a stamp that cannot be had, instead of waiting for it
``LEDGER_DRAFT_DAYS``         Days after which a request that was begun and never sent is deleted (``90``)
``LEDGER_BEHIND_PROXY``       ``1``: readers' addresses come in the last entry of ``X-Forwarded-For``
============================  ===========================================================================
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ledger.signing_settings import TimeStamping, letter_key, time_stamping
from ledger.token_uri import TokenKey

_HERE = Path(__file__).parent
DEFAULT_PORT = 8000
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class BadSetting(Exception):
    """A setting cannot be used; one line says which, why and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """One house. Build it with ``load_settings``, which checks it."""

    data: Path
    database_url: str = field(repr=False)  # may hold a password
    base_url: str
    host: str
    port: int
    site_name: str
    mail_from: str
    smtp_url: str | None = field(default=None, repr=False)
    secret_hex: str | None = field(default=None, repr=False)
    behind_proxy: bool = False
    draft_days: int = 90
    letter_key: Path | None = None
    letter_token: TokenKey | None = None
    letter_certificate: Path | None = None
    time_stamping: TimeStamping | None = None

    @property
    def is_local(self) -> bool:
        """Whether readers sit at this very machine, where a first-run page needs no code and http will do.

        A house that listens to others may be reached by them whatever address it goes by.
        """
        return urlsplit(self.base_url).hostname in LOOPBACK and self.host.strip("[]") in LOOPBACK

    @property
    def keys(self) -> Path:
        """Where private keys and secrets lie, readable by their owner alone."""
        return self.data / "keys"

    @property
    def templates(self) -> Path:
        """The product's templates: beside ``ledger/`` in a checkout, inside it when installed."""
        return shipped_folder("templates")

    def secret(self) -> bytes:
        """The 32 bytes that sign form tokens; made on first use in ``keys/secret``, mode 0600."""
        if self.secret_hex is not None:
            return bytes.fromhex(self.secret_hex)
        return bytes.fromhex(kept_secret(self.keys / "secret"))

    def set_up_code(self) -> str:
        """The code that the first-run page asks for when readers can reach it from elsewhere."""
        return kept_secret(self.keys / "set-up-code")


def load_settings(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """The settings of ``environment`` (the process's own by default); what is ``given`` and not None wins.

    Names given are those of the variables in lower case: ``data``, ``database``, ``base_url``, ``port``...
    Raises ``BadSetting``.
    """
    source = os.environ if environment is None else environment
    values = {
        name[7:].lower(): value for name, value in source.items() if name.startswith("LEDGER_") and value
    }
    values.update({name: str(value) for name, value in given.items() if value is not None})
    data = Path(values.get("data", "var")).expanduser().absolute()
    port = _port(values.get("port"))
    base_url = _base_url(values.get("base_url"), port)
    host = urlsplit(base_url).hostname or "localhost"
    try:
        signing = letter_key(values.get("letter_key"), values.get("letter_certificate"))
        stamping = time_stamping(
            values.get("timestamp_url"),
            values.get("timestamp_roots"),
            values.get("timestamp_network"),
            optional=_yes(values.get("timestamp_optional")),
        )
    except ValueError as error:
        raise BadSetting(str(error)) from None
    return Settings(
        data=data,
        database_url=values.get("database") or f"sqlite:///{data / 'ledger.db'}",
        base_url=base_url,
        host=values.get("host", "127.0.0.1"),
        port=port or _own_port(base_url),
        site_name=values.get("site_name", "Permissions Ledger"),
        mail_from=values.get("mail_from", f"ledger@{host}"),
        smtp_url=values.get("smtp_url"),
        secret_hex=_secret_hex(values.get("secret")),
        letter_key=signing[0],
        letter_token=signing[1],
        letter_certificate=signing[2],
        time_stamping=stamping,
        draft_days=_days(values.get("draft_days")),
        behind_proxy=_yes(values.get("behind_proxy")),
    )


def shipped_folder(name: str) -> Path:
    """``templates`` or ``migrations``: inside the installed package, else at the root of the checkout."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent / name


def kept_secret(file: Path) -> str:
    """The 64 hexadecimal digits in ``file``, made on first use and readable by the owner alone.

    Several processes may ask at once for the first time: one makes it, all read the same.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        fresh = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w") as opened:
                opened.write(secrets.token_hex(32))
                opened.flush()
                os.fsync(opened.fileno())
            _link(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)
    text = file.read_text().strip()
    if _secret_hex(text) is None:
        raise BadSetting(f"{file} is empty. Delete it; a new one is made, and open forms are sent again.")
    return text


def _link(fresh: Path, file: Path) -> None:
    try:
        os.link(fresh, file)  # fails if another process was first; a rename would replace its file
    except FileExistsError:
        return


def _base_url(text: str | None, given_port: int | None) -> str:
    url = (text or f"http://127.0.0.1:{given_port or DEFAULT_PORT}").rstrip("/")
    remedy = "Write it as https://permissions.example.org."
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:  # a port that is none, an open bracket
        usable = None
    if not usable or parts.path or parts.query or parts.fragment or parts.username:
        raise BadSetting(f"LEDGER_BASE_URL {url!r} is no address of a site. {remedy}")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise BadSetting(f"LEDGER_BASE_URL {url!r} is not encrypted; sign-ins would be readable. {remedy}")
    return url


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 65536:
        raise BadSetting(f"LEDGER_PORT {text!r} is no port. Write a number from 1 to 65535, such as 8000.")
    return int(text)


def _yes(text: str | None) -> bool:
    return (text or "").lower() in {"1", "yes", "true", "on"}


def _days(text: str | None) -> int:
    if text is None:
        return 90
    if not text.isascii() or not text.isdecimal() or not 2 < int(text) <= 3650:
        raise BadSetting(
            f"LEDGER_DRAFT_DAYS {text!r} is no number of days. Write one from 3 to 3650, such as 90."
        )
    return int(text)


def _own_port(base_url: str) -> int:
    """The port that the base URL names, if nothing stands between it and this process."""
    parts = urlsplit(base_url)
    return (parts.port if parts.scheme == "http" else None) or DEFAULT_PORT


def _secret_hex(text: str | None) -> str | None:
    if not text:
        return None
    try:
        long_enough = len(bytes.fromhex(text)) >= 32
    except ValueError:
        long_enough = False
    if not long_enough:
        raise BadSetting(
            "LEDGER_SECRET must be at least 64 hexadecimal digits: python3 -c 'import secrets; "
            "print(secrets.token_hex(32))' makes one."
        )
    return text
