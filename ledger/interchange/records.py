"""Frozen values of the rights room as JSON-LD nodes of our profile, and back from a graph.

One property per field, named as the field; a tuple or a set is an RDF list, so that order and emptiness survive;
a field that holds its default is left out.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Hashable
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from rdflib import RDF, Graph, Literal
from rdflib.term import Node

from ledger.interchange.errors import Unreadable
from ledger.interchange.naming import LG

T = TypeVar("T")

XSD_DATE = "xsd:date"


def day(value: date) -> dict[str, str]:
    return {"@value": value.isoformat(), "@type": XSD_DATE}


def listed(values: list[Any]) -> dict[str, list[Any]]:
    return {"@list": values}


def describe(value: Any) -> dict[str, Any]:
    """A dataclass as a blank node."""
    node: dict[str, Any] = {"@type": f"lg:{type(value).__name__}"}
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        if content is not None and content != field.default:
            node[f"lg:{field.name}"] = _plain(content)
    return node


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return day(value)
    if isinstance(value, frozenset):
        return listed(sorted(_plain(item) for item in value))
    if isinstance(value, tuple):
        return listed([_plain(item) for item in value])
    if dataclasses.is_dataclass(value):
        return describe(value)
    return value


def only(graph: Graph, node: Node, predicate: Node, place: str) -> Node | None:
    """The one value of a property, or None. Raises Unreadable when there are several."""
    values = sorted(set(graph.objects(node, predicate)), key=str)
    if len(values) > 1:
        shown = " and ".join(str(value) for value in values[:3])
        raise Unreadable(place, f"{_tail(predicate)} has several values: {shown}", "keep one of them")
    return values[0] if values else None


def read_record(kind: type[T], graph: Graph, node: Node, place: str) -> T:
    """The dataclass that ``describe`` wrote at this node. Raises Unreadable with the place."""
    hints = _hints(typing.cast(Hashable, kind))
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        here = f"{place}.{field.name}"
        found = only(graph, node, LG[field.name], here)
        if found is not None:
            values[field.name] = _read(hints[field.name], graph, found, here)
        elif field.default is dataclasses.MISSING:
            raise Unreadable(here, "missing", "add it, or export the file again")
    try:
        return kind(**values)
    except ValueError as error:
        raise Unreadable(place, str(error), "correct the file") from error


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(kind: Any, graph: Graph, node: Node, place: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        (kind,) = [m for m in typing.get_args(kind) if m is not type(None)]
        origin = typing.get_origin(kind)
    if origin in (tuple, frozenset):
        member = typing.get_args(kind)[0]
        return origin(_read(member, graph, item, place) for item in items(graph, node, place))
    if dataclasses.is_dataclass(kind):
        return read_record(typing.cast(type, kind), graph, node, place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return member_of(kind, str(node), place)
    return scalar(kind, node, place)


def items(graph: Graph, head: Node, place: str) -> list[Node]:
    """The members of an RDF list."""
    if head != RDF.nil and graph.value(head, RDF.first) is None:
        raise Unreadable(place, "is not a list", 'write it as {"@list": [...]}')
    try:
        return list(graph.items(head))
    except ValueError as error:
        raise Unreadable(place, "the list runs in a circle", "write the values out once") from error


E_ = TypeVar("E_", bound=Enum)


def member_of(kind: type[E_], value: str, place: str) -> E_:
    """A value of an enumeration. Raises Unreadable that lists what is allowed."""
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(str(member.value) for member in kind)
        raise Unreadable(place, f'"{value}" is unknown', f"use one of: {allowed}") from None


def scalar(kind: Any, node: Node, place: str) -> Any:
    """A text, whole number, truth value or date."""
    value = node.toPython() if isinstance(node, Literal) and not node.ill_typed else None
    if kind is str and isinstance(node, Literal):
        return str(node)
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind is date and type(value) is date:
        return value
    wanted = {str: "a text", bool: "true or false", int: "a whole number", date: "a date (2026-03-06)"}
    raise Unreadable(place, f'"{node}" is not {wanted[kind]}', "correct the value")


def _tail(predicate: Node) -> str:
    return str(predicate).rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
