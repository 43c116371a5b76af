from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from onrecord.evidence.index import kept_state, open_passage_index
from onrecord.record import CollectionState, Document

LONG = "\n\n".join(
    f"Chapter {n} of the harbour's history. " + "The wall was built of granite blocks. " * 12
    for n in range(20)
)
ROWS = [
    Document("a", "The Harrow bridge is 120 metres long.", title="Bridges", date="2024"),
    Document("b", "Ferries to the islands were cancelled in March.", publisher="Example Desk"),
    Document("c", LONG, title="Harbours"),
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


def found(index, text, limit=5):
    return {c.passage.document: c for c in index.candidates_of_each([text], limit=limit)[0]}


def test_a_passage_is_found_by_its_words_and_comes_back_whole():
    index = open_passage_index(None, embedder=None)
    index.add(ROWS)
    candidate = found(index, "how long is the Harrow bridge")["a"]
    passage = candidate.passage
    assert passage.text == passage.document_span.of(ROWS[0].text)
    assert (passage.title, passage.date, passage.source) == ("Bridges", "2024", "collection")
    assert candidate.bm25 > 0
    assert candidate.similarity is None


def test_a_passage_is_found_by_the_title_of_its_document():
    index = open_passage_index(None, embedder=None)
    index.add(ROWS)
    assert "a" in found(index, "bridges")


def test_meaning_finds_what_words_do_not(tmp_path):
    index = open_passage_index(tmp_path, embedder=Letters())
    index.add(ROWS)
    candidates = found(index, "zzz ferriestotheislandswerecancelled", limit=30)
    assert candidates["b"].bm25 == 0.0
    assert candidates["b"].similarity > candidates["a"].similarity


def test_several_texts_are_asked_at_once_as_one_by_one(tmp_path):
    index = open_passage_index(tmp_path, embedder=Letters())
    index.add(ROWS)
    texts = ["Harrow bridge", "", "ferries", "granite wall"]
    together = index.candidates_of_each(texts, limit=3)
    assert together == tuple(index.candidates_of_each([text], limit=3)[0] for text in texts)
    assert together[1] == ()


@pytest.mark.parametrize("embedder", [None, Letters()])
def test_a_changed_document_replaces_its_passages(tmp_path, embedder):
    index = open_passage_index(tmp_path, embedder=embedder)
    index.add(ROWS)
    before = len(index)
    n = index.add([dataclasses.replace(ROWS[2], text="The wall is of brick.")])
    assert n == 1
    assert len(index) < before
    assert "c" not in {d for d, c in found(index, "granite", limit=50).items() if c.bm25 > 0}


@pytest.mark.parametrize("embedder", [None, Letters()])
def test_a_removed_document_leaves_nothing_behind(tmp_path, embedder):
    index = open_passage_index(tmp_path, embedder=embedder)
    index.add(ROWS)
    index.remove(["c", "unknown"])
    again = open_passage_index(tmp_path, embedder=embedder)
    for one in (index, again):
        assert len(one) == 2
        assert "c" not in found(one, "granite harbour wall bridge", limit=50)
        assert not one.holds("c")
        assert {row.id for row in one.outlines()} == {"a", "b"}


def test_outlines_are_the_documents_without_text_and_source(tmp_path):
    index = open_passage_index(tmp_path, embedder=None)
    index.add(ROWS)
    expected = {row.id: dataclasses.replace(row, text="", source="") for row in ROWS}
    assert {row.id: row for row in index.outlines()} == expected


def test_a_document_without_words_gives_no_passage():
    index = open_passage_index(None, embedder=Letters())
    assert index.add([Document("x", " \n ")]) == 0
    assert not index.holds("x")


def test_the_state_is_kept_beside_the_index(tmp_path):
    assert kept_state(tmp_path / "absent") == CollectionState(0)
    index = open_passage_index(tmp_path, embedder=None)
    state = CollectionState(3, "2024", "ab" * 32)
    index.keep_state(state)
    assert index.state() == state
    assert open_passage_index(tmp_path, embedder=None).state() == state
    assert kept_state(tmp_path) == state


def test_a_rebuilt_index_is_empty(tmp_path):
    index = open_passage_index(tmp_path, embedder=Letters())
    index.add(ROWS)
    index.keep_state(CollectionState(3))
    anew = open_passage_index(tmp_path, embedder=Letters(), rebuild=True)
    assert (len(anew), anew.state()) == (0, CollectionState(0))
