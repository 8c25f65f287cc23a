"""schema.org JSON-LD for a piece: https://schema.org/NewsArticle with the copyright properties of CreativeWork.

Only what is known is said: no holder without evidence, no licence that somebody without a claim has given.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.interchange import about
from ledger.interchange.naming import BASE_URL, Names
from ledger.rights.parties import Party, PartyKind
from ledger.rights.pieces import Author, AuthorType, Piece

Node = dict[str, Any]


def to_schema_org(piece: Piece, *, today: date, base_url: str = BASE_URL) -> Node:
    """The NewsArticle, as a JSON-LD document with the schema.org context by name (nothing is fetched)."""
    names = Names(base_url)
    page = names.piece(piece.id)
    node: Node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": f"{page}#article",
        "headline": piece.title,
        "alternativeHeadline": piece.subtitle,
        "url": list(piece.urls),
        "inLanguage": piece.language,
        "datePublished": piece.published.isoformat() if piece.published else None,
        "author": [_author(author) for author in piece.authors],
        "publisher": _party(piece.publisher, names),
        "license": list(about.licences(piece, today)),
        "acquireLicensePage": names.asking(piece.id),
        "usageInfo": page,
        "creditText": about.credit_text(piece, today),
        "copyrightNotice": about.copyright_notice(piece),
        "copyrightHolder": [_party(party, names) for party in about.holders(piece, today)],
        "copyrightYear": about.copyright_year(piece),
        "isBasedOn": about.original(piece),
        "archivedAt": about.archived(piece),
    }
    return {name: _single(value) for name, value in node.items() if value not in (None, [], "")}


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _author(author: Author) -> Node:
    """schema.org wants a Person or an Organization; where the kind is unknown the name alone is given."""
    kinds = {AuthorType.PERSON: "Person", AuthorType.ORGANIZATION: "Organization"}
    return {"@type": kinds[author.type], "name": author.name} if author.type else {"name": author.name}


def _party(party: Party, names: Names) -> Node:
    kind = "Person" if party.kind is PartyKind.PERSON else "Organization"
    node: Node = {"@type": kind, "@id": names.party(party.id), "name": party.name}
    if party.legal_name and kind == "Organization":
        node["legalName"] = party.legal_name
    return node
