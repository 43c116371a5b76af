from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord import collection
from onrecord.cli import app
from onrecord.collection import Stated
from onrecord.compose import open_desk
from onrecord.errors import InputError
from onrecord.evidence.index import kept_state
from onrecord.record import Document
from onrecord.settings import COLLECTION_FOLDER, FetchSettings, Settings
from onrecord.store.collection import Where

WALL = "The sea wall at Port Elling was finished in 1931 and is 840 metres long.\n"
FERRY = "The ferry to the outer islands takes ninety minutes in calm weather.\n"
PAGE = (
    b"<html><head><title>Piers of the north</title></head><body><article><h1>Piers of the north"
    b"</h1><p>The pier at Marl was opened in 1902 and is 310 metres long, and it is still in use "
    b"today by anglers and by the island mail.</p></article></body></html>"
)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/pier":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture(autouse=True)
def without_weights(monkeypatch):
    monkeypatch.setattr(collection, "packaged_embedder", lambda: None)


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "wall.txt").write_text(WALL, encoding="utf-8")
    (folder / "ferry.txt").write_text(FERRY, encoding="utf-8")
    return folder


def add(tmp_path, *arguments, **stated):
    return collection.add(
        tmp_path / "desk",
        [str(argument) for argument in arguments],
        settings=Settings(),
        stated=Stated(**stated),
    )


def texts(tmp_path, query="sea wall ferry"):
    found = collection.search(tmp_path / "desk", query, limit=9)
    return sorted(candidate.passage.text for candidate in found)


def state(tmp_path):
    return kept_state(tmp_path / "desk" / COLLECTION_FOLDER)


def test_a_folder_is_added_and_its_words_are_found(tmp_path, papers):
    report = add(tmp_path, papers)
    assert (report.new, report.n_passages, report.n_refused) == (2, 2, 0)
    assert texts(tmp_path) == [FERRY.strip(), WALL.strip()]
    assert state(tmp_path).n_documents == 2


def test_what_is_stated_on_the_command_fills_what_the_file_leaves_open(tmp_path, papers):
    add(tmp_path, papers / "wall.txt", publisher="Harbour office", licence="CC0", date="2024-05")
    (found,) = collection.search(tmp_path / "desk", "sea wall", limit=1)
    passage = found.passage
    assert (passage.publisher, passage.licence, passage.date) == (
        "Harbour office",
        "CC0",
        "2024-05",
    )
    assert state(tmp_path).newest == "2024-05"


def test_a_second_add_changes_nothing_and_a_silent_one_takes_nothing_away(tmp_path, papers):
    add(tmp_path, papers, publisher="Harbour office")
    before = state(tmp_path)
    report = add(tmp_path, papers)
    assert (report.new, report.changed, report.same, report.n_passages) == (0, 0, 2, 0)
    assert state(tmp_path) == before


def test_the_same_files_give_the_same_state_whatever_the_way(tmp_path, papers):
    add(tmp_path, papers)
    one = state(tmp_path)
    other = tmp_path / "other"
    for name in ("wall.txt", "ferry.txt"):
        collection.add(other, [str(papers / name)], settings=Settings())
    assert kept_state(other / COLLECTION_FOLDER) == one


def test_what_is_missing_is_refused_and_the_rest_goes_in(tmp_path, papers):
    report = add(tmp_path, tmp_path / "absent.txt", papers)
    assert (report.new, report.n_refused) == (2, 1)
    assert "absent.txt" in report.refused[0].source


def test_text_that_is_no_unicode_is_refused(tmp_path, papers, monkeypatch):
    broken = Document("0" * 16, "half \udc80", source="x")
    monkeypatch.setattr(collection, "documents", lambda *_, **__: iter([broken]))
    assert add(tmp_path, papers).n_refused == 1


def test_a_page_at_an_address_is_fetched_and_read_like_a_file(tmp_path, server):
    url = f"http://127.0.0.1:{server.server_port}/pier"
    settings = Settings(
        fetch=FetchSettings(allowed_addresses=("127.0.0.1",), ports=(server.server_port,))
    )
    report = collection.add(
        tmp_path / "desk", [url, url.replace("/pier", "/no")], settings=settings
    )
    assert (report.new, report.n_refused) == (1, 1)
    (found,) = collection.search(tmp_path / "desk", "pier at Marl", limit=1)
    assert found.passage.url == url
    assert "310 metres" in found.passage.text
    assert collection.remove(tmp_path / "desk", Where(url=url)) == 1


def test_documents_are_removed_from_store_and_index(tmp_path, papers):
    add(tmp_path, papers)
    assert collection.remove(tmp_path / "desk", Where(source=str(papers / "wall.txt"))) == 1
    assert texts(tmp_path) == [FERRY.strip()]
    assert state(tmp_path).n_documents == 1
    assert collection.remove(tmp_path / "desk", Where(source=str(papers))) == 1
    assert (state(tmp_path).n_documents, state(tmp_path).digest) == (0, "")


def test_removing_nothing_in_particular_is_refused(tmp_path):
    with pytest.raises(InputError, match="nothing named"):
        collection.remove(tmp_path / "desk", Where())


