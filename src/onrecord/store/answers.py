"""Kept answers of live sources: what was asked, when, and the bytes that came back."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from onrecord.errors import StoreError
from onrecord.ports import Answer
from onrecord.store.tables import answers
from onrecord.store.writing import writing

__all__ = ["StoredAnswers", "by_digest", "keep", "of"]

_FIELDS = tuple(f.name for f in dataclasses.fields(Answer))


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    """The answers in a database; implements `ports.Answers`."""

    engine: sa.Engine

    def keep(self, answer: Answer) -> None:
        """See `keep`."""
        keep(self.engine, answer)

    def of(self, source: str, query: str) -> tuple[Answer, ...]:
        """See `of`."""
        return of(self.engine, source=source, query=query)


def keep(engine: sa.Engine, answer: Answer) -> None:
    """Keeps an answer; the same bytes to the same query at the same time are kept once.

    Raises `StoreError` when the digest is not that of the body, or the database refuses.
    """
    _check(answer)
    values = dataclasses.asdict(answer)
    same = sa.and_(*(answers.c[name] == values[name] for name in _FIELDS if name != "body"))
    try:
        with writing(engine) as connection:
            if connection.execute(sa.select(answers.c.id).where(same).limit(1)).first() is None:
                connection.execute(answers.insert().values(**values))
    except sa.exc.DBAPIError as error:
        raise StoreError(
            f"cannot keep the answer of {answer.source!r}: {error.orig}; expected a data folder "
            "that can be written and a disk that is not full"
        ) from error


def of(engine: sa.Engine, *, source: str, query: str) -> tuple[Answer, ...]:
    """The answers of a source to a query, newest first; `StoreError` when one was altered."""
    asked = (answers.c.source == source) & (answers.c.query == query)
    return _found(engine, sa.select(answers).where(asked).order_by(answers.c.id.desc()))


def by_digest(engine: sa.Engine, digest: str) -> tuple[Answer, ...]:
    """The answers with these bytes, newest first; `StoreError` when one was altered."""
    query = sa.select(answers).where(answers.c.digest == digest)
    return _found(engine, query.order_by(answers.c.id.desc()))


def _found(engine: sa.Engine, query: sa.Select[tuple[object, ...]]) -> tuple[Answer, ...]:
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    found = []
    for row in rows:
        values = row._mapping  # noqa: SLF001 - the documented mapping of a row
        answer = Answer(**{name: values[name] for name in _FIELDS})
        _check(answer)
        found.append(answer)
    return tuple(found)


def _check(answer: Answer) -> None:
    if hashlib.sha256(answer.body).hexdigest() != answer.digest:
        raise StoreError(
            f"the answer of {answer.source!r} of {answer.retrieved} is not what was stored: its "
            "SHA-256 differs; restore the database from a backup"
        )
