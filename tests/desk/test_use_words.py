"""A use in plain sentences, in every language: each fact is said, and nothing stays English by accident."""

import re

import pytest

from ledger.desk.answers.use_words import public_sentences, settled_sentences, use_sentences
from ledger.letters.language import BY_NAME, LANGUAGES, Speaker
from ledger.rights.use_reader import read_use
from tests.web.test_words import FACTS_OF_A_USE

TYPED = {
    str(FACTS_OF_A_USE[name])
    for name in ("locator", "edition", "size", "title", "author", "publisher", "end_client", "project", "context",
                 "proposed_credit")
}  # fmt: skip
OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_fact_is_said_in_every_language(language):
    speaker = Speaker(language)
    use = read_use(FACTS_OF_A_USE)
    lines = use_sentences(use, speaker)
    said = "\n".join(lines)
    for name in FACTS_OF_A_USE:
        without = {key: given for key, given in FACTS_OF_A_USE.items() if key != name}
        if name == "quantity":
            without.pop("unit")
        assert "\n".join(use_sentences(read_use(without), speaker)) != said, f"{name} is never said"
    assert set(public_sentences(use, speaker)) < set(lines)
    assert settled_sentences(use, use, speaker) == []


@pytest.mark.parametrize("language", ["ru", "ar", "zh-Hans"])
def test_only_what_was_typed_is_left_in_latin_letters(language):
    said = "\n".join(use_sentences(read_use(FACTS_OF_A_USE), Speaker(language)))
    for typed in TYPED:
        said = said.replace(typed, "")
    assert set(re.findall(r"[A-Za-z]{2,}", said)) <= {"ISBN", "ISSN", "JPY", "JP", "https", "example"}


@pytest.mark.parametrize("language", OTHERS)
def test_terms_with_a_meaning_of_their_own_are_not_mixed_up(language):
    speaker = Speaker(language)
    for kind in BY_NAME:
        assert len({speaker.label(each) for each in kind}) == len(kind), kind
