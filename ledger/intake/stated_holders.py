"""A sentence that says who holds this very text: "Copyright of this article belongs to North Quay Times"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.intake.draft import CopyrightReading, Evidence
from ledger.intake.notice_words import split_holders
from ledger.intake.page import Page, squeeze

_WORD = r"[A-ZÀ-ÞА-Я][\w&’'-]{0,40}"
_NAME = rf"(?P<name>{_WORD}(?:\s(?:(?:of|the|and|for|&|de|du|des|la|le|der|die|und|y|del)\s){{0,2}}{_WORD}){{0,7}})"
_THIS = r"this\s(?:article|text|story|piece|essay|report|work|post|interview)"
_IS_HELD = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b[Cc]opyright\s(?:of|in|to|for|on)\s{_THIS}\s(?:belongs\sto|is\s(?:held|owned)\sby|"
        rf"(?:lies|rests|remains|is|stays)\swith|remains\sthe\sproperty\sof)\s(?:the\s)?{_NAME}",
        r"\bUrheberrecht\s(?:an|für|von)\s(?:diesem|diesen)\s(?:Artikel|Text|Beitrag)\s"
        rf"(?:liegt\sbei|gehört|verbleibt\sbei)\s(?:der\s|dem\s|den\s)?{_NAME}",
        r"\b[Dd]roits?\sd['’]auteur\s(?:de|sur)\scet(?:te)?\s(?:article|texte)\s"
        rf"(?:appartient|appartiennent|revient|reviennent)\sà\s(?:la\s|l['’])?{_NAME}",
        r"\b[Dd]erechos\sde\sautor\s(?:de|sobre)\seste\s(?:artículo|texto)\s(?:pertenecen|corresponden)\sa\s"
        rf"(?:la\s|los\s)?{_NAME}",
    )
)
"""In the languages of letters that have names in capitals; "an article" or "articles" would be some text or other."""
_HOLDS = re.compile(
    rf"\s(?:holds|owns|retains|keeps)\s(?:the\s|all\s)?copyright\s(?:of|in|to|for|on)\s{_THIS}\b"
)
_NAME_BEFORE = re.compile(rf"\b{_NAME}$")


def find_stated_holder(page: Page) -> tuple[CopyrightReading, Evidence] | None:
    """The first such sentence outside navigation and asides; it says more of this text than any notice of a site."""
    for start, end, name in _sentences(page.text):
        block = page.block_at(start)
        holders = split_holders(name)
        if block is None or block.region in ("nav", "aside", "figure") or not holders:
            continue
        evidence = Evidence(extractor="stated-holder", confidence=0.9, start=start, end=end)
        return CopyrightReading(notice=squeeze(page.text[start:end]), holders=holders, year=None), evidence
    return None


def _sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, name)."""
    for pattern in _IS_HELD:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), match["name"]
    for match in _HOLDS.finditer(text):
        begin = max(0, match.start() - 200)
        before = _NAME_BEFORE.search(text[begin : match.start()])
        if before:
            yield begin + before.start(), match.end(), before["name"]
