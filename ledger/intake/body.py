"""Where the text itself begins, and what the republisher put before it."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re

from ledger.intake.draft import Stretch
from ledger.intake.notices import MARK
from ledger.intake.page import Block, Page
from ledger.intake.titles import BYLINE, _is_dateline

_HOUSEKEEPING = re.compile(
    r"\b(?:newsletter|follow us|subscribe|click here|click the share|donate|support us|sign up|become a member|our (?:readers|website|home page|daily|weekly)"
    r"|editor['’]s note|this (?:article|story|piece) (?:was|is|first|originally|has been)|originally published|first published|first appeared|republished|introduction by"
    r"|we (?:publish|bring|republish|repost|reproduce|thank)|note from the editors?|abonnez|infolettre|newsletter|folgen sie uns|vorbemerkung|anmerkung der redaktion"
    r"|note de la rédaction|nota (?:de la redacción|del editor|della redazione)|od redakcji|от редакции|síguenos|suscríb|подпис)\b",
    re.I,
)
_TAIL = re.compile(
    r"^\W*(?:note to readers|the original source|originally published|this (?:article|story) (?:was|is|first)|source\s*:|quelle\s*:|fuente\s*:|źródło\s*:|источник\s*:|articles by|disclaimer|all rights reserved"
    r"|about the author|comment on|become a member|related|read more|share this|filed under|tags?\s*:|republish|cet article (?:a|est)|dieser (?:artikel|text|beitrag) (?:erschien|ist|wurde)|este artículo (?:fue|se)|artykuł ukazał)\b",
    re.I,
)
_NEAR = 80
_LABEL = re.compile(r"^[^\n:.]{2,30}:\s+\S[^\n.!?]{0,160}$")


def find_body(page: Page, title_index: int, site: str | None) -> tuple[Stretch | None, Stretch | None]:
    """(body, preamble) as stretches of the shown text. The preamble is None unless its end can be told."""
    paragraphs = _paragraphs(page, title_index)
    if not paragraphs:
        return None, None
    end = next(
        (number for number, block in enumerate(paragraphs) if number and _ends_body(page, block)),
        len(paragraphs),
    )
    paragraphs = paragraphs[:end]
    cut = _preamble_length(page, paragraphs, site)
    if cut >= len(paragraphs):
        return None, None
    body = (paragraphs[cut].start, paragraphs[-1].end)
    preamble = (paragraphs[0].start, paragraphs[cut - 1].end) if cut else None
    return body, preamble


def _paragraphs(page: Page, title_index: int) -> list[Block]:
    """The blocks after title, byline, datelines and labels; rules kept as empty blocks."""
    chosen: list[Block] = []
    for block in page.blocks[title_index + 1 :]:
        if block.region not in ("main",) or block.kind == "caption":
            continue
        text = page.of(block)
        if not chosen and (block.kind == "rule" or BYLINE.match(text) or _is_dateline(text) or _LABEL.match(text) or len(text) < 25
                           or (block.kind in ("h2", "h3")) or (page.kind == "text" and _is_standfirst(page, block, title_index))):  # fmt: skip
            continue
        chosen.append(block)
    return chosen


def _is_standfirst(page: Page, block: Block, title_index: int) -> bool:
    following = page.blocks[title_index + 2 : title_index + 4]
    return page.blocks[title_index + 1] is block and any(
        BYLINE.match(page.of(each)) or _is_dateline(page.of(each)) for each in following
    )


def _ends_body(page: Page, block: Block) -> bool:
    text = page.of(block)
    mark = MARK.search(text[:_NEAR])  # it counts only where the paragraph begins with it
    return bool(
        _TAIL.match(text)
        or (mark and mark.start() < 5 and "©" in mark[0])
        or re.match(r"copyright\b", text, re.I)
    )


def _preamble_length(page: Page, paragraphs: list[Block], site: str | None) -> int:
    """How many leading paragraphs are the republisher's: up to a rule that follows them, or up to the last of
    the first dozen that speaks of the site or its services, with the short lines that follow it."""
    head = paragraphs[:14]
    last = -1
    for number, block in enumerate(head):
        text = page.of(block)
        about_site = bool(site and re.search(rf"\b{re.escape(site)}\b", text))
        if block.kind == "rule" and last >= 0:
            return number + 1
        if block.kind != "rule" and (about_site or (_HOUSEKEEPING.search(text) and len(text) < 500)):
            last = number
    if last < 0:
        return 0
    cut = last + 1
    while cut < len(paragraphs) and cut <= last + 2 and 0 < paragraphs[cut].end - paragraphs[cut].start < 70:
        cut += 1
    return cut
