"""Hostile files on their way into the collection: each is named, and the rest goes in."""

from __future__ import annotations

import bz2
import gzip
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from onrecord.documents import Refused, documents
from onrecord.record import Document
from tests.documents import dumps, pdf_files

GOOD = "The bridge opened in 1961."


def read(path, **limits):
    found = list(documents(path, **limits))
    kept = [each for each in found if isinstance(each, Document)]
    return kept, [each for each in found if isinstance(each, Refused)]


def cut_pdf() -> bytes:
    return pdf_files.made(pdf_files.pages(20))[:1_500]


BAD_FILES = [
    ("encrypted.pdf", pdf_files.encrypted, "encrypted PDF"),
    ("cut.pdf", cut_pdf, "damaged PDF"),
    ("bomb.pdf", pdf_files.bomb, "unpacks to too much"),
    ("pictures.pdf", pdf_files.pictures_only, "pictures only"),
    ("empty.txt", bytes, "is empty"),
    ("blank.txt", lambda: b" \n" * 100, "without any text"),
    ("picture.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG image"),
    ("program.txt", lambda: bytes(range(256)) * 40, "binary data"),
    ("bomb.txt.gz", lambda: gzip.compress(bytes(50_000_000)), "more than 10000000 bytes"),
    ("bomb.txt.bz2", lambda: bz2.compress(b"a" * 50_000_000), "more than 10000000 bytes"),
    ("cut.txt.gz", lambda: gzip.compress(os.urandom(5_000))[:3_000], "does not unpack"),
    ("none.txt.zst", lambda: b"no zstandard data", "does not unpack"),
    ("long.jsonl", lambda: b'{"text": "' + b"a" * 20_000_000, "a line of more than"),
    ("line.jsonl.gz", lambda: gzip.compress(b"a" * 100_000_000), "a line of more than"),
    ("columns.csv", lambda: b",".join(b"%d" % i for i in range(1_000_000)), "1000000 columns"),
    ("commas.csv", lambda: b"a,b\n" + b"x," * 1_000_000, "1000001 cells"),
    ("header.csv", lambda: b"a" * 20_000_000, "no row found"),
    ("page.xml", lambda: b"%s<page>%s" % (dumps.HEAD.encode(), b"a" * 50_000_000), "has no end"),
    ("header.xml", lambda: dumps.HEAD.encode() + b" " * 5_000_000, "no <page> found"),
]


@pytest.mark.parametrize(("name", "make", "says"), BAD_FILES, ids=[case[0] for case in BAD_FILES])
def test_a_bad_file_is_named_and_its_neighbours_go_in(tmp_path, name, make, says):
    (tmp_path / "a.txt").write_text(GOOD)
    (tmp_path / name).write_bytes(make())
    (tmp_path / "zz.txt").write_text(GOOD)
    kept, refused = read(tmp_path)
    assert [each.text for each in kept] == [GOOD, GOOD]
    assert len(refused) == 1
    assert says in refused[0].reason
    assert refused[0].source == str(tmp_path / name)
    assert refused[0].is_fault


def laughs() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE mediawiki [<!ENTITY l0 "ha">{levels}]>'


@pytest.mark.parametrize(
    ("declared", "entity"),
    [
        (laughs(), "&l11;"),
        ('<!DOCTYPE mediawiki [<!ENTITY x SYSTEM "{secret}">]>', "&x;"),
        ('<!DOCTYPE mediawiki [<!ENTITY % p SYSTEM "{secret}"> %p;]>', "&x;"),
        ('<!DOCTYPE mediawiki SYSTEM "{secret}">', "&x;"),
    ],
    ids=["billion laughs", "a file", "a parameter", "an outside type"],
)
def test_entities_of_a_dump_are_never_resolved(tmp_path, declared, entity):
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY x "hidden words">')
    bad = dumps.page("Bad", "words @ words").replace("@", entity)
    body = declared.replace("{secret}", secret.as_uri()) + dumps.HEAD + bad
    path = tmp_path / "a.xml"
    path.write_text(body + dumps.page("Good", GOOD) + dumps.TAIL)
    kept, refused = read(path)
    assert [each.text for each in kept] == [GOOD]
    assert any("entities are not resolved" in each.reason for each in refused)
    assert any("undefined entity" in each.reason for each in refused)


def test_a_document_type_inside_a_page_is_no_xml(tmp_path):
    path = tmp_path / "a.xml"
    bad = '<page><!DOCTYPE page [<!ENTITY x "ha">]><title>&x;</title></page>'
    path.write_text(dumps.HEAD + bad + dumps.page("Good", GOOD) + dumps.TAIL)
    kept, refused = read(path)
    assert [each.text for each in kept] == [GOOD]
    assert "no XML" in refused[0].reason


