from __future__ import annotations

from onrecord.ports import Sighting
from onrecord.record import Document
from onrecord.store import history

EARLY, LATE = "2026-11-01T08:00:00+00:00", "2026-11-26T08:00:00+00:00"


def seen(n: int, when: str = EARLY, **stated) -> Sighting:
    row = Document(
        f"{n:016x}", f"The wall is {n} metres long.", url=f"https://a.example/{n}", **stated
    )
    return Sighting(row, when)


def put(engine, *rows) -> tuple[int, int]:
    done = list(history.add(engine, rows))
    return sum(len(one.fresh) for one in done), sum(one.same for one in done)


def test_texts_are_kept_once(engine):
    assert put(engine, seen(1), seen(2), seen(1)) == (2, 1)
    assert put(engine, seen(2), seen(3)) == (1, 1)
    assert history.ids(engine) == {f"{n:016x}" for n in (1, 2, 3)}
    assert [one.document.id for one in history.every(engine)] == [f"{n:016x}" for n in (1, 2, 3)]


def test_the_earlier_sighting_stays_and_what_was_left_open_is_filled_in(engine):
    put(engine, seen(1, LATE, title="A wall"))
    put(engine, seen(1, EARLY, title="Another title", date="2026-10-30"))
    put(engine, seen(1, LATE))
    (one,) = history.by_ids(engine, ["f" * 16, f"{1:016x}"])
    assert (one.first_seen, one.document.title, one.document.date) == (
        EARLY,
        "A wall",
        "2026-10-30",
    )


def test_what_no_database_keeps_does_not_stop_the_rest(engine):
    odd = Sighting(Document(f"{9:016x}", "half \ud800 and \x00"), EARLY)
    assert put(engine, odd, seen(1)) == (2, 0)
    (one,) = history.by_ids(engine, [f"{9:016x}"])
    assert one.document.text == "half \ufffd and \ufffd"


def test_counts_are_of_texts_and_of_texts_that_differ(engine):
    assert history.stats(engine).n == 0
    copy = Sighting(
        Document(f"{7:016x}", "The wall is 1 metres long.", publisher="Post", date="2025"), EARLY
    )
    put(engine, seen(1), copy)
    made = history.stats(engine)
    assert (made.n, made.n_texts, made.oldest, made.newest) == (2, 1, "2025", "2026-11-01")
    assert dict(made.publishers) == {"Post": 1, "not stated": 1}
