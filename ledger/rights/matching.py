"""Does a rule reach a use? Three-valued: True, False, or None where a fact is not stated (Kleene's logic).

A permission must cover the whole of the use on each axis; a prohibition or a reservation bites as soon as it
touches a part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ledger.rights.bounds import ALWAYS, Period, Territory
from ledger.rights.facts import Facts, countries_of
from ledger.rights.scope import Cap, Extent
from ledger.rights.terms import Days, Rule
from ledger.rights.uses import (
    Action,
    Channel,
    Duration,
    ExtentUnit,
    Format,
    Product,
    Purpose,
    QuantityUnit,
    RequesterType,
)

Truth = bool | None
EDITIONS = {
    Duration.ONE_TIME: frozenset({Duration.ONE_TIME}),
    Duration.CURRENT_EDITION: frozenset({Duration.ONE_TIME, Duration.CURRENT_EDITION}),
    Duration.CURRENT_AND_FUTURE_EDITIONS: frozenset(
        {Duration.ONE_TIME, Duration.CURRENT_EDITION, Duration.CURRENT_AND_FUTURE_EDITIONS}
    ),
    Duration.FIXED_TERM: frozenset({Duration.ONE_TIME, Duration.FIXED_TERM}),
    Duration.PERPETUAL: frozenset(Duration),
}
"""What each duration includes."""


def match_scope(rule: Rule, facts: Facts, touching: bool, unknown: list[str]) -> tuple[Truth, str | None]:
    """Whether the use lies within (or, if ``touching``, meets) the scope, and the axis on which it does not.

    Names of unstated facts that matter are added to ``unknown``, unless some axis already says no.
    """
    missing: list[str] | None = None
    for axis, bound in rule.scope.bounds:
        truth, fact = MATCHERS[axis](bound, facts, touching)
        if truth is False:
            return False, axis
        if truth is None:
            missing = [*missing, fact] if missing else [fact]
    if missing:
        unknown.extend(missing)
        return None, None
    return True, None


def match_rule(rule: Rule, facts: Facts, touching: bool, unknown: list[str]) -> tuple[Truth, str | None]:
    """The same for a rule. One about print is bounded to paper by its very action."""
    truth, axis = match_scope(rule, facts, touching, unknown)
    if rule.action is Action.PRINT and truth is not False and facts.channel is not Channel.PRINT:
        if Channel.PRINT not in facts.channels:
            return False, "channels"
        unknown.append("channel")
        return None, None
    return truth, axis


def language_covers(tag: str, language: str) -> bool:
    """RFC 4647 basic filtering: the range "fr" covers "fr" and "fr-CA"."""
    tag, language = tag.lower(), language.lower()
    return language == tag or language.startswith(tag + "-")


def _channels(bound: frozenset[Channel], facts: Facts, touching: bool) -> tuple[Truth, str]:
    if facts.channels <= bound:
        return True, ""
    return (None if facts.channels & bound else False), "channel"


def _purposes(bound: frozenset[Purpose], facts: Facts, touching: bool) -> tuple[Truth, str]:
    purpose = facts.use.purpose
    return (None if purpose is None else purpose in bound), "purpose"


def _commercial(bound: bool, facts: Facts, touching: bool) -> tuple[Truth, str]:
    stated = facts.use.is_commercial
    return (None if stated is None else stated is bound), "is_commercial"


def _requesters(bound: frozenset[RequesterType], facts: Facts, touching: bool) -> tuple[Truth, str]:
    kind = facts.use.requester_type
    return (None if kind is None else kind in bound), "requester_type"


def _products(bound: frozenset[Product], facts: Facts, touching: bool) -> tuple[Truth, str]:
    product = facts.use.product
    if facts.on_paper is False:
        return False, "product"
    return (None if product is None else product in bound), "product"


def _territory(bound: Territory, facts: Facts, touching: bool) -> tuple[Truth, str]:
    if facts.countries is None:
        return None, "territory"
    allowed = countries_of(bound)
    return (bool(facts.countries & allowed) if touching else facts.countries <= allowed), "territory"


def _languages(bound: frozenset[str], facts: Facts, touching: bool) -> tuple[Truth, str]:
    language = facts.use.language
    if language is None:
        return None, "language"
    if touching:  # a use in "fr" is touched by a rule about "fr-CA"
        return any(language_covers(t, language) or language_covers(language, t) for t in bound), "language"
    return any(language_covers(tag, language) for tag in bound), "language"


def _period(bound: Period, facts: Facts, touching: bool) -> tuple[Truth, str]:
    """The use begins on its first day or later; without an end it may last beyond any."""
    if bound.end is not None and facts.first_day > bound.end:
        return False, "start"
    if touching:
        return _period_touched(bound, facts)
    started = bound.start is None or facts.first_day >= bound.start
    if not started:
        return (None if facts.use.start is None else False), "start"
    if bound.end is None:
        return True, ""
    if facts.use.start is None and facts.last_day is None:
        return None, "start"
    return (None if facts.last_day is None else facts.last_day <= bound.end), "end"


def period_of(days: Days | None) -> Period:
    """The days on which Terms hold, as a period."""
    if days is None:
        return ALWAYS
    return Period(
        start=None if days[0] == date.min else days[0], end=None if days[1] == date.max else days[1]
    )


def within_days(days: Days, facts: Facts, touching: bool) -> tuple[Truth, str]:
    """Whether the use lies within (or meets) the days on which Terms hold; the fact on which that turns."""
    if over_by_then(days, facts):
        return False, "start"
    return _period(period_of(days), facts, touching)


def over_by_then(days: Days, facts: Facts) -> bool:
    """Whether Terms hold on no day of the use: they end before it begins, or begin after it has ended."""
    return days[1] < facts.first_day or (facts.last_day is not None and facts.last_day < days[0])


def _period_touched(bound: Period, facts: Facts) -> tuple[Truth, str]:
    if bound.start is not None and facts.last_day is not None and facts.last_day < bound.start:
        return False, "end"
    inside = bound.start is None or facts.first_day >= bound.start
    if facts.use.start is None:
        return (True if inside and bound.end is None else None), "start"
    if inside:
        return True, ""
    return (None if facts.last_day is None else True), "end"


def _formats(bound: frozenset[Format], facts: Facts, touching: bool) -> tuple[Truth, str]:
    if not facts.formats:
        return None, "formats"
    return (bool(facts.formats & bound) if touching else facts.formats <= bound), "formats"


def _caps(bound: tuple[Cap, ...], facts: Facts, touching: bool) -> tuple[Truth, str]:
    verdict: Truth = True
    missing = ""
    for cap in bound:
        amount, fact = _amount(cap.unit, facts)
        if amount is None:
            verdict, missing = None, fact
        elif amount > cap.at_most:
            return False, fact
    return verdict, missing


def _amount(unit: QuantityUnit, facts: Facts) -> tuple[int | None, str]:
    if unit is QuantityUnit.COPIES:
        return facts.copies, "print_run"
    if facts.use.audience_unit is unit:
        return facts.use.audience, "audience"
    return None, "audience"


def _extents(bound: tuple[Extent, ...], facts: Facts, touching: bool) -> tuple[Truth, str]:
    verdict: Truth = True
    for extent in bound:
        amount = amount_used(extent.unit, facts)
        if amount is None:
            verdict = None
        elif amount > extent.at_most:
            return False, "quantity"
    return verdict, "quantity"


def amount_used(unit: ExtentUnit, facts: Facts) -> float | None:
    """How much of the component the use takes, in ``unit``; None where that cannot be reckoned."""
    use, words = facts.use, facts.component.words
    if facts.whole and unit in (ExtentUnit.PERCENT, ExtentUnit.WORDS):
        return 100.0 if unit is ExtentUnit.PERCENT else words
    if use.quantity is None or use.unit is None:
        return None
    if use.unit is unit:
        return use.quantity
    if unit is ExtentUnit.PERCENT and use.unit is ExtentUnit.WORDS and words:
        return 100 * use.quantity / words
    if unit is ExtentUnit.WORDS and use.unit is ExtentUnit.PERCENT and words:
        return use.quantity * words / 100
    return None


def _editions(bound: frozenset[Duration], facts: Facts, touching: bool) -> tuple[Truth, str]:
    duration = facts.use.duration
    if duration is None:
        return None, "duration"
    return any(duration in EDITIONS[allowed] for allowed in bound), "duration"


MATCHERS: dict[str, Callable[[Any, Facts, bool], tuple[Truth, str]]] = {
    "channels": _channels,
    "purposes": _purposes,
    "commercial": _commercial,
    "requesters": _requesters,
    "products": _products,
    "territory": _territory,
    "languages": _languages,
    "period": _period,
    "formats": _formats,
    "caps": _caps,
    "extents": _extents,
    "editions": _editions,
}
"""One matcher for each axis of Scope."""
