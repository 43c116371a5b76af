from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record import Claim, FactCheck, HeadlineCheck, Match, Problem
from onrecord.show.terminal import terminal
from onrecord.show.visible import cells
from onrecord.span import Span
from onrecord.terms import ClaimKind, HeadlineFinding, MatchRelation
from tests.show.judged import judged
from tests.show.made import bare, bridge, empty, found, saved_text
from tests.strategies import records, whole_records

GOLDEN = Path(__file__).parent / "golden"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def shown(record, *, everything=False, width=80):
    return terminal(record, everything=everything, width=width)


@pytest.mark.parametrize(
    ("name", "record", "width", "everything"),
    [
        ("bridge_80", bridge(), 80, False),
        ("bridge_120", bridge(), 120, False),
        ("bridge_all_80", bridge(), 80, True),
        ("saved_text_80", saved_text(), 80, False),
        ("bare_80", bare(), 80, False),
        ("empty_80", empty(), 80, False),
        ("judged_80", judged(), 80, False),
        ("judged_all_100", judged(), 100, True),
    ],
)
def test_terminal_output_is_the_stored_one(golden, name, record, width, everything):
    text = shown(record, everything=everything, width=width)
    golden(text, GOLDEN / f"terminal_{name}.txt")


@whole_records
@given(records(), st.sampled_from([60, 80, 120]), st.booleans(), st.booleans())
def test_any_record_is_shown_within_the_width_and_without_steering(
    record, width, everything, styled
):
    text = terminal(record, everything=everything, width=width, styled=styled)
    plain = re.sub("\x1b\\[[01]m", "", text)
    assert all(cells(line) <= width for line in plain.split("\n"))
    assert not STEERING.search(plain)
    assert text.endswith("\n")


def test_findings_come_before_who_carries_the_body_and_the_statements():
    text = shown(bridge())
    places = [text.index(part) for part in ("LOOK HERE FIRST", "WHO CARRIES", "STATEMENTS")]
    assert places == sorted(places)
    assert text.index("states as fact what the body only attributes") < places[1]


def test_denied_words_are_never_shown_as_said_by_the_one_who_denies():
    rows = [line for line in shown(bridge(), width=120).splitlines() if "Ada Quill" in line]
    for row in rows:
        if "bridge cost twenty million" in row:
            assert "denied" in row
    assert any("Ada Quill denied" in row for row in rows)


def test_one_origin_is_told_as_it_is_and_a_source_without_a_name_with_its_reason():
    text = shown(bridge())
    assert "It rests on one origin: Bram Holloway." in text
    assert "the page gives this reason: “because the" in text
    assert "fault" not in text.lower()


def test_a_page_that_hides_nothing_asks_for_no_look():
    record = replace(
        bridge(),
        headline=HeadlineCheck(
            frozenset({HeadlineFinding.FAITHFUL}), found(bridge().page, "Council")
        ),
        sourcing=replace(bridge().sourcing, central=None),
        badges=(),
    )
    text = shown(record)
    assert "Nothing here asks for a first look." in text
    assert "The headline says what the body says" in text
    assert "Labels that say the page was checked: none found." in text


def test_not_run_and_none_found_read_differently():
    assert "STATEMENTS  not run" in shown(bare())
    nothing = replace(empty(), sentence_voices=())
    assert "STATEMENTS  none found" in shown(nothing)


def test_a_stage_that_failed_is_told_with_its_reason():
    record = replace(bridge(), headline=None, problems=(Problem("headline", "X", "no title"),))
    text = shown(record)
    assert "Not done: headline: no title" in text
    assert "not compared with the body" not in text


def test_a_saved_text_says_what_cannot_be_seen_and_what_would_help():
    text = shown(saved_text(), width=120)
    assert "links and markup cannot be seen" in text
    assert "Give the page's address instead of the saved text to look further." in text


def test_an_earlier_check_is_named_with_its_rating_and_address():
    record = bridge()
    span = found(record.page, "The river has flooded four times since March.")
    claim = Claim("c1", span, None, True, None, 0.8, ClaimKind.QUANTITY, 1, ("has a number",))
    check = FactCheck(
        "f1",
        "https://checks.example/7",
        "The Tern flooded four times",
        rating="Half right",
        review_date="2026-05-02T00:00:00Z",
        publisher="Example Checks",
    )
    match = Match("c1", check, MatchRelation.SAME, 0.97, 1)
    text = shown(replace(record, claims=(claim,), matches=(match,)), width=120)
    assert "checked before by Example Checks (2026-05-02)" in text
    assert "its rating: “Half right”" in text
    assert "https://checks.example/7" in text
    assert "CHECK THESE  1 of 1, ranked" in text
    assert f"[{span.start}]" in text


def test_styles_add_nothing_but_codes():
    record = bridge()
    styled = terminal(record, everything=True, width=80, styled=True)
    assert "\x1b[1mLOOK HERE FIRST\x1b[0m" in styled
    assert re.sub("\x1b\\[[01]m", "", styled) == shown(record, everything=True)


def test_markup_of_a_terminal_program_is_printed_as_it_stands():
    record = bridge()
    page = replace(record.page, text=record.page.text.replace("Council", "[red]XX"), url=None)
    text = shown(replace(record, page=page))
    assert "[red]XX Wasted" in text


def test_very_long_names_and_titles_are_cut():
    record = bridge()
    speakers = (replace(record.speakers[0], name="x" * 100_000), *record.speakers[1:])
    text = shown(replace(record, speakers=speakers))
    assert len(text) < 8_000


def test_spans_at_the_end_are_shown():
    record = bridge()
    n = len(record.page.text)
    shown(replace(record, headline=replace(record.headline, title=Span(n, n))))
