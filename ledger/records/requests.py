"""Requests, their items and their history: stores and views."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from ledger.records.failures import Stale
from ledger.records.request_rows import (
    AttachmentRow,
    EventRow,
    ItemRow,
    RequestRow,
    TokenRow,
    from_row,
    to_row,
)
from ledger.records.request_tables import (
    attachment,
    request,
    request_event,
    request_item,
    request_token,
    request_word,
)
from ledger.records.tables import piece
from ledger.records.tenant import Tenant
from ledger.records.words import index_words

PER_REQUESTER = 200
"""The most dealings listed for one address."""


class AlreadySent(Exception):
    """The same form was sent before; ``request_id`` is the request it became."""

    def __init__(self, request_id: str) -> None:
        super().__init__(f"This form has been sent already: it is request {request_id}.")
        self.request_id = request_id


def add_request(tenant: Tenant, row: RequestRow, items: Sequence[ItemRow] = ()) -> None:
    """Write a request with its items. Raises ``AlreadySent`` when its ``form_key`` was used before."""
    existing = request_by_form(tenant, row.form_key) if row.form_key else None
    if existing:
        raise AlreadySent(existing)
    try:
        with tenant.connection.begin_nested():  # two windows may send the form at the same moment
            tenant.insert(request, to_row(row))
    except IntegrityError:
        existing = request_by_form(tenant, row.form_key) if row.form_key else None
        if existing is None:
            raise
        raise AlreadySent(existing) from None
    if items:
        add_items(tenant, items)
    else:
        _index(tenant, row.id)


def request_by_form(tenant: Tenant, form_key: str) -> str | None:
    """The id of the request a form became."""
    row = tenant.first(tenant.select(request, request.c.id).where(request.c.form_key == form_key))
    return row["id"] if row else None


def load_request(tenant: Tenant, request_id: str) -> RequestRow | None:
    """A request of this publisher."""
    row = tenant.first(tenant.select(request).where(request.c.id == request_id))
    return from_row(RequestRow, row) if row else None


def request_publisher(connection: Connection, request_id: str) -> str | None:
    """Whose a request is: for the operator, who may act for every publisher."""
    found: str | None = connection.execute(
        select(request.c.publisher_id).where(request.c.id == request_id)
    ).scalar()
    return found


def update_request(tenant: Tenant, request_id: str, expected_version: int, **changes: Any) -> int:
    """Change columns of a request and return its new version. Raises ``Stale`` when another was first."""
    version = expected_version + 1
    statement = tenant.update(request).where(
        request.c.id == request_id, request.c.version == expected_version
    )
    if tenant.change(statement.values(**changes, version=version)) != 1:
        raise Stale("The request")
    if changes.keys() & {"email", "name", "organisation"}:
        _index(tenant, request_id)
    return version


def _index(tenant: Tenant, request_id: str) -> None:
    """Make the request findable by who asks, by its id and by the titles it asks for."""
    who = tenant.first(
        tenant.select(request, request.c.name, request.c.organisation, request.c.email).where(
            request.c.id == request_id
        )
    )
    asked = tenant.select(request_item, request_item.c.piece_id).where(
        request_item.c.request_id == request_id
    )
    titles = tenant.all(tenant.select(piece, piece.c.title).where(piece.c.id.in_(asked)))
    texts = [*(who or {}).values(), request_id, *(row["title"] for row in titles)]
    index_words(tenant, request_id, texts)


def requests_of(tenant: Tenant, email: str) -> list[RequestRow]:
    """Earlier dealings with one address (lower case), newest first, at most ``PER_REQUESTER``."""
    statement = tenant.select(request).where(request.c.email == email).order_by(request.c.id.desc())
    return [from_row(RequestRow, row) for row in tenant.all(statement.limit(PER_REQUESTER))]


def requests_about(tenant: Tenant, piece_ids: Sequence[str]) -> list[RequestRow]:
    """Earlier requests for any of these pieces, newest first, at most ``PER_REQUESTER``."""
    asked = tenant.select(request_item, request_item.c.request_id).where(
        request_item.c.piece_id.in_(piece_ids)
    )
    statement = tenant.select(request).where(request.c.id.in_(asked)).order_by(request.c.id.desc())
    return [from_row(RequestRow, row) for row in tenant.all(statement.limit(PER_REQUESTER))]


def add_items(tenant: Tenant, items: Sequence[ItemRow]) -> None:
    """Write items of requests."""
    tenant.insert(request_item, *(to_row(item) for item in items))
    for request_id in {item.request_id for item in items}:
        _index(tenant, request_id)


def load_items(tenant: Tenant, request_id: str) -> list[ItemRow]:
    """The items of a request in their order."""
    statement = tenant.select(request_item).where(request_item.c.request_id == request_id)
    return [from_row(ItemRow, row) for row in tenant.all(statement.order_by(request_item.c.position))]


def decide_item(
    tenant: Tenant,
    item_id: str,
    decision: str,
    document: dict[str, Any] | None,
    decided_by: str | None,
    decided_at: datetime,
    decision_seq: int | None,
    *,
    expected: str | None = None,
) -> None:
    """Record the decision on an item whose decision so far is ``expected``; else raises ``Stale``."""
    decided = request_item.c.decision
    statement = tenant.update(request_item).where(
        request_item.c.id == item_id, decided.is_(None) if expected is None else decided == expected
    )
    values = {
        "decision": decision,
        "document": document,
        "decided_by": decided_by,
        "decided_at": decided_at,
        "decision_seq": decision_seq,
    }
    if tenant.change(statement.values(values)) != 1:
        raise Stale("The item")


def add_event(tenant: Tenant, event: EventRow) -> None:
    """Write a line of a request's history."""
    tenant.insert(request_event, to_row(event))


