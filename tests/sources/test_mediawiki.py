"""A wiki as a source of evidence, played by a server on loopback."""

from __future__ import annotations

import dataclasses
import time

import pytest

from onrecord.live import live_sources
from onrecord.settings import FetchSettings, Settings, SourceSettings
from tests.sources.played import ARTICLE, LICENCE, wiki
from tests.sources.server import serving

CLAIM = "The Harrow bridge was opened in 1961."


def settings_for(folder, port, **fetch):
    return Settings(
        folder=str(folder),
        fetch=FetchSettings(**fetch),
        sources=SourceSettings(mediawiki=(f"http://127.0.0.1:{port}/w/api.php",)),
    )


def asked(settings, *claims, repeated=None):
    problems = []
    (source,) = live_sources(settings, problems=problems, repeated=repeated)
    return source.candidates_of_each(claims, limit=5), problems


def test_an_article_is_found_with_title_address_date_and_licence(tmp_path):
    with serving(wiki) as (port, requests):
        (found,), problems = asked(settings_for(tmp_path, port), CLAIM)
    assert problems == []
    passage = found[0].passage
    assert passage.text == ARTICLE
    assert passage.title == "Harrow Bridge"
    assert passage.url == "https://wiki.example/wiki/Harrow_Bridge"
    assert passage.date == "2026-03-04"
    assert passage.licence.startswith(LICENCE)
    assert passage.source == f"mediawiki:127.0.0.1:{port}"
    assert passage.retrieved.endswith("Z")
    assert len(passage.digest) == 64
    assert found[0].bm25 > 0
    assert [said.query.get("list") for said in requests] == ["search", None]


def test_the_state_names_the_source_and_counts_nothing(tmp_path):
    (source,) = live_sources(settings_for(tmp_path, 9), problems=[])
    assert source.state().sources == ("mediawiki:127.0.0.1:9",)
    assert source.state().n_documents == 0


def test_nothing_is_asked_by_default():
    assert live_sources(Settings(), problems=[]) == ()


def test_names_are_tried_when_all_words_find_nothing(tmp_path):
    def only_names(said):
        if said.query.get("list") == "search" and "opened" in said.query["srsearch"]:
            return 200, "application/json", {"query": {"search": []}}
        return wiki(said)

    with serving(only_names) as (port, requests):
        (found,), _ = asked(settings_for(tmp_path, port), CLAIM)
    assert [c.passage.text for c in found] == [ARTICLE]
    assert requests[1].query["srsearch"] == "Harrow"


def test_an_article_wanted_for_several_claims_is_asked_for_once(tmp_path):
    with serving(wiki) as (port, requests):
        found, _ = asked(settings_for(tmp_path, port), CLAIM, "Harrow has two lanes.")
    assert sum("pageids" in said.query for said in requests) == 1
    assert all(len(one) == 1 for one in found)


def test_a_page_costs_at_most_forty_requests(tmp_path):
    claims = [f"Harrow carried {n} cars in the year {n}." for n in range(60)]
    with serving(wiki) as (port, requests):
        _, problems = asked(settings_for(tmp_path, port), *claims)
    assert len(requests) == 40
    assert "at most 40 times" in problems[0].message


def huge(_said):
    return 200, "application/json", (b"[" + b" " * 1_000_000 for _ in range(6))


def slow(_said):
    def drops():
        for _ in range(100):
            time.sleep(0.05)
            yield b" "

    return 200, "application/json", drops()


HOSTILE = [
    ("broken_json", lambda _: (200, "application/json", b'{"query": {"search": ['), "no JSON"),
    ("html", lambda _: (200, "text/html", b"<html><p>Please log in</p></html>"), "no JSON"),
    ("nested", lambda _: (200, "application/json", b"[" * 200_000), "no JSON"),
    ("not_utf8", lambda _: (200, "application/json", b"\xff\xfe\x00"), "no JSON"),
    ("list", lambda _: (200, "application/json", b"[]"), "no object"),
    ("error", lambda _: (200, "application/json", {"error": {"info": "too many"}}), "too many"),
    ("status", lambda _: (503, "text/html", b"busy"), "503"),
    ("huge", huge, "larger than 4000000 bytes"),
    ("slow", slow, "not done after"),
    (
        "redirect",
        lambda _: (302, "text/html", b"", [("Location", "http://127.0.0.2/admin")]),
        "redirects",
    ),
    ("no_extract", lambda _: (200, "application/json", {"query": {"search": [{"pageid": 1}], "pages": [{}]}}), "TextExtracts"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reason"), [h[1:] for h in HOSTILE], ids=[h[0] for h in HOSTILE])  # fmt: skip
def test_a_bad_answer_is_a_problem_and_the_source_is_left_alone(tmp_path, answer, reason):
    with serving(answer) as (port, requests):
        settings = settings_for(tmp_path, port, timeout_seconds=1.0)
        found, problems = asked(settings, CLAIM, "Harrow has two lanes.")
    assert found == ((), ())
    assert len(problems) == 1
    assert reason in problems[0].message
    assert problems[0].stage == f"mediawiki:127.0.0.1:{port}"
    assert len(requests) <= 2


ODD = [
    {"query": {"search": [{"pageid": True}, {"pageid": -1}, {"pageid": "7"}, 3, None]}},
    {"query": {"search": {"0": {"pageid": 1}}}},
    {"query": None},
    {},
]


@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_an_answer_of_another_shape_finds_nothing(tmp_path, content):
    with serving(lambda _: (200, "application/json", content)) as (port, _):
        (found,), _ = asked(settings_for(tmp_path, port), CLAIM)
    assert found == ()


def test_an_address_of_another_scheme_and_controls_do_not_come_through(tmp_path):
    def odd(said):
        status, kind, body = wiki(said)
        for page in body["query"].get("pages", ()):
            page.update(fullurl="javascript:alert(1)", title="A\x1b[31m\nB\u202e", revisions="x")
        return status, kind, body

    with serving(odd) as (port, _):
        ((candidate,),), _ = asked(settings_for(tmp_path, port), CLAIM)
    assert candidate.passage.url == ""
    assert candidate.passage.title == "A [31m B"
    assert candidate.passage.date == ""


def test_nobody_listening_is_one_problem(tmp_path):
    _, problems = asked(settings_for(tmp_path, 9), CLAIM, "Harrow has two lanes.")
    assert len(problems) == 1
    assert "no connection" in problems[0].message


def test_a_name_that_leads_to_loopback_must_be_allowed(tmp_path):
    with serving(wiki) as (port, requests):
        settings = settings_for(tmp_path, port)
        url = f"http://localhost:{port}/w/api.php"
        settings = dataclasses.replace(settings, sources=SourceSettings(mediawiki=(url,)))
        _, problems = asked(settings, CLAIM)
    assert requests == []
    assert "fetch.allowed_addresses" in problems[0].message


def test_robots_txt_is_not_asked_of_an_interface_that_settings_name(tmp_path):
    def answer(said):
        return wiki(said)

    answer.robots = lambda _: (200, "text/plain", b"User-agent: *\nDisallow: /")
    with serving(answer) as (port, _):
        (found,), problems = asked(settings_for(tmp_path, port), CLAIM)
    assert problems == []
    assert found
