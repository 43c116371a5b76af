"""Texts that the desk has seen, for copies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from onrecord.store.text import Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "sightings",
        sa.Column("id", Text(16), primary_key=True),
        sa.Column("url", Text, nullable=False, index=True),
        sa.Column("title", Text, nullable=False),
        sa.Column("date", Text(10), nullable=False),
        sa.Column("first_seen", Text(40), nullable=False),
        sa.Column("publisher", Text, nullable=False),
        sa.Column("text", Text, nullable=False),
        sa.Column("digest", Text(64), nullable=False, index=True),
        sa.Column("source", Text, nullable=False),
    )


def downgrade() -> None:
    """Drops it."""
    op.drop_table("sightings")
