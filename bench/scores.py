"""Scores with bootstrap intervals over documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Score = tuple[float, float, float]

N_SAMPLES = 1000
SEED = 20261126


@dataclass(frozen=True)
class Measured:
    """What a task measured: `n` documents, and each score as (value, low, high) or a bare value."""

    n: int
    scores: dict[str, Score]


def f1(matched: float, gold: float, predicted: float) -> float:
    """F1 from counts, 0.0 where nothing is there on both sides."""
    total = gold + predicted
    return 2 * matched / total if total else 0.0


def ratio(part: float, whole: float) -> float:
    """`part / whole`, 0.0 for an empty whole."""
    return part / whole if whole else 0.0


def interval(
    counts: Sequence[Sequence[float]] | np.ndarray, score: Callable[[np.ndarray], float]
) -> Score:
    """The score of the summed counts, with the 95% percentile interval over documents.

    `counts` has shape `(documents, counts)`; `score` takes the sums, shape `(counts,)`.
    """
    table = np.asarray(counts, dtype=float)
    value = float(score(table.sum(axis=0)))
    n = len(table)
    if n < 2:
        return (round(value, 4), round(value, 4), round(value, 4))
    random = np.random.default_rng(SEED)
    weights = random.multinomial(n, np.full(n, 1 / n), size=N_SAMPLES)
    sums = weights @ table
    samples = np.array([score(row) for row in sums])
    low, high = np.percentile(samples, [2.5, 97.5])
    return (round(value, 4), round(float(low), 4), round(float(high), 4))


def single(value: float) -> Score:
    """A value that has no interval, such as a speed."""
    return (round(value, 4), round(value, 4), round(value, 4))
