"""The file of a letter that has its number: made from what was written with it, journaled as issued, and sent.

By the door that asked or, should that die, by the worker; harmless to repeat.
"""

from dataclasses import replace
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters.letter_file import make_file
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.letters.letter_words import compose_frame, compose_letter
from ledger.desk.letters.signing import signer_of
from ledger.desk.posting import tell
from ledger.desk.refusals import NotFound, Unavailable
from ledger.journal.entry import document_sha256, read_leaf
from ledger.letters.model import LetterKind
from ledger.records import journal_store
from ledger.records.failures import Stale
from ledger.records.journal_publishing import proof_file
from ledger.records.journal_reading import entry_at
from ledger.records.letters import decide_letter_again, finish_letter, load_letter, note_delay
from ledger.records.outbox import Attached
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow, RequestRow
from ledger.records.requests import load_items, load_request
from ledger.records.tenant import Tenant
from ledger.rights.wire import from_plain

JOB = "finish_letter"


def finish(desk: Desk, publisher_id: str, letter_id: str) -> LetterRow:
    """Make a prepared letter's file, journal it as issued and send it. Harmless to repeat.

    A file that is made again need not have the same bytes (a token's signatures and time stamps differ): the one
    that the journal names is the letter, and one that was made before a crash is known to nobody.
    Raises ``Unavailable`` when it cannot be made now; why is then kept with the letter.
    """
    publisher = own_publisher(desk, publisher_id)
    with desk.database.reading() as connection:
        prepared = _letter(Tenant(connection, publisher_id), letter_id)
    if prepared.state != "preparing":
        return prepared
    try:
        prepared = under_this_certificate(desk, publisher, prepared)
        row, matter, file = _draw(desk, publisher, prepared)
    except Unavailable as refusal:
        with desk.database.writing() as connection:
            note_delay(Tenant(connection, publisher_id), letter_id, refusal.message, desk.clock())
        raise
    return _issued(desk, publisher, prepared, row, matter, desk.evidence.put(file))


def under_this_certificate(desk: Desk, publisher: PublisherRow, prepared: LetterRow) -> LetterRow:
    """The letter, decided again where another certificate signs by now than the one its entry names.

    Certificates are renewed while letters wait; a letter under one that its entry does not name is not believed.
    Raises ``Unavailable`` where the certificate is out of order.
    """
    fingerprint = signer_of(desk, publisher).fingerprint
    with desk.database.reading() as connection:
        entry = read_leaf(entry_at(connection, publisher.id, prepared.decision_seq or 0).leaf)
    if entry.payload.get("certificate_sha256", fingerprint) == fingerprint:
        return prepared
    payload = {**entry.payload, "certificate_sha256": fingerprint, "repeats": prepared.decision_seq}
    personal = {"document_sha256": document_sha256(prepared.document)}
    with desk.database.writing() as connection:
        again = journal_store.append(
            connection, publisher.id, "letter.decided", payload, personal, desk.clock()
        )
        decide_letter_again(Tenant(connection, publisher.id), prepared, again.seq)
    return replace(prepared, decision_seq=again.seq)


def _draw(desk: Desk, publisher: PublisherRow, prepared: LetterRow) -> tuple[RequestRow, Matter, bytes]:
    """The request, what the letter is about, and the signed file. Raises ``Unavailable``."""
    with desk.database.reading() as connection:
        tenant = Tenant(connection, publisher.id)
        row = load_request(tenant, prepared.request_id or "")
        if row is None:
            raise NotFound("The letter's request is not there.", "request")
        matter = from_plain(Matter, prepared.document["matter"])
        proof = proof_file(connection, publisher.id, prepared.decision_seq or 0)
        frame = compose_frame(
            desk,
            tenant,
            publisher,
            row,
            matter,
            prepared.number,
            prepared.language,
            issued=prepared,
        )
    return row, matter, make_file(desk, publisher, prepared, compose_letter(matter, frame), proof)


def _issued(
    desk: Desk, publisher: PublisherRow, prepared: LetterRow, row: RequestRow, matter: Matter, sha256: str
) -> LetterRow:
    now = desk.clock()
    payload = {"letter": prepared.id, "number": prepared.number, "sha256": sha256}
    try:
        with desk.database.writing() as connection:
            tenant = Tenant(connection, publisher.id)
            entry = journal_store.append(connection, publisher.id, "letter.issued", payload, {}, now)
            finish_letter(tenant, prepared, sha256, entry.seq)
            _send(desk, tenant, publisher, row, prepared, matter, sha256)
    except Stale:
        pass  # the worker and the door made it at the same time: the first file is the letter (or the next one is)
    with desk.database.reading() as connection:
        return _letter(Tenant(connection, publisher.id), prepared.id)


def _send(
    desk: Desk,
    tenant: Tenant,
    publisher: PublisherRow,
    row: RequestRow,
    letter: LetterRow,
    matter: Matter,
    sha256: str,
) -> None:
    template, said = "decided", _counted(tenant, row)
    if letter.kind == LetterKind.REVOCATION:
        template, said = "letter_revoked", revoked_words(desk, matter)
    if matter.replaced is not None:
        template, said = "letter_replaced", {"old": matter.replaced.number, "reason": matter.reason}
    tell(
        desk,
        tenant,
        publisher,
        row,
        template,
        key=f"letter:{letter.id}",
        files=[Attached(f"{letter.number}.pdf", "application/pdf", sha256)],
        **{
            "letter_number": letter.number,
            "letter_url": f"{desk.base_url}/verify/{letter.number}",
            **said,
        },
    )


def revoked_words(desk: Desk, matter: Matter) -> dict[str, Any]:
    """What the mail about a revocation says: of the letter that is taken back, and why."""
    number = matter.earlier.number if matter.earlier else ""
    return {
        "letter_number": number,
        "reason": matter.reason,
        "effective": matter.effective,
        "url": f"{desk.base_url}/verify/{number}",
    }


def _counted(tenant: Tenant, row: RequestRow) -> dict[str, Any]:
    """How many items were decided which way."""
    decisions = [item.decision for item in load_items(tenant, row.id)]
    words = {"granted": "granted", "referred": "referred", "not_needed": "not_needed", "refused": "declined"}
    return {name: decisions.count(decision) for name, decision in words.items()}


def _letter(tenant: Tenant, letter_id: str) -> LetterRow:
    found = load_letter(tenant, letter_id)
    if found is None:
        raise NotFound("There is no such letter.", "letter")
    return found
