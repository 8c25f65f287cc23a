"""Many pieces at once: feeds (RSS, Atom), sheets (CSV) and WordPress exports (WXR 1.2) to drafts.

Entities that a document declares for itself are refused before any parser sees them: ten lines can unfold to
gigabytes ("billion laughs").
"""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
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
from ledger.intake.notices import parse_notice
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
    published = parse_stamp(_iso(entry.get("published_parsed")) or entry.get("published") or "")
    site = Republisher(name=channel.get("title"), published=published)
    draft = _marked(replace(draft, republisher=site), "republisher", "feed")
    return _with_rights(draft, rights, licence, "feed")


def _iso(moment: Any) -> str | None:
    return f"{moment[0]:04d}-{moment[1]:02d}-{moment[2]:02d}" if moment else None


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
        named = tuple(Author(squeeze(name), _type(name)) for name in authors)
        draft = _marked(replace(draft, authors=named), "authors", extractor)
    if link:
        draft = _marked(replace(draft, canonical_url=link), "canonical_url", extractor)
    return draft


def _type(name: str) -> str | None:
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


_COLUMNS = {
    "title": ("title", "headline", "titre", "titel", "título", "tytuł", "заголовок"),
    "subtitle": ("subtitle", "standfirst", "deck"),
    "language": ("language", "lang"),
    "authors": ("authors", "author", "byline", "creator"),
    "url": ("url", "link", "canonical", "canonical_url", "address"),
    "source": ("source", "source_name", "original_publisher", "agency"),
    "source_url": ("source_url", "original_url", "original"),
    "source_published": ("source_published", "first_published", "original_date"),
    "site": ("republisher", "publisher", "site"),
    "published": ("published", "date", "publication_date", "published_at"),
    "notice": ("copyright", "copyright_notice", "notice", "rights"),
    "holder": ("holder", "holders", "copyright_holder", "rightsholder"),
    "year": ("year", "copyright_year"),
    "licence": ("licence", "license", "licence_id", "licence_url", "license_url"),
}


def read_csv(data: bytes) -> list[Named]:
    """One draft per row of a sheet with a heading row. Known headings: _COLUMNS (in any case and order); other
    columns are ignored. Several authors or holders are parted by ";".

    Raises UnreadablePage for a sheet without a title or url column, or with too many rows.
    """
    text = decode(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        heading = [cell.strip().lower().replace(" ", "_") for cell in next(rows)]
        columns = {name: heading.index(spelled[0]) for name, spelled in _found(heading)}
        if "title" not in columns and "url" not in columns:
            raise UnreadablePage("The sheet's first row names no “title” or “url” column: add the headings.")
        return list(_rows(rows, columns))
    except csv.Error as error:
        raise UnreadablePage(f"The sheet cannot be read ({error}): save it again as CSV in UTF-8.") from None


def _found(heading: list[str]) -> Iterator[tuple[str, list[str]]]:
    for name, spellings in _COLUMNS.items():
        present = [spelled for spelled in spellings if spelled in heading]
        if present:
            yield name, present


def _rows(rows: Iterator[list[str]], columns: dict[str, int]) -> Iterator[Named]:
    for number, row in enumerate(rows, 2):
        if number > MAX_ENTRIES:
            raise UnreadablePage(f"The sheet has more than {MAX_ENTRIES} rows: split it.")
        if any(cell.strip() for cell in row):
            yield _row(row, columns, number)


Cell = Callable[[str], str | None]


def _row(row: list[str], columns: dict[str, int], number: int) -> Named:
    """(what it is called, its draft). Of an empty or absent cell nothing is known."""

    def cell(name: str) -> str | None:
        index = columns.get(name, -1)
        return squeeze(row[index]) or None if 0 <= index < len(row) else None

    link = cell("url")
    licence = licence_from_text(cell("licence") or "")
    draft = Draft(
        text="",
        title=cell("title"),
        subtitle=cell("subtitle"),
        language=cell("language"),
        authors=tuple(Author(name, _type(name)) for name in _names(cell("authors"))),
        source=_source_in(cell),
        republisher=Republisher(name=cell("site"), published=parse_stamp(cell("published") or "")),
        canonical_url=link if link and urls.is_web_address(link) else None,
        copyright=_copyright_in(cell),
        licence=LicenceReading(id=licence.id, url=licence.url) if licence else LicenceReading(),
        evidence={
            name: Evidence(extractor="csv", confidence=0.95, selector=f"row {number}, column {index + 1}")
            for name, index in columns.items()
            if cell(name)
        },
    )
    return link or draft.title or f"row {number}", draft


def _names(listed: str | None) -> tuple[str, ...]:
    """Names that semicolons divide."""
    return tuple(name.strip() for name in (listed or "").split(";") if name.strip())


def _source_in(cell: Cell) -> Source:
    name, url = cell("source"), cell("source_url")
    good = url if url and urls.is_web_address(url) else None
    status = ("given" if good else "missing") if name or url else None
    return Source(
        name=name, url=good, url_status=status, published=parse_stamp(cell("source_published") or "")
    )


def _copyright_in(cell: Cell) -> CopyrightReading:
    """The notice as it stands; who holds and since when, in so many words or else as the notice says."""
    notice, year = cell("notice"), cell("year") or ""
    read = CopyrightReading()
    if notice:
        read = parse_notice(re.sub(r"^\W*(?:copyright|©|\(c\))\W*", "", notice, flags=re.I))[0]
    return CopyrightReading(
        notice=notice,
        holders=_names(cell("holder")) or read.holders,
        year=int(year) if re.fullmatch(r"(?:19|20)\d\d", year) else read.year,
    )


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
