"""Recorded judgements under fair use and its kin. Evidence of diligence; never a permission, a score or a
verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Regime(StrEnum):
    US_FAIR_USE = "us_fair_use"  # 17 USC 107
    CA_FAIR_DEALING = "ca_fair_dealing"  # Copyright Act (Canada) ss. 29-29.2
    AU_FAIR_DEALING = "au_fair_dealing"  # Copyright Act 1968 (Cth) s. 40(2)
    UK_QUOTATION = "uk_quotation"  # CDPA 1988 s. 30(1ZA)
    UK_CRITICISM_NEWS = "uk_criticism_news"  # CDPA 1988 s. 30(1), (2)
    UK_PARODY = "uk_parody"  # CDPA 1988 s. 30A
    EU_QUOTATION = "eu_quotation"  # Directive 2001/29/EC art. 5(3)(d); Berne art. 10(1)


class Factor(StrEnum):
    """Every factor of every regime; which belong to which is in ``exception_regimes.py``."""

    US_PURPOSE = "us_purpose"
    US_NATURE = "us_nature"
    US_AMOUNT = "us_amount"
    US_MARKET = "us_market"
    CA_ENUMERATED_PURPOSE = "ca_enumerated_purpose"
    CA_PURPOSE = "ca_purpose"
    CA_CHARACTER = "ca_character"
    CA_AMOUNT = "ca_amount"
    CA_ALTERNATIVES = "ca_alternatives"
    CA_NATURE = "ca_nature"
    CA_EFFECT = "ca_effect"
    AU_PURPOSE_CHARACTER = "au_purpose_character"
    AU_NATURE = "au_nature"
    AU_COMMERCIAL_AVAILABILITY = "au_commercial_availability"
    AU_MARKET = "au_market"
    AU_AMOUNT = "au_amount"
    UK_PUBLICLY_AVAILABLE = "uk_publicly_available"
    UK_PURPOSE = "uk_purpose"
    UK_FAIRNESS = "uk_fairness"
    UK_NO_MORE_THAN_REQUIRED = "uk_no_more_than_required"
    UK_ACKNOWLEDGEMENT = "uk_acknowledgement"
    UK_PARODY_CHARACTER = "uk_parody_character"
    EU_LAWFULLY_PUBLIC = "eu_lawfully_public"
    EU_QUOTATION_PURPOSE = "eu_quotation_purpose"
    EU_SOURCE_NAMED = "eu_source_named"
    EU_FAIR_PRACTICE = "eu_fair_practice"
    EU_EXTENT = "eu_extent"


class Leaning(StrEnum):
    FAVOURS = "favours"
    AGAINST = "against"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorFinding:
    """What the assessor found on one factor, why, and on what evidence."""

    factor: Factor
    leaning: Leaning
    reasons: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One judgement on one component, made before the use. Immutable: a change is a new record that
    supersedes it.

    ``portion_percent`` is of the whole work, 0 to 100. ``conclusion`` is the assessor's own sentence.
    """

    id: str
    component_id: str
    regime: Regime
    provision: str
    jurisdiction: str  # ISO 3166-1 alpha-2, or "EU"
    assessor: str
    assessor_role: str
    made_on: date
    work_sha256: str | None
    purpose: str
    findings: tuple[FactorFinding, ...]
    conclusion: str
    portion: str = ""
    portion_words: int | None = None
    portion_percent: int | None = None
    heart_of_the_work: bool | None = None
    transformation: str = ""
    is_commercial: bool | None = None
    audience: str = ""
    credit: str = ""
    market_search: str = ""
    licensing_search: str = ""
    search_evidence: tuple[str, ...] = ()
    permission_sought: bool | None = None
    permission_refused: bool | None = None
    alternatives: str = ""
    precedents: tuple[str, ...] = ()
    residual_risk: str = ""
    reviewer: str | None = None
    review_due: date | None = None
    use_from: date | None = None
    supersedes: str | None = None
