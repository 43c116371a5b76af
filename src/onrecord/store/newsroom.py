"""Reviews, corrections, edits and the audit log: kept so that no act is lost or hidden.

Every act writes what it changes and its entry of the audit log in one transaction; the log is
append-only and chained (`newsroom.audit`). Two desks that write at once are told apart by the
digest of a review (`If-Match`): the second is refused, not merged.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from onrecord.errors import StaleError
from onrecord.newsroom.audit import AuditEntry, audited
from onrecord.newsroom.corrections import Correction, PendingCorrection, TextChange
from onrecord.newsroom.edits import Edit
from onrecord.newsroom.review import (
    CitedSource,
    Contact,
    Review,
    ReviewContent,
    Signature,
    Waiver,
)
from onrecord.selectors import Selector, TextPositionSelector, TextQuoteSelector
from onrecord.store.tables import audit, corrections, edits, pending_corrections, reviews
from onrecord.store.text import storable
from onrecord.store.writing import take_turn, writing
from onrecord.terms import CorrectionKind, EditAct, ReviewState

__all__ = [
    "Act",
    "Stored",
    "audit_log",
    "corrections_of",
    "corrections_of_all",
    "drop_pending",
    "edits_of",
    "keep_edit",
    "last_entry",
    "load",
    "log",
    "log_in",
    "new_correction",
    "pending_of",
    "recent_corrections",
    "save",
    "save_pending",
    "with_states",
]

MAX_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what, when: an entry of the audit log to be."""

    account: str
    act: str
    at: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A review with the digest that it is stored under, for the next write."""

    review: Review
    digest: str


def save(engine: sa.Engine, review: Review, *, expected: str | None, act: Act) -> Stored:
    """Stores a review and its audit entry at once.

    `expected` is the digest of the review that the change began with, `None` for a new one.
    Raises `StaleError` when the stored one is another.
    """
    with writing(engine) as connection:
        stored = _save(connection, review, expected=expected)
        log_in(connection, act, target=f"review/{review.id}", content=stored.digest)
    return stored


def new_correction(
    engine: sa.Engine, review: Review, correction: Correction, *, expected: str, act: Act
) -> Stored:
    """Stores a corrected, blacked-out or retracted review with its entry of the log of corrections.

    Raises `StaleError` as `save` does; a number that is there already counts as stale.
    """
    try:
        with writing(engine) as connection:
            stored = _save(connection, review, expected=expected)
            row = {
                "review": review.id,
                "number": correction.number,
                "at": correction.at,
                "json": _written(correction),
            }
            connection.execute(corrections.insert().values(row))
            log_in(connection, act, target=f"review/{review.id}", content=stored.digest)
    except sa.exc.IntegrityError as error:
        raise StaleError(
            f"review {review.id!r} was corrected by somebody else in between; look at it again"
        ) from error
    return stored


def load(engine: sa.Engine, review_id: str) -> Stored | None:
    """A review, or `None` where there is none."""
    query = sa.select(reviews.c.json, reviews.c.digest).where(reviews.c.id == review_id)
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return Stored(_review(row.json), row.digest) if row else None


def with_states(
    engine: sa.Engine,
    states: Sequence[ReviewState],
    *,
    words: Sequence[str] = (),
    ids: Sequence[str] | None = None,
    limit: int = MAX_LISTED,
) -> tuple[Stored, ...]:
    """The reviews in these states, the last published or changed first.

    With `words` those alone in whose JSON each stands, capitals or not: a first sieve, since a
    field's name counts as well. With `ids` those of them alone; at most 500 are looked for.
    """
    # Only ASCII letters lose their case in SQL, "ss" may be written as one letter, and JSON writes
    # some signs in another way: such words are left to whoever reads on.
    plain = [
        word
        for word in words
        if word.isascii() and word.isprintable() and not {'"', "\\"} & set(word)
        if "ss" not in word.lower()
    ]
    found = [reviews.c.json.icontains(word, autoescape=True) for word in plain]
    if ids is not None:
        found.append(reviews.c.id.in_(ids[:500]))
    query = (
        sa.select(reviews.c.json, reviews.c.digest)
        .where(reviews.c.state.in_([state.value for state in states]), *found)
        .order_by(reviews.c.published.desc(), reviews.c.changed.desc(), reviews.c.id)
        .limit(limit)
    )
    with engine.connect() as connection:
        return tuple(Stored(_review(row.json), row.digest) for row in connection.execute(query))


def corrections_of(engine: sa.Engine, review_id: str) -> tuple[Correction, ...]:
    """The log of corrections of a check, by number."""
    query = (
        sa.select(corrections.c.json)
        .where(corrections.c.review == review_id)
        .order_by(corrections.c.number)
    )
    with engine.connect() as connection:
        return tuple(_correction(row.json) for row in connection.execute(query))


def corrections_of_all(
    engine: sa.Engine, review_ids: Sequence[str]
) -> dict[str, tuple[Correction, ...]]:
    """The logs of corrections of several checks, by number; those without any are left out."""
    found: dict[str, tuple[Correction, ...]] = {}
    for start in range(0, len(review_ids), 500):
        query = (
            sa.select(corrections.c.review, corrections.c.json)
            .where(corrections.c.review.in_(review_ids[start : start + 500]))
            .order_by(corrections.c.review, corrections.c.number)
        )
        with engine.connect() as connection:
            for row in connection.execute(query):
                found[row.review] = (*found.get(row.review, ()), _correction(row.json))
    return found


def recent_corrections(
    engine: sa.Engine, *, limit: int = 100
) -> tuple[tuple[str, Correction], ...]:
    """The last corrections of all checks with the id of the review, the newest first."""
    query = (
        sa.select(corrections.c.review, corrections.c.json)
        .order_by(corrections.c.at.desc(), corrections.c.id.desc())
        .limit(limit)
    )
    with engine.connect() as connection:
        return tuple((row.review, _correction(row.json)) for row in connection.execute(query))


def save_pending(
    engine: sa.Engine, pending_id: str, pending: PendingCorrection, *, act: Act
) -> None:
    """Stores a correction that waits for signatures, in place of the one with that id."""
    with writing(engine) as connection:
        gone = pending_corrections.delete().where(pending_corrections.c.id == pending_id)
        connection.execute(gone)
        row = {"id": pending_id, "review": pending.review, "json": _written(pending)}
        connection.execute(pending_corrections.insert().values(row))
        digest = hashlib.sha256(row["json"].encode()).hexdigest()
        log_in(connection, act, target=f"correction/{pending_id}", content=digest)


def drop_pending(engine: sa.Engine, pending_id: str, *, act: Act) -> None:
    """Removes a waiting correction, once it was made or given up."""
    with writing(engine) as connection:
        gone = pending_corrections.delete().where(pending_corrections.c.id == pending_id)
        connection.execute(gone)
        log_in(connection, act, target=f"correction/{pending_id}", content="")


def pending_of(engine: sa.Engine, review_id: str) -> tuple[tuple[str, PendingCorrection], ...]:
    """The corrections of a check that wait for signatures, with their ids."""
    query = (
        sa.select(pending_corrections)
        .where(pending_corrections.c.review == review_id)
        .order_by(pending_corrections.c.id)
    )
    with engine.connect() as connection:
        return tuple((row.id, _pending(row.json)) for row in connection.execute(query))


def keep_edit(engine: sa.Engine, edit: Edit, *, url: str, act: Act) -> None:
    """Appends an edit of a machine's finding; the same edit twice is kept once."""
    with writing(engine) as connection:
        known = connection.execute(sa.select(edits.c.id).where(edits.c.id == edit.id)).first()
        if known:
            return
        row = {"id": edit.id, "record": edit.record, "url": url, "json": _written(edit)}
        connection.execute(edits.insert().values(row))
        digest = hashlib.sha256(row["json"].encode()).hexdigest()
        log_in(connection, act, target=f"edit/{edit.id}", content=digest)


