"""Set algebra on the axes: does one scope lie within another, and do two of them meet?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.rights.bounds import Period
from ledger.rights.facts import countries_of
from ledger.rights.matching import EDITIONS, language_covers
from ledger.rights.scope import Axis, Scope
from ledger.rights.uses import Action, Duration

SETS = {
    "channels": Axis.CHANNEL,
    "purposes": Axis.PURPOSE,
    "requesters": Axis.REQUESTER,
    "products": Axis.PRODUCT,
    "formats": Axis.FORMAT,
}
"""The axes that are plain sets of codes; None is all of them."""

INCLUDED = {Action.REPUBLISH_FULL: frozenset({Action.REPUBLISH_FULL, Action.EXCERPT})}
"""What an action includes besides itself."""


def reach_of(action: Action) -> frozenset[Action]:
    return INCLUDED.get(action, frozenset({action}))


def shortfalls(outer: Scope, inner: Scope) -> Iterator[tuple[Axis, str]]:
    """Every axis on which ``inner`` goes beyond ``outer``, with one line that says how."""
    for name, axis in SETS.items():
        allowed, wanted = getattr(outer, name), getattr(inner, name)
        if allowed is not None and (wanted is None or not wanted <= allowed):
            beyond = "any" if wanted is None else ", ".join(sorted(wanted - allowed))
            yield axis, f"{beyond} is wanted, {', '.join(sorted(allowed)) or 'none'} is held"
    if outer.commercial is not None and inner.commercial is not outer.commercial:
        held = "commercial" if outer.commercial else "non-commercial"
        yield Axis.COMMERCIAL, f"only {held} use is held"
    yield from _where_and_when(outer, inner)
    yield from _how_much(outer, inner)
    if inner.exclusive and not outer.exclusive:
        yield Axis.EXCLUSIVITY, "an exclusive right is wanted, a non-exclusive one is held"


def _where_and_when(outer: Scope, inner: Scope) -> Iterator[tuple[Axis, str]]:
    if beyond := countries_of(inner.territory) - countries_of(outer.territory):
        listed = ", ".join(sorted(beyond)[:5]) + (" and more" if len(beyond) > 5 else "")
        yield Axis.TERRITORY, f"{listed} is wanted and not held"
    if outer.languages is not None and not languages_within(inner.languages, outer.languages):
        wanted = "any language" if inner.languages is None else ", ".join(sorted(inner.languages))
        yield Axis.LANGUAGE, f"{wanted} is wanted, {', '.join(sorted(outer.languages)) or 'none'} is held"
    if not period_within(inner.period, outer.period):
        yield Axis.PERIOD, f"{words_for(inner.period)} is wanted, {words_for(outer.period)} is held"
    if outer.editions is not None and not _durations(inner) <= _durations(outer):
        yield Axis.EDITION, f"only {', '.join(sorted(outer.editions)) or 'none'} is held"


def _how_much(outer: Scope, inner: Scope) -> Iterator[tuple[Axis, str]]:
    for cap in outer.caps:
        if not any(c.unit is cap.unit and c.at_most <= cap.at_most for c in inner.caps):
            yield Axis.QUANTITY, f"no more than {cap.at_most} {cap.unit} are held"
    for extent in outer.extents:
        if not any(e.unit is extent.unit and e.at_most <= extent.at_most for e in inner.extents):
            yield Axis.EXTENT, f"no more than {extent.at_most} {extent.unit} are held"


def within(outer: Scope, inner: Scope) -> bool:
    """Set inclusion on every axis."""
    return next(shortfalls(outer, inner), None) is None


def overlap(first: Scope, second: Scope) -> bool:
    """Set intersection on all axes at once: is there a use that lies in both?"""
    for name in SETS:
        one, other = getattr(first, name), getattr(second, name)
        if one is not None and other is not None and not one & other:
            return False
    if (
        first.commercial is not None
        and second.commercial is not None
        and first.commercial != second.commercial
    ):
        return False
    return (
        bool(countries_of(first.territory) & countries_of(second.territory))
        and languages_meet(first.languages, second.languages)
        and periods_meet(first.period, second.period)
        and bool(_durations(first) & _durations(second))
    )


def languages_within(inner: frozenset[str] | None, outer: frozenset[str] | None) -> bool:
    if outer is None:
        return True
    return inner is not None and all(any(language_covers(o, i) for o in outer) for i in inner)


def languages_meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    if one is None or other is None:
        return True
    return any(language_covers(a, b) or language_covers(b, a) for a in one for b in other)


def period_within(inner: Period, outer: Period) -> bool:
    return _start(outer) <= _start(inner) and _end(inner) <= _end(outer)


def periods_meet(one: Period, other: Period) -> bool:
    return _start(one) <= _end(other) and _start(other) <= _end(one)


def meet(one: Period, other: Period) -> Period | None:
    """The days that lie in both, or None when there are none."""
    if not periods_meet(one, other):
        return None
    start, end = max(_start(one), _start(other)), min(_end(one), _end(other))
    return Period(start=None if start == date.min else start, end=None if end == date.max else end)


def words_for(period: Period) -> str:
    if period.start is None and period.end is None:
        return "time without end"
    start = f"from {period.start}" if period.start else ""
    end = f"until {period.end}" if period.end else ""
    return f"{start} {end}".strip()


def _start(period: Period) -> date:
    return period.start or date.min


def _end(period: Period) -> date:
    return period.end or date.max


def _durations(scope: Scope) -> frozenset[Duration]:
    if scope.editions is None:
        return frozenset(Duration)
    return frozenset().union(*(EDITIONS[duration] for duration in scope.editions))
