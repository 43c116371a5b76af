"""What the store knows of replies that come in: their forms, networks, words and writers.

Read at once for all replies of a transaction, and grown by each that is taken, so that the second
of two that come together sees the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from onrecord.newsroom.replies import Fault, Incoming
from onrecord.newsroom.spam_shape import is_same, same_words_range
from onrecord.store.reply_contacts import writer_of
from onrecord.store.tables import replies, reply_contacts, reply_tokens, reviews
from onrecord.terms import ReplyKind, ReplyState, ReviewState

__all__ = ["Known", "as_time", "known_of", "room_faults", "sent_before"]

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

_IS_ANSWER = replies.c.kind == ReplyKind.CLAIMANT_ANSWER.value
# Made once: what a statement is made of costs more than what it asks.
_TOKENS = sa.select(reply_tokens.c.digest).where(
    reply_tokens.c.digest.in_(sa.bindparam("tokens", expanding=True))
)
_STATES = sa.select(reviews.c.id, reviews.c.state).where(
    reviews.c.id.in_(sa.bindparam("reviews", expanding=True))
)
_PARENTS = sa.select(replies.c.id, replies.c.review).where(
    replies.c.id.in_(sa.bindparam("parents", expanding=True)),
    replies.c.state == ReplyState.SHOWN.value,
)
_SENT = (
    sa.select(reply_contacts.c.address, _IS_ANSWER.label("is_answer"), sa.func.count().label("n"))
    .select_from(reply_contacts.join(replies))
    .where(reply_contacts.c.at >= sa.bindparam("since"))
    .where(reply_contacts.c.address.in_(sa.bindparam("networks", expanding=True)))
    .group_by(reply_contacts.c.address, _IS_ANSWER)
)
_RECENT = (
    sa.select(sa.func.count()).select_from(replies).where(replies.c.at >= sa.bindparam("since"))
)
_WORDS = sa.select(
    replies.c.id, replies.c.shape, reply_contacts.c.email_key, reply_contacts.c.address
).select_from(replies.outerjoin(reply_contacts))
_LAST = _WORDS.order_by(replies.c.at.desc()).limit(_COMPARED)
_EXACT = _WORDS.where(
    replies.c.shape >= sa.bindparam("low"), replies.c.shape < sa.bindparam("high")
).limit(_SAME)
_WRITERS = (
    sa.select(reply_contacts.c.email_key)
    .select_from(replies.join(reply_contacts))
    .where(reply_contacts.c.email_key.in_(sa.bindparam("writers", expanding=True)))
    .where(replies.c.state == ReplyState.SHOWN.value)
    .where((replies.c.decided_by != "") | (replies.c.at < sa.bindparam("stood")))
    .distinct()
)


@dataclass(slots=True)
class Known:
    """What is known of the replies of a transaction; `connection` is asked for the same words.

    `last` are the last replies by id: shape of the words, writer's key and network.
    """

    connection: sa.Connection
    tokens: set[str]
    published: frozenset[str]
    shown: frozenset[tuple[str, str]]
    sent: Counter[tuple[str, bool]]
    writers: frozenset[str]
    last: dict[str, tuple[str, str, str]]
    n_recent: int

    def place_faults(self, incoming: Incoming) -> tuple[Fault, ...]:
        """What is wrong with where a reply is to stand: no published check, no reply to answer."""
        if incoming.review not in self.published:
            return (Fault("review", "there is no published check of that name"),)
        if incoming.parent and (incoming.parent, incoming.review) not in self.shown:
            return (Fault("parent", "the reply that this one answers is not shown any more"),)
        return ()

    def n_sent(self, incoming: Incoming) -> int:
        """How many replies came from the same network within the hour.

        Claimants' answers are counted apart, so that a neighbour's spam never shuts one out.
        """
        is_answer = incoming.kind is ReplyKind.CLAIMANT_ANSWER
        return self.sent[incoming.sender, is_answer] if incoming.sender else 0

    def same_words(self, key: bytes, incoming: Incoming, *, form: str) -> tuple[int, bool]:
        """How many earlier replies of others have the same words, and whether this network sent them."""
        if not form:
            return 0, False
        low, high = same_words_range(form)
        asked = self.connection.execute(_EXACT, {"low": low, "high": high})
        found = {name: (shape, own or "", near or "") for name, shape, own, near in asked.all()}
        found |= {name: one for name, one in self.last.items() if is_same(form, one[0])}
        own = writer_of(key, incoming)
        n_others, is_repeated = 0, False
        for _, email_key, address in found.values():
            is_own = bool(own and email_key == own)
            is_near = bool(incoming.sender and address == incoming.sender)
            is_repeated |= is_own or is_near
            n_others += not is_own
        return n_others, is_repeated

    def is_known(self, key: bytes, incoming: Incoming) -> bool:
        """Whether an earlier reply of the writer was let through: by a person, or it stood a week."""
        return writer_of(key, incoming) in self.writers

    def grow(self, key: bytes, incoming: Incoming, *, reply: str, form: str, token: str) -> None:
        """Takes in a reply of this transaction that is kept and not written yet."""
        self.tokens.add(token)
        self.sent[incoming.sender, incoming.kind is ReplyKind.CLAIMANT_ANSWER] += 1
        self.last[reply] = (form, writer_of(key, incoming), incoming.sender)
        self.n_recent += 1


def known_of(
    connection: sa.Connection,
    key: bytes,
    given: Sequence[Incoming],
    *,
    tokens: Sequence[str],
    now: datetime,
) -> Known:
    """What the store knows of some replies; `tokens` are the digests of their forms' tokens."""
    since = as_time(now - timedelta(hours=1))
    networks = sorted({one.sender for one in given} - {""})
    writers = sorted({writer_of(key, one) for one in given} - {""})
    parents = sorted({one.parent for one in given} - {""})
    ask = connection.execute
    states = ask(_STATES, {"reviews": sorted({one.review for one in given})})
    sent: Counter[tuple[str, bool]] = Counter()
    if networks:
        for row in ask(_SENT, {"since": since, "networks": networks}):
            sent[row.address, bool(row.is_answer)] = row.n
    stood = as_time(now - timedelta(days=_STOOD_DAYS))
    # One reply of a network that sent nothing is let in, however many others there are.
    counts = bool(sent) or len(given) > 1
    return Known(
        connection,
        tokens=set(ask(_TOKENS, {"tokens": tokens}).scalars()) if tokens else set(),
        published=frozenset(row.id for row in states if row.state == ReviewState.PUBLISHED.value),
        shown=frozenset((row.id, row.review) for row in ask(_PARENTS, {"parents": parents}))
        if parents
        else frozenset(),
        sent=sent,
        writers=frozenset(ask(_WRITERS, {"writers": writers, "stood": stood}).scalars())
        if writers
        else frozenset(),
        last={name: (form, own or "", near or "") for name, form, own, near in ask(_LAST).all()},
        n_recent=int(ask(_RECENT, {"since": since}).scalar_one()) if counts else 0,
    )


def sent_before(connection: sa.Connection, incoming: Incoming) -> str | None:
    """The id of the reply with the same words under the same check: the form was sent twice."""
    same = (
        (replies.c.review == incoming.review)
        & (replies.c.kind == incoming.kind.value)
        & (replies.c.name == incoming.name)
        & (replies.c.text == incoming.text)
    )
    return connection.execute(sa.select(replies.c.id).where(same).limit(1)).scalar_one_or_none()


def room_faults(known: Known, n_sent: int, *, per_hour: int) -> tuple[Fault, ...]:
    """A fault when the network has sent more than is kept, or all networks together have."""
    is_much = n_sent >= _REFUSED_FACTOR * per_hour > 0
    return (Fault("", _TOO_MANY),) if is_much or (n_sent and known.n_recent >= _FLOOD) else ()


def as_time(now: datetime) -> str:
    """A time as every table writes it: ISO 8601, whole seconds."""
    return now.isoformat(timespec="seconds")
