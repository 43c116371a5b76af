"""Pages out of archives; a damaged record is named and the next one is still read."""

import gzip
import hashlib
import io
from pathlib import Path

import brotli
import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from onrecord.errors import EmptyPageError, MissingFileError
from onrecord.record import Capture, Problem
from onrecord.warc import captures


def http(body, *, status="200 OK", headers=(("Content-Type", "text/html"),)):
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(
    block,
    *,
    url="http://news.example/a",
    kind="response",
    media_type="application/http; msgtype=response",
    extra="",
):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-11-20T10:00:00Z\r\n{extra}Content-Type: {media_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(tmp_path, data, name="x.warc"):
    path = tmp_path / name
    path.write_bytes(data)
    return list(captures(path))


def bodies(found):
    return [each.body if isinstance(each, Capture) else each.error for each in found]


PAGES = [http(f"<p>page {n}".encode()) for n in range(3)]
WHOLE = [f"<p>page {n}".encode() for n in range(3)]


def test_records_of_a_plain_archive(tmp_path):
    found = read(tmp_path, b"".join(record(page) for page in PAGES))
    assert bodies(found) == WHOLE
    assert found[0] == Capture(
        "http://news.example/a", "2026-11-20T10:00:00Z", "text/html", WHOLE[0]
    )


@pytest.mark.parametrize("pack", [
    lambda records: b"".join(gzip.compress(r) for r in records),
    lambda records: gzip.compress(b"".join(records)),
    lambda records: b"".join(zstandard.compress(r) for r in records),
    b"\r\n\r\n".join,
])  # fmt: skip
def test_packed_archives(tmp_path, pack):
    assert bodies(read(tmp_path, pack([record(page) for page in PAGES]))) == WHOLE


# warcio leaves its temporary file to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_archive_of_warcio_itself(tmp_path):
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))
    headers = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
    )
    writer.write_record(
        writer.create_warc_record(
            "https://news.example/b", "response", io.BytesIO(b"<p>b"), http_headers=headers
        )
    )
    writer.write_record(
        writer.create_warc_record(
            "https://news.example/c",
            "resource",
            io.BytesIO(b"words"),
            warc_content_type="text/plain",
        )
    )
    found = read(tmp_path, stream.getvalue())
    assert [(c.url, c.media_type, c.body) for c in found] == [
        ("https://news.example/b", "text/html; charset=utf-8", b"<p>b"),
        ("https://news.example/c", "text/plain", b"words"),
    ]


def test_an_arc_archive(tmp_path):
    version = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
    page = http(b"<p>old")
    data = b"filedesc://x.arc 0.0.0.0 20140216050221 text/plain %d\n%s\n" % (len(version), version)
    data += b"http://news.example/x y 93.184.216.34 20140216050221 text/html %d\n%s\n" % (
        len(page),
        page,
    )
    (found,) = read(tmp_path, data, "x.arc")
    assert (found.body, found.retrieved) == (b"<p>old", "2014-02-16T05:02:21Z")


