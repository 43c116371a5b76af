"""Feeds are read whatever their form, nothing comes twice, and silent edits are seen."""

from __future__ import annotations

import gzip
import http.server
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some
from typer.testing import CliRunner

from onrecord.compose import Desk, open_desk
from onrecord.errors import InputError, OnrecordError
from onrecord.newsfeeds import feed
from onrecord.record import Capture
from onrecord.settings import FetchSettings, Settings
from onrecord.store import jobs, notices, records
from onrecord.store.database import open_database
from onrecord.store.history import every
from onrecord.store.records import QueueFilter
from onrecord.watch import Edited, Fault, New, Rounds, Seen, Watcher
from onrecord.work import run_job

HERE = "https://news.example/feeds/all"
ITEM = "<item><title>Bridge opens</title><link>{link}</link></item>"
RSS = "<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
ATOM = """<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>
<entry><title>Bridge opens</title><id>a</id><link href='../1'/>
<updated>2026-03-14T08:20:00Z</updated></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "items": [
            {"id": "1", "url": "/1", "title": "Bridge opens", "date_published": "2026-03-14"},
            {"id": "2", "content_text": "no address"},
            7,
        ],
    }
)
MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://news.example/1 </loc><lastmod>2026-03-14</lastmod></url></urlset>"""
PAGE = """<html><head><title>Bridge opens</title></head><body><article><h1>Bridge opens</h1>
<p>The bridge over the Harrow opened on Friday after two years of work on its girders.</p>
<p>It cost {cost} million euros, the council said in a statement on Friday morning.</p>
<p>The mayor, Ann Lee, said the town had waited long enough for its bridge to open again.</p>
</article><p class="ad">{advert}</p></body></html>"""


def listed(body, media_type="application/xml"):
    raw = body if isinstance(body, bytes) else body.encode()
    return feed(Capture(HERE, "2026-03-14T08:20:00Z", media_type, raw))


@pytest.mark.parametrize(
    ("body", "form", "title", "changed"),
    [
        (RSS.format(items=ITEM.format(link="/1#top")), "rss20", "Bridge opens", ""),
        (ATOM, "atom10", "Bridge opens", "2026-03-14T08:20:00Z"),
        (JSON_FEED, "json feed", "Bridge opens", "2026-03-14"),
        (MAP, "site map", "", "2026-03-14"),
        (gzip.compress(MAP.encode()), "site map", "", "2026-03-14"),
        ("\ufeff" + MAP, "site map", "", "2026-03-14"),
        # What is broken still gives what stands before the break.
        (RSS.format(items=ITEM.format(link="/1"))[:-20], "rss20", "Bridge opens", ""),
        (RSS.format(items=ITEM.format(link="/1") + "&nope; <<"), "rss20", "Bridge opens", ""),
    ],
)
def test_each_form_gives_absolute_addresses_with_title_and_date(body, form, title, changed):
    found = listed(body)
    assert found.form == form
    (entry,) = found.entries
    assert (entry.url, entry.title, entry.changed) == (
        entry.url.replace("/feeds", ""),
        title,
        changed,
    )
    assert entry.url == "https://news.example/1"


def test_an_index_of_site_maps_names_its_maps():
    body = "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"
    found = listed(body)
    assert [one.url for one in found.maps] == ["https://news.example/a.xml"]
    assert found.entries == ()


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example/", "mailto:a@b.example",
     "http://user:secret@a.example/", "http://a.example:22/", "http://[::1", "\x00"],
)  # fmt: skip
def test_an_address_that_may_not_be_fetched_is_counted_and_left_out(link):
    found = listed(
        json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"url": link}]})
    )
    assert (found.entries, found.n_refused) == ((), 1)


ENTITIES = "<!DOCTYPE rss [<!ENTITY a0 'lol'>{more}]>".format(
    more="".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12))
)
SECRET = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"


@pytest.mark.parametrize(
    "body",
    [
        SECRET + RSS.format(items=ITEM.format(link="/&x;")),
        SECRET + MAP.replace("/1", "/&x;"),
        ENTITIES + RSS.format(items=ITEM.format(link="/&a11;")),
        ENTITIES + MAP.replace("/1", "/&a11;"),
    ],
    ids=["xxe in rss", "xxe in a map", "laughs in rss", "laughs in a map"],
)
def test_entities_open_no_file_and_fill_no_memory(body):
    from pathlib import Path

    found = listed(body)
    host = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").is_file() else "?"
    assert all(host not in entry.url and len(entry.url) < 200 for entry in found.entries)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x00\x01\x02" * 100, "no feed"),
        (b"<html><body>A page</body></html>", "no feed"),
        (b"{broken", "broken JSON"),
        (b'{"version": "1"}', "without a version"),
        (b"[" * 100_000, "no feed"),
        (b'{"a":' * 100_000, "broken JSON"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "without items"),
        (b"<rss>" + b" " * 6_000_000, "larger than"),
        (b"\x1f\x8b garbage", "is damaged"),
        (gzip.compress(b" " * 50_000_000), "larger than"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body, why):
    with pytest.raises(OnrecordError, match=why):
        listed(body)


