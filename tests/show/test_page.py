from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import __version__, show
from onrecord.record import Region
from onrecord.show.lookup import lookup
from onrecord.show.page import page
from onrecord.show.sections import claim_list
from onrecord.span import Span
from onrecord.terms import RegionKind, ReuseDirection
from tests.show.hostile import full, poisoned, some_payloads
from tests.show.judged import judged
from tests.show.made import bare, bridge, empty, saved_text
from tests.show.test_reuse import record as reused
from tests.strategies import records, whole_records

GOLDEN = Path(__file__).parent / "golden"

# Every attribute of the template, with what its values may be; free text only where it is inert.
WORDS = r"[a-z0-9 -]+"
ATTRIBUTES = {
    "id": r"[a-zA-Z0-9-]+",
    "class": WORDS,
    "href": r"#[a-zA-Z0-9-]+|https?://[^\s<>\"']+",
    "rel": r"noreferrer noopener nofollow",
    "title": None,
    "content": None,
    "name": r"viewport|referrer|robots|color-scheme",
    "http-equiv": r"Content-Security-Policy",
    "charset": r"utf-8",
    "lang": r"[A-Za-z0-9-]+",
    "dir": r"auto",
    "scope": r"row|col",
    "tabindex": r"0|-1",
    "aria-label": r"Parts of this record",
    "aria-labelledby": r"h-[a-z]+",
    "aria-hidden": r"true",
    "focusable": r"false",
    "viewBox": r"0 0 \d+ \d+",
    "preserveAspectRatio": r"none",
    "width": r"\d+",
    "height": r"\d+",
    "start": r"11",
    "x": r"\d+",
    "y": r"\d+",
    "role": r"img",
    "cx": r"\d+",
    "cy": r"\d+",
    "r": r"\d+",
    "d": r"[MCz0-9 ]+",
    "refX": r"\d+",
    "refY": r"\d+",
    "markerWidth": r"\d+",
    "markerHeight": r"\d+",
    "orient": r"auto-start-reverse",
    "marker-start": r"url\(#tip\)",
    "marker-end": r"url\(#tip\)",
}


def parsed(text):
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    assert not [error for error in parser.errors if error[1] != "expected-closing-tag-but-got-eof"]
    return tree


def elements(tree):
    return [one for one in tree.iter() if isinstance(one.tag, str)]


def local(tag):
    return tag.rpartition("}")[2]


@cache
def template():
    """The pairs of element and attribute, and the elements, of pages that hold nothing hostile."""
    pairs, names = set(), set()
    seen = [reused(direction=direction) for direction in ReuseDirection]
    for record in (full(), judged(), saved_text(), bare(), empty(), *seen):
        for working_copy in (True, False):
            shown = page(record, comments=True, working_copy=working_copy)
            for one in elements(parsed(shown)):
                names.add(local(one.tag))
                pairs.update((local(one.tag), name) for name in one.attrib)
    # Elements and attributes that the pages above happen not to hold.
    names.update({"ins", "del"})
    pairs.update({("article", "lang"), ("ol", "start"), ("q", "class")})
    return names, pairs


def assert_inert(text, names, pairs):
    text.encode("utf-8")
    tree = parsed(text)
    ids = set()
    for one in elements(tree):
        assert local(one.tag) in names, one.tag
        for name, value in one.attrib.items():
            assert (local(one.tag), name) in pairs, (one.tag, name)
            pattern = ATTRIBUTES[name]
            assert pattern is None or re.fullmatch(pattern, value, re.IGNORECASE), (name, value)
        if "id" in one.attrib:
            assert one.attrib["id"] not in ids
            ids.add(one.attrib["id"])
    for one in elements(tree):
        href = one.attrib.get("href", "")
        if href.startswith("#"):
            assert href[1:] in ids, href
    assert len(list(tree.iter("style"))) == 1


@pytest.mark.parametrize(
    ("name", "record"),
    [("bridge", bridge()), ("bare", bare()), ("empty", empty()), ("judged", judged())],
)
def test_page_is_the_stored_one(golden, name, record):
    golden(without_style(page(record)), GOLDEN / f"page_{name}.html")


def without_style(text):
    """The page without what changes with each change of the style sheet and each release."""
    text = text.replace(f"<dd>{__version__}</dd>", "<dd>…</dd>")
    text = re.sub("<style>.*?</style>", "<style>…</style>", text, flags=re.DOTALL)
    return re.sub("sha256-[A-Za-z0-9+/=]+", "sha256-…", text)


@whole_records
@given(records(), st.booleans(), st.booleans())
def test_any_record_gives_the_elements_of_the_template_only(record, comments, working_copy):
    names, pairs = template()
    assert_inert(page(record, comments=comments, working_copy=working_copy), names, pairs)


