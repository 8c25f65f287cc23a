"""A request as plain data: what the JSON door and the command line hand out."""

from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.requests.opened import open_request
from ledger.records.request_rows import ItemRow
from ledger.records.requests import load_items


def request_plain(desk: Desk, who: Who, request_id: str) -> dict[str, Any]:
    """A request of one's own publisher with its items. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        opened = open_request(connection, who, request_id)
        items = load_items(opened.tenant, request_id)
    row = opened.row
    return {
        "request": row.id,
        "state": row.state,
        "turn": row.turn,
        "version": row.version,
        "items": [item_plain(item) for item in items],
    }


def item_plain(item: ItemRow) -> dict[str, Any]:
    """One item: what is asked of which part, what the engine answered, and what was decided."""
    return {
        "item": item.id,
        "piece": item.piece_id,
        "component": item.component_id,
        "outcome": item.answer["outcome"],
        "decision": item.decision,
    }
