"""Terms, and a piece with all of its Terms, as ODRL policies."""

from __future__ import annotations

import json
from typing import Any

from ledger.interchange.errors import Inexpressible
from ledger.interchange.naming import LG, Names
from ledger.interchange.odrl_rules import Sides, rule_node
from ledger.interchange.odrl_scope import validity_constraints
from ledger.interchange.records import day, describe, listed
from ledger.interchange.vocabulary import PROFILE
from ledger.rights.parties import Party
from ledger.rights.pieces import Piece
from ledger.rights.terms import Target, TargetKind, Terms, TermsKind

Node = dict[str, Any]

CONTEXT_URL = "http://www.w3.org/ns/odrl.jsonld"
CONTEXT: list[Any] = [CONTEXT_URL, {"lg": str(LG)}]


def dump(document: Node) -> bytes:
    """JSON with sorted names, UTF-8: the same document gives the same bytes."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return (text + "\n").encode()


def party_node(party: Party, names: Names) -> Node:
    node: Node = {"@type": "Party", "uid": names.party(party.id), "dct:identifier": party.id}
    return node | {"vcard:fn": party.name}


def policy(kind: str, iri: str) -> Node:
    return {"@type": kind, "uid": iri, "profile": str(PROFILE)}


def collection(iri: str, component_ids: tuple[str, ...], names: Names) -> Node:
    """The target as an AssetCollection; the named components are part of it."""
    node: Node = {"@type": "AssetCollection", "uid": iri}
    if component_ids:
        parts = [
            {"@type": "Asset", "uid": names.component(each), "dct:identifier": each} for each in component_ids
        ]
        node["@reverse"] = {"odrl:partOf": parts}
    return node


def terms_policy(terms: Terms, names: Names) -> Node:
    if not terms.rules:
        raise Inexpressible(f"terms {terms.id} have no rule, and ODRL asks for one: add a rule")
    if terms.assignee is not None and terms.assignee.id == terms.assigner.id:
        raise Inexpressible(f"terms {terms.id} name one party as giver and taker: name the taker")
    iri = names.terms(terms.id)
    kind = "Set" if terms.kind is TermsKind.STANDING or terms.assignee is None else "Agreement"
    node = policy(kind, iri) | {
        "conflict": terms.conflict.value,
        "dct:identifier": terms.id,
        "lg:terms_kind": terms.kind.value,
        "lg:origin": terms.origin.value,
        "lg:clause": terms.clause,
        "lg:clause_sha256": terms.clause_sha256,
        "lg:assigner": describe(terms.assigner),
        "lg:target": describe(terms.target),
        "lg:asset": collection(f"{iri}#target", _named(terms.target), names),
    }
    node |= _optional(terms)
    sides = Sides(
        policy=iri,
        target=f"{iri}#target",
        assigner=party_node(terms.assigner, names),
        assignee=party_node(terms.assignee, names) if terms.assignee else None,
    )
    life = validity_constraints(terms)
    for position, rule in enumerate(terms.rules):
        made = rule_node(rule, position, sides, life)
        key = "prohibition" if made["@type"] == "Prohibition" else "permission"
        node.setdefault(key, []).append(made)
    return node


def _named(target: Target) -> tuple[str, ...]:
    return tuple(dict.fromkeys(target.component_ids)) if target.kind is TargetKind.COMPONENTS else ()


def _optional(terms: Terms) -> Node:
    node: Node = {}
    texts = {"dct:title": terms.name, "lg:url": terms.url, "lg:clause_language": terms.language}
    node |= {key: text for key, text in texts.items() if text is not None}
    days = {
        "lg:valid_from": terms.validity.start,
        "lg:valid_until": terms.validity.end,
        "lg:revoked_on": terms.revoked_on,
    }
    node |= {key: day(value) for key, value in days.items() if value is not None}
    if terms.assignee is not None:
        node["lg:assignee"] = describe(terms.assignee)
    return node


def piece_document(piece: Piece, names: Names) -> Node:
    """The piece as an Asset with its components, and one policy for each of its Terms that has a rule."""
    asset: Node = {
        "@type": "Asset",
        "uid": names.piece(piece.id),
        "dct:identifier": piece.id,
        "dct:title": piece.title,
        "dct:hasPart": [{"@id": names.component(each.id)} for each in piece.components],
    }
    if piece.source.url:
        asset["lg:source"] = piece.source.url
    if piece.urls:
        asset["lg:urls"] = listed(list(piece.urls))
    policies = [terms_policy(terms, names) for terms in piece.terms if terms.rules]
    return {"@context": CONTEXT, "@graph": [asset, *policies]}
