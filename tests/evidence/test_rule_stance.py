from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.rule_stance import stances_by_rules
from onrecord.terms import EvidenceStance

CLAIM = "The bridge over the Orla was closed in 2019."
CASES = [
    (CLAIM, "The bridge over the Orla was closed in 2019.", "supports"),
    (CLAIM, "In 2019 they were closing the old bridge over the Orla.", "supports"),
    (CLAIM, "The bridge over the Orla was never closed in 2019.", "refutes"),
    (CLAIM, "The bridge over the Orla wasn't closed in 2019.", "refutes"),
    (CLAIM, "The bridge over the Orla wasn’t closed in 2019.", "refutes"),
    (CLAIM, "The bridge over the Orla was closed in 2017.", "refutes"),
    ("The bridge was not closed.", "The bridge was not closed.", "supports"),
    # The passage gives no number: it cannot settle the year.
    (CLAIM, "The bridge over the Orla was closed.", "neutral"),
    (CLAIM, "The council of Lydmouth met in 2019 and raised the fares.", "neutral"),
    ("The dam cost 1,200 crowns.", "The dam cost 1200 crowns.", "supports"),
    # The matter goes over two sentences.
    ("Ann Lee closed the mill.", "Ann Lee led the council. She closed the mill.", "supports"),
    (CLAIM, "", "neutral"),
    ("", CLAIM, "neutral"),
    ("It was not.", "It was.", "neutral"),  # no content word
]


@pytest.mark.parametrize(("claim", "passage", "expected"), CASES)
def test_overlap_negation_and_numbers_decide(claim, passage, expected):
    (score,) = stances_by_rules([(claim, passage)])
    assert score.stance is EvidenceStance(expected)


def test_scores_come_in_order():
    found = stances_by_rules([(CLAIM, CLAIM), (CLAIM, "")])
    assert [score.stance.value for score in found] == ["supports", "neutral"]
    assert stances_by_rules([]) == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gives_probabilities(claim, passage):
    (score,) = stances_by_rules([(claim, passage)])
    parts = (score.supports, score.refutes, score.neutral)
    assert all(0 <= part <= 1 for part in parts)
    assert sum(parts) == pytest.approx(1)
