from __future__ import annotations

import json
import random

import pytest

from bench.rows import DataError
from bench.tasks import copies

WORDS = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "nrstl"]


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "N_COPIES", 6)
    chosen = random.Random(7)

    def sentence() -> str:
        return " ".join(chosen.choices(WORDS, k=12)).capitalize() + "."

    path = tmp_path / "texts.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number in range(24):
            parts = [f"{sentence()} {sentence()} {sentence()}" for _ in range(6)]
            parts.insert(3, f"“{sentence()[:-1]},” said one.")
            out.write(json.dumps({"id": number, "text": "\n\n".join(parts)}) + "\n")
    return path


def test_every_kind_of_edit_is_measured(data):
    measured = copies.run(data, split=None, stage=None)
    for kind in copies.KINDS:
        assert measured.scores[f"{kind}.recall"][0] >= 0.8, kind
        assert measured.scores[f"{kind}.precision"][0] >= 0.95, kind
    assert measured.scores["altered_1"][0] >= 0.8
    assert set(measured.scores) <= set(copies.NAMES)


def test_no_kind_is_found_less_often_than_by_minhash(data):
    pytest.importorskip("datasketch", reason="datasketch is not installed")
    ours = copies.run(data, split=None, stage=None).scores
    theirs = copies.run(data, split=None, stage="minhash").scores
    for kind in copies.KINDS:
        assert ours[f"{kind}.recall"][0] >= theirs[f"{kind}.recall"][0] - 0.2, kind
    assert theirs["normalised.recall"][0] > 0 or theirs["boilerplate.recall"][0] > 0


def test_another_stage_and_too_few_texts_are_refused(data, tmp_path):
    with pytest.raises(DataError, match="minhash"):
        copies.run(data, split=None, stage="other")
    (tmp_path / "few.jsonl").write_text('{"id": 1, "text": "a"}\n')
    with pytest.raises(DataError, match="fewer than 20"):
        copies.run(tmp_path / "few.jsonl", split=None, stage=None)
