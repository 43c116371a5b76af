from __future__ import annotations

import pytest

from onrecord.errors import StoreError
from onrecord.record import Capture
from onrecord.store import captures

URL = "https://bell.example/news/1"


def capture(body: bytes, time: str = "2026-11-26T10:00:00+00:00") -> Capture:
    return Capture(URL, time, "text/html; charset=utf-8", body)


def test_a_kept_capture_comes_back_as_it_was(engine, tmp_path):
    given = capture(b"<p>\xff\x00 any bytes</p>" * 1000)
    kept = captures.keep(engine, tmp_path, capture=given)
    assert captures.load(tmp_path, kept) == given


def test_several_captures_share_a_file_and_keep_apart(engine, tmp_path):
    made = [captures.keep(engine, tmp_path, capture=capture(b"page %d" % n)) for n in range(5)]
    assert len({kept.archive for kept in made}) == 1
    assert [captures.load(tmp_path, kept).body for kept in made] == [
        b"page %d" % n for n in range(5)
    ]


def test_the_same_bytes_are_written_once_and_both_times_kept(engine, tmp_path):
    first = captures.keep(engine, tmp_path, capture=capture(b"same"))
    second = captures.keep(engine, tmp_path, capture=capture(b"same", "2026-11-27T10:00:00+00:00"))
    assert (second.archive, second.offset) == (first.archive, first.offset)
    assert [kept.retrieved[:10] for kept in captures.earlier(engine, URL)] == [
        "2026-11-27",
        "2026-11-26",
    ]


def test_an_altered_archive_is_noticed(engine, tmp_path):
    kept = captures.keep(engine, tmp_path, capture=capture(b"true words" * 50))
    path = tmp_path / captures.FOLDER / kept.archive
    other = captures.keep(engine, tmp_path, capture=capture(b"other words" * 50))
    body = path.read_bytes()
    path.write_bytes(body[other.offset :] + body[: other.offset])
    with pytest.raises(StoreError, match="SHA-256"):
        captures.load(tmp_path, kept)


def test_a_record_is_kept_beside_its_capture(engine, tmp_path):
    kept = captures.keep(engine, tmp_path, capture=capture(b"page"))
    assert captures.latest_record(engine, kept) is None
    captures.keep_record(engine, kept, json="{}", now="2026-11-26", version="0.1.0")
    assert captures.latest_record(engine, kept) == "{}"


def test_a_capture_without_address_is_not_kept(engine, tmp_path):
    with pytest.raises(StoreError):
        captures.keep(engine, tmp_path, capture=Capture(None, None, "", b"x"))


@pytest.mark.parametrize(
    "kind", ["text/html; charset=“utf”", "text/html\r\nX-Evil: 1", "", "é" * 300]
)
def test_any_media_type_that_a_server_sends_is_kept(engine, tmp_path, kind):
    given = Capture(URL, "2026-11-26T10:00:00+00:00", kind, b"some page")
    kept = captures.keep(engine, tmp_path, capture=given)
    assert captures.load(tmp_path, kept) == given
