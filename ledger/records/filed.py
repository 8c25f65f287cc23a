"""What the register holds of letters and requests, for comparing with the journal."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.records.request_tables import letter, request
from ledger.records.tenant import Tenant


@dataclass(frozen=True)
class Filed:
    """A letter's row as far as the journal speaks of it."""

    number: str
    state: str
    sha256: str | None
    grant_sha256: str | None


def filed_letters(connection: Connection, publisher_id: str) -> dict[str, Filed]:
    """Every letter of a publisher by its id."""
    tenant = Tenant(connection, publisher_id)
    columns = (letter.c.id, letter.c.number, letter.c.state, letter.c.sha256, letter.c.document)
    return {
        row["id"]: Filed(row["number"], row["state"], row["sha256"], row["document"].get("grant_sha256"))
        for row in tenant.all(tenant.select(letter, *columns))
    }


def filed_requests(connection: Connection, publisher_id: str) -> set[str]:
    """The ids of every request that reached a publisher's desk."""
    tenant = Tenant(connection, publisher_id)
    statement = tenant.select(request, request.c.id).where(request.c.submitted_at.is_not(None))
    return {row["id"] for row in tenant.all(statement)}