CHUNKED = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (http(b"4\r\n<p>a\r\n0\r\n\r\n", headers=CHUNKED), [b"<p>a"]),
        (http(gzip.compress(b"<p>a"), headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip"))), [b"<p>a"]),
        (http(brotli.compress(b"<p>a"), headers=(("Content-Type", "text/html"), ("Content-Encoding", "br"))), [b"<p>a"]),
        (http(b"4\r\n<p>a\r\n", headers=CHUNKED), [b"<p>a"]),
        (http(b"no", status="404 Not Found"), []),
        (http(b"no", status="302 Found"), []),
        (http(b"\x89PNG", headers=(("Content-Type", "image/png"),)), []),
        (http(b"<p>a", headers=()), [b"<p>a"]),
        (http(b""), []),
        (http(b"x", headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip"))), ["NetworkError"]),
        (http(gzip.compress(b"0" * 20_000_000), headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip"))), ["TooLargeError"]),
    ],
)  # fmt: skip
def test_what_a_response_holds(tmp_path, block, expected):
    assert bodies(read(tmp_path, record(block) + record(PAGES[1]))) == [*expected, WHOLE[1]]


@pytest.mark.parametrize(
    "kind", ["request", "metadata", "revisit", "warcinfo", "continuation", "odd"]
)
def test_other_records_are_passed_over(tmp_path, kind):
    assert read(tmp_path, record(b"words", kind=kind, media_type="text/plain")) == []


@pytest.mark.parametrize(
    ("written", "matches"),
    [("sha1:{b32}", True), ("sha1:{hex}", True), ("SHA-1:{b32}", True), ("sha1:{other}", False), ("sha1:??", False), ("crc:1", True)],
)  # fmt: skip
def test_a_digest_is_checked(tmp_path, written, matches):
    import base64

    digest = hashlib.sha1(PAGES[0]).digest()
    names = {
        "b32": base64.b32encode(digest).decode(),
        "hex": digest.hex(),
        "other": hashlib.sha1(b"").hexdigest(),
    }
    found = read(
        tmp_path, record(PAGES[0], extra=f"WARC-Block-Digest: {written.format(**names)}\r\n")
    )
    assert bodies(found) == ([WHOLE[0]] if matches else ["WarcError"])


DAMAGE = [
    (
        "a header without length",
        lambda r: r[0] + r[1].replace(b"Content-Length", b"Content-Lemgth") + r[2],
    ),
    (
        "a length too long",
        lambda r: r[0] + r[1].replace(b"Content-Length: ", b"Content-Length: 1") + r[2],
    ),
    ("a length too short", lambda r: r[0] + r[1][:-8] + r[2]),
    ("rubbish between", lambda r: r[0] + b"rubbish " * 100 + b"\n" + r[2]),
    ("a broken start", lambda r: r[0] + b"XARC" + r[1][4:] + r[2]),
]


@pytest.mark.parametrize("damage", [d[1] for d in DAMAGE], ids=[d[0] for d in DAMAGE])
def test_a_damaged_record_costs_itself(tmp_path, damage, capfd):
    found = read(tmp_path, damage([record(page) for page in PAGES]))
    assert [b for b in bodies(found) if isinstance(b, bytes)] == [WHOLE[0], WHOLE[2]]
    assert any(isinstance(each, Problem) and "at byte" in each.message for each in found)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("cut", [12, 30, -6])
def test_a_damaged_member_costs_itself(tmp_path, cut):
    members = [gzip.compress(record(page)) for page in PAGES]
    members[1] = members[1][:cut]
    found = read(tmp_path, b"".join(members), "x.warc.gz")
    assert bodies(found)[0] == WHOLE[0]
    assert bodies(found)[-1] == WHOLE[2]
    assert any(isinstance(each, Problem) for each in found)


def test_an_archive_that_ends_in_the_middle_says_so(tmp_path):
    data = b"".join(record(page) for page in PAGES)
    found = read(tmp_path, data[:-10])
    assert bodies(found) == [*WHOLE[:2], "WarcError"]
    assert "early" in found[-1].message


def test_a_record_that_unpacks_without_end_is_passed_over(tmp_path):
    bomb = gzip.compress(record(http(b"0" * 70_000_000)), compresslevel=1)
    found = read(tmp_path, bomb + gzip.compress(record(PAGES[2])), "x.warc.gz")
    assert bodies(found) == ["WarcError", WHOLE[2]]
    assert "64000000" in found[0].message


def test_an_address_that_is_no_web_address_is_left_out(tmp_path):
    (found,) = read(
        tmp_path,
        record(b"words", url="file:///etc/passwd", kind="resource", media_type="text/plain"),
    )
    assert found.url is None


def test_an_address_with_spaces_is_quiet(tmp_path, capfd):
    (found,) = read(tmp_path, record(PAGES[0], url="http://news.example/a b"))
    assert found.url == "http://news.example/a%20b"
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_no_archive(tmp_path):
    with pytest.raises(MissingFileError, match="expected a WARC"):
        list(captures(tmp_path / "none.warc"))
    with pytest.raises(EmptyPageError, match="is empty"):
        read(tmp_path, b"")
    assert bodies(read(tmp_path, b"\x00\x01 rubbish\n" * 50)) == ["WarcError"]


def test_reading_a_large_archive_keeps_no_more_of_it(tmp_path):
    path = tmp_path / "large.warc"
    with path.open("wb") as stream:
        for _ in range(24):
            stream.write(record(b"0" * 8_000_000, kind="request"))
            stream.write(record(PAGES[0]))

    def mapped():
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("RssFile:")[2].split()[0]) * 1_000

    before = mapped()
    most = max(mapped() - before for _ in captures(path))
    assert most < 48_000_000  # of 192
