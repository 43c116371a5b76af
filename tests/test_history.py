from __future__ import annotations

import io
import json
import shutil

import pytest
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from onrecord import history
from onrecord.cli import app
from onrecord.codec import encode
from onrecord.compose import open_desk
from onrecord.errors import InputError
from onrecord.reuse.index import open_fingerprint_index
from onrecord.settings import HISTORY_FOLDER, Settings
from onrecord.span import Span
from onrecord.store import history as rows
from onrecord.store.database import open_database
from onrecord.store.history import Which
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
    added = run("history", "add", "--seen", "2026-10-03", str(desk / "old"))
    assert added.stdout.startswith("new 1, as before 0")
    assert run("history", "add", str(desk / "old")).stdout.startswith("new 0, as before 1")
    assert "1 text, 1 of them different" in run("history", "stats").stdout
    shown = run("copies", page)
    assert shown.exit_code == 0
    words = " ".join(shown.stdout.split())
    assert "a negation is missing here" in words
    assert "“We will [-not-] pay for the whole wall" in words
    assert "stood there first (first seen 2026-10-03, the page dated 2026-10-05)" in words
    assert "Equal words show that something was copied, not who copied" in words


def test_the_record_holds_what_was_found_in_every_form(desk):
    settings = Settings(folder=str(desk / "data"), stages=(("reuse", "copies"),))
    history.add(desk / "data", [str(desk / "old")], settings=settings, seen="2026-10-03")
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


def two_texts(desk):
    """Texts of two publishers, one of them with a later version at the same address."""
    texts = [
        {"text": f"{STORM} {SAID}", "url": "https://post.example/wall", "publisher": "Post"},
        {"text": f"{STORM} {OTHER}", "url": "https://post.example/wall", "publisher": "Post"},
        {"text": f"{OTHER} {STORM}", "url": "https://bell.example/2", "publisher": "Bell"},
    ]
    for number, row in enumerate(texts, 1):
        (desk / f"{number}.jsonl").write_text(json.dumps(row), encoding="utf-8")
        done = run("history", "add", "--seen", f"2026-10-0{number}", str(desk / f"{number}.jsonl"))
        assert done.exit_code == 0, done.stderr
    return done


def test_another_text_of_an_address_stands_beside_the_older_one_with_its_own_date(desk):
    two_texts(desk)
    (desk / "4.jsonl").write_text(
        json.dumps({"text": f"{SAID} {STORM}", "url": "https://post.example/wall"}),
        encoding="utf-8",
    )
    assert (
        "another text at a known address: 1" in run("history", "add", str(desk / "4.jsonl")).stdout
    )
    told = [
        json.loads(line)
        for line in run(
            "history", "list", "https://post.example/wall", "--json"
        ).stdout.splitlines()
    ]
    assert [row["first_seen"][:10] for row in told[1:]] == ["2026-10-02", "2026-10-01"]
    assert len({row["id"] for row in told}) == 3


def test_copies_tells_of_two_texts_of_an_address_the_likest_one(desk):
    two_texts(desk)
    made = json.loads(run("copies", "--text", f"{STORM} {SAID}", "--json").stdout)["record"]
    found = [(one["kind"], one["passage"]["url"][8:12]) for one in made["reuse"]]
    assert found[0] == ("article", "post")
    assert sorted(found) == [("article", "bell"), ("article", "post")]
    assert made["reuse"][0]["passage"]["retrieved"].startswith("2026-10-01")
    state = made["history"]
    assert (state["n_texts"], state["first_seen"], state["last_seen"]) == (
        3,
        "2026-10-01",
        "2026-10-03",
    )


def test_none_found_names_the_texts_that_were_looked_at(desk):
    two_texts(desk)
    done = run("copies", "--text", "nothing of this stands in any of the texts that were added")
    assert (
        "none found in 3 texts of the history, first seen 2026-10-01 to 2026-10-03" in done.stdout
    )
    assert "shared" not in done.stdout


