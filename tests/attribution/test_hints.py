"""What the rules say, as token features."""

from __future__ import annotations

import numpy as np

from onrecord.attribution.hints import (
    FLAT_UNKNOWN,
    Hint,
    flat_hints,
    hint_roles,
    matched_hints,
    token_range,
)

# Mayor Orla said | that it rains
SAID = Hint((2, 3), (0, 2), ((3, 6),))
QUOTED = Hint(None, None, ((7, 9),))


def test_each_token_gets_its_role():
    assert flat_hints(10, (SAID, QUOTED)).tolist() == [1, 2, 3, 5, 6, 6, 0, 7, 8, 0]


def test_unknown_rules_are_said_to_be_unknown():
    assert set(flat_hints(4, None).tolist()) == {FLAT_UNKNOWN}


def test_roles_around_a_cue_are_cut_to_the_window():
    assert hint_roles(SAID, 1, 5).tolist() == [2, 3, 5, 6]
    assert hint_roles(SAID, -1, 3).tolist() == [0, 1, 2, 3]


def test_an_anchor_just_before_a_cue_matches_it():
    assert matched_hints(7, (QUOTED, SAID)).tolist() == [1, 1, 1, -1, -1, -1, -1]


def test_a_span_takes_the_tokens_it_touches():
    starts, ends = np.array([0, 4, 9]), np.array([3, 8, 12])
    assert token_range((2, 5), starts, ends) == (0, 2)
    assert token_range((3, 4), starts, ends) == (1, 1)
