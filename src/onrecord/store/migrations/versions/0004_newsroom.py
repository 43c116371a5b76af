"""The newsroom: accounts, reviews, corrections, edits, audit log, jobs, queue, replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "accounts",
    "sessions",
    "sign_in_attempts",
    "tokens",
    "links",
    "reviews",
    "corrections",
    "pending_corrections",
    "edits",
    "audit",
    "jobs",
    "claims",
    "replies",
    "reply_contacts",
    "reply_tokens",
    "kept_values",
)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("sign_in", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column(
            "account", sa.String(16), sa.ForeignKey("accounts.id"), nullable=False, index=True
        ),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("expires", sa.String(40), nullable=False, index=True),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("about", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.String(40), nullable=False, index=True),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column(
            "account", sa.String(16), sa.ForeignKey("accounts.id"), nullable=False, index=True
        ),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("revoked", sa.String(40), nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("expires", sa.String(40), nullable=False),
        sa.Column("used", sa.String(40), nullable=False),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("json", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("record", sa.String(64), nullable=False, index=True),
        sa.Column("claim", sa.String(16), nullable=False),
        sa.Column("assigned", sa.String(16), nullable=False, index=True),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("changed", sa.String(40), nullable=False),
        sa.Column("published", sa.String(40), nullable=False, index=True),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("review", sa.String(16), sa.ForeignKey("reviews.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False, index=True),
        sa.Column("json", sa.Text, nullable=False),
        sa.UniqueConstraint("review", "number"),
    )
    op.create_table(
        "pending_corrections",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("review", sa.String(16), sa.ForeignKey("reviews.id"), nullable=False, index=True),
        sa.Column("json", sa.Text, nullable=False),
    )
    op.create_table(
        "edits",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(16), nullable=False, unique=True),
        sa.Column("record", sa.String(64), nullable=False, index=True),
        sa.Column("url", sa.Text, nullable=False, index=True),
        sa.Column("json", sa.Text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("account", sa.String(16), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False, unique=True),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("argument", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("account", sa.String(16), nullable=False),
        sa.Column("made", sa.String(40), nullable=False),
        sa.Column("started", sa.String(40), nullable=False),
        sa.Column("finished", sa.String(40), nullable=False),
        sa.Column("record", sa.String(64), nullable=False),
    )
    op.create_table(
        "claims",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(16), nullable=False, index=True),
        sa.Column("record", sa.String(64), nullable=False, index=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("checkworthiness", sa.Float, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("matched", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("assigned", sa.String(16), nullable=False, index=True),
        sa.Column("review", sa.String(16), nullable=False),
        sa.Column("made", sa.String(40), nullable=False),
    )
    op.create_index("ix_claims_queue", "claims", ["state", "checkworthiness"])
    op.create_table(
        "replies",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("review", sa.String(16), sa.ForeignKey("reviews.id"), nullable=False, index=True),
        sa.Column("parent", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False, index=True),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("shape", sa.String(64), nullable=False, index=True),
        sa.Column("decided_by", sa.String(16), nullable=False),
        sa.Column("decided", sa.String(40), nullable=False),
    )
    op.create_table(
        "reply_contacts",
        sa.Column("reply", sa.String(16), sa.ForeignKey("replies.id"), primary_key=True),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.String(64), nullable=False, index=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False, index=True),
    )
    op.create_table(
        "reply_tokens",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("used", sa.String(40), nullable=False, index=True),
    )
    op.create_table(
        "kept_values",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("changed", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    """Drops them, the last first."""
    for name in reversed(TABLES):
        op.drop_table(name)
