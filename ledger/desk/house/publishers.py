"""A publisher's own entry in the house: who it is, how it is reached, what stands on its letterhead."""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput, Clash, NotFound
from ledger.ids import new_id
from ledger.mail import UnsafeHeader, check_address
from ledger.records import journal_store
from ledger.records.journal_publishing import verifier_key
from ledger.records.publishers import (
    PublisherRow,
    add_publisher,
    all_publishers,
    change_publisher,
    publisher_by_id,
    publisher_by_slug,
    publisher_sha256,
)
from ledger.rights.countries import COUNTRIES
from ledger.rights.parties import Contact, ContactRole, Party

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")  # as much as the numbers of letters have room for
_ASK_HERE = (ContactRole.REPRINT_PERMISSION,)
_CHANGEABLE = (
    "name",
    "legal_name",
    "permissions_email",
    "url",
    "country",
    "language",
    "address",
    "signatory",
)


def create_publisher(
    desk: Desk,
    *,
    slug: str,
    name: str,
    permissions_email: str,
    legal_name: str | None = None,
    **details: str | None,
) -> PublisherRow:
    """Open a publisher's register and its journal.

    ``slug`` is the short name in addresses and letter numbers. Raises ``BadInput``, or ``Clash`` for a slug in use.
    """
    values = {
        "name": name,
        "legal_name": legal_name or name,
        "permissions_email": permissions_email,
        **details,
    }
    errors = _errors(values)
    if not _SLUG.fullmatch(slug):
        errors["slug"] = (
            "Use small letters, digits and hyphens for the short name, at most 40, such as harbour-review."
        )
    if errors:
        raise BadInput(errors)
    row = PublisherRow(
        id=new_id("pb"),
        slug=slug,
        number_prefix=slug.upper(),
        created_at=desk.clock(),
        **{key: value for key, value in values.items() if value is not None},  # type: ignore[arg-type]
    )
    with desk.database.writing() as connection:
        if publisher_by_slug(connection, slug):
            raise Clash(f"There is already a publisher called {slug}; choose another short name.", "slug")
        add_publisher(connection, row)
        _open_journal(connection, row)
    return row


def _open_journal(connection: Connection, row: PublisherRow) -> None:
    """The first entry; it names the key, so that a lost one is missed."""
    payload = {
        "publisher": row.id,
        "slug": row.slug,
        "name": row.name,
        "legal_name": row.legal_name,
        "journal_key": verifier_key(connection, row.id).vkey,
    }
    committed = committed_details({each.name: getattr(row, each.name) for each in fields(row)})
    journal_store.append(connection, row.id, "publisher.opened", payload, committed, row.created_at)


def open_from_page(desk: Desk, slug: str, record: dict[str, Any]) -> PublisherRow:
    """The publisher of this short name; one that is new is opened with what its page says of it.

    An address for requests that the page does not give stays unknown (empty) until somebody fills it in.
    """
    with desk.database.reading() as connection:
        known = publisher_by_slug(connection, slug)
    if known is not None:
        return known
    site = record.get("republisher") or {}
    contacts = record.get("contacts") or []
    asked = next((each for each in contacts if "reprint_permission" in each["roles"]), None)
    name = site.get("name") or slug.replace("-", " ").title()
    return create_publisher(
        desk,
        slug=slug,
        name=name,
        legal_name=site.get("legal_name") or name,
        permissions_email=asked["email"] if asked else "",
    )


def update_publisher(desk: Desk, who: Who, **changes: str | None) -> PublisherRow:
    """Change what stands in the publisher's entry. Raises ``BadInput`` and ``NotAllowed``."""
    who.must_be("admin", "officer")
    errors = _errors(changes)
    if errors:
        raise BadInput(errors)
    return record_details(desk, who, changes)


def record_details(desk: Desk, who: Who, changes: Mapping[str, Any]) -> PublisherRow:
    """Write details that were checked, with their entry."""
    with desk.database.writing() as connection:
        change_publisher(connection, who.publisher_id, **changes)
        payload = {"publisher": who.publisher_id, "changed": sorted(changes), "by": who.person_id}
        details = committed_details(changes)
        journal_store.append(
            connection, who.publisher_id, "publisher.changed", payload, details, desk.clock()
        )
    return own_publisher(desk, who.publisher_id)


def committed_details(details: Mapping[str, Any]) -> dict[str, str]:
    """What an entry commits to of a publisher's details: the leaf tells neither an address nor who signs."""
    return {f"publisher.{name}": sha256 for name, sha256 in publisher_sha256(details).items()}


def find_publisher(desk: Desk, slug: str) -> PublisherRow:
    """The publisher with this short name. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        row = publisher_by_slug(connection, slug)
    if row is None:
        raise NotFound(f"There is no publisher called {slug} in this ledger.", "publisher")
    return row


def own_publisher(desk: Desk, publisher_id: str) -> PublisherRow:
    """The publisher with this id. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        row = publisher_by_id(connection, publisher_id)
    if row is None:
        raise NotFound("There is no such publisher in this ledger.", "publisher")
    return row


def list_publishers(desk: Desk) -> list[PublisherRow]:
    """Every publisher of this ledger, by name."""
    with desk.database.reading() as connection:
        return all_publishers(connection)


def party_of(row: PublisherRow) -> Party:
    """The publisher as a party to rights: its party id is its publisher id."""
    return Party(
        id=row.id,
        name=row.name,
        legal_name=row.legal_name,
        country=row.country,
        contacts=(Contact(email=row.permissions_email or None, url=row.url, roles=_ASK_HERE),),
    )


def set_payment(
    desk: Desk, who: Who, *, instructions: str, first: bool, days: int, vat_id: str = ""
) -> PublisherRow:
    """How the publisher is paid: in which way (plain text), whether letters wait for it, within how many days.

    Invoices show it from now on, those that are open as well. Raises ``BadInput`` and ``NotAllowed``.
    """
    who.must_be("admin", "officer")
    errors = {}
    if len(instructions) > 2_000:
        errors["instructions"] = "This is longer than 2,000 characters; shorten it."
    if not 0 <= days <= 365:
        errors["days"] = "Give a number of days from 0 to 365."
    if len(vat_id) > 60:
        errors["vat_id"] = "This is longer than 60 characters; shorten it."
    if errors:
        raise BadInput(errors)
    changes = {
        "payment_instructions": instructions.strip() or None,
        "payment_first": first,
        "payment_days": days,
        "vat_id": vat_id.strip() or None,
    }
    return record_details(desk, who, changes)


def _mailable(email: str) -> bool:
    """It is the answering address of every mail: one that no header takes would keep all of them from being sent."""
    try:
        check_address("permissions_email", email)
    except UnsafeHeader:
        return False
    return "." in email.rpartition("@")[2]


def _errors(values: dict[str, str | None]) -> dict[str, str]:
    errors = {
        key: f"{key} is no detail of a publisher; there are {', '.join(_CHANGEABLE)}."
        for key in values
        if key not in _CHANGEABLE
    }
    if "name" in values and not (values["name"] or "").strip():
        errors["name"] = "Give the publisher's name as its readers know it."
    email = values.get("permissions_email")
    if email and not _mailable(email):
        errors["permissions_email"] = (
            "Give the address that permission requests go to, such as rights@example.org."
        )
    country = values.get("country")
    if country and country not in COUNTRIES:
        errors["country"] = f"{country} is no country code of ISO 3166-1, such as CA."
    url = values.get("url")
    if url and not re.match(r"https?://[^\s]+$", url):
        errors["url"] = "Give the full address of the site, beginning with https://."
    return errors
