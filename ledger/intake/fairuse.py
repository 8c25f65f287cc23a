"""Fair-use and fair-dealing notices: that one is made, on what grounds, and what it asks beyond.

What is read is the page's claim. Whether the claim holds is never judged here.
"""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re

from ledger.intake.draft import Evidence, FairUseReading
from ledger.intake.page import Page

_CLAIM = re.compile(
    r"\bfair[\s-](?:use|dealing)\b|\b17 U\.?\s?S\.?\s?C\.? (?:§+ ?|section )?107\b|\bsection 107\b|\bexception de (?:courte )?citation\b"
    r"|\bdroit de (?:courte )?citation\b|\bzitatrecht\b|§ ?51 urhg|\bderecho de cita\b|\bprawo cytatu\b|\bправ[оа] цитирования\b",
    re.I,
)
_CLAIM_STEMS = (
    "fair",
    "107",
    "citation",
    "zitatrecht",
    "51 urhg",
    "derecho de cita",
    "prawo cytatu",
    "цитирования",
)
"""Without one of these, in small letters, there is no claim: a quick look before the slow search."""
_ABOUT = re.compile(
    r"copyright|authori[sz]ed|owner|material|purpose|provision|doctrine|urheber|œuvre|autor|cytat|автор|закон",
    re.I,
)
_NONPROFIT = re.compile(
    r"\bwithout profit\b|\bnon-?profit\b|\bnot[- ]for[- ]profit\b|\bno (?:commercial|financial) (?:gain|interest|purpose)|\bnon-?commercial\b"
    r"|\bsans but lucratif\b|\bnicht-? ?kommerziell|\bsin (?:ánimo|fines) de lucro\b|\bniekomercyjn|\bнекоммерческ",
    re.I,
)
_PURPOSES = re.compile(
    r"\b(?:for|such as|including|of|in|à des fins(?: de)?|zu(?:m)?|para|con fines(?: de)?|w celach|в целях|für)\b([^.;:]{3,220})",
    re.I,
)
_GROUNDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("research", re.compile(r"\bresearch\b|\brecherche\b|\bforschung\w*|\binvestigación\b|\bbadawcz\w+|\bисследова\w+", re.I)),
    ("education", re.compile(r"\beducation\w*|\bteaching\b|\bscholarship\b|\bstudy\b|\benseignement\b|\bpédagogi\w+|\béducati\w+|\bunterricht\w*|\bbildung\w*|\beducativ\w+|\beduk\w+|\bобразоват\w+|\bучебн\w+", re.I)),
    ("criticism", re.compile(r"\bcritici[sz]m\b|\bcritique\b|\bkritik\b|\bcrítica\b|\bkrytyk\w+|\bкритик\w+|\bкритическ\w+", re.I)),
    ("comment", re.compile(r"\bcomment(?:ary)?\b|\bcommentaire\b|\bkommentar\w*|\bcomentario\b|\bкоммент\w+", re.I)),
    ("news", re.compile(r"\bnews reporting\b|\breporting (?:of )?(?:news|current events)\b|\bcurrent events\b|\binformation (?:du )?public|\bberichterstattung\b|\binformativ\w+|\bинформационн\w+", re.I)),
    ("review", re.compile(r"\breview\b(?! of)|\bcompte rendu\b", re.I)),
    ("parody", re.compile(r"\bparody\b|\bsatire\b|\bparodie\b|\bparodia\b", re.I)),
    ("quotation", re.compile(r"\bquotation\b|\bcitation\b|\bzitat\w*|\bcita\b|\bcytat\w*|\bцитир\w+|\bцитат\w*", re.I)),
)  # fmt: skip
_BEYOND = re.compile(
    r"\b(?:beyond|other than|go beyond|outside|for any other)\b[^.]{0,120}?\b(?:must|should|need to|have to)\b[^.]{0,60}?\bpermission\b[^.]{0,20}?\b(?:from|of) the (?P<whom>copyright (?:owner|holder)|author|publisher|rights ?holder)"
    r"|\b(?:must|should|need to|have to)\b[^.]{0,40}?\b(?:obtain|request|seek|get)\b[^.]{0,20}?\bpermission from the (?P<who>copyright (?:owner|holder)|author|publisher|rights ?holder)",
    re.I,
)


def find_fair_use(page: Page) -> tuple[FairUseReading, Evidence | None]:
    """The first block that claims fair use, read with its neighbours that carry on the same notice."""
    if not _may_claim(page.text):
        return FairUseReading(), None
    for index, block in enumerate(page.blocks):
        if block.region in ("nav", "figure"):
            continue
        said = page.of(block)
        if not _may_claim(said) or not _CLAIM.search(said) or not _ABOUT.search(said):
            continue
        start, end = _stretch(page, index)
        notice = page.text[start:end]
        text = re.sub(r"\s+", " ", notice)
        beyond = _BEYOND.search(text)
        whom = (beyond["whom"] or beyond["who"]).lower() if beyond else None
        reading = FairUseReading(notice=True, nonprofit_claim=bool(_NONPROFIT.search(text)), grounds=_grounds(text),
                                 beyond=f"permission of the {whom}" if whom else None)  # fmt: skip
        return reading, Evidence(extractor="fair-use-notice", confidence=0.9, start=start, end=end)
    return FairUseReading(), None


def _may_claim(text: str) -> bool:
    low = text.lower()
    return any(stem in low for stem in _CLAIM_STEMS)


def _stretch(page: Page, index: int) -> tuple[int, int]:
    """The claiming block, and up to two next to it that speak of the same in the same breath."""
    first = last = index
    for step in (1, 2):
        after = index + step
        if after < len(page.blocks) and last == after - 1 and _carries_on(page, after):
            last = after
    before = index - 1
    if before >= 0 and re.search(
        r"copyrighted material|copyright disclaimer", page.of(page.blocks[before]), re.I
    ):
        first = before
    return page.blocks[first].start, page.blocks[last].end


def _carries_on(page: Page, index: int) -> bool:
    text = page.of(page.blocks[index])
    return (
        bool(_CLAIM.search(text) or re.search(r"without profit|copyright owner", text, re.I))
        and len(text) < 2000
    )


def _grounds(text: str) -> tuple[str, ...]:
    listed = " | ".join(match[1] for match in _PURPOSES.finditer(text))
    return tuple(name for name, pattern in _GROUNDS if pattern.search(listed))
