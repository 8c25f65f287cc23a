"""Credit lines read as English, end in one full stop, and stand verbatim where they were given so."""

import pytest

from ledger.rights.attribution import credit_for
from ledger.rights.codes import ConditionCode as C
from ledger.rights.pieces import Author
from ledger.rights.policies import condition_of
from ledger.rights.presets import recommended
from tests.rights.build import piece

URL = "https://harbour-review.example/quay"
NOOR = (Author(name="Noor Abelson"),)


def test_the_full_line_is_one_sentence_and_the_notice():
    article = piece(urls=(URL,), authors=NOOR, notice="© 2026 Harbour Review Ltd.")
    line = credit_for(article, []).recommended
    rest = " by Noor Abelson, Harbour Review"
    assert line.text == f"“The quay at night”{rest} ({URL}). © 2026 Harbour Review Ltd."
    assert line.html == f'<a href="{URL}">“The quay at night”</a>{rest}. © 2026 Harbour Review Ltd.'
    assert line.markdown == f"[“The quay at night”](<{URL}>){rest}. © 2026 Harbour Review Ltd."


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([C.CREDIT_AUTHOR], "“The quay at night” by Noor Abelson."),
        ([C.CREDIT_PUBLISHER], "“The quay at night”, Harbour Review."),
        ([C.CREDIT_PUBLISHER, C.LINK_BACK], f"“The quay at night”, Harbour Review ({URL})."),
        ([C.LINK_ARTICLE], f"“The quay at night” ({URL})."),
        ([C.ACKNOWLEDGE_COPYRIGHT], "“The quay at night”. © Harbour Review."),
    ],
)
def test_a_required_line_holds_what_is_required(codes, expected):
    article = piece(urls=(URL,), authors=NOOR, notice="© Harbour Review")
    assert credit_for(article, [condition_of(code) for code in codes]).required.text == expected


def test_a_licence_follows_a_notice_that_ends_in_a_full_stop():
    licence = condition_of(C.LICENCE_NOTICE, "CC BY 4.0")
    line = credit_for(piece(notice="© Quay Ltd."), [licence]).recommended
    for form in (line.text, line.html, line.markdown):
        assert "© Quay Ltd. " in form
        assert ".." not in form
        assert form.endswith(".")


@pytest.mark.parametrize(
    "given", ["Photo: Harbour Review", "First in Harbour Review.", "Courtesy of Quay & Co..."]
)
@pytest.mark.parametrize("make", [condition_of, recommended])
def test_a_line_that_was_given_is_used_to_the_letter(given, make):
    credit = credit_for(
        piece(authors=NOOR), [make(C.EXACT_CREDIT_LINE, given), condition_of(C.CREDIT_AUTHOR)]
    )
    line = credit.required if make is condition_of else credit.recommended
    assert line.text == given
    assert line.html == given.replace("&", "&amp;")
    assert line.markdown == given


def test_an_address_that_is_required_too_stands_behind_the_given_line():
    musts = [condition_of(C.EXACT_CREDIT_LINE, "Harbour Review"), condition_of(C.LINK_BACK)]
    line = credit_for(piece(urls=(URL,)), musts).required
    assert line.text == f"Harbour Review ({URL})"
    assert line.html == f'<a href="{URL}">Harbour Review</a>'
