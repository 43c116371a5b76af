"""Bulk runs: every page once, in order, whatever dies on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onrecord.bulk import (
    Rules,
    lines,
    read_pages,
    run_input,
    shard_name,
    with_stages,
    without_comments,
)
from onrecord.codec import decode
from onrecord.read import read
from onrecord.record import Capture
from onrecord.settings import Settings
from onrecord.terms import RegionKind

FAST = with_stages(
    Settings(),
    {stage: "" for stage, _ in Settings().stages} | {"segment": "sentences", "attribute": "rules"},
)
TWO = Rules(workers=2, page_seconds=20)


def page(n, text="The bridge is safe, the mayor said on Monday."):
    return {"url": f"https://bell.example/{n}", "text": f"Page {n}\n\n{text}\n"}


@pytest.fixture
def source(tmp_path):
    """Twelve pages as JSON lines, one of them broken and one empty."""
    rows = [json.dumps(page(n)) for n in range(12)]
    rows[3], rows[7] = "{", json.dumps({"url": "https://bell.example/7"})
    file = tmp_path / "archive.jsonl"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def shard(out, source):
    name = shard_name(source)
    done = list(lines(out / f"{name}.jsonl"))
    failed = [json.loads(one) for one in (out / f"{name}.failures.jsonl").read_text().splitlines()]
    return done, failed


def test_every_page_is_a_record_or_a_named_failure_in_order(source, tmp_path):
    out = tmp_path / "out"
    outcome = run_input(source, out, settings=FAST, rules=TWO)
    assert (outcome.n_done, outcome.n_failed) == (10, 2)
    done, failed = shard(out, source)
    assert [position for position, _ in done] == [0, 1, 2, 4, 5, 6, 8, 9, 10, 11]
    assert [row["position"] for row in failed] == [3, 7]
    assert "line 4" in failed[0]["reason"]
    record = decode(done[5][1])
    assert record.page.url == "https://bell.example/6"
    assert record.attributions


def test_the_same_input_gives_the_same_bytes(source, tmp_path):
    bodies = []
    for name in ("a", "b"):
        run_input(source, tmp_path / name, settings=FAST, rules=TWO)
        bodies.append((tmp_path / name / f"{shard_name(source)}.jsonl").read_bytes())
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("cut", [0, 1, 40, 4_000, 10**9])
def test_a_run_cut_anywhere_goes_on_and_repeats_nothing(source, tmp_path, cut):
    whole, again = tmp_path / "whole", tmp_path / "again"
    run_input(source, whole, settings=FAST, rules=TWO)
    name = f"{shard_name(source)}.jsonl"
    body = (whole / name).read_bytes()
    again.mkdir()
    (again / name).write_bytes(body[:cut])
    outcome = run_input(source, again, settings=FAST, rules=TWO)
    assert sorted((again / name).read_bytes().splitlines()) == sorted(body.splitlines())
    assert outcome.n_done == 10
    third = run_input(source, again, settings=FAST, rules=TWO)
    assert (third.n_done, third.n_failed, third.n_resumed) == (10, 2, 12)


def read_with_traps(pipe, settings, rules):
    """A reader that dies at page 4, hangs at page 8 and reads the others."""

    class Trapped:
        def recv_bytes(self):
            data = pipe.recv_bytes()
            if b"bell.example/4" in data:
                os.kill(os.getpid(), signal.SIGKILL)
            if b"bell.example/8" in data:
                time.sleep(600)
            return data

        def send_bytes(self, body):
            pipe.send_bytes(body)

    read_pages(Trapped(), settings, rules)


def test_a_page_that_kills_or_hangs_its_worker_costs_only_itself(source, tmp_path):
    rules = Rules(workers=2, page_seconds=8)
    outcome = run_input(
        source, tmp_path / "out", settings=FAST, rules=rules, reader=read_with_traps
    )
    assert (outcome.n_done, outcome.n_failed) == (8, 4)
    _, failed = shard(tmp_path / "out", source)
    reasons = {row["position"]: row["reason"] for row in failed}
    assert "signal 9" in reasons[4]
    assert "longer than 8 seconds" in reasons[8]


def test_a_run_that_is_killed_loses_and_repeats_nothing(source, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "onrecord", "bulk", str(source), "--out", str(out)]
    for stage, _ in Settings().stages:
        maker = {"segment": "sentences", "attribute": "rules"}.get(stage, "")
        command += ["--stage", f"{stage}={maker}"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    file = out / f"{shard_name(source)}.jsonl"
    for _ in range(300):
        if file.is_file() and file.stat().st_size:
            break
        time.sleep(0.1)
    running.kill()
    running.wait(timeout=10)
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3, done.stderr
    assert "10 records, 2 failures" in done.stdout
    positions = [position for position, _ in lines(file)]
    assert sorted(positions) == [0, 1, 2, 4, 5, 6, 8, 9, 10, 11]


def test_a_folder_is_read_by_path_with_archives_and_pages(tmp_path):
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text("Page\n\nThe bridge is safe, the mayor said.\n")
    (folder / "b" / "c.html").write_text(
        "<html><body><p>The lake is salt, she said.</p></body></html>"
    )
    (folder / "broken.warc.gz").write_bytes(b"\x1f\x8b\x08")
    (folder / "notes.xyz").write_text("not a page")
    outcome = run_input(folder, tmp_path / "out", settings=FAST, rules=TWO)
    assert (outcome.n_done, outcome.n_failed) == (2, 1)


def test_a_missing_input_is_one_named_failure(tmp_path):
    missing = tmp_path / "nowhere.jsonl"
    outcome = run_input(missing, tmp_path / "out", settings=FAST, rules=TWO)
    assert (outcome.n_done, outcome.n_failed) == (0, 1)
    assert "nowhere" in shard(tmp_path / "out", missing)[1][0]["reason"]


def test_comments_are_blanked_and_offsets_stay():
    root = Path(__file__).resolve().parent.parent
    html = (root / "examples" / "bridge.html").read_bytes()
    before = read(Capture(None, None, "text/html", html))
    after = without_comments(before)
    assert any(one.kind is RegionKind.COMMENT for one in before.regions)
    assert not any(one.kind is RegionKind.COMMENT for one in after.regions)
    assert "Nobody listened" in before.text
    assert "Nobody listened" not in after.text
    assert len(after.text) == len(before.text)
    for region in after.regions:
        assert region.span.of(after.text) == region.span.of(before.text)
