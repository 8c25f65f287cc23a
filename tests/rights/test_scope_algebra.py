"""Scopes as sets: days and quantities, at their borders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rights.bounds import Period
from ledger.rights.scope import Axis, Cap, Extent, Scope
from ledger.rights.scope_algebra import meet, period_within, periods_meet, shortfalls
from ledger.rights.uses import ExtentUnit, QuantityUnit

DAYS = [date(2026, 3, 1) + timedelta(days=each) for each in range(6)]


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Within the six days, or open to either side."""
    start = draw(st.none() | st.sampled_from(DAYS))
    end = draw(st.none() | st.sampled_from([day for day in DAYS if start is None or day >= start]))
    return Period(start=start, end=end)


def days(period: Period) -> set[date]:
    """Its days among the six and one on each side, which stand for all days beyond."""
    around = [DAYS[0] - timedelta(days=1), *DAYS, DAYS[-1] + timedelta(days=1)]
    return {d for d in around if (period.start or d) <= d <= (period.end or d)}


@given(periods(), periods())
def test_periods_are_sets_of_days(one: Period, other: Period) -> None:
    common = days(one) & days(other)
    assert periods_meet(one, other) is bool(common)
    both = meet(one, other)
    assert (days(both) if both else set()) == common
    if both:
        assert both.start in (one.start, other.start)  # an open side stays open: no first day of all days
        assert both.end in (one.end, other.end)
    assert period_within(one, other) is (days(one) <= days(other))


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        ((Cap(unit=QuantityUnit.COPIES, at_most=100),), set()),
        ((Cap(unit=QuantityUnit.COPIES, at_most=101),), {Axis.QUANTITY}),
        ((Cap(unit=QuantityUnit.VIEWS, at_most=100),), {Axis.QUANTITY}),
        ((), {Axis.QUANTITY}),
    ],
)
def test_a_cap_is_kept_by_one_of_its_own_unit(inner: tuple[Cap, ...], wanted: set[Axis]) -> None:
    held = Scope(caps=(Cap(unit=QuantityUnit.COPIES, at_most=100),))
    assert {axis for axis, _ in shortfalls(held, Scope(caps=inner))} == wanted


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        ((Extent(unit=ExtentUnit.WORDS, at_most=50),), set()),
        ((Extent(unit=ExtentUnit.WORDS, at_most=51),), {Axis.EXTENT}),
        ((Extent(unit=ExtentUnit.PERCENT, at_most=50),), {Axis.EXTENT}),
        ((), {Axis.EXTENT}),
    ],
)
def test_an_extent_is_kept_by_one_of_its_own_unit(inner: tuple[Extent, ...], wanted: set[Axis]) -> None:
    held = Scope(extents=(Extent(unit=ExtentUnit.WORDS, at_most=50),))
    assert {axis for axis, _ in shortfalls(held, Scope(extents=inner))} == wanted
