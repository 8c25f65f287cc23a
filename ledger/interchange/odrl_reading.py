"""ODRL policies to Terms. What cannot be honoured exactly is refused, with the place and the remedy.

A Set, a plain Policy and an Agreement are taken over. An Offer, a Request and an Assertion grant nothing
(Information Model 2.1.2 and vocabulary) and are refused rather than read as a permission.
"""

from __future__ import annotations

from datetime import date

from rdflib import DCTERMS, RDF, Graph, URIRef
from rdflib.term import Node

from ledger.interchange.errors import Unreadable
from ledger.interchange.jsonld import read_graph
from ledger.interchange.naming import LG, ODRL, RIGHTSML_PROFILE
from ledger.interchange.odrl_reading_rules import Policy, read_rules
from ledger.interchange.records import member_of, only, read_record, scalar
from ledger.interchange.vocabulary import PROFILE
from ledger.rights.bounds import Period
from ledger.rights.parties import Party
from ledger.rights.terms import ConflictStrategy, Origin, Target, TargetKind, Terms, TermsKind

VCARD_FN = URIRef("http://www.w3.org/2006/vcard/ns#fn")
PROFILES = frozenset({PROFILE, URIRef(RIGHTSML_PROFILE), ODRL["core"]})

MAX_POLICIES = 200
"""Each policy without a clause of its own is hashed with the whole file."""

TAKEN = ("Set", "Policy", "Agreement")
REFUSED = {
    "Offer": "proposes and does not permit: ask for the Agreement, or for a Set if it is meant for everyone",
    "Request": "asks and does not permit: file it as a request",
    "Assertion": "is one side's own statement and does not permit: keep it as evidence",
    "Privacy": "is about personal data: leave it out",
    "Ticket": "permits whoever holds it, which this ledger cannot tell: ask for an Agreement",
}
POLICY_PROPERTIES = frozenset(
    {"permission", "prohibition", "profile", "conflict", "target", "assigner", "assignee", "action", "uid"}
)


def from_odrl(data: bytes) -> tuple[Terms, ...]:
    """The Terms of every policy in a JSON-LD file, in the order of their IRIs.

    Where a policy carries no verbatim clause, the file itself is the text it was read from and becomes the clause.
    Raises Unreadable: too large, not JSON-LD, a context that would have to be fetched, no policy, an unknown
    action, duty, operand or profile, clashing values, a circle, a clause that does not have its hash.
    """
    graph = read_graph(data)
    for name in ("includedIn", "inheritFrom", "partOf"):
        _refuse_circle(graph, name)
    policies = _policies(graph)
    if not policies:
        raise Unreadable(
            "the file",
            "holds no ODRL policy",
            f'give it a "@type" ({", ".join(TAKEN)}) and the context http://www.w3.org/ns/odrl.jsonld',
        )
    if len(policies) > MAX_POLICIES:
        raise Unreadable(
            "the file", f"holds {len(policies)} policies", f"the most is {MAX_POLICIES}: split it"
        )
    text = data.decode("utf-8-sig")
    return tuple(_read_policy(graph, node, kind, text) for node, kind in policies)


def _policies(graph: Graph) -> list[tuple[Node, str]]:
    found: dict[Node, str] = {}
    for name, why in REFUSED.items():
        for node in graph.subjects(RDF.type, ODRL[name]):
            raise Unreadable(f"policy {node}", f"an {name} {why.partition(':')[0]}", why.partition(": ")[2])
    for name in TAKEN:
        for node in graph.subjects(RDF.type, ODRL[name]):
            if not isinstance(node, URIRef):
                raise Unreadable(f"a {name}", "has no uid", "name the policy with an IRI")
            if found.get(node, name) not in (name, "Policy") and name != "Policy":
                raise Unreadable(f"policy {node}", f"is both {found[node]} and {name}", "keep one type")
            if name != "Policy" or node not in found:
                found[node] = name
    return sorted(found.items(), key=lambda pair: str(pair[0]))


def _read_policy(graph: Graph, node: Node, kind: str, text: str) -> Terms:
    place = f"policy {node}"
    _check_frame(graph, node, place)
    policy = Policy(graph=graph, node=node, place=place, life=_life(graph, node, place))
    rules = read_rules(policy)
    assigner = _party(policy, "assigner")
    assignee = _party(policy, "assignee")
    if assigner is None:
        raise Unreadable(place, "names no assigner", "say who grants or reserves: add assigner to the policy")
    if kind == "Agreement" and assignee is None:
        raise Unreadable(place, "is an Agreement without an assignee", "add assignee, or make it a Set")
    try:
        return Terms(
            id=_text(graph, node, DCTERMS.identifier, place) or str(node),
            kind=_kind(graph, node, place, kind, assignee),
            assigner=assigner,
            assignee=assignee,
            target=_target(policy),
            clause=_clause(graph, node, place, text),
            clause_sha256=_text(graph, node, LG["clause_sha256"], place) or "",
            rules=rules,
            validity=Period(start=policy.life["gteq"], end=policy.life["lteq"]),
            revoked_on=policy.life["lt"],
            conflict=_conflict(graph, node, place),
            origin=_origin(graph, node, place),
            name=_text(graph, node, DCTERMS.title, place),
            url=_text(graph, node, LG["url"], place),
            language=_text(graph, node, LG["clause_language"], place),
        )
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(place, str(error), "correct the file, or export it again") from error


