"""What a form sent, checked against the same pydantic shape that the JSON door uses.

HTML says things its own way: an untouched number is ``""``, one ticked box of many is a single value, a
ticked box is ``"on"`` and an unticked one is absent. ``check`` puts that right and reports every wrong field
at once.
Dots in a field's name make nested values: ``items.0.portion`` is the portion of the first of ``items``.
"""

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, Union, get_args, get_origin

from litestar.datastructures import UploadFile
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

Shape = TypeVar("Shape", bound=BaseModel)

_MANY = (list, tuple, set, frozenset)
_SPOKEN = {"on": True, "yes": True, "true": True, "no": False, "false": False}


@dataclass
class Form:
    """What was typed and what is wrong with it; the macros of ``templates/macros/fields.html`` take it."""

    data: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[UploadFile]] = field(default_factory=dict)

    @classmethod
    def filled(cls, values: Mapping[str, Any]) -> "Form":
        """A form that shows ``values``; lists tick several boxes, nested values get dotted names."""
        return cls(data=dict(_flat(values, "")))

    def value(self, name: str) -> str:
        """The first value under ``name``, or ``""``."""
        return next(iter(self.data.get(name, ())), "")

    def values(self, name: str) -> list[str]:
        """Every value under ``name``."""
        return self.data.get(name, [])

    def error(self, name: str) -> str:
        """What is wrong with ``name``, or ``""``."""
        return self.errors.get(name, "")

    def version(self) -> int | None:
        """The version of the record that the form was made from, so that whoever was slower is told."""
        typed = self.value("version")
        return int(typed) if typed.isdecimal() and len(typed) < 10 else None

    def file(self, name: str) -> UploadFile | None:
        """The file under ``name``; none when the field was left empty."""
        return next(iter(self.files.get(name, ())), None)


def read_pairs(pairs: Iterable[tuple[str, Any]]) -> Form:
    """The form in decoded ``pairs``. Line ends become ``\\n``; NUL, which no database keeps, is dropped."""
    form = Form()
    for raw_name, value in pairs:
        name = raw_name.replace("\0", "")
        if isinstance(value, UploadFile):
            if value.filename:  # an untouched file field arrives as a nameless empty file
                form.files.setdefault(name, []).append(value)
        elif value is not None:
            clean = str(value).replace("\r\n", "\n").replace("\0", "")
            form.data.setdefault(name, []).append(clean)
    return form


def check(form: Form, shape: type[Shape]) -> Shape | None:
    """``form`` as a ``shape``; or none, with ``form.errors`` telling the remedy for each wrong field."""
    try:
        return shape.model_validate(_nested(form.data, shape))
    except ValidationError as error:
        form.errors.update(plain_errors(error, shape))
        return None


def plain_errors(error: ValidationError, shape: type[BaseModel]) -> dict[str, str]:
    """Each wrong field's dotted name and one plain line about it, in the order of the fields."""
    found: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in problem["loc"] if not _is_union_member(part))
        found.setdefault(name, _sentence(problem, _label(shape, problem["loc"])))
    return found


def _is_union_member(part: int | str) -> bool:
    # pydantic adds the union member it tried ("int", "list[str]", "function-after[...]") to the place
    return isinstance(part, str) and (part in {"int", "str", "float", "bool", "date"} or "[" in part)


def _label(shape: type[BaseModel], place: tuple[int | str, ...]) -> str:
    at: Any = shape
    label = str(place[-1]) if place else ""
    for part in place:
        if isinstance(part, str) and isinstance(at, type) and issubclass(at, BaseModel):
            info = at.model_fields.get(part)
            if info is None:
                break
            label = info.title or part
            at = _inner_model(info.annotation)
    return (label[:1].upper() + label[1:]).replace("_", " ")


def _inner_model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _inner_model(arg))), None)


def _sentence(problem: Any, label: str) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in {"value_error", "assertion_error"}:
        said = str(context.get("error", "")) or problem["msg"]
        return said.removeprefix("value is not a valid email address: ")
    if kind in {"missing", "string_too_short", "too_short"}:
        return f"{label} is needed."
    words = {
        "string_too_long": "is too long: at most {max_length} characters.",
        "too_long": "has too many entries: at most {max_length}.",
        "greater_than": "must be more than {gt}.",
        "greater_than_equal": "must be {ge} or more.",
        "less_than": "must be less than {lt}.",
        "less_than_equal": "must be {le} or less.",
        "enum": "must be one of: {expected}.",
        "literal_error": "must be one of: {expected}.",
        "extra_forbidden": "is not known here; leave it out.",
    }
    if kind in words:
        return f"{label} {words[kind].format(**context)}"
    if kind.startswith(("int", "float", "decimal")):
        return f"{label} must be a number, such as 250."
    if kind.startswith(("date", "time")):
        return f"{label} must be a date written as 2026-03-31."
    if kind.startswith("url"):
        return f"{label} must be a web address that begins with https:// or http://."
    return f"{label} cannot be used as it is: {problem['msg'][:1].lower()}{problem['msg'][1:]}."


def _nested(data: Mapping[str, list[str]], shape: type[BaseModel]) -> dict[str, Any]:
    """The values as ``shape`` wants them, without names it does not know (such as the CSRF token)."""
    tree: dict[str, Any] = {}
    for name, values in data.items():
        at = tree
        *way, last = name.split(".")
        for part in way:
            step = at.setdefault(part, {})
            if not isinstance(step, dict):
                break
            at = step
        else:
            at[last] = values
    return _shaped(tree, shape)


def _shaped(tree: Mapping[str, Any], shape: type[BaseModel]) -> dict[str, Any]:
    shaped: dict[str, Any] = {}
    for name, info in shape.model_fields.items():
        value = _value(tree.get(name), info)
        if value is not None:
            shaped[name] = value
    return shaped


def _value(given: Any, info: FieldInfo) -> Any:
    inner = _inner_model(info.annotation)
    if isinstance(given, dict):
        if inner is None:
            return None
        if _is_many(info.annotation):
            rows = sorted((int(key), row) for key, row in given.items() if key.isdecimal() and len(key) < 5)
            return [_shaped(row, inner) for _, row in rows if isinstance(row, dict)]
        return _shaped(given, inner)
    filled = [text for text in given or () if text.strip()]
    if _is_many(info.annotation):
        return filled or None
    if _is_bool(info.annotation):
        return _yes_or_no(filled, info)
    return filled[0].strip() if filled else None


def _yes_or_no(filled: list[str], info: FieldInfo) -> Any:
    if not filled:  # an unticked box is absent; a question of three answers (yes, no, none) stays open
        return False if info.annotation is bool and info.is_required() else None
    return _SPOKEN.get(filled[0].lower(), filled[0])


def _members(annotation: Any) -> Iterable[Any]:
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)


def _is_many(annotation: Any) -> bool:
    return any(member in _MANY or get_origin(member) in _MANY for member in _members(annotation))


def _is_bool(annotation: Any) -> bool:
    return any(member is bool for member in _members(annotation))


def _flat(values: Any, prefix: str) -> Iterable[tuple[str, list[str]]]:
    for name, value in values.items():
        place = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{place}.")
        elif isinstance(value, _MANY) and any(isinstance(row, Mapping) for row in value):
            yield from _flat({str(number): row for number, row in enumerate(value)}, f"{place}.")
        elif isinstance(value, _MANY):
            yield place, [_text(item) for item in value]
        else:
            yield place, [_text(value)] if value is not None and value is not False else []


def _text(value: Any) -> str:
    if value is True:
        return "on"
    return str(getattr(value, "value", value))
