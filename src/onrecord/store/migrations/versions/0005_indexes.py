"""Indexes for what the desk's pages look for."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# (name, table, columns)
INDEXES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ix_claims_made", "claims", ("state", "made")),
    ("ix_claims_matched", "claims", ("matched",)),
    ("ix_reviews_listed", "reviews", ("state", "published", "changed")),
    ("ix_replies_moderation", "replies", ("state", "kind", "at")),
    ("ix_replies_state_at", "replies", ("state", "at")),
)


def upgrade() -> None:
    """Makes them."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, list(columns))


def downgrade() -> None:
    """Drops them."""
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
