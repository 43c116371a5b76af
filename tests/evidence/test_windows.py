from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.windows import WINDOW_TOKENS, cleaned, windows

CLEANED = [
    ("It fell -LRB- twice -RRB- .", "It fell (twice)."),
    ("They did n't say `` no '' .", 'They didn\'t say " no ".'),
    ("Holm 's cost : $ 3 , then 5 % .", "Holm's cost: $3, then 5%."),
    ("a  b\n\tc", "a b c"),
    ("", ""),
    # Not a mark of a corpus, but text of the passage.
    ("He wrote <|cit|> here.", "He wrote <|cit|> here."),
]


@pytest.mark.parametrize(("text", "expected"), CLEANED)
def test_signs_of_tokenised_corpora_are_undone(text, expected):
    assert cleaned(text) == expected


def words(texts):
    return [len(text.split()) for text in texts]


SENTENCE = "The mill by the river was closed again. "  # eight words


def test_a_short_passage_is_one_window():
    assert windows("It fell. It rose.", words) == ("It fell. It rose.",)


def test_no_text_gives_one_empty_window():
    assert windows("", words) == ("",)


def test_a_long_passage_is_cut_at_sentences_with_overlap():
    found = windows(SENTENCE.strip() + " " + SENTENCE * 60, words)
    assert len(found) > 2
    assert all(n <= WINDOW_TOKENS for n in words(found))
    assert all(window.endswith("again.") for window in found)
    total = sum(words(found))
    assert total > 61 * 8


def test_text_without_full_stops_is_cut():
    found = windows("word " * 1000, words)
    assert all(n <= WINDOW_TOKENS for n in words(found))
    assert len(found) > 4


@given(st.text(max_size=400))
def test_every_word_stands_in_a_window(text):
    found = windows(text, words)
    assert set(text.split()) <= {word for window in found for word in window.split()}


@pytest.mark.parametrize(
    "text", ["( " * 100_000, " ." * 100_000, "`` " * 100_000, " " * 300_000, "a. B" * 60_000]
)
def test_cleaning_and_cutting_stay_linear(text):
    began = time.process_time()
    windows(cleaned(text), words)
    assert time.process_time() - began < 5
