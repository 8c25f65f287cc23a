"""One request on the desk: everything a decision needs, messages, price, assignment."""

from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from ledger.desk.amounts import minor_units
from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests import attending, quoting
from ledger.desk.requests.dossier import Dossier, dossier, file_of
from ledger.records.failures import Stale
from ledger.records.request_rows import EventRow
from ledger.rights.requests import RequestState, events_from
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.desk.decision_form import (
    CHOICES,
    PRICED,
    filled_form,
    granted_conditions,
    less_than_asked,
    named,
    rows_of_conditions,
)
from ledger.web.desk.history import told
from ledger.web.desk.narrowing import is_narrowed
from ledger.web.forms import Form
from ledger.web.pages import page
from ledger.web.public.history import settled
from ledger.web.public.questions import languages

QUOTE_LINES = 4
CURRENCIES = ("CAD", "USD", "EUR", "GBP", "CHF", "AUD", "JPY")


def show(
    request: AnyRequest,
    desk: Desk,
    who: Who,
    request_id: str,
    form: Form | None = None,
    status: int = 200,
    problem: str = "",
    opened: str = "",
) -> Response[str]:
    """The dossier. ``opened`` names the form that stands open; ``problem`` is why an act was refused.

    The form carries ``seen``, the last line of the history its reader had before them: what came after it is
    shown first.
    """
    given = form or Form()
    found = _priced(desk, who, dossier(desk, who, request_id), given, opened)
    if form is None and found.payment_first:
        given.data["payment_first"] = ["on"]
    values: dict[str, Any] = {
        "d": found,
        "form": filled_form(found, given, opened),
        "can": set(events_from(RequestState(found.request.state))),
        "is_officer": "officer" in who.roles,
        "history": told(found.events, found.name_of),
        "news": told(_since(found, given.value("seen")), found.name_of) if status == 409 else [],
        "seen": found.events[-1].id if found.events else "",
        "problem": problem,
        "opened": opened,
        "conditions": rows_of_conditions,
        "granted_conditions": granted_conditions,
        "is_narrowed": is_narrowed,
        "settled": settled,
        "language_names": {code: name for code, name, *_ in languages()},
        "languages": languages(),
        "currencies": CURRENCIES,
        "currency_rows": [(code, code) for code in CURRENCIES],
        "choices": CHOICES,
        "quote_lines": range(QUOTE_LINES),
        "officers": [each for each in found.staff if "officer" in each.roles and not each.disabled],
        "today": desk.today(),
        "waiting_days": max(0, (desk.clock() - found.request.turn_since).days),
    }
    return page(request, "desk/dossier.html", status, who=who, **values)


def _priced(desk: Desk, who: Who, found: Dossier, given: Form, opened: str) -> Dossier:
    """With the tariff's price of what was typed as less than was asked, where that can be read."""
    try:
        less = less_than_asked(given) if opened == "tariff" else {}
        if not less:
            return found
        return replace(found, price=quoting.reckon(desk, who, found.request.id, less))
    except BadInput:  # told beside its field
        return found
    except Clash as refusal:
        return replace(found, price=None, no_price=refusal.message)


def _since(found: Dossier, seen: str) -> list[EventRow]:
    ids = [event.id for event in found.events]
    return found.events[ids.index(seen) + 1 :] if seen in ids else []


def act(
    request: AnyRequest, desk: Desk, who: Who, request_id: str, form: Form, opened: str, done: Any
) -> Response[Any]:
    """Run ``done``; a refusal shows the dossier again with what was typed, an act that was done leads back to it."""
    try:
        done()
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return show(request, desk, who, request_id, form, 422, opened=opened)
    except (Clash, Stale) as refusal:
        return show(request, desk, who, request_id, form, 409, problem=str(refusal), opened=opened)
    return Redirect(f"/desk/requests/{request_id}#{opened or 'main'}", status_code=303)


@get("/desk/requests/{request_id:str}", sync_to_thread=True)
def dossier_page(request: AnyRequest, desk: TheDesk, who: Staff, request_id: FromPath[str]) -> Response[str]:
    """The request with everything that bears on its decision."""
    return show(request, desk, who, request_id)


@get("/desk/requests/{request_id:str}/files/{file_id:str}", sync_to_thread=True)
def sent_file(
    desk: TheDesk, who: Staff, request_id: FromPath[str], file_id: FromPath[str]
) -> Response[bytes]:
    """A file that came with the request, always to be saved and never shown: a stranger made it."""
    row, data = file_of(desk, who, request_id, file_id)
    safe = (
        "".join(each for each in row.name if each.isascii() and (each.isalnum() or each in "._- ")) or "file"
    )
    headers = {"Content-Disposition": f'attachment; filename="{safe}"', "X-Content-Type-Options": "nosniff"}
    return Response(data, media_type="application/octet-stream", headers=headers)


