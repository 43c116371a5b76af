"""Names are swapped alike in claim and passage, and a missing file is no fault."""

from __future__ import annotations

from pathlib import Path

import bench
from bench.tasks.neutrality import stance_pairs, stance_scores

DATA = Path(bench.__file__).parent / "data"


def test_a_name_is_the_same_in_claim_and_passage_and_changes_in_both(tmp_path):
    (tmp_path / "counterparts.toml").write_text('person = [["Ann Falk", "Ben Roth"]]\n')
    (tmp_path / "neutrality_pairs.txt").write_text("{person} left.\tAt noon {person} left.\n")
    found = stance_pairs(tmp_path)
    ann = ("Ann Falk left.", "At noon Ann Falk left.")
    ben = ("Ben Roth left.", "At noon Ben Roth left.")
    assert found
    assert set(found) <= {(ann, ben), (ben, ann)}


def test_a_folder_without_pairs_has_no_score_of_stances(tmp_path):
    assert stance_scores(tmp_path, None) == {}


def test_our_pairs_keep_their_stance_by_rules():
    scores = stance_scores(DATA, "rules")
    assert list(scores) == ["rules.stance_kept", "rules.stance_change"]
    assert scores["rules.stance_kept"][0] >= 0.97
