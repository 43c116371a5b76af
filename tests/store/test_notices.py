"""Notices are told once, marked once and bounded, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.store import lockers, newsroom, notices
from onrecord.store.database import open_database
from onrecord.store.lockers import Asked
from onrecord.store.newsroom import Act
from onrecord.store.notices import Notice

AT, LATER = "2026-03-14T08:20:00+00:00", "2026-03-15T08:20:00+00:00"
URL = "https://county.example/register"
ONE = Notice("gone", URL, "r1", "ab", AT, AT, reason="\ud800 answered 404")


@pytest.fixture
def engine(tmp_path, address):
    made = open_database(tmp_path / "desk", address)
    yield made
    made.dispose()


def test_the_same_thing_is_told_once_and_a_thing_that_ended_again(engine):
    (told,) = notices.tell(engine, [ONE])
    assert notices.tell(engine, [replace(ONE, first_seen=LATER, last_seen=LATER)]) == ()
    (kept,) = notices.notices(engine)
    assert (kept.first_seen, kept.last_seen, kept.id) == (AT, LATER, told.id)
    assert notices.notices(engine, review="r2") == ()
    assert notices.end(engine, URL, review="r2", now=LATER) == 0
    assert notices.end(engine, URL, review="r1", now=LATER) == 1
    assert notices.n_open(engine) == 0
    assert notices.load(engine, told.id).ended == LATER
    (again,) = notices.tell(engine, [replace(ONE, first_seen=LATER, last_seen=LATER)])
    assert again.first_seen == LATER


def test_a_marked_notice_stays_marked_and_leaves_an_entry(engine):
    (told,) = notices.tell(engine, [ONE])
    act = Act("1", "notice seen", LATER)
    for _ in range(2):
        assert notices.mark_seen(engine, told.id, act=act).seen_by == "1"
    assert notices.tell(engine, [ONE]) == ()
    assert notices.n_open(engine) == 0
    assert newsroom.last_entry(engine).target == f"notice/{told.id}"


def test_what_was_marked_long_ago_is_let_go(engine, monkeypatch):
    monkeypatch.setattr(notices, "MAX_SEEN", 3)
    ids = []
    for day in range(10, 17):
        at = f"2026-03-{day}T08:20:00+00:00"
        (told,) = notices.tell(
            engine, [replace(ONE, version=str(day), first_seen=at, last_seen=at)]
        )
        notices.mark_seen(engine, told.id, act=Act("1", "notice seen", at))
        ids.append(told.id)
    notices.tell(engine, [replace(ONE, version="last")])
    assert [notices.load(engine, one) is not None for one in ids] == [False] * 4 + [True] * 3


def test_an_address_is_remembered_with_what_its_server_said(engine):
    assert lockers.asked(engine, URL) == Asked(URL)
    row = Asked(URL, AT, '"tag"', "", "ab" * 32, 2, LATER)
    for one in (Asked(URL, AT), row):
        lockers.keep_asked(engine, one)
    assert lockers.asked(engine, URL) == row
    assert lockers.every_asked(engine) == {URL: row}
