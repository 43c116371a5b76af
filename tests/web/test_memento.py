"""Kept copies are found by time, and are never served as live pages."""

from __future__ import annotations

import http.server
import re
import socket
import threading
from dataclasses import replace
from datetime import datetime

import pytest
import uvicorn

from onrecord.newsroom.review import (
    CitedSource,
    Review,
    ReviewContent,
    Signature,
    content_digest,
)
from onrecord.record import Capture
from onrecord.settings import NewsroomSettings, Settings
from onrecord.store import captures, lockers, newsroom
from onrecord.store.lockers import Held
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState
from onrecord.web.app import make_app
from onrecord.web.office import open_office

NOW = "2026-03-14T08:20:00+00:00"
URL = "https://county.example/register?page=41&b=1"
FIRST, LATER = "2026-03-13T10:00:00Z", "2026-06-01T00:00:00Z"
BASE = "http://127.0.0.1:8000"
HTML = b"<script>alert(1)</script><p>Opened 1961</p>"


def keep(office, body, at, url=URL, media_type="text/html; charset=latin-1"):
    capture = Capture(url, at, media_type, body)
    return captures.keep(office.engine, office.folder, capture=capture)


@pytest.fixture
def check(office):
    return publish(office, URL)


def publish(office, url):
    first = keep(office, HTML, FIRST, url=url)
    later = keep(office, b"<p>Opened 1962</p>", LATER, url=url)
    source = CitedSource("Register", url, "opened 1961", digest=first.digest)
    content = ReviewContent("The bridge opened in 1961", title="It did", sources=(source,))
    mark = Signature("1", "Ada Quill", NOW, content_digest(content))
    state = ReviewState.PUBLISHED
    made = Review("r1", content, state, (mark,), created=NOW, changed=NOW, published=NOW, version=1)
    newsroom.save(office.engine, made, expected=None, act=Act("1", "test", NOW))
    lockers.add_held(office.engine, "r1", [Held(url, later.digest, NOW)], now=NOW)
    return made


@pytest.mark.usefixtures("check")
def test_a_copy_comes_with_its_time_and_its_neighbours_and_not_as_a_page(browser):
    page = browser.get(f"/memento/20260313100000/{URL}")
    assert page.status_code == 200
    assert page.content == HTML
    assert page.headers["memento-datetime"] == "Fri, 13 Mar 2026 10:00:00 GMT"
    assert page.headers["content-type"] == "text/plain; charset=latin-1"
    assert page.headers["content-disposition"].startswith("attachment")
    assert page.headers["content-security-policy"].startswith("sandbox")
    assert page.headers["x-content-type-options"] == "nosniff"
    links = page.headers["link"]
    assert f'<{URL}>; rel="original"' in links
    assert f'<{BASE}/timegate/{URL}>; rel="timegate"' in links
    assert f'<{BASE}/timemap/link/{URL}>; rel="timemap"; type="application/link-format"' in links
    assert f'<{BASE}/memento/20260313100000/{URL}>; rel="first memento"' in links
    assert f'<{BASE}/memento/20260601000000/{URL}>; rel="last memento"' in links


@pytest.mark.usefixtures("check")
@pytest.mark.parametrize(
    ("wanted", "stamp"),
    [
        ("", "20260601000000"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "20260313100000"),
        ("Sat, 14 Mar 2026 00:00:00 GMT", "20260313100000"),
        ("Fri, 01 Jan 2100 00:00:00 GMT", "20260601000000"),
    ],
)
def test_the_nearest_copy_is_led_to(browser, wanted, stamp):
    headers = {"accept-datetime": wanted} if wanted else {}
    answer = browser.get(f"/timegate/{URL}", headers=headers)
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{BASE}/memento/{stamp}/{URL}"
    assert answer.headers["vary"] == "accept-datetime"
    assert "memento-datetime" not in answer.headers
    assert browser.get(answer.headers["location"]).status_code == 200


@pytest.mark.usefixtures("check")
@pytest.mark.parametrize("wanted", ["yesterday", "99999", "Thu, 99 Jan 2026 00:00:00 GMT"])
def test_a_time_that_is_none_is_refused(browser, wanted):
    answer = browser.get(f"/timegate/{URL}", headers={"accept-datetime": wanted})
    assert answer.status_code == 400


@pytest.mark.usefixtures("check")
def test_a_time_map_lists_every_copy_as_link_format(browser):
    answer = browser.get(f"/timemap/link/{URL}")
    assert answer.headers["content-type"].startswith("application/link-format")
    entry = re.compile(r'<([^>]+)>; rel="([^"]+)"(?:; \w+="[^"]*")*(?:,\n|\n$)')
    rows = entry.findall(answer.text)
    assert entry.sub("", answer.text) == ""
    assert [rel for _, rel in rows] == ["original", "timegate", "self", "first memento", "last memento"]  # fmt: skip


