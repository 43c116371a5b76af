from dataclasses import replace

import pytest

from onrecord.errors import GateError, SettingsError
from onrecord.newsroom.gate import WAIVABLE, SiteFacts, gate, waived
from onrecord.newsroom.ratings import rating_scale
from onrecord.newsroom.review import Account, CitedSource, Contact, Review, ReviewContent
from onrecord.settings import DEFAULT_SCALE
from onrecord.terms import GateOutcome, Role

NOW = "2026-03-14T08:20:00+00:00"
EDITOR = Account("1", "Ada Quill", Role.EDITOR)
SCALE = rating_scale(DEFAULT_SCALE)
SITE = SiteFacts(True, True, True, True, True)
FULL = ReviewContent(
    "The bridge opened in 1961",
    claimant="Tomas Brill",
    rating="True",
    summary="The register agrees.",
    reasoning="The register of 1961 names the day.",
    why="It was said in the council and repeated.",
    sources=(
        CitedSource(
            "Register",
            "https://county.example/register",
            side="for",
            publisher="County",
            is_primary=True,
        ),
        CitedSource(
            "Letter",
            "https://bell.example/l",
            side="against",
            publisher="The Bell",
            interest="none known",
        ),
    ),
    contacts=(
        Contact("Tomas Brill", "telephone", NOW, "What do you rest this on?", is_claimant=True),
    ),
)


def outcomes(content, site=SITE, waivers=()):
    points = gate(Review("r1", content, waivers=waivers), scale=SCALE, site=site)
    return {point.code: point.outcome for point in points}


def failing(content, site=SITE):
    return {
        code for code, outcome in outcomes(content, site).items() if outcome is GateOutcome.FAIL
    }


def test_a_full_check_passes_every_point():
    assert failing(FULL) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rating": "Wrong"}, {"P1"}),
        ({"summary": " "}, {"P1"}),
        ({"sources": ()}, {"P2", "P3", "P4", "P5", "P6"}),
        ({"sources": FULL.sources[:1]}, {"P4", "P6"}),
        ({"sources": (replace(FULL.sources[0], url=""), FULL.sources[1])}, {"P2"}),
        ({"sources": (FULL.sources[0], replace(FULL.sources[1], interest=""))}, {"P5"}),
        ({"why": ""}, {"P7"}),
        ({"contacts": ()}, {"P8"}),
        ({"contacts": (), "claimant": ""}, set()),  # nobody to ask
        ({"claim": "x" * 75}, {"P9"}),
        ({"claim": "x" * 75, "short_claim": "x"}, set()),
        ({"claim": "True: the bridge opened in 1961"}, {"P9"}),
    ],
)
def test_what_is_missing_fails_its_own_point(changes, expected):
    assert failing(replace(FULL, **changes)) == expected


def test_points_of_the_site_are_apart():
    points = gate(Review("r1", FULL), scale=SCALE, site=SiteFacts())
    failed = {point.code for point in points if point.outcome is GateOutcome.FAIL}
    assert failed == {"S1", "S2", "S3", "S4", "S5"}
    assert {point.level for point in points if point.code in failed} == {"site"}


def test_a_waiver_is_printed_with_its_reason():
    review = waived(
        Review("r1", replace(FULL, contacts=())), "P8", reason="he died", account=EDITOR, now=NOW
    )
    [point] = [p for p in gate(review, scale=SCALE, site=SITE) if p.code == "P8"]
    assert (point.outcome, point.reason) == (GateOutcome.WAIVED, "he died")


def test_a_waiver_of_a_point_that_passes_changes_nothing():
    review = waived(Review("r1", FULL), "P8", reason="he died", account=EDITOR, now=NOW)
    assert outcomes(review.content, waivers=review.waivers)["P8"] is GateOutcome.PASS


@pytest.mark.parametrize(
    ("point", "reason", "role"),
    [("P1", "x", Role.EDITOR), ("P8", " ", Role.EDITOR), ("P8", "x", Role.CONTRIBUTOR)],
)
def test_no_waiver_without_reason_right_or_leave(point, reason, role):
    with pytest.raises(GateError):
        waived(Review("r1", FULL), point, reason=reason, account=Account("2", "B", role), now=NOW)


def test_explanation_and_claim_are_never_waived():
    assert not {"P1", "P7", "P9"} & set(WAIVABLE)


@pytest.mark.parametrize(
    "entries", [[], ["True=6"], ["True=x"], ["True", "True=5"], ["=5"], ["True=²"]]
)
def test_a_scale_that_cannot_be_meant_is_refused(entries):
    with pytest.raises(SettingsError, match=r"newsroom\.scale"):
        rating_scale(entries)
