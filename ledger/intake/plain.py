"""Plain text, and text with ``[label](address)`` anchors, to a Page."""

from __future__ import annotations

import re

from ledger.intake.page import SPACES, Block, Link, Page

_ANCHOR = re.compile(
    r"!?\[([^\[\]\n]{0,400})\]\(([^()\s]{0,2000})(?:\s+\"[^\"\n]{0,200}\")?\)|<(https?://[^<>\s]{1,2000})>"
)
_RULE = re.compile(r"(?:[*_=~•·–—-]\s*){1,80}|#{1,3}")
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_BULLET = re.compile(r"(?:[-*+•‣◦·–]|\d{1,2}[.)])\s+(?=\S)")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)")


def page_from_text(source: str, url: str | None = None) -> Page:
    """Lines to blocks: a blank line ends a paragraph; a lone line is its own block. Anchors become their
    label, with the address kept as a link; a line of stars or dashes is a rule."""
    out: list[str] = []
    blocks: list[Block] = []
    links: list[Link] = []
    position = 0
    for paragraph in re.split(r"\n[ \t]*\n", source):
        lines = [line for line in (SPACES.sub(" ", raw).strip() for raw in paragraph.split("\n")) if line]
        start = position
        kind = "p"
        for number, line in enumerate(lines):
            if _RULE.fullmatch(line):
                blocks.append(Block(position, position, "rule", "main"))
                continue
            line, kind_here = _line_kind(line)
            if number and kind_here != "p" and position > start:
                blocks.append(Block(start, position - 1, kind, "main"))
                start = position
            kind = kind_here if kind_here != "p" or position == start else kind
            shown = _without_anchors(line, position, links)
            out.append(shown)
            out.append("\n")
            position += len(shown) + 1
        if position > start and position - 1 > start:
            blocks.append(Block(start, position - 1, kind, "main"))
    return Page("".join(out), blocks, links, "text", url=url)


def _line_kind(line: str) -> tuple[str, str]:
    line = _EMPHASIS.sub(r"\2", line)
    if heading := _HEADING.match(line):
        return line[heading.end() :], f"h{len(heading[1])}"
    if bullet := _BULLET.match(line):
        return line[bullet.end() :], "li"
    return line, "p"


def _without_anchors(line: str, position: int, links: list[Link]) -> str:
    pieces: list[str] = []
    length = last = 0
    for match in _ANCHOR.finditer(line):
        before = line[last : match.start()]
        label = match[1] if match[3] is None else match[3]
        pieces += (before, label)
        start = position + length + len(before)
        links.append(Link(start, start + len(label), match[2] if match[3] is None else match[3], "", "main"))
        length += len(before) + len(label)
        last = match.end()
    return "".join(pieces) + line[last:]
