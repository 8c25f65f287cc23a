"""Who holds, gives, asks and answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PartyKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class ContactRole(StrEnum):
    """What a published address is for. Only ``reprint_permission`` and ``rights`` are places to ask for
    leave."""

    REPRINT_PERMISSION = "reprint_permission"
    RIGHTS = "rights"
    MEDIA = "media"
    EDITORIAL = "editorial"
    LEGAL = "legal"
    ACCOUNTS = "accounts"
    GENERAL = "general"


class IdentifierScheme(StrEnum):
    DOMAIN = "domain"
    ISNI = "isni"
    ORCID = "orcid"
    WIKIDATA = "wikidata"
    VAT = "vat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach a party. Any field may be unknown; a contact with neither email nor url is only a
    name."""

    email: str | None = None
    name: str | None = None
    url: str | None = None
    phone: str | None = None
    roles: tuple[ContactRole, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    scheme: IdentifierScheme
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or an organisation. ``id`` alone says whether two parties are the same; names never do."""

    id: str
    name: str
    kind: PartyKind = PartyKind.ORGANISATION
    legal_name: str | None = None
    other_names: tuple[str, ...] = ()
    country: str | None = None  # ISO 3166-1 alpha-2
    contacts: tuple[Contact, ...] = ()
    identifiers: tuple[Identifier, ...] = ()

    def permissions_contact(self) -> Contact | None:
        """Where to ask for leave: a permissions address if one is known, else any other that is not for
        the press."""
        wanted = (ContactRole.REPRINT_PERMISSION, ContactRole.RIGHTS)
        for role in wanted:
            for contact in self.contacts:
                if role in contact.roles:
                    return contact
        return next((c for c in self.contacts if set(c.roles) != {ContactRole.MEDIA}), None)
