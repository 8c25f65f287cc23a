"""An administrator's page: the people of one's publisher and what each may do."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field

from ledger.desk.context import Desk, Who
from ledger.desk.house import people
from ledger.desk.refusals import BadInput, Clash, Refusal
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.forms import Form, check
from ledger.web.pages import page


class NewPerson(BaseModel):
    """The form that lets somebody in."""

    name: str = Field(title="name", max_length=200)
    email: str = Field(title="email address", max_length=254)
    roles: frozenset[str] = Field(title="role")


def _people_page(request: AnyRequest, desk: Desk, who: Who, form: Form, status: int = 200) -> Response[str]:
    values = {"staff": people.staff(desk, who), "roles": people.ROLES, "form": form, "who": who}
    return page(request, "signing_in/people.html", status, **values)


@get("/desk/people", sync_to_thread=True)
def staff_list(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """Who is on the staff; administrators only."""
    who.must_be("admin")
    return _people_page(request, desk, who, Form())


@post("/desk/people", status_code=200, sync_to_thread=True)
def let_in(request: AnyRequest, desk: TheDesk, who: Staff, form: Posted) -> Response[Any]:
    """Give a person roles here. They come in by a link in the mail and may then set a password."""
    who.must_be("admin")
    given = check(form, NewPerson)
    if given is None:
        return _people_page(request, desk, who, form, 422)
    try:
        people.add_person(
            desk, who.publisher_id, email=given.email, name=given.name, roles=given.roles, by=who
        )
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _people_page(request, desk, who, form, refusal.status)
    except Clash as refusal:
        form.errors[""] = refusal.message
        return _people_page(request, desk, who, form, refusal.status)
    return Redirect("/desk/people", status_code=303)


@post("/desk/people/{person:str}", status_code=200, sync_to_thread=True)
def change_roles(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, person: FromPath[str]
) -> Response[Any]:
    """Change what a person may do here; with no role left, they are off the staff."""
    roles = frozenset(form.values("roles"))
    return _act(request, desk, who, form, lambda: people.change_roles(desk, who, person, roles))


def _act(request: AnyRequest, desk: Desk, who: Who, form: Form, act: Callable[[], None]) -> Response[Any]:
    who.must_be("admin")
    try:
        act()
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        form.errors[""] = refusal.message
        return _people_page(request, desk, who, form, refusal.status)
    return Redirect("/desk/people", status_code=303)


@post("/desk/people/{person:str}/disable", status_code=200, sync_to_thread=True)
def disable(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, person: FromPath[str]
) -> Response[Any]:
    """Shut a person out at once; their roles are kept for the day they are let in again."""
    return _act(request, desk, who, form, lambda: people.disable(desk, who.publisher_id, person, who))


@post("/desk/people/{person:str}/enable", status_code=200, sync_to_thread=True)
def enable(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, person: FromPath[str]
) -> Response[Any]:
    """Let a person in again who was shut out."""
    return _act(request, desk, who, form, lambda: people.enable(desk, who.publisher_id, person, who))


handlers = [staff_list, let_in, change_roles, disable, enable]
