"""Moves of a review: the table, and that nothing unsigned is ever published."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import GateError, MoveError
from onrecord.newsroom.review import (
    MOVES,
    Account,
    Circumstances,
    GatePoint,
    Review,
    ReviewContent,
    allowed_moves,
    content_digest,
    counting_signatures,
    edited,
    moved,
    needed_signatures,
    signed,
)
from onrecord.terms import GateOutcome, ReviewState, Role

NOW = "2026-03-14T08:20:00+00:00"
LATER = "2026-03-15T08:20:00+00:00"
EDITOR = Account("1", "Ada Quill", Role.EDITOR)
SECOND = Account("2", "Ben Ostler", Role.EDITOR)
CONTRIBUTOR = Account("3", "Cora Lane", Role.CONTRIBUTOR)
READER = Account("4", "Dov Marsh", Role.READER)
PASSES = (GatePoint("S1", "sources", "page", "links", GateOutcome.PASS, ""),)
FAILS = (GatePoint("S1", "sources", "page", "links", GateOutcome.FAIL, "no source is named"),)
FINE = Circumstances(n_needed=1, gate=PASSES, until=LATER, reason="wrong")


def review(state=ReviewState.DRAFT, **changes):
    return replace(Review("r1", ReviewContent("The bridge opened in 1961"), state), **changes)


def test_the_usual_way_from_draft_to_published():
    one = moved(review(), "hand_in", account=CONTRIBUTOR, now=NOW)
    one = signed(signed(one, EDITOR, now=NOW), SECOND, now=NOW)
    given_two = replace(FINE, n_needed=2)
    one = moved(one, "close_signing", account=EDITOR, now=NOW, given=given_two)
    one = moved(one, "publish", account=EDITOR, now=LATER, given=given_two)
    assert (one.state, one.published, one.version) == (ReviewState.PUBLISHED, LATER, 1)


@pytest.mark.parametrize(
    ("state", "move", "account", "why"),
    [
        (ReviewState.DRAFT, "publish", EDITOR, "state 'draft'"),
        (ReviewState.SIGNED, "publish", CONTRIBUTOR, "role 'contributor'"),
        (ReviewState.SIGNED, "publish", EDITOR, "0 signature"),
        (ReviewState.DRAFT, "hand_in", READER, "role 'reader'"),
        (ReviewState.PUBLISHED, "send_back", EDITOR, "state 'published'"),
        (ReviewState.RETRACTED, "publish", EDITOR, "state 'retracted'"),
        (ReviewState.DRAFT, "burn", EDITOR, "no move 'burn'"),
    ],
)
def test_a_move_that_is_not_allowed_says_why(state, move, account, why):
    with pytest.raises(MoveError, match=why):
        moved(review(state), move, account=account, now=NOW, given=FINE)


def test_a_signature_stops_counting_when_the_text_changes():
    one = signed(review(ReviewState.IN_REVIEW), EDITOR, now=NOW)
    other = edited(one, replace(one.content, rating="False"), account=EDITOR, now=NOW)
    assert counting_signatures(other) == ()


def test_signing_twice_is_one_signature():
    one = signed(review(ReviewState.IN_REVIEW), EDITOR, now=NOW)
    assert len(counting_signatures(signed(one, EDITOR, now=LATER))) == 1


def test_a_failing_point_of_the_gate_stops_publication():
    one = signed(review(ReviewState.IN_REVIEW), EDITOR, now=NOW)
    one = moved(one, "close_signing", account=EDITOR, now=NOW, given=FINE)
    with pytest.raises(GateError, match="S1: no source is named"):
        moved(one, "publish", account=EDITOR, now=NOW, given=replace(FINE, gate=FAILS))
    with pytest.raises(GateError, match="not asked"):
        moved(one, "publish", account=EDITOR, now=NOW, given=replace(FINE, gate=None))


def test_an_embargo_holds_until_its_time():
    one = signed(review(ReviewState.IN_REVIEW), EDITOR, now=NOW)
    one = moved(one, "close_signing", account=EDITOR, now=NOW, given=FINE)
    one = moved(one, "embargo", account=EDITOR, now=NOW, given=FINE)
    with pytest.raises(MoveError, match="embargo"):
        moved(one, "publish", account=EDITOR, now=NOW, given=FINE)
    assert moved(one, "publish", account=EDITOR, now=LATER, given=FINE).version == 1


def test_a_reader_may_make_no_move():
    assert all(allowed_moves(review(state), READER) == () for state in ReviewState)


def test_one_account_publishes_on_one_signature():
    assert [needed_signatures(n) for n in (0, 1, 2, 9)] == [1, 1, 2, 2]


ACTS = st.sampled_from([*MOVES, "sign", "sign again", "edit", "wait"])


@settings(max_examples=300, deadline=None)
@given(
    acts=st.lists(st.tuples(ACTS, st.sampled_from([EDITOR, SECOND, CONTRIBUTOR])), max_size=25),
    needed=st.integers(1, 2),
)
def test_no_sequence_of_moves_publishes_an_unsigned_review(acts, needed):
    one, now = review(), 0
    for number, (act, account) in enumerate(acts):
        now += act == "wait"
        time = f"2026-03-{14 + min(now, 9):02}T00:00:00+00:00"
        given_now = replace(FINE, n_needed=needed, until="2026-03-16T00:00:00+00:00")
        try:
            if act.startswith("sign"):
                one = signed(one, account, now=time)
            elif act == "edit":
                content = replace(one.content, reasoning=f"reasoning {number}")
                one = edited(one, content, account=account, now=time)
            elif act in MOVES:
                one = moved(one, act, account=account, now=time, given=given_now)
        except MoveError:
            continue
        if one.state is ReviewState.PUBLISHED:
            signers = {
                s.account for s in one.signatures if s.content == content_digest(one.content)
            }
            assert len(signers) >= needed
