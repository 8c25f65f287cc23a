"""What is permitted, axis by axis. The Grant decides; the use only names the publication it is for."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.letters.language import Speaker
from ledger.letters.matters import Decision
from ledger.letters.model import Ground, Section, Text
from ledger.letters.parts import Row, form, table, term_value, value, web
from ledger.rights.bounds import Period
from ledger.rights.codes import ConditionCode
from ledger.rights.grants import Grant
from ledger.rights.pieces import Piece
from ledger.rights.scope import Cap, Extent, Scope
from ledger.rights.terms import Action
from ledger.rights.uses import Duration, Format, FormatRun, Modification, ProposedUse, QuantityUnit

EDITIONS = frozenset({Duration.CURRENT_EDITION, Duration.CURRENT_AND_FUTURE_EDITIONS})
_NEEDS = {Modification.ADAPT: Action.ADAPT, Modification.TRANSLATE: Action.TRANSLATE}


def what_is_permitted(
    speaker: Speaker, grant: Grant, use: ProposedUse, decision: Decision, material: list[Row]
) -> Section:
    """The table of terms. Every row rests on the form's field and on the decision."""
    rows = [
        *material,
        *_the_use(speaker, grant, use),
        *_the_publication(speaker, grant, use),
        *_the_bounds(speaker, grant),
    ]
    grounded = [(code, label, text, (*grounds, decision.ground)) for code, label, text, grounds in rows]
    return table(speaker, "permitted", "What is permitted", grounded)


def _the_use(speaker: Speaker, grant: Grant, use: ProposedUse) -> list[Row]:
    scope = grant.scope
    licensee = grant.assignee.legal_name or grant.assignee.name
    commercial = "" if scope.commercial is None else speaker.message("Yes" if scope.commercial else "No")
    return [
        ("licensee", "Licensee", value(licensee), (form("licensee"),)),
        ("use", "Use", term_value(speaker.labels(grant.actions)), (form("actions"),)),
        ("purpose", "Purpose", term_value(speaker.labels(scope.purposes or ())), (form("purpose"),)),
        ("commercial", "Commercial use", value(commercial), (form("is_commercial"),)),
        ("channels", "Channels", term_value(_channels(speaker, scope, use)), (form("channels"),)),
        ("urls", "Web addresses of the use", [web(url) for url in use.urls], (form("urls"),)),
    ]


def _channels(speaker: Speaker, scope: Scope, use: ProposedUse) -> str:
    if use.digital_channels and scope.channels is not None:
        return speaker.labels(dict.fromkeys([*use.digital_channels, *sorted(scope.channels)]))
    return speaker.labels(scope.channels or ())


def _the_publication(speaker: Speaker, grant: Grant, use: ProposedUse) -> list[Row]:
    products = speaker.labels(grant.scope.products or ())
    return [
        ("publication", "Publication", value(use.title or ""), (form("title"),)),
        ("publication_author", "Author", value(use.author or ""), (form("author"),)),
        ("publisher", "Publisher", value(use.publisher or ""), (form("publisher"),)),
        ("identifier", "ISBN or ISSN", value(use.identifier or ""), (form("identifier"),)),
        ("product", "Product", term_value(products), (form("product"),)),
        ("formats", "Formats", term_value(formats(speaker, grant.scope, use.formats)), (form("formats"),)),
        ("print_run", "Print run", term_value(print_run(speaker, grant.scope)), (form("formats"),)),
        ("quantity", "Quantity", term_value(quantity(speaker, grant.scope)), (form("audience"),)),
        (
            "placement",
            "Placement",
            term_value(speaker.label(use.placement) if use.placement else ""),
            (form("placement"),),
        ),
    ]


def formats(speaker: Speaker, scope: Scope, asked: tuple[FormatRun, ...] = ()) -> str:
    """Each granted format, with its own print run where the request named one."""
    if scope.formats is None:
        return ""
    runs = {run.format: run.print_run for run in asked}
    named = []
    for one in [format_ for format_ in Format if format_ in scope.formats]:
        run = runs.get(one)
        named.append(speaker.noted(speaker.label(one), speaker.number(run) if run else ""))
    return speaker.listed(named)


