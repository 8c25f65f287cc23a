"""Extending a letter: more copies, a longer time, further countries, asked for on a page of its own."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.amounts import copies
from ledger.desk.context import Desk
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests import following, topping_up
from ledger.records.failures import Stale
from ledger.rights.uses import Format
from ledger.said import said
from ledger.web.context import AnyRequest, Posted, TheDesk
from ledger.web.forms import Form
from ledger.web.pages import translated_page
from ledger.web.public import questions
from ledger.web.public.following import language_of, secret, status_answer
from ledger.web.tongues import tongue


@get("/requests/{token:str}/extend/{letter_id:str}", sync_to_thread=True)
def extend_page(
    request: AnyRequest, desk: TheDesk, token: FromPath[str], letter_id: FromPath[str]
) -> Response[Any]:
    """Ask for more of the same: more copies, a longer time, further countries."""
    row, _ = following.letter_behind(desk, token, letter_id)
    use = row.document["use"]
    form = Form.filled({"formats": use.get("formats") or [], "end": use.get("end")})
    return _extend_page(request, desk, token, letter_id, form)


def _extend_page(
    request: AnyRequest, desk: Desk, token: str, letter_id: str, form: Form, status: int = 200
) -> Response[Any]:
    row, found = following.letter_behind(desk, token, letter_id)
    spoken = tongue(language_of(request, row))
    form.errors = spoken.all_again(form.errors)
    values = {
        "letter": found,
        "token": token,
        "form": form,
        "formats": row.document["use"].get("formats") or [],
        "names": {each.value: spoken.speaker.label(each) for each in Format},
    }
    return secret(translated_page(request, "public/extend.html", spoken.language, status, **values))


@post("/requests/{token:str}/extend/{letter_id:str}", status_code=200, sync_to_thread=True)
def extend(
    request: AnyRequest, desk: TheDesk, form: Posted, token: FromPath[str], letter_id: FromPath[str]
) -> Response[Any]:
    """Send the wish; it is a request of its own that names the letter, priced by the difference."""
    row, found = following.letter_behind(desk, token, letter_id)
    changes = _changes(form, row.document["use"], language_of(request, row))
    if form.errors:
        return _extend_page(request, desk, token, letter_id, form, 422)
    try:
        sent = topping_up.ask_for_top_up(desk, row, found, changes)
    except BadInput as refusal:
        form.errors.update(questions.plain_errors(refusal.errors))
        return _extend_page(request, desk, token, letter_id, form, 422)
    except (Clash, Stale) as refusal:
        return status_answer(request, desk, token, form, 409, refused=refusal)
    path = sent.status_url.removeprefix(desk.base_url)
    return Redirect(f"{path}?extended=1", status_code=303)


def _changes(form: Form, use: dict[str, Any], language: str) -> dict[str, Any]:
    """What was changed against the use as it was asked for."""
    changes: dict[str, Any] = {}
    runs = [dict(each) for each in use.get("formats") or []]
    for number, run in enumerate(runs):
        place = f"formats.{number}.print_run"
        try:
            if typed := form.value(place).strip():
                run["print_run"] = copies(typed)
        except ValueError as error:
            form.errors[place] = error.args[0]
    if runs and [str(run.get("print_run")) for run in runs] != [
        str(r.get("print_run")) for r in use["formats"]
    ]:
        changes["formats"] = runs
    end, territory = form.value("end").strip(), form.value("territory").strip()
    if end and end != use.get("end"):
        changes |= {"end": _last_day(form, end, use.get("start")), "duration": "fixed_term"}
    if territory:
        try:
            changes["territory"] = questions.read_territory(territory, language)
        except ValueError as error:
            form.errors["territory"] = error.args[0]
    return changes


def _last_day(form: Form, typed: str, start: str | None) -> str:
    """A new last day as it was typed; what is wrong with it goes to ``form.errors``."""
    try:
        end = date.fromisoformat(typed)
    except ValueError:
        form.errors["end"] = said("Write the day as 2026-03-31.")
        return typed
    if start and end < date.fromisoformat(start):
        begins = date.fromisoformat(start)
        form.errors["end"] = said("The use would begin after that day, on %(day)s.", day=begins)
    return typed


handlers = [extend_page, extend]
