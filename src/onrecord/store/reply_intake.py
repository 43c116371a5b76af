"""Takes replies in: those that come at the same time are judged and kept in one transaction.

Whoever comes while others are written waits for the turn; the first to get it takes all that wait.
So a flood costs one commit and one look at the store for many replies, and a reply that comes alone
costs no wait. A reply is acknowledged after the commit that keeps it.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from onrecord.errors import StoreError
from onrecord.newsroom import spam
from onrecord.newsroom.replies import (
    Decision,
    Fault,
    Incoming,
    RemoteAnswer,
    RemoteFilter,
    Reply,
    Signs,
    cleaned,
    decided,
)
from onrecord.newsroom.spam_proof import Proof, ProofState, read_proof
from onrecord.newsroom.spam_shape import shape
from onrecord.newsroom.spam_text import n_hidden
from onrecord.settings import ReplySettings
from onrecord.store.reply_contacts import contact_row
from onrecord.store.reply_rows import found_reply, writing, written
from onrecord.store.reply_signs import Known, known_of, room_faults, sent_before
from onrecord.store.reply_weights import weights_in
from onrecord.store.tables import replies, reply_contacts, reply_tokens
from onrecord.terms import ReplyKind

__all__ = ["Filtering", "Taken", "take"]

# Replies of one transaction: while it runs, what editors write has to wait. 64 take 60 ms of one core.
MAX_BATCH = 64
# A network that was told to wait is told so again for so long without a look at the store.
TOLD_FOR = timedelta(seconds=60)
MAX_TOLD = 10_000  # networks that are remembered so
_DEFAULTS = ReplySettings()


@dataclass(frozen=True, slots=True)
class Filtering:
    """What replies are judged with: settings, the seed weights, and the check's own words.

    `weights` are those of the package (`spam.seed()`), `None` to do without the text layer;
    `article` is the text of the check; `remote` asks a remote filter (`akismet.remote_filter`).
    """

    settings: ReplySettings = _DEFAULTS
    weights: spam.Weights | None = None
    article: str = ""
    remote: RemoteFilter | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a reply: kept and decided, or faults to show beside its fields.

    With faults nothing is kept. `is_new` is false for the same form sent a second time: the reply
    of the first time is given again.
    """

    reply: Reply | None = None
    decision: Decision | None = None
    faults: tuple[Fault, ...] = ()
    is_new: bool = True


@dataclass(slots=True)
class _Waiting:
    """A reply that waits for its turn, and what became of it."""

    incoming: Incoming
    key: bytes
    now: datetime
    filtering: Filtering
    proof: Proof
    answer: RemoteAnswer | None
    n_hidden: int  # characters that nobody sees, before they were taken out
    form: str
    taken: Taken | None = None
    error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.taken is not None or self.error is not None

    @property
    def network(self) -> tuple[str, bool]:
        """What is counted together: claimants' answers apart."""
        return self.incoming.sender, self.incoming.kind is ReplyKind.CLAIMANT_ANSWER


