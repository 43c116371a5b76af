"""Answers of the API by the key of their request, kept for a day to be given again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from onrecord.store.tables import kept_answers

__all__ = ["DEAD_MINUTES", "KEPT_HOURS", "Kept", "begin", "forget", "keep"]

KEPT_HOURS = 24
# A request that has no answer by then was cut off by a kill: longer than any answer may take.
DEAD_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer: digest of what was asked, status (0: not answered yet), headers and body.

    `is_whole` is false where the body may be shown only once and was not kept.
    """

    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_whole: bool = True


def begin(engine: sa.Engine, name: str, *, asked: str, now: datetime) -> Kept | None:
    """Marks a request as being answered, or gives what is known of the name already.

    Answers older than `KEPT_HOURS` are let go first, and requests that were begun and have no
    answer after `DEAD_MINUTES`: whether those were done is not known.
    """
    old = (now - timedelta(hours=KEPT_HOURS)).isoformat(timespec="seconds")
    dead = (now - timedelta(minutes=DEAD_MINUTES)).isoformat(timespec="seconds")
    is_dead = (kept_answers.c.status == 0) & (kept_answers.c.at < dead)
    row = {
        "name": name,
        "asked": asked,
        "at": now.isoformat(timespec="seconds"),
        "status": 0,
        "is_whole": True,
        "headers": "[]",
        "body": b"",
    }
    try:
        with engine.begin() as connection:
            connection.execute(kept_answers.delete().where((kept_answers.c.at < old) | is_dead))
            connection.execute(kept_answers.insert().values(row))
    except sa.exc.IntegrityError:
        return _load(engine, name)
    return None


def keep(engine: sa.Engine, name: str, answer: Kept) -> None:
    """Keeps the answer to a request that was begun."""
    values = {
        "status": answer.status,
        "is_whole": answer.is_whole,
        "headers": json.dumps(answer.headers),
        "body": answer.body,
    }
    here = kept_answers.c.name == name
    with engine.begin() as connection:
        connection.execute(kept_answers.update().where(here).values(**values))


def forget(engine: sa.Engine, name: str) -> None:
    """Lets go a request that was refused, so that it can be sent again."""
    with engine.begin() as connection:
        connection.execute(kept_answers.delete().where(kept_answers.c.name == name))


def _load(engine: sa.Engine, name: str) -> Kept | None:
    query = sa.select(kept_answers).where(kept_answers.c.name == name)
    with engine.connect() as connection:
        row = connection.execute(query).first()
    if row is None:  # it was let go in between; the caller may answer anew
        return None
    headers = tuple((str(one), str(value)) for one, value in json.loads(row.headers))
    return Kept(row.asked, row.status, headers, row.body, row.is_whole)
