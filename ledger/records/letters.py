"""Letters: their gapless numbers, what they rest on, and what they ask of those who hold them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, select
from sqlalchemy.dialects import postgresql, sqlite

from ledger.records.failures import Stale
from ledger.records.paging import Page, after_mark, capped_count, mark
from ledger.records.request_rows import LetterRow, ObligationRow, from_row, to_row
from ledger.records.request_tables import letter, letter_counter, letter_ground, letter_piece, obligation
from ledger.records.tables import publisher
from ledger.records.tenant import Tenant

LIVE = ("issued", "amended")
"""States in which what a letter says still holds."""
BINDING = ("preparing", *LIVE)
"""States in which a letter's grants stand in the way of others."""
AT_ONCE = 10_000
"""Rows of one round of the worker: behind a smaller page of what cannot be done all others would wait."""


def next_letter_number(connection: Connection, publisher_id: str, year: int) -> int:
    """The next number of a publisher's year, counted from 1, without gaps.

    Call it inside the transaction that issues the letter: the counter's row stays locked until that
    transaction ends, and a rollback gives the number back.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(letter_counter).values(publisher_id=publisher_id, year=year, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=[letter_counter.c.publisher_id, letter_counter.c.year],
        set_={"last": letter_counter.c.last + 1},
    )
    number: int = connection.execute(statement.returning(letter_counter.c.last)).scalar_one()
    return number


def take_turn_to_issue(tenant: Tenant) -> None:
    """Wait until nobody else issues for this publisher, and keep the turn until the transaction ends.

    What is read after it is what the last issuer left: whether a request has its letter, what stands granted.
    PostgreSQL locks the publisher's row, and lets others go on referring to it; on SQLite every writer is alone.
    """
    mine = select(publisher.c.id).where(publisher.c.id == tenant.publisher_id)
    tenant.connection.execute(mine.with_for_update(key_share=True))


def add_letter(
    tenant: Tenant, row: LetterRow, ground_ids: Sequence[str] = (), piece_ids: Sequence[str] = ()
) -> None:
    """Write a letter with what it rests on (ids of terms, claims, enquiries) and is about."""
    tenant.insert(letter, to_row(row))
    tenant.insert(
        letter_ground, *({"letter_id": row.id, "ground_id": each} for each in sorted(set(ground_ids)))
    )
    tenant.insert(letter_piece, *({"letter_id": row.id, "piece_id": each} for each in sorted(set(piece_ids))))


def finish_letter(tenant: Tenant, prepared: LetterRow, sha256: str, issued_seq: int) -> None:
    """Give a letter in preparation its file and its journal entry.

    Raises ``Stale`` if it is past that, or was decided again since ``prepared`` was read.
    """
    made = {
        "state": "issued",
        "sha256": sha256,
        "issued_seq": issued_seq,
        "delayed": None,
        "delayed_at": None,
    }
    _change_prepared(tenant, prepared, made)


def decide_letter_again(tenant: Tenant, prepared: LetterRow, decision_seq: int) -> None:
    """Point a letter in preparation to a later entry of its decision. Raises ``Stale`` as ``finish_letter`` does."""
    _change_prepared(tenant, prepared, {"decision_seq": decision_seq})


def _change_prepared(tenant: Tenant, prepared: LetterRow, values: dict[str, Any]) -> None:
    statement = tenant.update(letter).where(
        letter.c.id == prepared.id,
        letter.c.state == "preparing",
        letter.c.decision_seq == prepared.decision_seq,
    )
    if tenant.change(statement.values(values)) != 1:
        raise Stale("The letter")


def note_delay(tenant: Tenant, letter_id: str, why: str, at: datetime) -> None:
    """Keep with a letter in preparation why its file could not be made at the last attempt; else change nothing."""
    statement = tenant.update(letter).where(letter.c.id == letter_id, letter.c.state == "preparing")
    tenant.change(statement.values(delayed=why, delayed_at=at))


def set_letter_state(tenant: Tenant, letter_id: str, state: str, expected: Sequence[str] = LIVE) -> None:
    """Move a letter on. Raises ``Stale`` when it is no longer in one of the expected states."""
    statement = tenant.update(letter).where(letter.c.id == letter_id, letter.c.state.in_(expected))
    if tenant.change(statement.values(state=state)) != 1:
        raise Stale("The letter")


def load_letter(tenant: Tenant, letter_id: str) -> LetterRow | None:
    """A letter of this publisher."""
    row = tenant.first(tenant.select(letter).where(letter.c.id == letter_id))
    return from_row(LetterRow, row) if row else None


def letters_waiting(tenant: Tenant) -> list[LetterRow]:
    """The letters that are decided and have no file yet, oldest first."""
    statement = tenant.select(letter).where(letter.c.state == "preparing").order_by(letter.c.number)
    return [from_row(LetterRow, row) for row in tenant.all(statement)]


def letter_by_number(connection: Connection, number: str) -> LetterRow | None:
    """The letter with a printed number, of whatever publisher: whoever holds a letter may check it."""
    row = connection.execute(select(letter).where(letter.c.number == number)).mappings().first()
    return from_row(LetterRow, row) if row else None


def letter_by_sha256(connection: Connection, sha256: str) -> LetterRow | None:
    """The letter whose file has this SHA-256 (hex, lower case), of whatever publisher."""
    row = connection.execute(select(letter).where(letter.c.sha256 == sha256).limit(1)).mappings().first()
    return from_row(LetterRow, row) if row else None


def letters_of_request(tenant: Tenant, request_id: str) -> list[LetterRow]:
    """The letters of a request, oldest first."""
    statement = tenant.select(letter).where(letter.c.request_id == request_id)
    statement = statement.order_by(letter.c.issued_at, letter.c.number)
    return [from_row(LetterRow, row) for row in tenant.all(statement)]


def successor_of(tenant: Tenant, row: LetterRow) -> LetterRow:
    """The letter that holds in a letter's place: itself, unless it was superseded, however often."""
    while row.state == "superseded":
        following = tenant.first(
            tenant.select(letter).where(letter.c.replaces == row.id, letter.c.kind == row.kind)
        )
        if following is None:
            break
        row = from_row(LetterRow, following)
    return row


