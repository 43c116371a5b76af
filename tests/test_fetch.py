"""Fetching an address: what is refused, what is followed, and what comes back.

Servers listen on loopback, which is named as allowed; look-ups are answered by a stub.
"""

import gzip
import socket
import threading
import time
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime

import brotli
import pytest
import zstandard

from onrecord.addresses import address, is_public, networks
from onrecord.errors import NetworkError, RefusedError, SettingsError, TooLargeError
from onrecord.fetch import get
from onrecord.settings import FetchSettings

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@contextmanager
def server(answer):
    """A server on loopback; `answer(path, request)` gives bytes, or an iterator of bytes."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests = []
    threads = []

    def talk(connection):
        with connection:
            connection.settimeout(10)
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(65536)
                if not piece:
                    return
                request += piece
            path = request.split(b" ")[1].decode()
            requests.append((path, request.decode()))
            reply = answer(path, request.decode())
            try:
                for part in [reply] if isinstance(reply, bytes) else reply:
                    connection.sendall(part)
            except OSError:
                pass

    def listen():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=talk, args=(connection,), daemon=True)
            thread.start()
            threads.append(thread)

    main = threading.Thread(target=listen, daemon=True)
    main.start()
    try:
        yield listener.getsockname()[1], requests
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        main.join(5)
        for thread in threads:
            thread.join(5)


def reply(body=b"<p>x", *, status="200 OK", headers=()):
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def settings_for(port, **changes):
    fields = {
        "ports": (port,),
        "allowed_addresses": ("127.0.0.1",),
        "obey_robots": False,
        **changes,
    }
    return FetchSettings(**fields)


def fetched(
    port,
    path="/page",
    *,
    host="news.example",
    resolver=lambda host, port: ("127.0.0.1",),
    **changes,
):
    settings = settings_for(port, **changes)
    return get(f"http://{host}:{port}{path}", settings=settings, now=NOW, resolver=resolver)


def test_a_page_is_captured():
    with server(lambda *_: reply(headers=["Content-Type: text/html; charset=utf-8"])) as (
        port,
        requests,
    ):
        capture = fetched(port, "/a?b=c#d")
    assert capture.url == f"http://news.example:{port}/a?b=c"
    assert (capture.body, capture.media_type) == (b"<p>x", "text/html; charset=utf-8")
    assert capture.retrieved == "2026-11-20T12:00:00Z"
    ((_, request),) = requests
    assert request.startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: news.example:{port}\r\n" in request
    assert "User-Agent: onrecord/" in request
    assert "cookie" not in request.lower()


ZEROS = b"0" * 100_000
NOTHING = gzip.compress(b"")
BODIES = [
    ("gzip", gzip.compress(ZEROS)),
    ("gzip", gzip.compress(ZEROS[:50_000]) + gzip.compress(ZEROS[50_000:])),
    ("x-gzip", gzip.compress(ZEROS)),
    ("deflate", zlib.compress(ZEROS)),
    ("deflate", zlib.compress(ZEROS)[2:-4]),
    ("br", brotli.compress(ZEROS)),
    ("zstd", zstandard.compress(ZEROS)),
    ("gzip, br", brotli.compress(gzip.compress(ZEROS))),
    ("identity", ZEROS),
    ("gzip", NOTHING),
]


@pytest.mark.parametrize(("encoding", "body"), BODIES)
def test_compressed_bodies_are_unpacked(encoding, body):
    with server(lambda *_: reply(body, headers=[f"Content-Encoding: {encoding}"])) as (port, _):
        assert fetched(port).body == (b"" if body == NOTHING else ZEROS)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (reply(status="404 Not Found"), NetworkError, "answered 404 Not Found; expected a page"),
        (reply(status="503 Down"), NetworkError, "503 Down"),
        (reply(b"abc", headers=["Content-Encoding: gzip"]), NetworkError, "damaged"),
        (
            reply(gzip.compress(ZEROS)[:-20], headers=["Content-Encoding: gzip"]),
            NetworkError,
            "damaged",
        ),
        (
            reply(brotli.compress(ZEROS)[:-2], headers=["Content-Encoding: br"]),
            NetworkError,
            "damaged",
        ),
        (reply(headers=["Content-Encoding: rot13"]), NetworkError, "'rot13'; expected gzip"),
        (reply(headers=["Content-Encoding: " + "gzip," * 9]), NetworkError, "compressed 9 times"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", NetworkError, "broke off"),
        (b"SSH-2.0-OpenSSH\r\n", NetworkError, "broke off"),
        (b"", NetworkError, "broke off"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", NetworkError, "broke off"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n",
            TooLargeError,
            "999999999999 bytes",
        ),
    ],
)
def test_a_broken_answer_is_named(answer, error, words):
    with server(lambda *_: answer) as (port, _), pytest.raises(error, match=words):
        fetched(port)


def test_a_body_without_end_stops_at_the_cap():
    def endless():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b"x" * 65_536

    with (
        server(lambda *_: endless()) as (port, _),
        pytest.raises(TooLargeError, match=r"fetch\.max_bytes"),
    ):
        fetched(port, max_bytes=1_000_000)


@pytest.mark.parametrize("place", ["head", "body", "body with a length"])
def test_a_dripping_server_is_cut_off(place):
    def drip():
        if place == "body":
            yield b"HTTP/1.1 200 OK\r\n\r\n"
        elif place == "body with a length":
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        else:
            yield b"HTTP/1.1 200 OK\r\nX: "
        while True:
            time.sleep(0.05)
            yield b"x"

    start = time.monotonic()
    with (
        server(lambda *_: drip()) as (port, _),
        pytest.raises(NetworkError, match=r"not done after 0.5 s"),
    ):
        fetched(port, timeout_seconds=0.5)
    assert time.monotonic() - start < 5


def test_a_slow_look_up_is_given_up():
    with pytest.raises(NetworkError, match="not done after"):
        fetched(80, resolver=lambda *_: time.sleep(3) or (), timeout_seconds=0.2)


def test_a_host_without_address_and_a_closed_port_are_named():
    with pytest.raises(NetworkError, match=r"no IP address found for 'news\.example'"):
        fetched(80, resolver=lambda *_: ())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NetworkError, match=f"no connection to 'news.example' on port {port}"):
        fetched(port)


ROBOTS = b"User-agent: *\nDisallow: /private\n\nUser-agent: onrecord\nDisallow: /no\n"


@pytest.mark.parametrize(
    ("path", "robots", "refused"),
    [
        ("/page", reply(ROBOTS), False),
        ("/private/x", reply(ROBOTS), False),  # our own group counts
        ("/no/page", reply(ROBOTS), True),
        ("/page", reply(status="404 Not Found"), False),
        ("/page", reply(status="500 Oops"), True),
        ("/page", reply(b"\xff\x00 not : robots"), False),
        ("/page", reply(b"#" * 600_000), True),
    ],
)
def test_robots_are_obeyed(path, robots, refused):
    with server(lambda at, _: robots if at == "/robots.txt" else reply()) as (port, requests):
        if refused:
            with pytest.raises(RefusedError, match=r"fetch\.obey_robots"):
                fetched(port, path, obey_robots=True)
            assert [at for at, _ in requests] == ["/robots.txt"]
        else:
            assert fetched(port, path, obey_robots=True).body == b"<p>x"


def test_robots_are_asked_once_an_origin():
    def answer(at, _):
        if at.startswith("/hop"):
            return reply(status="302 Found", headers=["Location: /page"])
        return reply(b"" if at == "/robots.txt" else b"<p>x")

    with server(answer) as (port, requests):
        fetched(port, "/hop", obey_robots=True)
    assert [at for at, _ in requests] == ["/robots.txt", "/hop", "/page"]


def test_addresses_as_browsers_read_them():
    assert address("HTTPS://EXAMPLE.org:443/ä?q#f").url == "https://example.org/%C3%A4?q"
    assert address("//b.example/c", base="https://a.example/").url == "https://b.example/c"
    assert address("http://[2606:4700::1111]/").host == "2606:4700::1111"
    assert (
        address("http://[2606:4700::1111]:8080/", ports=(8080,)).authority
        == "[2606:4700::1111]:8080"
    )


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "172.32.0.1", "100.128.0.1"]
)
def test_public_addresses_are_public(ip):
    assert is_public(ip)


def test_an_allowed_network_opens_only_itself():
    allowed = networks(["127.0.0.1", "10.2.0.0/16"])
    assert is_public("10.2.3.4", allowed=allowed)
    assert not is_public("10.3.3.4", allowed=allowed)
    assert not is_public("127.0.0.2", allowed=allowed)
    with pytest.raises(SettingsError, match="expected an IP address"):
        networks(["localhost"])
