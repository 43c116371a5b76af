"""The worker processes of a bulk run: pages go in, records or reasons come out, in order.

A worker that ends is replaced. The page that it was at is tried again, first thing, by a fresh
one: somebody outside may have ended the process, and then the page is not to blame.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from types import MappingProxyType

from onrecord.bulk_inputs import Item
from onrecord.bulk_worker import FAILURE, GOING_ON, RECORD, Rules, opening, packed
from onrecord.errors import PipelineError
from onrecord.record import Capture
from onrecord.settings import Settings

__all__ = ["WORKER", "Crew", "Finished"]

# The command of a worker; the number of its socket is put behind it. `-P`: no module of the folder
# that the command is run in gets in the way.
WORKER = (sys.executable, "-P", "-m", "onrecord.bulk_worker")

# How often a page may end its worker by a fault of its own (a crash, an exit) before it is a
# failure. Twice: the first worker may have been harmed by an earlier page.
MAX_CRASHES = 2
# The same for a signal that others send. With a kill of one of two workers every 20 seconds a page
# of one second meets a second kill in one of 40 cases, four in a row in one of 64,000; a page that
# makes the system's own killer end its worker costs four tries.
MAX_KILLS = 4
_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT})

# Pages that wait for each worker: the next ones, read while it works.
WAITING = 2
# Results that wait for an earlier page, so that one that hangs holds nobody up.
MAX_HELD = 64_000_000  # bytes
# A start takes a second or two; models on a slow disk, longer.
START_SECONDS = 300.0
# A worker whose socket has closed is about to end; its own exit code says more than a kill.
PATIENCE = 2.0  # seconds
# Workers that end in a row before they are ready: then the next one will not be ready either.
MAX_STILLBORN = 20

# One thread each: with several processes, more threads only wait for each other.
_ONE_THREAD: Mapping[str, str] = MappingProxyType(
    {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "RAYON_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A page that is done: the JSON of its record, or the reason why there is none."""

    item: Item
    body: bytes
    reason: str = ""


@dataclass(slots=True)
class _Task:
    """A page on its way, and how often it was there when a worker ended."""

    item: Item
    n_lost: int = 0


@dataclass(slots=True)
class _Worker:
    """A process, the page that it is at, and the page that it is to try first."""

    process: subprocess.Popen[bytes]
    pipe: Connection
    began: float
    ready: bool = False
    task: _Task | None = None
    first: _Task | None = None


