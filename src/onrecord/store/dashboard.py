"""Counts for the dashboard, each in one query."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from onrecord.store.tables import claims, replies, reviews

__all__ = ["claims_by_age", "matches_by_publisher", "replies_by_state", "reviews_by_state"]

_AGES = ((1, "today"), (7, "up to 7 days"), (30, "up to 30 days"), (100_000, "older"))


def claims_by_age(engine: sa.Engine, *, now: str) -> tuple[tuple[str, int], ...]:
    """How many new claims there are by the days since their page was read."""
    at = datetime.fromisoformat(now)
    with engine.connect() as connection:
        n_before = 0
        found = []
        for days, name in _AGES:
            since = at - timedelta(days=min(days, (at - datetime(1, 1, 2, tzinfo=at.tzinfo)).days))
            fits = (claims.c.state == "new") & (claims.c.made > since.isoformat(timespec="seconds"))
            query = sa.select(sa.func.count()).select_from(claims).where(fits)
            n = int(connection.execute(query).scalar_one())
            found.append((name, n - n_before))
            n_before = n
    return tuple(found)


def matches_by_publisher(engine: sa.Engine, *, limit: int = 50) -> tuple[tuple[str, int], ...]:
    """How many claims were checked before, by the publisher of the earlier check, most first."""
    query = (
        sa.select(claims.c.matched, sa.func.count().label("n"))
        .where(claims.c.matched != "")
        .group_by(claims.c.matched)
        .order_by(sa.desc("n"), claims.c.matched)
        .limit(limit)
    )
    with engine.connect() as connection:
        return tuple((name, int(n)) for name, n in connection.execute(query))


def replies_by_state(engine: sa.Engine) -> tuple[tuple[str, int], ...]:
    """How many replies there are in each state."""
    query = (
        sa.select(replies.c.state, sa.func.count())
        .group_by(replies.c.state)
        .order_by(replies.c.state)
    )
    with engine.connect() as connection:
        return tuple((state, int(n)) for state, n in connection.execute(query))


def reviews_by_state(engine: sa.Engine) -> tuple[tuple[str, int], ...]:
    """How many reviews there are in each state that has some."""
    query = (
        sa.select(reviews.c.state, sa.func.count())
        .group_by(reviews.c.state)
        .order_by(reviews.c.state)
    )
    with engine.connect() as connection:
        return tuple((state, n) for state, n in connection.execute(query))