def print_run(speaker: Speaker, scope: Scope) -> str:
    """The most copies that may be made."""
    return _caps(speaker, [cap for cap in scope.caps if cap.unit is QuantityUnit.COPIES])


def quantity(speaker: Speaker, scope: Scope) -> str:
    """The most views, recipients and the like."""
    return _caps(speaker, [cap for cap in scope.caps if cap.unit is not QuantityUnit.COPIES])


def _caps(speaker: Speaker, caps: Iterable[Cap | Extent]) -> str:
    return speaker.listed([speaker.at_most(cap.at_most, cap.unit) for cap in caps])


def _the_bounds(speaker: Speaker, grant: Grant) -> list[Row]:
    scope = grant.scope
    extents = _caps(speaker, scope.extents)
    exclusivity = (
        "Exclusive for the use, territory and term stated here" if scope.exclusive else "Non-exclusive"
    )
    once = term_value(speaker.label(Duration.ONE_TIME)) if Duration.ONE_TIME in (scope.editions or ()) else ()
    sublicence = "Allowed, within the terms of this letter" if grant.sublicence else "Not allowed"
    return [
        ("extent", "Extent", term_value(extents), (form("quantity"),)),
        ("territory", "Territory", term_value(speaker.territory(scope.territory)), (form("territory"),)),
        ("language", "Language", term_value(languages(speaker, scope)), (form("language"),)),
        ("edition", "Edition", term_value(editions(speaker, scope)), (form("duration"),)),
        ("term", "Term", [once, term_value(term(speaker, scope.period))], (form("start"), form("end"))),
        ("exclusivity", "Exclusivity", speaker.say(exclusivity), (form("exclusivity"),)),
        ("sublicensing", "Sublicensing", speaker.say(sublicence), (form("sublicensing"),)),
    ]


def editions(speaker: Speaker, scope: Scope) -> str:
    """For which editions it holds; how long it does is said by the term."""
    return speaker.labels(scope.editions & EDITIONS if scope.editions else ())


def languages(speaker: Speaker, scope: Scope) -> str:
    """The languages by name, or all of them."""
    named = speaker.listed([speaker.tongue(tag) for tag in sorted(scope.languages or ())])
    return named or speaker.message("All languages")


def term(speaker: Speaker, period: Period) -> str:
    """The days between which the permission runs, both included."""
    start = speaker.date(period.start) if period.start else ""
    end = speaker.date(period.end) if period.end else ""
    if start and end:
        return speaker.words("From {start} to {end}", start=start, end=end)
    if start:
        return speaker.words("From {start}, with no end date", start=start)
    return speaker.words("Until {end}", end=end) if end else speaker.message("No end date")


def alterations(speaker: Speaker, grant: Grant, use: ProposedUse) -> Row:
    """What may be changed: what was asked, unless a condition or a missing action forbids it.

    Silence changes nothing.
    """
    asked = use.modification or Modification.NONE
    forbidden = any(c.code is ConditionCode.NO_EDITS for c in grant.conditions)
    needed = _NEEDS.get(asked)
    allowed = asked is not Modification.NONE and not forbidden and (needed is None or needed in grant.actions)
    text: Text = (
        term_value(speaker.label(asked)) if allowed else speaker.say("None; the text is to stay as it is")
    )
    grounds: tuple[Ground, ...] = (form("modification"),)
    return ("alterations", "Changes to the material", text, grounds)


def wording_values(speaker: Speaker, piece: Piece, grant: Grant | None = None) -> dict[str, str]:
    """What a publisher's own wording may name."""
    values = {
        "title": piece.title,
        "author": speaker.listed([author.name for author in piece.authors]),
        "holder": piece.notice or "",
        "url": piece.urls[0] if piece.urls else "",
    }
    if grant is not None:
        values |= {
            "licensee": grant.assignee.legal_name or grant.assignee.name,
            "holder": grant.grantor.name,
            "credit_line": grant.credit_line or "",
            "fee": speaker.money(grant.fee) if grant.fee else "",
            "term": term(speaker, grant.scope.period),
            "territory": speaker.territory(grant.scope.territory),
        }
    return values
