"""Quotation marks: every usual kind, and broken ones repaired within their paragraph."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.attribution.marks import is_sentence_like, quotations
from onrecord.span import Span
from onrecord.terms import Marks

NONE, OPENING, CLOSING, MIXED = (
    Marks.NONE,
    Marks.MISSING_OPENING,
    Marks.MISSING_CLOSING,
    Marks.MISMATCHED,
)

# (id, paragraph, [(inner words, marks)])
CASES = [
    ("straight", '"We go," he said.', [("We go,", NONE)]),
    ("curly", "“We go,” he said.", [("We go,", NONE)]),
    ("guillemets", "«On y va», dit-il.", [("On y va", NONE)]),
    ("guillemets inwards", "»Wir gehen«, sagte er.", [("Wir gehen", NONE)]),
    ("low-high German", "„Wir gehen“, sagte er.", [("Wir gehen", NONE)]),
    ("low-high Polish", "„Idziemy”, rzekł.", [("Idziemy", NONE)]),
    ("closing marks on both sides", "”We go home,” he said.", [("We go home,", NONE)]),
    ("backticks", "``We go,'' he said.", [("We go,", NONE)]),
    ("two single marks", "''We go,'' he said.", [("We go,", NONE)]),
    ("single curly", "‘We go,’ he said.", [("We go,", NONE)]),
    ("single straight", "'We go,' he said.", [("We go,", NONE)]),
    ("apostrophes inside single marks", "'It's the voters' day,' he said.",
     [("It's the voters' day,", NONE)]),
    ("elided years are no marks", "In the '80s they said 'good times,' often.",
     [("good times,", NONE)]),
    ("possessives are no marks", "The voters’ choice and the mayors’ plan.", []),
    ("single inside double", "“I read ‘The Mill,’ twice,” she said.",
     [("I read ‘The Mill,’ twice,", NONE)]),
    ("double inside single", "‘I read “The Mill,” twice,’ she said.",
     [("I read “The Mill,” twice,", NONE)]),
    ("two quotations touch", "“No.”“Yes.” he said.", [("No.", NONE), ("Yes.", NONE)]),
    ("two straight quotations touch", '"No.""Yes."', [("No.", NONE), ("Yes.", NONE)]),
    ("doubled marks are one", '""We go,"" he said.', [("We go,", NONE)]),
    ("inches are no marks", "He is 6'2\" tall.", []),
    ("no closing mark, cue after", '"I go home, he said.', [("I go home,", CLOSING)]),
    ("no closing mark at all", "He said: “I go home.", [("I go home.", CLOSING)]),
    ("no closing mark before the next quotation", "“I go, he said. “You stay.”",
     [("I go,", CLOSING), ("You stay.", NONE)]),
    ("no opening mark", "I go home,” he said.", [("I go home,", OPENING)]),
    ("no opening mark after a lead-in", "She wrote: we all go home now.”",
     [("we all go home now.", OPENING)]),
    ("no opening mark after a quotation", "“No,” he said. I stay right here.”",
     [("No,", NONE), ("I stay right here.", OPENING)]),
    ("closed by a single mark", "“We will win,' she said.", [("We will win,", MIXED)]),
    ("opened by a single mark", '‘We will win," she said.', [("We will win,", MIXED)]),
    ("curly opened, straight closed", '“We will win," she said.', [("We will win,", MIXED)]),
    ("empty marks hold nothing", '"" and “”', []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_pairs_and_repairs(text, expected):
    found = quotations(text, [Span(0, len(text))])
    assert [(q.inner.of(text), q.marks) for q in found] == expected


def _paragraphs(text: str) -> list[Span]:
    return [Span(*match.span()) for match in re.finditer(r"[^\n]+", text)]


def test_one_bad_mark_costs_only_its_own_paragraph():
    text = "“One is fine.”\n“Two is open\nHe left.\n“Four is fine.”"
    found = quotations(text, _paragraphs(text))
    assert [(q.inner.of(text), q.marks) for q in found] == [
        ("One is fine.", NONE),
        ("Two is open", CLOSING),
        ("Four is fine.", NONE),
    ]


def test_each_paragraph_of_a_long_quotation_opens_and_only_the_last_closes():
    text = "“One two.\n“Three four.\n“Five,” he said.\nSix."
    found = quotations(text, _paragraphs(text))
    assert [(q.inner.of(text), q.marks, q.continues) for q in found] == [
        ("One two.", NONE, True),
        ("Three four.", NONE, True),
        ("Five,", NONE, False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("the “experts” left", False), ("“Go now!” he said", True), ("“It is not safe,” he", True)],
)
def test_tells_speech_from_scare_quotes(text, expected):
    (found,) = quotations(text, [Span(0, len(text))])
    assert is_sentence_like(text, found) is expected


ALPHABET = st.sampled_from(
    [*"\"\"''“”‘’„‟«»‹›`″「」,.!? \nab", "''", "``", "said", ", he said", "don’t", "s’ "]
)


@given(st.lists(ALPHABET, max_size=80).map("".join))
def test_quotations_are_in_bounds_ordered_and_disjoint(text):
    paragraphs = _paragraphs(text)
    at = 0
    for quotation in quotations(text, paragraphs):
        assert at <= quotation.span.start <= quotation.inner.start
        assert quotation.inner.start < quotation.inner.end <= quotation.span.end
        assert any(p.contains(quotation.span) for p in paragraphs)
        at = quotation.span.end


@pytest.mark.parametrize(
    "piece",
    ['"', "'", "“", "”", "‘", "’", '"a', 'a"', "“a ", "a” ", "‘a, ", "said, ", '"\n', "s' "],
)
def test_time_grows_linearly(piece):
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    quotations(text, _paragraphs(text))
    assert time.process_time() - began < 8
