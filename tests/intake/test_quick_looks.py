"""The quick looks that stand before slow searches miss nothing that these would find, and ask nobody in vain."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.intake import fairuse, licences, notices, read, second, terms

ODD = "ſKİı"  # letters that match another one by case alone; no page is written with them


def matching(pattern: re.Pattern[str]) -> st.SearchStrategy[str]:
    """Texts in which a pattern matches somewhere."""
    found = st.from_regex(pattern).filter(lambda text: not set(text) & set(ODD))
    return st.tuples(st.text(" \nab.", max_size=5), found).map("".join)


@given(matching(fairuse._CLAIM))
def test_no_claim_of_fair_use_is_passed_over(text: str) -> None:
    assert fairuse._may_claim(text)


@pytest.mark.parametrize(
    "phrase",
    [
        *("Fair Use", "fair-dealing", "17 U.S.C. § 107", "17 USC 107", "Section 107", "droit de citation"),
        *("exception de courte citation", "Zitatrecht", "§ 51 UrhG", "§51 urhg", "derecho de cita"),
        *("prawo cytatu", "право цитирования", "права цитирования"),
    ],
)
def test_each_way_to_claim_it_is_looked_at(phrase: str) -> None:
    assert fairuse._CLAIM.search(f"this is {phrase} here")
    assert fairuse._may_claim(f"this is {phrase} here")


@given(matching(licences._MENTION))
def test_no_licence_that_is_named_is_passed_over(text: str) -> None:
    assume(licences._MENTION.search(text))
    assert licences._MENTION_STEMS.search(text.lower()) or "creativecommons.org" in text.lower()


@given(matching(licences.RESERVED))
def test_no_reserved_rights_are_passed_over(text: str) -> None:
    assert licences._may_reserve(text)


MARKS = st.lists(
    st.sampled_from(
        [
            *(
                "©",
                "(c)",
                "(C)",
                "Copyright",
                "copyrights",
                "COPR.",
                "℗",
                " by ",
                "2022",
                "x",
                "\n",
                " ",
                ": ",
            ),
            "İ",
        ]
    )
).map("".join)


@given(MARKS)
def test_every_mark_is_found_where_it_stands(text: str) -> None:
    found = [(mark.span(), mark[0]) for mark in notices._marks(text)]
    assert found == [(mark.span(), mark[0]) for mark in notices.MARK.finditer(text)]


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("you may use it", True),
        ("mayors use it", False),
        ("the dismay of users", False),
        ("we must be told before anyone is using it", True),
        ("the focus is free", False),
    ],
)
def test_words_are_told_from_parts_of_words(text: str, may: bool) -> None:
    assert terms._may_hold_terms(text) is may


PAGE = "<html><body><article><h1>The tide at noon</h1>{}<p>{}</p></article>{}</body></html>"
WORDS = "The tide came in before five and the boats rose with it along the whole length of the quay. " * 8


@pytest.mark.parametrize(
    ("dated", "footer", "asked"),
    [
        ("", "<footer>© 2026 Harbour Review</footer>", False),
        ("<p>A report of the year 2026.</p>", "", False),
        ("<!-- made 2026-03-06 -->", "", True),
        ("<p>6 March 2026</p>", "", True),
        ("<p>March 6, 2026</p>", "", True),
        ("<img src='/pictures/20260306.png' alt=''>", "", True),
    ],
)
def test_the_slow_reader_of_dates_is_asked_only_where_one_may_stand(
    dated: str, footer: str, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[str] = []
    monkeypatch.setattr(second, "_date", lambda markup, url: questions.append(markup))
    draft = read(PAGE.format(dated, WORDS, footer).encode(), content_type="text/html")
    assert bool(questions) is (asked and draft.republisher.published is None)
    assert asked or not questions
    assert second._DATED.search(PAGE.format(dated, WORDS, footer)) is not None or not asked