def _check_frame(graph: Graph, node: Node, place: str) -> None:
    for profile in graph.objects(node, ODRL["profile"]):
        if profile not in PROFILES:
            raise Unreadable(place, f"the profile {profile} is unknown", "ask for plain ODRL 2.2")
    if (node, ODRL["inheritFrom"], None) in graph:
        raise Unreadable(place, "inherits from another policy", "write the inherited rules out in this one")
    if (node, ODRL["obligation"], None) in graph:
        raise Unreadable(
            place, "has an obligation that no permission brings", "make it a duty of a permission"
        )
    undefined = only(graph, node, ODRL["undefined"], place)
    if undefined not in (None, ODRL["invalid"]):
        raise Unreadable(place, f"lets undefined terms pass ({undefined})", 'remove "undefined"')
    for predicate in graph.predicates(node):
        name = str(predicate).removeprefix(str(ODRL))
        if name != str(predicate) and name not in POLICY_PROPERTIES | {"undefined"}:
            raise Unreadable(place, f'the property "{name}" is not understood', "leave it out")


def _conflict(graph: Graph, node: Node, place: str) -> ConflictStrategy:
    found = only(graph, node, ODRL["conflict"], f"{place}, conflict")
    if found is None:
        return ConflictStrategy.INVALID
    return member_of(ConflictStrategy, str(found).removeprefix(str(ODRL)), f"{place}, conflict")


def _life(graph: Graph, node: Node, place: str) -> dict[str, date | None]:
    found: dict[str, date | None] = {}
    for name, operator in (("valid_from", "gteq"), ("valid_until", "lteq"), ("revoked_on", "lt")):
        value = only(graph, node, LG[name], place)
        found[operator] = None
        if value is not None:
            found[operator] = scalar(date, value, f"{place}, {name}")
    return found


def _kind(graph: Graph, node: Node, place: str, kind: str, assignee: Party | None) -> TermsKind:
    stated = _text(graph, node, LG["terms_kind"], place)
    if stated is not None:
        return member_of(TermsKind, stated, f"{place}, terms_kind")
    return TermsKind.STANDING if assignee is None else TermsKind.INBOUND


def _origin(graph: Graph, node: Node, place: str) -> Origin:
    stated = _text(graph, node, LG["origin"], place)
    return member_of(Origin, stated, f"{place}, origin") if stated is not None else Origin.LICENCE


def _clause(graph: Graph, node: Node, place: str, text: str) -> str:
    stated = _text(graph, node, LG["clause"], place)
    return text if stated is None else stated


def _party(policy: Policy, role: str) -> Party | None:
    """The party's own record where the file carries one, and it must be the party that the rules name."""
    named = policy.shared(role)
    record = only(policy.graph, policy.node, LG[role], policy.place)
    if record is None:
        return _stranger(policy, named) if named is not None else None
    party = read_record(Party, policy.graph, record, f"{policy.place}, {role}")
    said = _text(policy.graph, named, DCTERMS.identifier, policy.place) if named is not None else None
    if said != party.id:
        raise Unreadable(
            f"{policy.place}, {role}",
            f"the rules name {said or 'nobody'}, the record {party.id}",
            "make them the same party",
        )
    return party


def _stranger(policy: Policy, node: Node) -> Party:
    if not isinstance(node, URIRef):
        raise Unreadable(policy.place, "a party has no uid", "name the party with an IRI")
    identifier = _text(policy.graph, node, DCTERMS.identifier, policy.place) or str(node)
    return Party(id=identifier, name=_text(policy.graph, node, VCARD_FN, policy.place) or str(node))


def _target(policy: Policy) -> Target:
    record = only(policy.graph, policy.node, LG["target"], policy.place)
    targets = policy.targets()
    if record is None:
        ids = [_asset_id(policy.graph, each, policy.place) for each in _members(policy.graph, targets)]
        return Target(kind=TargetKind.COMPONENTS, component_ids=tuple(sorted(ids)))
    asset = only(policy.graph, policy.node, LG["asset"], policy.place)
    if targets != {asset}:
        raise Unreadable(policy.place, "a rule has another target than the policy says", "make them the same")
    return read_record(Target, policy.graph, record, f"{policy.place}, target")


def _members(graph: Graph, targets: set[Node]) -> set[Node]:
    """The parts of a collection where the file lists them; otherwise the target itself."""
    found: set[Node] = set()
    for target in targets:
        found |= set(graph.subjects(ODRL["partOf"], target)) or {target}
    return found


def _asset_id(graph: Graph, node: Node, place: str) -> str:
    if not isinstance(node, URIRef):
        raise Unreadable(place, "a target has no uid", "name the asset with an IRI")
    return _text(graph, node, DCTERMS.identifier, place) or str(node)


def _text(graph: Graph, node: Node, predicate: Node, place: str) -> str | None:
    found = only(graph, node, predicate, place)
    return None if found is None else str(scalar(str, found, place))


def _refuse_circle(graph: Graph, name: str) -> None:
    """No action may include itself, no policy inherit from itself, no asset be part of itself."""
    done: set[Node] = set()
    for start in sorted(set(graph.subjects(ODRL[name])), key=str):
        _walk(graph, start, name, done)


def _walk(graph: Graph, start: Node, name: str, done: set[Node]) -> None:
    """Depth first. ``path`` is a dict for its order and its quick look-up."""
    path: dict[Node, None] = {}
    stack: list[tuple[Node, bool]] = [(start, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            path.popitem()
            done.add(node)
        elif node in path:
            trail = list(path)
            circle = " -> ".join(str(each) for each in [*trail[trail.index(node) :], node][:12])
            raise Unreadable(name, f"runs in a circle: {circle}", "break the circle")
        elif node not in done:
            path[node] = None
            stack.append((node, True))
            stack += [(each, False) for each in graph.objects(node, ODRL[name])]
