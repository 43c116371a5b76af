"""Measures one task on data of your own: `python -m bench.run TASK --data PATH`.

Prints one JSON object `{task, data, n, scores: {name: [value, low, high]}, seconds}`; scores are
fractions from 0 to 1 unless the name says otherwise (`per_second`, `ratio`).
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.rows import DataError
from bench.tasks import TASKS

RUNS = Path(__file__).parent / "runs"


def measure(task: str, data: Path, *, split: str | None, stage: str | None) -> dict[str, Any]:
    """The result of a task as the object that is printed."""
    module = importlib.import_module(f"bench.tasks.{task}")
    began = time.perf_counter()
    measured = module.run(data, split=split, stage=stage)
    return {
        "task": task,
        "data": data.name,
        "n": measured.n,
        "scores": {name: list(score) for name, score in measured.scores.items()},
        "seconds": round(time.perf_counter() - began, 2),
    }


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() or "unknown"


def main(arguments: list[str] | None = None) -> int:
    """Runs one task; exit code 2 when the data are missing or of another form."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument(
        "--data", type=Path, required=True, help="a file or folder of the task's form"
    )
    parser.add_argument("--split", help="the split to score where rows carry one (default: dev)")
    parser.add_argument("--stage", help="measure this stage only, such as 'rules'")
    parser.add_argument(
        "--keep", action="store_true", help="also write bench/runs/TASK-COMMIT.json"
    )
    given = parser.parse_args(arguments)
    try:
        result = measure(given.task, given.data, split=given.split, stage=given.stage)
    except DataError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(json.dumps(result))
    if given.keep:
        RUNS.mkdir(exist_ok=True)
        kept = {**result, "commit": _commit(), "python": platform.python_version()}
        name = f"{given.task}-{given.data.name.split('.')[0]}.json"
        (RUNS / name).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
