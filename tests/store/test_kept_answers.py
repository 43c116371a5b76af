"""Answers are kept by name for a day, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from onrecord.store.kept_answers import DEAD_MINUTES, KEPT_HOURS, Kept, begin, forget, keep

NOW = datetime(2026, 3, 14, 8, 20, tzinfo=UTC)
ANSWER = Kept("", 201, (("etag", '"x"'), ("location", "/a")), b"\x00\xff{}")


def test_an_answer_is_given_again_to_what_was_asked(engine):
    assert begin(engine, "k", asked="a", now=NOW) is None
    assert begin(engine, "k", asked="b", now=NOW) == Kept("a", 0, (), b"")
    keep(engine, "k", ANSWER)
    known = begin(engine, "k", asked="a", now=NOW + timedelta(hours=KEPT_HOURS))
    assert known == Kept("a", 201, ANSWER.headers, ANSWER.body)


def test_what_was_forgotten_or_is_old_begins_anew(engine):
    assert begin(engine, "k", asked="a", now=NOW) is None
    forget(engine, "k")
    assert begin(engine, "k", asked="a", now=NOW) is None
    assert begin(engine, "k", asked="a", now=NOW + timedelta(hours=KEPT_HOURS + 1)) is None


def test_a_request_that_a_kill_cut_off_can_be_sent_again(engine):
    later = NOW + timedelta(minutes=DEAD_MINUTES)
    assert begin(engine, "k", asked="a", now=NOW) is None
    assert begin(engine, "k", asked="a", now=later) is not None
    assert begin(engine, "k", asked="a", now=later + timedelta(seconds=1)) is None
