"""What stands behind a label: fifteen rules over small pages built here."""

from __future__ import annotations

import json

import pytest

from onrecord.badges import badges
from onrecord.claimreview import claim_reviews
from onrecord.dates import dates_in
from onrecord.record import (
    BadgeAudit,
    FoundValue,
    GenreMark,
    Image,
    Link,
    MarkupNode,
    Metadata,
    Page,
    Region,
)
from onrecord.span import Span
from onrecord.terms import BadgeOutcome, Genre, RegionKind

HERE = "https://news.example/2026/bridge"
BODY = "The new bridge at Tarn cost 21 million marks, the audit office said on Monday."


def page_of(
    *parts: tuple[str, str],
    links: tuple[tuple[str, str], ...] | None = (),
    images: tuple[Image, ...] | None = (),
    markup: tuple[dict, ...] | None = (),
    url: str | None = HERE,
    authors: tuple[str, ...] = (),
    modified: FoundValue | None = None,
) -> Page:
    """A page of regions, one paragraph each; links are given by words of the text and address."""
    text, regions = "", []
    for kind, words in parts:
        text += "\n\n" if text else ""
        regions.append(Region(RegionKind(kind), Span(len(text), len(text) + len(words))))
        text += words
    found = None
    if links is not None:
        found = tuple(
            Link(
                address,
                words,
                Span(text.index(words), text.index(words) + len(words)) if words in text else None,
                None,
            )
            for words, address in links
        )
    nodes = None
    if markup is not None:
        nodes = tuple(MarkupNode("json-ld", (n["@type"],), json.dumps(n)) for n in markup)
    return Page(
        url=url,
        retrieved=None,
        digest="0" * 64,
        media_type="text/html",
        text=text,
        regions=tuple(regions),
        metadata=Metadata(
            authors=tuple(FoundValue(a, "meta:author") for a in authors), modified=modified
        ),
        links=found,
        images=images,
        markup=nodes,
        genre=GenreMark(Genre.NOT_STATED, ""),
    )


def labelled(label: str, *rest: tuple[str, str], **more) -> Page:
    return page_of(
        ("title", "Bridge at Tarn opens"), ("badge", label), *rest, ("body", BODY), **more
    )


def reviewed(
    rest: tuple[tuple[str, str], ...] = (), label: str = "Fact checked", **changes
) -> Page:
    return labelled(label, *rest, markup=(claim_review(**changes),))


def claim_review(**changes) -> dict:
    node = {
        "@type": "ClaimReview",
        "url": HERE,
        "claimReviewed": "The bridge at Tarn cost 12 million marks",
        "author": {"@type": "Organization", "name": "Example Desk"},
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Ola Brandt"}},
        "reviewRating": {
            "ratingValue": 1,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": "False",
        },
    }
    node.update(changes)
    return {k: v for k, v in node.items() if v is not None}


def outcome(page: Page, code: str) -> str:
    (audit,) = badges(page)
    return {rule.code: rule for rule in audit.rules}[code].outcome.value


