"""The register, its requests and letters, its journal, its mail: the first tables.

Frozen: a change of the tables is a new script in this folder, with its own upgrade and downgrade.
"""

# ruff: noqa: E501 - statements stand as the database gets them

import sqlalchemy as sa
from alembic import op

from ledger.records.base import Document, Id, UtcDateTime, Word

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


EXTRAS = {
    "sqlite": (
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
        """CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'journal_entry is insert-only'); END""",
        """CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'journal_entry is insert-only'); END""",
        """CREATE TRIGGER journal_entry_next_seq BEFORE INSERT ON journal_entry
WHEN NEW.seq IS NOT coalesce(
  (SELECT seq + 1 FROM journal_entry WHERE publisher_id = NEW.publisher_id ORDER BY seq DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'journal_entry.seq must be the next number'); END""",
        """CREATE TRIGGER journal_tile_no_update BEFORE UPDATE ON journal_tile
BEGIN SELECT RAISE(ABORT, 'journal_tile is insert-only'); END""",
        """CREATE TRIGGER journal_tile_no_delete BEFORE DELETE ON journal_tile
BEGIN SELECT RAISE(ABORT, 'journal_tile is insert-only'); END""",
        """CREATE TRIGGER journal_tile_next_number BEFORE INSERT ON journal_tile
WHEN NEW.number IS NOT coalesce((SELECT number + 1 FROM journal_tile
  WHERE publisher_id = NEW.publisher_id AND level = NEW.level ORDER BY number DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'journal_tile.number must be the next number'); END""",
        """CREATE TRIGGER personal_datum_no_update BEFORE UPDATE ON personal_datum
BEGIN SELECT RAISE(ABORT, 'personal_datum is never changed, only erased'); END""",
        """CREATE TRIGGER personal_datum_new_entry BEFORE INSERT ON personal_datum
WHEN EXISTS (SELECT 1 FROM personal_datum
  WHERE publisher_id = NEW.publisher_id AND seq = NEW.seq AND field = NEW.field)
BEGIN SELECT RAISE(ABORT, 'personal_datum is never changed, only erased'); END""",
    ),
    "postgresql": (
        """ALTER TABLE piece_text ADD COLUMN words tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(
            string_to_array(scope || ' ' || title || ' ' || authors || ' ' || source, ' '), ''
        ))
    ) STORED""",
        """CREATE INDEX ix_piece_text_words ON piece_text USING gin (words)""",
        """CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $journal$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is insert-only', ERRCODE = 'insufficient_privilege';
END
$journal$""",
        """CREATE OR REPLACE FUNCTION journal_next_seq() RETURNS trigger LANGUAGE plpgsql AS $journal$
BEGIN
  IF NEW.seq IS DISTINCT FROM coalesce((SELECT seq + 1 FROM journal_entry
      WHERE publisher_id = NEW.publisher_id ORDER BY seq DESC LIMIT 1), 0) THEN
    RAISE EXCEPTION 'journal_entry.seq must be the next number'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$journal$""",
        """CREATE OR REPLACE FUNCTION journal_next_tile() RETURNS trigger LANGUAGE plpgsql AS $journal$
BEGIN
  IF NEW.number IS DISTINCT FROM coalesce((SELECT number + 1 FROM journal_tile
      WHERE publisher_id = NEW.publisher_id AND level = NEW.level ORDER BY number DESC LIMIT 1), 0) THEN
    RAISE EXCEPTION 'journal_tile.number must be the next number'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$journal$""",
        """CREATE TRIGGER journal_entry_no_change BEFORE UPDATE OR DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_refuse()""",
        """CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()""",
        """CREATE TRIGGER journal_entry_next_seq BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_next_seq()""",
        """CREATE TRIGGER journal_tile_no_change BEFORE UPDATE OR DELETE ON journal_tile FOR EACH ROW EXECUTE FUNCTION journal_refuse()""",
        """CREATE TRIGGER journal_tile_no_truncate BEFORE TRUNCATE ON journal_tile FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()""",
        """CREATE TRIGGER journal_tile_next_number BEFORE INSERT ON journal_tile FOR EACH ROW EXECUTE FUNCTION journal_next_tile()""",
        """CREATE TRIGGER personal_datum_no_update BEFORE UPDATE ON personal_datum FOR EACH ROW EXECUTE FUNCTION journal_refuse()""",
    ),
}

