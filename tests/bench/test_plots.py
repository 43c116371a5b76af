"""The plot of accuracy against coverage is well-formed and shows every run."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from bench.plots import selective_accuracy


def test_each_kept_run_is_a_named_line(tmp_path):
    for name, at_10 in (("ours", 0.9), ("theirs", 0.2)):
        scores = {
            "selective_accuracy_at_10": [at_10, 0, 1],
            "selective_accuracy_at_100": [0.6, 0, 1],
            "rules.selective_accuracy_at_10": [0.5, 0, 1],
        }
        run = {"data": f"{name}.dev.jsonl.gz", "scores": scores}
        (tmp_path / f"verdict-{name}.json").write_text(json.dumps(run))
    drawn = ET.fromstring(selective_accuracy(tmp_path))
    space = "{http://www.w3.org/2000/svg}"
    words = [text.text for text in drawn.iter(f"{space}text")]
    assert {"ours", "theirs"} <= set(words)
    assert len(list(drawn.iter(f"{space}circle"))) == 4


def test_without_runs_there_are_axes_only(tmp_path):
    assert "<svg" in selective_accuracy(tmp_path)