CASES = [
    # B1: the claim and a ClaimReview about it
    ("B1", "pass", reviewed()),
    ("B1", "fail", labelled("Fact check: the bridge at Tarn cost 12 million marks")),
    ("B1", "fail", labelled("Fact check: False")),
    ("B1", "cannot_tell", labelled("Fact checked", markup=None, links=None)),
    ("B1", "does_not_apply", labelled("Medically reviewed by Dr Ann Lee")),
    ("B1", "does_not_apply", labelled("Medically reviewed by Dr Ann Lee", markup=None)),
    ("B1", "does_not_apply", labelled("Fact checked")),
    # B2: the ClaimReview's own address
    ("B2", "pass", reviewed()),
    ("B2", "pass", reviewed(url="/checks/7")),
    ("B2", "pass", reviewed(url="https://checks.news.example/7")),
    ("B2", "fail", reviewed(url="https://elsewhere.example/7")),
    ("B2", "cannot_tell", reviewed(url=None)),
    ("B2", "cannot_tell", labelled("Fact checked", markup=None)),
    ("B2", "does_not_apply", labelled("Fact checked")),
    # B3: one ClaimReview on a page
    ("B3", "pass", reviewed()),
    ("B3", "pass", labelled("Fact checked", markup=(claim_review(), claim_review()))),
    (
        "B3",
        "fail",
        labelled(
            "Fact checked", markup=(claim_review(), claim_review(claimReviewed="Tarn is old"))
        ),
    ),
    ("B3", "cannot_tell", labelled("Fact checked", markup=None)),
    ("B3", "does_not_apply", labelled("Fact checked")),
    # B4: where the claim comes from
    ("B4", "pass", reviewed()),
    (
        "B4",
        "pass",
        reviewed(
            itemReviewed={"@type": "Claim", "firstAppearance": {"url": "https://o.example/a"}}
        ),
    ),
    ("B4", "fail", reviewed(itemReviewed=None)),
    ("B4", "fail", reviewed(itemReviewed={"@type": "Claim", "author": {"name": "Example Desk"}})),
    (
        "B4",
        "fail",
        reviewed(itemReviewed={"@type": "Claim", "appearance": [{"url": HERE + "/claim"}]}),
    ),
    (
        "B4",
        "cannot_tell",
        page_of(
            ("badge", "Fact checked"),
            ("body", BODY),
            url=None,
            markup=(claim_review(itemReviewed={"appearance": {"url": "https://o.example/a"}}),),
        ),
    ),
    ("B4", "does_not_apply", labelled("Fact checked")),
    # B5: the rating
    ("B5", "pass", reviewed()),
    ("B5", "pass", reviewed(reviewRating={"alternateName": "Missing context"})),
    ("B5", "fail", reviewed(reviewRating={"ratingValue": "7", "bestRating": "5"})),
    ("B5", "fail", reviewed(reviewRating={"ratingValue": 5, "alternateName": "False"})),
    ("B5", "fail", reviewed(reviewRating={"ratingValue": "1", "alternateName": "True"})),
    ("B5", "fail", reviewed(claimReviewed="FALSE: the bridge at Tarn cost 12 million marks")),
    ("B5", "fail", reviewed(claimReviewed="The bridge at Tarn cost 12 million marks (false)")),
    # a claim may speak of truth without being a rating
    ("B5", "pass", reviewed(claimReviewed="The true cost of the bridge at Tarn is hidden")),
    ("B5", "cannot_tell", reviewed(reviewRating=None)),
    ("B5", "does_not_apply", labelled("Fact checked")),
    # B6: something outside is cited
    (
        "B6",
        "pass",
        labelled("Fact checked", links=(("audit office", "https://audit.example/r.pdf"),)),
    ),
    ("B6", "pass", reviewed(citation=[{"name": "Audit", "url": "https://audit.example/r.pdf"}])),
    ("B6", "fail", labelled("Fact checked")),
    ("B6", "fail", labelled("Fact checked", links=(("audit office", "https://audit.example/"),))),
    ("B6", "fail", labelled("Fact checked", links=(("audit office", "https://news.example/a"),))),
    # a teaser's link is no source of the article
    (
        "B6",
        "fail",
        page_of(
            ("badge", "Fact checked"),
            ("body", BODY),
            ("related", "See also: roads"),
            links=(("See also: roads", "https://roads.example/a"),),
        ),
    ),
    ("B6", "cannot_tell", labelled("Fact checked", links=None)),
    (
        "B6",
        "cannot_tell",
        labelled("Fact checked", url=None, links=(("audit office", "https://audit.example/r"),)),
    ),
    # B7: the cited page holds the quoted words
    (
        "B7",
        "cannot_tell",
        labelled("Fact checked", links=(("audit office", "https://a.example/r"),)),
    ),
    ("B7", "cannot_tell", labelled("Fact checked", links=None)),
    ("B7", "does_not_apply", labelled("Fact checked")),
    # B8: who checked it
    ("B8", "pass", labelled("Fact checked by Ann Lee")),
    ("B8", "pass", labelled("Fact checked", ("byline", "by Ann Lee"))),
    ("B8", "pass", labelled("Fact checked", ("label", "Reviewed by Dr. Ann Lee, cardiologist"))),
    ("B8", "pass", labelled("Medically reviewed by Dr. Ann Lee on 12 May 2026")),
    ("B8", "pass", labelled("Fact-checker: Ann Lee")),
    ("B8", "pass", labelled("Fact checked by the Tarn Audit Institute")),
    ("B8", "fail", labelled("Fact checked")),
    ("B8", "fail", labelled("Fact checked by our editorial team")),
    ("B8", "fail", labelled("Fact checked by Our Editors")),
    # the next line is the article's byline, not the label's
    ("B8", "fail", labelled("Fact checked", ("byline", "By Ann Lee"))),
    ("B8", "fail", labelled("Fact checked by Ann Lee", ("byline", "By Ann Lee"))),
    ("B8", "fail", labelled("Fact checked by Ann Lee", authors=("Ann Lee",))),
    # B9: when
    ("B9", "pass", labelled("Fact checked on 12 May 2026")),
    ("B9", "pass", labelled("Fact checked on 12 May 2026", ("date", "Updated 11 May 2026"))),
    ("B9", "fail", labelled("Fact checked")),
    ("B9", "fail", labelled("Fact checked on 12 May 2026", ("date", "Updated 3 June 2026"))),
    (
        "B9",
        "fail",
        labelled(
            "Fact checked on 12 May 2026", ("correction", "Correction, June 3, 2026: a name.")
        ),
    ),
    # the article's own date on its own line is not the label's
    ("B9", "fail", labelled("Fact checked", ("date", "Published 12 May 2026"))),
    (
        "B9",
        "cannot_tell",
        labelled(
            "Fact checked on 12 May 2026",
            modified=FoundValue("2026-06-03", "meta:article:modified_time"),
        ),
    ),
    ("B9", "cannot_tell", labelled("Fact checked in 2026", ("date", "Updated 3 June 2026"))),
    # B10: corrections or method
    (
        "B10",
        "pass",
        labelled("Fact checked", links=(("Corrections", "https://news.example/corrections"),)),
    ),
    (
        "B10",
        "pass",
        labelled("Fact checked", links=(("here", "https://news.example/how-we-fact-check"),)),
    ),
    (
        "B10",
        "pass",
        labelled(
            "Fact checked",
            markup=({"@type": "NewsArticle", "publishingPrinciples": "https://news.example/p"},),
        ),
    ),
    ("B10", "fail", labelled("Fact checked")),
    ("B10", "cannot_tell", labelled("Fact checked", links=None, markup=None)),
    # B11: where the label leads
    (
        "B11",
        "fail",
        labelled("Fact checked", links=(("Fact checked", "https://news.example/about"),)),
    ),
    (
        "B11",
        "fail",
        labelled(
            "Fact checked", links=(("Fact checked", "https://news.example/editorial-policy"),)
        ),
    ),
    (
        "B11",
        "pass",
        labelled("Fact checked", links=(("Fact checked", HERE),), markup=(claim_review(),)),
    ),
    (
        "B11",
        "cannot_tell",
        labelled("Fact checked", links=(("Fact checked", "https://news.example/checks/bridge-4"),)),
    ),
    ("B11", "cannot_tell", labelled("Fact checked", links=None)),
    ("B11", "does_not_apply", labelled("Fact checked")),
    (
        "B11",
        "does_not_apply",
        labelled(
            "Fact checked by Ann Lee", links=(("Ann Lee", "https://news.example/people/lee"),)
        ),
    ),
    # B12: markup and what a reader sees
    ("B12", "pass", reviewed((("body", "Our rating: False."),))),
    ("B12", "pass", reviewed(label="Fact check: False")),
    ("B12", "fail", reviewed((("body", "Our verdict: true."),))),
    ("B12", "cannot_tell", reviewed()),
    ("B12", "cannot_tell", labelled("Fact checked", markup=None)),
    ("B12", "does_not_apply", labelled("Fact checked")),
    # B13: the same label elsewhere
    ("B13", "cannot_tell", labelled("Fact checked")),
    # B14: the claim in the markup is the article's
    ("B14", "pass", reviewed()),
    ("B14", "fail", reviewed(claimReviewed="Vaccines for cattle contain tiny glass needles")),
    (
        "B14",
        "cannot_tell",
        reviewed(claimReviewed="Ministers secretly planned the bridge at Tarn lake"),
    ),
    ("B14", "cannot_tell", labelled("Fact checked", markup=None)),
    ("B14", "does_not_apply", labelled("Fact checked")),
    # B15: who the reviewer is
    ("B15", "pass", labelled("Medically reviewed by Ann Lee, MD")),
    ("B15", "pass", labelled("Fact checked by Dr. Ann Lee")),
    ("B15", "pass", labelled("Fact checked by Ann Lee, senior editor, on 3 May 2026")),
    (
        "B15",
        "pass",
        labelled(
            "Fact checked by Ann Lee", links=(("Ann Lee", "https://news.example/people/lee"),)
        ),
    ),
    ("B15", "fail", labelled("Fact checked by Ann Lee")),
    ("B15", "cannot_tell", labelled("Fact checked by Ann Lee", links=None)),
    ("B15", "does_not_apply", labelled("Fact checked")),
]


