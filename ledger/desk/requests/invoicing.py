"""What an accepted price asks for: the invoice, what came in on it, and the page that prints it.

The house takes no money itself. It says what is to be paid and how, in the publisher's own words. An amount is in
minor units of the invoice's currency throughout.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ledger.desk import links
from ledger.desk.context import Desk, Who
from ledger.desk.house.publishers import own_publisher
from ledger.desk.posting import reference, tell, titles_of
from ledger.desk.refusals import NotFound
from ledger.desk.requests.moving import move
from ledger.desk.requests.opened import open_behind, open_request
from ledger.ids import new_id
from ledger.letters.model import LetterKind
from ledger.records import journal_store
from ledger.records.invoices import add_invoice, load_invoice, load_payments
from ledger.records.letters import finish_obligation, letters_of_request, load_obligations
from ledger.records.offers import load_quotes
from ledger.records.publishers import PublisherRow
from ledger.records.request_rows import InvoiceRow, ItemRow, PaymentRow, QuoteRow, RequestRow
from ledger.records.requests import load_items
from ledger.records.tenant import Tenant
from ledger.rights.codes import ConditionCode
from ledger.rights.payments import Balance, balance
from ledger.rights.requests import RequestEvent, RequestState
from ledger.rights.tariff import Quote
from ledger.rights.terms import Modality, Timing
from ledger.rights.wire import from_plain
from ledger.said import said


@dataclass(frozen=True)
class Account:
    """The invoice of a request with what came in on it. ``stopped``: its letters were revoked before all was paid,
    so that nothing is demanded; whether something is owed is between the publisher and the requester.
    """

    invoice: InvoiceRow
    payments: list[PaymentRow]
    balance: Balance
    stopped: bool = False


def account_of(tenant: Tenant, row: RequestRow) -> Account | None:
    """What a request owes and paid; none where no price was accepted."""
    invoice = load_invoice(tenant, row.id)
    if invoice is None:
        return None
    payments = load_payments(tenant, invoice.id)
    charged = _charged(load_items(tenant, row.id)) if row.state == RequestState.DECIDED else None
    sums = balance(invoice.total, [each.amount for each in payments], charged)
    return Account(invoice, payments, sums, stopped=not sums.settled and _is_taken_back(tenant, row))


def _is_taken_back(tenant: Tenant, row: RequestRow) -> bool:
    """Whether all that was granted on a request was revoked since."""
    granting = (LetterKind.GRANT, LetterKind.AMENDMENT)
    states = [each.state for each in letters_of_request(tenant, row.id) if each.kind in granting]
    standing = [state for state in states if state != "superseded"]
    return bool(standing) and set(standing) == {"revoked"}


def _charged(items: Sequence[ItemRow]) -> int:
    """What the grants of a decided request cost, all together."""
    grants = [(each.document or {}).get("grant") or {} for each in items]
    return sum((grant.get("fee") or {}).get("minor", 0) for grant in grants)


def waits_for_payment(publisher: PublisherRow, items: Sequence[ItemRow]) -> bool:
    """Whether letters usually wait for the money: by the publisher's setting, or since the terms ask a fee first."""
    return publisher.payment_first or any(
        _fee_first(condition) for each in items for condition in _asked(each)
    )


def _asked(item: ItemRow) -> list[dict[str, Any]]:
    return item.answer.get("conditions") or []


def _fee_first(condition: dict[str, Any]) -> bool:
    return (
        condition.get("code") == ConditionCode.FEE
        and condition.get("modality") == Modality.MUST
        and condition.get("timing") == Timing.BEFORE
    )


def open_invoice(
    desk: Desk, tenant: Tenant, publisher: PublisherRow, row: RequestRow, quote: QuoteRow
) -> RequestRow:
    """Ask for an accepted price in the caller's transaction. Where the letter waits for it, so does the request."""
    if quote.total <= 0:
        return row
    invoice = _add_invoice(desk, tenant, publisher, row, quote)
    if quote.payment_first:
        document = {"total": invoice.total, "currency": invoice.currency}
        row = move(tenant, row, RequestEvent.INVOICE, desk.clock(), actor="system", document=document)
    tell(
        desk,
        tenant,
        publisher,
        row,
        "payment_due",
        key=f"invoice:{invoice.id}",
        **invoice_words(publisher, invoice),
    )
    return row


