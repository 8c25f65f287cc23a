"""Credit lines: title, author, source, licence. What is required is kept apart from what is recommended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
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

ORDER = ("title", "author", "publisher", "notice", "licence")


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
    """A stretch of the line with the address it links to."""

    text: str
    url: str | None = None


def credit_for(piece: Piece, conditions: Iterable[Condition]) -> Credit:
    """The credit that these conditions require, and the full one that good practice recommends (TASL).

    A credit line given verbatim by the terms is used as it stands and stands alone.
    """
    listed = tuple(conditions)
    musts = [condition for condition in listed if condition.modality is Modality.MUST]
    exact = next((c.parameter for c in musts if c.code is C.EXACT_CREDIT_LINE and c.parameter), None)
    wanted = {PARTS[c.code] for c in musts if c.code in PARTS}
    licence = next((c.parameter for c in listed if c.code is C.LICENCE_NOTICE and c.parameter), None)
    suggested = next((c.parameter for c in listed if c.code is C.EXACT_CREDIT_LINE and c.parameter), None)
    link = piece.urls[0] if piece.urls else piece.source.url
    everything = {"title", "author", "publisher", "link", "notice", "licence"}
    full = _line(_pieces(piece, everything, licence, link))
    required = None
    if exact is not None:
        required = _line([_Piecelet(text=exact, url=link if "link" in wanted else None)])
    elif wanted:
        required = _line(_pieces(piece, wanted | {"title"}, licence, link))
    return Credit(required=required, recommended=_line([_Piecelet(text=suggested)]) if suggested else full)


def _pieces(piece: Piece, wanted: set[str], licence: str | None, link: str | None) -> list[_Piecelet]:
    authors = ", ".join(author.name for author in piece.authors)
    source = piece.source.name or piece.publisher.name
    found = {
        "title": _Piecelet(text=f"“{piece.title}”", url=link if "link" in wanted else None),
        "author": _Piecelet(text=f"by {authors}") if authors and authors != source else None,
        "publisher": _Piecelet(text=source),
        "notice": _Piecelet(text=piece.notice) if piece.notice else None,
        "licence": _licence(licence) if licence else None,
    }
    chosen = [found[name] for name in ORDER if name in wanted]
    return [stretch for stretch in chosen if stretch is not None]


def _licence(parameter: str) -> _Piecelet:
    licence = licence_from_text(parameter)
    if licence is None:
        return _Piecelet(text=parameter)
    return _Piecelet(text=f"licensed under {licence.name}", url=licence.url)


def _line(stretches: list[_Piecelet]) -> CreditLine:
    return CreditLine(
        text=". ".join(_text(s).rstrip(".") for s in stretches) + ".",
        html=". ".join(_html(s) for s in stretches) + ".",
        markdown=". ".join(_markdown(s) for s in stretches) + ".",
    )


def safe_url(url: str | None) -> str | None:
    """Only web addresses are linked; "javascript:" and its like never are."""
    return url if url and re.match(r"https?://[^\s<>\"'`]+$", url) else None


def _text(stretch: _Piecelet) -> str:
    url = safe_url(stretch.url)
    return f"{stretch.text} ({url})" if url else stretch.text


def _html(stretch: _Piecelet) -> str:
    words, url = escape(stretch.text.rstrip(".")), safe_url(stretch.url)
    return f'<a href="{escape(url)}">{words}</a>' if url else words


def _markdown(stretch: _Piecelet) -> str:
    words = re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", stretch.text.rstrip("."))
    url = safe_url(stretch.url)
    return f"[{words}](<{url}>)" if url else words
