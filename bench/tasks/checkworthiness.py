"""Check-worthiness of sentences: F1 of the positive class at the scorer's threshold, and MAP.

Rows: `{text, label: 0 or 1, split}`, or whole transcripts `{doc, line, text, label}`, for which the
mean over documents of average precision is the figure. Development rows that are copies of
training rows are left out and counted in the score `copies_left_out`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.rows import all_rows, rows
from bench.scores import Measured, Score, f1, interval, single
from onrecord.settings import Settings
from onrecord.stages import CLAIM_SCORERS, claim_scorer

NAMES = ("f1", "precision", "recall", "map", "copies_left_out", "sentences_per_second")


def average_precision(labels: Sequence[int], scores: Sequence[float]) -> float:
    """Average precision of one ranking, ties in the order given; 0.0 without positives."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    hits, total = 0, 0.0
    for rank, i in enumerate(order, 1):
        if labels[i]:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    import time

    everything = list(all_rows(data, needs=("text", "label")))
    transcripts = all("doc" in row and "line" in row for row in everything)
    # Whole transcripts carry the split of their first publication; none of them was trained on.
    chosen = everything if transcripts else list(rows(data, needs=("text", "label"), split=split))
    trained = {_key(r["text"]) for r in everything if r.get("split") == "train"}
    copies = 0 if transcripts else sum(_key(r["text"]) in trained for r in chosen)
    kept = chosen if transcripts else [r for r in chosen if _key(r["text"]) not in trained]
    default = dict(Settings().stages)["claims"]
    scores: dict[str, Score] = {}
    for name in [stage] if stage else sorted(CLAIM_SCORERS, key=lambda n: n != default):
        prefix = "" if name == default else f"{name}."
        scorer = claim_scorer(name)
        began = time.perf_counter()
        worth = scorer.score([row["text"] for row in kept])
        seconds = time.perf_counter() - began
        for key, score in _scores(kept, worth, scorer.threshold, transcripts=transcripts).items():
            scores[prefix + key] = score
        scores[prefix + "sentences_per_second"] = single(len(kept) / seconds)
    scores["copies_left_out"] = single(copies)
    return Measured(len(kept), scores)


def _scores(
    kept: list[dict[str, Any]], worth: Sequence[float], threshold: float, *, transcripts: bool
) -> dict[str, Score]:
    labels = [int(row["label"]) for row in kept]
    taken = [int(w >= threshold) for w in worth]
    table = [(a and b, a, b) for a, b in zip(labels, taken, strict=True)]
    out = {
        "f1": interval(table, lambda c: f1(c[0], c[1], c[2])),
        "precision": interval(table, lambda c: c[0] / c[2] if c[2] else 0.0),
        "recall": interval(table, lambda c: c[0] / c[1] if c[1] else 0.0),
    }
    documents: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(kept):
        documents[row["doc"] if transcripts else ""].append(i)
    precisions = [
        (average_precision([labels[i] for i in at], [worth[i] for i in at]), 1)
        for at in documents.values()
        if any(labels[i] for i in at)
    ]
    out["map"] = interval(precisions, lambda c: c[0] / c[1] if c[1] else 0.0)
    return out
