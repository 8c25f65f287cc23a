"""What the tests of the public pages share: registered pieces of our own, and a form filled in."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from ledger.desk.register.registering import register_piece
from ledger.rights.pieces import Piece
from tests.cast import Cast

PAGES = Path(__file__).parents[2] / "ledger" / "cli" / "demo_pages"

USE = {
    "portion": "full_article",
    "channels": "print",
    "is_commercial": "yes",
    "requester_type": "publisher_commercial",
    "modification": "none",
}
DETAILS = {
    "purpose": "editorial",
    "territory": "world",
    "language": "en",
    "duration": "current_edition",
    "product": "book",
    "title": "Waiting at the Narrows",
    "publisher": "Fenwick Books",
    "isbn": "978-3-16-148410-0",
    "formats.0.format": "hardback",
    "formats.0.print_run": "2 000",
    "formats.0.price": "24,50",
    "formats.0.currency": "CAD",
    "name": "Alice Ferro",
    "email": "alice@fenwick-books.example",
    "organisation": "Fenwick Books",
    "terms_accepted": "on",
}


def own_piece(cast: Cast) -> Piece:
    """A piece whose text the publisher itself holds."""
    return register_piece(cast.desk, cast.edith, (PAGES / "the-signal-house.html").read_bytes())


def free_piece(cast: Cast) -> Piece:
    """A piece under a Creative Commons licence."""
    return register_piece(cast.desk, cast.edith, (PAGES / "river-survey.html").read_bytes())


class _Fields(HTMLParser):
    """The hidden fields of a page, as a browser without scripts would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden" and found.get("name"):
            self.hidden.setdefault(str(found["name"]), []).append(found.get("value") or "")


def hidden_fields(text: str) -> dict[str, list[str]]:
    """Hidden fields by name; the form token is left to the visitor."""
    parser = _Fields()
    parser.feed(text)
    parser.hidden.pop("csrf", None)
    return parser.hidden


def mails(cast: Cast) -> list[dict[str, Any]]:
    """Mail written down so far, the oldest first."""
    from sqlalchemy import text

    with cast.desk.database.reading() as connection:
        return [
            dict(row)
            for row in connection.execute(
                text("SELECT * FROM mail_message ORDER BY created_at, id")
            ).mappings()
        ]
