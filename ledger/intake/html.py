"""HTML to a Page in one walk over the tree, without recursion."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ledger.intake.page import SPACES, Block, Link, Page, Stamp
from ledger.intake.tame import needs_taming, tame

_SKIP_NAMES = (
    "script style noscript template svg math select option button input iframe object embed canvas audio "
    "video textarea head "
)
_SKIP = frozenset(_SKIP_NAMES.split())
_BLOCKS_NAMES = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul "
)
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
_PLAIN_INLINE = frozenset({"b", "i", "em", "strong", "u", "s", "sup", "sub", "code", "wbr", "q", "mark"})
_REGION_TAGS = {"nav": "nav", "aside": "aside", "figure": "figure", "figcaption": "figure", "footer": "footer",
                "header": "header", "caption": "figure"}  # fmt: skip
_FIGURE = re.compile(r"(?:^|[\s_-])(?:wp-)?(?:caption|figure|photo-?credit|image-?credit|media-?credit|img-?credit"
                     r"|photo|gallery|slideshow)(?:$|[\s_-])")  # fmt: skip
_FOOTER = re.compile(
    r"(?:^|[\s_-])(?:site-?footer|page-?footer|footer|colophon|impressum-?bar|bottom-?bar)(?:$|[\s_-])"
)
_NAV = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|skip-?link|pagination|toolbar)(?:$|[\s_-])"
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:sidebar|related|recommended|recirc|comments?|comment-list|widget|promo|advert(?:isement)?|ads?"
    r"|teasers?|most-?read|trending|more-stories|cookie|consent|popup|modal)(?:$|[\s_-])"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MAX_JSON = 600_000


def page_from_html(markup: str, url: str | None = None) -> Page:
    """The shown text of an HTML page with its blocks, links, meta tags and JSON-LD."""
    if needs_taming(markup):
        markup = tame(markup)
    tree = LexborHTMLParser(markup)
    walker = _Walker()
    root = tree.body or tree.root
    if root is not None:
        walker.walk(root)
    text = "".join(walker.out)
    links, stamps = _within(walker.links, len(text)), _within(walker.stamps, len(text))
    page = Page(text, walker.blocks, links, "html", url=url, stamps=stamps)
    _read_head(tree, page)
    return page


Marked = TypeVar("Marked", Link, Stamp)


def _within(found: list[Marked], length: int) -> list[Marked]:
    """Marks with their ends inside the text: a blank that ended it was dropped after they were noted."""
    return [
        each if each.end <= length else replace(each, start=min(each.start, length), end=length)
        for each in found
    ]


def _read_head(tree: LexborHTMLParser, page: Page) -> None:
    html = tree.css_first("html")
    page.language = (html.attributes.get("lang") or html.attributes.get("xml:lang")) if html else None
    for node in tree.css("meta"):
        attributes = node.attributes
        content = attributes.get("content")
        name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
                or attributes.get("http-equiv"))  # fmt: skip
        if name and content:
            page.meta.append((name.strip().lower(), content))
    for node in tree.css("link"):
        attributes = node.attributes
        if attributes.get("rel") and attributes.get("href"):
            page.head_links.append(((attributes["rel"] or "").lower(), attributes["href"] or ""))
    title = tree.css_first("title")
    page.title_tag = SPACES.sub(" ", title.text() or "").strip() or None if title else None
    for node in tree.css('script[type="application/ld+json"]'):
        page.data.extend(_objects(node.text() or ""))


def _objects(source: str) -> list[dict[str, Any]]:
    """Every JSON-LD object with a type, outer ones first; broken JSON gives none."""
    if len(source) > _MAX_JSON:
        return []
    try:
        top = json.loads(source.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        return []
    found: list[dict[str, Any]] = []
    queue: list[Any] = [top]
    for item in queue:  # grows while it is walked: breadth first, no recursion
        if isinstance(item, list):
            queue.extend(item[:200])
        elif isinstance(item, dict):
            if "@type" in item:
                found.append(item)
            queue.extend(value for value in item.values() if isinstance(value, dict | list))
        if len(queue) > 5000:
            break
    return found


class _State:
    """What an open element means for the text in it."""

    __slots__ = ("hints", "in_article", "kind", "link", "region", "tag")

    def __init__(self, tag: str, kind: str, region: str, hints: str, in_article: bool, link: int) -> None:
        self.tag, self.kind, self.region, self.hints = tag, kind, region, hints
        self.in_article, self.link = in_article, link


class _Walker:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.position = 0
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.stamps: list[Stamp] = []
        self.stack: list[_State] = [_State("body", "p", "main", "", False, -1)]
        self.block_start = -1
        self.block_state = self.stack[0]
        self.space = False
        self.opened: list[tuple[int, dict[str, str | None], _State]] = []

    def walk(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        depth = 0
        while node is not None:
            child = node.first_child if self.enter(node) else None
            if child is not None:
                node, depth = child, depth + 1
                continue
            self.leave(node)
            following = node.next if depth else None
            while following is None and depth:
                node = node.parent
                depth -= 1
                if node is None:
                    break
                self.leave(node)
                following = node.next if depth else None
            node = following
        self.close_block()

    def enter(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag == "-text":
            self.say(node.text_content or "")
            return False
        if tag in _SKIP:
            return False
        if tag == "br":
            self.line_break()
            return False
        if tag in _PLAIN_INLINE:
            return True
        return self.enter_element(node, tag)

    def enter_element(self, node: LexborNode, tag: str) -> bool:
        attributes = node.attributes
        if "hidden" in attributes or tag[:1] in "_-!":
            return False
        above = self.stack[-1]
        state = _state_within(above, tag, attributes)
        if tag in _BLOCKS:
            self.close_block()
            if tag == "hr":
                self.rule(state)
                return False
        elif tag == "img":
            return False
        if tag == "a" or tag == "time" or (tag in ("span", "abbr") and "datetime" in attributes):
            self.opened.append(
                (self.position + (1 if self.space and self.block_start >= 0 else 0), attributes, state)
            )
        self.stack.append(state)
        return True

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if len(self.stack) < 2 or self.stack[-1].tag != tag or tag in _SKIP or tag in ("img", "br", "hr"):
            return
        state = self.stack.pop()
        if tag in _BLOCKS:
            self.close_block()
        if self.opened and self.opened[-1][2] is state:
            start, attributes, _ = self.opened.pop()
            self.note(tag, start, attributes, state)

    def note(self, tag: str, start: int, attributes: dict[str, str | None], state: _State) -> None:
        end = max(self.position, start) if self.position > start else start
        if tag == "a":
            href = attributes.get("href")
            if href is not None:
                rel = " ".join((attributes.get("rel") or "").lower().split())
                self.links.append(Link(start, end, href, rel, state.region, state.hints))
        else:
            self.stamps.append(Stamp(start, end, attributes.get("datetime") or "", state.hints))

    def say(self, raw: str) -> None:
        words = SPACES.sub(" ", raw)
        core = words.strip(" ")
        if not core:
            self.space = self.space or bool(words)
            return
        if self.block_start < 0:
            self.open_block()
        elif self.space or words[0] == " ":
            core = " " + core
        self.out.append(core)
        self.position += len(core)
        self.space = words[-1] == " "

    def open_block(self) -> None:
        if self.out:
            self.out.append("\n")
            self.position += 1
        self.block_start = self.position
        self.block_state = self.stack[-1]
        for index, (_, attributes, state) in enumerate(self.opened):
            if self.opened[index][0] < self.position and state.link == -1:
                self.opened[index] = (self.position, attributes, state)

    def close_block(self) -> None:
        if self.block_start >= 0 and self.position > self.block_start:
            state = self.block_state
            self.blocks.append(Block(self.block_start, self.position, state.kind, state.region, state.hints))
        self.block_start, self.space = -1, False

    def line_break(self) -> None:
        """One <br> is a line within the block, two end it."""
        if self.block_start < 0:
            return
        if self.out and self.out[-1] == "\n":
            self.out.pop()
            self.position -= 1
            self.close_block()
            return
        self.out.append("\n")
        self.position += 1
        self.space = False

    def rule(self, state: _State) -> None:
        self.blocks.append(Block(self.position, self.position, "rule", state.region, state.hints))


_HINTING = frozenset({"class", "id", "itemprop", "role", "rel"})


def _state_within(above: _State, tag: str, attributes: dict[str, str | None]) -> _State:
    own = ""
    for key, value in attributes.items():
        if value and key in _HINTING:
            own = f"{own} {value}" if own else value
    own = own.lower()[:200]
    hints = f"{own} {above.hints}"[:400] if own else above.hints
    region, in_article = above.region, above.in_article or tag in ("article", "main") or own == "main"
    if tag in _REGION_TAGS:
        found = _REGION_TAGS[tag]
        region = region if found in ("header", "footer") and in_article else found
    elif own and tag in _BLOCKS and tag != "body":
        region = _hinted_region(own, region, in_article)
    kind = above.kind
    if tag in _HEADINGS:
        kind = tag
    elif tag in ("li", "blockquote", "figcaption", "caption"):
        kind = {"li": "li", "blockquote": "quote"}.get(tag, "caption")
    elif tag in ("p", "div", "section", "td", "article", "footer", "header", "aside"):
        kind = "quote" if above.kind == "quote" else "p"
    return _State(tag, kind, region, hints, in_article, -1)


@lru_cache(maxsize=4096)
def _hinted_region(own: str, region: str, in_article: bool) -> str:
    if region in ("footer", "nav", "figure"):
        return region
    if _FIGURE.search(own):
        return "figure"
    if _FOOTER.search(own) and not in_article:
        return "footer"
    if _NAV.search(own):
        return "nav"
    return "aside" if _ASIDE.search(own) else region
