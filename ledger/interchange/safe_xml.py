"""XML from a stranger to a small tree: no document type, no entity, no network, bounded size and depth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from ledger.interchange.errors import Unreadable

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


@dataclass
class Element:
    """``name`` is "namespace local"; ``line`` is where it stands."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)


def parse(data: bytes) -> Element:
    """The root element. Raises Unreadable with the line."""
    if len(data) > MAX_BYTES:
        raise Unreadable("the file", f"is {len(data):,} bytes", f"the most is {MAX_BYTES:,}: split it")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset}"
        problem = expat.errors.messages[error.code] if error.code in expat.errors.messages else str(error)
        raise Unreadable(place, f"is not well-formed XML ({problem})", "correct it there") from error
    except (ValueError, LookupError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("the file", "has an encoding that is not read", "save it as UTF-8") from error
    if reader.root is None:
        raise Unreadable("the file", "has no element", "it should start with <rsl>")
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = Element(name=name, attributes=attributes, line=self.parser.CurrentLineNumber)
        if len(self.open) >= MAX_DEPTH:
            raise Unreadable(
                f"line {element.line}", "is nested too deeply", f"the most is {MAX_DEPTH} levels"
            )
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _doctype(self, *_: object) -> NoReturn:
        line = self.parser.CurrentLineNumber
        raise Unreadable(
            f"line {line}", "has a document type", "remove <!DOCTYPE ...>: entities are not read"
        )
