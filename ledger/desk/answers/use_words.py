"""A proposed use in plain sentences, for the people who have to decide about it, in their language."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from babel import Locale

from ledger.desk.amounts import major_units
from ledger.letters.language import Speaker
from ledger.letters.permitted import term as days_between
from ledger.rights.bounds import Period, Territory
from ledger.rights.sentences import ACTIONS, CHANNELS
from ledger.rights.tariff import Money
from ledger.rights.uses import FormatRun, ProposedUse, QuantityUnit
from ledger.rights.vocabulary import term

ENGLISH = Speaker("en")
_IN_LETTERS = {
    "At": "Web addresses of the use",
    "Format": "Formats",
    "In the asker's words": "In the requester’s words",
}
"""Names that the letters' catalogues have under another one."""
_PAUSE = {"ar": "، ", "zh-Hans": "，"}


def use_sentences(use: ProposedUse, speaker: Speaker = ENGLISH) -> list[str]:
    """What is wanted, a line for each fact that was stated; what was not stated is not mentioned."""
    return list(_lines(use, speaker))


def settled_sentences(asked: ProposedUse, granted: ProposedUse, speaker: Speaker = ENGLISH) -> list[str]:
    """What is granted otherwise than it was asked for: fewer copies, fewer countries, what had been left open."""
    known = set(_lines(asked, speaker))
    return [line for line in _lines(granted, speaker) if line not in known]


def public_sentences(use: ProposedUse, speaker: Speaker = ENGLISH) -> list[str]:
    """The same for whoever holds the letter's file: without the asker's own words and the people named in them."""
    public = replace(
        use, context=None, author=None, end_client=None, project=None, proposed_credit=None, needed_by=None
    )
    return list(_lines(public, speaker))


def _lines(use: ProposedUse, speaker: Speaker) -> Iterator[str]:
    yield from _act(use, speaker)
    if use.portion:
        amount = _count(speaker, use.quantity, use.unit)
        portion = _joined(speaker, speaker.label(use.portion), amount)
        yield _line(speaker, "Portion", speaker.noted(portion, use.locator) if use.locator else portion)
    if use.product or use.title:
        product = speaker.label(use.product) if use.product else ""
        title = speaker.quoted(use.title) if use.title else ""
        by = speaker.words("published by {publisher}", publisher=use.publisher) if use.publisher else ""
        yield _line(speaker, "Publication", _joined(speaker, " ".join(filter(None, (product, title))), by))
    yield from (_run(speaker, run) for run in use.formats)
    if use.urls:
        yield _line(speaker, "At", speaker.listed(list(use.urls)))
    if use.audience and use.audience_unit:
        yield _line(speaker, "Audience", _count(speaker, use.audience, use.audience_unit))
    if use.is_commercial is not None:
        yield speaker.message("Commercial use" if use.is_commercial else "Not a commercial use")
    told = (
        ("Who would use it", _label(speaker, use.requester_type)),
        ("Purpose", _label(speaker, use.purpose)),
        ("Changes to the material", _label(speaker, use.modification)),
        ("Language", speaker.tongue(use.language) if use.language else ""),
        ("Territory", territory_names(use.territory, speaker) if use.territory is not None else ""),
        ("Term", _period(use, speaker)),
        ("Exclusivity", _label(speaker, use.exclusivity)),
        *_particulars(use, speaker),
    )
    yield from (_line(speaker, name, value) for name, value in told if value)


def _act(use: ProposedUse, speaker: Speaker) -> Iterator[str]:
    """What is to be done and where: in English as one phrase, elsewhere under the names that the letters give it."""
    if speaker.language == "en":
        acts = ", ".join(ACTIONS[action] for action in use.actions)
        where = ", ".join(CHANNELS[channel] for channel in use.channels)
        if acts or where:
            yield f"{acts} {where}".strip().capitalize()
        return
    if use.actions:
        yield _line(speaker, "Use", speaker.labels(use.actions))
    if use.channels:
        yield _line(speaker, "Channels", speaker.labels(use.channels))