def test_a_feed_that_keeps_its_reader_busy_is_given_up(monkeypatch):
    monkeypatch.setattr("onrecord.newsfeeds.MAX_SECONDS", 1)
    with pytest.raises(InputError, match="more than 1 seconds"):
        listed(b"<rss><channel>" + b"<item>" * 200_000)


@given(some.binary(max_size=300))
@how(max_examples=60, deadline=None)
def test_no_bytes_of_a_map_or_json_crash_the_reader(noise):
    for start in (b"<urlset>", b"{", b"\x1f\x8b"):
        try:
            found = listed(start + noise)
        except OnrecordError:
            continue
        assert all(entry.url.startswith("http") for entry in found.entries)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        site = self.server
        site.asked.append((self.path, self.headers.get("If-None-Match")))
        body = site.pages.get(self.path)
        if body is None:
            self.send_error(404)
            return
        raw = body.encode()
        tag = f'"{hash(raw)}"'
        is_same = self.headers.get("If-None-Match") == tag
        self.send_response(304 if is_same else 200)
        self.send_header("ETag", tag)
        kind = "text/html" if self.path.endswith("html") else "application/rss+xml"
        self.send_header("Content-Type", kind)
        self.end_headers()
        if not is_same:
            self.wfile.write(raw)

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked, made.pages = [], {}
    made.base = f"http://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def desk(site, tmp_path):
    rules = {"attribute": "rules", "claims": "signs"}
    stages = tuple((stage, rules.get(stage, name)) for stage, name in Settings().stages)
    return open_desk(
        replace(
            Settings(),
            folder=str(tmp_path / "desk"),
            stages=stages,
            fetch=FetchSettings(allowed_addresses=("127.0.0.1",), ports=(site.server_port,)),
        )
    )


@pytest.fixture
def engine(tmp_path):
    made = open_database(tmp_path / "desk")
    yield made
    made.dispose()


class Clock:
    def __init__(self):
        self.time = datetime.now(UTC).replace(microsecond=0)

    def __call__(self):
        return self.time


@pytest.fixture
def watcher(desk, engine, tmp_path):
    def make(**how_to):
        rounds = Rounds(**{"pause_seconds": 0.0, **how_to})
        return Watcher(desk, tmp_path / "desk", engine, rounds, clock=Clock(), sleep=lambda _: None)

    return make


def new(found):
    return [one.url for one in found if isinstance(one, New)]


def serve_feed(site, *names):
    site.pages["/feed"] = RSS.format(items="".join(ITEM.format(link=name) for name in names))


def read_all(engine, desk, tmp_path):
    while (job := jobs.take(engine, now="2026-03-14T08:20:00+00:00")) is not None:
        run_job(job.id, desk=desk, folder=tmp_path / "desk", engine=engine)


def test_a_new_page_is_queued_once_and_an_unchanged_feed_is_not_read(site, watcher, engine):
    serve_feed(site, "/1.html", "/2.html")
    one = watcher()
    assert new(one.round([site.base + "/feed"])) == [site.base + "/1.html", site.base + "/2.html"]
    assert jobs.waiting(engine) == 2
    *_, seen = one.round([site.base + "/feed"])
    assert (seen.n_unchanged, seen.n_known) == (1, 0)
    conditions = [condition for path, condition in site.asked if path == "/feed"]
    assert conditions[0] is None
    assert conditions[1] is not None
    serve_feed(site, "/3.html", "/1.html", "/2.html")
    # Another run knows what the first one queued.
    assert new(watcher().round([site.base + "/feed"])) == [site.base + "/3.html"]
    assert jobs.waiting(engine) == 3


def test_two_feeds_with_one_page_queue_it_once(site, watcher, engine):
    serve_feed(site, "/1.html")
    site.pages["/other"] = site.pages["/feed"]
    found = new(watcher().round([site.base + "/feed", site.base + "/other", site.base + "/feed"]))
    assert found == [site.base + "/1.html"]
    assert jobs.waiting(engine) == 1


