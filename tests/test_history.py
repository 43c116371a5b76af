from __future__ import annotations

import io
import shutil

import pytest
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from onrecord import history
from onrecord.cli import app
from onrecord.codec import encode
from onrecord.compose import open_desk
from onrecord.settings import HISTORY_FOLDER, Settings
from onrecord.terms import ReuseDirection, ReuseKind

STORM = "The wall was damaged in the storm of 9 September, when waves of four metres broke over the quay and forty boats were torn from their moorings."
SAID = "“We will not pay for the whole wall out of the town's own money,” Mayor Ada Brook said."
OTHER = "Readers will recall our report from the spring, when the swimming pool had to be closed for a month because of a broken pump."


def html(title: str, *paragraphs: str, date: str = "", url: str = "") -> str:
    head = f'<meta property="article:published_time" content="{date}">' if date else ""
    head += f'<link rel="canonical" href="{url}">' if url else ""
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv("ONRECORD_FOLDER", str(tmp_path / "data"))
    (tmp_path / "old").mkdir()
    first = html(
        "Wall to be rebuilt",
        STORM,
        SAID,
        OTHER.upper(),
        date="2026-10-02",
        url="https://post.example/wall",
    )
    (tmp_path / "old" / "wall.html").write_text(first, encoding="utf-8")
    copied = html(
        "Wall again", OTHER, STORM, SAID.replace(" not", ""), "And that was all.", date="2026-10-05"
    )
    (tmp_path / "copy.html").write_text(copied, encoding="utf-8")
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_copies_are_shown_after_texts_were_added(desk):
    page = str(desk / "copy.html")
    empty = run("copies", page)
    assert empty.exit_code == 1
    assert "onrecord history add" in empty.stderr
    assert run("history", "add", str(desk / "old")).stdout.startswith("new 1, as before 0")
    assert run("history", "add", str(desk / "old")).stdout.startswith("new 0, as before 1")
    assert "1 text, 1 of them different" in run("history", "stats").stdout
    shown = run("copies", page)
    assert shown.exit_code == 0
    words = " ".join(shown.stdout.split())
    assert "a negation is missing here" in words
    assert "“We will [-not-] pay for the whole wall" in words
    assert "stood there first (dated 2026-10-02, the page 2026-10-05)" in words
    assert "Equal words show that something was copied, not who copied" in words


def test_the_record_holds_what_was_found_in_every_form(desk):
    settings = Settings(folder=str(desk / "data"), stages=(("reuse", "copies"),))
    history.add(desk / "data", [str(desk / "old")], settings=settings)
    opened = open_desk(settings)
    (capture,) = opened.captures(str(desk / "copy.html"))
    record = opened.check(capture)
    assert {one.kind for one in record.reuse} == {ReuseKind.PASSAGE, ReuseKind.QUOTATION} or {
        one.kind for one in record.reuse
    } == {ReuseKind.ARTICLE, ReuseKind.QUOTATION}
    assert {one.direction for one in record.reuse} == {ReuseDirection.FROM_DOCUMENT}
    assert b'"reuse": [' in encode(record)
    for form, wanted in (
        ("--html", '<svg class="tree"'),
        ("--worksheet", "## Where these words stand elsewhere"),
    ):
        assert wanted in run("check", str(desk / "copy.html"), form).stdout


def test_a_desk_without_history_leaves_the_field_open(desk):
    opened = open_desk(Settings(folder=str(desk / "data"), stages=(("reuse", "copies"),)))
    (capture,) = opened.captures(str(desk / "copy.html"))
    assert opened.check(capture).reuse is None


def test_a_lost_index_is_made_anew(desk):
    settings = Settings(folder=str(desk / "data"))
    history.add(desk / "data", [str(desk / "old")], settings=settings)
    shutil.rmtree(desk / "data" / HISTORY_FOLDER)
    assert history.reindex(desk / "data") == 1
    shutil.rmtree(desk / "data" / HISTORY_FOLDER)
    # Adding again makes up for what was stored and not indexed.
    report = history.add(desk / "data", [str(desk / "old")], settings=settings)
    assert (report.new, report.same) == (0, 1)
    assert len(history.HistoryOnDemand(desk / "data")) == 1


def test_nothing_is_made_where_there_is_no_history(tmp_path):
    assert history.reindex(tmp_path) == 0
    assert not (tmp_path / HISTORY_FOLDER).exists()


# warcio leaves its temporary file to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_page_of_an_archive_was_seen_when_the_archive_says(tmp_path):
    body = html("Wall", STORM, OTHER).encode()
    with (tmp_path / "crawl.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                "https://post.example/wall",
                "response",
                payload=io.BytesIO(body),
                http_headers=http,
                warc_headers_dict={"WARC-Date": "2024-03-01T10:00:00Z"},
            )
        )
    settings = Settings(folder=str(tmp_path / "data"))
    report = history.add(tmp_path / "data", [str(tmp_path / "crawl.warc.gz")], settings=settings)
    assert report.new == 1
    assert history.stats(tmp_path / "data").oldest == "2024-03-01"


def test_what_cannot_be_read_is_named_and_the_rest_is_added(desk):
    (desk / "old" / "broken.warc.gz").write_bytes(b"no archive")
    done = run("history", "add", str(desk / "old"), str(desk / "missing"))
    assert done.exit_code == 3
    assert "new 1" in done.stdout
    assert "missing" in done.stderr


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01"])
def test_a_time_that_is_none_is_refused(desk, time):
    assert run("history", "add", "--seen", time, str(desk / "old")).exit_code == 2
