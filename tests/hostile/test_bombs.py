"""D1 of the threat list: what unpacks without end is cut off at the cap."""

import contextlib
import gzip
import json
import resource
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onrecord import fetch
from onrecord.errors import TooLargeError
from onrecord.settings import FetchSettings
from onrecord.warc import captures

BOMBS = Path(__file__).with_name("bombs.py")
ENCODINGS = [
    "gzip",
    "deflate",
    "br",
    "zstd",
    "gzip, gzip",
    "gzip, gzip, gzip",
    "gzip, br",
    "br, gzip",
    "zstd, gzip",
    "br, zstd",
    "zstd, br, gzip",
    "gzip, zstd",
]
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def packed(encoding: str, n_bytes: int) -> bytes:
    code = f"import sys; sys.path.insert(0, {str(BOMBS.parent)!r}); from bombs import bomb; sys.stdout.buffer.write(bomb({encoding!r}, {n_bytes}))"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout


def costs(tmp_path, n_bytes):
    """What unpacking each bomb cost in a process of its own: error, memory, seconds."""
    jobs = []
    for i, encoding in enumerate(ENCODINGS):
        path = tmp_path / str(i)
        path.write_bytes(packed(encoding, n_bytes))
        jobs.append([encoding, str(path)])
    done = subprocess.run(
        [sys.executable, BOMBS], check=True, capture_output=True, input=json.dumps(jobs).encode()
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("n_bytes", [1 << 25, pytest.param(1 << 30, marks=pytest.mark.soak)])
def test_d1_a_bomb_stops_at_the_cap(tmp_path, n_bytes):
    found = costs(tmp_path, n_bytes)
    assert len(found) == len(ENCODINGS)
    for encoding, error, growth, seconds in found:
        assert error == "TooLargeError", encoding
        assert growth < 64_000_000, (encoding, growth)
        assert seconds < 2, (encoding, seconds)


def serve(body: bytes, encoding: str, declared: int | None):
    listener = socket.create_server(("127.0.0.1", 0))

    def talk():
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            length = f"Content-Length: {declared}\r\n" if declared is not None else ""
            connection.sendall(
                f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n{length}\r\n".encode()
            )
            with contextlib.suppress(OSError):
                connection.sendall(body)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    return listener, thread


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "gzip, gzip, gzip"])
@pytest.mark.parametrize("length", ["true", "none", "too small", "too large"])
def test_d1_over_the_wire_whatever_the_length_says(encoding, length):
    body = packed(encoding, 1 << 24)
    declared = {
        "true": len(body),
        "none": None,
        "too small": max(len(body) // 2, 400),
        "too large": 9_999_999,
    }[length]
    listener, thread = serve(body, encoding, declared)
    port = listener.getsockname()[1]
    settings = FetchSettings(
        ports=(port,), allowed_addresses=("127.0.0.1",), obey_robots=False, timeout_seconds=20
    )
    lies = length.startswith("too")
    expected = fetch.NetworkError if lies else TooLargeError
    with listener, pytest.raises((expected, TooLargeError)):
        fetch.get(f"http://127.0.0.1:{port}/", settings=settings, now=NOW)
    thread.join(5)


@pytest.mark.parametrize("n_bytes", [80_000_000, pytest.param(1 << 30, marks=pytest.mark.soak)])
@pytest.mark.parametrize("pack", ["gzip", "plain"])
def test_d1_a_record_that_unpacks_without_end(tmp_path, n_bytes, pack):
    good = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>good"
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n"
    path = tmp_path / "x.warc.gz"
    record = head.format(len(good)).encode() + good + b"\r\n\r\n"
    if pack == "gzip":
        with path.open("wb") as file:
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as member:
                member.write(head.format(n_bytes).encode() + b"HTTP/1.1 200 OK\r\n\r\n")
                for _ in range(n_bytes >> 20):
                    member.write(bytes(1 << 20))
            file.write(gzip.compress(record))
    else:
        body = gzip.compress(bytes(min(n_bytes, 1 << 27)), 1)
        block = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + body
        )
        path.write_bytes(head.format(len(block)).encode() + block + b"\r\n\r\n" + record)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = list(captures(path))
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert [getattr(each, "error", "page") for each in found] == [
        "WarcError" if pack == "gzip" else "TooLargeError",
        "page",
    ]
    assert growth < 64_000_000