EXTRAS_DOWN = {
    "sqlite": (
        """DROP TRIGGER IF EXISTS journal_entry_no_update""",
        """DROP TRIGGER IF EXISTS journal_entry_no_delete""",
        """DROP TRIGGER IF EXISTS journal_entry_next_seq""",
        """DROP TRIGGER IF EXISTS journal_tile_no_update""",
        """DROP TRIGGER IF EXISTS journal_tile_no_delete""",
        """DROP TRIGGER IF EXISTS journal_tile_next_number""",
        """DROP TRIGGER IF EXISTS personal_datum_no_update""",
        """DROP TRIGGER IF EXISTS personal_datum_new_entry""",
        """DROP TRIGGER piece_text_deleted""",
        """DROP TRIGGER piece_text_inserted""",
        """DROP TABLE piece_fts""",
    ),
    "postgresql": (
        """DROP TRIGGER IF EXISTS journal_entry_no_change ON journal_entry""",
        """DROP TRIGGER IF EXISTS journal_entry_no_truncate ON journal_entry""",
        """DROP TRIGGER IF EXISTS journal_entry_next_seq ON journal_entry""",
        """DROP TRIGGER IF EXISTS journal_tile_no_change ON journal_tile""",
        """DROP TRIGGER IF EXISTS journal_tile_no_truncate ON journal_tile""",
        """DROP TRIGGER IF EXISTS journal_tile_next_number ON journal_tile""",
        """DROP TRIGGER IF EXISTS personal_datum_no_update ON personal_datum""",
        """DROP FUNCTION IF EXISTS journal_refuse()""",
        """DROP FUNCTION IF EXISTS journal_next_seq()""",
        """DROP FUNCTION IF EXISTS journal_next_tile()""",
        """DROP INDEX ix_piece_text_words""",
        """ALTER TABLE piece_text DROP COLUMN words""",
    ),
}


