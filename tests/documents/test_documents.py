from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.documents import Refused, document_id, documents
from onrecord.documents.made import iso_date
from onrecord.record import Document
from tests.documents import pdf_files

PAGE = """<html><head><title>Bridge to close</title>
<meta property="og:site_name" content="Elmford Post">
<meta property="article:published_time" content="2026-05-12T10:00:00Z">
<link rel="canonical" href="https://post.example/bridge">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"license": "https://licence.example/by"}</script></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Bridge to close</h1>
<p>The mill bridge at Elmford will close for repairs from Monday, the county council said.</p>
<p>The works cost 2.4 million pounds and take eleven weeks, says the contract of Tuesday.</p>
</article><footer>All rights reserved</footer></body></html>"""


def read(path, **limits):
    found = list(documents(path, **limits))
    kept = [each for each in found if isinstance(each, Document)]
    return kept, [each for each in found if isinstance(each, Refused)]


def put(tmp_path, name: str, body: str | bytes):
    path = tmp_path / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


def test_a_page_gives_its_running_text_and_what_it_says_of_itself(tmp_path):
    path = put(tmp_path, "bridge.html", PAGE)
    (found,), refused = read(path)
    assert refused == []
    assert found.text == (
        "The mill bridge at Elmford will close for repairs from Monday, the county council said."
        "\n\nThe works cost 2.4 million pounds and take eleven weeks, says the contract of Tuesday."
    )
    assert (found.title, found.date) == ("Bridge to close", "2026-05-12")
    assert (found.publisher, found.licence) == ("Elmford Post", "https://licence.example/by")
    assert found.url == "https://post.example/bridge"
    assert found.source == str(path)
    assert found.id == document_id("https://post.example/bridge", found.text)


TEXT = (
    "Bridge to close\n\n12 May 2026\n\nThe bridge opened in 1961.\n\nIt carries 3,000 cars a day.\n"
)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a", "a.txt.gz"])
def test_a_text_gives_its_paragraphs_title_and_date(tmp_path, name):
    body = TEXT.encode() if not name.endswith(".gz") else gzip.compress(TEXT.encode())
    (found,), _ = read(put(tmp_path, name, body))
    assert found.text.endswith("The bridge opened in 1961.\n\nIt carries 3,000 cars a day.")
    assert (found.title, found.date) == ("Bridge to close", "2026-05-12")


def test_a_pdf_is_a_document(tmp_path):
    body = pdf_files.made([pdf_files.page(["Bridge to close"], ["The bridge opened in 1961."])])
    (found,), _ = read(put(tmp_path, "a.pdf", body))
    assert (found.title, found.text) == ("Bridge to close", "The bridge opened in 1961.")


def record(url: str, media_type: str, body: bytes) -> bytes:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2026-11-20T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def test_each_page_of_an_archive_is_a_document(tmp_path):
    path = tmp_path / "crawl.warc.gz"
    bodies = [
        ("https://post.example/1", "text/html", PAGE.encode()),
        ("https://post.example/2", "text/plain; charset=utf-8", TEXT.encode()),
        (
            "https://post.example/3",
            "application/pdf",
            pdf_files.made([pdf_files.page(["It rained."])]),
        ),
        ("https://post.example/4", "application/pdf", b"%PDF-1.7 cut"),
        ("https://post.example/5", "image/png", b"\x89PNG"),
    ]
    path.write_bytes(b"".join(gzip.compress(record(*each)) for each in bodies))
    found, refused = read(path)
    assert [each.url for each in found] == [f"https://post.example/{i}" for i in (1, 2, 3)]
    assert [each.source for each in found] == [str(path)] * 3
    assert found[2].text == "It rained."
    assert len(refused) == 1
    assert refused[0].reason.startswith("https://post.example/4: a damaged PDF")


def test_an_archive_that_shrinks_while_it_is_read_is_named(tmp_path):
    path = tmp_path / "crawl.warc"
    one = record("https://post.example/1", "text/plain", TEXT.encode() + b"More words. " * 2_000)
    path.write_bytes(one * 20)
    found = documents(path)
    assert isinstance(next(found), Document)
    with path.open("r+b") as file:
        file.truncate(100)
    rest = list(found)
    assert all(isinstance(each, Refused) for each in rest)
    assert "shrank from" in rest[0].reason


