"""S1 to S5 of the threat list: addresses, look-ups, redirects, URLs, ports and proxies.

Nothing outside is contacted: a canary listens on loopback, look-ups are answered by a stub, and
where a public address would be called the connection is caught before it leaves.
"""

import ipaddress
import itertools
import json
import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from onrecord import fetch
from onrecord.addresses import address, is_public
from onrecord.errors import FetchError, NetworkError, RefusedError
from onrecord.settings import FetchSettings

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PUBLIC = "93.184.216.34"


@contextmanager
def canary(host="127.0.0.1"):
    """A listener that counts who knocks."""
    hits = []
    with socket.create_server((host, 0)) as listener:

        def listen():
            while True:
                try:
                    connection, peer = listener.accept()
                except OSError:
                    return
                hits.append(peer)
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()[1], hits
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


# --- S1 -------------------------------------------------------------------------------------------

CLOSED_V4 = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "169.254.1.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
]
CLOSED_V6 = [
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "100::1",
    "64:ff9b:1::1",
    "5f00::1",
    "3fff::1",
]


def spellings(ip: str) -> list[str]:
    """The host as a URL may spell an IPv4 address, within IPv6 too."""
    a, b, c, d = map(int, ip.split("."))
    n = int(ipaddress.IPv4Address(ip))
    mapped = f"{a:02x}{b:02x}:{c:02x}{d:02x}"
    return [
        ip,
        f"{a}.{b}.{c * 256 + d}",
        f"{a}.{n & 0xFFFFFF}",
        str(n),
        hex(n),
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"0{n:o}",
        ip.translate({ord("0") + i: chr(0xFF10 + i) for i in range(10)}).replace(".", "。"),
        ip.replace(".", "%2e"),
        f"[::ffff:{mapped}]",
        f"[::{ip}]",
        f"[::ffff:0:{mapped}]",
        f"[64:ff9b::{mapped}]",
        f"[2002:{mapped}::]",
        f"[2001:0:{mapped}::1]",
    ]


@pytest.mark.parametrize("ip", CLOSED_V4)
def test_s1_no_spelling_of_a_closed_address_is_asked(ip):
    with canary() as (port, hits):
        settings = FetchSettings(ports=(port,), obey_robots=False, timeout_seconds=5)
        for host in spellings(ip):
            with pytest.raises(RefusedError, match=r"not on the public internet|is no address"):
                fetch.get(f"http://{host}:{port}/", settings=settings, now=NOW, resolver=never)
            # The same answer from a look-up, as a name that an attacker owns would give it.
            if host.startswith("["):
                answers = (host[1:-1],)
                with pytest.raises(RefusedError, match="not on the public internet"):
                    fetch.get(
                        f"http://evil.example:{port}/",
                        settings=settings,
                        now=NOW,
                        resolver=lambda *_, a=answers: a,
                    )
        assert hits == []


def never(host, port):
    raise AssertionError(f"{host} was looked up")


@pytest.mark.parametrize("ip", CLOSED_V6)
def test_s1_nor_of_a_closed_ipv6_address(ip):
    parsed = ipaddress.IPv6Address(ip)
    with canary() as (port, hits):
        settings = FetchSettings(ports=(port,), obey_robots=False)
        for host in {ip, parsed.exploded, parsed.compressed.upper(), f"{ip}%25lo"}:
            with pytest.raises(RefusedError):
                fetch.get(f"http://[{host}]:{port}/", settings=settings, now=NOW, resolver=never)
        assert not is_public(ip)
        assert not is_public(f"{ip}%1")
        assert hits == []


def test_s1_counts():
    assert sum(len(spellings(ip)) for ip in CLOSED_V4) + 4 * len(CLOSED_V6) >= 240


# --- S2 -------------------------------------------------------------------------------------------


@pytest.fixture
def calls(monkeypatch):
    """The IP addresses that a connection was asked for; none is made."""
    asked = []

    def create_connection(target, *_):
        asked.append(target[0])
        raise ConnectionRefusedError("caught by the test")

    monkeypatch.setattr(fetch.socket, "create_connection", create_connection)
    return asked


