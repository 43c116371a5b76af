from __future__ import annotations

import threading

from onrecord.store import jobs
from onrecord.store.database import open_database

NOW, LATER = "2026-03-14T08:20:00+00:00", "2026-03-14T09:20:00+00:00"


def test_a_job_waits_runs_and_ends(engine):
    job = jobs.add(engine, "address", "https://bell.example/a", account="1", now=NOW)
    assert jobs.add(engine, "address", "https://bell.example/a", account="2", now=NOW) == job
    assert jobs.waiting(engine) == 1
    taken = jobs.take(engine, now=NOW)
    assert (taken.id, taken.state) == (job.id, "running")
    assert jobs.take(engine, now=NOW) is None
    jobs.progress(engine, job.id, 0.5, "reading")
    assert jobs.load(engine, job.id).message == "reading"
    jobs.finish(engine, job.id, now=LATER, record="d" * 64)
    done = jobs.load(engine, job.id)
    assert (done.state, done.progress, done.record) == ("done", 1.0, "d" * 64)


def test_a_job_whose_worker_died_is_taken_again(engine):
    jobs.add(engine, "paste", "x", account="1", now=NOW)
    jobs.take(engine, now=NOW)
    assert jobs.take(engine, now=LATER) is None
    assert jobs.take(engine, now=LATER, stale_before=LATER).state == "running"


def test_a_failed_job_says_why(engine):
    job = jobs.add(engine, "paste", "x", account="1", now=NOW)
    jobs.finish(engine, job.id, now=LATER, fault="not a page " * 100)
    done = jobs.load(engine, job.id)
    assert done.state == "failed"
    assert done.message.startswith("not a page")
    assert len(done.message) == jobs.MAX_MESSAGE


def test_no_two_workers_get_the_same_job(tmp_path, address):
    folder = tmp_path / "desk"
    engine = open_database(folder, address)
    for n in range(30):
        jobs.add(engine, "paste", str(n), account="1", now=NOW)
    taken = []

    def work():
        own = open_database(folder, address)
        while job := jobs.take(own, now=NOW):
            taken.append(job.id)
        own.dispose()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    engine.dispose()
    assert len(taken) == len(set(taken)) == 30
