"""A Letter as HTML: the page to be printed, and the staff preview that marks what each clause rests on."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ledger.letters.model import ISOLATE, Clause, Letter, Run, Style, Text, plain

RIGHT_TO_LEFT = frozenset({"ar"})
HYPHENATED = frozenset({"de", "ru"})  # letter.css divides their words, but never a name's
LOGO_URL = "letter:logo"
SIGNATURE_URL = "letter:signature"
_HREF = re.compile(r"(https?://|mailto:)[^\s\"'<>\\]+\Z", re.ASCII | re.IGNORECASE)
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}\Z")
_TURNING = frozenset({"R", "AL", "AN", "FSI"})
# How many characters of a number or an address are kept on one line: anywhere, anywhere but smaller in a heading (a
# letter's number has at most 53), across the page, and across it in smaller letters.
_KEPT = ((40, "whole"), (53, "whole tight"), (70, "line"), (84, "line long"))
_LONGEST_CELL = 70  # what a table's cell holds on one line
_WIDE_WORD = re.compile(r"[^\s-]{40}")  # may be wider than a line: set apart, it can be divided anywhere
_TALL = 800  # characters in a cell: some fifteen lines
QR_MASK = 3  # a fixed mask: trying all eight triples the cost, and any mask reads


def template_folder() -> Path:
    """templates/letters in a checkout, ledger/templates/letters in an installed wheel."""
    package = Path(__file__).parents[1]
    inside = package / "templates" / "letters"
    return inside if inside.is_dir() else package.parent / "templates" / "letters"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(template_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )


@cache
def base_css(accent: str) -> str:
    """The style sheet all languages share, in the publisher's colour. (A CSS variable would cost at every element.)"""
    colour = accent if _ACCENT.match(accent) else "#1f3a4d"
    return (template_folder() / "letter.css").read_text("utf-8").replace("var(--accent)", colour)


@cache
def element_css() -> str:
    """What each HTML element is: takes the place of a browser's own style sheet."""
    return (template_folder() / "elements.css").read_text("utf-8")


def page_css(page_words: str) -> str:
    """The footer's page numbers for one language.

    >>> page_css("Page {page} of {pages}")
    '@page{@bottom-right{content:"Page " counter(page) " of " counter(pages)}}'
    """
    parts = re.split(r"(\{pages?\})", page_words)
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    content = " ".join(counters.get(part) or _css_string(part) for part in parts if part)
    return f"@page{{@bottom-right{{content:{content}}}}}"


def _css_string(text: str) -> str:
    return '"' + re.sub(r'["\\\n<]', "", text) + '"'


def direction(text: str) -> str:
    """The direction of the first strong character (Unicode UAX 9, rules P2 and P3: isolates are passed over).

    Where there is none it is ltr; with isolates rtl, for only a line of Arabic has them.
    """
    depth = 0
    for char in text:
        kind = unicodedata.bidirectional(char)
        depth += (kind == "FSI") - (kind == "PDI")
        if depth == 0 and kind in ("R", "AL"):
            return "rtl"
        if depth == 0 and kind == "L":
            return "ltr"
    return "rtl" if ISOLATE in text else "ltr"


def _one_way(text: str) -> bool:
    """Whether nothing in ``text`` is written from right to left (Unicode UAX 9, P2): isolation changes nothing then."""
    return text.isascii() or not any(unicodedata.bidirectional(char) in _TURNING for char in text)


def qr_svg(url: str, title: str) -> Markup:
    """A QR code (error level M) as one SVG path, with the <title> that becomes its alternative text."""
    matrix = segno.make(url, error="m", mask=QR_MASK, boost_error=False, micro=False).matrix
    size, path = len(matrix), []
    for y, row in enumerate(matrix):
        x = 0
        while x < size:
            run = x
            while run < size and row[run]:
                run += 1
            if run > x:
                path.append(f"M{x} {y}.5h{run - x}")
            x = run + 1
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}"><title>{1}</title>'
        '<path stroke="#1c1c1c" d="{2}"/></svg>'
    ).format(size, title, Markup("".join(path)))  # noqa: S704  digits and path letters only


def safe_runs(text: Text) -> Text:
    """Links to anything but http, https and mailto become plain values: escaping does not stop javascript:."""
    return tuple(
        Run(run.text, Style.VALUE) if run.style is Style.LINK and not _HREF.match(run.href) else run
        for run in text
    )


def contact_href(line: str) -> str:
    """mailto: or https: for a line that is an address, else nothing."""
    if re.fullmatch(r"[\w.+%-]+@[\w.-]+\.\w+", line, re.ASCII):
        return f"mailto:{line}"
    return line if _HREF.match(line) and not line.startswith("mailto:") else ""


def kept(text: str) -> Markup:
    """The class that keeps a number or an address on one line, where it fits on one.

    A hyphen at the end of a line could be taken for one of ours. Longer ones divide, with nothing put in.
    """
    name = next((name for most, name in _KEPT if len(text) <= most), "")
    return Markup(' class="{}"').format(name) if name and " " not in text else Markup()


def divided(address: str) -> Markup:
    """An address; one too long for a line divides before its last part, and not at a hyphen within that."""
    start = address.rstrip("/").rfind("/") + 1
    if len(address) <= _LONGEST_CELL or not kept(address[start:]):
        return Markup.escape(address)
    return Markup("{}<span{}>{}</span>").format(address[:start], kept(address[start:]), address[start:])


def tall(clause: Clause) -> bool:
    """Whether a row of a table is so long that kept whole it would leave half a page empty before it."""
    return sum(len(run.text) for paragraph in clause.paragraphs for run in paragraph) > _TALL


def letter_html(letter: Letter) -> str:
    """The page the renderer prints. Pictures are named by ``letter:`` addresses that only the renderer resolves."""
    return _render(letter, preview=False)


def preview_html(letter: Letter) -> str:
    """An <article> for staff: the letter's words, each clause followed by its grounds. Pictures are left out."""
    return _render(letter, preview=True)


def _render(letter: Letter, *, preview: bool) -> str:
    template = _environment().get_template("letter.html")
    rtl = letter.language in RIGHT_TO_LEFT
    return template.render(
        letter=letter,
        preview=preview,
        lang=letter.language,
        dir="rtl" if rtl else "ltr",
        title=f"{letter.number} · {plain(letter.subject)}",
        description=plain(letter.subject),
        created=letter.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        publisher=letter.letterhead.publisher,
        to=letter.addressee,
        words=letter.words,
        logo=LOGO_URL if letter.letterhead.logo and not preview else "",
        signature=SIGNATURE_URL if letter.signatory.signature and not preview else "",
        qr=qr_svg(letter.verification.url, letter.words["qr_title"]) if letter.verification.url else "",
        direction=direction,
        apart=lambda text: (
            rtl or letter.language in HYPHENATED or not _one_way(text) or _WIDE_WORD.search(text)
        ),
        safe_runs=safe_runs,
        kept=kept,
        divided=divided,
        tall=tall,
        contact_href=contact_href,
        paragraph_direction=lambda text: _paragraph_direction(text, rtl=rtl),
    )


def _paragraph_direction(text: Text, *, rtl: bool) -> str:
    """A paragraph that is nothing but one value takes the value's direction; any other takes the letter's."""
    if len(text) == 1 and text[0].style is not Style.PLAIN:
        return "ltr" if text[0].style in (Style.LINK, Style.CODE) else direction(text[0].text)
    return "rtl" if rtl else "ltr"
