"""Moving a request on: its new state, whose turn that makes it, a line in its history and one in the journal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ledger.desk.context import Who
from ledger.desk.refusals import Clash
from ledger.ids import new_id
from ledger.records import journal_store
from ledger.records.request_rows import EventRow, RequestRow
from ledger.records.requests import add_event, update_request
from ledger.records.tenant import Tenant
from ledger.rights import requests as life
from ledger.rights.requests import BadMove, RequestEvent, RequestState

CLOSED = frozenset({RequestState.DECIDED, RequestState.WITHDRAWN, RequestState.LAPSED})


def move(
    tenant: Tenant,
    row: RequestRow,
    event: RequestEvent,
    now: datetime,
    *,
    actor: str,
    person_id: str | None = None,
    body: str | None = None,
    document: Mapping[str, Any] | None = None,
    entered: Mapping[str, Any] | None = None,
    **changes: Any,
) -> RequestRow:
    """Apply ``event`` in the caller's transaction. ``entered``: what its entry in the journal says besides.

    Raises ``Clash`` if it does not fit the state, ``Stale``.
    """
    try:
        state = life.move(RequestState(row.state), event)
    except BadMove as error:
        raise Clash(str(error)) from error
    turn = life.whose_turn(state).value
    values: dict[str, Any] = {"state": state.value, "turn": turn, **changes}
    if turn != row.turn:
        values["turn_since"] = now
    values["closed_at"] = now if state in CLOSED else None
    version = update_request(tenant, row.id, row.version, **values)
    note(tenant, row.id, event.value, actor, now, person_id=person_id, body=body, document=document)
    payload = {"request": row.id, "state": state.value, "event": event.value, "by": person_id or actor}
    payload |= entered or {}
    journal_store.append(
        tenant.connection, tenant.publisher_id, "request.changed", payload, tenant.written(), now
    )
    return replace(row, version=version, **values)


def taken_up(tenant: Tenant, row: RequestRow, who: Who, now: datetime) -> RequestRow:
    """The request in somebody's hands: whoever is the first to act on it takes it up."""
    if row.state != RequestState.SUBMITTED:
        return row
    return move(tenant, row, RequestEvent.TAKE_UP, now, actor="staff", person_id=who.person_id)


def note(
    tenant: Tenant,
    request_id: str,
    kind: str,
    actor: str,
    now: datetime,
    *,
    person_id: str | None = None,
    body: str | None = None,
    document: Mapping[str, Any] | None = None,
) -> None:
    """Write a line of a request's history that changes no state."""
    add_event(
        tenant,
        EventRow(
            id=new_id("ev"),
            request_id=request_id,
            kind=kind,
            actor=actor,
            at=now,
            person_id=person_id,
            body=body,
            document=dict(document) if document is not None else None,
        ),
    )
