"""What counts as right, and which pairs differ in a number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.rows import DataError
from bench.tasks.quantities import differing, finding_said, numbers_of, run
from onrecord.evidence.quantities import compared

CLAIM = "More than 40 ships wait in 2019."
OWN = Path(__file__).parents[2] / "bench/data/quantities.jsonl"


def said(row):
    return finding_said(row, compared(row["claim"], row["passage"]))


def test_the_finding_of_the_marked_number_counts():
    row = {"claim": CLAIM, "passage": "43 ships wait.", "claim_words": [0, 12], "finding": "agrees"}
    assert said(row) == "agrees"
    assert said(row | {"passage_words": [0, 2]}) == "agrees"
    assert said(row | {"passage_words": [8, 12]}) == "wrong_words"


def test_a_contradiction_elsewhere_makes_another_finding_wrong():
    row = {
        "claim": "12 crews and 40 ships wait.",
        "passage": "12 crews and 30 ships wait.",
        "claim_words": [0, 2],
        "finding": "agrees",
    }
    assert said(row) == "contradicts"


def test_a_row_without_marked_words_is_judged_as_a_whole():
    row = {"claim": CLAIM, "passage": "38 ships wait.", "finding": "contradicts"}
    assert said(row) == "contradicts"
    assert said(row | {"passage": "Nothing waits."}) == "not_comparable"


def test_a_pair_differs_where_its_supported_twin_has_other_numbers():
    rows = [
        {"claim": CLAIM, "evidence": "38 ships wait.", "label": "refuted"},
        {"claim": CLAIM, "evidence": "43 ships wait.", "label": "supported"},
        {"claim": CLAIM, "evidence": "Nobody waits.", "label": "refuted"},
        {"claim": "Other.", "evidence": "38 ships wait.", "label": "refuted"},
    ]
    assert [(row["evidence"], alone) for row, alone in differing(rows)] == [
        ("38 ships wait.", True)
    ]


def test_small_number_words_are_numbers_of_a_text():
    assert numbers_of("Two of 1,200 ships") == {"2", "1200"}


def test_the_own_table_is_well_formed_and_large_enough():
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 300
    assert sum(row["finding"] == "not_comparable" for row in rows) >= 80
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        start, end = row["claim_words"]
        assert row["claim"][start:end].strip()
        assert row["finding"] == "not_comparable" or "passage_words" in row


def test_the_task_scores_both_forms(tmp_path):
    data = tmp_path / "pairs.jsonl"
    rows = [
        {"claim": CLAIM, "evidence": "38 ships wait.", "label": "refuted"},
        {"claim": CLAIM, "evidence": "43 ships wait.", "label": "supported"},
        {"claim": CLAIM, "evidence": "43 ships wait.", "finding": "agrees"},
    ]
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    scores = run(data, split=None, stage=None).scores
    assert scores["accuracy"][0] == scores["finding_contradictions"][0] == 1.0
    assert scores["false_contradictions"][0] == 0.0


def test_rows_of_neither_form_are_refused(tmp_path):
    data = tmp_path / "pairs.jsonl"
    data.write_text('{"claim": "x"}\n', encoding="utf-8")
    with pytest.raises(DataError):
        run(data, split=None, stage=None)
