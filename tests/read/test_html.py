"""HTML pages: one text, labelled regions, and what the page says about itself."""

from __future__ import annotations

import html as entities
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import EmptyPageError, MediaTypeError
from onrecord.read import read
from onrecord.record import Capture
from onrecord.terms import Genre, RegionKind

PAGES = Path(__file__).resolve().parent.parent / "pages"
LONG = (
    "The council of Anytown agreed on Tuesday to repair the old bridge over the river Elm, "
    "which was closed in spring after engineers found cracks in two of its pillars. "
)
SECOND = (
    "Work is to begin in May and will cost about two million crowns, most of it paid by the "
    "county, the treasurer told the meeting in the town hall. "
)
THIRD = "Residents have had to drive eleven kilometres to the next crossing since the closure. "


def page_of(markup, *, url="https://news.example/bridge", media_type="text/html"):
    return read(Capture(url, None, media_type, markup.encode()))


def article(head="", top="", middle="", bottom="", title="Bridge to be repaired"):
    return (
        f"<!doctype html><html lang='en'><head><title>{title} - Anytown News</title>{head}</head>"
        "<body><nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
        f"<article><h1>{title}</h1>{top}<div class='entry-content'><p>{LONG}</p>{middle}"
        f"<p>{SECOND}</p><p>{THIRD}</p></div>{bottom}</article>"
        "<footer><p>Imprint and contact of Anytown News</p></footer></body></html>"
    )


def of_kind(page, kind):
    return [r.span.of(page.text) for r in page.regions if r.kind == kind]


def test_regions_are_disjoint_in_order_and_inside_the_text():
    page = page_of(article(top="<p class='byline'>By <a rel='author'>Ann Lee</a></p>"))
    at = 0
    for region in page.regions:
        assert at <= region.span.start < region.span.end <= len(page.text)
        at = region.span.end


def test_paragraphs_are_body_and_navigation_is_not():
    page = page_of(article())
    assert of_kind(page, RegionKind.BODY) == [LONG.strip(), SECOND.strip(), THIRD.strip()]
    assert of_kind(page, RegionKind.TITLE) == ["Bridge to be repaired"]
    assert "Home" in of_kind(page, RegionKind.BOILERPLATE)


def test_a_space_between_inline_elements_is_kept_and_breaks_become_lines():
    page = page_of(article(middle="<p>The <b>old</b>\n bridge<br>  stands <i>still</i>.</p>"))
    assert "The old bridge\nstands still." in page.text


def test_hidden_elements_are_no_text():
    hidden = (
        "<p hidden>secret one</p><p style='display: none'>secret two</p>"
        "<span class='screen-reader-text'>secret three</span><template>secret four</template>"
    )
    assert "secret" not in page_of(article(middle=hidden)).text


def test_deeply_nested_text_is_kept_or_said_to_be_cut():
    deep = "<div>" * 400 + f"<p>{LONG}</p>" + "</div>" * 400
    page = page_of(article(middle=deep))
    assert page.text.count(LONG.strip()) == 2 or page.truncated


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"", EmptyPageError, "0 bytes"),
        (b"  \n ", EmptyPageError, "expected"),
        (b"<html><body><script>draw()</script></body></html>", EmptyPageError, "visible text"),
        (b"%PDF-1.7 ...", MediaTypeError, "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), MediaTypeError, "PNG"),
        (bytes(range(256)) * 8, MediaTypeError, "binary data"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(body, error, words):
    with pytest.raises(error, match=words):
        read(Capture(None, None, "", body))


def test_a_declared_image_is_refused():
    with pytest.raises(MediaTypeError, match="image/png"):
        read(Capture(None, None, "image/png", b"not really"))


BYLINES = [
    ("rel author", "<p>By <a rel='author' href='/a'>Ann Lee</a></p>", ["Ann Lee"]),
    (
        "class byline",
        "<div class='byline'>By Ann Lee and Bo Ray, staff writers</div>",
        ["Ann Lee", "Bo Ray"],
    ),
    ("no class", "<p>By Ann Lee</p>", ["Ann Lee"]),
    ("German", "<span class='autor'>Von Uta Beispiel</span>", ["Uta Beispiel"]),
    ("date in the line", "<p class='meta-author'>Ann Lee | 3 March 2021</p>", ["Ann Lee"]),
    ("nobody", "<p class='meta'>3 March 2021</p>", []),
    ("an account", "<span class='author vcard'>admin</span>", []),
    ("a translator", "<span class='author'>Translated by Ann Lee</span>", []),
    ("prose", "<p>By then the bridge had been closed for months and nobody came.</p>", []),
]


@pytest.mark.parametrize(("name", "top", "expected"), BYLINES, ids=[row[0] for row in BYLINES])
def test_bylines(name, top, expected):
    page = page_of(article(top=top))
    assert [author.value for author in page.metadata.authors] == expected


def test_a_byline_points_at_its_words():
    page = page_of(article(top="<p class='byline'>By <a rel='author'>Ann Lee</a></p>"))
    (author,) = page.metadata.authors
    assert author.span is not None
    assert author.span.of(page.text) == "Ann Lee"
    assert of_kind(page, RegionKind.BYLINE) == ["Ann Lee"]


def test_a_name_in_markup_that_the_page_does_not_show_is_no_author():
    node = {"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ann Lee"}}
    head = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
    assert page_of(article(head=head)).metadata.authors == ()


def test_a_name_in_markup_that_the_page_shows_is_an_author():
    node = {"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Ann Lee"}]}
    head = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
    page = page_of(article(head=head, top="<div>Ann Lee</div>"))
    assert [(a.value, a.where) for a in page.metadata.authors] == [("Ann Lee", "json-ld:author")]


