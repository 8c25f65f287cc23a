"""Issuing a letter: its number and its content first, then its file.

A letter gets its number, its row and its journal entry in one transaction, so numbers have no gaps and no
acknowledged letter is lost. Its file is made afterwards from what that transaction wrote, by the door that asked
or, should that die, by the worker. No path leads to a grant that fails the check of authority and collisions.
"""

from typing import Any

from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters.amending import as_amendment, earlier_letter
from ledger.desk.letters.finishing import JOB, finish
from ledger.desk.letters.letter_file import grant_file
from ledger.desk.letters.letter_matter import Matter, matters_of
from ledger.desk.letters.letter_words import compose_frame, compose_letter
from ledger.desk.letters.obligations import lay_down
from ledger.desk.letters.signing import signer_of
from ledger.desk.refusals import Clash
from ledger.desk.requests.invoicing import tick_off_fee
from ledger.desk.requests.opened import open_request
from ledger.ids import new_id
from ledger.journal.entry import document_sha256
from ledger.letters.model import LetterKind
from ledger.records import journal_store, tasks
from ledger.records.granted import grants_about
from ledger.records.letters import (
    add_letter,
    letters_of_request,
    next_letter_number,
    set_letter_state,
    take_turn_to_issue,
)
from ledger.records.offers import load_quotes
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import LetterRow, RequestRow
from ledger.records.requests import load_items
from ledger.records.tenant import Tenant
from ledger.rights.granting import check_grant
from ledger.rights.requests import RequestState
from ledger.rights.tariff import Quote
from ledger.rights.wire import from_plain, to_plain


def issue(desk: Desk, who: Who, request_id: str, *, language: str | None = None) -> LetterRow:
    """Issue the letters of a decided request and make their files; returns the first. Twice is once.

    Raises ``Clash`` while items are open and when a grant may no longer be given; ``Unavailable`` when a file
    cannot be made now: the letter then stands as being prepared.
    """
    who.must_be("officer")
    with desk.database.writing() as connection:
        take_turn_to_issue(Tenant(connection, who.publisher_id))  # else two at once would each write a letter
        opened = open_request(connection, who, request_id)
        rows = _given(opened.tenant, opened.row) or prepare(
            desk, opened.tenant, opened.row, who.person_id, language
        )
    finished = [finish(desk, who.publisher_id, row.id) for row in rows]
    return finished[0]


def preview(desk: Desk, who: Who, request_id: str, *, language: str | None = None) -> list[Any]:
    """The letters in words as they would be issued now, without a number. Writes nothing. Raises as ``issue``."""
    who.must_be("officer")
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.reading() as connection:
        opened = open_request(connection, who, request_id)
        matters = _matters(desk, opened.tenant, opened.row)
        return [
            compose_letter(
                matter, compose_frame(desk, opened.tenant, publisher, opened.row, matter, "…", language)
            )
            for matter in matters
        ]


def prepare(
    desk: Desk, tenant: Tenant, row: RequestRow, by: str, language: str | None = None
) -> list[LetterRow]:
    """Number and journal the letters of a decided request in the caller's transaction; a job makes the files."""
    if row.state != RequestState.DECIDED:
        raise Clash("Decide every item first; a letter states them all.")
    if _given(tenant, row):
        raise Clash("The letter of this request has been issued already; amend or revoke it instead.")
    publisher = own_publisher(desk, tenant.publisher_id)
    prepared = []
    for matter in _matters(desk, tenant, row):
        amended = earlier_letter(tenant, row) if matter.kind is LetterKind.AMENDMENT else None
        letter = prepare_letter(
            desk, tenant, publisher, row, matter, by, language, amended.id if amended else None
        )
        if amended is not None:
            set_letter_state(tenant, amended.id, "amended")
            payload = {"letter": amended.id, "number": amended.number, "by_letter": letter.number}
            journal_store.append(
                tenant.connection, publisher.id, "letter.amended", payload, {}, letter.issued_at
            )
        prepared.append(letter)
    tick_off_fee(desk, tenant, row, by)  # where the money came before the letter
    return prepared


def _given(tenant: Tenant, row: RequestRow) -> list[LetterRow]:
    """The letters a request has led to, but for those that took one back or were replaced."""
    return [
        each
        for each in letters_of_request(tenant, row.id)
        if each.kind != LetterKind.REVOCATION and each.state != "superseded"
    ]


