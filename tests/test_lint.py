"""The rules about ClaimReview markup: each with a page that keeps it and one that does not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from typer.testing import CliRunner

from onrecord.claimreview_lint import RULES, lint
from onrecord.cli import app
from onrecord.newsroom.review import CitedSource, Contact, ReviewContent, Signature, content_digest
from onrecord.newsroom.review import Review as StoredReview
from onrecord.read import read
from onrecord.record import Capture
from onrecord.settings import DEFAULT_SCALE, NewsroomSettings, Settings
from onrecord.store import newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState
from onrecord.web.app import make_app
from onrecord.web.office import open_office

URL = "https://desk.example/checks/42"
# Rules that one page cannot answer.
OPEN = {"primary-sources", "on-one-page", "several-pages", "no-political-body"}
GOOD = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": URL,
    "claimReviewed": "The bridge cost 12 million euros",
    "datePublished": "2026-11-20",
    "author": {"@type": "Organization", "name": "Example Desk"},
    "itemReviewed": {
        "@type": "Claim",
        "datePublished": "2026-11-01",
        "author": {"@type": "Person", "name": "Cora Lane"},
        "appearance": {"@type": "CreativeWork", "url": "https://news.example/a1"},
    },
    "reviewRating": {
        "@type": "Rating", "alternateName": "False", "ratingValue": 1, "worstRating": 1, "bestRating": 5,
    },
    "citation": [{"@type": "CreativeWork", "url": "https://audit.example/2026.pdf"}],
}  # fmt: skip
BODY = (
    "<p>Our rating: False. The bridge cost 12 million euros, the mayor said in the council in May. "
    'The audited accounts give <a href="https://audit.example/2026.pdf">21.4 million</a>, of which '
    "the county paid a third and the town the rest over four years.</p>"
    "<p>We asked the mayor for her source. She pointed to the first plan of 2019, which was given up "
    "a year later when the piers had to be moved by forty metres.</p>"
)
FOOT = '<footer><a href="/corrections">Corrections</a> <a href="/method">How we work</a></footer>'


def page(node=GOOD, *, body=BODY, foot=FOOT, url=URL, media_type="text/html"):
    nodes = node if isinstance(node, list) else [node]
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in nodes if one
    )
    html = (
        f"<html lang=en><head><title>The bridge cost more</title>{scripts}</head><body><main><article>"
        f"<h1>The bridge cost more</h1>{body}</article></main>{foot}</body></html>"
    )
    return read(Capture(url or None, None, media_type, html.encode()))


def changed(**changes):
    """The good node with other values, `None` takes one out; `a__b` names a value inside."""
    node = json.loads(json.dumps(GOOD))
    for name, value in changes.items():
        *above, last = name.split("__")
        place = node
        for part in above:
            place = place[part]
        if value is None:
            place.pop(last)
        else:
            place[last] = value
    return node


def outcome(made, rule):
    return next(one.outcome.value for one in lint(made) if one.rule.name == rule)


def test_a_good_page_passes_every_rule_that_a_page_can_answer():
    found = {one.rule.name: one.outcome.value for one in lint(page())}
    assert {name for name, said in found.items() if said != "pass"} == OPEN


CASES = [
    ("one-review", page([GOOD, changed(claimReviewed="The lake is salt")]), "fail"),
    ("one-review", page([GOOD, GOOD]), "pass"),  # the same one twice, as two syntaxes give it
    ("one-review", page(None), "fail"),
    ("claim-given", page(changed(claimReviewed=None)), "fail"),
    ("rating-given", page(changed(reviewRating=None)), "fail"),
    ("rating-given", page(changed(reviewRating__alternateName=None)), "fail"),
    ("url-given", page(changed(url=None)), "fail"),
    ("claim-length", page(changed(claimReviewed="a" * 74)), "pass"),
    ("claim-length", page(changed(claimReviewed="a" * 75)), "fail"),
    ("claim-without-rating", page(changed(claimReviewed="False: the bridge cost 12 million")), "fail"),
    ("claim-without-rating", page(changed(claimReviewed="The bridge cost 12 million (FALSE)")), "fail"),
    ("claim-without-rating", page(changed(claimReviewed="A false wall hid the bridge")), "pass"),
    ("url-on-site", page(changed(url="https://www.desk.example/checks/42")), "pass"),
    ("url-on-site", page(changed(url="https://other.example/checks/42")), "fail"),
    ("url-on-site", page(url=""), "cannot_tell"),
    ("url-of-page", page(changed(url=URL + "#review")), "pass"),
    ("url-of-page", page(changed(url="https://desk.example/s/1")), "cannot_tell"),
    ("url-of-page", page(changed(url="https://bit.ly/x")), "fail"),
    ("rating-scale", page(changed(reviewRating__worstRating=0)), "fail"),
    ("rating-scale", page(changed(reviewRating__ratingValue=6)), "fail"),
    ("rating-scale", page(changed(reviewRating__worstRating=5)), "fail"),
    ("rating-scale", page(changed(reviewRating__ratingValue=None)), "does_not_apply"),
    ("words-and-number", page(changed(reviewRating__ratingValue=5)), "fail"),
    ("words-and-number", page(changed(reviewRating__alternateName="Misleading")), "cannot_tell"),
    ("agrees-with-page", page(changed(reviewRating__alternateName="True")), "fail"),
    ("agrees-with-page", page(changed(reviewRating__alternateName="Four Pinocchios")), "cannot_tell"),
    ("agrees-with-page", page(body=BODY.replace("Our rating: False. ", "") + "<p>False</p>"), "pass"),
    ("summary-on-page", page(changed(claimReviewed="Salmon swim at night in winter")), "fail"),
    ("claim-origin", page(changed(itemReviewed=None)), "fail"),
    ("claim-origin", page(changed(itemReviewed={"@type": "Claim", "author": {"name": "Example Desk"}})), "fail"),
    ("claimant-named", page(changed(itemReviewed__author={"@type": "Person"})), "fail"),
    ("claimant-named", page(changed(itemReviewed__author=None)), "does_not_apply"),
    ("sources-cited", page(changed(citation=None), body=re.sub(r"</?a[^>]*>", "", BODY)), "fail"),
    ("sources-cited", page(changed(citation={"url": "https://audit.example/"}), body=re.sub(r"</?a[^>]*>", "", BODY)), "fail"),
    ("corrections-policy", page(foot=""), "fail"),
    ("corrections-policy", page(changed(author__correctionsPolicy="https://desk.example/c"), foot=""), "pass"),
    ("meaning-first", page(changed(reviewRating__alternateName="After a long look at it all: False")), "cannot_tell"),
    ("scale-is-told", page(foot=""), "cannot_tell"),
    ("claim-type", page(changed(**{"itemReviewed__@type": "CreativeWork"})), "fail"),
    ("appearance-given", page(changed(itemReviewed__appearance=None)), "fail"),
    ("claim-date", page(changed(itemReviewed__datePublished="1 November")), "fail"),
    ("reviewer-named", page(changed(author=None)), "fail"),
    ("review-date", page(changed(datePublished=None)), "fail"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "made", "expected"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)]
)
def test_a_rule_says_what_the_page_shows(rule, made, expected):
    assert outcome(made, rule) == expected


def test_every_rule_has_a_page_that_breaks_it_or_is_never_told():
    broken = {rule for rule, _, expected in CASES if expected != "pass"}
    assert {rule.name for rule in RULES} == broken | OPEN


def test_a_failing_rule_says_what_to_do():
    for _, made, _ in CASES:
        for one in lint(made):
            assert one.outcome.value != "fail" or one.advice
            assert one.found


def test_a_saved_text_cannot_tell():
    told = lint(read(Capture(None, None, "text/plain", b"The bridge cost 12 million euros.\n")))
    assert {one.outcome.value for one in told} == {"cannot_tell"}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([*GOOD, "name", "ratingValue", "author", "alternateName", "@type"]), inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([*GOOD, "type", "@id"]), JSON, max_size=8))
def test_any_markup_gets_a_finding_for_each_rule(node):
    found = lint(page(node | {"@type": "ClaimReview"}))
    assert [one.rule for one in found] == list(RULES)


@pytest.mark.parametrize("rating", [entry.partition("=")[0] for entry in DEFAULT_SCALE])
def test_our_own_page_passes_every_rule_with_each_rating(tmp_path, rating):
    file = tmp_path / "page.md"
    file.write_text("# How we work\n", encoding="utf-8")
    told = NewsroomSettings(
        name="Example Desk", url="https://desk.example", method_file=str(file),
        organisation_file=str(file), corrections_file=str(file),
    )  # fmt: skip
    office = open_office(replace(Settings(), folder=str(tmp_path / "desk"), newsroom=told))
    content = ReviewContent(
        "The bridge cost us twelve million, not a cent more, whatever they write in the papers",
        short_claim="The bridge cost twelve million euros", claimant="Cora Lane", rating=rating,
        said_in="Council debate", said_at="https://news.example/a1", said_on="2026-03-01",
        title="What the bridge cost", summary="The audited accounts give 21.4 million.",
        reasoning="The audit of 2026 adds every bill.\n\nThe first plan named twelve million.",
        why="It was said in the council.",
        sources=(
            CitedSource("Audit", "https://audit.example/2026.pdf", "21.4", "against", "The county",
                        is_primary=True),
            CitedSource("A plan", "https://bell.example/plan", "", "for", "The Bell", interest="none"),
        ),
        contacts=(Contact("Cora Lane", "telephone", "2026-03-02", "Why?", is_claimant=True),),
    )  # fmt: skip
    now = "2026-03-14T08:20:00+00:00"
    marks = tuple(Signature(n, n, now, content_digest(content)) for n in ("Ada", "Ben"))
    review = StoredReview("42", content, ReviewState.PUBLISHED, marks, published=now, version=1)
    newsroom.save(office.engine, review, expected=None, act=Act("1", "test", now))
    client = TestClient(make_app(office), base_url="https://desk.example")
    html = client.get("/checks/42").content
    office.engine.dispose()
    found = lint(read(Capture(URL, None, "text/html", html)))
    not_passed = {f.rule.name for f in found if f.outcome.value not in {"pass", "does_not_apply"}}
    # "Misleading" and its like say neither true nor false: no number stands beside them.
    assert not_passed == OPEN, [f for f in found if f.rule.name in not_passed - OPEN]


def test_the_command_prints_failures_first_and_ends_with_three(tmp_path):
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    script = f'<script type="application/ld+json">{json.dumps(GOOD)}</script>'
    good.write_text(f"<html><head>{script}</head><body>{BODY}{FOOT}</body></html>", "utf-8")
    bad.write_text(f"<html><body>{BODY}</body></html>", "utf-8")
    runner = CliRunner()
    done = runner.invoke(app, ["lint", "--url", URL, str(good)])
    assert done.exit_code == 0, done.output
    assert "23 pass" in done.stdout
    assert "one-review" not in done.stdout
    assert "one-review" in runner.invoke(app, ["lint", "--url", URL, "--all", str(good)]).stdout
    done = runner.invoke(app, ["lint", str(bad)])
    assert done.exit_code == 3
    assert done.stdout.splitlines()[1].startswith("FAIL: one-review (required)")
    told = json.loads(runner.invoke(app, ["lint", "--json", str(bad)]).stdout)
    assert told[0]["page"] == str(bad)
    assert told[0]["findings"][0]["rule"]["name"] == "one-review"


def test_one_reason_for_all_rules_is_said_once(tmp_path):
    text = tmp_path / "a.txt"
    text.write_text("The bridge cost 12 million euros.\n", "utf-8")
    done = CliRunner().invoke(app, ["lint", str(text)])
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 1
    assert "give the page as HTML" in done.stdout


def test_the_guide_names_every_rule():
    guide = Path(__file__).parent.parent / "docs" / "guides" / "markup.md"
    text = guide.read_text("utf-8")
    assert [rule.name for rule in RULES if f"`{rule.name}`" not in text] == []