def test_an_archive_that_grows_while_it_is_read_is_named(tmp_path):
    path = tmp_path / "crawl.warc"
    one = record("https://post.example/1", "text/plain", TEXT.encode())
    path.write_bytes(one * 2)
    found = documents(path)
    next(found)
    with path.open("ab") as file:
        file.write(one)
    kept, change = found
    assert isinstance(kept, Document)
    assert "changed while it was read" in change.reason


ROWS = [
    ("text", {"text": "It rained."}, {"text": "It rained."}),
    ("body", {"body": "It rained."}, {"text": "It rained."}),
    ("content", {"Content": "It rained.", "text": ""}, {"text": "It rained."}),
    ("paragraphs", {"text": ["It rained.", "It snowed."]}, {"text": "It rained.\n\nIt snowed."}),
    ("title", {"text": "a", "title": " Rain\n today "}, {"title": "Rain today"}),
    ("headline", {"text": "a", "headline": "Rain"}, {"title": "Rain"}),
    ("address", {"text": "a", "address": "https://w.example/1"}, {"url": "https://w.example/1"}),
    ("no address", {"text": "a", "url": "javascript:alert(1)"}, {"url": ""}),
    ("day", {"text": "a", "date": "2026-05-12T10:00:00Z"}, {"date": "2026-05-12"}),
    ("month", {"text": "a", "published": "May 2026"}, {"date": "2026-05"}),
    ("year as a number", {"text": "a", "date": 1961}, {"date": "1961"}),
    ("no date", {"text": "a", "date": "soon"}, {"date": ""}),
    ("publisher", {"text": "a", "publisher": {"name": "Post"}}, {"publisher": "Post"}),
    ("licence", {"text": "a", "license": "CC0"}, {"licence": "CC0"}),
    ("lone surrogate and NUL", {"text": "a\ud800b\0c"}, {"text": "a\ufffdb\ufffdc"}),
    ("line ends", {"text": "a\r\nb\rc"}, {"text": "a\nb\nc"}),
]


@pytest.mark.parametrize(("row", "expected"), [c[1:] for c in ROWS], ids=[c[0] for c in ROWS])
def test_a_json_line_is_read_by_its_keys(tmp_path, row, expected):
    (found,), refused = read(put(tmp_path, "a.jsonl", json.dumps(row)))
    assert refused == []
    assert {name: getattr(found, name) for name in expected} == expected


BROKEN = [
    ("no JSON", b'{"text": "a"', "no JSON"),
    ("no object", b'["text"]', "expected an object"),
    ("no text", b'{"words": "a"}', "found: words"),
    ("blank text", b'{"text": "  "}', "no text found"),
    ("another charset", '{"text": "café"}'.encode("latin-1"), "no UTF-8 at byte"),
    ("nested too deep", b"[" * 200_000, "no JSON"),
    ("a number too long", b'{"text": ' + b"9" * 5_000 + b"}", "no JSON"),
    ("too long", b'{"text": "' + b"a" * 20_000 + b'"}', "more than 9000 bytes"),
]


