"""How values are put into words, and that nothing a stranger wrote becomes markup or a script."""

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.desk.answers.use_words import use_sentences
from ledger.letters.language import Speaker
from ledger.rights.codes import ConditionCode
from ledger.rights.terms import Condition, ConditionScope, Modality, Timing
from ledger.rights.use_reader import read_use
from ledger.rights.uses import (
    Access,
    AiUse,
    Channel,
    DigitalChannel,
    Display,
    Duration,
    Exclusivity,
    ExtentUnit,
    Format,
    Indexing,
    Modification,
    Monetisation,
    Placement,
    Portion,
    Product,
    Purpose,
    QuantityUnit,
    RequesterType,
)
from ledger.web.condition_words import SENTENCES, condition_sentence, split_conditions
from ledger.web.pages import make_pages
from ledger.web.public import details, questions
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


TERMS_OF_THE_FORM: list[tuple[str, type[StrEnum]]] = [
    ("PORTIONS", Portion), ("REQUESTERS", RequesterType), ("CHANGES", Modification), ("PURPOSES", Purpose),
    ("PRODUCTS", Product), ("FORMATS", Format), ("DURATIONS", Duration), ("ACCESS", Access), ("DISPLAY", Display),
    ("MONETISATION", Monetisation), ("INDEXING", Indexing), ("AI_USES", AiUse), ("PLACEMENTS", Placement),
    ("EXCLUSIVITY", Exclusivity),
]  # fmt: skip


@pytest.mark.parametrize(("choices", "kind"), TERMS_OF_THE_FORM)
def test_every_value_is_asked_for_under_the_name_the_letter_prints(choices: str, kind: type[StrEnum]) -> None:
    offered = {value: label for value, label, *_ in details.CHOICES[choices] if value != questions.UNSURE}
    assert set(offered) == {each.value for each in kind}
    for value in kind:
        name = Speaker("en").label(value)
        assert offered[value.value].partition(":")[0] == name[:1].upper() + name[1:]


@pytest.mark.parametrize(("choices", "kind"), [("UNITS", ExtentUnit), ("AUDIENCE_UNITS", QuantityUnit)])
def test_every_unit_is_offered_under_the_name_the_letter_prints(choices: str, kind: type[StrEnum]) -> None:
    assert details.CHOICES[choices] == tuple((each.value, Speaker("en").label(each)) for each in kind)


def test_every_channel_is_offered_once() -> None:
    offered = [value for value, *_ in (*questions.CHANNELS, *details.DIGITAL)]
    assert sorted(offered) == sorted({*Channel, *DigitalChannel})


FACTS_OF_A_USE = {
    "portion": "figure", "quantity": 3, "unit": "items", "locator": "page 4", "channels": ["print", "podcast"],
    "purpose": "criticism", "is_commercial": False, "requester_type": "government", "product": "coursepack",
    "formats": [{"format": "ebook", "print_run": 70, "price": 300, "currency": "JPY", "free_distribution": True}],
    "territory": "FR", "language": "fr", "modification": "abridge", "duration": "one_time", "edition": "May issue",
    "placement": "back_cover", "colour": True, "size": "quarter page", "access": "paywalled", "audience": 900,
    "audience_unit": "recipients", "display": "embed", "indexing": "noindex", "monetisation": "sold_against",
    "sublicensing": True, "ai_use": "retrieval", "exclusivity": "exclusive", "accessible_copies": True,
    "incidental_promotion": False, "archive_after_end": True, "urls": ["https://a.example/x"], "title": "A Title",
    "author": "An Author", "publisher": "A Publisher", "isbn": "978-3-16-148410-0", "pages": 312,
    "end_client": "A Client", "project": "A Project", "context": "Some words.", "proposed_credit": "Credit us",
    "needed_by": "2031-01-02", "publication_date": "2031-02-03", "start": "2031-03-04", "end": "2031-04-05",
}  # fmt: skip


def test_whoever_decides_reads_every_fact_that_was_asked_for() -> None:
    use = read_use(FACTS_OF_A_USE)
    said = "\n".join(use_sentences(use))
    for name, value in FACTS_OF_A_USE.items():
        without = {key: given for key, given in FACTS_OF_A_USE.items() if key != name}
        if name == "quantity":
            without.pop("unit")
        lines = use_sentences(read_use(without))
        assert "\n".join(lines) != said, f"{name}: {value} is asked for and never shown"
    assert "70 copies, sold at 300 JPY, given away free" in said
