"""Earlier checks from an API that speaks Google's Fact Check Tools, played on loopback."""

from __future__ import annotations

import logging
import sqlite3

import pytest

from onrecord.errors import SettingsError
from onrecord.factchecks.index import open_library_index
from onrecord.factchecks.match import match_text
from onrecord.live import live_fact_checks, live_names
from onrecord.record import FactCheck
from onrecord.settings import FetchSettings, Settings, SourceSettings
from tests.sources.played import CHECKS
from tests.sources.server import serving

CLAIM = "The Harrow bridge was opened in 1961."
KEY = "k3y/with+signs 0123456789"


def index_for(folder, port, *, problems, library=None, **fetch):
    url = f"http://127.0.0.1:{port}/"
    settings = Settings(
        folder=str(folder),
        fetch=FetchSettings(**fetch),
        sources=SourceSettings(fact_check_tools=url, fact_check_tools_key=KEY),
    )
    return live_fact_checks(settings, library, problems=problems)


def checks(_said):
    return 200, "application/json", CHECKS


def test_a_review_becomes_a_candidate_as_its_publisher_gave_it(tmp_path):
    problems = []
    with serving(checks) as (port, requests):
        found = index_for(tmp_path, port, problems=problems).candidates(CLAIM, limit=10)
    assert problems == []
    assert requests[0].path == "/v1alpha1/claims:search"
    assert requests[0].query["query"] == "The Harrow bridge was opened in 1961"
    assert requests[0].query["key"] == KEY
    (row,) = [candidate.fact_check for candidate in found]
    assert row.claim == "The Harrow bridge was opened in 1961."
    assert row.claimant == "A councillor"
    assert row.claim_date == "2026-05-02"
    assert row.review_date == "2026-05-05"
    assert row.rating == "True"
    assert row.publisher == "Example Desk"
    assert row.rating_value is None


def test_it_stands_beside_the_library_and_repeats_none_of_it(tmp_path):
    library = open_library_index(None, embedder=None)
    own = FactCheck("1" * 16, "https://other.example/1", "The Harrow bridge was opened in 1950.")
    library.add([own])
    with serving(checks) as (port, _):
        index = index_for(tmp_path, port, problems=[], library=library)
        found = index.candidates_of_each([CLAIM, "Goats like salt."], limit=10)
    assert [c.fact_check.publisher for c in found[0]] == ["", "Example Desk"]
    assert found[0][1].bm25 == 0.0
    assert len(index) == 1


def test_a_match_is_found_without_any_library(tmp_path):
    with serving(checks) as (port, _):
        index = index_for(tmp_path, port, problems=[])
        (match,) = match_text(CLAIM, index=index)
    assert match.fact_check.url == "https://desk.example/checks/1"


def shown(error_body):
    return lambda _: (400, "application/json", error_body)


BAD = [
    ("refused", lambda said: (403, "application/json", {"error": {"message": said.target}})),
    ("said", lambda said: (200, "application/json", {"error": {"message": said.query["key"]}})),
    ("target", lambda said: (200, "application/json", {"error": {"message": said.target}})),
    ("echo", lambda said: (302, "text/html", b"", [("Location", said.target)])),
    ("huge", lambda _: (200, "application/json", b" " * 5_000_000)),
    ("html", lambda said: (200, "text/html", f"<p>{said.target}")),
    ("robots", lambda _: (200, "application/json", b"[")),
]


@pytest.mark.parametrize("answer", [bad[1] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_the_key_is_in_no_problem_log_or_store(tmp_path, caplog, answer):
    problems = []
    with caplog.at_level(logging.DEBUG), serving(answer) as (port, _):
        index = index_for(tmp_path, port, problems=problems)
        assert index.candidates(CLAIM, limit=5) == ()
    assert len(problems) == 1
    written = repr(problems) + caplog.text + repr(index) + dumped(tmp_path)
    for form in (KEY, "k3y", "with+signs", "0123456789"):
        assert form not in written


def test_the_key_is_in_no_stored_answer(tmp_path):
    def echo(said):
        claim = {"text": f"Opened {said.query['key']} {said.target}", "claimReview": []}
        return 200, "application/json", {"claims": [claim]}

    with serving(echo) as (port, _):
        index_for(tmp_path, port, problems=[]).candidates(CLAIM, limit=5)
    assert "claims:search" in dumped(tmp_path)
    assert "k3y" not in dumped(tmp_path)


def dumped(folder):
    file = folder / "onrecord.sqlite3"
    if not file.exists():
        return ""
    connection = sqlite3.connect(file)
    try:
        rows = connection.execute("SELECT * FROM answers").fetchall()
    finally:
        connection.close()
    return repr(rows)


def test_a_missing_key_is_said_before_anything_is_asked():
    sources = SourceSettings(fact_check_tools="https://checks.example/")
    with pytest.raises(SettingsError, match="fact_check_tools_key"):
        live_names(Settings(sources=sources))


def test_nothing_is_asked_by_default():
    assert live_fact_checks(Settings(), None, problems=[]) is None


def test_a_source_that_fails_is_a_problem_of_the_record_once(tmp_path):
    from onrecord.compose import open_desk
    from onrecord.record import Capture

    sources = SourceSettings(fact_check_tools="http://127.0.0.1:9/", fact_check_tools_key=KEY)
    stages = tuple(
        (stage, {"attribute": "rules", "claims": "signs"}.get(stage, maker))
        for stage, maker in Settings().stages
    )
    desk = open_desk(Settings(stages=stages, folder=str(tmp_path / "none"), sources=sources))
    capture = Capture(
        None, None, "text/plain", b"Bridge opens\n\nThe bridge cost 12 million euros."
    )
    for _ in range(2):
        record = desk.check(capture)
        assert record.matches == ()
        assert [problem.stage for problem in record.problems] == ["fact_check_tools:127.0.0.1:9"]
