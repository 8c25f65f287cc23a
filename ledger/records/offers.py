"""What passes between the publisher and others about a request: tariffs, quotes, enquiries to owners."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.journal.entry import document_sha256
from ledger.records.failures import Stale
from ledger.records.request_rows import EnquiryRow, QuoteRow, from_row, to_row
from ledger.records.request_tables import enquiry, quote, request_token, tariff
from ledger.records.tenant import Tenant


def add_tariff(tenant: Tenant, document: dict[str, Any], recorded_at: datetime) -> int:
    """Record a tariff as the publisher's current one; its version, counted from 1. Older ones stay."""
    latest = tenant.first(tenant.select(tariff, func.max(tariff.c.version).label("version")))
    version = ((latest["version"] if latest else None) or 0) + 1
    tenant.insert(tariff, {"version": version, "document": document, "recorded_at": recorded_at})
    return version


def load_tariff(tenant: Tenant, version: int | None = None) -> tuple[int, dict[str, Any]] | None:
    """The current tariff, or one version of it, with its version."""
    statement = tenant.select(tariff).order_by(tariff.c.version.desc())
    if version is not None:
        statement = statement.where(tariff.c.version == version)
    row = tenant.first(statement)
    return (row["version"], row["document"]) if row else None


def add_quote(tenant: Tenant, row: QuoteRow) -> list[str]:
    """Offer a price; an older offer for the same request that stands open is replaced by it. Returns whose ids.

    What was written is among ``tenant.written()``, for the act's entry in the journal.
    """
    open_ones = tenant.update(quote).where(quote.c.request_id == row.request_id, quote.c.state == "offered")
    answered = open_ones.values(state="replaced", answered_at=row.made_at).returning(quote.c.id)
    replaced = [str(id_) for id_ in tenant.connection.execute(answered).scalars()]
    written = to_row(replace(row, state="offered"))
    tenant.insert(quote, written)
    tenant.wrote("quote", row.id, quote_sha256(written))
    return replaced


def quote_sha256(row: Mapping[str, Any]) -> str:
    """What the journal commits to of a price: for which request, its lines, its sum, until when it stands."""
    plain = {name: row[name] for name in ("request_id", "document", "total", "currency", "payment_first")}
    until = row["valid_until"]
    return document_sha256({**plain, "valid_until": until.isoformat() if until else None})


def answer_quote(tenant: Tenant, quote_id: str, state: str, answered_at: datetime) -> None:
    """Record the requester's answer (accepted, declined). Raises ``Stale`` if the offer stands no more."""
    statement = tenant.update(quote).where(quote.c.id == quote_id, quote.c.state == "offered")
    if tenant.change(statement.values(state=state, answered_at=answered_at)) != 1:
        raise Stale("The quote")


def load_quotes(tenant: Tenant, request_id: str) -> list[QuoteRow]:
    """The quotes of a request, newest first."""
    statement = tenant.select(quote).where(quote.c.request_id == request_id)
    ordered = statement.order_by(quote.c.made_at.desc(), quote.c.id.desc())
    return [from_row(QuoteRow, row) for row in tenant.all(ordered)]


def quotes_ending(connection: Connection, first: date, last: date, limit: int = 100) -> list[QuoteRow]:
    """Open offers of every publisher whose last day lies in a stretch of days, for the worker."""
    open_ones = (quote.c.state == "offered", quote.c.valid_until.between(first, last))
    statement = select(quote).where(*open_ones).order_by(quote.c.valid_until, quote.c.id).limit(limit)
    return [from_row(QuoteRow, row) for row in connection.execute(statement).mappings()]


def add_enquiry(tenant: Tenant, row: EnquiryRow) -> None:
    """Note a question sent to an owner."""
    tenant.insert(enquiry, to_row(row))


def load_enquiry(tenant: Tenant, enquiry_id: str) -> EnquiryRow | None:
    """One enquiry of this publisher."""
    row = tenant.first(tenant.select(enquiry).where(enquiry.c.id == enquiry_id))
    return from_row(EnquiryRow, row) if row else None


def load_enquiries(tenant: Tenant, request_id: str) -> list[EnquiryRow]:
    """The enquiries of a request, oldest first."""
    statement = tenant.select(enquiry).where(enquiry.c.request_id == request_id)
    return [from_row(EnquiryRow, row) for row in tenant.all(statement.order_by(enquiry.c.id))]


def enquiries_to(tenant: Tenant, address: str) -> list[EnquiryRow]:
    """Every question that went to a mail address, whatever its case, oldest first."""
    statement = tenant.select(enquiry).where(func.lower(enquiry.c.email) == address.lower())
    return [from_row(EnquiryRow, row) for row in tenant.all(statement.order_by(enquiry.c.id))]


def erase_enquiry(tenant: Tenant, enquiry_id: str, owner: dict[str, Any], erased: str) -> None:
    """Take out who was asked and what they answered; that somebody was asked, when, and whether they allowed it stay.

    ``owner`` is a party that names nobody, ``erased`` what stands for an address. Its link opens nothing any more.
    """
    gone = {"owner": owner, "email": erased, "answer": None, "answered_from": erased}
    tenant.change(tenant.update(enquiry).where(enquiry.c.id == enquiry_id).values(gone))
    tenant.change(tenant.delete(request_token).where(request_token.c.enquiry_id == enquiry_id))


def update_enquiry(
    tenant: Tenant, enquiry_id: str, expected_states: Sequence[str] = ("sent",), **changes: Any
) -> None:
    """Change an enquiry that stands in one of the expected states; raises ``Stale`` if it does not."""
    statement = tenant.update(enquiry).where(enquiry.c.id == enquiry_id, enquiry.c.state.in_(expected_states))
    if tenant.change(statement.values(**changes)) != 1:
        raise Stale("The enquiry")


def enquiries_waiting(connection: Connection, sent_before: datetime, limit: int = 100) -> list[EnquiryRow]:
    """Unanswered enquiries of every publisher sent before a moment, the oldest first, for the worker."""
    statement = (
        select(enquiry)
        .where(enquiry.c.state == "sent", enquiry.c.sent_at < sent_before)
        .order_by(enquiry.c.sent_at, enquiry.c.id)
        .limit(limit)
    )
    return [from_row(EnquiryRow, row) for row in connection.execute(statement).mappings()]
