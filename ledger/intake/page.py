"""What every reader hands on: the shown text, and where in it blocks, links and pictures stand."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or line: ``text[start:end]`` of the page.

    ``kind``: h1-h6, p, li, caption, quote, rule, line. ``region``: main, header, footer, nav, aside, figure.
    ``hints``: class and id names of the block and its near ancestors, lower case.
    """

    start: int
    end: int
    kind: str
    region: str
    hints: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """``href`` as written in the page. start == end for a link around a picture."""

    start: int
    end: int
    href: str
    rel: str
    region: str
    hints: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A <time> element or the like."""

    start: int
    end: int
    value: str
    hints: str


@dataclass(slots=True)
class Page:
    """A parsed page. ``meta`` holds (name in lower case, content); ``data`` the JSON-LD objects, flattened."""

    text: str
    blocks: list[Block]
    links: list[Link]
    kind: str
    url: str | None = None
    meta: list[tuple[str, str]] = field(default_factory=list)
    head_links: list[tuple[str, str]] = field(default_factory=list)
    data: list[dict[str, Any]] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)
    language: str | None = None
    title_tag: str | None = None
    _starts: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._starts = [block.start for block in self.blocks]

    def of(self, block: Block) -> str:
        return self.text[block.start : block.end]

    def block_at(self, offset: int) -> Block | None:
        """The block that holds a character, or None between blocks."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self.blocks[index].end:
            return self.blocks[index]
        return None

    def first_meta(self, *names: str) -> tuple[str, str] | None:
        """(name, content) of the first of *names* that the page declares, in the order of *names*."""
        for name in names:
            for key, content in self.meta:
                if key == name and content.strip():
                    return name, content.strip()
        return None

    def links_in(self, start: int, end: int) -> list[Link]:
        return [link for link in self.links if start <= link.start and link.end <= end]


SPACES = re.compile(r"[ \t\r\f\v\n\u00a0\u202f\u2009\u200a\u2002\u2003]+")


def squeeze(text: str) -> str:
    """Runs of white space to one blank."""
    return SPACES.sub(" ", text).strip()


MAX_READ = 240_000
"""Characters of shown text in which fields are looked for; an article has a tenth of it."""
_HEAD = 160_000
GAP = "\n[…]\n"


def shortened(page: Page) -> Page:
    """A very long page without its middle: what it says about itself stands at its beginning and its end."""
    if len(page.text) <= MAX_READ:
        return page
    tail = len(page.text) - (MAX_READ - _HEAD)
    shift = _HEAD + len(GAP) - tail
    text = page.text[:_HEAD] + GAP + page.text[tail:]
    blocks = [replace(block, end=min(block.end, _HEAD)) for block in page.blocks if block.start < _HEAD]
    blocks = blocks[:_MOST_BLOCKS]
    blocks += [
        replace(block, start=max(block.start, tail) + shift, end=block.end + shift)
        for block in page.blocks
        if block.end > tail and block.start >= _HEAD
    ][-_MOST_BLOCKS:]
    links = [link for link in page.links if link.end <= _HEAD]
    links += [
        replace(link, start=link.start + shift, end=link.end + shift)
        for link in page.links
        if link.start >= tail
    ]
    stamps = [stamp for stamp in page.stamps if stamp.end <= _HEAD]
    return Page(text, blocks, links[:_MOST_BLOCKS], page.kind, url=page.url, meta=page.meta[:500],
                head_links=page.head_links[:500], data=page.data, stamps=stamps, language=page.language, title_tag=page.title_tag)  # fmt: skip


_MOST_BLOCKS = 10_000
