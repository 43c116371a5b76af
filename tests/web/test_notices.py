"""What became of cited and watched pages stands on the desk until somebody has seen it."""

from __future__ import annotations

import http.server
import io
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from onrecord.locker import Locker
from onrecord.newsroom.review import (
    CitedSource,
    Review,
    ReviewContent,
    Signature,
    content_digest,
)
from onrecord.pauses import Pauses
from onrecord.settings import FetchSettings
from onrecord.store import accounts, newsroom, notices
from onrecord.store.newsroom import Act
from onrecord.store.notices import Notice
from onrecord.terms import ReviewState, Role
from onrecord.web.app import make_app
from onrecord.web.notices import word_diff
from tests.web.conftest import PASSWORD, Browser

NOW = "2026-03-14T08:20:00+00:00"
URL = "https://county.example/register"


def notice(**changed):
    plain = Notice("changed", URL, "r1", "v1", NOW, NOW, "2026-03-01T00:00:00Z",
                   ("It was opened in 1961.",), ("It was opened in 1962.",))  # fmt: skip
    return replace(plain, **changed)


def publish(office, *sources, review_id="r1"):
    content = ReviewContent("The bridge opened in 1961", title="It did", sources=sources)
    mark = Signature("1", "Ada Quill", NOW, content_digest(content))
    state = ReviewState.PUBLISHED
    made = Review(review_id, content, state, (mark,), created=NOW, changed=NOW, published=NOW, version=1)  # fmt: skip
    newsroom.save(office.engine, made, expected=None, act=Act("1", "test", NOW))
    return made


def test_a_notice_stands_where_editors_look_until_it_is_seen(office, sign_in):
    publish(office, CitedSource("Register", URL))
    notices.tell(office.engine, [notice()])
    browser = sign_in(Role.CONTRIBUTOR)
    for path in ("/desk", "/desk/dashboard"):
        assert "1 notice</a>" in browser.get(path).text
    for path in ("/desk/notices", "/desk/reviews/r1"):
        shown = browser.get(path).text
        assert "A cited page has changed" in shown
        assert "It was opened in <del>1961.</del><ins>1962.</ins>" in shown
        assert "First seen so 2026-03-14 08:20" in shown
        assert "No correction note on the page says so." in shown
    assert browser.send("/desk/notices/none/seen", at="/desk/add").status_code == 404
    (one,) = notices.notices(office.engine)
    answer = browser.send(f"/desk/notices/{one.id}/seen", at="/desk/notices")
    assert answer.status_code == 303
    assert "Nothing: every page" in browser.get("/desk/notices").text
    assert "A cited page" not in browser.get("/desk/reviews/r1").text
    kept = notices.load(office.engine, one.id)
    assert kept.seen
    entry = newsroom.last_entry(office.engine)
    assert (entry.act, entry.target) == ("notice seen", f"notice/{one.id}")


def test_a_reader_sees_notices_and_marks_none(office, sign_in):
    notices.tell(office.engine, [notice(kind="gone", removed=(), added=())])
    browser = sign_in(Role.READER)
    shown = browser.get("/desk/notices").text
    assert "is gone" in shown
    assert "Mark as seen" not in shown


