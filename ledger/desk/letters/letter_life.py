"""After the letter: revoked, expired, its duties done. An issued file never changes; what changes is its state."""

from datetime import date, timedelta
from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.house.rounds import for_each
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.posting import tell
from ledger.desk.refusals import NotFound
from ledger.letters.conditions import still_to_do
from ledger.letters.language import LANGUAGES
from ledger.letters.model import LetterKind
from ledger.records import journal_store
from ledger.records.letters import (
    LIVE,
    finish_obligation,
    letters_past,
    load_letter,
    load_obligations,
    note_reminder,
    obligations_due,
    set_letter_state,
)
from ledger.records.request_rows import LetterRow, ObligationRow
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from ledger.rights.granting import check_grant
from ledger.rights.pieces import Piece
from ledger.rights.wire import from_plain


def own_letter(desk: Desk, who: Who, letter_id: str) -> LetterRow:
    """A letter of one's own publisher. Raises ``NotFound``."""
    with desk.database.reading() as connection:
        found = load_letter(Tenant(connection, who.publisher_id), letter_id)
    if found is None:
        raise NotFound("There is no such letter at this publisher.", "letter")
    return found


def matter_of(letter: LetterRow) -> Matter:
    """What a letter says, read back from its row."""
    return from_plain(Matter, letter.document["matter"])


def doubts_about(letter: LetterRow, piece: Piece, today: date) -> list[str]:
    """Why what a standing letter grants could not be granted today; nothing while its ground holds.

    Whatever happened upstream shows here: terms that ended, ran out or were corrected, a claim withdrawn.
    """
    if letter.kind not in (LetterKind.GRANT, LetterKind.AMENDMENT) or letter.state not in LIVE:
        return []
    grant = matter_of(letter).grant
    if grant is None or grant.piece_id != piece.id:
        return []
    return [refusal.message for refusal in check_grant(grant, piece, today)]


def complete_obligation(desk: Desk, who: Who, letter_id: str, obligation_id: str, note: str = "") -> None:
    """Tick off what a letter asked for. Raises ``NotFound``; ``Stale`` when it was done before."""
    who.must_be("officer", "editor")
    now = desk.clock()
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        if obligation_id not in {each.id for each in load_obligations(tenant, letter_id)}:
            raise NotFound("There is no such duty on this letter.", "obligation")
        finish_obligation(tenant, obligation_id, now, note.strip() or None)
        payload = {"letter": letter_id, "obligation": obligation_id, "by": who.person_id}
        journal_store.append(connection, who.publisher_id, "obligation.done", payload, {}, now)


def expire_letters(desk: Desk) -> int:
    """Letters whose last day is over are marked expired; how many. Run daily; harmless to repeat."""
    with desk.database.reading() as connection:
        past = letters_past(connection, desk.today())
    return for_each(past, lambda letter: _expire(desk, letter), lambda letter: letter.id)


def _expire(desk: Desk, letter: LetterRow) -> None:
    with desk.database.writing() as connection:
        set_letter_state(Tenant(connection, letter.publisher_id), letter.id, "expired")
        payload = {"letter": letter.id, "number": letter.number}
        journal_store.append(connection, letter.publisher_id, "letter.expired", payload, {}, desk.clock())


def remind_of_obligations(desk: Desk) -> int:
    """Remind holders of letters of duties that fall due within two weeks; how many were written to."""
    with desk.database.reading() as connection:
        due = obligations_due(connection, desk.today() + timedelta(days=14))
    return for_each(due, lambda duty: _remind(desk, duty), lambda duty: duty.id)


def _remind(desk: Desk, duty: ObligationRow) -> None:
    publisher = own_publisher(desk, duty.publisher_id)
    with desk.database.writing() as connection:
        tenant = Tenant(connection, duty.publisher_id)
        letter = load_letter(tenant, duty.letter_id)
        row = load_request(tenant, letter.request_id or "") if letter else None
        note_reminder(tenant, duty.id, desk.clock())
        if letter is not None and row is not None:
            language = row.language if row.language in LANGUAGES else "en"
            grant = matter_of(letter).grant
            fee = grant.fee if grant else None
            said = still_to_do(language, duty.code, duty.due, fee) if duty.due else ""
            obligation = {"text": said or duty.text, "due": None if said else duty.due}
            context: dict[str, Any] = {"letter_number": letter.number, "obligations": [obligation]}
            tell(desk, tenant, publisher, row, "obligations_reminder", key=f"duty:{duty.id}", **context)
