"""Verdicts are scored over the labels that a set has, with abstention measured."""

from __future__ import annotations

import gzip
import json

import pytest

from bench.rows import DataError
from bench.tasks.stance import run as run_stance
from bench.tasks.stance import texts_of
from bench.tasks.verdict import (
    ASKED,
    COLLECTION,
    NAMES,
    calibration_error,
    chances,
    remembered,
    run,
    selective,
)
from onrecord.evidence.rule_stance import stances_by_rules
from onrecord.evidence.weigh import Weights

CLAIM = "The Orlin bridge was closed in 2019."
ROWS = [
    {"claim": CLAIM, "evidence": "The Orlin bridge was closed in 2019.", "label": "supported"},
    {"claim": CLAIM, "evidence": "Was the Orlin bridge closed in 2019? No.", "label": "refuted"},
    {"claim": CLAIM, "evidence": "Why was it closed? No answer could be found.", "label": "nei"},
    {
        "claim": CLAIM,
        "evidence": "unused",
        "label": "conflicting",
        "meta": {
            "qa": [
                {"q": "Was the Orlin bridge closed in 2019", "a": "Yes, it was.", "url": "a"},
                {"q": "Was the Orlin bridge closed in 2019?", "a": "No, never.", "url": "b"},
            ]
        },
    },
]


def stored(folder, rows):
    path = folder / "claims.dev.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_questions_and_answers_are_read_in_place_of_the_text():
    assert texts_of(ROWS[3]) == [
        ("Was the Orlin bridge closed in 2019? Yes, it was.", "a"),
        ("Was the Orlin bridge closed in 2019? No, never.", "b"),
    ]
    assert texts_of(ROWS[0]) == [("The Orlin bridge was closed in 2019.", "0")]


def test_every_score_is_there_and_the_stance_task_says_the_same(tmp_path):
    data = stored(tmp_path, ROWS)
    scores = run(data, split=None, stage="rules").scores
    others = {"proposed_on_other_matters", "sided_on_other_matters", "pages"}
    assert {name.removeprefix("rules.") for name in scores} == set(NAMES) - others
    assert scores["rules.accuracy"][0] >= 0.75
    stance = run_stance(data, split=None, stage="rules").scores
    assert stance["rules.macro_f1"] == scores["rules.macro_f1"]


LABEL_SETS = [
    ({"supported", "refuted"}, {"supported": 0.75, "refuted": 0.25}),
    ({"supported", "not_supported"}, {"supported": 0.3, "not_supported": 0.7}),
    ({"supported", "refuted", "nei"}, {"supported": 0.3 / 0.9, "refuted": 0.1 / 0.9, "nei": 0.5 / 0.9}),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "expected"), LABEL_SETS)
def test_only_labels_of_the_set_are_said(labels, expected):
    weights = Weights(0.3, 0.1, 0.1, 0.5)
    assert chances(weights, frozenset(labels)) == pytest.approx(expected)


def test_the_surest_rows_come_first():
    scores = selective([True, False, False, True], [0.9, 0.3, 0.2, 0.8])
    assert scores["selective_accuracy_at_50"][0] == 1.0
    assert scores["selective_accuracy_at_100"][0] == 0.5


def test_sure_and_wrong_is_an_error_of_calibration():
    assert calibration_error([False, False], [1.0, 1.0])[0] == 1.0
    assert calibration_error([True, False], [0.5, 0.5])[0] == 0.0


def test_a_pair_is_read_once():
    asked = []

    def reader(pairs):
        asked.extend(pairs)
        return stances_by_rules(pairs)

    read = remembered(reader)
    first = read([("a b", "a b"), ("c d", "c d")])
    assert read([("c d", "c d")]) == first[1:]
    assert len(asked) == 2


def test_news_about_other_matters_is_counted_by_claim(tmp_path):
    told = "The Orlin bridge was closed in 2019. " * 30
    for name, text in ((ASKED, told), (COLLECTION, "Storks nest on the roofs of Tarn. " * 30)):
        row = json.dumps({"id": "a", "text": text})
        (tmp_path / name).write_bytes(gzip.compress(row.encode()))
    measured = run(tmp_path, split=None, stage="rules")
    assert measured.n > 0
    assert measured.scores["proposed_on_other_matters"][0] == 0.0
    (tmp_path / COLLECTION).write_bytes(
        gzip.compress(
            json.dumps(
                {"id": "a", "text": "In 2019 engineers closed the bridge at Orlin."}
            ).encode()
        )
    )
    assert run(tmp_path, split=None, stage="rules").scores["proposed_on_other_matters"][0] > 0


def test_an_unknown_label_is_refused(tmp_path):
    with pytest.raises(DataError, match="perhaps"):
        run(stored(tmp_path, [{**ROWS[0], "label": "perhaps"}]), split=None, stage="rules")
