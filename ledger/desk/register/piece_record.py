"""What a confirmed piece leaves behind: its public record, its entry in the journal, its addresses."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ledger.desk.context import Who
from ledger.intake.urls import normalise_url, url_key
from ledger.journal.entry import document_sha256
from ledger.records.filing import PieceUrl, bare
from ledger.records.pieces import terms_with_clause
from ledger.records.tenant import Tenant
from ledger.rights.pieces import Piece
from ledger.rights.wire import to_plain


def public_record(piece: Piece) -> str:
    """What the public lookup answers: facts and where to read more, as JSON text."""
    holders = [claim.party.name for claim in piece.claims if claim.role == "holder"]
    value = {
        "id": piece.id,
        "title": piece.title,
        "url": piece.urls[0] if piece.urls else None,
        "language": piece.language,
        "publisher": piece.publisher.name,
        "source": {"name": piece.source.name, "url": piece.source.url},
        "copyright": {"notice": piece.notice, "holders": holders},
        "basis": piece.components[0].basis.value,
        "terms": [{"name": each.name, "url": each.url, "clause": each.clause} for each in piece.terms],
        "rights": f"/pieces/{piece.id}",
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def payload_of(piece: Piece, who: Who) -> dict[str, Any]:
    """What the journal says of the piece: the holders' names and hashes of the words, never the words."""
    return {
        "piece": piece.id,
        "title": piece.title,
        "by": who.person_id,
        "holders": [claim.party.name for claim in piece.claims],
        "basis": {part.id: part.basis.value for part in piece.components},
        "claims": [claim.id for claim in piece.claims],
        "terms": [
            {
                "terms": each.id,
                "clause_sha256": each.clause_sha256,
                "document_sha256": document_sha256(to_plain(each)),
            }
            for each in piece.terms
        ],
        "document_sha256": document_sha256(to_plain(bare(piece))),
        "snapshot_sha256": piece.content_sha256,
    }


def addresses_of(record: Mapping[str, Any], given: str | None) -> list[PieceUrl]:
    """The addresses a piece is found under, its own first."""
    source = record.get("source") or {}
    found: dict[str, PieceUrl] = {}
    for url, kind in (
        (given, "own"),
        (record.get("canonical_url"), "canonical"),
        (source.get("url"), "source"),
    ):
        if url:
            normal = normalise_url(url)
            found.setdefault(normal, PieceUrl(normal, url_key(normal), kind))
    return list(found.values())


def keep_known_terms(tenant: Tenant, piece: Piece) -> Piece:
    """A footer that stands under every page is one Terms, not one for each page."""
    known = [terms_with_clause(tenant, each.clause_sha256, each.assigner.id) for each in piece.terms]
    same = [
        old if old is not None and _says_the_same(old, new) else new
        for old, new in zip(known, piece.terms, strict=True)
    ]
    return replace(piece, terms=tuple(same))


def _says_the_same(old: Any, new: Any) -> bool:
    return bool(old.rules == new.rules and old.target == new.target and old.kind == new.kind)
