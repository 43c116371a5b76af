"""Archives by the million: each input becomes a shard of records, and a kill loses nothing.

    input.warc.gz  ->  out/input-1f2e3d4c.jsonl            one record a line, in order of the input
                       out/input-1f2e3d4c.failures.jsonl   what could not be read, and why

Pages are read by worker processes. A page that crashes or hangs its worker costs only itself: the
worker is replaced and the page stands in the ledger of failures. Every line says its position in
the input, so that a run that was cut short goes on where it stopped and repeats nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.bulk_inputs import Item, items
from onrecord.codec import encode
from onrecord.errors import OnrecordError, StoreError
from onrecord.record import Capture, Page, Problem, Record
from onrecord.settings import Settings
from onrecord.terms import RegionKind

if TYPE_CHECKING:
    from onrecord.compose import Desk

__all__ = [
    "Outcome",
    "Progress",
    "Rules",
    "lines",
    "read_pages",
    "run",
    "run_input",
    "shard_name",
    "with_stages",
    "without_comments",
]

DONE_SUFFIX, FAILED_SUFFIX = ".jsonl", ".failures.jsonl"
# Pages that wait beside each busy worker: enough that none idles, few enough to hold in memory.
QUEUED = 4
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Rules:
    """How a bulk run works: worker processes, seconds for one page, and what is kept."""

    workers: int = 2
    page_seconds: float = 60.0
    keeps_comments: bool = False
    max_bytes: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an input: pages done and failed, those of an earlier run among them."""

    source: str
    n_done: int
    n_failed: int
    n_resumed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: pages so far, pages a second, and the share of the input, 0 to 1."""

    source: str
    n_done: int
    n_failed: int
    per_second: float
    share: float


# What a worker process runs: pages come in over the pipe, records or reasons go out.
Reader = Callable[[Connection, Settings, Rules], None]


@dataclass(slots=True)
class _Shard:
    """The two files of an input, open to be added to, and the positions that they hold."""

    done: Any
    failed: Any
    seen: set[int]
    n_done: int = 0
    n_failed: int = 0

    def record(self, position: int, body: bytes) -> None:
        """Adds a record; it is in the file before the next one is begun."""
        self.done.write(b'{"position": %d, ' % position + body[1:] + b"\n")
        self.n_done += 1

    def failure(self, item: Item, reason: str) -> None:
        """Adds a failure to the ledger."""
        row = {"position": item.position, "url": item.url, "reason": reason[:MAX_REASON]}
        self.failed.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        self.n_failed += 1

    def flush(self) -> None:
        """Gives what was written to the disk."""
        for stream in (self.done, self.failed):
            stream.flush()
            os.fsync(stream.fileno())


def run(
    inputs: Sequence[Path],
    out: Path,
    *,
    settings: Settings,
    rules: Rules,
    progress: Callable[[Progress], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """Turns each input into its shard, one after another, with `rules.workers` processes.

    Raises `StoreError` when the folder cannot be written; what is wrong with an input or a page is
    counted and named.
    """
    return tuple(
        run_input(source, out, settings=settings, rules=rules, progress=progress)
        for source in inputs
    )


def run_input(
    source: Path,
    out: Path,
    *,
    settings: Settings,
    rules: Rules,
    progress: Callable[[Progress], None] = lambda _: None,
    reader: Reader | None = None,
) -> Outcome:
    """Turns one input into its shard, going on where an earlier run stopped.

    `reader` is what a worker process runs, `read_pages` unless a test puts another in its place.
    """
    began = time.monotonic()
    with _shard(source, out) as shard:
        n_resumed = shard.n_done + shard.n_failed
        crew = _Crew(settings, rules, reader or read_pages)
        last = began
        try:
            for item in _asked(source, shard, rules):
                if isinstance(item.content, Problem):
                    shard.failure(item, item.content.message)
                    continue
                _written(shard, crew.give(item))
                now = time.monotonic()
                if now - last > 1:
                    shard.flush()
                    progress(_progress(source, shard, n_resumed, now - began, item.share))
                    last = now
            _written(shard, crew.finish())
        finally:
            crew.close()
        shard.flush()
        seconds = time.monotonic() - began
        progress(_progress(source, shard, n_resumed, seconds, 1.0))
        return Outcome(str(source), shard.n_done, shard.n_failed, n_resumed, round(seconds, 3))


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The records of a shard: position in the input, and the JSON that `codec.decode` reads.

    A last line that a kill cut short is left out.
    """
    with path.open("rb") as stream:
        for line in stream:
            if not line.endswith(b"\n"):
                return
            head, _, rest = line.partition(b", ")
            yield int(head.removeprefix(b'{"position": ')), b"{" + rest.rstrip(b"\n")


