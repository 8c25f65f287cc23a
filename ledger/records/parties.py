"""Parties a publisher deals with, and its standing arrangements with sources."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ledger.journal.entry import document_sha256
from ledger.records.tables import party, source_profile
from ledger.records.tenant import Tenant
from ledger.records.words import folded
from ledger.rights.parties import Party
from ledger.rights.wire import from_plain, to_plain


def store_party(tenant: Tenant, value: Party, *, keep: bool = False) -> None:
    """Record a party, or what is now known of it. With ``keep`` one already on record is left as it is.

    What was written is among ``tenant.written()``, for the act's entry in the journal.
    """
    known = tenant.first(tenant.select(party, party.c.id).where(party.c.id == value.id))
    columns = {"name": value.name, "name_key": folded(value.name), "document": to_plain(value)}
    if known is None:
        tenant.insert(party, {"id": value.id, **columns})
    elif not keep:
        tenant.change(tenant.update(party).where(party.c.id == value.id).values(columns))
    if known is None or not keep:
        tenant.wrote("party", value.id, party_sha256(columns))


def party_sha256(row: Mapping[str, Any]) -> str:
    """What the journal commits to of a party: its name and everything known of it, contacts too."""
    return document_sha256({"name": row["name"], "document": row["document"]})


def load_party(tenant: Tenant, party_id: str) -> Party | None:
    """The party with this id."""
    row = tenant.first(tenant.select(party, party.c.document).where(party.c.id == party_id))
    return from_plain(Party, row["document"]) if row else None


def find_party(tenant: Tenant, name: str, domain: str | None = None) -> Party | None:
    """The one party of this name (case, accents and punctuation aside).

    Names alone never prove identity: where several bear it, the one with the domain, else None (ask).
    """
    statement = tenant.select(party, party.c.document).where(party.c.name_key == folded(name))
    found = [
        from_plain(Party, row["document"]) for row in tenant.all(statement.order_by(party.c.id).limit(50))
    ]
    if domain:
        found = [one for one in found if any(each.value == domain for each in one.identifiers)] or found
    return found[0] if len(found) == 1 else None


def store_source_profile(
    tenant: Tenant, profile_id: str, source_name: str, document: dict[str, Any], at: datetime
) -> None:
    """Record a standing arrangement with a source; a later one of the same id takes its place."""
    tenant.change(tenant.delete(source_profile).where(source_profile.c.id == profile_id))
    row = {"id": profile_id, "source_name": source_name, "document": document, "recorded_at": at}
    tenant.insert(source_profile, row)


def load_source_profiles(tenant: Tenant, limit: int = 1_000) -> list[tuple[str, dict[str, Any]]]:
    """(id, document) of every arrangement, in the order recorded."""
    columns = (source_profile.c.id, source_profile.c.document)
    statement = tenant.select(source_profile, *columns).order_by(source_profile.c.recorded_at)
    return [(row["id"], row["document"]) for row in tenant.all(statement.limit(limit))]
