"""Payments as they arrive: noted by the desk, in part or too much, and asked after when they are late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ledger.desk.amounts import major_units
from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.posting import tell
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests.invoicing import Account, account_of, invoice_words, tick_off_fee
from ledger.desk.requests.moving import move, note
from ledger.desk.requests.opened import open_request
from ledger.ids import new_id
from ledger.records import journal_store
from ledger.records.invoices import (
    add_payment,
    change_invoice,
    invoices_overdue,
    load_payments,
)
from ledger.records.letters import letters_of_request, load_obligations
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import InvoiceRow, PaymentRow, RequestRow
from ledger.records.requests import load_request, update_request
from ledger.records.tenant import Tenant
from ledger.rights.requests import RequestEvent, RequestState

REMIND_EVERY = timedelta(days=14)
MOST_REMINDERS = 2
MAX_AMOUNT = 10**12
"""The largest payment taken, in minor units: more is a slip of the pen."""


@dataclass(frozen=True)
class Received:
    """Money that came in: minor units, ISO 4217 code, day; the bank's reference and a note of one's own.

    Below zero it was paid back.
    """

    amount: int
    currency: str
    on: date
    reference: str = ""
    note: str = ""


def read_received(given: Mapping[str, Any]) -> Received:
    """From plain data: ``amount`` (minor units), ``currency``, ``received_on``, ``reference``, ``note``.

    Raises ``BadInput`` with every wrong field.
    """
    known = {"amount", "currency", "received_on", "reference", "note"}
    errors = {name: "This is no field of a payment; leave it out." for name in given if name not in known}
    amount, day = given.get("amount"), date.min
    if not isinstance(amount, int) or isinstance(amount, bool):
        errors["amount"] = "Give the amount as a whole number of minor units: 18000 for 180.00."
    try:
        day = date.fromisoformat(str(given.get("received_on") or ""))
    except ValueError:
        errors["received_on"] = "Give the day the money arrived, as 2026-03-31."
    if errors or not isinstance(amount, int):
        raise BadInput(errors)
    currency, bank, said = (str(given.get(name) or "") for name in ("currency", "reference", "note"))
    return Received(amount, currency, day, bank, said)


def record_payment(
    desk: Desk, who: Who, request_id: str, received: Received, *, version: int | None = None
) -> Account:
    """Note money that came in or was paid back, however much it is. Returns how things stand.

    When the whole is there, a request that waited for it moves on, and the letter's duty to pay is ticked off.
    Raises ``BadInput``; ``Clash`` without an accepted price, or when the very same payment is on record; ``Stale``.
    """
    who.must_be("officer")
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id, version)
        tenant, row = opened.tenant, opened.row
        before = _account(tenant, row)
        invoice = before.invoice
        _check(desk, row, before, received)
        paid = PaymentRow(
            id=new_id("py"),
            invoice_id=invoice.id,
            amount=received.amount,
            received_on=received.on,
            recorded_by=who.person_id,
            recorded_at=desk.clock(),
            reference=received.reference.strip() or None,
            note=received.note.strip() or None,
        )
        _not_recorded_before(tenant, paid)
        add_payment(tenant, paid)
        _journal(tenant, row, invoice, paid)
        account = _account(tenant, row)
        _settle(desk, who, tenant, row, account, paid)
        if paid.amount > 0:
            _thank(desk, tenant, publisher, row, account, paid)
    return account


def _account(tenant: Tenant, row: RequestRow) -> Account:
    account = account_of(tenant, row)
    if account is None:
        raise Clash("No price has been accepted for this request, so there is nothing to pay.", "amount")
    return account


def _check(desk: Desk, row: RequestRow, before: Account, received: Received) -> None:
    invoice, arrived = before.invoice, before.balance.paid
    errors: dict[str, str] = {}
    if received.amount == 0 or abs(received.amount) > MAX_AMOUNT:
        errors["amount"] = "Give the amount that arrived; below zero for money that was paid back."
    elif received.amount < 0 and received.amount + arrived < 0:
        there = f"{major_units(arrived, invoice.currency)} {invoice.currency}"
        errors["amount"] = f"No more can be paid back than has arrived, which is {there}."
    if received.currency != invoice.currency:
        said = f"The price is in {invoice.currency}; give what arrived in {invoice.currency}."
        errors["currency"] = said
    if received.on > desk.today():
        errors["received_on"] = "This day has not come yet; give the day the money arrived."
    elif received.on < row.created_at.date():
        errors["received_on"] = (
            f"The request was made on {row.created_at.date()}; no payment for it came before."
        )
    if len(received.reference) > 200:
        errors["reference"] = "A reference may have 200 characters; shorten it."
    if len(received.note) > 500:
        errors["note"] = "A note may have 500 characters; shorten it."
    if errors:
        raise BadInput(errors)


def _not_recorded_before(tenant: Tenant, paid: PaymentRow) -> None:
    """A bank gives each transfer a reference of its own: the same day, amount and reference is the same payment."""
    for each in load_payments(tenant, paid.invoice_id) if paid.reference else ():
        same = (each.amount, each.received_on, each.reference)
        if same == (paid.amount, paid.received_on, paid.reference):
            raise Clash("This payment is on record already: the same day, amount and reference.", "reference")


def _journal(tenant: Tenant, row: RequestRow, invoice: InvoiceRow, paid: PaymentRow) -> None:
    payload = {
        "request": row.id,
        "invoice": invoice.id,
        "payment": paid.id,
        "amount": paid.amount,
        "currency": invoice.currency,
        "received_on": paid.received_on.isoformat(),
        "by": paid.recorded_by,
    }
    given = {"reference": paid.reference, "note": paid.note}
    personal = {name: value for name, value in given.items() if value}
    journal_store.append(
        tenant.connection,
        tenant.publisher_id,
        "payment.recorded",
        payload,
        personal,
        paid.recorded_at,
        subject=row.id,
    )


def _settle(
    desk: Desk, who: Who, tenant: Tenant, row: RequestRow, account: Account, paid: PaymentRow
) -> None:
    """Move the request on, or note the payment in its history; either way it is at its next version."""
    now, settled = desk.clock(), account.balance.settled
    document = {"total": paid.amount, "currency": account.invoice.currency}
    if settled and row.state == RequestState.PAYMENT_DUE:
        move(
            tenant,
            row,
            RequestEvent.RECORD_PAYMENT,
            now,
            actor="staff",
            person_id=who.person_id,
            document=document,
        )
    else:
        update_request(tenant, row.id, row.version)
        kind = "payment" if paid.amount > 0 else "paid_back"
        note(tenant, row.id, kind, "staff", now, person_id=who.person_id, document=document)
    if settled != (account.invoice.settled_at is not None):
        change_invoice(tenant, account.invoice.id, settled_at=now if settled else None)
    if settled:
        tick_off_fee(desk, tenant, row, who.person_id)


def _thank(
    desk: Desk,
    tenant: Tenant,
    publisher: PublisherRow,
    row: RequestRow,
    account: Account,
    paid: PaymentRow,
) -> None:
    said: dict[str, Any] = {
        "amount": paid.amount,
        "currency": account.invoice.currency,
        "left": account.balance.open,
        "over": account.balance.over,
        "number": account.invoice.number,
    }
    tell(desk, tenant, publisher, row, "payment_received", key=f"payment:{paid.id}", **said)


def waive_payment(desk: Desk, who: Who, request_id: str, *, version: int | None = None) -> None:
    """Go on before the money is there: the request may be decided, and what is owed stays owed. Raises ``Clash``."""
    who.must_be("officer")
    with desk.database.writing() as connection:
        opened = open_request(connection, who, request_id, version)
        if opened.row.state != RequestState.PAYMENT_DUE:
            raise Clash("This request does not wait for a payment.")
        move(
            opened.tenant,
            opened.row,
            RequestEvent.WAIVE_PAYMENT,
            desk.clock(),
            actor="staff",
            person_id=who.person_id,
        )


def remind_of_payments(desk: Desk) -> int:
    """Remind whoever is late with a payment, twice and two weeks apart; how many were written to. Run daily."""
    now = desk.clock()
    with desk.database.reading() as connection:
        late = invoices_overdue(connection, desk.today(), now - REMIND_EVERY, MOST_REMINDERS)
    return sum(_remind(desk, invoice) for invoice in late)


def _remind(desk: Desk, invoice: InvoiceRow) -> bool:
    publisher = own_publisher(desk, invoice.publisher_id)
    with desk.database.writing() as connection:
        tenant = Tenant(connection, invoice.publisher_id)
        row = load_request(tenant, invoice.request_id)
        account = account_of(tenant, row) if row else None
        if row is None or account is None or not _is_owed(tenant, row, account):
            change_invoice(tenant, invoice.id, reminded=MOST_REMINDERS)  # looked at, and let be
            return False
        count = account.invoice.reminded + 1
        change_invoice(tenant, invoice.id, reminded=count, reminded_at=desk.clock())
        said = invoice_words(publisher, account.invoice, account.balance.open)
        key = f"payment-reminder:{invoice.id}:{count}"
        tell(desk, tenant, publisher, row, "payment_reminder", key=key, **said)
        note(tenant, row.id, "payment_reminded", "system", desk.clock())
    return True


def _is_owed(tenant: Tenant, row: RequestRow, account: Account) -> bool:
    """Whether something is left to pay for a request that goes on, or for a letter that stands."""
    if account.balance.settled or row.state in (RequestState.WITHDRAWN, RequestState.LAPSED):
        return False
    if row.state != RequestState.DECIDED:
        return True
    live = [each for each in letters_of_request(tenant, row.id) if each.state != "revoked"]
    return any(
        duty.code == "fee" and duty.done_at is None
        for letter in live
        for duty in load_obligations(tenant, letter.id)
    )
