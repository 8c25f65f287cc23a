"""The reference of the JSON door, made from the routes themselves and from the reader of uses: it cannot go stale."""

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from markupsafe import Markup, escape

from ledger.rights import use_reader
from ledger.rights.uses import Action, Channel, DigitalChannel, Format
from ledger.web.context import AnyRequest
from ledger.web.pages import page

DOORS = ("/api/", "/journal/")
MEANINGS = {
    "action": ("what is to be done", (*Action,)),
    "channel": ("where it would appear", (*Channel, *DigitalChannel)),
    "formats": ("a list of objects: format, print_run, price, currency, free_distribution", (*Format,)),
    "territory": ("\u201cworld\u201d, or a list of ISO 3166-1 codes", ()),
    "language": ("a BCP 47 tag", ()),
    "urls": ("a list of addresses", ()),
    "components": ("a list of ids of parts of the piece; left out: whatever the portion touches", ()),
    "isbn": ("text; its check digit is checked", ()),
    "issn": ("text; its check digit is checked", ()),
}
OTHER_SPELLINGS = frozenset({"actions", "channels", "format", "print_run", "identifier"})
"""Names the reader takes besides the ones that are listed."""


@dataclass(frozen=True)
class Call:
    """One thing a machine may ask: ``POST /api/answer``."""

    method: str
    path: str
    says: Markup
    is_staff: bool


@get("/help/json", sync_to_thread=False)
def json_page(request: AnyRequest) -> Response[str]:
    """What the JSON door and the journals answer, call by call, and what a use may say."""
    calls = sorted(_calls(request.app.routes), key=lambda call: (call.path, call.method))
    base_url = request.app.state.settings.base_url
    return page(request, "public/help_json.html", calls=calls, facts=list(facts()), base_url=base_url)


def _calls(routes: Iterable[Any]) -> Iterator[Call]:
    for route in routes:
        if not f"{route.path}/".startswith(DOORS):
            continue
        for handler in getattr(route, "route_handlers", None) or [route.route_handler]:
            asked = getattr(
                handler.fn, "func", handler.fn
            )  # a threaded handler is wrapped once it is registered
            says = marked_up(inspect.getdoc(asked) or "")
            is_staff = "who" in inspect.signature(asked).parameters
            for method in sorted(set(getattr(handler, "http_methods", {"GET"})) - {"HEAD", "OPTIONS"}):
                yield Call(method, _plain(route.path_format), says, is_staff)


def _plain(path: str) -> str:
    return path.replace("//", "/") or "/"


def marked_up(text: str) -> Markup:
    """A docstring for readers of a page: paragraphs, and what stands in double backticks as code."""
    paragraphs = (" ".join(each.split()) for each in text.split("\n\n"))
    return Markup("").join(Markup("<p>{}</p>").format(_with_code(each)) for each in paragraphs)


def _with_code(text: str) -> Markup:
    parts = text.split("``")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def facts() -> Iterator[tuple[str, str, list[str]]]:
    """Every fact a use may state: its name, what it is, and its values where they are a list."""
    for name in sorted(set(use_reader.READERS) - OTHER_SPELLINGS):
        if name in MEANINGS:
            meaning, values = MEANINGS[name]
            yield name, meaning, [each.value for each in values]
        elif name in use_reader.ENUMERATED:
            yield name, "one of", [each.value for each in use_reader.ENUMERATED[name]]
        else:
            yield name, _kind_of(name), []


def _kind_of(name: str) -> str:
    if name in use_reader.DATES:
        return "a day, as 2026-11-25"
    if name in use_reader.NUMBERS:
        return "a whole number"
    return "text" if name in use_reader.TEXTS else "true or false"


handlers = [json_page]
