"""D2 to D5 and D7 of the threat list: hostile pages through the whole reader."""

import gzip
import json
import random
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from shapes import ARTICLE, SHAPES, outcome  # noqa: E402 - a neighbour, not a package

from onrecord.errors import EmptyPageError, MediaTypeError  # noqa: E402
from onrecord.read import read  # noqa: E402
from onrecord.record import Capture, Page  # noqa: E402

CPU_SECONDS = 5.0
MEMORY = 512_000_000


def page_of(body: bytes, media_type: str = "text/html; charset=utf-8") -> Page | None:
    """The page, or `None` for a refusal with a name."""
    try:
        page = read(Capture(None, None, media_type, body))
    except (EmptyPageError, MediaTypeError):
        return None
    page.text.encode()
    end = 0
    for region in page.regions:
        assert end <= region.span.start <= region.span.end <= len(page.text)
        end = region.span.end
    return page


# --- D2 -------------------------------------------------------------------------------------------


def measured(jobs: list[tuple[str, int]]) -> list[dict]:
    """Each shape read in one worker, one after the other: the worker must stay alive."""
    done = subprocess.run(
        [sys.executable, HERE / "shapes.py"],
        check=True,
        capture_output=True,
        input=json.dumps([*jobs, ["paragraphs", 3]]).encode(),
    )
    *found, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert last["marker"], "the next page is read as ever"
    return found


def check_cost(found: list[dict]) -> None:
    for each in found:
        assert each["seconds"] <= CPU_SECONDS, each
        assert each["bytes"] <= MEMORY, each
        assert each.get("marker") or each.get("truncated") or "error" in each, each


def test_d2_bombs_of_markup_cost_little():
    found = measured([(name, 2_000) for name in SHAPES])
    assert len(found) == len(SHAPES) >= 15
    check_cost(found)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("size", [10_000, 100_000, 500_000, 1_000_000])
def test_d2_in_full(size):
    check_cost(measured([(name, size) for name in SHAPES]))


@pytest.mark.parametrize("shape", ["nested div", "paragraphs", "links"])
def test_d2_time_does_not_grow_with_the_square(shape):
    """Four times the size takes at most nine times as long; a square would take sixteen."""
    outcome(SHAPES[shape](50))
    small, large = (
        min(outcome(SHAPES[shape](n))["seconds"] for _ in range(2)) for n in (600, 2_400)
    )
    assert large < 9 * small + 0.05


# --- D3 -------------------------------------------------------------------------------------------

DEEP = [
    *(("div", n) for n in (100, 250, 256, 300, 1_000, 5_000)),
    ("span", 300),
    ("section", 300),
    ("b", 300),
    ("table><tr><td", 120),
    ("ul><li", 200),
    ("blockquote", 300),
]


@pytest.mark.parametrize(("tag", "depth"), DEEP)
def test_d3_deep_text_is_kept_or_the_page_says_truncated(tag, depth):
    page = page_of((f"<{tag}>" * depth + ARTICLE).encode())
    assert page is not None
    assert "MARKER" in page.text
    assert page.truncated or depth < 210


@pytest.mark.parametrize("shape", ["text", "attribute", "elements", "page"])
def test_d3_a_cut_is_never_silent(shape):
    bodies = {
        "text": ARTICLE + "<p>" + "word " * 500_000 + "TAIL",
        "attribute": f'<div title="{"x" * 1_100_000}">' + ARTICLE,
        "elements": ARTICLE + "<i>x</i>" * 20_001 + "TAIL",
        "page": ARTICLE + "<!--" + "x" * 10_000_001 + "--><p>TAIL",
    }
    page = page_of(bodies[shape].encode())
    assert page is not None
    assert "MARKER" in page.text
    assert page.truncated


# --- D4 -------------------------------------------------------------------------------------------


def tree_cases(shared) -> list[str]:
    found = []
    for file in sorted((shared / "corpora/html5lib-tests/tree-construction").rglob("*.dat")):
        text = file.read_text(encoding="utf-8", errors="replace")
        found += [case.partition("\n#errors")[0] for case in text.split("#data\n")[1:]]
    return found


def tokenizer_cases(shared) -> list[str]:
    found = []
    for file in sorted((shared / "corpora/html5lib-tests/tokenizer").glob("*.test")):
        found += [case["input"] for case in json.loads(file.read_text()).get("tests", [])]
    return found


def naughty_strings(shared) -> list[str]:
    (file,) = (shared / "corpora/blns").rglob("blns.json")
    return json.loads(file.read_text())


def real_pages(shared, n: int) -> list[bytes]:
    with tarfile.open(shared / "data/pages/dev_pages.tar.gz") as archive:
        pages = []
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None and member.size < 150_000:
                pages.append(file.read())
                if len(pages) == n:
                    break
        return pages


def read_all(bodies: list[bytes]) -> list[float]:
    """The seconds that each page took; anything but a page or a named refusal is raised."""
    seconds = []
    for body in bodies:
        start = time.process_time()
        page_of(body)
        seconds.append(time.process_time() - start)
    return sorted(seconds)


def small_pages(shared, step: int) -> list[bytes]:
    pages = [
        case.encode("utf-8", "surrogatepass")
        for case in tree_cases(shared) + tokenizer_cases(shared)
    ]
    for string in naughty_strings(shared):
        inside = string.encode("utf-8", "surrogatepass")
        pages += [
            inside,
            b"<h1>" + inside + b"</h1><p>By " + inside + b"<p>x",
            b'<p title="' + inside + b'">x',
        ]
    return pages[::step]


