"""The library of fact-checks: rows in the database, the truth behind the indexes."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from onrecord.record import FactCheck
from onrecord.store.tables import fact_checks, feeds
from onrecord.store.text import storable_row
from onrecord.store.writing import upsert, writing

__all__ = [
    "Added",
    "FeedState",
    "LibraryStats",
    "add",
    "every",
    "feed_state",
    "keep_feed_state",
    "stats",
]

BATCH = 2_000
_FIELDS = tuple(f.name for f in dataclasses.fields(FactCheck))


@dataclass(frozen=True, slots=True)
class Added:
    """How many rows of a batch were new, changed, or there already as they are."""

    new: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """Counts of the library: all, by publisher, by year of review, by rating as written."""

    n: int
    publishers: tuple[tuple[str, int], ...]
    years: tuple[tuple[str, int], ...]
    ratings: tuple[tuple[str, int], ...]
    n_conflicts: int


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a feed's server said last, for a conditional request."""

    etag: str = ""
    last_modified: str = ""


def add(
    engine: sa.Engine, rows: Iterable[FactCheck], *, source: str, now: str
) -> Iterator[tuple[Added, tuple[FactCheck, ...]]]:
    """Adds fact-checks in batches of 2,000, each a transaction: a kill leaves whole batches.

    A row with a known id is updated in place. Yields after each commit what came of the batch and
    the rows that are new or changed, which indexes must take in.
    """
    for batch in _batches(rows):
        unique = {row.id: storable_row(row) for row in batch}
        with writing(engine) as connection:
            known = _by_ids(connection, list(unique))
            fresh = [row for row in unique.values() if known.get(row.id) != row]
            values = [{**_values(row), "source": source, "changed": now} for row in fresh]
            upsert(connection, fact_checks, values)
        n_new = sum(row.id not in known for row in fresh)
        yield Added(n_new, len(fresh) - n_new, len(batch) - len(fresh)), tuple(fresh)


def every(engine: sa.Engine) -> Iterator[FactCheck]:
    """Every fact-check, by id, read in batches."""
    last = ""
    while True:
        query = sa.select(*_columns()).where(fact_checks.c.id > last).order_by(fact_checks.c.id)
        with engine.connect() as connection:
            rows = connection.execute(query.limit(BATCH)).all()
        if not rows:
            return
        for row in rows:
            yield _fact_check(row)
        last = rows[-1].id


def stats(engine: sa.Engine) -> LibraryStats:
    """Counts of the whole library, each list ordered by count, years by year."""
    publishers: Counter[str] = Counter()
    years: Counter[str] = Counter()
    ratings: Counter[str] = Counter()
    n = n_conflicts = 0
    query = sa.select(
        fact_checks.c.publisher,
        fact_checks.c.review_date,
        fact_checks.c.rating,
        fact_checks.c.rating_conflict,
    )
    with engine.connect() as connection:
        for publisher, review_date, rating, conflict in connection.execute(query):
            n += 1
            n_conflicts += conflict
            publishers[publisher or "not stated"] += 1
            years[review_date[:4] or "not stated"] += 1
            ratings[rating.casefold() or "not stated"] += 1
    by_year = tuple(sorted(years.items()))
    return LibraryStats(
        n, tuple(publishers.most_common()), by_year, tuple(ratings.most_common()), n_conflicts
    )


def feed_state(engine: sa.Engine, url: str) -> FeedState:
    """What the feed's server said at the last fetch; empty for a new feed."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(feeds).where(feeds.c.url == url)).first()
    return FeedState(row.etag, row.last_modified) if row else FeedState()


def keep_feed_state(engine: sa.Engine, url: str, *, state: FeedState, now: str) -> None:
    """Remembers what the feed's server said."""
    said = {"etag": state.etag, "last_modified": state.last_modified, "fetched": now}
    with writing(engine) as connection:
        upsert(connection, feeds, [{"url": url, **said}])


def _batches(rows: Iterable[FactCheck]) -> Iterator[Sequence[FactCheck]]:
    batch: list[FactCheck] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _by_ids(connection: sa.Connection, ids: list[str]) -> dict[str, FactCheck]:
    found: dict[str, FactCheck] = {}
    # SQLite takes at most 32,766 values in a statement.
    for start in range(0, len(ids), 500):
        query = sa.select(*_columns()).where(fact_checks.c.id.in_(ids[start : start + 500]))
        found.update((row.id, _fact_check(row)) for row in connection.execute(query))
    return found


def _columns() -> list[sa.Column[Any]]:
    return [fact_checks.c[name] for name in _FIELDS]


def _values(row: FactCheck) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _FIELDS}


def _fact_check(row: sa.Row[Any]) -> FactCheck:
    return FactCheck(**row._mapping)  # noqa: SLF001 - the documented mapping of a row
