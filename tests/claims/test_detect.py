from __future__ import annotations

import pytest

from onrecord.claims.checkable import kind_of, why_not_checkable
from onrecord.claims.detect import claims
from onrecord.claims.rank import ClaimWeights
from onrecord.claims.signs import signs
from onrecord.record import Attribution, FoundValue, GenreMark, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import (
    AttributionKind,
    AttributionStance,
    ClaimKind,
    Genre,
    NotCheckable,
    RegionKind,
)

CHECKABLE = [
    ("The bridge cost 12 million euros.", None),
    ("Norland has the highest unemployment in the region.", None),
    ("Ann Lee voted against the water bill in 2019.", None),
    ("Three men were arrested in Lydmouth on Friday.", None),
    ("The fire was caused by a broken cable.", None),
    ("Crime has doubled since the mill closed.", None),
    ("Did the bridge cost 12 million euros?", NotCheckable.QUESTION),
    ("The ferry will be back in spring.", NotCheckable.PREDICTION),
    ("We will build a new school.", NotCheckable.PROMISE),
    ("The council should resign.", NotCheckable.PROMISE),
    ("It is a wonderful and inspiring place.", NotCheckable.OPINION),
    ("I think this is outrageous.", NotCheckable.OPINION),
    ("I felt the ground move under me.", NotCheckable.PERSONAL_EXPERIENCE),
    ("Something like that.", NotCheckable.TOO_VAGUE),
    # News: what comes first decides, not a future inside.
    ("Lee wrote that the ferry will be back in spring.", None),
    ("The ferry could be back in spring.", NotCheckable.PREDICTION),
    ("Norland is in danger of losing its last mill.", NotCheckable.PREDICTION),
    ("The hundred will proceed.", NotCheckable.PREDICTION),
    ("The ferry is closed since May.", None),
    ("Lee hopes to open a second shop.", NotCheckable.PROMISE),
    ("This is a piece of Lydmouth's soul.", NotCheckable.OPINION),
    ("Lee cares about farmers.", NotCheckable.OPINION),
    ("I was driving to Lydmouth when the bridge fell.", None),
    ("Come and see.", NotCheckable.TOO_VAGUE),
    ("Photo: Agency.", NotCheckable.TOO_VAGUE),
    ("Norland Bans Night Fishing", None),
    ("The left-wing plan is clearly naive.", NotCheckable.OPINION),
]


@pytest.mark.parametrize(("text", "why_not"), CHECKABLE)
def test_what_can_be_checked_and_why_not(text, why_not):
    assert why_not_checkable(signs(text)) is why_not


KINDS = [
    ("The bridge cost 12 million euros", ClaimKind.QUANTITY),
    ("The flood was caused by the dam", ClaimKind.CAUSE),
    ("The court banned the march", ClaimKind.LAW_OR_RECORD),
    ("The town is bigger than Lydmouth", ClaimKind.COMPARISON),
    ("The mill closed", ClaimKind.EVENT),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_kinds(text, kind):
    assert kind_of(signs(text), said=False) is kind


TEXT = "Bridge opens\n\nThe bridge cost 12 million euros, and the council paid 3 million. Ann Lee said the toll had doubled.\n\nIt is lovely."


def page(text=TEXT):
    regions, start = [], 0
    for number, part in enumerate(text.split("\n\n")):
        kind = RegionKind.TITLE if number == 0 else RegionKind.BODY
        regions.append(Region(kind, Span(start, start + len(part))))
        start += len(part) + 2
    return Page(
        None,
        None,
        "0" * 64,
        "text/plain",
        text,
        tuple(regions),
        Metadata(language=FoundValue("en", "test")),
        None,
        None,
        None,
        GenreMark(Genre.NOT_STATED, ""),
    )


def found(words, text=TEXT):
    start = text.index(words)
    return Span(start, start + len(words))


SENTENCES = (
    found("Bridge opens"),
    found("The bridge cost 12 million euros, and the council paid 3 million."),
    found("Ann Lee said the toll had doubled."),
    found("It is lovely."),
)


def attribution(stance=AttributionStance.ASSERTS):
    return Attribution(
        "a1",
        AttributionKind.INDIRECT,
        found("Ann Lee"),
        found("said"),
        (found("the toll had doubled"),),
        stance=stance,
    )


def run(stance=AttributionStance.ASSERTS, **kwargs):
    return claims(
        page(), SENTENCES, attributions=(attribution(stance),), sentence_voices=None, **kwargs
    )


def texts(made):
    return [claim.span.of(TEXT) for claim in made]


def test_clauses_with_a_verb_of_their_own_are_claims_of_their_own():
    assert {"The bridge cost 12 million euros", "the council paid 3 million"} <= {
        text.rstrip(".") for text in texts(run())
    }


def test_what_was_said_and_that_it_was_said_are_two_claims():
    made = {claim.span.of(TEXT): claim for claim in run()}
    assert made["the toll had doubled"].attribution == "a1"
    assert made["Ann Lee said the toll had doubled"].kind is ClaimKind.QUOTATION


@pytest.mark.parametrize(
    "stance",
    [AttributionStance.DENIES, AttributionStance.QUESTIONS, AttributionStance.UNRESOLVED],
)
def test_what_a_source_does_not_assert_is_not_its_claim(stance):
    assert "the toll had doubled" not in texts(run(stance))


def test_ranks_run_from_one_without_gaps_over_what_can_be_checked():
    made = run()
    ranks = sorted(claim.rank for claim in made if claim.checkable)
    assert ranks == list(range(1, len(ranks) + 1))
    assert all(claim.rank == 0 and claim.why_not for claim in made if not claim.checkable)


def test_a_topic_of_the_desk_moves_a_claim_up_and_says_so():
    made = run(weights=ClaimWeights(topics={"toll": 5.0}))
    first = min((claim for claim in made if claim.rank), key=lambda claim: claim.rank)
    assert "toll" in first.span.of(TEXT)
    assert any(reason.startswith("toll (+5") for reason in first.reasons)


def test_running_twice_gives_the_same_ids():
    assert [claim.id for claim in run()] == [claim.id for claim in run()]


def test_without_attributions_every_sentence_is_the_publishers():
    made = claims(page(), SENTENCES, attributions=None, sentence_voices=None)
    assert all(claim.attribution is None for claim in made)


def test_that_it_was_said_is_worth_what_was_said():
    found_claims = run()
    said = next(c for c in found_claims if c.kind is ClaimKind.QUOTATION)
    content = next(c for c in found_claims if c.span == found("the toll had doubled"))
    assert said.checkworthiness == content.checkworthiness
    assert said.rank > content.rank > 0


def test_the_scorer_is_asked_once_for_a_page():
    asked = []

    def scorer(texts):
        asked.append(tuple(texts))
        return tuple(0.5 for _ in texts)

    run(scorer=scorer)
    assert len(asked) == 1
    assert "the toll had doubled" in asked[0]
    assert "Ann Lee said the toll had doubled" not in asked[0]


def test_reasons_print_the_weights_in_force():
    weights = ClaimWeights(numbers=0.3, topics={"bridge": 2.0})
    reasons = next(c.reasons for c in run(weights=weights) if c.rank == 1)
    assert "a number (+0.30)" in reasons
    assert "bridge (+2.00)" in reasons
