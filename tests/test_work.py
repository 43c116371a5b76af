"""Jobs run in processes of their own, and one bad page costs only itself."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from onrecord.compose import open_desk
from onrecord.settings import Settings
from onrecord.store import jobs, records
from onrecord.store.database import open_database
from onrecord.store.records import QueueFilter
from onrecord.work import Limits, keep_upload, run_job, work

NOW = "2026-03-14T08:20:00+00:00"
PAGE = b"Bridge opens\n\nThe bridge opened in 1961 and cost 12 million euros, the mayor said.\n"


@pytest.fixture
def desk_folder(tmp_path):
    folder = tmp_path / "desk"
    engine = open_database(folder)
    yield folder, engine
    engine.dispose()


def rules_desk(folder):
    fast = replace(Settings(), folder=str(folder), stages=_with_rules(Settings().stages))
    return open_desk(fast)


def _with_rules(stages):
    rules = {"attribute": "rules", "claims": "signs"}
    return tuple((stage, rules.get(stage, name)) for stage, name in stages)


def test_a_pasted_page_becomes_a_record_and_fills_the_queue(desk_folder):
    folder, engine = desk_folder
    name = keep_upload(folder, PAGE, suffix=".txt")
    job = jobs.add(engine, "paste", name, account="1", now=NOW)
    jobs.take(engine, now=NOW)
    run_job(job.id, desk=rules_desk(folder), folder=folder, engine=engine)
    done = jobs.load(engine, job.id)
    assert (done.state, done.message) == ("done", "")
    assert records.load(engine, done.record).page.text.startswith("Bridge opens")
    assert records.queue(engine, QueueFilter(words="1961"))


@pytest.mark.parametrize(
    ("body", "why"), [(b"   ", "empty"), (b"\x7fELF\x00\x01\x02" * 99, "binary|media|page")]
)
def test_what_is_no_page_is_refused_with_a_reason(desk_folder, body, why):
    import re

    folder, engine = desk_folder
    name = keep_upload(folder, body, suffix=".txt")
    job = jobs.add(engine, "file", name, account="1", now=NOW)
    run_job(job.id, desk=rules_desk(folder), folder=folder, engine=engine)
    done = jobs.load(engine, job.id)
    assert done.state == "failed"
    assert re.search(why, done.message)


def test_an_upload_is_named_by_its_bytes(tmp_path):
    name = keep_upload(tmp_path, PAGE, suffix=".html")
    assert name == keep_upload(tmp_path, PAGE, suffix=".html")
    assert (tmp_path / "uploads" / name).read_bytes() == PAGE


@pytest.mark.parametrize(
    ("script", "limits", "why"),
    [
        ("import time; time.sleep(60)", Limits(seconds=1), "longer than 1 seconds"),
        ("while True: pass", Limits(seconds=30, cpu_seconds=1), "signal"),
        ("x = bytearray(2**31)", Limits(seconds=30, memory_bytes=2**29), "MemoryError"),
        ("raise SystemExit('torn page')", Limits(seconds=30), "torn page"),
        ("pass", Limits(seconds=30), "stopped early"),
    ],
)
def test_a_page_that_breaks_its_reader_costs_only_itself(desk_folder, script, limits, why):
    _, engine = desk_folder
    bad = jobs.add(engine, "paste", "bad", account="1", now=NOW)
    rounds = iter([False, True])
    command = (sys.executable, "-c", script)
    work(engine, limits=limits, command=command, is_stopped=lambda: next(rounds))
    done = jobs.load(engine, bad.id)
    assert done.state == "failed"
    assert why in done.message


def test_what_is_daily_runs_at_the_first_round_of_a_day(desk_folder):
    _, engine = desk_folder
    seen, idle = [], []
    rounds = iter([False, False, False, True])
    work(
        engine,
        limits=Limits(),
        command=(sys.executable, "-c", "pass"),
        is_stopped=lambda: next(rounds),
        daily=seen.append,
        idle=lambda: idle.append(1),
    )
    assert len(seen) == 1
    assert len(idle) == 3
