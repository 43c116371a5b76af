from __future__ import annotations

import pytest

from onrecord.factchecks.relation import relation
from onrecord.terms import MatchRelation

SAME, RELATED, NEGATED = MatchRelation.SAME, MatchRelation.RELATED, MatchRelation.NEGATED

CASES = [
    ("alike", "The Harrow bridge is closed", "The Harrow bridge is closed", SAME),
    ("reworded", "Harrow bridge has been closed", "Says the bridge in Harrow is closed", SAME),
    ("frame", "Eating chalk whitens teeth", "A viral video shows eating chalk whitens teeth", SAME),
    ("negated", "The bridge is not closed", "The bridge is closed", NEGATED),
    ("contraction", "The bridge isn’t closed", "The bridge is closed", NEGATED),
    ("negated twice", "The bridge isn’t closed", "The bridge was never closed", SAME),
    ("opposite", "Taxes rose under Ines Falk", "Taxes fell under Ines Falk", NEGATED),
    ("opposite and negation", "Taxes did not rise", "Taxes fell", SAME),
    ("both sides named", "Imports rose and exports fell", "Imports rose, exports fell", SAME),
    ("doubted", "It is a hoax that the mill burned", "The mill burned", NEGATED),
    ("other number", "The bridge cost 12 million", "The bridge cost 15 million", RELATED),
    ("same number", "The bridge cost 12 million", "The bridge cost 12,000,000 euros", SAME),
    ("number in words", "Three mills burned in Harrow", "3 mills burned in Harrow", SAME),
    ("one gives a number", "The bridge cost too much", "The bridge cost 12 million", SAME),
    ("more numbers", "In 2019 the bridge cost 12 million", "The bridge cost 12 million", SAME),
    ("other name", "Yesterday Ines Falk left", "Yesterday Omar Tell left", RELATED),
    ("claimant is no other name", "The mayor Ines Falk left", "Ula Berg says Ines Falk left", SAME),
    ("other people", "More men than before vote", "More women than before vote", RELATED),
]


@pytest.mark.parametrize(
    ("claim", "checked", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_relation(claim, checked, expected):
    assert relation(claim, checked, claimant="Ula Berg") is expected


def test_the_relation_reads_the_same_both_ways_without_a_claimant():
    for _, claim, checked, _ in CASES:
        assert relation(claim, checked) is relation(checked, claim) or "Says" in checked


def test_little_in_common_is_never_the_same():
    assert relation("The bridge is closed", "The bridge is closed", shared=0.2) is RELATED
    assert relation("The bridge is closed", "It is not so", shared=0.4) is RELATED
