"""What an amendment changes: the bounds of the earlier grant beside those of the new one, in the letter's language."""

from __future__ import annotations

from collections.abc import Callable

from ledger.letters.language import Speaker
from ledger.letters.matters import Change
from ledger.letters.permitted import formats, languages, print_run, quantity, term
from ledger.rights.grants import Grant
from ledger.rights.scope import Scope

_BOUNDS: tuple[tuple[str, str, Callable[[Speaker, Scope], str]], ...] = (
    ("formats", "Formats", formats),
    ("print_run", "Print run", print_run),
    ("quantity", "Quantity", quantity),
    ("territory", "Territory", lambda speaker, scope: speaker.territory(scope.territory)),
    ("language", "Language", languages),
    ("edition", "Edition", lambda speaker, scope: speaker.labels(scope.editions or ())),
    ("term", "Term", lambda speaker, scope: term(speaker, scope.period)),
)


def changes_between(speaker: Speaker, before: Grant, after: Grant) -> tuple[Change, ...]:
    """A line for each bound that differs. A bound that is not there is said to be none."""
    lines = []
    for code, label, said in _BOUNDS:
        was, now = said(speaker, before.scope), said(speaker, after.scope)
        if was != now:
            unbounded = speaker.message("Not limited")
            change = Change(
                code=code,
                label=speaker.message(label),
                before=was or unbounded,
                after=now or unbounded,
            )
            lines.append(change)
    return tuple(lines)
