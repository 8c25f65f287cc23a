"""A request, from its requester's side: sent, confirmed by mail, followed, answered, withdrawn.

Nobody is mailed but the address given, and that mail carries nothing a stranger typed, until its owner has
followed the link in it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ledger.desk import links
from ledger.desk.asking import find_piece
from ledger.desk.context import Desk
from ledger.desk.moving import move
from ledger.desk.posting import post, tell
from ledger.desk.publishers import own_publisher
from ledger.desk.refusals import BadInput, NotFound
from ledger.desk.request_form import RequestForm, read_form
from ledger.ids import new_id
from ledger.records import journal_store
from ledger.records.publishers import PublisherRow
from ledger.records.queue import median_time
from ledger.records.request_rows import (
    ItemRow,
    RequestRow,
    TokenRow,
)
from ledger.records.requests import (
    AlreadySent,
    add_request,
    add_token,
    decide_item,
    load_items,
    load_request,
)
from ledger.records.tenant import Tenant
from ledger.rights.evaluation import Outcome, evaluate_piece
from ledger.rights.pieces import Piece
from ledger.rights.requests import ItemDecision, RequestEvent, RequestState, Turn
from ledger.rights.wire import to_plain

CONFIRM_WITHIN = timedelta(hours=48)
FREE = frozenset({Outcome.PERMITTED, Outcome.NO_PERMISSION_NEEDED})
PRIVATE = frozenset({"note"})
"""Kinds of history lines that only staff see."""


@dataclass(frozen=True)
class Submitted:
    """A request on record. ``again``: the same form had been sent before, and this is that request."""

    request_id: str
    status_url: str
    outcomes: tuple[str, ...]
    again: bool = False


def submit_request(
    desk: Desk, data: Mapping[str, Any], *, form_key: str | None = None, by_staff: bool = False
) -> Submitted:
    """Put a request on record and mail the link that confirms the address.

    ``by_staff``: entered by an operator, who vouches for the address. Raises ``BadInput`` and ``NotFound``.
    """
    form = read_form(data)
    pieces = [_piece(desk, reference) for reference in form.pieces]
    if len({piece.publisher.id for piece in pieces}) > 1:
        raise BadInput(
            {
                "pieces": "These pieces belong to different publishers; send each publisher a request of its own."
            }
        )
    publisher = own_publisher(desk, pieces[0].publisher.id)
    now = desk.clock()
    request_id = new_id("rq")
    items = _items(desk, request_id, pieces, form)
    row = RequestRow(
        id=request_id,
        state=RequestState.DRAFT.value,
        turn=Turn.REQUESTER.value,
        turn_since=now,
        document=form.document(),
        language=form.requester.language,
        created_at=now,
        form_key=form_key and hashlib.sha256(form_key.encode()).hexdigest(),
        email=form.requester.email.lower(),
        name=form.requester.name,
        organisation=form.requester.organisation,
        needed_by=form.use.needed_by,
    )
    try:
        with desk.database.writing() as connection:
            tenant = Tenant(connection, publisher.id)
            add_request(tenant, row, items)
            _add_links(desk, tenant, request_id, now)
            if by_staff:
                _enter(desk, tenant, publisher, row)
            else:
                _ask_to_confirm(desk, tenant, publisher, row)
    except AlreadySent as sent:
        return Submitted(sent.request_id, links.status_url(desk, sent.request_id), (), again=True)
    outcomes = tuple(item.answer["outcome"] for item in items)
    return Submitted(request_id, links.status_url(desk, request_id), outcomes)


def confirm_address(desk: Desk, token: str) -> str:
    """The requester followed the link: the request reaches the desk. Returns its id; twice is no harm."""
    opened = links.opened_by(desk, token, "verify")
    publisher = own_publisher(desk, opened.publisher_id)
    with desk.database.writing() as connection:
        tenant = Tenant(connection, opened.publisher_id)
        row = load_request(tenant, opened.request_id)
        if row is None:
            raise NotFound("There is no such request.")
        if row.verified_at is None:
            _enter(desk, tenant, publisher, row)
    return opened.request_id


def _piece(desk: Desk, reference: str) -> Piece:
    try:
        return find_piece(desk, reference)
    except NotFound as missing:
        raise BadInput({"pieces": missing.message}) from missing


def _items(desk: Desk, request_id: str, pieces: list[Piece], form: RequestForm) -> list[ItemRow]:
    """One item for each component that the use touches, with the engine's answer of this day."""
    items: list[ItemRow] = []
    for piece in pieces:
        answer = evaluate_piece(piece, form.use, desk.today())
        for each in answer.components:
            items.append(
                ItemRow(
                    id=new_id("it"),
                    request_id=request_id,
                    position=len(items),
                    piece_id=piece.id,
                    component_id=each.component_id,
                    use=to_plain(form.use),
                    answer=to_plain(each),
                )
            )
    return items


def _add_links(desk: Desk, tenant: Tenant, request_id: str, now: datetime) -> None:
    for purpose, expires in (("requester", None), ("verify", now + CONFIRM_WITHIN)):
        token = links.token_for(desk, purpose, request_id)
        add_token(tenant, TokenRow(links.hash_of(token), request_id, purpose, now, expires_at=expires))


def _ask_to_confirm(desk: Desk, tenant: Tenant, publisher: PublisherRow, row: RequestRow) -> None:
    post(
        desk,
        tenant,
        publisher,
        "verify_address",
        to=row.email,
        language=row.language,
        key=f"verify:{row.id}",
        request_id=row.id,
        url=links.verify_url(desk, row.id),
        hours=int(CONFIRM_WITHIN.total_seconds() // 3600),
    )


def _enter(desk: Desk, tenant: Tenant, publisher: PublisherRow, row: RequestRow) -> None:
    """The request reaches the desk: what needs nobody's leave is said so at once."""
    now = desk.clock()
    entered = move(
        tenant, row, RequestEvent.SUBMIT, now, actor="requester", verified_at=now, submitted_at=now
    )
    items = load_items(tenant, row.id)
    document = json.dumps(row.document, sort_keys=True).encode()
    payload = {
        "request": row.id,
        "form_sha256": hashlib.sha256(document).hexdigest(),
        "items": [
            {"item": each.id, "piece": each.piece_id, "component": each.component_id} for each in items
        ],
    }
    personal = {"email": row.email or "", "name": row.name or ""}
    journal_store.append(
        tenant.connection, tenant.publisher_id, "request.submitted", payload, personal, now, subject=row.id
    )
    for item in items:
        if Outcome(item.answer["outcome"]) in FREE:
            _not_needed(tenant, item, now)
    if all(Outcome(item.answer["outcome"]) in FREE for item in items):
        move(tenant, entered, RequestEvent.DECIDE, now, actor="system")
    median = median_time(tenant).days
    days = round(median) if median is not None else None
    tell(desk, tenant, publisher, row, "request_received", key=f"received:{row.id}", median_days=days)


def _not_needed(tenant: Tenant, item: ItemRow, now: datetime) -> None:
    payload = {"item": item.id, "outcome": ItemDecision.NOT_NEEDED.value, "by": "engine"}
    entry = journal_store.append(tenant.connection, tenant.publisher_id, "item.decided", payload, {}, now)
    decide_item(tenant, item.id, ItemDecision.NOT_NEEDED.value, None, None, now, entry.seq)
