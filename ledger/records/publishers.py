"""Publishers: the tenants of the register."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ledger.journal.entry import document_sha256
from ledger.records.tables import publisher


@dataclass(frozen=True)
class PublisherRow:
    """A publisher as recorded: field for field the columns of its table."""

    id: str
    slug: str
    name: str
    legal_name: str
    permissions_email: str
    number_prefix: str
    created_at: datetime
    language: str = "en"
    url: str | None = None
    country: str | None = None
    address: str | None = None
    signatory: str | None = None
    wording: dict[str, Any] | None = None
    logo_sha256: str | None = None
    signature_sha256: str | None = None
    vat_id: str | None = None
    payment_instructions: str | None = None
    payment_first: bool = False
    payment_days: int = 30


def add_publisher(connection: Connection, row: PublisherRow) -> None:
    """Write a new publisher."""
    connection.execute(insert(publisher), {each.name: getattr(row, each.name) for each in fields(row)})


def publisher_sha256(details: Mapping[str, Any]) -> dict[str, str]:
    """What the journal commits to of a publisher: of each detail (address, bank account, logo...) the hash."""
    return {
        name: document_sha256(value) for name, value in details.items() if name not in ("id", "created_at")
    }


def change_publisher(connection: Connection, publisher_id: str, **changes: Any) -> None:
    """Change a publisher's details."""
    connection.execute(update(publisher).where(publisher.c.id == publisher_id).values(changes))


def publisher_by_slug(connection: Connection, slug: str) -> PublisherRow | None:
    """The publisher with this short name."""
    return _one(connection, publisher.c.slug == slug)


def publisher_by_id(connection: Connection, publisher_id: str) -> PublisherRow | None:
    """The publisher with this id."""
    return _one(connection, publisher.c.id == publisher_id)


def all_publishers(connection: Connection, limit: int = 1_000) -> list[PublisherRow]:
    """Every publisher of this ledger, by name."""
    rows = connection.execute(select(publisher).order_by(publisher.c.name).limit(limit)).mappings()
    return [PublisherRow(**row) for row in rows]


def _one(connection: Connection, condition: Any) -> PublisherRow | None:
    row = connection.execute(select(publisher).where(condition)).mappings().first()
    return PublisherRow(**row) if row else None
