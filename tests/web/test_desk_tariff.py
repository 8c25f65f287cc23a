"""The tariff as a form: what is on record comes back as it was, and a wrong amount is told beside its field."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli.demo_matter import TARIFF
from ledger.desk.requests.quoting import current_tariff, record_tariff
from ledger.rights.tariff import Band, BasePrice, Factor, Measure, Tariff
from ledger.rights.tariff_checks import CHOICES, YES_NO, tariff_errors
from ledger.rights.wire import from_plain
from ledger.web.desk import tariff_form, tariff_words
from tests.cast import Cast
from tests.web.asked import come_in
from tests.web.browsing import Visitor

PATH = "/desk/settings/tariff"
PAIRS = [(name, str(one)) for name, kind in CHOICES.items() for one in kind]
PAIRS += [(name, value) for name in YES_NO for value in ("true", "false")]
PAIRS += [("territory", "world"), ("territory", "CA"), ("language", "fr-CA")]
LABELS = st.from_regex(r"[A-Za-z][A-Za-z ,]{0,20}[a-z]", fullmatch=True)
AMOUNTS = st.integers(0, 10**9)


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    ends = sorted(draw(st.sets(st.integers(1, 10**6), max_size=3)))
    last = [None] if draw(st.booleans()) or not ends else []
    return tuple(
        Band(up_to=end, flat=draw(AMOUNTS), per_unit_milli=draw(st.integers(0, 10**6)))
        for end in [*ends, *last]
    )


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    match = st.lists(st.sampled_from(PAIRS), max_size=3, unique=True).map(tuple)
    measure = st.sampled_from([one for one in Measure if one is not Measure.FLAT])
    price = st.builds(BasePrice, code=LABELS, label=LABELS, measure=measure, bands=bands(), match=match)
    factor = st.builds(Factor, code=LABELS, label=LABELS, percent=st.integers(0, 900), match=match)
    start = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    return Tariff(
        id=draw(LABELS),
        version=1,
        currency=draw(st.sampled_from(["CAD", "JPY", "KWD", "EUR"])),
        valid_from=start,
        valid_to=draw(st.none() | st.just(start + timedelta(days=90))),
        prices=tuple(draw(st.lists(price, min_size=1, max_size=3))),
        factors=tuple(draw(st.lists(factor, max_size=2))),
        minimum=draw(AMOUNTS),
        round_to=draw(st.integers(1, 10**5)),
    )


@given(tariffs())
def test_a_tariff_goes_through_the_form_unchanged(tariff: Tariff) -> None:
    assert tariff_errors(tariff) == {}
    shown = tariff_form.form_of(tariff_form.rows_of_tariff(tariff))
    plain, errors = tariff_form.plain_of(tariff_form.rows_of_form(shown))
    assert errors == {}
    assert from_plain(Tariff, {**plain, "version": 1}) == tariff


def test_every_fact_has_a_name_and_is_among_the_choices() -> None:
    assert set(tariff_words.FACT_NAMES) == {*CHOICES, *YES_NO, "territory", "language"}
    listed = {value for _, options in tariff_words.conditions() for value, _ in options}
    assert {f"{name}={value}" for name, value in PAIRS} - listed == {"territory=CA", "language=fr-CA"}


def fields(text: str) -> dict[str, str]:
    """A form that is right: one price by copies, one factor."""
    return {
        "id": "print",
        "currency": "cad",
        "valid_from": "2026-01-01",
        "minimum": "25",
        "round_to": "",
        "prices.0.label": text,
        "prices.0.measure": "copies",
        "prices.0.match.0": "product=book",
        "prices.0.match.1": "",
        "prices.0.bands.0.up_to": "1 000",
        "prices.0.bands.0.flat": "80.00",
        "prices.0.bands.1.flat": "80",
        "prices.0.bands.1.each": "0.0125",
        "factors.0.label": "Charity",
        "factors.0.percent": "50 %",
        "factors.0.match.0": "is_commercial=false",
    }


def test_a_form_is_recorded(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "bob")
    assert visitor.post(PATH, fields("Book, by copies"), seen_on=PATH).status_code == 303
    tariff = current_tariff(cast.desk, cast.bob)
    assert tariff is not None
    assert (tariff.version, tariff.currency, tariff.minimum, tariff.round_to) == (1, "CAD", 2500, 1)
    assert tariff.prices == (
        BasePrice(
            code="book-by-copies",
            label="Book, by copies",
            measure=Measure.COPIES,
            bands=(Band(up_to=1000, flat=8000), Band(up_to=None, flat=8000, per_unit_milli=1250)),
            match=(("product", "book"),),
        ),
    )
    assert tariff.factors[0].percent == 50
    text = visitor.get(PATH).text
    for said in ("Version 1", "The publication: Book", "up to 1,000 copies", "0.0125 CAD for each copy"):
        assert said in text


def test_each_error_stands_beside_its_field_and_nothing_is_lost(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "bob")
    wrong = {
        **fields("Book of <b>ours"),
        "prices.0.bands.0.flat": "eighty",
        "prices.0.bands.1.up_to": "many",
        "prices.0.bands.1.each": "0.0000001",
        "factors.0.percent": "-5",
    }
    answer = visitor.post(PATH, wrong, seen_on=PATH)
    assert answer.status_code == 422
    for name in (
        "prices-0-bands-0-flat",
        "prices-0-bands-1-up_to",
        "prices-0-bands-1-each",
        "factors-0-percent",
    ):
        assert f'id="f-{name}-error"' in answer.text
    for typed in ("eighty", "many", "0.0000001", "Book of &lt;b&gt;ours"):
        assert f'value="{typed}"' in answer.text
    assert current_tariff(cast.desk, cast.bob) is None


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"prices.0.bands.0.up_to": "", "prices.0.bands.1.up_to": "5"}, "prices-0-bands-1-up_to"),
        ({"prices.0.match.0": "product=tablet"}, "prices-0-match-0"),
        ({"valid_to": "2025-01-01"}, "valid_to"),
        ({"valid_from": ""}, "valid_from"),
        ({"currency": "dollars"}, "currency"),
        ({"prices.0.measure": "pounds"}, "prices-0-measure"),
    ],
)
def test_so_do_the_desks_own(cast: Cast, visitor: Visitor, change: dict[str, str], at: str) -> None:
    come_in(cast, visitor, "bob")
    answer = visitor.post(PATH, {**fields("Book"), **change}, seen_on=PATH)
    assert answer.status_code == 422
    assert f'id="f-{at}-error"' in answer.text
    assert current_tariff(cast.desk, cast.bob) is None


def test_no_price_is_an_error_of_the_prices(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "bob")
    bare = {name: value for name, value in fields("").items() if not name.startswith("prices")}
    answer = visitor.post(PATH, bare, seen_on=PATH)
    assert answer.status_code == 422
    assert 'id="f-prices-error"' in answer.text


def test_lines_come_and_go_without_a_script(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "bob")
    more = visitor.post(PATH, {**fields("Book"), "add": "prices.0.bands"}, seen_on=PATH)
    assert more.status_code == 200
    assert 'name="prices.0.bands.2.flat"' in more.text
    assert 'value="0.0125"' in more.text
    less = visitor.post(PATH, {**fields("Book"), "remove": "prices.0.bands.0"}, seen_on=PATH)
    assert 'name="prices.0.bands.1.flat"' not in less.text
    assert 'value="0.0125"' in less.text
    for name in ("prices", "factors"):
        text = visitor.post(PATH, {**fields("Book"), "add": name}, seen_on=PATH).text
        assert f'name="{name}.1.label"' in text
    assert current_tariff(cast.desk, cast.bob) is None


def test_a_condition_that_is_not_listed_is_kept(cast: Cast, visitor: Visitor) -> None:
    price = {**TARIFF["prices"][0], "match": [["territory", "CA"], ["language", "fr-CA"]]}
    record_tariff(cast.desk, cast.bob, {**TARIFF, "prices": [price]})
    text = come_in(cast, visitor, "bob").get(PATH).text
    assert '<option value="territory=CA" selected>The territory: CA</option>' in text
    assert '<option value="language=fr-CA" selected>' in text
