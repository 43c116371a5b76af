"""Jobs: pages that wait to be read, one worker at a time for each."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from onrecord.store.tables import jobs
from onrecord.store.writing import writing

__all__ = ["Job", "add", "finish", "load", "progress", "recent", "take", "waiting"]

MAX_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class Job:
    """A page to read: `kind` is `address`, `file` or `paste`; `progress` runs from 0 to 1.

    `state` is `waiting`, `running`, `done` or `failed`; `record` is the page's digest once done.
    """

    id: str
    kind: str
    argument: str
    state: str
    progress: float
    message: str
    account: str
    made: str
    started: str
    finished: str
    record: str


def add(engine: sa.Engine, kind: str, argument: str, *, account: str, now: str) -> Job:
    """Adds a job; the same page that waits already is not added twice."""
    same = (jobs.c.kind == kind) & (jobs.c.argument == argument) & (jobs.c.state == "waiting")
    with writing(engine) as connection:
        known = connection.execute(sa.select(jobs).where(same).limit(1)).first()
        if known:
            return _job(known)
        made = Job(
            secrets.token_hex(8), kind, argument, "waiting", 0.0, "", account, now, "", "", ""
        )
        connection.execute(jobs.insert().values({f: getattr(made, f) for f in made.__slots__}))
    return made


def take(engine: sa.Engine, *, now: str, stale_before: str = "") -> Job | None:
    """The oldest job that waits, now running; no two workers get the same.

    A job that began before `stale_before` and never ended is taken again: its worker died.
    """
    fits = jobs.c.state == "waiting"
    if stale_before:
        fits |= (jobs.c.state == "running") & (jobs.c.started < stale_before)
    query = sa.select(jobs).where(fits).order_by(jobs.c.made, jobs.c.id).limit(1)
    while True:
        with writing(engine) as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            here = (
                (jobs.c.id == row.id)
                & (jobs.c.state == row.state)
                & (jobs.c.started == row.started)
            )
            values = {"state": "running", "started": now, "progress": 0.0, "message": ""}
            if connection.execute(jobs.update().where(here).values(**values)).rowcount == 1:
                taken = connection.execute(sa.select(jobs).where(jobs.c.id == row.id)).one()
                return _job(taken)


def progress(engine: sa.Engine, job_id: str, share: float, message: str) -> None:
    """Says how far a job is, 0 to 1, and what it does."""
    values = {"progress": share, "message": message[:MAX_MESSAGE]}
    with writing(engine) as connection:
        connection.execute(jobs.update().where(jobs.c.id == job_id).values(**values))


def finish(engine: sa.Engine, job_id: str, *, now: str, record: str = "", fault: str = "") -> None:
    """Ends a job: done with a record's digest, or failed with a reason."""
    values = {
        "state": "failed" if fault else "done",
        "progress": 1.0,
        "message": fault[:MAX_MESSAGE],
        "finished": now,
        "record": record,
    }
    with writing(engine) as connection:
        connection.execute(jobs.update().where(jobs.c.id == job_id).values(**values))


def load(engine: sa.Engine, job_id: str) -> Job | None:
    """A job by its id."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(jobs).where(jobs.c.id == job_id)).first()
    return _job(row) if row else None


def recent(engine: sa.Engine, *, limit: int = 20) -> tuple[Job, ...]:
    """The newest jobs, the last first."""
    query = sa.select(jobs).order_by(jobs.c.made.desc(), jobs.c.id).limit(limit)
    with engine.connect() as connection:
        return tuple(_job(row) for row in connection.execute(query))


def waiting(engine: sa.Engine) -> int:
    """How many jobs wait."""
    query = sa.select(sa.func.count()).select_from(jobs).where(jobs.c.state == "waiting")
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def _job(row: sa.Row[Any]) -> Job:
    return Job(**row._mapping)  # noqa: SLF001 - the documented mapping of a row
