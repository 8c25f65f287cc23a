"""What every reader hands on: the shown text, and where in it blocks, links and pictures stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
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
