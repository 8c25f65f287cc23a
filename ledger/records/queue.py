"""The desk's queue: open requests by whose turn it is and for how long, and the archive of closed ones."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select
from sqlalchemy.sql.elements import ColumnElement

from ledger.records.paging import COUNT_CAP, Page, after_mark, capped_count, mark
from ledger.records.request_rows import QueueRow, RequestRow, from_row
from ledger.records.request_tables import request, request_item, request_word
from ledger.records.tables import piece
from ledger.records.tenant import Tenant
from ledger.records.words import MAX_QUERY_WORDS, starts_with, words

TURNS = ("staff", "holder", "requester", "nobody")
MEDIAN_WINDOW = 200
"""Of how many of the latest decided requests the median is taken."""
RARE = 500
"""A word that fewer rows have is looked up first."""
_MOMENT_AND_ID = (datetime, str)


@dataclass(frozen=True)
class QueueFilter:
    """What to show. ``assigned_to`` is a person's id, or "" for what nobody has taken."""

    turn: str | None = None
    state: str | None = None
    assigned_to: str | None = None
    text: str | None = None
    closed: bool = False


@dataclass(frozen=True)
class MedianTime:
    """Days from submitted to decided, over the ``sample`` latest ones; None where there are none."""

    days: float | None
    sample: int


def queue(tenant: Tenant, wanted: QueueFilter, after: str | None = None, limit: int = 25) -> Page[QueueRow]:
    """A page of the queue, the longest waiting first (closed ones: the latest first).

    ``after`` is the ``next`` of the page before; ``BadCursor`` when it is not. ``count`` stops at COUNT_CAP.
    """
    moment = request.c.closed_at if wanted.closed else request.c.turn_since
    order = (moment, request.c.id)
    found = _filtered(tenant, wanted)
    page = found.where(*after_mark(order, _MOMENT_AND_ID, after, descending=wanted.closed))
    page = page.order_by(*(column.desc() if wanted.closed else column for column in order))
    rows = [from_row(RequestRow, row) for row in tenant.all(page.limit(limit + 1))]
    last = rows[limit - 1] if len(rows) > limit else None
    following = mark(last.closed_at if wanted.closed else last.turn_since, last.id) if last else None
    count = capped_count(tenant.connection, found.with_only_columns(request.c.id))
    return Page(_with_titles(tenant, rows[:limit]), following, count)


def turn_counts(tenant: Tenant) -> dict[str, int]:
    """How many open requests wait for each side, each count at most COUNT_CAP."""
    return {
        turn: capped_count(tenant.connection, _filtered(tenant, QueueFilter(turn=turn))) for turn in TURNS
    }


def median_time(tenant: Tenant) -> MedianTime:
    """How long a decision took lately, from the rows themselves."""
    statement = (
        tenant.select(request, request.c.submitted_at, request.c.closed_at)
        .where(request.c.state == "decided", request.c.closed_at.is_not(None))
        .order_by(request.c.closed_at.desc(), request.c.id.desc())
        .limit(MEDIAN_WINDOW)
    )
    rows = [row for row in tenant.all(statement) if row["submitted_at"] is not None]
    days = [(row["closed_at"] - row["submitted_at"]).total_seconds() / 86_400 for row in rows]
    return MedianTime(median(days) if days else None, len(days))


def _filtered(tenant: Tenant, wanted: QueueFilter) -> Select[Any]:
    statement = tenant.select(request)
    if wanted.closed:
        statement = statement.where(request.c.closed_at.is_not(None))
    else:
        statement = statement.where(request.c.closed_at.is_(None), request.c.submitted_at.is_not(None))
    if wanted.turn:
        statement = statement.where(request.c.turn == wanted.turn)
    if wanted.state:
        statement = statement.where(request.c.state == wanted.state)
    if wanted.assigned_to is not None:
        assigned = request.c.assigned_to
        statement = statement.where(
            assigned == wanted.assigned_to if wanted.assigned_to else assigned.is_(None)
        )
    return statement.where(*_text_conditions(tenant, wanted.text))


def _text_conditions(tenant: Tenant, text: str | None) -> list[ColumnElement[bool]]:
    """Conditions that every word is one of name, organisation, address, title asked for, or the request's id.

    Requests with a rare word are looked up first. For a common word each request is asked in turn, in the
    queue's order, until the page is full; as a count, so that no planner turns it round.
    """
    having = [
        tenant.select(request_word, request_word.c.request_id).where(*starts_with(request_word.c.word, word))
        for word in words(text)[:MAX_QUERY_WORDS]
    ]
    found = [{row["request_id"] for row in tenant.all(each.limit(COUNT_CAP))} for each in having]
    common = [word for word, few in zip(words(text), found, strict=False) if len(few) >= RARE]
    rare = [few for few in found if len(few) < RARE]
    if not rare:
        return [_says(tenant, word) for word in common]
    ids = set.intersection(*rare)
    for each in having:
        if ids:
            ids &= {row["request_id"] for row in tenant.all(each.where(request_word.c.request_id.in_(ids)))}
    return [request.c.id.in_(sorted(ids))]


def _says(tenant: Tenant, word: str) -> ColumnElement[bool]:
    """Whether a request of the outer statement has the word."""
    same = tenant.select(request_word, func.count()).where(request_word.c.request_id == request.c.id)
    begins = func.substr(request_word.c.word, 1, len(word)) == word
    return same.where(begins).correlate(request).scalar_subquery() > 0


def waiting_for_requester(connection: Connection, since: datetime, limit: int) -> list[RequestRow]:
    """Open requests of every publisher that wait for their requester since before a moment, for the worker."""
    statement = (
        select(request)
        .where(request.c.turn == "requester", request.c.turn_since < since)
        .where(request.c.closed_at.is_(None), request.c.submitted_at.is_not(None))
        .order_by(request.c.turn_since, request.c.id)
        .limit(limit)
    )
    return [from_row(RequestRow, row) for row in connection.execute(statement).mappings()]


def _with_titles(tenant: Tenant, rows: list[RequestRow]) -> list[QueueRow]:
    """Each request with the titles of what it asks for: one statement for the whole page."""
    same_piece = and_(
        piece.c.publisher_id == request_item.c.publisher_id, piece.c.id == request_item.c.piece_id
    )
    statement = (
        select(request_item.c.request_id, piece.c.title)
        .join(piece, same_piece)
        .where(request_item.c.publisher_id == tenant.publisher_id)
        .where(request_item.c.request_id.in_([row.id for row in rows]))
        .order_by(request_item.c.position)
    )
    titles: dict[str, list[str]] = {}
    for row in tenant.all(statement):
        titles.setdefault(row["request_id"], []).append(row["title"])
    asked = ((row, titles.get(row.id, [])) for row in rows)
    return [QueueRow(row, len(names), list(dict.fromkeys(names))) for row, names in asked]
