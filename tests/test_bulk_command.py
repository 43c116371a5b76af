"""The command `onrecord bulk` as a user meets it: what it says, its exit codes, kills, damage."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from onrecord.bulk import shard_name
from tests.invented_archives import http, member, positions, record, shard, text_rows, url

ROOT = Path(__file__).resolve().parent.parent
BULK = [sys.executable, "-m", "onrecord", "bulk"]
FAST = ["--stages", "segment,attribute=rules"]


def bulk(*arguments, code=0):
    """Runs the command to its end; its two outputs."""
    command = [*BULK, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def source(tmp_path):
    """Six pages as JSON lines, one of them broken."""
    rows = text_rows(6).splitlines()
    rows[3] = "{"
    file = tmp_path / "archive.jsonl"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def test_a_second_run_needs_a_word_and_the_same_settings(source, tmp_path):
    out = tmp_path / "out"
    said, warned = bulk(source, "--out", out, *FAST, code=3)
    assert said == f"{source}: 5 records, 1 failures\n"
    assert f"{out}/*.failures.jsonl" in warned
    _, refused = bulk(source, "--out", out, *FAST, code=1)
    assert "--resume" in refused
    _, refused = bulk(source, "--out", out, "--stages", "segment", "--resume", code=1)
    assert 'stages.attribute "rules, version 1" then, not there now' in refused
    said, _ = bulk(source, "--out", out, *FAST, "--resume", code=3)
    assert "5 records, 1 failures, 6 of them from an earlier run" in said


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["none.warc"], 1, "no page was read"),
        (["--stages", "atribute"], 2, "did you mean 'attribute'"),
        (["--stage", "clams=signs"], 2, "did you mean 'claims'"),
        (["--stages", "segment,attribute=rulez"], 1, "did you mean 'rules'"),
        (["https://bell.example/a.warc.gz"], 2, "download it first"),
        (["s4://bucket/a.warc.gz"], 2, "cannot be read"),
        (["--engine", "dask", "--scheduler", "nowhere"], 2, "scheduler"),
    ],
)
def test_what_is_wrong_is_said(source, tmp_path, arguments, code, told):
    if "dask" in arguments:
        pytest.importorskip("distributed", reason="Dask is optional and not installed")
    where = [] if not arguments[0].startswith("--") else [source]
    _, warned = bulk(*where, *arguments, "--out", tmp_path / "out", code=code)
    assert told in warned
    assert "Traceback" not in warned


def test_progress_is_kept_in_a_log_with_rate_and_time_left():
    from onrecord.bulk import Progress
    from onrecord.cli_bulk import _line

    now = Progress("a/b.warc.gz", 120, 3, 20.5, 0.25, 400.0)
    told = "b.warc.gz: 120 records, 3 failures; 20.5 pages a second, 25% of all, about 7 min left"
    assert _line(now) == told


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(monkeypatch, capsys):
    from onrecord import cli_bulk
    from onrecord.bulk import Progress

    clock = iter([0.0, 10.0, 31.0, 31.0, 40.0])
    monkeypatch.setattr(cli_bulk.time, "monotonic", lambda: next(clock))
    tell = cli_bulk._teller()
    for n in range(3):
        tell(Progress("a", n, 0, 1.0, 0.1))
    assert capsys.readouterr().err == "a: 1 records, 0 failures; 1.0 pages a second, 10% of all\n"


def begun(command, file):
    """The command, running, once its first records are on the disk."""
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    )
    for _ in range(1_200):
        if (file.is_file() and file.stat().st_size) or running.poll() is not None:
            break
        time.sleep(0.1)
    assert running.poll() is None, running.communicate()
    return running


def children(process):
    """The ids of a process's children."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                stat = (place / "stat").read_text(encoding="ascii", errors="replace")
            except OSError:
                continue
            if int(stat.rsplit(") ", 1)[1].split()[1]) == process:
                found.append(int(place.name))
    return found