def without_comments(page: Page) -> Page:
    """The page with readers' comments taken out: blanks stand there, so that offsets stay."""
    spans = [region.span for region in page.regions if region.kind is RegionKind.COMMENT]
    if not spans:
        return page
    text = page.text
    for span in spans:
        words = span.of(text)
        blank = "".join("\n" if character == "\n" else " " for character in words)
        text = text[: span.start] + blank + text[span.end :]
    regions = tuple(one for one in page.regions if one.kind is not RegionKind.COMMENT)
    return replace(page, text=text, regions=regions)


def shard_name(source: Path) -> str:
    """The name of an input's shard: from its name and its whole path, so that two never share."""
    digest = hashlib.sha256(str(source.absolute()).encode("utf-8", "replace")).hexdigest()[:8]
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in source.name)[:80]
    return f"{plain}-{digest}"


def _asked(source: Path, shard: _Shard, rules: Rules) -> Iterator[Item]:
    try:
        for item in items(source, max_bytes=rules.max_bytes):
            if item.position not in shard.seen:
                yield item
    except OnrecordError as error:
        # The input itself: its failure has the position that no page can have.
        if -1 not in shard.seen:
            yield Item(-1, str(source), Problem("bulk", type(error).__name__, str(error)), 1.0)


def _written(shard: _Shard, results: Sequence[tuple[Item, bytes, str]]) -> None:
    for item, body, reason in results:
        if reason:
            shard.failure(item, reason)
        else:
            shard.record(item.position, body)


def _progress(
    source: Path, shard: _Shard, n_resumed: int, seconds: float, share: float
) -> Progress:
    n_new = shard.n_done + shard.n_failed - n_resumed
    rate = n_new / seconds if seconds > 0 else 0.0
    return Progress(str(source), shard.n_done, shard.n_failed, rate, share)


@contextlib.contextmanager
def _shard(source: Path, out: Path) -> Iterator[_Shard]:
    """Opens the files of an input; a last line that a kill cut short is taken off first."""
    name = shard_name(source)
    paths = (out / (name + DONE_SUFFIX), out / (name + FAILED_SUFFIX))
    try:
        out.mkdir(parents=True, exist_ok=True)
        seen: list[set[int]] = []
        for path in paths:
            path.touch()
            _cut_torn_line(path)
            seen.append(_positions(path))
        with paths[0].open("ab") as done, paths[1].open("ab") as failed:
            yield _Shard(done, failed, seen[0] | seen[1], len(seen[0]), len(seen[1]))
    except OSError as error:
        raise StoreError(
            f"cannot write to {str(out)!r}: {error.strerror}; name another folder with --out"
        ) from error


def _cut_torn_line(path: Path) -> None:
    with path.open("r+b") as stream:
        end = stream.seek(0, os.SEEK_END)
        if not end:
            return
        at = end
        while at:
            start = max(0, at - 65_536)
            stream.seek(start)
            found = stream.read(at - start).rfind(b"\n")
            if found >= 0:
                stream.truncate(start + found + 1)
                return
            at = start
        stream.truncate(0)


def _positions(path: Path) -> set[int]:
    found: set[int] = set()
    with path.open("rb") as stream:
        for line in stream:
            head = line[:40].partition(b",")[0].partition(b":")[2].strip()
            found.add(int(head))
    return found


@dataclass(slots=True)
class _Worker:
    """A process that reads pages, and the page that it is at."""

    process: Any
    pipe: Connection
    item: Item | None = None
    began: float = 0.0