@pytest.mark.parametrize("later", ["127.0.0.1", "10.0.0.1", "::1", "169.254.169.254"])
def test_s2_the_address_that_was_checked_is_the_one_called(calls, later):
    for _ in range(50):
        answers = itertools.chain([(PUBLIC,)], itertools.repeat((later,)))
        with pytest.raises(NetworkError, match="no connection"):
            fetch.get(
                "http://rebind.example/",
                settings=FetchSettings(obey_robots=False),
                now=NOW,
                resolver=lambda *_, a=answers: next(a),
            )
    assert calls == [PUBLIC] * 50


@pytest.mark.parametrize(
    "answers",
    [
        (PUBLIC, "127.0.0.1"),
        ("127.0.0.1", PUBLIC),
        (PUBLIC, "::1"),
        ("2606:4700::1111", "10.0.0.1"),
        (PUBLIC, "fe80::1%eth0"),
        (PUBLIC, "rubbish"),
    ],
)
def test_s2_a_mixed_answer_is_refused(calls, answers):
    with pytest.raises(RefusedError, match="not on the public internet"):
        fetch.get(
            "http://mixed.example/", settings=FetchSettings(), now=NOW, resolver=lambda *_: answers
        )
    assert calls == []


# --- S3 -------------------------------------------------------------------------------------------


