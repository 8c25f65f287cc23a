"""Numbers as people type them: no digit is dropped, and no mark of thousands is taken for a decimal point."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.desk.amounts import copies, major_units, minor_units


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("120.5", "CAD", 12050),
        ("19,95", "EUR", 1995),
        ("1 200", "EUR", 120000),
        ("1'200.50", "CHF", 120050),
        ("1200", "JPY", 1200),
        ("1.250", "KWD", 1250),
        ("-3", "USD", -300),
        ("1,200.00", "CAD", 120000),
        ("1.200,5", "EUR", 120050),
        ("1,200,000", "JPY", 1200000),
        ("-1,200.00", "CAD", -120000),
    ],
)
def test_an_amount_is_read_in_minor_units(typed: str, currency: str, minor: int) -> None:
    assert minor_units(typed, currency) == minor
    assert minor_units(major_units(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("1,200", "EUR"),
        ("1.005", "JPY"),
        ("12.345", "EUR"),
        ("", "EUR"),
        ("1,20.00", "EUR"),
        ("1,200.123", "EUR"),
        ("1,200.000.00", "EUR"),
        ("1200,000.00", "EUR"),
        ("1.200.000,00.1", "EUR"),
        ("1,2000.00", "EUR"),
    ],
)
def test_an_amount_that_can_be_read_in_two_ways_is_refused(typed: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"such as|decimals"):
        minor_units(typed, currency)


@given(
    st.integers(-(10**12) + 1, 10**12 - 1),
    st.sampled_from(["CAD", "JPY", "KWD"]),
    st.sampled_from([",.", ".,"]),
)
def test_an_amount_with_marks_of_thousands_is_read_as_it_is_meant_or_refused(
    minor: int, currency: str, marks: str
) -> None:
    plain = major_units(minor, currency)
    typed = f"{Decimal(plain):,}".translate(str.maketrans(",.", marks))
    try:
        assert minor_units(typed, currency) == minor
    except ValueError:  # one mark alone may be either
        assert currency == "JPY"
        assert 1_000 <= abs(minor) < 1_000_000


@pytest.mark.parametrize("typed", ["1500", "1,500", "1.500", "1 500", "1\u00a0500", " 1'500 "])
def test_copies_are_read_however_thousands_are_marked(typed: str) -> None:
    assert copies(typed) == 1500


@pytest.mark.parametrize(
    "typed", ["", "0", "-5", "1.5", "1,50", "15,00", "many", "5000000000000", "9" * 10_000, "\u0661\u0662"]
)
def test_what_is_no_number_of_copies_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="as a whole number"):
        copies(typed)
