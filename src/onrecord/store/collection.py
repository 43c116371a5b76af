"""The evidence collection: documents in the database, the truth behind the index."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from onrecord.record import CollectionState, Document
from onrecord.store.tables import documents
from onrecord.store.text import storable_row
from onrecord.store.writing import upsert, writing

__all__ = [
    "BATCH",
    "Added",
    "CollectionStats",
    "State",
    "Where",
    "add",
    "batches",
    "by_ids",
    "every",
    "outlines",
    "remove",
    "state",
    "stats",
]

# Documents of a batch, and code points after which a batch is full all the same: half a minute of
# embedding, which is what a kill costs at most.
BATCH = 500
BATCH_CHARS = 500_000
# SQLite takes at most 32,766 values in a statement.
_MAX_VALUES = 500
_FIELDS = tuple(f.name for f in dataclasses.fields(Document))
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a batch.

    `changed` counts documents with a new text at a known address and those whose title, date or
    the like changed; `same` what was there already; `copies` texts that are there under another
    address. `fresh` are the documents that an index must take in, `gone` the ids that it must let
    go.
    """

    new: int
    changed: int
    same: int
    copies: int
    fresh: tuple[Document, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """Which documents are meant: those that fit every field that is not empty.

    `source` is a file or address that gave documents, or a folder of such files.
    """

    url: str = ""
    source: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class CollectionStats:
    """Counts of the collection: documents and their code points, by publisher, year and licence."""

    n: int
    n_chars: int
    newest: str
    publishers: tuple[tuple[str, int], ...]
    years: tuple[tuple[str, int], ...]
    licences: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class State:
    """How much there is, how new it is, and a sum over all documents that names their state.

    The sum is that of a SHA-256 of each document modulo 2^256: the order does not matter, and a
    document is put in and taken out without reading the others. (Bellare and Micciancio 1997,
    section 5, show that such sums can be forged by who may choose very many documents; it names a
    state and is no seal.)
    """

    n_documents: int = 0
    total: int = 0
    dates: Counter[str] = dataclasses.field(default_factory=Counter)

    def put(self, rows: Iterable[Document], *, sign: int = 1) -> None:
        """Takes documents into the state, or out of it with a `sign` of -1."""
        for row in rows:
            self.n_documents += sign
            self.total = (self.total + sign * _number_of(row)) % _MODULUS
            self.dates[row.date] += sign

    def value(self) -> CollectionState:
        """The state as a record keeps it; an empty collection has an empty digest."""
        newest = max((date for date, n in self.dates.items() if n > 0), default="")
        digest = f"{self.total:064x}" if self.n_documents else ""
        return CollectionState(self.n_documents, newest, digest)


def add(
    engine: sa.Engine, rows: Iterable[Document], *, now: str, current: State | None = None
) -> Iterator[Added]:
    """Adds documents in batches, each a transaction: a kill leaves whole batches.

    A text that is there under another address is left out. An address with a new text replaces the
    older one, unless both come from these same rows: then they are parts of one page. Without an
    address, file and title stand for it, where one document alone has them. A field that is empty
    now and was stated before is kept.
    Yields after each commit; `current` is brought up to date with it.
    """
    # Ids of these rows so far, eight bytes each.
    seen: set[int] = set()
    for batch in batches(rows):
        unique = {row.id: row for row in batch}
        seen.update(int(row_id, 16) for row_id in unique)
        with writing(engine) as connection:
            known = _select(connection, documents.c.id, list(unique))
            made = {row.id: _kept(storable_row(row), known.get(row.id)) for row in batch}
            copied = _copied(connection, made, known)
            fresh = [
                row for row in made.values() if row.id not in copied and known.get(row.id) != row
            ]
            older = _older(connection, [row for row in fresh if row.id not in known], seen)
            _delete(connection, [row.id for row in older])
            if fresh:
                _upsert(connection, fresh, now=now)
        replaced = {_place(row) for row in older}
        n_changed = sum(row.id in known or _place(row) in replaced for row in fresh)
        if current is not None:
            current.put((known[row.id] for row in fresh if row.id in known), sign=-1)
            current.put(older, sign=-1)
            current.put(fresh)
        n_same = len(batch) - len(fresh) - len(copied)
        yield Added(
            len(fresh) - n_changed,
            n_changed,
            n_same,
            len(copied),
            tuple(fresh),
            tuple(row.id for row in older),
        )


def every(engine: sa.Engine) -> Iterator[Document]:
    """Every document, by id, read in batches."""
    last = ""
    while True:
        query = sa.select(*_columns()).where(documents.c.id > last).order_by(documents.c.id)
        with engine.connect() as connection:
            rows = connection.execute(query.limit(BATCH)).all()
        if not rows:
            return
        for row in rows:
            yield _document(row)
        last = rows[-1].id


def outlines(engine: sa.Engine) -> Iterator[Document]:
    """Every document without its text, in no order."""
    columns = [column for column in _columns() if column.name != "text"]
    with engine.connect() as connection:
        for row in connection.execute(sa.select(*columns)):
            yield Document(**row._mapping, text="")  # noqa: SLF001 - documented mapping


def by_ids(engine: sa.Engine, wanted: Sequence[str]) -> tuple[Document, ...]:
    """The documents with these ids, in their order; an id that is not there is passed over."""
    with engine.connect() as connection:
        found = _select(connection, documents.c.id, wanted)
    return tuple(found[row_id] for row_id in wanted if row_id in found)


def remove(engine: sa.Engine, where: Where) -> tuple[str, ...]:
    """Removes the documents that are meant and returns their ids; none for an empty `where`."""
    conditions = []
    if where.url:
        conditions.append(documents.c.url == where.url)
    if where.source:
        # A folder gave the files in it, a file of many documents the parts after the number sign.
        inside = [
            documents.c.source.startswith(where.source.rstrip("/") + end, autoescape=True)
            for end in ("/", "#")
        ]
        conditions.append(sa.or_(documents.c.source == where.source, *inside))
    if where.publisher:
        conditions.append(documents.c.publisher == where.publisher)
    if not conditions:
        return ()
    with writing(engine) as connection:
        query = sa.select(documents.c.id).where(*conditions).order_by(documents.c.id)
        found = tuple(connection.execute(query).scalars())
        _delete(connection, found)
    return found


def state(engine: sa.Engine) -> State:
    """The state of all documents, read from their rows: 1 s for 100,000."""
    made = State()
    made.put(outlines(engine))
    return made


def stats(engine: sa.Engine) -> CollectionStats:
    """Counts of the whole collection, each list ordered by count, years by year."""
    publishers: Counter[str] = Counter()
    years: Counter[str] = Counter()
    licences: Counter[str] = Counter()
    n = n_chars = 0
    newest = ""
    table = documents.c
    query = sa.select(table.publisher, table.date, table.licence, sa.func.length(table.text))
    with engine.connect() as connection:
        for publisher, date, licence, length in connection.execute(query):
            n += 1
            n_chars += length
            newest = max(newest, date)
            publishers[publisher or "not stated"] += 1
            years[date[:4] or "not stated"] += 1
            licences[licence or "not stated"] += 1
    return CollectionStats(
        n,
        n_chars,
        newest,
        tuple(publishers.most_common()),
        tuple(sorted(years.items())),
        tuple(licences.most_common()),
    )


def _number_of(row: Document) -> int:
    """A number for a document; its id stands for address and text."""
    parts = (row.id, row.url, row.title, row.date, row.publisher, row.licence)
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).digest())


