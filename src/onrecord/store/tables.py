"""The tables, once, for SQLite and PostgreSQL; `migrations/` makes them.

Rows hold what cannot be made again: captures, records as JSON, fact-checks, feeds, documents of the
evidence collection, answers of live sources. Indexes beside the database are projections that
`onrecord reindex` rebuilds.
"""

from __future__ import annotations

import sqlalchemy as sa

from onrecord.store.text import Text

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
    "kept_answers",
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
    "sightings",
    "sign_in_attempts",
    "tokens",
]

metadata = sa.MetaData()

captures = sa.Table(
    "captures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", Text(64), nullable=False, index=True),  # SHA-256 of the body
    sa.Column("url", Text, nullable=False, index=True),
    sa.Column("retrieved", Text(40), nullable=False),  # ISO 8601, UTC
    sa.Column("media_type", Text, nullable=False),
    sa.Column("n_bytes", sa.Integer, nullable=False),
    sa.Column("archive", Text, nullable=False),  # file name under captures/
    sa.Column("offset", sa.BigInteger, nullable=False),  # of the WARC record in it
)

records = sa.Table(
    "records",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("capture", sa.Integer, sa.ForeignKey("captures.id"), nullable=False, index=True),
    sa.Column("made", Text(40), nullable=False),
    sa.Column("version", Text, nullable=False),  # of onrecord
    sa.Column("json", Text, nullable=False),  # codec.encode
)

fact_checks = sa.Table(
    "fact_checks",
    metadata,
    sa.Column("id", Text(16), primary_key=True),  # from review address and claim
    sa.Column("url", Text, nullable=False),
    sa.Column("claim", Text, nullable=False),
    sa.Column("claimant", Text, nullable=False),
    sa.Column("rating", Text, nullable=False),
    sa.Column("rating_value", sa.Float),
    sa.Column("best_rating", sa.Float),
    sa.Column("worst_rating", sa.Float),
    sa.Column("rating_conflict", sa.Boolean, nullable=False),
    sa.Column("claim_date", Text(10), nullable=False),
    sa.Column("review_date", Text(10), nullable=False, index=True),
    sa.Column("title", Text, nullable=False),
    sa.Column("publisher", Text, nullable=False, index=True),
    sa.Column("language", Text(35), nullable=False),
    sa.Column("body", Text, nullable=False, server_default=""),  # of the article, where known
    sa.Column("source", Text, nullable=False),  # the feed that gave it
    sa.Column("changed", Text(40), nullable=False),  # when it was added or last changed
)

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("url", Text, primary_key=True),
    sa.Column("etag", Text, nullable=False),
    sa.Column("last_modified", Text, nullable=False),
    sa.Column("fetched", Text(40), nullable=False),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", Text(16), primary_key=True),  # from address or file name, and text
    sa.Column("url", Text, nullable=False, index=True),
    sa.Column("title", Text, nullable=False),
    sa.Column("date", Text(10), nullable=False),  # ISO 8601: a day, a month, a year, or empty
    sa.Column("publisher", Text, nullable=False, index=True),
    sa.Column("licence", Text, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("digest", Text(64), nullable=False, index=True),  # SHA-256 of the text
    sa.Column("source", Text, nullable=False, index=True),  # the file or address that gave it
    sa.Column("added", Text(40), nullable=False),  # ISO 8601, UTC
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", Text, nullable=False),  # the live source's name
    sa.Column("query", Text, nullable=False),
    sa.Column("url", Text, nullable=False),  # what was asked, without a key
    sa.Column("retrieved", Text(40), nullable=False),  # ISO 8601, UTC
    sa.Column("media_type", Text, nullable=False),  # as declared; it may name the encoding
    sa.Column("digest", Text(64), nullable=False, index=True),  # SHA-256 of the body
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_answers_source_query", "source", "query"),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", Text(16), primary_key=True),
    sa.Column("sign_in", Text, nullable=False, unique=True),  # lower case
    sa.Column("name", Text, nullable=False),  # printed under what the account signs
    sa.Column("role", Text(16), nullable=False),
    sa.Column("password", Text, nullable=False),  # argon2id, with its salt and cost
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("created", Text(40), nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", Text(64), primary_key=True),  # SHA-256 of the cookie's token
    sa.Column("account", Text(16), sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("csrf", Text(64), nullable=False),
    sa.Column("created", Text(40), nullable=False),
    sa.Column("expires", Text(40), nullable=False, index=True),
)

sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("about", Text(64), nullable=False, index=True),  # keyed digest: name or address
    sa.Column("at", Text(40), nullable=False, index=True),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", Text(16), primary_key=True),
    sa.Column("account", Text(16), sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("digest", Text(64), nullable=False, unique=True),  # SHA-256 of the token
    sa.Column("name", Text, nullable=False),
    sa.Column("created", Text(40), nullable=False),
    sa.Column("revoked", Text(40), nullable=False),  # empty while it holds
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("digest", Text(64), primary_key=True),  # SHA-256 of a one-time link's token
    sa.Column("purpose", Text(16), nullable=False),  # password, export, erase
    sa.Column("subject", Text, nullable=False),  # account or reply id
    sa.Column("expires", Text(40), nullable=False),
    sa.Column("used", Text(40), nullable=False),
)

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", Text(16), primary_key=True),
    sa.Column("state", Text(16), nullable=False, index=True),
    sa.Column("json", Text, nullable=False),  # the whole review
    sa.Column("digest", Text(64), nullable=False),  # of the json, for If-Match
    sa.Column("record", Text(64), nullable=False, index=True),
    sa.Column("claim", Text(16), nullable=False),
    sa.Column("assigned", Text(16), nullable=False, index=True),
    sa.Column("created", Text(40), nullable=False),
    sa.Column("changed", Text(40), nullable=False),
    sa.Column("published", Text(40), nullable=False, index=True),
    sa.Index("ix_reviews_listed", "state", "published", "changed"),
)

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("review", Text(16), sa.ForeignKey("reviews.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at", Text(40), nullable=False, index=True),
    sa.Column("json", Text, nullable=False),
    sa.UniqueConstraint("review", "number"),
)

