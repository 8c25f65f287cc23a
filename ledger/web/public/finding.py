"""The finder, and a piece's rights page."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from ledger import interchange
from ledger.desk.answers.asking import find_piece
from ledger.desk.answers.finding import Found, find
from ledger.desk.answers.rights_view import part_labels, rights_view
from ledger.desk.context import Desk
from ledger.records.paging import BadCursor
from ledger.web.context import AnyRequest, TheDesk
from ledger.web.pages import page

PAGE_HEADERS = {"Cache-Control": "private, no-cache"}


@get("/find", sync_to_thread=True)
def finder(request: AnyRequest, desk: TheDesk) -> Response[Any]:
    """``?q=``: an address, words, or a pasted text. One piece under an address is shown at once."""
    asked = request.query_params.get("q", "").strip()[:5000]
    found: Found | None = None
    if asked:
        try:
            found = find(desk, asked, request.query_params.get("after"))
        except BadCursor:
            found = find(desk, asked)
        if found.how == "address" and len(found.hits) == 1:
            return Redirect(f"/pieces/{found.hits[0].piece_id}", status_code=303)
    return page(request, "public/find.html", asked=asked, found=found)


@get("/pieces/{piece:str}", sync_to_thread=True)
def piece_page(request: AnyRequest, desk: TheDesk, piece: FromPath[str]) -> Response[str]:
    """Who holds what, what anyone may do, what needs asking and of whom.

    Most readers have been answered by ``quick_page`` before; here come those with a cookie, and all that goes wrong.
    """
    values = page_values(desk, piece)
    response = page(request, "public/piece.html", **values)
    response.headers.update(PAGE_HEADERS | {"Link": piece_links(desk, values["piece"].id)})
    return response


def page_values(desk: Desk, reference: str) -> dict[str, Any]:
    """What the page of a piece shows. Raises ``NotFound``."""
    found = find_piece(desk, reference)
    return {
        "piece": found,
        "view": rights_view(found, desk.today()),
        "formats": list(interchange.FORMATS),
        "labels": part_labels(found),
    }


def piece_links(desk: Desk, piece_id: str) -> str:
    """The ``Link`` header (RFC 8288): the same rights for machines."""
    return ", ".join(
        f'<{desk.base_url}/api/pieces/{piece_id}/as/{name}>; rel="alternate"; type="{each.media_type}"'
        for name, each in interchange.FORMATS.items()
    )


handlers = [finder, piece_page]