def test_a_file_with_a_new_text_takes_the_place_of_the_old_one(tmp_path, papers):
    add(tmp_path, papers)
    (papers / "wall.txt").write_text("The sea wall is 850 metres long.\n", encoding="utf-8")
    assert add(tmp_path, papers).changed == 1
    assert texts(tmp_path) == [FERRY.strip(), "The sea wall is 850 metres long."]


def killed(*_):
    raise KeyboardInterrupt


def test_what_a_kill_kept_from_the_index_is_made_up_for(tmp_path, papers, monkeypatch):
    add(tmp_path, papers / "ferry.txt")
    with monkeypatch.context() as patched:
        patched.setattr(collection.CollectionIndex, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            add(tmp_path, papers / "wall.txt")
    assert texts(tmp_path) == [FERRY.strip()]
    assert add(tmp_path, papers / "wall.txt").same == 1
    assert texts(tmp_path) == [FERRY.strip(), WALL.strip()]
    assert state(tmp_path).n_documents == 2


def test_what_a_kill_left_in_the_index_is_taken_out(tmp_path, papers, monkeypatch):
    add(tmp_path, papers / "ferry.txt", papers / "wall.txt")
    with monkeypatch.context() as patched:
        patched.setattr(collection.CollectionIndex, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            collection.remove(tmp_path / "desk", Where(source=str(papers / "wall.txt")))
    assert len(texts(tmp_path)) == 2
    add(tmp_path, papers / "ferry.txt")
    assert texts(tmp_path) == [FERRY.strip()]
    assert state(tmp_path).n_documents == 1


def test_a_kill_while_the_index_is_made_anew_is_made_up_for(tmp_path, papers, monkeypatch):
    add(tmp_path, papers / "ferry.txt")
    with monkeypatch.context() as patched:
        patched.setattr(collection.CollectionIndex, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            collection.reindex(tmp_path / "desk")
    add(tmp_path, papers / "wall.txt")
    assert texts(tmp_path) == [FERRY.strip(), WALL.strip()]


def test_the_index_is_made_anew_from_the_store(tmp_path, papers):
    add(tmp_path, papers)
    before = state(tmp_path)
    assert collection.reindex(tmp_path / "desk") == 2
    assert texts(tmp_path) == [FERRY.strip(), WALL.strip()]
    assert state(tmp_path) == before


def test_where_there_is_no_collection_nothing_is_made(tmp_path):
    desk = tmp_path / "desk"
    assert collection.reindex(desk) == 0
    assert collection.search(desk, "wall", limit=3) == ()
    assert collection.stats(desk).n == 0
    assert not (desk / COLLECTION_FOLDER).exists()
    assert open_desk(Settings(folder=str(desk))).passages is None


def test_the_desk_has_the_collection_as_its_port(tmp_path, papers):
    add(tmp_path, papers)
    passages = open_desk(Settings(folder=str(tmp_path / "desk"))).passages
    assert passages is not None
    assert passages.state() == state(tmp_path)
    (found,) = passages.candidates_of_each(["ferry minutes"], limit=4)
    assert [candidate.passage.text for candidate in found] == [FERRY.strip()]


def run(tmp_path, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "onrecord", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "ONRECORD_FOLDER": str(tmp_path / "desk")},
    )


def test_the_commands_add_search_count_and_remove(tmp_path, papers):
    refused = tmp_path / "refused.jsonl"
    done = run(tmp_path, "evidence", "add", "papers", "absent.txt", "--refused", str(refused))
    assert done.returncode == 3
    assert "new 2" in done.stdout
    assert "absent.txt" in done.stderr
    assert "absent.txt" in json.loads(refused.read_text(encoding="utf-8"))["source"]
    assert "840 metres" in run(tmp_path, "evidence", "search", "sea wall", "-n", "1").stdout
    assert run(tmp_path, "evidence", "stats").stdout.startswith("2 documents")
    assert "2 passages indexed" in run(tmp_path, "reindex").stdout
    assert (
        run(tmp_path, "evidence", "remove", "--source", "papers").stdout == "2 documents removed\n"
    )
    assert run(tmp_path, "evidence", "remove", "--source", "papers").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["add"], 2),
        (["add", "x.txt", "--date", "last week"], 2),
        (["add", "absent.txt"], 1),
        (["remove"], 2),
        (["search", "wall"], 0),
        (["stats"], 0),
    ],
)
def test_wrong_usage_and_empty_collections_have_their_exit_codes(
    tmp_path, monkeypatch, arguments, code
):
    monkeypatch.setenv("ONRECORD_FOLDER", str(tmp_path / "desk"))
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["evidence", *arguments]).exit_code == code


def test_a_terminal_is_not_steered_by_a_title(tmp_path):
    from onrecord.ports import PassageCandidate
    from onrecord.record import Passage
    from onrecord.show.collection import found
    from onrecord.span import Span

    passage = Passage("p", "d", Span(0, 4), "te\x1b[2Jxt", title="T\x1b[31m\nx", url="\x07u")
    shown = found([PassageCandidate(passage, 1.0, None)])
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_the_folder_of_a_person_is_named_from_where_they_are(tmp_path, papers, monkeypatch):
    monkeypatch.chdir(papers)
    add(tmp_path, "wall.txt")
    monkeypatch.chdir(Path("/"))
    assert collection.remove(tmp_path / "desk", Where(source=str(papers))) == 1
