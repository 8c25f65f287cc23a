"""Asking: what may be done with a piece, for anybody who wants to know. Nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.desk.answers.public_view import public_answer
from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput, NotFound
from ledger.desk.requests.request_form import read_use
from ledger.intake.urls import NotAWebAddress, normal_form_key, normalise_url
from ledger.rights.evaluation import PieceAnswer, evaluate_piece
from ledger.rights.pieces import Piece
from ledger.rights.uses import ProposedUse


@dataclass(frozen=True)
class Answered:
    """A piece, the use as it was understood, and what the engine answers today."""

    piece: Piece
    use: ProposedUse
    answer: PieceAnswer


def may_i(desk: Desk, reference: str, use: Mapping[str, Any]) -> Answered:
    """Answer a proposed use of a confirmed piece. ``reference`` is its id or any of its addresses.

    Raises ``BadInput`` for a use that cannot be read, ``NotFound`` for a piece that is not here.
    """
    errors: dict[str, str] = {}
    read = read_use(use, errors, prefix="")
    if read is None or errors:
        raise BadInput(errors)
    piece = find_piece(desk, reference)
    return Answered(piece, read, public_answer(evaluate_piece(piece, read, desk.today())))


def find_piece(desk: Desk, reference: str) -> Piece:
    """A confirmed piece by its id or any of its addresses. Raises ``NotFound``."""
    piece_id = reference if reference.startswith("pc_") else _at_address(desk, reference)
    if piece_id is not None:
        found = desk.public_pieces.find(piece_id)
        if found is not None:
            return found
    raise NotFound(
        f"No piece is registered under {reference}. Check the address, or search for its title.", "piece"
    )


def look_up(desk: Desk, address: str) -> str:
    """What the public lookup answers for an address: JSON text, written when the piece last changed.

    The hottest question of the house: one statement, no transaction. Raises ``BadInput`` and ``NotFound``.
    """
    try:
        normal = normalise_url(address)
    except NotAWebAddress as error:
        raise BadInput({"url": str(error)}) from error
    found = desk.lookup.find(normal, normal_form_key(normal))
    if not found:
        raise NotFound("No piece is registered under this address.", "url")
    return found[0].record


def _at_address(desk: Desk, reference: str) -> str | None:
    try:
        normal = normalise_url(reference)
    except NotAWebAddress:
        return None
    found = desk.lookup.find(normal, normal_form_key(normal))
    return found[0].piece_id if found else None
