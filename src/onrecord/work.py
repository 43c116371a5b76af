"""Runs the desk's jobs: a page that an editor added becomes a record and fills the queue.

Each job runs in a process of its own with limits on memory, processor time and clock, so that a
page that hangs or crashes its reader costs only itself. `run_job` is that process's work, `work`
the loop around it.
"""

from __future__ import annotations

import hashlib
import logging
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.errors import InputError, OnrecordError, StoreError
from onrecord.record import Capture, Problem, Record
from onrecord.sightings import remember_quietly, texts_of, without_itself
from onrecord.store import captures, jobs, records

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.compose import Desk
    from onrecord.store.jobs import Job

__all__ = ["Limits", "keep_upload", "own_command", "rest", "run_job", "work"]

UPLOADS = "uploads"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may take."""

    seconds: int = 300  # of the clock
    cpu_seconds: int = 240
    memory_bytes: int = 4 * 2**30  # of address space; models are mapped, not copied


def keep_upload(folder: Path, body: bytes, *, suffix: str) -> str:
    """Keeps what was uploaded or pasted under a name of ours, which it returns.

    The name comes from the bytes and a known suffix, never from what the browser calls the file.
    """
    name = hashlib.sha256(body).hexdigest() + suffix
    place = folder / UPLOADS
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(body)
    except OSError as error:
        raise StoreError(
            f"cannot keep the upload: {error.strerror}; free some space in the data folder"
        ) from error
    return name


def run_job(job_id: str, *, desk: Desk, folder: Path, engine: sa.Engine) -> None:
    """Runs one job to its end: read, check, keep, fill the queue, join the history of texts.

    What is wrong with a page becomes the job's message; nothing is raised for it.
    """
    job = jobs.load(engine, job_id)
    if job is None:
        raise StoreError(f"no job {job_id!r}; it may have been removed")
    try:
        jobs.progress(engine, job.id, 0.1, "fetching" if job.kind == "address" else "reading")
        capture = _capture(job, desk, folder)
        jobs.progress(engine, job.id, 0.3, "analysing")
        own = texts_of(capture)
        record = without_itself(desk.check(capture), own)
        jobs.progress(engine, job.id, 0.9, "keeping")
        _keep(engine, folder, capture, record)
        # Only now, so that a page is never its own earlier appearance.
        remember_quietly(engine, folder, own, seen=capture.retrieved or _now())
    except OnrecordError as error:
        jobs.finish(engine, job.id, now=_now(), fault=str(error))
        return
    jobs.finish(engine, job.id, now=_now(), record=record.page.digest)


def rest() -> None:
    """What a worker does when no job waits: it looks again a second later."""
    time.sleep(1.0)


def work(
    engine: sa.Engine,
    *,
    limits: Limits,
    command: tuple[str, ...],
    is_stopped: Callable[[], bool],
    daily: Callable[[datetime], None] = lambda _: None,
    idle: Callable[[], object] = rest,
) -> None:
    """Takes jobs one after another, each in a process of its own, until it is told to stop.

    `command` starts the process for a job; the job's id is added to it. `daily` is called at the
    first round of each day (UTC), `idle` whenever no job waits.
    """
    last_day = ""
    while not is_stopped():
        now = datetime.now(UTC)
        if (day := now.date().isoformat()) != last_day:
            daily(now)
            last_day = day
        stale = (now - timedelta(seconds=2 * limits.seconds)).isoformat(timespec="seconds")
        job = jobs.take(engine, now=now.isoformat(timespec="seconds"), stale_before=stale)
        if job is None:
            idle()
            continue
        fault = _in_own_process((*command, job.id), limits)
        done = jobs.load(engine, job.id)
        if done is not None and done.state == "running":
            jobs.finish(engine, job.id, now=_now(), fault=fault or "the reader stopped early")
            logger.warning("job %s failed: %s", job.id, fault)


def own_command() -> tuple[str, ...]:
    """The command line that runs one job of this very installation."""
    return (sys.executable, "-m", "onrecord", "work", "--job")


def _in_own_process(command: tuple[str, ...], limits: Limits) -> str:
    """Runs a command within limits; what went wrong in words, or `""`."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))

    try:
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            command,
            timeout=limits.seconds,
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            preexec_fn=limited,
        )
    except subprocess.TimeoutExpired:
        return f"the page took longer than {limits.seconds} seconds"
    if done.returncode < 0:
        return f"the reader was stopped (signal {-done.returncode}): too much memory or time"
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return told[-1] if told else f"the reader ended with code {done.returncode}"
    return ""


def _capture(job: Job, desk: Desk, folder: Path) -> Capture:
    argument = job.argument if job.kind == "address" else str(folder / UPLOADS / job.argument)
    first = next(desk.captures(argument), None)
    if first is None:
        raise InputError("the archive holds no page")
    if isinstance(first, Problem):
        raise InputError(first.message)
    return first


def _keep(engine: sa.Engine, folder: Path, capture: Capture, record: Record) -> None:
    from onrecord import __version__
    from onrecord.codec import encode

    now = _now()
    digest = hashlib.sha256(capture.body).hexdigest()
    # A pasted or uploaded page has no address: its digest names it in the archive.
    named = replace(
        capture,
        url=capture.url or f"urn:sha256:{digest}",
        retrieved=capture.retrieved or now,
    )
    kept = captures.keep(engine, folder, capture=named)
    json = encode(record).decode()
    captures.keep_record(engine, kept, json=json, now=now, version=__version__)
    records.project(engine, record, now=now)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
