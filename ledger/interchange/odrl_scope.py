"""The axes of a scope as ODRL constraints, and back.

ODRL 2.2 Information Model, 2.5.1: a set-based operator (isAnyOf, isNoneOf) takes a list of values. Every
constraint of a rule must hold. Countries carry the datatype dcterms:ISO3166, languages dcterms:RFC5646.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any, TypeVar

from rdflib import RDF, Graph
from rdflib.term import Node

from ledger.interchange.errors import Unreadable
from ledger.interchange.naming import LG, ODRL
from ledger.interchange.records import day, items, listed, member_of, only, scalar
from ledger.rights.scope import Cap, Extent, Period, Scope, Territory
from ledger.rights.terms import Terms
from ledger.rights.uses import (
    Channel,
    Duration,
    ExtentUnit,
    Format,
    Product,
    Purpose,
    QuantityUnit,
    RequesterType,
)

E = TypeVar("E", bound=Enum)
Node_ = dict[str, Any]

SET_AXES: dict[str, tuple[str, str, type[Enum]]] = {
    "channels": ("deliveryChannel", "channel", Channel),
    "purposes": ("purpose", "purpose", Purpose),
    "requesters": ("recipient", "requester", RequesterType),
    "products": ("product", "product", Product),
    "formats": ("fileFormat", "format", Format),
    "editions": ("lg:operand/edition", "duration", Duration),
}
"""Field of Scope: left operand, the folder of our concepts, and the enumeration."""


def constraint(left: str, operator: str, right: Any, **more: Any) -> Node_:
    node: Node_ = {"@type": "Constraint", "leftOperand": left, "operator": operator, "rightOperand": right}
    return node | {f"lg:{name}": value for name, value in more.items()}


def any_of(left: str, folder: str, values: Iterable[Enum]) -> Node_:
    concepts = [{"@id": f"lg:{folder}/{code}"} for code in sorted(str(v.value) for v in values)]
    return constraint(left, "isAnyOf", listed(concepts))


def codes(left: str, operator: str, datatype: str, values: Iterable[str]) -> Node_:
    found = [{"@value": code, "@type": f"dct:{datatype}"} for code in sorted(values)]
    return constraint(left, operator, listed(found))


def territory_constraints(territory: Territory) -> list[Node_]:
    found = []
    if territory.included is not None:
        found.append(codes("spatial", "isAnyOf", "ISO3166", territory.included))
    if territory.excluded:
        found.append(codes("spatial", "isNoneOf", "ISO3166", territory.excluded))
    return found


def period_constraints(period: Period, **more: Any) -> list[Node_]:
    found = []
    if period.start is not None:
        found.append(constraint("dateTime", "gteq", day(period.start), **more))
    if period.end is not None:
        found.append(constraint("dateTime", "lteq", day(period.end), **more))
    return found


def scope_constraints(scope: Scope) -> list[Node_]:
    """Every bounded axis. ``exclusive`` is a quality of a grant and stands on the rule itself."""
    found = []
    for name, (left, folder, _) in SET_AXES.items():
        values = getattr(scope, name)
        if values is not None:
            found.append(any_of(left, folder, values))
    if scope.commercial is not None:
        found.append(constraint("lg:operand/commercial", "eq", scope.commercial))
    found += territory_constraints(scope.territory)
    if scope.languages is not None:
        found.append(codes("language", "isAnyOf", "RFC5646", scope.languages))
    found += period_constraints(scope.period)
    for position, cap in enumerate(scope.caps):
        unit = {"@id": f"lg:unit/{cap.unit.value}"}
        found.append(constraint("count", "lteq", cap.at_most, position=position) | {"unit": unit})
    for position, extent in enumerate(scope.extents):
        found.append(_extent(extent, position))
    return found


def _extent(extent: Extent, position: int) -> Node_:
    if extent.unit is ExtentUnit.PERCENT:
        return constraint("percentage", "lteq", extent.at_most, position=position)
    node = constraint("lg:operand/extent", "lteq", extent.at_most, position=position)
    return node | {"unit": {"@id": f"lg:unit/{extent.unit.value}"}}


def validity_constraints(terms: Terms) -> list[Node_]:
    """The life of the Terms on each of their rules, so that any ODRL processor heeds it.

    The policy states the same dates as lg:valid_from, lg:valid_until and lg:revoked_on, and those are read back.
    """
    found = period_constraints(terms.validity, axis="validity")
    if terms.revoked_on is not None:
        found.append(constraint("dateTime", "lt", day(terms.revoked_on), axis="revocation"))
    return found


@dataclass
class _Found:
    """What the constraints of one rule say, axis by axis, before they make a Scope."""

    axes: dict[str, Any] = field(default_factory=dict)
    included: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None
    caps: list[tuple[int, Cap]] = field(default_factory=list)
    extents: list[tuple[int, Extent]] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)


LIFE_AXES = frozenset({"validity", "revocation"})


def read_scope(graph: Graph, rule: Node, place: str, exclusive: bool) -> Scope:
    """The scope that the constraints of a rule bound. Raises Unreadable for one that we cannot honour."""
    found = _Found()
    nodes = sorted(set(graph.objects(rule, ODRL["constraint"])), key=lambda n: _order(graph, n))
    for number, node in enumerate(nodes, start=1):
        axis = graph.value(node, LG["axis"])
        if axis is None or str(axis) not in LIFE_AXES:
            _take(found, graph, node, f"{place}, constraint {number}")
    try:
        return Scope(
            territory=Territory(included=found.included, excluded=found.excluded),
            period=Period(start=found.start, end=found.end),
            caps=tuple(cap for _, cap in sorted(found.caps, key=lambda pair: pair[0])),
            extents=tuple(extent for _, extent in sorted(found.extents, key=lambda pair: pair[0])),
            exclusive=exclusive,
            **found.axes,
        )
    except ValueError as error:
        raise Unreadable(place, str(error), "correct the constraint") from error


def _order(graph: Graph, node: Node) -> tuple[str, str, str]:
    left, operator = graph.value(node, ODRL["leftOperand"]), graph.value(node, ODRL["operator"])
    return str(left), str(operator), str(graph.value(node, ODRL["rightOperand"]))


def _take(found: _Found, graph: Graph, node: Node, place: str) -> None:
    left = only(graph, node, ODRL["leftOperand"], place)
    operator = only(graph, node, ODRL["operator"], place)
    if left is None or operator is None:
        raise Unreadable(
            place,
            "has no left operand or no operator",
            "write one constraint with leftOperand, operator and rightOperand; a logical one (and, or, xone)"
            " as separate rules",
        )
    name, op = _short(left), _short(operator)
    if name not in ("count", "percentage", "operand/extent"):
        if (name, op) in found.seen:
            raise Unreadable(place, f"a second constraint {name} {op} on the same rule", "merge the two")
        found.seen.add((name, op))
    values = _values(graph, node, place)
    for field_name, (operand, folder, kind) in SET_AXES.items():
        if name == operand.removeprefix("lg:"):
            _want(op, ("isAnyOf", "eq"), place)
            found.axes[field_name] = frozenset(_concept(kind, folder, v, place) for v in values)
            return
    _take_other(found, graph, node, name, op, values, place)


def _take_other(
    found: _Found, graph: Graph, node: Node, name: str, op: str, values: list[Node], place: str
) -> None:
    if name == "spatial":
        _want(op, ("isAnyOf", "eq", "isNoneOf"), place)
        countries = frozenset(str(scalar(str, value, place)) for value in values)
        found.excluded = countries if op == "isNoneOf" else found.excluded
        found.included = countries if op != "isNoneOf" else found.included
    elif name == "language":
        _want(op, ("isAnyOf", "eq"), place)
        found.axes["languages"] = frozenset(str(scalar(str, value, place)) for value in values)
    elif name == "dateTime":
        _take_date(found, op, _single(values, place), place)
    elif name == "operand/commercial":
        _want(op, ("eq",), place)
        found.axes["commercial"] = scalar(bool, _single(values, place), place)
    elif name in ("count", "percentage", "operand/extent"):
        _want(op, ("lteq",), place)
        _take_amount(found, graph, node, name, scalar(int, _single(values, place), place), place)
    else:
        raise Unreadable(
            place, f'the left operand "{name}" is unknown', "leave the rule out, and ask its author"
        )


def _take_date(found: _Found, op: str, value: Node, place: str) -> None:
    _want(op, ("gteq", "gt", "lteq", "lt"), place)
    when: date = scalar(date, value, place)
    try:
        if op in ("gteq", "gt"):
            start = when if op == "gteq" else when + timedelta(days=1)
            found.start = max(start, found.start or start)
        else:
            end = when if op == "lteq" else when - timedelta(days=1)
            found.end = min(end, found.end or end)
    except OverflowError as error:
        raise Unreadable(place, f"there is no day next to {when}", "correct the date") from error


def _take_amount(found: _Found, graph: Graph, node: Node, name: str, most: int, place: str) -> None:
    at = only(graph, node, LG["position"], place)
    position = scalar(int, at, place) if at is not None else 0
    unit = only(graph, node, ODRL["unit"], place)
    try:
        if name == "percentage":
            found.extents.append((position, Extent(unit=ExtentUnit.PERCENT, at_most=most)))
        elif unit is None:
            raise Unreadable(place, "a number without a unit", "name the unit, such as lg:unit/copies")
        elif name == "count":
            found.caps.append((position, Cap(unit=_concept(QuantityUnit, "unit", unit, place), at_most=most)))
        else:
            extent = Extent(unit=_concept(ExtentUnit, "unit", unit, place), at_most=most)
            found.extents.append((position, extent))
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(place, str(error), "correct the number") from error


def _values(graph: Graph, node: Node, place: str) -> list[Node]:
    """Right operands: a list, or several values, or one."""
    found: list[Node] = []
    for value in sorted(set(graph.objects(node, ODRL["rightOperand"])), key=str):
        is_list = value == RDF.nil or graph.value(value, RDF.first) is not None
        found += items(graph, value, place) if is_list else [value]
    if not found and graph.value(node, ODRL["rightOperand"]) is None:
        raise Unreadable(place, "has no right operand", "add the value that the constraint compares with")
    return found


def _single(values: list[Node], place: str) -> Node:
    if len(values) != 1:
        raise Unreadable(place, f"{len(values)} values where one belongs", "keep one of them")
    return values[0]


def _concept(kind: type[E], folder: str, value: Node, place: str) -> E:
    """One of our concepts, as its IRI or as its bare code."""
    return member_of(kind, str(value).removeprefix(str(LG[f"{folder}/"])), place)


def _want(op: str, allowed: tuple[str, ...], place: str) -> None:
    if op not in allowed:
        raise Unreadable(place, f'the operator "{op}" does not fit', f"use {' or '.join(allowed)}")


def _short(term: Node) -> str:
    return str(term).removeprefix(str(ODRL)).removeprefix(str(LG))