# Nothing here can end a text or a value: what stands between `>` and `<` without either and without
# a quotation mark, and what stands in double quotes without one.
TEXT = re.compile(r">[^<>\"']+<")
FREE = re.compile(r' (title|content)="[^"<>]*"')
ANCHOR = re.compile(r' (id="|href="#)o\d+"')
LINK = re.compile(r' href="https?://[^\s<>"\']+"', re.IGNORECASE)
REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|#x27);)")
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def skeleton(text):
    """Markup without free text, anchors and addresses; what has one skeleton parses alike.

    Whatever could begin or end an element or a value stays, and so makes another skeleton.
    """
    text = TEXT.sub(lambda found: "><" if found[0][1:-1].isspace() else ">x<", text)
    return LINK.sub(' href="w"', ANCHOR.sub(r" \1o", FREE.sub(r' \1=""', text)))


def shape(text):
    """The skeleton of a page, after what a parse would find in the values left out of it."""
    head, _, rest = text.partition("<style>")
    sheet, _, body = rest.partition("</style>")
    assert sheet == STYLE
    ids = re.findall(r' id="([^"<>]*)"', body)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r' href="#([^"<>]*)"', body)) <= set(ids)
    assert not STEERING.search(text)
    assert not REFERENCE.search(body)
    return head[: head.index("<title>")] + skeleton(head[head.index("<title>") :]) + skeleton(body)


STYLE = (Path(show.__file__).parent / "style.css").read_text(encoding="utf-8")


def test_hostile_strings_in_every_field_stay_text(shared):
    names, pairs = template()
    for payload in some_payloads(shared, 20):
        record = poisoned(payload)
        for working_copy in (False, True):
            assert_inert(page(record, comments=True, working_copy=working_copy), names, pairs)


N_PARTS = 5


@pytest.mark.soak
@pytest.mark.parametrize("part", range(N_PARTS))
def test_every_hostile_string_in_every_field_stays_text(shared, part):
    """Only pages of a new shape are parsed, which takes ten times as long as writing one.

    Of a working copy, only the part that differs from what may be published is written.
    """
    names, pairs = template()
    payloads = some_payloads(shared, None)
    assert len(payloads) > 5_000
    seen = set()
    for payload in payloads[part::N_PARTS]:
        record = poisoned(payload)
        text = page(record, comments=True)
        if (own := shape(text)) not in seen:
            assert_inert(text, names, pairs)
            seen.add(own)
        claims = claim_list(lookup(record), (), working_copy=True)
        assert not STEERING.search(claims)
        assert not REFERENCE.search(claims)
        if (own := skeleton(claims)) not in seen:
            assert_inert(page(record, working_copy=True), names, pairs)
            seen.add(own)
    assert len(seen) < 200


@pytest.mark.parametrize(
    "payload",
    [
        *("<b>x", "x<", "x>", "x>y<", "<!--x", "</p>", "x><y", "<script>x</script>", 'x="<'),
        *("</style>", "</title>", "a>b'c<d", '"><i>', "<x y=''>"),
    ],
)
@pytest.mark.parametrize("before", ["<title>", ">Ada Quill", 'title="', 'href="', "<h1 "])
def test_a_string_that_is_let_through_gives_the_page_another_shape(payload, before):
    clean = page(bridge())
    at = clean.index(before) + len(before)
    assert shape(clean[:at] + payload + clean[at:]) != shape(clean)


def test_a_quotation_mark_in_a_value_gives_the_page_another_shape():
    clean = page(bridge())
    at = clean.index('title="') + len('title="')
    assert shape(clean[:at] + 'x" onclick="y' + clean[at:]) != shape(clean)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            " https://x.example",
            "data:text/html,x",
            "//x.example",
            "java\nscript:x",
        ),
        *(
            "https://x.example/\u0000",
            'https://x.example/"onclick=',
            "vbscript:x",
            "https:x",
            "https://",
        ),
        *("HtTpS://x.example/<script>", "\x01https://x.example", "blob:https://x", "https://x\\@y"),
    ],
)
def test_only_web_addresses_become_links(url):
    record = replace(bridge(), page=replace(bridge().page, url=url))
    tree = parsed(page(record))
    hrefs = {one.attrib["href"] for one in elements(tree) if "href" in one.attrib}
    assert all(href.startswith(("#", "https://audit.example/")) for href in hrefs), hrefs


def test_the_policy_forbids_everything_but_the_one_style_sheet():
    text = page(bridge())
    policy = re.search('Content-Security-Policy" content="([^"]+)"', text).group(1)
    style = re.search("<style>(.*?)</style>", text, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"<(script|img|iframe|link|form|object|embed|input)\b", text)


