"""The owner's door: one enquiry, four answers. Looking decides nothing; only a POST does."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.answers.use_words import use_sentences
from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests.owners_door import OwnersView, answer_enquiry, owners_view
from ledger.web.context import AnyRequest, Posted, TheDesk
from ledger.web.forms import Form
from ledger.web.pages import translated_page
from ledger.web.public.following import secret
from ledger.web.public.questions import read_territory
from ledger.web.reader_language import reader_language
from ledger.web.tongues import tongue

DETAILS = ("name", "words", "ask", "contact", "end", "territory", "copies", "credit_line")
"""What an owner may say besides the answer itself."""


@get("/owner/{token:str}", sync_to_thread=True)
def owner_page(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """The enquiry, and the four answers."""
    return _door(request, desk, token, Form())


@post("/owner/{token:str}", status_code=200, sync_to_thread=True)
def owner_answers(request: AnyRequest, desk: TheDesk, token: FromPath[str], form: Posted) -> Response[Any]:
    """Record the owner's answer as evidence."""
    details, unread = _details(form, _language(request, owners_view(desk, token)))
    try:
        answer_enquiry(desk, token, form.value("reply"), details)
    except BadInput as wrong:
        form.errors.update({**wrong.errors, **unread})
        return _door(request, desk, token, form, 422)
    except Clash:
        return _door(request, desk, token, form, 409, refused=True)
    return Redirect(f"/owner/{token}", status_code=303)


def _details(form: Form, language: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The answer as the desk takes it, countries by their codes; and, by its field, what is no country we know.

    That goes to the desk as it was typed, which then refuses it together with all else that is wrong.
    """
    details: dict[str, Any] = {name: form.value(name) for name in DETAILS}
    if not form.value("territory").strip():
        return details, {}
    try:
        return {**details, "territory": read_territory(form.value("territory"), language)}, {}
    except ValueError as error:
        return details, {"territory": error.args[0]}


def _door(
    request: AnyRequest, desk: Desk, token: str, form: Form, status: int = 200, refused: bool = False
) -> Response[Any]:
    view = owners_view(desk, token)
    language = _language(request, view)
    spoken = tongue(language)
    form.errors = spoken.all_again(form.errors)
    values = {
        "view": view,
        "titles": spoken.quoted(view.titles),
        "uses": use_sentences(view.use, spoken.speaker) if view.use else [],
        "form": form,
        "refused": refused,
    }
    return secret(translated_page(request, "public/owner.html", language, status, **values))


def _language(request: AnyRequest, view: OwnersView) -> str:
    """Owners are written to in the publisher's language, for nobody knows theirs until they choose."""
    return reader_language(request, view.publisher.language)


handlers = [owner_page, owner_answers]
