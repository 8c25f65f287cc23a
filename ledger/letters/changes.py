"""What a later letter changes: what the earlier one said beside what holds now, in the letter's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ledger.letters.language import Speaker, capital
from ledger.letters.matters import Change, Decision, Replaced
from ledger.letters.model import Clause, Layout, Section
from ledger.letters.permitted import formats, languages, print_run, quantity, term
from ledger.rights.grants import Grant
from ledger.rights.parties import Party
from ledger.rights.pieces import Piece
from ledger.rights.scope import Scope
from ledger.rights.uses import ProposedUse

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
                before=capital(was) or unbounded,
                after=capital(now) or unbounded,
            )
            lines.append(change)
    return tuple(lines)


def corrections_between(
    speaker: Speaker, replaced: Replaced, piece: Piece, grant: Grant, use: ProposedUse, addressee: Party
) -> tuple[Change, ...]:
    """A line for each thing the replaced letter said otherwise: names, titles, the credit line, the bounds."""
    before = _particulars(speaker, replaced.piece, replaced.grant, replaced.use, replaced.addressee)
    after = _particulars(speaker, piece, grant, use, addressee)
    said = [
        Change(code=code, label=speaker.message(label), before=was, after=after[code, label])
        for (code, label), was in before.items()
        if was != after[code, label]
    ]
    return (*said, *changes_between(speaker, replaced.grant, grant))


def _particulars(
    speaker: Speaker, piece: Piece, grant: Grant, use: ProposedUse, addressee: Party
) -> dict[tuple[str, str], str]:
    """What a letter names besides its bounds, by code and label."""
    return {
        ("title", "Title"): piece.title,
        ("author", "Author"): speaker.listed([author.name for author in piece.authors]),
        ("notice", "Copyright notice"): piece.notice or "",
        ("licensee", "Licensee"): grant.assignee.legal_name or grant.assignee.name,
        ("contact", "Contact person"): next((each.name or "" for each in addressee.contacts), ""),
        ("publication", "Publication"): use.title or "",
        ("publication_author", "Author"): use.author or "",
        ("publisher", "Publisher"): use.publisher or "",
        ("identifier", "ISBN or ISSN"): use.identifier or "",
        ("urls", "Web addresses of the use"): speaker.listed(list(use.urls)),
        ("credit_line", "Credit line"): grant.credit_line or "",
    }


def before_and_now(speaker: Speaker, heading: str, changes: Sequence[Change], decision: Decision) -> Section:
    """Each thing as it was and as it is; ``heading`` is the English of it."""
    lines = [
        Clause(
            f"change_{change.code}",
            (
                speaker.say("Before: {value}", value=change.before or "–"),
                speaker.say("Now: {value}", value=change.after or "–"),
            ),
            label=change.label,
            grounds=(*change.grounds, decision.ground),
        )
        for change in changes
    ]
    return Section("changes", speaker.message(heading), Layout.TABLE, tuple(lines))
