"""The library of fact-checks as a desk uses it: feeds in, claims looked up, counts out."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from onrecord.claimreview import claim_reviews
from onrecord.errors import InputError, MissingFileError, OnrecordError
from onrecord.factchecks.feeds import Refused, fact_check_of_review, fact_checks
from onrecord.factchecks.index import Embedder, LibraryIndex, open_library_index
from onrecord.intake import captures, is_address, is_archive
from onrecord.ports import Candidate
from onrecord.record import Capture, FactCheck, Page, Problem
from onrecord.search.fuse import reciprocal_ranks
from onrecord.settings import LIBRARY_FOLDER
from onrecord.terms import RegionKind

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.fetch import Validators
    from onrecord.settings import FetchSettings, Settings
    from onrecord.store.library import LibraryStats

__all__ = [
    "LibraryOnDemand",
    "Report",
    "add",
    "exported",
    "named_feeds",
    "open_index",
    "packaged_embedder",
    "reindex",
    "search",
    "stats",
]

FEED_SUFFIXES = (".json", ".jsonld", ".jsonl", ".ndjson", ".csv", ".tsv")
PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
# Refusals kept for the report; all are counted.
MAX_SHOWN = 1_000
# What a spreadsheet takes for a formula (OWASP, CSV injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class Report:
    """What came of an import: rows new, changed and there already, and what was refused.

    `unchanged` are the addresses whose server said that nothing is new.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    n_refused: int = 0
    unchanged: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, refused: Refused) -> None:
        """Counts a refusal and keeps it for the list."""
        self.n_refused += 1
        if len(self.refused) < MAX_SHOWN:
            self.refused.append(refused)


@dataclass(slots=True)
class LibraryOnDemand:
    """A library that is opened when it is first asked: a page without claims costs nothing.

    Implements `ports.FactCheckIndex`.
    """

    folder: Path
    _opened: LibraryIndex | None = None

    def candidates(self, text: str, *, limit: int) -> tuple[Candidate, ...]:
        """See `LibraryIndex.candidates`."""
        return self._index().candidates(text, limit=limit)

    def candidates_of_each(
        self, texts: Sequence[str], *, limit: int
    ) -> tuple[tuple[Candidate, ...], ...]:
        """See `LibraryIndex.candidates_of_each`."""
        return self._index().candidates_of_each(texts, limit=limit)

    def rarity(self, stems: Collection[str]) -> Mapping[str, float]:
        """See `LibraryIndex.rarity`."""
        return self._index().rarity(stems)

    def __len__(self) -> int:
        return len(self._index())

    def _index(self) -> LibraryIndex:
        if self._opened is None:
            self._opened = open_index(self.folder) or open_library_index(None, embedder=None)
        return self._opened


@dataclass(frozen=True, slots=True)
class FeedStates:
    """What the servers of feeds said last, kept in the store."""

    engine: sa.Engine
    unchanged: list[str]

    def last(self, url: str) -> Validators:
        """The validators of the last fetch of an address, empty for a new one."""
        from onrecord.fetch import Validators
        from onrecord.store import library

        state = library.feed_state(self.engine, url)
        return Validators(state.etag, state.last_modified)

    def keep(self, url: str, validators: Validators, now: datetime) -> None:
        """Remembers the validators of a fetch whose rows were taken in."""
        from onrecord.store import library

        state = library.FeedState(validators.etag, validators.last_modified)
        library.keep_feed_state(self.engine, url, state=state, now=now.isoformat())


def open_index(folder: Path, *, rebuild: bool = False) -> LibraryIndex | None:
    """The library's index, or `None` where the data folder holds none."""
    place = folder / LIBRARY_FOLDER
    if not rebuild and not (place / "text").is_dir():
        return None
    return open_library_index(place, embedder=packaged_embedder(), rebuild=rebuild)


