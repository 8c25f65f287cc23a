"""The owner's door as a page: looking decides nothing, four answers, wrong ones beside their field, once."""

import re

import pytest

from ledger.desk import links
from ledger.desk.house.publishers import update_publisher
from ledger.desk.refusals import Clash
from ledger.desk.requests import deciding, following
from tests.desk.conftest import pages  # noqa: F401
from tests.desk.test_main_job import wire  # noqa: F401
from tests.desk.test_referring import (  # noqa: F401
    OWNER,
    SIGNED,
    WORDS,
    asked,
    door,
    enquiry_row,
    mails,
    request_row,
)
from tests.web.catalogues import latin_words


@pytest.fixture
def path(cast, asked):
    """The address in the mail that the owner was sent."""
    request_id, *_ = asked
    (mail,) = mails(cast, request_id, "owner_enquiry")
    found = re.search(r"http://\S+(/owner/\S+)", mail.text)
    assert found
    return found[1]


def answer(visitor, path, **fields):
    return visitor.post(path, fields, seen_on=path)


def test_the_door_shows_the_use_and_decides_nothing(cast, visitor, asked, path):
    request_id, _, enquiry = asked
    for _ in range(2):
        page = visitor.get(path)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
    for said in ("Fenwick Books Ltd", "Harbour Review", "Meridian Wire", "silence is neither a yes nor a no"):
        assert said in page.text
    assert visitor.client.head(path).status_code == 200
    assert enquiry_row(cast, enquiry).state == "sent"
    assert request_row(cast, request_id).state == "awaiting_holder"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reply": "grant", "words": WORDS}, "you grant it"),
        ({"reply": "decline"}, "you decline"),
        ({"reply": "quote", "words": "80 dollars"}, "you name a price or terms"),
        ({"reply": "not_mine", "ask": "The Lantern"}, "the rights are not yours"),
    ],
)
def test_each_answer_is_taken_and_thanked_for(cast, visitor, asked, path, fields, said):
    *_, enquiry = asked
    answered = answer(visitor, path, **SIGNED, **fields)
    assert (answered.status_code, answered.headers["location"]) == (303, path)
    page = visitor.get(path).text
    assert "your answer is recorded" in page
    assert said in page
    assert 'name="reply"' not in page
    assert enquiry_row(cast, enquiry).answer["name"] == "Pia Stern"


def test_a_wrong_answer_is_shown_again_with_all_that_was_typed(cast, visitor, asked, path):
    *_, enquiry = asked
    page = answer(visitor, path, reply="grant", words="", name="<Pia>", contact="x", ask="The Lantern")
    assert page.status_code == 422
    assert "in your own words what you allow" in page.text
    assert "&lt;Pia&gt;" in page.text
    assert "<Pia>" not in page.text
    assert "The Lantern" in page.text
    empty = answer(visitor, path, contact="nobody")  # nothing chosen, nothing said: all of it is told at once
    assert empty.status_code == 422
    assert [name for name in ("reply", "name") if f'id="f-{name}-error"' in empty.text] == ["reply", "name"]
    both = answer(visitor, path, reply="grant", words="", name="")
    assert [name for name in ("words", "name") if f'id="f-{name}-error"' in both.text] == ["words", "name"]
    wrong = answer(visitor, path, reply="not_mine", contact="nobody", **SIGNED)
    assert wrong.status_code == 422
    assert "<details open>" in wrong.text  # the wrong field is not hidden
    assert enquiry_row(cast, enquiry).state == "sent"


def test_a_second_answer_is_refused_kindly_and_the_first_stands(cast, visitor, asked, path):
    *_, enquiry = asked
    token = visitor.token(path)
    answer(visitor, path, reply="decline", **SIGNED)
    again = {"reply": "grant", "words": WORDS, **SIGNED, "csrf": token}
    page = visitor.post(path, again)
    assert page.status_code == 409
    assert "has been answered already" in page.text
    assert "you decline" in page.text
    assert enquiry_row(cast, enquiry).state == "declined"


def test_a_post_from_elsewhere_is_no_answer(cast, visitor, asked, path):
    *_, enquiry = asked
    visitor.get(path)
    forged = {"reply": "grant", "words": WORDS, **SIGNED}
    assert visitor.client.post(path, data=forged).status_code == 403
    assert enquiry_row(cast, enquiry).state == "sent"


def test_the_link_runs_out_and_a_wrong_one_opens_nothing(cast, visitor, path):
    assert visitor.get("/owner/" + "A" * 32).status_code == 404
    token = visitor.token(path)
    cast.clock.go_on(days=61)
    page = visitor.get(path)
    assert page.status_code == 404
    assert "does not open anything (any more)" in page.text
    late = visitor.post(path, {"reply": "decline", **SIGNED, "csrf": token})
    assert late.status_code == 404


