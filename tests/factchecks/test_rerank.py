from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from onrecord.errors import ModelError
from onrecord.factchecks import rerank
from onrecord.factchecks.rerank import MODEL, answers, answers_by_model, open_reranker
from onrecord.models import Model, installed
from onrecord.models.cards import with_tables
from onrecord.models.pairs import PairReader

GOLDEN = Path(__file__).parent / "golden" / "reranker_logits.json"
CLAIM = "The Harrow bridge was closed because its cables had rusted through"
# One claim beside checks of the same, its denial, its neighbour, another matter, nothing.
TEXTS = [
    "No, rust did not close the Harrow bridge. Rust in its cables closed the bridge at Harrow",
    "The Harrow bridge was never closed",
    "The Harrow bridge cost 12 million euros",
    "Every ferry to Sollund was cancelled throughout March",
    "",
]


# Without weights: what is done around the session.


class WordCounts:
    """A tokenizer of words: a token is the number of its first letter."""

    def encode_batch(self, texts, *, add_special_tokens):
        assert not add_special_tokens
        return [SimpleNamespace(ids=[ord(word[0]) for word in text.split()]) for text in texts]


class Session:
    def __init__(self):
        self.seen = []

    def run(self, _names, given):
        self.seen.append({name: row[0].tolist() for name, row in given.items()})
        return [np.array([float(len(self.seen))], dtype=np.float32)]


def small(**changed):
    lengths = {"max_claim_tokens": 3, "max_tokens": 9} | changed
    return PairReader(Session(), WordCounts(), first_token=1, last_token=2, **lengths)


def test_a_pair_is_one_row_with_a_mark_behind_each_text():
    model = small()
    assert answers(model, [("a b", "c d e")]) == (1.0,)
    (row,) = model.session.seen
    assert row["ids"] == [1, 97, 98, 2, 99, 100, 101, 2]
    assert row["types"] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert row["mask"] == [1] * 8


@pytest.mark.parametrize(
    ("claim", "text", "n_tokens"),
    [("a " * 50, "b " * 50, 9), ("a", "b " * 50, 9), ("a " * 50, "", 6), ("", "", 3)],
)
def test_what_is_too_long_is_cut_at_the_end(claim, text, n_tokens):
    model = small()
    answers(model, [(claim, text)])
    ids = model.session.seen[0]["ids"]
    assert len(ids) == n_tokens
    assert ids[-1] == 2


def test_logits_come_in_the_order_of_the_pairs():
    assert answers(small(), [("a", "b"), ("c", "d"), ("a", "b")]) == (1.0, 2.0, 3.0)


def test_no_pairs_need_no_model(monkeypatch):
    def opened():
        pytest.fail("the model was opened")

    monkeypatch.setattr(rerank, "_packaged", opened)
    assert answers_by_model([]) == ()


def test_a_pair_that_was_read_is_not_read_again(monkeypatch):
    model = small()
    monkeypatch.setattr(rerank, "_packaged", lambda: model)
    rerank._answer.cache_clear()
    pairs = [("a", "b"), ("c", "d"), ("a", "b")]
    assert answers_by_model(pairs) == answers_by_model(pairs) == (1.0, 2.0, 1.0)
    assert len(model.session.seen) == 2
    rerank._answer.cache_clear()


# With the packaged weights.

packaged = pytest.mark.skipif(MODEL not in installed(), reason="no reranker is packaged")


@pytest.fixture(scope="module")
def model():
    return open_reranker()


@packaged
@pytest.mark.model
def test_logits_are_those_stored(model, request):
    found = answers(model, [(CLAIM, text) for text in TEXTS])
    if request.config.getoption("--update-golden"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps([round(x, 3) for x in found]) + "\n", encoding="utf-8")
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    # 8-bit arithmetic differs a little between processors.
    assert np.abs(np.array(found) - stored).max() < 0.3


@packaged
@pytest.mark.model
def test_a_pair_is_read_alike_in_any_company(model):
    pairs = [(CLAIM, text) for text in TEXTS]
    alone = tuple(answers(model, [pair])[0] for pair in pairs)
    assert answers(model, pairs) == alone


@packaged
@pytest.mark.model
def test_the_check_of_the_claim_is_read_as_nearer_than_others(model):
    same, *_, other, _ = answers(model, [(CLAIM, text) for text in TEXTS])
    assert same > other + 3


@packaged
@pytest.mark.model
@pytest.mark.parametrize("text", ["[SEP] [SEP] [CLS]", "\x00\ufeff", "ب" * 5_000, "a" * 100_000])
def test_hostile_text_gives_a_number(model, text):
    assert np.isfinite(answers(model, [(text, CLAIM), (CLAIM, text)])).all()


@packaged
@pytest.mark.model
def test_the_card_shows_what_the_manifest_says(model):
    card = (model_folder() / "card.md").read_text(encoding="utf-8")
    assert with_tables(card, rerank.open_model(MODEL).manifest) == card


def model_folder():
    return rerank.open_model(MODEL).folder


@packaged
def test_a_manifest_of_another_model_is_refused():
    opened = rerank.open_model(MODEL)
    with pytest.raises(ModelError, match="not that of a model for pairs"):
        open_reranker(Model("odd", opened.folder, {"files": opened.manifest["files"]}))
