"""What a tariff may say: each fact a price may depend on is one a use can have, and nothing else is."""

from dataclasses import replace
from typing import Any

import pytest

from ledger.rights.quoting import quote
from ledger.rights.scope import Territory
from ledger.rights.tariff import Band, BasePrice, Measure, Tariff
from ledger.rights.tariff_checks import CHOICES, YES_NO, tariff_errors
from ledger.rights.uses import Format, FormatRun, ProposedUse
from tests.rights.build import TODAY

MANY = {"actions", "channels", "digital_channels"}


def tariff(*match: tuple[str, str], bands: tuple[Band, ...] = (Band(up_to=None, flat=900),)) -> Tariff:
    price = BasePrice(code="p", label="Reprint", measure=Measure.FLAT, bands=bands, match=match)
    return Tariff(id="t", version=1, currency="CAD", valid_from=TODAY, prices=(price,))


def use_with(name: str, value: Any) -> ProposedUse:
    if name == "formats":
        return ProposedUse(formats=(FormatRun(format=Format(value)),))
    return replace(ProposedUse(), **{name: (value,) if name in MANY else value})


@pytest.mark.parametrize(("name", "value"), [(name, one) for name, kind in CHOICES.items() for one in kind])
def test_a_use_with_the_term_meets_the_price(name: str, value: Any) -> None:
    made = tariff((name, str(value)))
    assert tariff_errors(made) == {}
    assert quote(made, use_with(name, value)).total.minor == 900


@pytest.mark.parametrize("name", YES_NO)
def test_so_does_a_yes_or_a_no(name: str) -> None:
    for value in (True, False):
        made = tariff((name, str(value).lower()))
        assert tariff_errors(made) == {}
        assert quote(made, use_with(name, value)).total.minor == 900


def test_and_a_territory() -> None:
    for value, where in (("world", Territory()), ("CA", Territory(included=frozenset({"CA", "US"})))):
        made = tariff(("territory", value))
        assert tariff_errors(made) == {}
        assert quote(made, use_with("territory", where)).total.minor == 900


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("product", "anthologie"), "product is never anthologie"),
        (("is_commercial", "yes"), "is_commercial is never yes; it is one of: false, true."),
        (("territory", "Canada"), "territory is never Canada"),
        (("colour_of_sea", "blue"), "colour_of_sea is no fact a price can depend on"),
        (("licensee", "pa_1"), "licensee is no fact a price can depend on"),
    ],
)
def test_what_no_use_can_meet_is_refused(pair: tuple[str, str], said: str) -> None:
    found = tariff_errors(tariff(("product", "book"), pair))
    assert set(found) == {"prices[0].match"}
    assert said in found["prices[0].match"]


def test_a_flat_price_has_one_band() -> None:
    bands = (Band(up_to=10, flat=1), Band(up_to=None, flat=2))
    assert set(tariff_errors(tariff(bands=bands))) == {"prices[0].bands[1].up_to"}
