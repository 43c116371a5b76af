from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.reuse.compare import compared
from onrecord.reuse.quotations import MIN_WORDS, quotations
from onrecord.terms import QuotationChange as Q
from onrecord.terms import WordChangeKind
from tests import strategies

FOUND = [
    ("curly", "He said: “we will build the bridge now”.", ["we will build the bridge now"]),
    ("straight", 'He said: "we will build the bridge now".', ["we will build the bridge now"]),
    ("single", "He said: ‘we won’t build the bridge now’.", ["we won’t build the bridge now"]),
    ("angled", "Il dit: «nous allons bâtir le pont bientôt».", ["nous allons bâtir le pont bientôt"]),
    (
        "with a tag between",
        "“We will build the bridge,” she said, “and pay for it.”",
        ["We will build the bridge,” she said, “and pay for it."],
    ),
    ("not closed", "She said: “we will build the bridge now\nAnd so on.", ["we will build the bridge now"]),
    ("a title", "In “Bridges of Ostwick” she sings.", []),
    ("apostrophes", "the dogs' bowls and the cats' milk are in the kids' room", []),
    ("inner marks", "“we will ‘never’ build the bridge now”", ["we will ‘never’ build the bridge now"]),
    ("none", "Nothing was said.", []),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text", "expected"), FOUND, ids=[row[0] for row in FOUND])
def test_quotations_are_found(case, text, expected):
    assert [one.span.of(text) for one in quotations(text)] == expected


WHOLE = "If the county pays, we will not build the bridge before June. Then we will see."
CHANGED = [
    ("the same", WHOLE, ()),
    ("other marks and case", WHOLE.upper().replace(".", "!"), ()),
    ("cut at sentences", "If the county pays, we will not build the bridge before June", ()),
    ("cut in a sentence", "we will not build the bridge before June. Then we", (Q.CROPPED,)),
    ("its negation cut away", "build the bridge before June. Then we will see", (Q.CROPPED, Q.NEGATION_LOST)),
    (
        "negation left out",
        "If the county pays, we will build the bridge before June. Then we will see",
        (Q.WORDS_LEFT_OUT, Q.NEGATION_LOST),
    ),
    (
        "negation put in",
        "If the county never pays, we will not build the bridge before June",
        (Q.WORDS_ADDED, Q.NEGATION_ADDED),
    ),
    (
        "swapped",
        "If the county pays, we will not build the bridge before June. Then will we see",
        (Q.WORDS_MOVED,),
    ),
    (
        "replaced",
        "If the county pays, we will not build the tunnel before June. Then we will see",
        (Q.WORDS_REPLACED,),
    ),
    (
        "a cut that is shown",
        "If the county pays, we will not build […] before June. Then we will see",
        (Q.MARKED,),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "said", "expected"), CHANGED, ids=[row[0] for row in CHANGED])
def test_a_changed_quotation_is_found_with_what_was_changed(case, said, expected):
    ours, theirs = f"“{said}”", f"“{WHOLE}”"
    found = compared(quotations(ours)[0], quotations(theirs)[0], our_text=ours, their_text=theirs)
    assert found is not None
    assert found.changes == expected


SHORT = [
    ("two of eight left out", "another attack by armed women repelled", "another bad attack by armed women was repelled", True),
    ("one of seven left out", "we are aware of the video", "we are all aware of the video", True),
    ("one of seven replaced", "we are aware of that new video", "we are aware of the new video", True),
    ("one of six replaced", "we are aware of the video", "we are aware of the reports", False),
    ("three of nine left out", "another attack by armed women repelled", "another very bad attack by armed women was repelled", False),
]  # fmt: skip


@pytest.mark.parametrize(("case", "ours", "theirs", "is_same"), SHORT, ids=[r[0] for r in SHORT])
def test_one_word_in_four_of_a_short_stretch_may_be_changed(case, ours, theirs, is_same):
    one, two = f"“{ours}”", f"“{theirs}”"
    for a, b in ((one, two), (two, one)):
        found = compared(quotations(a)[0], quotations(b)[0], our_text=a, their_text=b)
        assert (found is not None) is is_same


def test_a_changed_number_is_named():
    ours, theirs = (
        "“the bridge cost 4 million crowns in all”",
        "“the bridge cost 2 million crowns in all”",
    )
    found = compared(quotations(ours)[0], quotations(theirs)[0], our_text=ours, their_text=theirs)
    assert found.changes == (Q.WORDS_REPLACED, Q.NUMBER_CHANGED)


OTHER = [
    ("another matter", "the harbour wall is safe and dry again"),
    ("short and changed", "we are aware of the video"),
    ("three words of ten", "If the mayor pays, they will not close the school before June"),
]


@pytest.mark.parametrize(("case", "said"), OTHER, ids=[row[0] for row in OTHER])
def test_another_quotation_is_not_taken_for_the_same(case, said):
    ours, theirs = (
        f"“{said}”",
        "“we are aware of the reports and we will not build the bridge before June”",
    )
    found = compared(quotations(ours)[0], quotations(theirs)[0], our_text=ours, their_text=theirs)
    assert found is None


sayings = st.lists(st.sampled_from("abcdefghijkl"), min_size=MIN_WORDS, max_size=30)


@settings(deadline=None)
@given(sayings, sayings)
def test_the_steps_tell_both_quotations_in_order(first, second):
    ours, theirs = f"“{' '.join(first)}”", f"“{' '.join(second)}”"
    one, two = quotations(ours)[0], quotations(theirs)[0]
    found = compared(one, two, our_text=ours, their_text=theirs)
    if found is None:
        return
    assert [form for step in found.steps for form in first[slice(*step.ours)]] == first
    told = [form for step in found.steps for form in second[slice(*step.theirs)]]
    assert told == second[slice(*found.theirs)]
    for step in found.steps:
        is_same = step.kind is WordChangeKind.SAME
        assert (first[slice(*step.ours)] == second[slice(*step.theirs)]) is is_same
    assert 0 <= found.similarity <= 1


@given(strategies.texts)
def test_no_text_breaks_the_search_for_quotations(text):
    for one in quotations(text):
        assert 0 <= one.span.start <= one.words.starts[0] < one.words.ends[-1] <= one.span.end


@pytest.mark.timeout(60)
@pytest.mark.parametrize("mark", ['"', "“", "‘", "'", "«", "a' "])
def test_a_text_of_marks_costs_no_square(mark):
    assert quotations(mark * 100_000) == ()
