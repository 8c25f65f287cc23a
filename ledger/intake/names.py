"""Who wrote it: bylines shown and declared."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.intake.dates import dates_in
from ledger.intake.draft import Author, Evidence
from ledger.intake.page import Block, Page, squeeze
from ledger.intake.phrases import looks_like_organisation, looks_like_person, same_name
from ledger.intake.titles import BYLINE, article_data

_LABEL = re.compile(
    r"(?:^|\n)\s*(?:articles? by|authors?|written by|auteurs?|autore?s?|autor\w*|verfasser\w*|автор\w*|tekst)\s*:?\s+(?=[^\W\d_])",
    re.I,
)
_CUT = re.compile(
    r"\s+(?:for|on|via|in|at|special to|pour|für|dla|para|per|из|для)\s+|\s*[|•·–—/]\s*|\s+-\s+|\n|\s*\(|\s+(?:published|updated|posted|veröffentlicht|publié)\b|\s*:\s*|\.\s+(?=[A-Z])",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:,|;|&)\s*|\s+(?:and|et|und|y|e|i|и|oraz|och|en|og|with|avec|mit|con)\s+", re.I)
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|columnist|contributor|analyst|professor|journalist|korrespondent|redakteur\w*|journaliste|professeur|dr|phd|md|staff writer|senior|chief|freelance|guest|special)\b",
    re.I,
)
_NOBODY = re.compile(
    r"^(?:admin\w*|webmaster|root|editor|guest|user|author|staff|unknown|anonymous|n/?a|none|null|the author|redaktion)$|@|https?:|^\W*$",
    re.I,
)


def find_authors(
    page: Page, title_index: int, known: tuple[str, ...]
) -> tuple[tuple[Author, ...], Evidence | None]:
    """Authors with their type. *known* are names of organisations found elsewhere on the page (source, site,
    holder): an author of that name is an organisation."""
    for names, evidence in _candidates(page, title_index):
        authors = tuple(
            Author(name, kind or _kind(name, known)) for name, kind in names if not _NOBODY.search(name)
        )
        if authors:
            return authors[:20], evidence
    return (), None


def _kind(name: str, known: tuple[str, ...]) -> str | None:
    if any(same_name(name, other) for other in known) or looks_like_organisation(name):
        return "organization"
    return "person" if looks_like_person(name) else None


_Names = list[tuple[str, str | None]]


def _candidates(page: Page, title_index: int) -> Iterator[tuple[_Names, Evidence]]:
    yield from _bylines(page, title_index)
    for item in article_data(page):
        names = _from_data(item.get("author") or item.get("creator"))
        if names:
            yield (
                names,
                Evidence(extractor="json-ld", confidence=0.9, selector='script[type="application/ld+json"]'),
            )
    for link in page.links:
        if (
            "author" in link.rel.split()
            and 2 < link.end - link.start < 60
            and link.region not in ("nav", "footer")
        ):
            yield (
                [(squeeze(page.text[link.start : link.end]), None)],
                Evidence(extractor="rel-author", confidence=0.88, start=link.start, end=link.end),
            )
    yield from _hinted(page)
    for name in (
        "author",
        "article:author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
        "citation_author",
        "byl",
        "twitter:creator",
    ):
        declared = [content for key, content in page.meta if key == name]
        found = [
            (each, None)
            for content in declared
            for each in _names(re.sub(r"^by\s+", "", squeeze(content), flags=re.I))
        ]
        if found:
            yield (
                [(each, None) for each, _ in found],
                Evidence(extractor="meta", confidence=0.75, selector=f'meta[name="{name}"]'),
            )
    yield from _labelled(page)


def _bylines(page: Page, title_index: int) -> Iterator[tuple[_Names, Evidence]]:
    first = max(title_index, 0)
    near = page.blocks[first : first + 10] if page.kind == "text" else page.blocks[first : first + 9]
    for block in near:
        if block.region in ("nav", "footer", "aside", "figure") or block.end - block.start > 300:
            continue
        start = block.start
        for line in page.of(block).split("\n"):
            match = BYLINE.match(line)
            if match and len(line) < 160:
                names = _names(line[match.end() :])
                if names and _plausible(line, match, names):
                    at = page.text.find(names[0], start + match.end(), start + len(line))
                    last = page.text.find(names[-1], at, start + len(line)) + len(names[-1])
                    yield (
                        [(name, None) for name in names],
                        Evidence(extractor="byline", confidence=0.93, start=at, end=last),
                    )
            start += len(line) + 1


def _plausible(line: str, match: re.Match[str], names: list[str]) -> bool:
    """ "By contrast, ..." and "Von der Küste" are no bylines: the names must look like names."""
    if ":" in match[0]:
        return True
    return all(
        name[0].isupper() and len(name.split()) <= 6 and not name.endswith(".") for name in names
    ) and not line.rstrip().endswith((".", "?", "!"))


def _names(text: str) -> list[str]:
    day = next(dates_in(text), None)
    if day:
        text = text[: day[0]]
    cut = _CUT.search(text)
    if cut and cut.start() > 1:
        text = text[: cut.start()]
    names: list[str] = []
    for part in _SPLIT.split(text):
        name = re.sub(
            r"^(?:by|dr\.?|prof\.?|par|von|the author)\s+", "", part.strip(' .,:;"“”„«»*_'), flags=re.I
        )
        if not 2 < len(name) <= 70 or len(name.split()) > 8 or not name[:1].isalpha():
            continue
        if _ROLE.search(name) and names:
            continue
        names.append(name)
    persons = [name for name in names if looks_like_person(name)]
    if persons and len(persons) < len(names):
        # "Mara Finn, Meridian Wire": the second is where she writes
        names = [name for name in names if name in persons or not looks_like_organisation(name)]
    return names


def _from_data(value: object) -> _Names:
    names: _Names = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip() and "://" not in item:
            names.extend((name, None) for name in _names(squeeze(item)))
        elif isinstance(item, dict) and isinstance(item.get("name"), str):
            kind = str(item.get("@type")).lower()
            said = (
                "person"
                if "person" in kind
                else "organization"
                if "organi" in kind or "newsmedia" in kind
                else None
            )
            names.append((squeeze(re.sub(r"^by\s+", "", item["name"], flags=re.I)), said))
    return [(name, kind) for name, kind in names if name]


_BYLINE_HINT = re.compile(
    r"(?:^|[\s_-])(?:byline|author(?:-?name)?|p-author|vcard|autor|auteur|article__author)(?:$|[\s_-])"
)


def _hinted(page: Page) -> Iterator[tuple[_Names, Evidence]]:
    for block in page.blocks[:60]:
        if (
            _BYLINE_HINT.search(block.hints[:120])
            and block.end - block.start < 120
            and block.region in ("main", "header")
        ):
            names = _names(BYLINE.sub("", page.of(block)))
            if names and all(name[0].isupper() for name in names):
                yield [(name, None) for name in names], _span(block)


def _span(block: Block) -> Evidence:
    return Evidence(extractor="byline-class", confidence=0.8, start=block.start, end=block.end)


def _labelled(page: Page) -> Iterator[tuple[_Names, Evidence]]:
    for match in _LABEL.finditer(page.text):
        block = page.block_at(match.end())
        if block is None or block.end - block.start > 200 or block.region in ("nav", "figure"):
            continue
        names = _names(page.text[match.end() : block.end])
        if names and names[0][0].isupper():
            yield (
                [(name, None) for name in names],
                Evidence(extractor="label", confidence=0.75, start=match.end(), end=block.end),
            )
