"""Complete an exported model's folder: its manifest, and the tables of its card.

``python package.py --about about.toml --runs RUN.json ... --out MODEL`` keeps what ``export.py``
wrote, adds what ``about.toml`` says, the digests, and the scores of ``python -m bench.run ...
--keep``, and writes the tables of ``card.md`` anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tomllib
from pathlib import Path

from onrecord.models.cards import with_tables

FILES = ("model.onnx", "tokenizer.json")
KEPT = ("name", "inputs", "output", "precision", "trained_sha256", "made")
SPEED = "per_second"


def scores_of(path: Path) -> list[dict[str, object]]:
    """Return the rows of one bench run; the twin's scores and speeds are left out."""
    run = json.loads(path.read_text())
    command = f"python -m bench.run {run['task']} --data {run['data']}"
    return [
        {
            "data": run["data"].split(".")[0],
            "name": name,
            "value": value,
            "low": low,
            "high": high,
            "command": command,
        }
        for name, (value, low, high) in run["scores"].items()
        if "." not in name and not name.endswith(SPEED)
    ]


def text_of(manifest: dict[str, object]) -> str:
    """Return the manifest as TOML: plain keys, lists of tables, tables."""

    def is_rows(value: object) -> bool:
        return isinstance(value, list) and bool(value) and isinstance(value[0], dict)

    def line(key: str, value: object) -> str:
        return f"{json.dumps(key) if '.' in key else key} = {json.dumps(value, ensure_ascii=False)}"

    lines = [line(k, v) for k, v in manifest.items() if not isinstance(v, dict) and not is_rows(v)]
    for name, rows in manifest.items():
        if is_rows(rows):
            for row in rows:
                lines += ["", f"[[{name}]]", *(line(k, v) for k, v in row.items())]
    for name, table in manifest.items():
        if isinstance(table, dict):
            lines += ["", f"[{name}]", *(line(k, v) for k, v in table.items())]
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--about", type=Path, required=True)
    parser.add_argument("--runs", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    path = args.out / "manifest.toml"
    before = tomllib.loads(path.read_text())
    manifest = {name: before[name] for name in KEPT} | tomllib.loads(args.about.read_text())
    manifest["bytes"] = sum((args.out / name).stat().st_size for name in FILES)
    scores = [row for run in args.runs for row in scores_of(run)]
    manifest["scores"] = scores or before.get("scores", [])
    manifest["files"] = {
        name: hashlib.sha256((args.out / name).read_bytes()).hexdigest() for name in FILES
    }
    path.write_text(text_of(manifest), encoding="utf-8")
    card = args.out / "card.md"
    card.write_text(with_tables(card.read_text(encoding="utf-8"), manifest), encoding="utf-8")


if __name__ == "__main__":
    main()
