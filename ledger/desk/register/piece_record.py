"""What a confirmed piece leaves behind: its public record, its entry in the journal, its addresses."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ledger.desk.answers.public_view import public_view
from ledger.desk.context import Who
from ledger.intake.urls import normalise_url, url_key
from ledger.journal.entry import document_sha256
from ledger.records.filing import PieceUrl, bare
from ledger.records.pieces import terms_with_clause
from ledger.records.tenant import Tenant
from ledger.rights.pieces import Claim, Piece
from ledger.rights.wire import to_plain


def public_record(piece: Piece) -> str:
    """What the public lookup answers: facts that everybody may see, and where to read more, as JSON text."""
    piece = public_view(piece)
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


def payload_of(piece: Piece, who: Who, applied: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the journal says of the piece: hashes of the words, never the words; of the claims see ``committed``.

    ``applied``: the note on a source's defaults; its sentence names the source and stays out.
    """
    defaults = {name: value for name, value in (applied or {}).items() if name != "sentence"}
    return {
        "piece": piece.id,
        "title": piece.title,
        "by": who.person_id,
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
        **({"source_profile": defaults} if defaults else {}),
    }


def committed(claims: Iterable[Claim]) -> dict[str, str]:
    """What an entry commits to of each claim it lists: the hash of its content, under ``claim.`` and its id.

    A claim names a party, often a person, and the words it rests on: bare in a leaf, the name would stand there for
    good, and the hash would tell a good guess from a bad one.
    """
    return {f"claim.{claim.id}": document_sha256(to_plain(claim)) for claim in claims}


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