def letters_replacing(tenant: Tenant, letter_id: str, *, also_preparing: bool = False) -> list[LetterRow]:
    """The letters that amend, supersede or revoke a letter, newest first; unless ``also_preparing``, with a file."""
    statement = tenant.select(letter).where(letter.c.replaces == letter_id)
    if not also_preparing:
        statement = statement.where(letter.c.state != "preparing")
    return [from_row(LetterRow, row) for row in tenant.all(statement.order_by(letter.c.id.desc()))]


def revocations_of(tenant: Tenant, letter_ids: Sequence[str]) -> list[LetterRow]:
    """The letters that take any of these back, also while their files are being made."""
    statement = tenant.select(letter).where(letter.c.replaces.in_(letter_ids), letter.c.kind == "revocation")
    return [from_row(LetterRow, row) for row in tenant.all(statement)]


def letters_by_ground(
    tenant: Tenant, ground_ids: Sequence[str], states: Sequence[str] = LIVE
) -> list[LetterRow]:
    """The letters in these states that rest on any of these terms, claims or enquiries, oldest first."""
    return _linked(tenant, letter_ground, "ground_id", ground_ids, states)


def letters_about(
    tenant: Tenant, piece_ids: Sequence[str], states: Sequence[str] = BINDING
) -> list[LetterRow]:
    """The letters in these states about any of these pieces, oldest first: a new grant may collide."""
    return _linked(tenant, letter_piece, "piece_id", piece_ids, states)


def _linked(
    tenant: Tenant, link: Table, column: str, ids: Sequence[str], states: Sequence[str]
) -> list[LetterRow]:
    linked = tenant.select(link, link.c.letter_id).where(link.c[column].in_(ids))
    statement = tenant.select(letter).where(letter.c.id.in_(linked), letter.c.state.in_(states))
    return [
        from_row(LetterRow, row)
        for row in tenant.all(statement.order_by(letter.c.issued_at, letter.c.number))
    ]


