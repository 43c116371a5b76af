from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.masks import masked

CASES = [
    # A name of both texts becomes a placeholder in both.
    ("Falk closed it.", "Then Falk closed it.", "Smith closed it.", "Then Smith closed it."),
    # Several, in the order of the claim.
    ("Falk met Holm.", "Holm and Falk met.", "Smith met Johnson.", "Johnson and Smith met."),
    # A possessive keeps its ending.
    ("Falk's bridge fell.", "Falk built it.", "Smith's bridge fell.", "Smith built it."),
    # A name of one text only stays: it is what the texts differ in.
    ("Falk closed it.", "Holm closed it.", "Falk closed it.", "Holm closed it."),
    # A word that is written small somewhere is no name.
    ("Rose fell.", "Rose said prices rose.", "Rose fell.", "Rose said prices rose."),
    # Months and nationhood words carry meaning.
    ("In May it closed.", "It closed in May.", "In May it closed.", "It closed in May."),
    # A placeholder that stands in a text is not used for another name.
    ("Falk met Smith.", "Falk met nobody.", "Johnson met Smith.", "Johnson met nobody."),
    ("", "", "", ""),
]


@pytest.mark.parametrize(("claim", "passage", "claim_after", "passage_after"), CASES)
def test_shared_names_are_masked_alike(claim, passage, claim_after, passage_after):
    assert masked(claim, passage) == (claim_after, passage_after)


def test_past_twelve_shared_names_the_rest_stays():
    names = [f"Nam{letter * 3}" for letter in "abcdefghijklmn"]
    claim, _ = masked(" ".join(names), " ".join(names))
    assert claim.split()[-2:] == names[-2:]
    assert not set(claim.split()[:12]) & set(names)


PEOPLE = st.sampled_from(["Falk", "Holm", "Lind", "Brandt", "Okoye", "Castellan"])


@given(PEOPLE, PEOPLE)
def test_the_masked_texts_do_not_depend_on_whose_name_it_is(one, other):
    def texts(name):
        return masked(f"{name} closed the bridge.", f"On Monday {name} opened the bridge.")

    assert texts(one) == texts(other)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_masked_without_error(claim, passage):
    masked(claim, passage)
