"""Title, subtitle and where in the blocks the article begins."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ledger.intake.dates import dates_in
from ledger.intake.draft import Evidence
from ledger.intake.page import Block, Page, squeeze

_NOISE = re.compile(
    r"^(?:skip to|menu|home|search|log ?in|sign ?in|subscribe|advertisement|anzeige|publicité|share|print|newsletter|cookies?|accept|breaking"
    r"|navigation|zum inhalt|aller au contenu|ir al contenido|przejdź|поиск|меню|главная|startseite|accueil|strona główna|reklama|реклама"
    r"|support us|donate|we use cookies|this site uses|toggle|close|en español|follow us)\b|^\W*$|(?: [>›»|/] .+){1,}$",
    re.I,
)  # fmt: skip
_ARTICLE = ("article", "newsarticle", "blogposting", "report", "scholarlyarticle", "opinionnewsarticle", "analysisnewsarticle",
            "reportagenewsarticle", "techarticle", "reviewnewsarticle", "backgroundnewsarticle", "liveblogposting")  # fmt: skip
_DEK = re.compile(
    r"(?:^|[\s_-])(?:sub-?title|standfirst|dek|deck|sub-?head(?:line|ing)?|strapline|article-?(?:summary|intro|description)|chapo|vorspann|teaser-?text|entradilla|alternativeheadline)(?:$|[\s_-])"
)
BYLINE = re.compile(
    r"^\s*(?:(?:written |words |reported |story |text |posted )?by\b|par\b|von\b|por\b|di\b|da\b|door\b|av\b|текст\b\s*:?|автор\w*\s*:|autor\w*\s*:|author\w*\s*:|auteurs?\s*:"
    r"|autore\s*:|text\s*:|tekst\s*:|texto\s*:|redacción\s*:|articles? by\s*:)\s*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Found:
    value: str
    evidence: Evidence


def article_data(page: Page) -> list[dict[str, object]]:
    """The JSON-LD objects that describe an article."""
    chosen = []
    for item in page.data:
        kinds = item.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(str(name).lower() in _ARTICLE for name in names):
            chosen.append(item)
    return chosen


def find_title(page: Page) -> tuple[Found | None, int]:
    """(title, index of its block or -1)."""
    return _html_title(page) if page.kind == "html" else _text_title(page)


def _html_title(page: Page) -> tuple[Found | None, int]:
    """A heading that says what the page declares; else what it declares; else its one heading."""
    declared = _declared_title(page)
    headings = [
        (index, block)
        for index, block in enumerate(page.blocks)
        if block.kind == "h1" and block.region not in ("nav", "footer", "aside")
    ]
    named = [each for each in headings if not _is_site_name(squeeze(page.of(each[1])), page)]
    real = [each for each in named if each[1].region == "main"]
    if declared:
        for each in named:
            if _alike(squeeze(page.of(each[1])), declared.value):
                return _heading(page, each, 0.97)
        return _shown_as_declared(page, declared) or _only_heading(page, declared, real) or (declared, -1)
    if real:
        return _heading(page, real[0], 0.85 if len(real) == 1 else 0.6)
    return None, -1


def _heading(page: Page, heading: tuple[int, Block], sure: float) -> tuple[Found, int]:
    index, block = heading
    evidence = Evidence(extractor="h1", confidence=sure, start=block.start, end=block.end)
    return Found(squeeze(page.of(block)), evidence), index


def _shown_as_declared(page: Page, declared: Found) -> tuple[Found, int] | None:
    """A lesser heading or a paragraph that is the declared title, word for word."""
    for index, block in enumerate(page.blocks):
        if block.kind not in ("h2", "h3", "p") or block.region not in ("main", "header"):
            continue
        if squeeze(page.of(block)) == declared.value:
            evidence = replace(
                declared.evidence, confidence=0.93, selector=None, start=block.start, end=block.end
            )
            return Found(declared.value, evidence), index
    return None


def _only_heading(page: Page, declared: Found, real: list[tuple[int, Block]]) -> tuple[Found, int] | None:
    """The one heading of the text, where the page declares no more than what its tab is called."""
    if len(real) == 1 and declared.evidence.extractor == "title-tag":
        return _heading(page, real[0], 0.8)
    return None


def _declared_title(page: Page) -> Found | None:
    for item in article_data(page):
        headline = item.get("headline")
        if isinstance(headline, str) and headline.strip():
            return Found(
                squeeze(headline),
                Evidence(extractor="json-ld", confidence=0.9, selector='script[type="application/ld+json"]'),
            )
    meta = page.first_meta(
        "og:title",
        "twitter:title",
        "citation_title",
        "dc.title",
        "dcterms.title",
        "parsely-title",
        "headline",
    )
    if meta:
        return Found(
            _without_site(squeeze(meta[1]), page),
            Evidence(extractor="meta", confidence=0.85, selector=f'meta[property="{meta[0]}"]'),
        )
    if page.title_tag:
        return Found(
            _without_site(page.title_tag, page),
            Evidence(extractor="title-tag", confidence=0.7, selector="title"),
        )
    return None


def site_name(page: Page) -> str | None:
    """og:site_name and its kin."""
    meta = page.first_meta(
        "og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_journal_title"
    )
    return squeeze(meta[1]) if meta else None


def _without_site(title: str, page: Page) -> str:
    site = site_name(page)
    pieces = re.split(r"\s+(?:[|»«·•–—]|-|::)\s+", title)
    if len(pieces) < 2:
        return title
    if site:
        kept = [piece for piece in pieces if piece.lower() != site.lower()]
        if len(kept) < len(pieces) and kept:
            return title[: title.rindex(kept[-1]) + len(kept[-1])][title.index(kept[0]) :]
    tail = pieces[-1]
    if len(tail.split()) <= 4 and len(tail) < len(title) / 2:
        return title[: title.rindex(tail)].rstrip(" |»«·•–—-:")
    return title


def _is_site_name(shown: str, page: Page) -> bool:
    site = site_name(page)
    return bool(site and shown.lower() == site.lower())


def _alike(shown: str, declared: str) -> bool:
    one, other = re.sub(r"\W+", "", shown).lower(), re.sub(r"\W+", "", declared).lower()
    return bool(one and other) and (one == other or (len(one) > 12 and (one in other or other in one)))


def _text_title(page: Page) -> tuple[Found | None, int]:
    head = [(index, block) for index, block in enumerate(page.blocks[:20]) if block.kind != "rule"]
    for index, block in head:
        if block.kind == "h1":
            return Found(
                squeeze(page.of(block)),
                Evidence(extractor="heading", confidence=0.95, start=block.start, end=block.end),
            ), index
    for position, (index, block) in enumerate(head):
        line, start = _first_line(page, block)
        labelled = re.match(r"(?:title|titre|titel|título|tytuł|заголовок|titolo)\s*:\s*(?=\S)", line, re.I)
        if labelled:
            return Found(
                line[labelled.end() :],
                Evidence(
                    extractor="first-line",
                    confidence=0.9,
                    start=start + labelled.end(),
                    end=start + len(line),
                ),
            ), index
        if (
            _NOISE.search(line)
            or BYLINE.match(line)
            or line.startswith(("http://", "https://", "www."))
            or _is_dateline(line)
        ):
            continue
        if len(line) <= 30 and (line.isupper() or len(line.split()) == 1) and position + 1 < len(head):
            following = _first_line(page, head[position + 1][1])[0]
            if (
                len(following) > len(line)
                and not BYLINE.match(following)
                and not _is_dateline(following)
                and len(following) < 250
            ):
                continue  # a section label above the headline
        if len(line) > 250:
            return None, -1
        sure = 0.85 if not line.endswith(".") else 0.55
        return Found(
            line, Evidence(extractor="first-line", confidence=sure, start=start, end=start + len(line))
        ), index
    return None, -1


def _first_line(page: Page, block: Block) -> tuple[str, int]:
    text = page.of(block)
    return text.split("\n", 1)[0], block.start


def _is_dateline(line: str) -> bool:
    return len(line) < 80 and next(dates_in(line), None) is not None and len(re.sub(r"\W|\d", "", line)) < 40


def find_subtitle(page: Page, title_index: int) -> Found | None:
    """The line under the title that is no byline, date or paragraph of the body."""
    for item in article_data(page):
        text = item.get("alternativeHeadline")
        if isinstance(text, str) and text.strip():
            return Found(
                squeeze(text),
                Evidence(extractor="json-ld", confidence=0.85, selector='script[type="application/ld+json"]'),
            )
    if title_index < 0:
        return None
    title = page.blocks[title_index]
    following = [block for block in page.blocks[title_index + 1 : title_index + 8] if block.kind != "rule"]
    if page.kind == "html":
        for block in following[:4]:
            text = squeeze(page.of(block))
            if block.region in ("figure", "nav", "aside") or BYLINE.match(text):
                continue
            if _DEK.search(block.hints) and 8 < len(text) < 500:
                return Found(
                    text, Evidence(extractor="standfirst", confidence=0.92, start=block.start, end=block.end)
                )
        if following and following[0].kind == "h2" and _byline_follows(page, following[1:3]):
            return Found(
                squeeze(page.of(following[0])),
                Evidence(
                    extractor="h2-under-title", confidence=0.8, start=following[0].start, end=following[0].end
                ),
            )
        return None
    lines = page.of(title).split("\n")
    if (
        len(lines) > 1
        and not BYLINE.match(lines[1])
        and not _is_dateline(lines[1])
        and 15 < len(lines[1]) < 300
    ):
        start = title.start + len(lines[0]) + 1
        return Found(
            lines[1],
            Evidence(extractor="line-under-title", confidence=0.7, start=start, end=start + len(lines[1])),
        )
    return _text_subtitle(page, following)


def _text_subtitle(page: Page, following: list[Block]) -> Found | None:
    if not following or not _byline_follows(page, following[1:3]):
        return None
    text = squeeze(page.of(following[0]))
    if (
        not 15 <= len(text) <= 320
        or BYLINE.match(text)
        or _is_dateline(text)
        or "\n" in page.of(following[0])
    ):
        return None
    return Found(
        text,
        Evidence(
            extractor="line-under-title", confidence=0.85, start=following[0].start, end=following[0].end
        ),
    )


def _byline_follows(page: Page, blocks: list[Block]) -> bool:
    return any(
        (BYLINE.match(page.of(block)) and block.end - block.start < 120) or _is_dateline(page.of(block))
        for block in blocks
    )
