"""Text from outside, made safe to print: caps, control characters, and what the letters' fonts can show.

Caps exist because layout cost is not linear: one word of 100,000 characters held a renderer for over 20 s.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ledger.letters.model import END_ISOLATE, ISOLATE, Letter, balanced
from ledger.stream_safe import stream_safe

MAX_FIELD = 4_000  # characters in one field; a credit line or a clause fits many times over
MAX_TOKEN = 300  # characters without a space; longer than any sane URL path segment run
MAX_MARKS = 4  # combining marks on one base character; Vietnamese needs 2, pointed Arabic 3
MAX_LETTER = 60_000  # characters in a whole letter; a long grant has 9,000
MAX_CLAUSES = 400

# Unicode 15, Bidi_Control: can make "1000" read as "0001", so never taken from outside.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_IGNORABLE = frozenset("\u00ad\u200b\u2060\ufeff\u180e")
# Letters that need no look at all: the fast path of nearly every field.
_ORDINARY = re.compile(r"[ -~¡-¬®-ɏЀ-џء-غف-ي一-鿿、。《》（），；：！？·–—‘’“”„…€№]*")
_ISOLATES = (ISOLATE, END_ISOLATE)
_AT_ISOLATES = re.compile(f"([{ISOLATE}{END_ISOLATE}])")
_SPACES = re.compile(" +")
_LONG = re.compile(rf"\S{{{MAX_TOKEN + 1}}}")
_UNSEEN = "\n\u200c\u200d" + ISOLATE + END_ISOLATE
_FONTS = Path(__file__).parent / "fonts"


class UnprintableText(ValueError):
    """Text that a letter cannot carry. ``field`` names where it came from; the message says what to do."""

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        super().__init__(f"{field}: {problem}")


@cache
def printable() -> frozenset[int]:
    """Every code point the fonts in the package can show."""
    from fontTools.ttLib import TTFont

    points: set[int] = set()
    for path in sorted(_FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


def clean_text(text: str, *, limit: int = MAX_FIELD) -> str:
    """Normalise to NFC; drop controls, bidi controls and surplus marks; break over-long tokens; cut at ``limit``.

    Line ends and tabs become spaces: a field is one line, paragraphs are the letter's business.
    A cut text ends in an ellipsis.

    >>> clean_text("Tide\\x00 at\\u202e Noon")
    'Tide at Noon'
    """
    if len(text) > limit:
        text = stream_safe(text[: limit * 4])
    text = unicodedata.normalize("NFC", text)
    if len(text) <= limit and _ORDINARY.fullmatch(text) and not _LONG.search(text):
        return _SPACES.sub(" ", text).strip(" ")
    kept: list[str] = []
    marks = run = 0
    for char in text:
        category = unicodedata.category(char)
        if char in "\t\n\r\v\f\x85" or category in ("Zs", "Zl", "Zp"):
            # No-break spaces stay: French and Russian money and punctuation need them.
            char, category = (char if char in "\u00a0\u202f" else " "), "Zs"
        if category in ("Cc", "Cs", "Co", "Cn") or char in BIDI_CONTROLS or char in _IGNORABLE:
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MAX_MARKS:
            continue
        run = 0 if category == "Zs" else run + 1
        if run > MAX_TOKEN:
            kept.append(" ")
            run = 1
        kept.append(char)
    text = _SPACES.sub(" ", "".join(kept)).strip(" ")
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def require_printable(field: str, text: str) -> str:
    """``text`` unchanged, if every character has a glyph.

    A missing glyph would print as a box, and PDF/A-3 forbids it (ISO 19005-3, 6.2.11.8).

    Raises UnprintableText, naming the characters.
    """
    fonts = printable()
    if fonts.issuperset(map(ord, text)):
        return text
    missing = sorted({char for char in text if ord(char) not in fonts and char not in _UNSEEN})
    if missing:
        shown = ", ".join(f"{char} (U+{ord(char):04X})" for char in missing[:5])
        raise UnprintableText(
            field, f"no font of the letters can print {shown}; give it in Latin letters (transliterated)"
        )
    return text


def clean_letter(letter: Letter) -> Letter:
    """The letter with every string cleaned, and refused where it cannot be printed.

    Raises UnprintableText for a missing glyph, or for a letter that is too long to lay out safely.
    """
    if sum(1 for _ in letter.clauses()) > MAX_CLAUSES:
        raise UnprintableText("sections", f"a letter has at most {MAX_CLAUSES} clauses; split the request")
    cleaned: Letter = _clean_value(letter, "")
    length = sum(len(text) for text in _strings(cleaned))
    if length > MAX_LETTER:
        raise UnprintableText("sections", f"the letter has {length:,} characters; at most {MAX_LETTER:,}")
    return cleaned


def _clean_value(value: Any, where: str) -> Any:
    if isinstance(value, str) and type(value) is str:
        return require_printable(where, _clean_run(value))
    if isinstance(value, tuple):
        return tuple(_clean_value(item, where) for item in value)
    if isinstance(value, dict):
        return {key: _clean_value(item, key) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        where = getattr(value, "code", where)
        parts = {name: _clean_value(getattr(value, name), where or name) for name in _names(type(value))}
        return replace(value, **parts)
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    """A dataclass's fields, looked up once: a letter has a thousand values."""
    return tuple(field.name for field in fields(kind))


def _clean_run(text: str) -> str:
    """A stretch of a line. It keeps the blanks at its ends, which part it from its neighbours, and the isolates
    we put around names in a line of Arabic: as long as they are balanced they change nothing outside themselves."""
    if ISOLATE in text and balanced(text):
        return "".join(part if part in _ISOLATES else _clean_run(part) for part in _AT_ISOLATES.split(text))
    head, tail = (text[:1] == " ") * " ", (text[-1:] == " ") * " "
    inner = clean_text(text)
    return f"{head}{inner}{tail}" if inner else head


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for name in _names(type(value)):
            yield from _strings(getattr(value, name))
