"""Whether any row still names a file of the evidence store, or a party: before it may go."""

from sqlalchemy import JSON, Connection, String, Text, cast, exists, select
from sqlalchemy.sql.elements import ColumnElement

from ledger.records.schema import metadata
from ledger.records.tables import claim, party
from ledger.records.tenant import Tenant


def still_named(connection: Connection, sha256: str) -> bool:
    """Whether a row of any publisher names this SHA-256, alone in a column or inside a document.

    Looks through whole tables: for the rare act of erasing. What the journal names has a row as well.
    """
    return any(
        connection.scalar(select(exists().where(_names(column, sha256))))
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, JSON) or (isinstance(column.type, String) and "sha256" in column.name)
    )


def forget_party(tenant: Tenant, party_id: str) -> bool:
    """Delete a party that no claim, terms, letter or question names any more; whether it is gone."""
    claimed = tenant.first(tenant.select(claim, claim.c.id).where(claim.c.party_id == party_id))
    documents = (
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, JSON) and table is not party
    )
    named = (
        tenant.connection.scalar(select(exists().where(cast(column, Text).contains(party_id))))
        for column in documents
    )
    if claimed is not None or any(named):
        return False
    return tenant.change(tenant.delete(party).where(party.c.id == party_id)) > 0


def _names(column: ColumnElement[object], sha256: str) -> ColumnElement[bool]:
    if isinstance(column.type, JSON):
        return cast(column, Text).contains(sha256)
    return column == sha256
