"""Claims beside checks of nearly the same words: a check of another claim is never taken for theirs.

All claims are about real and uncontested facts, true or false. `none` means that the pair has its
matter in common only: it may be shown as related or not at all.
"""

from __future__ import annotations

import pytest

from onrecord.factchecks.index import open_library_index
from onrecord.factchecks.match import match_text
from onrecord.factchecks.overlap import asked, overlap
from onrecord.factchecks.relation import relation
from onrecord.factchecks.rerank import MODEL, answers_by_model
from onrecord.library import packaged_embedder
from onrecord.models import installed
from onrecord.record import FactCheck
from onrecord.search.text import stemmer
from onrecord.terms import MatchRelation

WALL = "The Great Wall of China can be seen from the Moon with the naked eye"
TOWER = "The Eiffel Tower grows by about 15 centimetres in the heat of summer"
EVEREST = "Mount Everest is the highest mountain above sea level"
BOILS = "Water boils at a lower temperature on a high mountain than at sea level"
GOLDFISH = "A goldfish has a memory of three seconds"
PACIFIC = "The Pacific Ocean is the largest ocean on Earth"
VENUS = "Venus is closer to the Sun than Mercury"
BRAIN = "Humans use only ten percent of their brain"
IRON = "Iron rusts faster in salt water than in fresh water"
HONEY = "Honey found in the tombs of Egypt was still edible"
LIGHT = "Light takes eight minutes to travel from the Sun to the Earth"
CAPITAL = "Sydney is the capital of Australia"
PAIRS = [
    # The words of the claim all stand in the check, and its subject does not.
    ("wall", "The Moon can be seen with the naked eye", WALL, "none"),
    ("wall, other planet", "Venus can be seen from the Moon with the naked eye", WALL, "none"),
    ("wall, alike", "The Great Wall can be seen from the Moon with the naked eye", WALL, "same"),
    ("wall, denied", "The Great Wall of China cannot be seen from the Moon", WALL, "negated"),
    ("wall, of it", "The Great Wall of China is made of brick and stone", WALL, "none"),
    ("tower", "The Eiffel Tower grows about 15 centimetres in summer heat", TOWER, "same"),
    ("tower, other fact", "The Eiffel Tower was built for a world fair", TOWER, "none"),
    ("tower, other number", "The Eiffel Tower grows by 40 centimetres in summer", TOWER, "none"),
    ("tower, no number", "The Eiffel Tower is painted in the heat of summer", TOWER, "none"),
    ("everest", "The highest mountain above sea level is Mount Everest", EVEREST, "same"),
    ("everest, other", "Mauna Kea is the highest mountain in Hawaii above sea level", EVEREST, "none"),
    ("everest, climbed", "Mount Everest was first climbed in 1953", EVEREST, "none"),
    ("boils", "On a high mountain water boils at a lower temperature", BOILS, "same"),
    ("boils, other", "Alcohol boils at a lower temperature than water", BOILS, "none"),
    ("boils, opposite", "Water boils at a higher temperature on a high mountain", BOILS, "negated"),
    ("wall, from space", WALL.replace("the Moon", "space"), WALL, "related"),
    ("goldfish, fins", "A goldfish has three fins", GOLDFISH, "none"),
    ("goldfish", "A goldfish has a three second memory", GOLDFISH, "same"),
    ("goldfish, other", "An octopus has a memory of many months", GOLDFISH, "none"),
    ("goldfish, no number", "A goldfish has a memory", GOLDFISH, "related"),
    ("pacific, deepest", "The Pacific Ocean is the deepest ocean on Earth", PACIFIC, "related"),
    ("pacific", "The largest ocean on Earth is the Pacific", PACIFIC, "same"),
    ("pacific, other", "The Atlantic Ocean is the second largest ocean on Earth", PACIFIC, "none"),
    ("pacific, opposite", "The Pacific Ocean is the smallest ocean on Earth", PACIFIC, "negated"),
    ("venus, sides changed", "Mercury is closer to the Sun than Venus", VENUS, "negated"),
    ("venus, hotter", "Venus is hotter than Mercury", VENUS, "related"),
    ("venus, other", "The Earth is closer to the Sun than Mars", VENUS, "none"),
    ("brain, we", "We use only 10 percent of our brain", BRAIN, "same"),
    ("brain, no number", "Humans use their brain while they sleep", BRAIN, "none"),
    ("iron", "In salt water iron rusts faster than in fresh water", IRON, "same"),
    ("iron, other", "Gold does not rust in salt water", IRON, "none"),
    ("iron, sides changed", "Iron rusts faster in fresh water than in salt water", IRON, "negated"),
    ("honey", "Bread found in the tombs of Egypt was no longer edible", HONEY, "none"),
    ("light", "Sound does not travel from the Sun to the Earth", LIGHT, "none"),
    ("light, other number", "Light takes one second to travel from the Moon to the Earth", LIGHT, "none"),
    ("capital, other", "Canberra is the capital of Australia", CAPITAL, "none"),
    ("capital, alike", "The capital of Australia is Sydney", CAPITAL, "same"),
]  # fmt: skip
BY_NAME = pytest.mark.parametrize(
    ("claim", "checked", "expected"), [p[1:] for p in PAIRS], ids=[p[0] for p in PAIRS]
)
RIGHT = {
    "same": {MatchRelation.SAME},
    "negated": {MatchRelation.NEGATED},
    "related": {MatchRelation.RELATED},
    "none": {MatchRelation.RELATED},
}
packaged = pytest.mark.skipif(MODEL not in installed(), reason="no reranker is packaged")


def judged(claim, checked):
    stems = stemmer()
    shared = overlap(asked(stems(claim), rarity={}), stems(checked), rest=(), rarity={})
    most = max(shared.of_claim, shared.of_checked)
    return relation(claim, checked, shared=most, covered=shared.of_checked)


@BY_NAME
def test_a_check_of_another_claim_is_not_called_the_same(claim, checked, expected):
    assert judged(claim, checked) in RIGHT[expected]


@pytest.fixture(scope="module")
def library():
    index = open_library_index(None, embedder=packaged_embedder())
    checks = sorted({checked for _, _, checked, _ in PAIRS})
    index.add([FactCheck(c, "https://d.example/", c) for c in checks])
    return index


@packaged
@pytest.mark.model
@BY_NAME
def test_what_is_claimed_of_a_library_is_never_another_claim(library, claim, checked, expected):
    found = match_text(claim, index=library, reader=answers_by_model)
    assert {m.relation for m in found if m.fact_check.id == checked} <= RIGHT[expected]
    assert MatchRelation.SAME not in {m.relation for m in found if m.fact_check.id != checked}
