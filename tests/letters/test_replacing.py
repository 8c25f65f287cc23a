"""The letter that takes the place of one with an error, in every language."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.letters import compose
from ledger.letters.language import LANGUAGES, Speaker
from ledger.letters.model import Letter, plain
from tests.letters import cast
from tests.letters.test_compose import a_grant, text_of

REPLACES = {
    "en": "This letter replaces letter HR-7 of 3 February 2026.",
    "fr": "La présente lettre remplace la lettre HR-7 du 3 février 2026.",
    "es": "Esta carta sustituye a la carta HR-7 de fecha 3 de febrero de 2026.",
    "de": "Dieses Schreiben ersetzt das Schreiben HR-7 vom 3. Februar 2026.",
    "ru": "Это письмо заменяет письмо HR-7 от 3 февраля 2026 г.",
    "ar": "يحل هذا الخطاب محل الخطاب HR-7 المؤرخ 3 فبراير 2026.",
    "zh-Hans": "本函取代2026年2月3日的函件HR-7。",
}


def replaced(language: str = "en", **changes: object) -> compose.Replaced:
    before = cast.grant(language, assignee=replace(cast.grant(language).assignee, name="Meridan Pres"))
    values: dict[str, object] = {
        "number": "HR-7",
        "date": date(2026, 2, 3),
        "grant": before,
        "use": replace(cast.use(language), title="Esturies"),
        "addressee": cast.grant(language).assignee,
        "piece": cast.piece(language),
    }
    return compose.Replaced(**{**values, **changes})  # type: ignore[arg-type]


def corrected(language: str = "en", **changes: object) -> Letter:
    return compose.compose_grant(
        cast.frame(language),
        piece=cast.piece(language),
        use=cast.use(language),
        grant=cast.grant(language),
        authorities=cast.authorities(),
        decision=cast.decision(),
        quote=cast.quote(),
        replaced=replaced(language, **changes),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_names_the_letter_it_replaces_and_what_was_wrong(language: str) -> None:
    letter = corrected(language)
    opening = letter.clause("opening")
    assert opening is not None
    said = plain(opening.paragraphs[0]).replace("\u00a0", " ").replace("\u202f", " ")
    assert said.startswith(REPLACES[language])
    changed = {
        clause.code: plain(clause.paragraphs[1]) for clause in letter.clauses() if "change_" in clause.code
    }
    assert set(changed) == {"change_licensee", "change_publication"}
    company, book = cast.NAMES[language][1:3]
    assert company in changed["change_licensee"]
    assert book in changed["change_publication"]
    if language != "en":
        assert not {"replaces", "corrected", "remains", "Before"} & set(text_of(letter).split())


def test_it_does_not_thank_for_the_request_again_and_says_what_stays_permitted() -> None:
    text = text_of(corrected())
    assert "Thank you" not in text
    assert "grants nothing beyond it" in text
    assert "remains permitted" in text
    assert "remains permitted" not in text_of(a_grant())


def test_a_correction_that_corrects_nothing_is_no_letter() -> None:
    same = {"grant": cast.grant(), "use": cast.use()}
    with pytest.raises(ValueError, match="correct something"):
        corrected(**same)


def test_bounds_that_were_stated_too_wide_are_among_the_corrections() -> None:
    wide = cast.grant(scope=replace(cast.grant().scope, languages=None))
    letter = corrected(grant=wide, use=cast.use())
    clause = letter.clause("change_language")
    assert clause is not None
    assert [plain(each) for each in clause.paragraphs] == ["Before: All languages", "Now: English"]
    assert clause.label == Speaker("en").message("Language")