def upgrade() -> None:
    """Make every table."""
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "journal_entry",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("publisher_id", "seq", name=op.f("pk_journal_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_tile",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("publisher_id", "level", "number", name=op.f("pk_journal_tile")),
    )
    op.create_table(
        "magic_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_magic_link")),
    )
    op.create_table(
        "mail_message",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_id", Id, nullable=True),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("from_name", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("attachments", Document, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_mail_message")),
        sa.UniqueConstraint("publisher_id", "key", name=op.f("uq_mail_message_publisher_id_key")),
    )
    op.create_index("ix_mail_message_request", "mail_message", ["publisher_id", "request_id"], unique=False)
    op.create_index(
        "ix_mail_message_state", "mail_message", ["publisher_id", "state", "created_at"], unique=False
    )
    op.create_index("uq_mail_message_id", "mail_message", ["id"], unique=True)
    op.create_table(
        "person",
        sa.Column("id", Id, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), server_default="en", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "personal_datum",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("subject", Id, nullable=True),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("publisher_id", "seq", "field", name=op.f("pk_personal_datum")),
    )
    op.create_index(
        "ix_personal_datum_publisher_id_subject", "personal_datum", ["publisher_id", "subject"], unique=False
    )
    op.create_table(
        "piece_shingle",
        sa.Column("shingle", sa.BigInteger(), nullable=False),
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("piece_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("shingle", "publisher_id", "piece_id", name=op.f("pk_piece_shingle")),
    )
    op.create_table(
        "publisher",
        sa.Column("id", Id, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("language", sa.String(length=35), server_default="en", nullable=False),
        sa.Column("permissions_email", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("signatory", sa.Text(), nullable=True),
        sa.Column("number_prefix", sa.String(length=40), nullable=False),
        sa.Column("wording", Document, nullable=True),
        sa.Column("logo_sha256", sa.String(length=64), nullable=True),
        sa.Column("signature_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publisher")),
        sa.UniqueConstraint("slug", name=op.f("uq_publisher_slug")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("window_start", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "letter",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("request_id", Id, nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("document", Document, nullable=False),
        sa.Column("decision_seq", sa.BigInteger(), nullable=True),
        sa.Column("issued_seq", sa.BigInteger(), nullable=True),
        sa.Column("issued_by", Id, nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("replaces", Id, nullable=True),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name=op.f("fk_letter_publisher_id")),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_letter_number")),
    )
    op.create_index("ix_letter_request", "letter", ["publisher_id", "request_id"], unique=False)
    op.create_index("ix_letter_sha256", "letter", ["sha256"], unique=False)
    op.create_table(
        "letter_counter",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["publisher.id"], name=op.f("fk_letter_counter_publisher_id")
        ),
        sa.PrimaryKeyConstraint("publisher_id", "year", name=op.f("pk_letter_counter")),
    )
    op.create_table(
        "membership",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name=op.f("fk_membership_publisher_id")),
        sa.PrimaryKeyConstraint("publisher_id", "person_id", "role", name=op.f("pk_membership")),
    )
    op.create_table(
        "party",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name=op.f("fk_party_publisher_id")),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_party")),
    )
    op.create_index("ix_party_name_key", "party", ["publisher_id", "name_key"], unique=False)
    op.create_table(
        "piece",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("document", Document, nullable=False),
        sa.Column("public_record", sa.Text(), nullable=True),
        sa.Column("draft", Document, nullable=True),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=True),
        sa.Column("snapshot_type", sa.Text(), nullable=True),
        sa.Column("registered_by", Id, nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", Id, nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name=op.f("fk_piece_publisher_id")),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_piece")),
    )
    op.create_index("ix_piece_newest", "piece", ["publisher_id", "state", "id"], unique=False)
    op.create_index("ix_piece_snapshot", "piece", ["publisher_id", "snapshot_sha256"], unique=False)
    op.create_index("uq_piece_id", "piece", ["id"], unique=True)
    op.create_table(
        "request",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("turn", sa.String(length=16), nullable=False),
        sa.Column("turn_since", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("assigned_to", Id, nullable=True),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name=op.f("fk_request_publisher_id")),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_request")),
        sa.UniqueConstraint("publisher_id", "form_key", name=op.f("uq_request_publisher_id_form_key")),
    )
    op.create_index(
        "ix_request_age",
        "request",
        ["publisher_id", "turn_since", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_request_archive",
        "request",
        ["publisher_id", "closed_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_request_assigned",
        "request",
        ["publisher_id", "assigned_to", "turn_since", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_request_closed",
        "request",
        ["publisher_id", "state", "closed_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index("ix_request_email", "request", ["publisher_id", "email"], unique=False)
    op.create_index(
        "ix_request_open",
        "request",
        ["publisher_id", "turn", "turn_since", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_request_state",
        "request",
        ["publisher_id", "state", "turn_since", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
    )
    op.create_index("uq_request_id", "request", ["id"], unique=True)
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "source_profile",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["publisher.id"], name=op.f("fk_source_profile_publisher_id")
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_source_profile")),
    )
    op.create_table(
        "tariff",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name=op.f("fk_tariff_publisher_id")),
        sa.PrimaryKeyConstraint("publisher_id", "version", name=op.f("pk_tariff")),
    )
    op.create_table(
        "terms",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("clause_sha256", sa.String(length=64), nullable=True),
        sa.Column("document", Document, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("everywhere", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name=op.f("fk_terms_publisher_id")),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_terms")),
    )
    op.create_index(
        "ix_terms_everywhere",
        "terms",
        ["publisher_id"],
        unique=False,
        sqlite_where=sa.text("everywhere"),
        postgresql_where=sa.text("everywhere"),
    )
    op.create_table(
        "assessment",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("piece_id", Id, nullable=False),
        sa.Column("component_id", Id, nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("supersedes", Id, nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "piece_id"],
            ["piece.publisher_id", "piece.id"],
            name=op.f("fk_assessment_publisher_id_piece_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_piece", "assessment", ["publisher_id", "piece_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "request_id"],
            ["request.publisher_id", "request.id"],
            name=op.f("fk_attachment_publisher_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_request", "attachment", ["publisher_id", "request_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("piece_id", Id, nullable=False),
        sa.Column("party_id", Id, nullable=False),
        sa.Column("component_id", Id, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publisher_id", "piece_id"],
            ["piece.publisher_id", "piece.id"],
            name=op.f("fk_claim_publisher_id_piece_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_piece", "claim", ["publisher_id", "piece_id"], unique=False)
    op.create_table(
        "enquiry",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.Column("item_ids", Document, nullable=False),
        sa.Column("owner", Document, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", Document, nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("chased", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_from", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publisher_id", "request_id"],
            ["request.publisher_id", "request.id"],
            name=op.f("fk_enquiry_publisher_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_enquiry")),
    )
    op.create_index("ix_enquiry_request", "enquiry", ["publisher_id", "request_id"], unique=False)
    op.create_index("ix_enquiry_state", "enquiry", ["state", "sent_at"], unique=False)
    op.create_table(
        "letter_ground",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("letter_id", Id, nullable=False),
        sa.Column("ground_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "letter_id"],
            ["letter.publisher_id", "letter.id"],
            name=op.f("fk_letter_ground_publisher_id_letter_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "letter_id", "ground_id", name=op.f("pk_letter_ground")),
    )
    op.create_index("ix_letter_ground_ground", "letter_ground", ["publisher_id", "ground_id"], unique=False)
    op.create_table(
        "letter_piece",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("letter_id", Id, nullable=False),
        sa.Column("piece_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "letter_id"],
            ["letter.publisher_id", "letter.id"],
            name=op.f("fk_letter_piece_publisher_id_letter_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "letter_id", "piece_id", name=op.f("pk_letter_piece")),
    )
    op.create_index("ix_letter_piece_piece", "letter_piece", ["publisher_id", "piece_id"], unique=False)
    op.create_table(
        "obligation",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("letter_id", Id, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publisher_id", "letter_id"],
            ["letter.publisher_id", "letter.id"],
            name=op.f("fk_obligation_publisher_id_letter_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_obligation")),
    )
    op.create_index("ix_obligation_due", "obligation", ["due"], unique=False)
    op.create_index("ix_obligation_letter", "obligation", ["publisher_id", "letter_id"], unique=False)
    op.create_table(
        "piece_terms",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("piece_id", Id, nullable=False),
        sa.Column("terms_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "piece_id"],
            ["piece.publisher_id", "piece.id"],
            name=op.f("fk_piece_terms_publisher_id_piece_id"),
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id", "terms_id"],
            ["terms.publisher_id", "terms.id"],
            name=op.f("fk_piece_terms_publisher_id_terms_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "piece_id", "terms_id", name=op.f("pk_piece_terms")),
    )
    op.create_index("ix_piece_terms_terms", "piece_terms", ["publisher_id", "terms_id"], unique=False)
    op.create_table(
        "piece_text",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("piece_id", Id, nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "piece_id"],
            ["piece.publisher_id", "piece.id"],
            name=op.f("fk_piece_text_publisher_id_piece_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_piece_text")),
    )
    op.create_index("uq_piece_text_piece", "piece_text", ["publisher_id", "piece_id"], unique=True)
    op.create_table(
        "piece_url",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("piece_id", Id, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "piece_id"],
            ["piece.publisher_id", "piece.id"],
            name=op.f("fk_piece_url_publisher_id_piece_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "piece_id", "url", name=op.f("pk_piece_url")),
    )
    op.create_index(op.f("ix_piece_url_url_key"), "piece_url", ["url_key"], unique=False)
    op.create_table(
        "quote",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("made_by", Id, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publisher_id", "request_id"],
            ["request.publisher_id", "request.id"],
            name=op.f("fk_quote_publisher_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_quote")),
    )
    op.create_index("ix_quote_request", "quote", ["publisher_id", "request_id"], unique=False)
    op.create_table(
        "request_event",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("document", Document, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "request_id"],
            ["request.publisher_id", "request.id"],
            name=op.f("fk_request_event_publisher_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_request_event")),
    )
    op.create_index(
        "ix_request_event_request", "request_event", ["publisher_id", "request_id", "at"], unique=False
    )
    op.create_table(
        "request_item",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("piece_id", Id, nullable=False),
        sa.Column("component_id", Id, nullable=False),
        sa.Column("use", Document, nullable=False),
        sa.Column("answer", Document, nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("document", Document, nullable=True),
        sa.Column("decided_by", Id, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_seq", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publisher_id", "piece_id"],
            ["piece.publisher_id", "piece.id"],
            name=op.f("fk_request_item_publisher_id_piece_id"),
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id", "request_id"],
            ["request.publisher_id", "request.id"],
            name=op.f("fk_request_item_publisher_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_request_item")),
    )
    op.create_index("ix_request_item_piece", "request_item", ["publisher_id", "piece_id"], unique=False)
    op.create_index(
        "ix_request_item_request", "request_item", ["publisher_id", "request_id", "position"], unique=False
    )
    op.create_table(
        "request_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("enquiry_id", Id, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publisher_id", "request_id"],
            ["request.publisher_id", "request.id"],
            name=op.f("fk_request_token_publisher_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_request_token")),
    )
    op.create_table(
        "request_word",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("word", Word, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "request_id"],
            ["request.publisher_id", "request.id"],
            name=op.f("fk_request_word_publisher_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "word", "request_id", name=op.f("pk_request_word")),
    )
    op.create_index(
        "ix_request_word_request", "request_word", ["publisher_id", "request_id", "word"], unique=False
    )
    # ### end Alembic commands ###
    bind = op.get_bind()
    for statement in EXTRAS[bind.dialect.name]:
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    """Drop every table and all that is in them."""
    bind = op.get_bind()
    for statement in EXTRAS_DOWN[bind.dialect.name]:
        bind.exec_driver_sql(statement)
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index("ix_request_word_request", table_name="request_word")
    op.drop_table("request_word")
    op.drop_table("request_token")
    op.drop_index("ix_request_item_request", table_name="request_item")
    op.drop_index("ix_request_item_piece", table_name="request_item")
    op.drop_table("request_item")
    op.drop_index("ix_request_event_request", table_name="request_event")
    op.drop_table("request_event")
    op.drop_index("ix_quote_request", table_name="quote")
    op.drop_table("quote")
    op.drop_index(op.f("ix_piece_url_url_key"), table_name="piece_url")
    op.drop_table("piece_url")
    op.drop_index("uq_piece_text_piece", table_name="piece_text")
    op.drop_table("piece_text")
    op.drop_index("ix_piece_terms_terms", table_name="piece_terms")
    op.drop_table("piece_terms")
    op.drop_index("ix_obligation_letter", table_name="obligation")
    op.drop_index("ix_obligation_due", table_name="obligation")
    op.drop_table("obligation")
    op.drop_index("ix_letter_piece_piece", table_name="letter_piece")
    op.drop_table("letter_piece")
    op.drop_index("ix_letter_ground_ground", table_name="letter_ground")
    op.drop_table("letter_ground")
    op.drop_index("ix_enquiry_state", table_name="enquiry")
    op.drop_index("ix_enquiry_request", table_name="enquiry")
    op.drop_table("enquiry")
    op.drop_index("ix_claim_piece", table_name="claim")
    op.drop_table("claim")
    op.drop_index("ix_attachment_request", table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("ix_assessment_piece", table_name="assessment")
    op.drop_table("assessment")
    op.drop_index(
        "ix_terms_everywhere",
        table_name="terms",
        sqlite_where=sa.text("everywhere"),
        postgresql_where=sa.text("everywhere"),
    )
    op.drop_table("terms")
    op.drop_table("tariff")
    op.drop_table("source_profile")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index("uq_request_id", table_name="request")
    op.drop_index(
        "ix_request_state",
        table_name="request",
        sqlite_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_request_open",
        table_name="request",
        sqlite_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
    )
    op.drop_index("ix_request_email", table_name="request")
    op.drop_index(
        "ix_request_closed",
        table_name="request",
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_request_assigned",
        table_name="request",
        sqlite_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_request_archive",
        table_name="request",
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_request_age",
        table_name="request",
        sqlite_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND submitted_at IS NOT NULL"),
    )
    op.drop_table("request")
    op.drop_index("uq_piece_id", table_name="piece")
    op.drop_index("ix_piece_snapshot", table_name="piece")
    op.drop_index("ix_piece_newest", table_name="piece")
    op.drop_table("piece")
    op.drop_index("ix_party_name_key", table_name="party")
    op.drop_table("party")
    op.drop_table("membership")
    op.drop_table("letter_counter")
    op.drop_index("ix_letter_sha256", table_name="letter")
    op.drop_index("ix_letter_request", table_name="letter")
    op.drop_table("letter")
    op.drop_table("throttle")
    op.drop_table("publisher")
    op.drop_table("piece_shingle")
    op.drop_index("ix_personal_datum_publisher_id_subject", table_name="personal_datum")
    op.drop_table("personal_datum")
    op.drop_table("person")
    op.drop_index("uq_mail_message_id", table_name="mail_message")
    op.drop_index("ix_mail_message_state", table_name="mail_message")
    op.drop_index("ix_mail_message_request", table_name="mail_message")
    op.drop_table("mail_message")
    op.drop_table("magic_link")
    op.drop_table("journal_tile")
    op.drop_table("journal_entry")
    # ### end Alembic commands ###
