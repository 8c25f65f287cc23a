"""When the term of protection is over, country by country. What is not known, or not tabled, stays unknown.

Terms run to the end of the calendar year (Berne Convention art. 7(5)). They are reckoned for works that were published
in the lifetime of their last author, or that no author is named for. Works first published after the author's death
have rules of their own nearly everywhere (in the European Union 25 years for whoever publishes what was never
published, Directive 2006/116/EC art. 4; in the United Kingdom terms until 2039), which are not on record here; so
without the year of first publication nothing is free. Recordings and films follow other rights too, and are unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.rights import terms_of_protection as table
from ledger.rights.bounds import Territory
from ledger.rights.pieces import ComponentKind, Evidence, PublicDomain
from ledger.rights.terms_of_protection import COUNTRIES_WITH_A_RULE, RULES, TermRule

__all__ = ["COUNTRIES_WITH_A_RULE", "RULES", "TermRule", "WorkFacts", "is_free", "public_domain_of"]

Verdict = tuple[bool | None, str]
SHORTEST_TERM = 50
"""Years after the death that every country of the Berne Convention grants at the least (art. 7(1))."""
OTHER_RIGHTS = frozenset({ComponentKind.AUDIO, ComponentKind.VIDEO})


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFacts:
    """``deaths`` is the year each author died, None where it is unknown or the author lives. An empty tuple means
    that no author is known by name. ``anonymous``: none is named anywhere. ``published`` is the year of first
    publication anywhere."""

    deaths: tuple[int | None, ...] = ()
    published: int | None = None
    anonymous: bool = False
    kind: ComponentKind = ComponentKind.TEXT


def is_free(country: str, work: WorkFacts, today: date) -> Verdict:
    """Whether the work is out of copyright in the country, with the rule and the reckoning; None is unknown.

    False is said under the general term of the country: see ``terms_of_protection``.
    """
    if country not in COUNTRIES_WITH_A_RULE:
        return None, f"no rule for {country} is on record"
    if work.kind in OTHER_RIGHTS:
        return None, f"recordings and films have other rights beside them; no rule for {country} is on record"
    if work.anonymous and work.deaths:
        return None, "it is stated both that no author is named and when the authors died"
    if country == "US":
        return _in_the_united_states(work, today)
    if work.anonymous:
        return _anonymous(country, work, today)
    return _by_lives(country, work, today)


def _by_lives(country: str, work: WorkFacts, today: date) -> Verdict:
    """Years after the last death, for what was published in the author's lifetime."""
    source = _source(country)
    known = [year for year in work.deaths if year is not None]
    if not known or len(known) < len(work.deaths):
        return None, f"{source}: the year in which an author died is not known"
    last = max(known)
    if work.published is None:
        return None, f"{source}: the year of first publication is not known"
    if work.published > last:
        return None, f"{source}: it was published after its author's death, and no rule for that is on record"
    if country == "ES":
        return _in_spain(last, today)
    if country == "FR":
        return _in_france(known, last, today)
    if country == "RU":
        return _in_russia(last, today)
    return _by_rule(RULES[country], last, today)


def _by_rule(rule: TermRule, last: int, today: date) -> Verdict:
    by = rule.free_if_died_by
    if by is not None and last <= by and today.year > last + SHORTEST_TERM:
        return True, f"{rule.source}: the last author died in {last}, by {by}"
    if rule.unsure_if_died_by is not None and last <= rule.unsure_if_died_by:
        verdict, words = _after(last, rule.life, rule.source, DEATH, today)
        return (True, words) if verdict else (None, f"{words}, unless a shorter earlier term freed it")
    return _between(last, rule.sure or rule.life, rule.life, rule.source, DEATH, today)


def _in_spain(last: int, today: date) -> Verdict:
    if last < table.SPANISH_CHANGE:
        return _after(last, 80, table.SPAIN_BEFORE_1987, DEATH, today)
    if last > table.SPANISH_CHANGE:
        return _after(last, 70, table.SPAIN, DEATH, today)
    return _between(last, 70, 80, table.SPAIN_BEFORE_1987, DEATH, today)


