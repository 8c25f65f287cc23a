"""What the finder searches. The full-text index itself differs by database and is made by ``SQLITE`` or
``POSTGRESQL`` below; everything else is the same on both.

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

SQLITE = (
    """CREATE VIRTUAL TABLE piece_fts USING fts5(
        scope, title, authors, source,
        content='piece_text', content_rowid='number', detail='none', columnsize=0,
        tokenize="ascii tokenchars '_'"
    )""",
    """CREATE TRIGGER piece_text_inserted AFTER INSERT ON piece_text BEGIN
        INSERT INTO piece_fts (rowid, scope, title, authors, source)
        VALUES (new.number, new.scope, new.title, new.authors, new.source);
    END""",
    """CREATE TRIGGER piece_text_deleted AFTER DELETE ON piece_text BEGIN
        INSERT INTO piece_fts (piece_fts, rowid, scope, title, authors, source)
        VALUES ('delete', old.number, old.scope, old.title, old.authors, old.source);
    END""",
)
SQLITE_DOWN = (
    "DROP TRIGGER piece_text_deleted",
    "DROP TRIGGER piece_text_inserted",
    "DROP TABLE piece_fts",
)

POSTGRESQL = (
    """ALTER TABLE piece_text ADD COLUMN words tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(
            string_to_array(scope || ' ' || title || ' ' || authors || ' ' || source, ' '), ''
        ))
    ) STORED""",
    "CREATE INDEX ix_piece_text_words ON piece_text USING gin (words)",
)
POSTGRESQL_DOWN = (
    "DROP INDEX ix_piece_text_words",
    "ALTER TABLE piece_text DROP COLUMN words",
)