@pytest.mark.parametrize(
    ("code", "expected", "page"),
    [pytest.param(*case, id=f"{i}-{case[0]}-{case[1]}") for i, case in enumerate(CASES)],
)
def test_rule_gives_outcome(code, expected, page):
    assert outcome(page, code) == expected


def test_every_rule_answers_once_and_in_order():
    (audit,) = badges(labelled("Fact checked by Ann Lee on 12 May 2026"))
    assert [rule.code for rule in audit.rules] == [f"B{i}" for i in range(1, 16)]
    assert all(rule.reason for rule in audit.rules)


def test_every_rule_has_a_case_for_each_outcome_it_can_give():
    never = {
        # what no page can show, or what cannot be missing
        "B1": set(), "B2": set(), "B3": set(), "B4": set(), "B5": set(), "B12": set(),
        "B14": set(), "B15": set(), "B11": set(),
        "B6": {"does_not_apply"}, "B10": {"does_not_apply"}, "B9": {"does_not_apply"},
        "B7": {"pass", "fail"}, "B8": {"cannot_tell", "does_not_apply"},
        "B13": {"pass", "fail", "does_not_apply"},
    }  # fmt: skip
    every = {o.value for o in BadgeOutcome}
    for code, impossible in never.items():
        assert {case[1] for case in CASES if case[0] == code} == every - impossible, code


