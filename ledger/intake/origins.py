"""Where the text came from (source) and who carries it (republisher)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.intake import urls
from ledger.intake.dates import dates_in, parse_stamp
from ledger.intake.draft import Evidence, Source
from ledger.intake.page import Block, Link, Page, squeeze
from ledger.intake.phrases import same_name
from ledger.intake.titles import BYLINE, article_data, site_name

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
_HOST_DATE = re.compile(r"^\s*(?P<name>[^\n,:|]{2,60}?)\s*(?:,|\||–|—|-|\(|:|·|•)?\s*$")
_LEGAL_FORM = re.compile(
    r"\b(?:inc|ltd|llc|llp|plc|gmbh|e\.\s?v|s\.?a\.?r\.?l|sp\. z o\.?o|foundation|stiftung|fundacja|fundación|association|verein|limited|incorporated|b\.v|oy|ab|ооо|ано|институт|centre|center|institute|trust|society|cooperative|verlag)\b",
    re.I,
)
_ENTITY = r"(?P<who>(?:[A-ZÀ-ÞĀ-ŽА-ЯЁ][\w’'&.-]*)(?:,? (?:[A-ZÀ-ÞĀ-ŽА-ЯЁ][\w’'&-]*\.?|of|for|on|the|and|de|für|pour|des|la|du|z o\.o\.|e\.V\.)){0,8})"
_LEGAL = (
    re.compile(rf"\b[Tt]he {_ENTITY} (?:will not be|is not|cannot be|shall not be|does not|hereby|grants|accepts no|assumes no|disclaims)\b"),
    re.compile(rf"\b(?:is|are) (?:a (?:project|publication|service|program|programme|trading name) of|published by|operated by|owned by|run by|produced by) (?:the )?{_ENTITY}"),
    re.compile(rf"\b(?:Herausgeber(?:in)?|Verlag|Anbieter|Éditeur|Editeur|Editor responsable|Wydawca|Издатель|Учредитель|Editore|Uitgever|Publisher)\s*:\s*{_ENTITY}"),
    re.compile(rf"\b(?:est (?:édité|publié) par|wird herausgegeben von|herausgegeben von|es una publicación de|jest wydawan\w+ przez|издаётся|издается) (?:the |der |dem |la |le |l['’])?{_ENTITY}"),
)  # fmt: skip
_PUBLISHED = ("article:published_time", "datepublished", "dc.date", "dcterms.created", "dcterms.issued", "dc.date.issued", "citation_publication_date",
              "citation_date", "parsely-pub-date", "sailthru.date", "date", "pubdate", "og:article:published_time", "publish_date")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dateline:
    """A line near the top that is a name with a date: "Harbour Review, March 06, 2022"."""

    name: str
    day: date
    start: int
    end: int
    linked: bool
    comma: bool


@dataclass(frozen=True, slots=True)
class SourceFound:
    source: Source
    name_evidence: Evidence | None
    url_evidence: Evidence | None
    date_evidence: Evidence | None


def datelines(page: Page, title_index: int) -> list[Dateline]:
    found = []
    for block in page.blocks[max(title_index, 0) : max(title_index, 0) + 14]:
        if block.region in ("nav", "footer", "aside", "figure") or block.end - block.start > 300:
            continue
        start = block.start
        for line in page.of(block).split("\n"):
            day = next(dates_in(line, page.language), None)
            if day and len(line) < 110:
                before = line[: day[0]]
                match = _HOST_DATE.match(before)
                name = re.sub(r"\s+(?:on|am|le|el|il|от|z dnia)$", "", match["name"]) if match else ""
                name = re.sub(r"^(?:published (?:by|in|on)|by|posted by)\s+", "", name, flags=re.I)
                if (
                    name
                    and name[0].isalnum()
                    and not BYLINE.match(line)
                    and len(name.split()) <= 6
                    and not _is_label(name)
                ):
                    at = start + line.index(name)
                    found.append(
                        Dateline(
                            name,
                            day[2],
                            at,
                            start + day[1],
                            bool(page.links_in(at, at + len(name))),
                            "," in before,
                        )
                    )
            start += len(line) + 1
    return found


_LABELLED = re.compile(
    r"(?:published|updated|posted|date|last|first|created|modified|veröffentlicht|aktualisiert|publié|mis à jour|publicado"
    r"|actualizado|opublikowano|data|дата|опубликовано|stand)\b"
    r"|(?:(?:le|am|el|on|den|z|от|mon|tue|wed|thu|fri|sat|sun|\w+day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|\w+tag|mittwoch|lunes|martes|miércoles|jueves|viernes|sábado|domingo)[\s,.]*)+$",
    re.I,
)


def _is_label(name: str) -> bool:
    """ "Published", "Monday": words before a date that name nobody."""
    return bool(_LABELLED.match(name))


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
    begin = match.end()
    for link in page.links:
        if begin - 1 <= link.start <= begin + 5 and link.start < link.end <= block.end + 1:
            name = squeeze(page.text[link.start : link.end]).strip(' .,"“”„«»')
            if urls.is_web_address(name) or re.fullmatch(
                r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?", name
            ):
                name = urls.host_of(name) or name
            if (
                1 < len(name) <= 80
                and not _ORIGINAL_LINK.fullmatch(name)
                and name.lower() not in ("here", "ici", "hier", "aquí", "tutaj")
            ):
                return link.start, link.end, name
    address = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})(?:/\S*)?").match(
        page.text, begin, block.end
    )
    if address and not address[0].endswith("."):
        return begin, address.end(), urls.host_of(address[0]) or address[1]
    named = _NAME.match(page.text, begin, block.end)
    if not named:
        return None
    name = _NAME_END.sub("", named["name"]).rstrip(".,’'")
    if len(name) < 2 or re.fullmatch(
        r"\d+|(?:"
        + "|".join(
            (
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            )
        )
        + r")\b.*",
        name,
    ):
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


def find_site(page: Page, lines: list[Dateline], source_name: str | None) -> tuple[str, Evidence] | None:
    """The name of the site that carries the page."""
    name = site_name(page)
    if name:
        return name, Evidence(extractor="meta", confidence=0.92, selector='meta[property="og:site_name"]')
    for item in article_data(page):
        publisher = item.get("publisher")
        named = publisher.get("name") if isinstance(publisher, dict) else publisher
        if isinstance(named, str) and named.strip() and "://" not in named:
            return squeeze(named), Evidence(
                extractor="json-ld", confidence=0.9, selector='script[type="application/ld+json"]'
            )
    for item in page.data:
        if str(item.get("@type")).lower() in (
            "website",
            "newsmediaorganization",
            "organization",
        ) and isinstance(named := item.get("name"), str):
            return squeeze(named), Evidence(
                extractor="json-ld", confidence=0.75, selector='script[type="application/ld+json"]'
            )
    others = [line for line in lines if not same_name(line.name, source_name)]
    others.sort(key=lambda line: (line.linked, not line.comma))
    if others and page.kind == "text":
        line = others[0]
        return line.name, Evidence(
            extractor="dateline", confidence=0.8, start=line.start, end=line.start + len(line.name)
        )
    return _by_permission(page) or _title_suffix(page)


def _by_permission(page: Page) -> tuple[str, Evidence] | None:
    match = re.compile(
        r"\b(?:re-?publish|re-?print|cross-?post|reproduce|reuse)\w* (?:of )?(?P<name>[A-Z][\w’'&-]*(?: [A-Z][\w’'&-]*){0,3}) (?:articles|stories|content|material)"
    ).search(page.text)
    if match and match["name"] not in ("Our", "These", "The", "Your", "All", "Creative Commons"):
        return match["name"], Evidence(
            extractor="permission-clause", confidence=0.7, start=match.start("name"), end=match.end("name")
        )
    return None


def _title_suffix(page: Page) -> tuple[str, Evidence] | None:
    pieces = re.split(r"\s+(?:[|»·•–—]|-)\s+", page.title_tag or "")
    if (
        len(pieces) > 1
        and 0 < len(pieces[-1].split()) <= 4
        and any(
            block.region in ("header", "footer") and pieces[-1].lower() in page.of(block).lower()
            for block in page.blocks
        )
    ):
        return pieces[-1], Evidence(extractor="title-tag", confidence=0.7, selector="title")
    return None


def find_legal_name(page: Page, site: str | None, source_name: str | None) -> tuple[str, Evidence] | None:
    """The legal person behind the site, where the page names one; the first spelling wins."""
    for item in page.data:
        legal = item.get("legalName")
        if isinstance(legal, str) and legal.strip():
            return squeeze(legal), Evidence(
                extractor="json-ld", confidence=0.9, selector='script[type="application/ld+json"]'
            )
    for number, match in _legal_matches(page):
        name = (
            match["who"].rstrip(",.")
            if not re.search(r"(?:Inc|Ltd|e\.V|Co|z o\.o)\.$", match["who"])
            else match["who"]
        )
        if (
            same_name(name, source_name)
            or same_name(name, site)
            or len(name) < 4
            or (number == 0 and len(name.split()) < 2 and not _LEGAL_FORM.search(name))
        ):
            continue
        return name, Evidence(
            extractor="legal-entity",
            confidence=0.8,
            start=match.start("who"),
            end=match.start("who") + len(name),
        )
    return None


def _legal_matches(page: Page) -> Iterator[tuple[int, re.Match[str]]]:
    for number, pattern in enumerate(_LEGAL):
        for match in pattern.finditer(page.text):
            block = page.block_at(match.start("who"))
            if (
                block
                and block.region != "nav"
                and (number != 0 or _legal_context(page.text[match.start() : match.end() + 90]))
            ):
                yield number, match


def _legal_context(text: str) -> bool:
    """The body may say "The Harbour Board will not be moved": only legal talk counts."""
    return bool(re.search(r"responsib|liab|permission|endorse|warrant|inaccura|right", text, re.I))


def find_published(
    page: Page, lines: list[Dateline], site: str | None, source: Source
) -> tuple[date, Evidence] | None:
    """When this page was published here."""
    for item in article_data(page):
        day = parse_stamp(str(item.get("datePublished") or ""))
        if day:
            return day, Evidence(
                extractor="json-ld", confidence=0.95, selector='script[type="application/ld+json"]'
            )
    meta = page.first_meta(*_PUBLISHED)
    if meta and (day := parse_stamp(meta[1])):
        return day, Evidence(extractor="meta", confidence=0.92, selector=f'meta[property="{meta[0]}"]')
    for line in lines:
        if same_name(line.name, site):
            return line.day, Evidence(extractor="dateline", confidence=0.9, start=line.start, end=line.end)
    for stamp in page.stamps:
        block = page.block_at(stamp.start)
        if (
            (block is None or block.region in ("main", "header"))
            and not re.search(r"updated|modified|comment", stamp.hints)
            and (day := parse_stamp(stamp.value or page.text[stamp.start : stamp.end]))
        ):
            return day, Evidence(
                extractor="time", confidence=0.85, start=stamp.start, end=stamp.end
            ) if stamp.end > stamp.start else Evidence(extractor="time", confidence=0.85, selector="time")
    return _shown_date(page, source)


def _shown_date(page: Page, source: Source) -> tuple[date, Evidence] | None:
    """The first date on a short line near the top that is not the source's."""
    for block in page.blocks[:25]:
        if block.region in ("nav", "footer", "aside", "figure") or block.end - block.start > 140:
            continue
        text = page.of(block)
        if re.search(
            r"updated|modified|aktualisiert|mis à jour|actualizado|zaktualizowano|обновлено|©|copyright|source|originally|first published",
            text,
            re.I,
        ):
            continue
        for first, last, day in dates_in(text, page.language):
            if day != source.published and len(re.sub(r"\W", "", text)) - (last - first) < 60:
                return day, Evidence(
                    extractor="shown-date", confidence=0.75, start=block.start + first, end=block.start + last
                )
    return None
