"""Kept copies are found by time, and are never served as live pages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from onrecord.newsroom.review import (
    CitedSource,
    Review,
    ReviewContent,
    Signature,
    content_digest,
)
from onrecord.record import Capture
from onrecord.store import captures, lockers, newsroom
from onrecord.store.lockers import Held
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState

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
    first = keep(office, HTML, FIRST)
    later = keep(office, b"<p>Opened 1962</p>", LATER)
    source = CitedSource("Register", URL, "opened 1961", digest=first.digest)
    content = ReviewContent("The bridge opened in 1961", title="It did", sources=(source,))
    mark = Signature("1", "Ada Quill", NOW, content_digest(content))
    state = ReviewState.PUBLISHED
    made = Review("r1", content, state, (mark,), created=NOW, changed=NOW, published=NOW, version=1)
    newsroom.save(office.engine, made, expected=None, act=Act("1", "test", NOW))
    lockers.add_held(office.engine, "r1", [Held(URL, later.digest, NOW)], now=NOW)
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