@pytest.mark.parametrize("kind", ["body", "comment", "related", "embed", "boilerplate", "advert"])
def test_same_words_outside_a_badge_region_are_no_label(kind):
    assert badges(page_of(("title", "Bridge opens"), (kind, "Fact checked"))) == ()


@pytest.mark.parametrize(
    ("kind", "words", "label"),
    [
        ("body", "Medically reviewed by Dr. Ann Lee, MD on May 12, 2026", "Medically reviewed by"),
        ("byline", "By Bo Roe | Fact checked by Ann Lee", "Fact checked by Ann Lee"),
        ("credit", "Fact-checked by Ann Lee", "Fact-checked by Ann Lee"),
        # prose that only begins like a label
        ("body", "Reviewed by Ann Lee last week, the plan was dropped.", None),
        ("body", "Fact checked by nobody", None),
        ("comment", "Fact checked by Ann Lee", None),
    ],
)
def test_line_that_is_only_a_label_counts_wherever_the_reader_put_it(kind, words, label):
    audits = badges(page_of(("title", "Bridge opens"), (kind, words), ("body", BODY)))
    assert [audit.label[: len(label)] for audit in audits] == [label] if label else audits == ()


@pytest.mark.parametrize(
    ("alt", "is_label"),
    [
        ("Fact checked", True),
        ("fact-checked badge", True),
        ("Medically reviewed by Dr Ann Lee", True),
        ("Verified", True),
        ("A man is fact-checked by a reporter in the street", False),
        ("Example Fact Check logo", False),
        ("Photo: verified by nobody", False),
        ("", False),
    ],
)
def test_alternative_text_of_an_image_is_a_label_when_it_is_one_whole(alt, is_label):
    page = page_of(("body", BODY), images=(Image("https://news.example/b.png", alt, None),))
    audits = badges(page)
    assert bool(audits) is is_label
    if is_label:
        assert audits[0].image == "https://news.example/b.png"
        assert audits[0].region is None


