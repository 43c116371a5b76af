"""Sentence borders: quotations, abbreviations, paragraphs, hostile text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.read.sentences import paragraphs, sentences, split
from onrecord.record import GenreMark, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import Genre, RegionKind

# (what it shows, sentences in order; joined with one space they are the text)
CASES = [
    ("two plain sentences", ["The bridge fell.", "Nobody was hurt."]),
    ("cue after an exclamation", ["“Stop!” he said.", "It rained."]),
    ("named speaker after a question", ["“Is it safe?” Bo Lind asked.", "“No.”"]),
    ("role after a question", ["“Why now?” the former mayor asked.", "Nobody replied."]),
    ("sentences inside a quotation", ["“It is safe.", "We checked,” she said."]),
    ("the closing mark belongs to the full stop", ["“It is safe.”", "That was all."]),
    ("straight marks", ['"It is safe."', "That was all."]),
    ("titles", ["Mr. Ekdal met Dr. Lind.", "They spoke."]),
    ("initials", ["J. R. Ekdal wrote it.", "It is long."]),
    ("U.S. inside", ["He moved to the U.S. in May.", "She stayed."]),
    ("U.S. at the end", ["He moved to the U.S.", "The move took a year."]),
    ("decimals", ["It rose to 3.5 percent.", "It was 2.1 percent."]),
    ("hours", ["They met at 9 a.m. Monday.", "Police came at 9 p.m.", "Fire crews left."]),
    ("ellipsis goes on in lower case", ["She paused ... and left.", "Then it rained."]),
    ("ellipsis ends before a capital", ["She paused…", "Then she left."]),
    ("number of a thing", ["See No. 5 here.", "It is old."]),
    ("the word no", ["He said no.", "She agreed."]),
    ("brackets", ["(It was built in 1890.)", "It burned."]),
    ("guillemets", ["«C’est fini.»", "He nodded."]),
    ("the pronoun I", ["So do I.", "He does not."]),
    ("a title of a work with a mark", ["The song “Stop!” was on.", "It ended."]),
]


@pytest.mark.parametrize(("parts"), [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_splits_a_paragraph(parts):
    text = " ".join(parts)
    assert [s.of(text) for s in split(text, Span(0, len(text)))] == parts


PARAGRAPHS = [
    ("blank line", "A heading\n\nText here.", ["A heading", "Text here."]),
    ("blank line of spaces", "One\n \t\nTwo", ["One", "Two"]),
    ("bullets", "The list:\n- one\n- two", ["The list:", "- one", "- two"]),
    (
        "wrapped line goes on",
        "The council of the town of Norby met on Monday and agreed\nto close the bridge.",
        ["The council of the town of Norby met on Monday and agreed\nto close the bridge."],
    ),
    ("line that ends a sentence", "It fell.\nIt was old.", ["It fell.", "It was old."]),
    ("a very long line is no wrapped one", "a b " * 40 + "\nNext", [("a b " * 40).strip(), "Next"]),
]


@pytest.mark.parametrize(
    ("text", "expected"), [c[1:] for c in PARAGRAPHS], ids=[c[0] for c in PARAGRAPHS]
)
def test_splits_into_paragraphs(text, expected):
    assert [p.of(text) for p in paragraphs(text, Span(0, len(text)))] == expected


def _page(text: str, *regions: Region) -> Page:
    return Page(
        None, None, "0" * 64, "text/plain", text, regions, Metadata(), None, None, None,
        GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip


def test_never_crosses_a_region_and_leaves_furniture_out():
    text = "A title Body one. Body two. Share this now."
    page = _page(
        text,
        Region(RegionKind.TITLE, Span(0, 7)),
        Region(RegionKind.BODY, Span(8, 27)),
        Region(RegionKind.BOILERPLATE, Span(28, 43)),
    )
    assert [s.of(text) for s in sentences(page)] == ["A title", "Body one.", "Body two."]


def test_empty_text_has_no_sentences():
    assert split("", Span(0, 0)) == ()
    assert split(" \n\n ", Span(0, 4)) == ()


ALPHABET = st.sampled_from([*"aB1 .!?…\n\t\"“”'’«»()-—:,;", "U.S.", "Mr.", " he said", "İ", "𝒜"])


@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_spans_are_ordered_disjoint_trimmed_and_hold_every_word(text):
    found = split(text, Span(0, len(text)))
    at = 0
    for span in found:
        assert at <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip(" \t\r\n")
        assert not text[at : span.start].strip(" \t\r\n\u00a0\u200b\ufeff")
        at = span.end
    assert not text[at:].strip(" \t\r\n\u00a0\u200b\ufeff")


@pytest.mark.parametrize(
    "piece", [".", "...", ". ", "a.", '."', '"', "\n", "\n ", "Mr. ", "U.S. ", "! he", "“", "- \n"]
)
def test_time_grows_linearly(piece):
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    split(text, Span(0, len(text)))
    assert time.process_time() - began < 5
