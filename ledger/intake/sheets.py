"""Many pieces at once from a sheet (CSV, RFC 4180): a draft for each row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator

from ledger.intake import urls
from ledger.intake.batches import MAX_ENTRIES, Named, author_type
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
from ledger.rights.licences import licence_from_text

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
        authors=tuple(Author(name, author_type(name)) for name in _names(cell("authors"))),
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
