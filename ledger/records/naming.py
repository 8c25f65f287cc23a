"""Whether any row still names a file of the evidence store: before its bytes may go."""

from sqlalchemy import JSON, Connection, String, Text, cast, exists, select
from sqlalchemy.sql.elements import ColumnElement

from ledger.records.schema import metadata


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


def _names(column: ColumnElement[object], sha256: str) -> ColumnElement[bool]:
    if isinstance(column.type, JSON):
        return cast(column, Text).contains(sha256)
    return column == sha256
