"""Frozen values to JSON and back: enums by value, dates in ISO 8601, tuples as lists, sets sorted.

``from_plain(cls, to_plain(x)) == x`` for every dataclass of this room.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


class BadPlain(ValueError):
    """Data that does not fit. ``path`` is where, such as ``terms[0].rules[2].action``."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path or "(top)"
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
    return typing.cast(T, _read(cls, data, ""))


def _read(kind: Any, data: Any, path: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _read_union(kind, data, path)
    if origin in (tuple, frozenset):
        return _read_many(kind, origin, data, path)
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(kind, data, path)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _read_enum(kind, data, path)
    return _read_scalar(kind, data, path)


def _read_union(kind: Any, data: Any, path: str) -> Any:
    members = typing.get_args(kind)
    if data is None and type(None) in members:
        return None
    (member,) = [m for m in members if m is not type(None)]
    return _read(member, data, path)


def _read_many(kind: Any, origin: Any, data: Any, path: str) -> Any:
    if not isinstance(data, list | tuple):
        raise BadPlain(path, f"expected a list, found {_name(data)}")
    arguments = typing.get_args(kind)
    if origin is tuple and arguments[-1] is not Ellipsis:
        if len(data) != len(arguments):
            raise BadPlain(path, f"expected {len(arguments)} items, found {len(data)}")
        return tuple(
            _read(a, item, f"{path}[{i}]") for i, (a, item) in enumerate(zip(arguments, data, strict=True))
        )
    return origin(_read(arguments[0], item, f"{path}[{i}]") for i, item in enumerate(data))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read_dataclass(kind: Any, data: Any, path: str) -> Any:
    if not isinstance(data, dict):
        raise BadPlain(path, f"expected an object ({kind.__name__}), found {_name(data)}")
    hints = _hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    for key in data:
        if key not in fields:
            raise BadPlain(_join(path, key), f"unknown name; {kind.__name__} has {', '.join(fields)}")
    values = {}
    for name, field in fields.items():
        if name in data:
            values[name] = _read(hints[name], data[name], _join(path, name))
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise BadPlain(_join(path, name), "missing")
    try:
        return kind(**values)
    except ValueError as error:
        raise BadPlain(path, str(error)) from error


def _read_enum(kind: type[Enum], data: Any, path: str) -> Enum:
    try:
        return kind(data)
    except ValueError:
        allowed = ", ".join(str(member.value) for member in kind)
        raise BadPlain(path, f'unknown value "{data}"; allowed: {allowed}') from None


def _read_scalar(kind: Any, data: Any, path: str) -> Any:
    if kind is date and isinstance(data, str):
        return _read_date(date, data, path)
    if kind is datetime and isinstance(data, str):
        return _read_date(datetime, data, path)
    if kind is int and isinstance(data, bool):
        raise BadPlain(path, "expected a whole number, found true or false")
    if kind in (str, int, bool, date, datetime) and isinstance(data, kind):
        return data
    raise BadPlain(path, f"expected {kind.__name__}, found {_name(data)}")


def _read_date(kind: Any, data: str, path: str) -> Any:
    try:
        return kind.fromisoformat(data)
    except ValueError:
        raise BadPlain(path, f'"{data}" is not a date: write it as 2026-03-06') from None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _name(data: Any) -> str:
    return "nothing" if data is None else type(data).__name__
