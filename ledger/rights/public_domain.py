"""When the term of protection is over, country by country. What is not known, or not tabled, stays unknown.

Terms run to the end of the calendar year (Berne Convention art. 7(5)).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.rights.bounds import Territory
from ledger.rights.countries import EUROPEAN_UNION
from ledger.rights.pieces import Evidence, PublicDomain


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFacts:
    """``deaths`` is the year each author died, None where it is unknown or the author lives. An empty tuple means
    that no author is known by name."""

    deaths: tuple[int | None, ...] = ()
    published: int | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRule:
    """Life plus ``life`` years; authors dead by ``free_if_died_by`` stay free under an earlier, shorter term."""

    life: int
    source: str
    anonymous: int | None = None  # years after publication
    free_if_died_by: int | None = None


EU_RULE = TermRule(life=70, anonymous=70, source="Directive 2006/116/EC art. 1")
RULES: dict[str, TermRule] = {
    **dict.fromkeys(EUROPEAN_UNION - {"ES", "FR"}, EU_RULE),
    "GB": TermRule(life=70, anonymous=70, source="Copyright, Designs and Patents Act 1988 s. 12"),
    "CH": TermRule(life=70, anonymous=70, source="Copyright Act (Switzerland) art. 29 and 31"),
    "NO": TermRule(life=70, anonymous=70, source="Copyright Act (Norway) s. 11 and 12"),
    "CA": TermRule(life=70, free_if_died_by=1971, source="Copyright Act (Canada) s. 6; no revival in 2022"),
    "AU": TermRule(
        life=70, free_if_died_by=1954, source="Copyright Act 1968 (Cth) s. 33; no revival in 2005"
    ),
    "JP": TermRule(life=70, free_if_died_by=1967, source="Copyright Act (Japan) art. 51; no revival in 2018"),
    "IN": TermRule(life=60, anonymous=60, source="Copyright Act 1957 (India) s. 22 and 23"),
    "ZA": TermRule(life=50, source="Copyright Act 98 of 1978 (South Africa) s. 3"),
    "CN": TermRule(life=50, source="Copyright Law (China) art. 23"),
    "BR": TermRule(life=70, source="Law 9.610/1998 (Brazil) art. 41"),
}
"""Spain (80 years for authors dead before 1987) and France (war extensions) are left out: a person must look."""

US_SOURCE = "17 U.S.C. §§ 302 to 304"


def is_free(country: str, work: WorkFacts, today: date) -> tuple[bool | None, str]:
    """Whether the work is out of copyright in the country, with the rule and the reckoning; None is unknown."""
    if country == "US":
        return _in_the_united_states(work, today)
    rule = RULES.get(country)
    if rule is None:
        return None, f"no rule for {country} is on record"
    if work.anonymous:
        return _after(work.published, rule.anonymous, rule.source, "publication", today)
    if not work.deaths or None in work.deaths:
        return None, f"{rule.source}: the year in which an author died is not known"
    last = max(year for year in work.deaths if year is not None)
    if rule.free_if_died_by is not None and last <= rule.free_if_died_by:
        return True, f"{rule.source}: the last author died in {last}, by {rule.free_if_died_by}"
    return _after(last, rule.life, rule.source, "the last author's death", today)


def _in_the_united_states(work: WorkFacts, today: date) -> tuple[bool | None, str]:
    """95 years from publication for what came out before 1978, provided the formalities were kept."""
    if work.published is not None and work.published < 1978:
        verdict, words = _after(work.published, 95, US_SOURCE, "publication", today)
        return (True, words) if verdict else (None, f"{words}, unless notice or renewal was missed")
    if work.anonymous:
        return _after(work.published, 95, US_SOURCE, "publication", today)
    if work.published is None or not work.deaths or None in work.deaths:
        return None, f"{US_SOURCE}: the year of publication or of an author's death is not known"
    return _after(
        max(y for y in work.deaths if y is not None), 70, US_SOURCE, "the last author's death", today
    )


def _after(
    year: int | None, years: int | None, source: str, event: str, today: date
) -> tuple[bool | None, str]:
    if year is None or years is None:
        return None, f"{source}: the year of {event} is not known, or no term is on record"
    ends = year + years
    tense = "ended" if today.year > ends else "ends"
    return today.year > ends, f"{source}: {event} in {year} plus {years} years {tense} with {ends}"


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
