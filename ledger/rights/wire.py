"""Frozen values to JSON and back: enums by value, dates in ISO 8601, tuples as lists, sets sorted.

``from_plain(cls, to_plain(x)) == x`` for every dataclass of this room.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
TOP = "(top)"


class BadPlain(ValueError):
    """Data that does not fit. ``path`` is where, such as ``terms[0].rules[2].action``."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path or TOP
        self.message = message
        super().__init__(f"{self.path}: {message}")


def to_plain(value: Any) -> Any:
    """JSON-able form. Raises TypeError for anything this room does not use."""
    if value is None or isinstance(value, bool | int) or type(value) is str:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted((to_plain(item) for item in value), key=str)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init}
    raise TypeError(f"cannot write a {type(value).__name__} as JSON")


def from_plain(cls: type[T], data: Any) -> T:
    """Read a value of type ``cls``. Raises BadPlain that names the path, what is wrong and what is
    allowed."""
    kind: Any = cls
    return typing.cast(T, _reader(kind)(data))


Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> Reader:
    """What reads values of this type; made once, because the types are few and the values many."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _union_reader(kind)
    if origin in (tuple, frozenset):
        return _many_reader(kind, origin)
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_reader(kind)
    return _scalar_reader(kind)


def _union_reader(kind: Any) -> Reader:
    members = typing.get_args(kind)
    (member,) = [m for m in members if m is not type(None)]
    read, optional = _reader(member), type(None) in members

    def read_union(data: Any) -> Any:
        return None if data is None and optional else read(data)

    return read_union


def _many_reader(kind: Any, origin: Any) -> Reader:
    arguments = typing.get_args(kind)
    if origin is tuple and arguments[-1] is not Ellipsis:
        return _fixed_reader([_reader(argument) for argument in arguments])
    read = _reader(arguments[0])

    def read_many(data: Any) -> Any:
        _must_be_list(data)
        found: list[Any] = []
        try:
            for item in data:
                found.append(read(item))
        except BadPlain as error:
            raise _at(f"[{len(found)}]", error) from error.__cause__
        return origin(found)

    return read_many


def _fixed_reader(readers: list[Reader]) -> Reader:
    def read_fixed(data: Any) -> Any:
        _must_be_list(data)
        if len(data) != len(readers):
            raise BadPlain("", f"expected {len(readers)} items, found {len(data)}")
        found: list[Any] = []
        try:
            for read, item in zip(readers, data, strict=True):
                found.append(read(item))
        except BadPlain as error:
            raise _at(f"[{len(found)}]", error) from error.__cause__
        return tuple(found)

    return read_fixed


def _dataclass_reader(kind: Any) -> Reader:
    fields = [field for field in dataclasses.fields(kind) if field.init]
    names = {field.name for field in fields}

    @cache
    def parts() -> list[tuple[str, Reader, bool]]:  # at the first value: a type may hold itself
        hints = typing.get_type_hints(kind)
        nothing = dataclasses.MISSING
        return [
            (each.name, _reader(hints[each.name]), each.default is each.default_factory is nothing)
            for each in fields
        ]

    def read_dataclass(data: Any) -> Any:
        if not isinstance(data, dict):
            raise BadPlain("", f"expected an object ({kind.__name__}), found {_name(data)}")
        if not data.keys() <= names:
            unknown = next(key for key in data if key not in names)
            known = ", ".join(field.name for field in fields)
            raise BadPlain(str(unknown), f"unknown name; {kind.__name__} has {known}")
        values, place = {}, ""
        try:
            for place, read, required in parts():
                if place in data:
                    values[place] = read(data[place])
                elif required:
                    raise BadPlain("", "missing")
        except BadPlain as error:
            raise _at(place, error) from error.__cause__
        try:
            return kind(**values)
        except ValueError as error:
            raise BadPlain("", str(error)) from error

    return read_dataclass


def _enum_reader(kind: type[Enum]) -> Reader:
    members = {member.value: member for member in kind}

    def read_enum(data: Any) -> Enum:
        try:
            return members[data]
        except (KeyError, TypeError):  # TypeError: a list or an object
            allowed = ", ".join(str(value) for value in members)
            raise BadPlain("", f'unknown value "{data}"; allowed: {allowed}') from None

    return read_enum


def _scalar_reader(kind: Any) -> Reader:
    def read_scalar(data: Any) -> Any:
        if type(data) is kind:
            return data
        if kind in (date, datetime) and isinstance(data, str):
            return _read_date(kind, data)
        if kind is int and isinstance(data, bool):
            raise BadPlain("", "expected a whole number, found true or false")
        if kind in (str, int, bool, date, datetime) and isinstance(data, kind):
            return data
        raise BadPlain("", f"expected {kind.__name__}, found {_name(data)}")

    return read_scalar


def _read_date(kind: Any, data: str) -> Any:
    try:
        return kind.fromisoformat(data)
    except ValueError:
        raise BadPlain("", f'"{data}" is not a date: write it as 2026-03-06') from None


def _at(place: str, error: BadPlain) -> BadPlain:
    """The same error, told from around the place (a name or ``[3]``)."""
    return BadPlain(_join(place, error.path), error.message)


def _join(place: str, rest: str) -> str:
    if rest == TOP:
        return place
    return f"{place}{rest}" if rest.startswith("[") else f"{place}.{rest}"


def _must_be_list(data: Any) -> None:
    if not isinstance(data, list | tuple):
        raise BadPlain("", f"expected a list, found {_name(data)}")


def _name(data: Any) -> str:
    return "nothing" if data is None else type(data).__name__
