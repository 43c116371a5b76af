"""Several sources as one collection, and answers taken from the store."""

from __future__ import annotations

import dataclasses

import pytest

from onrecord.errors import NetworkError, SettingsError
from onrecord.live import KeptAnswers, live_names
from onrecord.ports import Answer, PassageCandidate
from onrecord.record import CollectionState, Passage
from onrecord.settings import Settings, SourceSettings
from onrecord.sources import together
from onrecord.sources.asking import Kept, text
from onrecord.span import Span
from tests.sources.played import ARTICLE, wiki
from tests.sources.server import serving
from tests.sources.test_mediawiki import CLAIM, asked, settings_for


class Fixed:
    def __init__(self, name, *ids, fails=False, digest=""):
        self.name, self.ids, self.fails, self.digest = name, ids, fails, digest

    def candidates_of_each(self, texts, *, limit):
        if self.fails:
            raise NetworkError("no answer")
        return tuple(
            tuple(PassageCandidate(Passage(i, "d", Span(0, 1), "x"), 1.0, None) for i in self.ids)
            for _ in texts
        )

    def state(self):
        return CollectionState(len(self.ids), "2026-01-01" if self.ids else "", self.digest, (self.name,))  # fmt: skip


def test_candidates_of_all_come_once_and_states_add_up():
    problems = []
    both = together(
        [Fixed("collection", "a", "b", digest="d1"), Fixed("wiki", "b", "c")],
        problems=problems,
        also=["checks"],
    )
    (found,) = both.candidates_of_each(["x"], limit=5)
    assert [c.passage.id for c in found] == ["a", "b", "c"]
    assert both.state() == CollectionState(4, "2026-01-01", "d1", ("collection", "wiki", "checks"))


def test_a_source_that_fails_is_reported_and_the_others_answer():
    problems = []
    both = together([Fixed("wiki", fails=True), Fixed("collection", "a")], problems=problems)
    found = both.candidates_of_each(["x", "y"], limit=5)
    assert [len(one) for one in found] == [1, 1]
    assert [(p.stage, p.error) for p in problems] == [("wiki", "NetworkError")]


def test_nothing_together_is_nothing():
    assert together([], problems=[]) is None


def answer(n, retrieved="2026-11-26T10:00:00Z", query="q"):
    import hashlib

    body = str(n).encode()
    digest = hashlib.sha256(body).hexdigest()
    return Answer("s", query, "https://s.example/", retrieved, "text/plain", digest, body)


class InMemory:
    def __init__(self, *answers):
        self.answers = answers

    def of(self, source, query):
        return tuple(a for a in reversed(self.answers) if (a.source, a.query) == (source, query))


def test_the_cited_answer_is_repeated_then_the_nearest_then_the_newest():
    first, second, third = (answer(n, f"2026-11-{20 + n}T10:00:00Z") for n in (1, 2, 3))
    store = InMemory(first, second, third)
    assert Kept(store, frozenset({first.digest}))("s", "q", "") == first
    assert Kept(store, near="2026-11-22T11:00:00Z")("s", "q", "") == second
    assert Kept(store)("s", "q", "") == third
    with pytest.raises(NetworkError, match="no answer of s to 'other' is kept"):
        Kept(store)("s", "other", "")


def test_a_record_is_repeated_from_the_store_when_the_wiki_has_changed(tmp_path):
    with serving(wiki) as (port, _):
        settings = settings_for(tmp_path, port)
        before, _ = asked(settings, CLAIM)
    # Nobody listens any more: the answers can only come from the store.
    record = made_record(before)
    after, problems = asked(settings, CLAIM, repeated=record)
    assert problems == []
    assert after == before
    assert after[0][0].passage.text == ARTICLE


def made_record(found):
    import onrecord
    from onrecord.record import Evidence
    from onrecord.terms import EvidenceStance

    record = onrecord.check_text("The Harrow bridge was opened in 1961, the town said.")
    evidence = Evidence("e", "c", found[0][0].passage, EvidenceStance.NEUTRAL, 1.0, 1)
    return dataclasses.replace(record, evidence=(evidence,))


def test_the_store_gives_an_answer_back_as_it_went_in(tmp_path):
    store = KeptAnswers(tmp_path)
    store.keep(answer(1))
    store.keep(answer(2))
    store.keep(answer(2))
    assert store.of("s", "q") == (answer(2), answer(1))
    assert store.of("s", "other") == ()


@pytest.mark.parametrize("url", ["", "wiki.example", "ftp://wiki.example/", "http://[::1", "http://a:x/"])  # fmt: skip
def test_an_address_that_is_none_is_a_wrong_setting(url):
    with pytest.raises(SettingsError, match="mediawiki"):
        live_names(Settings(sources=SourceSettings(mediawiki=(url,))))


def test_a_field_of_an_answer_is_one_printable_line():
    assert text("a\n\tb\x1b[2J\u202ec" + "d" * 5_000, most=10) == "a b [2J c"[:10] + "d"
    assert text(3) == ""