def test_hostile_words_of_a_page_stay_words(office, sign_in):
    words = '<img src=x onerror="alert(1)">'
    notices.tell(
        office.engine,
        [notice(url="javascript:alert(1)//" + words, removed=(words,), added=(), reason=words)],
    )
    shown = sign_in(Role.READER).get("/desk/notices").text
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_notices_over_the_api(office, sign_in):
    notices.tell(office.engine, [notice()])
    browser = sign_in(Role.CONTRIBUTOR)
    account = next(one for one, _, _ in accounts.every(office.engine))
    token = accounts.new_token(office.engine, account.id, name="x", act=Act(account.id, "t", NOW))
    headers = {"authorization": f"Bearer {token}"}
    (one,) = browser.get("/api/v1/notices", headers=headers).json()["notices"]
    assert (one["kind"], one["url"], one["removed"]) == ("changed", URL, ["It was opened in 1961."])
    marked = browser.client.post(f"/api/v1/notices/{one['id']}/seen", headers=headers)
    assert marked.json()["seen"]
    assert browser.get("/api/v1/notices", headers=headers).json() == {"notices": []}
    gone = browser.client.post("/api/v1/notices/none/seen", headers=headers)
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("removed", "added", "parts"),
    [
        (["a b c d"], ["a x c d"], ["same", "removed", "added", "same"]),
        (["all of it"], [], ["removed"]),
        ([], ["all of it"], ["added"]),
        (["one thing here"], ["quite another matter there"], ["removed", "added"]),
    ],
)
def test_like_parts_are_shown_as_one_with_the_words_that_differ(removed, added, parts):
    shown = word_diff(removed, added)
    assert [kind for part in shown for kind, _ in part] == parts
    for kind, given in (("removed", removed), ("added", added)):
        told = ["".join(w for k, w in part if k in {"same", kind}) for part in shown]
        assert [words for words in told if words][: len(given)] == given


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path.endswith(".html") else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<article><p>Bridge register, {self.path}.</p></article>".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.base = f"http://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def keeping(office, site):
    """The desk with its locker at work, and a page on loopback to cite."""
    fetch = FetchSettings(allowed_addresses=("127.0.0.1",), ports=(site.server_port,))
    told = replace(office.settings.newsroom, keep_cited=True)
    return replace(office, settings=replace(office.settings, newsroom=told, fetch=fetch))


def test_a_correction_that_cites_a_new_source_keeps_it(keeping, site, add_account, monkeypatch):
    monkeypatch.setattr("onrecord.locker.Pauses", lambda: Pauses(0.0))
    first = CitedSource("First", site.base + "/first.html", "Bridge register")
    publish(keeping, first)
    for name in ("Ada", "Ben"):
        add_account(name, Role.EDITOR)
    browsers = []
    for name in ("ada", "ben"):
        one = Browser(make_app(keeping))
        one.send("/desk/sign-in", name=name, password=PASSWORD)
        browsers.append(one)
    page = "/desk/reviews/r1"
    fields = {
        "claim": "The bridge opened in 1961", "title": "It did", "reason": "a second source",
        "kind": "update", "source-0-title": "First", "source-0-url": first.url,
        "source-0-quote": first.quote, "source-1-title": "Second",
        "source-1-url": site.base + "/second.html",
    }  # fmt: skip
    assert browsers[0].send(page + "/corrections", at=page, **fields).status_code == 303
    ((pending_id, _),) = newsroom.pending_of(keeping.engine, "r1")
    path = f"{page}/corrections/{pending_id}"
    assert browsers[1].send(path + "/sign", at=page).status_code == 303
    assert browsers[1].send(path + "/publish", at=page).status_code == 303
    review = newsroom.load(keeping.engine, "r1").review
    locker = Locker(keeping.engine, keeping.folder)
    assert [copy.kept.url for copy in locker.copies(review)] == [
        site.base + "/first.html",
        site.base + "/second.html",
    ]
    assert locker.verify(review) == (2, ())
    shown = browsers[0].get(page).text
    assert "2 of 2 cited pages held" in shown
    packed = browsers[0].get(page + "/locker.wacz")
    assert packed.headers["content-type"] == "application/wacz"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as file:
        pages = file.read("pages/pages.jsonl").decode()
        assert site.base + "/second.html" in pages
    assert browsers[0].get("/desk/reviews/none/locker.wacz").status_code == 404


def test_a_change_is_found_by_the_worker_and_shown(keeping, site, sign_in):
    review = publish(keeping, CitedSource("First", site.base + "/first.html"))
    locker = Locker(keeping.engine, keeping.folder, Pauses(0.0))
    now = datetime(2026, 3, 14, 8, 20, tzinfo=UTC)
    locker.fill(review, fetch=keeping.settings.fetch, now=now)
    site.RequestHandlerClass = type(
        "Changed", (Handler,), {"do_GET": lambda self: self.send_error(404)}
    )
    (state,) = locker.look_again(review, fetch=keeping.settings.fetch, now=now)
    assert state.state == "gone"
    assert "A cited page is gone" in sign_in(Role.READER).get("/desk/reviews/r1").text