def add(
    folder: Path,
    arguments: Iterable[str],
    *,
    settings: Settings,
    progress: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Adds feeds to the library: files, addresses, archives, pages with ClaimReview markup.

    Rows are committed in batches and indexed after each, so a kill leaves whole batches in both;
    `reindex` makes up for a batch that was stored and not indexed. `progress` is called after each.
    """
    from onrecord.store import library
    from onrecord.store.database import open_database

    engine = open_database(folder, settings.database)
    report = Report()
    feeds = named_feeds(settings.feeds)
    states = FeedStates(engine, report.unchanged)
    try:
        index = open_index(folder) or open_library_index(
            folder / LIBRARY_FOLDER, embedder=packaged_embedder()
        )
        for argument in arguments:
            rows = _good(
                _rows(feeds.get(argument, argument), fetch=settings.fetch, states=states), report
            )
            now = datetime.now(UTC).isoformat(timespec="seconds")
            for done, fresh in library.add(engine, rows, source=argument, now=now):
                index.add(fresh)
                report.new += done.new
                report.changed += done.changed
                report.same += done.same
                progress(report)
    finally:
        engine.dispose()
    return report


def reindex(
    folder: Path, *, database: str = "", progress: Callable[[int], None] = lambda _: None
) -> int:
    """Makes the index anew from the stored rows and returns how many there are."""
    from onrecord.store import library
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    try:
        index = open_index(folder, rebuild=True)
        n = 0
        batch: list[FactCheck] = []
        for row in library.every(engine):
            batch.append(row)
            if len(batch) == library.BATCH:
                n += _index_batch(index, batch)
                progress(n)
        return n + _index_batch(index, batch)
    finally:
        engine.dispose()


def search(folder: Path, text: str, *, limit: int) -> tuple[Candidate, ...]:
    """The fact-checks nearest to a text, by the fused rank of words and meaning, best first."""
    index = open_index(folder)
    if index is None:
        return ()
    found = index.candidates(text, limit=max(limit, 20))
    by_words = sorted(found, key=lambda c: -c.bm25)
    rankings = [[c.fact_check.id for c in by_words if c.bm25 > 0]]
    if any(c.similarity is not None for c in found):
        by_meaning = sorted(found, key=lambda c: -(c.similarity or -1.0))
        rankings.append([c.fact_check.id for c in by_meaning])
    by_id = {c.fact_check.id: c for c in found}
    return tuple(by_id[row_id] for row_id, _ in reciprocal_ranks(rankings)[:limit])


def stats(folder: Path, *, database: str = "") -> LibraryStats:
    """Counts of the library; all zero where there is none."""
    from onrecord.store import library
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    try:
        return library.stats(engine)
    finally:
        engine.dispose()


def exported(folder: Path, *, as_csv: bool, database: str = "") -> Iterator[str]:
    """The library line by line, as JSON lines or CSV with a header; `add` reads both again.

    Cells of a CSV that a spreadsheet would take for a formula get an apostrophe before them.
    """
    from onrecord.store import library
    from onrecord.store.database import open_database

    engine = open_database(folder, database)
    names = [f.name for f in dataclasses.fields(FactCheck)]
    try:
        if as_csv:
            yield _csv_line(names)
        for row in library.every(engine):
            values = dataclasses.asdict(row)
            if as_csv:
                yield _csv_line(["" if values[n] is None else str(values[n]) for n in names])
            else:
                yield json.dumps(values, ensure_ascii=False) + "\n"
    finally:
        engine.dispose()


def named_feeds(entries: tuple[str, ...]) -> dict[str, str]:
    """Feed addresses by name from `name=address` entries."""
    return {
        name.strip(): url.strip() for name, _, url in (e.partition("=") for e in entries) if url
    }


def _csv_line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(["'" + c if c.startswith(FORMULA_SIGNS) else c for c in cells])
    return out.getvalue()


def _index_batch(index: LibraryIndex | None, batch: list[FactCheck]) -> int:
    n = len(batch)
    if index is not None:
        index.add(batch)
    batch.clear()
    return n


def _good(rows: Iterable[FactCheck | Refused], report: Report) -> Iterator[FactCheck]:
    for row in rows:
        if isinstance(row, Refused):
            report.refuse(row)
        else:
            yield row


def _rows(
    argument: str, *, fetch: FetchSettings, states: FeedStates
) -> Iterator[FactCheck | Refused]:
    """The fact-checks of one argument; what cannot be opened at all is one refusal."""
    try:
        if is_address(argument):
            yield from _of_address(argument, fetch=fetch, states=states)
            return
        path = Path(argument)
        name = path.name.lower()
        if is_archive(path) or name.endswith(PAGE_SUFFIXES):
            yield from _of_pages(argument, fetch=fetch)
        elif name.removesuffix(".gz").endswith(FEED_SUFFIXES):
            with _opened(path) as stream:
                yield from fact_checks(stream, source=argument)
        else:
            yield Refused(
                argument,
                1,
                f"a form that is not known; expected {', '.join(FEED_SUFFIXES + PAGE_SUFFIXES)}, "
                "a WARC archive or an address",
            )
    except (OnrecordError, OSError, EOFError, gzip.BadGzipFile) as error:
        yield Refused(argument, 1, str(error))


def _opened(path: Path) -> BinaryIO:
    try:
        stream = path.open("rb")
    except OSError as error:
        raise MissingFileError(f"cannot open {str(path)!r}: {error.strerror}") from error
    if path.name.lower().endswith(".gz"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    return stream


def _of_address(
    url: str, *, fetch: FetchSettings, states: FeedStates
) -> Iterator[FactCheck | Refused]:
    """The fact-checks at an address; nothing when its server says that it has not changed."""
    from onrecord.fetch import get_changed

    now = datetime.now(UTC)
    fetched = get_changed(url, settings=fetch, now=now, validators=states.last(url))
    if fetched is None:
        states.unchanged.append(url)
        return
    capture = fetched.capture
    kind = capture.media_type.split(";")[0].strip().lower()
    head = capture.body.lstrip()[:200].lower()
    if b"<urlset" in head or b"<sitemapindex" in head:
        for place in _site_map(capture.body):
            yield from _rows(place, fetch=fetch, states=states)
    elif kind in {"text/html", "application/xhtml+xml"} or head.startswith(
        (b"<!doctype", b"<html")
    ):
        yield from _of_capture(capture, source=url)
    else:
        name = url if url.lower().endswith(FEED_SUFFIXES) else url + ".json"
        yield from fact_checks(io.BytesIO(capture.body), source=name)
    # Only after its rows were taken in: a kill before means that the feed is asked for again.
    states.keep(url, fetched.validators, now)


def _site_map(body: bytes) -> tuple[str, ...]:
    """The addresses of a site map, at most 50,000 as the protocol allows."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(body, parser=parser)
    if root is None:
        return ()
    found = [str(node.text).strip() for node in root.iter("{*}loc") if node.text]
    return tuple(found[:50_000])


def _of_pages(argument: str, *, fetch: FetchSettings) -> Iterator[FactCheck | Refused]:
    for number, capture in enumerate(captures(argument, fetch=fetch), 1):
        if isinstance(capture, Problem):
            yield Refused(argument, number, capture.message)
        else:
            yield from _of_capture(capture, source=argument, line=number)


def _of_capture(capture: Capture, *, source: str, line: int = 1) -> Iterator[FactCheck | Refused]:
    from onrecord.read import read

    try:
        page = read(capture)
    except InputError as error:
        yield Refused(source, line, str(error))
        return
    canonical = page.metadata.canonical.value if page.metadata.canonical else ""
    reviews = claim_reviews(page) or ()
    if not reviews:
        yield Refused(source, line, f"no ClaimReview on the page {page.url or ''}".strip())
    # The article of a page with several reviews belongs to none of them alone.
    body = _article(page) if len(reviews) == 1 else ""
    for review in reviews:
        made = fact_check_of_review(review, page_url=page.url or canonical, body=body)
        yield Refused(source, line, made) if isinstance(made, str) else made


def _article(page: Page) -> str:
    return "\n".join(r.span.of(page.text) for r in page.regions if r.kind is RegionKind.BODY)


def packaged_embedder() -> Embedder | None:
    """The packaged embedder, or `None` where no weights are installed."""
    from onrecord.models import installed
    from onrecord.models.embed import NAME, open_embedder

    return open_embedder() if NAME in installed() else None
