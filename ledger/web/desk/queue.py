"""The desk's first page: what waits, for whom, and for how long."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.response import Redirect

from ledger.desk.requests.queue_view import FILTERS, queue_view
from ledger.records.paging import BadCursor
from ledger.web.context import AnyRequest, Staff, TheDesk
from ledger.web.pages import page

MAX_SEARCH = 200


@get("/desk", sync_to_thread=True)
def queue_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[Any]:
    """``?show=`` a saved filter, ``?q=`` words to look for, ``?after=`` the mark of the page before."""
    chosen = request.query_params.get("show", "")
    if chosen not in FILTERS:
        chosen = "desk"
    text = request.query_params.get("q", "").strip()[:MAX_SEARCH]
    after = request.query_params.get("after")
    try:
        view = queue_view(desk, who, chosen, text, after)
    except BadCursor:
        after = None
        view = queue_view(desk, who, chosen, text)
    values: dict[str, Any] = {
        "chosen": chosen,
        "text": text,
        "view": view,
        "filters": [
            (_label(name, view.counts.get(name)), _address(name, text), name == chosen) for name in FILTERS
        ],
        "first": _address(chosen, text) if after else None,
        "following": _address(chosen, text, view.page.next) if view.page.next else None,
    }
    return page(request, "desk/queue.html", who=who, **values)


def _label(name: str, count: int | None) -> str:
    if count is None:
        return FILTERS[name]
    return f"{FILTERS[name]} ({'over 1,000' if count > 1_000 else count})"


def _address(name: str, text: str, after: str | None = None) -> str:
    pairs = {"show": name, "q": text, "after": after or ""}
    return f"/desk?{urlencode({key: value for key, value in pairs.items() if value})}"


@get("/desk/requests", sync_to_thread=False)
def requests_page(who: Staff) -> Redirect:
    """The queue under its other name."""
    return Redirect("/desk?show=all", status_code=303)


handlers = [queue_page, requests_page]
