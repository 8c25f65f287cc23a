"""Pages of lists: by the last row seen, never by counting rows from the start; counts stop at a cap."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Select, func, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

COUNT_CAP = 1_001
"""A count of this much means "more than 1,000"."""

Row = TypeVar("Row")
Other = TypeVar("Other")


class BadCursor(ValueError):
    """The page mark was not made by us: start from the first page."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, the mark of the next page (None at the end), and how many there are (at most COUNT_CAP)."""

    rows: list[Row]
    next: str | None
    count: int

    @property
    def many(self) -> bool:
        """Whether ``count`` is only a lower bound."""
        return self.count >= COUNT_CAP

    def map(self, change: Callable[[Row], Other]) -> "Page[Other]":
        """The same page with each row changed."""
        return Page([change(row) for row in self.rows], self.next, self.count)


def mark(*values: object) -> str:
    """An opaque page mark of times, numbers and texts."""
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def unmark(text: str, kinds: Sequence[type]) -> list[Any]:
    """The values of a page mark. Raises ``BadCursor`` for anything but a mark of just these kinds."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = [_moment(value["t"]) if isinstance(value, dict) else value for value in plain]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise BadCursor("The page mark cannot be read; start from the first page.") from error
    if len(values) != len(kinds) or any(type(v) is not k for v, k in zip(values, kinds, strict=False)):
        raise BadCursor("The page mark is of another list; start from the first page.")
    if any(isinstance(v, int) and abs(v) >= 1 << 63 for v in values) or not all(map(_harmless, values)):
        raise BadCursor("The page mark cannot be read; start from the first page.")
    return values


def _harmless(value: object) -> bool:
    """A text that both databases take: short, printable."""
    return not isinstance(value, str) or (len(value) <= 200 and value.isprintable())


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def capped_count(connection: Connection, statement: Select[Any]) -> int:
    """How many rows the statement finds, counting no further than COUNT_CAP."""
    few = statement.order_by(None).limit(COUNT_CAP).subquery()
    return connection.execute(select(func.count()).select_from(few)).scalar_one()


def after_mark(
    columns: Sequence[ColumnElement[Any]], kinds: Sequence[type], after: str | None, *, descending: bool
) -> list[ColumnElement[bool]]:
    """The condition that a row comes after the mark in the order of ``columns``."""
    if after is None:
        return []
    seen = tuple(unmark(after, kinds))
    here = tuple_(*columns)
    return [here < seen if descending else here > seen]
