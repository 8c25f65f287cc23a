"""Numbers as people type them: no digit is dropped, and no mark of thousands is taken for a decimal point."""

import pytest

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
    ],
)
def test_an_amount_is_read_in_minor_units(typed: str, currency: str, minor: int) -> None:
    assert minor_units(typed, currency) == minor
    assert minor_units(major_units(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"), [("1,200", "EUR"), ("1.005", "JPY"), ("12.345", "EUR"), ("", "EUR")]
)
def test_an_amount_that_can_be_read_in_two_ways_is_refused(typed: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"such as|decimals"):
        minor_units(typed, currency)


@pytest.mark.parametrize("typed", ["1500", "1,500", "1.500", "1 500", "1\u00a0500", " 1'500 "])
def test_copies_are_read_however_thousands_are_marked(typed: str) -> None:
    assert copies(typed) == 1500


@pytest.mark.parametrize(
    "typed", ["", "0", "-5", "1.5", "1,50", "15,00", "many", "5000000000000", "9" * 10_000, "\u0661\u0662"]
)
def test_what_is_no_number_of_copies_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="as a whole number"):
        copies(typed)
