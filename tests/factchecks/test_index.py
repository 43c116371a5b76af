from __future__ import annotations

import numpy as np

from onrecord.factchecks.index import open_library_index
from onrecord.record import FactCheck

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
