from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given

from onrecord.read import read
from onrecord.record import Capture, HistoryState, Passage, Record, Reuse, WordChange
from onrecord.show.page import page
from onrecord.show.reuse import reuse_lines, reuse_list, reuse_section
from onrecord.show.terminal import terminal
from onrecord.show.worksheet import worksheet
from onrecord.span import Span
from onrecord.terms import QuotationChange, ReuseDirection, ReuseKind, WordChangeKind
from tests import strategies

TEXT = "Wall\n\n“We will pay for the wall,” she said.\n"


def record(**changes) -> Record:
    shown = read(Capture(None, None, "text/plain", TEXT.encode()))
    start = shown.text.index("We")
    there = "We will not pay for the wall"
    passage = Passage(
        "1-0",
        "1",
        Span(0, len(there)),
        there,
        "An <b>old</b> report",
        "https://a.example/1",
        "2026-10-02",
        "Post",
        source="history",
        retrieved="2026-11-26T08:00:00+00:00",
    )
    diff = (
        WordChange(WordChangeKind.SAME, Span(start, start + 7), Span(0, 7)),
        WordChange(WordChangeKind.LEFT_OUT, Span(start + 8, start + 8), Span(8, 11)),
        WordChange(WordChangeKind.SAME, Span(start + 8, start + 24), Span(12, 28)),
    )
    one = Reuse(
        "a",
        ReuseKind.QUOTATION,
        Span(start, start + 24),
        passage,
        0.83,
        diff=diff,
        changes=(QuotationChange.WORDS_LEFT_OUT, QuotationChange.NEGATION_LOST),
        **changes,
    )
    return Record(shown, reuse=(one,))


def test_a_change_is_shown_word_by_word_in_every_form():
    made = record()
    lines = " ".join(" ".join(reuse_lines(made, 100, everything=False)).split())
    assert "words left out; a negation is missing here" in lines
    assert "“We will [-not-] pay for the wall”" in lines
    html = reuse_section(made, frozenset())
    assert "We will <del>not</del> pay for the wall" in html
    assert "An &lt;b&gt;old&lt;/b&gt; report" in html
    assert any("[-not-]" in line.replace("\\", "") for line in reuse_list(made))


@pytest.mark.parametrize(
    ("direction", "tip"),
    [
        (ReuseDirection.FROM_DOCUMENT, 'marker-start="url(#tip)"'),
        (ReuseDirection.FROM_PAGE, 'marker-end="url(#tip)"'),
        (ReuseDirection.UNDETERMINED, 'class="edge open"'),
    ],
)
def test_the_tree_has_an_arrow_only_where_the_direction_is_known(direction, tip):
    svg = reuse_section(record(direction=direction), frozenset()).split("</svg>")[0]
    assert tip in svg
    assert len(re.findall(r"marker-(?:start|end)=|edge open", svg)) == 1


def test_nothing_found_is_told_apart_from_not_looked_for():
    shown = record().page
    assert reuse_section(Record(shown), frozenset()) == ""
    assert "none found" in reuse_section(Record(shown, reuse=()), frozenset())
    assert "none found" in terminal(Record(shown, reuse=()), everything=False, width=100)
    assert "earlier appearances" in terminal(Record(shown), everything=False, width=100)


STATES = [
    (None, "in the history"),
    (HistoryState(0), "in a history without texts"),
    (HistoryState(1, "2026-10-02", "2026-10-02", "d"), "in 1 text of the history, first seen 2026-10-02"),
    (HistoryState(9, "2026-10-02", "2026-11-05", "d"), "in 9 texts of the history, first seen 2026-10-02 to 2026-11-05"),
    (HistoryState(9, "", "", "d"), "in 9 texts of the history"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "words"), STATES)
def test_every_view_says_in_how_many_texts_was_looked(state, words):
    for reuse in ((), record().reuse):
        made = Record(record().page, history=state, reuse=reuse)
        views = [
            "\n".join(reuse_lines(made, 200, everything=False)),
            reuse_section(made, frozenset()),
            "\n".join(reuse_list(made)),
        ]
        assert all(words in view for view in views)
        assert all(("none found" in view.lower()) is (not reuse) for view in views)


def test_changed_quotations_are_among_the_first_that_a_terminal_shows():
    changed = record().reuse[0]
    same = dataclasses.replace(changed, changes=())
    rows = [dataclasses.replace(same, id=str(n)) for n in range(9)]
    made = Record(record().page, reuse=(*rows, changed))
    shown = " ".join(" ".join(reuse_lines(made, 100, everything=False)).split())
    assert shown.count("a quotation, word for word") == 4
    assert "[-not-]" in shown
    assert "and 5 more: --all" in shown


def test_a_word_diff_is_told_without_colour():
    html = reuse_section(record(), frozenset())
    assert re.search(r"<del>\w+</del> stand there alone|struck words", html)
    assert "<del>not</del>" in html
    assert "[-not-]" in "\n".join(reuse_lines(record(), 100, everything=True))


@strategies.whole_records
@given(strategies.records())
def test_any_record_can_be_shown(made):
    reuse_lines(made, 60, everything=True)
    html = reuse_section(made, frozenset())
    assert "<script" not in html
    assert "\x1b" not in html
    reuse_list(made)


def test_the_page_holds_the_part_and_links_to_the_words():
    html = page(record())
    assert 'href="#reuse"' in html
    assert 'class="tree"' in html
    assert "## Where these words stand elsewhere" in worksheet(record())
