"""Taking a permission back: a letter of its own says so, and the verify page of the first one from that moment."""

from datetime import date, timedelta

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters.finishing import finish, revoked_words
from ledger.desk.letters.issuing import prepare_letter
from ledger.desk.letters.letter_life import matter_of
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.posting import tell
from ledger.desk.refusals import BadInput, Clash, NotFound, Unavailable
from ledger.desk.texts import MAX_TEXT
from ledger.letters.compose import EarlierLetter
from ledger.letters.model import LetterKind
from ledger.records import journal_store
from ledger.records.letters import load_letter, set_letter_state
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow, RequestRow
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant

AT_MOST = timedelta(days=366)
"""How far ahead a permission may be taken back: whoever names a later day has mistyped the year."""


def revoke(desk: Desk, who: Who, letter_id: str, reason: str, effective: date | None = None) -> LetterRow:
    """Revoke a grant from ``effective`` (today by default) on; returns the letter of revocation.

    Raises ``BadInput`` with the field, ``NotFound``, and ``Clash`` where there is nothing (left) to revoke.
    """
    who.must_be("officer")
    day = effective or desk.today()
    _check(reason, day, desk.today())
    now = desk.clock()
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.writing() as connection:
        tenant = Tenant(connection, who.publisher_id)
        letter = load_letter(tenant, letter_id)
        row = load_request(tenant, letter.request_id or "") if letter else None
        if letter is None or row is None:
            raise NotFound("There is no such letter at this publisher.", "letter")
        _must_stand(letter)
        if letter.valid_until is not None and letter.valid_until < day:
            raise BadInput({"effective": "The permission ends by itself before that day."})
        matter = _taken_back(letter, reason.strip(), day)
        set_letter_state(tenant, letter.id, "revoked")
        payload = {
            "letter": letter.id,
            "number": letter.number,
            "effective": day.isoformat(),
            "by": who.person_id,
        }
        journal_store.append(connection, who.publisher_id, "letter.revoked", payload, {}, now)
        notice = prepare_letter(
            desk, tenant, publisher, row, matter, who.person_id, letter.language, replaces=letter.id
        )
    try:
        return finish(desk, who.publisher_id, notice.id)  # and mailed with its file
    except Unavailable:
        _tell_at_once(desk, publisher, row, matter)  # the file follows in a mail of its own
        raise


def _tell_at_once(desk: Desk, publisher: PublisherRow, row: RequestRow, matter: Matter) -> None:
    """The holder must not go on only because the letter of revocation cannot be drawn or signed just now."""
    with desk.database.writing() as connection:
        tenant = Tenant(connection, publisher.id)
        key, said = f"revoked:{matter.decision}", revoked_words(desk, matter)
        tell(desk, tenant, publisher, row, "letter_revoked", key=key, **said)


def _must_stand(letter: LetterRow) -> None:
    if letter.kind not in (LetterKind.GRANT, LetterKind.AMENDMENT):
        raise Clash("Only a letter that grants something can be revoked.")
    if letter.state not in ("issued", "amended"):
        raise Clash(f"This letter is {letter.state}; there is nothing left to revoke.")


def _taken_back(letter: LetterRow, reason: str, effective: date) -> Matter:
    """What the letter of revocation says: the matter of the letter that it takes back, and why."""
    given = matter_of(letter)
    return Matter(
        kind=LetterKind.REVOCATION,
        piece=given.piece,
        use=given.use,
        addressee=given.addressee,
        decision=letter.id,
        reason=reason,
        earlier=EarlierLetter(number=letter.number, date=letter.issued_at.date(), sha256=letter.sha256 or ""),
        effective=effective,
    )


def _check(reason: str, effective: date, today: date) -> None:
    errors = {}
    if not reason.strip():
        errors["reason"] = "Give the reason; the letter of revocation states it."
    if (
        len(reason) > MAX_TEXT
    ):  # checked before the number is given: a letter that cannot be drawn stays for ever
        errors["reason"] = f"This is longer than {MAX_TEXT:,} characters; shorten it."
    if effective < today:
        errors["effective"] = "A permission cannot be taken back for days that are over."
    if effective > today + AT_MOST:
        errors["effective"] = "This day is more than a year away. Check the year."
    if errors:
        raise BadInput(errors)
