"""The mails of a publisher: with no mail server set up, the place where they are read."""

from typing import Any

from litestar import Response, get

from ledger.desk.house.outgoing import STATES, posted
from ledger.web.context import AnyRequest, Staff, TheDesk
from ledger.web.desk.settings import sections
from ledger.web.pages import page


@get("/desk/mails", sync_to_thread=True)
def mail_list(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """``?state=`` one state. Links that speak for somebody are shown only where there is no mail server."""
    state = request.query_params.get("state")
    state = state if state in STATES else None
    settings = request.app.state.settings
    no_server = settings.smtp_url is None
    filters = [("All", "/desk/mails", state is None)]
    words = {**WORDS, "sent": "Written to the folder"} if no_server else WORDS
    filters += [(words[each], f"/desk/mails?state={each}", each == state) for each in STATES]
    values: dict[str, Any] = {
        "mails": posted(desk, who, state=state, with_links=no_server),
        "filters": filters,
        "words": words,
        "no_server": no_server,
        "sections": sections(who, "/desk/mails"),
    }
    return page(request, "desk/mails.html", who=who, **values)


WORDS = {"queued": "Waiting", "sent": "Sent", "failed": "Given up", "bounced": "Came back"}

handlers = [mail_list]