def test_image_beside_a_comment_is_no_label_of_the_page():
    text = page_of(("body", BODY), ("comment", "So true!"))
    near = text.regions[1].span
    page = page_of(
        ("body", BODY), ("comment", "So true!"), images=(Image("b.png", "Verified", near),)
    )
    assert badges(page) == ()


def test_markup_alone_is_a_label():
    (audit,) = badges(page_of(("body", BODY), markup=(claim_review(),)))
    assert audit.label == "ClaimReview"
    page = page_of(
        ("body", BODY), markup=({"@type": "WebPage", "reviewedBy": {"name": "Ann Lee"}},)
    )
    (audit,) = badges(page)
    assert audit.label == "reviewedBy: Ann Lee"


def test_label_in_two_lines_is_one():
    page = page_of(
        ("badge", "Fact checked"), ("badge", "by Ann Lee on 12 May 2026"), ("body", BODY)
    )
    (audit,) = badges(page)
    rules = {rule.code: rule for rule in audit.rules}
    assert rules["B8"].outcome is BadgeOutcome.PASS
    assert rules["B9"].outcome is BadgeOutcome.PASS


def test_reviewer_and_date_are_shown_by_their_own_words():
    page = labelled("Medically reviewed by Dr. Ann Lee on 12 May 2026")
    (audit,) = badges(page)
    rules = {rule.code: rule for rule in audit.rules}
    assert [s.of(page.text) for s in rules["B8"].spans] == ["Dr. Ann Lee"]
    assert [s.of(page.text) for s in rules["B9"].spans] == ["12 May 2026"]


def test_page_without_label_has_no_audit():
    assert badges(page_of(("title", "Bridge opens"), ("body", BODY))) == ()


def test_claim_review_inside_a_graph_and_broken_nodes_are_read():
    graph = {"@type": "Thing", "@graph": [{"@type": ["NewsArticle"]}, claim_review()]}
    page = page_of(("body", BODY), markup=(graph,))
    broken = MarkupNode("json-ld", ("ClaimReview",), "[" * 100_000)
    (review,) = claim_reviews(
        Page(**{
            **{name: getattr(page, name) for name in Page.__slots__},
            "markup": (broken, *page.markup),
        })
    )  # fmt: skip
    assert review.claim == "The bridge at Tarn cost 12 million marks"
    assert review.rating.value == 1


def test_claim_reviews_of_a_saved_text_are_not_known():
    assert claim_reviews(page_of(("body", BODY), markup=None)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 May 2026", ("2026-05-12", "2026-05-12")),
        ("May 12th, 2026", ("2026-05-12", "2026-05-12")),
        ("Sept. 3, 2026", ("2026-09-03", "2026-09-03")),
        ("2026-05-12T10:00:00Z", ("2026-05-12", "2026-05-12")),
        ("03/04/2026", ("2026-03-04", "2026-04-03")),
        ("13.04.2026", ("2026-04-13", "2026-04-13")),
        ("May 2026", ("2026-05-01", "2026-05-31")),
        ("in 2026", ("2026-01-01", "2026-12-31")),
    ],
)
def test_dates_are_read_as_the_days_they_can_mean(text, expected):
    (found,) = dates_in(text)
    assert (found.first.isoformat(), found.last.isoformat()) == expected


def test_saved_text_with_badge_fails_on_reviewer_and_date_alone(shared):
    case = json.loads((shared / "cases/news_page_with_badge.expected.json").read_text())
    text = (shared / "cases/news_page_with_badge.txt").read_text()
    regions = sorted(
        (Region(RegionKind(r["kind"]), Span(*r["span"])) for r in case["regions"]),
        key=lambda r: r.span,
    )
    bare = page_of(("body", "x"), url=None, links=None, images=None, markup=None)
    fields = {name: getattr(bare, name) for name in Page.__slots__}
    page = Page(**{**fields, "text": text, "regions": tuple(regions)})
    (audit,) = badges(page)
    assert isinstance(audit, BadgeAudit)
    by_outcome = {rule.code: rule.outcome.value for rule in audit.rules}
    assert {code for code, o in by_outcome.items() if o == "fail"} == {"B8", "B9"}
    assert "pass" not in by_outcome.values()
    assert {code for code, o in by_outcome.items() if o == "does_not_apply"} <= {"B15"}
