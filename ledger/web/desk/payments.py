"""Payments on the desk: the invoice to print, what arrived, and going on before it does."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from ledger.desk.amounts import minor_units
from ledger.desk.context import Desk, Who
from ledger.desk.refusals import BadInput
from ledger.desk.requests import paying
from ledger.desk.requests.invoicing import invoice_of
from ledger.desk.requests.paying import Received
from ledger.web.context import AnyRequest, Posted, Staff, TheDesk
from ledger.web.desk.dossier import act
from ledger.web.forms import Form
from ledger.web.pages import page


@get("/desk/requests/{request_id:str}/invoice", sync_to_thread=True)
def invoice(request: AnyRequest, desk: TheDesk, who: Staff, request_id: FromPath[str]) -> Response[str]:
    """The invoice as the requester prints it."""
    view = invoice_of(desk, who, request_id)
    return page(request, "public/invoice.html", view=view, back=f"/desk/requests/{request_id}", who=who)


@post("/desk/requests/{request_id:str}/payments", status_code=200, sync_to_thread=True)
def received(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, request_id: FromPath[str]
) -> Response[Any]:
    """Note what arrived."""
    done = lambda: _record(desk, who, request_id, form)  # noqa: E731
    return act(request, desk, who, request_id, form, "received", done)


def _record(desk: Desk, who: Who, request_id: str, form: Form) -> None:
    who.must_be("officer")
    currency = invoice_of(desk, who, request_id).account.invoice.currency
    errors: dict[str, str] = {}
    amount, day = 0, desk.today()
    try:
        amount = minor_units(form.value("amount"), currency)
    except ValueError as error:
        errors["amount"] = str(error)
    try:
        day = date.fromisoformat(form.value("received_on").strip())
    except ValueError:
        errors["received_on"] = "Give the day the money arrived, as 2026-03-31."
    if errors:
        raise BadInput(errors)
    given = Received(amount, currency, day, form.value("reference"), form.value("note"))
    paying.record_payment(desk, who, request_id, given, version=form.version())


@post("/desk/requests/{request_id:str}/payments/waiting", status_code=200, sync_to_thread=True)
def go_on(
    request: AnyRequest, desk: TheDesk, who: Staff, form: Posted, request_id: FromPath[str]
) -> Response[Any]:
    """Decide before the money is there."""
    done = lambda: paying.waive_payment(desk, who, request_id, version=form.version())  # noqa: E731
    return act(request, desk, who, request_id, form, "waiving", done)


handlers = [invoice, received, go_on]
