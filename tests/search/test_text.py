from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.search.text import Row, open_text_index, query_words

ROWS = [
    Row("a", {"claim": "The Harrow bridge cost twelve million", "title": "Bridge cost"}),
    Row("b", {"claim": "Ferries were cancelled in March", "title": "Ferry service"}),
    Row("c", {"claim": "The tunnel was flooded", "title": "No, the bridge was not flooded"}),
]


@pytest.fixture
def index():
    made = open_text_index(None, fields=("claim", "title"))
    made.add(ROWS)
    return made


def test_the_best_row_comes_first_and_words_are_stemmed(index):
    assert next(hit.id for hit in index.search("bridges costing millions", limit=3)) == "a"


def test_a_field_with_weight_zero_is_not_searched(index):
    assert [hit.id for hit in index.search("bridge", limit=3, boosts={"title": 0.0})] == ["a"]


def test_an_id_that_is_there_is_replaced(index):
    index.add([Row("a", {"claim": "Something else entirely"})])
    assert len(index) == 3
    assert index.search("twelve", limit=3) == ()


def test_removed_rows_are_found_no_more(index):
    index.remove(["b", "not there"])
    assert len(index) == 2


def test_no_words_find_nothing(index):
    assert index.search(" -- !! ", limit=3) == ()


def test_an_index_on_disk_is_found_again_and_rebuilt_on_demand(tmp_path):
    open_text_index(tmp_path / "i", fields=("claim",)).add(ROWS)
    assert len(open_text_index(tmp_path / "i", fields=("claim",))) == 3
    assert len(open_text_index(tmp_path / "i", fields=("claim",), rebuild=True)) == 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_query(text):
    made = open_text_index(None, fields=("claim",))
    assert made.search(text, limit=3) == ()
    assert len(query_words(text)) <= 64


@pytest.mark.parametrize(
    "query", ['a AND NOT "', "claim:bridge^9", "(((", "* OR ?", "a~2", "IN [a TO"]
)
def test_operators_are_plain_words(index, query):
    index.search(query, limit=3)
