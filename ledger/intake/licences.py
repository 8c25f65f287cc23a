"""The page's licence, kept apart from the licences that mark one picture on it.

Creative Commons names and addresses: ledger.rights.licences. RightsStatements.org: the twelve statements of
version 1.0; they say what the status is and grant nothing.
"""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ledger.intake.draft import Evidence, LicenceReading
from ledger.intake.page import Block, Page
from ledger.intake.phrases import PICTURE, RESERVED, RESERVED_STEMS
from ledger.rights.licences import Licence, licence_from_text

RIGHTS_STATEMENTS = ("InC", "InC-OW-EU", "InC-EDU", "InC-NC", "InC-RUU", "NoC-CR", "NoC-NC", "NoC-OKLR", "NoC-US", "CNE", "UND", "NKC")  # fmt: skip
ALL_RIGHTS_RESERVED = "all-rights-reserved"
_STATEMENT = re.compile(r"rightsstatements\.org/(?:vocab|page)/([A-Za-z-]{3,9})/(1\.0)", re.I)
_MENTION = re.compile(
    r"creative\s*commons|\bCC[\s-]?(?:BY|0|Zero|PDM)\b|creativecommons\.org|rightsstatements\.org|public domain (?:mark|dedication)",
    re.I,
)
_MENTION_STEMS = re.compile(
    r"creative\s*commons|c(?<=\bc)c[\s-]?(?:by|0|zero|pdm)\b|rightsstatements\.org|public domain (?:mark|dedication)"
)
"""The same of small letters, each branch beginning with one: a quick look before the slow search."""
_LOCAL = (
    # element, in languages whose licence names are translated
    ("nc", r"non-?commercial|nicht[- ]?kommerziell|pas d['’]utilisation commerciale|no ?comercial|niekomercyjn|użycie niekomercyjne|некоммерч|non commerciale|niet-?commercieel|n[aã]o[- ]?comercial"),
    ("nd", r"no ?deriv|keine bearbeitung|pas de modification|sin ?(?:obra ?)?derivad|bez utworów zależnych|без производных|non opere derivate|geen afgeleide|sem deriva"),
    ("sa", r"share-?\s?alike|weitergabe unter gleichen|partage (?:dans les mêmes|à l['’]identique)|compartir ?igual|na tych samych warunkach|с сохранением условий|condividi allo stesso|gelijk ?delen|compartilha ?igual"),
    ("by", r"attribution|namensnennung|paternité|reconocimiento|atribución|uznanie autorstwa|с указанием авторства|атрибуция|attribuzione|naamsvermelding|atribuição"),
)  # fmt: skip
_VERSION = re.compile(r"\b([1-4]\.[05])\b")
_SUBJECT_PICTURE = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:photo|image|picture|illustration|foto|bild|cover|header image|featured image|titelbild|zdjęcie|фото|crédit|imagen|video|graphic|map)\w*\b",
    re.I,
)
_PARTIAL = re.compile(
    r"\b(?:except|excluding|excludes|ausgenommen|sauf|excepto|other than|not included|unless)\b", re.I
)
_COMPONENT = (("video", r"\bvideos?\b"), ("audio", r"\b(?:audio|podcasts?|music|sound)\b"), ("image", r""))


def find_licences(page: Page) -> tuple[LicenceReading, tuple[LicenceReading, ...]]:
    """(the page's licence, the components' licences). The page's id is None where none is stated."""
    declared = [*_visible(page), *_linked(page), *_from_head(page)]
    own = [reading for reading in declared if reading.scope == "page"]
    parts = _distinct([reading for reading in declared if reading.scope != "page"])
    if own:
        best = max(
            own,
            key=lambda reading: (
                reading.evidence.confidence if reading.evidence else 0,
                reading.url is not None,
            ),
        )
        twin = next(
            (
                each
                for each in own
                if each.url and best.url is None and (each.id or "").startswith(best.id or "?")
            ),
            None,
        )
        return (replace(best, id=twin.id, url=twin.url) if twin else best), parts
    reserved = _find_reserved(page)
    if reserved:
        evidence = Evidence(extractor="rights-reserved", confidence=0.85, start=reserved[0], end=reserved[1])
        return LicenceReading(id=ALL_RIGHTS_RESERVED, evidence=evidence), parts
    meta = page.first_meta("copyright", "rights", "dc.rights", "dcterms.rights")
    if meta and RESERVED.search(meta[1]):
        evidence = Evidence(extractor="meta", confidence=0.7, selector=f'meta[name="{meta[0]}"]')
        return LicenceReading(id=ALL_RIGHTS_RESERVED, evidence=evidence), parts
    return LicenceReading(), parts


def _visible(page: Page) -> Iterator[LicenceReading]:
    if not _MENTION_STEMS.search(page.text.lower()):
        return
    for match in _MENTION.finditer(page.text):
        block = page.block_at(match.start())
        if block is None:
            continue
        start = max(block.start, page.text.rfind(". ", block.start, match.start()) + 1)
        end = min(block.end, match.end() + 160)
        inside = [link.href for link in page.links_in(start, end)]
        found = _licence(page.text[match.start() : end]) or _by_local_name(page.text[match.start() : end])
        linked = next((licence for href in inside if (licence := _licence(href))), None)
        if linked and (found is None or found[1] is None or "." not in (found[0] or "")):
            found = linked
        if found:
            evidence = Evidence(
                extractor="visible-licence",
                confidence=0.9 if found[1] else 0.8,
                start=match.start(),
                end=_mention_end(page, match, end),
            )
            yield LicenceReading(
                id=found[0], url=found[1], scope=_scope(page, block, match.start()), evidence=evidence
            )