DATES = [
    ("time element", "", "<time datetime='2021-03-03T10:00:00+01:00'>3 March</time>", "2021-03-03"),
    ("written", "", "<p>Published on March 3, 2021</p>", "2021-03-03"),
    ("German", "", "<span class='datum'>3. März 2021, 10:00 Uhr</span>", "2021-03-03"),
    (
        "meta",
        "<meta property='article:published_time' content='2021-03-03T10:00:00Z'>",
        "",
        "2021-03-03",
    ),
    ("only changed", "", "<p>Updated: 4 March 2021</p>", None),
    ("none", "", "", None),
]


@pytest.mark.parametrize(("name", "head", "top", "expected"), DATES, ids=[row[0] for row in DATES])
def test_dates(name, head, top, expected):
    published = page_of(article(head=head, top=top)).metadata.published
    assert (published.value[:10] if published else None) == expected


def test_a_date_in_the_running_text_is_no_date_of_publication():
    prose = f"<p>The bridge was opened on 3 May 1998 by the mayor of the time. {THIRD}</p>"
    assert page_of(article(middle=prose)).metadata.published is None


def test_a_date_of_change_is_kept_apart():
    page = page_of(article(top="<p>Published 3 March 2021</p><p>Updated: 4 March 2021</p>"))
    assert page.metadata.published is not None
    assert page.metadata.modified is not None
    assert page.metadata.published.value == "2021-03-03"
    assert page.metadata.modified.value == "2021-03-04"


COMMENTS = [
    (
        "WordPress",
        (
            "<div id='comments'><h3>2 Comments</h3><ol class='comment-list'>"
            "<li class='comment' id='comment-1'><article><footer class='comment-meta'><cite class='fn'>Kim"
            "</cite><time datetime='2021-03-04T08:00'>4 March</time></footer><div class='comment-content'>"
            "<p>About time that somebody did this.</p><p>I drove there daily.</p></div>"
            "<a class='comment-reply-link'>Reply</a></article></li><li class='comment' id='comment-2'>"
            "<article><cite class='fn'>Lou</cite><div class='comment-content'><p>Two million is a lot of "
            "money.</p></div></article></li></ol><form id='respond'><label>Your comment</label></form></div>"
        ),
    ),
    (
        "schema.org",
        (
            "<section><div itemscope itemtype='https://schema.org/Comment'><span itemprop='author'>Kim"
            "</span><p itemprop='text'>About time that somebody did this.</p><p>I drove there daily.</p>"
            "</div><div itemscope itemtype='https://schema.org/Comment'><span itemprop='author'>Lou</span>"
            "<p itemprop='text'>Two million is a lot of money.</p></div></section>"
        ),
    ),
    (
        "no names at all",
        (
            "<section><div><b>Kim</b><div>4 March 2021</div><p>About time that somebody did this.</p>"
            "<p>I drove there daily.</p><a href='#r'>Reply</a></div><div><b>Lou</b><div>5 March 2021</div>"
            "<p>Two million is a lot of money.</p><a href='#r'>Reply</a></div></section>"
        ),
    ),
]


