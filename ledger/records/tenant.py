"""One publisher's share of the records, and the only way to it.

Every query on a table with a ``publisher_id`` starts from a ``Tenant``, so that no act can forget whose rows
it means. The few views that look across publishers (public lookup, finder, a letter by its number, the
worker's lists of what is due) stand in modules of their own and name what they leave out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Delete, RowMapping, Select, Table, Update, delete, insert, select, update
from sqlalchemy.sql.elements import ColumnElement


@dataclass(frozen=True)
class Tenant:
    """A connection that sees one publisher's rows."""

    connection: Connection
    publisher_id: str
    _written: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def wrote(self, what: str, id_: str, sha256: str) -> None:
        """Note a row that the act's entry has to commit to, by the hash of its content: see ``written``."""
        self._written[f"{what}.{id_}"] = sha256

    def written(self) -> dict[str, str]:
        """What was written so far and no entry has committed to: ``personal`` of the act's next entry."""
        found = dict(self._written)
        self._written.clear()
        return found

    def select(self, table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
        """``SELECT columns (or all) FROM table`` of this publisher."""
        chosen = select(*columns) if columns else select(table)
        return chosen.where(table.c.publisher_id == self.publisher_id)

    def update(self, table: Table) -> Update:
        """``UPDATE table`` of this publisher."""
        return update(table).where(table.c.publisher_id == self.publisher_id)

    def delete(self, table: Table) -> Delete:
        """``DELETE FROM table`` of this publisher."""
        return delete(table).where(table.c.publisher_id == self.publisher_id)

    def insert(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Insert rows as this publisher's; a ``publisher_id`` of another is refused (``ValueError``)."""
        if any(row.get("publisher_id", self.publisher_id) != self.publisher_id for row in rows):
            raise ValueError("A row of another publisher cannot be written here.")
        if rows:
            owned = [{**row, "publisher_id": self.publisher_id} for row in rows]
            self.connection.execute(insert(table), owned)

    def first(self, statement: Select[Any]) -> RowMapping | None:
        """The first row, or None."""
        return self.connection.execute(statement.limit(1)).mappings().first()

    def all(self, statement: Select[Any]) -> list[RowMapping]:
        """Every row. Give the statement a limit where the number of rows has none."""
        return list(self.connection.execute(statement).mappings())

    def change(self, statement: Update | Delete) -> int:
        """Run it; the number of rows it changed."""
        return self.connection.execute(statement).rowcount
