"""A confirmed piece with the rights in it, for everybody's eyes: one statement, one consistent look.

Its rights page is asked as often as the lookup, so the rows of five tables come in one select and are read
without the ORM's ceremony. Terms and parties are shared by all the pieces of a source: what has been read
once from the very same words is not read again. The words themselves come from the database each time, so
nothing that was recorded since can be missed, by whatever process.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from ledger.records.base import UtcDateTime
from ledger.records.own_connection import Prepared, ThreadsOwn
from ledger.records.pieces import EVERYWHERE
from ledger.records.sessions import Database
from ledger.records.tables import assessment, claim, party, piece, piece_terms, terms
from ledger.rights.exceptions import Assessment
from ledger.rights.parties import Party
from ledger.rights.pieces import Claim, Piece
from ledger.rights.terms import Terms
from ledger.rights.wire import from_plain

REMEMBERED = 4_096
"""How many Terms and parties are kept as they were read: a few kilobytes each."""


class PublicPieces:
    """Confirmed pieces of one database by their ids. Keep one for the life of the process."""

    def __init__(self, database: Database, own: ThreadsOwn) -> None:
        self._prepared = Prepared(database, _everything_of_a_piece(), own)

    def find(self, piece_id: str) -> Piece | None:
        """The piece with its claims, its Terms, the site-wide ones of its publisher, and its assessments.

        None for one that is not there or not confirmed. Raises ``RecordsUnavailable``.
        """
        parts: dict[str, list[Any]] = {"piece": [], "claim": [], "terms": [], "assessment": []}
        for row in self._prepared.rows(piece_id=piece_id):
            parts[row[0]].append(row)
        return _piece_of(parts) if parts["piece"] else None


def _everything_of_a_piece() -> CompoundSelect[Any]:
    """Rows of (part, id, when recorded, revoked on, document, document of its party as now recorded)."""
    confirmed = (piece.c.id == bindparam("piece_id"), piece.c.state == "confirmed")
    linked = piece.join(piece_terms, _of_the_piece(piece_terms)).join(
        terms,
        (terms.c.publisher_id == piece_terms.c.publisher_id) & (terms.c.id == piece_terms.c.terms_id),
    )
    site_wide = piece.join(terms, (terms.c.publisher_id == piece.c.publisher_id) & EVERYWHERE)
    claims = piece.join(claim, _of_the_piece(claim))
    assessments = piece.join(assessment, _of_the_piece(assessment))
    no_day, no_party = cast(null(), Date), cast(null(), Text)
    now = cast(party.c.document, Text)
    arms = (
        _part("piece", piece, cast(null(), UtcDateTime), no_day, no_party).select_from(piece),
        _part("claim", claim, claim.c.recorded_at, no_day, now)
        .select_from(claims.outerjoin(party, _party_is(claim.c.party_id)))
        .where(claim.c.withdrawn_at.is_(None)),
        _part("terms", terms, terms.c.recorded_at, terms.c.revoked_on, now).select_from(
            linked.outerjoin(party, _party_is(_ASSIGNER))
        ),
        _part("terms", terms, terms.c.recorded_at, terms.c.revoked_on, now).select_from(
            site_wide.outerjoin(party, _party_is(_ASSIGNER))
        ),
        _part("assessment", assessment, assessment.c.made_at, no_day, no_party).select_from(assessments),
    )
    return union_all(*(arm.where(*confirmed) for arm in arms))


# Both databases read this; SQLite since 3.38.
_ASSIGNER: ColumnElement[str] = literal_column("(terms.document -> 'assigner' ->> 'id')")


def _of_the_piece(table: Table) -> ColumnElement[bool]:
    return (table.c.publisher_id == piece.c.publisher_id) & (table.c.piece_id == piece.c.id)


def _party_is(party_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return (party.c.publisher_id == piece.c.publisher_id) & (party.c.id == party_id)


def _part(name: str, table: Table, *others: ColumnElement[Any]) -> Select[Any]:
    at, until, now = others
    return select(literal_column(f"'{name}'"), table.c.id, at, until, cast(table.c.document, Text), now)


def _piece_of(parts: dict[str, list[Any]]) -> Piece:
    covering = {row[1]: row for row in parts["terms"]}  # those of a piece may be site-wide as well
    return replace(
        from_plain(Piece, json.loads(parts["piece"][0][4])),
        claims=tuple(_claim(row[4], row[5]) for row in _in_order(parts["claim"])),
        terms=tuple(_terms(*row[3:]) for row in _in_order(list(covering.values()))),
        assessments=tuple(
            from_plain(Assessment, json.loads(row[4])) for row in _in_order(parts["assessment"])
        ),
    )


def _in_order(rows: list[Any]) -> Sequence[Any]:
    """As recorded. SQLite's driver gives times as text, all of one form, which sorts as they do."""
    return sorted(rows, key=lambda row: (row[2], row[1])) if len(rows) > 1 else rows


def _claim(document: str, party_now: str | None) -> Claim:
    """With the party as now recorded: an address corrected since is used at once."""
    read = from_plain(Claim, json.loads(document))
    return replace(read, party=_party(party_now)) if party_now else read


@lru_cache(REMEMBERED)
def _party(document: str) -> Party:
    return from_plain(Party, json.loads(document))


@lru_cache(REMEMBERED)
def _terms(revoked_on: date | str | None, document: str, assigner_now: str | None) -> Terms:
    """Likewise. SQLite's driver gives days as text."""
    read = from_plain(Terms, json.loads(document))
    if assigner_now:
        read = replace(read, assigner=_party(assigner_now))
    if not revoked_on:
        return read
    day = revoked_on if isinstance(revoked_on, date) else date.fromisoformat(revoked_on)
    return replace(read, revoked_on=day)
