"""The page as a reader sees it: what is kept on one line, and what is not said twice."""

import io
import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from ledger.letters import compose
from ledger.letters.language import LANGUAGES
from ledger.letters.markup import kept, letter_html
from ledger.letters.model import Letter, LetterKind, Run, Signatory, Style
from ledger.letters.pool import RenderPool
from ledger.letters.render import render_letter
from ledger.rights.pieces import Component, ComponentKind
from tests.letters import cast, minimal


def printed(letter: Letter, pool: RenderPool, folder: Path) -> str:
    """The pages as they stand, by pdftotext; a form feed ends each."""
    path = folder / "letter.pdf"
    path.write_bytes(render_letter(letter, attachments=[], pool=pool))
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def lines_of(letter: Letter, pool: RenderPool, folder: Path) -> list[str]:
    return printed(letter, pool, folder).splitlines()


def nothing_in_the_margin(path: Path) -> None:
    command = ["pdftotext", "-bbox", str(path), "-"]
    boxes = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    right = max(float(found) for found in re.findall(r'<word[^>]*xMax="([0-9.]+)"', boxes))
    assert right <= 595.3 - 25 / 25.4 * 72 + 1  # A4, less the margin of 25 mm


def pages_of(letter: Letter, pool: RenderPool) -> int:
    with pikepdf.open(io.BytesIO(render_letter(letter, attachments=[], pool=pool))) as document:
        return len(document.pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_addresses_are_never_divided_at_a_hyphen(
    language: str, pool: RenderPool, tmp_path: Path
) -> None:
    lines = lines_of(cast.letter(LetterKind.AMENDMENT, language), pool, tmp_path)
    assert any("/verify/HARBOUR-REVIEW-2026-000123" in line for line in lines)
    assert sum("HARBOUR-REVIEW-2026-000098" in line for line in lines) == 2
    assert any("RQ-2026-0457" in line for line in lines)
    assert not any(line.rstrip().endswith(("HARBOUR-", "REVIEW-", "2026-", "RQ-")) for line in lines)


def test_what_is_too_long_for_a_line_may_divide() -> None:
    url = "https://harbour-review.example/"
    assert kept(url) == ' class="whole"'
    assert kept(url.ljust(53, "a")) == ' class="whole tight"'
    assert kept(url.ljust(70, "a")) == ' class="line"'
    assert kept(url.ljust(84, "a")) == ' class="line long"'
    assert kept(url.ljust(85, "a")) == kept("fc0f523e 08970f17") == ""


def test_the_longest_number_of_a_letter_is_not_divided_either(pool: RenderPool, tmp_path: Path) -> None:
    """A house's short name has forty characters; with it, the address of the verify page is too long for a line."""
    longest = "ZEITSCHRIFT-FUER-KUESTENFORSCHUNG-BREMEN-2026-1000123"
    earlier = longest.replace("123", "098")
    letter = compose.compose_revocation(
        cast.frame("en", longest),
        piece=cast.piece(),
        earlier=compose.EarlierLetter(number=earlier, date=date(2026, 2, 3)),
        effective=date(2026, 7, 1),
        decision=cast.decision(quotes=cast.QUOTED),
    )
    lines = lines_of(letter, pool, tmp_path)
    feet = [line for line in lines if "Page " in line]
    assert all(longest in line for line in feet)
    assert (
        sum(longest in line for line in lines) == len(feet) + 2
    )  # beside the address, and in the verify page's
    assert sum(earlier in line for line in lines) == 2  # in the heading and in the text
    assert not any(line.rstrip().endswith("-") for line in lines)
    nothing_in_the_margin(tmp_path / "letter.pdf")


@pytest.mark.parametrize(
    "kind", [each for each in LetterKind if each not in (LetterKind.GRANT, LetterKind.AMENDMENT)]
)
def test_a_short_letter_stands_on_one_page(kind: LetterKind, pool: RenderPool) -> None:
    assert pages_of(minimal.letter(kind, "en"), pool) == 1


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_short_letter_stands_on_as_few_pages_in_every_language(
    kind: LetterKind, language: str, pool: RenderPool
) -> None:
    giving = kind in (LetterKind.GRANT, LetterKind.AMENDMENT)
    assert pages_of(minimal.letter(kind, language), pool) == 1 + giving
    assert pages_of(cast.letter(kind, language), pool) == 2 + (kind is LetterKind.GRANT)


def test_no_row_stands_alone_on_a_page(pool: RenderPool, tmp_path: Path) -> None:
    """Without the rule the last row of this request would be the only one on the second page."""
    pages = printed(cast.letter(LetterKind.ENQUIRY, "es"), pool, tmp_path).split("\f")
    assert "Cambios en el material" in pages[1]
    assert "Edición actual" in pages[1]


def test_the_page_where_an_owner_answers_stands_on_one_line(pool: RenderPool, tmp_path: Path) -> None:
    """Somebody may have to type it from paper, and its secret may hold hyphens."""
    url = "https://permissions.harbour.example/answer/7Q2M-9fK2-Xw41-77pL-mn0P-QQ3a-bC-dE-fG"
    frame, enquiry = cast.frame("de"), compose.Enquiry(requester="Verlag am Kai", answer_url=url)
    letter = compose.compose_enquiry(
        frame, piece=cast.piece(), use=cast.use(), enquiry=enquiry, decision=cast.decision()
    )
    assert any(url in line for line in lines_of(letter, pool, tmp_path))


def test_nobody_is_named_twice_in_the_address_or_below_the_signature() -> None:
    letter = cast.letter(LetterKind.DECLINE, "en")
    alone = replace(letter.addressee, name="Ada Mercer", attention="Ada Mercer")
    house = Signatory(letter.letterhead.publisher.name, "")
    html = letter_html(replace(letter, addressee=alone, signatory=house))
    assert html[html.index('class="to"') : html.index('class="facts"')].count("Ada Mercer") == 1
    assert "<p></p>" not in html
    signed = html[html.index('class="sign"') : html.index('class="verify"')]
    assert signed.count("Harbour Review") == 1
    assert letter_html(letter).count("Permissions officer") == 1


def test_a_very_long_row_may_go_over_a_page_and_others_do_not() -> None:
    """Kept whole, a row that names sixty parts would leave the page before it half empty."""
    parts = tuple(
        Component(id=f"co_{n}", kind=ComponentKind.PHOTOGRAPH, credit=f"Photo: Agency {n}") for n in range(60)
    )
    piece = cast.piece()
    many = replace(piece, components=(*piece.components, *parts))
    html = letter_html(
        compose.compose_grant(
            cast.frame(),
            piece=many,
            use=cast.use(),
            grant=cast.grant(),
            authorities=cast.authorities(),
            decision=cast.decision(),
        )
    )
    assert html.count('<tr class="tall">') == 1
    assert 'class="tall"' not in letter_html(cast.letter(LetterKind.GRANT, "de"))


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_word_wider_than_the_page_is_divided(language: str, pool: RenderPool, tmp_path: Path) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    letter = cast.letter(LetterKind.DECLINE, "de")
    path = tmp_path / "letter.pdf"
    wide = replace(
        letter, language=language, subject=(Run(word, Style.TITLE),), closing=(Run(word, Style.VALUE),)
    )
    path.write_bytes(render_letter(wide, attachments=[], pool=pool))
    nothing_in_the_margin(path)


def test_a_long_number_has_room_beside_the_address() -> None:
    letter = cast.letter(LetterKind.DECLINE, "en")
    assert 'class="meta"' in letter_html(letter)
    number = "JOURNAL-OF-COASTAL-STUDIES-2026-000123"
    html = letter_html(replace(letter, number=number))
    assert 'class="meta wide"' in html
    assert f'class="whole">{number}<' in html


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (
            "2026/09/the-signal-house-and-list",
            ["https://www.harbour-review.example/2026/09/the-signal-house-and-list"],
        ),
        (
            "2026/09/the-signal-house-keeps-its-paper-list/",
            ["https://www.harbour-review.example/2026/09/", "the-signal-house-keeps-its-paper-list/"],
        ),
    ],
)
def test_an_address_in_a_table_is_divided_at_a_slash_if_at_all(
    path: str, lines: list[str], pool: RenderPool, tmp_path: Path
) -> None:
    piece = replace(cast.piece(), urls=(f"https://www.harbour-review.example/{path}",))
    letter = compose.compose_decline(cast.frame(), piece=piece, use=cast.use(), decision=cast.decision())
    printed_lines = [line.removeprefix("Web address").strip() for line in lines_of(letter, pool, tmp_path)]
    at = printed_lines.index(lines[0])
    assert [line for line in printed_lines[at:] if line][: len(lines)] == lines
    nothing_in_the_margin(tmp_path / "letter.pdf")
