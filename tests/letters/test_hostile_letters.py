"""The worst that outsiders can write, in whole letters, through the renderers with the limits of the house."""

import io
import resource
import signal
import subprocess
import sys
import time
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pikepdf
import pytest

from ledger.letters.clean import MAX_CLAUSES, UnprintableText
from ledger.letters.model import Correspondent, Layout, Letter, LetterKind, Run, Section
from ledger.letters.pool import WALL_SECONDS, RenderPool
from ledger.letters.render import render_letter
from tests.letters import cast, samples

WORST = {
    "a word without end": "x" * 100_000,
    "markup that nests": '<div style="display:flex">' * 12 + "<td colspan=100000>",
    "a way out of an attribute": "\" onload=alert(1) '><script>alert(1)</script><img src=file:///etc/passwd>",
    "a template": "{{ 7 * 7 }}{% for a in range(10**9) %}",
    "an address that does something": "javascript:alert(1)",
    "controls": "\x00\x07\x1b[2J" + "\u202e\u2066\u2067" * 60 + "0001",
    "marks on one letter": "a" + "\u0323\u0301" * 50_000,
    "isolates that never end": "\u2068" * 100 + "b",
}


def everywhere(value: Any, text: str) -> Any:
    """The same letter, with ``text`` in every place where somebody from outside may have written."""
    if isinstance(value, Run):
        return replace(value, text=text, href=value.href and text)
    if isinstance(value, Correspondent):
        return Correspondent(text, text, (text, text), (text, text))
    if isinstance(value, tuple):
        return tuple(everywhere(item, text) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {each.name: getattr(value, each.name) for each in fields(value)}
        written = {name: text for name in ("label", "heading") if kept.get(name)}
        return replace(value, **{name: everywhere(item, text) for name, item in kept.items()} | written)
    return value


def drawn(letter: Letter, pool: RenderPool) -> bytes:
    started = time.monotonic()
    pdf = render_letter(letter, attachments=samples.attachments(), pool=pool)
    assert time.monotonic() - started < WALL_SECONDS
    return pdf


@pytest.mark.parametrize("name", WORST)
def test_hostile_text_in_every_field_is_printed_as_text(name: str, pool: RenderPool) -> None:
    letter = everywhere(cast.letter(LetterKind.GRANT, "en"), WORST[name][:250])
    assert letter.subject[0].text == letter.addressee.name == WORST[name][:250]
    with pikepdf.open(io.BytesIO(drawn(letter, pool))) as document:
        notes = [note for page in document.pages for note in page.get("/Annots", [])]
        addresses = [str(note.A.URI) for note in notes if "/A" in note]
        assert not [each for each in addresses if not each.startswith(("https://", "mailto:"))]
        assert set(document.attachments) == {"grant.jsonld", "proof.tlog"}
        assert "/JavaScript" not in document.Root.get("/Names", {})


@pytest.mark.parametrize("name", ["a word without end", "marks on one letter"])
def test_too_much_of_it_in_every_field_is_refused_before_it_is_laid_out(name: str, pool: RenderPool) -> None:
    letter = everywhere(cast.letter(LetterKind.GRANT, "en"), "ab " * 1_000 + WORST[name])
    started = time.monotonic()
    with pytest.raises(UnprintableText, match="at most 60,000"):
        render_letter(letter, attachments=[], pool=pool)
    assert time.monotonic() - started < WALL_SECONDS


def _rows(count: int, text: str, layout: Layout, label: str = "") -> Letter:
    clauses = tuple(samples.clause(f"c{number}", text, label) for number in range(count))
    return samples.plain_letter(sections=(Section("c", "C", layout, clauses),))


LARGEST = {
    "as many rows as there may be": _rows(MAX_CLAUSES, "w", Layout.TABLE, "L"),
    "words without end": _rows(14, "x" * 4_000, Layout.PROSE),
    "an address of a thousand lines": samples.plain_letter(
        addressee=Correspondent("A", lines=tuple(f"{number} Mill Lane" for number in range(1_000)))
    ),
}
SLOWEST = {
    "rows full of words": _rows(380, "w " * 60, Layout.TABLE, "L"),
    "marks on every letter": _rows(14, ("a" + "\u0323" * 4) * 800, Layout.PROSE),
    "two directions by turns": _rows(7, "a\u0628" * 1_900, Layout.PROSE),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_letters_that_are_let_through_are_drawn_in_time(name: str, pool: RenderPool) -> None:
    assert drawn(LARGEST[name], pool).startswith(b"%PDF-1.7")


@pytest.mark.long
@pytest.mark.parametrize("name", SLOWEST)
def test_the_slowest_letters_that_are_let_through_are_drawn_in_time(name: str, pool: RenderPool) -> None:
    assert drawn(SLOWEST[name], pool).startswith(b"%PDF-1.7")


def in_a_renderer(line: str) -> subprocess.CompletedProcess[str]:
    program = f"from ledger.letters import renderer\nrenderer.limit_process()\n{line}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)


def test_the_kernel_stops_a_renderer_that_reckons_on_or_wants_too_much_memory() -> None:
    """Beside the wall clock of the pool: a process that has lost its parent is not stopped by that."""
    assert in_a_renderer("renderer.allow_cpu(0)\nwhile True: pass").returncode == -signal.SIGXCPU
    assert "MemoryError" in in_a_renderer("bytearray(renderer.MEMORY_BYTES)").stderr
    assert in_a_renderer("bytearray(100_000_000)").returncode == 0
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY  # not this process
