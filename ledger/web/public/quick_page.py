"""The rights page for whoever comes without a cookie: most readers, and every crawler.

It is the page of ``finding.piece_page``, made before the framework's routing, dependencies and response, which
cost as much as reading the piece does. Whatever is out of the ordinary (a cookie, a piece that is not here, a
template that wants a form's token) goes the ordinary way.
"""

from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Send

from ledger.desk.context import Desk
from ledger.web.pages import Pages
from ledger.web.public.finding import PAGE_HEADERS, page_values, piece_links

PAGES = "/pieces/pc_"
Headers = tuple[tuple[bytes, bytes], ...]
_OWN: Headers = (
    (b"content-type", b"text/html; charset=utf-8"),
    *((name.lower().encode(), value.encode()) for name, value in PAGE_HEADERS.items()),
)


async def quick_page(desk: Desk, pages: Pages, scope: HTTPScope, send: Send, headers: Headers) -> bool:
    """Answer a stranger's question for a rights page, with ``headers`` besides its own; whether it was answered.

    On SQLite it is read and rendered here and now, as the lookup is: a thread would cost more than the reading.
    False: nothing was sent.
    """
    path = scope["path"]
    if "/" in path[len(PAGES) :] or not desk.database.is_sqlite or _has_cookie(scope):
        return False
    try:
        values = page_values(desk, path.rpartition("/")[2])
        body = pages.of_a_stranger("public/piece.html", path, values).encode()
        links = piece_links(desk, values["piece"].id).encode()
    except Exception:  # whatever it is, the ordinary way meets it too and answers it
        return False
    own = (*_OWN, (b"link", links), (b"content-length", str(len(body)).encode()))
    await send(HTTPResponseStartEvent(type="http.response.start", status=200, headers=[*own, *headers]))
    await send(HTTPResponseBodyEvent(type="http.response.body", body=body, more_body=False))
    return True


def _has_cookie(scope: HTTPScope) -> bool:
    return any(name == b"cookie" for name, _ in scope["headers"])
