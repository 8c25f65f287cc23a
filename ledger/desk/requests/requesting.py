"""A request, from its requester's side: sent, confirmed by mail, followed, answered, withdrawn.

Nobody is mailed but the address given, and that mail carries nothing a stranger typed, until its owner has
followed the link in it.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ledger.desk import links
from ledger.desk.answers.asking import find_piece
from ledger.desk.context import Desk
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters import finishing, issuing
from ledger.desk.posting import post, tell
from ledger.desk.refusals import BadInput, NotFound, Refusal
from ledger.desk.requests import limiting
from ledger.desk.requests.attaching import KeptFile, attach, keep_for_good
from ledger.desk.requests.drafting import Draft
from ledger.desk.requests.moving import move
from ledger.desk.requests.opened import open_behind
from ledger.desk.requests.request_form import RequestForm, read_form
from ledger.ids import new_id
from ledger.journal.entry import document_sha256
from ledger.records import journal_store
from ledger.records.failures import RecordsUnavailable
from ledger.records.letters import letters_of_request
from ledger.records.publishers import PublisherRow
from ledger.records.queue import median_time
from ledger.records.request_rows import ItemRow, RequestRow, TokenRow
from ledger.records.requests import (
    AlreadySent,
    add_items,
    add_request,
    add_token,
    decide_item,
    drop_tokens,
    load_items,
    requests_of,
    update_request,
)
from ledger.records.tenant import Tenant
from ledger.rights.evaluation import Outcome, evaluate_piece
from ledger.rights.pieces import Piece
from ledger.rights.requests import ItemDecision, RequestEvent, RequestState, Turn
from ledger.rights.wire import to_plain

log = logging.getLogger("ledger.desk")

CONFIRM_WITHIN = timedelta(hours=48)
MAX_UNCONFIRMED = 5
"""Requests under one address, within a day, that wait for it to be confirmed: the form mails strangers no more."""
FREE = frozenset({Outcome.PERMITTED, Outcome.NO_PERMISSION_NEEDED})


@dataclass(frozen=True)
class Submitted:
    """A request on record. ``again``: the same form had been sent before, and this is that request."""

    request_id: str
    status_url: str
    outcomes: tuple[str, ...]
    again: bool = False


def submit_request(
    desk: Desk,
    data: Mapping[str, Any],
    *,
    form_key: str | None = None,
    verified: bool = False,
    amends: Mapping[str, str] | None = None,
    files: Sequence[KeptFile] = (),
    draft: Draft | None = None,
) -> Submitted:
    """Put a request on record and mail the link that confirms the address.

    ``verified``: the address is known to be the requester's, or an operator vouches for it. ``amends``: the id
    of a letter to be extended. ``draft``: what it was begun as; its link goes on to lead here.
    Raises ``BadInput`` and ``NotFound``; ``Stale`` when the draft was sent meanwhile.
    """
    form = read_form(data, desk.today())
    pieces = [_piece(desk, reference) for reference in form.pieces]
    of_one_publisher(pieces)
    publisher = own_publisher(desk, pieces[0].publisher.id)
    begun = draft if draft and draft.publisher_id == publisher.id else None
    row = _row(desk, form, form_key, begun.request_id if begun else new_id("rq"), amends)
    items = _items(desk, row.id, pieces, form)
    if not verified:
        limiting.count_mailbox(desk, row.email or "")
    try:
        with desk.database.writing() as connection:
            tenant = Tenant(connection, publisher.id)
            _put(desk, tenant, row, items, begun)
            attach(desk, tenant, row.id, files, row.created_at)
            if verified:
                _enter(desk, tenant, publisher, row)
            else:
                _not_too_many(tenant, row)
                _ask_to_confirm(desk, tenant, publisher, row)
    except AlreadySent as sent:
        return Submitted(sent.request_id, links.status_url(desk, sent.request_id), (), again=True)
    outcomes = tuple(item.answer["outcome"] for item in items)
    return Submitted(row.id, links.status_url(desk, row.id), outcomes)


def of_one_publisher(pieces: Sequence[Piece]) -> None:
    """Raise ``BadInput`` unless the pieces of a request are all one publisher's: it alone answers for them."""
    if len({piece.publisher.id for piece in pieces}) > 1:
        apart = "These pieces belong to different publishers; send each publisher a request of its own."
        raise BadInput({"pieces": apart})


def _row(
    desk: Desk, form: RequestForm, form_key: str | None, request_id: str, amends: Mapping[str, str] | None
) -> RequestRow:
    now = desk.clock()
    return RequestRow(
        id=request_id,
        state=RequestState.DRAFT.value,
        turn=Turn.REQUESTER.value,
        turn_since=now,
        document={**form.document(), **(amends or {})},
        language=form.requester.language,
        created_at=now,
        form_key=form_key and hashlib.sha256(form_key.encode()).hexdigest(),
        email=form.requester.email.lower(),
        name=form.requester.name,
        organisation=form.requester.organisation,
        needed_by=form.use.needed_by,
    )


def _put(desk: Desk, tenant: Tenant, row: RequestRow, items: list[ItemRow], begun: Draft | None) -> None:
    """Write the request and its links, anew or in place of its draft."""
    if begun is None:
        add_request(tenant, row, items)
        _add_links(desk, tenant, row.id, row.created_at, ("requester", "verify"))
        return
    filled = ("document", "language", "form_key", "email", "name", "organisation", "needed_by")
    changes = {**{name: getattr(row, name) for name in filled}, "turn_since": row.turn_since}
    update_request(tenant, row.id, begun.version, **changes)
    add_items(tenant, items)
    _add_links(desk, tenant, row.id, row.created_at, ("verify",))


