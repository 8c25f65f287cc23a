"""The form that corrects a letter: what its fields begin with, and what differs of what was typed in them."""

from collections.abc import Mapping
from typing import Any

from ledger.desk.answers.use_words import territory_names
from ledger.desk.letters.letter_view import LetterView
from ledger.desk.refusals import BadInput
from ledger.rights.uses import FormatRun, ProposedUse
from ledger.web.forms import Form
from ledger.web.public.questions import languages, read_territory

KEPT, COPIES = "use.formats", "use.copies."
"""The formats that stay ticked, and the copies of each by its name."""


def standing(view: LetterView) -> dict[str, str]:
    """What the letter says in the fields that take one line. An empty field says nothing."""
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
        "use.territory": territory_names(grant.scope.territory),
        "use.language": use.language or "",
        "use.start": period.start.isoformat() if period.start else "",
        "use.end": period.end.isoformat() if period.end else "",
    }


def filled(view: LetterView) -> Form:
    """The form with the letter as it stands."""
    runs = view.matter.use.formats
    copies = {f"{COPIES}{run.format}": _copies(run) for run in runs}
    return Form.filled({**standing(view), KEPT: [run.format.value for run in runs], **copies})


def names_of(view: LetterView) -> list[str]:
    """The names of all fields."""
    runs = view.matter.use.formats
    return [*standing(view), KEPT, *(f"{COPIES}{run.format}" for run in runs), "reason"]


def language_choices(use: ProposedUse) -> list[tuple[str, str]]:
    """The languages the request form offers, and the letter's own where that is another."""
    offered = [(code, name) for code, name, *_ in languages()]
    known = {code for code, _ in offered}
    return offered if not use.language or use.language in known else [(use.language, use.language), *offered]


def corrections(view: LetterView, form: Form) -> dict[str, Any]:
    """Only what differs from the letter as it stands. Raises ``BadInput`` for what cannot be read."""
    errors: dict[str, str] = {}
    given: dict[str, Any] = {"use": {}, "reason": form.value("reason")}
    for name, said in standing(view).items():
        typed = form.value(name).strip()
        if name not in form.data or typed == said:
            continue
        if name.startswith("use."):
            given["use"][name.removeprefix("use.")] = _fact(name, typed, errors)
        else:
            given[name] = typed
    runs = _formats(form, view.matter.use.formats, errors)
    if runs is not None:
        given["use"]["formats"] = runs
    if errors:
        raise BadInput(errors)
    return given


def _fact(name: str, typed: str, errors: dict[str, str]) -> Any:
    if name == "use.urls":
        return typed.split()
    if name == "use.territory":
        try:
            return read_territory(typed)
        except ValueError as error:
            errors[name] = str(error)
    return typed


def _formats(
    form: Form, said: tuple[FormatRun, ...], errors: dict[str, str]
) -> list[Mapping[str, Any]] | None:
    """The formats that are kept, with their copies; none where nothing of them differs, or nothing was sent."""
    ticked = set(form.values(KEPT)) if KEPT in form.data else {run.format.value for run in said}
    runs = [_run(form, run, errors) for run in said if run.format.value in ticked]
    if said and not runs:
        errors[KEPT] = "Keep at least one; without any the letter would grant all formats."
    return None if runs == [_plain(run) for run in said] else runs


def _run(form: Form, said: FormatRun, errors: dict[str, str]) -> Mapping[str, Any]:
    name, run = f"{COPIES}{said.format}", _plain(said)
    typed = form.value(name).replace(",", "").replace(" ", "")
    if name not in form.data or typed == _copies(said):
        return run
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 12 and int(typed)):
        errors[name] = "Give the number of copies as a whole number, such as 500."
        return run
    return {**run, "print_run": int(typed)}


def _copies(run: FormatRun) -> str:
    return str(run.print_run or "")


def _plain(run: FormatRun) -> Mapping[str, Any]:
    """The format as the doors take it."""
    values = {
        "format": run.format.value,
        "print_run": run.print_run,
        "price": run.price,
        "currency": run.currency,
        "free_distribution": run.free_distribution,
    }
    return {name: value for name, value in values.items() if value is not None}
