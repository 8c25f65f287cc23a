"""A proposed use in plain sentences, for the people who have to decide about it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from ledger.desk.amounts import major_units
from ledger.rights.bounds import Territory
from ledger.rights.sentences import ACTIONS, CHANNELS
from ledger.rights.uses import FormatRun, ProposedUse
from ledger.rights.vocabulary import term


def use_sentences(use: ProposedUse) -> list[str]:
    """What is wanted, a line for each fact that was stated; what was not stated is not mentioned."""
    return list(_lines(use))


def settled_sentences(asked: ProposedUse, granted: ProposedUse) -> list[str]:
    """What is granted otherwise than it was asked for: fewer copies, fewer countries, what had been left open."""
    known = set(_lines(asked))
    return [line for line in _lines(granted) if line not in known]


def public_sentences(use: ProposedUse) -> list[str]:
    """The same for whoever holds the letter's file: without the asker's own words and the people named in them."""
    public = replace(
        use, context=None, author=None, end_client=None, project=None, proposed_credit=None, needed_by=None
    )
    return list(_lines(public))


def _lines(use: ProposedUse) -> Iterator[str]:
    acts = ", ".join(ACTIONS[action] for action in use.actions)
    where = ", ".join(CHANNELS[channel] for channel in use.channels)
    if acts or where:
        yield f"{acts} {where}".strip().capitalize()
    if use.portion:
        amount = f", {use.quantity} {term(use.unit)}" if use.quantity and use.unit else ""
        yield f"Portion: {term(use.portion)}{amount}{f' ({use.locator})' if use.locator else ''}"
    if use.product or use.title:
        parts = [term(use.product) if use.product else "", f"“{use.title}”" if use.title else ""]
        by = f", published by {use.publisher}" if use.publisher else ""
        yield f"Publication: {' '.join(part for part in parts if part)}{by}"
    yield from (_run(run) for run in use.formats)
    if use.urls:
        yield f"At: {', '.join(use.urls)}"
    if use.audience and use.audience_unit:
        yield f"Audience: {use.audience} {term(use.audience_unit)}"
    if use.is_commercial is not None:
        yield "Commercial use" if use.is_commercial else "Not a commercial use"
    if use.requester_type:
        yield f"Who would use it: {term(use.requester_type)}"
    if use.purpose:
        yield f"Purpose: {term(use.purpose)}"
    if use.modification:
        yield f"Changes to the material: {term(use.modification)}"
    if use.language:
        yield f"Language: {language_name(use.language)}"
    if use.territory is not None:
        yield f"Territory: {territory_names(use.territory)}"
    if use.duration or use.start or use.end:
        yield f"Term: {_period(use)}"
    if use.exclusivity:
        yield f"Exclusivity: {term(use.exclusivity)}"
    yield from _particulars(use)


def _particulars(use: ProposedUse) -> Iterator[str]:
    """What is asked only where it matters."""
    told = (
        ("Edition", use.edition),
        ("Author or editor", use.author),
        ("ISBN or ISSN", use.identifier),
        ("Pages of the publication", use.pages),
        ("Placement", use.placement and term(use.placement)),
        ("Size on the page", use.size),
        ("In colour", _yes_no(use.colour)),
        ("More exactly", ", ".join(term(each) for each in use.digital_channels)),
        ("Who can read it", use.access and term(use.access)),
        ("Shown as", use.display and term(use.display)),
        ("Search engines", use.indexing and term(use.indexing)),
        ("Money earned with it", use.monetisation and term(use.monetisation)),
        ("AI use", use.ai_use and term(use.ai_use)),
        ("In an archive after the last day", _yes_no(use.archive_after_end)),
        ("Passed on to others", _yes_no(use.sublicensing)),
        ("Copies for people with disabilities", _yes_no(use.accessible_copies)),
        ("Shown in advertising for the publication", _yes_no(use.incidental_promotion)),
        ("For the client", use.end_client),
        ("Project", use.project),
        ("Proposed credit", use.proposed_credit),
        ("In the asker's words", use.context),
        ("Answer needed by", use.needed_by and _day(use.needed_by)),
        ("Publication planned for", use.publication_date and _day(use.publication_date)),
    )
    yield from (f"{label}: {value}" for label, value in told if value)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")


def territory_words(territory: Territory) -> str:
    """ "the world", "CA, US", "the world except RU" """
    base = ", ".join(sorted(territory.included)) if territory.included is not None else "the world"
    return f"{base} except {', '.join(sorted(territory.excluded))}" if territory.excluded else base


def territory_names(territory: Territory) -> str:
    """ "the world", "Canada, France", "the world except Russia": the countries by name."""
    names = Locale("en").territories
    included = sorted(names.get(code, code) for code in territory.included or ())
    excluded = sorted(names.get(code, code) for code in territory.excluded)
    base = ", ".join(included) if territory.included is not None else "the world"
    return f"{base} except {', '.join(excluded)}" if excluded else base


def language_name(tag: str) -> str:
    """A BCP 47 tag by its English name, or as it stands where that has none."""
    try:
        return Locale.parse(tag, sep="-").english_name or tag
    except (UnknownLocaleError, ValueError):
        return tag


def _run(run: FormatRun) -> str:
    copies = f", {run.print_run} copies" if run.print_run else ""
    price = (
        f", sold at {major_units(run.price, run.currency)} {run.currency}"
        if run.price and run.currency
        else ""
    )
    free = ", given away free" if run.free_distribution else ""
    return f"Format: {term(run.format)}{copies}{price}{free}"


def _day(value: date) -> str:
    """As letters and mails write it in English: 1 December 2026."""
    return format_date(value, format="long", locale="en_001")


def _period(use: ProposedUse) -> str:
    parts = [term(use.duration) if use.duration else ""]
    parts += [f"from {_day(use.start)}" if use.start else "", f"until {_day(use.end)}" if use.end else ""]
    return " ".join(part for part in parts if part)
