"""What the filter of replies has learned here, on top of the weights of the package."""

from __future__ import annotations

import sqlalchemy as sa

from onrecord.newsroom import spam
from onrecord.store.reply_rows import writing
from onrecord.store.tables import kept_values

__all__ = ["learn", "learn_in", "learned_weights", "weights_in"]

_LEARNED = "spam_learned"


def learn(engine: sa.Engine, text: str, *, is_spam: bool, weights: spam.Weights, at: str) -> None:
    """Teaches the filter from a comment that is not kept here, as another site reports it."""
    with writing(engine) as connection:
        learn_in(connection, text, is_spam=is_spam, weights=weights, at=at)


def learn_in(
    connection: sa.Connection, text: str, *, is_spam: bool, weights: spam.Weights, at: str
) -> None:
    """Teaches the filter within a transaction of the caller; `weights` are the seed."""
    present = weights_in(connection, weights) or weights
    after = spam.learned(present, text, is_spam)
    same = kept_values.c.name == _LEARNED
    values = {"value": spam.learned_bytes(after), "changed": at}
    if not connection.execute(kept_values.update().where(same).values(**values)).rowcount:
        connection.execute(kept_values.insert().values(name=_LEARNED, **values))


def learned_weights(engine: sa.Engine, weights: spam.Weights) -> spam.Weights:
    """The seed with what this desk's decisions have taught."""
    with engine.connect() as connection:
        return weights_in(connection, weights) or weights


def weights_in(connection: sa.Connection, seed: spam.Weights | None) -> spam.Weights | None:
    """The same within a transaction of the caller; `None` for no seed."""
    if seed is None:
        return None
    query = sa.select(kept_values.c.value).where(kept_values.c.name == _LEARNED)
    kept = connection.execute(query).scalar_one_or_none()
    return spam.with_learned(seed, kept) if kept else seed
