"""The publisher's own pieces as staff see them: the list with what is to do, and everything about one piece."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ledger.desk.answers.rights_view import part_labels
from ledger.desk.context import Desk, Who
from ledger.desk.letters.letter_life import doubts_about
from ledger.desk.refusals import NotFound
from ledger.desk.register.assessing import Missing, assessments_to_do, reviews_due
from ledger.journal.entry import KINDS, read_leaf
from ledger.records.evidence import EvidenceMissing
from ledger.records.journal_reading import entries, size_of
from ledger.records.letters import letters_about, letters_by_ground
from ledger.records.pieces import LoadedPiece, list_pieces, load_piece
from ledger.records.request_rows import LetterRow, RequestRow
from ledger.records.requests import requests_about
from ledger.records.search import search
from ledger.records.tenant import Tenant
from ledger.rights.assessing import current
from ledger.rights.exceptions import Assessment
from ledger.rights.pieces import Claim, Component

STATES = ("draft", "confirmed", "withdrawn")
JOURNAL_LOOKED_AT = 2_000
"""The newest entries of the journal that are looked through for one piece."""
EVERY_STATE = ("preparing", "issued", "amended", "superseded", "revoked", "expired")


@dataclass(frozen=True)
class Line:
    """A piece in the list."""

    id: str
    title: str
    state: str
    source: str | None
    url: str | None
    registered_at: datetime | None = None


@dataclass(frozen=True)
class Shelf:
    """A page of the list; ``next`` is the mark of the following one."""

    lines: list[Line]
    next: str | None
    count: int
    many: bool


@dataclass(frozen=True)
class ToDo:
    """Work that waits: drafts to confirm, components without a current assessment, reviews due."""

    drafts: Shelf
    assessments: list[Missing]
    reviews: list[tuple[str, str, date]]

    def __bool__(self) -> bool:
        return bool(self.drafts.lines or self.assessments or self.reviews)


def own_pieces(
    desk: Desk, who: Who, words: str = "", state: str | None = None, after: str | None = None, limit: int = 25
) -> Shelf:
    """The publisher's pieces, newest first, or those that have every word, best first. Raises ``BadCursor``.

    A search looks through every state; ``state`` then picks from the page found.
    """
    with desk.database.reading() as connection:
        if words.strip():
            hits = search(connection, words, who.publisher_id, after, limit, drafts=True)
            found = [
                Line(each.piece_id, each.title, each.state, each.source_name, each.url) for each in hits.rows
            ]
            lines = [each for each in found if state is None or each.state == state]
            return Shelf(lines, hits.next, hits.count, hits.many)
        page = list_pieces(Tenant(connection, who.publisher_id), state, after, limit)
    lines = [
        Line(row.id, row.title, row.state, row.source_name, row.url, row.registered_at) for row in page.rows
    ]
    return Shelf(lines, page.next, page.count, page.many)


def to_do(desk: Desk, who: Who) -> ToDo:
    """What waits for somebody at this publisher."""
    drafts = own_pieces(desk, who, state="draft", limit=10)
    return ToDo(drafts, assessments_to_do(desk, who), reviews_due(desk, who))


@dataclass(frozen=True)
class Happened:
    """An entry of the journal about the piece."""

    seq: int
    at: datetime
    about: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class DeskPart:
    """A component with its chain of title and its assessments; ``current`` is the one in force."""

    component: Component
    label: str
    claims: list[Claim]
    assessments: list[Assessment]
    current: Assessment | None


@dataclass(frozen=True)
class PieceFile:
    """Everything the desk knows about a piece.

    ``resting`` maps the ids of its terms and claims to the letters that rest on them.
    """

    loaded: LoadedPiece
    parts: list[DeskPart]
    requests: list[RequestRow]
    letters: list[LetterRow]
    resting: dict[str, list[LetterRow]]
    history: list[Happened] = field(default_factory=list)
    history_is_whole: bool = True
    doubts: dict[str, list[str]] = field(default_factory=dict)
    """Standing letters, by id, whose ground no longer holds, and why."""


def piece_file(desk: Desk, who: Who, piece_id: str) -> PieceFile:
    """One's own piece with its chain of title, dealings and history. Raises ``NotFound``."""
    today = desk.today()
    with desk.database.reading() as connection:
        tenant = Tenant(connection, who.publisher_id)
        loaded = load_piece(connection, piece_id, who.publisher_id)
        if loaded is None:
            raise NotFound("There is no such piece at this publisher.", "piece")
        piece = loaded.piece
        grounds = [each.id for each in piece.terms] + [each.id for each in piece.claims]
        resting = {each: letters_by_ground(tenant, [each]) for each in grounds}
        requests = requests_about(tenant, [piece_id])
        letters = letters_about(tenant, [piece_id], EVERY_STATE)
        history, whole = _history(tenant, piece_id, [each.id for each in piece.terms])
    labels = part_labels(piece)
    parts = [
        DeskPart(
            component,
            labels[component.id],
            [claim for claim in piece.claims if claim.component_id == component.id],
            [each for each in piece.assessments if each.component_id == component.id],
            current(piece, component, today),
        )
        for component in piece.components
    ]
    doubts = {each.id: found for each in letters if (found := doubts_about(each, piece, today))}
    return PieceFile(loaded, parts, requests, letters, resting, history, whole, doubts)


def _history(tenant: Tenant, piece_id: str, terms_ids: Sequence[str]) -> tuple[list[Happened], bool]:
    """Entries that name the piece or its terms, newest first, as far back as is looked."""
    size = size_of(tenant.connection, tenant.publisher_id)
    start = max(0, size - JOURNAL_LOOKED_AT)
    ids = [piece_id, *terms_ids]
    marks = [each.encode() for each in ids]
    found = []
    for stored in entries(tenant.connection, tenant.publisher_id, start, size):
        if not any(each in stored.leaf for each in marks):
            continue
        payload = dict(read_leaf(stored.leaf).payload)
        if payload.get("piece") == piece_id or payload.get("terms") in terms_ids:
            kind = KINDS.get(stored.kind)
            found.append(Happened(stored.seq, stored.at, kind.about if kind else stored.kind, payload))
    return found[::-1], start == 0


def snapshot(desk: Desk, who: Who, piece_id: str) -> tuple[bytes, str]:
    """The page's bytes as they were read, and what they are to be called. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        loaded = load_piece(connection, piece_id, who.publisher_id)
    if loaded is None or loaded.snapshot_sha256 is None:
        raise NotFound("No page is kept for this piece.", "piece")
    try:
        content = desk.evidence.get(loaded.snapshot_sha256)
    except EvidenceMissing as error:
        raise NotFound(
            "The page is not in the evidence store any more; run `ledger verify`.", "piece"
        ) from error
    is_html = "html" in (loaded.snapshot_type or "") or content.lstrip()[:1] == b"<"
    return content, f"{piece_id}.{'html' if is_html else 'txt'}"
