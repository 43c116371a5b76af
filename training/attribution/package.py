"""Put an exported tagger into the package: `python package.py --export DIR --about about.toml --out DIR`.

Copies graphs, transitions and tokenizer, writes manifest.toml with a digest of each, the settings,
data and commands of `about.toml` and the scores of `--runs` (JSON of `python -m bench.run`), and
writes the tables of card.md anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tomllib
from pathlib import Path

from onrecord.models.cards import with_tables

FILES = ("first.onnx", "second.onnx", "transitions.npz", "tokenizer.json")


def toml(value):
    return json.dumps(value, ensure_ascii=False)


def text_of(manifest):
    """The manifest as TOML: plain keys, then tables, then lists of tables."""
    lines = [
        f"{k} = {toml(v)}"
        for k, v in manifest.items()
        if not isinstance(v, dict) and not is_rows(v)
    ]
    for name, table in manifest.items():
        if isinstance(table, dict):
            lines += [
                "",
                f"[{name}]",
                *(f"{toml(k) if '.' in k else k} = {toml(v)}" for k, v in table.items()),
            ]
    for name, rows in manifest.items():
        if is_rows(rows):
            for row in rows:
                lines += ["", f"[[{name}]]", *(f"{k} = {toml(v)}" for k, v in row.items())]
    return "\n".join([*lines, ""])


def is_rows(value):
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def scores_of(path, stage="tagger"):
    """The rows of one bench run that are about the tagger."""
    run = json.loads(path.read_text())
    rows = []
    for name, (value, low, high) in run["scores"].items():
        other = name.partition(".")[0]
        if (
            "/" in name
            or name.endswith("per_second")
            or (other in ("rules", "tagger") and other != stage)
        ):
            continue
        rows.append(
            {
                "task": run["task"],
                "data": run["data"].split(".")[0],
                "name": name.removeprefix(stage + "."),
                "value": value,
                "low": low,
                "high": high,
                "command": f"python -m bench.run {run['task']} --data {run['data']} --stage {stage}",
            }
        )
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--export", type=Path, help="folder of export.py; without it only scores change")
    p.add_argument("--tokenizer", type=Path)
    p.add_argument("--about", type=Path, required=True)
    p.add_argument("--runs", type=Path, nargs="*", default=[])
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    if a.export:
        for name in FILES[:3]:
            shutil.copyfile(a.export / name, a.out / name)
        shutil.copyfile(a.tokenizer, a.out / FILES[3])
    manifest = tomllib.loads(a.about.read_text())
    manifest["bytes"] = sum((a.out / name).stat().st_size for name in FILES)
    manifest["files"] = {n: hashlib.sha256((a.out / n).read_bytes()).hexdigest() for n in FILES}
    scores = [row for path in a.runs for row in scores_of(path)]
    if scores:
        manifest["scores"] = scores
    (a.out / "manifest.toml").write_text(text_of(manifest), encoding="utf-8")
    card = a.out / "card.md"
    if card.exists():
        card.write_text(with_tables(card.read_text(encoding="utf-8"), manifest), encoding="utf-8")
    print("bytes", manifest["bytes"], "scores", len(scores))


if __name__ == "__main__":
    main()
