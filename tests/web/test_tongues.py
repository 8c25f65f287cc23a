"""The catalogues of pages: nothing missing, nothing left over, no placeholder or markup lost; and how one is spoken."""

import re
from datetime import UTC, date, datetime

import pytest
from markupsafe import Markup

from ledger.letters.language import catalogue as letters
from ledger.letters.language import counts
from ledger.letters.model import LetterKind
from ledger.mail import LANGUAGES as MAILED
from ledger.said import said
from ledger.web import words
from ledger.web.tongues import LANGUAGES, tongue
from tests.web.catalogues import MARKUP, OTHERS, SLOT, catalogue_of, messages

SCRIPTS = {"ru": "[а-яА-Я]", "ar": "[\u0621-\u064a]", "zh-Hans": "[\u4e00-\u9fff]"}
COUNTED = "%(count)s"


def entries(language):
    """Every entry, as pairs: the English forms, the translated ones."""
    for entry in catalogue_of(language):
        if entry.id:
            plural = entry.pluralizable
            yield (entry.id if plural else (entry.id,)), (entry.string if plural else (entry.string,)), entry


def test_pages_letters_and_mails_are_written_in_the_same_languages():
    assert set(LANGUAGES) == set(MAILED)


def test_the_search_for_sentences_finds_them():
    assert {
        "Verify a letter",
        "Valid",
        "%(day)s, %(time)s UTC",
        "Working out the fingerprint of the file …",
    } <= set(messages())


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_has_its_translation_and_no_other(language):
    known = set(letters(language))
    wanted = {message for message in messages() if message not in known}
    assert {entry.id for *_, entry in entries(language)} == wanted
    assert not [entry.id for *_, entry in entries(language) if entry.fuzzy]


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_lost_or_added_in_translation(language):
    for english, translated, _ in entries(language):
        wanted, tags = set(SLOT.findall(english[-1])), MARKUP.findall(english[-1])
        for form in translated:
            assert form, english
            slots = set(SLOT.findall(form))
            assert slots == wanted or (len(english) > 1 and slots == wanted - {COUNTED}), english
            assert sorted(MARKUP.findall(form)) == sorted(tags), english
            # A straight quotation mark would end the attribute that a sentence may stand in.
            assert form.count('"') == english[-1].count('"'), english
            assert form.count("%") == len(slots), english


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_translation_is_in_its_own_script(language):
    plain = [re.sub(r"%\(\w+\)s|UTC", "", form) for _, forms, _ in entries(language) for form in forms]
    assert [text for text in plain if re.search(r"\w", text) and not re.search(SCRIPTS[language], text)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_number_has_its_form(language):
    forms = {"fr": 2, "es": 2, "de": 2, "ru": 3, "ar": 6, "zh-Hans": 1}[language]
    assert catalogue_of(language).num_plurals == forms
    assert all(
        len(translated) in (1, forms) for english, translated, _ in entries(language) if len(english) > 1
    )


@pytest.mark.parametrize("language", OTHERS)
def test_kinds_of_letters_and_outcomes_are_known_in_every_language(language):
    spoken = tongue(language)
    for kind in LetterKind:
        assert words.words(kind) in words.SPOKEN_CODES
        assert spoken.say(words.words(kind)) in {*(t for _, ts, _ in entries(language) for t in ts)}
    said_for = {spoken.say(word) for word in words.OUTCOMES.values()}
    assert len(said_for) == 4


def test_what_letters_say_too_is_taken_from_their_catalogue():
    assert tongue("fr").say("Not included") == counts("fr").gettext("Not included") == "Non compris"


def test_a_value_is_escaped_and_keeps_its_direction():
    english, arabic = tongue("en"), tongue("ar")
    sentence = "Number of the letter, such as %(number)s"
    assert english.markup(sentence, number="<b>") == Markup("Number of the letter, such as &lt;b&gt;")
    assert "\u2068&lt;b&gt;\u2069" in arabic.markup(sentence, number="<b>")
    assert "<i>1</i>" in arabic.markup(sentence, number=Markup("<i>1</i>"))
    assert "\u2068X-1)\u2069" in arabic.say(sentence, number="X-1)")


def test_a_value_that_ends_in_a_stop_ends_the_sentence():
    sentence = "This ledger has issued no letter with the number %(number)s."
    assert tongue("en").say(sentence, number="7 Ltd.").endswith("number 7 Ltd.")
    assert tongue("en").say(sentence, number="7 Ltd").endswith("number 7 Ltd.")
    day = Markup("<time>2026 г.</time>")
    assert tongue("ru").markup(sentence, number=day).endswith("номером <time>2026 г.</time>")


def test_what_the_desk_says_is_said_again_in_the_readers_language():
    refusal = said("This ledger has issued no letter with the number %(number)s.", number="A-1")
    assert refusal == "This ledger has issued no letter with the number A-1."
    assert (
        tongue("de").again(refusal)
        == "In diesem Register wurde kein Schreiben mit der Nummer A-1 ausgestellt."
    )
    assert tongue("de").again("Something nobody translated.") == "Something nobody translated."
    assert (
        said("By %(day)s, at most %(most)s.", day=date(2031, 3, 1), most=5000)
        == "By 1 March 2031, at most 5,000."
    )


@pytest.mark.parametrize(
    ("language", "day", "moment", "money"),
    [
        ("en", "6 March 2022", "6 March 2022, 14:05 UTC", "€1,234.50"),
        ("fr", "6 mars 2022", "6 mars 2022, 14:05 UTC", "1 234,50 €"),
        ("ru", "6 марта 2022 г.", "6 марта 2022 г., 14:05 UTC", "1 234,50 €"),
        ("zh-Hans", "2022年3月6日", "2022年3月6日 14:05 UTC", "€1,234.50"),
    ],
)
def test_days_and_money_follow_the_language(language, day, moment, money):
    spoken = words.filters(tongue(language))
    at = datetime(2022, 3, 6, 14, 5, tzinfo=UTC)
    said = [spoken["day"](at.date()), spoken["moment"](at), spoken["money"](123450, "EUR")]
    plain = [
        re.sub(r"<[^>]*>|[\u00a0\u202f]", lambda found: " " * (len(found[0]) == 1), each) for each in said
    ]
    assert plain == [day, moment, money]
