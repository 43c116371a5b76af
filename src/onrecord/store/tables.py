"""The tables, once, for SQLite and PostgreSQL; `migrations/` makes them.

Rows hold what cannot be made again: captures, records as JSON, fact-checks, feeds, documents of the
evidence collection, answers of live sources. Indexes beside the database are projections that
`onrecord reindex` rebuilds.
"""

from __future__ import annotations

import sqlalchemy as sa

__all__ = [
    "accounts",
    "answers",
    "audit",
    "captures",
    "claims",
    "corrections",
    "documents",
    "edits",
    "fact_checks",
    "feeds",
    "jobs",
    "kept_values",
    "links",
    "metadata",
    "pending_corrections",
    "records",
    "replies",
    "reply_contacts",
    "reply_tokens",
    "reviews",
    "sessions",
    "sign_in_attempts",
    "tokens",
]

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

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("sign_in", sa.Text, nullable=False, unique=True),  # lower case
    sa.Column("name", sa.Text, nullable=False),  # printed under what the account signs
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password", sa.Text, nullable=False),  # argon2id, with its salt and cost
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("created", sa.String(40), nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256 of the cookie's token
    sa.Column("account", sa.String(16), sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created", sa.String(40), nullable=False),
    sa.Column("expires", sa.String(40), nullable=False, index=True),
)

sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("about", sa.String(64), nullable=False, index=True),  # keyed digest: name or address
    sa.Column("at", sa.String(40), nullable=False, index=True),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("account", sa.String(16), sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),  # SHA-256 of the token
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created", sa.String(40), nullable=False),
    sa.Column("revoked", sa.String(40), nullable=False),  # empty while it holds
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256 of a one-time link's token
    sa.Column("purpose", sa.String(16), nullable=False),  # password, export, erase
    sa.Column("subject", sa.Text, nullable=False),  # account or reply id
    sa.Column("expires", sa.String(40), nullable=False),
    sa.Column("used", sa.String(40), nullable=False),
)

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("json", sa.Text, nullable=False),  # the whole review
    sa.Column("digest", sa.String(64), nullable=False),  # of the json, for If-Match
    sa.Column("record", sa.String(64), nullable=False, index=True),
    sa.Column("claim", sa.String(16), nullable=False),
    sa.Column("assigned", sa.String(16), nullable=False, index=True),
    sa.Column("created", sa.String(40), nullable=False),
    sa.Column("changed", sa.String(40), nullable=False),
    sa.Column("published", sa.String(40), nullable=False, index=True),
)

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("review", sa.String(16), sa.ForeignKey("reviews.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False, index=True),
    sa.Column("json", sa.Text, nullable=False),
    sa.UniqueConstraint("review", "number"),
)

pending_corrections = sa.Table(
    "pending_corrections",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("review", sa.String(16), sa.ForeignKey("reviews.id"), nullable=False, index=True),
    sa.Column("json", sa.Text, nullable=False),
)

edits = sa.Table(
    "edits",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(16), nullable=False, unique=True),
    sa.Column("record", sa.String(64), nullable=False, index=True),  # page digest it was made on
    sa.Column("url", sa.Text, nullable=False, index=True),  # finds it again on a changed page
    sa.Column("json", sa.Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("account", sa.String(16), nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False, unique=True),
    sa.Column("digest", sa.String(64), nullable=False),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # address, file, paste
    sa.Column("argument", sa.Text, nullable=False),  # the address, or the name of a kept upload
    sa.Column("state", sa.String(16), nullable=False, index=True),  # waiting running done failed
    sa.Column("progress", sa.Float, nullable=False),  # 0 to 1
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("account", sa.String(16), nullable=False),
    sa.Column("made", sa.String(40), nullable=False),
    sa.Column("started", sa.String(40), nullable=False),
    sa.Column("finished", sa.String(40), nullable=False),
    sa.Column("record", sa.String(64), nullable=False),  # page digest, once done
)

claims = sa.Table(
    "claims",  # a projection of the records, rebuilt by reindex
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(16), nullable=False, index=True),
    sa.Column("record", sa.String(64), nullable=False, index=True),  # page digest
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("speaker", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("checkworthiness", sa.Float, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("matched", sa.Text, nullable=False),  # publisher of the best earlier check, or empty
    sa.Column("state", sa.String(16), nullable=False),  # new, taken, checked, left
    sa.Column("assigned", sa.String(16), nullable=False, index=True),
    sa.Column("review", sa.String(16), nullable=False),
    sa.Column("made", sa.String(40), nullable=False),
    sa.Index("ix_claims_queue", "state", "checkworthiness"),
)

replies = sa.Table(
    "replies",  # nothing here says how to reach the writer
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("review", sa.String(16), sa.ForeignKey("reviews.id"), nullable=False, index=True),
    sa.Column("parent", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False, index=True),
    sa.Column("score", sa.Float, nullable=False),  # of the filter, 0 to 1
    sa.Column("reasons", sa.Text, nullable=False),  # JSON, for editors
    sa.Column("shape", sa.String(64), nullable=False, index=True),  # finds the same words again
    sa.Column("decided_by", sa.String(16), nullable=False),
    sa.Column("decided", sa.String(40), nullable=False),
)

reply_contacts = sa.Table(
    "reply_contacts",  # read by one function
    metadata,
    sa.Column("reply", sa.String(16), sa.ForeignKey("replies.id"), primary_key=True),
    sa.Column("email", sa.Text, nullable=False),  # sealed with the key of the data folder
    sa.Column("email_key", sa.String(64), nullable=False, index=True),  # keyed digest, to find it
    sa.Column("address", sa.Text, nullable=False),  # cut to /24 or /48
    sa.Column("at", sa.String(40), nullable=False, index=True),
)

reply_tokens = sa.Table(
    "reply_tokens",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("used", sa.String(40), nullable=False, index=True),
)

kept_values = sa.Table(
    "kept_values",  # small things with a name: the filter's weights, the last daily run
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
    sa.Column("changed", sa.String(40), nullable=False),
)