def load_events(tenant: Tenant, request_id: str) -> list[EventRow]:
    """The history of a request, oldest first."""
    statement = tenant.select(request_event).where(request_event.c.request_id == request_id)
    ordered = statement.order_by(request_event.c.at, request_event.c.id)
    return [from_row(EventRow, row) for row in tenant.all(ordered)]


def add_attachment(tenant: Tenant, row: AttachmentRow) -> None:
    """Note a file sent along."""
    tenant.insert(attachment, to_row(row))


def load_attachments(tenant: Tenant, request_id: str) -> list[AttachmentRow]:
    """The files of a request, in the order they came."""
    statement = tenant.select(attachment).where(attachment.c.request_id == request_id)
    return [from_row(AttachmentRow, row) for row in tenant.all(statement.order_by(attachment.c.id))]


def add_token(tenant: Tenant, row: TokenRow) -> None:
    """Note a link sent out."""
    tenant.insert(request_token, to_row(row))


def find_token(connection: Connection, token_hash: str, now: datetime) -> TokenRow | None:
    """The link with this hash, of whatever publisher, unless it has expired."""
    row = (
        connection.execute(select(request_token).where(request_token.c.token_hash == token_hash))
        .mappings()
        .first()
    )
    if row is None or (row["expires_at"] is not None and row["expires_at"] <= now):
        return None
    return from_row(TokenRow, row)


def drop_tokens(tenant: Tenant, request_id: str, purpose: str) -> int:
    """Make every link of one purpose useless; how many there were."""
    statement = tenant.delete(request_token).where(
        request_token.c.request_id == request_id, request_token.c.purpose == purpose
    )
    return tenant.change(statement)


def requests_begun_before(connection: Connection, when: datetime, limit: int) -> list[RequestRow]:
    """Requests of every publisher that never reached the desk and were not touched since, for the worker."""
    statement = (
        select(request)
        .where(request.c.submitted_at.is_(None), request.c.turn_since < when)
        .order_by(request.c.turn_since, request.c.id)
        .limit(limit)
    )
    return [from_row(RequestRow, row) for row in connection.execute(statement).mappings()]


def forget_request(tenant: Tenant, request_id: str, version: int) -> bool:
    """Delete a request that never reached the desk, with all that hangs on it; False if it was touched meanwhile."""
    mine = (request.c.id == request_id) & (request.c.version == version) & request.c.submitted_at.is_(None)
    taken = (
        tenant.update(request).where(mine).values(version=version + 1)
    )  # whoever has it now waits, or is told
    if tenant.change(taken) != 1:
        return False
    for table in (request_item, request_event, request_token, request_word, attachment):
        tenant.change(tenant.delete(table).where(table.c.request_id == request_id))
    tenant.change(tenant.delete(request).where(request.c.id == request_id))
    return True


def drop_attachment(tenant: Tenant, attachment_id: str) -> None:
    """Take out a file that is no longer there."""
    tenant.change(tenant.delete(attachment).where(attachment.c.id == attachment_id))


def erase_requester(tenant: Tenant, request_id: str, document: dict[str, Any]) -> list[str]:
    """Take out what names the requester; acts stay. ``document`` is the form with the names taken out.

    The links mailed to them open nothing any more, and the files they sent are no longer named here: the answer is
    their SHA-256.
    """
    erased = {"email": None, "name": None, "organisation": None, "document": document}
    tenant.change(tenant.update(request).where(request.c.id == request_id).values(erased))
    events = tenant.update(request_event).where(request_event.c.request_id == request_id)
    tenant.change(events.values(body=None))
    for item in load_items(tenant, request_id):
        grant = (item.document or {}).get("grant")
        if grant:  # how to reach the licensee; who it is stands in the letter
            unreachable = {**grant, "assignee": {**grant["assignee"], "contacts": []}}
            kept = {**(item.document or {}), "grant": unreachable}
            tenant.change(
                tenant.update(request_item).where(request_item.c.id == item.id).values(document=kept)
            )
    for purpose in ("requester", "verify"):
        drop_tokens(tenant, request_id, purpose)
    files = [each.sha256 for each in load_attachments(tenant, request_id)]
    tenant.change(tenant.delete(attachment).where(attachment.c.request_id == request_id))
    _index(tenant, request_id)
    return files


def rename_in_events(tenant: Tenant, request_id: str, owner: str, erased: str) -> None:
    """Put ``erased`` in place of an owner's name in the history of a request."""
    for event in load_events(tenant, request_id):
        if event.document and event.document.get("owner") == owner:
            told = tenant.update(request_event).where(request_event.c.id == event.id)
            tenant.change(told.values(document={**event.document, "owner": erased}))
