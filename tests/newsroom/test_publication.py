import json
from dataclasses import replace

import pytest

from onrecord.errors import MoveError
from onrecord.newsroom.corrections import retraction
from onrecord.newsroom.publication import DeskName, claim_review, data_feed, publication
from onrecord.newsroom.ratings import rating_scale
from onrecord.newsroom.review import (
    Account,
    CitedSource,
    Review,
    ReviewContent,
    Signature,
    content_digest,
)
from onrecord.settings import DEFAULT_SCALE
from onrecord.terms import ReviewState, Role

NOW = "2026-03-14T08:20:00+00:00"
EDITOR = Account("1", "Ada Quill", Role.EDITOR)
SCALE = rating_scale(DEFAULT_SCALE)
DESK = DeskName("Example Desk", "https://desk.example")
CONTENT = ReviewContent(
    "The bridge opened in 1961",
    claimant="Tomas Brill",
    said_at="https://bell.example/a",
    rating="True",
    summary="The register agrees.",
    reasoning="The register of 1961 names the day.",
    sources=(CitedSource("Register", "https://county.example/register", digest="a" * 64),),
)
REVIEW = Review(
    "42",
    CONTENT,
    ReviewState.PUBLISHED,
    (Signature("1", "Ada Quill", NOW, content_digest(CONTENT)),),
    published=NOW,
    version=1,
)


def public(review=REVIEW, corrections=()):
    return publication(review, gate=(), corrections=corrections, scale=SCALE, desk=DESK)


@pytest.mark.parametrize("state", [s for s in ReviewState if s not in {"published", "retracted"}])
def test_only_what_is_published_or_retracted_has_a_public_form(state):
    with pytest.raises(MoveError, match="no public form"):
        public(replace(REVIEW, state=state))


def test_a_text_that_nobody_signed_is_never_public():
    with pytest.raises(MoveError, match="unsigned"):
        public(replace(REVIEW, content=replace(CONTENT, summary="changed")))


def test_the_markup_has_the_rating_in_words_and_number():
    node = claim_review(public())
    assert node["reviewRating"] == {
        "@type": "Rating", "alternateName": "True", "ratingValue": 5, "worstRating": 1,
        "bestRating": 5, "ratingExplanation": "The register agrees.",
    }  # fmt: skip
    assert node["url"] == "https://desk.example/checks/42"
    assert node["citation"][0]["archivedAt"] == f"https://desk.example/archive/{'a' * 64}"
    assert json.dumps(node)


def test_a_rating_without_a_number_has_none_in_the_markup():
    content = replace(CONTENT, rating="Misleading")
    marks = (replace(REVIEW.signatures[0], content=content_digest(content)),)
    node = claim_review(public(replace(REVIEW, content=content, signatures=marks)))
    assert "ratingValue" not in node["reviewRating"]


def test_a_claim_without_a_claimant_has_no_author():
    content = replace(CONTENT, claimant="")
    marks = (replace(REVIEW.signatures[0], content=content_digest(content)),)
    node = claim_review(public(replace(REVIEW, content=content, signatures=marks)))
    assert "author" not in node["itemReviewed"]


def test_a_retraction_leaves_a_tombstone():
    gone = replace(REVIEW, state=ReviewState.RETRACTED)
    entry = retraction(REVIEW, log=(), reason="The register was forged.", by=EDITOR, now=NOW)
    check = public(gone, (entry,))
    assert check.tombstone == "The register was forged."
    assert claim_review(check) is None
    [element] = data_feed([check], desk=DESK, modified=NOW)["dataFeedElement"]
    assert (element["item"], element["dateDeleted"]) == (None, NOW)


def test_one_signature_is_printed_as_such():
    assert public().is_single_signed
