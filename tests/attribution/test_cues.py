"""What a cue does with its content, on bare spans as the tagger gives them."""

from __future__ import annotations

import pytest

from onrecord.attribution.cues import (
    is_doubting,
    is_factive,
    is_not_yet_said,
    lemma_of,
    stance_of,
)
from onrecord.span import Span
from onrecord.terms import AttributionStance as Stance


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


# (text, cue, stance): the cue as narrow or as wide as an annotator may draw it
CASES = [
    ("He has also said so", "has also said", Stance.ASSERTS),
    ("He denied it", "denied", Stance.DENIES),
    ("He denies that", "denies that", Stance.DENIES),
    ("He did not deny it", "deny", Stance.UNRESOLVED),
    ("He did not deny it", "did not deny", Stance.UNRESOLVED),
    ("He didn’t say it", "say", Stance.UNRESOLVED),
    ("He refused to rule out a vote", "refused to rule out", Stance.UNRESOLVED),
    ("He ruled out a vote", "ruled out", Stance.DENIES),
    ("He declined to comment on it", "declined to comment", Stance.UNRESOLVED),
    ("He refused to leave", "refused", Stance.ASSERTS),
    ("He disputes whether it is", "disputes", Stance.QUESTIONS),
    ("He doubts it", "doubts", Stance.QUESTIONS),
    ("He wondered why it fell", "wondered", Stance.QUESTIONS),
    ("He asked them to go", "asked", Stance.ASSERTS),
    ("He asked if it was so", "asked", Stance.QUESTIONS),
    ("He does not think it is", "think", Stance.DENIES),
    ("He could say it is", "say", Stance.UNRESOLVED),
    ("Unless he says it is", "says", Stance.UNRESOLVED),
    ("He not only said it was", "said", Stance.ASSERTS),
    ("She was not there, but he said it", "said", Stance.ASSERTS),
]


@pytest.mark.parametrize(("text", "cue", "stance"), CASES, ids=[f"{c[0]}|{c[1]}" for c in CASES])
def test_stance(text, cue, stance):
    assert stance_of(text, at(text, cue)) is stance


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("will say", "say", True),
        ("will also say", "will also say", True),
        ("is expected to announce", "announce", True),
        ("plans to announce", "announce", True),
        ("said", "said", False),
        ("would say", "say", False),
    ],
)
def test_tells_of_the_future(text, cue, expected):
    assert is_not_yet_said(text, at(text, cue)) is expected


@pytest.mark.parametrize(
    ("cue", "factive", "doubting"),
    [
        ("said", False, False),
        ("admitted", True, False),
        ("has acknowledged", True, False),
        ("pointed out", True, False),
        ("claims", False, True),
        ("alleged", False, True),
        ("allegations that", False, True),
    ],
)
def test_factive_and_doubting(cue, factive, doubting):
    span = Span(0, len(cue))
    assert (is_factive(cue, span), is_doubting(cue, span)) == (factive, doubting)


@pytest.mark.parametrize(
    ("cue", "lemma"),
    [("said", "say"), ("has told", "tell"), ("according to", "to"), ("declined to say", "say")],
)
def test_lemma(cue, lemma):
    assert lemma_of(cue, Span(0, len(cue))) == lemma


def test_an_empty_cue_asserts():
    assert stance_of("", Span(0, 0)) is Stance.ASSERTS
