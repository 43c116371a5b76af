from __future__ import annotations

import json

import numpy as np
import pytest

from bench.damage import MARKS, without_marks
from bench.gate import faults, folder_digest
from bench.rows import DataError, rows
from bench.scores import f1, interval
from bench.tasks.attribution import (
    Compared,
    counts_of,
    in_letters,
    letters_before,
    like_both,
    like_content,
    matched,
)
from onrecord.span import Span


def compared(content, source=()):
    return Compared(tuple(Span(*s) for s in source), tuple(Span(*s) for s in content), "direct")


def test_only_letters_and_digits_count():
    before = letters_before("“A b,” c.")
    assert in_letters([[0, 9]], before) == in_letters([[1, 8]], before)


def test_overlap_of_half_is_enough_and_less_is_not():
    assert like_content(compared([(0, 10)]), compared([(0, 20)]))
    assert not like_content(compared([(0, 10)]), compared([(0, 21)]))


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ((), (), True),
        ([(20, 22)], (), False),
        ([(20, 22)], [(21, 30)], True),
        ([(20, 22)], [(22, 30)], False),
    ],
)
def test_sources_agree_when_they_share_a_letter_or_are_missing_on_both_sides(a, b, agree):
    assert like_both(compared([(0, 10)], a), compared([(0, 10)], b)) is agree


def test_the_matching_is_as_large_as_can_be():
    # The greedy choice of the first pair would leave the second gold one alone.
    gold = [compared([(0, 10)]), compared([(0, 16)])]
    predicted = [compared([(0, 13)]), compared([(0, 7)])]
    assert len(matched(gold, predicted, like_content)) == 2


def test_each_prediction_is_used_once():
    gold = [compared([(0, 10)]), compared([(0, 10)])]
    assert counts_of(gold, [compared([(0, 10)])])[:4] == [2, 1, 1, 1]


def test_damage_takes_a_tenth_of_the_marks_and_nothing_else():
    text = "“one” two «three» " * 500
    damaged = without_marks(text)
    assert damaged == without_marks(text)
    lost = sum(c in MARKS for c in text) - sum(c in MARKS for c in damaged)
    assert 0.07 < lost / 2000 < 0.13
    assert [c for c in text if c not in MARKS] == [c for c in damaged if c not in MARKS]


def write(path, *lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_rows_of_the_training_split_are_never_scored(tmp_path):
    write(
        tmp_path / "a.jsonl",
        {"text": "a", "split": "train"},
        {"text": "b", "split": "dev"},
        {"text": "c"},
    )
    assert [row["text"] for row in rows(tmp_path / "a.jsonl", needs=("text",))] == ["b", "c"]
    with pytest.raises(DataError, match="never scored"):
        list(rows(tmp_path / "a.jsonl", needs=("text",), split="train"))


def test_a_folder_gives_the_rows_of_its_form_and_no_training_file(tmp_path):
    write(tmp_path / "x_dev.jsonl", {"text": "a"})
    write(tmp_path / "x_train.jsonl", {"text": "t"})
    write(tmp_path / "other.jsonl", {"words": "w"})
    assert [row["text"] for row in rows(tmp_path, needs=("text",))] == ["a"]


def test_data_of_another_form_are_said_to_be_missing(tmp_path):
    write(tmp_path / "a.jsonl", {"words": "w"})
    with pytest.raises(DataError, match="no row with text"):
        list(rows(tmp_path, needs=("text",)))


def test_an_interval_holds_its_value_and_is_the_same_at_every_run():
    counts = np.random.default_rng(0).integers(0, 5, size=(50, 3))
    first = interval(counts, lambda c: f1(c[0], c[1], c[2]))
    assert first[1] <= first[0] <= first[2]
    assert first == interval(counts, lambda c: f1(c[0], c[1], c[2]))


@pytest.mark.parametrize(("value", "wrong"), [(0.5, 0), (0.495, 0), (0.48, 1), (0.9, 0), (0.92, 1)])
def test_the_gate_holds_floor_and_ceiling_up_to_the_noise(value, wrong):
    assert len(faults({"f1": [value, 0, 1]}, {"f1": [0.5, 0.9]})) == wrong


def test_a_score_that_was_not_measured_fails_the_gate():
    assert faults({}, {"f1": [0.5, 1.0]}) == ["f1 was not measured"]


def test_a_changed_data_set_has_another_digest(tmp_path):
    write(tmp_path / "a.jsonl", {"text": "a"})
    before = folder_digest(tmp_path)
    write(tmp_path / "a.jsonl", {"text": "b"})
    assert folder_digest(tmp_path) != before
