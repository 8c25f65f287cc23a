"""A publisher's letters for its staff: the list, and one letter with all that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.desk.answers.use_words import use_sentences
from ledger.desk.context import Desk, Who
from ledger.desk.letters.duties import reported
from ledger.desk.letters.letter_life import doubts_about, matter_of, own_letter
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.letters.superseding import may_be_superseded
from ledger.desk.letters.time_stamping import letter_stamp
from ledger.desk.refusals import NotFound
from ledger.letters.model import LetterKind
from ledger.letters.stamping import Stamp
from ledger.records.letters import (
    letters_replacing,
    list_letters,
    load_letter,
    load_obligations,
    revocations_of,
)
from ledger.records.paging import Page
from ledger.records.people_store import person_by_id
from ledger.records.pieces import load_piece
from ledger.records.request_rows import EventRow, LetterRow, ObligationRow
from ledger.records.requests import load_events
from ledger.records.tenant import Tenant
from ledger.rights.authority import Link

STATES = ("preparing", "issued", "amended", "superseded", "revoked", "expired")
REVOCABLE = ("issued", "amended")


@dataclass(frozen=True)
class LetterView:
    """One letter. ``before`` is the one it is about; ``after`` are those that amend it, replace it or take it back."""

    letter: LetterRow
    matter: Matter
    uses: list[str]
    chain: list[Link]
    obligations: list[ObligationRow]
    before: LetterRow | None
    after: list[LetterRow]
    issued_by: str
    may_be_revoked: bool
    may_be_superseded: bool
    reports: dict[str, EventRow]
    """What its holder said is done, by duty."""
    doubts: list[str]
    """Why it could not be granted today."""
    stamp: Stamp | None = None
    revoked_from: date | None = None
    """The day from which it is revoked, while that is ahead: until then it holds."""


def letters_page(desk: Desk, who: Who, state: str | None, after: str | None) -> Page[LetterRow]:
    """A page of one's own publisher's letters, the newest first. Raises ``BadCursor``."""
    with desk.database.reading() as connection:
        return list_letters(Tenant(connection, who.publisher_id), state if state in STATES else None, after)


def revoked_later(desk: Desk, who: Who, rows: Sequence[LetterRow]) -> dict[str, date]:
    """From which day on letters are revoked that still hold until then, by id."""
    revoked = [row.id for row in rows if row.state == "revoked"]
    with desk.database.reading() as connection:
        notices = revocations_of(Tenant(connection, who.publisher_id), revoked)
    days = {notice.replaces or "": matter_of(notice).effective for notice in notices}
    return {letter: day for letter, day in days.items() if day is not None and day > desk.today()}


def letter_view(desk: Desk, who: Who, letter_id: str) -> LetterView:
    """A letter of one's own publisher. Raises ``NotFound``."""
    letter = own_letter(desk, who, letter_id)
    matter = matter_of(letter)
    with desk.database.reading() as connection:
        tenant = Tenant(connection, who.publisher_id)
        before = load_letter(tenant, letter.replaces) if letter.replaces else None
        after = letters_replacing(tenant, letter_id, also_preparing=True)
        by = person_by_id(connection, letter.issued_by)
        duties = load_obligations(tenant, letter_id)
        events = load_events(tenant, letter.request_id) if letter.request_id else []
        loaded = load_piece(connection, matter.piece.id, who.publisher_id)
    grants = letter.kind in (LetterKind.GRANT, LetterKind.AMENDMENT)
    return LetterView(
        letter=letter,
        matter=matter,
        uses=use_sentences(matter.use),
        chain=list(dict.fromkeys(link for _, each in matter.authorities for link in each.chain)),
        obligations=duties,
        before=before,
        after=after,
        issued_by=by.name if by else "the engine, on the clause quoted",
        may_be_revoked=grants and letter.state in REVOCABLE,
        may_be_superseded=may_be_superseded(letter),
        reports=reported(events),
        stamp=letter_stamp(desk, letter),
        revoked_from=revoked_later(desk, who, [letter]).get(letter.id),
        doubts=doubts_about(letter, loaded.piece, desk.today()) if loaded else [],
    )


def letter_bytes(desk: Desk, who: Who, letter_id: str) -> tuple[LetterRow, bytes]:
    """The signed PDF. Raises ``NotFound`` while it is being prepared."""
    letter = own_letter(desk, who, letter_id)
    if letter.sha256 is None:
        raise NotFound("This letter is still being prepared; its file follows within a minute.", "letter")
    return letter, desk.evidence.get(letter.sha256)
