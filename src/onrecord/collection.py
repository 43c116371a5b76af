"""The evidence collection as a desk uses it: documents in, passages found, counts out."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.documents import Refused, document_id, documents
from onrecord.errors import InputError, OnrecordError
from onrecord.evidence.index import CollectionIndex, kept_state, open_passage_index
from onrecord.evidence.retrieve import retrieved
from onrecord.intake import captures, is_address
from onrecord.library import packaged_embedder
from onrecord.ports import PassageCandidate
from onrecord.record import Capture, CollectionState, Document, Problem
from onrecord.settings import COLLECTION_FOLDER

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.settings import FetchSettings, Settings
    from onrecord.store.collection import CollectionStats, State, Where

__all__ = [
    "CollectionOnDemand",
    "Report",
    "Stated",
    "add",
    "open_index",
    "reindex",
    "remove",
    "search",
    "stats",
]

# Refusals kept for the report; all are counted.
MAX_SHOWN = 1_000
# The suffix by which a fetched answer is read; by its first bytes where its type is not here.
_SUFFIXES = {
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/x-ndjson": ".jsonl",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/xml": ".xml",
}


@dataclass(slots=True)
class Report:
    """What came of adding documents.

    `changed` counts a new text at a known address and new particulars of a known text; `copies` are
    texts that the collection has from another address; `left_out` is what a form leaves out on
    purpose, such as the redirects of a wiki.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    copies: int = 0
    n_passages: int = 0
    n_refused: int = 0
    n_left_out: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def n_read(self) -> int:
        """Documents that were read, whatever became of them."""
        return self.new + self.changed + self.same + self.copies

    def refuse(self, refused: Refused) -> None:
        """Counts a refusal and keeps it for the list."""
        if not refused.is_fault:
            self.n_left_out += refused.n_documents
            return
        self.n_refused += refused.n_documents
        if len(self.refused) < MAX_SHOWN:
            self.refused.append(refused)


@dataclass(frozen=True, slots=True)
class Stated:
    """What holds for documents that do not say it themselves; `date` is ISO 8601."""

    publisher: str = ""
    licence: str = ""
    date: str = ""

    def of(self, document: Document) -> Document:
        """The document with what it leaves open filled in."""
        return dataclasses.replace(
            document,
            publisher=document.publisher or self.publisher,
            licence=document.licence or self.licence,
            date=document.date or self.date,
        )


@dataclass(slots=True)
class CollectionOnDemand:
    """A collection that is opened when it is first asked: a page without claims costs nothing.

    Implements `ports.PassageIndex`.
    """

    folder: Path
    _opened: CollectionIndex | None = None

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[PassageCandidate, ...], ...]:
        """See `CollectionIndex.candidates_of_each`."""
        if self._opened is None:
            self._opened = open_index(self.folder) or open_passage_index(None, embedder=None)
        return self._opened.candidates_of_each(texts, limit=limit)

    def state(self) -> CollectionState:
        """The state of the collection; the index is not opened for it."""
        return kept_state(self.folder / COLLECTION_FOLDER)


def open_index(folder: Path, *, rebuild: bool = False) -> CollectionIndex | None:
    """The collection's index, or `None` where the data folder holds none."""
    place = folder / COLLECTION_FOLDER
    if not rebuild and not (place / "text").is_dir():
        return None
    return open_passage_index(place, embedder=packaged_embedder(), rebuild=rebuild)


