"""Fit the weights of the rule twin's signs on the debate sentences.

``python signs.py --data DIR`` prints the table, bias and threshold for ``onrecord/claims/rank.py``,
fitted on the training part, and the scores of the development part without its copies of training
rows. Logistic regression with a penalty of one half of the squared weights, by Newton's method.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np

from onrecord.claims.score import cleaned
from onrecord.claims.signs import SIGN_NAMES, signs


def fitted(x: np.ndarray, y: np.ndarray, *, steps: int = 30) -> np.ndarray:
    """Return weights (signs + 1,), the bias last and without penalty."""
    x = np.hstack([x, np.ones((len(x), 1))])
    penalty = np.ones(x.shape[1])
    penalty[-1] = 0
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + penalty * weights
        curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty + 1e-9)
        weights -= np.linalg.solve(curvature, gradient)
    return weights


def f1(gold: np.ndarray, taken: np.ndarray) -> float:
    return float(2 * (gold & taken).sum() / max(1, gold.sum() + taken.sum()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    with gzip.open(args.data / "checkworthiness" / "debates.jsonl.gz", "rt") as lines:
        found = [json.loads(line) for line in lines]
    for row in found:
        row["text"] = cleaned(row["text"])
    train = [r for r in found if r["split"] == "train"]
    known = {r["text"].lower() for r in train}
    dev = [r for r in found if r["split"] == "dev" and r["text"].lower() not in known]
    x, y, x_dev, y_dev = (
        np.array([make(r) for r in part], float)
        for part in (train, dev)
        for make in (lambda r: signs(r["text"]).counts, lambda r: r["label"])
    )
    weights = fitted(x, y)
    p, p_dev = (1 / (1 + np.exp(-(v @ weights[:-1] + weights[-1]))) for v in (x, x_dev))
    threshold = max(np.arange(0.1, 0.9, 0.01), key=lambda t: f1(y > 0, p >= t))
    for name, weight in zip(SIGN_NAMES, weights, strict=False):
        print(f'        "{name}": {weight:.2f},')
    print(f"_SIGN_BIAS = {weights[-1]:.2f}\nSIGN_THRESHOLD = {threshold:.2f}")
    print(f"F1 {f1(y > 0, p >= threshold):.3f} on the training part it was fitted on")
    print(f"F1 {f1(y_dev > 0, p_dev >= threshold):.3f} on {len(dev)} development sentences")


if __name__ == "__main__":
    main()
