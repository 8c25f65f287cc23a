"""A piece leaves the register: it was taken down, or should never have been registered. Nothing is deleted."""

from __future__ import annotations

from ledger.desk.answers.asking import find_piece
from ledger.desk.context import Desk, Who
from ledger.desk.refusals import Clash, NotFound
from ledger.desk.texts import needed_text
from ledger.records import journal_store
from ledger.records.filing import withdraw_piece
from ledger.records.pieces import load_piece
from ledger.records.tenant import Tenant

WHY = "Say why, such as: taken down at the owner's wish."


def withdraw(desk: Desk, who: Who, piece_id: str, reason: str | None = None) -> None:
    """Take a piece, or a draft of one, out of every public view. Confirming it again brings it back.

    Letters stand, and requests that were made stay on the desk: what was granted was granted. The journal notes the
    act for a confirmed piece; it commits to the reason, which may name somebody. Editors may discard drafts, officers
    withdraw what is public. Raises ``BadInput``, ``NotFound``, ``NotAllowed``; ``Clash`` when it is withdrawn already.
    """
    who.must_be("officer", "editor")
    with desk.database.writing() as connection:
        loaded = load_piece(connection, piece_id, who.publisher_id)
        if loaded is None:
            raise NotFound("There is no such piece at this publisher.", "piece")
        if loaded.state == "withdrawn":
            raise Clash("This piece is withdrawn already.")
        public = loaded.state == "confirmed"
        if public:
            who.must_be("officer")
            said = needed_text(reason, "reason", WHY)
        withdraw_piece(Tenant(connection, who.publisher_id), piece_id, loaded.version)
        if public:
            payload = {"piece": piece_id, "by": who.person_id}
            journal_store.append(
                connection, who.publisher_id, "piece.withdrawn", payload, {"reason": said}, desk.clock()
            )


def whose_piece(desk: Desk, reference: str) -> tuple[str, str]:
    """(id, publisher's id) of a piece by its id, in whatever state, or by an address under which readers find it.

    For an operator, who may act for any publisher. Raises ``NotFound``.
    """
    piece_id = reference if reference.startswith("pc_") else find_piece(desk, reference).id
    with desk.database.reading() as connection:
        loaded = load_piece(connection, piece_id)
    if loaded is None:
        raise NotFound(f"There is no piece {reference} in this ledger.", "piece")
    return piece_id, loaded.publisher_id
