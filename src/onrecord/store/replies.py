"""Readers' replies as they are kept: listed, moderated, exported, erased, let go.

How they are taken in stands in `reply_intake.py`, what the filter learns in `reply_weights.py`.

Every act of a moderator writes its entry of the audit log in the same transaction. No entry holds
a digest of a reply's words: who was erased must not be found again by guessing. Addresses are in
`reply_contacts` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from onrecord.errors import NewsroomError, StaleError
from onrecord.newsroom import spam
from onrecord.newsroom.replies import Reply
from onrecord.newsroom.spam_proof import MAX_SECONDS
from onrecord.settings import ReplySettings
from onrecord.store.newsroom import Act, log_in
from onrecord.store.reply_contacts import contact_of
from onrecord.store.reply_intake import Filtering, Taken, take
from onrecord.store.reply_rows import (
    Moderated,
    as_reply,
    empty_log,
    found_reply,
    moderated,
    writing,
    written,
)
from onrecord.store.reply_signs import as_time
from onrecord.store.reply_weights import learn, learn_in, learned_weights
from onrecord.store.tables import replies, reply_contacts, reply_tokens
from onrecord.terms import ReplyKind, ReplyState

__all__ = [
    "Filtering",
    "LetGo",
    "Moderated",
    "Taken",
    "counts",
    "decide",
    "erase",
    "export_of",
    "learn",
    "learned_weights",
    "load",
    "moderation",
    "retention",
    "shown",
    "take",
    "undo",
]

MAX_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class LetGo:
    """What a run of `retention` let go: numbers of addresses, e-mails, replies and form tokens."""

    n_addresses: int = 0
    n_emails: int = 0
    n_replies: int = 0
    n_tokens: int = 0


def shown(engine: sa.Engine, review_id: str, *, limit: int = MAX_LISTED) -> tuple[Reply, ...]:
    """The replies that stand under a check, in order of time.

    An erased reply is among them where others answer it: without name and words, so that the
    answers keep their place.
    """
    answered = sa.select(replies.c.parent).where(
        replies.c.review == review_id, replies.c.state == ReplyState.SHOWN.value
    )
    erased = (replies.c.state == ReplyState.ERASED.value) & replies.c.id.in_(answered)
    query = (
        sa.select(replies)
        .where(replies.c.review == review_id)
        .where((replies.c.state == ReplyState.SHOWN.value) | erased)
        .order_by(replies.c.at, replies.c.id)
        .limit(limit)
    )
    with engine.connect() as connection:
        return tuple(as_reply(row) for row in connection.execute(query))


def load(engine: sa.Engine, reply_id: str) -> Moderated | None:
    """A reply as an editor sees it, or `None` where there is none."""
    with engine.connect() as connection:
        return found_reply(connection, reply_id)


def moderation(
    engine: sa.Engine,
    state: ReplyState,
    *,
    after: str = "",
    kind: ReplyKind | None = None,
    limit: int = 50,
) -> tuple[Moderated, ...]:
    """The replies in a state, the newest first; `after` is the id of the last one seen."""
    query = sa.select(replies).where(replies.c.state == state.value)
    if kind is not None:
        query = query.where(replies.c.kind == kind.value)
    with engine.connect() as connection:
        if after:
            place = sa.select(replies.c.at).where(replies.c.id == after)
            at = connection.execute(place).scalar_one_or_none()
            if at is None:
                return ()
            older = (replies.c.at < at) | ((replies.c.at == at) & (replies.c.id < after))
            query = query.where(older)
        query = query.order_by(replies.c.at.desc(), replies.c.id.desc()).limit(limit)
        return tuple(moderated(row) for row in connection.execute(query))


def counts(engine: sa.Engine) -> Mapping[tuple[ReplyKind, ReplyState], int]:
    """How many replies there are of each kind in each state."""
    query = sa.select(replies.c.kind, replies.c.state, sa.func.count()).group_by(
        replies.c.kind, replies.c.state
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return MappingProxyType({(ReplyKind(kind), ReplyState(state)): n for kind, state, n in rows})


def decide(
    engine: sa.Engine,
    reply_id: str,
    state: ReplyState,
    *,
    expected: ReplyState,
    act: Act,
    weights: spam.Weights | None = None,
) -> Moderated:
    """An editor's decision: to show, hold, reject or quarantine a reply that stood in `expected`.

    With the seed `weights` the filter learns from it: `shown` says good, `quarantined` says spam.
    A rejected reply teaches nothing, since what is rude or wrong is not spam; nor does a
    claimant's answer. Raises `StaleError` when the reply stands elsewhere by now, `NewsroomError`
    for a reply that is not there or was erased.
    """
    if state is ReplyState.ERASED:
        raise NewsroomError("a reply is erased by its writer; reject it instead")
    with writing(engine) as connection:
        log_in(connection, act, target=f"reply/{reply_id}", content="")
        found = _expected(connection, reply_id, expected)
        moved = _move(connection, found, state, act=act)
        teaches = {ReplyState.SHOWN: False, ReplyState.QUARANTINED: True}.get(state)
        is_answer = found.reply.kind is ReplyKind.CLAIMANT_ANSWER
        if weights is not None and teaches is not None and not is_answer:
            learn_in(connection, found.reply.text, is_spam=teaches, weights=weights, at=act.at)
        return moved


def undo(engine: sa.Engine, reply_id: str, *, act: Act) -> Moderated:
    """Puts a reply back to where it stood before it was last moved.

    What the filter quarantined by itself goes back to `held`. Possible until `retention` lets a
    rejected or quarantined reply go. Raises `NewsroomError` where there is nothing to undo.
    """
    with writing(engine) as connection:
        log_in(connection, act, target=f"reply/{reply_id}", content="")
        found = found_reply(connection, reply_id)
        if found is None or not found.can_be_undone:
            raise NewsroomError(f"reply {reply_id!r} has no decision to undo")
        return _move(connection, found, found.before or ReplyState.HELD, act=act)


def erase(
    engine: sa.Engine, *, writer: str = "", reply: str = "", keeps_text: bool = False, act: Act
) -> int:
    """Erases what a writer sent; the number of replies.

    `writer` is the digest of an e-mail (`reply_contacts.writer`), `reply` the id of one reply
    (`reply_contacts.reply_of_receipt`). E-mail, network and name always go; the words stay under
    no name only where the writer says so. Nothing of it stays in the database's files.
    """
    with writing(engine) as connection:
        found = _ids_of(connection, writer=writer, reply=reply)
        for one in found:
            connection.execute(reply_contacts.delete().where(reply_contacts.c.reply == one))
            values: dict[str, Any] = {"name": "", "shape": "", "reasons": written((), "")}
            if not keeps_text:
                values |= {"text": "", "score": 0.0, "state": ReplyState.ERASED.value}
            connection.execute(replies.update().where(replies.c.id == one).values(**values))
            log_in(connection, act, target=f"reply/{one}", content="")
    empty_log(engine)
    return len(found)


def export_of(
    engine: sa.Engine, key: bytes, *, writer: str = "", reply: str = ""
) -> tuple[Mapping[str, str], ...]:
    """What is kept of a writer's own replies, one mapping of texts each, in order of time."""
    with engine.connect() as connection:
        found = _ids_of(connection, writer=writer, reply=reply)
        query = sa.select(replies).where(replies.c.id.in_(found))
        rows = connection.execute(query.order_by(replies.c.at, replies.c.id)).all()
    out = []
    for row in rows:
        contact = contact_of(engine, key, reply=row.id)
        own = asdict(as_reply(row)) | {"email": contact.email, "network": contact.address}
        out.append(MappingProxyType({name: str(value) for name, value in own.items()}))
    return tuple(out)


