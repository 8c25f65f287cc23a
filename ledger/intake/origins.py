"""Where the text came from: the source the page names, its link and its date."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.intake import urls
from ledger.intake.datelines import Dateline
from ledger.intake.dates import dates_in, parse_stamp
from ledger.intake.draft import Evidence, Source
from ledger.intake.page import Block, Link, Page, squeeze
from ledger.intake.phrases import same_name
from ledger.intake.titles import article_data

_SOURCE = re.compile(
    r"\boriginal source of (?:this|the) (?:article|story|text|report|post) (?:is|was):?\s+"
    r"|\b(?:(?:this|the) (?:article|story|piece|post|essay|text|report|interview|column|commentary|work)[^.\n]{0,40}?\b(?:was |is |has been |were )?)?(?:first|originally|initially|previously) (?:published|appeared|posted|released|ran|printed|written)"
    r"(?: (?:online|here))?(?: on (?=\w+ \d|\d)[^.\n]{4,22}?)? ?(?:by|in|on|at|with|for|from)\s+(?:the (?=[a-z]+ (?:site|blog) ))?"
    r"|\b(?:this (?:article|story|piece|post|text) (?:is|was) )?(?:re-?published|re-?printed|cross-?posted|syndicated|reposted) (?:here )?(?:with (?:the )?(?:kind )?permission )?(?:from|of|by courtesy of|courtesy of)\s+"
    r"|\b(?:this (?:article|story) )?(?:is |was )?published in (?:partnership|collaboration) with\s+"
    r"|(?:^|(?<=\n))\s*(?:original )?source\s*:\s*"
    r"|(?:^|(?<=\n))\s*(?:quelle|fuente|źródło|источник|fonte|bron|джерело|kilde|källa|zdroj|origine)\s*:\s*"
    r"|\b(?:a été |est |paru )?(?:initialement|d['’]abord|originellement|pour la première fois) (?:été )?(?:publiée?|parue?)(?: le [^.\n]{6,24}?)? (?:par|sur|dans|chez|en)\s+|\bparue? (?:initialement|d['’]abord|pour la première fois)(?: le [^.\n]{6,24}?)? (?:sur|dans|en)\s+"
    r"|\b(?:erschien|ist|wurde|erstmals|zuerst|ursprünglich)\b[^.\n]{0,40}?\b(?:zuerst|erstmals|ursprünglich|im original)\b(?: am [^.\n]{6,24}?)?(?: erschienen| veröffentlicht)?(?: am [^.\n]{6,24}?)? (?:bei|auf|in|im|von|durch)\s+(?:der |dem )?"
    r"|\b(?:publicad[oa]|apareció|se publicó) (?:originalmente|por primera vez|inicialmente)(?: el [^.\n]{6,26}?)? (?:en|por)\s+|\boriginalmente publicad[oa] (?:en|por)\s+"
    r"|\b(?:ukazał\w* się|opublikowan\w+|został\w* opublikowan\w+)(?: \w+)? (?:pierwotnie|po raz pierwszy|najpierw)(?: \d[^.\n]{4,24}?)? (?:w|na|przez)\s+|\b(?:pierwotnie|po raz pierwszy|najpierw) (?:\w+ ){0,3}?(?:ukazał\w* się|opublikowan\w+)(?: \d[^.\n]{4,24}?)? (?:w|na|przez)\s+"
    r"|\bвпервые (?:был[аио]? )?(?:опубликован\w*|вышл[аои]|появил\w+)(?: \d[^.\n]{4,24}?)? (?:в|на|изданием)\s+(?:сайте |газете |журнале |издании )?|\b(?:статья|материал|текст) (?:\w+ )?(?:взят[а]?|перепечатан\w*) (?:с|из)\s+(?:сайта )?"
    r"|\b(?:pubblicat[oa]|apparso|apparsa) (?:originariamente|originalmente|per la prima volta|inizialmente)(?: il [^.\n]{6,24}?)? (?:su|in|da)\s+",
    re.I,
)
_NAME = re.compile(
    r"[\"“„«'‘]?(?P<name>(?:(?:the|die|der|das|la|le|les|el|il|de)\s+)?[A-ZÀ-ÞĀ-ŽА-ЯЁІЇ0-9][\w’'&.:-]*(?:\s+(?:[A-ZÀ-ÞĀ-ŽА-ЯЁІЇ][\w’'&.-]*|of|for|and|de|du|des|der|die|und|et|e|la|le|del|&)(?!\w)){0,7})"
)
_NAME_END = re.compile(
    r"\s+(?:on|under|in|at|with|and is|and was|am|le|el|il|w dniu|\d.*|sous|unter|bajo|na licencji|под)\b.*$|[,;:(].*$|\.$",
    re.S,
)
_ORIGINAL_LINK = re.compile(
    r"\b(?:original (?:article|story|post|source|version|here)?|read the original|article d['’]origine|article original|texte original|originalartikel|zum original|original lesen|artículo original|oryginaln\w+|оригинал\w*|source)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class SourceFound:
    source: Source
    name_evidence: Evidence | None
    url_evidence: Evidence | None
    date_evidence: Evidence | None


def find_source(page: Page, lines: list[Dateline], site: str | None) -> SourceFound:
    """The stated first publisher; nulls where none is stated."""
    for match in _statements(page):
        block = page.block_at(max(match.end() - 1, match.start()))
        if block is None or block.region in ("nav", "figure") or _about_picture(page, block):
            continue
        named = _named_after(page, block, match)
        if named and not same_name(named[2], site):
            return _with_link_and_date(page, block, match, named, lines)
    declared = _declared_source(page)
    if declared:
        return declared
    foreign = _foreign_canonical(page)
    if foreign:
        evidence = Evidence(extractor="canonical-elsewhere", confidence=0.6, selector='link[rel="canonical"]')
        return SourceFound(Source(url=foreign, url_status="given"), None, evidence, None)
    linked = [line for line in lines if line.linked and not same_name(line.name, site)]
    if len(lines) > 1 and linked:
        line = linked[0]
        url, status = _link_state(page, page.links_in(line.start, line.start + len(line.name)))
        evidence = Evidence(extractor="dateline", confidence=0.6, start=line.start, end=line.end)
        return SourceFound(
            Source(name=line.name, url=url, url_status=status, published=line.day),
            evidence,
            evidence,
            evidence,
        )
    return SourceFound(Source(), None, None, None)


_SOURCE_STEMS = re.compile(
    r"publish|appear|posted|printed|source|released|quelle|fuente|źródło|источник|джерело|fonte|bron\b|kilde|källa|zdroj|origin|publi|paru|erschien"
    r"|veröffentlicht|apareció|ukazał|opublikow|впервые|взят|перепечат|pubblicat|appars|written|courtesy"
)


def _statements(page: Page) -> Iterator[re.Match[str]]:
    """Where a block names a source; blocks without any such word are passed over quickly."""
    for block in page.blocks:
        if block.end > block.start and _SOURCE_STEMS.search(page.of(block).lower()):
            yield from _SOURCE.finditer(page.text, block.start, min(block.end + 1, block.start + 5000))


def _about_picture(page: Page, block: Block) -> bool:
    return block.kind == "caption" or bool(
        re.match(r"(?:photo|image|foto|bild|graphic|chart|data)\b", page.of(block), re.I)
    )


def _named_after(page: Page, block: Block, match: re.Match[str]) -> tuple[int, int, str] | None:
    """(start, end, name) of the source behind "first published by": as a link, as an address, or in words."""
    begin = match.end()
    linked = _linked_name(page, begin, block.end)
    if linked:
        return linked
    address = _ADDRESS.match(page.text, begin, block.end)
    if address and not address[0].endswith("."):
        return begin, address.end(), urls.host_of(address[0]) or address[1]
    return _written_name(page, begin, block.end)


_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})(?:/\S*)?")
_HOST = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?")
_HERE = frozenset({"here", "ici", "hier", "aquí", "tutaj"})
_NO_NAME = re.compile(
    r"\d+|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b.*"
)


def _linked_name(page: Page, begin: int, end: int) -> tuple[int, int, str] | None:
    """The text of a link that stands right there; an address is named by its host."""
    for link in page.links:
        if not (begin - 1 <= link.start <= begin + 5 and link.start < link.end <= end + 1):
            continue
        name = squeeze(page.text[link.start : link.end]).strip(' .,"“”„«»')
        if urls.is_web_address(name) or _HOST.fullmatch(name):
            name = urls.host_of(name) or name
        if 1 < len(name) <= 80 and not _ORIGINAL_LINK.fullmatch(name) and name.lower() not in _HERE:
            return link.start, link.end, name
    return None


def _written_name(page: Page, begin: int, end: int) -> tuple[int, int, str] | None:
    """A name in words; a number or the name of a month is none."""
    named = _NAME.match(page.text, begin, end)
    if not named:
        return None
    name = _NAME_END.sub("", named["name"]).rstrip(".,’'")
    if len(name) < 2 or _NO_NAME.fullmatch(name):
        return None
    return named.start("name"), named.start("name") + len(name), name


def _with_link_and_date(
    page: Page, block: Block, match: re.Match[str], named: tuple[int, int, str], lines: list[Dateline]
) -> SourceFound:
    start, end, name = named
    links = [link for link in page.links if start - 1 <= link.start <= end + 1 and link.start < link.end]
    extra = [
        link
        for link in page.links_in(block.start, block.end + 1)
        if _ORIGINAL_LINK.search(page.text[link.start : link.end])
    ]
    url, status = _link_state(page, extra + links)
    if url is None and (
        typed := re.compile(r"https?://[^\s<>\"]+").search(page.text, match.start(), block.end)
    ):
        url, status = typed[0].rstrip(".,)"), "given"
    evidence = Evidence(extractor="source-statement", confidence=0.93, start=start, end=end)
    where = Evidence(extractor="source-link", confidence=0.9 if url else 0.8, start=start, end=end)
    day, day_evidence = _source_date(page, block, match, name, lines)
    return SourceFound(
        Source(name=name, url=url, url_status=status, published=day), evidence, where, day_evidence
    )


def _source_date(
    page: Page, block: Block, match: re.Match[str], name: str, lines: list[Dateline]
) -> tuple[date | None, Evidence | None]:
    stop = re.compile(r"[.!?]\s+(?=[A-ZÀ-ÞА-Я])").search(page.text, match.end(), block.end)
    begin, end = match.start(), stop.start() + 1 if stop else block.end
    for first, last, day in dates_in(page.text[begin:end], page.language):
        return day, Evidence(
            extractor="source-statement", confidence=0.9, start=begin + first, end=begin + last
        )
    for line in lines:
        if same_name(line.name, name):
            return line.day, Evidence(extractor="dateline", confidence=0.9, start=line.start, end=line.end)
    return None, None


def _link_state(page: Page, links: list[Link]) -> tuple[str | None, str]:
    """(address, "given") of the first live link; (None, "missing") where anchors lead nowhere or are absent."""
    for link in links:
        address = urls.resolve(page.url, link.href) if not urls.is_web_address(link.href) else link.href
        if address:
            return address, "given"
    return None, "missing"


def _declared_source(page: Page) -> SourceFound | None:
    for item in article_data(page):
        based = item.get("isBasedOn")
        based = based[0] if isinstance(based, list) and based else based
        if isinstance(based, str) and urls.is_web_address(based):
            evidence = Evidence(
                extractor="json-ld", confidence=0.9, selector='script[type="application/ld+json"]'
            )
            return SourceFound(Source(url=based, url_status="given"), None, evidence, None)
        if isinstance(based, dict):
            return _from_based_on(based)
    meta = page.first_meta("original-source", "syndication-source", "dc.source", "dcterms.source")
    if meta:
        evidence = Evidence(extractor="meta", confidence=0.85, selector=f'meta[name="{meta[0]}"]')
        if urls.is_web_address(meta[1]):
            return SourceFound(Source(url=meta[1], url_status="given"), None, evidence, None)
        return SourceFound(Source(name=squeeze(meta[1]), url_status="missing"), evidence, evidence, None)
    return None


def _from_based_on(based: dict[str, object]) -> SourceFound | None:
    address = based.get("url") or based.get("@id")
    publisher = based.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else None
    day = parse_stamp(str(based.get("datePublished") or ""))
    evidence = Evidence(extractor="json-ld", confidence=0.9, selector='script[type="application/ld+json"]')
    url = address if isinstance(address, str) and urls.is_web_address(address) else None
    if not (url or name):
        return None
    source = Source(
        name=str(name) if name else None, url=url, url_status="given" if url else "missing", published=day
    )
    return SourceFound(source, evidence if name else None, evidence, evidence if day else None)


def _foreign_canonical(page: Page) -> str | None:
    canonical = find_canonical(page)
    if canonical and page.url and urls.host_of(canonical[0]) != urls.host_of(page.url):
        return canonical[0]
    return None


def find_canonical(page: Page) -> tuple[str, Evidence] | None:
    """What the page declares as its own lasting address."""
    for rel, href in page.head_links:
        if "canonical" in rel.split() and (address := urls.resolve(page.url, href)):
            return address, Evidence(
                extractor="link-canonical", confidence=0.95, selector='link[rel="canonical"]'
            )
    meta = page.first_meta("og:url")
    if meta and (address := urls.resolve(page.url, meta[1])):
        return address, Evidence(extractor="meta", confidence=0.8, selector='meta[property="og:url"]')
    return None
