"""Many pages at once: the entries of a feed, the rows of a sheet or the posts of a WordPress export, one draft each.

Each entry stands on its own: one that cannot be read or is in the register already is told, and the others go on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput
from ledger.desk.register.reading import get_page
from ledger.desk.register.registering import file_draft, registered_as
from ledger.intake.batches import Named, read_feed, read_wxr
from ledger.intake.draft import UnreadablePage
from ledger.intake.sheets import read_csv
from ledger.intake.urls import NotAWebAddress

MOST = 200
"""Entries taken at once."""


@dataclass(frozen=True)
class Row:
    """What became of one entry: ``registered``, ``known`` (``piece_id`` says as which) or ``unreadable``."""

    name: str
    outcome: str
    piece_id: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Batch:
    """What became of a file. ``left_out`` entries were more than are taken at once."""

    kind: str
    rows: list[Row]
    left_out: int = 0


def draft_many(desk: Desk, who: Who, data: bytes | None = None, *, url: str | None = None) -> Batch:
    """Register every entry of a file, or of the feed at an address, as a draft. Raises ``BadInput``.

    The feed's own words are read, not the pages it links to. Nothing is fetched inside a transaction.
    """
    who.must_be("editor", "officer")
    try:
        if data is None:
            if not url:
                raise BadInput({"batch": "Choose a file, or give the address of a feed."})
            fetched = get_page(url, "feed_url")
            data, url = fetched.body, fetched.final_url
        kind, read = _kind_of(data)
        entries = read(data, url)
    except UnreadablePage as error:
        raise BadInput({"batch": str(error)}) from error
    except NotAWebAddress as error:
        raise BadInput({"feed_url": str(error)}) from error
    if not entries:
        raise BadInput({"batch": "There is no entry in it. Choose another file."})
    rows = [_one(desk, who, entry, data) for entry in entries[:MOST]]
    return Batch(kind, rows, max(0, len(entries) - MOST))


Read = Callable[[bytes, str | None], list[Named]]


def _kind_of(data: bytes) -> tuple[str, Read]:
    """Told apart by how the file begins: markup of WordPress, other markup (a feed), or a sheet."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:4_000]
    if not start.startswith(b"<"):
        return "sheet", lambda content, _url: read_csv(content)
    if b"wordpress.org/export/" in start:
        return "WordPress export", lambda content, _url: read_wxr(content)
    return "feed", lambda content, url: read_feed(content, url=url)


def _one(desk: Desk, who: Who, entry: Named, data: bytes) -> Row:
    name, draft = entry
    if not draft.title and not draft.canonical_url:
        return Row(name, "unreadable", note="It has neither a title nor an address.")
    known = registered_as(desk, who, [draft.canonical_url])
    if known:
        return Row(name, "known", known[0].id, known[0].title)
    # The whole file is the evidence: it is kept once, under its hash.
    drafted = file_draft(desk, who, draft, data, url=draft.canonical_url, media_type=None)
    return Row(name, "registered", drafted.piece_id, draft.title or name)
