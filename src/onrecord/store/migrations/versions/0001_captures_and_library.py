"""Captures, records, fact-checks and feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the first four tables."""
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, index=True),
        sa.Column("url", sa.Text, nullable=False, index=True),
        sa.Column("retrieved", sa.String(40), nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("n_bytes", sa.Integer, nullable=False),
        sa.Column("archive", sa.Text, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("capture", sa.Integer, sa.ForeignKey("captures.id"), nullable=False, index=True),
        sa.Column("made", sa.String(40), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("json", sa.Text, nullable=False),
    )
    op.create_table(
        "fact_checks",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("claimant", sa.Text, nullable=False),
        sa.Column("rating", sa.Text, nullable=False),
        sa.Column("rating_value", sa.Float),
        sa.Column("best_rating", sa.Float),
        sa.Column("worst_rating", sa.Float),
        sa.Column("rating_conflict", sa.Boolean, nullable=False),
        sa.Column("claim_date", sa.String(10), nullable=False),
        sa.Column("review_date", sa.String(10), nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text, nullable=False, index=True),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("changed", sa.String(40), nullable=False),
    )
    op.create_table(
        "feeds",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.Text, nullable=False),
        sa.Column("fetched", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    """Drops them."""
    for name in ("feeds", "fact_checks", "records", "captures"):
        op.drop_table(name)
