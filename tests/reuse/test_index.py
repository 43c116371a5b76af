from __future__ import annotations

import random

import pytest

from onrecord.errors import StoreError
from onrecord.reuse.index import MAX_TEXTS, open_fingerprint_index

WORDS = [f"word{i}" for i in range(5_000)]


def text(n: int, length: int = 120) -> str:
    return " ".join(random.Random(n).choices(WORDS, k=length))


def filled(folder, n: int, *, batch: int = 7):
    index = open_fingerprint_index(folder)
    for start in range(0, n, batch):
        index.add((f"{i:016x}", text(i)) for i in range(start, min(start + batch, n)))
    return index


@pytest.mark.parametrize("where", ["memory", "folder"])
def test_each_text_finds_itself_after_any_number_of_batches(tmp_path, where):
    index = filled(None if where == "memory" else tmp_path / "history", 60)
    assert len(index) == 60
    assert all(index.near(text(i)) == (f"{i:016x}",) for i in range(60))
    assert index.near(text(1_000)) == ()


def test_segments_stay_few(tmp_path):
    index = filled(tmp_path / "history", 200, batch=1)
    assert len(index.segments) <= 8
    assert len(list((tmp_path / "history").iterdir())) <= 9


def test_an_index_is_opened_as_it_was_left(tmp_path):
    filled(tmp_path / "history", 30)
    index = open_fingerprint_index(tmp_path / "history")
    assert index.ids() == {f"{i:016x}" for i in range(30)}
    assert index.near(text(11)) == (f"{11:016x}",)


def test_a_segment_of_a_killed_call_is_passed_over(tmp_path):
    index = filled(tmp_path / "history", 10)
    stray = tmp_path / "history" / f"{index.last + 1:08}"
    stray.mkdir()
    (stray / "ids.npy").write_bytes(b"half")
    again = open_fingerprint_index(tmp_path / "history")
    again.add([("f" * 16, text(999))])
    assert again.near(text(999)) == ("f" * 16,)
    assert len(again) == 11


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"format": 2, "segments": ["gone"], "last": 1}',
        '{"segments": [], "last": 0}',  # of a version whose keys had four words
        '{"format": 3, "segments": [], "last": 0}',
    ],
)
def test_a_broken_index_is_named_with_what_to_do(tmp_path, content):
    (tmp_path / "segments.json").write_text(content)
    with pytest.raises(StoreError, match="onrecord reindex"):
        open_fingerprint_index(tmp_path)
    assert len(open_fingerprint_index(tmp_path, rebuild=True)) == 0


@pytest.mark.parametrize("where", ["memory", "folder"])
def test_removed_texts_are_gone_with_their_postings(tmp_path, where):
    folder = None if where == "memory" else tmp_path / "history"
    index = filled(folder, 60)
    before = index.n_bytes()
    gone = [f"{i:016x}" for i in range(60) if i % 3 == 0]
    assert index.remove([*gone, "f" * 16]) == 20
    assert index.remove(gone) == 0
    for opened in (index, index if folder is None else open_fingerprint_index(folder)):
        assert len(opened) == 40
        assert all(
            opened.near(text(i)) == (() if i % 3 == 0 else (f"{i:016x}",)) for i in range(60)
        )
    assert index.n_bytes() < before
    index.add([(gone[0], text(0))])
    assert index.near(text(0)) == (gone[0],)


def test_two_writers_lose_nothing_of_each_other(tmp_path):
    one, two = (open_fingerprint_index(tmp_path / "history") for _ in range(2))
    for i in range(0, 20, 2):
        one.add([(f"{i:016x}", text(i))], seen=("2026-10-02", "2026-10-02"))
        two.add([(f"{i + 1:016x}", text(i + 1))], seen=("2026-10-01", "2026-10-01"))
    one.remove([f"{3:016x}"], seen=("2026-10-01", "2026-10-02"))
    for index in (one, open_fingerprint_index(tmp_path / "history")):
        assert index.ids() == {f"{i:016x}" for i in range(20) if i != 3}
        assert index.state().first_seen == "2026-10-01"
        assert index.near(text(4)) == (f"{4:016x}",)


def test_an_index_can_be_emptied_text_by_text(tmp_path):
    index = filled(tmp_path / "history", 20)
    assert sum(index.remove([f"{i:016x}"]) for i in range(20)) == 20
    assert (len(index), index.segments, index.near(text(3))) == (0, [], ())
    assert len(open_fingerprint_index(tmp_path / "history")) == 0


def test_furniture_of_a_site_is_not_asked_for_but_a_report_sold_widely_is_found():
    furniture = text(1, 40)
    index = open_fingerprint_index(None)
    n = MAX_TEXTS + 50
    index.add((f"{i:016x}", f"{furniture} {text(i + 10, 20)}") for i in range(n))
    assert index.near(f"{furniture} {text(15, 20)} {text(9_999, 60)}")[0] == f"{5:016x}"
    # Of a text that is nothing but common words some of its places are named all the same.
    assert 0 < len(index.near(furniture)) <= 20


def test_a_quotation_alone_names_its_text():
    said = "“we will never again build a bridge of wood over the river”"
    index = open_fingerprint_index(None)
    index.add([("a" * 16, f"{text(1)} {said} {text(2)}"), ("b" * 16, text(3))])
    changed = "“we will again build a bridge of stone over the river”"
    assert index.near(f"{text(4)} {changed} {text(5)}") == ("a" * 16,)


def test_a_speech_without_marks_is_named_by_a_quotation_of_it():
    said = "we will never again build a bridge of wood over the river"
    index = open_fingerprint_index(None)
    index.add([(f"{i:016x}", f"{text(i)} {said} {text(i + 50)}") for i in range(20)])
    quoted = f"{text(1_000)} “{said.replace('wood', 'stone')}” {text(1_001)}"
    assert len(index.near(quoted)) > 5  # a fingerprint of it may or may not be kept


def test_a_text_that_shares_one_key_by_chance_is_not_compared():
    index = open_fingerprint_index(None)
    index.add([("a" * 16, f"“{text(1, 20)} build a bridge {text(2, 20)}”")])
    near = index.asked("“we will never build a bridge of stone”")
    assert near.ids == ("a" * 16,)
    assert not near.is_likely("a" * 16, f"“{text(1, 20)} build a bridge {text(2, 20)}”")
