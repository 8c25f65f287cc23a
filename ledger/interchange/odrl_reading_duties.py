"""Duties of an ODRL permission to the conditions of a rule."""

from __future__ import annotations

from rdflib import DC, DCTERMS, RDF, RDFS, SKOS, Graph
from rdflib.term import BNode, Node

from ledger.interchange.errors import Unreadable
from ledger.interchange.naming import LG, ODRL
from ledger.interchange.records import member_of, only, read_record, scalar
from ledger.interchange.vocabulary import CODE_OF_DUTY, FOREIGN_DUTIES, REFRAIN
from ledger.rights.codes import ConditionCode
from ledger.rights.terms import Condition, ConditionScope, Modality, Span, Timing

OBTAIN_CONSENT = ODRL["obtainConsent"]
DUTY_PROPERTIES = frozenset(
    [
        "action",
        "constraint",
        "target",
        "assigner",
        "assignee",
        "uid",
        "compensatedParty",
        "compensatingParty",
        "consentingParty",
        "consentedParty",
        "attributedParty",
        "attributingParty",
        "informedParty",
        "informingParty",
        "trackingParty",
        "trackedParty",
    ]
)
TIMING: dict[Node, Timing] = {ODRL["lt"]: Timing.BEFORE, ODRL["eq"]: Timing.WITH, ODRL["gt"]: Timing.AFTER}
USUAL_TIMING = {ConditionCode.FEE: Timing.BEFORE}
"""When a duty of somebody else's file does not say: payment is due first, the rest goes with the use."""


_BESIDE = tuple(str(each) for each in (RDF, RDFS, DC, DCTERMS, SKOS, LG, "http://schema.org/"))


def beside(predicate: Node) -> bool:
    """Whether a property only describes: titles, comments, types, and what our own profile defines."""
    return str(predicate).startswith(_BESIDE)


def read_conditions(graph: Graph, rule: Node, place: str) -> tuple[tuple[Condition, ...], bool]:
    """The conditions in their stated order, and whether consent must be obtained first (a reservation)."""
    found: list[tuple[int, str, Condition]] = []
    consent = False
    for node in sorted(set(graph.objects(rule, ODRL["duty"])), key=str):
        action, amount = _duty_action(graph, node, place)
        if action == OBTAIN_CONSENT:
            _timing(graph, node, Timing.BEFORE, place)
            consent = True
            continue
        condition = _condition(graph, node, action, amount, place)
        found.append((_position(graph, node, place), condition.code.value, condition))
    for node in set(graph.objects(rule, LG["condition"])):
        beside = read_record(Condition, graph, node, f"{place}, condition")
        found.append((_position(graph, node, place), beside.code.value, beside))
    return tuple(each for *_, each in sorted(found, key=lambda item: item[:2])), consent


def _position(graph: Graph, node: Node, place: str) -> int:
    found = only(graph, node, LG["position"], place)
    return 10**9 if found is None else int(scalar(int, found, place))


def _duty_action(graph: Graph, node: Node, place: str) -> tuple[Node, str | None]:
    """The duty's action, and the amount where the action is refined by payAmount."""
    if (node, None, None) not in graph:
        raise Unreadable(place, f"the duty {node} is not defined", "write the duty out in the file")
    for predicate in graph.predicates(node):
        name = str(predicate).removeprefix(str(ODRL))
        if name not in DUTY_PROPERTIES and not beside(predicate):
            raise Unreadable(place, f'the property "{name}" of a duty is not understood', "leave it out")
    action = only(graph, node, ODRL["action"], f"{place}, duty")
    if action is None:
        raise Unreadable(place, "a duty does not say what to do", "add its action")
    if not isinstance(action, BNode):
        return action, None
    value = only(graph, action, RDF.value, f"{place}, duty")
    if value is None or value != ODRL["compensate"]:
        raise Unreadable(place, f"a duty refines the action {value}", "use a plain action")
    return value, _amount(graph, list(graph.objects(action, ODRL["refinement"])), place)


def _amount(graph: Graph, refinements: list[Node], place: str) -> str | None:
    if not refinements:
        return None
    left = graph.value(refinements[0], ODRL["leftOperand"])
    operator = graph.value(refinements[0], ODRL["operator"])
    if len(refinements) > 1 or left != ODRL["payAmount"] or operator != ODRL["eq"]:
        raise Unreadable(place, "a payment is not refined by one payAmount eq", "state the amount")
    amount = graph.value(refinements[0], ODRL["rightOperand"])
    unit = str(graph.value(refinements[0], ODRL["unit"]) or "").rsplit("/", 1)[-1]
    return f"{amount} {unit}".strip()


def _condition(graph: Graph, node: Node, action: Node, amount: str | None, place: str) -> Condition:
    modality = Modality.MUST
    code = CODE_OF_DUTY.get(action) or FOREIGN_DUTIES.get(action)
    if action == REFRAIN:
        named = only(graph, node, LG["code"], place)
        modality, code = Modality.MUST_NOT, member_of(ConditionCode, str(named), f"{place}, duty")
    if code is None:
        known = ", ".join(
            sorted(str(iri).removeprefix(str(ODRL)) for iri in [*FOREIGN_DUTIES, OBTAIN_CONSENT])
        )
        raise Unreadable(place, f'the duty "{action}" is unknown', f"use one of: {known}")
    parameter = only(graph, node, LG["parameter"], place)
    scope = only(graph, node, LG["scope"], place)
    span = only(graph, node, LG["evidence"], place)
    return Condition(
        code=code,
        modality=modality,
        timing=_timing(graph, node, USUAL_TIMING.get(code, Timing.WITH), place),
        parameter=amount if parameter is None else str(scalar(str, parameter, place)),
        scope=member_of(ConditionScope, str(scope), place) if scope is not None else ConditionScope.ALL,
        evidence=read_record(Span, graph, span, place) if span is not None else None,
    )


def _timing(graph: Graph, node: Node, usual: Timing, place: str) -> Timing:
    """From the constraint ``event`` against policyUsage; any other constraint on a duty is not understood."""
    found = usual
    for each in graph.objects(node, ODRL["constraint"]):
        left, right = graph.value(each, ODRL["leftOperand"]), graph.value(each, ODRL["rightOperand"])
        operator = graph.value(each, ODRL["operator"])
        timing = TIMING.get(operator) if operator is not None else None
        if left != ODRL["event"] or right != ODRL["policyUsage"] or timing is None:
            raise Unreadable(place, f"a duty has the constraint {left}", "say only when it is due (event)")
        found = timing
    return found
