"""Invoices for accepted prices, and the payments that came in on them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from ledger.records.request_rows import InvoiceRow, PaymentRow, from_row, to_row
from ledger.records.request_tables import invoice, payment
from ledger.records.tenant import Tenant


def add_invoice(tenant: Tenant, row: InvoiceRow) -> None:
    """Write an invoice; a request has one at the most."""
    tenant.insert(invoice, to_row(row))


def load_invoice(tenant: Tenant, request_id: str) -> InvoiceRow | None:
    """The invoice of a request."""
    row = tenant.first(tenant.select(invoice).where(invoice.c.request_id == request_id))
    return from_row(InvoiceRow, row) if row else None


def change_invoice(tenant: Tenant, invoice_id: str, **changes: Any) -> None:
    """Note that it was settled or reminded of."""
    tenant.change(tenant.update(invoice).where(invoice.c.id == invoice_id).values(**changes))


def add_payment(tenant: Tenant, row: PaymentRow) -> None:
    """Write a payment down."""
    tenant.insert(payment, to_row(row))


def load_payments(tenant: Tenant, invoice_id: str) -> list[PaymentRow]:
    """What came in on an invoice, in the order it was recorded."""
    statement = tenant.select(payment).where(payment.c.invoice_id == invoice_id)
    return [from_row(PaymentRow, row) for row in tenant.all(statement.order_by(payment.c.id))]


def erase_payers(tenant: Tenant, request_id: str) -> None:
    """Take what a bank says of the payer out of the payments of a request; the amounts stay."""
    of_request = tenant.select(invoice, invoice.c.id).where(invoice.c.request_id == request_id)
    statement = tenant.update(payment).where(payment.c.invoice_id.in_(of_request))
    tenant.change(statement.values(reference=None, note=None))


def invoices_overdue(
    connection: Connection, today: date, reminded_before: datetime, most_reminders: int, limit: int = 1_000
) -> list[InvoiceRow]:
    """Unpaid invoices of every publisher whose day is past and whose last reminder is long ago, for the worker."""
    statement = (
        select(invoice)
        .where(invoice.c.settled_at.is_(None), invoice.c.due < today, invoice.c.reminded < most_reminders)
        .where(invoice.c.reminded_at.is_(None) | (invoice.c.reminded_at < reminded_before))
        .order_by(invoice.c.due, invoice.c.id)
        .limit(limit)
    )
    return [from_row(InvoiceRow, row) for row in connection.execute(statement).mappings()]
