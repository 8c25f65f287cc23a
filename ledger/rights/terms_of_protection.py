"""How long copyright lasts, country by country: what a statute says, and how far it can be relied upon here.

A country stands in this table only where its rule can be stated with its source. A rule is the *longest* term that a
work published in its author's lifetime may have had there, so what is free by it is free; shorter terms for works of
foreign origin (Berne Convention art. 7(8), Directive 2006/116/EC art. 7) could only free sooner and are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.rights.countries import EUROPEAN_UNION


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRule:
    """Years counted from the end of the year in which the last author died.

    ``life``: after so many the work is free. ``sure``: for so many it is surely protected; in between, an extension
    may apply and the answer is unknown. ``free_if_died_by``: who died by then stays free under an earlier, shorter
    term. ``unsure_if_died_by``: an earlier, shorter term may have freed it already, so that "protected" is not sure
    either. ``anonymous``: years after publication, None where no rule is on record.
    """

    life: int
    source: str
    sure: int | None = None
    anonymous: int | None = None
    free_if_died_by: int | None = None
    unsure_if_died_by: int | None = None


EU_RULE = TermRule(life=70, anonymous=70, source="Directive 2006/116/EC art. 1")

RULES: dict[str, TermRule] = {
    **dict.fromkeys(EUROPEAN_UNION - {"ES", "FR"}, EU_RULE),
    "GB": TermRule(life=70, anonymous=70, source="Copyright, Designs and Patents Act 1988 s. 12"),
    "CH": TermRule(life=70, anonymous=70, source="Copyright Act (Switzerland) art. 29 and 31"),
    # Six more years for works of the war and before it, by the Act of 2 December 1955.
    "NO": TermRule(life=76, sure=70, anonymous=76, source="Copyright Act (Norway) s. 11 and 12"),
    "IS": TermRule(life=70, source="Copyright Act no. 73/1972 (Iceland) art. 43"),
    "CA": TermRule(life=70, free_if_died_by=1971, source="Copyright Act (Canada) s. 6; no revival in 2022"),
    "AU": TermRule(
        life=70, free_if_died_by=1954, source="Copyright Act 1968 (Cth) s. 33; no revival in 2005"
    ),
    # Works of the Allied Powers have up to 12 years and a month more (Act no. 302 of 1952, art. 4). With them,
    # authors who died by 1954 were free in 2017, before the term grew from 50 to 70 years on 30 December 2018.
    "JP": TermRule(
        life=83,
        sure=70,
        free_if_died_by=1954,
        unsure_if_died_by=1967,
        source="Copyright Act (Japan) art. 51, with the wartime extension; no revival in 2018",
    ),
    "KR": TermRule(life=70, free_if_died_by=1962, source="Copyright Act (Korea) art. 39; no revival in 2013"),
    "SG": TermRule(life=70, unsure_if_died_by=1955, source="Copyright Act 2021 (Singapore) s. 114"),
    "IL": TermRule(life=70, source="Copyright Act 2007 (Israel) s. 38"),
    "TR": TermRule(life=70, unsure_if_died_by=1955, source="Law 5846 (Türkiye) art. 27"),
    "ID": TermRule(life=70, unsure_if_died_by=1964, source="Law 28 of 2014 (Indonesia) art. 58"),
    "PE": TermRule(life=70, unsure_if_died_by=1966, source="Legislative Decree 822 (Peru) art. 52"),
    "BR": TermRule(life=70, unsure_if_died_by=1955, source="Law 9.610/1998 (Brazil) art. 41"),
    "CO": TermRule(life=80, source="Law 23 of 1982 (Colombia) art. 21"),
    # 100 years since 2003; 20, 25, 30, 50 and 75 before, and nothing came back.
    "MX": TermRule(life=100, unsure_if_died_by=1955, source="Federal Copyright Law (Mexico) art. 29"),
    "IN": TermRule(life=60, anonymous=60, source="Copyright Act 1957 (India) s. 22 and 23"),
    "ZA": TermRule(life=50, source="Copyright Act 98 of 1978 (South Africa) s. 3"),
    "CN": TermRule(life=50, source="Copyright Law (China) art. 23"),
    "HK": TermRule(life=50, source="Copyright Ordinance (Hong Kong) s. 17"),
    "TW": TermRule(life=50, source="Copyright Act (Taiwan) art. 30"),
    "TH": TermRule(life=50, source="Copyright Act B.E. 2537 (Thailand) s. 19"),
    "MY": TermRule(life=50, source="Copyright Act 1987 (Malaysia) s. 17"),
    "PH": TermRule(life=50, source="Republic Act 8293 (Philippines) s. 213"),
    # 50 years, which treaties with the UK and the EU oblige New Zealand to make 70: nobody freed by 2024 returns.
    "NZ": TermRule(
        life=70,
        sure=50,
        free_if_died_by=1974,
        source="Copyright Act 1994 (New Zealand) s. 22, being extended",
    ),
}

SPAIN = "Royal Legislative Decree 1/1996 (Spain) art. 26"
SPAIN_BEFORE_1987 = (
    f"{SPAIN} and fourth transitional provision (80 years for authors dead before 7 December 1987)"
)
SPANISH_CHANGE = 1987
"""Who died in this very year may have died on either side of 7 December."""

FRANCE = "Intellectual Property Code (France) art. L.123-1"
FRENCH_WARS = f"{FRANCE}, L.123-8 and L.123-9 (extensions for the wars)"
FRENCH_DEAD = f"{FRENCH_WARS} and L.123-10 (30 more years for authors who died for France)"
WAR_YEARS = 15
"""14 years and 272 days at most: 6 and 152 days for the first war, 8 and 120 days for the second."""
DIED_FOR_FRANCE = 30
FIRST_DEATH_FOR_FRANCE = 1914
"""The mention "mort pour la France" is made for deaths since 2 August 1914 (Act of 2 July 1915)."""

RUSSIA = "Civil Code (Russia) art. 1281 (70 years; more for authors of the war and for those rehabilitated after death)"
LAST_DEATH_BEFORE_REHABILITATION = 1916
"""Rehabilitation is of victims of repression since 25 October (7 November) 1917."""
RUSSIAN_WAR_YEARS = 4

UNITED_STATES = "17 U.S.C. §§ 302 to 304"
UNITED_STATES_UNPUBLISHED = "17 U.S.C. § 303(a) (made before 1978, first published from 1978 to 2002)"
LATEST_OF_1978 = 2047

COUNTRIES_WITH_A_RULE = frozenset({*RULES, "ES", "FR", "RU", "US"})
