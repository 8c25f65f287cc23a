"""Replacing a letter that has an error: the form, the corrected letter before it is issued, and issuing it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup

from ledger.desk.context import Who
from ledger.desk.letters import superseding
from ledger.desk.letters.letter_view import LetterView, letter_view
from ledger.desk.refusals import BadInput, Clash, Unavailable
from ledger.letters.markup import preview_html
from ledger.records.failures import Stale
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.forms import Form
from ledger.web.pages import page

LINES = ("use.urls",)
"""Fields that take one value a line."""


@get("/desk/letters/{letter_id:str}/supersede", sync_to_thread=True)
def correcting(request: AnyRequest, desk: TheDesk, who: Staff, letter_id: FromPath[str]) -> Response[str]:
    """The letter as it stands, to be put right."""
    who.must_be("officer")
    view = letter_view(desk, who, letter_id)
    return _show(request, who, view, Form.filled(_standing(view)))


@post("/desk/letters/{letter_id:str}/supersede/preview", status_code=200, sync_to_thread=True)
def preview(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, letter_id: FromPath[str]
) -> Response[Any]:
    """The corrected letter as it would be issued. Writes nothing."""
    who.must_be("officer")
    view = letter_view(desk, who, letter_id)
    try:
        letter = superseding.preview(desk, who, letter_id, _corrections(view, form))
    except (BadInput, Clash) as refusal:
        return _refused(request, who, view, form, refusal)
    shown = Markup(preview_html(letter))  # noqa: S704 - the letter's own template escapes
    return _show(request, who, view, form, shown=shown)


@post("/desk/letters/{letter_id:str}/supersede", status_code=200, sync_to_thread=True)
def supersede(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, letter_id: FromPath[str]
) -> Response[Any]:
    """Issue the corrected letter; the first is superseded from that moment."""
    who.must_be("officer")
    view = letter_view(desk, who, letter_id)
    try:
        new = superseding.supersede(desk, who, letter_id, _corrections(view, form))
    except (BadInput, Clash, Stale) as refusal:
        return _refused(request, who, view, form, refusal)
    except Unavailable:  # numbered and journaled; the letter's own page says that the file follows
        return Redirect(f"/desk/letters/{letter_id}", status_code=303)
    return Redirect(f"/desk/letters/{new.id}", status_code=303)


def _standing(view: LetterView) -> dict[str, str]:
    """What the letter says in the fields of the form."""
    grant, use = view.matter.grant, view.matter.use
    if grant is None:
        return {}
    contacts = view.matter.addressee.contacts
    period = grant.scope.period
    return {
        "licensee": grant.assignee.legal_name or grant.assignee.name,
        "contact": (contacts[0].name or "") if contacts else "",
        "credit_line": grant.credit_line or "",
        "use.title": use.title or "",
        "use.author": use.author or "",
        "use.publisher": use.publisher or "",
        "use.identifier": use.identifier or "",
        "use.urls": "\n".join(use.urls),
        "use.start": period.start.isoformat() if period.start else "",
        "use.end": period.end.isoformat() if period.end else "",
    }


def _corrections(view: LetterView, form: Form) -> dict[str, Any]:
    """Only what differs from the letter as it stands."""
    given: dict[str, Any] = {"use": {}, "reason": form.value("reason")}
    for name, standing in _standing(view).items():
        typed = form.value(name).strip()
        if name not in form.data or typed == standing:
            continue
        value: Any = typed.split() if name in LINES else typed
        if name.startswith("use."):
            given["use"][name.removeprefix("use.")] = value
        else:
            given[name] = value
    return given


def _refused(
    request: AnyRequest, who: Who, view: LetterView, form: Form, refusal: BadInput | Clash | Stale
) -> Response[str]:
    if isinstance(refusal, BadInput):
        form.errors.update(refusal.errors)
        return _show(request, who, view, form, 422)
    return _show(request, who, view, form, 409, problem=str(refusal))


def _show(
    request: AnyRequest,
    who: Who,
    view: LetterView,
    form: Form,
    status: int = 200,
    *,
    problem: str = "",
    shown: Markup | None = None,
) -> Response[str]:
    names = [*_standing(view), "reason"]
    values: dict[str, Any] = {"view": view, "form": form, "problem": problem, "shown": shown, "names": names}
    return page(request, "desk/supersede.html", status, who=who, **values)


handlers = [correcting, preview, supersede]
