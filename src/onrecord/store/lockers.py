"""What is held for each check: which kept capture stands for which cited page.

A review's content is signed and cannot take in a digest after publication, so what was fetched for
it stands here, by the review's id, among the kept values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from onrecord.store.tables import kept_values
from onrecord.store.writing import upsert, writing

__all__ = ["Asked", "Held", "add_held", "asked", "every_asked", "every_held", "held", "keep_asked"]

_PREFIX, _ASKED = "locker:", "asked:"


@dataclass(frozen=True, slots=True)
class Held:
    """One try to hold a cited page: `digest` is the SHA-256 of the bytes, empty where it failed.

    `url` is the address as cited, `at` when it was asked for (ISO 8601, UTC), `fault` why it could
    not be had.
    """

    url: str
    digest: str
    at: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The last time that a cited address was asked.

    `etag` and `last_modified` are what its server gave for bytes whose article reads as that of the
    kept capture `digest`. `n_failed` counts failures in a row, and before `not_before` it is left
    alone. Times are ISO 8601, UTC.
    """

    url: str
    at: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    n_failed: int = 0
    not_before: str = ""


def asked(engine: sa.Engine, url: str) -> Asked:
    """When an address was asked last; one that never was has no times."""
    query = sa.select(kept_values.c.value).where(kept_values.c.name == _asked_name(url))
    with engine.connect() as connection:
        value = connection.execute(query).scalar()
    return Asked(**json.loads(value)) if value else Asked(url)


def every_asked(engine: sa.Engine) -> dict[str, Asked]:
    """The addresses that were asked, with the last time."""
    query = sa.select(kept_values.c.value).where(kept_values.c.name.like(_ASKED + "%"))
    with engine.connect() as connection:
        found = [Asked(**json.loads(value)) for value in connection.execute(query).scalars()]
    return {one.url: one for one in found}


def keep_asked(engine: sa.Engine, one: Asked) -> None:
    """Remembers the last time that an address was asked."""
    name = _asked_name(one.url)
    row = {"name": name, "value": json.dumps(asdict(one)).encode(), "changed": one.at}
    with writing(engine) as connection:
        upsert(connection, kept_values, [row])


def _asked_name(url: str) -> str:
    return _ASKED + hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:40]


def held(engine: sa.Engine, review_id: str) -> tuple[Held, ...]:
    """What is held for a review, in the order in which it came."""
    query = sa.select(kept_values.c.value).where(kept_values.c.name == _PREFIX + review_id)
    with engine.connect() as connection:
        return _read(connection.execute(query).scalar())


def every_held(engine: sa.Engine) -> dict[str, tuple[Held, ...]]:
    """What is held, by the id of the review."""
    query = sa.select(kept_values).where(kept_values.c.name.like(_PREFIX + "%"))
    with engine.connect() as connection:
        return {
            row.name.removeprefix(_PREFIX): _read(row.value) for row in connection.execute(query)
        }


def add_held(engine: sa.Engine, review_id: str, rows: Iterable[Held], *, now: str) -> None:
    """Adds to what is held; a failure gives way to the next try at the same address."""
    fresh = [*rows]
    name = _PREFIX + review_id
    asked = {one.url for one in fresh}
    with writing(engine) as connection:
        query = sa.select(kept_values.c.value).where(kept_values.c.name == name)
        before = _read(connection.execute(query).scalar())
        kept = [one for one in before if one.digest or one.url not in asked]
        kept += [one for one in fresh if one not in kept]
        value = json.dumps([asdict(one) for one in kept]).encode()
        connection.execute(kept_values.delete().where(kept_values.c.name == name))
        row = {"name": name, "value": value, "changed": now}
        connection.execute(kept_values.insert().values(**row))


def _read(value: bytes | None) -> tuple[Held, ...]:
    return tuple(Held(**row) for row in json.loads(value)) if value else ()
