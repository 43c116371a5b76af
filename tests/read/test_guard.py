"""The caps before any parser: linear time, nothing cut without a word, ordinary pages untouched."""

import time

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.read import guard

UNTOUCHED = [
    ("a page", "<!doctype html><html><body><div><p>One<p>Two<br>three</div></body></html>"),
    ("unclosed paragraphs are no depth", "<p>x" * 1_000),
    ("nor are list entries", "<ul>" + "<li>x" * 1_000),
    ("nor table cells", "<table>" + "<tr><td>x<td>y" * 500),
    ("nor void elements", "<br>" * 1_000 + "<svg>" + "<path/>" * 1_000 + "</svg>"),
    ("tags in scripts are words", "<script>" + "'<div>'" * 1_000 + "</script>"),
    ("tags in comments are words", "<!--" + "<div>" * 1_000 + "-->"),
    ("tags in attribute values are words", '<p title="' + "<div>" * 1_000 + '">x'),
    ("a tag cut at the end", "<p>x<a href='"),
    ("less-than signs", "1 < 2 and 3 <4 <" * 1_000),
]


@pytest.mark.parametrize("markup", [c[1] for c in UNTOUCHED], ids=[c[0] for c in UNTOUCHED])
def test_ordinary_markup_is_untouched(markup):
    assert guard.html(markup) == guard.Guarded(markup)


CUT = [
    (
        "deep nesting keeps its words",
        "<div>" * 300 + "END" + "</div>" * 300 + "<p>after",
        "nested deeper",
    ),
    ("end tags that a parser ignores", "<span><div></span>" * 300 + "END after", "nested deeper"),
    ("unclosed inline elements", "<b>x" * 50_000 + "END after", "nested deeper"),
    ("nested tables", "<table><tr><td>" * 300 + "END after", "nested deeper"),
    ("other names", "<svg>" * 150 + "<math>" * 150 + "END after", "nested deeper"),
    (
        "attributes",
        "<p " + " ".join(f"a{i}=1" for i in range(300)) + ">END after",
        "attributes after the first 256",
    ),
    ("a long value", f'<p title="{"x" * 1_500_000}" id=y>END after', "an attribute of more than"),
    ("a long node", "<p>" + "x" * 2_100_000 + "<p>END after", "a stretch of text after"),
    (
        "a long script",
        "<script>" + "x" * 2_100_000 + "</script><p>END after",
        "a script, style or comment",
    ),
]


@pytest.mark.parametrize(("markup", "note"), [c[1:] for c in CUT], ids=[c[0] for c in CUT])
def test_each_cut_is_named(markup, note):
    guarded = guard.html(markup)
    assert note in " ".join(guarded.truncated)
    words = lxml.html.document_fromstring(
        guarded.text, parser=lxml.html.HTMLParser()
    ).text_content()
    assert "END" in words
    assert "after" in words


def test_the_page_is_cut_after_its_last_element():
    guarded = guard.html("<p>x" * 20_000 + "<p>after")
    assert guarded.truncated == ("page after 20000 elements",)
    assert guarded.text == "<p>x" * 20_000


def test_the_page_is_cut_at_its_cap():
    guarded = guard.html(b"<p>" + b"x" * guard.MAX_BYTES)
    assert "page after 10000000 bytes" in guarded.truncated


def test_bytes_are_decoded_and_nul_is_replaced():
    assert guard.html("é\0".encode(), media_type="text/html; charset=utf-8").text == "é\ufffd"
    assert guard.html("a\ud800b").text == "a\ufffdb"


@pytest.mark.parametrize("depth", [199, 200, 201, 254, 255, 256, 300, 2_000, 20_000])
def test_no_depth_loses_words(depth):
    guarded = guard.html("<html><body>" + "<div>" * depth + "END" + "</div>" * depth + "<p>after")
    words = lxml.html.document_fromstring(guarded.text).text_content()
    assert "END" in words
    assert "after" in words


SHAPES = {
    "nesting": lambda n: "<div>" * n,
    "nesting with ignored ends": lambda n: "<span><div></span>" * n,
    "stray ends": lambda n: "<b>" * 150 + "</i>" * n,
    "ranked ends": lambda n: "<span><div>" + "<b>" * 150 + "</span>" * n,
    "less-than": lambda n: "<" * n,
    "open comments": lambda n: "<!--" * n,
    "comment ends": lambda n: "<!--" + "-" * n,
    "open scripts": lambda n: "<script>" * n,
    "script ends": lambda n: "<script>" + "</scrip" * n,
    "attributes": lambda n: "<p " + "a=1 " * n,
    "equals": lambda n: "<p " + "a=" * n,
    "spaces": lambda n: "<p a" + " " * n,
    "slashes": lambda n: "<p" + "/" * n,
    "open quotes": lambda n: "<p a='" * n,
    "mixed quotes": lambda n: "<p a=\"'" * n,
    "declarations": lambda n: "<!" * n,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_time_is_linear(shape):
    """Four times the length takes at most eight times as long: far from the sixteen of a square."""

    def seconds(n: int) -> float:
        markup = shape(n)
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            guard.html(markup)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(40_000) < 8 * seconds(10_000) + 0.02


TAGS = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "<b>",
        "</b>",
        "<table>",
        "<td>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<a b='",
        '"',
        ">",
        "x",
        "<br/>",
        "<svg/>",
        "<",
        "</",
        "\0",
        "é",
    ]
)


@settings(deadline=None)
@given(st.lists(st.one_of(TAGS, st.text(max_size=5)), max_size=80).map("".join), st.integers(1, 4))
def test_small_pages_pass_unchanged_but_for_nul(markup, repeat):
    guarded = guard.html(markup * repeat)
    assert guarded.truncated == ()
    assert guarded.text == (markup * repeat).encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    ).replace("\0", "\ufffd")
