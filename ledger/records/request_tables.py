"""Requests and what comes of them: items, messages, quotes, enquiries to owners, letters, obligations."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from ledger.records.base import Document, Id, UtcDateTime, Word, metadata

_OPEN_WHERE = text("closed_at IS NULL AND submitted_at IS NOT NULL")
_CLOSED_WHERE = text("closed_at IS NOT NULL")
_UNSETTLED_WHERE = text("settled_at IS NULL")
_BEGUN_WHERE = text("submitted_at IS NULL")
_UNSETTLED: dict[str, Any] = {"sqlite_where": _UNSETTLED_WHERE, "postgresql_where": _UNSETTLED_WHERE}
_BEGUN: dict[str, Any] = {"sqlite_where": _BEGUN_WHERE, "postgresql_where": _BEGUN_WHERE}
_OPEN: dict[str, Any] = {"sqlite_where": _OPEN_WHERE, "postgresql_where": _OPEN_WHERE}
_CLOSED: dict[str, Any] = {"sqlite_where": _CLOSED_WHERE, "postgresql_where": _CLOSED_WHERE}

request = Table(
    "request",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("state", String(16), nullable=False),  # rights.requests.State
    Column("turn", String(16), nullable=False),  # requester, staff, holder, nobody
    Column("turn_since", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),  # two deciding at once: one wins
    Column("document", Document, nullable=False),  # the form as answered
    Column("form_key", String(64)),  # the same form sent twice is one request
    Column("email", Text),  # erasable
    Column("name", Text),  # erasable
    Column("organisation", Text),
    Column("language", String(35), nullable=False),
    Column("verified_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("needed_by", Date),
    Column("assigned_to", Id),
    UniqueConstraint("publisher_id", "form_key"),
    Index("uq_request_id", "id", unique=True),
    # Partial, so that they stay small however long the archive grows.
    Index("ix_request_open", "publisher_id", "turn", "turn_since", "id", **_OPEN),
    Index("ix_request_age", "publisher_id", "turn_since", "id", **_OPEN),
    Index("ix_request_state", "publisher_id", "state", "turn_since", "id", **_OPEN),
    Index("ix_request_assigned", "publisher_id", "assigned_to", "turn_since", "id", **_OPEN),
    Index("ix_request_closed", "publisher_id", "state", "closed_at", "id", **_CLOSED),
    Index("ix_request_archive", "publisher_id", "closed_at", "id", **_CLOSED),
    Index("ix_request_email", "publisher_id", "email"),
    Index("ix_request_begun", "turn_since", "id", **_BEGUN),
)

request_word = Table(
    "request_word",  # the words of name, organisation and address; erasable
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("word", Word, primary_key=True),
    Column("request_id", Id, primary_key=True),
    ForeignKeyConstraint(["publisher_id", "request_id"], ["request.publisher_id", "request.id"]),
    Index("ix_request_word_request", "publisher_id", "request_id", "word"),
)

request_token = Table(
    "request_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("publisher_id", Id, nullable=False),
    Column("request_id", Id, nullable=False),
    Column("purpose", String(16), nullable=False),  # requester, verify, owner
    Column("enquiry_id", Id),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    ForeignKeyConstraint(["publisher_id", "request_id"], ["request.publisher_id", "request.id"]),
)

request_item = Table(
    "request_item",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("request_id", Id, nullable=False),
    Column("position", Integer, nullable=False),
    Column("piece_id", Id, nullable=False),
    Column("component_id", Id, nullable=False),
    Column("use", Document, nullable=False),  # rights ProposedUse
    Column("answer", Document, nullable=False),  # rights Answer on the day of asking
    Column("decision", String(16)),  # granted, declined, referred, not_needed
    Column("document", Document),  # rights Grant, or reason, or owner
    Column("decided_by", Id),
    Column("decided_at", UtcDateTime),
    Column("decision_seq", BigInteger),  # the journal entry of the decision
    ForeignKeyConstraint(["publisher_id", "request_id"], ["request.publisher_id", "request.id"]),
    ForeignKeyConstraint(["publisher_id", "piece_id"], ["piece.publisher_id", "piece.id"]),
    Index("ix_request_item_request", "publisher_id", "request_id", "position"),
    Index("ix_request_item_piece", "publisher_id", "piece_id"),
)

request_event = Table(
    "request_event",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("request_id", Id, nullable=False),
    Column("kind", String(32), nullable=False),  # state, message, question, note, quote, letter, enquiry
    Column("actor", String(16), nullable=False),  # requester, staff, holder, system
    Column("person_id", Id),
    Column("body", Text),  # erasable
    Column("document", Document),
    Column("at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["publisher_id", "request_id"], ["request.publisher_id", "request.id"]),
    Index("ix_request_event_request", "publisher_id", "request_id", "at"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("request_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("sha256", String(64), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["publisher_id", "request_id"], ["request.publisher_id", "request.id"]),
    Index("ix_attachment_request", "publisher_id", "request_id"),
)

tariff = Table(
    "tariff",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", Document, nullable=False),  # rights Tariff
    Column("recorded_at", UtcDateTime, nullable=False),
)

quote = Table(
    "quote",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("request_id", Id, nullable=False),
    Column("state", String(16), nullable=False),  # offered, accepted, declined, replaced
    Column("document", Document, nullable=False),  # rights Quote with its calculation lines
    Column("total", BigInteger, nullable=False),  # minor units
    Column("currency", String(3), nullable=False),
    Column("valid_until", Date),
    Column("payment_first", Boolean, nullable=False, server_default=false()),  # the letter waits for it
    Column("made_by", Id),
    Column("made_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    ForeignKeyConstraint(["publisher_id", "request_id"], ["request.publisher_id", "request.id"]),
    Index("ix_quote_request", "publisher_id", "request_id"),
)

invoice = Table(
    "invoice",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("request_id", Id, nullable=False),
    Column("quote_id", Id, nullable=False),  # the accepted price, with its calculation lines
    Column("number", String(64), nullable=False),  # what the payer writes on the transfer
    Column("total", BigInteger, nullable=False),  # minor units
    Column("currency", String(3), nullable=False),
    Column("payment_first", Boolean, nullable=False),  # whether the letter waits for it
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due", Date, nullable=False),
    Column("reminded", Integer, nullable=False, server_default="0"),  # reminders sent so far
    Column("reminded_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    ForeignKeyConstraint(["publisher_id", "request_id"], ["request.publisher_id", "request.id"]),
    UniqueConstraint("publisher_id", "request_id"),
    Index("ix_invoice_due", "due", **_UNSETTLED),
)

payment = Table(
    "payment",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("invoice_id", Id, nullable=False),
    Column(
        "amount", BigInteger, nullable=False
    ),  # minor units of the invoice's currency; below zero: paid back
    Column("received_on", Date, nullable=False),
    Column("reference", Text),  # as the bank gives it; erasable
    Column("note", Text),  # erasable
    Column("recorded_by", Id, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["publisher_id", "invoice_id"], ["invoice.publisher_id", "invoice.id"]),
    Index("ix_payment_invoice", "publisher_id", "invoice_id"),
)

enquiry = Table(
    "enquiry",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("request_id", Id, nullable=False),
    Column("item_ids", Document, nullable=False),
    Column("owner", Document, nullable=False),  # rights Party
    Column("email", Text, nullable=False),
    Column("state", String(16), nullable=False),  # sent, granted, declined, quoted, not_mine, silent
    Column("answer", Document),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("chased", Integer, nullable=False, server_default="0"),  # reminders sent so far
    Column("answered_at", UtcDateTime),
    Column("answered_from", Text),  # the address whose link was used
    ForeignKeyConstraint(["publisher_id", "request_id"], ["request.publisher_id", "request.id"]),
    Index("ix_enquiry_request", "publisher_id", "request_id"),
    Index("ix_enquiry_state", "state", "sent_at"),
)

letter = Table(
    "letter",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("number", String(64), nullable=False, unique=True),
    Column("kind", String(24), nullable=False),
    Column("state", String(16), nullable=False),  # preparing, issued, amended, superseded, revoked, expired
    Column("request_id", Id),
    Column("language", String(35), nullable=False),
    Column("assignee", Text, nullable=False),
    Column("sha256", String(64)),  # of the PDF, which lies in the evidence store; none while it is prepared
    Column("document", Document, nullable=False),  # grants and clauses with their grounds
    Column("decision_seq", BigInteger),
    Column("issued_seq", BigInteger),
    Column("issued_by", Id, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("valid_until", Date),
    Column("replaces", Id),
    Column("delayed", Text),  # why its file could not be made at the last attempt
    Column("delayed_at", UtcDateTime),
    Index("ix_letter_sha256", "sha256"),
    Index("ix_letter_request", "publisher_id", "request_id"),
    Index("ix_letter_replaces", "publisher_id", "replaces"),
)

letter_counter = Table(
    "letter_counter",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

letter_ground = Table(
    "letter_ground",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("letter_id", Id, primary_key=True),
    Column("ground_id", Id, primary_key=True),  # terms, claim or enquiry it rests on
    ForeignKeyConstraint(["publisher_id", "letter_id"], ["letter.publisher_id", "letter.id"]),
    Index("ix_letter_ground_ground", "publisher_id", "ground_id"),
)

letter_piece = Table(
    "letter_piece",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("letter_id", Id, primary_key=True),
    Column("piece_id", Id, primary_key=True),
    ForeignKeyConstraint(["publisher_id", "letter_id"], ["letter.publisher_id", "letter.id"]),
    Index("ix_letter_piece_piece", "publisher_id", "piece_id"),
)

obligation = Table(
    "obligation",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("letter_id", Id, nullable=False),
    Column("code", String(40), nullable=False),  # a condition code, or fee, voucher_copy, takedown
    Column("text", Text, nullable=False),
    Column("due", Date),
    Column("reminded_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("done_note", Text),
    ForeignKeyConstraint(["publisher_id", "letter_id"], ["letter.publisher_id", "letter.id"]),
    Index("ix_obligation_letter", "publisher_id", "letter_id"),
    Index("ix_obligation_due", "due"),
)
