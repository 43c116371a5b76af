from __future__ import annotations

import bz2
import gzip

import pytest
import zstandard

from onrecord.documents import Refused, documents
from onrecord.record import Document
from tests.documents.dumps import HEAD, TAIL, dump, page

FIRST = page("Elm & Ford", "'''Elmford''' is a [[town]].")
SECOND = page("Mill bridge", "The bridge opened in 1961.")


def read(tmp_path, body: bytes, name: str = "elm.xml"):
    path = tmp_path / name
    path.write_bytes(body)
    found = list(documents(path))
    texts = [each.text for each in found if isinstance(each, Document)]
    return texts, [each for each in found if isinstance(each, Refused)]


def test_an_article_has_its_title_address_date_publisher_and_licence(tmp_path):
    path = tmp_path / "elm.xml"
    path.write_bytes(dump(FIRST))
    (found,) = documents(path)
    assert found.text == "Elmford is a town."
    assert found.title == "Elm & Ford"
    assert found.url == "https://elm.example/wiki/Elm_%26_Ford"
    assert (found.date, found.publisher, found.licence) == ("2025-03-04", "Elmwiki", "CC BY-SA 4.0")
    assert found.source == str(path)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("elm.xml", bytes),
        ("elm.xml.bz2", bz2.compress),
        ("elm.xml.gz", gzip.compress),
        ("elm.xml.zst", zstandard.compress),
        ("ELM.XML.BZ2", bz2.compress),
        # parallel tools write several streams into one file
        ("many.xml.bz2", lambda body: bz2.compress(body[:500]) + bz2.compress(body[500:])),
    ],
)
def test_a_dump_is_read_packed_or_not(tmp_path, name, pack):
    assert read(tmp_path, pack(dump(FIRST, SECOND)), name)[0] == [
        "Elmford is a town.",
        "The bridge opened in 1961.",
    ]


def test_redirects_and_other_namespaces_are_left_out_and_counted(tmp_path):
    texts, refused = read(
        tmp_path,
        dump(FIRST, page("Old", "#REDIRECT [[New]]", redirect="New"), page("Talk:A", "Hm.", ns=1)),
    )
    assert len(texts) == 1
    assert [(r.n_documents, r.is_fault) for r in refused] == [(2, False)]
    assert "1 redirects and 1 pages of other namespaces" in refused[0].reason


def test_the_last_revision_of_a_page_counts(tmp_path):
    both = SECOND.replace(
        "</page>",
        "<revision><timestamp>2026-01-01T00:00:00Z</timestamp><text>It closed.</text></revision></page>",
    )
    (tmp_path / "elm.xml").write_bytes(dump(both))
    (found,) = documents(tmp_path / "elm.xml")
    assert (found.text, found.date) == ("It closed.", "2026-01-01")


def test_the_contributor_and_the_ids_are_no_part_of_a_document(tmp_path):
    texts, _ = read(tmp_path, dump(page("Ann", "She is a person.")))
    assert texts == ["She is a person."]


DAMAGED = [
    ("a page that is no XML", HEAD + FIRST + "<page><title>x</b></page>" + SECOND + TAIL, "no XML"),
    ("a page without an end", HEAD + FIRST + "<page><title>x" + SECOND + TAIL, "no end"),
    ("a page without text", HEAD + FIRST + page("Empty", "{{box}}") + SECOND + TAIL, "no text"),
    ("noise between pages", HEAD + FIRST + "\x00\x01 &&& <" + SECOND + TAIL, None),
    ("a dump without an end", HEAD + FIRST + SECOND, "cut"),
    ("a dump cut in a page", HEAD + FIRST + SECOND + SECOND[:200], "has no end"),
]


@pytest.mark.parametrize(("body", "says"), [c[1:] for c in DAMAGED], ids=[c[0] for c in DAMAGED])
def test_a_damaged_page_costs_itself_and_is_named(tmp_path, body, says):
    texts, refused = read(tmp_path, body.encode())
    assert texts == ["Elmford is a town.", "The bridge opened in 1961."]
    assert [says in r.reason for r in refused] == ([True] if says else [])


def test_bytes_that_are_no_utf_8_cost_their_page(tmp_path):
    body = dump(FIRST, page("X", "caf@"), SECOND).replace(b"caf@", b"caf\xe9")
    texts, refused = read(tmp_path, body)
    assert len(texts) == 2
    assert len(refused) == 1


def test_packing_that_breaks_costs_what_comes_after(tmp_path):
    packed = gzip.compress(dump(FIRST, SECOND))
    _, refused = read(tmp_path, packed[:-20], "elm.xml.gz")
    assert any("unpack" in r.reason for r in refused)


def test_xml_of_another_kind_is_named(tmp_path):
    _, refused = read(tmp_path, b"<rss><channel/></rss>")
    assert "unknown form" in refused[0].reason


def test_a_dump_without_pages_is_named(tmp_path):
    _, refused = read(tmp_path, (HEAD + TAIL).encode())
    assert "no <page> found" in refused[0].reason
