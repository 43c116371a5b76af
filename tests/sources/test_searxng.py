"""A search engine as a source of evidence, played by a server on loopback."""

from __future__ import annotations

import time

import pytest

from onrecord.live import live_sources
from onrecord.settings import FetchSettings, Settings, SourceSettings
from onrecord.sources.found import visible_text
from onrecord.sources.searxng import SNIPPET
from tests.sources.played import PAGE, search
from tests.sources.server import serving

CLAIM = "The Harrow bridge was opened in 1961."


def asked(folder, port, *claims, **fetch):
    settings = Settings(
        folder=str(folder),
        fetch=FetchSettings(**{"ports": (port,), "allowed_addresses": ("127.0.0.1",)} | fetch),
        sources=SourceSettings(searxng=(f"http://127.0.0.1:{port}/search",)),
    )
    problems = []
    (source,) = live_sources(settings, problems=problems)
    return source.candidates_of_each(claims, limit=5), problems


def playing(answer_of_port):
    """Serves an answer that needs to know its own port."""
    known = {}

    def answer(said):
        return answer_of_port(known["port"])(said)

    return known, answer


def result(port, path="/page", content="The bridge <b>opened</b> in 1961."):
    return {"url": f"http://127.0.0.1:{port}{path}", "title": "Bridge notes", "content": content}


def found_with(folder, results, answer=None, **fetch):
    known, base = playing(lambda port: search(results(port)))
    whole = base if answer is None else (lambda said: answer(said) or base(said))
    if hasattr(answer, "robots"):
        whole.robots = answer.robots
    with serving(whole) as (port, requests):
        known["port"] = port
        found, problems = asked(folder, port, CLAIM, **fetch)
    return found[0], problems, requests


def test_the_pages_found_are_read_with_title_and_date(tmp_path):
    found, problems, requests = found_with(tmp_path, lambda port: [result(port)])
    assert problems == []
    assert requests[0].query == {"q": "The Harrow bridge was opened in 1961", "format": "json"}
    passage = found[0].passage
    assert "spring of 1961" in passage.text
    assert passage.title == "Bridge notes"
    assert passage.date == "2025-05-06"
    assert passage.source.startswith("searxng:127.0.0.1:")
    assert not passage.source.endswith(SNIPPET)
    assert len(passage.digest) == 64


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("gone", lambda said: (404, "text/html", b"no")),
        ("picture", lambda said: (200, "image/png", b"\x89PNG1234")),
        ("empty", lambda said: (200, "text/html", b"<html></html>")),
        ("away", lambda said: (302, "text/html", b"", [("Location", "http://127.0.0.2/admin")])),
        ("file", lambda said: (302, "text/html", b"", [("Location", "file:///etc/passwd")])),
    ],
)
def test_the_words_of_the_result_stand_in_for_a_page_that_cannot_be_read(tmp_path, name, page):
    def answer(said):
        return page(said) if said.path == "/page" else None

    found, problems, _ = found_with(tmp_path, lambda port: [result(port)], answer)
    assert problems == []
    assert [c.passage.text for c in found] == ["The bridge opened in 1961."]
    assert found[0].passage.source.endswith(SNIPPET)


def test_robots_txt_is_asked_for_pages_and_not_for_the_search(tmp_path):
    def answer(said):
        return None

    answer.robots = lambda _: (200, "text/plain", b"User-agent: *\nDisallow: /")
    found, problems, requests = found_with(tmp_path, lambda port: [result(port)], answer)
    assert problems == []
    assert [said.path for said in requests] == ["/search"]
    assert found[0].passage.source.endswith(SNIPPET)


def test_a_page_on_loopback_is_refused_where_only_the_search_may_be_there(tmp_path):
    found, problems, requests = found_with(
        tmp_path, lambda port: [result(port)], allowed_addresses=()
    )
    assert problems == []
    assert [said.path for said in requests] == ["/search"]
    assert found[0].passage.source.endswith(SNIPPET)


def test_a_slow_page_costs_one_time_out_and_its_words_remain(tmp_path):
    def answer(said):
        def drops():
            for _ in range(60):
                time.sleep(0.05)
                yield b"<p>"

        return (200, "text/html", drops()) if said.path == "/page" else None

    began = time.monotonic()
    found, _, _ = found_with(tmp_path, lambda port: [result(port)], answer, timeout_seconds=0.5)
    assert time.monotonic() - began < 5
    assert found[0].passage.source.endswith(SNIPPET)


def test_scripts_of_a_snippet_do_not_come_through(tmp_path):
    content = 'The bridge<script>alert("x")</script> opened<img src=x onerror=alert(1)> in 1961.'
    found, _, _ = found_with(
        tmp_path, lambda port: [result(port, "/x", content)], allowed_addresses=()
    )
    assert found[0].passage.text == "The bridge opened in 1961."


SNIPPETS = [
    ("<script>a</script>b", "b"),
    ("<script>never ended", ""),
    ("<style>p{}</style>x <!-- y -->z", "x z"),
    ("&lt;b&gt;", "<b>"),
    ("a\x00<b\n>c", "a\x00c"),
    ("<" * 5_000, None),
]


@pytest.mark.parametrize(("markup", "words"), SNIPPETS, ids=range(len(SNIPPETS)))
def test_a_snippet_is_reduced_to_what_is_seen(markup, words):
    seen = visible_text(markup)
    assert len(seen) <= 2_000
    assert words is None or seen == words


def test_addresses_that_are_no_web_page_are_passed_over(tmp_path):
    odd = ["file:///etc/passwd", "javascript:alert(1)", "", None, 7, {"a": 1}]
    found, problems, requests = found_with(
        tmp_path, lambda _: [{"url": url, "content": "x"} for url in odd]
    )
    assert (found, problems, len(requests)) == ((), [], 1)


def test_html_where_json_was_expected_is_a_problem(tmp_path):
    with serving(lambda _: (200, "text/html", PAGE)) as (port, _):
        found, problems = asked(tmp_path, port, CLAIM)
    assert found == ((),)
    assert "no JSON" in problems[0].message
