"""Mail that belongs to an act: written down in the act's own transaction, sent by the worker."""

from collections.abc import Sequence
from typing import Any

from ledger import mail
from ledger.desk import links
from ledger.desk.context import Desk
from ledger.records import outbox
from ledger.records.pieces import load_piece
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import ItemRow, RequestRow
from ledger.records.requests import load_items
from ledger.records.tenant import Tenant


def reference(request_id: str) -> str:
    """How a request is called in mails and on pages: the last eight characters of its id."""
    return request_id[-8:]


def post(
    desk: Desk,
    tenant: Tenant,
    publisher: PublisherRow,
    template: str,
    *,
    to: str | None,
    language: str,
    key: str,
    request_id: str | None = None,
    files: Sequence[outbox.Attached] = (),
    **context: Any,
) -> None:
    """Write a mail down, unless there is nobody to send it to (an address that was erased)."""
    if not to:
        return
    words = {"publisher": publisher.name, "attached": bool(files), **context}
    if request_id:
        words.setdefault("reference", reference(request_id))
    composed = mail.compose(
        template,
        language,
        words,
        to=to,
        key=key,
        created=desk.clock(),
        thread=request_id,
        from_name=f"{publisher.name} permissions",
        reply_to=publisher.permissions_email,
    )
    outbox.post(tenant.connection, tenant.publisher_id, composed, request_id=request_id, attached=files)


def tell(
    desk: Desk,
    tenant: Tenant,
    publisher: PublisherRow,
    row: RequestRow,
    template: str,
    *,
    key: str,
    files: Sequence[outbox.Attached] = (),
    **context: Any,
) -> None:
    """Mail the requester, in the request's language, with the link to follow it by."""
    post(
        desk,
        tenant,
        publisher,
        template,
        to=row.email,
        language=row.language,
        key=key,
        request_id=row.id,
        files=files,
        title="; ".join(titles_of(tenant, load_items(tenant, row.id)).values()),
        status_url=links.status_url(desk, row.id),
        **context,
    )


def titles_of(tenant: Tenant, items: Sequence[ItemRow]) -> dict[str, str]:
    """Titles of the pieces that items are about, by piece id."""
    found: dict[str, str] = {}
    for piece_id in dict.fromkeys(item.piece_id for item in items):
        loaded = load_piece(tenant.connection, piece_id, tenant.publisher_id)
        found[piece_id] = loaded.piece.title if loaded else piece_id
    return found
