"""Fit what a match's probability is made of, and show what each threshold gives.

``python calibrate.py --data DIR --found FOLDER --lists lists.npz.xz --scores scores.npz``: FOLDER is
that of ``candidates.py``, the lists are those of ``lists.py`` and the scores those of ``rerank.py``.
Each query is seen twice, with its right fact-checks in the library and without. Fitted on the 197
held-out queries of posts; precision (P), coverage (C) and how often something is claimed without an
answer in the library (F) are printed for all others. Then MAP@5 by candidates read and weight.
"""

from __future__ import annotations

import argparse
import io
import lzma
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from candidates import SIGNALS, rows
from scipy.optimize import minimize

from onrecord.factchecks.overlap import content_of
from onrecord.factchecks.score import LOGIT_WEIGHT, N_READ, NEARLY_SAME, WEIGHTS
from onrecord.search.text import stemmer

SETS = {"tweets_snopes": "t", "debates_politifact": "p"}
SPLITS = ("train", "held out", "dev")
FITS = {
    "BY_WORDS": ("same", "gap"),
    "BY_MEANING": ("similarity", "same", "gap"),
    "REREAD": ("similarity", "same", "gap", "logit"),
}
MAX_GAP = {"BY_WORDS": 3.0, "BY_MEANING": 3.0, "REREAD": 6.0}
THRESHOLDS = (0.97, 0.95, 0.93, 0.9, 0.85, 0.8)
RIDGE = 0.01
UNREAD = -5.0


@dataclass(frozen=True)
class Seen:
    """The best candidate of a query: its split, whether answers were taken out, its signals."""

    split: int
    without: bool
    signals: dict[str, float]
    right: bool


def seen(found: dict, contents: list[frozenset[str]], logits: list[dict], fit: str) -> list[Seen]:
    """Return the best candidate of every query, with its answers in the library and without."""
    out = []
    weights = np.array(WEIGHTS) * ([1, 0, 1, 1, 1] if fit == "BY_WORDS" else 1)
    for r, split in enumerate(found["split"]):
        mine = slice(found["starts"][r], found["starts"][r + 1])
        x = np.stack([found[k][mine] for k in SIGNALS], 1).astype(float)
        x[:, 0] /= x[:, 0].max() or 1
        doc, right = found["doc"][mine], found["right"][mine]
        for without in (False, True):
            keep = np.flatnonzero(~right) if without else np.arange(len(doc))
            total = x[keep] @ weights
            order = np.argsort(-total, kind="stable")[:40]
            keep, total = keep[order], total[order]
            logit = np.array([logits[r].get(int(doc[k]), UNREAD) for k in keep])
            if fit == "REREAD":
                total = total[:N_READ] + LOGIT_WEIGHT * logit[:N_READ]
                order = np.argsort(-total, kind="stable")
                keep, total, logit = keep[order], total[order], logit[order]
            words, gap = contents[doc[keep[0]]], MAX_GAP[fit]
            for k, other in zip(keep[1:], total[1:], strict=True):
                theirs = contents[doc[k]]
                if 2 * len(words & theirs) < NEARLY_SAME * (len(words) + len(theirs)):
                    gap = min(MAX_GAP[fit], total[0] - other)
                    break
            signals = dict(zip(SIGNALS, x[keep[0]], strict=True))
            signals |= {"gap": gap, "logit": logit[0]}
            out.append(Seen(int(split), without, signals, bool(right[keep[0]])))
    return out


def fitted(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return bias and weights of a logistic regression with a small ridge on scaled signals."""
    mean, scale = x.mean(0), x.std(0) + 1e-9
    z = np.c_[np.ones(len(x)), (x - mean) / scale]

    def cost(w: np.ndarray) -> float:
        return np.logaddexp(0, -(2 * y - 1) * (z @ w)).mean() + RIDGE * (w[1:] @ w[1:])

    w = minimize(cost, np.zeros(z.shape[1]), method="BFGS").x
    raw = w[1:] / scale
    return np.concatenate([[w[0] - raw @ mean], raw])


def mean_average_precision(a: dict[str, np.ndarray], total: np.ndarray) -> np.ndarray:
    total = np.where(a["doc"] < 0, -1e9, total)
    order = np.argsort(-total, axis=1, kind="stable")[:, :5]
    hit = np.take_along_axis(a["right"], order, 1)
    return (hit * hit.cumsum(1) / np.arange(1, 6)).sum(1) / np.minimum(5, a["answers"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "found", "lists", "scores"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    stems = stemmer()
    with np.load(io.BytesIO(lzma.decompress(args.lists.read_bytes()))) as stored:
        lists = {key: stored[key] for key in stored.files if key[:2] in {"t_", "p_"}}
    scores = np.load(args.scores)
    sets = {}
    for name, short in SETS.items():
        with np.load(args.found / f"{name}.npz") as stored:
            found = {key: stored[key] for key in stored.files}
        corpus = rows(args.data / "matching" / name / "corpus.jsonl.gz")
        contents = [content_of(stems(row["claim"] or "")) for row in corpus]
        read = scores[f"{short}/reranker/both"].astype(float)
        logits = [
            dict(zip(d.tolist(), s.tolist(), strict=True))
            for d, s in zip(lists[f"{short}_doc"], read, strict=True)
        ]
        sets[name] = found, contents, logits
        a = {key[2:]: value for key, value in lists.items() if key.startswith(f"{short}_")}
        for n in (8, 10, 12, 15, 20, 40):
            for weight in (0.0, 0.5, 1.0, 1.5):
                first = np.arange(read.shape[1]) < n
                value = mean_average_precision(
                    a, np.where(first, a["total"] + weight * read, a["total"] - 1000)
                )
                told = [f"{s} {value[a['split'] == i].mean():.4f}" for i, s in enumerate(SPLITS)]
                print(name, f"read {n}, weight {weight:g}:", ", ".join(told))
    for fit, names in FITS.items():
        every = {name: seen(*parts, fit) for name, parts in sets.items()}
        held = [one for one in every["tweets_snopes"] if one.split == 1]
        x = np.array([[one.signals[k] for k in names] for one in held])
        w = fitted(x, np.array([one.right for one in held]))
        print(fit, "bias and", names, w.round(2))
        for name, mine in every.items():
            for number, split in enumerate(SPLITS):
                some = [one for one in mine if one.split == number]
                x = np.array([[one.signals[k] for k in names] for one in some])
                p = 1 / (1 + np.exp(-(w[0] + x @ w[1:])))
                right = np.array([one.right for one in some])
                without = np.array([one.without for one in some])
                for t in THRESHOLDS:
                    claimed = (p >= t) & ~without
                    told = right[claimed].mean() if claimed.any() else 1.0
                    print(
                        f"  {name} {split} {t}: P {told:.3f} C {claimed.sum() / (~without).sum():.3f}"
                        f" F {((p >= t) & without).sum() / without.sum():.3f}"
                    )


if __name__ == "__main__":
    main()
