from __future__ import annotations

import zlib

import numpy as np
import pytest

from onrecord.factchecks.index import open_library_index
from onrecord.factchecks.match import match_text, matches
from onrecord.factchecks.score import asked_text
from onrecord.record import Claim, FactCheck, GenreMark, Metadata, Page
from onrecord.span import Span
from onrecord.terms import ClaimKind, Genre, MatchRelation

LIBRARY = [
    FactCheck(
        "bridge",
        "https://d.example/1",
        "The Harrow bridge was closed because its cables had rusted through",
        rating="False",
        title="No, rust did not close the Harrow bridge",
        body="The cables of the bridge are stainless steel and were inspected in May.",
    ),
    FactCheck(
        "ferry",
        "https://d.example/2",
        "Every ferry to Sollund was cancelled throughout March",
        rating="Half true",
    ),
    FactCheck("mill", "https://d.example/3", "The Tarn paper mill dumped dye into the river Oos"),
    FactCheck("tax", "https://d.example/4", "Property taxes in Westmark doubled in four years"),
]


class Words:
    """A bag of words in 512 places: enough of an embedding for tests."""

    n_dimensions = 512

    def __call__(self, texts):
        counts = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                counts[row, zlib.crc32(word.strip(".,").encode()) % 512] += len(word)
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


@pytest.fixture(params=["words", "meaning"], scope="module")
def index(request):
    made = open_library_index(None, embedder=Words() if request.param == "meaning" else None)
    made.add(LIBRARY)
    return made


def page(text):
    genre = GenreMark(Genre.NOT_STATED, "")
    return Page(None, None, "0" * 64, "text/plain", text, (), Metadata(), None, None, None, genre)


def claim(text, words, *, checkable=True, kind=ClaimKind.EVENT):
    start = text.index(words)
    span = Span(start, start + len(words))
    return Claim(words[:8], span, None, checkable, None, 0.5, kind)


def test_a_repeated_claim_names_the_earlier_check_and_the_words_it_rests_on(index):
    text = "Ula Berg wrote: the Harrow bridge was closed because its cables had rusted through."
    asked = claim(text, text[text.index("the") : -1])
    first, *_ = matches(page(text), [asked], index=index)
    assert first.fact_check.id == "bridge"
    assert first.fact_check.body == ""
    assert (first.claim, first.rank, first.relation) == (asked.id, 1, MatchRelation.SAME)
    assert "cables" in " ".join(span.of(text) for span in first.words)
    assert all(asked.span.start <= s.start < s.end <= asked.span.end for s in first.words)
    told = [span.of(first.fact_check.claim) for span in first.fact_check_words]
    assert any("Harrow bridge" in words for words in told)


@pytest.mark.parametrize(
    "text",
    [
        "The council met on Tuesday and heard from three residents.",
        "A library in Sollund will open in spring.",
        "Ines Falk joined the board of the river trust.",
        "xyzzy",
        "",
        "the of and",
    ],
)
def test_what_the_library_has_no_check_of_gets_no_match(index, text):
    assert match_text(text, index=index) == ()


def test_an_opposite_claim_is_never_the_same(index):
    found = match_text("Property taxes in Westmark did not double in four years", index=index)
    assert {m.relation for m in found} == {MatchRelation.NEGATED}


def test_another_number_is_only_related(index):
    found = match_text("Property taxes in Westmark doubled in seven years", index=index)
    assert {m.relation for m in found} <= {MatchRelation.RELATED}


def test_that_somebody_said_it_and_what_cannot_be_checked_are_not_looked_up(index):
    text = "Every ferry to Sollund was cancelled throughout March"
    said = claim(text, text, kind=ClaimKind.QUOTATION)
    vague = claim(text, text, checkable=False)
    assert matches(page(text), [said, vague], index=index) == ()


def test_an_empty_library_matches_nothing():
    empty = open_library_index(None, embedder=Words())
    assert match_text("Every ferry was cancelled", index=empty) == ()


def test_a_post_is_asked_without_addresses_and_signature():
    post = "The mill dumps dye #TarnMill https://t.example/a1 — Ula (@ula) May 3, 2024"
    assert asked_text(post) == "The mill dumps dye Tarn Mill"


def test_scores_are_probabilities_in_falling_order_of_rank(index):
    found = match_text(LIBRARY[0].claim, index=index)
    assert [m.rank for m in found] == list(range(1, len(found) + 1))
    assert all(0.0 <= m.score <= 1.0 for m in found)
