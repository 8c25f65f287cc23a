"""Amendments: a grant that extends an earlier letter says what changes; the earlier file stays as it is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ledger.desk.answers.use_words import territory_words
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.refusals import Clash
from ledger.letters.compose import Change, EarlierLetter
from ledger.letters.model import LetterKind
from ledger.records.letters import load_letter, successor_of
from ledger.records.request_rows import LetterRow, RequestRow
from ledger.records.tenant import Tenant
from ledger.rights.grants import Grant
from ledger.rights.wire import from_plain


def earlier_letter(tenant: Tenant, row: RequestRow) -> LetterRow | None:
    """The letter a request asks to extend, or the one that has taken its place since."""
    letter_id = row.document.get("amends")
    found = load_letter(tenant, letter_id) if letter_id else None
    return successor_of(tenant, found) if found else None


def as_amendment(matter: Matter, earlier: LetterRow) -> Matter:
    """A grant that extends an earlier letter becomes its amendment; what is no grant stays what it is."""
    if matter.kind is not LetterKind.GRANT or matter.grant is None:
        return matter
    before = from_plain(Grant, earlier.document["grants"][0])
    changes = tuple(_changes(before, matter.grant))
    if not changes:
        raise Clash("This grant changes nothing in the earlier letter.")
    return replace(
        matter,
        kind=LetterKind.AMENDMENT,
        grant=replace(matter.grant, amends=earlier.number),
        earlier=EarlierLetter(
            number=earlier.number,
            date=earlier.issued_at.date(),
            sha256=earlier.sha256 or "",
            grant=before,  # from which the letter says the changes in its own language
        ),
        changes=changes,
    )


def _changes(before: Grant, after: Grant) -> Iterator[Change]:
    old, new = before.scope, after.scope
    rows = (
        ("print_run", "Copies", _copies(before), _copies(after)),
        ("term", "Last day", str(old.period.end or ""), str(new.period.end or "")),
        ("territory", "Countries", territory_words(old.territory), territory_words(new.territory)),
        ("language", "Languages", _list(old.languages), _list(new.languages)),
        ("formats", "Formats", _list(old.formats), _list(new.formats)),
        ("editions", "Editions", _list(old.editions), _list(new.editions)),
    )
    for code, label, was, now in rows:
        if was != now:
            yield Change(code=code, label=label, before=was, after=now)


def _copies(grant: Grant) -> str:
    return ", ".join(f"{cap.at_most} {cap.unit}" for cap in grant.scope.caps)


def _list(values: frozenset[Any] | None) -> str:
    return ", ".join(sorted(str(value).replace("_", " ") for value in values or ()))
