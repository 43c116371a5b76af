"""Voices are weighed into four labels whose weights add up to 1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.weigh import FOUND_SCALE, GIVEN_SCALE, Scale, Voice, weighed
from onrecord.terms import VerdictLabel

parts = st.floats(0, 1)
voices = st.lists(st.builds(Voice, parts, parts), max_size=6)
scales = st.sampled_from([Scale(), FOUND_SCALE, GIVEN_SCALE])


@given(voices, scales, st.integers(0, 4))
def test_the_weights_add_up_to_one(spoken, scale, n_unanswered):
    weights = weighed(spoken, scale=scale, n_unanswered=n_unanswered)
    assert sum(weights.of(label) for label in VerdictLabel) == pytest.approx(1)


def test_without_a_voice_there_is_not_enough():
    assert weighed([], scale=GIVEN_SCALE, n_unanswered=3).not_enough_evidence == 1


@given(voices, parts)
def test_a_further_voice_for_it_never_weighs_against_it(spoken, probability):
    before = weighed(spoken, scale=FOUND_SCALE)
    after = weighed([*spoken, Voice(probability, 0.0)], scale=FOUND_SCALE)
    assert after.supported + after.conflicting >= before.supported + before.conflicting - 1e-9


def test_a_second_voice_counts_for_half():
    one = weighed([Voice(0.6, 0)], scale=FOUND_SCALE).supported
    two = weighed([Voice(0.6, 0), Voice(0.6, 0)], scale=FOUND_SCALE).supported
    assert one == pytest.approx(0.6)
    assert two == pytest.approx(1 - 0.4 * 0.7)


def test_questions_without_an_answer_weigh_for_not_enough():
    few = weighed([Voice(0.2, 0.2)], scale=GIVEN_SCALE)
    many = weighed([Voice(0.2, 0.2)], scale=GIVEN_SCALE, n_unanswered=2)
    assert many.likeliest is VerdictLabel.NOT_ENOUGH_EVIDENCE
    assert many.not_enough_evidence > few.not_enough_evidence