pending_corrections = sa.Table(
    "pending_corrections",
    metadata,
    sa.Column("id", Text(16), primary_key=True),
    sa.Column("review", Text(16), sa.ForeignKey("reviews.id"), nullable=False, index=True),
    sa.Column("json", Text, nullable=False),
)

edits = sa.Table(
    "edits",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", Text(16), nullable=False, unique=True),
    sa.Column("record", Text(64), nullable=False, index=True),  # page digest it was made on
    sa.Column("url", Text, nullable=False, index=True),  # finds it again on a changed page
    sa.Column("json", Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Text(40), nullable=False),
    sa.Column("account", Text(16), nullable=False),
    sa.Column("act", Text, nullable=False),
    sa.Column("target", Text, nullable=False),
    sa.Column("content", Text(64), nullable=False),
    sa.Column("previous", Text(64), nullable=False, unique=True),
    sa.Column("digest", Text(64), nullable=False),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", Text(16), primary_key=True),
    sa.Column("kind", Text(16), nullable=False),  # address, file, paste
    sa.Column("argument", Text, nullable=False),  # the address, or the name of a kept upload
    sa.Column("state", Text(16), nullable=False, index=True),  # waiting running done failed
    sa.Column("progress", sa.Float, nullable=False),  # 0 to 1
    sa.Column("message", Text, nullable=False),
    sa.Column("account", Text(16), nullable=False),
    sa.Column("made", Text(40), nullable=False),
    sa.Column("started", Text(40), nullable=False),
    sa.Column("finished", Text(40), nullable=False),
    sa.Column("record", Text(64), nullable=False),  # page digest, once done
)

