"""The page a letter is printed from: markup for two parsers, and names set apart only where it changes something."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from markupsafe import escape

from ledger.letters.engine import Engine
from ledger.letters.markup import letter_html
from ledger.letters.model import LetterKind
from ledger.letters.render import render_job
from tests.letters import cast, samples


@pytest.mark.parametrize(("kind", "language"), cast.ALL)
def test_every_letter_is_xml(kind: LetterKind, language: str) -> None:
    page = ET.fromstring(letter_html(cast.letter(kind, language)))
    assert page.find("body") is not None


def test_what_outsiders_write_leaves_it_xml() -> None:
    title = "Tide & <b>Noon</b> \"x\" 'y' ]]> <!-- &nbsp; <br>"
    page = ET.fromstring(render_job(samples.plain_letter(title=title)).html)
    assert title in "".join(page.itertext())


def test_the_quick_parser_and_the_webs_make_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    job = render_job(cast.letter(LetterKind.GRANT, "ar"), samples.attachments())
    engine = Engine()
    quick = engine.render(job)
    seen: list[str] = []

    class Refusing:
        ParseError = ET.ParseError

        @staticmethod
        def fromstring(markup: str) -> None:
            seen.append(markup)
            raise ET.ParseError

    monkeypatch.setattr("ledger.letters.page.ET", Refusing)
    assert engine.render(job) == quick
    assert seen == [job.html]


@pytest.mark.parametrize(
    ("language", "name", "apart"),
    [
        ("en", "Ada Mercer", False),
        ("zh-Hans", "Édition № 5", False),
        ("en", "دار المرفأ", True),
        ("en", "Mercer (דפוס)", True),
        ("ar", "Ada Mercer", True),
        ("de", "Verlagsgesellschaft", True),
    ],
)
def test_a_name_is_set_apart_where_the_line_could_turn_or_divide_it(
    language: str, name: str, apart: bool
) -> None:
    letter = cast.letter(LetterKind.GRANT, language)
    page = letter_html(replace(letter, addressee=replace(letter.addressee, attention=name)))
    assert (f">{escape(name)}</bdi></p>" in page) is apart
    assert f"{escape(name)}{'</bdi>' * apart}</p>" in page
