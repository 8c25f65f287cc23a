"""What the desk does, as ODRL policies: a grant, a quote, a request, an assessment."""

from __future__ import annotations

from ledger.interchange.naming import BASE_URL, Names
from ledger.interchange.odrl_rules import Sides, base_rule, decimal, fee_duty, granted_rules
from ledger.interchange.odrl_scope import any_of, codes, constraint, period_constraints, territory_constraints
from ledger.interchange.odrl_terms import CONTEXT, Node, collection, dump, party_node, policy
from ledger.interchange.records import day, describe
from ledger.rights.exceptions import Assessment
from ledger.rights.grants import Grant
from ledger.rights.parties import Party
from ledger.rights.scope import Period
from ledger.rights.tariff import Quote
from ledger.rights.uses import ProposedUse

__all__ = ["assessment_policy", "grant_policy", "grant_to_odrl", "quote_to_odrl", "request_to_odrl"]


def grant_to_odrl(grant: Grant, *, uid: str | None = None, base_url: str = BASE_URL) -> bytes:
    """The Agreement that is attached to a letter: deterministic JSON-LD bytes.

    ``uid`` is the IRI of the agreement, such as the letter's page; by default that of the letter number, or of
    the grant while it has none. Raises ValueError for a grant without action or component.
    """
    names = Names(base_url)
    given = uid or (names.letter(grant.letter) if grant.letter else names.of("grants", grant.id))
    return dump({"@context": CONTEXT} | grant_policy(grant, names, given))


def quote_to_odrl(quote: Quote, proposed: Grant, *, uid: str, base_url: str = BASE_URL) -> bytes:
    """The Offer: what would be granted (``proposed``), for the total of the quote, with its lines."""
    names = Names(base_url)
    node = _granting("Offer", proposed, names, uid, quote)
    node["lg:tariff"] = quote.tariff_id
    node["lg:tariff_version"] = quote.tariff_version
    node["lg:line"] = [describe(line) | {"lg:position": i} for i, line in enumerate(quote.lines)]
    if quote.already_paid is not None:
        node["lg:already_paid"] = describe(quote.already_paid)
    return dump({"@context": CONTEXT} | node)


def grant_policy(grant: Grant, names: Names, uid: str) -> Node:
    node = _granting("Agreement", grant, names, uid, None)
    node["lg:state"] = grant.state.value
    return node


def _granting(kind: str, grant: Grant, names: Names, uid: str, quote: Quote | None) -> Node:
    if not grant.actions or not grant.component_ids:
        raise ValueError(f"grant {grant.id} names no action or no component: add one")
    sides = Sides(
        policy=uid,
        target=f"{uid}#target",
        assigner=party_node(grant.grantor, names),
        assignee=party_node(grant.assignee, names),
    )
    rules = granted_rules(grant.actions, grant.scope, grant.conditions, sides)
    fee = quote.total if quote else grant.fee
    for rule in rules:
        rule["lg:sublicence"] = grant.sublicence
        if fee is not None and fee.minor > 0:
            rule.setdefault("duty", []).append(fee_duty(fee, sides, len(grant.conditions)))
    node = policy(kind, uid) | {
        "conflict": "invalid",
        "dct:identifier": grant.id,
        "lg:piece": {"@id": names.piece(grant.piece_id)},
        "lg:asset": collection(sides.target, tuple(dict.fromkeys(grant.component_ids)), names),
        "permission": rules,
    }
    if grant.credit_line is not None:
        node["lg:credit_line"] = grant.credit_line
    if fee is not None:
        node["lg:fee"] = describe(fee) | {"lg:amount": decimal(fee)}
    if grant.granted_on is not None:
        node["dct:issued"] = day(grant.granted_on)
    if grant.letter is not None:
        node["lg:letter"] = grant.letter
    return node


def request_to_odrl(
    use: ProposedUse,
    *,
    uid: str,
    assignee: Party,
    assigner: Party | None,
    piece_id: str,
    component_ids: tuple[str, ...] = (),
    base_url: str = BASE_URL,
) -> bytes:
    """The Request: what somebody asks to do. Only what the use states becomes a constraint.

    Raises ValueError when the use names no action.
    """
    if not use.actions:
        raise ValueError("the use names no action: state at least one, such as republish_full")
    names = Names(base_url)
    sides = Sides(
        policy=uid,
        target=f"{uid}#target",
        assigner=party_node(assigner, names) if assigner else None,
        assignee=party_node(assignee, names),
    )
    wanted = sorted(set(use.actions), key=lambda a: a.value)
    node = policy("Request", uid) | {
        "lg:piece": {"@id": names.piece(piece_id)},
        "lg:asset": collection(sides.target, component_ids, names),
        "lg:use": describe(use),
        "permission": [base_rule(sides, a.value, False, a, _use_constraints(use)) for a in wanted],
    }
    return dump({"@context": CONTEXT} | node)


def _use_constraints(use: ProposedUse) -> list[Node]:
    found: list[Node] = []
    sets = (
        ("deliveryChannel", "channel", use.channels),
        ("purpose", "purpose", (use.purpose,) if use.purpose else ()),
        ("recipient", "requester", (use.requester_type,) if use.requester_type else ()),
        ("product", "product", (use.product,) if use.product else ()),
        ("fileFormat", "format", tuple({run.format for run in use.formats})),
        ("lg:operand/edition", "duration", (use.duration,) if use.duration else ()),
    )
    found += [any_of(left, folder, set(values)) for left, folder, values in sets if values]
    if use.is_commercial is not None:
        found.append(constraint("lg:operand/commercial", "eq", use.is_commercial))
    if use.territory is not None:
        found += territory_constraints(use.territory)
    if use.language is not None:
        found.append(codes("language", "isAnyOf", "RFC5646", (use.language,)))
    runs = [run.print_run for run in use.formats if run.print_run is not None]
    if runs:
        copies = {"unit": {"@id": "lg:unit/copies"}}
        found.append(constraint("count", "lteq", sum(runs), position=0) | copies)
    if (use.start is not None or use.end is not None) and _in_order(use):
        found += period_constraints(Period(start=use.start, end=use.end))
    return found


def _in_order(use: ProposedUse) -> bool:
    return use.start is None or use.end is None or use.start <= use.end


def assessment_policy(assessment: Assessment, names: Names) -> Node:
    """The Assertion. It permits nothing: its one rule is the assessor's obligation to review it."""
    iri = names.of("assessments", assessment.id)
    assessor: Node = {"@type": "Party", "uid": f"{iri}#assessor", "vcard:fn": assessment.assessor}
    duty: Node = {
        "@type": "Duty",
        "uid": f"{iri}#review",
        "action": "reviewPolicy",
        "target": names.component(assessment.component_id),
        "assigner": assessor,
        "assignee": assessor,
    }
    if assessment.review_due is not None:
        duty["constraint"] = [constraint("dateTime", "lteq", day(assessment.review_due))]
    return policy("Assertion", iri) | {"lg:assessment": describe(assessment), "obligation": [duty]}
