"""Mail on its way out, and what became of it."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from ledger.records.base import Document, Id, UtcDateTime, metadata

mail_message = Table(
    "mail_message",
    metadata,
    Column("publisher_id", Id, primary_key=True),  # empty for the house's own mail, such as a sign-in link
    Column("id", Id, primary_key=True),  # also the part of the Message-ID before the @
    Column("key", String(200), nullable=False),  # what the mail is about: the same key is sent once
    Column("request_id", Id),
    Column("template", String(40), nullable=False),
    Column("language", String(35), nullable=False),
    Column("recipient", Text, nullable=False),  # erasable, like the three below
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text),
    Column("from_name", Text),
    Column("reply_to", Text),
    Column("attachments", Document, nullable=False),  # [{name, media_type, sha256}], kept as evidence
    Column("state", String(8), nullable=False),  # queued, sent, failed, bounced
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("problem", Text),  # what the last failed attempt, or the bounce, said
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),  # when it was sent, given up or bounced
    UniqueConstraint("publisher_id", "key"),
    Index("uq_mail_message_id", "id", unique=True),
    Index("ix_mail_message_request", "publisher_id", "request_id"),
    Index("ix_mail_message_state", "publisher_id", "state", "created_at"),
)
