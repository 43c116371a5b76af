"""The simulator of senders: repeatable, of every kind, and a small run of all layers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bench.senders import ARTICLE_TEXT, CLAIMANT, GOOD, KNOWN, NUMBERS, SPAM, senders, texts
from bench.tasks.replies import measured, outcomes, table
from bench.tasks.spam import after_decisions, area, is_scored, recall
from bench.tasks.spam import run as run_spam
from onrecord.newsroom import spam
from onrecord.store.replies import Filtering


def test_a_seed_gives_the_same_senders_but_for_the_forms():
    def plain(seed):
        drawn = senders(("a", "b"), texts(None, seed=seed), seed=seed, size=0.1)
        return [(one.at, one.sender, one.incoming.text, one.incoming.sender) for one in drawn]

    assert plain(1) == plain(1)
    assert plain(1) != plain(2)


def test_every_kind_of_sender_is_there_in_order_of_time():
    drawn = senders(("a", "b"), texts(None, seed=1), seed=1, size=0.2)
    assert {one.sender for one in drawn} == {GOOD, KNOWN, CLAIMANT, *SPAM} == set(NUMBERS)
    assert [one.at for one in drawn] == sorted(one.at for one in drawn)
    assert {one.sender for one in drawn if one.is_spam} == set(SPAM)


def test_no_good_reply_is_lost_and_most_spam_is_caught_by_rules_alone():
    filtering = Filtering(weights=spam.rule_weights(), article=ARTICLE_TEXT)
    out = outcomes(None, filtering, seed=1, size=0.06)
    scores = measured(out)
    assert scores["good_lost"][0] == 0
    assert scores["claimants_held"][0] == 1
    assert scores["recall"][0] >= 0.8
    assert "link farm" in table(out)


def test_halves_of_a_set_are_apart_by_seed(tmp_path):
    rows = [{"text": f"comment number {i}", "label": "ham"} for i in range(50)]
    lines = "\n".join(json.dumps(row) for row in rows)
    import gzip

    (tmp_path / "news_comments_ham.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    one, other = (set(texts(tmp_path, seed=seed).good) for seed in (1, 2))
    assert len(one) == len(other) == 25
    assert not one & other


SCORES = [
    ([3, 4], [1, 2], 0.0, 1.0),
    ([3, 4], [1, 5], 0.0, 0.0),
    ([3, 4], [1, 5], 0.5, 1.0),
    ([1, 4], [1, 2], 0.0, 0.5),
]


@pytest.mark.parametrize(("bad", "good", "lost", "expected"), SCORES)
def test_recall_is_read_at_the_share_of_good_that_may_be_lost(bad, good, lost, expected):
    assert recall(np.array(bad), np.array(good), lost=lost) == expected


def test_the_area_counts_ties_half():
    assert area(np.array([1.0]), np.array([1.0])) == 0.5
    assert area(np.array([2.0, 3.0]), np.array([1.0])) == 1.0


def test_training_rows_are_not_scored_unless_all_are_asked_for():
    assert not is_scored("train", None)
    assert is_scored("dev", None)
    assert is_scored("test", "test")
    assert not is_scored("dev", "test")
    assert is_scored("train", "all")
    assert is_scored("", None)


def test_a_file_of_rows_is_measured(tmp_path):
    rows = [
        {"text": f"Win {i} euros at https://x{i}.example now", "label": "spam", "split": "dev"}
        for i in range(8)
    ] + [
        {"text": f"The council met in 19{i + 10}.", "label": "ham", "split": "dev"}
        for i in range(8)
    ]  # fmt: skip
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    found = run_spam(path, split=None, stage="rules")
    assert found.n == 16
    assert found.scores["rules.auc"][0] == 1.0
    assert found.scores["rules.recall_at_1"][0] == 1.0
    assert "rules.recall_after_200" in found.scores
    assert "rules.recall_at_01" not in found.scores


def test_a_set_that_is_used_up_by_learning_has_no_score():
    rows = [("a text", True, ""), ("another", False, "")]
    assert after_decisions(rows, spam.rule_weights()) == (0.0, 0.0, 0.0)
