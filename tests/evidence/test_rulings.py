"""Words of judgement are found, and what only looks like them is not."""

from __future__ import annotations

import pytest

from onrecord.evidence.rulings import rulings

CASES = [
    ("The mayor's letter was fabricated.", [("was fabricated", True)]),
    ("There is no evidence that the bridge moved.", [("There is no evidence that", True)]),
    ("A satirical website printed it first.", [("satirical website", True)]),
    ("The figure is accurate.", [("figure is accurate", False)]),
    ("The report was not misleading, the court said.", []),
    ("The bridge was closed in May.", []),
    ("She lost her false teeth.", []),
    ("Fake bank cards were sent to customers.", []),  # the matter, not a judgement
    ("The picture was taken out of context.", [("taken out of context", True)]),
]


@pytest.mark.parametrize(("passage", "expected"), CASES)
def test_words_of_judgement_are_cited(passage, expected):
    assert [(r.words.of(passage), r.refutes) for r in rulings(passage)] == expected