def test_what_a_round_leaves_comes_in_the_next(site, watcher):
    serve_feed(site, *(f"/{i}.html" for i in range(5)))
    one = watcher(most_new=2)
    rounds = [new(one.round([site.base + "/feed"])) for _ in range(4)]
    assert [len(found) for found in rounds] == [2, 2, 1, 0]
    assert len({url for found in rounds for url in found}) == 5


def test_without_the_queue_pages_are_told_and_nothing_is_remembered(site, watcher, engine):
    serve_feed(site, "/1.html")
    assert new(watcher(is_queued=False).round([site.base + "/feed"]))
    assert jobs.waiting(engine) == 0
    assert new(watcher().round([site.base + "/feed"]))


def test_maps_of_an_index_are_read(site, watcher):
    place = f"{site.base}/a.xml"
    site.pages["/map"] = f"<sitemapindex><sitemap><loc>{place}</loc></sitemap></sitemapindex>"
    site.pages["/a.xml"] = f"<urlset><url><loc>{site.base}/1.html</loc></url></urlset>"
    assert new(watcher().round([site.base + "/map"])) == [site.base + "/1.html"]


def test_a_feed_that_fails_rests_for_longer_each_time(site, watcher):
    one = watcher()
    faults = []
    for _ in range(96):
        faults.append(any(isinstance(found, Fault) for found in one.round([site.base + "/none"])))
        one.clock.time += timedelta(minutes=15)
    asked = [i for i, failed in enumerate(faults) if failed]
    assert asked == [0, 1, 3, 7, 15, 31, 63]
    serve_feed(site, "/1.html")
    assert new(one.round([site.base + "/feed"]))


def test_one_bad_feed_stops_no_other(site, watcher):
    site.pages["/bad"] = "<html>no feed</html>"
    serve_feed(site, "/1.html")
    found = [*watcher().round([site.base + "/bad", "javascript:alert(1)", site.base + "/feed"])]
    assert sum(isinstance(one, Fault) for one in found) == 2
    assert new(found) == [site.base + "/1.html"]


def test_a_host_is_asked_with_a_pause(desk, engine, site, tmp_path):
    serve_feed(site, "/1.html")
    site.pages["/other"] = site.pages["/feed"]
    waits = []
    one = Watcher(desk, tmp_path / "desk", engine, Rounds(pause_seconds=5.0), sleep=waits.append)
    assert [*one.round([site.base + "/feed", site.base + "/other"])]
    assert len(waits) == 1
    assert 4.0 < waits[0] <= 5.0


def test_robots_are_obeyed(site, watcher, engine):
    serve_feed(site, "/1.html")
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /"
    (fault, _) = watcher().round([site.base + "/feed"])
    assert "robots.txt" in fault.reason
    assert jobs.waiting(engine) == 0


def test_a_silent_edit_is_shown_with_both_wordings(site, watcher, desk, engine, tmp_path):
    serve_feed(site, "/1.html")
    site.pages["/1.html"] = PAGE.format(cost=12, advert="Buy one.")
    one = watcher(again_days=2.0)
    assert new(one.round([site.base + "/feed"]))
    read_all(engine, desk, tmp_path)
    # First nothing has changed, then only what stands around the article has.
    for advert in ("Buy one.", "Buy two."):
        site.pages["/1.html"] = PAGE.format(cost=12, advert=advert)
        found = [*one.round([site.base + "/feed"])]
        assert [type(each) for each in found] == [Seen]
        assert found[0].n_again == 1
    site.pages["/1.html"] = PAGE.format(cost=21, advert="Buy two.")
    (edit, _) = one.round([site.base + "/feed"])
    assert isinstance(edit, Edited)
    assert "12 million" in edit.change.removed[0]
    assert "21 million" in edit.change.added[0]
    # Told once: the new version is what later ones are compared with.
    assert [type(each) for each in one.round([site.base + "/feed"])] == [Seen]
    # What stands in both versions waits once, as a claim of the later.
    waiting = records.queue(engine, QueueFilter(state="new"))
    assert len({claim.words for claim in waiting}) == len(waiting) > 1
    assert {"12", "21"} <= {word for claim in waiting for word in claim.words.split()}
    (notice,) = notices.notices(engine)
    assert (notice.kind, notice.review, notice.removed) == ("edited", "", edit.change.removed)
    assert "21 million" in records.load(engine, notice.record).page.text
    taken_off = site.pages.pop("/1.html")
    (gone, _) = one.round([site.base + "/feed"])
    assert gone.is_gone
    # It rests, and is told once, until it is there again.
    n_asked = len(site.asked)
    (seen,) = one.round([site.base + "/feed"])
    assert (seen.n_again, seen.n_resting) == (0, 1)
    assert not any(path == "/1.html" for path, _ in site.asked[n_asked:])
    one.clock.time += timedelta(hours=1)
    assert [type(each) for each in one.round([site.base + "/feed"])] == [Seen]
    assert {each.kind for each in notices.notices(engine)} == {"edited", "gone"}
    site.pages["/1.html"] = taken_off
    one.clock.time += timedelta(hours=2)
    assert [type(each) for each in one.round([site.base + "/feed"])] == [Seen]
    assert {each.kind for each in notices.notices(engine)} == {"edited"}
    one.clock.time += timedelta(days=3)
    *_, seen = one.round([site.base + "/feed"])
    assert seen.n_again == 0


