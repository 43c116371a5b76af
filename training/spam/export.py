"""Write the packaged model: weights of 16 bits, manifest with digests and scores, card."""

from __future__ import annotations

import argparse
import hashlib
import json
import tomllib
from pathlib import Path

import numpy as np

from onrecord.models.cards import with_tables
from onrecord.newsroom.spam_features import N_FEATURES

MADE = "2026-11-26"
HEADED = {"data", "scores"}


def plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--about", type=Path, required=True)
    parser.add_argument(
        "--runs", type=Path, nargs="*", default=[], help="what bench.run --keep wrote"
    )
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    weights = np.fromfile(args.weights, dtype="<f4")
    assert weights.shape == (N_FEATURES,), weights.shape
    (args.out / "weights.f16").write_bytes(weights.astype("<f2").tobytes())
    about = tomllib.loads(args.about.read_text(encoding="utf-8"))
    scores = []
    for path in args.runs:
        run = json.loads(path.read_text(encoding="utf-8"))
        name = run["data"].removesuffix(".jsonl.gz")
        for score, (value, low, high) in run["scores"].items():
            if "per_second" in score:
                continue
            scores.append({
                "data": name, "name": score, "value": value, "low": low, "high": high,
                "command": f"python -m bench.run {run['task']} --data {run['data']}"
                    + (" --split all" if run["task"] == "spam" else ""),
            })  # fmt: skip
    digest = hashlib.sha256((args.out / "weights.f16").read_bytes()).hexdigest()
    lines = ['name = "spam"', 'precision = "float16"', f'made = "{MADE}"']
    lines += [f"{key} = {plain(value)}" for key, value in about.items() if key not in HEADED]
    for head, rows in (("data", about["data"]), ("scores", scores)):
        for row in rows:
            lines += ["", f"[[{head}]]", *(f"{key} = {plain(value)}" for key, value in row.items())]
    lines += ["", "[files]", f'"weights.f16" = "{digest}"']
    text = "\n".join(lines) + "\n"
    (args.out / "manifest.toml").write_text(text, encoding="utf-8")
    card = args.out / "card.md"
    if card.is_file():
        card.write_text(
            with_tables(card.read_text(encoding="utf-8"), tomllib.loads(text)), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