def _particulars(use: ProposedUse, speaker: Speaker) -> Iterable[tuple[str, str]]:
    """What is asked only where it matters."""
    return (
        ("Edition", use.edition or ""),
        ("Author or editor", use.author or ""),
        ("ISBN or ISSN", use.identifier or ""),
        ("Pages of the publication", str(use.pages or "")),
        ("Placement", _label(speaker, use.placement)),
        ("Size on the page", use.size or ""),
        ("In colour", _yes_no(speaker, use.colour)),
        ("More exactly", speaker.labels(use.digital_channels)),
        ("Who can read it", _label(speaker, use.access)),
        ("Shown as", _label(speaker, use.display)),
        ("Search engines", _label(speaker, use.indexing)),
        ("Money earned with it", _label(speaker, use.monetisation)),
        ("AI use", _label(speaker, use.ai_use)),
        ("In an archive after the last day", _yes_no(speaker, use.archive_after_end)),
        ("Passed on to others", _yes_no(speaker, use.sublicensing)),
        ("Copies for people with disabilities", _yes_no(speaker, use.accessible_copies)),
        ("Shown in advertising for the publication", _yes_no(speaker, use.incidental_promotion)),
        ("For the client", use.end_client or ""),
        ("Project", use.project or ""),
        ("Proposed credit", use.proposed_credit or ""),
        ("In the asker's words", use.context or ""),
        ("Answer needed by", speaker.date(use.needed_by) if use.needed_by else ""),
        ("Publication planned for", speaker.date(use.publication_date) if use.publication_date else ""),
    )


def _line(speaker: Speaker, name: str, value: str) -> str:
    """A name and its value, which keeps its own direction."""
    said = name if speaker.language == "en" else speaker.message(_IN_LETTERS.get(name, name))
    return speaker.headed(said, speaker.apart(value))


def _label(speaker: Speaker, value: StrEnum | None) -> str:
    return speaker.label(value) if value else ""


def _joined(speaker: Speaker, *parts: str) -> str:
    return _PAUSE.get(speaker.language, ", ").join(part for part in parts if part)


def _count(speaker: Speaker, count: int | None, unit: StrEnum | None) -> str:
    """So many of a unit. English keeps the figures as they were typed."""
    if not count or not unit:
        return ""
    return f"{count} {term(unit)}" if speaker.language == "en" else speaker.counted(count, unit)


def _yes_no(speaker: Speaker, value: bool | None) -> str:
    if value is None:
        return ""
    said = speaker.message("Yes" if value else "No")
    return said.lower() if speaker.language == "en" else said


def territory_words(territory: Territory) -> str:
    """ "the world", "CA, US", "the world except RU" """
    base = ", ".join(sorted(territory.included)) if territory.included is not None else "the world"
    return f"{base} except {', '.join(sorted(territory.excluded))}" if territory.excluded else base


def territory_names(territory: Territory, speaker: Speaker = ENGLISH) -> str:
    """ "the world", "Canada, France", "the world except Russia": the countries by name."""
    if speaker.language != "en":
        return speaker.territory(territory)
    names = Locale("en").territories
    included = sorted(names.get(code, code) for code in territory.included or ())
    excluded = sorted(names.get(code, code) for code in territory.excluded)
    base = ", ".join(included) if territory.included is not None else "the world"
    return f"{base} except {', '.join(excluded)}" if excluded else base


def _run(speaker: Speaker, run: FormatRun) -> str:
    copies = _count(speaker, run.print_run, QuantityUnit.COPIES)
    price = _price(speaker, run.price, run.currency) if run.price and run.currency else ""
    free = speaker.message("given away free") if run.free_distribution else ""
    return _line(speaker, "Format", _joined(speaker, speaker.label(run.format), copies, price, free))


def _price(speaker: Speaker, minor: int, currency: str) -> str:
    amount = f"{major_units(minor, currency)} {currency}"
    if speaker.language != "en":
        amount = speaker.money(Money(minor=minor, currency=currency))
    return speaker.words("sold at {price}", price=amount)


def _period(use: ProposedUse, speaker: Speaker) -> str:
    duration = _label(speaker, use.duration)
    if speaker.language != "en":
        days = days_between(speaker, Period(start=use.start, end=use.end)) if use.start or use.end else ""
        return _joined(speaker, duration, days[:1].lower() + days[1:] if duration else days)
    start = f"from {speaker.date(use.start)}" if use.start else ""
    end = f"until {speaker.date(use.end)}" if use.end else ""
    return " ".join(filter(None, (duration, start, end)))
