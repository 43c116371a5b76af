"""Holds every floor: `python -m bench.gate [TASK...]`.

Reads `bench/data.toml` (which data, with checksums) and `bench/floors.json` (floors and ceilings).
Data are looked for in `bench/data` and in the folder that `ONRECORD_BENCH_DATA` names; a missing
set is reported as missing, never as passed. A score may fall below its floor by `NOISE` at most.
`--lower TASK NAME VALUE` is the only way to lower a floor, and prints the line that the commit
must carry.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from bench.run import measure

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
# Half the width of a 95% bootstrap interval on the smallest set would hide a real loss; a
# hundredth is what a change of library version moved the scores by.
NOISE = 0.01
PASSED, FAILED, MISSING = 0, 1, 3


def folder_digest(path: Path) -> str:
    """SHA-256 of a file, or of the names and bytes of a folder's files."""
    digest = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
        if file != path:
            digest.update(str(file.relative_to(path)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def found(name: str) -> Path | None:
    """Where a data set lies, or `None`."""
    outside = Path(os.environ.get("ONRECORD_BENCH_DATA", HERE.parent.parent / "shared" / "data"))
    for path in (HERE / "data" / name, outside / name):
        if path.exists():
            return path
    return None


def faults(scores: dict[str, list[float]], bounds: dict[str, list[float]]) -> list[str]:
    """What falls outside its bounds, in words; `bounds` holds [floor, ceiling] by score name."""
    out = []
    for name, (floor, ceiling) in bounds.items():
        if name not in scores:
            out.append(f"{name} was not measured")
            continue
        value = scores[name][0]
        if value < floor - NOISE:
            out.append(f"{name} {value} is below its floor {floor}")
        if value > ceiling + NOISE:
            out.append(f"{name} {value} is above its ceiling {ceiling}")
    return out


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when every floor holds, 1 when one does not, 3 when data are missing."""
    parser = argparse.ArgumentParser(prog="python -m bench.gate", description=__doc__)
    parser.add_argument("tasks", nargs="*", help="only these tasks")
    parser.add_argument("--lower", nargs=3, metavar=("TASK", "NAME", "VALUE"))
    given = parser.parse_args(arguments)
    floors: dict[str, dict[str, list[float]]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    if given.lower:
        return lower(floors, *given.lower)
    sets: dict[str, Any] = tomllib.loads((HERE / "data.toml").read_text(encoding="utf-8"))
    code = PASSED
    for task, bounds in floors.items():
        if given.tasks and task.split("/")[0] not in given.tasks:
            continue
        described = sets[task]
        path = found(described["path"])
        if path is None:
            print(f"MISSING {task}: no data set {described['path']!r}")
            code = code or MISSING
            continue
        if described["sha256"] and folder_digest(path) != described["sha256"]:
            print(f"FAILED  {task}: the data set {described['path']!r} has changed")
            code = FAILED
            continue
        result = measure(described["task"], path, split=described.get("split"), stage=None)
        wrong = faults(result["scores"], bounds)
        code = FAILED if wrong else code
        print(f"{'FAILED ' if wrong else 'passed '} {task}: {'; '.join(wrong) or len(bounds)}")
    return code


def lower(floors: dict[str, dict[str, list[float]]], task: str, name: str, value: str) -> int:
    """Sets a lower floor and prints what the commit's subject must say."""
    before = floors[task][name][0]
    floors[task][name][0] = float(value)
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    print(f"bench: lower the floor of {task} {name} from {before} to {value}")
    return PASSED


if __name__ == "__main__":
    sys.exit(main())