@pytest.mark.parametrize(("name", "bottom"), COMMENTS, ids=[row[0] for row in COMMENTS])
def test_comments_are_apart_and_one_by_one(name, bottom):
    page = page_of(article(bottom=bottom))
    found = of_kind(page, RegionKind.COMMENT)
    assert len(found) == 2
    assert "About time" in found[0]
    assert "drove there daily" in found[0]
    assert "Two million is" in found[1]
    assert not any("About time" in body for body in of_kind(page, RegionKind.BODY))


def test_a_comment_knows_its_author_and_time():
    page = page_of(article(bottom=COMMENTS[0][1]))
    first = next(r for r in page.regions if r.kind == RegionKind.COMMENT)
    assert dict(first.attributes) == {"author": "Kim", "date": "2021-03-04T08:00"}


BADGES = [
    ("beside the title", "<div>Fact checked</div>", "", ["Fact checked"]),
    (
        "with a reviewer",
        "<p>Medically reviewed by Ann Lee</p>",
        "",
        ["Medically reviewed by Ann Lee"],
    ),
    ("in prose", "", "<p>The claim was fact checked by two papers, which found it wrong.</p>", []),
    ("hidden", "<div hidden>Fact checked</div>", "", []),
    ("in a teaser", "", "<aside class='related'><ul><li>Fact checked</li></ul></aside>", []),
]


@pytest.mark.parametrize(("name", "top", "middle", "expected"), BADGES, ids=[b[0] for b in BADGES])
def test_badges_stand_beside_the_title(name, top, middle, expected):
    assert of_kind(page_of(article(top=top, middle=middle)), RegionKind.BADGE) == expected


GENRES = [
    ("label", "", "<span class='kicker'>Opinion</span>", Genre.OPINION),
    (
        "json-ld",
        '<script type=\'application/ld+json\'>{"@type":"OpinionNewsArticle"}</script>',
        "",
        Genre.OPINION,
    ),
    ("sponsored", "", "<div>Sponsored</div>", Genre.SPONSORED),
    ("none", "", "", Genre.NOT_STATED),
]


@pytest.mark.parametrize(("name", "head", "top", "expected"), GENRES, ids=[g[0] for g in GENRES])
def test_genre_is_what_the_page_says(name, head, top, expected):
    page = page_of(article(head=head, top=top))
    assert page.genre.genre == expected
    if page.genre.where.startswith("visible"):
        assert page.genre.span is not None


def test_captions_corrections_and_posts_are_apart():
    middle = (
        "<figure><img src='/b.jpg' alt='The bridge'><figcaption>The bridge in March.</figcaption>"
        "</figure><blockquote class='twitter-tweet'><p>Closed again, says @anytown</p></blockquote>"
        "<p>Correction: An earlier version of this article gave the wrong sum.</p>"
    )
    page = page_of(article(middle=middle))
    assert of_kind(page, RegionKind.CAPTION) == ["The bridge in March."]
    assert len(of_kind(page, RegionKind.CORRECTION)) == 1
    assert not any("Closed again" in words for words in of_kind(page, RegionKind.BODY))


def test_links_have_spans_and_say_whether_they_leave_the_site():
    middle = "<p>See <a href='/plan'>the plan</a> and <a href='https://county.example/x'>the county</a>.</p>"
    page = page_of(article(middle=middle))
    links = {link.text: link for link in page.links or ()}
    assert links["the plan"].url == "https://news.example/plan"
    assert links["the plan"].own_site is True
    assert links["the county"].own_site is False
    assert links["the county"].span is not None
    assert links["the county"].span.of(page.text) == "the county"


def test_images_stand_near_a_region():
    page = page_of(article(middle="<figure><img src='/b.jpg' alt='A bridge'></figure>"))
    (image,) = page.images or ()
    assert (image.url, image.alt) == ("https://news.example/b.jpg", "A bridge")
    assert image.near is not None


def test_language_comes_from_the_text():
    language = page_of(article()).metadata.language
    assert language is not None
    assert (language.value, language.where) == ("en", "text")


