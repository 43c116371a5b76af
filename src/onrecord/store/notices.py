"""Notices for the desk: a page that a check cites, or one that is watched, is not as it was.

Kept among the small values, open ones under a prefix of their own so that they are counted without
reading any. The same thing is told once, however often it is seen; an editor marks it as seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

import sqlalchemy as sa

from onrecord.errors import NewsroomError
from onrecord.store.newsroom import Act, log_in
from onrecord.store.tables import kept_values
from onrecord.store.writing import writing

__all__ = ["KINDS", "Notice", "end", "load", "mark_seen", "n_open", "notices", "tell"]

KINDS = ("changed", "edited", "gone", "not_reached")
# Of what a notice shows: parts on each side, and code points of one.
MAX_PARTS, MAX_PART = 20, 2_000
MAX_LISTED = 500
# Marked ones go when there are more, the oldest first.
MAX_SEEN = 2_000
_OPEN, _SEEN = "notice:open:", "notice:seen:"


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of a page; times are ISO 8601, UTC.

    `kind` is `changed` (a cited page), `edited` (a watched one), `gone` or `not_reached`; `review`
    the check that cites it, empty for a watched page; `version` the SHA-256 of the bytes that it
    has now, or had last. `before` is when the copy was kept that it is compared with, `removed` and
    `added` are whole parts of the article, `reason` is in words. `record` is the page's digest
    where the desk has read it anew. `ended` is when it was found again.
    """

    kind: str
    url: str
    review: str
    version: str
    first_seen: str
    last_seen: str
    before: str = ""
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    has_correction: bool = False
    reason: str = ""
    record: str = ""
    seen_by: str = ""
    seen: str = ""
    ended: str = ""

    @property
    def id(self) -> str:
        """The same for the same thing, whenever it is seen: 16 hexadecimal digits."""
        told = f"{self.kind}\0{self.url}\0{self.review}\0{self.version}"
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def tell(engine: sa.Engine, given: Iterable[Notice]) -> tuple[Notice, ...]:
    """Keeps notices and returns those that are new; of the others only the last sighting moves on.

    One that an editor marked stays marked, unless the page was found again in the meantime.
    """
    fresh: list[Notice] = []
    with writing(engine) as connection:
        for one in given:
            known = _found(connection, one.id)
            if known is not None and not known.ended:
                again = replace(known, last_seen=one.last_seen)
                _keep(connection, again, is_open=not known.seen)
                continue
            short = replace(one, removed=_cut(one.removed), added=_cut(one.added))
            _remove(connection, one.id)
            _keep(connection, short, is_open=True)
            fresh.append(short)
        if fresh:
            _let_go(connection)
    return tuple(fresh)


def end(engine: sa.Engine, url: str, *, review: str, now: str) -> int:
    """Takes notices off that say a page is gone or not reached: it answered; how many those were."""
    wanted = [
        one
        for one in notices(engine, review=review)
        if one.url == url and one.review == review and one.kind in {"gone", "not_reached"}
    ]
    if not wanted:
        return 0
    with writing(engine) as connection:
        for one in wanted:
            _remove(connection, one.id)
            _keep(connection, replace(one, ended=now, seen=now), is_open=False)
    return len(wanted)


def notices(
    engine: sa.Engine, *, review: str | None = None, limit: int = MAX_LISTED
) -> tuple[Notice, ...]:
    """The open notices, the newest first; `review` for those of one check, `""` for watched pages."""
    rows = _every(engine, _OPEN)
    found = [one for one in rows if review is None or one.review == review]
    return tuple(sorted(found, key=lambda one: (one.first_seen, one.id), reverse=True)[:limit])


def n_open(engine: sa.Engine) -> int:
    """How many notices wait for an editor."""
    with engine.connect() as connection:
        query = sa.select(sa.func.count()).select_from(kept_values).where(_named(_OPEN))
        return int(connection.execute(query).scalar_one())


def load(engine: sa.Engine, notice_id: str) -> Notice | None:
    """A notice, open or marked."""
    with engine.connect() as connection:
        return _found(connection, notice_id)


def mark_seen(engine: sa.Engine, notice_id: str, *, act: Act) -> Notice:
    """Marks a notice as seen by an account, with its entry in the audit log.

    Raises `NewsroomError` where there is none; one that is marked already stays as it is.
    """
    with writing(engine) as connection:
        log_in(connection, act, target=f"notice/{notice_id}")
        found = _found(connection, notice_id)
        if found is None:
            raise NewsroomError(f"no notice {notice_id!r}")
        if found.seen:
            return found
        marked = replace(found, seen_by=act.account, seen=act.at)
        _remove(connection, notice_id)
        _keep(connection, marked, is_open=False)
    return marked


def _cut(parts: tuple[str, ...]) -> tuple[str, ...]:
    shown = [part if len(part) <= MAX_PART else part[: MAX_PART - 1] + "…" for part in parts]
    more = len(shown) - MAX_PARTS
    return tuple(shown) if more <= 0 else (*shown[:MAX_PARTS], f"and {more} more parts")


def _named(prefix: str) -> sa.ColumnElement[bool]:
    """Names that begin so, as a range of the primary key."""
    return (kept_values.c.name >= prefix) & (kept_values.c.name < prefix[:-1] + ";")


def _every(engine: sa.Engine, prefix: str) -> list[Notice]:
    query = sa.select(kept_values.c.value).where(_named(prefix))
    with engine.connect() as connection:
        return [_read(value) for value in connection.execute(query).scalars()]


def _found(connection: sa.Connection, notice_id: str) -> Notice | None:
    names = [_OPEN + notice_id, _SEEN + notice_id]
    query = sa.select(kept_values.c.value).where(kept_values.c.name.in_(names))
    value = connection.execute(query).scalar()
    return _read(value) if value else None


def _keep(connection: sa.Connection, one: Notice, *, is_open: bool) -> None:
    _remove(connection, one.id)
    value = json.dumps(asdict(one), ensure_ascii=False).encode("utf-8", "replace")
    name = (_OPEN if is_open else _SEEN) + one.id
    row = {"name": name, "value": value, "changed": one.last_seen}
    connection.execute(kept_values.insert().values(**row))


def _remove(connection: sa.Connection, notice_id: str) -> None:
    names = [_OPEN + notice_id, _SEEN + notice_id]
    connection.execute(kept_values.delete().where(kept_values.c.name.in_(names)))


def _let_go(connection: sa.Connection) -> None:
    query = sa.select(kept_values.c.name).where(_named(_SEEN))
    newest = query.order_by(kept_values.c.changed.desc(), kept_values.c.name)
    old = list(connection.execute(newest.offset(MAX_SEEN).limit(MAX_LISTED)).scalars())
    if old:
        connection.execute(kept_values.delete().where(kept_values.c.name.in_(old)))


def _read(value: bytes) -> Notice:
    plain = json.loads(value)
    return Notice(**plain | {name: tuple(plain[name]) for name in ("removed", "added")})
