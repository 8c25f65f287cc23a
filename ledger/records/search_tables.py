"""What the finder searches. The full-text index over it differs by database and is made by the first migration:
``piece_fts`` (FTS5, kept by triggers) on SQLite, a generated tsvector with its GIN index on PostgreSQL.

Texts are folded by ``records.words`` before they come here, so that both databases only split at spaces and
find the same.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKeyConstraint, Index, Integer, Table, Text

from ledger.records.base import Id, metadata

piece_text = Table(
    "piece_text",
    metadata,
    # FTS5 knows rows by number; only a declared key keeps its numbers through VACUUM.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("publisher_id", Id, nullable=False),
    Column("piece_id", Id, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("scope", Text, nullable=False),  # whose it is, and whether public: searched like words
    Column("title", Text, nullable=False),
    Column("authors", Text, nullable=False),
    Column("source", Text, nullable=False),
    ForeignKeyConstraint(["publisher_id", "piece_id"], ["piece.publisher_id", "piece.id"]),
    Index("uq_piece_text_piece", "publisher_id", "piece_id", unique=True),
)
