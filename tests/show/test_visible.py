from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.show.visible import _cells, _shown, cells, clipped, indented, line, visible, wrapped

SHOWN = [
    ("plain", "a “b”", "a “b”"),
    ("escape", "\x1b[2J", "␛[2J"),
    ("null_and_delete", "\x00\x7f", "␀␡"),
    ("line_end_stays", "a\nb", "a\nb"),
    ("tab_and_return", "a\tb\rc", "a b c"),
    ("separators", "a\u2028b\u2029c", "a b c"),
    ("c1", "\x9b31m", "\ufffd31m"),
    ("direction", "\u202eabc\u2066", "⟨U+202E⟩abc⟨U+2066⟩"),
    ("surrogate", "a\ud800b", "a\ufffdb"),
    ("noncharacter", "\ufdd0\uffff\U0001ffff", "\ufffd\ufffd\ufffd"),
    ("joined_emoji_stays", "\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
    ("arabic_stays", "مرحبا", "مرحبا"),
]


@pytest.mark.parametrize(("text", "expected"), [r[1:] for r in SHOWN], ids=[r[0] for r in SHOWN])
def test_what_does_something_is_shown_instead(text, expected):
    assert visible(text) == expected


def test_every_character_is_shown_and_counted_as_it_is_alone():
    every = [chr(code) for code in range(0x110000)]
    assert visible("".join(every)) == "".join(map(_shown, every))
    assert all(cells(one) == _cells(one) for one in every)


@given(st.text(st.characters()))
def test_one_line_has_no_control_character_and_can_be_written(text):
    shown = line(text)
    assert shown == " ".join(shown.split())
    assert all(
        character.isprintable() or character.isspace() or ord(character) > 0xA0
        for character in shown
    )
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("a\u200bb", 2), ("", 0)]
)
def test_width_counts_columns(text, width):
    assert cells(text) == width


@given(st.text(max_size=60), st.integers(4, 30))
def test_cut_text_fits_and_begins_as_the_text(text, width):
    cut = clipped(line(text), width)
    assert cells(cut) <= width
    assert line(text).startswith(cut.removesuffix("…").rstrip()) or not cut.strip("… ")


@given(st.text(max_size=80), st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    text = line(text)
    lines = wrapped(text, width)
    assert all(cells(one) <= width for one in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(max_size=200), st.integers(30, 60), st.integers(1, 3))
def test_indented_lines_fit_and_are_no_more_than_asked_for(text, width, most):
    lines = indented(line(text), width, first="  a ", rest="    ", most=most)
    assert len(lines) <= most
    assert all(cells(one) <= width for one in lines)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("text", ["x" * 1_000_000, "x " * 500_000, "字" * 1_000_000])
def test_a_megabyte_is_shown_in_linear_time(text):
    assert cells(clipped(line(text), 100)) <= 100
    assert all(cells(one) <= 80 for one in wrapped(line(text), 80))