@dataclass(slots=True)
class _Intake:
    """Who waits to be written to one database, and the networks that were told to wait."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    waiting: deque[_Waiting] = field(default_factory=deque)
    told: dict[tuple[str, bool], tuple[datetime, Fault]] = field(default_factory=dict)


_INTAKES: WeakKeyDictionary[sa.Engine, _Intake] = WeakKeyDictionary()
_OPENING = threading.Lock()


def take(
    engine: sa.Engine, key: bytes, incoming: Incoming, *, now: datetime, filtering: Filtering
) -> Taken:
    """Takes a reply in: cleaned, judged, and kept with its state and reasons.

    `key` is the data folder's secret. Faults come back when a field is wrong, the check is not
    published, the answered reply is not shown, or a network sent more than can be kept; nothing
    is kept then. The remote filter is asked before the database is locked.
    """
    clean, faults = cleaned(incoming)
    if faults:
        return Taken(faults=faults)
    asks = filtering.remote is not None and clean.kind is not ReplyKind.CLAIMANT_ANSWER
    answer = filtering.remote(clean) if asks and filtering.remote else None
    proof = read_proof(key, clean.proof, review=clean.review, now=now)
    hidden = n_hidden(incoming.text)
    one = _Waiting(clean, key, now, filtering, proof, answer, hidden, shape(clean.text))
    intake = _intake_of(engine)
    told = intake.told.get(one.network)
    if told is not None and timedelta() <= now - told[0] < TOLD_FOR:
        return Taken(faults=(told[1],))
    intake.waiting.append(one)
    with intake.turn:
        while not one.is_done:
            _write(engine, intake)
    if one.error is not None:
        raise one.error
    assert one.taken is not None  # noqa: S101 - the loop ends with one of the two
    return one.taken


def _intake_of(engine: sa.Engine) -> _Intake:
    found = _INTAKES.get(engine)
    if found is None:
        with _OPENING:
            found = _INTAKES.setdefault(engine, _Intake())
    return found


def _write(engine: sa.Engine, intake: _Intake) -> None:
    """Takes what waits, in the order in which it came; one that fails costs no other."""
    batch = [intake.waiting.popleft()]
    while intake.waiting and len(batch) < MAX_BATCH and intake.waiting[0].key == batch[0].key:
        batch.append(intake.waiting.popleft())
    try:
        _write_batch(engine, batch)
    except Exception as error:  # noqa: BLE001 - given to whoever sent the reply
        if len(batch) == 1:
            batch[0].error = error
        for one in batch if len(batch) > 1 else ():
            try:
                _write_batch(engine, [one])
            except Exception as own:  # noqa: BLE001
                one.error = own
    finally:
        for one in batch:  # nobody waits for ever for a turn that was broken off
            if not one.is_done:
                one.error = StoreError("the reply was not kept: the desk is being stopped")
            _remember_told(intake, one)


def _remember_told(intake: _Intake, one: _Waiting) -> None:
    fault = next((f for f in one.taken.faults if not f.field), None) if one.taken else None
    if fault is None or not one.incoming.sender:
        return
    if len(intake.told) >= MAX_TOLD:
        intake.told.clear()
    intake.told[one.network] = (one.now, fault)


def _write_batch(engine: sa.Engine, batch: Sequence[_Waiting]) -> None:
    done: list[Taken] = []
    with writing(engine) as connection:
        rows = _Rows(connection)
        known = known_of(
            connection,
            batch[0].key,
            [one.incoming for one in batch],
            tokens=[one.proof.digest for one in batch if one.proof.digest],
            now=min(one.now for one in batch),
        )
        weights: dict[int, spam.Weights | None] = {}
        for one in batch:
            seed = one.filtering.weights
            if id(seed) not in weights:
                weights[id(seed)] = weights_in(connection, seed)
            done.append(_taken(rows, known, one, weights[id(seed)]))
        rows.write()
    # Only now, after the commit.
    for one, taken in zip(batch, done, strict=True):
        one.taken = taken


@dataclass(slots=True)
class _Rows:
    """Rows that are not written yet: one statement for all of a table."""

    connection: sa.Connection
    replies: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[dict[str, Any]] = field(default_factory=list)

    def write(self) -> None:
        pairs: Iterable[tuple[sa.Table, list[dict[str, Any]]]] = (
            (reply_tokens, self.tokens),
            (replies, self.replies),
            (reply_contacts, self.contacts),
        )
        for table, rows in pairs:
            if rows:
                self.connection.execute(table.insert(), rows)
                rows.clear()


def _taken(rows: _Rows, known: Known, one: _Waiting, weights: spam.Weights | None) -> Taken:
    """What becomes of one reply, after those that came before it in the batch."""
    incoming, proof, settings = one.incoming, one.proof, one.filtering.settings
    at = one.now.isoformat(timespec="seconds")
    is_used = bool(proof.digest) and proof.digest in known.tokens
    if is_used:
        proof = Proof(ProofState.USED, proof.digest)
        rows.write()
        sent = sent_before(rows.connection, incoming)
        again = found_reply(rows.connection, sent) if sent else None
        if again is not None:
            decision = Decision(again.reply.state, again.score, again.reasons)
            return Taken(again.reply, decision, is_new=False)
    n_near = known.n_sent(incoming)
    faults = known.place_faults(incoming)
    if not faults:
        faults = room_faults(known, n_near, per_hour=settings.per_hour)
    if faults:
        return Taken(faults=faults)
    same, is_repeated = known.same_words(one.key, incoming, form=one.form)
    signs = spam.signs(
        incoming,
        weights=weights,
        article=one.filtering.article,
        known=Signs(
            proof=proof.state,
            n_from_sender=n_near,
            per_hour=settings.per_hour,
            n_same=same,
            is_repeated=is_repeated,
            n_hidden_signs=one.n_hidden,
            is_known_writer=known.is_known(one.key, incoming),
            remote=one.answer,
        ),
    )
    decision = decided(incoming, signs)
    reply = Reply(
        secrets.token_hex(8),
        incoming.review,
        incoming.parent,
        incoming.kind,
        decision.state,
        incoming.name,
        incoming.text,
        at,
    )
    rows.replies.append(_row(reply, decision, form=one.form))
    contact = contact_row(one.key, incoming, reply=reply.id, at=at)
    if contact is not None:
        rows.contacts.append(contact)
    if proof.digest and not is_used:
        rows.tokens.append({"digest": proof.digest, "used": at})
    known.grow(one.key, incoming, reply=reply.id, form=one.form, token=proof.digest)
    return Taken(reply, decision)


def _row(reply: Reply, decision: Decision, *, form: str) -> dict[str, Any]:
    return {
        "id": reply.id,
        "review": reply.review,
        "parent": reply.parent,
        "kind": reply.kind.value,
        "state": reply.state.value,
        "name": reply.name,
        "text": reply.text,
        "at": reply.at,
        "score": decision.score,
        "reasons": written(decision.reasons, ""),
        "shape": form,
        "decided_by": "",
        "decided": reply.at,
    }
