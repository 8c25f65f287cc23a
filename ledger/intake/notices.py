"""Copyright notices: which line on the page is the text's own, and who and when it names.

Form and effect of a notice: 17 U.S.C. 401(b), Universal Copyright Convention art. III(1): mark, year, name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ledger.intake.draft import CopyrightReading, Evidence
from ledger.intake.notice_words import YEARS, parse_notice, split_holders
from ledger.intake.page import Block, Page, squeeze
from ledger.intake.phrases import PICTURE, RESERVED, same_name
from ledger.intake.stated_holders import find_stated_holder

MARK = re.compile(
    r"(?:(?:\bcopyright|\bcopr\.)\s*(?:©|\(c\)|℗)|(?:©|℗)\s*(?:copyrights?\b)?|\(c\)\s*(?:copyright\b)?"
    r"|\bcopyrights?\b)(?:\s*[:–-])?(?:\s+by\b)?\s*",
    re.I,
)
_MARK_STEMS = re.compile(r"©|℗|\(c\)|c(?<=\bc)op(?:yright|r\.)")
"""Where a mark can begin, in small letters: every branch begins with a letter that a search can skip to."""
_PROSE = re.compile(
    r"\s*(?:owners?|holders?|laws?|notice|acts?|infring\w*|material|policy|protect\w*|claims?|is|are|and\s(?!\d)|of\s(?!\d)|in\s"
    r"|for\s|to\s|terms|information|statement|permission\w*|questions|agent|office|belongs|remains|must|should|may|on\s|as\s|or\s|status|page)",
    re.I,
)  # fmt: skip
_META = (
    "copyright",
    "dcterms.rightsholder",
    "dc.rights",
    "dcterms.rights",
    "rights",
    "dc.rightsholder",
    "rights-standard",
)
_ARTICLE_TYPES = ("article", "newsarticle", "blogposting", "report", "webpage", "creativework", "scholarlyarticle",
                  "analysisnewsarticle", "opinionnewsarticle", "reportagenewsarticle", "techarticle")  # fmt: skip
_REGION_RANK = {"main": 0, "header": 3, "footer": 3, "nav": 5, "aside": 4, "figure": 6}


_MOST = 300


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice as found. ``of_picture``: it marks a picture, not the page."""

    reading: CopyrightReading
    evidence: Evidence
    region: str
    of_picture: bool


def find_copyright(page: Page) -> tuple[CopyrightReading, Evidence | None]:
    """What says who holds the text: a sentence on it, else a notice in the article, declared, or in the footer."""
    stated = find_stated_holder(page)
    if stated:
        return stated
    visible = [
        notice for notice in visible_notices(page) if not notice.of_picture and notice.region != "figure"
    ]
    visible.sort(key=lambda notice: (_REGION_RANK.get(notice.region, 2), not notice.reading.holders))
    best = visible[0] if visible else None
    if best and best.region == "main":
        return best.reading, best.evidence
    declared = _declared(page)
    if declared is None:
        return (best.reading, best.evidence) if best else (CopyrightReading(), None)
    if best and declared[0].notice is None and _same_holders(declared[0], best.reading):
        return best.reading, best.evidence
    return declared


def visible_notices(page: Page) -> Iterator[Notice]:
    """Every notice in the shown text, in order."""
    after = 0
    for mark in islice(_marks(page.text), _MOST):
        if mark.start() < after:
            continue
        block = page.block_at(mark.start())
        if block is None or not _is_notice(page, mark, block):
            continue
        found = _read_at(page, mark, block)
        if found is None:
            continue
        start, end, reading = found
        after = end
        region, of_picture = block.region, _marks_picture(page, block, start, end)
        sure = 0.95 if reading.holders and reading.year else 0.8 if reading.holders else 0.5
        evidence = Evidence(extractor="visible-notice", confidence=sure * (0.9 if region != "main" else 1),
                            start=start, end=end)  # fmt: skip
        yield Notice(reading, evidence, region, of_picture)


def _marks(text: str) -> Iterator[re.Match[str]]:
    """The matches of ``MARK``, in a third of the time."""
    low = text.lower()
    if len(low) != len(text):  # a letter that grows when it is made small: places would differ
        yield from MARK.finditer(text)
        return
    place = 0
    while stem := _MARK_STEMS.search(low, place):
        mark = MARK.match(text, stem.start())
        if mark:
            yield mark
        place = mark.end() if mark else stem.start() + 1


def _is_notice(page: Page, mark: re.Match[str], block: Block) -> bool:
    """ "(c)" in a list and "copyright" in prose are no notice: a year or a name must follow or go before."""
    rest = page.text[mark.end() : mark.end() + 80].lstrip()
    symbol = "©" in mark[0] or "℗" in mark[0]
    if symbol:
        return True
    if "(c)" in mark[0].lower() and mark[0].lower().strip() == "(c)":
        return bool(YEARS.match(rest)) or (rest[:1].isupper() and mark[0].strip() == "(C)") or (
            rest[:1].isupper() and page.text[block.start : mark.start()].strip() == "")  # fmt: skip
    if YEARS.match(rest):
        return True
    return mark[0][:1] == "C" and not _PROSE.match(rest) and (rest[:1].isupper() or "(c)" in mark[0].lower())


