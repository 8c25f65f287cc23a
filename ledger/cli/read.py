"""``ledger read``: what a page says about itself, as a draft record. Writes nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ledger.desk import refusals
from ledger.desk.register.reading import get_page
from ledger.intake import Draft, UnreadablePage
from ledger.intake import read as read_bytes
from ledger.intake.decode import MAX_BYTES

_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".md": "text/markdown",
}


class BadInput(click.ClickException):
    """One plain line on standard error, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"ledger read: {self.format_message()}", err=True)


@click.command(name="read")
@click.argument("what", metavar="FILE|DIR|URL|-")
@click.option("--url", help="The address the page was published at; makes relative links whole.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the draft record as JSON (a DIR always does, one line per file).",
)
def read(what: str, url: str | None, as_json: bool) -> None:
    """Read a published page and print the draft record: title, authors, source, holder, licence, terms,
    fair-use notice and contacts, each with its evidence. Unknown is null. Nothing is written.

    Exit code 2, with one line that says what is wrong, where the page cannot be read.
    """
    if what != "-" and not _is_url(what) and Path(what).is_dir():
        _read_folder(Path(what), url)
        return
    draft = _read_one(what, url)
    if as_json:
        click.echo(json.dumps(draft.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(told(draft)))


def _is_url(what: str) -> bool:
    return what.lower().startswith(("http://", "https://"))


def _read_one(what: str, url: str | None) -> Draft:
    try:
        if what == "-":
            return read_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), url=url)
        if _is_url(what):
            return _read_url(what, url)
        return _read_file(Path(what), url)
    except UnreadablePage as error:
        raise BadInput(f"{what}: {error}") from None


def _read_url(address: str, url: str | None) -> Draft:
    try:
        page = get_page(address, "url")
    except refusals.BadInput as refusal:
        raise BadInput(f"{address}: {refusal.message}") from None
    return read_bytes(page.body, content_type=page.content_type, url=url or page.final_url)


def _read_file(path: Path, url: str | None) -> Draft:
    if not path.exists():
        raise BadInput(f"{path}: there is no such file or folder.")
    if not path.is_file():
        raise BadInput(f"{path}: this is no file that can be read.")
    try:
        with path.open("rb") as handle:
            data = handle.read(
                MAX_BYTES + 1
            )  # one byte more than is read: the reader says that it is too much
    except OSError as error:
        raise BadInput(f"{path}: it cannot be read ({error.strerror or 'unknown error'}).") from None
    return read_bytes(data, content_type=_TYPES.get(path.suffix.lower()), url=url)


def _read_folder(folder: Path, url: str | None) -> None:
    """One JSON line per file, in the order of their names; a file that is no page gets a line with "error"."""
    bad = 0
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    if not files:
        raise BadInput(f"{folder}: the folder holds no file.")
    for path in files:
        try:
            line = {"file": path.name, **_read_file(path, url).as_json()}
        except (UnreadablePage, BadInput) as error:
            bad += 1
            line = {"file": path.name, "error": str(error)}
        click.echo(json.dumps(line, ensure_ascii=False))
    if bad:
        raise BadInput(f"{folder}: {bad} of {len(files)} files could not be read; see their lines.")


def told(draft: Draft) -> Iterator[str]:
    """The record for a person: one field a line, what is unknown said so."""
    record = draft.as_json()
    authors = ", ".join(
        f"{each['name']}" + (f" ({each['type']})" if each["type"] else "") for each in record["authors"]
    )
    source, site, notice = record["source"], record["republisher"], record["copyright"]
    rows = [
        ("Title", record["title"]),
        ("Subtitle", record["subtitle"]),
        ("Language", record["language"]),
        ("Authors", authors),
        (
            "Source",
            _joined(
                source["name"],
                source["url"] or (f"link {source['url_status']}" if source["url_status"] else None),
                source["published"],
            ),
        ),
        ("Carried by", _joined(site["name"], site["legal_name"], site["published"])),
        ("Canonical address", record["canonical_url"]),
        ("Copyright notice", notice["notice"]),
        ("Holder", _joined(*notice["holders"], notice["year"])),
        ("Licence of the page", _joined(record["licence"]["id"], record["licence"]["url"])),
    ]
    for label, value in rows:
        yield f"{label + ':':<20} {value or 'unknown'}"
    for part in draft.components:
        yield f"{'Licence of ' + part.scope + ':':<20} {_joined(part.id, part.url)}"
    yield from _told_terms(draft)
    fair_use = record["fair_use"]
    if fair_use["notice"]:
        claims = _joined(*fair_use["grounds"], "non-profit claimed" if fair_use["nonprofit_claim"] else None)
        yield f"{'Fair-use notice:':<20} yes ({claims or 'no ground named'})"
    else:
        yield f"{'Fair-use notice:':<20} none found"
    for contact in draft.contacts:
        yield f"{'Contact:':<20} {contact.email}" + (
            f" ({', '.join(contact.roles)})" if contact.roles else ""
        )
    for remark in draft.remarks:
        yield f"{'Look at:':<20} {remark}"


def _told_terms(draft: Draft) -> Iterator[str]:
    if not draft.terms:
        yield f"{'Terms:':<20} none found; silence permits nothing"
    for term in draft.terms:
        what = _joined(
            term.action,
            f"on {term.channel}" if term.channel else None,
            "commercial" if term.commercial else None,
        )
        codes = [condition.code for condition in term.conditions]
        yield f"{'Terms:':<20} {term.effect}: {what}" + (f"; conditions: {', '.join(codes)}" if codes else "")
        yield f"{'':<20} “{term.clause}”"


def _joined(*values: object) -> str:
    return ", ".join(str(value) for value in values if value)