def is_alive(process):
    """Whether a process runs; one that only waits to be taken notice of does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rsplit(") ", 1)[1][0] != "Z"


@pytest.fixture
def long(tmp_path):
    """An archive that takes a while."""
    file = tmp_path / "long.warc.gz"
    with file.open("wb") as stream:
        stream.writelines(member(number) for number in range(160))
    return file


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_no_worker_and_goes_on(long, tmp_path, sent):
    out = tmp_path / "out"
    command = [*BULK, str(long), "--out", str(out), *FAST]
    running = begun(command, out / f"{shard_name(long)}.jsonl")
    workers = children(running.pid)
    assert len(workers) == 2
    running.send_signal(sent)
    _, warned = running.communicate(timeout=60)
    if sent is signal.SIGKILL:
        assert running.returncode == -signal.SIGKILL
    else:
        assert running.returncode == 130
        assert re.search(r"Go on with: onrecord bulk .*--resume\n", warned), warned
        assert "Traceback" not in warned
    until = time.monotonic() + 10
    while any(map(is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(is_alive, workers))
    n_before = len(positions(out, long))
    assert 0 < n_before < 160
    said, _ = bulk(long, "--out", out, *FAST, "--resume")
    assert f"160 records, 0 failures, {n_before} of them from an earlier run" in said
    assert positions(out, long) == list(range(160))


def test_a_run_that_stands_still_keeps_its_shard(long, tmp_path):
    """As a machine that lost its network and comes back: two never write one shard."""
    out = tmp_path / "out"
    command = [*BULK, str(long), "--out", str(out), *FAST]
    running = begun(command, out / f"{shard_name(long)}.jsonl")
    try:
        running.send_signal(signal.SIGSTOP)
        _, warned = bulk(long, "--out", out, *FAST, "--resume", code=1)
        assert "another run is writing" in warned
        running.send_signal(signal.SIGCONT)
        said, _ = running.communicate(timeout=200)
    finally:
        running.kill()
        running.communicate()
    assert "160 records, 0 failures" in said
    assert positions(out, long) == list(range(160))


def zeros(size):
    """A gzip member of `size` zeros, 1,000 times smaller, made a piece at a time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = bytes(1_000_000)
    head = record(b"", url(1), length=size).rstrip(b"\r\n") + b"\r\n\r\n"
    out = packer.compress(head)
    for _ in range(size // len(piece)):
        out += packer.compress(piece)
    return out + packer.flush()


def packed_body(size):
    """A record whose HTTP body is packed 1,000 times."""
    coded = "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"
    return gzip.compress(record(http(gzip.compress(bytes(size)), headers=coded), url(1)))


WHOLE = [member(0), member(2)]
DAMAGE = {
    # name: (what stands between two whole pages, what the ledger says)
    "a bomb of 100 MB in the body": (lambda: packed_body(100_000_000), "larger than"),
    "a member of 2 gigabytes": (lambda: zeros(2_000_000_000), "more than 64000000 bytes"),
    "a record of 30 megabytes": (
        lambda: gzip.compress(record(http(os.urandom(30_000_000)), url(1)), 1),
        "30000",
    ),
    "a page of 12 megabytes": (
        lambda: gzip.compress(record(http(b"<p>word " * 1_500_000), url(1))),
        "larger than 10000000 bytes",
    ),
    "a header that says too much": (
        lambda: gzip.compress(record(http(b"<p>a"), url(1), length=10**9)),
        "early",
    ),
    "a header that says too little": (
        lambda: gzip.compress(record(http(b"<p>a" * 99), url(1), length=30)),
        "wrong length",
    ),
    "a member that does not unpack": (lambda: member(1)[:-40] + bytes(40), "the record at byte"),
    "rubbish": (lambda: struct.pack("<Q", 7) * 400, "no gzip"),
    "a page of no words": (lambda: member(1, body=b"<html><body></body></html>"), "EmptyPageError"),
}


def test_damage_costs_itself_and_is_named(tmp_path):
    """One run over an archive for each kind of damage: whole pages around it are read."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    files = {}
    for number, (name, (made, _)) in enumerate(DAMAGE.items()):
        files[name] = folder / f"{number}.warc.gz"
        files[name].write_bytes(WHOLE[0] + made() + WHOLE[1])
    cut = folder / "cut.warc.gz"
    cut.write_bytes((WHOLE[0] + WHOLE[1])[:-300])
    empty = folder / "empty.warc"
    empty.write_bytes(b"")
    said, warned = bulk(folder, "--out", out, *FAST, "--page-seconds", "120", code=3)
    assert "Traceback" not in warned
    for name, (_, told) in DAMAGE.items():
        done, failed = shard(out, files[name])
        urls = [json.loads(body)["record"]["page"]["url"] for _, body in done]
        assert urls == [url(0), url(2)], (name, failed)
        assert any(told in row["reason"] for row in failed), (name, failed)
    done, failed = shard(out, cut)
    assert len(done) == 1
    assert "ends in the middle" in failed[0]["reason"]
    assert "is empty" in shard(out, empty)[1][0]["reason"]
    assert f"together: {2 * len(DAMAGE) + 1} records" in said


def test_one_broken_page_in_a_hundred_costs_one_in_a_hundred(tmp_path):
    source, out = tmp_path / "archive.warc.gz", tmp_path / "out"
    broken = [member(1, body=b"\0\xff" * 900), b"\x1f\x8b\x08" + bytes(50), member(1)[:200]]
    with source.open("wb") as stream:
        for number in range(300):
            stream.write(broken[number // 100] if number % 100 == 50 else member(number))
    said, _ = bulk(source, "--out", out, *FAST, code=3)
    assert "297 records" in said
    done, failed = shard(out, source)
    urls = [json.loads(body)["record"]["page"]["url"] for _, body in done]
    assert urls == [url(number) for number in range(300) if number % 100 != 50]
    assert 3 <= len(failed) <= 6
    assert sorted(positions(out, source)) == list(range(len(done) + len(failed)))


def test_odd_archives_of_others_are_counted(shared, tmp_path):
    folder = shared / "corpora" / "warc"
    said, warned = bulk(folder, "--out", tmp_path / "out", *FAST, code=3)
    assert "Traceback" not in warned
    counts = dict(re.findall(r"/([^/\n]+): (\d+ records, \d+ failures)", said))
    assert counts["example.warc.gz"] == counts["example.arc"] == "1 records, 0 failures"
    assert counts["bad.arc"] == counts["example-trunc.warc"] == "0 records, 1 failures"


def test_the_commands_of_the_guide_run(tmp_path):
    guide = (ROOT / "docs" / "guides" / "bulk.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ onrecord (bulk examples.*)$", guide, flags=re.MULTILINE)
    assert commands
    for command in commands:
        words = command.replace("records/", f"{tmp_path}/records/").split()
        done = subprocess.run(
            [sys.executable, "-m", "onrecord", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
