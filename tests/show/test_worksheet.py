from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from onrecord.show.markdown import markdown
from onrecord.show.worksheet import worksheet
from tests.show.hostile import poisoned, some_payloads
from tests.show.judged import judged
from tests.show.made import bare, bridge, empty, saved_text
from tests.strategies import records, whole_records

GOLDEN = Path(__file__).parent / "golden"

# What the sheet's own form is made of; anything else came from the page.
OWN = {
    *("heading_open", "heading_close", "bullet_list_open", "bullet_list_close"),
    *("list_item_open", "list_item_close", "paragraph_open", "paragraph_close", "inline"),
    *("text", "strong_open", "strong_close", "text_special", "softbreak"),
    *("link_open", "link_close"),
}


def tokens(text):
    for token in (
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    ):
        yield token
        yield from token.children or ()


def assert_plain(text):
    for token in tokens(text):
        assert token.type in OWN, (token.type, token.content)
        if token.type == "link_open":
            assert token.info == "auto"
            assert str(token.attrs["href"]).lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("bridge", bridge()),
        ("saved_text", saved_text()),
        ("bare", bare()),
        ("empty", empty()),
        ("judged", judged()),
    ],
)
def test_worksheet_is_the_stored_one(golden, name, record):
    golden(worksheet(record), GOLDEN / f"worksheet_{name}.md")


def test_working_copy_of_the_worksheet_is_the_stored_one(golden):
    golden(worksheet(judged(), working_copy=True), GOLDEN / "worksheet_judged_working_copy.md")


@whole_records
@given(records(), st.booleans())
def test_any_record_gives_a_sheet_of_its_own_form_only(record, working_copy):
    assert_plain(worksheet(record, working_copy=working_copy))


@pytest.mark.parametrize(
    "words",
    [
        *("[a](javascript:x)", "![a](http://x)", "<b>x</b>", "&lt;", "**a**", "`a`", "~~a~~"),
        *("$a$", "http://x.example", "www.x.example", "a@b.example", "| a | b |", "a\n# b\n- c"),
        *("[277]: http://x", "<!-- x", "\\[a](b)", "a\\", "\u2028# x", "<http://x>"),
    ],
)
def test_words_of_the_page_show_as_they_stand(words):
    page = replace(bridge().page, truncated=(words,))
    assert_plain(worksheet(replace(bridge(), page=page)))
    rendered = "".join(t.content for t in tokens(f"x {markdown(words)} x") if t.type != "inline")
    assert rendered == f"x {' '.join(words.split())} x"


def test_hostile_strings_show_as_text_wherever_they_stand(shared):
    for payload in some_payloads(shared, 60):
        assert_plain(worksheet(poisoned(payload), working_copy=True))


N_PARTS = 5


@pytest.mark.soak
@pytest.mark.parametrize("part", range(N_PARTS))
def test_every_hostile_string_shows_as_text_wherever_it_stands(shared, part):
    for payload in some_payloads(shared, None)[part::N_PARTS]:
        assert_plain(worksheet(poisoned(payload), working_copy=True))


def test_denied_words_stand_behind_denied():
    rows = [row for row in worksheet(bridge()).splitlines() if "“the bridge cost twenty" in row]
    assert rows
    assert all(row.strip().startswith("- denied:") for row in rows)
