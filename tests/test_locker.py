"""What a published check cites is kept, found altered when it is, and goes out as one file."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from onrecord.errors import NewsroomError
from onrecord.locker import Cited, Locker, cited, public_reviews
from onrecord.lookout import Lookout
from onrecord.newsroom.review import (
    CitedSource,
    Review,
    ReviewContent,
    Signature,
    content_digest,
)
from onrecord.pauses import Pauses
from onrecord.record import Capture
from onrecord.settings import FetchSettings
from onrecord.store import captures, lockers, newsroom, notices
from onrecord.store.database import open_database
from onrecord.store.newsroom import Act
from onrecord.store.notices import Notice
from onrecord.terms import ReviewState
from onrecord.wacz import Archived, cdx_key, wacz

NOW = datetime(2026, 3, 14, 8, 20, tzinfo=UTC)
AT = NOW.isoformat(timespec="seconds")
PAGE = """<html><head><title>Register</title></head><body><article><h1>Register of bridges</h1>
<p>The bridge over the Harrow was opened on the third of May {year} by the county council.</p>
<p>It has five spans of iron and was repaired twice since then, in 1979 and again in 2004.</p>
</article><!-- {advert} --></body></html>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.pages.get(self.path)
        condition = self.headers.get("If-None-Match")
        self.server.asked.append((self.path, condition))
        if self.server.status:
            self.send_error(self.server.status)
            return
        if body is None:
            self.send_error(404)
            return
        tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:12]}"'
        self.send_response(304 if condition == tag else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if condition != tag:
            self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.pages = {"/register.html": PAGE.format(year=1961, advert="Buy one.")}
    made.base = f"http://127.0.0.1:{made.server_port}"
    made.asked, made.status = [], 0
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def fetch(site):
    return FetchSettings(allowed_addresses=("127.0.0.1",), ports=(site.server_port,))


@pytest.fixture
def locker(tmp_path):
    folder = tmp_path / "desk"
    engine = open_database(folder)
    yield Locker(engine, folder, Pauses(0.0))
    engine.dispose()


def publish(locker, *sources, review_id="r1", state=ReviewState.PUBLISHED, record="", **fields):
    content = ReviewContent("The bridge opened in 1961", title="It did", sources=sources, **fields)
    mark = Signature("1", "Ada Quill", AT, content_digest(content))
    review = Review(
        review_id, content, state, (mark,), record=record, created=AT, changed=AT, published=AT, version=1
    )  # fmt: skip
    newsroom.save(locker.engine, review, expected=None, act=Act("1", "test", AT))
    return review


def keep(locker, url="https://a.example/1", body=b"<p>Words</p>"):
    capture = Capture(url, "2026-03-13T10:00:00Z", "text/html", body)
    return captures.keep(locker.engine, locker.folder, capture=capture)


A, B = "https://a.example/1", "https://b.example/2"


@pytest.mark.parametrize(
    ("fields", "page_url", "expected"),
    [
        ({}, "", []),
        ({"said_at": A}, "", [("page", A, "")]),
        ({"said_at": A, "record": "d1"}, A, [("page", A, "d1")]),
        ({"record": "d1"}, A, [("page", "", "d1")]),
        # The editor names another address than that of the record: both are cited.
        ({"said_at": B, "record": "d1"}, A, [("page", "", "d1"), ("page", B, "")]),
        ({"said_at": "in the council", "sources": (CitedSource("Book"),)}, "", []),
        ({"sources": (CitedSource("R", A), CitedSource("R", A), CitedSource("S", "", digest="d2"))}, "",
         [("source", A, ""), ("source", "", "d2")]),
        ({"sources": (CitedSource("Mail", "mailto:a@b.example"),)}, "", []),
    ],
)  # fmt: skip
def test_what_a_check_cites_is_named_once(fields, page_url, expected):
    record = fields.pop("record", "")
    review = Review("r1", ReviewContent("x", **fields), record=record)
    found = cited(review, page_url=page_url)
    assert [(one.role, one.url, one.digest) for one in found] == expected


def test_what_is_missing_is_fetched_once_and_verified(locker, site, fetch):
    url = site.base + "/register.html"
    review = publish(locker, CitedSource("Register", url), said_at=site.base + "/none.html")
    _, before = locker.verify(review)
    assert len(before) == 2
    (fault,) = locker.fill(review, fetch=fetch, now=NOW)
    assert "answered 404" in fault.reason
    (copy,) = locker.copies(review)
    assert copy.kept.url == url
    assert copy.kept.digest == hashlib.sha256(site.pages["/register.html"].encode()).hexdigest()
    n_good, faults = locker.verify(review)
    assert n_good == 1
    assert "no copy is kept: " in faults[0].reason
    # A failure is tried again, a copy is not fetched again.
    site.pages = {"/none.html": PAGE.format(year=1962, advert="")}
    assert locker.fill(review, fetch=fetch, now=NOW) == ()
    assert locker.verify(review) == (2, ())
    assert len(lockers.held(locker.engine, "r1")) == 2


def test_a_copy_that_the_editors_kept_is_not_fetched_again(locker, fetch):
    kept = keep(locker)
    review = publish(locker, CitedSource("R", A, digest=kept.digest))
    assert locker.fill(review, fetch=fetch, now=NOW) == ()
    assert locker.verify(review) == (1, ())


def test_other_bytes_than_the_editors_saw_are_kept_and_said(locker, site, fetch):
    review = publish(locker, CitedSource("R", site.base + "/register.html", digest="ab" * 32))
    (fault,) = locker.fill(review, fetch=fetch, now=NOW)
    assert "other bytes" in fault.reason
    n_good, faults = locker.verify(review)
    assert n_good == 1
    assert "that its editors saw is not kept" in faults[0].reason


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_an_altered_copy_is_found(locker, damage):
    kept = keep(locker, body=b"<p>" + bytes(range(32, 127)) * 50)
    keep(locker, url=B, body=b"another")
    review = publish(locker, CitedSource("R", A, digest=kept.digest))
    path = locker.folder / "captures" / kept.archive
    raw = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(raw[:200])
    else:
        raw[300] ^= 0x55
        path.write_bytes(raw)
    n_good, faults = locker.verify(review)
    assert n_good == 0
    assert faults[0].digest == kept.digest


def test_every_flipped_bit_of_a_record_is_found_or_harms_nothing(locker):
    kept = keep(locker)
    review = publish(locker, CitedSource("R", A, digest=kept.digest))
    path = locker.folder / "captures" / kept.archive
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        raw = bytearray(whole)
        raw[at] ^= 1 << (at % 8)
        path.write_bytes(raw)
        n_good, faults = locker.verify(review)
        assert (n_good, len(faults)) in {(1, 0), (0, 1)}
        if n_good:
            assert locker.load(kept).body == b"<p>Words</p>"


def test_a_cited_page_that_changed_or_went_is_told(locker, site, fetch):
    url = site.base + "/register.html"
    review = publish(locker, CitedSource("Register", url))
    locker.fill(review, fetch=fetch, now=NOW)

    def states():
        return [*locker.look_again(review, fetch=fetch, now=NOW)]

    site.pages["/register.html"] = PAGE.format(year=1961, advert="Buy two.")
    assert [one.state for one in states()] == ["same"]
    site.pages["/register.html"] = PAGE.format(year=1962, advert="Buy two.")
    (one,) = states()
    assert one.state == "changed"
    assert "1961" in one.change.removed[0]
    assert "1962" in one.change.added[0]
    assert len(locker.copies(review)) == 2
    assert locker.verify(review) == (2, ())
    assert [one.state for one in states()] == ["same"]
    site.pages.clear()
    assert [one.state for one in states()] == ["gone"]
    blocked = replace(fetch, allowed_addresses=())
    (one,) = locker.look_again(review, fetch=blocked, now=NOW)
    assert one.state == "not_reached"


def test_a_server_is_asked_only_for_what_changed(locker, site, fetch):
    url = site.base + "/register.html"
    review = publish(locker, CitedSource("Register", url))
    other = publish(locker, CitedSource("Register", url), review_id="r2")
    locker.fill(review, fetch=fetch, now=NOW)
    # Another check cites the same page: its server says that it is the same, and nothing is kept.
    assert locker.fill(other, fetch=fetch, now=NOW) == ()
    assert [copy.kept.digest for copy in locker.copies(other)] == [
        copy.kept.digest for copy in locker.copies(review)
    ]
    assert [one.state for one in locker.look_again(review, fetch=fetch, now=NOW)] == ["same"]
    conditions = [condition for path, condition in site.asked if path == "/register.html"]
    assert conditions[0] is None
    assert all(conditions[1:])
    assert len(conditions) == 3
    # A changed page is told to both checks, though its server gives it out once.
    site.pages["/register.html"] = PAGE.format(year=1962, advert="")
    states = [*locker.look_again(review, fetch=fetch, now=NOW)]
    states += locker.look_again(other, fetch=fetch, now=NOW)
    assert [(one.review, one.state) for one in states] == [("r1", "changed"), ("r2", "changed")]
    assert {one.review for one in notices.notices(locker.engine)} == {"r1", "r2"}


def test_what_changed_is_told_once_with_its_words_and_first_sighting(locker, site, fetch):
    url = site.base + "/register.html"
    quote = "opened on the third of May 1961"
    review = publish(locker, CitedSource("Register", url, quote))
    locker.fill(review, fetch=fetch, now=NOW)
    site.pages["/register.html"] = PAGE.format(year=1962, advert="")
    for day in range(3):
        [*locker.look_again(review, fetch=fetch, now=NOW + timedelta(days=day))]
    (one,) = notices.notices(locker.engine)
    assert (one.kind, one.url, one.review, one.first_seen) == ("changed", url, "r1", AT)
    assert "1961" in one.removed[0]
    assert "1962" in one.added[0]
    assert not one.has_correction
    assert quote in one.reason
    act = Act("1", "notice seen", AT)
    assert notices.mark_seen(locker.engine, one.id, act=act).seen == AT
    [*locker.look_again(review, fetch=fetch, now=NOW + timedelta(days=4))]
    assert notices.n_open(locker.engine) == 0
    with pytest.raises(NewsroomError):
        notices.mark_seen(locker.engine, "none", act=act)


def test_a_page_that_is_gone_is_told_and_taken_off_when_it_is_back(locker, site, fetch):
    url = site.base + "/register.html"
    review = publish(locker, CitedSource("Register", url))
    locker.fill(review, fetch=fetch, now=NOW)
    whole = site.pages.pop("/register.html")
    (state,) = locker.look_again(review, fetch=fetch, now=NOW)
    (later,) = locker.look_again(review, fetch=fetch, now=NOW + timedelta(days=1))
    assert (state.state, state.first_seen, later.first_seen) == ("gone", AT, AT)
    (one,) = notices.notices(locker.engine)
    assert (one.kind, one.last_seen[:10]) == ("gone", "2026-03-15")
    site.pages["/register.html"] = whole
    assert [one.state for one in locker.look_again(review, fetch=fetch, now=NOW)] == ["same"]
    assert notices.n_open(locker.engine) == 0
    site.pages.clear()
    [*locker.look_again(review, fetch=fetch, now=NOW + timedelta(days=9))]
    (again,) = notices.notices(locker.engine)
    assert again.first_seen[:10] == "2026-03-23"


def test_a_server_that_fails_is_told_after_three_times_and_rests(locker, site, fetch):
    url = site.base + "/register.html"
    publish(locker, CitedSource("Register", url))
    clock = [NOW]
    out = Lookout(locker, fetch, clock=lambda: clock[0])
    assert out.step()  # the missing copy is fetched
    assert not out.step()
    site.status = 503
    asked_on = []
    for day in range(1, 40):
        clock[0] = NOW + timedelta(days=day)
        if out.step():
            asked_on.append(day)
        assert not out.step()
        told = notices.n_open(locker.engine)
        assert told == (1 if len(asked_on) >= 3 else 0)
    assert asked_on[:3] == [1, 2, 3]
    assert len(asked_on) < 14  # at last once a week
    site.status = 0
    clock[0] += timedelta(days=8)
    assert out.step()
    assert notices.n_open(locker.engine) == 0


def test_the_lookout_asks_each_address_once_a_day_and_hosts_with_a_pause(locker, site, fetch):
    paths = ["/a.html", "/b.html", "/c.html"]
    for path in paths:
        site.pages[path] = PAGE.format(year=1961, advert=path)
    publish(locker, *(CitedSource("R", site.base + path) for path in paths))
    publish(locker, CitedSource("R", site.base + "/a.html"), review_id="r2")
    publish(locker, CitedSource("R", site.base + "/d.html"), review_id="d", state=ReviewState.DRAFT)
    clock = [NOW]
    out = Lookout(replace(locker, pauses=Pauses(30.0)), fetch, clock=lambda: clock[0])
    assert [out.step() for _ in range(3)] == [True, False, False]
    out = Lookout(locker, fetch, clock=lambda: clock[0])
    assert [out.step() for _ in range(4)] == [True, True, False, False]
    clock[0] += timedelta(hours=23)
    assert not out.step()
    clock[0] += timedelta(hours=2)
    assert [out.step() for _ in range(4)] == [True, True, True, False]
    asked = [path for path, _ in site.asked if path != "/robots.txt"]
    assert sorted(asked) == sorted(paths * 2)
    for review in public_reviews(locker.engine):
        assert locker.verify(review)[1] == ()


def test_an_address_that_never_answers_is_given_up(locker, site, fetch):
    publish(locker, CitedSource("R", site.base + "/none.html"))
    clock = [NOW]
    out = Lookout(locker, fetch, clock=lambda: clock[0])
    n = 0
    for day in range(120):
        clock[0] = NOW + timedelta(days=day)
        n += out.step()
    assert n == 8
    assert notices.n_open(locker.engine) == 0  # no copy was ever there to have changed


def test_a_page_set_back_to_older_words_is_compared_with_the_newest_copy(locker, site, fetch):
    url = site.base + "/register.html"
    review = publish(locker, CitedSource("Register", url))
    locker.fill(review, fetch=fetch, now=NOW)
    told = []
    for day, year in enumerate((1962, 1961, 1961)):
        site.pages["/register.html"] = PAGE.format(year=year, advert="Buy one.")
        (one,) = locker.look_again(review, fetch=fetch, now=NOW + timedelta(days=day))
        told.append(one.state)
    assert told == ["changed", "changed", "same"]
    assert len(locker.copies(review)) == 2


def test_notices_are_bounded(locker):
    long = Notice("changed", A, "r1", "v", AT, AT, removed=("x" * 9_000,) * 90)
    (one,) = notices.tell(locker.engine, [long])
    assert len(one.removed) == notices.MAX_PARTS + 1
    assert len(one.removed[0]) == notices.MAX_PART
    assert notices.load(locker.engine, one.id) == one


def test_only_published_checks_have_a_locker(locker):
    publish(locker, review_id="d1", state=ReviewState.IN_REVIEW)
    publish(locker, review_id="gone", state=ReviewState.RETRACTED)
    publish(locker, review_id="r1")
    assert [one.id for one in public_reviews(locker.engine)] == ["r1"]


def test_after_a_publication_nothing_is_raised(locker, fetch, caplog):
    publish(locker, CitedSource("R", "http://127.0.0.1:1/"))
    locker.fill_quietly("r1", fetch=fetch, now=NOW)
    locker.fill_quietly("none", fetch=fetch, now=NOW)
    assert "127.0.0.1:1" in caplog.text
    assert Cited("source", "http://127.0.0.1:1/", "", "R") in locker.cited(
        public_reviews(locker.engine)[0]
    )


ROWS = (
    Archived(Capture("https://b.example/x?b=2&a=1", "2026-03-14T08:20:00Z", "text/html", b"<p>B"), "B"),
    Archived(Capture("https://www.a.example/", "2026-03-13T10:00:00Z", "application/pdf", b"%PDF"), "A"),
)  # fmt: skip


def test_an_exported_file_holds_what_its_index_and_digests_say():
    made = wacz(ROWS, title="It did", description="x", created="2026-03-14T08:20:00Z")
    assert made == wacz(ROWS, title="It did", description="x", created="2026-03-14T08:20:00Z")
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
        assert packed.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
    package = json.loads(files["datapackage.json"])
    assert package["wacz_version"] == "1.1.1"
    for one in package["resources"]:
        body = files[one["path"]]
        assert one["hash"] == "sha256:" + hashlib.sha256(body).hexdigest()
        assert one["bytes"] == len(body)
    sealed = json.loads(files["datapackage-digest.json"])["hash"]
    assert sealed == "sha256:" + hashlib.sha256(files["datapackage.json"]).hexdigest()
    lines = files["indexes/index.cdxj"].decode().splitlines()
    assert [line.split(" ", 1)[0] for line in lines] == ["example,a)/", "example,b)/x?a=1&b=2"]
    bodies = {row.capture.url: row.capture.body for row in ROWS}
    for line in lines:
        about = json.loads(line.split(" ", 2)[2])
        start, length = int(about["offset"]), int(about["length"])
        piece = io.BytesIO(files["archive/data.warc.gz"][start : start + length])
        (body,) = [record.content_stream().read() for record in ArchiveIterator(piece)]
        assert body == bodies[about["url"]]
        assert about["digest"] == "sha256:" + hashlib.sha256(body).hexdigest()
    head, *pages = [json.loads(line) for line in files["pages/pages.jsonl"].splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert [page["title"] for page in pages] == ["B", "A"]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.Example.org", "org,example)/"),
        ("https://example.org:8443/A#f", "org,example:8443)/a"),
        ("https://example.org/?b=&a=2", "org,example)/?a=2&b="),
        ("urn:sha256:ab", "urn:sha256:ab"),
    ],
)
def test_keys_of_an_index_sort_by_host(url, key):
    assert cdx_key(url) == key


