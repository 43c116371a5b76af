"""What a bulk run may be given: folders, archives, JSON lines, addresses of object stores."""

from __future__ import annotations

import gzip
import json
import sys

import pytest

from onrecord.bulk_inputs import Item, inputs_of, items, loose_pages
from onrecord.bulk_shards import shard_name
from onrecord.errors import MissingFileError, OnrecordError, SettingsError
from onrecord.record import Capture
from tests.invented_archives import html, member, text_rows, url


def found(source, **options):
    """The items of a source as (position, address, words or the error)."""
    made = items(source, max_bytes=1_000_000, **options)
    return [(each.position, each.url, _kind(each)) for each in made]


def _kind(item: Item) -> str:
    return "page" if isinstance(item.content, Capture) else item.content.error


@pytest.fixture
def folder(tmp_path):
    """A folder with archives, JSON lines, pages, and what is none of them."""
    inside = tmp_path / "in"
    (inside / "b").mkdir(parents=True)
    (inside / "b" / "two.warc.gz").write_bytes(member(0) + member(1))
    (inside / "a.jsonl.gz").write_bytes(gzip.compress(text_rows(3).encode()))
    (inside / "z.html").write_bytes(html(1))
    (inside / "b" / "c.txt").write_text("The bridge is safe.")
    (inside / "empty.md").write_bytes(b"")
    (inside / "photo.png").write_bytes(b"\x89PNG")
    return inside


def test_a_folder_is_its_archives_and_its_loose_pages(folder):
    given = [folder, folder / "a.jsonl.gz", "other.warc"]
    names = ["a.jsonl.gz", "b/two.warc.gz"]
    expected = [*(str(folder / name) for name in names), str(folder), "other.warc"]
    assert list(inputs_of(given)) == expected
    pages = loose_pages(folder)
    assert pages == ("b/c.txt", "empty.md", "z.html")
    kinds = [kind for *_, kind in found(folder, pages=pages)]
    assert kinds == ["page", "EmptyPageError", "page"]


def test_a_folder_without_loose_pages_is_its_archives(folder, tmp_path):
    assert inputs_of([folder / "b"]) == (str(folder / "b" / "two.warc.gz"), str(folder / "b"))
    (folder / "b" / "c.txt").unlink()
    assert inputs_of([folder / "b"]) == (str(folder / "b" / "two.warc.gz"),)
    (tmp_path / "empty").mkdir()
    assert inputs_of([tmp_path / "empty"]) == (str(tmp_path / "empty"),)


def test_the_share_of_an_archive_that_was_read_grows(folder):
    shares = [one.share for one in items(folder / "b" / "two.warc.gz", max_bytes=1_000_000)]
    assert shares[0] == 0.0
    assert 0.3 < shares[1] < 0.7


LINES = [
    ("html and url", '{"html": "<p>a", "url": "https://bell.example/1"}', "page"),
    ("title and text", '{"title": "A", "text": "b", "retrieved": "2026-11-20"}', "page"),
    ("a list", "[1]", "InputError"),
    ("no text", '{"url": "https://bell.example/2"}', "InputError"),
    ("half a line", '{"text": "a', "JSONDecodeError"),
    ("deep", "[" * 100_000, "RecursionError"),
    ("no utf-8", b'{"text": "\xff"}', "UnicodeDecodeError"),
    ("too long a page", json.dumps({"text": "a" * 1_000_001}), "InputError"),
    ("too long a line", b'{"text": "' + b"a" * 21_000_000 + b'"}', "InputError"),
    ("a lone surrogate", '{"text": "a \\ud800 b"}', "page"),
]


def test_a_bad_line_costs_itself(tmp_path):
    file = tmp_path / "a.jsonl"
    rows = [line if isinstance(line, bytes) else line.encode() for _, line, _ in LINES]
    file.write_bytes(b"\n".join(rows) + b"\n\n")
    kinds = [(position, kind) for position, _, kind in found(file)]
    assert kinds == [(position, kind) for position, (*_, kind) in enumerate(LINES)]


def test_lines_that_do_not_unpack_are_named(tmp_path):
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(text_rows(2_000).encode())[:-2_000])
    made = items(file, max_bytes=1_000_000)
    first = next(made)
    assert first.url == url(0)
    with pytest.raises(MissingFileError, match=r"a\.jsonl\.gz"):
        list(made)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("https://bell.example/a.warc.gz", "download it first"),
        ("nostore://bucket/a.warc.gz", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_read_is_named_before_the_run(given, told):
    with pytest.raises(SettingsError, match=told):
        inputs_of([given])


def test_an_address_needs_fsspec(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(SettingsError, match=r"pip install .onrecord\[storage\]"):
        inputs_of(["s3://bucket/a.warc.gz"])


@pytest.fixture
def store():
    """A store in memory that holds two archives and a file of JSON lines."""
    fsspec = pytest.importorskip("fsspec", reason="fsspec is optional and not installed")
    system = fsspec.filesystem("memory")
    system.pipe("/archive/a.warc.gz", member(0) + member(1))
    system.pipe("/archive/b.warc.gz", member(2))
    system.pipe("/archive/c.jsonl", text_rows(2).encode())
    yield system
    system.rm("/archive", recursive=True)


def test_an_object_store_is_an_input(store):
    assert inputs_of(["memory://archive/*.warc.gz"]) == (
        "memory:///archive/a.warc.gz",
        "memory:///archive/b.warc.gz",
    )
    assert found("memory://archive/a.warc.gz") == [(0, url(0), "page"), (1, url(1), "page")]
    assert len(found("memory://archive/c.jsonl")) == 2
    with pytest.raises(OnrecordError, match=r"archive/none\.warc"):
        found("memory://archive/none.warc")


def test_a_local_file_by_its_address(tmp_path):
    pytest.importorskip("fsspec", reason="fsspec is optional and not installed")
    file = tmp_path / "a.warc.gz"
    file.write_bytes(member(0))
    assert found(f"file://{file}") == [(0, url(0), "page")]


def test_two_inputs_of_one_name_never_share_a_shard(tmp_path):
    names = ["a/x.warc", "b/x.warc", "s3://a/x.warc", "s3://b/x.warc"]
    assert len({shard_name(name) for name in names}) == 4
    assert shard_name("s3://a/odd name?.warc").startswith("odd-name-.warc-")
