"""The addresses under which the ledger's things are named in other people's formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

import ada_url
from rdflib import Namespace

LG = Namespace("https://permissions-ledger.example/ns/odrl/1/")
"""Our ODRL profile. The host is a reserved one (RFC 2606): the name is a name and need not resolve."""

ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
RIGHTSML_PROFILE = "https://iptc.org/std/RightsML/odrl-profile/"

BASE_URL = "http://127.0.0.1:8000"

_SAFE = ":/?@!$&'()*+,;=%"
_HOST = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:\[\]]+")  # browsers let more into a host than RFC 3986
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def uri_of(url: str | None) -> str | None:
    """A web address as a URI of RFC 3986: the host in ASCII, whatever a URI may not hold percent-encoded.

    None for what is no web address. Other people's formats ask for a URI, and pages are full of addresses that
    are none.
    """
    try:
        parsed = ada_url.URL((url or "").strip())
    except ValueError:  # UnicodeEncodeError, for half a surrogate pair, is one too
        return None
    if parsed.protocol not in ("http:", "https:") or not _HOST.fullmatch(parsed.host):
        return None
    rest = [quote(_BARE_PERCENT.sub("%25", part), safe=_SAFE) for part in (parsed.pathname, parsed.search)]
    fragment = quote(_BARE_PERCENT.sub("%25", parsed.hash[1:]), safe=_SAFE)
    return f"{parsed.origin}{''.join(rest)}" + (f"#{fragment}" if fragment else "")


@dataclass(frozen=True, slots=True)
class Names:
    """IRIs under the address of this ledger. Ids are percent-encoded, so any text is a legal one."""

    base_url: str = BASE_URL

    def of(self, room: str, identifier: str) -> str:
        return f"{self.base_url.rstrip('/')}/{room}/{quote(identifier, safe='')}"

    def piece(self, identifier: str) -> str:
        """The public rights page of a piece."""
        return self.of("pieces", identifier)

    def asking(self, identifier: str) -> str:
        """Where permission for a piece is asked."""
        return f"{self.piece(identifier)}/ask"

    def component(self, identifier: str) -> str:
        return self.of("components", identifier)

    def party(self, identifier: str) -> str:
        return self.of("parties", identifier)

    def terms(self, identifier: str) -> str:
        return self.of("terms", identifier)

    def letter(self, number: str) -> str:
        return self.of("letters", number)
