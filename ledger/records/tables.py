"""The register: publishers and their people, pieces and the rights in them.

``publisher_id`` leads every key of a tenant's table, so that the register can be split by publisher later.
A column named ``document`` holds a frozen value of ``ledger.rights`` in the plain form of ``rights.wire``;
the columns beside it are copies for looking up, written in the same statement.
"""

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
    false,
    text,
)

from ledger.records.base import Document, Id, UtcDateTime, metadata

publisher = Table(
    "publisher",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", String(80), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("legal_name", Text, nullable=False),
    Column("url", Text),
    Column("country", String(2)),
    Column("language", String(35), nullable=False, server_default="en"),
    Column("permissions_email", Text, nullable=False),
    Column("address", Text),
    Column("signatory", Text),  # name and office printed under a letter
    Column("number_prefix", String(40), nullable=False),  # of letter numbers: HARBOUR-2026-000123
    Column("wording", Document),  # the publisher's own sentences for letters, by place and language
    Column("logo_sha256", String(64)),
    Column("signature_sha256", String(64)),
    Column("vat_id", Text),  # as invoices print it
    Column("payment_instructions", Text),  # how to pay, in the publisher's own words
    Column("payment_first", Boolean, nullable=False, server_default=false()),  # letters wait for the payment
    Column("payment_days", Integer, nullable=False, server_default="30"),  # from the acceptance of a price
    Column("created_at", UtcDateTime, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False, unique=True),  # lower case
    Column("name", Text, nullable=False),
    Column("password_hash", Text),
    Column("language", String(35), nullable=False, server_default="en"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

membership = Table(
    "membership",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("role", String(16), primary_key=True),  # editor, officer, admin; disabled beside them
)

sign_in = Table(
    "sign_in",
    metadata,
    Column(
        "token_hash", String(64), primary_key=True
    ),  # SHA-256 of the cookie; the cookie itself is never kept
    Column("person_id", Id, ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

magic_link = Table(
    "magic_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("email", Text, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("target", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

throttle = Table(
    "throttle",
    metadata,
    Column("key", String(160), primary_key=True),
    Column("window_start", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
)

party = Table(
    "party",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # case-folded, for finding the same party again
    Column("document", Document, nullable=False),
    Index("ix_party_name_key", "publisher_id", "name_key"),
)

piece = Table(
    "piece",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("state", String(16), nullable=False),  # draft, confirmed, withdrawn
    Column("version", Integer, nullable=False, server_default="1"),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("language", String(35)),
    Column("source_name", Text),
    Column("published_on", Date),
    Column("document", Document, nullable=False),  # rights Piece without its terms, claims and assessments
    Column("public_record", Text),  # the JSON answered to a public lookup, written when the piece changes
    Column("draft", Document),  # what the reader found, with its evidence
    Column("snapshot_sha256", String(64)),
    Column("snapshot_type", Text),
    Column("registered_by", Id),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("confirmed_by", Id),
    Column("confirmed_at", UtcDateTime),
    Index("uq_piece_id", "id", unique=True),
    Index("ix_piece_newest", "publisher_id", "state", "id"),
    Index("ix_piece_snapshot", "publisher_id", "snapshot_sha256"),
)

piece_url = Table(
    "piece_url",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("piece_id", Id, primary_key=True),
    Column("url", Text, primary_key=True),  # normal form
    Column("url_key", BigInteger, nullable=False, index=True),  # 64-bit blake2b of the normal form
    Column("kind", String(16), nullable=False),  # own, canonical, source
    ForeignKeyConstraint(["publisher_id", "piece_id"], ["piece.publisher_id", "piece.id"]),
)

piece_shingle = Table(
    "piece_shingle",
    metadata,
    Column("shingle", BigInteger, primary_key=True),
    Column("publisher_id", Id, primary_key=True),
    Column("piece_id", Id, primary_key=True),
)

claim = Table(
    "claim",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("piece_id", Id, nullable=False),
    Column("party_id", Id, nullable=False),
    Column("component_id", Id, nullable=False),
    Column("role", String(16), nullable=False),
    Column("document", Document, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    ForeignKeyConstraint(["publisher_id", "piece_id"], ["piece.publisher_id", "piece.id"]),
    Index("ix_claim_piece", "publisher_id", "piece_id"),
)

terms = Table(
    "terms",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),  # standing, inbound, outbound
    Column("clause_sha256", String(64)),
    Column("document", Document, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("revoked_on", Date),
    Column(
        "everywhere", Boolean, nullable=False, server_default=text("false")
    ),  # standing terms of the whole site
    Index(
        "ix_terms_everywhere",
        "publisher_id",
        sqlite_where=text("everywhere"),
        postgresql_where=text("everywhere"),
    ),
)

piece_terms = Table(
    "piece_terms",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("piece_id", Id, primary_key=True),
    Column("terms_id", Id, primary_key=True),
    ForeignKeyConstraint(["publisher_id", "piece_id"], ["piece.publisher_id", "piece.id"]),
    ForeignKeyConstraint(["publisher_id", "terms_id"], ["terms.publisher_id", "terms.id"]),
    Index("ix_piece_terms_terms", "publisher_id", "terms_id"),
)

assessment = Table(
    "assessment",
    metadata,
    Column("publisher_id", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("piece_id", Id, nullable=False),
    Column("component_id", Id, nullable=False),
    Column("document", Document, nullable=False),
    Column("supersedes", Id),
    Column("review_due", Date),
    Column("made_by", Id, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["publisher_id", "piece_id"], ["piece.publisher_id", "piece.id"]),
    Index("ix_assessment_piece", "publisher_id", "piece_id"),
)

source_profile = Table(
    "source_profile",
    metadata,
    Column("publisher_id", Id, ForeignKey("publisher.id"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("source_name", Text, nullable=False),
    Column("document", Document, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)
