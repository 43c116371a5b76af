from __future__ import annotations

import numpy as np
import pytest

from onrecord.search import dense
from onrecord.search.dense import open_embedding_index


def unit(rows, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "meaning"


def test_the_nearest_comes_first_as_a_plain_sort_says(folder):
    index = open_embedding_index(folder, n_dimensions=8)
    vectors = unit(200)
    index.add([f"r{i}" for i in range(200)], vectors)
    query = unit(1, seed=1)[0]
    stored = vectors.astype(np.float16).astype(np.float32)
    expected = [f"r{i}" for i in np.argsort(-(stored @ query))[:5]]
    assert [row_id for row_id, _ in index.search(query, limit=5)] == expected


@pytest.mark.parametrize("held", [1, 150, 4_000_000])
def test_several_queries_find_what_each_finds_alone(folder, monkeypatch, held):
    monkeypatch.setattr(dense, "_SCORES", held)
    index = open_embedding_index(folder, n_dimensions=8)
    index.add([f"r{i}" for i in range(100)], unit(100))
    index.remove(["r7"])
    queries = unit(7, seed=1)
    for query, found in zip(queries, index.search_each(queries, limit=5), strict=True):
        alone = index.search(query, limit=5)
        assert [row_id for row_id, _ in found] == [row_id for row_id, _ in alone]
        assert [score for _, score in found] == pytest.approx([score for _, score in alone])
        asked = index.similarities(query, [*(row_id for row_id, _ in found), "r7", "absent"])
        assert asked == pytest.approx(dict(found))


def test_the_last_vector_of_an_id_counts(folder):
    index = open_embedding_index(folder, n_dimensions=8)
    vectors = unit(3)
    index.add(["a", "b"], vectors[:2])
    index.add(["a"], vectors[2:])
    assert len(index) == 2
    assert index.search(vectors[2], limit=1)[0][0] == "a"
    assert [row_id for row_id, _ in index.search(vectors[0], limit=9)].count("a") == 1


def test_an_index_is_found_again(folder):
    open_embedding_index(folder, n_dimensions=8).add(["a", "b"], unit(2))
    again = open_embedding_index(folder, n_dimensions=8)
    assert again.search(unit(2)[1], limit=1)[0][0] == "b"


@pytest.mark.parametrize("cut", [1, 7, 15, 16, 17])
def test_a_write_cut_short_is_dropped(folder, cut):
    open_embedding_index(folder, n_dimensions=8).add(["a", "b", "c"], unit(3))
    path = folder / "vectors.f16"
    path.write_bytes(path.read_bytes()[:-cut])
    again = open_embedding_index(folder, n_dimensions=8)
    assert len(again) == (2 if cut <= 16 else 1)
    again.add(["d"], unit(1))
    assert len(open_embedding_index(folder, n_dimensions=8)) == len(again)


def test_an_empty_index_finds_nothing(folder):
    assert open_embedding_index(folder, n_dimensions=8).search(unit(1)[0], limit=3) == ()


def test_what_is_removed_is_not_found_again(folder):
    index = open_embedding_index(folder, n_dimensions=8)
    vectors = unit(50)
    index.add([f"r{i}" for i in range(50)], vectors)
    index.remove([f"r{i}" for i in range(45)] + ["absent"])
    for one in (index, open_embedding_index(folder, n_dimensions=8)):
        assert len(one) == 5
        found = [row_id for row_id, _ in one.search(vectors[0], limit=5)]
        assert sorted(found) == ["r45", "r46", "r47", "r48", "r49"]
        assert one.similarity(vectors[0], "r0") is None
    index.add(["r0"], vectors[:1])
    again = open_embedding_index(folder, n_dimensions=8)
    assert again.search(vectors[0], limit=1)[0][0] == "r0"


def test_an_id_that_was_replaced_and_removed_stays_away(folder):
    index = open_embedding_index(folder, n_dimensions=8)
    index.add(["a", "b"], unit(2))
    index.add(["a"], unit(1, seed=1))
    index.remove(["a"])
    for one in (index, open_embedding_index(folder, n_dimensions=8)):
        assert [row_id for row_id, _ in one.search(unit(2)[0], limit=3)] == ["b"]


def test_a_long_file_is_read_in_parts(folder, monkeypatch):
    open_embedding_index(folder, n_dimensions=8).add([f"r{i}" for i in range(10)], unit(10))
    monkeypatch.setattr(dense, "_READ_ROWS", 3)
    again = open_embedding_index(folder, n_dimensions=8)
    assert np.array_equal(again.matrix, unit(10).astype(np.float16).astype(np.float32))