def damaged(pages: list[bytes], n: int, seed: int) -> list[bytes]:
    """Real pages with flipped bytes, cut off, or with a piece of another inside."""
    chance = random.Random(seed)
    found = []
    for _ in range(n):
        body = bytearray(chance.choice(pages))
        way = chance.randrange(3)
        if way == 0:
            for _ in range(chance.choice((1, 20, 400))):
                body[chance.randrange(len(body))] = chance.randrange(256)
        elif way == 1:
            del body[chance.randrange(len(body)) :]
        else:
            other = chance.choice(pages)
            at = chance.randrange(len(other))
            spot = chance.randrange(len(body))
            body[spot:spot] = other[at : at + 3_000]
        found.append(bytes(body))
    return found


def test_d4_hostile_pages(shared):
    seconds = read_all(small_pages(shared, 40) + damaged(real_pages(shared, 8), 12, seed=1))
    assert len(seconds) >= 250
    assert seconds[int(len(seconds) * 0.99)] < 1


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_d4_in_full(shared):
    seconds = read_all(small_pages(shared, 1) + damaged(real_pages(shared, 300), 11_000, seed=2))
    assert len(seconds) >= 20_000
    assert seconds[int(len(seconds) * 0.99)] < 1


# --- D5 -------------------------------------------------------------------------------------------

CHARSETS = [
    "utf-8",
    "utf-16",
    "utf-16le",
    "utf-7",
    "windows-1252",
    "shift_jis",
    "gb18030",
    "iso-2022-jp",
    "euc-kr",
    "big5",
    "koi8-r",
    "x-user-defined",
    "replacement",
    "klingon",
    "",
]
BYTES = [
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00", b"\xed\xa0\x80\xed\xb0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80",
    b"+ADw-script+AD4-", b"\x1b$B!!\x1b(B", b"\x80\x81\x8d\x9d\xff", b"\xe3\x81", b"&#xD800;&#0;&#x110000;", b"\x1b$)C\x0e", b"\x85\xa0\xad",
]  # fmt: skip


@pytest.mark.parametrize("charset", CHARSETS)
def test_d5_wrong_charsets_never_raise(charset):
    for wild in BYTES:
        for declared in (f"text/html; charset={charset}", "text/html"):
            body = (
                wild
                + f"<meta charset='{charset}'>".encode()
                + b"<h1>Title here</h1><p>"
                + wild
                + b" words of a page " * 5
            )
            page = page_of(body, declared)
            if page is not None:
                assert not any(0xD800 <= ord(sign) < 0xE000 for sign in page.text)


# --- D7 -------------------------------------------------------------------------------------------

JSON_LD = [
    '{"@context": "http://remote.example/context.jsonld", "@type": "NewsArticle", "headline": "x"}',
    '{"a":' * 100_000,
    "[" * 100_000 + "]" * 100_000,
    '{"@type": "NewsArticle", "datePublished": NaN, "headline": Infinity}',
    '{"@type": "NewsArticle", "@type": "Person", "author": {"author": {"author": 1}}}',
    '{"@type": ["NewsArticle", 1, null, {}], "author": [[[[]]], 3, null, "", {"name": 7}]}',
    '{"@type": "NewsArticle", "author": {"@id": "#a"}, "@id": "#a", "mainEntityOfPage": {"@id": "#a"}}',
    '{"@graph": {"@graph": {"@graph": [{"@type": "NewsArticle"}]}}}',
    '{"@type": "NewsArticle", "headline": "\\ud800", "datePublished": "\\udfff"}',
    '{"@type": "NewsArticle", "datePublished": "' + "9" * 100_000 + '"}',
    '{"@type": "NewsArticle", "datePublished": 1e400, "author": ' + "9" * 100_000 + "}",
    '{"@type": "NewsArticle", "headline": "' + "x" * 500_000 + '"}',
    '{"@type": "NewsArticle", "author": [' + '{"name": "Ann Smith"},' * 20_000 + "]}",
    '{"@type": "ClaimReview", "reviewRating": {"ratingValue": {}}, "itemReviewed": []}',
    '{"__proto__": {"@type": "NewsArticle"}, "constructor": 1}',
    '{"@type": "NewsArticle", "headline": "</scr" + "ipt><b>"}',
    "null",
    '"text"',
    "{}" * 50_000,
    '{"@type": "NewsArticle", "url": "http://[::1", "image": "http://[", "@id": "//["}',
    '{"": "", " ": null}',
]  # fmt: skip


@pytest.mark.parametrize("text", JSON_LD, ids=range(len(JSON_LD)))
def test_d7_json_ld_of_any_form(text, monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr("socket.socket.connect", refuse)
    start = time.process_time()
    page = page_of(f'<script type="application/ld+json">{text}</script>{ARTICLE}'.encode())
    assert time.process_time() - start < CPU_SECONDS
    assert page is not None
    assert "MARKER" in page.text
    assert page.markup is not None
    for node in page.markup:
        json.loads(node.json)


def test_d4_a_packed_page_is_refused_by_name():
    with pytest.raises(MediaTypeError, match="gzip"):
        read(Capture(None, None, "text/html", gzip.compress(b"<p>x")))
