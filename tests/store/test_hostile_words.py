"""I1 in the store: what a reader types is looked for as it is, by every function, on both databases."""

from __future__ import annotations

import json
import string
from datetime import datetime
from pathlib import Path

import pytest

from onrecord.newsroom.review import Review, ReviewContent
from onrecord.store import accounts, answers, captures, collection, jobs, library, newsroom, records
from onrecord.store import replies as desk_replies
from onrecord.store.collection import Where
from onrecord.store.newsroom import Act
from onrecord.store.records import QueueFilter
from onrecord.store.tables import claims
from onrecord.store.text import storable
from onrecord.store.writing import writing
from onrecord.terms import ReplyState, ReviewState

NOW = "2026-03-14T08:20:00+00:00"
TIME = datetime.fromisoformat(NOW)
ODD = ("", "%", "_", "\\", "'", "\x00", "\ud800", "a\x00b", "/", "//", "' OR '1'='1", "x" * 9_000)
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def strings(shared: Path) -> list[str]:
    """The naughty strings and the lists of SQL injection, each once."""
    found = json.loads((shared / "corpora/blns/blns.json").read_text(encoding="utf-8"))
    for file in sorted((shared / "corpora/payloads").glob("SQL_*")):
        found += file.read_text(encoding="utf-8", errors="replace").splitlines()
    return list(dict.fromkeys([*ODD, *found]))


def lowered(text: str) -> str:
    """The text with ASCII letters alone in lower case, as SQL has it."""
    return storable(text).translate(_LOWER)


ASKED = {
    "queue": lambda e, s: [
        records.queue(e, QueueFilter(**{name: s}))
        for name in ("state", "kind", "site", "record", "assigned")
    ],
    "record": lambda e, s: (records.json_of(e, s), records.claim_of(e, s)),
    "claim": lambda e, s: (records.assign(e, s, s), records.set_state(e, s, "left")),
    "capture": lambda e, s: (captures.with_digest(e, s), captures.earlier(e, s)),
    "review": lambda e, s: (newsroom.load(e, s), newsroom.corrections_of(e, s)),
    "edits": lambda e, s: newsroom.edits_of(e, record=s, url=s),
    "waiting": newsroom.pending_of,
    "sign-in": lambda e, s: (accounts.by_sign_in(e, s), accounts.account(e, s)),
    "token": lambda e, s: (accounts.by_token(e, s), accounts.session(e, s, now=TIME)),
    "link": lambda e, s: accounts.use_link(e, s, "password", now=TIME),
    "job": jobs.load,
    "feed": lambda e, s: library.feed_state(e, s).etag,
    "documents": lambda e, s: (
        collection.by_ids(e, [s]),
        collection.remove(e, Where(source=s, url=s, publisher=s)),
    ),
    "answers": lambda e, s: answers.of(e, source=s, query=s),
    "replies": lambda e, s: (
        desk_replies.moderation(e, ReplyState.HELD, after=s or "x"),
        desk_replies.shown(e, s),
        desk_replies.load(e, s),
    ),
}


def empty(value: object) -> bool:
    """Whether an answer holds no row."""
    if isinstance(value, list | tuple):
        return all(empty(one) for one in value)
    return not value


def check_all(engine, given):
    for text in given:
        for name, ask in ASKED.items():
            # A queue without a condition shows everything: nothing is in it.
            assert empty(ask(engine, text)), (name, text)


def check_literal(engine, given):
    """Rows that are found by each string, against a plain search in Python."""
    rows = [storable(text)[:400] for text in given]
    with writing(engine) as connection:
        blank = {c.name: "" for c in claims.columns if c.name != "number"}
        blank |= {"checkworthiness": 0.5, "rank": 0, "state": "new", "kind": "event"}
        made = [blank | {"id": f"{n:x}", "words": words} for n, words in enumerate(rows)]
        connection.execute(claims.insert(), made)
    for number, text in enumerate(given):
        review = Review(f"r{number}", ReviewContent(storable(text)), ReviewState.PUBLISHED)
        newsroom.save(engine, review, expected=None, act=Act("1", "publish", NOW))
    for text in given:
        words = text.split()[:8]
        found = records.queue(engine, QueueFilter(words=text), limit=10_000)
        expected = [row for row in rows if all(lowered(word) in lowered(row) for word in words)]
        assert sorted(one.words for one in found) == sorted(expected), text
        sieved = newsroom.with_states(engine, [ReviewState.PUBLISHED], words=words, limit=10_000)
        claimed = {one.review.content.claim for one in sieved}
        assert claimed >= {
            storable(other) for other in given if all(lowered(w) in lowered(other) for w in words)
        }, text


def test_i1_a_hostile_string_finds_nothing_and_breaks_nothing(engine, shared):
    check_all(engine, [*ODD, *strings(shared)[len(ODD) :: 40]])


def test_i1_a_hostile_string_finds_what_a_literal_search_finds(engine, shared):
    check_literal(engine, [*ODD[1:], *strings(shared)[len(ODD) :: 30]])


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_i1_every_hostile_string_in_every_function(engine, shared):
    given = strings(shared)
    assert len(given) > 1_000
    check_all(engine, given)
    check_literal(engine, given)
