"""Standing arrangements with sources: the list, a new one, and the end of one."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.register import sources
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.desk import record_fields
from ledger.web.desk.record_words import CHOICES
from ledger.web.desk.rows import without_row
from ledger.web.forms import Form
from ledger.web.pages import page

SINGLE = ("source", "email", "arrangement", "basis", "clause", "url", "valid_from", "valid_to", "sublicence")
BASES = (
    ("licensed", "Licensed to us", "We may carry it because the source lets us."),
    ("standing_terms", "On terms it offers to everybody"),
    ("assigned", "Assigned to us", "The rights themselves were assigned to us in writing."),
    (
        "exception_claimed",
        "Under a legal exception",
        "Such as fair use; each piece then needs an assessment.",
    ),
    ("unknown", "Not settled"),
)


@get("/desk/sources", sync_to_thread=True)
def sources_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """Every arrangement, those in force first."""
    return _list(request, desk, who, Form())


def _list(
    request: AnyRequest, desk: Desk, who: Who, form: Form, status: int = 200, ending: str = ""
) -> Response[str]:
    values: dict[str, Any] = {
        "profiles": sources.list_profiles(desk, who),
        "today": desk.today(),
        "in_force": sources.in_force,
        "is_officer": "officer" in who.roles,
        "form": form,
        "ending": ending,
        "bases": {row[0]: row[1] for row in BASES},
        "recorded": "recorded" in request.query_params,
    }
    return page(request, "desk/sources.html", status, who=who, **values)


@get("/desk/sources/new", sync_to_thread=True)
def new_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """The form of a new arrangement."""
    who.must_be("officer")
    form = Form.filled({"to_us": True, "text_only": True, "source": request.query_params.get("source", "")})
    return _new(request, who, form, [{"conditions": []}])


def _new(
    request: AnyRequest, who: Who, form: Form, terms: list[dict[str, Any]], status: int = 200
) -> Response[str]:
    values: dict[str, Any] = {"form": form, "terms": terms, "choices": CHOICES, "bases": BASES}
    return page(request, "desk/new_source.html", status, who=who, **values)


@post("/desk/sources/new", status_code=200, sync_to_thread=True)
def record(request: AnyRequest, desk: TheDesk, who: Staff, form: Posted) -> Response[Any]:
    """Record an arrangement, or add a line to it or take one away."""
    who.must_be("officer")
    if form.value("add") or form.value("remove"):
        rows = record_fields.record_of(form, blanks=True)
        if form.value("add"):
            record_fields.with_row(rows, form.value("add"))
        else:
            without_row(rows, form.value("remove"))
        return _new(request, who, _typed(form, rows["terms"]), rows["terms"])
    terms = record_fields.record_of(form)["terms"]
    given: dict[str, Any] = {name: form.value(name) for name in SINGLE}
    given |= {name: bool(form.value(name)) for name in ("to_us", "text_only")}
    try:
        profile = sources.record_profile(desk, who, {**given, "terms": terms})
    except BadInput as refusal:
        shown = _typed(form, terms or [{}])
        shown.errors.update(record_fields.places(refusal.errors))
        return _new(request, who, shown, terms or [{"conditions": []}], refusal.status)
    return Redirect(f"/desk/sources?recorded#{profile.id}", status_code=303)


def _typed(form: Form, terms: list[dict[str, Any]]) -> Form:
    """What was typed, its lines numbered anew."""
    shown = record_fields.form_of({"terms": terms})
    kept = {name: form.values(name) for name in (*SINGLE, "to_us", "text_only")}
    return Form(data={**shown.data, **kept})


@post("/desk/sources/{profile:str}/end", status_code=200, sync_to_thread=True)
def end(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, profile: FromPath[str]
) -> Response[Any]:
    """The last day of an arrangement."""
    who.must_be("officer")
    try:
        last_day = date.fromisoformat(form.value("last_day"))
    except ValueError:
        form.errors["last_day"] = "Give the last day on which it holds."
        return _list(request, desk, who, form, 422, profile)
    try:
        sources.end_profile(desk, who, profile, last_day)
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _list(request, desk, who, form, refusal.status, profile)
    except Clash as refusal:
        form.errors["last_day"] = refusal.message
        return _list(request, desk, who, form, refusal.status, profile)
    return Redirect(f"/desk/sources#{profile}", status_code=303)


handlers = [sources_page, new_page, record, end]
