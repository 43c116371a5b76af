from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.factchecks.index import open_library_index
from onrecord.factchecks.match import match_text, matches, ranked
from onrecord.factchecks.overlap import asked, overlap
from onrecord.factchecks.score import MAX_LOGIT, N_READ, claimed, reread, scored
from onrecord.record import FactCheck
from onrecord.search.text import stemmer
from tests.factchecks.test_match import Words, claim, page

STEMS = st.lists(st.sampled_from(["rust", "bridg", "the", "close", "orla"]), max_size=12)


def checks(*claims):
    return [FactCheck(str(n), f"https://d.example/{n}", text) for n, text in enumerate(claims)]


def library(*claims):
    index = open_library_index(None, embedder=Words())
    index.add(checks(*claims))
    return index


class Reader:
    """Gives the wanted text a high logit and every other a low one; counts what it read."""

    def __init__(self, wanted=""):
        self.wanted, self.read = wanted, []

    def __call__(self, pairs):
        self.read += pairs
        return tuple(6.0 if self.wanted and self.wanted in text else -6.0 for _, text in pairs)


def runs(stems, n):
    return {tuple(stems[i : i + n]) for i in range(len(stems) - n + 1)}


@given(STEMS, STEMS, STEMS, STEMS)
def test_runs_are_shared_as_sets_of_stems_say_and_never_across_texts(mine, checked, title, body):
    found = overlap(
        asked(mine, rarity={}), checked, rest=(" ".join(title), " ".join(body)), rarity={}
    )
    for n, share in ((2, found.pairs), (3, found.triples)):
        theirs = runs(checked, n) | runs(title, n) | runs(body, n)
        assert (share > 0) == bool(runs(mine, n) & theirs)
        assert (share == pytest.approx(1)) == bool(runs(mine, n) and runs(mine, n) <= theirs)


CLAIM = "The Orla bridge was closed in May because its cables had rusted"


def test_a_check_without_a_rival_is_surer_than_one_of_two_that_fit_alike():
    told = "The Orla bridge was closed in May"
    others = [f"A library opened in Tarn on day {n}" for n in range(50)]
    alone = ranked(told, index=library(CLAIM, *others))[0]
    other = "The Orla bridge was closed in May because its road had cracked open"
    among = ranked(told, index=library(CLAIM, other, *others))[0]
    assert alone.probability > among.probability


def test_two_checks_of_nearly_one_claim_are_no_rivals():
    twins = ranked(CLAIM, index=library(CLAIM, CLAIM + " through"))
    alone = ranked(CLAIM, index=library(CLAIM))
    assert twins[0].probability == pytest.approx(alone[0].probability, abs=0.02)
    assert twins[1].is_claimed


def test_a_second_check_of_another_claim_is_less_sure_than_by_itself():
    other = "The Orla bridge was closed in June because of a flood"
    others = [f"A library opened in Tarn on day {n}" for n in range(50)]
    second = ranked(CLAIM, index=library(CLAIM, other, *others))[1]
    itself = ranked(CLAIM, index=library(other, *others))[0]
    assert second.candidate.fact_check.claim == other
    assert second.probability < itself.probability


def test_among_few_checks_no_rival_is_no_reason_to_be_sure():
    told = "The Orla bridge was painted green by its owners last year"
    few = ranked(told, index=library(CLAIM, "A library opened in Tarn"))[0]
    others = [f"A library opened in Tarn on day {n}" for n in range(50)]
    assert few.probability < ranked(told, index=library(CLAIM, *others))[0].probability
    assert not few.is_claimed


def test_a_reader_brings_the_check_that_it_finds_right_to_the_front():
    index = library(CLAIM, "The Orla bridge was shut in May by rust", "A library opened in Tarn")
    best = ranked(CLAIM, index=index, reader=Reader("shut in May"))
    assert best[0].candidate.fact_check.id == "1"
    assert [one.logit for one in best] == [6.0, -6.0, -6.0]


def test_candidates_past_those_read_stay_behind_in_their_order():
    index = library(*(f"The Orla bridge was closed for {n} days in May" for n in range(30)))
    found = scored(CLAIM, index.candidates(CLAIM, limit=60), index=index, stems=stemmer())
    reader = Reader()
    again = reread(CLAIM, found, reader=reader)
    assert len(reader.read) == N_READ
    assert again[N_READ:] == found[N_READ:]
    assert {o.candidate.fact_check.id for o in again} == {o.candidate.fact_check.id for o in found}


def test_without_embeddings_nothing_is_read():
    index = open_library_index(None, embedder=None)
    index.add(checks(CLAIM))
    reader = Reader(CLAIM)
    assert match_text(CLAIM, index=index, reader=reader) == match_text(CLAIM, index=index)
    assert reader.read == []


def test_on_a_page_only_claims_with_a_near_check_are_read():
    index = library(CLAIM, "A library opened in Tarn")
    text = f"{CLAIM}. Nobody in Sollund had asked the ferrymen about wages."
    claims = [claim(text, CLAIM), claim(text, text[len(CLAIM) + 2 : -1])]
    reader = Reader(CLAIM)
    found = matches(page(text), claims, index=index, reader=reader)
    assert {asked for asked, _ in reader.read} == {CLAIM}
    assert [m.fact_check.id for m in found] == ["0"]


def test_what_a_reader_finds_no_answer_is_not_claimed():
    index = library(CLAIM)
    assert match_text(CLAIM, index=index) != ()
    assert match_text(CLAIM, index=index, reader=Reader()) == ()


def test_an_empty_list_is_reread_as_an_empty_list():
    assert reread(CLAIM, (), reader=Reader()) == ()
    assert claimed(CLAIM, (), reader=Reader()) == ()


NEAR = library(
    CLAIM,
    f"{CLAIM} through",
    *(f"The Orla bridge was closed for {n} days in May" for n in range(9)),
    *(f"A library opened in Tarn on day {n}" for n in range(50)),
)
TOLD = [CLAIM, "The Orla bridge was closed in May", "A library opened in Tarn", "Rust in May"]


@given(st.sampled_from(TOLD), st.lists(st.floats(-12, MAX_LOGIT), min_size=12, max_size=12))
def test_what_is_given_up_early_would_have_claimed_nothing(told, logits):
    found = scored(told, NEAR.candidates(told, limit=60), index=NEAR, stems=stemmer())
    asked = dict(zip((one.candidate.fact_check.claim for one in found), logits, strict=False))

    def reader(pairs):
        return tuple(asked[text] for _, text in pairs)

    whole = reread(told, found, reader=reader)
    early = claimed(told, found, reader=reader)
    assert early == whole or (early == () and not any(one.is_claimed for one in whole[:N_READ]))


def test_one_reading_tells_that_nothing_answers():
    found = scored(CLAIM, NEAR.candidates(CLAIM, limit=60), index=NEAR, stems=stemmer())
    reader = Reader()
    assert claimed("The Orla bridge is old", found, reader=reader) == ()
    assert len(reader.read) < N_READ