@post("/desk/requests/{request_id:str}/assign", status_code=200, sync_to_thread=True)
def assign(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, request_id: FromPath[str]
) -> Response[Any]:
    """Give the request to oneself, a colleague or nobody."""
    chosen = form.value("person") or None
    return act(
        request, desk, who, request_id, form, "with", lambda: attending.assign(desk, who, request_id, chosen)
    )


@post("/desk/requests/{request_id:str}/ask", status_code=200, sync_to_thread=True)
def ask(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, request_id: FromPath[str]
) -> Response[Any]:
    """Ask the requester something; the clock stops until they answer."""
    words = form.value("question")
    done = lambda: attending.ask_requester(desk, who, request_id, words)  # noqa: E731
    return act(request, desk, who, request_id, form, "ask", done)


@post("/desk/requests/{request_id:str}/message", status_code=200, sync_to_thread=True)
def message(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, request_id: FromPath[str]
) -> Response[Any]:
    """Write to the requester."""
    words = form.value("text")
    done = lambda: attending.write_message(desk, who, request_id, words)  # noqa: E731
    return act(request, desk, who, request_id, form, "message", done)


@post("/desk/requests/{request_id:str}/note", status_code=200, sync_to_thread=True)
def note(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, request_id: FromPath[str]
) -> Response[Any]:
    """Keep a note for colleagues."""

    def done() -> None:
        try:
            attending.write_note(desk, who, request_id, form.value("note"))
        except BadInput as refusal:
            raise BadInput({"note": refusal.message}) from refusal

    return act(request, desk, who, request_id, form, "note", done)


@post("/desk/requests/{request_id:str}/quote", status_code=200, sync_to_thread=True)
def quote(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, request_id: FromPath[str]
) -> Response[Any]:
    """Offer a price: the tariff's, or the lines that were typed."""
    by_tariff = form.value("by") == "tariff"

    def done() -> None:
        who.must_be("officer")
        first, version = bool(form.value("payment_first")), form.version()
        if by_tariff:
            less = _less_as_shown(desk, who, request_id, form)
            quoting.offer(desk, who, request_id, less=less, payment_first=first, version=version)
        else:
            quoting.offer(desk, who, request_id, _by_hand(form), payment_first=first, version=version)

    return act(request, desk, who, request_id, form, "tariff" if by_tariff else "by-hand", done)


def _less_as_shown(desk: Desk, who: Who, request_id: str, form: Form) -> dict[str, Any]:
    """What the price is for, where that is less than was asked; nobody offers a price that they have not seen."""
    less, shown = less_than_asked(form), form.value("shown")
    if not less and not shown:
        return less
    try:
        price = quoting.reckon(desk, who, request_id, less)
    except BadInput as refusal:
        raise BadInput(named(refusal.errors, "price", "tariff")) from refusal
    if shown != str(price.total.minor):
        raise BadInput(
            {f"{PRICED}narrower": "This is the price of what you typed now. Offer it if it is right."}
        )
    return less


def _by_hand(form: Form) -> Any:
    """The quote in the form's lines. Raises ``BadInput`` with every wrong line."""
    currency = form.value("currency")
    if currency not in CURRENCIES:
        raise BadInput({"currency": "Choose the currency."})
    lines: list[tuple[str, int]] = []
    errors: dict[str, str] = {}
    for number in range(QUOTE_LINES):
        label, typed = form.value(f"line.{number}.label").strip(), form.value(f"line.{number}.amount").strip()
        if not label and not typed:
            continue
        if not label:
            errors[f"line.{number}.label"] = "Say what this amount is for."
        try:
            lines.append((label[:200], minor_units(typed, currency)))
        except ValueError as error:
            errors[f"line.{number}.amount"] = str(error)
    if errors:
        raise BadInput(errors)
    if not lines:
        raise BadInput({"line.0.label": "Give at least one line: what the price is for, and how much."})
    try:
        return quoting.by_hand(lines, currency)
    except BadInput as refusal:
        total = refusal.errors.get("total")
        raise BadInput({"line.0.amount": total} if total else refusal.errors) from refusal


handlers = [dossier_page, sent_file, assign, ask, message, note, quote]
