"""The pages for coming in and going out: sign-in, the link in the mail, the account, the first run."""

import hmac
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field

from ledger.desk.context import Who
from ledger.desk.house import people, signing_in
from ledger.desk.house.signing_in import SignedIn, SignInNeeded
from ledger.desk.refusals import BadInput, NotAllowed, NotFound, Refusal
from ledger.web.context import PUBLISHER_COOKIE, AnyRequest, Posted, TheDesk, TheVisitor, client_ip
from ledger.web.forms import Form, check
from ledger.web.pages import page
from ledger.web.security import Security


class PasswordSignIn(BaseModel):
    """The sign-in form."""

    email: str = Field(title="email address", max_length=254)
    password: str = Field(title="password", max_length=1000)
    next: str | None = None


class LinkWanted(BaseModel):
    """The form that asks for a link by mail."""

    email: str = Field(title="email address", max_length=254)
    next: str | None = None


class FirstRun(BaseModel):
    """The form that opens a new house."""

    publisher_name: str = Field(title="name of the publisher", max_length=200)
    publisher_slug: str = Field(title="short name", max_length=40)
    permissions_email: str = Field(title="permissions address", max_length=254)
    name: str = Field(title="your name", max_length=200)
    email: str = Field(title="email address", max_length=254)
    password: str = Field(title="password", max_length=1000)
    again: str = Field(title="password, typed again", max_length=1000)


def _security(request: AnyRequest) -> Security:
    security: Security = request.app.state.security
    return security


def _come_in(request: AnyRequest, token: str, target: str | None) -> Response[Any]:
    """Go on to ``target`` with a fresh sign-in; the form cookie of the stranger from before goes."""
    security = _security(request)
    gone = [cookie for cookie in security.signed_out() if cookie.key == security.form_name]
    fresh = security.signed_in(token, int(signing_in.SIGN_IN_LASTS.total_seconds()))
    path = signing_in.local_path(target) or "/desk"
    return Redirect(path, status_code=303, cookies=[fresh, *gone])


def _sign_in_page(request: AnyRequest, form: Form, status: int = 200) -> Response[str]:
    return page(request, "signing_in/sign_in.html", status, form=form)


@get("/sign-in", sync_to_thread=False)
def sign_in_form(request: AnyRequest) -> Response[str]:
    """The sign-in page; ``?next=`` is where to go on to."""
    target = signing_in.local_path(request.query_params.get("next"))
    return _sign_in_page(request, Form.filled({"next": target or ""}))


@post("/sign-in", status_code=200, sync_to_thread=True)
def sign_in(request: AnyRequest, desk: TheDesk, form: Posted) -> Response[Any]:
    """Sign in by password."""
    given = check(form, PasswordSignIn)
    if given is None:
        return _sign_in_page(request, form, 422)
    old = _security(request).session_cookie(request)
    try:
        token = signing_in.sign_in_with_password(desk, given.email, given.password, client_ip(request), old)
    except signing_in.WrongPassword as refusal:
        form.errors["password"] = refusal.message
        return _sign_in_page(request, form, refusal.status)
    return _come_in(request, token, given.next)


@post("/sign-in/link", status_code=200, sync_to_thread=True)
def ask_for_link(request: AnyRequest, desk: TheDesk, form: Posted) -> Response[str]:
    """Have a link mailed. The answer is the same for known and unknown addresses."""
    given = check(form, LinkWanted)
    if given is None:
        form.errors = {f"link-{name}": message for name, message in form.errors.items()}
        return _sign_in_page(request, form, 422)
    enqueue = request.app.state.enqueue
    signing_in.ask_for_link(desk, given.email, client_ip(request), given.next, enqueue)
    return page(request, "signing_in/link_sent.html", email=given.email.strip())


