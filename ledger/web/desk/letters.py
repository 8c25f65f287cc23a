"""The letters of a publisher: the list; one letter with its duties, its grounds, its proof, and how to revoke it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.context import Desk, Who
from ledger.desk.letters import finishing, revoking
from ledger.desk.letters.letter_life import complete_obligation
from ledger.desk.letters.letter_view import STATES, letter_bytes, letter_view, letters_page, revoked_later
from ledger.desk.refusals import BadInput, Clash, Unavailable
from ledger.records.failures import Stale
from ledger.records.paging import BadCursor
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.forms import Form
from ledger.web.pages import page


@get("/desk/letters", sync_to_thread=True)
def letter_list(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """``?state=`` one state; ``?after=`` the mark of the page before."""
    state = request.query_params.get("state")
    state = state if state in STATES else None
    after = request.query_params.get("after")
    try:
        found = letters_page(desk, who, state, after)
    except BadCursor:
        after, found = None, letters_page(desk, who, state, None)
    filters = [("All", "/desk/letters", state is None)]
    filters += [(each.capitalize(), f"/desk/letters?state={each}", each == state) for each in STATES]
    values: dict[str, Any] = {
        "found": found,
        "later": revoked_later(desk, who, found.rows),
        "filters": filters,
        "first": _address(state) if after else None,
        "following": _address(state, found.next) if found.next else None,
        "today": desk.today(),
    }
    return page(request, "desk/letters.html", who=who, **values)


def _address(state: str | None, after: str | None = None) -> str:
    pairs = {key: value for key, value in (("state", state), ("after", after)) if value}
    return f"/desk/letters?{urlencode(pairs)}" if pairs else "/desk/letters"


def _show(
    request: AnyRequest,
    desk: Desk,
    who: Who,
    letter_id: str,
    form: Form | None = None,
    status: int = 200,
    problem: str = "",
) -> Response[str]:
    view = letter_view(desk, who, letter_id)
    values: dict[str, Any] = {
        "view": view,
        "form": form or Form(),
        "problem": problem,
        "is_officer": "officer" in who.roles,
        "today": desk.today(),
    }
    return page(request, "desk/letter.html", status, who=who, **values)


@get("/desk/letters/{letter_id:str}", sync_to_thread=True)
def letter_page(request: AnyRequest, desk: TheDesk, who: Staff, letter_id: FromPath[str]) -> Response[str]:
    """One letter."""
    return _show(request, desk, who, letter_id)


@get("/desk/letters/{letter_id:str}/file", sync_to_thread=True)
def letter_file(desk: TheDesk, who: Staff, letter_id: FromPath[str]) -> Response[bytes]:
    """The signed PDF."""
    letter, data = letter_bytes(desk, who, letter_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{letter.number}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(data, media_type="application/pdf", headers=headers)


@post("/desk/letters/{letter_id:str}/file", status_code=200, sync_to_thread=True)
def make_file(request: AnyRequest, desk: TheDesk, who: Staff, letter_id: FromPath[str]) -> Response[Any]:
    """Make the file of a letter that is being prepared, now."""
    who.must_be("officer")
    letter_view(desk, who, letter_id)  # one's own, or there is none
    try:
        finishing.finish(desk, who.publisher_id, letter_id)
    except Unavailable as refusal:
        return _show(request, desk, who, letter_id, status=503, problem=refusal.message)
    return Redirect(f"/desk/letters/{letter_id}", status_code=303)


@post("/desk/letters/{letter_id:str}/duties/{duty_id:str}", status_code=200, sync_to_thread=True)
def tick_off(
    request: AnyRequest,
    desk: TheDesk,
    who: Staff,
    form: Posted,
    letter_id: FromPath[str],
    duty_id: FromPath[str],
) -> Response[Any]:
    """A duty of the letter is done."""
    try:
        complete_obligation(desk, who, letter_id, duty_id, form.value(f"{duty_id}.note")[:500])
    except Stale:
        return _show(request, desk, who, letter_id, form, 409, "This duty has been ticked off already.")
    return Redirect(f"/desk/letters/{letter_id}#duties", status_code=303)


@post("/desk/letters/{letter_id:str}/revoke", status_code=200, sync_to_thread=True)
def revoke(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, letter_id: FromPath[str]
) -> Response[Any]:
    """Take the permission back; a letter of its own tells its holder."""
    try:
        effective = _day(form.value("effective"))
        notice = revoking.revoke(desk, who, letter_id, form.value("reason"), effective)
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _show(request, desk, who, letter_id, form, 422)
    except (Clash, Stale) as refusal:
        return _show(request, desk, who, letter_id, form, 409, str(refusal))
    except Unavailable as refusal:  # revoked, and the letter that says so is being prepared
        return _show(request, desk, who, letter_id, status=503, problem=refusal.message)
    return Redirect(f"/desk/letters/{notice.id}", status_code=303)


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise BadInput({"effective": "Write the day as 2026-03-31."}) from None


handlers = [letter_list, letter_page, letter_file, make_file, tick_off, revoke]
