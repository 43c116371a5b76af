"""The quick ways of reading give what the plain ones give."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.read import dom, guard, html, marks
from onrecord.read.language import language_of

_ADDRESSES = st.text("ab/.:;?#&=%-_~+,1A \n", max_size=12)
_BASES = (
    "https://x.example/a.html",
    "http://Ex.example:80/b/c?d#e",
    "https://x.example",
    "https://x.example?q=/",
    "http://u:p@x.example/",
    "https://[::1]/x",
    "HTTP://x.example/b",
)
_SPACES = re.compile(r"[ \t\n\r\f\u00a0\u2000-\u200a\u202f\u3000\x85\u2028\u2029]+")


@given(st.text() | st.text("aBß Éé’–_1²½ſΣİ"))
def test_a_key_holds_the_letters_and_digits_in_lower_case(text):
    assert dom.key(text) == re.sub(r"[\W_]+", "", text).lower()


@given(st.text() | st.text(" a\n\t\x1c\u1680\u205f\u00a0\u2003"))
def test_folded_text_has_one_space_for_each_run(text):
    if dom.BREAK not in text:
        assert dom.folded(text) == _SPACES.sub(" ", text).strip()


@given(st.text(" a\n\t\u1680\u205f\u00a0\u2003ß", min_size=1))
def test_a_folded_piece_keeps_a_space_at_its_ends(text):
    assert dom._folded_piece(text) == _SPACES.sub(" ", text)


@given(st.sampled_from(_BASES), _ADDRESSES | _ADDRESSES.map("/".__add__))
def test_a_link_is_joined_as_the_standard_library_joins_it(base, target):
    if target[:7].lower() not in ("http://", "https:/"):
        assert html._join(base, target) == urljoin(base, target)


@given(st.sampled_from(_BASES), _ADDRESSES)
def test_the_host_of_an_address_is_that_of_its_start(base, rest):
    address = base + rest
    start = html._ORIGIN.match(address)
    if start:
        assert html._host(start[0]) == (urlsplit(address).hostname or "")


@pytest.mark.parametrize(
    ("name", "mark", "is_marked"),
    [
        ("even thread", marks.COMMENT_ONE, True),
        ("even thread-even", marks.COMMENT_ONE, True),
        ("even x thread", marks.COMMENT_ONE, False),
        ("thread", marks.COMMENT_ONE, False),
        ("post category", marks.CHROME, True),
        ("category post", marks.CHROME, False),  # not the last word
        ("category-links post", marks.CHROME, True),
        ("authorName", marks.BYLINE, True),
        ("no-comments", marks.COMMENT, False),
    ],
)
def test_the_marks_of_a_name_are_those_of_its_words_and_two_forms_of_more(name, mark, is_marked):
    assert bool(marks.of("div", name) & mark) is is_marked


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Die Brücke ist sicher und wird am Montag nicht für eine Prüfung geschlossen. ", "de"),
        ("De brug is veilig en wordt op maandag niet gesloten voor een controle. ", "nl"),
        ("The bridge is safe and the council said that it has not been closed. ", "en"),
    ],
)
def test_a_language_is_told_by_its_function_words_or_by_the_classifier(sentence, language):
    assert language_of(sentence * 6) == language


@given(st.lists(st.sampled_from(("<div>", "</div>", "<p>", "</b>", "<b>", "<br>", "</p>", "x"))))
def test_tags_in_any_order_are_counted_alike_with_and_without_a_cut(parts):
    markup = "".join(parts)
    _, cuts = guard._cut(markup)
    assert guard._is_within_caps(markup) is (not cuts)
