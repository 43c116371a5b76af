"""Fit the fusion of retrieval scores on held-out training queries; measure it on development ones.

``python fuse.py --data DIR --candidates candidates.npz``. One weight per score, fitted so that the
right fact-check is the likeliest of a query's candidates (listwise softmax), with a small ridge.
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

HELD_OUT = 197


def features(found: dict[str, np.ndarray], *, rerank: bool) -> tuple[np.ndarray, list[str]]:
    """Return scores (queries, candidates, features), each brought to about zero to one."""
    dense = np.maximum(found["title_claim"], found["claim"]).astype(np.float32)
    columns = {"dense": dense, "gap": dense - dense.max(1, keepdims=True)}
    for name in ("title", "subtitle"):
        columns[name] = found[name].astype(np.float32)
    for name in ("bm25_short", "bm25_full"):
        score = found[name].astype(np.float32) if name in found else np.zeros_like(dense)
        columns[name] = score / np.maximum(score.max(1, keepdims=True), 1e-6)
    if "bm25_full" not in found:
        columns["bm25_full"] = columns["bm25_short"]
    if rerank:
        columns["rerank"] = np.clip(found["rerank"].astype(np.float32), -12, 12) / 10
    return np.stack(list(columns.values()), -1), list(columns)


def fitted(x: np.ndarray, right: np.ndarray, good: np.ndarray) -> np.ndarray:
    """Return weights that make the right candidates likely."""

    def cost(w: np.ndarray) -> float:
        z = np.where(good, x @ w, -1e9)
        top = z.max(1, keepdims=True)
        every = top[:, 0] + np.log(np.exp(z - top).sum(1))
        hit = top[:, 0] + np.log((np.exp(z - top) * right).sum(1) + 1e-30)
        return float((every - hit).mean() + 0.002 * (w**2).sum())

    keep = (right & good).any(1)
    x, right, good = x[keep], right[keep], good[keep]
    return minimize(cost, np.full(x.shape[-1], 2.0), method="L-BFGS-B").x


def mean_average_precision(z: np.ndarray, right: np.ndarray, n_gold: np.ndarray, k: int) -> float:
    order = np.argsort(-z, axis=1, kind="stable")[:, :k]
    hit = np.take_along_axis(right, order, 1)
    value = (hit * hit.cumsum(1) / np.arange(1, k + 1)).sum(1) / np.minimum(k, n_gold)
    return float(value.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--candidates", type=Path, required=True)
    args = parser.parse_args()
    stored = np.load(args.candidates)
    sets: dict[str, dict] = {}
    for name in ("tweets_snopes", "debates_politifact"):
        raw = lzma.decompress((args.data / f"{name}.npz.xz").read_bytes())
        with np.load(io.BytesIO(raw)) as arrays:
            gold: list[set[int]] = [set() for _ in arrays["query"]]
            for q, d in arrays["gold"]:
                gold[q].add(int(d))
            sets[name] = {"gold": gold, "train": arrays["train"]}
    shares = sorted({k.split("/")[1] for k in stored.files})
    for share in shares:
        found = {}
        for name, facts in sets.items():
            mine = {
                k.split("/")[2]: stored[k] for k in stored.files if k.startswith(f"{name}/{share}/")
            }
            if mine:
                mine["right"] = np.array(
                    [
                        [int(d) in facts["gold"][q] for d in row]
                        for q, row in zip(mine["asked"], mine["index"], strict=True)
                    ]
                )
                mine["n_gold"] = np.array([len(facts["gold"][q]) for q in mine["asked"]])
                mine["dev"] = ~facts["train"][mine["asked"]]
                found[name] = mine
        tweets = found["tweets_snopes"]
        train = np.array([int(q) for q in tweets["asked"] if sets["tweets_snopes"]["train"][q]])
        held = np.isin(tweets["asked"], np.random.default_rng(7).permutation(train)[:HELD_OUT])
        for rerank in (False, True):
            x, names = features(tweets, rerank=rerank)
            good = tweets["index"] >= 0
            w = fitted(x[held], tweets["right"][held], good[held])
            out: dict[str, object] = {"share": share, "rerank": rerank}
            for name, mine in found.items():
                x, _ = features(mine, rerank=rerank)
                z = np.where(mine["index"] >= 0, x @ w, -1e9)
                for k in (1, 5):
                    keep = mine["dev"]
                    out[f"{name}_map_at_{k}"] = round(
                        mean_average_precision(
                            z[keep], mine["right"][keep], mine["n_gold"][keep], k
                        ),
                        4,
                    )
            out["weights"] = {n: round(float(v), 2) for n, v in zip(names, w, strict=True)}
            print(json.dumps(out), flush=True)


if __name__ == "__main__":
    main()
