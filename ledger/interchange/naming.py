"""The addresses under which the ledger's things are named in other people's formats."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from rdflib import Namespace

LG = Namespace("https://permissions-ledger.example/ns/odrl/1/")
"""Our ODRL profile. The host is a reserved one (RFC 2606): the name is a name and need not resolve."""

ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
RIGHTSML_PROFILE = "https://iptc.org/std/RightsML/odrl-profile/"

BASE_URL = "http://127.0.0.1:8000"


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