def _matters(desk: Desk, tenant: Tenant, row: RequestRow) -> list[Matter]:
    accepted = [quote for quote in load_quotes(tenant, row.id) if quote.state == "accepted"]
    quote = from_plain(Quote, accepted[0].document) if accepted else None
    matters = matters_of(tenant, row, load_items(tenant, row.id), quote)
    amended = earlier_letter(tenant, row)
    if amended is not None:
        matters = [as_amendment(matter, amended) for matter in matters]
    for matter in matters:
        must_still_hold(desk, tenant, matter)
    return matters


def must_still_hold(desk: Desk, tenant: Tenant, matter: Matter) -> None:
    """Terms may have ended between the decision and the letter: what may not be granted today is not issued.

    A letter that is replaced is not in the way of the one that takes its place.
    """
    if matter.grant is None:
        return
    replaced = matter.replaced.number if matter.replaced else None
    others = [
        grant
        for grant in grants_about(tenant, matter.piece.id, desk.today())
        if not _same(grant, matter.grant) and (replaced is None or grant.letter != replaced)
    ]
    refusals = check_grant(matter.grant, matter.piece, desk.today(), others)
    if refusals:
        raise Clash(f"This grant may no longer be given: {'; '.join(each.message for each in refusals)}.")


def _same(one: Any, other: Any) -> bool:
    return bool(one.id == other.id or (one.assignee == other.assignee and one.letter is None))


def prepare_letter(
    desk: Desk,
    tenant: Tenant,
    publisher: PublisherRow,
    row: RequestRow,
    matter: Matter,
    by: str,
    language: str | None,
    replaces: str | None = None,
) -> LetterRow:
    """Number one letter and journal its content in the caller's transaction; a job makes its file."""
    now = desk.clock().replace(microsecond=0)
    serial = next_letter_number(tenant.connection, publisher.id, now.year)
    number = f"{publisher.number_prefix}-{now.year}-{serial:06d}"
    letter = compose_letter(matter, compose_frame(desk, tenant, publisher, row, matter, number, language))
    grant_sha256 = desk.evidence.put(grant_file(desk, matter, letter))
    letter_id = new_id("lt")
    decided = {
        "letter": letter_id,
        "number": number,
        "kind": matter.kind.value,
        "grant_sha256": grant_sha256,
        "certificate_sha256": signer_of(desk, publisher).fingerprint,
        "request": row.id,
        "items": [each.id for each in load_items(tenant, row.id)],
        "by": by,
    }
    document = _document(matter, grant_sha256)
    personal = {"document_sha256": document_sha256(document)}
    entry = journal_store.append(tenant.connection, publisher.id, "letter.decided", decided, personal, now)
    prepared = LetterRow(
        id=letter_id,
        number=number,
        kind=matter.kind.value,
        state="preparing",
        language=letter.language,
        assignee=letter.addressee.name,
        document=document,
        issued_by=by,
        issued_at=now,
        request_id=row.id,
        decision_seq=entry.seq,
        valid_until=matter.grant.scope.period.end if matter.grant else None,
        replaces=replaces,
    )
    _store(tenant, prepared, matter)
    return prepared


def _document(matter: Matter, grant_sha256: str) -> dict[str, Any]:
    return {
        "matter": to_plain(matter),
        "grants": [to_plain(matter.grant)] if matter.grant else [],
        "grant_sha256": grant_sha256,
    }


def _store(tenant: Tenant, prepared: LetterRow, matter: Matter) -> None:
    """Write a numbered letter with its grounds, its duties and the job that makes its file."""
    add_letter(tenant, prepared, _grounds(matter), [matter.piece.id])
    lay_down(tenant, prepared, matter)
    job = {"publisher": tenant.publisher_id, "letter": prepared.id}
    tasks.enqueue(tenant.connection, JOB, job, key=f"{JOB}:{prepared.id}")


def _grounds(matter: Matter) -> list[str]:
    """Everything a letter rests on: a change of any of these is shown with the letters it touches."""
    found = [
        link.claim_id for _, authority in matter.authorities for link in authority.chain if link.claim_id
    ]
    for _, authority in matter.authorities:
        found += [link.ground.terms_id for link in authority.chain if link.ground and link.ground.terms_id]
    if matter.kind is LetterKind.NO_PERMISSION_NEEDED and matter.answer:
        found += [r.ground.terms_id for r in matter.answer.reasons if r.ground and r.ground.terms_id]
    return found
