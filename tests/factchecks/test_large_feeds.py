"""A feed far larger than memory, through the command as a desk runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest

if not hasattr(os, "mkfifo"):
    pytest.skip("named pipes are what these feeds come through", allow_module_level=True)

# One row a line; the text beside the claim is what makes published feeds large, and is not kept.
PAD = "The council met, read the report aloud and adjourned until the river had fallen. " * 1_000
BROKEN = (
    ("a bracket too few", lambda row: row[:-1]),
    ("no comma", lambda row: row.replace('", "url"', '" "url"', 1)),
    ("no claim", lambda row: row.replace('"claimReviewed"', '"claimed"', 1)),
)
# Resident memory at most, in MB: that of the whole program, with embeddings.
MAX_MB = 500
STARTER = """
import os, subprocess, sys
running = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, usage = os.wait4(running.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""


def row(number: int) -> str:
    return json.dumps(
        {
            "@type": "ClaimReview",
            "url": f"https://desk.example/checks/{number}",
            "claimReviewed": f"Bridge {number} over the Orla was closed after {number % 90} days",
            "author": {"name": "Example Desk"},
            "reviewRating": {"alternateName": "False"},
            "description": PAD,
        }
    )


def write_feed(path, n_rows: int) -> None:
    """Writes the feed into a pipe; every hundredth row is broken in one of three ways."""
    with path.open("w", encoding="utf-8") as pipe:
        pipe.write('{"@type": "DataFeed", "dataFeedElement": [\n')
        for number in range(1, n_rows + 1):
            text = row(number)
            if number % 100 == 0:
                text = BROKEN[number // 100 % len(BROKEN)][1](text)
            pipe.write(text + (",\n" if number < n_rows else "\n]}\n"))


@pytest.mark.parametrize(
    "megabytes", [40, pytest.param(2_000, marks=[pytest.mark.soak, pytest.mark.timeout(7_000)])]
)
def test_a_large_feed_is_read_in_constant_memory_past_its_broken_rows(tmp_path, megabytes):
    n_rows = megabytes * 1_000_000 // len(row(1))
    pipe, refused = tmp_path / "feed.json", tmp_path / "refused.jsonl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=write_feed, args=(pipe, n_rows), daemon=True)
    writer.start()
    command = ["library", "add", str(pipe), "--refused", str(refused)]
    # Peak memory begins at that of the parent, so a small program starts the command.
    with (tmp_path / "told").open("wb") as told:
        started = subprocess.run(
            [sys.executable, "-S", "-c", STARTER, sys.executable, "-m", "onrecord", *command],
            env={**os.environ, "ONRECORD_FOLDER": str(tmp_path / "data"), "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=told,
            check=False,
        )
    code, peak = map(int, started.stdout.split())
    writer.join(timeout=30)
    said = (tmp_path / "told").read_text(encoding="utf-8")
    assert code == 3, said
    n_broken = n_rows // 100
    assert f"new {n_rows - n_broken}" in said
    assert f"refused {n_broken}" in said
    rows = [json.loads(line) for line in refused.read_text(encoding="utf-8").splitlines()]
    # The head of the feed is line 1, so row 100 stands on line 101.
    assert [r["line"] for r in rows] == [n + 1 for n in range(100, n_rows + 1, 100)]
    assert all(r["reason"] for r in rows)
    scale = 1 if sys.platform == "darwin" else 1_024  # bytes there, kilobytes elsewhere
    assert peak * scale < MAX_MB * 1_000_000