def test_reading_twice_gives_the_same_page():
    markup = article(bottom=COMMENTS[0][1])
    assert page_of(markup) == page_of(markup)


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<br>",
            "<b>",
            "</i>",
            "<ul><li>",
            "</ul>",
            "<pre>\n",
            "a",
            "</pre>",
            "<td>",
            "<h1>",
            "</h1>",
            "&nbsp;",
            "&#0;",
            "<a",
            "href='//['>",
            "</a>",
            "<img",
            "src=x>",
            "<time",
            "datetime=x>",
            "<span",
            "class=comment>",
            "word",
            "A.",
            "\xad",
            "<!--",
            "x",
            "-->",
            "<![CDATA[",
            "<blockquote>",
            "<article>",
            "By_Ann_Lee",
            "3_March_2021",
            "\n",
        ]
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(FRAGMENTS)
def test_any_markup_gives_spans_inside_the_text(parts):
    markup = "<html><body><p>Some words to begin with.</p>" + " ".join(parts).replace("_", " ")
    page = page_of(markup)
    at = 0
    for region in page.regions:
        assert at <= region.span.start < region.span.end <= len(page.text)
        at = region.span.end
    for link in page.links or ():
        assert link.span is None or 0 <= link.span.start < link.span.end <= len(page.text)


def blog_page(text, expected):
    """The case text in the markup of a blog; each part of it once."""
    parts = {kind: [] for kind in RegionKind}
    for region in expected["regions"]:
        parts[RegionKind(region["kind"])].append(entities.escape(text[slice(*region["span"])]))
    paragraphs = "".join(f"<p>{p}</p>" for p in parts[RegionKind.BODY][0].split("\n\n"))
    names = parts[RegionKind.BYLINE]
    heading, *notices = sorted(parts[RegionKind.BOILERPLATE], key=lambda p: p != "1 Comment")
    return (
        f"<!doctype html><html lang='en'><body><article><h1>{parts[RegionKind.TITLE][0]}</h1>"
        f"<div class='fact-badge'>{parts[RegionKind.BADGE][0]}</div><div class='entry'>{paragraphs}</div>"
        f"<div class='author-box'><h4><a rel='author' href='/author/x'>{names[0]}</a></h4>"
        f"<span class='author-name'>{names[1]}</span><p>{parts[RegionKind.BIO][0]}</p>"
        f"<a href='/author/x'>{names[2]}</a></div></article><div id='comments'><h3>{heading}</h3>"
        "<ol class='comment-list'><li class='comment'><div class='comment-body'><p>"
        f"{parts[RegionKind.COMMENT][0]}</p></div></li></ol><div id='respond'>"
        + "".join(f"<p>{notice}</p>" for notice in notices)
        + "</div></div></body></html>"
    )


def test_the_badge_case_in_a_blog_gives_the_same_regions(shared):
    case = shared / "cases" / "news_page_with_badge"
    text = case.with_suffix(".txt").read_text(encoding="utf-8")
    expected = json.loads(case.with_suffix(".expected.json").read_text(encoding="utf-8"))
    page = page_of(blog_page(text, expected))
    for kind in {RegionKind(region["kind"]) for region in expected["regions"]}:
        wanted = [
            text[slice(*region["span"])]
            for region in sorted(expected["regions"], key=lambda r: r["span"])
            if region["kind"] == kind
        ]
        packed = re.sub(r"\s+", " ", " ".join(of_kind(page, kind)))
        assert packed == re.sub(r"\s+", " ", " ".join(wanted)), kind


@pytest.mark.parametrize("file", sorted(PAGES.glob("*.html")), ids=lambda file: file.stem)
def test_golden_pages(file, golden):
    page = read(Capture(f"https://{file.stem}.example/story", None, "text/html", file.read_bytes()))
    shown = {
        "metadata": {
            name: [[v.value, v.where, v.span.of(page.text) if v.span else None] for v in values]
            for name, values in (
                ("title", filter(None, [page.metadata.title])),
                ("authors", page.metadata.authors),
                ("published", filter(None, [page.metadata.published])),
                ("modified", filter(None, [page.metadata.modified])),
                ("language", filter(None, [page.metadata.language])),
                ("site", filter(None, [page.metadata.site])),
            )
        },
        "genre": [page.genre.genre, page.genre.where],
        "regions": [
            [r.kind, dict(r.attributes), r.span.start, r.span.end, r.span.of(page.text)]
            for r in page.regions
        ],
    }
    text = json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
    golden(text, file.with_suffix(".expected.json"))
