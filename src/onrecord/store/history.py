"""The texts that the desk has seen: rows in the database, the truth behind the fingerprints."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from onrecord.ports import Sighting
from onrecord.record import Document
from onrecord.store.tables import sightings
from onrecord.store.text import storable_row
from onrecord.store.writing import upsert, writing

__all__ = [
    "BATCH",
    "Added",
    "HistoryStats",
    "Which",
    "add",
    "by_ids",
    "every",
    "ids",
    "listed",
    "remove",
    "seen",
    "stats",
]

# Texts of a batch, which is a transaction and a segment of the index.
BATCH = 1_000
BATCH_CHARS = 5_000_000
# SQLite takes at most 32,766 values in a statement.
_MAX_VALUES = 500
_FIELDS = ("id", "url", "title", "date", "publisher", "text", "source")


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a batch: `fresh` are texts that were not there, `same` those that were.

    `changed` of the fresh ones stand at an address that was known with another text. `seen` are
    the earliest and the latest time of these sightings.
    """

    fresh: tuple[Document, ...]
    same: int
    changed: int = 0
    seen: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Which:
    """Which texts are meant: those that fit everything that is stated; an empty one fits none.

    `source` is a file, a folder or an address that gave texts.
    """

    id: str = ""
    url: str = ""
    source: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class HistoryStats:
    """Counts of the history, each list ordered by count, years by year.

    `n_texts` counts texts that differ: one that stands at several addresses counts once.
    """

    n: int
    n_texts: int
    n_chars: int
    oldest: str
    newest: str
    publishers: tuple[tuple[str, int], ...]
    years: tuple[tuple[str, int], ...]


def add(engine: sa.Engine, rows: Iterable[Sighting]) -> Iterator[Added]:
    """Adds texts in batches, each a transaction: a kill leaves whole batches.

    A text that is there from the same address keeps the earlier of its two sightings, and what it
    stated first; a new text at a known address stands beside the older one. Yields after each
    commit.
    """
    for batch in _batches(rows):
        unique = {one.document.id: one for one in reversed(batch)}
        with writing(engine) as connection:
            known = {one.document.id: one for one in _select(connection, list(unique))}
            changed = [
                _merged(known[text_id], one) if text_id in known else _cleaned(one)
                for text_id, one in unique.items()
            ]
            changed = [one for one in changed if known.get(one.document.id) != one]
            fresh = tuple(one.document for one in changed if one.document.id not in known)
            n_changed = _n_known(connection, fresh)
            upsert(connection, sightings, [_values(one) for one in changed])
        times = [one.first_seen for one in batch]
        yield Added(fresh, len(batch) - len(fresh), n_changed, (min(times), max(times)))


def by_ids(engine: sa.Engine, wanted: Sequence[str]) -> tuple[Sighting, ...]:
    """The sightings with these ids, in their order; an id that is not there is passed over."""
    with engine.connect() as connection:
        found = {one.document.id: one for one in _select(connection, wanted)}
    return tuple(found[text_id] for text_id in wanted if text_id in found)


def every(engine: sa.Engine) -> Iterator[Sighting]:
    """Every sighting, by id, read in batches."""
    last = ""
    while True:
        query = sa.select(*_columns()).where(sightings.c.id > last).order_by(sightings.c.id)
        with engine.connect() as connection:
            rows = connection.execute(query.limit(BATCH)).all()
        if not rows:
            return
        for row in rows:
            yield _sighting(row)
        last = rows[-1].id


def ids(engine: sa.Engine) -> frozenset[str]:
    """The ids of all texts: 1 s for a million."""
    with engine.connect() as connection:
        return frozenset(connection.execute(sa.select(sightings.c.id)).scalars())


def seen(engine: sa.Engine) -> tuple[str, str]:
    """The earliest and the latest first sighting; empty where there is none. Reads every row."""
    first = sightings.c.first_seen
    with engine.connect() as connection:
        row = connection.execute(sa.select(sa.func.min(first), sa.func.max(first))).one()
    return row[0] or "", row[1] or ""


def listed(engine: sa.Engine, which: Which, *, limit: int) -> tuple[Sighting, ...]:
    """Texts without their words, newest sighting first; all of them for an empty `which`."""
    empty: sa.ColumnElement[Any] = sa.literal("").label("text")
    columns = [empty if column.name == "text" else column for column in _columns()]
    query: sa.Select[Any] = sa.select(*columns).where(*_conditions(which))
    query = query.order_by(sightings.c.first_seen.desc(), sightings.c.id).limit(limit)
    with engine.connect() as connection:
        return tuple(_sighting(row) for row in connection.execute(query))


