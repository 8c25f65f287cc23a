"""Rules and their conditions as ODRL permissions, prohibitions and duties.

permit -> Permission; prohibit -> Prohibition; reserve -> Permission whose duty is to obtain consent first.
A must (or must not) on a permission is an odrl:Duty. What is only recommended, allowed or stated is no duty in
ODRL's sense and is kept beside the rule as lg:condition, and so is every condition of a prohibition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ledger.interchange.naming import LG, ODRL
from ledger.interchange.odrl_scope import constraint, scope_constraints
from ledger.interchange.records import describe
from ledger.interchange.vocabulary import FREEDOMS, REFRAIN, STATEMENTS, action_iri, duty_iri
from ledger.rights.codes import ConditionCode
from ledger.rights.scope import Scope
from ledger.rights.tariff import Money
from ledger.rights.terms import Action, Condition, Effect, Modality, Rule, Timing, hash_of

Node = dict[str, Any]

TIMING_OPERATOR = {Timing.BEFORE: "lt", Timing.WITH: "eq", Timing.AFTER: "gt"}
_NO_MINOR_UNIT = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What every rule of one policy shares: the policy's IRI, its target, and the party nodes."""

    policy: str
    target: str
    assigner: Node | None
    assignee: Node | None = None


def compact(iri: object) -> str:
    """An IRI as it stands in our JSON-LD: core terms bare, our own with the lg prefix."""
    text = str(iri)
    if text.startswith(str(ODRL)):
        return text.removeprefix(str(ODRL))
    return text.replace(str(LG), "lg:", 1)


def decimal(money: Money) -> str:
    """The amount in the currency's main unit, with the digits that ISO 4217 gives it."""
    digits = 0 if money.currency in _NO_MINOR_UNIT else 3 if money.currency in _THREE_DECIMALS else 2
    sign, minor = "-" if money.minor < 0 else "", abs(money.minor)
    whole, part = divmod(minor, 10**digits)
    return f"{sign}{whole}" + (f".{part:0{digits}d}" if digits else "")


def base_rule(sides: Sides, name: str, prohibits: bool, action: Action, constraints: list[Node]) -> Node:
    """The part that every permission and prohibition has (Information Model 2.6)."""
    node: Node = {
        "@type": "Prohibition" if prohibits else "Permission",
        "uid": f"{sides.policy}#{name}",
        "action": compact(action_iri(action)),
        "target": sides.target,
    }
    if sides.assigner is not None:
        node["assigner"] = sides.assigner
    if sides.assignee is not None:
        node["assignee"] = sides.assignee
    if constraints:
        node["constraint"] = constraints
    return node


def rule_node(rule: Rule, position: int, sides: Sides, life: list[Node]) -> Node:
    """``life`` is the validity of the Terms as constraints."""
    prohibits = rule.effect is Effect.PROHIBIT
    constraints = scope_constraints(rule.scope) + life
    node = base_rule(sides, f"rule-{position}", prohibits, rule.action, constraints)
    node["lg:position"] = position
    if rule.effect is Effect.RESERVE:
        node["duty"] = [consent_duty(sides)]
    add_conditions(node, rule.conditions, sides)
    if rule.scope.exclusive:
        node["lg:exclusive"] = True
    if rule.contact is not None:
        node["lg:contact"] = describe(rule.contact)
    if rule.clause is not None:
        node["lg:clause"] = rule.clause
        node["lg:clause_sha256"] = hash_of(rule.clause)
    if rule.evidence is not None:
        node["lg:evidence"] = describe(rule.evidence)
    if rule.sublicence is not None:
        node["lg:sublicence"] = rule.sublicence
    if rule.sublicensee is not None:
        node["lg:sublicensee"] = rule.sublicensee
    return node


def when(timing: Timing) -> Node:
    """Before, with or after the use: the event policyUsage of the ODRL vocabulary."""
    return constraint("event", TIMING_OPERATOR[timing], {"@id": "odrl:policyUsage"})


def consent_duty(sides: Sides) -> Node:
    node: Node = {"@type": "Duty", "action": "obtainConsent", "constraint": [when(Timing.BEFORE)]}
    if sides.assigner is not None:
        node["consentingParty"] = sides.assigner
    return node


def add_conditions(rule: Node, conditions: tuple[Condition, ...], sides: Sides) -> None:
    for position, condition in enumerate(conditions):
        if _is_duty(condition) and rule["@type"] == "Permission":
            rule.setdefault("duty", []).append(_duty(condition, position, sides))
        else:
            beside = describe(condition) | {"lg:position": position}
            rule.setdefault("lg:condition", []).append(beside)


def _is_duty(condition: Condition) -> bool:
    return (
        condition.modality in (Modality.MUST, Modality.MUST_NOT)
        and condition.code not in FREEDOMS
        and condition.code not in STATEMENTS
    )


def _duty(condition: Condition, position: int, sides: Sides) -> Node:
    refrains = condition.modality is Modality.MUST_NOT
    node: Node = {
        "@type": "Duty",
        "action": compact(REFRAIN if refrains else duty_iri(condition.code)),
        "constraint": [when(condition.timing)],
        "lg:position": position,
    }
    if refrains:
        node["lg:code"] = condition.code.value
    if condition.parameter is not None:
        node["lg:parameter"] = condition.parameter
    if condition.scope.value != "all":
        node["lg:scope"] = condition.scope.value
    if condition.evidence is not None:
        node["lg:evidence"] = describe(condition.evidence)
    if condition.code is ConditionCode.FEE and sides.assigner is not None:
        node["compensatedParty"] = sides.assigner
    return node


def fee_duty(money: Money, sides: Sides, position: int) -> Node:
    """Compensate, refined by the amount (ODRL vocabulary, payAmount), before the use."""
    amount = constraint("payAmount", "eq", {"@value": decimal(money), "@type": "xsd:decimal"})
    amount["unit"] = {"@id": f"lg:currency/{money.currency}"}
    action = {"rdf:value": {"@id": "odrl:compensate"}, "refinement": [amount]}
    node: Node = {"@type": "Duty", "action": action, "constraint": [when(Timing.BEFORE)]}
    node["lg:position"] = position
    if sides.assigner is not None:
        node["compensatedParty"] = sides.assigner
    return node


def granted_rules(
    actions: frozenset[Action], scope: Scope, conditions: tuple[Condition, ...], sides: Sides
) -> list[Node]:
    """One Permission for each action, each with the same bounds and conditions."""
    found = []
    for action in sorted(actions, key=lambda a: a.value):
        node = base_rule(sides, action.value, False, action, scope_constraints(scope))
        if scope.exclusive:
            node["lg:exclusive"] = True
        add_conditions(node, conditions, sides)
        found.append(node)
    return found
