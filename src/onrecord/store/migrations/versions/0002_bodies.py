"""The text of a fact-check's article, by which claims are found that its summary rewords."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column, empty for the rows that are there."""
    column = sa.Column("body", sa.Text, nullable=False, server_default="")
    op.add_column("fact_checks", column)


def downgrade() -> None:
    """Drops it."""
    with op.batch_alter_table("fact_checks") as table:
        table.drop_column("body")