def _not_too_many(tenant: Tenant, row: RequestRow) -> None:
    """Raise ``BadInput`` when an address has too many requests waiting to be confirmed, this one included."""
    recent = row.created_at - timedelta(days=1)
    earlier = requests_of(tenant, row.email or "")
    waiting = [each for each in earlier if each.verified_at is None and each.created_at > recent]
    if len(waiting) > MAX_UNCONFIRMED:
        raise BadInput(
            {
                "email": "Several requests under this address still wait to be confirmed. Follow the link in one "
                "of those mails first; look in the folder for unwanted mail, too."
            }
        )


def send_link_again(desk: Desk, token: str) -> None:
    """Mail the link that confirms the address once more, at most once a day. Raises ``NotFound``."""
    link, now = links.opened_by(desk, token, "requester"), desk.clock()
    publisher = own_publisher(desk, link.publisher_id)
    with desk.database.writing() as connection:
        opened = open_behind(connection, link)
        tenant, row = opened.tenant, opened.row
        if row.verified_at is not None or row.closed_at is not None or not row.email:
            return
        drop_tokens(tenant, row.id, "verify")
        _add_links(desk, tenant, row.id, now, ("verify",))
        _ask_to_confirm(desk, tenant, publisher, row, again=f":{now:%Y-%m-%d}")


def confirm_address(desk: Desk, token: str) -> str:
    """The requester followed the link: the request reaches the desk. Returns its id; twice is no harm."""
    link = links.opened_by(desk, token, "verify")
    publisher = own_publisher(desk, link.publisher_id)
    with desk.database.writing() as connection:
        opened = open_behind(connection, link)
        if opened.row.verified_at is not None:
            return opened.row.id
        entered = _enter(desk, opened.tenant, publisher, opened.row)
    if entered.state == RequestState.DECIDED:
        _finish_letters(desk, publisher, entered)
    return entered.id


def _finish_letters(desk: Desk, publisher: PublisherRow, row: RequestRow) -> None:
    """Where nobody's leave is needed the letter that says so is there at once; nobody decides anything."""
    with desk.database.reading() as connection:
        letters = letters_of_request(Tenant(connection, publisher.id), row.id)
    try:
        for letter in letters:
            finishing.finish(desk, publisher.id, letter.id)
    except (Refusal, RecordsUnavailable):  # its job makes it a little later
        log.exception("The confirmation for %s could not be made now", row.id)


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


def _add_links(desk: Desk, tenant: Tenant, request_id: str, now: datetime, purposes: tuple[str, ...]) -> None:
    for purpose in purposes:
        expires = now + CONFIRM_WITHIN if purpose == "verify" else None
        token = links.token_for(desk, purpose, request_id)
        add_token(tenant, TokenRow(links.hash_of(token), request_id, purpose, now, expires_at=expires))


def _ask_to_confirm(
    desk: Desk, tenant: Tenant, publisher: PublisherRow, row: RequestRow, again: str = ""
) -> None:
    post(
        desk,
        tenant,
        publisher,
        "verify_address",
        to=row.email,
        language=row.language,
        key=f"verify:{row.id}{again}",
        request_id=row.id,
        url=links.verify_url(desk, row.id),
        hours=int(CONFIRM_WITHIN.total_seconds() // 3600),
    )


def _enter(desk: Desk, tenant: Tenant, publisher: PublisherRow, row: RequestRow) -> RequestRow:
    """The request reaches the desk: what needs nobody's leave is said so at once."""
    now = desk.clock()
    entered = move(
        tenant, row, RequestEvent.SUBMIT, now, actor="requester", verified_at=now, submitted_at=now
    )
    keep_for_good(desk, tenant, row.id)
    items = load_items(tenant, row.id)
    payload = {
        "request": row.id,
        "items": [
            {"item": each.id, "piece": each.piece_id, "component": each.component_id} for each in items
        ],
    }
    personal = {
        "email": row.email or "",
        "name": row.name or "",
        "form_sha256": document_sha256(
            row.document
        ),  # it holds both: bare, it would tell a good guess from a bad
    }
    journal_store.append(
        tenant.connection, tenant.publisher_id, "request.submitted", payload, personal, now, subject=row.id
    )
    for item in items:
        if Outcome(item.answer["outcome"]) in FREE:
            _not_needed(tenant, item, now)
    if all(Outcome(item.answer["outcome"]) in FREE for item in items):
        entered = move(tenant, entered, RequestEvent.DECIDE, now, actor="system")
        issuing.prepare(desk, tenant, entered, "engine")  # its job makes the confirmation at once
    median = median_time(tenant).days
    days = round(median) if median is not None else None
    tell(desk, tenant, publisher, row, "request_received", key=f"received:{row.id}", median_days=days)
    return entered


def _not_needed(tenant: Tenant, item: ItemRow, now: datetime) -> None:
    payload = {"item": item.id, "outcome": ItemDecision.NOT_NEEDED.value, "by": "engine"}
    entry = journal_store.append(tenant.connection, tenant.publisher_id, "item.decided", payload, {}, now)
    decide_item(tenant, item.id, ItemDecision.NOT_NEEDED.value, None, None, now, entry.seq)
