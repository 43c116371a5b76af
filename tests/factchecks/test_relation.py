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
    ("the check gives a number", "The bridge cost too much", "The bridge cost 12 million", RELATED),
    ("more numbers", "In 2019 the bridge cost 12 million", "The bridge cost 12 million", SAME),
    ("other name", "Yesterday Ines Falk left", "Yesterday Omar Tell left", RELATED),
    ("claimant is no other name", "The mayor Ines Falk left", "Ula Berg says Ines Falk left", SAME),
    (
        "other subject",
        "Mills can be seen from the hill",
        "Bridges can be seen from the hill",
        RELATED,
    ),
    ("subject behind it", "The mayor resigned", "The wife of the mayor resigned", RELATED),
    ("other predicate", "Herons are blind", "Herons are grey", RELATED),
    ("subject is anybody", "We use half of it", "Herons use half of it", SAME),
    ("sides changed", "Tarn is larger than Oos", "Oos is larger than Tarn", NEGATED),
    ("sides and word changed", "Tarn is larger than Oos", "Oos is smaller than Tarn", SAME),
    ("what both do changed", "Ines Falk sued Omar Tell", "Omar Tell sued Ines Falk", RELATED),
    ("is, either way round", "Tarn is the largest city", "The largest city is Tarn", SAME),
    ("compares another thing", "Tarn is older than Oos", "Tarn is wetter than Oos", RELATED),
    ("other people", "More men than before vote", "More women than before vote", RELATED),
]


@pytest.mark.parametrize(
    ("claim", "checked", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_relation(claim, checked, expected):
    assert relation(claim, checked, claimant="Ula Berg") is expected


def test_the_relation_reads_the_same_both_ways_without_a_claimant():
    one_way = {"claimant is no other name", "the check gives a number"}
    for name, claim, checked, _ in CASES:
        assert relation(claim, checked) is relation(checked, claim) or name in one_way


def test_a_claim_that_has_little_of_the_check_is_not_answered_by_it():
    assert relation("The bridge is closed", "The bridge is closed", covered=0.3) is RELATED


def test_little_in_common_is_never_the_same():
    assert relation("The bridge is closed", "The bridge is closed", shared=0.2) is RELATED
    assert relation("The bridge is closed", "It is not so", shared=0.4) is RELATED
