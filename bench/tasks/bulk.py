"""Bulk runs: pages a second beside trafilatura alone, with one worker and two, and their memory.

Data: `*.tar.gz` with saved pages, or a folder of such or of `*.html` and `*.html.gz` files. They
are put into one WARC file, a gzip member a page, and read by `onrecord.bulk`, whose records are
written to the disk. Where `library/factchecks.jsonl.gz` lies in the data or beside them (rows
`{claim, rating, url, ...}`, see `onrecord library add`), its first rows become a library.

`--stage` names one part; without it all are measured in one run:

- `rules`: reading and all rule stages, one worker, then two. trafilatura extracts the same pages
  with metadata and comments, which a record has too, alone in a process of one thread, once before
  and once after; the ratio is two workers over the mean of both. `trafilatura_text` is its plain
  call, which gives the text alone.
- `models`: tagger and claims by their models, two workers, the English pages alone.
- `matching`: the same, with earlier fact-checks matched and reranked; left out without a library.

Pages a second are by the clock, from workers that are ready to the last record on the disk; the
start of a worker is told apart. `processor` scores count processor time, which a busy machine
moves less. `run_share_of_core_ratio` is what the parent, which reads the archive and writes
records, would use of a core at 20 pages a second. Peaks are of the largest worker.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bench.rows import DataError
from bench.scores import Measured, Score, ratio, single
from onrecord.bulk import Crew, Rules, lines, only_stages, shard_name, shard_records, with_stages
from onrecord.settings import Settings

NAMES = (
    "trafilatura_pages_per_second",
    "trafilatura_processor_pages_per_second",
    "trafilatura_text_pages_per_second",
    "start_seconds",
    "rules_one_worker_pages_per_second",
    "rules_pages_per_second",
    "rules_processor_pages_per_second",
    "ratio_to_trafilatura",
    "processor_ratio_to_trafilatura",
    "scaling_ratio",
    "run_share_of_core_ratio",
    "rules_peak_megabytes",
    "models_pages_per_second",
    "models_processor_pages_per_second",
    "models_peak_megabytes",
    "matching_pages_per_second",
    "matching_processor_pages_per_second",
    "matching_peak_megabytes",
)
PARTS = ("rules", "models", "matching")
# Of the library: more than the shared one has, since looking up takes longer in a larger one.
LIBRARY_ROWS = 100_000
# What the extractor alone does with the pages of a WARC file, in a process of its own: one line,
# seconds by the clock and of the processor with metadata, and by the clock for the text alone.
_ALONE = """
import json, sys, time
import trafilatura
from onrecord.warc import captures
pages = [one for one in captures(sys.argv[1])]
def extract(page):
    trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True, include_comments=True)
extract(pages[0])
began, used = time.perf_counter(), time.process_time()
for page in pages:
    extract(page)
seconds, used = time.perf_counter() - began, time.process_time() - used
began = time.perf_counter()
for page in pages:
    trafilatura.extract(page.body)
