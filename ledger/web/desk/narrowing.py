"""Granting less than was asked: what these fields of the decision form begin with, and what was typed in them.

An empty field leaves its fact as it was asked.
"""

from collections.abc import Mapping
from typing import Any

from ledger.desk.amounts import copies
from ledger.desk.answers.use_words import territory_names
from ledger.desk.requests.dossier import Dossier
from ledger.rights.bounds import Territory
from ledger.rights.uses import ProposedUse
from ledger.web.forms import Form

OF_THE_FORM = {"use.formats": "use.narrower", "use.duration": "use.end"}
"""Where the form shows what is wrong with a fact for which it has no field of that name."""


def within(found: Dossier, limits: Mapping[str, Any]) -> dict[str, Any]:
    """The owner's limits, as the fields say them. Copies in all formats together are shared out by the officer."""
    filled: dict[str, Any] = {"grant.end": limits.get("end", "")}
    if limits.get("territory"):
        filled["grant.territory"] = territory_names(Territory(included=frozenset(limits["territory"])))
    if limits.get("copies") and len(found.use.formats) == 1:
        run = found.use.formats[0]
        filled[f"grant.copies.{run.format}"] = str(min(limits["copies"], run.print_run or limits["copies"]))
    return filled


def as_granted(use: Mapping[str, Any], scope: Mapping[str, Any]) -> dict[str, Any]:
    """What a grant that was decided says of term, countries and copies."""
    included = (scope.get("territory") or {}).get("included")
    filled = {"grant.end": use.get("end") or ""}
    if included:
        filled["grant.territory"] = territory_names(Territory(included=frozenset(included)))
    for run in use.get("formats") or []:
        filled[f"grant.copies.{run['format']}"] = str(run.get("print_run") or "")
    return filled


def read_copies(form: Form, place: str, errors: dict[str, str]) -> dict[str, int]:
    """The print runs typed, by format; what is no number goes to ``errors``."""
    start = f"{place}copies."
    found: dict[str, int] = {}
    for name in form.data:
        typed = form.value(name).strip() if name.startswith(start) else ""
        try:
            if typed:
                found[name.removeprefix(start)] = copies(typed)
        except ValueError as error:
            errors[name] = str(error)
    return found


def is_narrowed(form: Form, place: str, use: ProposedUse) -> bool:
    """Whether these fields should stand open: something is filled in, or wrong."""
    names = ["end", "territory", "narrower", *(f"copies.{run.format}" for run in use.formats)]
    return any(form.value(f"{place}{name}") or form.error(f"{place}{name}") for name in names)