@pytest.mark.usefixtures("check")
@pytest.mark.parametrize(
    "path",
    [
        "/memento/20260313100001/" + URL,
        "/memento/20260313100000/https://county.example/register",
        "/memento/2026/" + URL,
        "/memento/x/" + URL,
        "/timegate/https://other.example/",
        "/timemap/link/https://other.example/",
        "/timemap/link/",
        "/timemap/link/file:///etc/passwd",
        "/timegate/..%2f..%2fetc%2fpasswd",
    ],
)
def test_what_no_check_cites_is_not_there(browser, office, path):
    keep(office, b"other", FIRST, url="https://other.example/")
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("state", [ReviewState.IN_REVIEW, ReviewState.RETRACTED])
def test_what_a_draft_or_a_retracted_check_cites_is_not_there(browser, office, check, state):
    stored = newsroom.load(office.engine, "r1")
    gone = replace(check, state=state)
    newsroom.save(office.engine, gone, expected=stored.digest, act=Act("1", "test", NOW))
    for path in ("/memento/20260313100000/", "/timegate/", "/timemap/link/"):
        assert browser.get(path + URL).status_code == 404


def test_hostile_types_and_addresses_split_no_header(browser, office):
    url = 'https://a.example/x>; rel="original", <https://evil.example/'
    kept = keep(office, b"%PDF", FIRST, url=url, media_type="application/pdf\r\nset-cookie: a=b")
    source = CitedSource("R", url, digest=kept.digest)
    content = ReviewContent("x", sources=(source,))
    mark = Signature("1", "Ada Quill", NOW, content_digest(content))
    made = Review("r2", content, ReviewState.PUBLISHED, (mark,), published=NOW, version=1)
    newsroom.save(office.engine, made, expected=None, act=Act("1", "test", NOW))
    from urllib.parse import quote

    for path in (url, quote(url, safe="")):
        answer = browser.get(f"/memento/20260313100000/{path}")
        if answer.status_code == 404:  # the browser wrote the address otherwise
            continue
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "set-cookie" not in answer.headers
        assert "<https://evil.example/>" not in answer.headers["link"]


def test_publishing_fills_the_locker_where_the_settings_say_so(office, monkeypatch):
    from onrecord.locker import Locker
    from onrecord.web.reviews import keep_cited

    asked = []
    monkeypatch.setattr(Locker, "fill_quietly", lambda _, review_id, **__: asked.append(review_id))
    keep_cited(office, "r1")
    newsroom_settings = replace(office.settings.newsroom, keep_cited=True)
    open_one = replace(office, settings=replace(office.settings, newsroom=newsroom_settings))
    keep_cited(open_one, "r1")
    assert asked == ["r1"]


@pytest.fixture
def served(tmp_path):
    """A desk on loopback over real HTTP, and the address of a cited page that is there too."""
    original = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Original)
    url = f"http://127.0.0.1:{original.server_port}/register?page=41&b=1"
    listening = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    told = NewsroomSettings(name="Example Desk", url=base, keep_cited=False)
    office = open_office(replace(Settings(), folder=str(tmp_path / "served"), newsroom=told))
    publish(office, url)
    config = uvicorn.Config(make_app(office), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    threads = [
        threading.Thread(target=original.serve_forever, daemon=True),
        threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True),
    ]
    for one in threads:
        one.start()
    yield base, url
    server.should_exit = True
    original.shutdown()
    for one in threads:
        one.join(timeout=10)
    original.server_close()
    listening.close()
    office.engine.dispose()


class Original(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()

    def log_message(self, *_):
        pass


def test_the_memento_client_finds_the_nearest_copy(served):
    """The package `memento_client` of the Memento project, with our time gate's address alone."""
    memento_client = pytest.importorskip("memento_client")
    base, url = served
    client = memento_client.MementoClient(f"{base}/timegate/", check_native_timegate=False)
    first, last = (
        f"{base}/memento/{stamp}/{url}" for stamp in ("20260313100000", "20260601000000")
    )
    for asked, nearest in (
        (datetime(2000, 1, 1), first),  # noqa: DTZ001 - the client takes times without a zone
        (datetime(2026, 4, 1), first),  # noqa: DTZ001
        (datetime(2027, 1, 1), last),  # noqa: DTZ001
    ):
        found = client.get_memento_info(url, asked)
        assert found["original_uri"] == url
        told = {name: one["uri"] for name, one in found["mementos"].items()}
        assert told == {"closest": [nearest], "first": [first], "last": [last]}
    assert client.is_memento(first)
    assert client.get_original_uri(first) == url
    assert client.is_timegate(f"{base}/timegate/{url}")
