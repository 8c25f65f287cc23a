"""The whole schema in one place: importing this module fills ``metadata`` with every table of the house.

What a database knows beside tables (full-text index, triggers) is plain SQL in the migrations.
"""

from typing import Any

from sqlalchemy.sql.schema import SchemaItem

from ledger.records import (
    journal_tables,
    mail_tables,
    request_tables,
    search_tables,
    tables,
    tasks,
)
from ledger.records.base import metadata

__all__ = ["include_object", "metadata"]

_ROOMS = (journal_tables, mail_tables, request_tables, search_tables, tables)
_NOT_TABLES_OF_OURS = ("piece_fts", "alembic_version", *tasks.TABLES)


def include_object(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None
) -> bool:
    """Whether Alembic compares this: not the full-text index, which SQLAlchemy does not know."""
    if kind == "table":
        table: Any = item
        return table.schema is None and not (name or "").startswith(_NOT_TABLES_OF_OURS)
    return not (reflected and name in ("words", "ix_piece_text_words"))
