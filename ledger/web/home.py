"""The front page."""

from typing import Any

from litestar import Response, get
from litestar.response import Redirect

from ledger.desk.house.people import needs_first_run
from ledger.web.context import AnyRequest, TheDesk
from ledger.web.pages import page


@get("/", sync_to_thread=True)
def home(request: AnyRequest, desk: TheDesk) -> Response[Any]:
    """What the house is for, and the finder. A house with nobody in it leads to its first-run page."""
    if needs_first_run(desk):
        return Redirect("/set-up", status_code=303)
    return page(request, "public/home.html")


handlers = [home]