def _in_france(deaths: list[int], last: int, today: date) -> Verdict:
    """An extension may apply until the longest imaginable one is over."""
    for_france = max(deaths) >= table.FIRST_DEATH_FOR_FRANCE
    longest = 70 + table.WAR_YEARS + (table.DIED_FOR_FRANCE if for_france else 0)
    source = table.FRENCH_DEAD if for_france else table.FRENCH_WARS
    return _between(last, 70, longest, source, DEATH, today)


def _in_russia(last: int, today: date) -> Verdict:
    """Whoever died since 1917 may have been rehabilitated after death, from which 70 years run anew."""
    longest = 70 + table.RUSSIAN_WAR_YEARS
    if last <= table.LAST_DEATH_BEFORE_REHABILITATION:
        return _between(last, 70, longest, table.RUSSIA, DEATH, today)
    verdict, words = _after(last, 70, table.RUSSIA, DEATH, today)
    return (None if verdict else False), words


def _anonymous(country: str, work: WorkFacts, today: date) -> Verdict:
    rule = RULES.get(country)
    if rule is None or rule.anonymous is None:
        return None, f"{_source(country)}: no rule for works without a named author is on record"
    if work.published is None:
        return None, f"{rule.source}: the year of first publication is not known"
    sure = rule.anonymous - (rule.life - (rule.sure or rule.life))
    return _between(work.published, sure, rule.anonymous, rule.source, PUBLICATION, today)


def _in_the_united_states(work: WorkFacts, today: date) -> Verdict:
    """95 years from publication for what came out before 1978, provided the formalities were kept."""
    if work.published is not None and work.published < 1978:
        verdict, words = _after(work.published, 95, table.UNITED_STATES, PUBLICATION, today)
        return (True, words) if verdict else (None, f"{words}, unless notice or renewal was missed")
    if work.anonymous and work.published is not None:
        verdict, words = _after(work.published, 95, table.UNITED_STATES, PUBLICATION, today)
        return (True, words) if verdict else (None, f"{words}, or 120 years after it was made")
    if work.published is None or not work.deaths or None in work.deaths:
        unknown = "the year of publication or of an author's death is not known"
        return None, f"{table.UNITED_STATES}: {unknown}"
    last = max(year for year in work.deaths if year is not None)
    if work.published <= 2002 and last + 70 < table.LATEST_OF_1978:
        over = today.year > table.LATEST_OF_1978
        return over, f"{table.UNITED_STATES_UNPUBLISHED}: protected until the end of {table.LATEST_OF_1978}"
    return _after(last, 70, table.UNITED_STATES, DEATH, today)


DEATH = "the last author's death"
PUBLICATION = "publication"


def _source(country: str) -> str:
    special = {"ES": table.SPAIN, "FR": table.FRANCE, "RU": table.RUSSIA}
    return special.get(country) or RULES[country].source


def _after(year: int, years: int, source: str, event: str, today: date) -> Verdict:
    ends = year + years
    over = today.year > ends
    tense = "ended" if over else "ends"
    return over, f"{source}: {event} in {year} plus {years} years {tense} with {ends}"


def _between(year: int, sure: int, longest: int, source: str, event: str, today: date) -> Verdict:
    """Protected for ``sure`` years, free after the longest term, unknown between the two."""
    if today.year <= year + sure or today.year > year + longest:
        free = today.year > year + longest
        return _after(year, longest if free else sure, source, event, today)
    words = f"{event} in {year} plus {sure} years ended with {year + sure}"
    return None, f"{source}: {words}, but an extension may run until {year + longest}"


def public_domain_of(
    work: WorkFacts, countries: Iterable[str], today: date, evidence: Evidence | None = None
) -> PublicDomain | None:
    """The status over those of the countries in which the term is over; None when there is none."""
    found = [(country, *is_free(country, work, today)) for country in sorted(set(countries))]
    free = [(country, words) for country, verdict, words in found if verdict is True]
    if not free:
        return None
    return PublicDomain(
        territory=Territory(included=frozenset(country for country, _ in free)),
        ground="; ".join(dict.fromkeys(words for _, words in free)),
        evidence=evidence,
    )
