"""Writing pieces and the rights in them.

A recorded claim, Terms or assessment never changes: a changed one is a new one with a new id, and the old
one is withdrawn, revoked or superseded. Everything here runs in the act's own transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from ledger.records.failures import Stale
from ledger.records.parties import store_party
from ledger.records.search import index_piece
from ledger.records.tables import assessment, claim, piece, piece_shingle, piece_terms, piece_url, terms
from ledger.records.tenant import Tenant
from ledger.rights.exceptions import Assessment
from ledger.rights.pieces import Claim, Piece
from ledger.rights.terms import Terms
from ledger.rights.wire import to_plain


@dataclass(frozen=True)
class PieceUrl:
    """An address a piece is found under: its normal form, the 64-bit key of that, own|canonical|source."""

    url: str
    url_key: int
    kind: str


@dataclass(frozen=True)
class Filing:
    """What is written beside the piece itself. ``public_record`` is the JSON answered to a public lookup.

    ``shingles`` are the sampled hashes of its text, signed 64-bit; None leaves those on record as they are.
    """

    state: str
    by: str | None
    at: datetime
    urls: Sequence[PieceUrl] = ()
    public_record: str | None = None
    draft: dict[str, Any] | None = None
    snapshot_sha256: str | None = None
    snapshot_type: str | None = None
    shingles: Sequence[int] | None = None


def store_piece(tenant: Tenant, value: Piece, filing: Filing) -> None:
    """Write a new piece with its addresses, claims, Terms and assessments, findable at once."""
    confirmed = {"confirmed_by": filing.by, "confirmed_at": filing.at} if filing.state == "confirmed" else {}
    registered = {"id": value.id, "version": 1, "registered_by": filing.by, "registered_at": filing.at}
    tenant.insert(piece, {**registered, **_columns(value, filing), **confirmed})
    _store_places(tenant, value, filing)
    _store_rights(tenant, value, filing)


def correct_piece(tenant: Tenant, value: Piece, expected_version: int, filing: Filing) -> int:
    """Write a piece anew and return its version. Raises ``Stale`` when another was first.

    Claims that are no longer in ``value`` are withdrawn, its Terms unlinked (site-wide ones stay in force);
    those with a new id are recorded.
    """
    version = expected_version + 1
    values = {**_columns(value, filing), "version": version}
    if filing.state == "confirmed":
        values |= {"confirmed_by": filing.by, "confirmed_at": filing.at}
    _change(tenant, value.id, expected_version, values)
    if filing.public_record is not None:
        tenant.wrote("public", value.id, text_sha256(filing.public_record))
    _store_places(tenant, value, filing)
    _drop_missing(tenant, value, filing.at)
    _store_rights(tenant, value, filing)
    return version


def withdraw_piece(tenant: Tenant, piece_id: str, expected_version: int) -> int:
    """Take a piece out of every public view; its record stays. Raises ``Stale``. Returns the new version."""
    version = expected_version + 1
    _change(
        tenant, piece_id, expected_version, {"state": "withdrawn", "public_record": None, "version": version}
    )
    row = tenant.first(tenant.select(piece).where(piece.c.id == piece_id))
    if row is not None:
        authors = [author["name"] for author in row["document"].get("authors", [])]
        index_piece(
            tenant,
            piece_id,
            is_public=False,
            title=row["title"],
            authors=authors,
            source=row["source_name"],
        )
    return version


def set_public_record(tenant: Tenant, piece_id: str, public_record: str) -> None:
    """Write anew what the public lookup answers, after its Terms or claims changed; no new version."""
    statement = tenant.update(piece).where(piece.c.id == piece_id, piece.c.state == "confirmed")
    if tenant.change(statement.values(public_record=public_record)):
        tenant.wrote("public", piece_id, text_sha256(public_record))


def text_sha256(text: str) -> str:
    """The SHA-256 of a text, in hex."""
    return sha256(text.encode()).hexdigest()


def _change(tenant: Tenant, piece_id: str, expected_version: int, values: dict[str, Any]) -> None:
    statement = tenant.update(piece).where(piece.c.id == piece_id, piece.c.version == expected_version)
    if tenant.change(statement.values(values)) != 1:
        raise Stale("The piece")


def bare(value: Piece) -> Piece:
    """The piece as its own row keeps it: claims, terms and assessments have rows of their own."""
    return replace(value, claims=(), terms=(), assessments=())


def _columns(value: Piece, filing: Filing) -> dict[str, Any]:
    own = next((each.url for each in filing.urls if each.kind == "own"), None)
    columns: dict[str, Any] = {
        "state": filing.state,
        "url": value.urls[0] if value.urls else own,
        "title": value.title,
        "language": value.language,
        "source_name": value.source.name,
        "published_on": value.published,
        "document": to_plain(bare(value)),
        "public_record": filing.public_record,
    }
    kept = {
        "draft": filing.draft,
        "snapshot_sha256": filing.snapshot_sha256,
        "snapshot_type": filing.snapshot_type,
    }
    return columns | {name: given for name, given in kept.items() if given is not None}


def _store_places(tenant: Tenant, value: Piece, filing: Filing) -> None:
    """Where the piece is found: by address, by words, by pasted text."""
    tenant.change(tenant.delete(piece_url).where(piece_url.c.piece_id == value.id))
    by_url = {each.url: each for each in reversed(filing.urls)}  # the first kind named for an address counts
    rows = ({"url": each.url, "url_key": each.url_key, "kind": each.kind} for each in by_url.values())
    tenant.insert(piece_url, *({**row, "piece_id": value.id} for row in rows))
    index_piece(
        tenant,
        value.id,
        is_public=filing.state == "confirmed",
        title=f"{value.title} {value.subtitle or ''}",
        authors=[author.name for author in value.authors],
        source=value.source.name,
    )
    if filing.shingles is not None:
        tenant.change(tenant.delete(piece_shingle).where(piece_shingle.c.piece_id == value.id))
        shingles = ({"shingle": each, "piece_id": value.id} for each in sorted(set(filing.shingles)))
        tenant.insert(piece_shingle, *shingles)


def _drop_missing(tenant: Tenant, value: Piece, at: datetime) -> None:
    gone = tenant.update(claim).where(
        claim.c.piece_id == value.id,
        claim.c.withdrawn_at.is_(None),
        claim.c.id.not_in([each.id for each in value.claims]),
    )
    tenant.change(gone.values(withdrawn_at=at))
    unlinked = tenant.delete(piece_terms).where(
        piece_terms.c.piece_id == value.id, piece_terms.c.terms_id.not_in([each.id for each in value.terms])
    )
    tenant.change(unlinked)


def _store_rights(tenant: Tenant, value: Piece, filing: Filing) -> None:
    known_claims = _known(tenant, claim, value.id)
    for each in value.claims:
        if each.id not in known_claims:
            store_claim(tenant, value.id, each, filing.at)
    for one in value.terms:
        store_terms(tenant, one, filing.at, piece_ids=(value.id,))
    known_assessments = _known(tenant, assessment, value.id)
    for made in value.assessments:
        if made.id not in known_assessments:
            store_assessment(tenant, value.id, made, filing.by or "", filing.at)


def _known(tenant: Tenant, table: Any, piece_id: str) -> set[str]:
    rows = tenant.all(tenant.select(table, table.c.id).where(table.c.piece_id == piece_id))
    return {row["id"] for row in rows}


def store_claim(tenant: Tenant, piece_id: str, value: Claim, at: datetime) -> None:
    """Record a link in the chain of title, and its party if that is new."""
    store_party(tenant, value.party, keep=True)
    row = {
        "id": value.id,
        "piece_id": piece_id,
        "party_id": value.party.id,
        "component_id": value.component_id,
        "role": value.role.value,
        "document": to_plain(value),
        "recorded_at": at,
    }
    tenant.insert(claim, row)


def withdraw_claim(tenant: Tenant, claim_id: str, at: datetime) -> None:
    """A claim no longer counts. Raises ``Stale`` when it was withdrawn before, or is not there."""
    statement = tenant.update(claim).where(claim.c.id == claim_id, claim.c.withdrawn_at.is_(None))
    if tenant.change(statement.values(withdrawn_at=at)) != 1:
        raise Stale("The claim")


def store_terms(
    tenant: Tenant, value: Terms, at: datetime, *, piece_ids: Sequence[str] = (), everywhere: bool = False
) -> None:
    """Record Terms (once; what is on record under the id stays) and put them on pieces, or on all of them."""
    if tenant.first(tenant.select(terms, terms.c.id).where(terms.c.id == value.id)) is None:
        store_party(tenant, value.assigner, keep=True)
        row = {
            "id": value.id,
            "kind": value.kind.value,
            "clause_sha256": value.clause_sha256,
            "document": to_plain(value),
            "recorded_at": at,
            "revoked_on": value.revoked_on,
            "everywhere": everywhere,
        }
        tenant.insert(terms, row)
    statement = tenant.select(piece_terms, piece_terms.c.piece_id).where(piece_terms.c.terms_id == value.id)
    linked = {row["piece_id"] for row in tenant.all(statement.where(piece_terms.c.piece_id.in_(piece_ids)))}
    tenant.insert(
        piece_terms,
        *({"piece_id": each, "terms_id": value.id} for each in sorted(set(piece_ids) - linked)),
    )


def revoke_terms(tenant: Tenant, terms_id: str, revoked_on: date) -> None:
    """From this day on the Terms no longer hold. Raises ``Stale`` when they were revoked before."""
    statement = tenant.update(terms).where(terms.c.id == terms_id, terms.c.revoked_on.is_(None))
    if tenant.change(statement.values(revoked_on=revoked_on)) != 1:
        raise Stale("The terms")


def store_assessment(tenant: Tenant, piece_id: str, value: Assessment, by: str, at: datetime) -> None:
    """Record a judgement. It is never changed; a later one names it in ``supersedes``."""
    row = {
        "id": value.id,
        "piece_id": piece_id,
        "component_id": value.component_id,
        "document": to_plain(value),
        "supersedes": value.supersedes,
        "review_due": value.review_due,
        "made_by": by,
        "made_at": at,
    }
    tenant.insert(assessment, row)
