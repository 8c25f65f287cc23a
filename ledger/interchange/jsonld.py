"""JSON-LD bytes to a graph, without ever asking the network for a context."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from rdflib import Graph

from ledger.interchange.errors import Unreadable

MAX_BYTES = 1_000_000
MAX_DEPTH = 60
KNOWN_CONTEXTS = frozenset(
    f"{scheme}://www.w3.org/ns/odrl.jsonld" for scheme in ("http", "https")
) | frozenset({"https://www.w3.org/ns/odrl/2/ODRL22.json", "http://www.w3.org/ns/odrl/2/ODRL22.json"})


@cache
def _packaged_context() -> str:
    return (resources.files("ledger.interchange") / "data" / "odrl.jsonld").read_text("utf-8")


def read_graph(data: bytes) -> Graph:
    """The graph of a JSON-LD file. Raises Unreadable: too large, not JSON, a name twice, a foreign context."""
    document = load_json(data)
    if not isinstance(document, dict | list):
        raise Unreadable("the file", "holds no ODRL policy", "JSON-LD starts with an object")
    _check(document, "the file", 0)
    graph = Graph()
    try:
        graph.parse(data=json.dumps(_pinned(document)), format="json-ld")
    except Unreadable:
        raise
    except Exception as error:  # rdflib raises many kinds for malformed JSON-LD; none may pass as a crash
        raise Unreadable(
            "the file", f"is not JSON-LD ({type(error).__name__}: {error})", "export it again"
        ) from error
    return graph


def load_json(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise Unreadable("the file", f"is {len(data):,} bytes", f"the most is {MAX_BYTES:,}: split it")
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_no_name_twice)
    except UnicodeDecodeError as error:
        raise Unreadable("the file", "is not UTF-8", "save it as UTF-8 JSON-LD") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(
            place, f"is not JSON ({error.msg})", "ODRL is read as JSON-LD: convert the file"
        ) from error
    except RecursionError as error:
        raise Unreadable("the file", "is nested too deeply", "flatten it") from error


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found and found[name] != value:
            raise Unreadable(
                f'"{name}"', "stands twice in one object, with different values", "keep one of them"
            )
        found[name] = value
    return found


def _check(value: Any, place: str, depth: int) -> None:
    """Every context must be inline or one that the package holds; nothing may be imported."""
    if depth > MAX_DEPTH:
        raise Unreadable(place, "is nested too deeply", f"the most is {MAX_DEPTH} levels: flatten it")
    if isinstance(value, list):
        for item in value:
            _check(item, place, depth + 1)
    elif isinstance(value, dict):
        for name, content in value.items():
            if name == "@context":
                _check_context(content, f"{place}, @context")
            elif name == "@import":
                raise Unreadable(place, "imports a context", "write the context out in the file")
            _check(content, name if depth < 1 else place, depth + 1)


def _check_context(content: Any, place: str) -> None:
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str) and part not in KNOWN_CONTEXTS:
            raise Unreadable(
                place,
                f"names {part}, and nothing is fetched",
                "write that context out in the file, or use http://www.w3.org/ns/odrl.jsonld",
            )


def _pinned(value: Any) -> Any:
    """The document with the W3C context put in place of its address."""
    if isinstance(value, list):
        return [_pinned(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _put(c) if name == "@context" else _pinned(c) for name, c in value.items()}


def _put(content: Any) -> Any:
    if isinstance(content, list):
        return [_put(part) for part in content]
    if isinstance(content, str):
        return json.loads(_packaged_context())["@context"]
    return _pinned(content)
