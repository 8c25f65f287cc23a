"""What keeps other people's pages from acting in a reader's name, and the headers every answer carries.

Three checks stand before every unsafe method (POST, PUT, PATCH, DELETE), whoever asks:

* ``Sec-Fetch-Site``, where the browser sends it, must say same-origin or none (W3C Fetch Metadata);
* ``Origin``, where sent, must be this site (RFC 6454);
* a token must come back in the form or in ``X-CSRF-Token``: an HMAC over the reader's own cookie. For the
  signed-in that is the session cookie, so that a token from another browser or an earlier session is
  worthless; for everybody else a random ``-form`` cookie (a signed double submit).

A request that proves itself with ``Authorization: Bearer`` uses no cookie, so there is nothing to forge.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, FormMultiDict
from litestar.exceptions import ClientException, HTTPException, NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from ledger.settings import LOOPBACK

CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_FIELDS = 5_000
"""Fields of one form. A body of a million empty ones would keep the process busy for seconds before anybody is
asked for a token (the parts of a multipart form are counted by the framework)."""

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",  # no-referrer would turn the Origin of our own forms into "null"
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
"""Sent with every answer unless the answer brings its own (a snapshot in a sandbox, say)."""

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass
class FormToken:
    """The token for one page. ``new_cookie`` must go out with that page if the token was spelled."""

    secret: bytes
    bound_to: str | None
    cookie_name: str
    secure: bool
    new_cookie: Cookie | None = None

    def spell(self) -> str:
        """The token, as hex. Gives a reader without any cookie a random one to bind it to."""
        if self.bound_to is None:
            self.bound_to = secrets.token_urlsafe(32)
            self.new_cookie = _cookie(self.cookie_name, self.bound_to, self.secure)
        return _sign(self.secret, self.bound_to)


@dataclass(frozen=True)
class Security:
    """The house's cookies and tokens. ``secret``: 32 random bytes; ``base_url``: where readers find it."""

    secret: bytes = field(repr=False)
    base_url: str

    @property
    def secure(self) -> bool:
        """Whether cookies demand TLS: always, but for the default house on this very machine."""
        return self.base_url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port of the house, as a browser's ``Origin`` spells them."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def session_name(self) -> str:
        """``__Host-`` ties a cookie to this very host and to TLS (RFC 6265bis, 4.1.3.2)."""
        return "__Host-ledger" if self.secure else "ledger"

    @property
    def form_name(self) -> str:
        """The cookie that a form's token of a reader who has not signed in is bound to."""
        return f"{self.session_name}-form"

    def session_cookie(self, connection: Connection) -> str | None:
        """The sign-in token in the reader's cookie, unchecked; none for an absurdly long one."""
        value = connection.cookies.get(self.session_name)
        return value if value and len(value) <= 128 else None

    def signed_in(self, token: str, seconds: int) -> Cookie:
        """The cookie that carries a fresh sign-in for ``seconds``."""
        return _cookie(self.session_name, token, self.secure, seconds)

    def signed_out(self) -> list[Cookie]:
        """The cookies that take the sign-in, and the form token's binding, out of the browser."""
        return [_cookie(name, "", self.secure, 0) for name in (self.session_name, self.form_name)]

    def token_for(self, connection: Connection) -> FormToken:
        """The token a form on the answer to ``connection`` must carry."""
        return FormToken(self.secret, self._binding(connection), self.form_name, self.secure)

    def _binding(self, connection: Connection) -> str | None:
        return self.session_cookie(connection) or connection.cookies.get(self.form_name) or None

    def holds(self, connection: Connection, token: str) -> bool:
        """Whether ``token`` was made for the very browser that sends it."""
        bound_to = self._binding(connection)
        return bound_to is not None and hmac.compare_digest(
            _sign(self.secret, bound_to).encode(), token.encode("utf-8", "replace")
        )

    def is_from_here(self, connection: Connection) -> bool:
        """Whether the browser says that one of our own pages sent this."""
        if connection.headers.get("sec-fetch-site", "none").lower() not in {"same-origin", "none"}:
            return False
        origin = connection.headers.get("origin")
        return origin is None or origin.lower() in self._origins

    @property
    def _origins(self) -> set[str]:
        """Our own origins: never what ``Host`` says, for another site's name may be made to lead here (DNS
        rebinding). On this machine its several names are one."""
        parts = urlsplit(self.origin)
        if parts.hostname not in LOOPBACK:
            return {self.origin}
        port = f":{parts.port}" if parts.port else ""
        names = ("127.0.0.1", "localhost", "[::1]")
        return {f"{parts.scheme}://{name}{port}" for name in names}


