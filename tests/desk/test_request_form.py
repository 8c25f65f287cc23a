"""Who asks: names that can be seen and printed, an address that can be written to."""

from datetime import date, timedelta

import pytest

from ledger.desk.refusals import BadInput
from ledger.desk.requests.request_form import read_form

FORM = {"pieces": ["pc_1"], "name": "Alice Ferro", "email": "alice@fenwick-books.example", "use": {}}


def errors(**given):
    with pytest.raises(BadInput) as caught:
        read_form({**FORM, **given})
    return caught.value.errors


@pytest.mark.parametrize(
    "email", ["josé@example.org", "=?utf-8?q?a?=@example.org", "alice\u202e@example.org"]
)
def test_an_address_no_mail_can_be_sent_to_is_refused_beside_its_field(email):
    assert list(errors(email=email)) == ["email"]
    assert "before the @" in errors(email="josé@example.org")["email"]


@pytest.mark.parametrize("email", ["o'brien+press@example.org", "a@bücher.example"])
def test_unusual_addresses_are_addresses_too(email):
    assert read_form({**FORM, "email": email}).requester.email


@pytest.mark.parametrize(
    "name", ["\x9b31mAlice", "Alice\u202e", "Alice\u2028Ferro", "\u200b\u200b", "\u3164", "a\nb", "Alice\x00"]
)
def test_a_name_is_one_line_of_letters_that_can_be_seen(name):
    assert set(errors(name=name, licensee="Fenwick")) == {"name"}


@pytest.mark.parametrize("name", ["Дарья Иванова", "李 明", "Zoë\u200d O’Neill", "\u200fמיכל"])
def test_names_of_any_language_are_names(name):
    assert read_form({**FORM, "name": name}).requester.name == name


def test_messages_and_languages_hold_no_control_characters():
    assert set(errors(message="a\x00b", language="\x00en")) == {"message", "language"}
    assert read_form({**FORM, "message": "Two\r\nlines", "language": "pt-BR"}).requester.language == "pt-BR"


def test_a_use_that_is_over_is_not_asked_for():
    ended = {**FORM, "use": {"duration": "fixed_term", "end": "2026-03-05"}}
    last = date(2026, 3, 5)
    assert read_form(ended, last).use.end == last, "the last day itself is still to be had"
    with pytest.raises(BadInput) as caught:
        read_form(ended, last + timedelta(days=1))
    assert list(caught.value.errors) == ["use.end"]
