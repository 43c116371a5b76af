"""A bulk run on a Dask cluster of several processes, some of which are killed or stand still."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from onrecord.bulk import Rules, only_stages
from onrecord.bulk_dask import run_on_dask
from onrecord.errors import SettingsError
from onrecord.settings import Settings
from tests.invented_archives import member, positions, shard

pytest.importorskip("distributed", reason="Dask is optional and not installed")

FAST = only_stages(Settings(), "segment,attribute=rules")
N_INPUTS, N_PAGES = 6, 40


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and three workers, each a process with its nanny, as Dask sets them up itself."""
    import dask
    from distributed import LocalCluster

    slow = {
        "distributed.comm.timeouts.connect": "120s",
        "distributed.comm.timeouts.tcp": "120s",
        "distributed.worker.preload": [],
        "distributed.nanny.pre-spawn-environ.PYTHONWARNINGS": "ignore",
    }
    with (
        dask.config.set(slow),
        LocalCluster(
            n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
        ) as made,
    ):
        yield made


@pytest.fixture
def sources(tmp_path):
    """Archives of invented pages."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(N_INPUTS):
        with (folder / f"{number}.warc.gz").open("wb") as stream:
            stream.writelines(member(100 * number + page) for page in range(N_PAGES))
    return folder


def busy(pids):
    """The Dask workers that read pages now: those with a child of their own."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = int((place / "stat").read_text().rsplit(") ", 1)[1].split()[1])
                command = (place / "cmdline").read_bytes()
            except OSError:
                continue
            if parent in pids and b"onrecord.bulk_worker" in command:
                found.append(parent)
    return found


class Attack(threading.Thread):
    """Sends signals to a worker that has written something, then to another."""

    def __init__(self, cluster, out, *, n_kills):
        super().__init__(daemon=True)
        self.cluster, self.out, self.n_kills, self.struck = cluster, out, n_kills, []

    def run(self):
        from distributed import Client

        with Client(self.cluster.scheduler_address) as client:
            seen = 0
            until = time.monotonic() + 200
            while len(self.struck) < self.n_kills and time.monotonic() < until:
                time.sleep(0.2)
                size = sum(p.stat().st_size for p in self.out.glob("*.warc.gz-????????.jsonl"))
                if size <= seen:
                    continue
                pids = set(client.run(os.getpid).values())
                if victims := busy(pids):
                    os.kill(victims[0], signal.SIGKILL)
                    self.struck.append(victims[0])
                    seen = size + 100_000


def test_workers_that_are_killed_lose_and_repeat_nothing(cluster, sources, tmp_path):
    out, told = tmp_path / "out", []
    attack = Attack(cluster, out, n_kills=2)
    attack.start()
    outcomes = run_on_dask(
        [sources],
        out,
        settings=FAST,
        rules=Rules(workers=1, page_seconds=120),
        scheduler=cluster.scheduler_address,
        tell=lambda outcome, n_done, n_all: told.append((outcome.source, n_done, n_all)),
    )
    attack.join(timeout=60)
    assert len(attack.struck) == 2
    assert [one.error for one in outcomes] == [""] * N_INPUTS
    assert [(one.n_done, one.n_failed) for one in outcomes] == [(N_PAGES, 0)] * N_INPUTS
    for number in range(N_INPUTS):
        assert positions(out, sources / f"{number}.warc.gz") == list(range(N_PAGES))
    assert [n_done for _, n_done, _ in told] == list(range(1, N_INPUTS + 1))
    assert [one.source for one in outcomes] == sorted(one.source for one in outcomes)


def test_an_input_that_cannot_be_read_does_not_stop_the_others(cluster, sources, tmp_path):
    out = tmp_path / "out"
    given = [sources / "0.warc.gz", sources / "none.warc.gz", sources / "1.warc.gz"]
    (sources / "0.warc.gz").write_bytes(member(1) + member(2)[:80])
    outcomes = run_on_dask(
        given, out, settings=FAST, rules=Rules(workers=1), scheduler=cluster.scheduler_address
    )
    assert [(one.n_done, one.n_failed) for one in outcomes] == [(1, 1), (0, 1), (N_PAGES, 0)]
    assert "none.warc.gz" in shard(out, given[1])[1][0]["reason"]


def test_settings_that_do_not_fit_are_said_for_each_input(cluster, sources, tmp_path):
    alone = only_stages(Settings(), "attribute=rules")
    outcomes = run_on_dask(
        [sources / "0.warc.gz"],
        tmp_path / "out",
        settings=alone,
        rules=Rules(workers=1),
        scheduler=cluster.scheduler_address,
    )
    assert "no earlier stage writes" in outcomes[0].error


def test_a_scheduler_that_does_not_answer_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("onrecord.bulk_dask.CONNECT_SECONDS", 2)
    with pytest.raises(SettingsError, match="no Dask scheduler answers"):
        run_on_dask(
            [tmp_path], tmp_path, settings=FAST, rules=Rules(), scheduler="tcp://127.0.0.1:9"
        )
