"""Worker processes of a bulk run: what ends them costs a page at most, and only if it is to blame."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from onrecord import bulk_crew
from onrecord.bulk import Crew, Rules, only_stages, shard_name, shard_records
from onrecord.errors import PipelineError
from onrecord.settings import Settings
from tests.invented_archives import member, positions, shard, text_rows

FAST = only_stages(Settings(), "segment,attribute=rules")

# A worker whose reading of some pages is a trap. It keeps count of its starts in a file.
TRAPS = """
import os, signal, sys, time
from onrecord import bulk_worker

def trapped(data):
    capture = before(data)
    number = (capture.url or "").rpartition("/")[2]
    if number in ("4", "5"):
        os.kill(os.getpid(), signal.SIGSEGV if number == "5" else signal.SIGKILL)
    if number == "8":
        time.sleep(600)
    if number == "6":
        raise TypeError("a bug")
    if number == "9":
        raise MemoryError
    if number == "10" and not os.path.exists(sys.argv[1]):
        open(sys.argv[1], "w").close()
        os._exit(7)
    return capture

before, bulk_worker.unpacked = bulk_worker.unpacked, trapped
sys.exit(bulk_worker.main(sys.argv[2:]))
"""


@pytest.fixture
def source(tmp_path):
    """Twelve short pages."""
    file = tmp_path / "archive.jsonl"
    file.write_text(text_rows(12), encoding="utf-8")
    return file


def test_a_page_that_ends_or_hangs_its_worker_costs_only_itself(source, tmp_path):
    script = tmp_path / "traps.py"
    script.write_text(TRAPS)
    command = (sys.executable, str(script), str(tmp_path / "once"))
    crew = Crew(FAST, Rules(workers=2, page_seconds=10), command=command)
    try:
        outcome = shard_records(source, tmp_path / "out", crew=crew)
    finally:
        crew.close()
    assert (outcome.n_done, outcome.n_failed) == (7, 5)
    done, failed = shard(tmp_path / "out", source)
    reasons = {row["position"]: row["reason"] for row in failed}
    assert "signal 9, tried 4 times" in reasons[4]
    assert "signal 11, tried 2 times" in reasons[5]
    assert reasons[6] == "TypeError: a bug"
    assert "longer than 10 seconds" in reasons[8]
    assert "too much memory" in reasons[9]
    # Its first worker ended for a reason of its own: the page is tried again and is a record.
    assert 10 in [position for position, _ in done]


@pytest.mark.parametrize(
    ("script", "told"),
    [("import sys; sys.exit(5)", "exit code 5"), ("import os; os.abort()", "signal 6")],
)
def test_workers_that_never_start_end_the_run(source, tmp_path, monkeypatch, script, told):
    monkeypatch.setattr(bulk_crew, "MAX_STILLBORN", 3)
    crew = Crew(FAST, Rules(workers=1), command=(sys.executable, "-c", script))
    try:
        with pytest.raises(PipelineError, match=f"3 worker processes in a row.*{told}"):
            crew.start()
    finally:
        crew.close()


def test_a_worker_that_holds_too_much_leaves_and_is_replaced(source, tmp_path):
    script = tmp_path / "small.py"
    script.write_text(
        textwrap.dedent("""
        import sys
        from onrecord import bulk_worker
        bulk_worker.MAX_RESIDENT, bulk_worker.MIN_PAGES = 1, 2
        sys.exit(bulk_worker.main(sys.argv[1:]))
        """)
    )
    few = tmp_path / "few.jsonl"
    few.write_text(text_rows(3))
    crew = Crew(FAST, Rules(workers=1), command=(sys.executable, str(script)))
    try:
        crew.start()
        first = crew.processes()
        assert shard_records(few, tmp_path / "out", crew=crew).n_done == 3
        assert crew.processes() != first
    finally:
        crew.close()


def test_workers_have_one_thread_each_and_no_open_files_of_the_run(source, tmp_path):
    crew = Crew(FAST, Rules(workers=1))
    try:
        crew.start()
        (process,) = crew.processes()
        place = Path(f"/proc/{process}")
        held = [str(one.readlink()) for one in (place / "fd").iterdir()]
        assert not [name for name in held if str(tmp_path) in name]
        assert len(list((place / "task").iterdir())) == 1
    finally:
        crew.close()
    assert not place.exists()


class Killer(threading.Thread):
    """Kills a worker that reads, now and then, but only once pages were done since the last kill."""

    def __init__(self, crew, ledger, *, seconds, most):
        super().__init__(daemon=True)
        self.crew, self.ledger, self.seconds, self.most = crew, ledger, seconds, most
        self.n_killed, self.stopped = 0, threading.Event()

    def run(self):
        size, number = -1, 0
        while self.n_killed < self.most and not self.stopped.wait(self.seconds):
            now = self.ledger.stat().st_size if self.ledger.exists() else -1
            if now == size:
                continue  # the workers are only starting, and would never be done
            size = now
            processes = self.crew.processes()
            number += 1
            if processes:
                try:
                    os.kill(processes[number % len(processes)], signal.SIGKILL)
                    self.n_killed += 1
                except ProcessLookupError:
                    pass

    def stop(self):
        self.stopped.set()
        self.join(timeout=30)


@pytest.mark.parametrize(
    ("n_pages", "seconds", "kills"),
    [
        (500, 0.3, range(2, 5)),
        pytest.param(
            20_000, 20.0, range(5, 10_000), marks=[pytest.mark.soak, pytest.mark.timeout(7_200)]
        ),
    ],
)
def test_workers_that_are_killed_lose_and_repeat_nothing(
    tmp_path, monkeypatch, n_pages, seconds, kills
):
    monkeypatch.setattr("onrecord.bulk.FLUSH_SECONDS", 0.2)
    source, out = tmp_path / "archive.warc.gz", tmp_path / "out"
    with source.open("wb") as stream:
        stream.writelines(member(number) for number in range(n_pages))
    crew = Crew(FAST, Rules(workers=2, page_seconds=120))
    crew.start()
    killer = Killer(crew, out / f"{shard_name(source)}.jsonl", seconds=seconds, most=kills[-1])
    killer.start()
    try:
        outcome = shard_records(source, out, crew=crew)
    finally:
        killer.stop()
        crew.close()
    assert killer.n_killed in kills
    assert (outcome.n_done, outcome.n_failed) == (n_pages, 0), shard(out, source)[1]
    assert positions(out, source) == list(range(n_pages))


def test_the_run_goes_on_while_one_page_hangs(tmp_path):
    """Pages behind a page that hangs are read and wait for it; nothing idles."""
    script = tmp_path / "slow.py"
    script.write_text(
        textwrap.dedent("""
        import sys, time
        from onrecord import bulk_worker

        def slow(data):
            capture = before(data)
            if capture.url.endswith("/0"):
                time.sleep(600)
            return capture

        before, bulk_worker.unpacked = bulk_worker.unpacked, slow
        sys.exit(bulk_worker.main(sys.argv[1:]))
        """)
    )
    source = tmp_path / "many.jsonl"
    source.write_text(text_rows(60))
    crew = Crew(FAST, Rules(workers=2, page_seconds=15), command=(sys.executable, str(script)))
    try:
        crew.start()
        began = time.monotonic()
        outcome = shard_records(source, tmp_path / "out", crew=crew)
        seconds = time.monotonic() - began
    finally:
        crew.close()
    assert (outcome.n_done, outcome.n_failed) == (59, 1)
    assert positions(tmp_path / "out", source)[-1] == 0
    assert seconds < 40
