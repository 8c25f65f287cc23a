"""The catalogues: nothing missing, no placeholder lost, nothing written in English by accident."""

import ast
import re
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from ledger import letters
from ledger.letters.clean import printable
from ledger.letters.compose_answers import ASK_REASONS
from ledger.letters.conditions import SENTENCES
from ledger.letters.language import (
    BY_NAME,
    LANGUAGES,
    MissingWording,
    Speaker,
    UnknownLanguage,
    catalogue,
)
from ledger.rights import pieces, uses
from ledger.rights.bounds import Territory
from ledger.rights.condition_words import FORCES
from ledger.rights.tariff import Measure, Money
from ledger.rights.vocabulary import term

OTHERS = [language for language in LANGUAGES if language != "en"]
TERMS: list[type[StrEnum]] = [
    uses.Action,
    uses.Channel,
    uses.DigitalChannel,
    uses.Purpose,
    uses.Portion,
    uses.Modification,
    uses.Duration,
    uses.Product,
    uses.Format,
    uses.Placement,
    pieces.ComponentKind,
]
WRITERS = {
    "compose_grants",
    "compose_answers",
    "parts",
    "permitted",
    "requested",
    "changes",
    "fees",
    "granting",
    "conditions",
    "language",
}
SAYERS = {"say", "message", "words", "saying", "table", "_quoted"}


def wordings() -> set[str]:
    """Every English sentence the code can print: literals given to the sayers, the tables, and the terms."""
    found = {member.value.replace("_", " ") for kind in TERMS for member in kind}
    found |= {term(member) for kind in BY_NAME for member in kind}
    found |= set(SENTENCES.values()) | set(ASK_REASONS.values()) | set(FORCES.values())
    known = set(catalogue("fr"))
    for path in Path(letters.__path__[0]).glob("*.py"):
        if path.stem not in WRITERS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                found |= {w for a in node.args for w in strings(a) if name in SAYERS and looks_written(w)}
            if isinstance(node, ast.Constant) and node.value in known:
                found.add(node.value)
            if (
                isinstance(node, ast.Tuple) and len(node.elts) == 4
            ):  # a table's row: code, label, value, grounds
                found |= set(strings(node.elts[1]))
    return found


def strings(node: ast.AST) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def looks_written(text: str) -> bool:
    return bool(re.match(r"[A-Z{]", text)) or " " in text


def test_the_search_for_wordings_finds_them() -> None:
    found = wordings()
    assert len(found) > 280
    assert {"Yours sincerely,", "Territory", "paperback", "Credit the author.", "Before: {value}"} <= found


