"""Where a key lies that never leaves its hardware: a PKCS #11 URI (RFC 7512).

    pkcs11:token=House;object=letters?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/ledger/pin

The PIN itself is never part of it: settings are seen in process lists, logs and backups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

SCHEME = "pkcs11:"
_PATH = frozenset({"token", "serial", "object", "id", "type"})
_QUERY = frozenset({"module-path", "pin-source"})


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A private key on a token. ``label`` and ``id`` are those of the key (one of them at least), the token is known
    by its label, its serial number, or both."""

    uri: str
    module: Path
    pin_file: Path
    token: str = ""
    serial: str = ""
    label: str = ""
    id: bytes = b""

    def __str__(self) -> str:
        return self.uri

    @property
    def token_name(self) -> str:
        """The token as a message names it."""
        return f"token {self.token}" if self.token else f"token with serial number {self.serial}"

    @property
    def key_name(self) -> str:
        """The key likewise."""
        return f"key {self.label}" if self.label else f"key with id {self.id.hex()}"


def read_token_uri(uri: str) -> TokenKey:
    """The key that a URI names. Raises ValueError, one line that says what to write instead."""
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    named = dict(_pairs(path, ";", _PATH))
    asked = dict(_pairs(query, "&", _QUERY))
    if not uri.startswith(SCHEME) or not ({"token", "serial"} & named.keys()):
        raise ValueError(
            "name the token: pkcs11:token=LABEL;object=KEY?module-path=FILE&pin-source=file:FILE"
        )
    if not {"object", "id"} & named.keys():
        raise ValueError("name the key on the token: object=LABEL, or id= with its bytes as %01%02")
    if named.get("type", b"private") != b"private":
        raise ValueError("type= is something else than private; letters are signed with a private key")
    return TokenKey(
        uri=uri,
        module=_file(asked, "module-path", "the token's own library"),
        pin_file=_file(asked, "pin-source", "a file of mode 0600 with the PIN"),
        token=_text(named, "token"),
        serial=_text(named, "serial"),
        label=_text(named, "object"),
        id=named.get("id", b""),
    )


def _pairs(text: str, between: str, known: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    seen = set()
    for each in filter(None, text.split(between)):
        name, equals, value = each.partition("=")
        if name == "pin-value":
            raise ValueError("a PIN is never written here; put it into a file and give pin-source=file:FILE")
        if name not in known or name in seen or not equals or not value:
            raise ValueError(f"{name[:40]!r} is not understood, empty, or there twice")
        seen.add(name)
        yield name, unquote_to_bytes(value)


def _text(named: dict[str, bytes], name: str) -> str:
    try:
        return named.get(name, b"").decode()
    except UnicodeDecodeError:
        raise ValueError(f"{name}= is not UTF-8") from None


def _file(asked: dict[str, bytes], name: str, what: str) -> Path:
    path = Path(_text(asked, name).removeprefix("file://").removeprefix("file:"))
    if not path.is_absolute():
        raise ValueError(f"{name}= has to name {what}, with its whole path")
    return path
