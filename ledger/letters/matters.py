"""What the writer of a letter is given besides the rights: the frame of the page, the decision, the parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.letters.model import Correspondent, Ground, GroundKind, Letterhead, Signatory, Verification
from ledger.rights.answers import AskReason
from ledger.rights.grants import Grant
from ledger.rights.parties import Contact, Party
from ledger.rights.pieces import ComponentKind, Piece
from ledger.rights.requests import ItemDecision
from ledger.rights.uses import ProposedUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every letter has. ``date`` is the publisher's calendar date of ``issued_at`` (UTC).

    ``own_wording`` are paragraphs of the publisher with placeholders (see wording.py), printed before the signature.
    ``request_ref`` is the requester's reference number of the request.
    """

    number: str
    date: date
    issued_at: datetime
    language: str
    letterhead: Letterhead
    addressee: Correspondent
    signatory: Signatory
    verification: Verification
    request_ref: str = ""
    own_wording: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The act the letter reports. ``ref`` is the id of the decided item or letter; ``reason`` is staff's own words.

    ``quotes`` are the clauses or notices it rests on, in their exact words.
    """

    ref: str
    reason: str = ""
    quotes: tuple[Ground, ...] = ()

    @property
    def ground(self) -> Ground:
        """The decision as a ground of a clause."""
        return Ground(GroundKind.DECISION, self.ref, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The exact part of the work: locator of the pages, number of words, and the words it opens and closes with."""

    pages: str = ""
    words: int | None = None
    opening: str = ""
    closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherItem:
    """A part of the request that this letter does not grant: what became of it.

    ``label`` is the title of the work, ``part`` the publisher's name for the part of it; ``kind``, where given, is
    said behind them in the letter's language.
    """

    label: str
    decision: ItemDecision
    ref: str
    owner: str = ""
    reason: str = ""
    contact: Contact | None = None
    kind: ComponentKind | None = None
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLetter:
    """The letter that is amended or revoked.

    With the ``grant`` it gave, an amendment says itself what changes, in its own language.
    """

    number: str
    date: date
    sha256: str = ""
    grant: Grant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """The letter that had an error and is replaced, with what it said: the new letter states what it corrects."""

    number: str
    date: date
    grant: Grant
    use: ProposedUse
    addressee: Party
    piece: Piece
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of an amendment, already in words of the letter's language.

    ``code`` names the clause of the first letter (territory, term, print_run, formats, ...).
    """

    code: str
    label: str
    before: str
    after: str
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """What the holder is asked, beyond the use itself. ``answer_url`` is the one-purpose page."""

    requester: str
    answer_url: str
    needed_by: date | None = None
    why: AskReason | None = None


class NotOurs(ValueError):
    """A grant was to be written without a proven authority for everything in it. The message names the gap."""
