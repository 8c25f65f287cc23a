"""Requests for the tests of the desk's pages: Alice asks Harbour Review for one of its own pieces."""

from pathlib import Path
from typing import Any

from ledger.desk.register.registering import register_piece
from ledger.desk.requests.requesting import submit_request
from ledger.records.request_rows import ItemRow, RequestRow
from ledger.records.requests import load_items, load_request
from ledger.records.tenant import Tenant
from ledger.rights.pieces import Piece
from tests.cast import Cast
from tests.web.browsing import Visitor

PAGES = Path(__file__).parents[2] / "ledger" / "cli" / "demo_pages"
PRINT: dict[str, Any] = {
    "portion": "full_article",
    "product": "anthology",
    "title": "Waiting at the Narrows",
    "publisher": "Fenwick Books",
    "formats": [{"format": "hardback", "print_run": 1500}],
    "purpose": "editorial",
    "is_commercial": True,
    "territory": "world",
    "language": "en",
    "duration": "current_edition",
    "modification": "none",
}


def own_piece(cast: Cast) -> Piece:
    """Its text is the publisher's own, its photograph is somebody else's."""
    return register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())


def wire_piece(cast: Cast) -> Piece:
    """A text of Meridian Wire, which the publisher cannot grant."""
    url = "https://www.harbour-review.example/2026/10/grain-ships"
    return register_piece(cast.desk, cast.edith, (PAGES / "grain-ships.txt").read_bytes(), url=url)


def ask_for(cast: Cast, *pieces: Piece, name: str = "", **use: Any) -> str:
    """A request of Alice's (or of another ``name``), her address confirmed; its id."""
    form = {
        "pieces": [piece.id for piece in pieces],
        "name": name or cast.alice.name,
        "email": f"{name.split()[0].lower()}@elsewhere.example" if name else cast.alice.email,
        "organisation": f"{name} & Sons" if name else cast.alice.organisation,
        "use": {key: value for key, value in {**PRINT, **use}.items() if value is not None},
    }
    return submit_request(cast.desk, form, verified=True).request_id


def row_of(cast: Cast, request_id: str) -> RequestRow:
    with cast.desk.database.reading() as connection:
        found = load_request(Tenant(connection, cast.harbour.id), request_id)
    assert found is not None
    return found


def items_of(cast: Cast, request_id: str) -> list[ItemRow]:
    with cast.desk.database.reading() as connection:
        return load_items(Tenant(connection, cast.harbour.id), request_id)


def come_in(cast: Cast, visitor: Visitor, name: str) -> Visitor:
    """The visitor, signed in as one of the staff."""
    visitor.plant("ledger", cast.token(name))
    return visitor
