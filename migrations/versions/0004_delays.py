"""Why the file of a letter in preparation could not be made at the last attempt."""

import sqlalchemy as sa
from alembic import op

from ledger.records.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("letter", sa.Column("delayed", sa.Text()))
    op.add_column("letter", sa.Column("delayed_at", UtcDateTime()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("letter", "delayed_at")
    op.drop_column("letter", "delayed")