@get("/sign-in/link/{token:str}", sync_to_thread=True)
def link_page(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[str]:
    """What the link in the mail opens: a button. Opening it signs nobody in: mail scanners open links."""
    email = signing_in.look_at_link(desk, token)
    if email is None:
        raise NotFound("This link has been used or is too old. Ask for a new one on the sign-in page.")
    return page(request, "signing_in/link.html", email=email)


@post("/sign-in/link/{token:str}", sync_to_thread=True)
def use_link(request: AnyRequest, desk: TheDesk, token: FromPath[str]) -> Response[Any]:
    """Sign in by the link; it works once."""
    fresh, target = signing_in.use_link(desk, token, _security(request).session_cookie(request))
    return _come_in(request, fresh, target)


@post("/sign-out", sync_to_thread=True)
def sign_out(request: AnyRequest, desk: TheDesk) -> Response[Any]:
    """End the sign-in here and in the house."""
    token = _security(request).session_cookie(request)
    if token is not None:
        signing_in.sign_out(desk, token)
    response = Redirect("/", status_code=303, cookies=_security(request).signed_out())
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _needed(visitor: SignedIn | None) -> SignedIn:
    if visitor is None:
        raise SignInNeeded("Sign in to see your account.")
    return visitor


def _account_page(request: AnyRequest, visitor: SignedIn, form: Form, status: int = 200) -> Response[str]:
    chosen = request.cookies.get(PUBLISHER_COOKIE)
    slugs = [post.publisher_slug for post in visitor.posts]
    here = chosen if chosen in slugs else next(iter(slugs), None)
    values = {
        "visitor": visitor,
        "here": here,
        "roles": people.ROLES,
        "saved": "saved" in request.query_params,
    }
    response = page(request, "signing_in/account.html", status, form=form, **values)
    response.headers["Cache-Control"] = "no-store"
    return response


@get("/account", sync_to_thread=False)
def account(request: AnyRequest, visitor: TheVisitor) -> Response[str]:
    """One's own account: publishers, roles, password."""
    return _account_page(request, _needed(visitor), Form())


@post("/account/password", status_code=200, sync_to_thread=True)
def set_password(request: AnyRequest, desk: TheDesk, form: Posted, visitor: TheVisitor) -> Response[Any]:
    """Set a password. Every other sign-in ends; this browser gets a fresh one."""
    person = _needed(visitor)
    try:
        token = people.set_password(desk, person, form.value("password"), form.value("again"))
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _account_page(request, person, form, refusal.status)
    return _come_in(request, token, "/account?saved")


@post("/account/publisher", sync_to_thread=False)
def choose_publisher(request: AnyRequest, form: Posted, visitor: TheVisitor) -> Response[Any]:
    """Choose the publisher one works for in this browser."""
    who: Who = _needed(visitor).at(form.value("publisher"))
    cookie = Cookie(
        PUBLISHER_COOKIE,
        value=who.publisher_slug,
        path="/",
        max_age=31_536_000,
        httponly=True,
        samesite="lax",
        secure=_security(request).secure,
    )
    return Redirect("/desk", status_code=303, cookies=[cookie])


@post("/account/sign-out-everywhere", sync_to_thread=True)
def sign_out_everywhere(request: AnyRequest, desk: TheDesk, visitor: TheVisitor) -> Response[Any]:
    """End every sign-in of one's own, this one too."""
    signing_in.sign_out_everywhere(desk, _needed(visitor).person_id)
    return Redirect("/sign-in", status_code=303, cookies=_security(request).signed_out())


def _set_up_page(request: AnyRequest, form: Form, status: int = 200) -> Response[str]:
    settings = request.app.state.settings
    wants_code = not settings.is_local
    if wants_code:
        settings.set_up_code()  # made now, so that it lies there when the reader goes to look
    return page(request, "signing_in/set_up.html", status, form=form, wants_code=wants_code)


@get("/set-up", sync_to_thread=True)
def set_up_form(request: AnyRequest, desk: TheDesk) -> Response[str]:
    """The first-run page; gone once anybody can sign in."""
    if not people.needs_first_run(desk):
        raise NotFound("This house has been set up already. Sign in instead.")
    return _set_up_page(request, Form())


@post("/set-up", status_code=200, sync_to_thread=True)
def set_up(request: AnyRequest, desk: TheDesk, form: Posted) -> Response[Any]:
    """Open the house. Where readers come from elsewhere, it asks for the code kept on the server."""
    given = check(form, FirstRun)
    if given is None:
        return _set_up_page(request, form, 422)
    try:
        _check_code(request, form)
        token = people.first_run(desk, **given.model_dump())
    except NotAllowed:
        raise
    except Refusal as refusal:
        fields = FirstRun.model_fields.keys() | {"code"}
        known = refusal.errors if isinstance(refusal, BadInput) else {refusal.field or "": refusal.message}
        renamed = {"slug": "publisher_slug"}
        form.errors.update({renamed.get(key, key): text for key, text in known.items()})
        form.errors = {key if key in fields else "": text for key, text in form.errors.items()}
        return _set_up_page(request, form, refusal.status)
    return _come_in(request, token, "/desk")


def _check_code(request: AnyRequest, form: Posted) -> None:
    settings = request.app.state.settings
    if settings.is_local:
        return
    if not hmac.compare_digest(settings.set_up_code().encode(), form.value("code").strip().encode()):
        raise BadInput({"code": "This is not the code in the file keys/set-up-code of the data folder."})


handlers = [
    sign_in_form,
    sign_in,
    ask_for_link,
    link_page,
    use_link,
    sign_out,
    account,
    set_password,
    choose_publisher,
    sign_out_everywhere,
    set_up_form,
    set_up,
]
