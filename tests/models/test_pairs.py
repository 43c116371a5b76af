"""The reading of two texts together, without weights; `test_rerank` and `test_stance` have them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from onrecord.models.pairs import PairReader, pair_logits


class Letters:
    """A tokenizer of letters that counts what it is asked."""

    def __init__(self):
        self.asked = []

    def encode_batch(self, texts, *, add_special_tokens):
        assert not add_special_tokens
        self.asked += texts
        return [SimpleNamespace(ids=[ord(letter) for letter in text]) for text in texts]


class Session:
    """Gives three labels: how many tokens stand in the claim, in the text, and in both."""

    def run(self, _names, given):
        (types,) = given["types"]
        assert given["ids"].shape == given["mask"].shape == given["types"].shape
        return [np.array([[np.sum(types == 0), np.sum(types == 1), len(types)]], np.float32)]


@pytest.fixture
def reader():
    return PairReader(Session(), Letters(), 1, 2, max_claim_tokens=4, max_tokens=12)


@pytest.mark.parametrize(
    ("claim", "text", "expected"),
    [
        ("ab", "abc", [4, 4, 8]),
        ("abcdefgh", "abcdefghijkl", [6, 6, 12]),
        ("ab", "abcdefghijkl", [4, 8, 12]),
        ("", "", [2, 1, 3]),
    ],
)
def test_each_text_is_cut_at_its_end(reader, claim, text, expected):
    assert pair_logits(reader, [(claim, text)]).tolist() == [expected]


def test_a_claim_beside_many_texts_is_tokenised_once(reader):
    found = pair_logits(reader, [("ab", "c"), ("ab", "cd"), ("ab", "c")])
    assert found.tolist() == [[4, 2, 6], [4, 3, 7], [4, 2, 6]]
    assert sorted(reader.tokenizer.asked) == ["ab", "c", "cd"]


def test_no_pairs_give_no_rows(reader):
    assert len(pair_logits(reader, [])) == 0
