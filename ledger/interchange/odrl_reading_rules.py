"""Permissions, prohibitions and duties of an ODRL policy to the rules of a Terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from rdflib import Graph
from rdflib.term import BNode, Node

from ledger.interchange.errors import Unreadable
from ledger.interchange.naming import LG, ODRL
from ledger.interchange.odrl_reading_duties import beside, read_conditions
from ledger.interchange.odrl_scope import LIFE_AXES, read_scope
from ledger.interchange.records import only, read_record, scalar
from ledger.interchange.vocabulary import ACTION_OF
from ledger.rights.parties import Contact
from ledger.rights.terms import Action, Effect, Rule, Span, hash_of

T = TypeVar("T")

RULE_PROPERTIES = frozenset({"action", "target", "assigner", "assignee", "constraint", "duty", "uid"})
_LAST = 10**9


@dataclass
class Policy:
    """One policy while it is read. Properties of the policy hold for each of its rules (2.7, compact form)."""

    graph: Graph
    node: Node
    place: str
    life: dict[str, date | None]
    rules: list[Node] = field(default_factory=list)

    def values(self, rule: Node, name: str) -> set[Node]:
        own = set(self.graph.objects(rule, ODRL[name]))
        return own or set(self.graph.objects(self.node, ODRL[name]))

    def targets(self) -> set[Node]:
        """What the rules are about, and it must be the same for all of them."""
        found = [self.values(rule, "target") for rule in self.rules]
        if not all(found):
            raise Unreadable(self.place, "a rule has no target", "add the asset that it is about")
        if any(each != found[0] for each in found):
            raise Unreadable(
                self.place, "the rules have different targets", "make one policy for each target"
            )
        return found[0]

    def shared(self, role: str) -> Node | None:
        """The assigner or assignee, which must be one for all rules."""
        found = {frozenset(self.values(rule, role)) for rule in self.rules}
        if len(found) > 1 or any(len(each) > 1 for each in found):
            raise Unreadable(
                self.place, f"the rules name more than one {role}", f"make one policy for each {role}"
            )
        return next(iter(next(iter(found))), None)


def read_rules(policy: Policy) -> tuple[Rule, ...]:
    """The rules in their stated order. Fills ``policy.rules``."""
    graph, found = policy.graph, []
    permissions = set(graph.objects(policy.node, ODRL["permission"]))
    prohibitions = set(graph.objects(policy.node, ODRL["prohibition"]))
    for node in permissions & prohibitions:
        raise Unreadable(f"rule {node}", "is a permission and a prohibition at once", "keep one of them")
    for node in sorted(permissions | prohibitions, key=str):
        policy.rules.append(node)
        place = f"{policy.place}, rule {_name(node, policy)}"
        _check(policy, node, place)
        for action in _actions(policy, node, place):
            rule = _rule(policy, node, action, node in prohibitions, place)
            found.append((_position(graph, node, place), str(node), action.value, rule))
    if not found:
        raise Unreadable(policy.place, "has no permission and no prohibition", "add the rules")
    return tuple(rule for *_, rule in sorted(found, key=lambda each: each[:3]))


def _name(node: Node, policy: Policy) -> str:
    shown = str(node).removeprefix(str(policy.node)).lstrip("#")
    action = policy.graph.value(node, ODRL["action"])
    return f"on {action}" if isinstance(node, BNode) else shown


def _check(policy: Policy, node: Node, place: str) -> None:
    graph = policy.graph
    if (node, None, None) not in graph:
        raise Unreadable(place, "is only named, not written out", "write the rule out in the file")
    for predicate in graph.predicates(node):
        name = str(predicate).removeprefix(str(ODRL))
        if name not in RULE_PROPERTIES and not beside(predicate):
            raise Unreadable(
                place, f'the property "{name}" is not understood', "ask its author for a plain rule"
            )
    stated = {
        (str(operator).removeprefix(str(ODRL)), str(graph.value(each, ODRL["rightOperand"])))
        for each in graph.objects(node, ODRL["constraint"])
        if str(graph.value(each, LG["axis"])) in LIFE_AXES
        for operator in graph.objects(each, ODRL["operator"])
    }
    expected = {(op, when.isoformat()) for op, when in policy.life.items() if when is not None}
    if stated != expected:
        raise Unreadable(place, "its validity is not that of the policy", "export the file again")


def _actions(policy: Policy, node: Node, place: str) -> list[Action]:
    found = sorted(policy.values(node, "action"), key=str)
    if not found:
        raise Unreadable(place, "has no action", "add one")
    return [_action(policy.graph, each, place) for each in found]


def _action(graph: Graph, node: Node, place: str) -> Action:
    if isinstance(node, BNode):
        raise Unreadable(place, "refines its action", "write the refinement as a constraint of the rule")
    action = ACTION_OF.get(node)
    if action is not None:
        return action
    known = ", ".join(sorted(str(iri).removeprefix(str(ODRL)) for iri in ACTION_OF))
    wider = graph.value(node, ODRL["includedIn"])
    note = f" (the file includes it in {wider}, but the wider act is not the same)" if wider else ""
    broad = " names every act at once" if node == ODRL["use"] else " is unknown"
    raise Unreadable(place, f'the action "{node}"{broad}{note}', f"use one of: {known}")


def _rule(policy: Policy, node: Node, action: Action, prohibits: bool, place: str) -> Rule:
    graph = policy.graph
    if prohibits and (node, ODRL["duty"], None) in graph:
        raise Unreadable(place, "is a prohibition with a duty", "put the duty on a permission")
    conditions, consent = read_conditions(graph, node, place)
    exclusive = _scalar(bool, graph, node, "exclusive", place)
    effect = Effect.PROHIBIT if prohibits else Effect.RESERVE if consent else Effect.PERMIT
    return Rule(
        effect=effect,
        action=action,
        scope=read_scope(graph, node, place, exclusive is True),
        conditions=conditions,
        contact=_record(Contact, graph, node, "contact", place),
        clause=_clause(graph, node, place),
        evidence=_record(Span, graph, node, "evidence", place),
        sublicence=_scalar(bool, graph, node, "sublicence", place),
        sublicensee=_scalar(str, graph, node, "sublicensee", place),
    )


def _clause(graph: Graph, node: Node, place: str) -> str | None:
    clause = _scalar(str, graph, node, "clause", place)
    digest = _scalar(str, graph, node, "clause_sha256", place)
    if digest is not None and (clause is None or hash_of(clause) != digest):
        raise Unreadable(place, f"the clause does not have the hash {digest}", "restore the words")
    return clause


def _position(graph: Graph, node: Node, place: str) -> int:
    found = _scalar(int, graph, node, "position", place)
    return _LAST if found is None else found


def _scalar(kind: type[T], graph: Graph, node: Node, name: str, place: str) -> T | None:
    found = only(graph, node, LG[name], place)
    if found is None:
        return None
    value: T = scalar(kind, found, f"{place}, {name}")
    return value


def _record(kind: type[T], graph: Graph, node: Node, name: str, place: str) -> T | None:
    found = only(graph, node, LG[name], place)
    return None if found is None else read_record(kind, graph, found, f"{place}, {name}")
