"""What the watching of feeds has seen, and how often a feed failed: so that nothing comes twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from onrecord.store.captures import Kept
from onrecord.store.tables import captures, jobs, kept_values
from onrecord.store.writing import writing

__all__ = ["WATCHER", "Failures", "failed_pages", "failures", "keep_failures", "known", "recent"]

WATCHER = "watch"  # stands as the account of jobs that watching made
_MOST_VALUES = 500  # in a statement; SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class Failures:
    """How often a feed failed in a row, and when it may be asked again (ISO 8601, UTC)."""

    n: int = 0
    not_before: str = ""


def known(engine: sa.Engine, urls: Iterable[str]) -> frozenset[str]:
    """Those of the addresses that were kept, or that a job of any state was for."""
    asked = [*dict.fromkeys(urls)]
    found: set[str] = set()
    with engine.connect() as connection:
        for start in range(0, len(asked), _MOST_VALUES):
            some = asked[start : start + _MOST_VALUES]
            kept = sa.select(captures.c.url).where(captures.c.url.in_(some))
            queued = sa.select(jobs.c.argument).where(
                jobs.c.kind == "address", jobs.c.argument.in_(some)
            )
            found.update(connection.execute(kept).scalars())
            found.update(connection.execute(queued).scalars())
    return frozenset(found)


def failed_pages(engine: sa.Engine) -> tuple[tuple[str, int, str], ...]:
    """Pages of the watching whose every job failed: address, how often, the last time."""
    n, last = sa.func.count(), sa.func.max(jobs.c.finished)
    failed = sa.func.sum(sa.case((jobs.c.state == "failed", 1), else_=0))
    query = (
        sa.select(jobs.c.argument, n, last)
        .where(jobs.c.kind == "address", jobs.c.account == WATCHER)
        .group_by(jobs.c.argument)
        .having(n == failed)
        .order_by(jobs.c.argument)
    )
    with engine.connect() as connection:
        return tuple((row[0], int(row[1]), row[2]) for row in connection.execute(query))


def recent(engine: sa.Engine, *, since: str) -> tuple[Kept, ...]:
    """The newest capture of each address that was first kept since a time, by address."""
    first = (
        sa.select(captures.c.url, sa.func.max(captures.c.id).label("newest"))
        .where(captures.c.url.like("http%"))
        .group_by(captures.c.url)
        .having(sa.func.min(captures.c.retrieved) >= since)
        .subquery()
    )
    query = sa.select(captures).join(first, first.c.newest == captures.c.id)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(captures.c.url))
        return tuple(
            Kept(**{name: row._mapping[name] for name in Kept.__dataclass_fields__})  # noqa: SLF001 - the documented mapping of a row
            for row in rows
        )


def failures(engine: sa.Engine, feed: str) -> Failures:
    """How often a feed failed; nothing for one that did not."""
    query = sa.select(kept_values.c.value).where(kept_values.c.name == _name(feed))
    with engine.connect() as connection:
        value = connection.execute(query).scalar()
    return Failures(**json.loads(value)) if value else Failures()


def keep_failures(engine: sa.Engine, feed: str, failed: Failures, *, now: str) -> None:
    """Remembers the failures of a feed; none lets it go."""
    same = kept_values.c.name == _name(feed)
    with writing(engine) as connection:
        connection.execute(kept_values.delete().where(same))
        if failed.n:
            value = json.dumps(asdict(failed)).encode()
            row = {"name": _name(feed), "value": value, "changed": now}
            connection.execute(kept_values.insert().values(**row))


def _name(feed: str) -> str:
    return "watch:" + hashlib.sha256(feed.encode("utf-8", "replace")).hexdigest()[:32]
