"""The words that a stance rests on are found in the passage, word for word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.cited import (
    FOUND,
    GIVEN,
    cited_words,
    is_on_the_matter,
    part_readings,
    strongest,
)
from onrecord.evidence.rule_stance import stances_by_rules
from onrecord.evidence.stance import StanceScore
from onrecord.terms import EvidenceStance

CLAIM = "The Orlin bridge was closed in 2019."


def nothing(pairs):
    return tuple(StanceScore(0.0, 0.0, 1.0) for _ in pairs)


def read(claim, passage, *, reader=stances_by_rules, bearing=FOUND):
    part = strongest(part_readings([(claim, passage)], reader=reader, bearing=bearing)[0])
    (spans,) = cited_words([(claim, passage, part)], reader=reader)
    return part.score.stance.value, [span.of(passage) for span in spans]


PASSAGES = [
    ("one sentence is cited whole", "The Orlin bridge was closed in 2019.",
     "supports", ["The Orlin bridge was closed in 2019."]),
    ("the sentence that says it", "Rain fell. The Orlin bridge was closed in 2019. Fares rose.",
     "supports", ["The Orlin bridge was closed in 2019."]),
    ("another number", "Rain fell. The Orlin bridge was closed in 2017. Fares rose.",
     "refutes", ["The Orlin bridge was closed in 2017."]),
    ("another matter", "Apples were cheap. Fares rose.", "neutral", []),
    ("no words", " ?! ", "neutral", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("passage", "stance", "cited"), [p[1:] for p in PASSAGES], ids=[p[0] for p in PASSAGES]
)
def test_the_cited_words_are_those_that_say_it(passage, stance, cited):
    assert read(CLAIM, passage) == (stance, cited)


def test_a_plain_no_turns_the_question_around():
    passage = "Who owns it? The town. Was the Orlin bridge closed in 2019? No. It stayed open."
    assert read(CLAIM, passage) == (
        "refutes",
        ["Was the Orlin bridge closed in 2019?", "No.", "It stayed open."],
    )


def test_a_plain_yes_to_another_question_says_nothing():
    assert read(CLAIM, "Is the town proud of its apples? Yes, very.")[0] == "neutral"


def test_a_yes_to_a_question_that_was_chosen_for_the_claim_counts():
    text = "Is the town proud of its apples? Yes, very."
    ((part,),) = part_readings([(CLAIM, text)], reader=nothing, bearing=GIVEN)
    assert part.score.supports == GIVEN.asked


def test_words_of_judgement_are_cited_with_their_sentence():
    passage = "It rained. The story that the Orlin bridge was closed is a hoax. So say police."
    stance, cited = read(CLAIM, passage, reader=nothing)
    assert stance == "refutes"
    assert cited == ["The story that the Orlin bridge was closed is a hoax."]


def test_words_of_judgement_about_another_matter_do_not_count():
    assert read(CLAIM, "The story about the apples is a hoax.", reader=nothing)[0] == "neutral"


def test_a_claim_that_passes_judgement_itself_is_left_to_the_model():
    claim = "The story about the Orlin bridge is a hoax."
    assert (
        read(claim, "The story about the Orlin bridge is a hoax.", reader=nothing)[0] == "neutral"
    )


def test_a_number_that_contradicts_turns_a_weak_support_around():
    def rather(pairs):
        return tuple(StanceScore(0.45, 0.3, 0.25) for _ in pairs)

    claim = "The repair of the Orlin bridge cost 30 million crowns."
    passage = "It rained. The repair of the Orlin bridge cost 12 million crowns. Fares rose."
    stance, cited = read(claim, passage, reader=rather)
    assert stance == "refutes"
    assert cited == ["The repair of the Orlin bridge cost 12 million crowns."]


def test_the_date_of_another_event_says_nothing():
    def refutes(pairs):
        return tuple(StanceScore(0.1, 0.7, 0.2) for _ in pairs)

    claim = "The new museum of Orlin opened its doors in 2021."
    ((part,),) = part_readings(
        [(claim, "The museum opened in 2019.")], reader=refutes, bearing=FOUND
    )
    assert part.score.refutes < 0.6
    again = "The new museum of Orlin opened its doors in 2019."
    ((part,),) = part_readings([(claim, again)], reader=refutes, bearing=FOUND)
    assert part.score.refutes > 0.8


def test_a_question_without_an_answer_says_so():
    text = "Was the Orlin bridge closed? No answer could be found."
    ((part,),) = part_readings([(CLAIM, text)], reader=stances_by_rules, bearing=GIVEN)
    assert not part.answered
    assert part.score.neutral == 1


@given(st.text(st.sampled_from("The Orlin bridge was closed? No. in 2019!\n “”"), max_size=200))
def test_a_side_is_never_without_words_and_words_lie_in_the_passage(passage):
    (parts,) = part_readings([(CLAIM, passage)], reader=stances_by_rules, bearing=FOUND)
    for part in parts:
        (spans,) = cited_words([(CLAIM, passage, part)], reader=stances_by_rules)
        assert part.score.supports + part.score.refutes + part.score.neutral == pytest.approx(1)
        if part.score.stance is EvidenceStance.NEUTRAL:
            assert spans == ()
        else:
            assert spans
        assert all(0 <= span.start < span.end <= len(passage) for span in spans)


CLAIM_ON = "On Monday the mayor of Orlin sold the old harbour bridge."
ON_THE_MATTER = [
    ("no name and few words", "A week later they sold the last tickets.", "", 0.85, False),
    ("few words, and very sure", "A week later they sold the last tickets.", "", 0.9, True),
    ("a third of the words, no name", "The mayor of Tarn sold the old harbour.", "", 0.85, False),
    ("its words and a name", "Orlin sold its old harbour bridge.", "", 0.85, True),
    ("words and name in the title", "It was sold by the mayor.", "Orlin harbour", 0.85, True),
    ("in the question", "Did Orlin sell the harbour bridge? The mayor did.", "", 0.85, True),
]


@pytest.mark.parametrize(
    ("passage", "title", "score", "is_on"),
    [row[1:] for row in ON_THE_MATTER],
    ids=[row[0] for row in ON_THE_MATTER],
)
def test_a_stance_rests_on_words_about_the_matter(passage, title, score, is_on):
    def reader(pairs):
        return tuple(StanceScore(score, 0.0, 1 - score) for _ in pairs)

    part = strongest(part_readings([(CLAIM_ON, passage)], reader=reader, bearing=FOUND)[0])
    (cited,) = cited_words([(CLAIM_ON, passage, part)], reader=reader)
    assert is_on_the_matter(CLAIM_ON, passage, part, cited, title=title) is is_on


@given(st.text(max_size=80), st.text(max_size=80), st.floats(0, 1))
def test_whether_it_is_on_the_matter_can_be_asked_of_any_text(claim, passage, score):
    def reader(pairs):
        return tuple(StanceScore(score, 0.0, 1 - score) for _ in pairs)

    for part in part_readings([(claim, passage)], reader=reader, bearing=FOUND)[0]:
        (cited,) = cited_words([(claim, passage, part)], reader=reader)
        assert is_on_the_matter(claim, passage, part, cited) in {True, False}
