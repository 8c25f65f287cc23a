"""Verifying: a letter, for whoever is shown one; the whole ledger, for whoever keeps it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.house.publishers import list_publishers, own_publisher
from ledger.desk.letters.letter_life import matter_of
from ledger.desk.refusals import NotFound
from ledger.journal.entry import Entry
from ledger.letters.model import LetterKind
from ledger.records.evidence import EvidenceDamaged, EvidenceMissing
from ledger.records.filed import Filed, filed_letters, filed_requests
from ledger.records.journal_publishing import proof_file
from ledger.records.journal_reading import StoredEntry
from ledger.records.journal_verify import Report, verify_journal
from ledger.records.letters import letter_by_number, letter_by_sha256, letters_replacing, successor_of
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow
from ledger.records.tenant import Tenant

SHA256 = re.compile(r"[0-9a-f]{64}")
MOVES = frozenset(f"letter.{state}" for state in ("issued", "amended", "superseded", "revoked", "expired"))
"""Entries that move a letter to the state they are named after; its last one is the state it is in."""
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
    that holds in its place); ``effective`` the day from which a revoked one is taken back.
    """

    state: str  # valid, superseded, revoked, expired
    letter: LetterRow
    publisher: PublisherRow
    whole: bool
    later: LetterRow | None = None
    effective: date | None = None


def verify_file(desk: Desk, sha256: str) -> Verified:
    """The letter whose file has this SHA-256. Raises ``NotFound``: unknown, or not the file that was issued."""
    wanted = sha256.strip().lower()
    if not SHA256.fullmatch(wanted):
        raise NotFound(
            "A SHA-256 has 64 characters, 0 to 9 and a to f. Check that it was copied whole.", "sha256"
        )
    with desk.database.reading() as connection:
        found = letter_by_sha256(connection, wanted)
    if found is None:
        raise NotFound(
            "No letter of this ledger is this file. A letter that was changed in any way, even saved anew by a "
            "PDF reader, is another file; ask for the original.",
            "sha256",
        )
    return _verified(desk, found, whole=True)


def verify_number(desk: Desk, number: str) -> Verified:
    """The letter with a number. A number alone shows only that the letter exists, and its state."""
    number = number.replace("\0", "")  # which no database would be asked for
    with desk.database.reading() as connection:
        found = letter_by_number(connection, number.strip().upper())
    if found is None or found.state == "preparing":
        raise NotFound(f"This ledger has issued no letter with the number {number.strip()}.", "number")
    return _verified(desk, found, whole=False)


def _verified(desk: Desk, letter: LetterRow, *, whole: bool) -> Verified:
    publisher = own_publisher(desk, letter.publisher_id)
    state = STATES[letter.state]
    if state == "valid" and letter.valid_until is not None and letter.valid_until < desk.today():
        state = "expired"  # the worker marks it at night; a reader is told at once
    with desk.database.reading() as connection:
        tenant = Tenant(connection, letter.publisher_id)
        later = next(iter(letters_replacing(tenant, letter.id)), None)
        later = successor_of(tenant, later) if later else None
    if later is not None and later.state == "preparing":
        later = None  # its file is being made; until then there is nothing to show
    effective = None
    if later is not None and later.kind == LetterKind.REVOCATION:
        effective = matter_of(later).effective
    return Verified(state, letter, publisher, whole, later, effective)


def proof_of_issue(desk: Desk, letter: LetterRow) -> bytes:
    """The tlog-proof that the letter's file was journaled as issued. Raises ``NotFound`` before it was."""
    if letter.issued_seq is None:
        raise NotFound("This letter has no file yet.")
    with desk.database.reading() as connection:
        return proof_file(connection, letter.publisher_id, letter.issued_seq)


@dataclass
class Rows:
    """Compares the rows with what the journal says of them: letters with their files, requests, decisions."""

    desk: Desk
    publisher_id: str
    letters: dict[str, Filed] | None = None
    requests: set[str] = field(default_factory=set)
    journaled: dict[str, str] = field(default_factory=dict)  # letter id -> its state by the entries so far

    def entry(self, connection: Any, stored: StoredEntry, entry: Entry) -> str | None:
        """What the rows say otherwise than this entry, or None."""
        payload = entry.payload
        letters = self._letters(connection)
        if entry.kind == "letter.decided":
            self.journaled[payload["letter"]] = "preparing"
            row = letters.get(payload["letter"])
            if row is None:
                return f"letter {payload['number']} is in the journal but not in the register"
            if row.number != payload["number"] or row.grant_sha256 != payload["grant_sha256"]:
                return f"letter {payload['number']} has another number or content than the journal says"
        if entry.kind in MOVES:
            self.journaled[payload["letter"]] = entry.kind.removeprefix("letter.")
        if entry.kind == "letter.issued":
            return self._file(letters.get(payload["letter"]), payload["number"], payload["sha256"])
        if entry.kind == "request.submitted" and payload["request"] not in self.requests:
            return f"request {payload['request']} is in the journal but not in the register"
        return None

    def _letters(self, connection: Any) -> dict[str, Filed]:
        """The rows, read not before the first entry is: what is kept outside the database has been read by then,
        and nothing of it may be newer than what is seen inside."""
        if self.letters is None:
            self.letters = filed_letters(connection, self.publisher_id)
            self.requests = filed_requests(connection, self.publisher_id)
        return self.letters

    def _file(self, row: Filed | None, number: str, sha256: str) -> str | None:
        if row is None or row.sha256 != sha256:
            return f"the register names another file for letter {number} than the journal"
        try:
            self.desk.evidence.get(sha256)
        except EvidenceMissing:
            return f"the file of letter {number} is missing from the evidence store"
        except EvidenceDamaged:
            return f"the file of letter {number} has been changed"
        return None

    def finish(self, connection: Any, publisher_id: str) -> Iterable[str]:
        """Rows that no entry accounts for, and letters in another state than the journal left them."""
        for letter_id, row in self._letters(connection).items():
            if letter_id not in self.journaled:
                yield f"letter {row.number} is in the register but not in the journal"
            elif row.state != self.journaled[letter_id]:
                said = self.journaled[letter_id]
                yield f"letter {row.number} is {row.state} in the register but {said} in the journal"


def verify_ledger(desk: Desk, checkpoints: Sequence[bytes] = ()) -> list[Report]:
    """Re-hash every journal, compare rows with entries and files with hashes, and check older checkpoints.

    A checkpoint is held against the journal it names; one that names none of ours is reported by each.
    """
    reports = []
    for publisher in list_publishers(desk):
        with desk.database.snapshot() as connection:  # else an act in between would look like tampering
            rows = Rows(desk, publisher.id)
            reports.append(
                verify_journal(
                    connection,
                    publisher.id,
                    checkpoints=_of(publisher, checkpoints),
                    checks=[rows],
                )
            )
    return reports


def _of(publisher: PublisherRow, checkpoints: Sequence[bytes]) -> list[bytes]:
    """The checkpoints of this publisher's journal: their first line, the origin, ends in its short name."""
    return [
        note
        for note in checkpoints
        if f"/{publisher.slug}" in note.split(b"\n", 1)[0].decode(errors="replace")
    ]
