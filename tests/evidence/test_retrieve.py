from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.index import open_passage_index
from onrecord.evidence.retrieve import MAX_OF_DOCUMENT, is_later, retrieved
from onrecord.ports import PassageCandidate
from onrecord.read import read
from onrecord.record import Capture, CollectionState, Document, Passage
from onrecord.span import Span

WALL = (
    "The sea wall at Port Elling was finished in 1931 and is 840 metres long. It was built of "
    "granite from the quarry at Marl, carried by barge in two summers, and it has been raised "
    "twice since then, in 1953 after the storm and again in 1988 when the fish market moved."
)
FERRY = (
    "The ferry to the outer islands takes ninety minutes in calm weather and does not sail when "
    "waves are higher than four metres. It carries sixty cars, and bookings open in January."
)


class Given:
    """An index that gives what it was told to, in any order."""

    def __init__(self, candidates):
        self.given = tuple(candidates)

    def candidates_of_each(self, texts, *, limit):
        return tuple(self.given for _ in texts)

    def state(self):
        return CollectionState(len(self.given))


def candidate(name, text=None, *, bm25=1.0, similarity=None, **fields):
    text = text if text is not None else f"Words of {name} and nothing that another passage says."
    document = fields.pop("document", name)
    passage = Passage(name, document, Span(0, len(text)), text, **fields)
    return PassageCandidate(passage, bm25, similarity)


def page(text=WALL, *, url="https://paper.example/wall", published="2026-05-10"):
    html = (
        f"<html><head><title>Wall</title><meta property='article:published_time' "
        f"content='{published}'></head><body><article><h1>Wall</h1><p>{text}</p></article></body>"
    )
    return read(Capture(url, None, "text/html", html.encode()))


def names(candidates, *, page=None, limit=9):
    (chosen,) = retrieved(["wall"], page=page, index=Given(candidates), limit=limit)
    return [c.passage.id for c in chosen]


def test_words_weigh_more_and_meaning_decides_between_equals():
    near = candidate("near", bm25=5.5, similarity=0.8)
    words = candidate("words", bm25=6.0, similarity=0.1)
    meaning = candidate("meaning", bm25=0.0, similarity=0.9)
    assert names([meaning, words, near]) == ["near", "words", "meaning"]


@given(st.randoms())
def test_the_order_does_not_depend_on_the_order_of_candidates(order: random.Random):
    given = [candidate(f"p{n}", bm25=float(n // 3), similarity=n % 4 / 4) for n in range(12)]
    expected = names(given)
    order.shuffle(given)
    assert names(given) == expected


def test_equal_passages_go_by_their_ids():
    assert names([candidate("b"), candidate("a")]) == ["a", "b"]


def test_at_most_two_passages_of_one_document_come():
    given = [candidate(f"p{n}", bm25=9.0 - n, document="d") for n in range(4)]
    assert names([*given, candidate("z", bm25=0.1)]) == ["p0", "p1", "z"]
    assert MAX_OF_DOCUMENT == 2


@pytest.mark.parametrize(
    ("dates", "kept"),
    [
        (("2026-05-02", "2026-05-01"), "second"),
        (("2026-05-01", "2026-05-02"), "first"),
        (("", "2026-05-02"), "second"),
        (("2026", ""), "first"),
        (("", ""), "first"),
    ],
)
def test_of_near_duplicates_the_earliest_stays_at_the_place_of_the_best(dates, kept):
    one = candidate("first", WALL, bm25=9.0, date=dates[0])
    other = candidate(
        "second", "Agency: " + WALL.replace("barge", "train"), bm25=1.0, date=dates[1]
    )
    assert names([one, candidate("between", FERRY, bm25=5.0), other]) == [kept, "between"]


@pytest.mark.parametrize(
    ("one", "other", "n"),
    [
        (WALL, WALL, 1),
        (WALL, WALL.upper(), 1),
        (WALL, WALL.replace("granite", "limestone"), 1),
        (WALL, WALL.replace("840", "480"), 2),
        (WALL, WALL.replace("840 metres", "a mile"), 2),
        # The same text cut elsewhere.
        (f"In 2026 we walked there. {WALL}", f"{WALL} Boats with 40 seats pass it.", 1),
        # Rows of a table, most of each the same in all.
        (
            "town: Marl; mayor: Berit Hallam; source: register of towns and villages of the north",
            "town: Elling; mayor: Jonas Tweed; source: register of towns and villages of the north",
            2,
        ),
        ("The pier is closed.", "The pier is closed.", 1),
    ],
)
def test_near_duplicates_share_most_words_and_every_number(one, other, n):
    assert len(names([candidate("one", one), candidate("other", other)])) == n


def test_passages_that_share_a_sentence_are_both_kept():
    one = candidate("one", WALL + " Boats pass it on the northern side.", bm25=2.0)
    first_sentence = WALL[: WALL.index(".") + 1]
    assert names([one, candidate("two", f"{FERRY} {first_sentence}")]) == ["one", "two"]


@pytest.mark.parametrize(
    ("url", "text", "is_own"),
    [
        ("https://paper.example/wall", FERRY, True),
        ("http://www.Paper.example/wall/?utm_source=feed#top", FERRY, True),
        ("https://paper.example/wall?page=2", FERRY, False),
        ("https://copy.example/x", WALL, True),
        ("https://copy.example/x", WALL.replace("840", "480"), True),
        ("https://copy.example/x", FERRY, False),
        ("", FERRY, False),
        ("http://[broken", FERRY, False),
    ],
)
def test_the_page_and_its_copies_are_never_evidence(url, text, is_own):
    given = [candidate("p", text, url=url), candidate("q", bm25=0.5)]
    assert names(given, page=page()) == (["q"] if is_own else ["p", "q"])


def test_the_address_that_a_page_gives_as_its_own_counts():
    html = (
        b"<html><head><title>Wall</title><link rel='canonical' href='https://paper.example/wall'>"
        b"</head><body><article><h1>Wall</h1><p>" + WALL.encode() + b"</p></article></body></html>"
    )
    one = read(Capture("https://mirror.example/1", None, "text/html", html))
    assert names([candidate("p", FERRY, url="https://paper.example/wall")], page=one) == []


@pytest.mark.parametrize(
    ("passage_date", "page_date", "stated", "later"),
    [
        ("2026-05-11", "2026-05-10", "", True),
        ("2026-05-10", "2026-05-10", "", False),
        ("2026-05", "2026-05-10", "", False),
        ("2026-06", "2026-05-10", "", True),
        ("2027", "2026-05-10", "", True),
        ("2026", "2026-05-10", "", False),
        ("", "2026-05-10", "", False),
        ("2026-05-11", "2026-05-10", "2026-07-01", False),
        ("2026-05-09", "2026-05-10", "2025", True),
        ("last spring", "2026-05-10", "", False),
    ],
)
def test_later_is_only_what_must_be_later(passage_date, page_date, stated, later):
    passage = candidate("p", date=passage_date).passage
    assert is_later(passage, page(published=page_date), stated=stated) is later


def test_without_any_date_nothing_is_later():
    assert not is_later(candidate("p", date="2026").passage, None)


def test_a_real_index_answers_several_queries():
    index = open_passage_index(None, embedder=None)
    index.add([Document("wall", WALL), Document("ferry", FERRY)])
    wall, ferry, nothing = retrieved(
        ["Port Elling sea wall 840 metres", "ferry takes ninety minutes", "zzz"],
        page=None,
        index=index,
        limit=1,
    )
    assert [c.passage.document for c in (*wall, *ferry)] == ["wall", "ferry"]
    assert nothing == ()