def article_of(text):
    return next(one for one in elements(parsed(text)) if one.tag == "article")


def test_the_words_of_the_article_are_all_there_in_order():
    record = bridge()
    article = article_of(page(record))
    for one in list(article.iter()):
        if one.attrib.get("class", "").split()[:1] in (["who"], ["tag"], ["kind"]):
            one.text = ""
    shown = " ".join("".join(article.itertext()).split())
    kept = [
        region.span.of(record.page.text)
        for region in record.page.regions
        if region.kind not in {RegionKind.COMMENT, RegionKind.BOILERPLATE}
    ]
    assert shown == " ".join(" ".join(kept).split())


def test_reader_comments_are_left_out_unless_asked_for():
    assert "I cross it daily" not in page(bridge())
    assert "Left out: 1 reader comment" in page(bridge())
    assert "I cross it daily and it &lt;b&gt;shakes&lt;/b&gt;!" in page(bridge(), comments=True)


def test_denied_words_are_tagged_and_not_marked_as_said():
    article = article_of(page(bridge()))
    pieces = [one for one in article.iter("span") if one.text == "the bridge cost twenty million"]
    assert pieces
    assert all("open" in one.attrib["class"].split() for one in pieces)
    tags = [one.text for one in article.iter("span") if "stance" in one.attrib.get("class", "")]
    assert tags == ["denied"]


def test_each_voice_and_speaker_can_be_told_without_colour():
    article = article_of(page(bridge()))
    letters = [one.text for one in article.iter("a") if "who" in one.attrib["class"].split()]
    assert letters == ["A", "A", "E", "B", "B", "D", "C"]
    assert [one.text for one in article.iter("span") if one.attrib.get("class") == "tag"] == [
        *("page", "page", "marks repaired", "page")
    ]


def test_the_links_of_findings_lead_to_their_words():
    tree = parsed(page(bridge()))
    by_id = {one.attrib["id"]: one for one in elements(tree) if "id" in one.attrib}
    findings = by_id["findings"]
    targets = [one.attrib["href"][1:] for one in findings.iter("a")]
    assert "o197" in targets
    assert "".join(by_id["o197"].itertext()).startswith("the council threw away millions")


def test_not_run_and_none_found_read_differently():
    assert "not run" in page(bare())
    assert "none found" in page(empty())
    assert "The source cannot show links." in page(saved_text())


def test_failed_rules_stand_open_and_the_rest_folded():
    text = page(bridge())
    section = text[text.index('<section id="label"') :]
    folded = section.index("<details>")
    assert section.index("B8") < folded < section.index("B13")


def test_a_region_over_several_paragraphs_is_shown_in_paragraphs():
    record = empty()
    text = "One.\n\nTwo.\n \nThree."
    stored = replace(record.page, text=text, regions=(Region(RegionKind.BODY, Span(0, len(text))),))
    article = article_of(page(replace(record, page=stored, sentence_voices=())))
    assert ["".join(one.itertext()) for one in article.iter("p")] == ["One.", "Two.", "Three."]


def test_a_long_page_with_many_marks_is_shown_in_linear_time():
    record = empty()
    text = "It is so, he said. " * 5_000
    sentences = [Span(i * 19, i * 19 + 18) for i in range(5_000)]
    stored = replace(record.page, text=text, regions=(Region(RegionKind.BODY, Span(0, len(text))),))
    voice = record.sentence_voices[0]
    voices = tuple(replace(voice, sentence=sentence) for sentence in sentences)
    made = page(replace(record, page=stored, sentences=tuple(sentences), sentence_voices=voices))
    assert made.count("It is so") >= 5_000


def test_the_hostile_record_puts_its_string_everywhere():
    text = page(poisoned("zq9z"), comments=True)
    assert text.count("zq9z") > 60
    body = text[text.index("<body>") :]
    for part in ("<h1", 'class="about"', 'class="finding"', "<dd>", "<h3", 'class="region comment'):
        assert "zq9z" in body[body.index(part) :][:200], part


def test_the_check_of_hostile_pages_can_fail(monkeypatch):
    names, pairs = template()
    monkeypatch.setattr("onrecord.show.page.escaped", lambda text: text)
    with pytest.raises(AssertionError):
        assert_inert(page(poisoned("<img src=x onerror=alert(1)>")), names, pairs)


def test_words_inside_words_have_the_underline_of_the_inner_speaker():
    article = article_of(page(bridge()))
    inner = next(
        one for one in article.iter("span") if one.text == "the bridge cost twenty million"
    )
    assert "u2" in inner.attrib["class"].split()
    assert "u5" not in inner.attrib["class"].split()
