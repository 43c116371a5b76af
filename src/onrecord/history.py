"""The history of texts as a desk uses it: texts in, those that may share words out, counts."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.documents import Refused, documents
from onrecord.documents.folders import files
from onrecord.documents.pages import of_capture
from onrecord.errors import InputError
from onrecord.fingerprint import words
from onrecord.intake import is_address, is_archive
from onrecord.ports import Sighting
from onrecord.record import Capture, Document, HistoryState, Problem
from onrecord.reuse.index import FingerprintIndex, open_fingerprint_index, stamp_of
from onrecord.reuse.quotations import quotations
from onrecord.settings import HISTORY_FOLDER
from onrecord.span import Span

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.settings import Settings
    from onrecord.store.history import HistoryStats, Which

__all__ = [
    "HistoryOnDemand",
    "HistoryReport",
    "add",
    "listed",
    "passage",
    "reindex",
    "remove",
    "stats",
]

# A text without marks of so many words is taken for a quotation.
MAX_SAID_WORDS = 60
# Refusals kept for the report; all are counted.
MAX_SHOWN = 1_000


@dataclass(slots=True)
class HistoryReport:
    """What came of adding texts; `same` were there already from the same address.

    `changed` of the new ones stand at an address that was known with another text, which stays.
    """

    new: int = 0
    same: int = 0
    changed: int = 0
    n_refused: int = 0
    n_left_out: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def n_read(self) -> int:
        """Texts that were read, whatever became of them."""
        return self.new + self.same

    def refuse(self, refused: Refused) -> None:
        """Counts a refusal and keeps it for the list."""
        if not refused.is_fault:
            self.n_left_out += refused.n_documents
            return
        self.n_refused += refused.n_documents
        if len(self.refused) < MAX_SHOWN:
            self.refused.append(refused)


@dataclass(slots=True)
class HistoryOnDemand:
    """A history that is opened when it is first asked. Implements `ports.TextHistory`."""

    folder: Path
    database: str = ""
    _index: FingerprintIndex | None = None
    _state: HistoryState | None = None
    _engine: sa.Engine | None = None

    def near(self, text: str, within: Sequence[Span]) -> tuple[Sighting, ...]:
        """See `FingerprintIndex.near`; each text comes from the database, likely ones alone."""
        from onrecord.store.database import open_database
        from onrecord.store.history import by_ids

        near = self._opened().asked(text, within)
        if not near.ids:
            return ()
        if self._engine is None:
            self._engine = open_database(self.folder, self.database)
        found = by_ids(self._engine, near.ids)
        return tuple(one for one in found if near.is_likely(one.document.id, one.document.text))

    def state(self) -> HistoryState:
        """See `FingerprintIndex.state`."""
        index = self._opened()
        if self._state is None:
            self._state = index.state()
        return self._state

    def __len__(self) -> int:
        return len(self._opened())

    def _opened(self) -> FingerprintIndex:
        """The index, opened again where another process has written it since."""
        place = self.folder / HISTORY_FOLDER
        if self._index is None or stamp_of(place) != self._index.stamp:
            self._index = open_fingerprint_index(place)
            self._state = None
        return self._index


def add(
    folder: Path,
    paths: Iterable[str],
    *,
    settings: Settings,
    seen: str = "",
    progress: Callable[[HistoryReport], None] = lambda _: None,
) -> HistoryReport:
    """Adds the texts of files, folders and archives to the history.

    A page of an archive was first seen when the archive's record says so, every other text at
    `seen` (ISO 8601), by default now. Rows are committed in batches and indexed after each; after
    a kill the same call reads on and makes up what was stored and not indexed.
    """
    from onrecord.store import history
    from onrecord.store.database import open_database

    report = HistoryReport()
    engine = open_database(folder, settings.database)
    try:
        index = open_fingerprint_index(folder / HISTORY_FOLDER)
        _make_up(index, engine)
        now = seen or datetime.now(UTC).isoformat(timespec="seconds")
        for path in paths:
            whole = Path(os.path.abspath(path))  # noqa: PTH100 - links stay as they are
            read = _sightings(whole, now=now, max_bytes=settings.fetch.max_bytes)
            for done in history.add(engine, _good(read, report)):
                index.add(((row.id, row.text) for row in done.fresh), seen=done.seen)
                report.new += len(done.fresh)
                report.same += done.same
                report.changed += done.changed
                progress(report)
    finally:
        engine.dispose()
    return report


def passage(text: str) -> Capture:
    """A passage or a quotation as a page of its own, all of it body.

    Up to 60 words without marks are taken for a quotation, which is also looked for as such.

    >>> passage("We will not pay for it.").body.decode()
    '“We will not pay for it.”'
    """
    plain = "\n".join(line for line in text.splitlines() if line.strip()).strip()
    if plain and not quotations(plain) and len(words(plain)) <= MAX_SAID_WORDS:
        plain = f"“{plain}”"
    return Capture(None, None, "text/plain; charset=utf-8", plain.encode("utf-8", "replace"))


def remove(folder: Path, which: Which, *, database: str = "") -> int:
    """Removes texts with their fingerprints and returns how many there were.

    The rows go first: after a kill the same call, or `reindex`, takes the fingerprints out too.
    Raises `InputError` where nothing is named.
    """
    from onrecord.store import history
    from onrecord.store.database import open_database

    if not (which.id or which.url or which.source or which.publisher):
        raise InputError(
            "nothing named; expected an id, an address, a source or a publisher whose texts to remove"
        )
    if which.source and not is_address(which.source):
        which = dataclasses.replace(which, source=os.path.abspath(which.source))  # noqa: PTH100 - links stay
    engine = open_database(folder, database)
    try:
        gone = history.remove(engine, which)
        place = folder / HISTORY_FOLDER
        if place.is_dir():
            index = open_fingerprint_index(place)
            strays = index.ids() - history.ids(engine)
            if strays:
                index.remove(strays, seen=history.seen(engine))
        return len(gone)
    finally:
        engine.dispose()


def listed(folder: Path, which: Which, *, limit: int, database: str = "") -> tuple[Sighting, ...]:
    """Texts of the history without their words, newest sighting first."""
    from onrecord.store import history
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    try:
        return history.listed(engine, which, limit=limit)
    finally:
        engine.dispose()


def reindex(
    folder: Path, *, database: str = "", progress: Callable[[int], None] = lambda _: None
) -> int:
    """Makes the index anew from the stored texts and returns how many there are.

    Nothing is made where there are neither texts nor an index.
    """
    from onrecord.store import history
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    try:
        place = folder / HISTORY_FOLDER
        rows = history.every(engine)
        first = next(rows, None)
        if first is None and not place.is_dir():
            return 0
        index = open_fingerprint_index(place, rebuild=True)
        batch = [] if first is None else [first]
        for row in rows:
            batch.append(row)
            if len(batch) == history.BATCH:
                _index(index, batch)
                batch = []
                progress(len(index))
        _index(index, batch)
        return len(index)
    finally:
        engine.dispose()


def stats(folder: Path, *, database: str = "") -> HistoryStats:
    """Counts of the history; all zero where there is none."""
    from onrecord.store import history
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    try:
        return history.stats(engine)
    finally:
        engine.dispose()


def _make_up(index: FingerprintIndex, engine: sa.Engine) -> None:
    """Indexes what was stored and not indexed before a kill."""
    from onrecord.store import history

    missing = sorted(history.ids(engine) - index.ids())
    for start in range(0, len(missing), history.BATCH):
        _index(index, history.by_ids(engine, missing[start : start + history.BATCH]))


def _index(index: FingerprintIndex, rows: Sequence[Sighting]) -> None:
    times = [one.first_seen for one in rows]
    seen = min(times, default=""), max(times, default="")
    index.add(((one.document.id, one.document.text) for one in rows), seen=seen)


def _good(rows: Iterable[Sighting | Refused], report: HistoryReport) -> Iterator[Sighting]:
    for row in rows:
        if isinstance(row, Refused):
            report.refuse(row)
        else:
            yield row


def _sightings(path: Path, *, now: str, max_bytes: int) -> Iterator[Sighting | Refused]:
    for file in files(path):
        if isinstance(file, Refused):
            yield file
        elif is_archive(file):
            yield from _of_archive(file, now=now, max_bytes=max_bytes)
        else:
            for row in documents(file, max_bytes=max_bytes):
                yield Sighting(row, now) if isinstance(row, Document) else row


def _of_archive(path: Path, *, now: str, max_bytes: int) -> Iterator[Sighting | Refused]:
    """The pages of an archive with the times at which they were captured."""
    from onrecord import warc

    for found in warc.captures(path):
        if isinstance(found, Problem):
            yield Refused(str(path), 0, found.message)
        elif len(found.body) > max_bytes:
            yield Refused(str(path), 0, f"{found.url} has more than {max_bytes} bytes")
        else:
            for row in of_capture(found, path=path):
                if isinstance(row, Document):
                    yield Sighting(row, found.retrieved or now)
                else:
                    reason = f"{found.url}: {row.reason}"
                    yield Refused(row.source, 0, reason, n_documents=row.n_documents)
