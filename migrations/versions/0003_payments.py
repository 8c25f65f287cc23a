"""Invoices and payments, how a publisher wants to be paid, and an index of what was begun and not sent."""

import sqlalchemy as sa
from alembic import op

from ledger.records.base import Id, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("settled_at IS NULL")
BEGUN = sa.text("submitted_at IS NULL")


def upgrade() -> None:
    """Add the tables, the columns and the index."""
    op.add_column("publisher", sa.Column("vat_id", sa.Text()))
    op.add_column("publisher", sa.Column("payment_instructions", sa.Text()))
    op.add_column(
        "publisher", sa.Column("payment_first", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("publisher", sa.Column("payment_days", sa.Integer(), nullable=False, server_default="30"))
    op.add_column(
        "quote", sa.Column("payment_first", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "invoice",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.Column("quote_id", Id, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payment_first", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("reminded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reminded_at", UtcDateTime()),
        sa.Column("settled_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["publisher_id", "request_id"],
            ["request.publisher_id", "request.id"],
            name=op.f("fk_invoice_publisher_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("publisher_id", "request_id", name=op.f("uq_invoice_publisher_id_request_id")),
    )
    op.create_index("ix_invoice_due", "invoice", ["due"], sqlite_where=UNSETTLED, postgresql_where=UNSETTLED)
    op.create_table(
        "payment",
        sa.Column("publisher_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("invoice_id", Id, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("recorded_by", Id, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id", "invoice_id"],
            ["invoice.publisher_id", "invoice.id"],
            name=op.f("fk_payment_publisher_id_invoice_id"),
        ),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_payment")),
    )
    op.create_index("ix_payment_invoice", "payment", ["publisher_id", "invoice_id"])
    op.create_index(
        "ix_request_begun", "request", ["turn_since", "id"], sqlite_where=BEGUN, postgresql_where=BEGUN
    )


def downgrade() -> None:
    """Take them away, with every invoice and payment."""
    op.drop_index("ix_request_begun", table_name="request")
    op.drop_table("payment")
    op.drop_table("invoice")
    op.drop_column("quote", "payment_first")
    for column in ("payment_days", "payment_first", "payment_instructions", "vat_id"):
        op.drop_column("publisher", column)
