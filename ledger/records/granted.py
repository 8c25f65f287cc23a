"""Grants that stand: what a new one may collide with."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import RowMapping

from ledger.records.request_tables import letter, request_item
from ledger.records.tenant import Tenant
from ledger.rights.grants import Grant
from ledger.rights.wire import from_plain

ENDED = ("superseded", "revoked", "expired")


def grants_about(tenant: Tenant, piece_id: str, today: date, besides: str | None = None) -> list[Grant]:
    """Every grant for a piece that was decided and has not ended by ``today``, with its letter's number if it has one.

    One that is revoked from a later day on stands until the day before. Those of the request ``besides`` are left out.
    """
    decided = tenant.select(request_item, request_item.c.request_id, request_item.c.document).where(
        request_item.c.piece_id == piece_id, request_item.c.decision == "granted"
    )
    if besides is not None:
        decided = decided.where(request_item.c.request_id != besides)
    rows = tenant.all(decided.order_by(request_item.c.id))
    letters = _letters(tenant, {row["request_id"] for row in rows})
    found = []
    for row in rows:
        grant = from_plain(Grant, row["document"]["grant"])
        found.append(_as_lettered(grant, letters.get(row["request_id"], []), today))
    return [grant for grant in found if grant is not None]


def _letters(tenant: Tenant, request_ids: set[str]) -> dict[str, list[RowMapping]]:
    """The letters of each request, in the order they were numbered."""
    statement = tenant.select(letter).where(letter.c.request_id.in_(request_ids)).order_by(letter.c.id)
    found: dict[str, list[RowMapping]] = {}
    for row in tenant.all(statement):
        found.setdefault(row["request_id"], []).append(row)
    return found


def _as_lettered(grant: Grant, letters: list[RowMapping], today: date) -> Grant | None:
    """A decided grant as its letter carries it: under its number, within its scope; None when that has ended.

    One letter carries the grants of all components of a piece, so it is found by request and piece.
    """
    granting = [row for row in letters if _grants(row, grant.piece_id)]
    if not granting:
        return grant
    until = {row["replaces"]: _last_day(row) for row in letters if row["kind"] == "revocation"}
    standing = [
        row
        for row in granting
        if row["state"] not in ENDED
        or (row["state"] == "revoked" and until.get(row["id"], date.min) >= today)
    ]
    if not standing:
        return None
    last = standing[-1]
    given = from_plain(Grant, last["document"]["grants"][0])
    scope = given.scope
    if last["id"] in until:
        end = min(scope.period.end or date.max, until[last["id"]])
        if scope.period.start is not None and end < scope.period.start:
            return None  # taken back before it began
        scope = replace(scope, period=replace(scope.period, end=end))
    return replace(grant, letter=last["number"], scope=scope, assignee=given.assignee)


def _grants(row: RowMapping, piece_id: str) -> bool:
    return any(grant["piece_id"] == piece_id for grant in row["document"].get("grants", []))


def _last_day(revocation: RowMapping) -> date:
    """The last day of what a letter of revocation takes back."""
    matter: Mapping[str, str] = revocation["document"]["matter"]
    return date.fromisoformat(matter["effective"]) - timedelta(days=1)
