"""Memory and open files of a bulk run stay flat, however many pages there are (THREATS.md R5)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from onrecord.bulk import Crew, Meter, Rules, only_stages, shard_records
from onrecord.settings import Settings
from tests.invented_archives import member

MOST = 900_000_000  # bytes of one worker
SLOPE = 0.05  # growth from the second quarter of a run to the last
# The worker is not relieved after its usual number of pages: it must be flat by itself.
UNRELIEVED = """
import sys
from onrecord import bulk_worker
bulk_worker.MAX_PAGES = 10**9
sys.exit(bulk_worker.main(sys.argv[1:]))
"""


def resident(process: int) -> int:
    """Bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def descriptors(process: int) -> int:
    """How many files a process has open."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


@pytest.mark.parametrize(
    "n_pages",
    [60, pytest.param(20_000, marks=[pytest.mark.soak, pytest.mark.timeout(14_400)])],
)
def test_memory_and_open_files_stay_flat(tmp_path, monkeypatch, record_property, n_pages):
    monkeypatch.setattr("onrecord.bulk.FLUSH_SECONDS", 0.5)
    source, script = tmp_path / "archive.warc.gz", tmp_path / "worker.py"
    script.write_text(UNRELIEVED)
    with source.open("wb") as stream:
        stream.writelines(member(number) for number in range(n_pages))
    command = (sys.executable, str(script))
    crew = Crew(
        only_stages(Settings(), "rules"), Rules(workers=1, page_seconds=300), command=command
    )
    samples: list[tuple[int, int, int, int]] = []  # pages, worker, run, open files of both

    def sampled(now):
        (worker,) = crew.processes()
        files = descriptors(worker) + descriptors(os.getpid())
        samples.append((now.n_done, resident(worker), resident(os.getpid()), files))

    try:
        crew.start()
        (first,) = crew.processes()
        outcome = shard_records(source, tmp_path / "out", crew=crew, meter=Meter(sampled))
        assert crew.processes() == (first,), "the worker ended"
    finally:
        crew.close()
    assert (outcome.n_done, outcome.n_failed) == (n_pages, 0)
    assert max(worker for _, worker, _, _ in samples) <= MOST
    assert max(files for *_, files in samples) - min(files for *_, files in samples) <= 2
    for at in (1_000, 5_000, 10_000, 20_000):
        near = [one for one in samples if one[0] <= at]
        if near and at <= n_pages:
            n, worker, run, files = near[-1]
            told = f"worker {worker / 1e6:.0f} MB, run {run / 1e6:.0f} MB, {files} files"
            record_property(f"{n} pages", told)
    if n_pages < 1_000:
        return  # too few for a slope
    for column in (1, 2):
        second = [one[column] for one in samples if n_pages / 4 <= one[0] < n_pages / 2]
        last = [one[column] for one in samples if one[0] >= 3 * n_pages / 4]
        growth = sum(last) / len(last) / (sum(second) / len(second)) - 1
        assert growth <= SLOPE, (column, growth)
