"""Many pieces at once: feeds (RSS, Atom) and WordPress exports (WXR 1.2) to drafts; sheets have a module of their own.

Entities that a document declares for itself are refused before any parser sees them: ten lines can unfold to
gigabytes ("billion laughs").
"""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any
from xml.etree import ElementTree

import feedparser

from ledger.intake import urls
from ledger.intake.dates import parse_stamp
from ledger.intake.decode import decode
from ledger.intake.draft import (
    Author,
    CopyrightReading,
    Draft,
    Evidence,
    LicenceReading,
    Republisher,
    Source,
    UnreadablePage,
)
from ledger.intake.notice_words import parse_notice
from ledger.intake.page import squeeze
from ledger.intake.phrases import looks_like_organisation, looks_like_person
from ledger.intake.reader import read
from ledger.rights.licences import licence_from_text

Named = tuple[str, Draft]
"""(name of the entry: its address, else its title or row number, and its draft)."""

MAX_ENTRIES = 20_000
_DOCTYPE = re.compile(r"<!(?:ENTITY|ATTLIST|ELEMENT)\b|<!DOCTYPE[^>\[]*\[", re.I)


def _refuse_entities(text: str) -> None:
    if _DOCTYPE.search(text):
        raise UnreadablePage(
            "The file declares entities of its own, which are not read: export it again without them."
        )


