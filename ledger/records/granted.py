"""Grants that stand: what a new one may collide with."""

from dataclasses import replace

from ledger.records.request_tables import letter, request_item
from ledger.records.tenant import Tenant
from ledger.rights.grants import Grant
from ledger.rights.wire import from_plain

ENDED = ("superseded", "revoked", "expired")


def grants_about(tenant: Tenant, piece_id: str) -> list[Grant]:
    """Every grant for a piece that was decided and has not ended, with its letter's number if it has one."""
    decided = tenant.select(request_item, request_item.c.request_id, request_item.c.document).where(
        request_item.c.piece_id == piece_id, request_item.c.decision == "granted"
    )
    rows = tenant.all(decided.order_by(request_item.c.id))
    ended, numbers = _letters(tenant, {row["request_id"] for row in rows})
    grants = [from_plain(Grant, row["document"]["grant"]) for row in rows]
    return [
        grant if grant.letter else _numbered(grant, numbers.get(grant.id))
        for grant in grants
        if grant.id not in ended
    ]


def _letters(tenant: Tenant, request_ids: set[str]) -> tuple[set[str], dict[str, str]]:
    """Ids of grants whose letter has ended, and the letter numbers of the others."""
    statement = tenant.select(letter).where(letter.c.request_id.in_(request_ids)).order_by(letter.c.id)
    ended: set[str] = set()
    numbers: dict[str, str] = {}
    for row in tenant.all(statement):
        for grant in row["document"].get("grants", []):
            if row["state"] in ENDED:
                ended.add(grant["id"])
            else:
                ended.discard(grant["id"])
                numbers[grant["id"]] = row["number"]
    return ended, numbers


def _numbered(grant: Grant, number: str | None) -> Grant:
    return replace(grant, letter=number) if number else grant
