from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.passages import MAX_CHARS, MAX_WORDS, passages
from onrecord.record import Document

SENTENCE = "The council of Elmford voted to repair the old mill bridge this spring."  # 13 words


def document(text: str) -> Document:
    return Document(
        id="0123456789abcdef", text=text, title="Elmford", url="https://elmford.example/a"
    )


def texts(text: str) -> list[str]:
    return [passage.text for passage in passages(document(text))]


CASES = [
    ("nothing", "", []),
    ("white space", " \n\t\n\u00a0", []),
    ("one word", "Rain.", ["Rain."]),
    ("ends are trimmed", "\n\n Rain fell. \n", ["Rain fell."]),
    ("short paragraphs join", "It rained.\n\nIt snowed.", ["It rained.\n\nIt snowed."]),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_passages_are_the_stretches_expected(text, expected):
    assert texts(text) == expected


def test_a_paragraph_end_is_preferred_once_there_are_enough_words():
    paragraph = " ".join([SENTENCE] * 5)  # 65 words
    assert texts(f"{paragraph}\n\n{paragraph}\n\n{paragraph}") == [paragraph] * 3


def test_a_heading_stays_with_what_follows_it():
    paragraph = " ".join([SENTENCE] * 6)
    found = texts(f"{paragraph}\n\nThe vote\n\n{paragraph}")
    assert found == [paragraph, f"The vote\n\n{paragraph}"]


def test_a_short_rest_is_shared_by_halves():
    found = texts(" ".join([SENTENCE] * 10))  # 130 words: 117 and 13 would leave a stump
    assert [len(words.split()) for words in found] == [65, 65]


def test_a_sentence_longer_than_a_passage_is_cut_between_words():
    found = texts(" ".join(["word"] * 500))
    assert all(len(words.split()) <= MAX_WORDS for words in found)
    assert " ".join(found) == " ".join(["word"] * 500)


def test_a_script_without_spaces_is_cut_by_letters():
    found = texts("雨" * 5_000)
    assert max(map(len, found)) <= MAX_CHARS
    assert "".join(found) == "雨" * 5_000


def test_what_the_document_states_goes_with_each_passage():
    passage = passages(document("It rained."))[0]
    assert (passage.document, passage.title) == ("0123456789abcdef", "Elmford")
    assert passage.url == "https://elmford.example/a"
    assert (passage.source, passage.retrieved, passage.digest) == ("collection", "", "")


def test_ids_follow_from_document_and_span():
    text = " ".join([SENTENCE] * 40)
    first, again = passages(document(text)), passages(document(text))
    assert first == again
    assert len({passage.id for passage in first}) == len(first)
    other = passages(Document(id="fedcba9876543210", text=text))
    assert not {passage.id for passage in other} & {passage.id for passage in first}


WORDS = st.sampled_from(
    ["rain", "Mr.", "3.5", "“No,”", "U.S.", "said", "The", "a.m.", "雨雨", "x" * 40]
)
ENDS = st.sampled_from(
    [" ", " ", " ", ". ", "! ", ".\n", "\n\n", "\n", ".\n\n", "?” ", "\u00a0", "\t"]
)
PROSE = st.lists(st.tuples(WORDS, ENDS), max_size=600).map(
    lambda pairs: "".join(word + end for word, end in pairs)
)


@given(st.one_of(st.text(max_size=3_000), PROSE))
def test_passages_are_exact_ordered_disjoint_and_lose_no_word(text):
    found = passages(document(text))
    at = 0
    for passage in found:
        start, end = passage.document_span
        assert at <= start < end <= len(text)
        assert passage.text == text[start:end]
        assert not text[at:start].split()
        assert len(passage.text.split()) <= MAX_WORDS
        at = end
    assert not text[at:].split()


@pytest.mark.parametrize("unit", [". ", "a", "a. ", "\n", "\n\na", "“", "A.", "No. ", "雨。"])
def test_cost_is_linear_in_the_text(unit):
    started = time.process_time()
    passages(document(unit * (300_000 // len(unit))))
    assert time.process_time() - started < 15
