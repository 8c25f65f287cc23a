"""A publisher's own settings: its details, the look and wording of its letters, how it is paid, its keys."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field

from ledger.desk.context import Desk, Who
from ledger.desk.house.keys import public_keys
from ledger.desk.house.publishers import own_publisher, set_payment, update_publisher
from ledger.desk.letters import letterhead
from ledger.desk.refusals import BadInput
from ledger.letters.language import LANGUAGES
from ledger.letters.wording import PLACEHOLDERS
from ledger.mail import LANGUAGES as MAIL_LANGUAGES
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.forms import Form, check
from ledger.web.pages import page
from ledger.web.public.questions import countries
from ledger.web.words import language_name

EVERYBODY = frozenset({"admin", "officer", "editor"})
SECTIONS = (
    ("Publisher", "/desk/settings", EVERYBODY),
    ("Letterhead", "/desk/settings/letterhead", EVERYBODY),
    ("Own wording", "/desk/settings/wording", EVERYBODY),
    ("Tariff", "/desk/settings/tariff", EVERYBODY),
    ("Payment", "/desk/settings/payment", EVERYBODY),
    ("Keys", "/desk/settings/keys", EVERYBODY),
    ("People", "/desk/people", frozenset({"admin"})),
    ("Mail", "/desk/mails", frozenset({"officer", "admin"})),
)
"""The way to each section, for those who are let in there. The acts themselves check the roles."""
PLACEHOLDER_WORDS = {
    "holder": "who holds the rights",
    "title": "the title of the piece",
    "author": "its author",
    "licensee": "to whom the letter is made out",
    "publisher": "your own name",
    "number": "the number of the letter",
    "date": "its date",
    "url": "the address of the piece",
    "credit_line": "the credit line of the grant",
    "fee": "the fee of the grant",
    "term": "for how long it holds",
    "territory": "where it holds",
}


class Details(BaseModel):
    """The publisher's entry."""

    name: str = Field(title="name", max_length=200)
    legal_name: str = Field(title="legal name", max_length=200)
    permissions_email: str = Field(title="permissions address", max_length=254)
    url: str | None = Field(None, title="site", max_length=500)
    country: str | None = Field(None, title="country", max_length=2)
    language: str = Field(title="language", max_length=35)
    address: str | None = Field(None, title="postal address", max_length=1_000)
    signatory: str | None = Field(None, title="signatory", max_length=200)


def show(
    request: AnyRequest, who: Who, template: str, form: Form, status: int = 200, **values: Any
) -> Response[str]:
    """One section of the settings, with the way to the others."""
    here = request.url.path
    values |= {
        "sections": sections(who, here),
        "form": form,
        "may_change": bool(who.roles & {"admin", "officer"}),
        "saved": "saved" in request.query_params,
    }
    return page(request, f"desk/settings_{template}.html", status, who=who, **values)


def sections(who: Who, here: str) -> list[tuple[str, str, bool]]:
    """(label, address, whether one is there) of the sections that ``who`` may open."""
    return [(label, address, address == here) for label, address, roles in SECTIONS if roles & who.roles]


def saved(path: str) -> Redirect:
    """Back to the section, which says that it was kept."""
    return Redirect(f"{path}?saved", status_code=303)


def _details(
    request: AnyRequest, desk: Desk, who: Who, form: Form | None, status: int = 200
) -> Response[str]:
    row = own_publisher(desk, who.publisher_id)
    given = form or Form.filled({name: getattr(row, name) for name in Details.model_fields})
    languages = [(code, language_name(code)) for code in MAIL_LANGUAGES]
    return show(
        request, who, "details", given, status, publisher=row, countries=countries(), languages=languages
    )


@get("/desk/settings", sync_to_thread=True)
def details(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """Who the publisher is and how it is reached."""
    return _details(request, desk, who, None)


@post("/desk/settings", status_code=200, sync_to_thread=True)
def change_details(request: AnyRequest, desk: TheDesk, who: Staff, form: Posted) -> Response[Any]:
    """Change the publisher's entry."""
    who.must_be("admin", "officer")
    given = check(form, Details)
    if given is None:
        return _details(request, desk, who, form, 422)
    if given.language not in MAIL_LANGUAGES:
        form.errors["language"] = "Choose one of the languages mail is written in."
        return _details(request, desk, who, form, 422)
    try:
        update_publisher(desk, who, **given.model_dump())
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _details(request, desk, who, form, 422)
    return saved("/desk/settings")


def _letterhead(
    request: AnyRequest, desk: Desk, who: Who, form: Form | None = None, status: int = 200
) -> Response[str]:
    row = own_publisher(desk, who.publisher_id)
    return show(request, who, "letterhead", form or Form(), status, publisher=row)


@get("/desk/settings/letterhead", sync_to_thread=True)
def letterhead_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """Logo and signature."""
    return _letterhead(request, desk, who)


@get("/desk/settings/letterhead/{which:str}", sync_to_thread=True)
def picture(desk: TheDesk, who: Staff, which: FromPath[str]) -> Response[bytes]:
    """The picture as letters carry it. A policy of its own keeps an SVG from being more than a picture."""
    found = letterhead.picture(desk, who, which)
    if found is None:
        raise NotFoundException
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.data, media_type=found.media_type, headers=headers)


