"""The publisher's tariff: shown in words, and recorded anew by a form or as JSON."""

import json
from typing import Any

from litestar import Response, get, post

from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput
from ledger.desk.requests.quoting import current_tariff, record_tariff
from ledger.rights.wire import to_plain
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.desk import tariff_form, tariff_words
from ledger.web.desk.rows import without_row
from ledger.web.desk.settings import saved, show
from ledger.web.forms import Form

PATH = "/desk/settings/tariff"
EXAMPLE: tariff_form.Row = {
    "id": "print-and-web",
    "currency": "",
    "minimum": "",
    "round_to": "1",
    "valid_from": "",
    "valid_to": "",
    "prices": [
        {
            "code": "",
            "label": "Reprint, by copies",
            "measure": "copies",
            "match": ["channels=print"],
            "bands": [{"up_to": "1000", "flat": "", "each": ""}, {"up_to": "", "flat": "", "each": ""}],
        }
    ],
    "factors": [],
}
"""What a publisher without a tariff begins with: the shape of one, no amounts."""


@get(PATH, sync_to_thread=True)
def tariff_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """The prices quotes are reckoned from."""
    return _show(request, desk, who)


@post(PATH, status_code=200, sync_to_thread=True)
def change_tariff(request: AnyRequest, desk: TheDesk, who: Staff, form: Posted) -> Response[Any]:
    """Record a new version, or add a line to the form or take one away; nothing that was typed is lost."""
    who.must_be("officer", "admin")
    if "tariff" in form.data:
        return _by_json(request, desk, who, form)
    rows = tariff_form.rows_of_form(form, blanks=True)
    if form.value("add") or form.value("remove"):
        if form.value("add"):
            tariff_form.with_row(rows, form.value("add"))
        else:
            without_row(rows, form.value("remove"))
        return _show(request, desk, who, tariff_form.form_of(rows))
    rows = tariff_form.rows_of_form(form)
    plain, errors = tariff_form.plain_of(rows)
    errors = errors or _recorded(desk, who, plain)
    if not errors:
        return saved(PATH)
    shown = tariff_form.form_of(rows)
    shown.errors.update(errors)
    return _show(request, desk, who, shown, 422)


def _recorded(desk: Desk, who: Who, plain: dict[str, Any]) -> dict[str, str]:
    try:
        record_tariff(desk, who, plain)
    except BadInput as refusal:
        return tariff_form.places(refusal.errors)
    return {}


def _by_json(request: AnyRequest, desk: Desk, who: Who, form: Form) -> Response[Any]:
    try:
        record_tariff(desk, who, _read_json(form.value("tariff")))
    except BadInput as refusal:
        lines = [
            f"{place}: {message}" if place != "tariff" else message
            for place, message in refusal.errors.items()
        ]
        again = _start(desk, who)
        again.data["tariff"] = form.data["tariff"]
        again.errors["tariff"] = " ".join(lines)
        return _show(request, desk, who, again, 422)
    return saved(PATH)


def _read_json(text: str) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"Line {error.lineno}, column {error.colno}: {error.msg}."
        raise BadInput({"tariff": message}) from error
    except RecursionError as error:
        raise BadInput({"tariff": "This is nested too deeply to be a tariff."}) from error
    if not isinstance(plain, dict):
        raise BadInput({"tariff": "A tariff is an object: begin with { and end with }."})
    return plain


def _start(desk: Desk, who: Who) -> Form:
    current = current_tariff(desk, who)
    first = {**EXAMPLE, "valid_from": desk.today().isoformat()}
    return tariff_form.form_of(tariff_form.rows_of_tariff(current) if current else first)


def _show(
    request: AnyRequest, desk: Desk, who: Who, form: Form | None = None, status: int = 200
) -> Response[str]:
    current = current_tariff(desk, who)
    shown = form or _start(desk, who)
    if "tariff" not in shown.data and current:
        plain = {name: value for name, value in to_plain(current).items() if name != "version"}
        shown.data["tariff"] = [json.dumps(plain, indent=2, ensure_ascii=False)]
    return show(
        request,
        who,
        "tariff",
        shown,
        status,
        current=current,
        rows=tariff_form.rows_of_form(shown, blanks=True),
        words_for=tariff_words,
    )


handlers = [tariff_page, change_tariff]
