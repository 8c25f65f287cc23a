"""Verifying: a letter, for whoever is shown one; the whole ledger, for whoever keeps it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from ledger.desk.context import Desk
from ledger.desk.house.comparing import Rows
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters.letter_life import matter_of
from ledger.desk.refusals import BadInput, NotFound
from ledger.journal.note import BadNote, Verifier
from ledger.journal.tree import EMPTY_ROOT
from ledger.records.journal_keeper import epoch_of, keeper_of, size_and_root
from ledger.records.journal_publishing import proof_file
from ledger.records.journal_reading import every_journal
from ledger.records.journal_verify import Problem, Report, verify_journal
from ledger.records.letters import (
    letter_by_number,
    letter_by_sha256,
    letters_replacing,
    letters_waiting,
    load_obligations,
    revocations_of,
    successor_of,
)
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow
from ledger.records.tenant import Tenant
from ledger.rights.codes import ConditionCode
from ledger.rights.tariff import Money
from ledger.said import said

SHA256 = re.compile(r"[0-9a-f]{64}")
DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
"""What a word processor makes of a hyphen."""
SERIAL = re.compile(r"(?<=-[0-9]{4}-)([0-9]{1,5})$")
STATES = {
    "issued": "valid",
    "amended": "valid",
    "superseded": "superseded",
    "revoked": "revoked",
    "expired": "expired",
}


@dataclass(frozen=True)
class Verified:
    """What the ledger says of a letter. ``whole``: the very file was shown, so its content may be told too.

    ``later`` is the newest letter that amends, supersedes or revokes it (if that was superseded in turn, the one
    that holds in its place); ``effective`` the day from which a revoked one is taken back. ``fee_due`` is the fee that
    the letter itself makes its effect wait for, told with the content; ``fee_paid`` whether staff noted it as paid.
    """

    state: str  # valid, superseded, revoked, expired
    letter: LetterRow
    publisher: PublisherRow
    whole: bool
    later: LetterRow | None = None
    effective: date | None = None
    fee_due: Money | None = None
    fee_paid: bool = False

    @property
    def last_day(self) -> date | None:
        """The last day on which a letter holds that is revoked from a later day on; none for any other."""
        return self.effective - timedelta(days=1) if self.effective and self.state == "valid" else None


def verify_file(desk: Desk, sha256: str) -> Verified:
    """The letter whose file has this SHA-256. Raises ``NotFound``: unknown, or not the file that was issued."""
    wanted = sha256.strip().lower()
    if not SHA256.fullmatch(wanted):
        raise NotFound(
            said("A SHA-256 has 64 characters, 0 to 9 and a to f. Check that it was copied whole."), "sha256"
        )
    with desk.database.reading() as connection:
        found = letter_by_sha256(connection, wanted)
    if found is None:
        raise NotFound(
            said(
                "No letter of this ledger is this file. A letter that was changed in any way, even saved anew by a "
                "PDF reader, is another file; ask for the original."
            ),
            "sha256",
        )
    return _verified(desk, found, whole=True)


def verify_number(desk: Desk, number: str) -> Verified:
    """The letter with a number. A number alone shows only that the letter exists, and its state."""
    number = number.replace("\0", "")  # which no database would be asked for
    with desk.database.reading() as connection:
        found = letter_by_number(connection, as_printed(number))
    if found is None or found.state == "preparing":
        raise NotFound(
            said("This ledger has issued no letter with the number %(number)s.", number=number.strip()),
            "number",
        )
    return _verified(desk, found, whole=False)


def as_printed(number: str) -> str:
    """A letter's number as letters print it: what was typed may have other dashes, small letters, no leading zeros."""
    plain = DASHES.sub("-", number).strip().upper()
    return SERIAL.sub(lambda found: found[1].zfill(6), plain)


