"""How values are put into words, and that nothing a stranger wrote becomes markup or a script."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rights.codes import ConditionCode
from ledger.rights.terms import Condition, ConditionScope, Modality, Timing
from ledger.web.condition_words import SENTENCES, condition_sentence, split_conditions
from ledger.web.pages import make_pages
from ledger.web.words import day, moment, money, safe_url, words
from tests.web.kitchen import ROOT

PAGES = make_pages(ROOT / "templates").environment


def test_every_condition_has_its_sentence_and_no_other() -> None:
    assert set(SENTENCES) == {code.value for code in ConditionCode}


def test_a_sentence_says_parameter_time_and_scope() -> None:
    condition = Condition(
        code=ConditionCode.NOTIFY,
        parameter="desk@lantern.example",
        timing=Timing.AFTER,
        scope=ConditionScope.IMAGE,
    )
    expected = "Tell desk@lantern.example where you used it (after you have used it, for the pictures)."
    assert condition_sentence(condition) == expected
    assert condition_sentence(Condition(code=ConditionCode.NOTIFY)) == (
        "Tell the publisher where you used it."
    )


@given(st.sampled_from(ConditionCode), st.one_of(st.none(), st.text(min_size=1, max_size=30)))
def test_no_sentence_shows_its_seams(code: ConditionCode, parameter: str | None) -> None:
    sentence = condition_sentence(Condition(code=code, parameter=parameter))
    assert sentence.endswith((".", ")."))
    if parameter is None:
        assert not set("{}|") & set(sentence)


def test_what_is_required_is_never_mixed_with_what_is_recommended() -> None:
    must = Condition(code=ConditionCode.LINK_ARTICLE)
    should = Condition(code=ConditionCode.LOGO, modality=Modality.SHOULD)
    assert split_conditions((should, must)) == {"Required": [must], "Recommended, not required": [should]}


def test_days_moments_and_money() -> None:
    assert day(date(2022, 3, 6)) == '<time datetime="2022-03-06">6 March 2022</time>'
    assert "6 March 2022, 14:05 UTC" in moment(datetime(2022, 3, 6, 14, 5, tzinfo=UTC))
    assert (day(None), moment(None), money(None, "EUR")) == ("", "", "")
    assert [money(12050, "EUR"), money(12050, "JPY"), money(12050, "KWD")] == [
        "€120.50",
        "¥12,050",
        "KWD\u00a012.050",
    ]
    assert words("publisher_commercial") == "Publisher commercial"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "elsewhere.example",
        "http://[broken",
        None,
    ],
)
def test_addresses_a_browser_should_not_follow_lead_nowhere(address: str | None) -> None:
    assert safe_url(address) == "#"


@pytest.mark.parametrize(
    "address", ["https://a.example/b?c", "mailto:a@b.example", "/find", "#f-name", "?after=2"]
)
def test_other_addresses_stay(address: str) -> None:
    assert safe_url(address) == address


@pytest.mark.parametrize(
    "call",
    [
        "p.clause(evil, evil, evil, evil)",
        'p.copy(evil, "c")',
        "p.facts([(evil, evil)])",
        'p.timeline([{"title": evil, "text": evil}])',
        'p.badge("ask", evil)',
        "p.state(evil)",
        "p.turn(evil, note=evil)",
        "p.crumbs([(evil, evil), (evil, none)])",
        "p.filters([(evil, evil, true)])",
        'f.text(form, "x", evil, hint=evil)',
        'f.textarea(form, "x", evil)',
        'f.select(form, "x", evil, [(evil, evil)])',
        'f.radios(form, "x", evil, [(evil, evil, evil)])',
        'f.money(form, "x", evil)',
        "f.error_summary(form)",
    ],
)
def test_no_part_lets_markup_through(call: str) -> None:
    from ledger.web.forms import Form

    evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
    template = PAGES.from_string(
        '{% import "macros/parts.html" as p %}{% import "macros/fields.html" as f %}{{ ' + call + " }}"
    )
    shown = template.render(evil=evil, form=Form(data={"x": [evil]}, errors={"x": evil}))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "alert(1)" in shown  # it is there, as text
