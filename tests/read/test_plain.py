"""A page saved as plain text or Markdown becomes labelled regions over an unchanged text."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import EmptyPageError
from onrecord.read.plain import plain
from onrecord.record import Capture, Page
from onrecord.terms import Genre, RegionKind


def page_of(text: str, *, markdown: bool = False) -> Page:
    return plain(text, capture=Capture(None, None, "", text.encode()), markdown=markdown)


def kinds(page: Page) -> list[tuple[str, str]]:
    return [(region.kind.value, region.span.of(page.text)) for region in page.regions]


LEAD = "The bridge over the Ossel closed on Monday after two cables were found to be worn through."
SECOND = (
    "Engineers said the work would last until spring and would cost the town two million crowns."
)
THIRD = "Buses go round by the old mill, which adds a quarter of an hour to the way to the station."
ARTICLE = f"{LEAD}\n\n{SECOND}\n\n{THIRD}\n"
BODY = [("body", LEAD), ("body", SECOND), ("body", THIRD)]

CASES = [
    ("title and paragraphs", f"Bridge closes\n\n{ARTICLE}", [("title", "Bridge closes"), *BODY]),
    ("no title", ARTICLE, BODY),
    (
        "byline and date under the title",
        f"Bridge closes\n\nBy Ann Smith and Bo Lee\n3 March 2021\n\n{ARTICLE}",
        [
            ("title", "Bridge closes"),
            ("byline", "By Ann Smith and Bo Lee"),
            ("date", "3 March 2021"),
            *BODY,
        ],
    ),
    (
        "byline and date in one line",
        f"Bridge closes\n\nBy Ann Smith | March 3, 2021\n\n{ARTICLE}",
        [("title", "Bridge closes"), ("byline", "By Ann Smith"), ("date", "March 3, 2021"), *BODY],
    ),
    (
        "label before the title and badge below it",
        f"OPINION\n\nBridge closes\n\n✓ Fact-checked by Cora Vell\n\n{ARTICLE}",
        [
            ("label", "OPINION"),
            ("title", "Bridge closes"),
            ("badge", "✓ Fact-checked by Cora Vell"),
            *BODY,
        ],
    ),
    (
        "label inside the title line",
        f"Opinion: The bridge must open\n\n{ARTICLE}",
        [("label", "Opinion"), ("title", "The bridge must open"), *BODY],
    ),
    (
        "subtitle between title and byline",
        f"Bridge closes\n\nCables worn, says the town\n\nAnn Smith\n\n{ARTICLE}",
        [
            ("title", "Bridge closes"),
            ("subtitle", "Cables worn, says the town"),
            ("byline", "Ann Smith"),
            *BODY,
        ],
    ),
    (
        "dateline of an agency",
        f"Bridge closes\n\nPORT ELM, Ohio (AP) — {ARTICLE}",
        [("title", "Bridge closes"), ("dateline", "PORT ELM, Ohio (AP) —"), *BODY],
    ),
    (
        "bio and byline at the end",
        f"Bridge closes\n\n{ARTICLE}\nAnn Smith\n\nAnn Smith is a reporter at the Ossel Post.\n",
        [
            ("title", "Bridge closes"),
            *BODY,
            ("byline", "Ann Smith"),
            ("bio", "Ann Smith is a reporter at the Ossel Post."),
        ],
    ),
    (
        "furniture, correction, credit, teaser",
        (
            f"Bridge closes\n\nShare on Facebook\n\n{ARTICLE}\nRelated: Ferry sold\n\n"
            "Photo: Dora Quill / Ossel Post\n\nCorrection: An earlier version named the wrong river.\n\n"
            "Subscribe to our newsletter\n"
        ),
        [
            ("title", "Bridge closes"),
            ("boilerplate", "Share on Facebook"),
            *BODY,
            ("related", "Related: Ferry sold"),
            ("credit", "Photo: Dora Quill / Ossel Post"),
            ("correction", "Correction: An earlier version named the wrong river."),
            ("boilerplate", "Subscribe to our newsletter"),
        ],
    ),
    (
        "comments apart, each its own",
        (
            f"Bridge closes\n\n{ARTICLE}\n2 Comments\n\n  1. First one here.\nIt goes on.\n\n  2. Second, Ann Smith said.\n\n"
            "Leave a Reply\n"
        ),
        [
            ("title", "Bridge closes"),
            *BODY,
            ("boilerplate", "2 Comments"),
            ("comment", "First one here.\nIt goes on."),
            ("comment", "Second, Ann Smith said."),
            ("boilerplate", "Leave a Reply"),
        ],
    ),
    (
        "comments with names",
        (
            f"Bridge closes\n\n{ARTICLE}\nComments\n\nEgon says:\nMarch 4, 2021 at 4:15 pm\nTypical.\n\nReply\n\n"
            "Fay Roth says:\nMarch 5, 2021 at 1:00 am\nWhy now?\n"
        ),
        [
            ("title", "Bridge closes"),
            *BODY,
            ("boilerplate", "Comments"),
            ("boilerplate", "Egon says:"),
            ("boilerplate", "March 4, 2021 at 4:15 pm"),
            ("comment", "Typical."),
            ("boilerplate", "Reply"),
            ("boilerplate", "Fay Roth says:"),
            ("boilerplate", "March 5, 2021 at 1:00 am"),
            ("comment", "Why now?"),
        ],
    ),
    (
        "a comment link at the top swallows nothing",
        f"Bridge closes\n\nAnn Smith\n\n3 Comments\n\n{ARTICLE}",
        [("title", "Bridge closes"), ("byline", "Ann Smith"), ("boilerplate", "3 Comments"), *BODY],
    ),
    (
        "short lines in the middle stay body",
        f"Bridge closes\n\n{LEAD}\n\nDaniel Harrow.\n\nWhat now?\n\n{SECOND}\n\n{THIRD}",
        [
            ("title", "Bridge closes"),
            ("body", LEAD),
            ("body", "Daniel Harrow."),
            ("body", "What now?"),
            *BODY[1:],
        ],
    ),
    (
        "a person of the story who is a writer is no bio",
        f"Bridge closes\n\n{LEAD}\n\n{SECOND}\n\nFay Roth is a celebrated author.",
        [("title", "Bridge closes"), *BODY[:2], ("body", "Fay Roth is a celebrated author.")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_lines_become_regions(text, expected):
    assert kinds(page_of(text)) == expected


def test_lines_of_fixed_width_join_to_paragraphs():
    wrapped = "The bridge over the Ossel closed on Monday after two\ncables were found to be worn through and the town\ncalled in the engineers who had built it, a firm of\nthree that has been dissolved for some thirty years."
    page = page_of(f"Bridge closes\n\n{wrapped}\n\n{wrapped}\n")
    assert kinds(page) == [("title", "Bridge closes"), ("body", wrapped), ("body", wrapped)]


def test_only_mark_and_line_ends_are_normalised():
    page = page_of(f"\ufeffBridge closes\r\n\r\n{LEAD}\r{SECOND}")
    assert page.text == f"Bridge closes\n\n{LEAD}\n{SECOND}"


def test_what_a_saved_text_cannot_show_is_none():
    page = page_of(f"Bridge closes\n\n{ARTICLE}")
    assert (page.links, page.images, page.markup, page.metadata.published) == (
        None,
        None,
        None,
        None,
    )
    assert page.metadata.authors == ()


def test_metadata_says_where_it_was_found():
    metadata = page_of(
        f"Bridge closes\n\nBy ANN SMITH, Staff Writer\nUpdated 4 March 2021\n\n{ARTICLE}"
    ).metadata
    assert [(a.value, a.where) for a in metadata.authors] == [("ANN SMITH", "visible:byline")]
    assert metadata.published is None
    assert metadata.modified is not None
    assert metadata.modified.value == "2021-03-04"
    assert metadata.language is not None
    assert metadata.language.value == "en"


@pytest.mark.parametrize(
    ("line", "genre"),
    [
        ("Satire", Genre.SATIRE),
        ("[Press Release]", Genre.PRESS_RELEASE),
        ("FACT CHECK", Genre.FACT_CHECK),
        ("Sponsored Content", Genre.SPONSORED),
        ("Satire is dead", Genre.NOT_STATED),
    ],
)
def test_genre_comes_from_a_label_alone(line, genre):
    assert page_of(f"{line}\n\nBridge closes\n\n{ARTICLE}").genre.genre is genre


def test_markdown_shows_links_images_and_headings():
    text = (
        "---\ntitle: Bridge closes\nauthor: Ann Smith\ndate: 2021-03-03\n---\n"
        f"# Bridge closes\n\n**Fact checked**\n\nSee [the report](https://example.org/r.pdf) of 2020. {LEAD}\n\n"
        f"![Worn cable](cable.jpg)\n\n## What next\n\n{SECOND}\n"
    )
    page = page_of(text, markdown=True)
    assert page.text == text
    assert [k for k, _ in kinds(page)] == ["boilerplate", "title", "badge", "body", "body", "body"]
    assert page.regions[2].span.of(text) == "Fact checked"
    assert page.regions[4].attributes == (("heading", "2"),)
    assert page.links is not None
    assert [(link.url, link.text) for link in page.links] == [
        ("https://example.org/r.pdf", "the report")
    ]
    assert page.images is not None
    assert [(image.url, image.alt) for image in page.images] == [("cable.jpg", "Worn cable")]
    assert [a.value for a in page.metadata.authors] == ["Ann Smith"]
    assert page.metadata.published is not None
    assert page.metadata.published.value == "2021-03-03"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"])
def test_text_without_words_is_refused(text):
    with pytest.raises(EmptyPageError, match="expected an article"):
        page_of(text)


PIECES = st.sampled_from(
    [
        "Fact checked",
        "By Ann Smith",
        "2 Comments",
        "  1. Well.",
        "\n",
        "\n\n",
        "\r\n",
        LEAD,
        "Related:",
        "Q: Why?",
        "# A",
        "> b",
        "[x](y)",
        "Leave a Reply",
        "Ann Smith",
        "3 May 2020",
        "Correction:",
        "\u2028",
        "\x00",
        "é\u0301",
    ]
)


@settings(deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=30).map("\n".join), st.booleans())
def test_regions_are_disjoint_in_order_and_inside(text, markdown):
    try:
        page = page_of(text.encode("utf-8", "replace").decode(), markdown=markdown)
    except EmptyPageError:
        return
    end = 0
    for region in page.regions:
        assert end <= region.span.start < region.span.end <= len(page.text)
        end = region.span.end


def test_every_word_of_a_plain_text_is_in_a_region():
    page = page_of(
        f"Bridge closes\n\nBy Ann Smith | March 3, 2021\n\n{ARTICLE}\nComments\n\n 1. Yes\n"
    )
    covered = "".join(region.span.of(page.text) for region in page.regions)
    left_over = [w for w in page.text.split() if w not in covered]
    assert left_over == ["|", "1."]  # a separator, and the number of a comment


def test_case_of_a_saved_page_with_a_badge(shared):
    text = (shared / "cases/news_page_with_badge.txt").read_text()
    expected = json.loads((shared / "cases/news_page_with_badge.expected.json").read_text())
    page = page_of(text)
    assert page.text == text
    found = {(region.kind.value, *region.span) for region in page.regions}
    body = [region.span for region in page.regions if region.kind is RegionKind.BODY]
    found.add(("body", body[0].start, body[-1].end))
    assert {(r["kind"], *r["span"]) for r in expected["regions"]} <= found
    assert len(found) - len(body) == len(expected["regions"])
    assert [a.value for a in page.metadata.authors] == ["Baxter Dmitry"]


def test_outside_articles_stay_body(shared):
    """Of 840 news articles, at least 99% of the words are body or title."""
    n_words = n_kept = 0
    with gzip.open(shared / "data/attribution/polnear_train.jsonl.gz", "rt") as rows:
        for row in rows:
            page = page_of(json.loads(row)["text"])
            n_words += len(page.text.split())
            n_kept += sum(
                len(region.span.of(page.text).split())
                for region in page.regions
                if region.kind in {RegionKind.BODY, RegionKind.TITLE}
            )
    assert n_kept / n_words > 0.99