def _verified(desk: Desk, letter: LetterRow, *, whole: bool) -> Verified:
    publisher = own_publisher(desk, letter.publisher_id)
    with desk.database.reading() as connection:
        tenant = Tenant(connection, letter.publisher_id)
        later = next(iter(letters_replacing(tenant, letter.id)), None)
        later = successor_of(tenant, later) if later else None
        notices = revocations_of(tenant, [letter.id])  # also while the file of the notice is being made
        duties = load_obligations(tenant, letter.id) if whole else []
    if later is not None and later.state == "preparing":
        later = None  # its file is being made; until then there is nothing to show
    effective = matter_of(notices[0]).effective if notices else None
    state = _state(letter, effective, desk.today())
    paid = any(duty.code == ConditionCode.FEE and duty.done_at is not None for duty in duties)
    fee = matter_of(letter).fee_to_wait_for if whole else None
    return Verified(state, letter, publisher, whole, later, effective, fee, paid)


def _state(letter: LetterRow, effective: date | None, today: date) -> str:
    """What holds today: a letter that is revoked from a later day on holds until then."""
    state = STATES[letter.state]
    if state == "revoked" and effective is not None and effective > today:
        state = "valid"
    if state == "valid" and letter.valid_until is not None and letter.valid_until < today:
        state = "expired"  # the worker marks it at night; a reader is told at once
    return state


def proof_of_issue(desk: Desk, letter: LetterRow) -> bytes:
    """The tlog-proof that the letter's file was journaled as issued. Raises ``NotFound`` before it was."""
    if letter.issued_seq is None:
        raise NotFound("This letter has no file yet.")
    with desk.database.reading() as connection:
        return proof_file(connection, letter.publisher_id, letter.issued_seq)


def verify_ledger(desk: Desk, checkpoints: Sequence[bytes] = (), keys: Sequence[str] = ()) -> list[Report]:
    """Re-hash every journal, compare rows with entries and files with hashes, and check older checkpoints.

    A checkpoint is held against the journal it names. Those that name none have a report of their own: of a journal
    that is gone they are all that is left. A letter that waits for its file is among the warnings. ``keys``: public
    keys (vkeys) that the ledger itself has lost. Raises ``BadInput`` for one that cannot be read.
    """
    known = _public(keys)
    with desk.database.reading() as connection:
        journals = every_journal(connection)
        named = {each: [note for note in checkpoints if _names(connection, each, note)] for each in journals}
    reports = []
    for publisher_id in journals:
        with desk.database.snapshot() as connection:  # else an act in between would look like tampering
            report = verify_journal(
                connection,
                publisher_id,
                checkpoints=named[publisher_id],
                known=known,
                checks=[Rows(desk, publisher_id)],
            )
            waiting = map(_waits, letters_waiting(Tenant(connection, publisher_id)))
            reports.append(replace(report, warnings=(*report.warnings, *waiting)))
    claimed = {note for notes in named.values() for note in notes}
    strangers = [note for note in checkpoints if note not in claimed]
    return [*reports, _unclaimed(strangers)] if strangers else reports


def _waits(letter: LetterRow) -> str:
    """A letter without its file is nothing wrong with the journal; whoever keeps the ledger should know of it."""
    text = f"Letter {letter.number} was decided at {_moment(letter.issued_at)} and waits for its file"
    if letter.delayed is None or letter.delayed_at is None:
        return f"{text}: nobody has tried to make it yet. The worker does."
    return f"{text}; at {_moment(letter.delayed_at)} it could not be made: {letter.delayed}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _public(keys: Sequence[str]) -> list[Verifier]:
    try:
        return [Verifier.parse(each) for each in keys]
    except BadNote as error:
        raise BadInput({"key": f"This is no public key of a journal: {error}."}) from error


def _names(connection: Connection, publisher_id: str, note: bytes) -> bool:
    """Whether the note's first line, the origin, is of one of this journal's epochs."""
    origin = note.split(b"\n", 1)[0].decode(errors="replace")
    return epoch_of(origin)[0] in keeper_of(connection).origins(connection, publisher_id)


def _unclaimed(notes: Sequence[bytes]) -> Report:
    problems = tuple(Problem("checkpoint", _stranger(note)) for note in notes)
    return Report("(none of ours)", 0, EMPTY_ROOT, len(notes), problems)


def _stranger(note: bytes) -> str:
    try:
        said = size_and_root(note)
    except BadNote:
        return f"This is no checkpoint: {note[:60]!r}."
    return f"The checkpoint of {said.origin} over {said.size} entries names no journal of this ledger."
