"""Pieces with the rights in them, read back as one frozen value of ``ledger.rights``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, literal_column, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from ledger.records.paging import Page, after_mark, capped_count, mark
from ledger.records.tables import assessment, claim, party, piece, piece_terms, piece_url, terms
from ledger.records.tenant import Tenant
from ledger.rights.exceptions import Assessment
from ledger.rights.parties import Party
from ledger.rights.pieces import Claim, Piece
from ledger.rights.terms import Terms
from ledger.rights.wire import from_plain

EVERYWHERE: ColumnElement[bool] = literal_column("terms.everywhere")
"""Terms of the whole site, spelled as their partial index spells it: SQLite does not use it for ``= 1``, and would
read every Terms of the publisher."""


@dataclass(frozen=True)
class LoadedPiece:
    """A piece with its row's particulars. ``draft`` is what the reader found, with its evidence."""

    piece: Piece
    publisher_id: str
    state: str
    version: int
    url: str | None
    draft: dict[str, Any] | None
    snapshot_sha256: str | None
    snapshot_type: str | None
    registered_by: str | None
    registered_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True)
class PieceLine:
    """A piece in a list."""

    id: str
    state: str
    version: int
    url: str | None
    title: str
    language: str | None
    source_name: str | None
    published_on: date | None
    registered_at: datetime


def load_piece(connection: Connection, piece_id: str, publisher_id: str | None = None) -> LoadedPiece | None:
    """The piece with its claims, its Terms, the site-wide Terms of its publisher, and its assessments.

    With ``publisher_id`` a piece of another publisher is not found. In whatever state: a public door must
    look at ``state`` and show only confirmed ones. Five selects.
    """
    statement = select(piece).where(piece.c.id == piece_id)
    if publisher_id is not None:
        statement = statement.where(piece.c.publisher_id == publisher_id)
    row = connection.execute(statement).mappings().first()
    return _assemble(Tenant(connection, row["publisher_id"]), row) if row else None


def public_piece(connection: Connection, piece_id: str) -> LoadedPiece | None:
    """The same, for everybody's eyes: only when it is confirmed."""
    loaded = load_piece(connection, piece_id)
    return loaded if loaded and loaded.state == "confirmed" else None


def _assemble(tenant: Tenant, row: RowMapping) -> LoadedPiece:
    bare = from_plain(Piece, row["document"])
    claims = load_claims(tenant, bare.id)
    all_terms = load_terms(tenant, bare.id)
    known = _parties(tenant, {one.party.id for one in claims} | {one.assigner.id for one in all_terms})
    whole = replace(
        bare,
        claims=tuple(replace(one, party=known.get(one.party.id, one.party)) for one in claims),
        terms=tuple(replace(one, assigner=known.get(one.assigner.id, one.assigner)) for one in all_terms),
        assessments=tuple(load_assessments(tenant, bare.id)),
    )
    taken = {name: row[name] for name in LoadedPiece.__dataclass_fields__ if name != "piece"}
    return LoadedPiece(piece=whole, **taken)


def load_claims(tenant: Tenant, piece_id: str) -> list[Claim]:
    """The chain of title of a piece without what was withdrawn, in the order recorded."""
    statement = tenant.select(claim, claim.c.document).where(
        claim.c.piece_id == piece_id, claim.c.withdrawn_at.is_(None)
    )
    rows = tenant.all(statement.order_by(claim.c.recorded_at, claim.c.id))
    return [from_plain(Claim, row["document"]) for row in rows]


def load_terms(tenant: Tenant, piece_id: str) -> list[Terms]:
    """The Terms of a piece, revoked ones too (they say since when), and its publisher's site-wide ones."""
    own = tenant.select(piece_terms, piece_terms.c.terms_id).where(piece_terms.c.piece_id == piece_id)
    site_wide = tenant.select(terms, terms.c.id).where(EVERYWHERE)
    statement = tenant.select(terms).where(terms.c.id.in_(union_all(own, site_wide)))
    return [_terms(row) for row in tenant.all(statement.order_by(terms.c.recorded_at, terms.c.id))]


def load_one_terms(tenant: Tenant, terms_id: str) -> Terms | None:
    """One Terms by its id."""
    row = tenant.first(tenant.select(terms).where(terms.c.id == terms_id))
    return _terms(row) if row else None