def _place(row: Document) -> tuple[str, str]:
    """What two versions of one document have in common."""
    return (row.url, "") if row.url else (row.source, row.title)


def _kept(row: Document, known: Document | None) -> Document:
    """The document with what an earlier reading of it stated and this one does not.

    Where it was read first is kept too, so that a second copy of a file changes nothing.
    """
    if known is None:
        return row
    return dataclasses.replace(
        row,
        title=row.title or known.title,
        date=row.date or known.date,
        publisher=row.publisher or known.publisher,
        licence=row.licence or known.licence,
        source=known.source,
    )


def _copied(
    connection: sa.Connection, made: dict[str, Document], known: Collection[str]
) -> set[str]:
    """The ids of new documents whose text is there under another id, or earlier in the batch."""
    digests = {row.id: _digest(row.text) for row in made.values() if row.id not in known}
    there: set[str] = set()
    values = list(digests.values())
    for start in range(0, len(values), _MAX_VALUES):
        part = values[start : start + _MAX_VALUES]
        query = sa.select(documents.c.digest).where(documents.c.digest.in_(part))
        there.update(connection.execute(query).scalars())
    copied = set()
    for row_id, digest in digests.items():
        if digest in there:
            copied.add(row_id)
        there.add(digest)
    return copied


def _older(
    connection: sa.Connection, fresh: Sequence[Document], seen: Collection[int]
) -> list[Document]:
    """The stored documents that new ones take the place of."""
    by_url = _all(connection, documents.c.url, sorted({row.url for row in fresh if row.url}))
    places = {_place(row) for row in fresh if not row.url}
    by_source = [
        row
        for row in _all(connection, documents.c.source, sorted({source for source, _ in places}))
        if not row.url and _place(row) in places
    ]
    # The rows of a table share file and title, and which of them changed cannot be told.
    n_at = Counter(_place(row) for row in by_source)
    found = by_url + [row for row in by_source if n_at[_place(row)] == 1]
    return [row for row in found if int(row.id, 16) not in seen]


def _all(
    connection: sa.Connection, column: sa.Column[Any], values: Sequence[str]
) -> list[Document]:
    found: list[Document] = []
    for start in range(0, len(values), _MAX_VALUES):
        part = values[start : start + _MAX_VALUES]
        query = sa.select(*_columns()).where(column.in_(part)).order_by(documents.c.id)
        found += [_document(row) for row in connection.execute(query)]
    return found


def _select(
    connection: sa.Connection, column: sa.Column[Any], values: Sequence[str]
) -> dict[str, Document]:
    return {row.id: row for row in _all(connection, column, values)}


def _delete(connection: sa.Connection, row_ids: Sequence[str]) -> None:
    for start in range(0, len(row_ids), _MAX_VALUES):
        part = row_ids[start : start + _MAX_VALUES]
        connection.execute(sa.delete(documents).where(documents.c.id.in_(part)))


def _upsert(connection: sa.Connection, rows: Sequence[Document], *, now: str) -> None:
    values = [
        {name: getattr(row, name) for name in _FIELDS} | {"digest": _digest(row.text), "added": now}
        for row in rows
    ]
    upsert(connection, documents, values, kept="added")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def batches(rows: Iterable[Document]) -> Iterator[Sequence[Document]]:
    """The documents by 500, or fewer where they are long."""
    batch: list[Document] = []
    n_chars = 0
    for row in rows:
        batch.append(row)
        n_chars += len(row.text)
        if len(batch) == BATCH or n_chars >= BATCH_CHARS:
            yield batch
            batch, n_chars = [], 0
    if batch:
        yield batch


def _columns() -> list[sa.Column[Any]]:
    return [documents.c[name] for name in _FIELDS]


def _document(row: sa.Row[Any]) -> Document:
    return Document(**row._mapping)  # noqa: SLF001 - the documented mapping of a row