def test_the_commands_fetch_verify_check_and_export(locker, site, tmp_path, monkeypatch):
    from onrecord.cli import app

    url = site.base + "/register.html"
    publish(locker, CitedSource("Register", url))
    file = tmp_path / "onrecord.toml"
    monkeypatch.setenv("ONRECORD_FOLDER", str(locker.folder))
    file.write_text(f'[fetch]\nallowed_addresses = ["127.0.0.1"]\nports = [{site.server_port}]\n')

    def run(*words):
        done = CliRunner().invoke(app, ["locker", *words, "--settings", str(file)])
        return done.exit_code, done.output

    code, told = run("verify")
    assert code == 3, told
    assert "no copy is kept" in told
    assert run("fetch", "r1") == (0, "r1: 1 copies held\n")
    assert run("verify") == (0, "1 checks, 1 copies as they were, 0 problems\n")
    assert run("check") == (0, "1 same\n")
    out = tmp_path / "check.wacz"
    code, told = run("export", "r1", "-o", str(out))
    assert (code, zipfile.is_zipfile(out)) == (0, True), told
    publish(locker, CitedSource("Register", url), review_id="r2")
    assert run("fetch")[0] == 0
    whole = tmp_path / "whole.wacz"
    code, told = run("export", "-o", str(whole))
    assert (code, told) == (0, f"written: {whole}, 1 copies\n"), told  # both cite the same bytes
    site.pages["/register.html"] = PAGE.format(year=1962, advert="")
    code, told = run("check")
    assert code == 3
    assert "changed" in told
    assert "first seen" in told
    assert "1962" in told
    assert run("fetch", "nothing")[0] == 1
    # Nobody is asked now, and what was seen last is told until an editor has marked it.
    n_asked = len(site.asked)
    code, told = run("verify")
    assert code == 3
    assert "changed  " + url in told
    assert "1962" in told
    assert "0 problems, 2 notices that nobody has marked as seen" in told
    for one in notices.notices(locker.engine):
        notices.mark_seen(locker.engine, one.id, act=Act("1", "notice seen", AT))
    code, told = run("verify")
    assert (code, told) == (0, "2 checks, 4 copies as they were, 0 problems\n")
    assert len(site.asked) == n_asked