def _mention_end(page: Page, match: re.Match[str], end: int) -> int:
    stop = re.compile(r"[.;)\n](?!\d)").search(page.text, match.end(), end)
    return stop.start() if stop else end


def _linked(page: Page) -> Iterator[LicenceReading]:
    for link in page.links:
        if "creativecommons.org" not in link.href and "rightsstatements.org" not in link.href:
            continue
        found = _licence(link.href)
        if found is None:
            continue
        block = page.block_at(link.start)
        before = max(
            (each for each in page.blocks if each.start <= link.start),
            key=lambda each: each.start,
            default=None,
        )
        scope = (
            "image"
            if link.region == "figure"
            else _scope(page, block or before, link.start)
            if block
            else "page"
        )
        marked = "license" in link.rel.split()
        place = {"start": link.start, "end": link.end} if link.end > link.start else {}
        evidence = Evidence(extractor="rel-license" if marked else "licence-link", confidence=0.95 if marked else 0.9,
                            selector=None if place else f'a[href="{link.href[:200]}"]', **place)  # fmt: skip
        yield LicenceReading(id=found[0], url=found[1], scope=scope, evidence=evidence)


def _from_head(page: Page) -> Iterator[LicenceReading]:
    for rel, href in page.head_links:
        if "license" in rel.split() and (found := _licence(href)):
            yield LicenceReading(id=found[0], url=found[1], evidence=Evidence(
                extractor="link-license", confidence=0.92, selector='link[rel="license"]'))  # fmt: skip
    for name in (
        "dcterms.license",
        "dc.rights",
        "dcterms.rights",
        "license",
        "licence",
        "copyright",
        "rights",
        "dc.rights.license",
    ):
        meta = page.first_meta(name)
        if meta and (found := _licence(meta[1])):
            yield LicenceReading(id=found[0], url=found[1], evidence=Evidence(
                extractor="meta", confidence=0.85, selector=f'meta[name="{name}"]'))  # fmt: skip
    for item in page.data:
        declared = item.get("license")
        text = declared.get("url") or declared.get("@id") or "" if isinstance(declared, dict) else declared
        if isinstance(text, str) and (found := _licence(text)):
            kind = str(item.get("@type")).lower()
            scope = next((word for word in ("image", "video", "audio") if word in kind), "page")
            yield LicenceReading(id=found[0], url=found[1], scope=scope, evidence=Evidence(
                extractor="json-ld", confidence=0.9, selector='script[type="application/ld+json"]'))  # fmt: skip


def _licence(text: str) -> tuple[str, str | None] | None:
    statement = _STATEMENT.search(text)
    if statement:
        code = next((each for each in RIGHTS_STATEMENTS if each.lower() == statement[1].lower()), None)
        if code:
            return code, f"http://rightsstatements.org/vocab/{code}/1.0/"
    found: Licence | None = licence_from_text(text)
    return (found.id, found.url) if found else None


def _by_local_name(text: str) -> tuple[str, str | None] | None:
    elements = {code for code, pattern in _LOCAL if re.search(pattern, text[:160], re.I)}
    if "by" not in elements:
        return None
    version = _VERSION.search(text[:200])
    spelled = "CC " + "-".join(code.upper() for code in ("by", "nc", "nd", "sa") if code in elements)
    return _licence(f"{spelled} {version[1]}" if version else spelled)


def _scope(page: Page, block: Block | None, offset: int) -> str:
    """ "image" (or video, audio) when the mark stands in a caption or the sentence is about a picture."""
    if block is None:
        return "page"
    start = max(
        block.start,
        page.text.rfind(". ", block.start, offset) + 1,
        page.text.rfind("\n", block.start, offset) + 1,
    )
    before = page.text[start:offset]
    stop = page.text.find(". ", offset, block.end)
    whole = page.text[start : stop if stop >= 0 else min(block.end, offset + 200)]
    caption = block.region == "figure" or block.kind == "caption"
    of_picture = _SUBJECT_PICTURE.search(before.strip()) or (PICTURE.search(before) and not _PARTIAL.search(before)
                  and not re.search(r"\b(?:text|texte|article|story|site|content|artikel|tekst|текст|artículo)\w*\b", before, re.I))  # fmt: skip
    if caption or of_picture:
        return next(name for name, pattern in _COMPONENT if not pattern or re.search(pattern, whole, re.I))
    return "page"


def _distinct(readings: list[LicenceReading]) -> tuple[LicenceReading, ...]:
    kept: dict[tuple[str | None, str], LicenceReading] = {}
    for reading in readings:
        kept.setdefault((reading.id, reading.scope), reading)
    return tuple(kept.values())


def _find_reserved(page: Page) -> tuple[int, int] | None:
    """Where the page says "All rights reserved" in any language we know, pictures' captions left out."""
    if not _may_reserve(page.text):
        return None
    for block in page.blocks:
        if block.region in ("figure", "aside") or not _may_reserve(page.of(block)):
            continue
        for match in RESERVED.finditer(page.text, block.start, block.end):
            if "some" not in match[0].lower():
                return match.start(), match.end()
    return None


def _may_reserve(text: str) -> bool:
    low = text.lower()
    return any(stem in low for stem in RESERVED_STEMS)