@post("/desk/settings/letterhead/{which:str}", status_code=200, sync_to_thread=True)
def change_picture(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, which: FromPath[str]
) -> Response[Any]:
    """Put a picture on letters, or take it off."""
    if which not in letterhead.PICTURES:
        raise NotFoundException
    sent = form.file(which)
    try:
        if sent is None and not form.value("remove"):
            raise BadInput({which: "Choose a file first: PNG or SVG."})
        letterhead.set_picture(desk, who, which, sent.file.read() if sent else None)
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _letterhead(request, desk, who, form, 422)
    return saved("/desk/settings/letterhead")


def _wording(
    request: AnyRequest, desk: Desk, who: Who, form: Form | None = None, status: int = 200
) -> Response[str]:
    kept = own_publisher(desk, who.publisher_id).wording or {}
    filled = Form.filled({f"wording.{code}": "\n\n".join(kept.get(code, ())) for code in LANGUAGES})
    languages = [(code, language_name(code), bool(kept.get(code))) for code in LANGUAGES]
    placeholders = [
        (f"{{{name}}}", PLACEHOLDER_WORDS.get(name, name.replace("_", " "))) for name in sorted(PLACEHOLDERS)
    ]
    return show(
        request, who, "wording", form or filled, status, languages=languages, placeholders=placeholders
    )


@get("/desk/settings/wording", sync_to_thread=True)
def wording_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """The publisher's own paragraphs, by language."""
    return _wording(request, desk, who)


@post("/desk/settings/wording", status_code=200, sync_to_thread=True)
def change_wording(request: AnyRequest, desk: TheDesk, who: Staff, form: Posted) -> Response[Any]:
    """Change them all at once."""
    try:
        letterhead.set_wording(desk, who, {code: form.value(f"wording.{code}") for code in LANGUAGES})
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _wording(request, desk, who, form, 422)
    return saved("/desk/settings/wording")


class Payment(BaseModel):
    """How the publisher is paid."""

    instructions: str = Field("", title="how to pay you", max_length=2_000)
    first: bool = False
    days: int = Field(title="days to pay")
    vat_id: str = Field("", title="VAT number", max_length=60)


def _payment(
    request: AnyRequest, desk: Desk, who: Who, form: Form | None = None, status: int = 200
) -> Response[str]:
    row = own_publisher(desk, who.publisher_id)
    kept = {"instructions": row.payment_instructions, "first": row.payment_first, "days": row.payment_days}
    return show(request, who, "payment", form or Form.filled({**kept, "vat_id": row.vat_id}), status)


@get("/desk/settings/payment", sync_to_thread=True)
def payment_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """How the publisher is paid for permissions."""
    return _payment(request, desk, who)


@post("/desk/settings/payment", status_code=200, sync_to_thread=True)
def change_payment(request: AnyRequest, desk: TheDesk, who: Staff, form: Posted) -> Response[Any]:
    """Change it; open invoices show the new words."""
    who.must_be("admin", "officer")
    given = check(form, Payment)
    if given is None:
        return _payment(request, desk, who, form, 422)
    try:
        set_payment(desk, who, **given.model_dump())
    except BadInput as refusal:
        form.errors.update(refusal.errors)
        return _payment(request, desk, who, form, 422)
    return saved("/desk/settings/payment")


@get("/desk/settings/keys", sync_to_thread=True)
def keys_page(request: AnyRequest, desk: TheDesk, who: Staff) -> Response[str]:
    """The keys letters and journal are signed with, and the newest checkpoint."""
    row = own_publisher(desk, who.publisher_id)
    return show(request, who, "keys", Form(), publisher=row, keys=public_keys(desk, row))


handlers = [
    details,
    change_details,
    letterhead_page,
    picture,
    change_picture,
    wording_page,
    change_wording,
    payment_page,
    change_payment,
    keys_page,
]