def remove(engine: sa.Engine, which: Which) -> tuple[str, ...]:
    """Removes the texts that are meant and returns their ids; none for an empty `which`."""
    conditions = _conditions(which)
    if not conditions:
        return ()
    with writing(engine) as connection:
        query = sa.select(sightings.c.id).where(*conditions).order_by(sightings.c.id)
        found = tuple(connection.execute(query).scalars())
        for start in range(0, len(found), _MAX_VALUES):
            part = found[start : start + _MAX_VALUES]
            connection.execute(sa.delete(sightings).where(sightings.c.id.in_(part)))
    return found


def stats(engine: sa.Engine) -> HistoryStats:
    """Counts of the whole history; all zero where there is none."""
    table = sightings.c
    publishers: Counter[str] = Counter()
    years: Counter[str] = Counter()
    digests: set[str] = set()
    n_chars = 0
    seen: list[str] = []
    query = sa.select(
        table.publisher, table.date, table.first_seen, table.digest, sa.func.length(table.text)
    )
    with engine.connect() as connection:
        for publisher, date, first_seen, digest, length in connection.execute(query):
            publishers[publisher or "not stated"] += 1
            years[date[:4] or "not stated"] += 1
            digests.add(digest)
            n_chars += length
            seen.append(date or first_seen[:10])
    return HistoryStats(
        len(seen),
        len(digests),
        n_chars,
        min(seen, default=""),
        max(seen, default=""),
        tuple(publishers.most_common()),
        tuple(sorted(years.items())),
    )


def _conditions(which: Which) -> list[sa.ColumnElement[bool]]:
    table = sightings.c
    made: list[sa.ColumnElement[bool]] = []
    if which.id:
        made.append(table.id == which.id)
    if which.url:
        made.append(table.url == which.url)
    if which.publisher:
        made.append(table.publisher == which.publisher)
    if which.source:
        # A folder gave the files in it, a file of many texts the parts after the number sign.
        inside = [
            table.source.startswith(which.source.rstrip("/") + end, autoescape=True)
            for end in ("/", "#")
        ]
        made.append(sa.or_(table.source == which.source, *inside))
    return made


def _n_known(connection: sa.Connection, fresh: Sequence[Document]) -> int:
    """How many of these stand at an address that has a text already."""
    urls = sorted({row.url for row in fresh if row.url})
    known: set[str] = set()
    for start in range(0, len(urls), _MAX_VALUES):
        part = urls[start : start + _MAX_VALUES]
        query = sa.select(sightings.c.url).where(sightings.c.url.in_(part)).distinct()
        known.update(connection.execute(query).scalars())
    return sum(row.url in known for row in fresh)


def _batches(rows: Iterable[Sighting]) -> Iterator[Sequence[Sighting]]:
    batch: list[Sighting] = []
    n_chars = 0
    for row in rows:
        batch.append(row)
        n_chars += len(row.document.text)
        if len(batch) == BATCH or n_chars >= BATCH_CHARS:
            yield batch
            batch, n_chars = [], 0
    if batch:
        yield batch


def _merged(known: Sighting, again: Sighting) -> Sighting:
    old, new = known.document, again.document
    document = dataclasses.replace(
        old,
        title=old.title or new.title,
        date=old.date or new.date,
        publisher=old.publisher or new.publisher,
    )
    return _cleaned(Sighting(document, min(known.first_seen, again.first_seen)))


def _cleaned(one: Sighting) -> Sighting:
    """The sighting as it will come back; the licence is no matter of copies."""
    document = dataclasses.replace(storable_row(one.document), licence="")
    return Sighting(document, one.first_seen)


def _select(connection: sa.Connection, wanted: Sequence[str]) -> list[Sighting]:
    found: list[Sighting] = []
    for start in range(0, len(wanted), _MAX_VALUES):
        part = wanted[start : start + _MAX_VALUES]
        query = sa.select(*_columns()).where(sightings.c.id.in_(part))
        found += [_sighting(row) for row in connection.execute(query)]
    return found


def _columns() -> list[sa.Column[Any]]:
    return [sightings.c[name] for name in (*_FIELDS, "first_seen")]


def _sighting(row: sa.Row[Any]) -> Sighting:
    values = dict(row._mapping)  # noqa: SLF001 - the documented mapping of a row
    first_seen = values.pop("first_seen")
    return Sighting(Document(**values), first_seen)


def _values(one: Sighting) -> dict[str, str]:
    document = one.document
    digest = hashlib.sha256(document.text.encode("utf-8", "replace")).hexdigest()
    stated = {name: getattr(document, name) for name in _FIELDS}
    return stated | {"first_seen": one.first_seen, "digest": digest}
