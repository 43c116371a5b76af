"""The text layer alone: how much spam it finds at a stated share of good texts lost.

`--data` is a file of rows `{text, label: spam or ham, split?}`, or a folder of such files. The
seed is scored on every row that is not `train`, all rows where the split is `all`. A folder gives
each set's scores under its name, against its own good texts and against the good comments of
`news_comments_ham`. `recall_after_200` learns 200 rows one by one, the training half's where there
is one, and scores the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.rows import DataError, all_rows, files
from bench.scores import N_SAMPLES, SEED, Measured, Score, single
from onrecord.newsroom import spam

NAMES = ("recall_at_1", "recall_at_01", "recall_after_200", "auc", "texts_per_second")
N_DECISIONS = 200
N_ORDERS = 3
# Below this many good texts a tenth of a percent is less than three of them.
MIN_GOOD_FOR_01 = 3_000
NEWS = "news_comments_ham"
NEVER_SCORED = ("tg_spam", "spamassassin")  # the seed was trained on them


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    seed = spam.rule_weights() if stage == "rules" else spam.seed()
    if not data.exists():
        raise DataError(f"no file or folder {str(data)!r}")
    sets = {path.name.split(".")[0]: rows_of(path) for path in files(data)}
    sets = {name: rows for name, rows in sets.items() if name not in NEVER_SCORED or data.is_file()}
    if not any(label for rows in sets.values() for _, label, _ in rows):
        raise DataError(f"no row with a text and the label 'spam' in {str(data)!r}")
    began = time.process_time()
    n = 0
    scored: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, rows in sets.items():
        chosen = [row for row in rows if is_scored(row[2], split)]
        values = np.array([spam.logit(seed, text) for text, _, _ in chosen])
        scored[name] = (values, np.array([label for _, label, _ in chosen], dtype=bool))
        n += len(chosen)
    seconds = time.process_time() - began
    scores: dict[str, Score] = {}
    for name, (values, labels) in scored.items():
        if not labels.any():
            continue
        end = "" if data.is_file() else f"/{name}"
        if not labels.all():
            scores |= curve(values[labels], values[~labels], end=end)
            scores["recall_after_200" + end] = after_decisions(sets[name], seed)
        if NEWS in scored and name != NEWS:
            scores |= curve(values[labels], scored[NEWS][0], end=f"_news{end}")
    mark = "rules." if stage == "rules" else ""
    scores = {mark + name: score for name, score in scores.items()}
    scores[mark + "texts_per_second"] = single(n / max(seconds, 1e-9))
    return Measured(n, scores)


def rows_of(path: Path) -> list[tuple[str, bool, str]]:
    """Text, whether it is spam, and split of each row."""
    return [
        (row["text"], row["label"] == "spam", row.get("split", ""))
        for row in all_rows(path, needs=("text", "label"))
    ]


def is_scored(of_row: str, wanted: str | None) -> bool:
    if wanted == "all" or not of_row:
        return True
    return of_row == wanted if wanted else of_row != "train"


def recall(bad: np.ndarray, good: np.ndarray, *, lost: float) -> float:
    """The share of `bad` above the score that loses at most the share `lost` of `good`."""
    threshold = np.sort(good)[::-1][int(lost * len(good))]
    return float((bad > threshold).mean())


def area(bad: np.ndarray, good: np.ndarray) -> float:
    """The chance that a bad text scores above a good one, ties counted half."""
    ordered = np.sort(good)
    below = np.searchsorted(ordered, bad, side="left")
    up_to = np.searchsorted(ordered, bad, side="right")
    return float((below + up_to).sum() / 2 / (len(bad) * len(good)))


def curve(bad: np.ndarray, good: np.ndarray, *, end: str) -> dict[str, Score]:
    out = {
        f"recall_at_1{end}": spread(bad, good, lambda b, g: recall(b, g, lost=0.01)),
        f"auc{end}": spread(bad, good, area),
    }
    if len(good) >= MIN_GOOD_FOR_01:
        out[f"recall_at_01{end}"] = spread(bad, good, lambda b, g: recall(b, g, lost=0.001))
    return out


def spread(
    bad: np.ndarray, good: np.ndarray, score: Callable[[np.ndarray, np.ndarray], float]
) -> Score:
    """The score with the 95% interval over texts, good and bad drawn apart."""
    random = np.random.default_rng(SEED)
    samples = [
        score(random.choice(bad, len(bad)), random.choice(good, len(good)))
        for _ in range(N_SAMPLES // 5)
    ]
    low, high = np.percentile(samples, [2.5, 97.5])
    return (round(score(bad, good), 4), round(float(low), 4), round(float(high), 4))


def after_decisions(rows: Sequence[tuple[str, bool, str]], seed: spam.Weights) -> Score:
    """Recall at 1% after 200 decisions: the mean, lowest and highest of three orders."""
    found = []
    for order in range(N_ORDERS):
        random = np.random.default_rng(SEED + order)
        has_train = any(split == "train" for *_, split in rows)
        stream = [i for i, row in enumerate(rows) if row[2] == "train" or not has_train]
        chosen = random.permutation(stream)[:N_DECISIONS]
        weights = seed
        for i in chosen:
            weights = spam.learned(weights, rows[i][0], rows[i][1])
        taken = set(chosen.tolist()) if not has_train else set(stream)
        rest = [row for i, row in enumerate(rows) if i not in taken]
        values = np.array([spam.logit(weights, text) for text, _, _ in rest])
        labels = np.array([label for _, label, _ in rest], dtype=bool)
        if not labels.any() or labels.all():
            return (0.0, 0.0, 0.0)
        found.append(recall(values[labels], values[~labels], lost=0.01))
    return (round(float(np.mean(found)), 4), round(min(found), 4), round(max(found), 4))