print(json.dumps([len(pages), seconds, used, time.perf_counter() - began]))
"""


@dataclass(frozen=True)
class _Speed:
    """What a run of a crew came to: pages, seconds by the clock and of processors, and memory."""

    n: int
    seconds: float
    workers_seconds: float
    run_seconds: float
    start_seconds: float
    peak_megabytes: float

    @property
    def per_second(self) -> float:
        return self.n / self.seconds

    @property
    def per_processor_second(self) -> float:
        return self.n / (self.workers_seconds + self.run_seconds)


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    """Scores of the parts; `stage` is one of `PARTS` or absent."""
    del split  # pages are not trained on
    if stage not in (None, *PARTS):
        raise DataError(f"task 'bulk' has the stages {', '.join(PARTS)}, not {stage!r}")
    bodies = list(_bodies(data))
    if not bodies:
        raise DataError(f"no page in {str(data)!r}; expected *.tar.gz or *.html")
    parts = PARTS if stage is None else (stage,)
    scores: dict[str, Score] = {}
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as name:
        folder = Path(name)
        whole = _archive(folder / "pages.warc.gz", bodies)
        settings = replace(Settings(), folder=str(folder / "none"))
        if "rules" in parts:
            scores |= _rules(whole, folder, settings)
        if "models" in parts or "matching" in parts:
            english = _english(whole, folder, settings, bodies)
        if "models" in parts:
            chosen = with_stages(settings, {"match": ""})
            scores |= _with_models("models", english, folder, chosen)
        library = _library(data)
        if "matching" in parts and library is not None:
            made = _made_library(library, folder)
            chosen = replace(settings, folder=str(made))
            scores |= _with_models("matching", english, folder, chosen)
        elif stage == "matching":
            raise DataError("no library/factchecks.jsonl.gz in the data or beside them")
    return Measured(len(bodies), scores)


def _rules(archive: Path, folder: Path, settings: Settings) -> dict[str, Score]:
    chosen = only_stages(settings, "rules")
    before = _alone(archive)
    one = _measured(archive, folder / "one", chosen, workers=1)
    two = _measured(archive, folder / "two", chosen, workers=2)
    after = _alone(archive)
    n = before[0] + after[0]
    alone, processor = n / (before[1] + after[1]), n / (before[2] + after[2])
    return {
        "trafilatura_pages_per_second": single(alone),
        "trafilatura_processor_pages_per_second": single(processor),
        "trafilatura_text_pages_per_second": single(n / (before[3] + after[3])),
        "start_seconds": single(one.start_seconds),
        "rules_one_worker_pages_per_second": single(one.per_second),
        "rules_pages_per_second": single(two.per_second),
        "rules_processor_pages_per_second": single(two.per_processor_second),
        "ratio_to_trafilatura": single(two.per_second / alone),
        # two cores that do nothing else
        "processor_ratio_to_trafilatura": single(2 * two.per_processor_second / processor),
        "scaling_ratio": single(ratio(two.per_second, one.per_second)),
        "run_share_of_core_ratio": single(20 * two.run_seconds / two.n),
        "rules_peak_megabytes": single(max(one.peak_megabytes, two.peak_megabytes)),
    }


def _with_models(part: str, archive: Path, folder: Path, settings: Settings) -> dict[str, Score]:
    speed = _measured(archive, folder / part, settings, workers=2)
    return {
        f"{part}_pages_per_second": single(speed.per_second),
        f"{part}_processor_pages_per_second": single(2 * speed.per_processor_second),
        f"{part}_peak_megabytes": single(speed.peak_megabytes),
    }


def _measured(archive: Path, out: Path, settings: Settings, *, workers: int) -> _Speed:
    crew = Crew(settings, Rules(workers=workers, page_seconds=600.0))
    try:
        began = time.perf_counter()
        crew.start()
        start = time.perf_counter() - began
        before = sum(_used(process) for process in crew.processes())
        began, used = time.perf_counter(), time.process_time()
        outcome = shard_records(archive, out, crew=crew)
        seconds, used = time.perf_counter() - began, time.process_time() - used
        workers_seconds = sum(_used(process) for process in crew.processes()) - before
        peak = max(_peak(process) for process in crew.processes())
    finally:
        crew.close()
    n = outcome.n_done + outcome.n_failed
    return _Speed(n, seconds, workers_seconds, used, start, peak)


def _used(process: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process: int) -> float:
    """The most megabytes of memory that a process has held."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1_000


def _alone(archive: Path) -> tuple[int, float, float, float]:
    command = [sys.executable, "-c", _ALONE, str(archive)]
    single_thread = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - our own words
        command, capture_output=True, text=True, check=True, env=single_thread
    )
    n, seconds, processor, text = json.loads(done.stdout)
    return n, seconds, processor, text


def _english(archive: Path, folder: Path, settings: Settings, bodies: Sequence[bytes]) -> Path:
    """An archive of the English pages alone: the model stages read no other."""
    out = folder / "languages"
    crew = Crew(only_stages(settings, "reading"), Rules(workers=2))
    try:
        shard_records(archive, out, crew=crew)
    finally:
        crew.close()
    kept = []
    for position, body in lines(out / f"{shard_name(archive)}.jsonl"):
        language = json.loads(body)["record"]["page"]["metadata"]["language"]
        if language and language["value"].lower().startswith("en"):
            kept.append(bodies[position])
    if not kept:
        raise DataError("none of the pages is in English")
    return _archive(folder / "english.warc.gz", kept)


def _archive(path: Path, bodies: Sequence[bytes]) -> Path:
    with path.open("wb") as stream:
        for number, body in enumerate(bodies):
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
            head = (
                "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
                f"WARC-Target-URI: https://page.example/{number}\r\n"
                "WARC-Date: 2026-11-20T10:00:00Z\r\n"
                "Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(block)}\r\n\r\n"
            )
            stream.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 6))
    return path


def _bodies(data: Path) -> Iterator[bytes]:
    """The pages, those of archives first, each by name."""
    if not data.exists():
        raise DataError(f"no file or folder {str(data)!r}")
    inside = sorted(path for path in data.rglob("*")) if data.is_dir() else [data]
    for path in inside:
        if path.name.endswith((".tar.gz", ".tar")) and "train" not in path.name:
            with tarfile.open(path) as archive:
                for member in archive:
                    stream = archive.extractfile(member) if member.isfile() else None
                    if stream is not None and ".htm" in member.name:
                        yield _plain(stream.read())
    for path in inside:
        if path.is_file() and path.name.removesuffix(".gz").endswith((".html", ".htm")):
            yield _plain(path.read_bytes())


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _library(data: Path) -> Path | None:
    for folder in (data, *data.parents[:2]):
        path = folder / "library" / "factchecks.jsonl.gz"
        if path.is_file():
            return path
    return None


def _made_library(rows: Path, folder: Path) -> Path:
    first = folder / "library.jsonl"
    with gzip.open(rows, "rb") as stream:
        first.write_bytes(b"".join(islice(stream, LIBRARY_ROWS)))
    made = folder / "desk"
    command = [sys.executable, "-m", "onrecord", "library", "add", str(first)]
    settings = {**os.environ, "ONRECORD_FOLDER": str(made)}
    subprocess.run(command, capture_output=True, check=True, env=settings)  # noqa: S603
    return made