TEXTS = [
    ("a quotation without marks", "We will pay for the whole wall out of the town's own money", "negation is missing"),
    ("a quotation with marks", "“We will not pay for the whole bridge out of the town's own money”", "[-wall-]"),
    ("a passage", f"{STORM}\n\nAnd more of it.", "the article, "),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text", "expected"), TEXTS, ids=[row[0] for row in TEXTS])
@pytest.mark.parametrize("how", ["option", "input"])
def test_a_text_is_looked_for_without_a_page(desk, case, text, expected, how):
    two_texts(desk)
    if how == "option":
        done = run("copies", "--text", text)
    else:
        done = CliRunner().invoke(app, ["copies", "--text", "-"], input=text)
    assert done.exit_code == 0, done.stderr
    assert expected in " ".join(done.stdout.split())


@pytest.mark.parametrize("words", [[], ["--text", "  "], ["PAGE", "--text", "a text"]])
def test_copies_takes_pages_or_a_text(desk, words):
    assert run("copies", *words).exit_code == 2


REMOVED = [
    ("by address", ["https://post.example/wall"], 2),
    ("by publisher", ["--publisher", "Post"], 2),
    ("by file", ["--source", "{desk}/3.jsonl"], 1),
    ("by folder", ["--source", "{desk}"], 3),
    ("by all that is named", ["https://post.example/wall", "--publisher", "Bell"], 0),
    ("of another address", ["https://post.example/"], 0),
]


@pytest.mark.parametrize(("case", "words", "n"), REMOVED, ids=[row[0] for row in REMOVED])
def test_texts_are_removed_with_their_fingerprints(desk, case, words, n):
    two_texts(desk)
    done = run("history", "remove", *(word.format(desk=desk) for word in words))
    assert f"{n} text{'s' * (n != 1)} removed" in done.stdout
    assert done.exit_code == (0 if n else 1)
    stored = history.listed(desk / "data", Which(), limit=9)
    index = open_fingerprint_index(desk / "data" / HISTORY_FOLDER)
    assert index.ids() == {row.document.id for row in stored}
    assert len(stored) == 3 - n
    dates = sorted(row.first_seen for row in stored)
    assert index.state().n_texts == 3 - n
    assert (index.state().first_seen, index.state().last_seen) == (
        (dates[0], dates[-1]) if dates else ("", "")
    )


def test_a_text_is_removed_by_its_id(desk):
    two_texts(desk)
    text_id = run("history", "list").stdout.split()[0]
    assert run("history", "remove", "--id", text_id).stdout == "1 text removed\n"
    assert text_id not in run("history", "list").stdout


def test_nothing_named_removes_nothing(desk):
    two_texts(desk)
    assert run("history", "remove").exit_code == 2
    with pytest.raises(InputError, match="nothing named"):
        history.remove(desk / "data", Which())


def test_what_a_killed_removal_left_in_the_index_goes_with_the_next_one(desk):
    two_texts(desk)
    engine = open_database(desk / "data")
    rows.remove(engine, Which(publisher="Bell"))  # the rows alone
    engine.dispose()
    assert history.remove(desk / "data", Which(publisher="Bell")) == 0
    assert len(history.HistoryOnDemand(desk / "data")) == 2


def test_an_open_history_sees_what_another_process_added_and_removed(desk):
    two_texts(desk)
    opened = history.HistoryOnDemand(desk / "data")
    before = opened.state()
    assert len(opened.near(STORM, [Span(0, len(STORM))])) == 3
    history.remove(desk / "data", Which(publisher="Post"))
    assert len(opened.near(STORM, [Span(0, len(STORM))])) == 1
    assert opened.state() != before


def test_the_state_of_equal_texts_is_equal_in_whatever_order_they_came(tmp_path):
    settings = [Settings(folder=str(tmp_path / name)) for name in "ab"]
    files = []
    for number, text in enumerate((STORM, SAID, OTHER)):
        files.append(str(tmp_path / f"{number}.txt"))
        (tmp_path / f"{number}.txt").write_text(f"A title\n\n{text}\n", encoding="utf-8")
    history.add(tmp_path / "a", files, settings=settings[0], seen="2026-10-01")
    for one in reversed(files):
        history.add(tmp_path / "b", [one], settings=settings[1], seen="2026-10-01")
    states = [history.HistoryOnDemand(tmp_path / name).state() for name in "ab"]
    assert states[0] == states[1]
    history.reindex(tmp_path / "a")
    assert history.HistoryOnDemand(tmp_path / "a").state() == states[0]


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