def test_a_page_larger_than_the_cap_costs_itself(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(dumps.dump(dumps.page("Big", "a " * 100_000), dumps.page("Good", GOOD)))
    kept, refused = read(path, max_bytes=10_000)
    assert [each.text for each in kept] == [GOOD]
    assert "more than 40000 bytes" in refused[0].reason


ROWS = b"".join(b'{"text": "row %d of many, with some words"}\n' % i for i in range(60_000))


def test_a_file_that_shrinks_while_it_is_read_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(ROWS)
    found = documents(path)
    assert isinstance(next(found), Document)
    with path.open("r+b") as file:
        file.truncate(len(ROWS) // 2)
    rest = list(found)
    assert sum(isinstance(each, Document) for each in rest) > 10_000
    assert isinstance(rest[-1], Refused)
    assert "shrank from" in rest[-1].reason
    assert rest[-1].n_documents == 0


def test_a_file_that_grows_while_it_is_read_ends_and_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(ROWS)
    n_kept = 0
    last = None
    with path.open("ab") as file:
        for last in documents(path):
            n_kept += isinstance(last, Document)
            if n_kept < 200_000:
                file.write(b'{"text": "more"}\n')
                file.flush()
    assert n_kept == 60_000
    assert isinstance(last, Refused)
    assert "changed while it was read" in last.reason


def test_a_page_that_changes_while_it_is_read_does_not_go_in(tmp_path, monkeypatch):
    from onrecord import documents as module

    path = tmp_path / "a.txt"
    path.write_text(GOOD * 1_000)
    whole = module.whole

    def changed(stream, *, max_bytes):
        body = whole(stream, max_bytes=max_bytes)
        path.write_text("Other words.")
        return body

    monkeypatch.setattr(module, "whole", changed)
    kept, refused = read(path)
    assert kept == []
    assert "shrank" in refused[0].reason


def test_a_file_that_goes_between_listing_and_reading_is_named(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(GOOD)
    found = documents(tmp_path)
    assert isinstance(next(found), Document)
    (tmp_path / "b.txt").unlink()
    rest = list(found)
    assert isinstance(rest[0], Refused)
    assert isinstance(rest[1], Document)


def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zz.txt").write_text(GOOD)
    done = threading.Event()
    found = []

    def work():
        found.extend(documents(tmp_path))
        done.set()

    threading.Thread(target=work, daemon=True).start()
    assert done.wait(20)
    assert "no regular file" in found[0].reason
    assert found[1].text == GOOD


def test_links_that_lead_round_and_round_are_not_followed(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(GOOD)
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    kept, refused = read(tmp_path)
    assert len(kept) == 1
    assert {Path(each.source).name for each in refused} == {"loop", "self", "dead"}


def test_a_folder_that_is_a_link_is_read_when_it_is_named(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(GOOD)
    (tmp_path / "link").symlink_to(tmp_path / "in")
    assert len(read(tmp_path / "link")[0]) == 1


def test_a_name_that_is_no_text_can_be_stored(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(GOOD)
    kept, _ = read(tmp_path)
    assert kept[0].source.encode()
    assert "caf\ufffd" in kept[0].source


def test_a_wrong_charset_is_read_as_what_it_is(tmp_path):
    (tmp_path / "a.html").write_bytes(
        b'<html><head><meta charset="utf-8"></head><body><article><p>'
        + "Das Café am Fluß öffnet wieder, sagt die Stadt Elmfurt am Dienstag.".encode("cp1252")
        + b"</p></article></body></html>"
    )
    kept, refused = read(tmp_path)
    assert len(kept) + len(refused) == 1


READ_BOTH = """
import resource, sys
from pathlib import Path
from onrecord.documents import documents
for name in sys.argv[1:]:
    n_documents = n_refused = 0
    for each in documents(Path(name)):
        if type(each).__name__ == "Document":
            n_documents += 1
        else:
            n_refused += 1
    print(n_documents, n_refused, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def stream_a_dump(tmp_path, n_bytes: int) -> tuple[int, int]:
    """How many documents a generated dump gives, and how many kB more it takes than a small one."""
    paths = []
    for size in (2_500_000, n_bytes):
        path = tmp_path / f"{size}.xml.bz2"
        packer = bz2.BZ2Compressor(1)
        with path.open("wb") as file:
            for piece in dumps.large(size):
                file.write(packer.compress(piece))
            file.write(packer.flush())
        paths.append(str(path))
    command = [sys.executable, "-c", READ_BOTH, *paths]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (_, _, small), (n_documents, n_refused, large) = (
        [int(number) for number in line.split()] for line in printed.splitlines()
    )
    assert n_refused == 0
    return n_documents, large - small


def test_a_dump_of_15_megabytes_takes_no_more_memory_than_a_small_one(tmp_path):
    n_documents, more = stream_a_dump(tmp_path, 15_000_000)
    assert n_documents > 3_000
    assert more < 3_000


@pytest.mark.soak
@pytest.mark.timeout(10_000)
def test_a_dump_of_3_gigabytes_takes_no_more_memory_than_a_small_one(tmp_path):
    n_documents, more = stream_a_dump(tmp_path, 3_000_000_000)
    assert n_documents > 600_000
    assert more < 3_000