def read_feed(data: bytes, *, url: str | None = None) -> list[Named]:
    """The entries of an RSS or Atom feed, each read like a page and completed by what the feed says of it.

    Raises UnreadablePage for what is no feed.
    """
    text = decode(data)
    _refuse_entities(text)
    parsed = feedparser.parse(
        io.BytesIO(text.encode()), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    if not parsed.get("version"):
        raise UnreadablePage("This is no feed: give the address or file of an RSS or Atom feed.")
    channel = parsed.feed
    return [
        (
            urls.resolve(url, entry.get("link")) or entry.get("title") or f"entry {number}",
            _entry(entry, channel, url),
        )
        for number, entry in enumerate(parsed.entries[:MAX_ENTRIES], 1)
    ]


def _entry(entry: Any, channel: Any, url: str | None) -> Draft:
    content = entry.get("content") or []
    body = (content[0].get("value") if content else None) or entry.get("summary") or ""
    link = urls.resolve(url, entry.get("link"))
    draft = _as_page(squeeze(_stripped(entry.get("title") or "")), body, link)
    authors = [each.get("name") for each in entry.get("authors") or [] if each.get("name")]
    source = entry.get("source") or {}
    rights = entry.get("rights") or channel.get("rights")
    licence = entry.get("license") or next(
        (each.get("href") for each in entry.get("links") or [] if each.get("rel") == "license"), None
    )
    draft = _with(
        draft, title=_stripped(entry.get("title") or ""), authors=authors, link=link, extractor="feed"
    )
    if source.get("title") or source.get("href"):
        where = urls.resolve(url, source.get("href"))
        found = Source(name=source.get("title"), url=where, url_status="given" if where else "missing")
        draft = _marked(replace(draft, source=found), "source", "feed")
    # As written, in the publisher's own zone; the parser's reading of stranger dates is in UTC.
    published = parse_stamp(entry.get("published") or "") or parse_stamp(_iso(entry.get("published_parsed")))
    site = Republisher(name=channel.get("title"), published=published)
    draft = _marked(replace(draft, republisher=site), "republisher", "feed")
    return _with_rights(draft, rights, licence, "feed")


def _iso(moment: Any) -> str:
    return f"{moment[0]:04d}-{moment[1]:02d}-{moment[2]:02d}" if moment else ""


def _stripped(text: str) -> str:
    return squeeze(re.sub(r"<[^<>]*>", " ", text))


def _as_page(title: str, body: str, link: str | None) -> Draft:
    """The entry's own markup read as a page; an entry without text gives an empty draft."""

    markup = f"<html><head><title>{escape(title)}</title></head><body><article><h1>{escape(title)}</h1>{body}</article></body></html>"
    try:
        draft = read(markup.encode("utf-8", "replace"), content_type="text/html; charset=utf-8", url=link)
    except UnreadablePage:
        return Draft(text="")
    return replace(draft, canonical_url=None)


def _with(draft: Draft, *, title: str | None, authors: list[str], link: str | None, extractor: str) -> Draft:
    if title:
        draft = (
            _marked(replace(draft, title=squeeze(title)), "title", extractor)
            if draft.title != title
            else draft
        )
    if authors:
        named = tuple(Author(squeeze(name), author_type(name)) for name in authors)
        draft = _marked(replace(draft, authors=named), "authors", extractor)
    if link:
        draft = _marked(replace(draft, canonical_url=link), "canonical_url", extractor)
    return draft


def author_type(name: str) -> str | None:
    """``organization`` or ``person`` by the name alone; none where it may be either."""
    if looks_like_organisation(name):
        return "organization"
    return "person" if looks_like_person(name) else None


def _with_rights(draft: Draft, rights: str | None, licence: str | None, extractor: str) -> Draft:
    if rights and not draft.copyright.holders:
        reading, _ = parse_notice(
            re.sub(r"^\W*(?:copyright|©|\(c\))\W*(?:©|\(c\))?\s*", "", rights, flags=re.I)
        )
        if reading.holders or reading.year:
            stated = CopyrightReading(notice=squeeze(rights), holders=reading.holders, year=reading.year)
            draft = _marked(replace(draft, copyright=stated), "copyright", extractor)
    named = licence_from_text(f"{licence or ''} {rights or ''}")
    if named:
        place = Evidence(extractor=extractor, confidence=0.9, selector=extractor)
        draft = _marked(
            replace(draft, licence=LicenceReading(id=named.id, url=named.url, evidence=place)),
            "licence",
            extractor,
        )
    return draft


def _marked(draft: Draft, name: str, extractor: str) -> Draft:
    place = Evidence(extractor=extractor, confidence=0.9, selector=f"{extractor}:{name}")
    kept = {
        key: value for key, value in draft.evidence.items() if key != name and not key.startswith(f"{name}.")
    }
    return replace(draft, evidence={**kept, name: place})


_WP = "{http://wordpress.org/export/1.2/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def read_wxr(data: bytes) -> list[Named]:
    """The published posts of a WordPress export (Tools > Export; WXR 1.2), each read like a page.

    Raises UnreadablePage for another kind of file or broken XML.
    """
    text = decode(data)
    _refuse_entities(text)
    try:
        root = ElementTree.fromstring(text.encode())  # noqa: S314 - declared entities were refused above
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise UnreadablePage(f"The export is no whole XML ({error}): export it again.") from None
    channel = root.find("channel")
    if channel is None or channel.find(f"{_WP}wxr_version") is None:
        raise UnreadablePage("This is no WordPress export: use Tools, Export in WordPress.")
    authors = {
        each.findtext(f"{_WP}author_login"): each.findtext(f"{_WP}author_display_name")
        for each in channel.findall(f"{_WP}author")
    }
    site = channel.findtext("title")
    posts = [item for item in channel.findall("item") if item.findtext(f"{_WP}status") == "publish"
             and item.findtext(f"{_WP}post_type") in ("post", "page")]  # fmt: skip
    return [_post(item, site, authors.get) for item in posts[:MAX_ENTRIES]]


def _post(item: ElementTree.Element, site: str | None, author: Callable[[str | None], str | None]) -> Named:
    title, link = squeeze(item.findtext("title") or ""), urls.resolve(None, item.findtext("link"))
    draft = _as_page(title, (item.findtext(_CONTENT) or "").replace("\n\n", "<p>"), link)
    login = item.findtext(_CREATOR)
    shown = author(login) or login
    named = [] if draft.authors or not shown else [shown]
    draft = _with(draft, title=title, authors=named, link=link, extractor="wxr")
    published = parse_stamp(item.findtext(f"{_WP}post_date") or "")
    legal = draft.republisher.legal_name
    draft = _marked(
        replace(draft, republisher=Republisher(name=site, legal_name=legal, published=published)),
        "republisher",
        "wxr",
    )
    return link or title or "post", draft