@pytest.mark.parametrize("language", OTHERS)
def test_no_wording_lacks_a_translation(language: str) -> None:
    assert sorted(wordings() - set(catalogue(language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_all_catalogues_hold_the_same_sentences_with_the_same_placeholders(language: str) -> None:
    holds = catalogue(language)
    assert set(holds) == set(catalogue("fr"))
    slots = re.compile(r"\{[a-z_]+\}")
    assert [m for m, t in holds.items() if sorted(slots.findall(m)) != sorted(slots.findall(t))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", [*uses.ExtentUnit, *uses.QuantityUnit, Measure.MONTHS])
def test_every_unit_can_be_counted_and_limited(language: str, unit: StrEnum) -> None:
    speaker = Speaker(language)
    for count in (0, 1, 2, 3, 5, 11, 21, 100, 1_840):
        said = [speaker.counted(count, unit)]
        if unit is not Measure.MONTHS:
            said.append(speaker.at_most(count, unit))
        for each in said:
            assert "{" not in each
            assert set(map(ord, each)) <= printable()
            assert language == "en" or not re.search(r"\b(at most|word|cop(y|ies)|views?)\b", each)
            assert speaker.number(count) in each or (language == "ar" and count in (1, 2))


@pytest.mark.parametrize("language", ["ru", "ar", "zh-Hans"])
def test_a_translation_is_in_its_own_script(language: str) -> None:
    script = {"ru": "[а-яА-Я]", "ar": "[\u0621-\u064a]", "zh-Hans": "[\u4e00-\u9fff]"}[language]
    shared = {"PDF", "ISBN", "ISSN", "%"}
    odd = [
        t
        for t in catalogue(language).values()
        if not re.search(script, t) and not any(s in t for s in shared)
    ]
    assert odd == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_fonts_can_print_every_sentence(language: str) -> None:
    points = {ord(char) for sentence in catalogue(language).values() for char in sentence}
    assert sorted(map(chr, points - printable())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_money_and_places_speak_the_language(language: str) -> None:
    speaker = Speaker(language)
    said = {
        "en": "4\u00a0May 2026",
        "fr": "4\u00a0mai 2026",
        "es": "4\u00a0de mayo de 2026",
        "de": "4.\u00a0Mai 2026",
        "ru": "4\u00a0мая 2026\u202fг.",
        "ar": "4\u00a0مايو 2026",
        "zh-Hans": "2026年5月4日",
    }[language]
    assert speaker.date(date(2026, 5, 4)) == said  # no break between day and month
    for text in (
        speaker.money(Money(minor=123456, currency="EUR")),
        speaker.money(Money(minor=1234, currency="JPY")),
        speaker.territory(Territory(included=frozenset({"CA", "JP"}), excluded=frozenset({"FR"}))),
        speaker.territory(Territory()),
        speaker.tongue("fr-CA"),
        speaker.number(12345),
    ):
        shown = {ord(char) for char in text if char not in "\u200e\u200f\u061c\u2068\u2069"}
        assert shown
        assert shown <= printable()
    assert "1" in speaker.money(Money(minor=1234, currency="JPY"))


def test_minor_units_follow_the_currency() -> None:
    speaker = Speaker("en")
    assert speaker.money(Money(minor=123456, currency="GBP")) == "£1,234.56"
    assert speaker.money(Money(minor=1234, currency="JPY")).endswith("1,234")
    assert "1.234" in speaker.money(Money(minor=1234, currency="KWD"))


def test_unknown_languages_and_sentences_are_errors_not_english() -> None:
    with pytest.raises(UnknownLanguage, match="choose one of en, fr"):
        Speaker("tlh")
    with pytest.raises(MissingWording):
        Speaker("fr").message("A sentence nobody translated.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_remark_never_puts_brackets_into_brackets(language: str) -> None:
    speaker = Speaker(language)
    for count in (1, 2, 5, 21, 1_840):
        said = speaker.noted("…", speaker.counted(count, uses.ExtentUnit.WORDS))
        assert max(said.count("("), said.count("（")) <= 1, said


# Where a language has more than one way to say "you", letters and mails keep to one: a house may be several people.
OTHER_WAYS = {
    "ru": r"(?<=[^.!?»] )(?:Вы|Вас|Вам|Вами|Ваш\w*)\b",
    "ar": r"(?<!\w)(?:لك|لديك|إليك|منك|أنت)(?!\w)|(?:طلبك|عنوانك|بلدك|مكنك|مكانك)(?!\w)",
    "zh_Hans": "你|贵方|贵社",
    "de": r"\b(?:du|dich|dir|euch|dein\w*|euer)\b",
    "fr": r"\b(?:tu|toi|ton|ta|tes)\b",
    "es": r"\b(?:tú|tu|tus|vosotros|os|ustedes)\b",
}


@pytest.mark.parametrize("language", OTHER_WAYS)
@pytest.mark.parametrize("room", ["letters", "mail"])
def test_letters_and_mails_address_people_in_one_way(room: str, language: str) -> None:
    path = Path(letters.__file__).parents[1] / room / "locale" / language / "LC_MESSAGES" / f"{room}.po"
    with path.open("rb") as stream:
        said = [str(entry.string) for entry in read_po(stream, locale=language) if entry.id]
    assert [each for each in said if re.search(OTHER_WAYS[language], each)] == []