@dataclass(slots=True)
class _Crew:
    """The workers of a run; results come out in the order in which pages went in."""

    settings: Settings
    rules: Rules
    reader: Reader
    workers: list[_Worker] = field(default_factory=list)
    waiting: list[Item] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    ready: dict[int, tuple[Item, bytes, str]] = field(default_factory=dict)

    def give(self, item: Item) -> list[tuple[Item, bytes, str]]:
        """Takes a page in and gives what is ready; waits while too many pages wait."""
        self.waiting.append(item)
        self.order.append(item.position)
        self._turn(0.0)
        while len(self.order) > QUEUED * self.rules.workers:
            self._turn(0.5)
            if out := self._ordered():
                return out
        return self._ordered()

    def finish(self) -> list[tuple[Item, bytes, str]]:
        """Waits for every page."""
        out: list[tuple[Item, bytes, str]] = []
        while self.order:
            self._turn(0.5)
            out += self._ordered()
        return out

    def close(self) -> None:
        """Ends every worker."""
        for worker in self.workers:
            _ended(worker)
        self.workers.clear()

    def _turn(self, seconds: float) -> None:
        """Hands out pages, and takes what workers have done, waiting up to `seconds` for it."""
        while len(self.workers) < self.rules.workers and self.waiting:
            self.workers.append(_hired(self.reader, self.settings, self.rules))
        for worker in self.workers:
            if worker.item is None and self.waiting:
                self._hand(worker, self.waiting.pop(0))
        busy = [worker for worker in self.workers if worker.item is not None]
        if not busy:
            return
        for pipe in wait([worker.pipe for worker in busy], timeout=seconds):
            self._take(next(worker for worker in busy if worker.pipe is pipe))
        now = time.monotonic()
        for worker in busy:
            if worker.item is not None and now - worker.began > self.rules.page_seconds:
                told = f"the page took longer than {self.rules.page_seconds:g} seconds"
                self._lost(worker, told)

    def _hand(self, worker: _Worker, item: Item) -> None:
        worker.item, worker.began = item, time.monotonic()
        try:
            worker.pipe.send_bytes(_packed(item))
        except OSError:
            # It died between two pages: the page is not to blame and goes to another worker.
            worker.item = None
            self.waiting.insert(0, item)
            self._replace(worker)

    def _take(self, worker: _Worker) -> None:
        item = worker.item
        if item is None:
            return
        try:
            body = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            code = _ended(worker)
            self._lost(worker, f"the page ended its reader ({code})")
            return
        worker.item = None
        if body[:1] == b"!":
            self.ready[item.position] = (item, b"", body[1:].decode("utf-8", "replace"))
        else:
            self.ready[item.position] = (item, body, "")

    def _lost(self, worker: _Worker, reason: str) -> None:
        if worker.item is not None:
            self.ready[worker.item.position] = (worker.item, b"", reason)
        worker.item = None
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        _ended(worker)
        self.workers[self.workers.index(worker)] = _hired(self.reader, self.settings, self.rules)

    def _ordered(self) -> list[tuple[Item, bytes, str]]:
        out = []
        while self.order and self.order[0] in self.ready:
            out.append(self.ready.pop(self.order.pop(0)))
        return out


def _hired(reader: Reader, settings: Settings, rules: Rules) -> _Worker:
    # Spawned, not forked: a fork of a process with threads of onnxruntime can hang.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=reader, args=(theirs, settings, rules), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _ended(worker: _Worker) -> str:
    """Ends a worker; how it ended, in words."""
    worker.pipe.close()
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join(timeout=10)
    code = worker.process.exitcode
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _packed(item: Item) -> bytes:
    """A page for a worker, without pickle: a head of JSON, then the bytes."""
    capture = item.content
    assert isinstance(capture, Capture)  # noqa: S101 - problems never reach a worker
    head = json.dumps([capture.url, capture.retrieved, capture.media_type]).encode()
    return len(head).to_bytes(4, "big") + head + capture.body


def _unpacked(data: bytes) -> Capture:
    size = int.from_bytes(data[:4], "big")
    url, retrieved, media_type = json.loads(data[4 : 4 + size])
    return Capture(url, retrieved, media_type, data[4 + size :])


def read_pages(pipe: Connection, settings: Settings, rules: Rules) -> None:
    """A worker's life: pages in, records or reasons out, until the pipe closes."""
    from onrecord.compose import open_desk

    desk = open_desk(settings)
    while True:
        try:
            data = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        try:
            body = encode(_checked(desk, _unpacked(data), rules))
        except OnrecordError as error:
            body = b"!" + f"{type(error).__name__}: {error}".encode("utf-8", "replace")
        pipe.send_bytes(body)


def _checked(desk: Desk, capture: Capture, rules: Rules) -> Record:
    from onrecord.read import read

    page = read(capture)
    if not rules.keeps_comments:
        page = without_comments(page)
    record = desk.pipeline(page, strict=desk.settings.strict)
    # Times differ from run to run; without them the same input gives the same bytes.
    return replace(record, steps=tuple(replace(step, seconds=0.0) for step in record.steps))


def with_stages(settings: Settings, chosen: Mapping[str, str]) -> Settings:
    """The settings with other makers for some stages."""
    stages = tuple((stage, chosen.get(stage, maker)) for stage, maker in settings.stages)
    return replace(settings, stages=stages)
