"""Numbers of a claim against numbers of a passage."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.quantities import compared, quantities
from onrecord.record import (
    Claim,
    Evidence,
    GenreMark,
    Metadata,
    Page,
    Passage,
    QuantityCheck,
)
from onrecord.span import Span
from onrecord.terms import ClaimKind, EvidenceStance, Genre, QuantityFinding

# (claim, passage, claim's words, finding)
CASES = [
    ("The mill employed 412 people.", "The mill had 412 workers.", "412", "agrees"),
    ("The mill employed 412 people.", "The mill employed 380 people.", "412", "contradicts"),
    # A limit stands whatever the value within it.
    ("More than 40 ships wait.", "43 ships wait.", "More than 40", "agrees"),
    ("More than 40 ships wait.", "38 ships wait.", "More than 40", "contradicts"),
    ("More than 40 ships wait.", "At least 38 ships wait.", "More than 40", "not_comparable"),
    ("At least 40 ships wait.", "40 ships wait.", "At least 40", "agrees"),
    ("More than 40 ships wait.", "40 ships wait.", "More than 40", "contradicts"),
    # Rounding by the digits that the claim gives.
    ("It cost 1.2 million euros.", "It cost 1.18 million euros.", "1.2 million euros", "rounds"),
    ("It cost 1.2 million euros.", "It cost 1.31 million euros.", "1.2 million euros", "contradicts"),
    ("The hall holds 200 people.", "The hall holds 250 people.", "200", "contradicts"),
    ("The path is 10 miles long.", "The path is 16 km long.", "10 miles", "agrees"),
    ("The path is 10 miles long.", "The path is 25 km long.", "10 miles", "contradicts"),
    ("A third of pupils walk.", "34% of pupils walk.", "A third", "rounds"),
    ("Exports doubled.", "Exports rose from 5 to 10 tonnes.", "doubled", "agrees"),
    ("Exports doubled.", "Exports rose by 100%.", "doubled", "agrees"),
    ("Exports doubled.", "Exports tripled.", "doubled", "contradicts"),
    ("It opened in March 2020.", "It opened in 2020.", "March 2020", "agrees"),
    ("It opened in March 2020.", "It opened on 3 May 2020.", "March 2020", "contradicts"),
    ("The mill opened in March 2020.", "The mill opened on 3 May 2020.", "March 2020", "contradicts"),
    # Percent and percentage points are two things.
    ("Tax rose by 2 percent.", "Tax rose by 3 percentage points.", "2 percent", "not_comparable"),
    ("Tax rose by 2 percentage points.", "Tax rose from 4% to 6%.", "2 percentage points", "agrees"),
    # Another currency, thing, place, time or side.
    ("The fine was 3 million dollars.", "The fine was 2 million euros.", "3 million dollars", "not_comparable"),
    ("40 schools closed.", "52 bridges closed.", "40", "not_comparable"),
    ("Exports to Spain were worth 3 euros.", "Exports to Chile were worth 8 euros.", "3 euros", "not_comparable"),
    ("In 2019 there were 40 fires.", "In 2018 there were 35 fires.", "40", "not_comparable"),
    ("60% of women agreed.", "45% of men agreed.", "60%", "not_comparable"),
    ("The Boeing 737 landed late.", "The Boeing 747 landed late.", "737", "not_comparable"),
    ("The book costs 20 euros a year.", "The book costs 5 euros a month.", "20 euros", "not_comparable"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "passage", "words", "finding"), CASES)
def test_a_number_is_set_against_that_of_the_same_quantity(claim, passage, words, finding):
    said = {each.claim_words.of(claim): each for each in compared(claim, passage)}
    assert (said[words].finding.value if words in said else "not_comparable") == finding


def test_the_arithmetic_names_both_words_in_one_line():
    (each,) = compared("It cost 1.2 million euros.", "In all it cost 1.18 million euros.")
    assert each.arithmetic == (
        "claim: 1.2 million euros; passage: 1.18 million euros, 1,180,000 rounds to 1,200,000"
    )
    assert each.passage_words.of("In all it cost 1.18 million euros.") == "1.18 million euros"


def test_where_the_passage_has_both_values_the_agreement_counts():
    (each,) = compared(
        "The mill has 40 workers.", "The mill has 40 workers, the dairy mill 90 workers."
    )
    assert each.finding is QuantityFinding.AGREES


def test_an_agreement_elsewhere_never_becomes_a_contradiction():
    # 40 stands there, though about another matter; nothing says that the mill has 90.
    claim, passage = "The mill has 40 workers.", "90 workers struck. The mill has a staff of 40."
    assert all(each.finding is not QuantityFinding.CONTRADICTS for each in compared(claim, passage))


@pytest.mark.parametrize(
    ("claim", "passage"), [("", ""), ("", "5 ships"), ("5 ships", ""), ("a", "b")]
)
def test_texts_without_numbers_give_nothing(claim, passage):
    assert compared(claim, passage) == ()


TEXTS = st.lists(
    st.sampled_from(
        [
            "the",
            "mill",
            "of",
            "Norrby",
            "employs",
            "40",
            "41",
            "more",
            "than",
            "people",
            "ships",
            "in",
            "2019",
            "March",
            "5",
            "%",
            "euros",
            "$",
            "million",
            ".",
            ",",
            "half",
            "a",
            "third",
            "doubled",
            "fell",
            "by",
            "from",
            "to",
            "between",
            "and",
            "3-1",
            "km",
            "no",
            "all",
            "dozens",
            "second",
        ]
    )
    | st.text(max_size=6),
    max_size=40,
).map(" ".join)


@given(TEXTS, TEXTS)
def test_spans_stay_in_bounds_and_each_number_is_compared_once(claim, passage):
    said = compared(claim, passage)
    for each in said:
        assert 0 <= each.claim_words.start < each.claim_words.end <= len(claim)
        assert 0 <= each.passage_words.start < each.passage_words.end <= len(passage)
        assert each.arithmetic
        assert "\n" not in each.arithmetic or "\n" in claim + passage
    starts = [each.claim_words.start for each in said]
    assert starts == sorted(set(starts))


@given(TEXTS)
def test_a_text_never_contradicts_itself(text):
    assert all(each.finding is not QuantityFinding.CONTRADICTS for each in compared(text, text))


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_plain_counts_contradict_alike_in_both_directions(one, other):
    def said(a: int, b: int) -> str:
        (each,) = compared(f"The mill employs {a:,} people.", f"The mill employs {b:,} people.")
        return each.finding.value

    assert said(one, other) == said(other, one)
    assert said(one, one) == "agrees"


HOSTILE = [
    "9",
    "1 ",
    "1 ship in 2019 and ",
    "March 2020 ",
    "$",
    "٣",
    "the mill has 5 ",
    "½",
    "-",
    "a ",
]


@pytest.mark.parametrize("pump", HOSTILE)
def test_hostile_text_ends_in_time(pump):
    text = pump * (100_000 // len(pump))
    began = time.process_time()
    compared(text, text)
    assert time.process_time() - began < 6  # 0.7 s on a quiet machine


def test_a_claim_and_a_paragraph_take_less_than_two_milliseconds():
    claim = "In 2019 more than 40 ships waited outside the harbour of Norrby for 12 days."
    passage = " ".join(
        ["In 2019 some 38 ships waited for 11 days outside the harbour of Norrby."] * 8
    )
    compared(claim, passage)
    seconds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(10):
            compared(claim, passage)
        seconds.append((time.process_time() - began) / 10)
    assert min(seconds) < 0.01  # 0.002 on a quiet machine


def page(text: str) -> Page:
    return Page(
        url=None,
        retrieved=None,
        digest="0" * 64,
        media_type="text/plain",
        text=text,
        regions=(),
        metadata=Metadata(),
        links=None,
        images=None,
        markup=None,
        genre=GenreMark(Genre.NOT_STATED, ""),
    )


def test_the_stage_points_into_the_page_and_into_the_passage():
    text = "By our reporter. More than 40 ships wait."
    claim = Claim("c1", Span(17, 41), None, True, None, 0.5, ClaimKind.QUANTITY)
    passage = Passage("p1", "d1", Span(0, 15), "43 ships waited.")
    piece = Evidence("e1", "c1", passage, EvidenceStance.SUPPORTS, 0.9, 1)
    stray = Evidence("e2", "unknown", passage, EvidenceStance.SUPPORTS, 0.9, 1)
    (check,) = quantities(page(text), (claim,), (piece, stray))
    assert isinstance(check, QuantityCheck)
    assert (check.claim, check.evidence) == ("c1", "e1")
    assert check.finding is QuantityFinding.AGREES
    assert check.claim_words.of(text) == "More than 40"
    assert check.passage_words.of(passage.text) == "43"


def test_no_claims_or_no_evidence_give_no_checks():
    assert quantities(page("5 ships"), (), ()) == ()