def edits_of(engine: sa.Engine, *, record: str, url: str = "") -> tuple[Edit, ...]:
    """The edits of a record, those of earlier pages of the same address among them, in order."""
    found = edits.c.record == record
    if url:
        found |= edits.c.url == url
    query = sa.select(edits.c.json).where(found).order_by(edits.c.number)
    with engine.connect() as connection:
        return tuple(_edit(row.json) for row in connection.execute(query))


def log(engine: sa.Engine, act: Act, *, target: str, content: str = "") -> AuditEntry:
    """Appends an act to the audit log."""
    with writing(engine) as connection:
        return log_in(connection, act, target=target, content=content)


def log_in(connection: sa.Connection, act: Act, *, target: str, content: str = "") -> AuditEntry:
    """Appends an act to the audit log within a transaction of the caller.

    The writer's turn is taken before the last entry is read, so that two entries never follow the
    same one.
    """
    take_turn(connection)
    last = _last(connection)
    entry = audited(
        last, at=act.at, account=act.account, act=act.act, target=target, content=content
    )
    connection.execute(audit.insert().values(dataclasses.asdict(entry)))
    return entry


def last_entry(engine: sa.Engine) -> AuditEntry | None:
    """The last entry of the audit log; keep its digest elsewhere to see a cut end."""
    with engine.connect() as connection:
        return _last(connection)


