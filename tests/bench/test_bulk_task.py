"""The bulk measurement on a few invented pages: every score is there, and adds up."""

from __future__ import annotations

import gzip
import json

import pytest

from bench.rows import DataError
from bench.tasks.bulk import NAMES, run
from tests.invented_archives import html


@pytest.fixture
def pages(tmp_path):
    """Four pages of a folder, one of them packed."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.html").write_bytes(html(number))
    (folder / "3.html.gz").write_bytes(gzip.compress(html(3)))
    return folder


def test_rules_are_measured_beside_the_extractor(pages):
    measured = run(pages, split=None, stage="rules")
    assert measured.n == 4
    assert set(measured.scores) <= set(NAMES)
    value = {name: score[0] for name, score in measured.scores.items()}
    assert value["ratio_to_trafilatura"] == pytest.approx(
        value["rules_pages_per_second"] / value["trafilatura_pages_per_second"], rel=0.01
    )
    assert 30 < value["rules_peak_megabytes"] < 900


@pytest.mark.model
def test_models_and_matching_are_measured(pages, tmp_path):
    (tmp_path / "library").mkdir()
    row = {"claim": "The bridge in Ostwick is safe.", "rating": "False", "url": "https://c.example"}
    with gzip.open(tmp_path / "library" / "factchecks.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")
    scores = {}
    for stage in ("models", "matching"):
        scores |= run(pages, split=None, stage=stage).scores
    assert set(scores) == {name for name in NAMES if name.startswith(("models", "matching"))}
    assert all(score[0] > 0 for score in scores.values())


def test_what_is_missing_is_named(pages, tmp_path):
    (tmp_path / "empty").mkdir()
    cases = [
        (pages, "tagger", "has the stages"),
        (tmp_path / "empty", "rules", "no page"),
        (tmp_path / "none", "rules", "no file or folder"),
    ]
    for data, stage, told in cases:
        with pytest.raises(DataError, match=told):
            run(data, split=None, stage=stage)
