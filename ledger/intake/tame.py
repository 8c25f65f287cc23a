"""Outsize or malicious markup, brought down to what a parser can take in linear time.

The HTML standard's tree building is quadratic or worse in nesting depth, in attributes per tag and in
unclosed formatting tags (section 13.2.4.3, "list of active formatting elements"): 70 kB can cost ten seconds
and gigabytes. Ordinary pages never come here; the rest are retold as a plain, well-nested page that keeps the
text, the blocks, the links, the meta tags and the JSON-LD.
"""

from __future__ import annotations

import re
from html import escape, unescape

_HEAD_TAGS, _TAIL_TAGS = 80_000, 40_000
"""Of a page with more tags the middle is left out: what it says about itself stands at its two ends."""
_MAX_DEPTH = 200
_PLAIN_LENGTH = 3_000_000
_PLAIN_TAGS = 30_000

_STYLED = re.compile(r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/]", re.I)
_TAG = re.compile(
    r"<(?P<name>[A-Za-z][^\s/>]*)"
    r"(?P<attributes>(?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"'][^\s>]*+)?+)?+)*+)>?+"
    r"|</(?P<close>[A-Za-z][^\s/>]*)[^>]*+>?+"
    r"|<!--(?P<comment>.*?(?:--!?>|\Z))"
    r"|<[!?/][^>]*+>?+",
    re.S,
)
_ATTRIBUTE = re.compile(
    r"([^\s/>=\"'<]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"?+|'([^']*+)'?+|([^\s>\"'][^\s>]*+))?+)?+", re.S
)
_HIDDEN_CONTENT = frozenset({"script", "style", "textarea", "xmp", "iframe", "noembed", "noframes", "title"})
_CONTAINERS_NAMES = (
    "html head body article main section header footer nav aside figure figcaption address div ul ol li p "
    "h1 h2 h3 h4 h5 h6 blockquote a time span td th dd dt "
)
_CONTAINERS = frozenset(_CONTAINERS_NAMES.split())
_AS_DIV = frozenset({"td", "th", "dd", "dt", "span"})
_VOID = frozenset({"meta", "link", "br", "hr", "img"})
_KEPT_NAMES = (
    "name property content itemprop http-equiv charset rel href class id lang datetime alt src type role "
)
_KEPT = frozenset(_KEPT_NAMES.split())


def needs_taming(markup: str) -> bool:
    """Whether the standard tree building might take more than a fraction of a second on *markup*."""
    if len(markup) > _PLAIN_LENGTH or markup.count("<") > _PLAIN_TAGS:
        return True
    if len(markup) > 12_000 and any(_many_attributes(run) for run in markup.split(">")):
        return True
    return markup.count("<") > 2000 and len(_STYLED.findall(markup)) > 300


def _many_attributes(run: str) -> bool:
    return len(run) > 12_000 and run.count(" ") + run.count("\n") + run.count("/") > 1500


def tame(markup: str) -> str:
    """A well-nested page of at most 200 levels with the same text."""
    return _Retelling(markup).told()


def _gap(markup: str) -> tuple[int, int]:
    """(start, end) of the middle to leave out, or (-1, -1)."""
    if markup.count("<") <= _HEAD_TAGS + _TAIL_TAGS:
        return -1, -1
    start = -1
    for _ in range(_HEAD_TAGS):
        start = markup.find("<", start + 1)
    end = len(markup)
    for _ in range(_TAIL_TAGS):
        end = markup.rfind("<", 0, end)
    return start, end


class _Retelling:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.out: list[str] = []
        self.open: list[str] = []
        self.in_link = False

    def told(self) -> str:
        position, markup = 0, self.markup
        gap, after_gap = _gap(markup)
        while True:
            start = markup.find("<", position)
            if 0 <= gap <= start:
                self.out.append("<p>[…]</p>")
                gap, position = -1, after_gap
                continue
            if start < 0:
                self.say(markup[position:])
                break
            self.say(markup[position:start])
            match = _TAG.match(markup, start)
            if match is None:
                self.out.append("&lt;")
                position = start + 1
                continue
            position = match.end()
            if match["name"]:
                position = self.start_tag(match, position)
            elif match["close"]:
                self.end_tag(match["close"].lower())
        return "".join(self.out)

    def say(self, text: str) -> None:
        if text:
            self.out.append(text.replace("<", "&lt;"))

    def start_tag(self, match: re.Match[str], position: int) -> int:
        name = match["name"].lower()
        if name in _HIDDEN_CONTENT:
            return self.hidden(name, match, position)
        if name in _VOID:
            self.out.append(f"<{name}{_attributes(match['attributes'])}>")
        elif name in _CONTAINERS and len(self.open) < _MAX_DEPTH:
            if name == "a":
                if self.in_link:
                    return position
                self.in_link = True
            self.open.append(name)
            self.out.append(f"<{_told_as(name)}{_attributes(match['attributes'])}>")
        elif name not in ("b", "i", "em", "strong", "u", "s", "small", "font", "code"):
            self.out.append(" ")
        return position

    def hidden(self, name: str, match: re.Match[str], position: int) -> int:
        """Skip what a raw-text element holds; keep the title and JSON-LD."""
        end = re.compile(rf"</{name}[\s/>]", re.I).search(self.markup, position)
        stop = end.start() if end else len(self.markup)
        content = self.markup[position:stop]
        if name == "title":
            self.out.append(f"<title>{escape(unescape(content[:2000]))}</title>")
        elif name == "script" and "ld+json" in match["attributes"] and "<" not in content[:1]:
            safe = content.replace("<!--", "").replace("<", "\\u003c")
            self.out.append(f'<script type="application/ld+json">{safe}</script>')
        return stop

    def end_tag(self, name: str) -> None:
        if name not in self.open[-30:]:
            return
        while self.open:
            last = self.open.pop()
            self.out.append(f"</{_told_as(last)}>")
            if last == "a":
                self.in_link = False
            if last == name:
                return


def _told_as(name: str) -> str:
    return "div" if name in _AS_DIV else name


def _attributes(text: str) -> str:
    if not text or text.isspace():
        return ""
    kept: list[str] = []
    for number, match in enumerate(_ATTRIBUTE.finditer(text)):
        name = match[1].lower()
        if number > 40 or len(kept) > 12:
            break
        if name in _KEPT:
            value = next((group for group in match.groups()[1:] if group is not None), "")
            kept.append(f' {name}="{escape(unescape(value[:4000]))}"')
    return "".join(kept)