def _sign(secret: bytes, bound_to: str) -> str:
    return hmac.new(secret, b"form\0" + bound_to.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _cookie(name: str, value: str, secure: bool, seconds: int | None = None) -> Cookie:
    return Cookie(name, value=value, path="/", max_age=seconds, secure=secure, httponly=True, samesite="lax")


async def refuse_forgery(connection: Connection, _handler: BaseRouteHandler) -> None:
    """The guard of the whole application: guards add up, so no route can take it off. Raises 403, and 404 for an
    address with a NUL in it, which stands for nothing here and which PostgreSQL would not even be asked for."""
    _refuse_nul(connection)
    method = connection.scope.get("method", "GET")
    if method in SAFE_METHODS or _is_bearer(connection):
        return
    security: Security = connection.app.state.security
    if not security.is_from_here(connection):
        raise PermissionDeniedException(
            f"This was sent from another site. Open the page at {security.origin} and send it from there."
        )
    if _is_plain_json(connection) and security.session_cookie(connection) is None:
        return  # no cookie, so nobody's standing is used; and CORS stops other sites' JSON
    token = connection.headers.get(CSRF_HEADER) or await _token_in_form(connection)
    if not security.holds(connection, token):
        raise PermissionDeniedException(
            "This form was open too long, or cookies are blocked. Go back, reload the page and send it again."
        )


def _refuse_nul(connection: Connection) -> None:
    if "\0" in connection.scope["path"]:
        raise NotFoundException


def _is_bearer(connection: Connection) -> bool:
    return connection.headers.get("authorization", "").lower().startswith("bearer ")


def _is_plain_json(connection: Connection) -> bool:
    content_type = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    return connection.url.path.startswith("/api/") and content_type == "application/json"


async def _token_in_form(connection: Connection) -> str:
    if not isinstance(connection, Request):
        return ""
    if not connection.headers.get("content-type", "").lower().startswith(_FORM_TYPES):
        return ""
    token = (await sent_form(connection)).get(CSRF_FIELD)  # parsed once; the handler gets the same form
    return token if isinstance(token, str) else ""


async def sent_form(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The form that was sent, empty where the body is none. Raises 400 for one that cannot be taken apart."""
    content_type = request.headers.get("content-type", "").lower()
    if content_type.startswith(_FORM_TYPES[0]) and (await request.body()).count(b"&") >= MAX_FIELDS:
        raise ClientException(f"A form of this site has at most {MAX_FIELDS:,} fields; send less at once.")
    try:
        return await request.form()
    except HTTPException:
        raise
    except (ValueError, LookupError) as error:  # bytes that are no text, a charset that does not exist
        raise ClientException(
            "The form cannot be read. Go back, reload the page and send it again."
        ) from error


_ENCODED = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_TLS_ONLY = (b"strict-transport-security", b"max-age=31536000")


def headers_of_every_answer(security: Security) -> tuple[tuple[bytes, bytes], ...]:
    """What ``harden`` adds, for an answer that does not pass through it."""
    return (*_ENCODED, _TLS_ONLY) if security.secure else tuple(_ENCODED)


async def harden(message: Message, scope: Scope) -> None:
    """A ``before_send`` hook: the headers of ``HEADERS`` on every answer, errors and files included."""
    if message["type"] != "http.response.start":
        return
    headers = list(message.get("headers", ()))
    present = {name.lower() for name, _ in headers}
    headers += [pair for pair in _ENCODED if pair[0] not in present]
    if scope["litestar_app"].state.security.secure:
        headers.append(_TLS_ONLY)
    message["headers"] = headers
