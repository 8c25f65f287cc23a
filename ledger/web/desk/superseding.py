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
from ledger.rights.vocabulary import headed
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.desk import corrections
from ledger.web.forms import Form
from ledger.web.pages import page


@get("/desk/letters/{letter_id:str}/supersede", sync_to_thread=True)
def correcting(request: AnyRequest, desk: TheDesk, who: Staff, letter_id: FromPath[str]) -> Response[str]:
    """The letter as it stands, to be put right."""
    who.must_be("officer")
    view = letter_view(desk, who, letter_id)
    return _show(request, who, view, corrections.filled(view))


@post("/desk/letters/{letter_id:str}/supersede/preview", status_code=200, sync_to_thread=True)
def preview(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, letter_id: FromPath[str]
) -> Response[Any]:
    """The corrected letter as it would be issued. Writes nothing."""
    who.must_be("officer")
    view = letter_view(desk, who, letter_id)
    try:
        letter = superseding.preview(desk, who, letter_id, corrections.corrections(view, form))
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
        new = superseding.supersede(desk, who, letter_id, corrections.corrections(view, form))
    except (BadInput, Clash, Stale) as refusal:
        return _refused(request, who, view, form, refusal)
    except Unavailable:  # numbered and journaled; the letter's own page says that the file follows
        return Redirect(f"/desk/letters/{letter_id}", status_code=303)
    return Redirect(f"/desk/letters/{new.id}", status_code=303)


def _refused(
    request: AnyRequest, who: Who, view: LetterView, form: Form, refusal: BadInput | Clash | Stale
) -> Response[str]:
    if isinstance(refusal, BadInput):
        form.errors.update(refusal.errors)
        return _show(request, who, view, form, 422)
    if isinstance(refusal, superseding.Wider):
        form.errors.update(refusal.fields)
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
    values: dict[str, Any] = {"view": view, "form": form, "problem": problem, "shown": shown}
    values |= {
        "names": [name for name in corrections.names_of(view) if name in form.data],
        "languages": corrections.language_choices(view.matter.use),
        "formats": [(run.format.value, headed(run.format)) for run in view.matter.use.formats],
    }
    return page(request, "desk/supersede.html", status, who=who, **values)


handlers = [correcting, preview, supersede]
