from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import MoveError
from onrecord.newsroom.corrections import (
    BLACKED_OUT,
    PendingCorrection,
    blacked_out,
    changes_between,
    corrected,
    signed_correction,
)
from onrecord.newsroom.review import (
    Account,
    CitedSource,
    Review,
    ReviewContent,
    Signature,
    content_digest,
    counting_signatures,
)
from onrecord.terms import CorrectionKind, ReviewState, Role

NOW = "2026-03-14T08:20:00+00:00"
EDITOR = Account("1", "Ada Quill", Role.EDITOR)
SECOND = Account("2", "Ben Ostler", Role.EDITOR)
ADMIN = Account("3", "Cora Lane", Role.ADMIN)
CONTENT = ReviewContent(
    "The bridge opened in 1961",
    reasoning="The register on page 41 gives 1961, and the contractor agrees.",
    sources=(CitedSource("County register", quote="opened 1961"),),
)
SIGNED = (Signature("1", "Ada Quill", NOW, content_digest(CONTENT)),)
PUBLISHED = Review("r1", CONTENT, ReviewState.PUBLISHED, SIGNED, version=1, published=NOW)
BETTER = replace(CONTENT, reasoning=CONTENT.reasoning.replace("41", "14"))


def pending(content=BETTER, reason="The page number was wrong.", *signers):
    one = PendingCorrection("r1", CorrectionKind.CORRECTION, content, reason, "1", NOW)
    for account in signers:
        one = signed_correction(one, account, now=NOW)
    return one


def test_a_correction_says_what_was_there_before():
    fresh, entry = corrected(
        PUBLISHED, pending(BETTER, "Wrong page.", EDITOR), log=(), n_needed=1, now=NOW
    )
    assert (fresh.content, fresh.version, entry.number) == (BETTER, 2, 1)
    [change] = entry.changes
    assert change.field == "reasoning"
    assert "page 41" in change.before
    assert "page 14" in change.after
    assert len(counting_signatures(fresh)) == 1


@pytest.mark.parametrize(
    ("review", "correction", "needed", "why"),
    [
        (PUBLISHED, pending(BETTER, "Wrong page."), 1, "0 signature"),
        (PUBLISHED, pending(BETTER, "Wrong page.", EDITOR), 2, "1 signature"),
        (PUBLISHED, pending(BETTER, "  ", EDITOR), 1, "reason"),
        (PUBLISHED, pending(CONTENT, "Nothing.", EDITOR), 1, "changes nothing"),
        (
            replace(PUBLISHED, state=ReviewState.DRAFT),
            pending(BETTER, "x", EDITOR),
            1,
            "nothing public",
        ),
        (replace(PUBLISHED, id="r2"), pending(BETTER, "x", EDITOR), 1, "is for review"),
    ],
)
def test_a_correction_that_is_not_allowed_says_why(review, correction, needed, why):
    with pytest.raises(MoveError, match=why):
        corrected(review, correction, log=(), n_needed=needed, now=NOW)


def test_a_signature_under_another_content_does_not_count():
    stale = replace(pending(BETTER, "x", EDITOR), content=replace(BETTER, summary="other"))
    with pytest.raises(MoveError, match="0 signature"):
        corrected(PUBLISHED, stale, log=(), n_needed=1, now=NOW)


def test_two_people_sign_a_correction():
    _, entry = corrected(
        PUBLISHED, pending(BETTER, "x", EDITOR, SECOND), log=(), n_needed=2, now=NOW
    )
    assert entry.by == ("Ada Quill", "Ben Ostler")


def test_a_blackout_shows_the_gap_and_keeps_no_words():
    fresh, entry = blacked_out(
        PUBLISHED, "the contractor", ground="court order", log=(), account=ADMIN, now=NOW
    )
    assert "the contractor" not in repr(fresh.content)
    assert BLACKED_OUT in fresh.content.reasoning
    assert "contractor" not in repr(entry)
    assert len(counting_signatures(fresh)) == 1


@pytest.mark.parametrize(
    ("account", "words", "ground", "why"),
    [
        (EDITOR, "the contractor", "court order", "role 'editor'"),
        (ADMIN, "the contractor", " ", "legal ground"),
        (ADMIN, "the sculptor", "court order", "do not stand"),
        (ADMIN, "", "court order", "no words"),
    ],
)
def test_a_blackout_that_is_not_allowed_says_why(account, words, ground, why):
    with pytest.raises(MoveError, match=why):
        blacked_out(PUBLISHED, words, ground=ground, log=(), account=account, now=NOW)


@given(before=st.text(max_size=200), after=st.text(max_size=200))
def test_equal_contents_have_no_changes_and_others_have(before, after):
    changes = changes_between(ReviewContent(before), ReviewContent(after))
    assert bool(changes) == (before != after)