def _add_invoice(
    desk: Desk, tenant: Tenant, publisher: PublisherRow, row: RequestRow, quote: QuoteRow
) -> InvoiceRow:
    now = desk.clock()
    invoice = InvoiceRow(
        id=new_id("in"),
        request_id=row.id,
        quote_id=quote.id,
        number=f"{publisher.number_prefix}-{reference(row.id)}",
        total=quote.total,
        currency=quote.currency,
        payment_first=quote.payment_first,
        opened_at=now,
        due=desk.today() + timedelta(days=publisher.payment_days),
    )
    add_invoice(tenant, invoice)
    payload = {
        "request": row.id,
        "invoice": invoice.id,
        "number": invoice.number,
        "quote": quote.id,
        "total": invoice.total,
        "currency": invoice.currency,
        "due": invoice.due.isoformat(),
    }
    journal_store.append(tenant.connection, tenant.publisher_id, "invoice.opened", payload, {}, now)
    return invoice


def invoice_words(
    publisher: PublisherRow, invoice: InvoiceRow, open_amount: int | None = None
) -> dict[str, Any]:
    """What a mail says about an invoice."""
    return {
        "amount": invoice.total if open_amount is None else open_amount,
        "currency": invoice.currency,
        "due": invoice.due,
        "number": invoice.number,
        "instructions": publisher.payment_instructions or "",
        "first": invoice.payment_first,
    }


def tick_off_fee(desk: Desk, tenant: Tenant, row: RequestRow, by: str) -> None:
    """Where a request owes nothing more, the duty to pay of its letters is done. Harmless to repeat."""
    account = account_of(tenant, row)
    if account is None or not account.balance.settled or not account.payments:
        return
    last, now = account.payments[-1], desk.clock()
    for letter in letters_of_request(tenant, row.id):
        for duty in load_obligations(tenant, letter.id):
            if duty.code == "fee" and duty.done_at is None:
                finish_obligation(tenant, duty.id, now, f"Paid on {last.received_on.isoformat()}")
                payload = {"letter": letter.id, "obligation": duty.id, "by": by, "payment": last.id}
                journal_store.append(
                    tenant.connection, tenant.publisher_id, "obligation.done", payload, {}, now
                )


@dataclass(frozen=True)
class InvoiceView:
    """A printed invoice: from whom, to whom, for what. ``sums`` holds the calculation lines."""

    publisher: PublisherRow
    request: RequestRow
    account: Account
    sums: Quote
    titles: list[str]


def invoice_of(desk: Desk, who: Who, request_id: str) -> InvoiceView:
    """The invoice of a request of one's own publisher. Raises ``NotFound``."""
    publisher = own_publisher(desk, who.publisher_id)
    with desk.database.reading() as connection:
        opened = open_request(connection, who, request_id)
        return _view(opened.tenant, publisher, opened.row)


def invoice_behind(desk: Desk, token: str) -> InvoiceView:
    """The invoice of the request behind a requester's link. Raises ``NotFound``."""
    link = links.opened_by(desk, token, "requester")
    publisher = own_publisher(desk, link.publisher_id)
    with desk.database.reading() as connection:
        opened = open_behind(connection, link)
        return _view(opened.tenant, publisher, opened.row)


def _view(tenant: Tenant, publisher: PublisherRow, row: RequestRow) -> InvoiceView:
    account = account_of(tenant, row)
    quotes = {each.id: each for each in load_quotes(tenant, row.id)}
    if account is None:
        raise NotFound(
            said("No price has been accepted for this request, so there is no invoice."), "invoice"
        )
    sums = from_plain(Quote, quotes[account.invoice.quote_id].document)
    titles = list(titles_of(tenant, load_items(tenant, row.id)).values())
    return InvoiceView(publisher, row, account, sums, titles)


def plain_account(account: Account) -> dict[str, Any]:
    """An invoice with its payments as plain data, for programs. Amounts are in minor units."""
    invoice = account.invoice
    return {
        "number": invoice.number,
        "total": account.balance.total,
        "paid": account.balance.paid,
        "open": account.balance.open,
        "over": account.balance.over,
        "currency": invoice.currency,
        "due": invoice.due,
        "payment_first": invoice.payment_first,
        "payments": [{"amount": each.amount, "received_on": each.received_on} for each in account.payments],
    }
