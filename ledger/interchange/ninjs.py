"""IPTC ninjs 3.1 (News in JSON) with rightsInfo.

Properties as in http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json. rightsInfo holds exactly one of a link and
an encoded rights expression; here that is the ODRL of the piece's Terms, and the link where there are none.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.interchange import about
from ledger.interchange.naming import BASE_URL, ODRL, Names, uri_of
from ledger.interchange.odrl_terms import dump, piece_document
from ledger.rights.pieces import AuthorType, Component, ComponentKind, Piece

Node = dict[str, Any]

TYPES = {
    ComponentKind.PHOTOGRAPH: "picture",
    ComponentKind.ILLUSTRATION: "graphic",
    ComponentKind.CHART: "graphic",
    ComponentKind.AUDIO: "audio",
    ComponentKind.VIDEO: "video",
}
"""Components that are news objects of their own; a quotation or translation is part of the text."""


def to_ninjs(piece: Piece, *, today: date, base_url: str = BASE_URL) -> Node:
    """The news object: metadata and rights, no body (representationType partial)."""
    names = Names(base_url)
    holders = about.holders(piece, today)
    node: Node = {
        "uri": names.piece(piece.id),
        "type": "text",
        "representationType": "partial",
        "standard": {
            "name": "ninjs",
            "version": "3.1",
            "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
        },
        "title": piece.title,
        "headlines": [{"role": "main", "value": piece.title}],
        "language": piece.language,
        "by": ", ".join(author.name for author in piece.authors),
        "people": _named(piece, AuthorType.PERSON),
        "organisations": _named(piece, AuthorType.ORGANIZATION),
        "copyrightHolder": "; ".join(party.name for party in holders),
        "copyrightNotice": about.copyright_notice(piece),
        "usageTerms": "\n\n".join(about.clauses(piece, today)),
        "infoSources": _sources(piece),
        "altIds": [{"role": "url", "value": url} for url in piece.urls],
        "rightsInfo": _rights(piece, names),
        "associations": [_association(c, names) for c in piece.components if c.kind in TYPES],
    }
    if piece.subtitle:
        node["headlines"].append({"role": "subtitle", "value": piece.subtitle})
    return {name: value for name, value in node.items() if value not in (None, [], "")}


def _rights(piece: Piece, names: Names) -> Node:
    if any(terms.rules for terms in piece.terms):
        encoded = dump(piece_document(piece, names)).decode()
        return {"langId": str(ODRL), "encodedRights": encoded}
    return {"linkedRights": names.piece(piece.id)}


def _named(piece: Piece, kind: AuthorType) -> list[Node]:
    return [{"name": a.name, "rel": "author"} for a in piece.authors if a.type is kind]


def _sources(piece: Piece) -> list[Node]:
    if piece.source.name is None:
        return []
    node = {"name": piece.source.name, "role": "originator"}
    link = uri_of(piece.source.url)
    return [node | {"uri": link}] if link else [node]


def _association(component: Component, names: Names) -> Node:
    node: Node = {
        "name": component.label or component.kind.value,
        "uri": names.component(component.id),
        "type": TYPES[component.kind],
        "rel": "component",
        "by": component.credit,
        "copyrightNotice": component.notice,
    }
    return {name: value for name, value in node.items() if value}