def add(
    folder: Path,
    arguments: Iterable[str],
    *,
    settings: Settings,
    stated: Stated | None = None,
    progress: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Adds documents to the collection: files, folders of files, addresses.

    Rows are committed in batches and indexed after each. After a kill the same call reads on: what
    is stored is passed over, and what was stored and not indexed is made up for. `progress` is
    called after each batch.
    """
    from onrecord.store import collection
    from onrecord.store.database import open_database

    engine = open_database(folder, settings.database)
    report = Report()
    try:
        index = open_index(folder) or open_passage_index(
            folder / COLLECTION_FOLDER, embedder=packaged_embedder()
        )
        state = collection.state(engine)
        _make_up(index, engine, state)
        for argument in arguments:
            read = _documents(argument, fetch=settings.fetch)
            rows = _good(read, report, stated=stated or Stated())
            now = datetime.now(UTC).isoformat(timespec="seconds")
            for done in collection.add(engine, rows, now=now, current=state):
                index.remove(done.gone)
                report.n_passages += index.add(done.fresh)
                index.keep_state(state.value())
                report.new += done.new
                report.changed += done.changed
                report.same += done.same
                report.copies += done.copies
                progress(report)
    finally:
        engine.dispose()
    return report


def remove(folder: Path, where: Where, *, database: str = "") -> int:
    """Removes documents from the collection and returns how many there were."""
    from onrecord.store import collection
    from onrecord.store.database import open_database

    if not any((where.url, where.source, where.publisher)):
        raise InputError(
            "nothing named; expected an address, a source or a publisher whose documents to remove"
        )
    if where.source and not is_address(where.source):
        where = dataclasses.replace(where, source=_absolute(where.source))
    engine = open_database(folder, database)
    try:
        gone = collection.remove(engine, where)
        index = open_index(folder)
        if index is not None:
            index.remove(gone)
            index.keep_state(collection.state(engine).value())
        return len(gone)
    finally:
        engine.dispose()


def reindex(
    folder: Path, *, database: str = "", progress: Callable[[int], None] = lambda _: None
) -> int:
    """Makes the index anew from the stored documents and returns the number of passages.

    Nothing is made where there are neither documents nor an index.
    """
    from onrecord.store import collection
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    try:
        state = collection.state(engine)
        if not state.n_documents and not (folder / COLLECTION_FOLDER).is_dir():
            return 0
        index = open_index(folder, rebuild=True)
        if index is None:
            return 0
        for batch in collection.batches(collection.every(engine)):
            index.add(batch)
            progress(len(index))
        index.keep_state(state.value())
        return len(index)
    finally:
        engine.dispose()


def search(folder: Path, text: str, *, limit: int) -> tuple[PassageCandidate, ...]:
    """The passages nearest to a text, best first, near-duplicates once; see `retrieved`."""
    index = open_index(folder)
    if index is None or not text.strip():
        return ()
    return retrieved([text], page=None, index=index, limit=limit)[0]


def stats(folder: Path, *, database: str = "") -> CollectionStats:
    """Counts of the collection; all zero where there is none."""
    from onrecord.store import collection
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    try:
        return collection.stats(engine)
    finally:
        engine.dispose()


def _make_up(index: CollectionIndex, engine: sa.Engine, state: State) -> None:
    """Brings the index up to the store after a kill between the two; nothing when they agree."""
    from onrecord.store import collection

    if index.state() == state.value():
        return
    stored = {row.id: dataclasses.replace(row, source="") for row in collection.outlines(engine)}
    indexed = {row.id: row for row in index.outlines()}
    index.remove(row_id for row_id in indexed if row_id not in stored)
    missing = sorted(row_id for row_id, row in stored.items() if indexed.get(row_id) != row)
    for start in range(0, len(missing), collection.BATCH):
        index.add(collection.by_ids(engine, missing[start : start + collection.BATCH]))
    index.keep_state(state.value())


def _good(
    rows: Iterable[Document | Refused], report: Report, *, stated: Stated
) -> Iterator[Document]:
    for row in rows:
        if isinstance(row, Refused):
            report.refuse(row)
        elif not _is_unicode(row):
            report.refuse(Refused(row.source, 0, "half characters, which no database keeps"))
        else:
            yield stated.of(row)


def _is_unicode(row: Document) -> bool:
    try:
        f"{row.text}{row.title}{row.url}{row.publisher}{row.licence}".encode()
    except UnicodeEncodeError:
        return False
    return True


def _documents(argument: str, *, fetch: FetchSettings) -> Iterator[Document | Refused]:
    """The documents of one argument; what cannot be opened at all is one refusal."""
    if not is_address(argument):
        # As stored, so that `remove --source` finds it from any folder.
        yield from documents(Path(_absolute(argument)), max_bytes=fetch.max_bytes)
        return
    try:
        for capture in captures(argument, fetch=fetch):
            if isinstance(capture, Problem):
                yield Refused(argument, 0, capture.message)
            else:
                yield from _of_capture(capture, argument=argument, fetch=fetch)
    except OnrecordError as error:
        yield Refused(argument, 0, str(error))


def _of_capture(
    capture: Capture, *, argument: str, fetch: FetchSettings
) -> Iterator[Document | Refused]:
    """The documents in what an address served, read as a file of the same form would be."""
    kind = capture.media_type.split(";")[0].strip().lower()
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
        path = Path(folder) / f"page{_SUFFIXES.get(kind, '')}"
        path.write_bytes(capture.body)
        for row in documents(path, max_bytes=fetch.max_bytes):
            if isinstance(row, Refused):
                yield dataclasses.replace(row, source=argument)
            else:
                url = row.url or capture.url or argument
                yield dataclasses.replace(
                    row, id=document_id(url, row.text), url=url, source=argument
                )


def _absolute(path: str) -> str:
    """The path from the root, links as they are: a link's name may be what a person knows."""
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links
