"""Who carries the page: the site's name, the legal person behind it, the day it was published here."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ledger.intake.datelines import Dateline
from ledger.intake.dates import dates_in, parse_stamp
from ledger.intake.draft import Evidence, Source
from ledger.intake.page import Page, squeeze
from ledger.intake.phrases import same_name
from ledger.intake.titles import article_data, site_name

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


_LEGAL_STEMS = re.compile(
    r"responsib|liab|permission|endorse|warrant|inaccura|right|project of|publication of|service of|program|trading name"
    r"|published by|operated by|owned by|run by|produced by|Herausgeber|Verlag|Anbieter|diteur|Editor|Wydawca|Издатель"
    r"|Учредитель|Editore|Uitgever|Publisher|édité par|publié par|herausgegeben|publicación de|wydawan|изда"
)


def _legal_matches(page: Page) -> Iterator[tuple[int, re.Match[str]]]:
    """Matches in the blocks that talk of such things; in the order of the patterns, then of the text."""
    blocks = [
        block
        for block in page.blocks
        if block.region != "nav" and _LEGAL_STEMS.search(page.text, block.start, block.end)
    ]
    for number, pattern in enumerate(_LEGAL):
        for block in blocks:
            for match in pattern.finditer(page.text, block.start, min(block.end, block.start + 4000)):
                if number != 0 or _legal_context(page.text[match.start() : match.end() + 90]):
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
