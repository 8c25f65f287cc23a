"""An index of the letters that amend, replace or revoke another: whoever verifies one asks for them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_letter_replaces", "letter", ["publisher_id", "replaces"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_letter_replaces", table_name="letter")
