"""Which ODRL terms our words become, and the profile that defines the rest.

ODRL 2.2 (W3C Recommendation, 15 February 2018) gives the core; a word that it lacks is defined in our profile
with odrl:includedIn. An inclusion is a claim that whoever may do the wider act may do the narrower one, so the
only inclusion among our own actions is the one the rights room has: republish_full includes excerpt.
"""

from __future__ import annotations

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from ledger.interchange.naming import LG, ODRL, RIGHTSML_PROFILE
from ledger.rights.codes import ConditionCode
from ledger.rights.uses import Action

PROFILE = LG[""]

CORE_ACTIONS = {
    Action.TRANSLATE: ODRL["translate"],
    Action.ADAPT: ODRL["derive"],
    Action.PRINT: ODRL["print"],
    Action.SELL: ODRL["sell"],
    Action.INDEX: ODRL["index"],
}
"""Actions for which the core has the word. RightsML 2.0 takes the same ones from the core."""

OWN_ACTIONS = {
    Action.REPUBLISH_FULL: (ODRL["distribute"], "Republish the whole text, unchanged"),
    Action.EXCERPT: (LG["action/republish_full"], "Republish a part of the text"),
    Action.LINK: (ODRL["use"], "Link to the article"),
    Action.RECORD_AUDIO: (ODRL["use"], "Make a sound recording of the text being read"),
    Action.AI_TRAIN: (ODRL["use"], "Train or tune a machine-learning model on the text"),
    Action.AI_INPUT: (ODRL["use"], "Give the text to a machine-learning model as input"),
}


def action_iri(action: Action) -> URIRef:
    return CORE_ACTIONS.get(action) or LG[f"action/{action.value}"]


ACTION_OF: dict[Node, Action] = {action_iri(action): action for action in Action}

_ATTRIBUTION = """credit_author credit_publisher exact_credit_line credit_at_top about_line logo social_tag
    acknowledge_copyright disclose_changes link_article link_back canonical_tag licence_notice"""
_CORE_OF_DUTY = {
    **{ConditionCode(code): ODRL["attribute"] for code in _ATTRIBUTION.split()},
    ConditionCode.FEE: ODRL["compensate"],
    ConditionCode.TRACKING_PIXEL: ODRL["acceptTracking"],
    ConditionCode.NOTIFY: ODRL["inform"],
    ConditionCode.VOUCHER_COPY: ODRL["inform"],
    ConditionCode.PRIOR_PERMISSION: ODRL["obtainConsent"],
    ConditionCode.COMMERCIAL_ASK: ODRL["obtainConsent"],
    ConditionCode.PRINT_ASK: ODRL["obtainConsent"],
    ConditionCode.EDITS_NEED_APPROVAL: ODRL["obtainConsent"],
    ConditionCode.TAKEDOWN_DATE: ODRL["delete"],
}


def duty_iri(code: ConditionCode) -> URIRef:
    return LG[f"duty/{code.value}"]


CODE_OF_DUTY: dict[Node, ConditionCode] = {duty_iri(code): code for code in ConditionCode}

FOREIGN_DUTIES: dict[Node, ConditionCode] = {
    ODRL["attribute"]: ConditionCode.CREDIT_PUBLISHER,
    ODRL["compensate"]: ConditionCode.FEE,
    ODRL["inform"]: ConditionCode.NOTIFY,
    ODRL["acceptTracking"]: ConditionCode.TRACKING_PIXEL,
    URIRef("http://creativecommons.org/ns#Attribution"): ConditionCode.CREDIT_AUTHOR,
    URIRef("http://creativecommons.org/ns#Notice"): ConditionCode.LICENCE_NOTICE,
    URIRef("http://creativecommons.org/ns#ShareAlike"): ConditionCode.SHARE_ALIKE,
}
"""Duties of the core and of Creative Commons that other people's files use, and how we read them."""

REFRAIN = LG["refrain"]

FREEDOMS = frozenset(
    code for code in ConditionCode if code.value.endswith("_ok") or code.value == "headline_may_change"
)
STATEMENTS = frozenset({ConditionCode.REVOCABLE, ConditionCode.CONTACT, ConditionCode.IMAGES_SEPARATE_RIGHTS})
"""Conditions that give freedom or tell a fact: nothing that a user has to do, so no odrl:Duty."""

OPERANDS = {
    "commercial": "Whether the use is commercial",
    "extent": "How much of the asset, in the unit given",
    "edition": "Which editions of the product",
}


def profile_graph() -> Graph:
    """The profile as RDF; ``data/profile.ttl`` is this graph, written out."""
    graph = Graph()
    graph.bind("odrl", ODRL)
    graph.bind("lg", LG)
    graph.add((PROFILE, RDFS.label, Literal("Permissions ledger: ODRL profile, version 1", lang="en")))
    graph.add((PROFILE, RDFS.seeAlso, URIRef(RIGHTSML_PROFILE)))
    for action, (wider, label) in OWN_ACTIONS.items():
        _define(graph, action_iri(action), ODRL["Action"], label)
        graph.add((action_iri(action), ODRL["includedIn"], wider))
    for code in ConditionCode:
        _define(graph, duty_iri(code), ODRL["Action"], f"Condition: {code.value.replace('_', ' ')}")
        graph.add((duty_iri(code), ODRL["includedIn"], _CORE_OF_DUTY.get(code, ODRL["use"])))
    _define(graph, REFRAIN, ODRL["Action"], "Leave undone what lg:code names")
    graph.add((REFRAIN, ODRL["includedIn"], ODRL["use"]))
    for name, label in OPERANDS.items():
        _define(graph, LG[f"operand/{name}"], ODRL["LeftOperand"], label)
    return graph


def _define(graph: Graph, term: URIRef, kind: URIRef, label: str) -> None:
    graph.add((term, RDF.type, kind))
    graph.add((term, RDF.type, SKOS.Concept))
    graph.add((term, RDFS.isDefinedBy, PROFILE))
    graph.add((term, SKOS.prefLabel, Literal(label, lang="en")))
