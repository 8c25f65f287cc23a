"""Credit lines: title, author, source, licence. What is required is kept apart from what is recommended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape

from ledger.rights.codes import ConditionCode
from ledger.rights.licences import licence_from_text
from ledger.rights.pieces import Piece
from ledger.rights.terms import Condition, Modality

C = ConditionCode
PARTS = {
    C.CREDIT_AUTHOR: "author",
    C.CREDIT_PUBLISHER: "publisher",
    C.LINK_ARTICLE: "link",
    C.LINK_BACK: "link",
    C.ACKNOWLEDGE_COPYRIGHT: "notice",
    C.LICENCE_NOTICE: "licence",
}
"""Which part of a credit line a condition asks for."""
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+$")
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|])")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """One line in three spellings. ``text`` carries addresses in brackets."""

    text: str
    html: str
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """``required`` is None when nothing is required; ``recommended`` is the fuller line, never an obligation."""

    required: CreditLine | None
    recommended: CreditLine


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piecelet:
    """A stretch of the line: how it joins on, its words, the address they link to and the one shown behind it."""

    join: str
    text: str
    url: str | None = None
    shown_url: str | None = None  # in plain text, where words cannot link


def credit_for(piece: Piece, conditions: Iterable[Condition]) -> Credit:
    """The credit that these conditions require, and the full one that good practice recommends (TASL).

    A credit line given verbatim by the terms is used as it stands and stands alone.
    """
    listed = tuple(conditions)
    exact, wanted = _required(listed)
    licence = next((c.parameter for c in listed if c.code is C.LICENCE_NOTICE and c.parameter), None)
    suggested = next((c.parameter for c in listed if c.code is C.EXACT_CREDIT_LINE and c.parameter), None)
    link = piece.urls[0] if piece.urls else piece.source.url
    everything = {"title", "author", "publisher", "link", "notice", "licence"}
    full = _line(_pieces(piece, everything, licence, link))
    required = None
    if exact is not None:
        required = _verbatim(exact, link if "link" in wanted else None)
    elif wanted:
        required = _line(_pieces(piece, wanted | {"title"}, licence, link))
    return Credit(required=required, recommended=_verbatim(suggested, None) if suggested else full)


def requires_credit(conditions: Iterable[Condition]) -> bool:
    """Whether ``credit_for`` would give a required line."""
    exact, wanted = _required(conditions)
    return exact is not None or bool(wanted)


def _required(conditions: Iterable[Condition]) -> tuple[str | None, set[str]]:
    """The line that must stand to the letter, if there is one, and the parts that must be named."""
    musts = [condition for condition in conditions if condition.modality is Modality.MUST]
    exact = next((c.parameter for c in musts if c.code is C.EXACT_CREDIT_LINE and c.parameter), None)
    return exact, {PARTS[c.code] for c in musts if c.code in PARTS}


def _pieces(piece: Piece, wanted: set[str], licence: str | None, link: str | None) -> list[_Piecelet]:
    authors = ", ".join(author.name for author in piece.authors)
    source = piece.source.name or piece.publisher.name
    url = link if "link" in wanted else None
    twice = authors == source and "publisher" in wanted
    title = [_Piecelet(join="", text=f"“{piece.title}”", url=url)]
    if "author" in wanted and authors and not twice:
        title.append(_Piecelet(join=" by ", text=authors))
    if "publisher" in wanted:
        title.append(_Piecelet(join=", ", text=source))
    title[-1] = replace(title[-1], shown_url=url)
    if "notice" in wanted and piece.notice:
        title.append(_Piecelet(join=". ", text=piece.notice))
    if "licence" in wanted and licence:
        title.append(_licence(licence))
    return title


def _licence(parameter: str) -> _Piecelet:
    licence = licence_from_text(parameter)
    if licence is None:
        return _Piecelet(join=". ", text=parameter)
    return _Piecelet(join=". ", text=f"Licensed under {licence.name}", url=licence.url, shown_url=licence.url)


def _line(stretches: list[_Piecelet]) -> CreditLine:
    """The stretches as one line that ends in one full stop."""
    text, html, markdown = "", "", ""
    for each in stretches:
        # A stretch that ends in its own full stop ("Ltd.") gets no second one.
        join = each.join[1:] if text.endswith(".") and each.join.startswith(".") else each.join
        text += join + _text(each)
        html += join + _html(each)
        markdown += join + _markdown(each)
    end = "" if stretches[-1].text.endswith((".", "!", "?")) and text.endswith(stretches[-1].text) else "."
    return CreditLine(text=text + end, html=html + end, markdown=markdown + end)


def _verbatim(line: str, url: str | None) -> CreditLine:
    """A credit line that was given, to the letter; an address that is required too stands behind it."""
    stretch = _Piecelet(join="", text=line, url=url, shown_url=None if url and url in line else url)
    return CreditLine(text=_text(stretch), html=_html(stretch), markdown=_markdown(stretch))


def safe_url(url: str | None) -> str | None:
    """Only web addresses are linked; "javascript:" and its like never are."""
    return url if url and _WEB_ADDRESS.match(url) else None


def _text(stretch: _Piecelet) -> str:
    url = safe_url(stretch.shown_url)
    return f"{stretch.text} ({url})" if url else stretch.text


def _html(stretch: _Piecelet) -> str:
    words, url = escape(stretch.text), safe_url(stretch.url)
    return f'<a href="{escape(url)}">{words}</a>' if url else words


def _markdown(stretch: _Piecelet) -> str:
    words = _MARKS.sub(r"\\\1", stretch.text)
    url = safe_url(stretch.url)
    return f"[{words}](<{url}>)" if url else words
