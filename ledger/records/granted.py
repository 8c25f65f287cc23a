"""Grants that stand: what a new one may collide with."""

from dataclasses import replace

from sqlalchemy import RowMapping

from ledger.records.request_tables import letter, request_item
from ledger.records.tenant import Tenant
from ledger.rights.grants import Grant
from ledger.rights.wire import from_plain

ENDED = ("superseded", "revoked", "expired")


def grants_about(tenant: Tenant, piece_id: str, besides: str | None = None) -> list[Grant]:
    """Every grant for a piece that was decided and has not ended, with its letter's number if it has one.

    Those of the request ``besides`` are left out.
    """
    decided = tenant.select(request_item, request_item.c.request_id, request_item.c.document).where(
        request_item.c.piece_id == piece_id, request_item.c.decision == "granted"
    )
    if besides is not None:
        decided = decided.where(request_item.c.request_id != besides)
    rows = tenant.all(decided.order_by(request_item.c.id))
    letters = _letters(tenant, {row["request_id"] for row in rows}, piece_id)
    grants = [(row["request_id"], from_plain(Grant, row["document"]["grant"])) for row in rows]
    found = [_as_lettered(grant, letters.get(request_id, [])) for request_id, grant in grants]
    return [grant for grant in found if grant is not None]


def _letters(tenant: Tenant, request_ids: set[str], piece_id: str) -> dict[str, list[RowMapping]]:
    """The letters of each request that grant something of the piece, in the order they were numbered."""
    statement = tenant.select(letter).where(letter.c.request_id.in_(request_ids)).order_by(letter.c.id)
    found: dict[str, list[RowMapping]] = {}
    for row in tenant.all(statement):
        if any(grant["piece_id"] == piece_id for grant in row["document"].get("grants", [])):
            found.setdefault(row["request_id"], []).append(row)
    return found


def _as_lettered(grant: Grant, letters: list[RowMapping]) -> Grant | None:
    """A decided grant as its letter carries it: under its number, within its scope; None when that has ended.

    One letter carries the grants of all components of a piece, so it is found by request and piece.
    """
    if not letters:
        return grant
    standing = [row for row in letters if row["state"] not in ENDED]
    if not standing:
        return None
    given = from_plain(Grant, standing[-1]["document"]["grants"][0])
    return replace(grant, letter=standing[-1]["number"], scope=given.scope, assignee=given.assignee)
