"""Conditions that bound a permission: broken by a stated fact, waiting for a fact, or calling for consent
first."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from ledger.rights.codes import ConditionCode
from ledger.rights.facts import PARTS, Facts
from ledger.rights.matching import amount_used
from ledger.rights.pieces import IMAGES, Component
from ledger.rights.scope import Extent
from ledger.rights.terms import Condition, ConditionScope, Rule
from ledger.rights.uses import (
    Access,
    Action,
    AiUse,
    Channel,
    Display,
    ExtentUnit,
    Indexing,
    Modification,
    Monetisation,
    RequesterType,
)


class Bearing(Enum):
    """What a condition makes of the use as described."""

    KEPT = "kept"  # nothing stated breaks it: it stays a condition
    BROKEN = "broken"  # the permission does not reach this use
    UNKNOWN = "unknown"  # it turns on a fact that is not stated
    CONSENT = "consent"  # leave must be had first
    CONSENT_UNKNOWN = "consent_unknown"


def bears_on(condition: Condition, component: Component) -> bool:
    """A condition about images does not bind a text, nor the other way round."""
    if condition.scope is ConditionScope.ALL:
        return True
    return (condition.scope is ConditionScope.IMAGE) == (component.kind in IMAGES)


Test = Callable[[Condition, Rule, Facts], tuple[Bearing, str]]


def bearing(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    """The bearing of one condition, and the fact of the use on which it turns."""
    return TESTS[condition.code](condition, rule, facts)


def _broken_if(fact: str, test: Callable[[Facts], bool]) -> Test:
    """Conduct: what is not stated stays a condition to keep; what is stated and breaks it takes the leave
    away."""
    return lambda condition, rule, facts: (Bearing.BROKEN if test(facts) else Bearing.KEPT, fact)


def _noncommercial(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    stated = facts.use.is_commercial
    if stated is None:
        return Bearing.UNKNOWN, "is_commercial"
    return (Bearing.BROKEN if stated else Bearing.KEPT), "is_commercial"


def _licensee_class(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    """The parameter lists requester types; anything else a person must judge."""
    named = re.split(r"[\s,;]+", condition.parameter or "")
    known = {word for word in named if word in set(RequesterType)}
    if facts.use.requester_type is None or not known:
        return Bearing.UNKNOWN, "requester_type"
    return (Bearing.KEPT if facts.use.requester_type in known else Bearing.BROKEN), "requester_type"


def _allows(rule: Rule, *codes: ConditionCode) -> bool:
    return any(condition.code in codes for condition in rule.conditions)


def _no_edits(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    modification = facts.use.modification
    if modification in (None, Modification.NONE, Modification.TRANSLATE):
        return Bearing.KEPT, "modification"  # translating is an action of its own, with rules of its own
    if modification is Modification.MINOR_EDITS and _allows(rule, ConditionCode.STYLE_EDITS_OK):
        return Bearing.KEPT, "modification"
    if modification is Modification.ABRIDGE and _allows(rule, ConditionCode.SHORTENING_OK):
        return Bearing.KEPT, "modification"
    if _allows(rule, ConditionCode.EDITS_NEED_APPROVAL):
        return Bearing.CONSENT, "modification"
    return Bearing.BROKEN, "modification"


def _edits_need_approval(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    verdict, fact = _no_edits(condition, rule, facts)
    return (Bearing.CONSENT if verdict is Bearing.BROKEN else verdict), fact


NUMERALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
UNITS = {
    "": ExtentUnit.WORDS,
    "word": ExtentUnit.WORDS,
    "paragraph": ExtentUnit.PARAGRAPHS,
    "page": ExtentUnit.PAGES,
    "second": ExtentUnit.SECONDS,
    "%": ExtentUnit.PERCENT,
    "percent": ExtentUnit.PERCENT,
}
_NUMBER = re.compile(rf"(\d{{1,3}}(?:[, ]\d{{3}})+|\d+(?:[.,]\d+)?|\b(?:{'|'.join(NUMERALS)})\b)\s*([a-z%]*)")


def _number(parameter: str | None) -> tuple[float, str] | None:
    """The first number of a limit, in figures or up to ten in words, and the word behind it in the singular."""
    found = _NUMBER.search((parameter or "").lower())
    if not found:
        return None
    said, unit = found[1], found[2].rstrip("s")
    if said in NUMERALS:
        return NUMERALS.index(said) + 1.0, unit
    if re.fullmatch(r"\d+[.,]\d{1,2}", said):
        return float(said.replace(",", ".")), unit
    return float(re.sub(r"[, ]", "", said)), unit


def extent_of(condition: Condition) -> Extent | None:
    """The limit of an excerpt as an extent; None where nobody can count it."""
    limit = _number(condition.parameter)
    if limit is None or limit[1] not in UNITS:
        return None
    unit = UNITS[limit[1]]
    return Extent(unit=unit, at_most=int(min(limit[0], 100) if unit is ExtentUnit.PERCENT else limit[0]))


def copies_of(condition: Condition) -> int | None:
    """A cap on circulation; None where nobody can count it."""
    limit = _number(condition.parameter)
    return None if limit is None else int(limit[0])


def _excerpt_limit(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    if facts.action is not Action.EXCERPT:
        return Bearing.KEPT, "quantity"
    limit = extent_of(condition)
    amount = amount_used(limit.unit, facts) if limit else None
    if limit is None or amount is None:
        return Bearing.UNKNOWN, "quantity"
    return (Bearing.BROKEN if amount > limit.at_most else Bearing.KEPT), "quantity"


def _circulation_cap(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    limit = copies_of(condition)
    if facts.on_paper is False:
        return Bearing.KEPT, "print_run"  # circulation is of print
    if facts.copies is None or limit is None:
        return Bearing.UNKNOWN, "print_run"
    return (Bearing.BROKEN if facts.copies > limit else Bearing.KEPT), "print_run"


def _for_images(found: Bearing) -> Test:
    return lambda condition, rule, facts: (
        found if facts.component.kind in IMAGES else Bearing.KEPT,
        "component",
    )


def _consent(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    return Bearing.CONSENT, ""


def _commercial_ask(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    stated = facts.use.is_commercial
    if stated is None:
        return Bearing.CONSENT_UNKNOWN, "is_commercial"
    return (Bearing.CONSENT if stated else Bearing.KEPT), "is_commercial"


def _print_ask(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    if facts.channel is None:
        possible = Channel.PRINT in facts.channels
        return (Bearing.CONSENT_UNKNOWN if possible else Bearing.KEPT), "channel"
    return (Bearing.CONSENT if facts.channel is Channel.PRINT else Bearing.KEPT), "channel"


def _kept(condition: Condition, rule: Rule, facts: Facts) -> tuple[Bearing, str]:
    return Bearing.KEPT, ""  # judged with the title, where the holder is known


C = ConditionCode
TESTS: dict[ConditionCode, Test] = {
    C.NONCOMMERCIAL: _noncommercial,
    C.LICENSEE_CLASS: _licensee_class,
    C.NO_EDITS: _no_edits,
    C.EDITS_NEED_APPROVAL: _edits_need_approval,
    C.FULL_TEXT_REQUIRED: _broken_if(
        "portion", lambda f: f.action is Action.EXCERPT or f.use.portion in PARTS
    ),
    C.EXCERPT_LIMIT: _excerpt_limit,
    C.CIRCULATION_CAP: _circulation_cap,
    C.NO_RESALE: _broken_if(
        "monetisation",
        lambda f: Action.SELL in f.use.actions or f.use.monetisation is Monetisation.RESALE,
    ),
    C.NO_ADS_SOLD_AGAINST: _broken_if(
        "monetisation", lambda f: f.use.monetisation is Monetisation.SOLD_AGAINST
    ),
    C.NO_PAYWALL: _broken_if(
        "access",
        lambda f: f.use.access is Access.PAYWALLED or f.use.monetisation is Monetisation.SUBSCRIPTION,
    ),
    C.NO_SUBLICENSING: _broken_if("sublicensing", lambda f: f.use.sublicensing is True),
    C.NOINDEX: _broken_if(
        "indexing", lambda f: f.use.indexing in (Indexing.NONE, Indexing.CANONICAL_TO_SOURCE)
    ),
    C.CANONICAL_TAG: _broken_if("indexing", lambda f: f.use.indexing is Indexing.NONE),
    C.NO_FRAMING: _broken_if("display", lambda f: f.use.display is Display.EMBED),
    C.AI_TRAINING_PROHIBITED: _broken_if("ai_use", lambda f: f.use.ai_use is AiUse.TRAINING),
    C.IMAGES_EXCLUDED: _for_images(Bearing.BROKEN),
    C.IMAGES_SEPARATE_RIGHTS: _for_images(Bearing.BROKEN),
    C.IMAGES_ONLY_WHERE_MARKED: _for_images(Bearing.UNKNOWN),
    C.THIRD_PARTY_EXCLUDED: _kept,
    C.PRIOR_PERMISSION: _consent,
    C.COMMERCIAL_ASK: _commercial_ask,
    C.PRINT_ASK: _print_ask,
}
"""One test for each bounding condition."""