@dataclass(slots=True)
class Crew:
    """The workers of a run, started when the first page comes, ended by `close`.

    They end with the thread that started them, however that ends, so one thread uses a crew.

    `command` is what a worker process runs; `stages` what the workers said of their stages,
    `[[name, version, digest of the model], ...]`, `None` before the first one is ready.
    """

    settings: Settings
    rules: Rules
    command: Sequence[str] = WORKER
    stages: list[list[str | None]] | None = None
    _workers: list[_Worker] = field(default_factory=list)
    _waiting: deque[_Task] = field(default_factory=deque)
    _order: deque[int] = field(default_factory=deque)
    _ready: dict[int, Finished] = field(default_factory=dict)
    _n_held: int = 0
    _n_stillborn: int = 0

    def put(self, item: Item) -> None:
        """Takes a page in."""
        self._waiting.append(_Task(item))
        self._order.append(item.position)
        self.turn(0.0)

    def is_full(self) -> bool:
        """Whether no more pages should be put in for now."""
        return len(self._waiting) >= WAITING * self.rules.workers or self._n_held > MAX_HELD

    def is_idle(self) -> bool:
        """Whether every page that was put in was taken out."""
        return not self._order

    def taken(self) -> list[Finished]:
        """The pages that are done, in the order in which they were put in."""
        out = []
        while self._order and self._order[0] in self._ready:
            out.append(self._ready.pop(self._order.popleft()))
            self._n_held -= len(out[-1].body)
        return out

    def start(self) -> None:
        """Starts the workers and waits until all are ready.

        Raises `PipelineError` when they cannot be, as with stages that do not fit together.
        """
        self._hire(self.rules.workers)
        while not all(worker.ready for worker in self._workers):
            self.turn(0.5)

    def processes(self) -> tuple[int, ...]:
        """The ids of the worker processes."""
        return tuple(worker.process.pid for worker in self._workers)

    def close(self) -> None:
        """Ends every worker."""
        for worker in self._workers:
            _ended(worker)
        self._workers.clear()

    def turn(self, seconds: float) -> None:
        """Hands out pages, and takes what workers have done, waiting up to `seconds` for it."""
        self._hire(min(self.rules.workers, len(self._workers) + len(self._waiting)))
        self._hand_out()
        listening = [w for w in self._workers if w.task is not None or not w.ready]
        heard = wait([w.pipe for w in listening], timeout=seconds) if listening else ()
        for worker in listening:
            if worker.pipe in heard:
                self._take(worker)
        self._hand_out()
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.task is not None and now - worker.began > self.rules.page_seconds:
                told = f"the page took longer than {self.rules.page_seconds:g} seconds"
                self._finish(Finished(worker.task.item, b"", told))
                self._replace(worker)
            elif not worker.ready and now - worker.began > START_SECONDS:
                self._lose(worker)

    def _hire(self, n: int) -> None:
        while len(self._workers) < n:
            self._workers.append(self._hired())

    def _hand_out(self) -> None:
        for worker in list(self._workers):
            if not worker.ready or worker.task is not None:
                continue
            if worker.first is not None:
                task, worker.first = worker.first, None
            elif self._waiting:
                task = self._waiting.popleft()
            else:
                continue
            self._hand(worker, task)

    def _hand(self, worker: _Worker, task: _Task) -> None:
        capture = task.item.content
        assert isinstance(capture, Capture)  # noqa: S101 - problems never reach a worker
        worker.task, worker.began = task, time.monotonic()
        try:
            worker.pipe.send_bytes(packed(capture))
        except OSError:
            # It ended between two pages: the page is not to blame.
            worker.task = None
            self._replace(worker).first = task

    def _take(self, worker: _Worker) -> None:
        try:
            answer = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._lose(worker)
            return
        kind, going_on, body = answer[:1], answer[1:2] == GOING_ON, answer[2:]
        if not worker.ready:
            self._welcome(worker, kind, body)
            return
        task, worker.task = worker.task, None
        if task is not None:
            reason = body.decode("utf-8", "replace") if kind == FAILURE else ""
            self._finish(Finished(task.item, body if kind == RECORD else b"", reason))
        if not going_on:
            self._replace(worker)

    def _welcome(self, worker: _Worker, kind: bytes, body: bytes) -> None:
        if kind == FAILURE:
            told = body.decode("utf-8", "replace")
            raise PipelineError(f"no page can be read with these settings: {told}")
        worker.ready, self._n_stillborn = True, 0
        if self.stages is None:
            self.stages = json.loads(body)

    def _lose(self, worker: _Worker) -> None:
        """A worker has ended by itself; its page is tried again, unless that was tried enough."""
        code, task = _ended(worker, patience=PATIENCE), worker.task or worker.first
        if not worker.ready:
            self._n_stillborn += 1
            if self._n_stillborn >= MAX_STILLBORN:
                raise PipelineError(
                    f"{MAX_STILLBORN} worker processes in a row ended before they were ready, the "
                    f"last with {_in_words(code)}; see above for what they said"
                )
        elif task is not None:
            task.n_lost += 1
            if task.n_lost >= (MAX_KILLS if -code in _FROM_OUTSIDE else MAX_CRASHES):
                told = f"the page ended its reader ({_in_words(code)}, tried {task.n_lost} times)"
                self._finish(Finished(task.item, b"", told))
                task = None
        self._replace(worker).first = task

    def _finish(self, finished: Finished) -> None:
        self._ready[finished.item.position] = finished
        self._n_held += len(finished.body)

    def _replace(self, worker: _Worker) -> _Worker:
        _ended(worker)
        fresh = self._hired()
        self._workers[self._workers.index(worker)] = fresh
        return fresh

    def _hired(self) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [*self.command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD},
                pass_fds=(theirs.fileno(),),
                process_group=0,  # Ctrl-C is for the run, which ends its workers itself
            )
        pipe = Connection(ours.detach())
        # One that has ended already is found at the next turn.
        with contextlib.suppress(OSError):
            pipe.send_bytes(opening(self.settings, self.rules))
        return _Worker(process, pipe, time.monotonic())


def _ended(worker: _Worker, *, patience: float = 0.0) -> int:
    """Ends a worker, at the latest after `patience` seconds; its exit code, a signal negative."""
    worker.pipe.close()
    try:
        return worker.process.wait(timeout=patience)
    except subprocess.TimeoutExpired:
        worker.process.kill()
        return worker.process.wait()


def _in_words(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
