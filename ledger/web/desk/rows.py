"""Numbered lines of a form, such as ``prices.0.bands.2.flat``: which there are, and one taken away."""

from __future__ import annotations

from typing import Any

from ledger.web.forms import Form

MAX_ROWS = 60
"""Lines of one kind that a form may have."""


def numbers(form: Form, name: str) -> list[int]:
    """The numbers of the lines there are, in order."""
    start = f"{name}."
    found = {
        int(number)
        for key in form.data
        if key.startswith(start)
        and (number := key[len(start) :].split(".", 1)[0]).isdecimal()
        and len(number) < 5
    }
    return sorted(found)[:MAX_ROWS]


def without_row(rows: dict[str, Any], place: str) -> None:
    """Take a line away: ``authors.1``, or ``terms.0.conditions.2``. One that is not there is gone already."""
    *way, last = place.split(".")
    at: Any = rows
    for step in way:
        if isinstance(at, list):
            at = at[int(step)] if step.isdecimal() and int(step) < len(at) else None
        else:
            at = at.get(step) if isinstance(at, dict) else None
    if isinstance(at, list) and last.isdecimal() and int(last) < len(at):
        del at[int(last)]