def retention(engine: sa.Engine, *, now: datetime, settings: ReplySettings) -> LetGo:
    """Lets go what has been kept as long as the settings say; run daily, twice does no harm.

    Networks go after `address_days`, e-mails after `email_days`, rejected and quarantined replies
    `hold_days` after they were decided. Held replies never go by themselves.
    """

    def before(days: int) -> str:
        return as_time(now - timedelta(days=days))

    with writing(engine) as connection:
        c = reply_contacts.c
        old = (c.address != "") & (c.at < before(settings.address_days))
        # Without an e-mail the key was made from the network, and goes with it.
        gone_key = sa.case((c.email == "", ""), else_=c.email_key)
        cut = reply_contacts.update().where(old).values(address="", email_key=gone_key)
        n_addresses = connection.execute(cut).rowcount
        past = (c.email != "") & (c.at < before(settings.email_days))
        n_emails = connection.execute(
            reply_contacts.update().where(past).values(email="", email_key="")
        ).rowcount
        connection.execute(reply_contacts.delete().where((c.address == "") & (c.email == "")))
        ended = [ReplyState.REJECTED.value, ReplyState.QUARANTINED.value]
        over = replies.c.state.in_(ended) & (replies.c.decided < before(settings.hold_days))
        ids = list(connection.execute(sa.select(replies.c.id).where(over)).scalars())
        for part in (ids[i : i + 500] for i in range(0, len(ids), 500)):
            connection.execute(reply_contacts.delete().where(c.reply.in_(part)))
            connection.execute(replies.delete().where(replies.c.id.in_(part)))
        tokens_before = as_time(now - timedelta(seconds=2 * MAX_SECONDS))
        n_tokens = connection.execute(
            reply_tokens.delete().where(reply_tokens.c.used < tokens_before)
        ).rowcount
        done = LetGo(n_addresses, n_emails, len(ids), n_tokens)
        if done != LetGo(n_tokens=n_tokens):
            told = f"retention: {n_addresses} networks, {n_emails} e-mails, {len(ids)} replies"
            log_in(connection, Act("", told, as_time(now)), target="replies")
    if done != LetGo():
        empty_log(engine)
    return done


def _expected(connection: sa.Connection, reply_id: str, expected: ReplyState) -> Moderated:
    found = found_reply(connection, reply_id)
    if found is None:
        raise NewsroomError(f"no reply {reply_id!r}")
    if found.reply.state is ReplyState.ERASED:
        raise NewsroomError(f"reply {reply_id!r} was erased by its writer")
    if found.reply.state is not expected:
        raise StaleError(
            f"reply {reply_id!r} is {found.reply.state.value!r} by now, expected "
            f"{expected.value!r}; look at it again"
        )
    return found


def _move(connection: sa.Connection, found: Moderated, state: ReplyState, *, act: Act) -> Moderated:
    values = {
        "state": state.value,
        "decided_by": act.account,
        "decided": act.at,
        "reasons": written(found.reasons, found.reply.state.value),
    }
    connection.execute(replies.update().where(replies.c.id == found.reply.id).values(**values))
    moved = replace(found, reply=replace(found.reply, state=state), before=found.reply.state)
    return replace(moved, decided_by=act.account, decided=act.at)


def _ids_of(connection: sa.Connection, *, writer: str, reply: str) -> list[str]:
    """The ids of a writer's replies, or of one; an empty name finds nothing."""
    found: list[str] = []
    if writer:
        query = sa.select(reply_contacts.c.reply).where(reply_contacts.c.email_key == writer)
        found += connection.execute(query.order_by(reply_contacts.c.reply)).scalars()
    if reply:
        query = sa.select(replies.c.id).where(replies.c.id == reply)
        found += connection.execute(query).scalars()
    return list(dict.fromkeys(found))
