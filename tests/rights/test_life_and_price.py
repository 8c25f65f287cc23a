"""The life of a request, the tariff, the register of assessments, and the explanation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rights.assessing import current, faults, without_current_assessment
from ledger.rights.evaluation import evaluate_piece
from ledger.rights.exception_regimes import GUIDES
from ledger.rights.exceptions import Factor, FactorFinding, Leaning, Regime
from ledger.rights.explaining import explain
from ledger.rights.pieces import Basis
from ledger.rights.quoting import CannotQuote, quote, top_up
from ledger.rights.requests import (
    BadMove,
    Moved,
    RequestEvent,
    RequestState,
    Turn,
    events_from,
    move,
    pauses,
    stretches,
    time_by_turn,
    whose_turn,
)
from ledger.rights.tariff import Band, BasePrice, Measure, Money, Tariff
from ledger.rights.tariff import Factor as PriceFactor
from tests.rights.build import TEXT, TODAY, piece, rule, terms, use
from tests.rights.strategies import assessment

E, S = RequestEvent, RequestState
START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def walk(*events: RequestEvent) -> RequestState:
    state = S.DRAFT
    for event in events:
        state = move(state, event)
    return state


def test_the_long_way_from_draft_to_decision() -> None:
    asked = (E.SUBMIT, E.TAKE_UP, E.ASK_REQUESTER, E.REPLY, E.REFER_TO_HOLDER, E.HOLDER_ANSWERED)
    paid = (E.QUOTE, E.ACCEPT_QUOTE, E.INVOICE, E.RECORD_PAYMENT, E.DECIDE)
    assert walk(*asked, *paid) is S.DECIDED


def test_a_move_that_is_not_allowed_says_what_is() -> None:
    with pytest.raises(BadMove, match="submit"):
        move(S.DRAFT, E.DECIDE)
    assert events_from(S.DECIDED) == events_from(S.WITHDRAWN) == ()


def test_a_holders_silence_lets_nothing_lapse() -> None:
    assert E.LAPSE not in events_from(S.AWAITING_HOLDER)
    assert E.LAPSE in events_from(S.NEEDS_INFO)


def test_every_state_has_a_turn_and_can_be_reached() -> None:
    reached, seen = {S.DRAFT}, set()
    while reached - seen:
        state = (reached - seen).pop()
        seen.add(state)
        reached |= {move(state, event) for event in events_from(state)}
    assert reached == set(RequestState)
    assert all(isinstance(whose_turn(state), Turn) for state in RequestState)


def test_the_desks_clock_stands_still_while_others_have_the_turn() -> None:
    def at(days: int, event: RequestEvent, to: RequestState) -> Moved:
        return Moved(event=event, at=START + timedelta(days=days), to=to)

    moves = [
        at(0, E.SUBMIT, S.SUBMITTED),
        at(1, E.ASK_REQUESTER, S.NEEDS_INFO),
        at(6, E.REPLY, S.IN_REVIEW),
        at(8, E.REFER_TO_HOLDER, S.AWAITING_HOLDER),
    ]
    spent = time_by_turn(moves, START + timedelta(days=30))
    assert {turn: time.days for turn, time in spent.items()} == {
        Turn.STAFF: 3,
        Turn.REQUESTER: 5,
        Turn.HOLDER: 22,
        Turn.NOBODY: 0,
    }
    with pytest.raises(ValueError, match="later"):
        time_by_turn(list(reversed(moves)), START)


def test_the_time_while_a_request_was_closed_is_nobodys() -> None:
    def at(days: int, event: RequestEvent, to: RequestState) -> Moved:
        return Moved(event=event, at=START + timedelta(days=days), to=to)

    moves = [
        at(0, E.SUBMIT, S.SUBMITTED),
        at(1, E.TAKE_UP, S.IN_REVIEW),
        at(2, E.ASK_REQUESTER, S.NEEDS_INFO),
        at(30, E.LAPSE, S.LAPSED),
        at(90, E.REOPEN, S.IN_REVIEW),
    ]
    found = stretches(moves, START + timedelta(days=91))
    assert [((until - since).days, turn) for since, until, turn in found] == [
        (2, Turn.STAFF),  # arrived and taken up: one stretch
        (28, Turn.REQUESTER),
        (1, Turn.STAFF),
    ]
    assert pauses(moves, START + timedelta(days=91)) == [found[1]]


TARIFF = Tariff(
    id="print",
    version=3,
    currency="EUR",
    valid_from=date(2026, 1, 1),
    prices=(
        BasePrice(code="any", label="Any use", measure=Measure.FLAT, bands=(Band(up_to=None, flat=5000),)),
        BasePrice(
            code="book",
            label="Book",
            measure=Measure.COPIES,
            bands=(Band(up_to=1000, flat=4000), Band(up_to=10_000, flat=2000, per_unit_milli=2500)),
            match=(("product", "book"),),
        ),
    ),
    factors=(
        PriceFactor(code="world", label="World rights", percent=150, match=(("territory", "world"),)),
        PriceFactor(code="study", label="Students", percent=0, match=(("requester_type", "student"),)),
    ),
    minimum=3000,
    round_to=500,
)


def book(copies: int, **more: object) -> object:
    return use(product="book", formats=[{"format": "paperback", "print_run": copies}], **more)


@pytest.mark.parametrize(
    ("copies", "facts", "total"),
    [
        (1000, {}, 4000),
        (1001, {}, 4500),
        (2000, {"territory": "world"}, 10_500),
        (5, {"requester_type": "student"}, 0),
    ],
)
def test_a_quote_adds_up_line_by_line(copies: int, facts: dict[str, object], total: int) -> None:
    found = quote(TARIFF, book(copies, **facts))  # type: ignore[arg-type]
    assert found.total == Money(minor=total, currency="EUR")
    assert sum(line.minor for line in found.lines) == total
    assert (found.tariff_id, found.tariff_version) == ("print", 3)


@st.composite
def rising_tariffs(draw: st.DrawFn) -> Tariff:
    """Tariffs whose lines never fall: what begins a band costs no less than what ends the one before it."""
    measure = draw(st.sampled_from((Measure.COPIES, Measure.MONTHS)))
    ends = sorted(draw(st.sets(st.integers(1, 60), max_size=3)))
    bands, floor = [], 0
    for begin, end in zip([1, *(end + 1 for end in ends)], [*ends, None], strict=True):
        per_unit = draw(st.integers(0, 5_000))
        flat = max(0, floor - begin * per_unit // 1000) + draw(st.integers(0, 900))
        bands.append(Band(up_to=end, flat=flat, per_unit_milli=per_unit))
        floor = flat + -(-(end or 0) * per_unit // 1000)
    percents = draw(st.lists(st.integers(0, 300), max_size=2))
    return Tariff(
        id="rising",
        version=1,
        currency="EUR",
        valid_from=date(2026, 1, 1),
        prices=(BasePrice(code="any", label="Any", measure=measure, bands=tuple(bands)),),
        factors=tuple(
            PriceFactor(code=str(n), label=str(n), percent=percent, match=(("product", "book"),))
            for n, percent in enumerate(percents)
        ),
        minimum=draw(st.integers(0, 3_000)),
        round_to=draw(st.sampled_from((1, 50, 100, 500))),
    )


@given(rising_tariffs(), st.integers(1, 70), st.integers(1, 70))
def test_less_never_costs_more_by_a_tariff_whose_lines_never_fall(
    tariff: Tariff, one: int, other: int
) -> None:
    """Fewer copies, or a shorter term. See below for fewer countries."""

    def price(amount: int) -> int:
        end = date(2026 + amount // 12, amount % 12 + 1, 1)
        asked = book(amount, duration="fixed_term", start="2026-01-02", end=end.isoformat())
        return quote(tariff, asked).total.minor  # type: ignore[arg-type]

    less, more = sorted((one, other))
    assert price(less) <= price(more)


def test_fewer_countries_may_cost_more_for_a_tariff_names_them_one_by_one() -> None:
    """The world is a value of its own and not the sum of its countries; what is dear is what the tariff says."""
    factors = (PriceFactor(code="ca", label="Canada", percent=200, match=(("territory", "CA"),)),)
    tariff = replace(TARIFF, factors=factors)
    assert quote(tariff, book(1000, territory="world")).total.minor == 4000  # type: ignore[arg-type]
    assert quote(tariff, book(1000, territory=["CA"])).total.minor == 8000  # type: ignore[arg-type]


def test_a_top_up_prices_only_the_difference() -> None:
    before = quote(TARIFF, book(1000))  # type: ignore[arg-type]
    more = top_up(TARIFF, book(4000), before.total)  # type: ignore[arg-type]
    assert more.total.minor == 12_000 - 4000
    assert sum(line.minor for line in more.lines) == more.total.minor
    assert top_up(TARIFF, book(500), Money(minor=9000, currency="EUR")).total.minor == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-01", "2026-01-31", 1),
        ("2026-01-15", "2026-02-14", 1),
        ("2026-01-15", "2026-02-15", 2),  # both days are used: the second month has begun
        ("2026-01-15", "2027-01-14", 12),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-05-01", "2026-05-01", 1),
    ],
)
def test_a_price_by_the_month_counts_the_months_begun(start: str, end: str, months: int) -> None:
    bands = (Band(up_to=None, flat=0, per_unit_milli=1_000_000),)
    monthly = BasePrice(code="web", label="By the month", measure=Measure.MONTHS, bands=bands)
    tariff = replace(TARIFF, prices=(monthly,), factors=(), minimum=0, round_to=1)
    asked = use(action="republish_full", duration="fixed_term", start=start, end=end)
    assert quote(tariff, asked).total == Money(minor=1000 * months, currency="EUR")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"portion": "excerpt", "quantity": 120, "unit": "words"}, 120),
        ({"portion": "excerpt", "quantity": 3, "unit": "paragraphs"}, 900),  # unknown: as for the whole
        ({"portion": "full_article"}, 900),
    ],
)
def test_a_price_by_the_word_counts_what_is_taken(facts: dict[str, object], words: int) -> None:
    bands = (Band(up_to=None, flat=0, per_unit_milli=10_000),)
    by_the_word = BasePrice(code="words", label="By the word", measure=Measure.WORDS, bands=bands)
    tariff = replace(TARIFF, prices=(by_the_word,), factors=(), minimum=0, round_to=1)
    assert quote(tariff, use(**facts), words=900).total == Money(minor=10 * words, currency="EUR")


def test_what_cannot_be_priced_says_why() -> None:
    with pytest.raises(CannotQuote) as caught:
        quote(TARIFF, use(product="book"))
    assert caught.value.fact == "print_run"
    with pytest.raises(CannotQuote, match="more than the tariff"):
        quote(TARIFF, book(10_001))  # type: ignore[arg-type]
    with pytest.raises(CannotQuote, match="paid in USD"):
        top_up(TARIFF, book(10), Money(minor=1, currency="USD"))  # type: ignore[arg-type]


def findings(regime: Regime, leaning: Leaning = Leaning.AGAINST) -> tuple[FactorFinding, ...]:
    return tuple(
        FactorFinding(factor=q.factor, leaning=leaning, reasons="as described")
        for q in GUIDES[regime].questions
    )


def test_each_factor_belongs_to_a_regime_and_is_asked_neutrally() -> None:
    asked = {q.factor for guide in GUIDES.values() for q in guide.questions}
    assert asked == set(Factor)
    assert set(GUIDES) == set(Regime)
    for guide in GUIDES.values():
        for question in guide.questions:
            assert question.question.endswith("?")
            assert question.example_for
            assert question.example_against


def test_an_incomplete_assessment_is_refused_an_unfavourable_one_is_not() -> None:
    made = replace(
        assessment(),
        findings=findings(Regime.US_FAIR_USE),
        transformation="none",
        heart_of_the_work=True,
        market_search="a reprint desk exists",
        licensing_search="reprints are sold",
    )
    assert faults(made) == {}
    assert "us_market" in faults(replace(made, findings=made.findings[:-1]))["findings"]
    assert "made_on" in faults(replace(made, use_from=date(2026, 9, 1)))
    assert "transformation" in faults(replace(made, transformation=""))
    assert "findings" in faults(replace(made, findings=findings(Regime.EU_QUOTATION)))


def test_exceptions_without_a_current_assessment_are_work_to_do() -> None:
    carried = piece(components=(replace(TEXT, basis=Basis.EXCEPTION_CLAIMED),))
    text = carried.components[0]
    assert [(c.id, why) for _, c, why in without_current_assessment([carried], TODAY)] == [
        (TEXT.id, "none was recorded")
    ]
    done = replace(carried, assessments=(assessment(),))
    assert without_current_assessment([done], TODAY) == []
    overdue = replace(carried, assessments=(replace(assessment(), review_due=date(2026, 11, 1)),))
    assert "review was due" in without_current_assessment([overdue], TODAY)[0][2]
    newer = replace(assessment(), id="as_2", supersedes="as_1", made_on=date(2026, 11, 1))
    found = current(replace(carried, assessments=(assessment(), newer)), text, TODAY)
    assert found is not None
    assert found.id == "as_2"


def test_the_explanation_goes_rule_by_rule_with_the_words() -> None:
    written = terms(
        rule("permit", "excerpt"), rule("reserve", "republish_full"), clause="Quote us. Ask for more."
    )
    lines = explain(evaluate_piece(piece(written), use(portion="full_article", channel="email"), TODAY))
    text = "\n".join(lines)
    assert "rule 2" in text
    assert "Quote us. Ask for more." in text
    assert "Harbour Review reserves republishing the whole by email: ask first." in text
    assert "_" not in text.replace("tm_1", "").replace("pc_1", "").replace("co_text", "")
    assert lines[-1].strip() == "Ask Harbour Review at rights@harbour-review.example."
