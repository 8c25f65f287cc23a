"""JSON-LD bytes to a graph, without ever asking the network for a context."""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib import resources
from typing import Any

from rdflib import Graph

from ledger.interchange.errors import Unreadable

MAX_BYTES = 1_000_000
MAX_DEPTH = 60
MAX_CONTEXTS = 20
"""A context is put in place of each mention of its address, so that many mentions would make a giant."""
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
    if _check(document, "the file", 0) > MAX_CONTEXTS:
        raise Unreadable("@context", f"stands more than {MAX_CONTEXTS} times", "state it once, at the top")
    pinned = _pinned(document)
    words: set[str] = set()
    if _collect_words(pinned, words):
        _check_words(pinned, words)
    graph = Graph()
    try:
        graph.parse(data=json.dumps(pinned), format="json-ld")
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
    except Unreadable:
        raise
    except ValueError as error:  # a number of more digits than Python converts
        raise Unreadable("the file", "holds a number without end", "write it shorter") from error
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


def _check(value: Any, place: str, depth: int) -> int:
    """Every context must be inline or one that the package holds; nothing may be imported. Counts the contexts."""
    if depth > MAX_DEPTH:
        raise Unreadable(place, "is nested too deeply", f"the most is {MAX_DEPTH} levels: flatten it")
    if isinstance(value, str) and not value.isascii():
        _check_text(value, place)
    if isinstance(value, list):
        return sum(_check(item, place, depth + 1) for item in value)
    if not isinstance(value, dict):
        return 0
    count = 0
    for name, content in value.items():
        _check_text(name, place)
        if name == "@context":
            count += _check_context(content, f"{place}, @context")
        elif name == "@import":
            raise Unreadable(place, "imports a context", "write the context out in the file")
        count += _check(content, name if depth < 1 else place, depth + 1)
    return count


def _check_text(text: str, place: str) -> None:
    """JSON can escape half a character, which no UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unreadable(place, "holds half a character (a lone surrogate)", "write it as UTF-8") from error


def _check_context(content: Any, place: str) -> int:
    parts = content if isinstance(content, list) else [content]
    for part in parts:
        if isinstance(part, str) and part not in KNOWN_CONTEXTS:
            raise Unreadable(
                place,
                f"names {part}, and nothing is fetched",
                "write that context out in the file, or use http://www.w3.org/ns/odrl.jsonld",
            )
    return len(parts)


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


def _collect_words(value: Any, words: set[str]) -> bool:
    """The words that the contexts define. False when a context maps every word (@vocab)."""
    known = True
    if isinstance(value, list):
        for item in value:
            known = _collect_words(item, words) and known
    if isinstance(value, dict):
        for name, content in value.items():
            if name == "@context":
                for part in content if isinstance(content, list) else [content]:
                    words.update(part if isinstance(part, dict) else ())
                    known = known and not (isinstance(part, dict) and "@vocab" in part)
            else:
                known = _collect_words(content, words) and known
    return known


def _check_words(value: Any, words: set[str]) -> None:
    """JSON-LD drops a name that no context defines; a bound that is misspelt must not vanish unseen."""
    if isinstance(value, list):
        for item in value:
            _check_words(item, words)
    elif isinstance(value, dict):
        for name, content in value.items():
            if name == "@context":
                continue
            prefix, colon, rest = name.partition(":")
            defined = (
                name in words or name.startswith("@") or (colon and (prefix in words or rest[:2] == "//"))
            )
            if not defined and not words:
                raise Unreadable(
                    "the file",
                    "holds no ODRL policy: it names no context",
                    "if it is ODRL, add the context http://www.w3.org/ns/odrl.jsonld",
                )
            if not defined:
                near = difflib.get_close_matches(name, sorted(words), n=1)
                hint = f'did you mean "{near[0]}"?' if near else "remove it, or define it in the context"
                raise Unreadable(f'"{name}"', "is a name that no context defines", hint)
            _check_words(content, words)
