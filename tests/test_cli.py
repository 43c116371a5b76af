from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "bridge.html"


def run(*arguments: str, stdin: bytes = b"", cwd: Path | None = None):
    return subprocess.run(
        [sys.executable, "-m", "onrecord", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
        cwd=cwd,
    )


def test_check_prints_findings_before_statements():
    done = run("check", str(EXAMPLE))
    out = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "Council Hid Cracks" in out
    assert "Tomas Brill" in out
    assert "\x1b" not in out


def test_json_is_a_record_that_decodes_to_itself():
    from onrecord import decode, encode

    done = run("check", str(EXAMPLE), "--json")
    record = decode(done.stdout.strip())
    assert encode(record) == done.stdout.strip()


@pytest.mark.parametrize("form", ["--html", "--annotations", "--worksheet", "--json"])
def test_every_form_is_written_to_a_file(tmp_path, form):
    target = tmp_path / "out" / "record"
    done = run("check", str(EXAMPLE), form, "-o", str(target))
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == b""
    assert target.stat().st_size > 1000


def test_two_forms_at_once_are_wrong_usage():
    assert run("check", str(EXAMPLE), "--json", "--html").returncode == 2


def test_standard_input_is_read():
    done = run("check", "-", stdin=b"Bridge opens\n\nThe bridge is safe, Ann Lee said on Friday.\n")
    assert done.returncode == 0
    assert "Ann Lee" in done.stdout.decode()


BAD = [
    ("missing file", "absent.html", None, "cannot open"),
    ("empty file", "empty.html", b"", "is empty"),
    ("binary file", "picture.bin", bytes(range(256)) * 40, "binary"),
    (
        "page without text",
        "blank.html",
        b"<html><body><img src=x></body></html>",
        "without any visible text",
    ),
    ("a refused address", "http://127.0.0.1:9/", None, "127.0.0.1"),
    ("a refused scheme", "ftp://example.org/x", None, "http"),
    ("a folder", ".", None, "folder"),
]


@pytest.mark.parametrize(("case", "name", "body", "message"), BAD, ids=[row[0] for row in BAD])
def test_bad_input_is_named_and_the_other_pages_still_run(tmp_path, case, name, body, message):
    if body is not None:
        (tmp_path / name).write_bytes(body)
    done = run("check", name, str(EXAMPLE), cwd=tmp_path)
    error = done.stderr.decode()
    assert message in error, error
    assert "Traceback" not in error
    assert "Tomas Brill" in done.stdout.decode()
    assert done.returncode == 3


def test_nothing_readable_is_a_failure(tmp_path):
    done = run("check", "absent.html", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == b""


def test_no_page_is_wrong_usage():
    assert run("check").returncode == 2


def test_an_unknown_setting_is_wrong_usage_and_names_the_nearest(tmp_path):
    (tmp_path / "onrecord.toml").write_text("strickt = true\n")
    done = run("check", str(EXAMPLE), cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean 'strict'" in done.stderr.decode()


def test_a_page_in_another_language_is_read_and_the_problem_said(tmp_path):
    text = (
        "Brücke wieder offen\n\nDie Brücke über den Fluss ist seit Montag wieder für den Verkehr "
        "geöffnet, nachdem sie zwei Jahre lang gesperrt war.\n\nDer Bürgermeister sagte, die "
        "Arbeiten hätten länger gedauert als geplant, weil das Wetter schlecht war.\n"
    )
    (tmp_path / "seite.txt").write_text(text, encoding="utf-8")
    done = run("check", "seite.txt", "--json", cwd=tmp_path)
    record = json.loads(done.stdout)["record"]
    assert done.returncode == 3
    assert record["attributions"] is None
    assert "LanguageError" in {problem["error"] for problem in record["problems"]}


def test_several_pages_go_into_a_folder(tmp_path):
    (tmp_path / "a.txt").write_text("Bridge opens\n\nIt opened, Ann Lee said.\n")
    (tmp_path / "b.txt").write_text("Pier closes\n\nIt closed, Bo Hill said.\n")
    done = run("check", "a.txt", "b.txt", "--html", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert len(list((tmp_path / "out").glob("*.html"))) == 2


def test_stages_are_listed_with_their_source():
    out = run("stages").stdout.decode()
    assert "attribute" in out
    assert "built in" in out


def test_schema_is_a_json_schema():
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_hostile_file_names_cannot_steer_the_terminal(tmp_path):
    done = run("check", "no\x1b[31mfile", cwd=tmp_path)
    assert b"\x1b" not in done.stderr


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    environment = {**os.environ, "ONRECORD_FOLDER": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "library", "add", str(ROOT / "examples/library.json")],
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"new 12" in done.stdout
    return environment


def run_in(environment, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "onrecord", *arguments],
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_a_page_that_repeats_a_claim_of_the_library_names_the_earlier_check(library):
    out = run_in(library, "check", str(EXAMPLE)).stdout.decode()
    assert "Example Desk (2026-02-03)" in out
    assert "https://desk.example/checks/2" in out
    assert "True" in out


def test_a_page_that_repeats_none_claims_nothing(library, tmp_path):
    page = tmp_path / "pier.txt"
    page.write_text(
        "Pier closes\n\nThe pier closed on Monday, Bo Hill said. It is 90 metres long.\n"
    )
    done = run_in(library, "check", str(page), "--json")
    assert json.loads(done.stdout)["record"]["matches"] == []


def test_without_a_library_the_matches_are_not_run(tmp_path):
    environment = {**os.environ, "ONRECORD_FOLDER": str(tmp_path / "none")}
    done = run_in(environment, "check", str(EXAMPLE), "--json")
    assert json.loads(done.stdout)["record"]["matches"] is None
    assert not (tmp_path / "none").exists()


def test_a_typed_claim_is_judged_and_looked_up(library):
    out = run_in(
        library, "claim", "The Eiffel Tower grows 15 centimetres in summer"
    ).stdout.decode()
    assert "checkable" in out
    assert "Example Desk" in out


def test_an_empty_claim_is_refused(library):
    done = run_in(library, "claim", "  ")
    assert done.returncode == 1
    assert b"expected a sentence" in done.stderr


def test_the_library_is_searched_counted_and_exported(library):
    assert b"goldfish" in run_in(library, "library", "search", "goldfish").stdout
    assert b"12 fact-checks" in run_in(library, "library", "stats").stdout
    lines = run_in(library, "library", "export").stdout.splitlines()
    assert len(lines) == 12
    assert json.loads(lines[0])["publisher"] == "Example Desk"


def test_the_index_is_rebuilt_from_the_stored_rows(library):
    assert b"12 fact-checks indexed" in run_in(library, "reindex").stdout


def test_refused_rows_are_counted_and_the_good_ones_go_in(library, tmp_path):
    feed = tmp_path / "rows.jsonl"
    feed.write_text('{"claim": "A", "url": "https://a.example/1"}\n{broken\n')
    done = run_in(library, "library", "add", str(feed))
    assert done.returncode == 3
    assert b"new 1" in done.stdout
    assert b"line 2" in done.stderr
