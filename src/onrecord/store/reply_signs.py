"""What the store knows of a reply that comes in: its form, its network, its words, its writer.

Each function asks one question within the transaction of `replies.take`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from onrecord.newsroom.replies import Fault, Incoming
from onrecord.newsroom.spam_proof import Proof
from onrecord.newsroom.spam_shape import is_same, same_words_range
from onrecord.store.reply_contacts import writer_of
from onrecord.store.tables import replies, reply_contacts, reply_tokens, reviews
from onrecord.terms import ReplyKind, ReplyState, ReviewState

__all__ = [
    "as_time",
    "is_known",
    "n_sent",
    "place_faults",
    "room_faults",
    "same_words",
    "sent_before",
    "use_token",
]

# Of one network within the hour, as multiples of `per_hour`: what is sent beyond is refused with a
# word, so that a flood cannot fill the disk. F1 (10,000 replies of 500 networks) keeps 6,000.
_REFUSED_FACTOR = 2
# Replies of the last hour from all networks: beyond, a network is let in once and no more.
_FLOOD = 3_000
# Shown by the filter and not taken down for so long counts as let through, days.
_STOOD_DAYS = 7
# How many of the last replies are compared for words that are close, and of those with the same.
_COMPARED, _SAME = 300, 50
_TOO_MANY = "too many replies came from your network just now; what you wrote is still here, send it again in an hour"


def use_token(connection: sa.Connection, proof: Proof, *, at: str) -> bool:
    """Marks the form's token as used; `False` when it was before."""
    known = sa.exists().where(reply_tokens.c.digest == proof.digest)
    row = sa.select(sa.literal(proof.digest), sa.literal(at)).where(
        ~known, sa.literal(proof.digest) != ""
    )
    insert = reply_tokens.insert().from_select(["digest", "used"], row)
    done = connection.execute(insert, execution_options={"preserve_rowcount": True})
    return done.rowcount == 1 or proof.digest == ""


def sent_before(connection: sa.Connection, incoming: Incoming) -> str | None:
    """The id of the reply with the same words under the same check: the form was sent twice."""
    same = (
        (replies.c.review == incoming.review)
        & (replies.c.kind == incoming.kind.value)
        & (replies.c.name == incoming.name)
        & (replies.c.text == incoming.text)
    )
    return connection.execute(sa.select(replies.c.id).where(same).limit(1)).scalar_one_or_none()


def place_faults(connection: sa.Connection, incoming: Incoming) -> tuple[Fault, ...]:
    """What is wrong with where a reply is to stand: no published check, or no reply to answer."""
    state = sa.select(reviews.c.state).where(reviews.c.id == incoming.review)
    if connection.execute(state).scalar_one_or_none() != ReviewState.PUBLISHED.value:
        return (Fault("review", "there is no published check of that name"),)
    if incoming.parent:
        parent = sa.select(replies.c.state).where(
            replies.c.id == incoming.parent, replies.c.review == incoming.review
        )
        if connection.execute(parent).scalar_one_or_none() != ReplyState.SHOWN.value:
            return (Fault("parent", "the reply that this one answers is not shown any more"),)
    return ()


def n_sent(connection: sa.Connection, incoming: Incoming, *, now: datetime) -> int:
    """How many replies came from the same network within the hour.

    Claimants' answers are counted apart, so that a neighbour's spam never shuts a claimant out.
    """
    if not incoming.sender:
        return 0
    is_answer = replies.c.kind == ReplyKind.CLAIMANT_ANSWER.value
    query = (
        sa.select(sa.func.count())
        .select_from(reply_contacts.join(replies))
        .where(reply_contacts.c.at >= as_time(now - timedelta(hours=1)))
        .where(reply_contacts.c.address == incoming.sender)
        .where(is_answer if incoming.kind is ReplyKind.CLAIMANT_ANSWER else ~is_answer)
    )
    return int(connection.execute(query).scalar_one())


def room_faults(
    connection: sa.Connection, n_sent: int, *, per_hour: int, now: datetime
) -> tuple[Fault, ...]:
    """A fault when the network has sent more than is kept, or all networks together have."""
    if n_sent >= _REFUSED_FACTOR * per_hour > 0:
        return (Fault("", _TOO_MANY),)
    if n_sent:
        recent = replies.c.at >= as_time(now - timedelta(hours=1))
        query = sa.select(sa.func.count()).select_from(replies).where(recent)
        if connection.execute(query).scalar_one() >= _FLOOD:
            return (Fault("", _TOO_MANY),)
    return ()


def same_words(
    connection: sa.Connection, key: bytes, incoming: Incoming, *, form: str
) -> tuple[int, bool]:
    """How many earlier replies of others have the same words, and whether this network sent them."""
    if not form:
        return 0, False
    low, high = same_words_range(form)
    query = sa.select(
        replies.c.id, replies.c.shape, reply_contacts.c.email_key, reply_contacts.c.address
    ).select_from(replies.outerjoin(reply_contacts))
    last = query.order_by(replies.c.at.desc()).limit(_COMPARED)
    exact = query.where(replies.c.shape >= low, replies.c.shape < high).limit(_SAME)
    found = {row.id: row for statement in (last, exact) for row in connection.execute(statement)}
    own = writer_of(key, incoming)
    n_others, is_repeated = 0, False
    for row in found.values():
        if is_same(form, row.shape):
            is_own = bool(own and row.email_key == own)
            is_near = bool(incoming.sender and row.address == incoming.sender)
            is_repeated |= is_own or is_near
            n_others += not is_own
    return n_others, is_repeated


def is_known(connection: sa.Connection, key: bytes, incoming: Incoming, *, now: datetime) -> bool:
    """Whether an earlier reply of the writer was let through: by a person, or it stood a week."""
    own = writer_of(key, incoming)
    if not own:
        return False
    stood = replies.c.at < as_time(now - timedelta(days=_STOOD_DAYS))
    query = (
        sa.select(replies.c.id)
        .select_from(replies.join(reply_contacts))
        .where(reply_contacts.c.email_key == own)
        .where(replies.c.state == ReplyState.SHOWN.value)
        .where((replies.c.decided_by != "") | stood)
        .limit(1)
    )
    return connection.execute(query).first() is not None


def as_time(now: datetime) -> str:
    """A time as every table writes it: ISO 8601, whole seconds."""
    return now.isoformat(timespec="seconds")
