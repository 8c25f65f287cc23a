"""Finding a piece: by its address, by words of title, author or source, or by a text pasted from it."""

from dataclasses import dataclass

from ledger.desk.context import Desk
from ledger.intake.shingles import shingles
from ledger.intake.urls import NotAWebAddress, is_web_address, normal_form_key, normalise_url
from ledger.records.pieces import public_piece
from ledger.records.search import Hit, find_by_shingles, search
from ledger.rights.pieces import Piece

PASTED_FROM = 12
"""Words from which a question is taken for a pasted text when nothing is found under its words."""
MIN_SHARE = 0.25
"""The share of a pasted text that must stand in a piece for it to be the same text."""


@dataclass(frozen=True)
class Found:
    """What was found. ``how``: address, words or text; ``next`` is the mark of the following page."""

    hits: list[Hit]
    how: str
    count: int
    next: str | None = None


def find(desk: Desk, question: str, after: str | None = None) -> Found:
    """Confirmed pieces that answer a question of whatever kind. ``BadCursor`` for a wrong ``after``."""
    asked = question.strip()
    if is_web_address(asked):
        return _by_address(desk, asked)
    with desk.database.reading() as connection:
        page = search(connection, asked, after=after)
    if page.rows or len(asked.split()) < PASTED_FROM:
        return Found(page.rows, "words", page.count, page.next)
    return _by_text(desk, asked)


def _by_address(desk: Desk, address: str) -> Found:
    try:
        normal = normalise_url(address)
    except NotAWebAddress:  # it only begins like one
        return Found([], "address", 0)
    found = desk.lookup.find(normal, normal_form_key(normal))
    return _loaded(desk, [each.piece_id for each in found], "address")


def _by_text(desk: Desk, pasted: str) -> Found:
    with desk.database.reading() as connection:
        shares = find_by_shingles(connection, sorted(shingles(pasted)))
    return _loaded(desk, [piece_id for piece_id, share in shares if share >= MIN_SHARE], "text")


def _loaded(desk: Desk, piece_ids: list[str], how: str) -> Found:
    with desk.database.reading() as connection:
        pieces = [public_piece(connection, piece_id) for piece_id in piece_ids]
    hits = [_hit(each.piece, each.publisher_id) for each in pieces if each is not None]
    return Found(hits, how, len(hits))


def _hit(piece: Piece, publisher_id: str) -> Hit:
    url = piece.urls[0] if piece.urls else None
    return Hit(publisher_id, piece.id, piece.title, url, piece.source.name, "confirmed")
