from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.fingerprint import words
from onrecord.reuse.compare import compared
from onrecord.reuse.keys import keys_of
from onrecord.reuse.quotations import quotations
from onrecord.reuse.sift import may_quote

EIGHT = [f"w{i}" for i in range(8)]


def changed(said: list[str], kind: str, at: int) -> list[str]:
    match kind:
        case "left out":
            return said[:at] + said[at + 1 :]
        case "put in":
            return [*said[:at], f"new{at}", *said[at:]]
        case "replaced":
            return [*said[:at], f"new{at}", *said[at + 1 :]]
        case _:
            return said[:at] + said[at : at + 2][::-1] + said[at + 2 :]


KINDS = ("left out", "put in", "replaced", "swapped")


@pytest.mark.parametrize(("first", "second"), list(itertools.product(KINDS, KINDS)))
def test_any_two_changes_leave_a_key_of_eight_words(first, second):
    whole = set(keys_of(EIGHT))
    lost = [
        said
        for one, two in itertools.product(range(8), range(8))
        if not whole & set(keys_of(said := changed(changed(EIGHT, first, one), second, two)))
    ]
    assert lost == []


def test_fewer_than_three_words_have_no_key():
    assert [len(keys_of(EIGHT[:n])) for n in range(5)] == [0, 0, 0, 1, 3]


SIFTED = [
    ("the same words", "We will build the bridge over the wide river.", True),
    ("in another order and case", "OVER THE RIVER, WIDE, WE WILL THE BRIDGE BUILD", True),
    ("two words gone", "We will build the bridge over a river.", True),
    ("marks and accents", "We’ll? We wíll build the brid\u00adge over the wide river.", True),
    ("other words", "They say we build the tunnel under a wide road.", False),
    ("nothing", "", False),
]


@pytest.mark.parametrize(("case", "text", "expected"), SIFTED, ids=[row[0] for row in SIFTED])
def test_a_text_without_the_words_is_not_read(case, text, expected):
    said = quotations("“we will build the bridge over the wide river”")
    assert may_quote(said, text) is expected


forms = st.lists(
    st.sampled_from(["won't", "épée", "a", "bridge", "über", "straße", "9"]), max_size=14
)


@settings(deadline=None)
@given(forms, forms)
def test_no_text_that_compares_is_sifted_out(first, second):
    ours, theirs = f"“{' '.join(first)}”", f"“{' '.join(second)}”"
    for one, two in itertools.product(quotations(ours), quotations(theirs)):
        found = compared(one, two, our_text=ours, their_text=theirs)
        # A part of ours alone may stand there: such a text shares keys enough to be sure.
        if found is not None and len(one.words) <= len(two.words):
            assert may_quote([one], theirs)


@given(st.text(max_size=80))
def test_words_of_any_text_are_found_in_it(text):
    said = quotations(f"“{text} a b c d e f”")
    assert not said or len(words(text)) == 0 or may_quote(said, f"{text} a b c d e f")
