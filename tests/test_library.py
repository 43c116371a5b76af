from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest

from onrecord import library
from onrecord.settings import FetchSettings, Settings

ROOT = Path(__file__).resolve().parent.parent
FEED = (ROOT / "examples" / "library.json").read_bytes()
PAGE = b"""<html><body><h1>No, the pier is not 90 metres long</h1><p>We measured it twice.</p>
<script type="application/ld+json">{"@type": "ClaimReview", "claimReviewed": "The pier is 90 metres",
"url": "https://desk.example/pier", "author": {"name": "Example Desk"},
"reviewRating": {"alternateName": "False"}}</script></body></html>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("If-None-Match")))
        bodies = {"/feed.json": FEED, "/pier.html": PAGE, "/map.xml": self.server.site_map}
        if self.path not in bodies:
            self.send_error(404)
        elif self.path == "/feed.json" and self.headers.get("If-None-Match") == '"v1"':
            self.send_response(304)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("ETag", '"v1"')
            kind = "text/html" if self.path.endswith("html") else "application/json"
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(bodies[self.path])

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked = []
    made.base = f"http://127.0.0.1:{made.server_port}"
    made.site_map = f"<urlset><url><loc>{made.base}/pier.html</loc></url></urlset>".encode()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def settings(server):
    return Settings(
        fetch=FetchSettings(allowed_addresses=("127.0.0.1",), ports=(server.server_port,)),
        feeds=(f"mine={server.base}/feed.json",),
    )


def test_a_named_feed_is_asked_again_only_for_what_changed(server, settings, tmp_path):
    first = library.add(tmp_path, ["mine"], settings=settings)
    second = library.add(tmp_path, ["mine"], settings=settings)
    assert (first.new, first.unchanged) == (12, [])
    assert (second.new, second.unchanged) == (0, [f"{server.base}/feed.json"])
    conditions = [condition for path, condition in server.asked if path == "/feed.json"]
    assert conditions == [None, '"v1"']
    assert all(condition is None for path, condition in server.asked if path == "/robots.txt")


def test_a_site_map_gives_the_reviews_of_its_pages(server, settings, tmp_path):
    report = library.add(tmp_path, [f"{server.base}/map.xml"], settings=settings)
    assert report.new == 1
    (found,) = library.search(tmp_path, "how long is the pier", limit=3)
    assert found.fact_check.url == "https://desk.example/pier"


def test_a_page_file_and_an_unknown_form_and_a_missing_file(tmp_path):
    page, odd = tmp_path / "pier.html", tmp_path / "pier.xyz"
    page.write_bytes(PAGE)
    odd.write_bytes(b"?")
    arguments = [str(page), str(odd), str(tmp_path / "absent.json")]
    report = library.add(tmp_path / "desk", arguments, settings=Settings())
    assert report.new == 1
    reasons = " ".join(row.reason for row in report.refused)
    assert "form that is not known" in reasons
    assert "cannot open" in reasons


def test_what_is_exported_is_read_again_as_it_was(tmp_path):
    library.add(tmp_path / "a", [str(ROOT / "examples" / "library.json")], settings=Settings())
    for suffix, as_csv in ((".jsonl", False), (".csv", True)):
        copy = tmp_path / f"copy{suffix}"
        copy.write_text("".join(library.exported(tmp_path / "a", as_csv=as_csv)), encoding="utf-8")
        report = library.add(tmp_path / suffix, [str(copy)], settings=Settings())
        assert (report.new, report.n_refused) == (12, 0)


def test_cells_that_a_spreadsheet_would_run_are_defused(tmp_path):
    row = tmp_path / "row.jsonl"
    row.write_text('{"claim": "=cmd()", "url": "https://a.example/1"}\n', encoding="utf-8")
    library.add(tmp_path / "desk", [str(row)], settings=Settings())
    assert "'=cmd()" in "".join(library.exported(tmp_path / "desk", as_csv=True))
