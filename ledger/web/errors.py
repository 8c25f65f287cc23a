"""The one place where something that went wrong becomes an answer.

A browser gets a page, a program gets ``application/problem+json`` (RFC 9457): whoever asks under ``/api`` or
prefers JSON. The page reads no session and no database, since those may be what is broken. Headers that come
with the error (``Retry-After``, ``Allow``, ``WWW-Authenticate``) are passed on. Nothing of a request's body,
cookies or query is logged.
"""

import logging
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect

from ledger.desk.house.signing_in import SignInNeeded
from ledger.desk.refusals import BadInput, Refusal, TooMany
from ledger.ids import new_id
from ledger.records.failures import RecordsUnavailable, Stale
from ledger.records.journal_keeper import JournalError
from ledger.web.pages import Pages
from ledger.web.reader_language import reader_language
from ledger.web.tongues import N_, Tongue, tongue

log = logging.getLogger("ledger.web")

TITLES = {
    400: N_("This cannot be read"),
    401: N_("Sign in first"),
    403: N_("This is not allowed"),
    404: N_("There is nothing here"),
    405: N_("This cannot be done here"),
    409: N_("Somebody else was first"),
    413: N_("This is too large"),
    415: N_("This kind of content is not taken here"),
    422: N_("Something has to be put right"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
    503: N_("Out of order for the moment"),
}
_WORDS = {
    404: N_("Check the address. If a link brought you here, it is wrong or too old."),
    405: N_(
        "The address is right, but it does not take what was sent. Go back and use the page's own buttons."
    ),
    413: N_("Send something smaller: 25 MB in all is the most."),
    500: N_(
        "Nothing was written. Try again; if it happens again, tell whoever runs this site the number below."
    ),
}
_TRANSLATED = ("/verify", "/owner/", "/requests/", "/confirm/")
"""Where people from outside come by a link; the other pages are in English, and so are their errors."""
_JOURNAL = (
    "The journal of this publisher and the records do not agree, so nothing is written until whoever runs this site "
    "has looked: `ledger verify` says what is wrong."
)
MAX_BODY = 25 * 1024 * 1024
"""The largest body taken, in bytes."""

Problem = tuple[int, str, dict[str, str], dict[str, str]]
"""Status, one line on what is wrong, the headers to send, and the wrong fields with a line for each."""


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer to any exception that a handler, a guard or the router let out."""
    status, detail, headers, fields = problem_of(error)
    number = _log(request, error) if status >= 500 else None
    as_json = wants_json(request)
    if isinstance(error, SignInNeeded) and not as_json and request.method == "GET":
        return _to_sign_in(request)
    try:
        if as_json:
            return _problem_json(request, status, detail, headers, fields, number)
        return _error_page(request, status, detail, headers, fields, number)
    except Exception:
        log.exception("The error page itself failed")
        return Response("Something went wrong on our side.", media_type="text/plain", status_code=500)


def problem_of(error: Exception) -> Problem:
    """What an exception means to whoever asked. What is not foreseen is a 500 that tells nothing."""
    match error:
        case BadInput():
            return error.status, error.message, {}, error.errors
        case TooMany():
            return error.status, error.message, {"Retry-After": str(error.retry_after)}, {}
        case SignInNeeded():
            return error.status, error.message, {"WWW-Authenticate": "Bearer"}, {}
        case Refusal():
            return error.status, error.message, {}, {error.field: error.message} if error.field else {}
        case Stale():
            return 409, str(error), {}, {}
        case RecordsUnavailable():
            return 503, str(error), {"Retry-After": "5"}, {}
        case JournalError():  # its own words are for whoever runs the site: they are in the log
            return 503, _JOURNAL, {}, {}
        case ValidationException():
            return 400, "The request does not have the shape this address takes.", {}, _fields(error)
        case HTTPException() if error.status_code < 500:
            detail = _WORDS.get(error.status_code) or error.detail
            return error.status_code, detail, dict(error.headers or {}), {}
        case _:
            return 500, _WORDS[500], {}, {}


def _fields(error: ValidationException) -> dict[str, str]:
    rows = error.extra if isinstance(error.extra, list) else []
    return {str(row["key"]): str(row["message"]) for row in rows if isinstance(row, dict) and "key" in row}


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether the asker is a program: it is under ``/api``, or takes JSON and no HTML."""
    if request.url.path.startswith("/api/"):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


def _to_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("hx-request"):  # a part of a page: the whole page has to go
        return Response("", media_type="text/html", status_code=401, headers={"HX-Redirect": "/sign-in"})
    return Redirect(f"/sign-in?next={quote(wanted, safe='/')}", status_code=303)


def _log(request: Request[Any, Any, Any], error: Exception) -> str:
    """Log the error with a number the reader is shown; method and path only, for the rest may be secret."""
    number = new_id("er")
    route = request.scope.get("path_template") or "no route"
    log.error("%s %s %s", number, request.method, route, exc_info=error)
    return number


def _problem_json(
    request: Request[Any, Any, Any],
    status: int,
    detail: str,
    headers: dict[str, str],
    fields: dict[str, str],
    number: str | None,
) -> Response[Any]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
        "instance": request.url.path,
    }
    if fields:
        body["errors"] = [{"field": name, "message": message} for name, message in fields.items()]
    if number:
        body["number"] = number
    return Response(body, media_type="application/problem+json", status_code=status, headers=headers)


def _error_page(
    request: Request[Any, Any, Any],
    status: int,
    detail: str,
    headers: dict[str, str],
    fields: dict[str, str],
    number: str | None,
) -> Response[Any]:
    pages: Pages = request.app.state.pages
    title = TITLES.get(status, "Refused")
    others = [message for message in fields.values() if message != detail]
    spoken = _tongue(request, [title, detail, *others])
    text = (
        pages.environments[spoken.language]
        .get_template("errors/error.html")
        .render(
            status=status,
            title=spoken.say(title),
            detail=spoken.again(detail),
            others=[spoken.again(message) for message in others],
            number=number,
            path=request.url.path,
            signed_in=request.app.state.security.session_cookie(request) is not None,
        )
    )
    return Response(
        text,
        media_type="text/html",
        status_code=status,
        headers={**headers, "Cache-Control": "no-store"},
    )


def _tongue(request: Request[Any, Any, Any], messages: list[str]) -> Tongue:
    """The reader's, if all that is to be said can be said in it; else English."""
    if not request.url.path.startswith(_TRANSLATED):
        return tongue("en")
    spoken = tongue(reader_language(request))
    return spoken if all(spoken.knows(message) for message in messages) else tongue("en")
