"""What is permitted, axis by axis. The Grant decides; the use only names the publication it is for."""

from __future__ import annotations

from ledger.letters.language import Speaker
from ledger.letters.matters import Decision
from ledger.letters.model import Ground, Section, Text
from ledger.letters.parts import Row, form, table, value
from ledger.rights.bounds import Period
from ledger.rights.codes import ConditionCode
from ledger.rights.grants import Grant
from ledger.rights.pieces import Piece
from ledger.rights.scope import Scope
from ledger.rights.terms import Action
from ledger.rights.uses import Format, Modification, ProposedUse, QuantityUnit

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
        ("use", "Use", value(speaker.labels(grant.actions)), (form("actions"),)),
        ("purpose", "Purpose", value(speaker.labels(scope.purposes or ())), (form("purpose"),)),
        ("commercial", "Commercial use", value(commercial), (form("is_commercial"),)),
        ("channels", "Channels", value(_channels(speaker, scope, use)), (form("channels"),)),
        ("urls", "Web addresses of the use", value(speaker.listed(list(use.urls))), (form("urls"),)),
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
        ("product", "Product", value(products), (form("product"),)),
        ("formats", "Formats", value(_formats(speaker, grant.scope, use)), (form("formats"),)),
        ("print_run", "Print run", value(_print_run(speaker, grant.scope)), (form("formats"),)),
        ("quantity", "Quantity", value(_quantity(speaker, grant.scope)), (form("audience"),)),
        (
            "placement",
            "Placement",
            value(speaker.label(use.placement) if use.placement else ""),
            (form("placement"),),
        ),
    ]


def _formats(speaker: Speaker, scope: Scope, use: ProposedUse) -> str:
    """Each granted format, with its own print run where the request named one."""
    if scope.formats is None:
        return ""
    runs = {run.format: run.print_run for run in use.formats}
    named = []
    for one in [format_ for format_ in Format if format_ in scope.formats]:
        run = runs.get(one)
        named.append(f"{speaker.label(one)} ({speaker.number(run)})" if run else speaker.label(one))
    return speaker.listed(named)


def _print_run(speaker: Speaker, scope: Scope) -> str:
    return speaker.listed(
        [_cap(speaker, cap.at_most, cap.unit) for cap in scope.caps if cap.unit is QuantityUnit.COPIES]
    )


def _quantity(speaker: Speaker, scope: Scope) -> str:
    return speaker.listed(
        [_cap(speaker, cap.at_most, cap.unit) for cap in scope.caps if cap.unit is not QuantityUnit.COPIES]
    )


def _cap(speaker: Speaker, at_most: int, unit: object) -> str:
    from enum import StrEnum

    assert isinstance(unit, StrEnum)
    return speaker.words("at most {count} ({unit})", count=speaker.number(at_most), unit=speaker.label(unit))


def _the_bounds(speaker: Speaker, grant: Grant) -> list[Row]:
    scope = grant.scope
    languages = speaker.listed([speaker.tongue(tag) for tag in sorted(scope.languages or ())])
    extents = speaker.listed([_cap(speaker, extent.at_most, extent.unit) for extent in scope.extents])
    exclusivity = (
        "Exclusive for the use, territory and term stated here" if scope.exclusive else "Non-exclusive"
    )
    sublicence = "Allowed, within the terms of this letter" if grant.sublicence else "Not allowed"
    return [
        ("extent", "Extent", value(extents), (form("quantity"),)),
        ("territory", "Territory", value(speaker.territory(scope.territory)), (form("territory"),)),
        ("language", "Language", value(languages or speaker.message("All languages")), (form("language"),)),
        ("edition", "Edition", value(speaker.labels(scope.editions or ())), (form("duration"),)),
        ("term", "Term", value(term(speaker, scope.period)), (form("start"), form("end"))),
        ("exclusivity", "Exclusivity", speaker.say(exclusivity), (form("exclusivity"),)),
        ("sublicensing", "Sublicensing", speaker.say(sublicence), (form("sublicensing"),)),
    ]


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
    text: Text = value(speaker.label(asked)) if allowed else speaker.say("None; the text is to stay as it is")
    grounds: tuple[Ground, ...] = (form("modification"),)
    return ("alterations", "Changes to the material", text, grounds)


def the_request(speaker: Speaker, use: ProposedUse) -> Section:
    """The use as it was asked for: in letters that grant nothing. An unknown stays out."""
    territory = speaker.territory(use.territory) if use.territory else ""
    commercial = "" if use.is_commercial is None else speaker.message("Yes" if use.is_commercial else "No")
    copies = sum(run.print_run or 0 for run in use.formats)
    channels = speaker.labels(use.digital_channels or use.channels)
    rows: list[Row] = [
        ("asked_use", "Use", value(speaker.labels(use.actions)), (form("actions"),)),
        ("asked_portion", "Portion", value(_portion(speaker, use)), (form("portion"), form("quantity"))),
        (
            "asked_purpose",
            "Purpose",
            value(speaker.label(use.purpose) if use.purpose else ""),
            (form("purpose"),),
        ),
        ("asked_commercial", "Commercial use", value(commercial), (form("is_commercial"),)),
        ("asked_channels", "Channels", value(channels), (form("channels"),)),
        ("asked_publication", "Publication", value(use.title or ""), (form("title"),)),
        ("asked_publisher", "Publisher", value(use.publisher or ""), (form("publisher"),)),
        (
            "asked_formats",
            "Formats",
            value(speaker.labels(run.format for run in use.formats)),
            (form("formats"),),
        ),
        ("asked_print_run", "Print run", value(speaker.number(copies) if copies else ""), (form("formats"),)),
        ("asked_territory", "Territory", value(territory), (form("territory"),)),
        (
            "asked_language",
            "Language",
            value(speaker.tongue(use.language) if use.language else ""),
            (form("language"),),
        ),
        (
            "asked_term",
            "Term",
            value(_asked_term(speaker, use)),
            (form("duration"), form("start"), form("end")),
        ),
        (
            "asked_changes",
            "Changes to the material",
            value(_asked_changes(speaker, use)),
            (form("modification"),),
        ),
    ]
    return table(speaker, "request", "The request", rows)


def _portion(speaker: Speaker, use: ProposedUse) -> str:
    if use.portion is None:
        return ""
    amount = (
        f" ({speaker.number(use.quantity)} {speaker.label(use.unit)})" if use.quantity and use.unit else ""
    )
    return f"{speaker.label(use.portion)}{amount}"


def _asked_term(speaker: Speaker, use: ProposedUse) -> str:
    if use.start or use.end:
        return term(speaker, Period(start=use.start, end=use.end))
    return speaker.label(use.duration) if use.duration else ""


def _asked_changes(speaker: Speaker, use: ProposedUse) -> str:
    return speaker.label(use.modification) if use.modification else ""


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