@pytest.mark.parametrize(("line", "says"), [c[1:] for c in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_broken_row_is_named_and_the_rest_goes_in(tmp_path, line, says):
    body = b'{"text": "first"}\n\n' + line + b'\n{"text": "last"}'
    if b"9000" not in says.encode():
        found, refused = read(put(tmp_path, "a.jsonl", body))
    else:
        found, refused = read(put(tmp_path, "a.jsonl", body), max_bytes=9_000)
    assert [each.text for each in found] == ["first", "last"]
    assert [each.line for each in refused] == [3]
    assert says in refused[0].reason


def test_a_byte_order_mark_is_no_part_of_the_first_row(tmp_path):
    (found,), _ = read(put(tmp_path, "a.jsonl", b'\xef\xbb\xbf{"text": "a"}'))
    assert found.text == "a"


@pytest.mark.parametrize(("name", "says"), [("a.jsonl", "UTF-16"), ("a.csv", "UTF-16")])
def test_utf_16_rows_are_refused_once(tmp_path, name, says):
    _, refused = read(put(tmp_path, name, '{"text": "a"}\n{"text": "b"}'.encode("utf-16")))
    assert [says in each.reason for each in refused] == [True]


TABLES = [
    ("a.csv", "town,people\nElmford,12345\n", ["town: Elmford; people: 12345"]),
    ("a.csv", "town;people;area\nElmford;12,5;3\n", ["town: Elmford; people: 12,5; area: 3"]),
    ("a.tsv", "town\tpeople\nElm, ford\t1\n", ["town: Elm, ford; people: 1"]),
    ("a.csv", "town|people\nElmford|1\n", ["town: Elmford; people: 1"]),
    ("a.csv", 'town,note\n"Elm","one\ntwo; ""x"""\n', ['town: Elm; note: one two; "x"']),
    ("a.csv", "\ufefftown,people\nElmford,\n", ["town: Elmford"]),
    ("a.csv", ",people\nElmford,1\n", ["column 1: Elmford; people: 1"]),
    ("a.csv", "town,people\n\n,\nElmford,1", ["town: Elmford; people: 1"]),
    ("a.csv", "title,text\nRain,It rained.\n", ["It rained."]),
    ("a.csv", "town\nElmford\nAshby\n", ["town: Elmford", "town: Ashby"]),
]


@pytest.mark.parametrize(("name", "body", "texts"), TABLES)
def test_each_row_of_a_table_is_a_document(tmp_path, name, body, texts):
    found, refused = read(put(tmp_path, name, body))
    assert [each.text for each in found] == texts
    assert refused == []


def test_a_row_stands_under_the_name_of_its_table(tmp_path):
    (found,), _ = read(put(tmp_path, "school-meals_2025.csv", "town,date\nElmford,2025-03-04\n"))
    assert (found.title, found.date) == ("school meals 2025", "2025-03-04")


def test_a_text_column_takes_title_and_address_from_the_others(tmp_path):
    body = "Title,URL,Text\nRain,https://w.example/1,It rained.\n"
    (found,), _ = read(put(tmp_path, "a.csv", body))
    assert (found.title, found.url, found.text) == ("Rain", "https://w.example/1", "It rained.")


def test_a_table_in_a_single_byte_charset_keeps_its_letters(tmp_path):
    (found,), _ = read(put(tmp_path, "a.csv", "town,café\nÉlm,1\n".encode("cp1252")))
    assert found.text == "town: Élm; café: 1"


def test_a_row_with_too_many_cells_is_named(tmp_path):
    found, refused = read(put(tmp_path, "a.csv", "a,b\n1,2\n1,2,3\n3,4\n"))
    assert len(found) == 2
    assert [(each.line, "3 cells" in each.reason) for each in refused] == [(3, True)]


def test_a_quotation_mark_left_open_is_named_and_rows_before_it_go_in(tmp_path):
    rows = "".join(f"{i},{'x' * 50}\n" for i in range(5_000))
    found, refused = read(put(tmp_path, "a.csv", f'a,b\n1,2\n1,"open\n{rows}'))
    assert found[0].text == "a: 1; b: 2"
    assert len(found) > 1
    assert any("quotation mark" in each.reason and each.n_documents > 100 for each in refused)


def test_a_folder_is_read_in_sorted_order_and_hidden_files_are_counted(tmp_path):
    (tmp_path / "b").mkdir()
    put(tmp_path / "b", "1.txt", "Second words.")
    put(tmp_path, "a.txt", "First words.")
    put(tmp_path, "c.txt", "Third words.")
    put(tmp_path, ".hidden.txt", "Not these.")
    found, refused = read(tmp_path)
    assert [each.text for each in found] == ["First words.", "Second words.", "Third words."]
    assert [(each.n_documents, each.is_fault) for each in refused] == [(1, False)]


def test_a_path_that_does_not_exist_is_refused(tmp_path):
    assert read(tmp_path / "none.txt")[1][0].reason.startswith("cannot be opened")


def test_ids_follow_from_address_or_name_and_text():
    assert document_id("a", "b") == document_id("a", "b")
    assert len({document_id("a", "b"), document_id("a", "c"), document_id("c", "b")}) == 3
    assert document_id("ab", "c") != document_id("a", "bc")


@given(st.text(max_size=40))
def test_a_date_is_a_day_a_month_a_year_or_nothing(written):
    assert len(iso_date(written)) in {0, 4, 7, 10}


@given(
    st.binary(max_size=300), st.sampled_from([".csv", ".jsonl", ".xml", ".txt", ".html", ".gz", ""])
)
def test_any_bytes_under_any_name_raise_nothing(tmp_path_factory, body, suffix):
    path = tmp_path_factory.mktemp("any") / f"a{suffix}"
    path.write_bytes(body)
    assert all(isinstance(each, Document | Refused) for each in documents(path))