def terms_with_clause(tenant: Tenant, clause_sha256: str, assigner_id: str) -> Terms | None:
    """Terms of the same words by the same party, still in force: a site's footer is recorded once."""
    same_words = tenant.select(terms).where(
        terms.c.clause_sha256 == clause_sha256, terms.c.revoked_on.is_(None)
    )
    found = (_terms(row) for row in tenant.all(same_words.order_by(terms.c.id).limit(50)))
    return next((one for one in found if one.assigner.id == assigner_id), None)


def _terms(row: RowMapping) -> Terms:
    read = from_plain(Terms, row["document"])
    return replace(read, revoked_on=row["revoked_on"]) if row["revoked_on"] else read


def load_assessments(tenant: Tenant, piece_id: str) -> list[Assessment]:
    """Every assessment of a piece, superseded ones too, in the order made."""
    statement = tenant.select(assessment, assessment.c.document).where(assessment.c.piece_id == piece_id)
    rows = tenant.all(statement.order_by(assessment.c.made_at, assessment.c.id))
    return [from_plain(Assessment, row["document"]) for row in rows]


def _parties(tenant: Tenant, ids: set[str]) -> dict[str, Party]:
    """The parties as now recorded: an address corrected since is used at once."""
    if not ids:
        return {}
    statement = tenant.select(party, party.c.id, party.c.document).where(party.c.id.in_(ids))
    return {row["id"]: from_plain(Party, row["document"]) for row in tenant.all(statement)}


def list_pieces(
    tenant: Tenant, state: str | None = None, after: str | None = None, limit: int = 25
) -> Page[PieceLine]:
    """A page of the publisher's pieces, newest first. ``BadCursor`` for a wrong ``after``."""
    columns = [piece.c[name] for name in PieceLine.__dataclass_fields__]
    found = tenant.select(piece, *columns)
    if state:
        found = found.where(piece.c.state == state)
    page = found.where(*after_mark((piece.c.id,), (str,), after, descending=True))
    rows = [PieceLine(**row) for row in tenant.all(page.order_by(piece.c.id.desc()).limit(limit + 1))]
    following = mark(rows[limit - 1].id) if len(rows) > limit else None
    count = capped_count(tenant.connection, found.with_only_columns(piece.c.id))
    return Page(rows[:limit], following, count)


@dataclass(frozen=True)
class Known:
    """A piece that is in the register already; ``how``: address or page (the very same bytes)."""

    id: str
    title: str
    state: str
    how: str


def known_pieces(
    tenant: Tenant, urls: Sequence[tuple[str, int]], snapshot_sha256: str | None = None
) -> list[Known]:
    """The publisher's pieces, of whatever state but withdrawn, that have one of the addresses (normal form and
    its key) as their own or canonical one, or whose page had these very bytes; at most 20."""
    columns = (piece.c.id, piece.c.title, piece.c.state)
    here = piece_url.c
    found = []
    if urls:
        same = tenant.select(piece_url, here.piece_id).where(
            here.url_key.in_([key for _, key in urls]),
            here.url.in_([url for url, _ in urls]),
            here.kind != "source",
        )
        rows = tenant.all(tenant.select(piece, *columns).where(piece.c.id.in_(same)).limit(20))
        found += [Known(row["id"], row["title"], row["state"], "address") for row in rows]
    if snapshot_sha256:
        statement = tenant.select(piece, *columns).where(piece.c.snapshot_sha256 == snapshot_sha256)
        rows = tenant.all(statement.limit(20))
        found += [Known(row["id"], row["title"], row["state"], "page") for row in rows]
    return list({each.id: each for each in reversed(found) if each.state != "withdrawn"}.values())


def assessments_to_review(tenant: Tenant, until: date, limit: int = 100) -> list[tuple[str, str, date]]:
    """(piece id, assessment id, due day) of current assessments due for review by a day, oldest first."""
    later = assessment.alias()
    superseded = (
        select(later.c.id)
        .where(later.c.publisher_id == assessment.c.publisher_id, later.c.supersedes == assessment.c.id)
        .exists()
    )
    columns = (assessment.c.piece_id, assessment.c.id, assessment.c.review_due)
    statement = tenant.select(assessment, *columns).where(assessment.c.review_due <= until, ~superseded)
    rows = tenant.all(statement.order_by(assessment.c.review_due, assessment.c.id).limit(limit))
    return [(row["piece_id"], row["id"], row["review_due"]) for row in rows]
