"""The tables, once, for SQLite and PostgreSQL; `migrations/` makes them.

Rows hold what cannot be made again: captures, records as JSON, fact-checks, feeds, documents of the
evidence collection, answers of live sources. Indexes beside the database are projections that
`onrecord reindex` rebuilds.
"""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["answers", "captures", "documents", "fact_checks", "feeds", "metadata", "records"]

metadata = sa.MetaData()

captures = sa.Table(
    "captures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, index=True),  # SHA-256 of the body
    sa.Column("url", sa.Text, nullable=False, index=True),
    sa.Column("retrieved", sa.String(40), nullable=False),  # ISO 8601, UTC
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("n_bytes", sa.Integer, nullable=False),
    sa.Column("archive", sa.Text, nullable=False),  # file name under captures/
    sa.Column("offset", sa.BigInteger, nullable=False),  # of the WARC record in it
)

records = sa.Table(
    "records",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("capture", sa.Integer, sa.ForeignKey("captures.id"), nullable=False, index=True),
    sa.Column("made", sa.String(40), nullable=False),
    sa.Column("version", sa.Text, nullable=False),  # of onrecord
    sa.Column("json", sa.Text, nullable=False),  # codec.encode
)

fact_checks = sa.Table(
    "fact_checks",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),  # from review address and claim
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
    sa.Column("body", sa.Text, nullable=False, server_default=""),  # of the article, where known
    sa.Column("source", sa.Text, nullable=False),  # the feed that gave it
    sa.Column("changed", sa.String(40), nullable=False),  # when it was added or last changed
)

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("last_modified", sa.Text, nullable=False),
    sa.Column("fetched", sa.String(40), nullable=False),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),  # from address or file name, and text
    sa.Column("url", sa.Text, nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("date", sa.String(10), nullable=False),  # ISO 8601: a day, a month, a year, or empty
    sa.Column("publisher", sa.Text, nullable=False, index=True),
    sa.Column("licence", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, index=True),  # SHA-256 of the text
    sa.Column("source", sa.Text, nullable=False, index=True),  # the file or address that gave it
    sa.Column("added", sa.String(40), nullable=False),  # ISO 8601, UTC
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),  # the live source's name
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),  # what was asked, without a key
    sa.Column("retrieved", sa.String(40), nullable=False),  # ISO 8601, UTC
    sa.Column("media_type", sa.Text, nullable=False),  # as declared; it may name the encoding
    sa.Column("digest", sa.String(64), nullable=False, index=True),  # SHA-256 of the body
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_answers_source_query", "source", "query"),
)
