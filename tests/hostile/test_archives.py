"""D8 of the threat list: archives with flipped bits and cut ends."""

import gzip
import random

import pytest

from onrecord.errors import OnrecordError
from onrecord.record import Capture, Problem
from onrecord.warc import captures

N_RECORDS = 6


def record(n: int) -> bytes:
    page = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>page {n} of the archive".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-11-20T10:00:00Z\r\n"
        f"WARC-Target-URI: http://news.example/{n}\r\nContent-Type: application/http\r\n"
        f"Content-Length: {len(page)}\r\n\r\n"
    )
    return head.encode() + page + b"\r\n\r\n"


RECORDS = [record(n) for n in range(N_RECORDS)]
MEMBERS = [gzip.compress(each, mtime=0) for each in RECORDS]


def archive(*, packed: bool) -> bytes:
    return b"".join(MEMBERS if packed else RECORDS)


def bounds(*, packed: bool) -> list[int]:
    parts = MEMBERS if packed else RECORDS
    return [sum(map(len, parts[:n])) for n in range(N_RECORDS + 1)]


def read(path, data: bytes) -> list[Capture | Problem]:
    path.write_bytes(data)
    return list(captures(path))


def pages(found) -> set[str]:
    return {each.url for each in found if isinstance(each, Capture)}


OFFSETS = [
    pytest.param(97, id="some offsets"),
    pytest.param(1, id="every offset", marks=pytest.mark.soak),
]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("step", OFFSETS)
def test_d8_a_flipped_bit_costs_at_most_its_record(tmp_path, packed, step):
    """The records before and after the damaged one are read; a packed one is never silently lost."""
    whole = archive(packed=packed)
    edges = bounds(packed=packed)
    for offset in range(0, len(whole), step):
        for bit in (0, 5):
            data = bytearray(whole)
            data[offset] ^= 1 << bit
            found = read(tmp_path / "x.warc", bytes(data))
            hurt = next(n for n in range(N_RECORDS) if edges[n] <= offset < edges[n + 1])
            # A wrong length can also swallow the start of the next record.
            lost = {
                f"http://news.example/{n}" for n in range(N_RECORDS) if n not in (hurt, hurt + 1)
            } - pages(found)
            assert not lost, (offset, bit, found)
            if packed and len(pages(found)) < N_RECORDS:
                assert any(isinstance(each, Problem) for each in found), (offset, bit)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("step", OFFSETS)
def test_d8_a_cut_archive_gives_what_is_whole(tmp_path, packed, step):
    whole = archive(packed=packed)
    edges = bounds(packed=packed)
    for offset in range(1, len(whole), step):
        found = read(tmp_path / "x.warc", whole[:offset])
        n_whole = sum(edge <= offset for edge in edges[1:])
        assert len(pages(found)) >= n_whole, offset
        if offset not in edges and len(pages(found)) == n_whole:
            assert any(isinstance(each, Problem) for each in found), offset


@pytest.mark.parametrize("n", [40, pytest.param(3_000, marks=pytest.mark.soak)])
def test_d8_outside_archives_with_damage(shared, tmp_path, n):
    chance = random.Random(8)
    files = sorted(f for f in (shared / "corpora/warc").iterdir() if f.name != "LICENSE")
    assert len(files) == 16
    for file in files:
        list(captures(file))
    for _ in range(n):
        data = bytearray(chance.choice(files).read_bytes())
        for _ in range(chance.choice((1, 5, 50))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(1, len(data)) :]
        try:
            found = read(tmp_path / "x.warc", bytes(data))
        except OnrecordError:
            continue
        assert all(isinstance(each, Capture | Problem) for each in found)
