"""Records as the desk lists and opens them, and the queue of their claims.

The JSON of a record is the truth; rows of `claims` are a projection that `project` writes and
`onrecord reindex` rebuilds, all but what editors decided about a claim, which it carries over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from onrecord.codec import decode
from onrecord.errors import CodecError
from onrecord.record import Record
from onrecord.store.tables import captures, claims, records
from onrecord.store.writing import writing
from onrecord.terms import ClaimKind, MatchRelation

__all__ = [
    "Cursor",
    "Listed",
    "QueueFilter",
    "QueuedClaim",
    "assign",
    "claim_of",
    "counts",
    "every_record",
    "json_of",
    "listed",
    "load",
    "project",
    "queue",
    "set_state",
]

QUEUE_STATES = ("new", "taken", "checked", "left")
# Words of a claim that the queue shows; the record has all of them.
MAX_WORDS = 400
_MOST_VALUES = 500  # in a statement; SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class Listed:
    """A page in the list of records: digest, address, when it was kept and read."""

    digest: str
    url: str
    retrieved: str
    made: str


@dataclass(frozen=True, slots=True)
class QueuedClaim:
    """A claim in the queue; `matched` is the publisher of an earlier check of the same claim."""

    number: int
    id: str
    record: str
    url: str
    title: str
    site: str
    words: str
    speaker: str
    kind: str
    checkworthiness: float
    rank: int
    matched: str
    state: str
    assigned: str
    review: str
    made: str


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the queue shows; an empty value sets no condition. `words` must all occur.

    Claims that somebody said something are shown only when that kind is asked for: whether it was
    said is seldom the question.
    """

    state: str = "new"
    assigned: str = ""
    kind: str = ""
    site: str = ""
    record: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page of the queue begins: after this check-worthiness and row."""

    checkworthiness: float
    number: int


def load(engine: sa.Engine, digest: str) -> Record | None:
    """The newest record of a page by its digest; `None` where none can be read."""
    text = json_of(engine, digest)
    if text is None:
        return None
    try:
        return decode(text.encode())
    except CodecError:
        return None


def json_of(engine: sa.Engine, digest: str) -> str | None:
    """The JSON of the newest record of a page."""
    query = (
        sa.select(records.c.json)
        .join(captures, captures.c.id == records.c.capture)
        .where(captures.c.digest == digest)
        .order_by(records.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def listed(
    engine: sa.Engine, *, limit: int = 50, before: int = 0
) -> tuple[tuple[int, Listed], ...]:
    """The newest records with their row numbers; `before` is the last number of the page before."""
    query = (
        sa.select(
            records.c.id, captures.c.digest, captures.c.url, captures.c.retrieved, records.c.made
        )
        .join(captures, captures.c.id == records.c.capture)
        .order_by(records.c.id.desc())
        .limit(limit)
    )
    if before:
        query = query.where(records.c.id < before)
    with engine.connect() as connection:
        return tuple(
            (row.id, Listed(row.digest, row.url, row.retrieved, row.made))
            for row in connection.execute(query)
        )


def every_record(engine: sa.Engine) -> Iterator[Record]:
    """Every page's newest record, in order of storing; unreadable ones are left out."""
    newest = sa.select(sa.func.max(records.c.id)).group_by(records.c.capture)
    with engine.connect() as connection:
        numbers = [row[0] for row in connection.execute(newest)]
    for number in sorted(numbers):
        with engine.connect() as connection:
            text = connection.execute(
                sa.select(records.c.json).where(records.c.id == number)
            ).scalar_one()
        try:
            yield decode(text.encode())
        except CodecError:
            continue


def project(engine: sa.Engine, record: Record, *, now: str) -> int:
    """Writes the checkable claims of a record into the queue, in place of its old rows.

    What editors decided about a claim that is still there is carried over. A claim that stands word
    for word in an earlier version of the page waits once: as the later one, unless somebody has
    taken the earlier one. Returns how many.
    """
    rows = list(_rows(record, now))
    digest = record.page.digest
    with writing(engine) as connection:
        old = {
            row.id: row
            for row in connection.execute(sa.select(claims).where(claims.c.record == digest))
        }
        connection.execute(claims.delete().where(claims.c.record == digest))
        for row in rows:
            before = old.get(row["id"])
            if before is not None:
                row |= {
                    "state": before.state,
                    "assigned": before.assigned,
                    "review": before.review,
                    "made": before.made,
                }
        fresh = [row for row in rows if row["id"] not in old]
        if record.page.url and fresh:
            _wait_once(connection, fresh, url=record.page.url, digest=digest)
        if rows:
            connection.execute(claims.insert(), rows)
    return len(rows)


