"""What the public sees of a check, and that a draft is seen nowhere."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import html5lib
import pytest

from onrecord.newsroom.review import (
    CitedSource,
    Review,
    ReviewContent,
    Signature,
    content_digest,
)
from onrecord.record import Capture
from onrecord.store import captures, newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState, Role

NOW = "2026-03-14T08:20:00+00:00"
ACT = Act("1", "test", NOW)
NASTY = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "javascript:alert(1)",
    "]]><!--",
    "\u2028\u2029\u202e\x00\x1b[31m",
    "{{7*7}}{% raw %}${7*7}",
    "=cmd|' /C calc'!A0",
]


def put(office, state=ReviewState.PUBLISHED, review_id="r1", **fields):
    content = ReviewContent(**{"claim": "The bridge opened in 1961", "title": "It did", "rating": "True",
                               "summary": "The register agrees.", "reasoning": "Page 41.", **fields})  # fmt: skip
    marks = (Signature("1", "Ada Quill", NOW, content_digest(content)),)
    review = Review(
        review_id, content, state, marks, created=NOW, changed=NOW, published=NOW, version=1
    )
    newsroom.save(office.engine, review, expected=None, act=ACT)
    return review


def test_a_check_shows_claim_rating_reasoning_signatures_and_the_gate(browser, office):
    put(
        office, sources=(CitedSource("Register", "https://county.example/r", "opened 1961", "for"),)
    )
    page = browser.get("/checks/r1")
    assert page.status_code == 200
    for words in ("The bridge opened in 1961", "True", "Page 41.", "Ada Quill", "One person alone",
                  "https://county.example/r", "opened 1961", "What this check was held to",
                  "not a signatory"):  # fmt: skip
        assert words in page.text
    assert "set-cookie" not in page.headers
    again = browser.get("/checks/r1", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304


def test_the_page_has_exactly_one_claim_review_that_says_the_same(browser, office):
    put(office)
    page = browser.get("/checks/r1").text
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    node = json.loads(script)
    assert node["claimReviewed"] == "The bridge opened in 1961"
    assert node["reviewRating"]["alternateName"] == "True"
    assert node["url"].endswith("/checks/r1")


@pytest.mark.parametrize("state", [s for s in ReviewState if s not in {"published", "retracted"}])
def test_a_draft_is_found_nowhere(browser, office, state):
    put(office, state, title="A secret draft")
    assert browser.get("/checks/r1").status_code == 404
    missing = browser.get("/checks/r2").text
    assert browser.get("/checks/r1").text == missing
    for path in ("/", "/?words=secret", "/feeds/checks.atom", "/feeds/checks.json",
                 "/feeds/claimreview.json", "/feeds/corrections.json", "/corrections"):  # fmt: skip
        assert "secret draft" not in browser.get(path).text


def test_a_retracted_check_leaves_its_tombstone_everywhere(browser, office):
    put(office, ReviewState.RETRACTED)
    page = browser.get("/checks/r1")
    assert page.status_code == 410
    assert "was retracted" in page.text
    assert "ld+json" not in page.text
    [element] = browser.get("/feeds/claimreview.json").json()["dataFeedElement"]
    assert element["item"] is None
    assert "Retracted" in browser.get("/feeds/checks.atom").text


def test_search_finds_by_words(browser, office):
    put(office)
    put(office, review_id="r2", claim="The lake is salt", title="No")
    assert "/checks/r2" in browser.get("/?words=LAKE salt").text
    assert "/checks/r1" not in browser.get("/?words=lake").text
    assert "No check holds these words" in browser.get("/?words=%25").text


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_text_stays_text_on_every_public_page(browser, office, nasty):
    source = CitedSource(nasty, nasty, nasty, "for", nasty, nasty, interest=nasty)
    put(office, claim=nasty, short_claim=nasty, claimant=nasty, said_in=nasty, said_at=nasty,
        title=nasty, rating=nasty, summary=nasty, reasoning=nasty, why=nasty, sources=(source,))  # fmt: skip
    for path in ("/checks/r1", "/", "/corrections"):
        tree = html5lib.parse(browser.get(path).text, namespaceHTMLElements=False)
        assert len(list(tree.iter("script"))) <= 1
        assert not [e for e in tree.iter() if e.tag in {"img", "svg", "iframe"}]
        for element in tree.iter():
            assert not [name for name in element.attrib if str(name).startswith("on")]
            target = element.attrib.get("href", "/")
            assert target.startswith(("/", "#", "http://", "https://"))
    ET.fromstring(browser.get("/feeds/checks.atom").content)
    assert json.loads(browser.get("/feeds/checks.json").content)
    page = browser.get("/checks/r1").text
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(script)["claimReviewed"] == nasty
    assert "49" not in re.sub(r"[0-9a-f]{16,}", "", browser.get("/").text)


def test_a_kept_copy_is_served_only_when_it_is_cited_and_never_as_html(browser, office):
    capture = Capture("https://county.example/r", NOW, "text/html", b"<script>alert(1)</script>")
    kept = captures.keep(office.engine, office.folder, capture=capture)
    assert browser.get(f"/archive/{kept.digest}").status_code == 404
    put(office, sources=(CitedSource("Register", digest=kept.digest),))
    copy = browser.get(f"/archive/{kept.digest}")
    assert copy.content == capture.body
    assert copy.headers["content-type"].startswith("text/plain")
    assert browser.get("/archive/" + "0" * 64).status_code == 404


def test_a_preview_is_marked_and_for_the_desk_alone(sign_in, browser, office):
    put(office, ReviewState.DRAFT, title="A secret draft")
    page = sign_in(Role.READER).get("/desk/reviews/r1/preview").text
    assert "Nothing of this is published" in page
    assert "ld+json" not in page
    assert browser.get("/desk/reviews/r1/preview").status_code == 401


def test_pages_about_the_desk_say_what_the_settings_say(browser):
    assert "Misleading" in browser.get("/method").text
    assert "has not set this page" in browser.get("/organisation").text
