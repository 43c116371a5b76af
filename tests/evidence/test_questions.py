"""Questions and answers in a passage are told apart, and a yes or no is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.questions import Reply, exchanges, proposition, reply_of

REPLIES = [
    ("Yes, in 2019.", Reply.YES),
    ("No. It belongs to the town.", Reply.NO),
    ("No longer: it closed in May.", Reply.OPEN),
    ("No one knows who built it.", Reply.OPEN),
    ("Not true, said the mayor.", Reply.NO),
    ("No answer could be found.", Reply.NONE),
    ("There is no information about it.", Reply.NONE),
    ("", Reply.NONE),
    ("The town owns it.", Reply.OPEN),
    ("“Yes”, she said.", Reply.YES),
]


@pytest.mark.parametrize(("answer", "expected"), REPLIES)
def test_an_answer_begins_with_yes_or_no_or_neither(answer, expected):
    assert reply_of(answer) is expected


TEXTS = [
    ("no question", "The bridge was sold.", []),
    ("two", "Was it sold? No. Who owns it? The town.", [("Was it sold?", "No."), ("Who owns it?", "The town.")]),
    ("words before", "About the bridge. Was it sold? No.", [("", "About the bridge."), ("Was it sold?", "No.")]),
    ("no full stop after the answer", "Was it sold? Yes in May Who bought it there? The town.",
     [("Was it sold?", "Yes in May"), ("Who bought it there?", "The town.")]),
    ("a question without an answer", "Was it sold?", [("Was it sold?", "")]),
    ("an abbreviation in the question", "Did the U.S. firm buy it? No.", [("Did the U.S. firm buy it?", "No.")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [t[1:] for t in TEXTS], ids=[t[0] for t in TEXTS])
def test_each_question_stands_with_what_follows_it(text, expected):
    found = [(e.question.of(text), e.answer.of(text)) for e in exchanges(text)]
    assert found == expected


PROPOSITIONS = [
    ("Was the bridge sold?", "the bridge sold."),
    ("Did the mayor say so?", "the mayor say so."),
    ("Were there any cracks?", "any cracks."),
    ("Who sold the bridge?", ""),
    ("Is?", ""),
]


@pytest.mark.parametrize(("question", "expected"), PROPOSITIONS)
def test_only_a_question_for_yes_or_no_states_something(question, expected):
    assert proposition(question) == expected


@given(st.text(st.sampled_from("Was it sold? No.\n"), max_size=200))
def test_questions_and_answers_lie_in_order_inside_the_text(text):
    end = 0
    for exchange in exchanges(text):
        spans = [s for s in (exchange.question, exchange.answer) if s.n_chars]
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            end = span.end
