"""Gather finished runs: their results in one file, and the best weights in parts.

`python collect.py --work DIR --out DIR --models 1`: a run is DIR/NAME with results.jsonl,
config.json and model.safetensors. Parts stay under 16 MiB; `--join` puts them together again.
"""

import argparse
import json
from pathlib import Path

PART = 15 * 2**20


def value(row):
    s = row["held"]
    return s["exact"] + s["overlap"] + s["source"]


def runs(work):
    found = {}
    for path in sorted(work.glob("*/results.jsonl")):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        scored = [r for r in rows if "held" in r]
        if scored and (path.parent / "model.safetensors").exists():
            found[path.parent.name] = (value(scored[-1]), rows)
    return found


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--work", type=Path)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--models", type=int, default=1)
    p.add_argument("--only", nargs="*")
    p.add_argument("--join", type=Path, help="folder with parts")
    a = p.parse_args()
    if a.join:
        for name in sorted({f.name.split(".part")[0] for f in a.join.glob("*.part?")}):
            a.out.mkdir(parents=True, exist_ok=True)
            parts = sorted(a.join.glob(f"{name}.part?"))
            (a.out / name).write_bytes(b"".join(f.read_bytes() for f in parts))
            print(name, (a.out / name).stat().st_size)
        return
    found = runs(a.work)
    a.out.mkdir(parents=True, exist_ok=True)
    with (a.out / "attribution_results.jsonl").open("w") as file:
        for name in sorted(p.parent.name for p in a.work.glob("*/results.jsonl")):
            file.write((a.work / name / "results.jsonl").read_text())
            config = a.work / name / "config.json"
            if config.exists():
                file.write(
                    json.dumps(
                        {"name": name, "event": "config", "config": json.loads(config.read_text())}
                    )
                    + "\n"
                )
    order = sorted(found, key=lambda n: -found[n][0])
    for name in order:
        print(name, round(found[name][0], 4), json.dumps(found[name][1][-1])[:1500])
    for name in (a.only or order)[: a.models if not a.only else None]:
        data = (a.work / name / "model.safetensors").read_bytes()
        for k in range(0, len(data), PART):
            (a.out / f"attribution_{name}.part{k // PART}").write_bytes(data[k : k + PART])


if __name__ == "__main__":
    main()