@contextmanager
def redirecting(location: bytes, *, status=302):
    """A server that answers with one redirect, and keeps what it was asked."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(65536))
                    connection.sendall(
                        b"HTTP/1.1 %d X\r\nSet-Cookie: a=b\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                        % (status, location)
                    )

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()[1], asked
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


REFUSED_TARGETS = [
    *(f"http://{host}:CANARY/" for host in ("127.0.0.2", "127.2", "0x7f000002", "[::1]", "[::ffff:127.0.0.2]", "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "0.0.0.0", "10.0.0.1", "169.254.169.254", "192.168.1.1", "２１３０７０６４３４")),
    "http://inner.example:CANARY/",
    "//inner.example:CANARY/",
    "//127.0.0.2:CANARY/",
    "\\\\127.0.0.2:CANARY\\x",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "ftp://127.0.0.1/x",
    "gopher://127.0.0.1:6379/_x",
    "data:text/html,x",
    "javascript:alert(1)",
    "blob:http://a/b",
    "ws://127.0.0.1:CANARY/",
    "dict://127.0.0.1:11211/",
    "http://user:pass@127.0.0.1:PORT/",
    "http://user@127.0.0.1:PORT/",
    "http://127.0.0.1:22/",
    "http://127.0.0.1:25/",
    "http://127.0.0.1:6379/",
    "http://",
    "http://%00/",
    "http://[::1",
    "http://a b/",
    "http://127.0.0.1:99999/",
    "http://exa\tmple.example:CANARY/",
    "http://127.0.0.1:PORT/\x00",
    "http://127.0.0.1:PORT/a\x0b",
]  # fmt: skip


@pytest.mark.parametrize("target", REFUSED_TARGETS)
@pytest.mark.parametrize("status", [301, 307])
def test_s3_each_hop_is_checked_like_the_first(target, status):
    with canary("127.0.0.2") as (closed, hits):
        location = target.replace("CANARY", str(closed))
        with redirecting(location.replace("PORT", "80").encode(), status=status) as (port, asked):
            settings = FetchSettings(
                ports=(port, closed, 80), allowed_addresses=("127.0.0.1",), obey_robots=False
            )
            with pytest.raises(FetchError):
                fetch.get(
                    f"http://start.example:{port}/",
                    settings=settings,
                    now=NOW,
                    resolver=lambda host, _: (
                        "127.0.0.1" if host == "start.example" else "127.0.0.2",
                    ),
                )
            assert len(asked) == 1
        assert hits == []


def test_s3_a_chain_ends_after_five_hops():
    with redirecting(b"/again") as (port, asked):
        settings = FetchSettings(ports=(port,), allowed_addresses=("127.0.0.1",), obey_robots=False)
        with pytest.raises(RefusedError, match="more than 5 times"):
            fetch.get(f"http://127.0.0.1:{port}/", settings=settings, now=NOW, resolver=never)
        assert len(asked) == 6
        assert not any(
            b"cookie" in request.lower() or b"referer" in request.lower() for request in asked
        )


def test_s3_a_folded_location_header_is_no_way_in():
    with redirecting(b"http://127.0.0.1\r\n :1/") as (port, _):
        settings = FetchSettings(ports=(port,), allowed_addresses=("127.0.0.1",), obey_robots=False)
        with pytest.raises(FetchError):
            fetch.get(f"http://127.0.0.1:{port}/", settings=settings, now=NOW, resolver=never)


@pytest.mark.parametrize("allowed", [False, True])
def test_s3_https_leads_to_http_only_by_setting(allowed):
    visit = fetch._Visit(
        settings=FetchSettings(allow_downgrade=allowed),
        allowed=(),
        resolver=never,
        tls=None,
        deadline=0,
    )
    start = address("https://a.example/")
    if allowed:
        assert fetch._next(start, "http://b.example/", visit).scheme == "http"
    else:
        with pytest.raises(RefusedError, match=r"fetch\.allow_downgrade"):
            fetch._next(start, "http://b.example/", visit)
    assert fetch._next(start, "//b.example/", visit).scheme == "https"


# --- S4 -------------------------------------------------------------------------------------------


def any_port(url, base=None):
    return address(url, base=base, ports=range(65_536))


def surrogate_free(text):
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_s4_hosts_are_those_of_the_url_standard(shared):
    rows = json.loads((shared / "corpora/wpt-url/tests/wpt/urltestdata.json").read_text())
    rows = [row for row in rows if isinstance(row, dict)]
    wrong = []
    for row in rows:
        try:
            found = any_port(surrogate_free(row["input"]), row.get("base")).host
        except RefusedError:
            continue
        expected = row.get("hostname", "").removeprefix("[").removesuffix("]")
        if row.get("failure") or found != expected:
            wrong.append((row["input"], row.get("base"), found, row.get("hostname")))
    assert len(rows) >= 850
    assert not wrong, wrong[:5]


def test_s4_ordinary_urls_of_the_standard_are_accepted(shared):
    rows = json.loads((shared / "corpora/wpt-url/tests/wpt/urltestdata.json").read_text())
    fair = [
        row
        for row in rows
        if isinstance(row, dict)
        and not row.get("failure")
        and row["protocol"] in ("http:", "https:")
        and not row["username"]
        and not row["password"]
        and row["hostname"].strip(".")
    ]
    refused = []
    for row in fair:
        try:
            any_port(surrogate_free(row["input"]), row.get("base"))
        except RefusedError as error:
            refused.append((row["input"], str(error)))
    assert len(fair) > 200
    assert not refused, refused[:5]


def test_s4_international_names_are_those_of_the_standard(shared):
    rows = json.loads((shared / "corpora/wpt-url/tests/wpt/IdnaTestV2.json").read_text())
    rows = [row for row in rows if isinstance(row, dict)]
    wrong = []
    for row in rows:
        try:
            found = any_port(f"http://{surrogate_free(row['input'])}/").host
        except RefusedError:
            continue
        if found != row["output"]:
            wrong.append((row["input"], found, row["output"]))
    assert len(rows) >= 2_500
    # What is not a name for the standard may at most be a host that a look-up will not find.
    assert not wrong, (len(wrong), wrong[:5])


# --- S5 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "port",
    [
        1,
        21,
        22,
        23,
        25,
        53,
        110,
        143,
        465,
        587,
        2375,
        3306,
        5432,
        6379,
        8080,
        8443,
        9200,
        11211,
        27017,
        65535,
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_s5_other_ports_are_refused(calls, port, scheme):
    with pytest.raises(RefusedError, match=r"allowed are 80, 443"):
        fetch.get(
            f"{scheme}://a.example:{port}/", settings=FetchSettings(), now=NOW, resolver=never
        )
    assert calls == []


@pytest.mark.parametrize(
    "name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
)
@pytest.mark.parametrize("url", ["http://a.example/", "https://a.example/"])
def test_s5_a_proxy_of_the_environment_is_not_used(calls, monkeypatch, name, url):
    # An address of its own: on 127.0.0.1 another test may knock at a port that was its own before.
    with canary("127.61.9.7") as (port, hits):
        monkeypatch.setenv(name, f"http://127.61.9.7:{port}")
        with pytest.raises(NetworkError):
            fetch.get(
                url,
                settings=FetchSettings(obey_robots=False),
                now=NOW,
                resolver=lambda *_: (PUBLIC,),
            )
        assert hits == []
    assert calls == [PUBLIC]
