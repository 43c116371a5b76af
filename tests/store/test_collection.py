from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.record import Document
from onrecord.store import collection
from onrecord.store.collection import State, Where


def document(n: int, **changes: object) -> Document:
    made = Document(
        id=f"{n:016x}",
        text=f"The harbour wall is {n} metres long.",
        title=f"Harbour {n}",
        url=f"https://desk.example/{n}",
        date="2026-11-20",
        publisher="Example Desk",
        source="/papers/harbours.jsonl",
    )
    return dataclasses.replace(made, **changes)


def put(engine, rows, state=None):
    done = list(collection.add(engine, rows, now="2026-11-26", current=state))
    return tuple(
        sum(getattr(d, name) for d in done) for name in ("new", "changed", "same", "copies")
    )


def test_documents_come_back_as_they_went_in(engine):
    rows = [document(1, licence="CC0"), document(2, url="", date="")]
    assert put(engine, rows) == (2, 0, 0, 0)
    assert list(collection.every(engine)) == rows
    assert collection.by_ids(engine, [rows[1].id, "f" * 16]) == (rows[1],)


def test_what_is_there_is_passed_over_and_new_particulars_are_taken(engine):
    put(engine, [document(1), document(2)])
    assert put(engine, [document(1, title="The north wall"), document(2), document(3)]) == (
        1,
        1,
        1,
        0,
    )
    assert next(row.title for row in collection.every(engine)) == "The north wall"


def test_what_an_earlier_reading_stated_stays_when_a_later_one_is_silent(engine):
    put(engine, [document(1, licence="CC0")])
    silent = document(1, publisher="", date="", source="/elsewhere/copy.jsonl")
    assert put(engine, [silent]) == (0, 0, 1, 0)
    assert list(collection.every(engine)) == [document(1, licence="CC0")]


def test_one_text_at_two_addresses_is_kept_once(engine):
    copy = document(2, text=document(1).text)
    assert put(engine, [document(1), copy, document(3)]) == (2, 0, 0, 1)
    assert put(engine, [copy]) == (0, 0, 0, 1)
    assert [row.id for row in collection.every(engine)] == [document(1).id, document(3).id]


@pytest.mark.parametrize(
    ("older", "newer", "n_left"),
    [
        ({"url": "https://a.example/x"}, {"url": "https://a.example/x"}, 1),
        ({"url": "", "title": "Walls"}, {"url": "", "title": "Walls"}, 1),
        ({"url": "https://a.example/x"}, {"url": "https://a.example/y"}, 2),
        # Two tables in one file, and two files with a table of one name.
        ({"url": "", "title": "Walls"}, {"url": "", "title": "Piers"}, 2),
        ({"url": "", "title": "Walls"}, {"url": "", "title": "Walls", "source": "/other"}, 2),
        ({"url": "", "title": "Walls"}, {"url": "https://a.example/x", "title": "Walls"}, 2),
    ],
)
def test_a_new_text_takes_the_place_of_the_older_one(engine, older, newer, n_left):
    put(engine, [document(1, **older)])
    (done,) = collection.add(engine, [document(2, **newer)], now="2026-11-27")
    left = [row.id for row in collection.every(engine)]
    assert len(left) == n_left
    assert document(2).id in left
    assert (done.new, done.changed) == ((1, 0) if n_left == 2 else (0, 1))
    assert done.gone == (() if n_left == 2 else (document(1).id,))


def test_rows_of_a_table_do_not_replace_each_other(engine):
    rows = [document(n, url="", title="harbour walls") for n in range(4)]
    put(engine, rows)
    assert put(engine, [document(9, url="", title="harbour walls"), *rows[1:]]) == (1, 0, 3, 0)
    assert len(list(collection.every(engine))) == 5


def test_parts_of_one_page_do_not_replace_each_other(engine, monkeypatch):
    monkeypatch.setattr(collection, "BATCH", 2)
    parts = [document(n, url="https://a.example/long") for n in range(5)]
    assert put(engine, parts[:3]) == (3, 0, 0, 0)
    assert put(engine, parts) == (2, 0, 3, 0)
    assert len(list(collection.every(engine))) == 5


def test_a_kill_leaves_whole_batches_and_the_next_run_takes_the_rest(engine, monkeypatch):
    monkeypatch.setattr(collection, "BATCH", 4)

    def broken():
        for n in range(6):
            yield document(n)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put(engine, broken())
    assert len(list(collection.every(engine))) == 4
    assert put(engine, [document(n) for n in range(6)]) == (2, 0, 4, 0)


def test_a_batch_of_long_texts_is_smaller(engine, monkeypatch):
    monkeypatch.setattr(collection, "BATCH_CHARS", 60)
    sizes = [len(batch) for batch in collection.batches([document(n) for n in range(5)])]
    assert sizes == [2, 2, 1]


@pytest.mark.parametrize(
    ("where", "removed"),
    [
        (Where(), []),
        (Where(url="https://desk.example/1"), [1]),
        (Where(source="/papers/a.txt"), [2]),
        (Where(source="/papers"), [1, 2, 3]),
        (Where(source="/papers/b.warc"), [3]),
        (Where(source="/pap%"), []),
        (Where(publisher="Other"), [2, 4]),
        (Where(source="/papers/", publisher="Other"), [2]),
    ],
)
def test_documents_are_removed_by_what_is_named(engine, where, removed):
    rows = [
        document(1),
        document(2, source="/papers/a.txt", publisher="Other"),
        document(3, source="/papers/b.warc#17"),
        document(4, source="/papers-of-others/a.txt", publisher="Other"),
    ]
    put(engine, rows)
    assert collection.remove(engine, where) == tuple(f"{n:016x}" for n in removed)
    assert len(list(collection.every(engine))) == 4 - len(removed)


def test_counts_name_publishers_years_and_licences(engine):
    put(engine, [document(1), document(2, publisher="", date="2024", licence="CC0")])
    stats = collection.stats(engine)
    assert (stats.n, stats.newest) == (2, "2026-11-20")
    assert stats.n_chars == len(document(1).text) + len(document(2).text)
    assert dict(stats.publishers) == {"Example Desk": 1, "not stated": 1}
    assert dict(stats.years) == {"2024": 1, "2026": 1}
    assert dict(stats.licences) == {"not stated": 1, "CC0": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(numbers=st.lists(st.integers(0, 30), max_size=12), order=st.randoms())
def test_the_state_depends_on_the_documents_and_not_on_their_order(
    numbers: list[int], order: random.Random
):
    one, other = State(), State()
    one.put([document(n, date=f"20{n:02d}") for n in numbers])
    extra = [*numbers, 31, 32]
    order.shuffle(extra)
    other.put([document(n, date=f"20{n:02d}") for n in extra])
    other.put([document(n, date=f"20{n:02d}") for n in (32, 31)], sign=-1)
    assert one.value() == other.value()


def test_the_state_kept_along_is_that_of_the_rows(engine):
    state = State()
    put(engine, [document(1), document(2)], state)
    put(engine, [document(1, title="New"), document(3, url="https://desk.example/2")], state)
    assert state.value() == collection.state(engine).value()
    assert state.value().n_documents == 2
    assert State().value() == dataclasses.replace(State().value(), digest="", newest="")
