"""Which language a page is answered in.

In this order: what the reader chose at the foot of a page (``?lang=``, kept in a cookie), the language of the matter
in hand (a letter, a request), what the browser asks for (``Accept-Language``, RFC 9110, 12.5.4), English.
"""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.datastructures import Cookie

from ledger.mail import nearest
from ledger.web.tongues import LANGUAGES

PARAMETER = "lang"
COOKIE = "ledger-language"
_KEPT_SECONDS = 180 * 24 * 3600
_MOST_ACCEPTED = 20
"""Entries of ``Accept-Language`` that are looked at; browsers send a handful."""

AnyRequest = Request[Any, Any, Any]
Switch = list[tuple[str, str, str]]
"""Tag, own name and address of the same page in each language."""


def reader_language(request: AnyRequest, matter: str | None = None) -> str:
    """One of ``LANGUAGES``. ``matter``: the BCP 47 tag of what the page is about, if it has one."""
    chosen = _chosen(request) or request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    of_matter = nearest(matter) if matter else None
    return of_matter or _accepted(request.headers.get("accept-language", "")) or "en"


def _chosen(request: AnyRequest) -> str | None:
    chosen = request.query_params.get(PARAMETER)
    return chosen if chosen in LANGUAGES else None


def _accepted(header: str) -> str | None:
    """The first language we speak among those that ``header`` names, by their weight."""
    ranked: list[tuple[float, str]] = []
    for entry in header.split(",")[:_MOST_ACCEPTED]:
        tag, _, weight = entry.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if quality > 0 and nearest(tag.strip()):
            ranked.append((-quality, tag.strip()))
    return nearest(min(ranked, key=lambda each: each[0])[1]) if ranked else None


def switch(request: AnyRequest) -> Switch:
    """The same page in each language; nothing for a form that came back, where going on would lose what was typed."""
    if request.method not in ("GET", "HEAD"):
        return []
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != PARAMETER]
    return [(tag, name, f"?{urlencode([*rest, (PARAMETER, tag)])}") for tag, name in LANGUAGES.items()]


def remember(request: AnyRequest, response: Response[Any], secure: bool) -> None:
    """Keep the choice that the reader just made, and tell caches what the page depends on."""
    response.headers["Vary"] = "Accept-Language, Cookie"
    chosen = _chosen(request)
    if chosen and request.method in ("GET", "HEAD"):
        response.set_cookie(
            Cookie(COOKIE, value=chosen, max_age=_KEPT_SECONDS, samesite="lax", httponly=True, secure=secure)
        )