def test_pages_of_a_feed_join_the_history_and_find_each_other(
    site, watcher, desk, engine, tmp_path
):
    serve_feed(site, "/1.html", "/2.html")
    same = "The bridge over the Harrow was opened on a wet Monday by the mayor of Mallow herself."
    for name in ("1", "2"):
        site.pages[f"/{name}.html"] = PAGE.format(cost=12, advert=name).replace(
            "<p>", f"<p>{same} ", 1
        )
    assert len(new(watcher().round([site.base + "/feed"]))) == 2
    while (job := jobs.take(engine, now="2026-03-14T08:20:00+00:00")) is not None:
        # A process of its own in truth: it opens the history anew.
        run_job(job.id, desk=open_desk(desk.settings), folder=tmp_path / "desk", engine=engine)
    seen = {one.document.url: one for one in every(engine)}
    assert {urlsplit(url).path for url in seen} == {"/1.html", "/2.html"}
    assert all(one.first_seen for one in seen.values())
    done = jobs.recent(engine)
    found = [records.load(engine, one.record).reuse for one in done]
    assert sorted(len(one or ()) for one in found) == [0, 1]


def test_an_edit_whose_round_was_cut_short_is_not_lost(
    site, watcher, desk, engine, tmp_path, monkeypatch
):
    serve_feed(site, "/1.html")
    site.pages["/1.html"] = PAGE.format(cost=12, advert="")
    one = watcher(again_days=2.0)
    assert new(one.round([site.base + "/feed"]))
    read_all(engine, desk, tmp_path)
    [*one.round([site.base + "/feed"])]
    site.pages["/1.html"] = PAGE.format(cost=21, advert="")
    with monkeypatch.context() as patched:
        patched.setattr(Desk, "keep", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            [*one.round([site.base + "/feed"])]
    (notice,) = notices.notices(engine)
    # Its server is asked for the whole page once more, and the desk is told once.
    assert any(isinstance(each, Edited) for each in one.round([site.base + "/feed"]))
    assert notices.notices(engine) == (notice,)
    assert "21 million" in records.load(engine, notice.record).page.text


def test_a_page_whose_reading_failed_is_tried_again_later_but_not_for_ever(
    site, watcher, desk, engine, tmp_path
):
    serve_feed(site, "/gone.html")
    one = watcher()
    assert new(one.round([site.base + "/feed"]))
    read_all(engine, desk, tmp_path)
    assert new(one.round([site.base + "/feed"])) == []
    tries = 0
    for _ in range(8):
        one.clock.time += timedelta(days=30)
        again = [each for each in one.round([site.base + "/feed"]) if isinstance(each, New)]
        assert all(each.is_again for each in again)
        tries += len(again)
        read_all(engine, desk, tmp_path)
    assert tries == 3


def test_the_command_prints_new_pages_and_says_what_failed(site, tmp_path, monkeypatch):
    from onrecord.cli import app

    serve_feed(site, "/1.html")
    file = tmp_path / "onrecord.toml"
    monkeypatch.setenv("ONRECORD_FOLDER", str(tmp_path / "desk"))
    file.write_text(f'[fetch]\nallowed_addresses = ["127.0.0.1"]\nports = [{site.server_port}]\n')
    command = ["watch", site.base + "/feed", "--once", "--pause", "0", "--settings", str(file)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert f"new  {site.base}/1.html  Bridge opens" in done.stdout
    again = CliRunner().invoke(app, [*command[:1], site.base + "/none", *command[1:]])
    assert again.exit_code == 3
    assert "new" not in again.stdout
