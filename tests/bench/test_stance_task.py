"""What counts as right follows from the labels that a set has."""

from __future__ import annotations

import gzip
import json

import pytest

from bench.rows import DataError
from bench.tasks.stance import run, said_of, sure_of
from onrecord.evidence.stance import StanceScore

RATHER = StanceScore(0.3, 0.1, 0.6)
YES = StanceScore(0.9, 0.05, 0.05)
NO = StanceScore(0.05, 0.9, 0.05)

LABEL_SETS = [
    # With two sides only, the likelier is said, however unsure.
    ({"supported", "refuted"}, ["supported", "supported", "refuted"]),
    ({"supported", "not_supported"}, ["not_supported", "supported", "not_supported"]),
    ({"supported", "refuted", "nei"}, ["nei", "supported", "refuted"]),
    ({"supported", "refuted", "nei", "conflicting"}, ["nei", "supported", "refuted"]),
]


@pytest.mark.parametrize(("labels", "expected"), LABEL_SETS)
def test_the_labels_of_a_set_decide_what_is_said(labels, expected):
    assert said_of([RATHER, YES, NO], frozenset(labels)) == expected


def test_sides_are_counted_apart_at_the_threshold():
    scores = sure_of(["supported", "refuted", "nei", "not_supported"], [YES, YES, NO, NO], 0.8)
    assert scores["precision_of_supported"][0] == 0.5
    assert scores["precision_of_refuted"][0] == 0.5
    assert scores["coverage_of_sure"][0] == 1.0


def stored(folder, rows):
    path = folder / "pairs.dev.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_the_rule_twin_is_measured_under_its_name(tmp_path):
    rows = [
        {"claim": "The mill closed.", "evidence": "The mill closed.", "label": "supported"},
        {"claim": "The mill closed.", "evidence": "The mill never closed.", "label": "refuted"},
        {"claim": "The mill closed.", "evidence": "Fares rose.", "label": "nei"},
    ]
    measured = run(stored(tmp_path, rows), split=None, stage="rules")
    assert measured.scores["rules.accuracy"][0] == 1.0
    assert measured.scores["rules.neutral_without_evidence"][0] == 1.0
    assert measured.n == 3


def test_an_unknown_label_is_refused(tmp_path):
    rows = [{"claim": "a", "evidence": "b", "label": "perhaps"}]
    with pytest.raises(DataError, match="perhaps"):
        run(stored(tmp_path, rows), split=None, stage="rules")
