"""What a letter is, before it is a file: values only, no layout, no I/O.

A Letter is finished prose in one language, cut into sections and clauses. Every clause that has legal effect
(``operative``) carries the grounds it rests on: a field of the request form, a clause of inbound Terms, a staff
decision, a fact of the register, or the publisher's standing wording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ledger.rights.condition_words import Force


class LetterKind(StrEnum):
    """What the letter does."""

    GRANT = "grant"
    DECLINE = "decline"
    REFERRAL = "referral"
    NO_PERMISSION_NEEDED = "no_permission_needed"
    ENQUIRY = "enquiry"
    AMENDMENT = "amendment"
    REVOCATION = "revocation"


class GroundKind(StrEnum):
    """Where a clause comes from."""

    FORM_FIELD = "form_field"  # what the requester asked for; ref is the field's name
    INBOUND_CLAUSE = "inbound_clause"  # words of Terms the publisher holds; quote is verbatim
    DECISION = "decision"  # a staff decision; ref is the item or letter
    RECORD = "record"  # a fact of the register; ref is the piece, component or claim
    HOUSE = "house"  # the publisher's standing wording; ref names the setting or the clause


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing a clause rests on. ``ref`` is an id or a field name, ``quote`` its exact words where there are any."""

    kind: GroundKind
    ref: str
    quote: str = ""


class Style(StrEnum):
    """How a run of text is set."""

    PLAIN = "plain"  # our own wording
    VALUE = "value"  # a fact put into the wording: isolated for mixed writing directions
    TITLE = "title"  # the title of a work
    STRONG = "strong"
    LINK = "link"  # text is the visible words, href the address
    CODE = "code"  # identifiers and hashes


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. ``href`` is an http, https or mailto address, else empty."""

    text: str
    style: Style = Style.PLAIN
    href: str = ""


Text = tuple[Run, ...]
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
"""Around words that keep their own direction within a line of another (Unicode UAX 9, FSI and PDI)."""


MAX_ISOLATES = 8  # within each other; a list of names with remarks has 3


def balanced(text: str) -> bool:
    """Whether every isolate ends, in order, so that nothing outside the text is turned round."""
    depth = 0
    for char in text:
        depth += (char == ISOLATE) - (char == END_ISOLATE)
        if not 0 <= depth <= MAX_ISOLATES:
            return False
    return depth == 0


def unmarked(text: str) -> str:
    """The words without the marks of direction, for machines."""
    return text.replace(ISOLATE, "").replace(END_ISOLATE, "")


def plain(text: Text) -> str:
    """The words alone.

    >>> plain((Run("Dear "), Run("Ada", Style.VALUE)))
    'Dear Ada'
    """
    return unmarked("".join(run.text for run in text))


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement of the letter. ``code`` is stable across languages: tests and the grant's JSON refer to it."""

    code: str
    paragraphs: tuple[Text, ...]
    label: str = ""
    grounds: tuple[Ground, ...] = ()
    operative: bool = True
    duty: Force | None = (
        None  # printed beside a condition, so that a recommendation never reads as an obligation
    )
    duty_word: str = ""  # the same in the letter's language


class Layout(StrEnum):
    """How a section is set on the page."""

    PROSE = "prose"
    TABLE = "table"  # label and value
    LIST = "list"  # numbered
    QUOTE = "quote"  # words to be reproduced exactly
    FEE = "fee"  # calculation lines; the last clause is the total


@dataclass(frozen=True, slots=True)
class Section:
    """Clauses under one heading; an empty heading prints none."""

    code: str
    heading: str
    layout: Layout
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A party as a letter addresses it. ``lines`` are postal lines, ``contacts`` e-mail, telephone and the like."""

    name: str
    attention: str = ""
    lines: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that has passed ``images.check_image``. ``media_type`` is image/png or image/svg+xml."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The publisher's face. ``accent`` is a #rrggbb colour for rules and headings."""

    publisher: Correspondent
    logo: Image | None = None
    accent: str = "#1f3a4d"
    website: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs for the publisher."""

    name: str
    role: str
    signature: Image | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """How a stranger checks the letter. ``url`` is this letter's verify page.

    ``log`` is the journal's origin line, ``entry`` the index of the decision in it, ``fingerprint`` the SHA-256 of
    the signing certificate in hex.
    """

    url: str
    log: str = ""
    entry: int | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished letter. ``issued_at`` is UTC; the printed ``date`` is the publisher's calendar date."""

    number: str
    kind: LetterKind
    date: date
    issued_at: datetime
    language: str  # one of language.LANGUAGES
    letterhead: Letterhead
    addressee: Correspondent
    subject: Text
    salutation: Text
    sections: tuple[Section, ...]
    closing: Text
    signatory: Signatory
    verification: Verification
    verify_texts: tuple[Text, ...] = ()
    words: dict[str, str] = field(
        default_factory=dict
    )  # small fixed words of the page in the letter's language

    def clauses(self) -> Iterator[Clause]:
        """All clauses in printed order."""
        for section in self.sections:
            yield from section.clauses

    def clause(self, code: str) -> Clause | None:
        """The first clause with this code, or None."""
        return next((clause for clause in self.clauses() if clause.code == code), None)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF. ``created`` is UTC and fixed: a clock's time would change the bytes."""

    name: str
    data: bytes
    media_type: str
    description: str
    created: datetime


def ground_list(letter: Letter) -> list[dict[str, Any]]:
    """The operative clauses with their grounds, JSON-able, for the grant's JSON-LD (``clauses``).

    Each row: code, label, text, duty, grounds[{kind, ref, quote}].
    """
    return [
        {
            "code": clause.code,
            "label": unmarked(clause.label),
            "text": "\n".join(plain(paragraph) for paragraph in clause.paragraphs),
            "duty": clause.duty or "",
            "grounds": [{"kind": g.kind.value, "ref": g.ref, "quote": g.quote} for g in clause.grounds],
        }
        for clause in letter.clauses()
        if clause.operative
    ]
