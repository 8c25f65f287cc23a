"""What a handler may ask for by the name of its parameter. ``app.py`` offers these to every door:

* ``desk: TheDesk``: the house, for any act;
* ``visitor: TheVisitor``: who is signed in, or None;
* ``who: Staff``: a member of a publisher's staff. Without a sign-in the answer is the sign-in page (or 401), so
  a handler that takes ``who`` is closed to everybody else; ``who.must_be("officer")`` asks for a role;
* ``form: Posted``: the form that was posted;
* ``address``: where the asker comes from, for the doors that count.

The types are ``NamedDependency[...]`` of litestar; the JSON door spells them out.

Whose register it is about: the path's ``{publisher}`` if it has one, else ``?publisher=``, else the one
chosen on the account page, else the first that the person works for. Membership is checked in each case.
"""

from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from ledger.desk.context import Desk, Who
from ledger.desk.house.signing_in import SignedIn, SignInNeeded, signed_in
from ledger.desk.refusals import NotFound
from ledger.web.forms import Form, read_pairs
from ledger.web.security import Security, sent_form

PUBLISHER_COOKIE = "ledger-publisher"
AnyRequest = Request[Any, Any, Any]
TheDesk = NamedDependency[Desk]
TheVisitor = NamedDependency[SignedIn | None]
Staff = NamedDependency[Who]
Posted = NamedDependency[Form]


def provide_desk(request: AnyRequest) -> Desk:
    """The house."""
    desk: Desk = request.app.state.desk
    return desk


def sign_in_token(request: AnyRequest) -> str | None:
    """The token a request proves itself with: ``Authorization: Bearer`` if that is sent, else the cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()[:128] or None
    security: Security = request.app.state.security
    return security.session_cookie(request)


def provide_visitor(request: AnyRequest, desk: TheDesk) -> SignedIn | None:
    """Who is signed in."""
    token = sign_in_token(request)
    return signed_in(desk, token) if token else None


def provide_who(request: AnyRequest, visitor: TheVisitor) -> Who:
    """The member of staff, at the publisher the request is about. Raises ``SignInNeeded`` or ``NotFound``."""
    if visitor is None:
        raise SignInNeeded("Sign in to go on.")
    named = request.path_params.get("publisher") or request.query_params.get("publisher")
    if named:
        return visitor.at(str(named))
    try:
        return visitor.at(request.cookies.get(PUBLISHER_COOKIE))
    except NotFound:  # chosen once, left since
        return visitor.at()


async def provide_form(request: AnyRequest) -> Form:
    """The form that was posted; empty if the body is none."""
    return read_pairs((await sent_form(request)).multi_items())


def client_ip(request: AnyRequest) -> str:
    """Whom to count attempts of: the reader's address; behind our own proxy the last entry of ``X-Forwarded-For``,
    which it wrote. Of an IPv6 address the first 64 bits: who has one has all 2^64 of its network (RFC 4291, 2.5.4).
    """
    address = request.client.host if request.client else "unknown"
    if request.app.state.settings.behind_proxy:
        lines = request.headers.getall("x-forwarded-for", [])  # a proxy may add a line of its own instead
        address = (lines[-1] if lines else "").rpartition(",")[2].strip()[:64] or address
    try:
        parsed = ip_address(address.strip("[]"))
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed) >> 64 << 64, 64)))


DEPENDENCIES = {
    "desk": Provide(provide_desk, sync_to_thread=False),
    "visitor": Provide(provide_visitor, sync_to_thread=True),
    "who": Provide(provide_who, sync_to_thread=False),
    "form": Provide(provide_form),
    "address": Provide(client_ip, sync_to_thread=False),
}