def _wait_once(
    connection: sa.Connection, fresh: Sequence[dict[str, Any]], *, url: str, digest: str
) -> None:
    """Leaves out one of two claims with the same words in two versions of a page."""
    versions = sa.select(captures.c.digest).where(
        captures.c.url == url, captures.c.digest != digest
    )
    query = sa.select(claims).where(claims.c.record.in_(versions), claims.c.state != "left")
    earlier = {(row.words, row.kind): row for row in connection.execute(query)}
    left: list[int] = []
    for row in fresh:
        before = earlier.get((row["words"], row["kind"]))
        if before is None:
            continue
        if before.state == "new" and not before.assigned:
            left.append(before.number)
        else:
            row["state"] = "left"
    for start in range(0, len(left), _MOST_VALUES):
        some = left[start : start + _MOST_VALUES]
        connection.execute(claims.update().where(claims.c.number.in_(some)).values(state="left"))


def queue(
    engine: sa.Engine, asked: QueueFilter, *, after: Cursor | None = None, limit: int = 50
) -> tuple[QueuedClaim, ...]:
    """The claims that fit, the most check-worthy first, from after a cursor."""
    query = sa.select(claims).where(*_conditions(asked))
    if after is not None:
        worth, number = after.checkworthiness, after.number
        query = query.where(
            (claims.c.checkworthiness < worth)
            | ((claims.c.checkworthiness == worth) & (claims.c.number > number))
        )
    query = query.order_by(claims.c.checkworthiness.desc(), claims.c.number).limit(limit)
    with engine.connect() as connection:
        return tuple(_queued(row) for row in connection.execute(query))


def counts(engine: sa.Engine) -> dict[str, int]:
    """How many claims the queue holds in each state."""
    query = sa.select(claims.c.state, sa.func.count()).group_by(claims.c.state)
    with engine.connect() as connection:
        found = {state: int(n) for state, n in connection.execute(query)}
    return {state: found.get(state, 0) for state in QUEUE_STATES}


def claim_of(engine: sa.Engine, claim_id: str) -> QueuedClaim | None:
    """A claim of the queue by its id."""
    query = sa.select(claims).where(claims.c.id == claim_id).order_by(claims.c.number.desc())
    with engine.connect() as connection:
        row = connection.execute(query.limit(1)).first()
    return _queued(row) if row else None


def assign(engine: sa.Engine, claim_id: str, account_id: str) -> bool:
    """Gives a claim to somebody, or to nobody with an empty id; `False` where it is not there."""
    values = {"assigned": account_id, "state": "taken" if account_id else "new"}
    here = (claims.c.id == claim_id) & claims.c.state.in_(("new", "taken"))
    with writing(engine) as connection:
        return connection.execute(claims.update().where(here).values(**values)).rowcount > 0


def set_state(engine: sa.Engine, claim_id: str, state: str, *, review: str = "") -> bool:
    """Marks a claim `new`, `taken`, `checked` or `left`, with its review if it has one."""
    values: dict[str, Any] = {"state": state}
    if review:
        values["review"] = review
    with writing(engine) as connection:
        here = claims.c.id == claim_id
        return connection.execute(claims.update().where(here).values(**values)).rowcount > 0


def _conditions(asked: QueueFilter) -> Sequence[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    for name in ("state", "assigned", "kind", "site", "record"):
        value = getattr(asked, name)
        if value:
            found.append(claims.c[name] == value)
    if not asked.kind:
        found.append(claims.c.kind != ClaimKind.QUOTATION.value)
    found += [claims.c.words.icontains(word, autoescape=True) for word in asked.words.split()[:8]]
    return found


def _rows(record: Record, now: str) -> Iterator[dict[str, Any]]:
    page = record.page
    said_by = {
        attribution: speaker.name
        for speaker in record.speakers or ()
        for attribution in speaker.attributions
    }
    matched = {
        match.claim: match.fact_check.publisher or match.fact_check.url
        for match in reversed(record.matches or ())
        if match.relation is not MatchRelation.RELATED
    }
    site = page.metadata.site.value if page.metadata.site else ""
    title = page.metadata.title.value if page.metadata.title else ""
    for claim in record.claims or ():
        if not claim.checkable:
            continue
        yield {
            "id": claim.id,
            "record": page.digest,
            "url": page.url or "",
            "title": title[:MAX_WORDS],
            "site": site,
            "words": " ".join(claim.span.of(page.text).split())[:MAX_WORDS],
            "speaker": said_by.get(claim.attribution or "", ""),
            "kind": claim.kind.value,
            "checkworthiness": claim.checkworthiness,
            "rank": claim.rank,
            "matched": matched.get(claim.id, ""),
            "state": "new",
            "assigned": "",
            "review": "",
            "made": now,
        }


def _queued(row: sa.Row[Any]) -> QueuedClaim:
    return QueuedClaim(**row._mapping)  # noqa: SLF001 - the documented mapping of a row