claims = sa.Table(
    "claims",  # a projection of the records, rebuilt by reindex
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", Text(16), nullable=False, index=True),
    sa.Column("record", Text(64), nullable=False, index=True),  # page digest
    sa.Column("url", Text, nullable=False),
    sa.Column("title", Text, nullable=False),
    sa.Column("site", Text, nullable=False),
    sa.Column("words", Text, nullable=False),
    sa.Column("speaker", Text, nullable=False),
    sa.Column("kind", Text(16), nullable=False),
    sa.Column("checkworthiness", sa.Float, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("matched", Text, nullable=False),  # publisher of the best earlier check, or empty
    sa.Column("state", Text(16), nullable=False),  # new, taken, checked, left
    sa.Column("assigned", Text(16), nullable=False, index=True),
    sa.Column("review", Text(16), nullable=False),
    sa.Column("made", Text(40), nullable=False),
    sa.Index("ix_claims_queue", "state", "checkworthiness"),
    sa.Index("ix_claims_made", "state", "made"),
    sa.Index("ix_claims_matched", "matched"),
)

replies = sa.Table(
    "replies",  # nothing here says how to reach the writer
    metadata,
    sa.Column("id", Text(16), primary_key=True),
    sa.Column("review", Text(16), sa.ForeignKey("reviews.id"), nullable=False, index=True),
    sa.Column("parent", Text(16), nullable=False),
    sa.Column("kind", Text(24), nullable=False),
    sa.Column("state", Text(16), nullable=False, index=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("at", Text(40), nullable=False, index=True),
    sa.Column("score", sa.Float, nullable=False),  # of the filter, 0 to 1
    sa.Column("reasons", Text, nullable=False),  # JSON, for editors
    sa.Column("shape", Text(64), nullable=False, index=True),  # finds the same words again
    sa.Column("decided_by", Text(16), nullable=False),
    sa.Column("decided", Text(40), nullable=False),
    sa.Index("ix_replies_moderation", "state", "kind", "at"),
    sa.Index("ix_replies_state_at", "state", "at"),
)

reply_contacts = sa.Table(
    "reply_contacts",  # read by one function
    metadata,
    sa.Column("reply", Text(16), sa.ForeignKey("replies.id"), primary_key=True),
    sa.Column("email", Text, nullable=False),  # sealed with the key of the data folder
    sa.Column("email_key", Text(64), nullable=False, index=True),  # keyed digest, to find it
    sa.Column("address", Text, nullable=False),  # cut to /24 or /48
    sa.Column("at", Text(40), nullable=False, index=True),
)

reply_tokens = sa.Table(
    "reply_tokens",
    metadata,
    sa.Column("digest", Text(64), primary_key=True),
    sa.Column("used", Text(40), nullable=False, index=True),
)

kept_values = sa.Table(
    "kept_values",  # small things with a name: the filter's weights, the last daily run
    metadata,
    sa.Column("name", Text(64), primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
    sa.Column("changed", Text(40), nullable=False),
)

kept_answers = sa.Table(
    "kept_answers",  # of the API, given again to a repeated request
    metadata,
    sa.Column("name", Text(64), primary_key=True),  # digest of the account and its key
    sa.Column("asked", Text(64), nullable=False),  # digest of the request
    sa.Column("at", Text(40), nullable=False, index=True),
    sa.Column("status", sa.Integer, nullable=False),  # 0 while it is being answered
    sa.Column("is_whole", sa.Boolean, nullable=False),
    sa.Column("headers", Text, nullable=False),  # JSON: pairs
    sa.Column("body", sa.LargeBinary, nullable=False),
)

sightings = sa.Table(
    "sightings",
    metadata,
    sa.Column("id", Text(16), primary_key=True),  # from address or file name, and text
    sa.Column("url", Text, nullable=False, index=True),
    sa.Column("title", Text, nullable=False),
    sa.Column("date", Text(10), nullable=False),  # as stated: a day, a month, a year, or empty
    sa.Column("first_seen", Text(40), nullable=False),  # by the desk or a crawler; ISO 8601, UTC
    sa.Column("publisher", Text, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("digest", Text(64), nullable=False, index=True),  # SHA-256 of the text
    sa.Column("source", Text, nullable=False),  # the file or address that gave it
)
