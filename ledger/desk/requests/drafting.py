"""A request begun and put aside: kept as it was typed, under the link that opens it again.

It is nobody's business yet: no journal entry, nothing on the desk's queue, no mail to anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.desk import links
from ledger.desk.answers.asking import find_piece
from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests import attaching
from ledger.desk.requests.opened import open_behind
from ledger.ids import new_id
from ledger.records.request_rows import RequestRow, TokenRow
from ledger.records.requests import add_request, add_token, update_request
from ledger.records.tenant import Tenant
from ledger.rights.requests import RequestState, Turn

MAX_ANSWERS = 300
MAX_CHARACTERS = 60_000


@dataclass(frozen=True)
class Draft:
    """What was typed so far, field for field."""

    request_id: str
    publisher_id: str
    version: int
    answers: dict[str, list[str]]


def is_draft(row: RequestRow) -> bool:
    """Whether a request was only begun: a sent one whose address is not confirmed is none."""
    return row.state == RequestState.DRAFT and "draft" in row.document


def save_draft(
    desk: Desk, answers: Mapping[str, Sequence[str]], piece_ids: Sequence[str], token: str | None = None
) -> str:
    """Keep what was typed; returns the token of the link that opens it. ``token``: of the draft saved before.

    Raises ``BadInput`` when no piece is named or far too much was typed; ``Clash`` when it has been sent.
    """
    if not piece_ids:
        raise BadInput({"pieces": "Name the piece first; then the rest can wait."})
    kept = {name: list(values) for name, values in answers.items() if any(values)}
    if len(kept) > MAX_ANSWERS or sum(len(v) for values in kept.values() for v in values) > MAX_CHARACTERS:
        raise BadInput({"message": "This is too much to keep; shorten the texts."})
    document: dict[str, Any] = {"draft": kept, "pieces": list(piece_ids)}
    attaching.touch_files(desk, kept.get("kept", ()))
    if token:
        draft = load_draft(desk, token)
        now = desk.clock()
        with desk.database.writing() as connection:
            tenant = Tenant(connection, draft.publisher_id)
            update_request(tenant, draft.request_id, draft.version, document=document, turn_since=now)
        return token
    return _new(desk, document, find_piece(desk, piece_ids[0]).publisher.id)


def _new(desk: Desk, document: dict[str, Any], publisher_id: str) -> str:
    now = desk.clock()
    row = RequestRow(
        id=new_id("rq"),
        state=RequestState.DRAFT.value,
        turn=Turn.REQUESTER.value,
        turn_since=now,
        document=document,
        language="en",
        created_at=now,
    )
    token = links.token_for(desk, "requester", row.id)
    with desk.database.writing() as connection:
        tenant = Tenant(connection, publisher_id)
        add_request(tenant, row)
        add_token(tenant, TokenRow(links.hash_of(token), row.id, "requester", now))
    return token


def load_draft(desk: Desk, token: str) -> Draft:
    """The draft behind a link. Raises ``NotFound``; ``Clash`` when it has been sent already."""
    link = links.opened_by(desk, token, "requester")
    with desk.database.reading() as connection:
        row = open_behind(connection, link).row
    if not is_draft(row):
        raise Clash("This request has been sent already; its own page shows how it stands.")
    return Draft(row.id, row.publisher_id, row.version, row.document["draft"])
