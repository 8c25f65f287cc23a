"""Rows of the requests as frozen values: field for field the columns of ``request_tables`` (a test compares).

``publisher_id`` is left out on the way in (the ``Tenant`` knows it) and present on the way out.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import RowMapping

Row = TypeVar("Row")


def from_row(kind: type[Row], row: RowMapping) -> Row:
    """A row as its frozen value."""
    return kind(**row)


def to_row(value: Any) -> dict[str, Any]:
    """A frozen value as the columns to write; the tenant adds its own id."""
    columns = {each.name: getattr(value, each.name) for each in fields(value)}
    if not columns.get("publisher_id"):
        columns.pop("publisher_id", None)
    return columns


@dataclass(frozen=True)
class RequestRow:
    """A request. ``document`` is the form as answered; email and name are erased when asked for."""

    id: str
    state: str
    turn: str
    turn_since: datetime
    document: dict[str, Any]
    language: str
    created_at: datetime
    version: int = 1
    form_key: str | None = None
    email: str | None = None
    name: str | None = None
    organisation: str | None = None
    verified_at: datetime | None = None
    submitted_at: datetime | None = None
    closed_at: datetime | None = None
    needed_by: date | None = None
    assigned_to: str | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class ItemRow:
    """One component asked for one use: what the engine answered that day, and what staff decided."""

    id: str
    request_id: str
    position: int
    piece_id: str
    component_id: str
    use: dict[str, Any]
    answer: dict[str, Any]
    decision: str | None = None
    document: dict[str, Any] | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_seq: int | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class EventRow:
    """One line of a request's history."""

    id: str
    request_id: str
    kind: str
    actor: str
    at: datetime
    person_id: str | None = None
    body: str | None = None
    document: dict[str, Any] | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class AttachmentRow:
    """A file sent along; its bytes lie in the evidence store under ``sha256``. ``size`` in bytes."""

    id: str
    request_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    publisher_id: str = ""


@dataclass(frozen=True)
class QuoteRow:
    """A price offered. ``total`` in minor units of ``currency``."""

    id: str
    request_id: str
    state: str
    document: dict[str, Any]
    total: int
    currency: str
    made_at: datetime
    valid_until: date | None = None
    made_by: str | None = None
    answered_at: datetime | None = None
    payment_first: bool = False
    publisher_id: str = ""


@dataclass(frozen=True)
class InvoiceRow:
    """What an accepted price asks for. ``total`` in minor units; ``due`` is the last day to pay without delay."""

    id: str
    request_id: str
    quote_id: str
    number: str
    total: int
    currency: str
    payment_first: bool
    opened_at: datetime
    due: date
    reminded: int = 0
    reminded_at: datetime | None = None
    settled_at: datetime | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class PaymentRow:
    """Money that came in, in minor units of the invoice's currency; below zero it was paid back."""

    id: str
    invoice_id: str
    amount: int
    received_on: date
    recorded_by: str
    recorded_at: datetime
    reference: str | None = None
    note: str | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class EnquiryRow:
    """A question to an owner, and the answer as evidence."""

    id: str
    request_id: str
    item_ids: list[str]
    owner: dict[str, Any]
    email: str
    state: str
    sent_at: datetime
    answer: dict[str, Any] | None = None
    chased: int = 0
    answered_at: datetime | None = None
    answered_from: str | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class TokenRow:
    """A one-purpose link. Only the SHA-256 (hex) of what the link carries is kept."""

    token_hash: str
    request_id: str
    purpose: str
    created_at: datetime
    enquiry_id: str | None = None
    expires_at: datetime | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class LetterRow:
    """A letter. It has its number and its decision at once, its file (``sha256``) when that is made.

    After that only ``state`` ever changes.
    """

    id: str
    number: str
    kind: str
    state: str
    language: str
    assignee: str
    document: dict[str, Any]
    issued_by: str
    issued_at: datetime
    sha256: str | None = None
    issued_seq: int | None = None
    request_id: str | None = None
    decision_seq: int | None = None
    valid_until: date | None = None
    replaces: str | None = None
    delayed: str | None = None  # why its file could not be made at the last attempt
    delayed_at: datetime | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class ObligationRow:
    """Something the letter asks of its holder, ticked off when done."""

    id: str
    letter_id: str
    code: str
    text: str
    due: date | None = None
    reminded_at: datetime | None = None
    done_at: datetime | None = None
    done_note: str | None = None
    publisher_id: str = ""


@dataclass(frozen=True)
class QueueRow:
    """A line of the desk's queue: the request, and what it is about."""

    request: RequestRow
    items: int
    titles: list[str] = field(default_factory=list)
