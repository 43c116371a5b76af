from __future__ import annotations

import numpy as np
import pytest

from onrecord.factchecks import index as index_module
from onrecord.factchecks.index import open_library_index
from onrecord.record import FactCheck
from onrecord.search.text import TextIndex

ROWS = [
    FactCheck(
        "a", "https://d.example/1", "The Harrow bridge cost 12 million euros", rating="False"
    ),
    FactCheck(
        "b",
        "https://d.example/2",
        "Ferries were cancelled in March",
        title="No ferry was cancelled",
    ),
]


class Letters:
    """Counts letters: enough of an embedding for tests."""

    n_dimensions = 26

    def __call__(self, texts):
        counts = np.array(
            [[text.lower().count(chr(97 + i)) for i in range(26)] for text in texts],
            dtype=np.float32,
        )
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


def test_a_fact_check_is_found_by_its_words_and_comes_back_whole():
    index = open_library_index(None, embedder=None)
    index.add(ROWS)
    (found,) = index.candidates("what the Harrow bridge cost", limit=5)
    assert found.fact_check == ROWS[0]
    assert found.bm25 > 0
    assert found.similarity is None


def test_meaning_finds_what_words_do_not(tmp_path):
    index = open_library_index(tmp_path, embedder=Letters())
    index.add(ROWS)
    found = {c.fact_check.id: c for c in index.candidates("zzz ferriescancelled", limit=5)}
    assert found["b"].bm25 == 0.0
    assert found["b"].similarity > found["a"].similarity


def test_the_index_is_found_again_and_changed_rows_replace(tmp_path):
    open_library_index(tmp_path, embedder=Letters()).add(ROWS)
    again = open_library_index(tmp_path, embedder=Letters())
    again.add([FactCheck("a", "https://d.example/1", "The Harrow bridge was free", rating="True")])
    assert len(again) == 2
    found = {c.fact_check.id: c.fact_check for c in again.candidates("Harrow bridge", limit=5)}
    assert found["a"].rating == "True"


def test_an_empty_query_finds_nothing():
    assert open_library_index(None, embedder=None).candidates("", limit=5) == ()


TEXTS = ["what the Harrow bridge cost", "ferries in March", "", "what the Harrow bridge cost"]


@pytest.mark.parametrize("kept", [1, 100])
def test_texts_find_the_same_together_alone_and_again(monkeypatch, kept):
    for name in ("KEPT_STEMS", "KEPT_VECTORS", "KEPT_CHECKS"):
        monkeypatch.setattr(index_module, name, kept)
    index = open_library_index(None, embedder=Letters())
    index.add(ROWS)
    alone = tuple(index.candidates(text, limit=5) for text in TEXTS)
    for _ in range(2):
        for text, found in zip(TEXTS, index.candidates_of_each(TEXTS, limit=5), strict=True):
            assert [c.fact_check for c in found] == [c.fact_check for c in alone[TEXTS.index(text)]]
            assert [c.similarity for c in found] == pytest.approx(
                [c.similarity for c in alone[TEXTS.index(text)]]
            )


def test_what_is_kept_in_memory_has_an_end(monkeypatch):
    for name in ("KEPT_STEMS", "KEPT_VECTORS", "KEPT_CHECKS"):
        monkeypatch.setattr(index_module, name, 3)
    index = open_library_index(None, embedder=Letters())
    index.add(ROWS)
    for n in range(20):
        index.candidates(f"Harrow bridge {n}", limit=5)
        index.rarity([f"word{n}"])
    assert max(len(index.known_vectors), len(index.known_checks), len(index.known_rarity)) <= 3


def test_every_text_is_embedded_alone():
    asked = []

    class Counted(Letters):
        def __call__(self, texts):
            asked.append(list(texts))
            return super().__call__(texts)

    index = open_library_index(None, embedder=Counted())
    index.add(ROWS)
    asked.clear()
    index.candidates_of_each(TEXTS, limit=5)
    assert asked == [[TEXTS[0]], [TEXTS[1]]]


def test_a_row_that_was_replaced_is_not_answered_from_memory():
    index = open_library_index(None, embedder=Letters())
    index.add(ROWS)
    index.candidates("Harrow bridge", limit=5)
    index.add([FactCheck("a", "https://d.example/1", "The Harrow bridge was free", rating="True")])
    found = {c.fact_check.id: c.fact_check for c in index.candidates("Harrow bridge", limit=5)}
    assert found["a"].claim == "The Harrow bridge was free"


def test_rows_without_a_body_are_found_beside_many_that_have_one():
    index = open_library_index(None, embedder=None)
    body = "The bridge at Harrow cost money, and the bridge cost more money than the Harrow ferry."
    index.add([FactCheck(f"long{n}", "", "A ferry", body=f"{body} {n}") for n in range(20)])
    index.add([FactCheck(f"short{n}", "", f"What the bridge is {n}") for n in range(5)])
    found = {c.fact_check.id for c in index.candidates("what the Harrow bridge cost", limit=5)}
    assert {f"short{n}" for n in range(5)} <= found


def test_one_search_by_words_is_enough_where_no_row_has_a_body(monkeypatch):
    index = open_library_index(None, embedder=None)
    index.add(ROWS)
    asked, search = [], TextIndex.search

    def counted(self, query, **how):
        asked.append(query)
        return search(self, query, **how)

    monkeypatch.setattr(TextIndex, "search", counted)
    assert {c.fact_check.id for c in index.candidates("Harrow ferries", limit=5)} == {"a", "b"}
    assert len(asked) == 1