def _read_at(page: Page, mark: re.Match[str], block: Block) -> tuple[int, int, CopyrightReading] | None:
    """Grow the notice line by line until it has a holder; a name may also stand before the mark."""
    start, end = mark.start(), mark.end()
    stop = min(len(page.text), mark.end() + 400)
    for _ in range(4):
        line_end = page.text.find("\n", max(end, mark.end()), stop)
        end = line_end if line_end >= 0 else stop
        text = page.text[mark.end() : end]
        reading, used = parse_notice(text)
        if reading.holders or end >= stop or end - mark.end() > 160:
            break
        if reading.year:
            before = _name_before(page, mark.start())
            if before is not None:
                begin, name = before
                holders = split_holders(name)
                if holders:
                    return _whole(
                        page, begin, mark.end() + used, CopyrightReading(holders=holders, year=reading.year)
                    )
        end += 1
    reading, used = parse_notice(page.text[mark.end() : end])
    if not reading.holders and not reading.year:
        return None
    if reading.year is None and not page.text[mark.end() : end].rstrip().endswith("."):
        extra = re.compile(r"\n\s*(?:19|20)\d\d(?=\s*(?:\n|$))").match(page.text, mark.end() + used)
        if extra:
            year = int(extra[0].strip())
            return _whole(page, start, extra.end(), CopyrightReading(holders=reading.holders, year=year))
    return _whole(page, start, mark.end() + used, reading)


def _whole(page: Page, start: int, end: int, reading: CopyrightReading) -> tuple[int, int, CopyrightReading]:
    earlier = re.search(r"(?<!\d)(?:19|20)\d\d\s*$", page.text[max(0, start - 8) : start])
    if earlier and reading.year is None and page.text[start] in "©cC(":
        start -= len(earlier[0])
        reading = CopyrightReading(holders=reading.holders, year=int(earlier[0].strip()))
    reserved = re.compile(rf"[\s.,|;–—-]{{0,4}}(?:{RESERVED.pattern})\.?", re.I).match(page.text, end)
    if reserved:
        end = reserved.end()
    while end > start and page.text[end - 1] in " \n,;|-–—•·(":
        end -= 1
    notice = squeeze(page.text[start:end])
    return start, end, CopyrightReading(notice=notice, holders=reading.holders, year=reading.year)


def _name_before(page: Page, position: int) -> tuple[int, str] | None:
    line_start = page.text.rfind("\n", 0, position) + 1
    block = page.block_at(max(position - 1, 0))
    if block and block.start > line_start:
        line_start = block.start
    before = page.text[line_start:position].strip(" ,|·•–—-")
    if 2 < len(before) <= 70 and before[0].isupper() and not re.search(r"[.:!?]\s", before):
        return line_start + page.text[line_start:position].index(before[0]), before
    return None


def _marks_picture(page: Page, block: Block, start: int, end: int) -> bool:
    if block.region == "figure" or block.kind == "caption":
        return True
    line_start = page.text.rfind("\n", 0, start) + 1
    before = page.text[max(line_start, start - 60) : start]
    sentence = re.split(r"[.!?]\s+", before)[-1]
    after = re.match(r"[^.\n]{0,40}", page.text[end:])
    return bool(
        PICTURE.search(sentence)
        or re.match(r"\s*[(/,–-]?\s*(?:photo|image|foto|bild)\b", after[0] if after else "", re.I)
    )


def _declared(page: Page) -> tuple[CopyrightReading, Evidence] | None:
    for item in page.data:
        kinds = item.get("@type")
        names = [str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])]
        if not any(name in _ARTICLE_TYPES for name in names):
            continue
        found = _from_data(item)
        if found:
            return found
    meta = page.first_meta(*_META)
    if meta and len(meta[1]) <= 300 and not meta[1].startswith(("http:", "https:")):
        bare = MARK.sub("", meta[1], count=1) if MARK.match(meta[1]) else meta[1]
        reading, _ = parse_notice(bare)
        if reading.holders or reading.year:
            evidence = Evidence(extractor="meta", confidence=0.75, selector=f'meta[name="{meta[0]}"]')
            return CopyrightReading(
                notice=squeeze(meta[1]), holders=reading.holders, year=reading.year
            ), evidence
    return None


def _from_data(item: dict[str, object]) -> tuple[CopyrightReading, Evidence] | None:
    notice = item.get("copyrightNotice")
    holder = item.get("copyrightHolder")
    named = [
        each.get("name") if isinstance(each, dict) else each
        for each in (holder if isinstance(holder, list) else [holder])
    ]
    holders = tuple(
        squeeze(name) for name in named if isinstance(name, str) and name.strip() and "://" not in name
    )
    year_text = str(item.get("copyrightYear") or "")
    year = int(year_text[:4]) if re.match(r"(?:19|20)\d\d", year_text) else None
    if isinstance(notice, str) and notice.strip():
        read, _ = parse_notice(MARK.sub("", notice, count=1))
        holders, year = holders or read.holders, year or read.year
    if not holders:
        return None
    evidence = Evidence(extractor="json-ld", confidence=0.85, selector='script[type="application/ld+json"]')
    text = squeeze(notice) if isinstance(notice, str) and notice.strip() else None
    return CopyrightReading(notice=text, holders=holders, year=year), evidence


def _same_holders(one: CopyrightReading, other: CopyrightReading) -> bool:
    return any(same_name(a, b) for a in one.holders for b in other.holders)


def only_of_the_site(
    page: Page,
    found: CopyrightReading,
    evidence: Evidence | None,
    source: str | None,
    site: tuple[str | None, ...],
) -> bool:
    """Whether the notice is the site's own, outside the article, though the text came from another source."""
    own = [name for name in site if name]
    if not source or not found.holders or any(same_name(source, name) for name in own):
        return False
    if not all(any(same_name(holder, name) for name in own) for holder in found.holders):
        return False
    block = page.block_at(evidence.start) if evidence and evidence.start is not None else None
    return block is not None and block.region != "main"
