"""Deciding a part of a request, alone or with all that stand alike; the letter before and while it is issued."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup

from ledger.desk.context import Desk, Who
from ledger.desk.letters import issuing
from ledger.desk.refusals import BadInput, Clash, Unavailable
from ledger.desk.requests import deciding, referring
from ledger.letters.language import LANGUAGES
from ledger.letters.markup import preview_html
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.desk.decision_form import ACTS, decided_details, named
from ledger.web.desk.dossier import act, show
from ledger.web.forms import Form
from ledger.web.pages import page

DECISIONS = {"grant": "granted", "decline": "declined", "refer": "referred", "not_needed": "not_needed"}


@post("/desk/requests/{request_id:str}/items/{item_id:str}/{which:str}", status_code=200, sync_to_thread=True)
def decide(
    request: AnyRequest,
    desk: TheDesk,
    who: Staff,
    form: Posted,
    request_id: FromPath[str],
    item_id: FromPath[str],
    which: FromPath[str],
) -> Response[Any]:
    """Grant, decline, refer, say that nothing is needed, or ask the owner."""
    if which not in ACTS:
        raise NotFoundException
    opened = f"{item_id}--{which}"
    done = lambda: _decide(desk, who, form, request_id, item_id, which)  # noqa: E731
    return act(request, desk, who, request_id, form, opened, done)


def _decide(desk: Desk, who: Who, form: Form, request_id: str, item_id: str, which: str) -> None:
    who.must_be("officer")
    items = [item_id, *form.values(f"{item_id}.{which}.alike")]
    version = form.version()
    try:
        if which == "enquire":
            owner, email = form.value(f"{item_id}.enquire.owner"), form.value(f"{item_id}.enquire.email")
            referring.enquire(desk, who, request_id, items, owner=owner, email=email, version=version)
            return
        details = decided_details(form, item_id, which)
        again = form.value("again") == "yes"
        deciding.decide_items(
            desk, who, request_id, items, DECISIONS[which], details, version=version, again=again
        )
    except BadInput as refusal:
        raise BadInput(named(refusal.errors, item_id, which)) from refusal


@get("/desk/requests/{request_id:str}/letter", sync_to_thread=True)
def preview(request: AnyRequest, desk: TheDesk, who: Staff, request_id: FromPath[str]) -> Response[Any]:
    """The letters as they would be issued now, under each clause what it rests on. Writes nothing."""
    language = request.query_params.get("language")
    language = language if language in LANGUAGES else None
    try:
        letters = issuing.preview(desk, who, request_id, language=language)
    except Clash as refusal:
        return show(request, desk, who, request_id, status=409, problem=refusal.message)
    shown = [
        # The letter's own template escapes; only its anchors are told apart, since several stand on one page.
        Markup(preview_html(each).replace('id="s-', f'id="letter-{number}-'))  # noqa: S704
        for number, each in enumerate(letters, 1)
    ]
    values: dict[str, Any] = {
        "shown": shown,
        "letters": letters,
        "request_id": request_id,
        "reference": request_id[-8:],
        "language": language or (letters[0].language if letters else "en"),
        "languages": LANGUAGES,
    }
    return page(request, "desk/letter_preview.html", who=who, **values)


@post("/desk/requests/{request_id:str}/letter", status_code=200, sync_to_thread=True)
def issue(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, request_id: FromPath[str]
) -> Response[Any]:
    """Number, journal and make the letters; pressed twice it is issued once."""
    language = form.value("language")
    try:
        letter = issuing.issue(desk, who, request_id, language=language if language in LANGUAGES else None)
    except Clash as refusal:
        return show(request, desk, who, request_id, status=409, problem=refusal.message)
    except Unavailable as refusal:  # numbered and journaled; its file follows
        return show(request, desk, who, request_id, status=503, problem=refusal.message)
    return Redirect(f"/desk/letters/{letter.id}", status_code=303)


handlers = [decide, preview, issue]
