"""The settings of what letters are signed and time-stamped with."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ledger.token_uri import SCHEME, TokenKey, read_token_uri

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class TimeStamping:
    """An authority for time stamps (RFC 3161). ``network`` is where it may be beside the public internet.

    ``optional``: a letter does without a stamp that cannot be had; else it waits for it.
    """

    url: str
    roots: Path
    network: str = ""
    optional: bool = False

    @property
    def port(self) -> int:
        """The port of the address."""
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)


def letter_key(key: str | None, certificate: str | None) -> tuple[Path | None, TokenKey | None, Path | None]:
    """(key file, key on a token, certificate): key and certificate come together or not at all, and have to be there.

    Raises ValueError, as all here: one line that says which setting, why, and what to write instead.
    """
    if bool(key) != bool(certificate):
        raise ValueError("Set both LEDGER_LETTER_KEY and LEDGER_LETTER_CERTIFICATE, or neither of them.")
    if not key or not certificate:
        return None, None, None
    chain = _there("LEDGER_LETTER_CERTIFICATE", certificate)
    if not key.startswith(SCHEME):
        return _there("LEDGER_LETTER_KEY", key), None, chain
    try:
        token = read_token_uri(key)
    except ValueError as error:
        raise ValueError(f"LEDGER_LETTER_KEY: {error}.") from None
    _there("LEDGER_LETTER_KEY, module-path", token.module)
    _there("LEDGER_LETTER_KEY, pin-source", token.pin_file)
    return None, token, chain


def time_stamping(
    url: str | None, roots: str | None, network: str | None, *, optional: bool
) -> TimeStamping | None:
    """The authority, or None where no address is set. Over plain http too: a stamp is signed, and holds no secret."""
    if not url:
        if roots or network or optional:
            raise ValueError("LEDGER_TIMESTAMP_URL is missing; set it beside the others, or none of them.")
        return None
    parts = urlsplit(url)
    try:
        usable = (
            parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and not parts.username
        )
    except ValueError:
        usable = None
    if not usable:  # it is not shown: it may hold a password
        raise ValueError(
            "LEDGER_TIMESTAMP_URL is no address, or carries a name. Write it as https://tsa.example.org/tsr."
        )
    if not roots:
        raise ValueError(
            "LEDGER_TIMESTAMP_ROOTS is missing; give the authority's root certificates, or anybody's stamp would do."
        )
    if network:
        try:
            network = str(ipaddress.ip_network(network))
        except ValueError:
            raise ValueError(
                f"LEDGER_TIMESTAMP_NETWORK {network!r} is no network. Write it as 10.1.2.0/24."
            ) from None
    return TimeStamping(url, _there("LEDGER_TIMESTAMP_ROOTS", roots), network or "", optional)


def _there(name: str, file: str | Path) -> Path:
    path = Path(file).expanduser().absolute()
    if not path.is_file():
        raise ValueError(f"{name}: there is no file {path}.")
    return path