def audit_log(engine: sa.Engine, *, after: int = 0) -> Iterator[AuditEntry]:
    """The entries after a number, in order, read in batches."""
    while True:
        query = sa.select(audit).where(audit.c.number > after).order_by(audit.c.number)
        with engine.connect() as connection:
            rows = connection.execute(query.limit(MAX_LISTED)).all()
        if not rows:
            return
        for row in rows:
            yield _entry(row)
        after = rows[-1].number


def _save(connection: sa.Connection, review: Review, *, expected: str | None) -> Stored:
    text = _written(review)
    digest = hashlib.sha256(text.encode()).hexdigest()
    values = {
        "state": review.state.value,
        "json": text,
        "digest": digest,
        "record": review.record,
        "claim": review.claim_id,
        "assigned": review.assigned,
        "created": review.created,
        "changed": review.changed,
        "published": review.published,
    }
    stale = StaleError(f"review {review.id!r} was changed by somebody else; look at it again")
    if expected is None:
        try:
            connection.execute(reviews.insert().values(id=review.id, **values))
        except sa.exc.IntegrityError as error:
            raise stale from error
    else:
        same = (reviews.c.id == review.id) & (reviews.c.digest == expected)
        if connection.execute(reviews.update().where(same).values(**values)).rowcount != 1:
            raise stale
    return Stored(review, digest)


def _last(connection: sa.Connection) -> AuditEntry | None:
    row = connection.execute(sa.select(audit).order_by(audit.c.number.desc()).limit(1)).first()
    return _entry(row) if row else None


def _entry(row: sa.Row[Any]) -> AuditEntry:
    return AuditEntry(**row._mapping)  # noqa: SLF001 - the documented mapping of a row


def _written(value: Any) -> str:  # noqa: ANN401 - one of our dataclasses
    return storable(json.dumps(dataclasses.asdict(value), ensure_ascii=False, sort_keys=True))


def _content(plain: dict[str, Any]) -> ReviewContent:
    return ReviewContent(
        **plain
        | {
            "sources": tuple(CitedSource(**one) for one in plain["sources"]),
            "contacts": tuple(Contact(**one) for one in plain["contacts"]),
        }
    )


def _review(text: str) -> Review:
    plain = json.loads(text)
    return Review(
        **plain
        | {
            "content": _content(plain["content"]),
            "state": ReviewState(plain["state"]),
            "signatures": tuple(Signature(**one) for one in plain["signatures"]),
            "waivers": tuple(Waiver(**one) for one in plain["waivers"]),
        }
    )


def _correction(text: str) -> Correction:
    plain = json.loads(text)
    return Correction(
        **plain
        | {
            "kind": CorrectionKind(plain["kind"]),
            "by": tuple(plain["by"]),
            "changes": tuple(TextChange(**one) for one in plain["changes"]),
        }
    )


def _pending(text: str) -> PendingCorrection:
    plain = json.loads(text)
    return PendingCorrection(
        **plain
        | {
            "kind": CorrectionKind(plain["kind"]),
            "content": _content(plain["content"]),
            "signatures": tuple(Signature(**one) for one in plain["signatures"]),
        }
    )


def _edit(text: str) -> Edit:
    plain = json.loads(text)
    anchors = tuple((path, _selector(one)) for path, one in plain["anchors"])
    return Edit(**plain | {"act": EditAct(plain["act"]), "anchors": anchors})


def _selector(plain: dict[str, Any]) -> Selector:
    position = plain["position"]
    return Selector(
        TextQuoteSelector(**plain["quote"]),
        TextPositionSelector(**position) if position else None,
    )
