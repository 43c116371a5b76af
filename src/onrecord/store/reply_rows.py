"""Rows of replies as values and back, and how they are written so that nothing removed stays."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from onrecord.newsroom.replies import Reason, Reply
from onrecord.store.tables import replies
from onrecord.store.writing import POSTGRESQL, queued, take_turn
from onrecord.terms import ReplyKind, ReplyState

__all__ = ["Moderated", "as_reply", "empty_log", "found_reply", "moderated", "writing", "written"]


@dataclass(frozen=True, slots=True)
class Moderated:
    """A reply as an editor sees it; `decided_by` is an account, empty: the filter.

    `before` is the state that it was moved from, `None` where nobody moved it.
    """

    reply: Reply
    score: float
    reasons: tuple[Reason, ...]
    decided_by: str
    decided: str
    before: ReplyState | None = None

    @property
    def can_be_undone(self) -> bool:
        """Whether `undo` has a state to go back to."""
        state = self.reply.state
        is_let_go = state is ReplyState.QUARANTINED
        return state is not ReplyState.ERASED and (self.before is not None or is_let_go)


def found_reply(connection: sa.Connection, reply_id: str) -> Moderated | None:
    """A reply as an editor sees it, within a transaction of the caller."""
    row = connection.execute(sa.select(replies).where(replies.c.id == reply_id)).first()
    return moderated(row) if row else None


@contextlib.contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A writing transaction in which SQLite writes zeros over whatever is removed."""
    with queued(engine), engine.begin() as connection:
        if connection.dialect.name != POSTGRESQL:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        take_turn(connection)
        yield connection


def empty_log(engine: sa.Engine) -> None:
    """Takes removed words out of the database's files.

    SQLite's write-ahead log is emptied, where they stand until it is written over. PostgreSQL
    writes the tables of replies anew, since it keeps removed rows; its own log of writes holds them
    until the server reuses it, which only its settings can change.
    """
    if engine.dialect.name == POSTGRESQL:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (FULL) replies, reply_contacts")
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def written(reasons: tuple[Reason, ...], before: str) -> str:
    """The JSON of a row's reasons, and of the state that it was moved from (empty: none)."""
    plain = {"reasons": [asdict(reason) for reason in reasons], "before": before}
    return json.dumps(plain, ensure_ascii=False)


def as_reply(row: sa.Row[Any]) -> Reply:
    """The reply of a row, as anybody may see it."""
    return Reply(
        row.id,
        row.review,
        row.parent,
        ReplyKind(row.kind),
        ReplyState(row.state),
        row.name,
        row.text,
        row.at,
    )


def moderated(row: sa.Row[Any]) -> Moderated:
    """The reply of a row, as an editor sees it."""
    plain = json.loads(row.reasons)
    reasons = tuple(Reason(**one) for one in plain["reasons"])
    before = ReplyState(plain["before"]) if plain["before"] else None
    return Moderated(as_reply(row), row.score, reasons, row.decided_by, row.decided, before)
