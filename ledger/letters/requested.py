"""The use as it was asked for, in letters that grant nothing. An unknown stays out."""

from __future__ import annotations

from ledger.letters.language import Speaker
from ledger.letters.model import Section
from ledger.letters.parts import Row, form, table, term_value, value
from ledger.letters.permitted import EDITIONS, term
from ledger.rights.bounds import Period
from ledger.rights.uses import ProposedUse


def the_request(speaker: Speaker, use: ProposedUse) -> Section:
    """What was asked, under one heading."""
    rows = [*_asked_use(speaker, use), *_asked_publication(speaker, use), *_asked_bounds(speaker, use)]
    return table(speaker, "request", "The request", rows)


def _asked_use(speaker: Speaker, use: ProposedUse) -> list[Row]:
    purpose = speaker.label(use.purpose) if use.purpose else ""
    commercial = "" if use.is_commercial is None else speaker.message("Yes" if use.is_commercial else "No")
    channels = speaker.labels(use.digital_channels or use.channels)
    portion = _portion(speaker, use)
    return [
        ("asked_use", "Use", term_value(speaker.labels(use.actions)), (form("actions"),)),
        ("asked_portion", "Portion", term_value(portion), (form("portion"), form("quantity"))),
        ("asked_purpose", "Purpose", term_value(purpose), (form("purpose"),)),
        ("asked_commercial", "Commercial use", value(commercial), (form("is_commercial"),)),
        ("asked_channels", "Channels", term_value(channels), (form("channels"),)),
    ]


def _asked_publication(speaker: Speaker, use: ProposedUse) -> list[Row]:
    copies = sum(run.print_run or 0 for run in use.formats)
    formats = speaker.labels(run.format for run in use.formats)
    printed = speaker.number(copies) if copies else ""
    return [
        ("asked_publication", "Publication", value(use.title or ""), (form("title"),)),
        ("asked_publisher", "Publisher", value(use.publisher or ""), (form("publisher"),)),
        ("asked_formats", "Formats", term_value(formats), (form("formats"),)),
        ("asked_print_run", "Print run", value(printed), (form("formats"),)),
    ]


def _asked_bounds(speaker: Speaker, use: ProposedUse) -> list[Row]:
    territory = speaker.territory(use.territory) if use.territory else ""
    language = speaker.tongue(use.language) if use.language else ""
    changes = speaker.label(use.modification) if use.modification else ""
    days = (form("duration"), form("start"), form("end"))
    edition = speaker.label(use.duration) if use.duration in EDITIONS else ""
    return [
        ("asked_territory", "Territory", term_value(territory), (form("territory"),)),
        ("asked_language", "Language", term_value(language), (form("language"),)),
        ("asked_edition", "Edition", term_value(edition), (form("duration"),)),
        ("asked_term", "Term", term_value(_asked_term(speaker, use)), days),
        ("asked_changes", "Changes to the material", term_value(changes), (form("modification"),)),
    ]


def _portion(speaker: Speaker, use: ProposedUse) -> str:
    if use.portion is None:
        return ""
    amount = speaker.counted(use.quantity, use.unit) if use.quantity and use.unit else ""
    return speaker.noted(speaker.label(use.portion), amount)


def _asked_term(speaker: Speaker, use: ProposedUse) -> str:
    if use.start or use.end:
        return term(speaker, Period(start=use.start, end=use.end))
    return speaker.label(use.duration) if use.duration and use.duration not in EDITIONS else ""