def test_a_withdrawn_request_asks_for_nothing_any_more(cast, visitor, asked, path):
    request_id, *_ = asked
    token = visitor.token(path)
    following.withdraw(cast.desk, links.token_for(cast.desk, "requester", request_id))
    assert "Nothing is left to answer" in visitor.get(path).text
    late = visitor.post(path, {"reply": "grant", "words": WORDS, **SIGNED, "csrf": token})
    assert late.status_code == 409
    with pytest.raises(Clash):
        deciding.decide(cast.desk, cast.bob, request_id, asked[1][0], "granted")


def test_the_answer_is_shown_to_staff_and_to_the_requester(cast, visitor, asked, path):
    request_id, *_ = asked
    answer(visitor, path, reply="quote", words="For 80 dollars and our name.", **SIGNED)
    status = visitor.get(f"/requests/{links.token_for(cast.desk, 'requester', request_id)}")
    assert "They would allow it for a fee or on other terms" in status.text
    assert "For 80 dollars and our name." in status.text
    assert OWNER["email"] not in status.text
    visitor.plant("ledger", cast.token("bob"))
    dossier = visitor.get(f"/desk/requests/{request_id}")
    assert dossier.status_code == 200
    assert "For 80 dollars and our name." in dossier.text
    assert OWNER["email"] in dossier.text


def test_an_owner_sets_limits_and_sees_them_again(cast, visitor, asked, path):
    wrong = answer(
        visitor, path, reply="grant", words=WORDS, territory="Atlantis", copies="few", end="2001-01-01"
    )
    assert wrong.status_code == 422
    for said in ("We know no country “Atlantis”", "as a whole number", "Give your name", "That day is over"):
        assert said in wrong.text
    assert 'value="Atlantis"' in wrong.text
    limits = {"territory": "Canada, France", "copies": "1,000", "credit_line": "Meridian Wire."}
    assert answer(visitor, path, reply="grant", words=WORDS, **SIGNED, **limits).status_code == 303
    page = visitor.get(path).text
    for said in ("Only in: Canada, France", "At most 1,000 copies", "With this credit line: Meridian Wire."):
        assert said in page


OF_THE_REQUEST = (
    "Grain Ships Wait Outside the Narrows for a Ninth Day", "Fenwick Books Ltd", "Fenwick Books", "Harbour Review",
    "Meridian Wire", "Waiting at the Narrows", "Pia Stern", "rights@harbour-review.example", "name@example.org",
)  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "ar", "zh-Hans"])
def test_the_door_has_no_english_in_it(visitor, path, language):
    known = (*OF_THE_REQUEST, WORDS, "Atlantis", "nobody", "<b>few</b>")
    direction = "rtl" if language == "ar" else "ltr"
    shown = visitor.get(f"{path}?lang={language}").text
    assert f'<html lang="{language}" dir="{direction}">' in shown
    wrong = {
        "territory": "Atlantis",
        "copies": "<b>few</b>",
        "end": "soon",
        "contact": "nobody",
        "name": "a\u0007b",
    }
    pages = [shown, answer(visitor, path).text]
    pages.append(answer(visitor, path, reply="grant", ask="\u200b", credit_line="x" * 2_000, **wrong).text)
    pages.append(answer(visitor, path, reply="grant", words=WORDS, end="2001-01-01", territory="FR").text)
    token = visitor.token(path)
    limits = {
        "territory": "Canada, France",
        "copies": "1,000",
        "end": "2031-05-04",
        "credit_line": "Meridian Wire",
    }
    assert answer(visitor, path, reply="grant", words=WORDS, **SIGNED, **limits).status_code == 303
    pages.append(visitor.post(path, {"reply": "decline", **SIGNED, "csrf": token}).text)
    for page in pages:
        page = re.sub(
            r' value="[^"]*"|<textarea.*?</textarea>|sha256 [0-9a-f]{64}', "", page, flags=re.DOTALL
        )
        assert latin_words(page, known) <= {"SHA", "xx"}, page


def test_an_owner_answers_in_the_language_of_the_mail_and_names_countries_in_it(cast, visitor, asked, path):
    *_, enquiry = asked
    update_publisher(cast.desk, cast.ada, language="es")
    page = visitor.get(path, headers={"accept": "text/html", "accept-language": "de"}).text
    assert '<html lang="es" dir="ltr">' in page
    assert "Parte: artículo completo" in page
    refused = answer(visitor, path, reply="grant", words=WORDS, territory="Atlántida")
    assert "No conocemos ningún país «Atlántida»" in refused.text
    assert "Hay 2 cosas que corregir" in refused.text
    assert (
        answer(visitor, path, reply="grant", words=WORDS, territory="Canadá, Francia", **SIGNED).status_code
        == 303
    )
    assert "Solo en: Canadá, Francia" in visitor.get(path).text
    assert enquiry_row(cast, enquiry).answer["limits"] == {"territory": ["CA", "FR"]}
