"""May I, on the page: the answer at once, what was not said stays unknown, nothing asked twice."""

import re

import pytest

from ledger.web.forms import Form
from ledger.web.public import questions
from tests.web.asking import USE, free_piece, own_piece

CROSS_POST = {"portion": "full_article", "channels": "community_site", "is_commercial": "no"}


def test_a_cross_post_needs_nobodys_leave_and_shows_the_credit_line(cast, visitor):
    piece = free_piece(cast)
    page = visitor.get(f"/pieces/{piece.id}/may-i", params=CROSS_POST)
    assert page.status_code == 200
    assert "You need not ask anybody" in page.text
    assert "creativecommons.org/licenses/by-nc-nd/4.0" in page.text
    assert "Get this in writing" in page.text
    assert "Ask for permission" not in page.text


def test_print_is_to_be_asked_and_the_answers_go_on_to_the_request(cast, visitor):
    piece = own_piece(cast)
    page = visitor.get(f"/pieces/{piece.id}/may-i", params={**USE, "territory": "Canada, France"})
    assert "You need to ask first" in page.text
    button = page.text.partition('formaction="/request"')[2].partition(">")[0]
    assert f'name="pieces" value="{piece.id}"' in button
    for name, value in USE.items():
        assert re.search(
            rf'name="{name}" value="{value}" checked|<option value="{value}" selected', page.text
        ), name
    assert 'value="Canada, France"' in page.text


def test_not_sure_is_not_read_as_no(cast, visitor):
    piece = free_piece(cast)
    sure = visitor.get(f"/pieces/{piece.id}/may-i", params=CROSS_POST)
    unsure = visitor.get(f"/pieces/{piece.id}/may-i", params={**CROSS_POST, "is_commercial": "unsure"})
    assert "You need not ask anybody" in sure.text
    assert "You need not ask anybody" not in unsure.text
    assert "It would be clearer if you said: whether the use is commercial" in unsure.text


def test_what_is_not_known_is_asked_in_plain_words(cast, visitor):
    page = visitor.get(f"/pieces/{own_piece(cast).id}/may-i", params={"is_commercial": "unsure"})
    assert "It would be clearer if you said: what is to be done" in page.text
    assert "said: action" not in page.text


def test_the_questions_alone_answer_nothing(cast, visitor):
    page = visitor.get(f"/pieces/{own_piece(cast).id}/may-i")
    assert page.status_code == 200
    assert "Your answer appears here" in page.text
    assert "You need" not in page.text


def test_a_country_nobody_knows_is_named_beside_its_field_and_the_rest_is_kept(cast, visitor):
    piece = own_piece(cast)
    page = visitor.get(f"/pieces/{piece.id}/may-i", params={**USE, "territory": "Canada, Atlantis"})
    assert page.status_code == 422
    assert "We know no country “Atlantis”" in page.text
    assert 'value="Canada, Atlantis"' in page.text
    assert 'value="print" checked' in page.text


def test_with_scripts_an_error_replaces_the_questions_and_the_answer_together(cast, visitor):
    address = f"/pieces/{own_piece(cast).id}/may-i"
    headers = {"accept": "text/html", "hx-request": "true"}
    wrong = visitor.get(address, params={**USE, "quantity": "many"}, headers=headers)
    assert wrong.status_code == 422
    for name in ("hx-retarget", "hx-reselect"):
        assert wrong.headers[name] == "#asked"
    assert wrong.headers["hx-reswap"] == "outerHTML"
    asked = wrong.text.partition('<div id="asked">')[2]
    assert 'id="f-quantity-error"' in asked
    assert 'value="many"' in asked
    assert 'hx-target="#asked" hx-select="#asked"' in asked, "the next answer takes the error away"
    assert "The answer</h2>" not in asked
    right = visitor.get(address, params=USE, headers=headers)
    assert "hx-retarget" not in right.headers
    assert 'hx-target="#answer" hx-select="#answer"' in right.text


def test_a_value_that_is_no_choice_is_refused_in_words(cast, visitor):
    page = visitor.get(f"/pieces/{own_piece(cast).id}/may-i", params={"portion": "half of it"})
    assert page.status_code == 422
    assert "half of it" in page.text


def test_a_piece_that_is_not_here_is_not_found(visitor):
    assert visitor.get("/pieces/pc_nothing/may-i", params=USE).status_code == 404


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("world", "world"),
        ("Worldwide", "world"),
        ("Canada, France", ["CA", "FR"]),
        ("uk; US", ["GB", "US"]),
        ("New Zealand", ["NZ"]),
    ],
)
def test_countries_are_read_by_name_and_by_code(text, codes):
    assert questions.read_territory(text) == codes


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        ("Canadá, Francia", "es", ["CA", "FR"]),
        ("كندا، فرنسا", "ar", ["CA", "FR"]),
        ("加拿大、法国，德国", "zh-Hans", ["CA", "FR", "DE"]),
        ("canada; ФРАНЦИЯ", "ru", ["CA", "FR"]),
        ("Weltweit", "de", "world"),
        ("World", "fr", "world"),
    ],
)
def test_countries_are_read_in_the_readers_language_and_in_english(text, language, codes):
    assert questions.read_territory(text, language) == codes
    with pytest.raises(ValueError, match="Atlantis"):
        questions.read_territory("Atlantis", language)


def test_every_choice_offered_is_one_that_the_desk_reads():
    for name in ("portion", "is_commercial", "requester_type", "modification", "purpose"):
        offered = {
            "portion": questions.PORTIONS,
            "is_commercial": questions.COMMERCIAL,
            "requester_type": questions.REQUESTERS,
            "modification": questions.CHANGES,
            "purpose": questions.PURPOSES,
        }[name]
        for value, *_ in offered:
            form = Form(data={name: [value]})
            use = questions.asked_use(form)
            assert use == ({} if value == "unsure" else {name: value})
            errors: dict[str, str] = {}
            from ledger.desk.requests.request_form import read_use

            assert read_use(use, errors) is not None, errors


@pytest.mark.parametrize("asked", ["http://", "https://[", "http://a b", "https://:80"])
def test_what_only_begins_like_an_address_is_not_found(visitor, asked):
    page = visitor.get("/find", params={"q": asked})
    assert page.status_code == 200
    assert asked.replace("&", "&amp;") in page.text