def list_letters(
    tenant: Tenant, state: str | None = None, after: str | None = None, limit: int = 25
) -> Page[LetterRow]:
    """A page of the publisher's letters, newest first. ``BadCursor`` for a wrong ``after``."""
    found = tenant.select(letter)
    if state:
        found = found.where(letter.c.state == state)
    page = found.where(*after_mark((letter.c.id,), (str,), after, descending=True))
    rows = [
        from_row(LetterRow, row) for row in tenant.all(page.order_by(letter.c.id.desc()).limit(limit + 1))
    ]
    following = mark(rows[limit - 1].id) if len(rows) > limit else None
    return Page(
        rows[:limit], following, capped_count(tenant.connection, found.with_only_columns(letter.c.id))
    )


def letters_past(connection: Connection, today: date, limit: int = AT_ONCE) -> list[LetterRow]:
    """Live letters of every publisher whose last day is before today, for the worker."""
    statement = select(letter).where(letter.c.valid_until < today, letter.c.state.in_(LIVE)).limit(limit)
    return [from_row(LetterRow, row) for row in connection.execute(statement).mappings()]


def add_obligations(tenant: Tenant, rows: Sequence[ObligationRow]) -> None:
    """Write what a letter asks of its holder."""
    tenant.insert(obligation, *(to_row(row) for row in rows))


def load_obligations(tenant: Tenant, letter_id: str) -> list[ObligationRow]:
    """What a letter asks, in the order of the letter."""
    statement = tenant.select(obligation).where(obligation.c.letter_id == letter_id).order_by(obligation.c.id)
    return [from_row(ObligationRow, row) for row in tenant.all(statement)]


def carry_obligations(tenant: Tenant, letter_id: str, to: str) -> None:
    """Hand what a letter asks, done or not, on to the letter that takes its place."""
    mine = tenant.update(obligation).where(obligation.c.letter_id == letter_id)
    tenant.change(mine.values(letter_id=to))


def change_obligation(tenant: Tenant, obligation_id: str, text: str, due: date | None) -> None:
    """Say an open obligation otherwise. Raises ``Stale`` when it is done already."""
    _change_open(tenant, obligation_id, text=text, due=due)


def finish_obligation(tenant: Tenant, obligation_id: str, done_at: datetime, note: str | None = None) -> None:
    """Tick one off. Raises ``Stale`` when that was done before."""
    _change_open(tenant, obligation_id, done_at=done_at, done_note=note)


def note_reminder(tenant: Tenant, obligation_id: str, reminded_at: datetime) -> None:
    """Note that its holder was reminded. Raises ``Stale`` when it is done already."""
    _change_open(tenant, obligation_id, reminded_at=reminded_at)


def _change_open(tenant: Tenant, obligation_id: str, **changes: Any) -> None:
    open_one = and_(obligation.c.id == obligation_id, obligation.c.done_at.is_(None))
    if tenant.change(tenant.update(obligation).where(open_one).values(**changes)) != 1:
        raise Stale("The obligation")


def obligations_due(connection: Connection, until: date, limit: int = AT_ONCE) -> list[ObligationRow]:
    """Open obligations of live letters of every publisher, due by a day and not yet reminded of."""
    same_letter = and_(
        letter.c.publisher_id == obligation.c.publisher_id, letter.c.id == obligation.c.letter_id
    )
    statement = (
        select(obligation)
        .join(letter, same_letter)
        .where(obligation.c.due <= until, obligation.c.done_at.is_(None), obligation.c.reminded_at.is_(None))
        .where(letter.c.state.in_(LIVE))
        .order_by(obligation.c.due, obligation.c.id)
        .limit(limit)
    )
    return [from_row(ObligationRow, row) for row in connection.execute(statement).mappings()]
