"""Recall is of documents in order of their first passages, and of sentences that are enough."""

from __future__ import annotations

import gzip
import json

import pytest

from bench.rows import DataError
from bench.tasks import evidence_retrieval
from bench.tasks.evidence_retrieval import NAMES, run

WALL = "The sea wall at Port Elling was finished in 1931. It is 840 metres long."
FERRY = "The ferry takes ninety minutes. Bookings open in January."


@pytest.fixture(autouse=True)
def without_weights(monkeypatch):
    monkeypatch.setattr(evidence_retrieval, "packaged_embedder", lambda: None)


def stored(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path.with_name(f"{path.name}.jsonl.gz"), "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def own(tmp_path):
    stored(tmp_path / "corpus", [{"id": 1, "text": WALL}, {"id": 2, "text": FERRY}])
    queries = [
        {"id": "a", "text": "sea wall of 840 metres", "split": "dev"},
        {"id": "b", "text": "unheard words", "split": "dev"},
        {"id": "c", "text": "no answer here", "split": "dev"},
        {"id": "d", "text": "ferry", "split": "train"},
    ]
    stored(tmp_path / "queries", queries)
    (tmp_path / "qrels.tsv").write_text("a\t0\t1\t1\nb\t0\t2\t1\nc\t0\t9\t1\nd\t0\t2\t1\n")
    return tmp_path


def test_a_set_of_ones_own_is_scored_by_documents(own):
    measured = run(own, split=None, stage="words")
    assert measured.n == 2
    assert measured.scores["recall_at_5"][0] == 0.5
    assert set(measured.scores) <= set(NAMES)


def test_the_public_sets_are_one_collection(tmp_path):
    documents, claims = tmp_path / "documents", tmp_path / "verification"
    stored(documents / "wice_articles_dev", [{"id": "w", "text": WALL}])
    stored(documents / "averitec_fulltext_dev", [{"id": "f", "text": FERRY, "url": "https://f"}])
    sentences = [*WALL.split(". "), "Not in the article at all."]
    meta = {"evidence_sents": sentences, "supporting": [[0, 2], []]}
    stored(claims / "wice_full.dev", [{"id": "w", "claim": "sea wall of 1931", "meta": meta}])
    met = [{"claim": "ferry in January", "meta": {"fact_check": "https://f"}}]
    stored(claims / "averitec.dev", [*met, {"claim": "x", "meta": {"fact_check": "https://g"}}])
    meta = {"page": "Piers", "retrieved": ["Piers rot."]}
    stored(
        claims / "fm2.dev",
        [{"claim": "The pier is long", "evidence": "The pier is 310 metres long.", "meta": meta}],
    )
    for data in (tmp_path, documents):
        measured = run(data, split=None, stage="words")
        assert measured.n == 3
        assert measured.scores["recall_at_5"][0] == 1.0
        assert measured.scores["wice.passage_recall_at_5"][0] == 0.5
        assert measured.scores["fm2.passage_recall_at_20"][0] == 1.0
        assert "averitec.passage_recall_at_5" not in measured.scores


def test_speed_is_measured_on_a_collection_of_its_own(own, monkeypatch):
    monkeypatch.setattr(evidence_retrieval, "N_SPEED_PASSAGES", 2_000)
    monkeypatch.setattr(evidence_retrieval, "BATCH", 50)
    measured = run(own, split=None, stage="speed")
    assert measured.n == 2_000
    assert set(measured.scores) == {"seconds_for_10_claims", "megabytes"}


@pytest.mark.parametrize(("split", "stage"), [("train", None), (None, "rules"), ("test", None)])
def test_training_claims_and_unknown_stages_are_refused(own, split, stage):
    with pytest.raises(DataError):
        run(own, split=split, stage=stage)


def test_a_folder_without_rows_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no corpus\.jsonl"):
        run(tmp_path, split=None, stage=None)
