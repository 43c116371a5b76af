"""Several rankings as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["reciprocal_ranks", "scaled"]

# Cormack, Clarke and Buettcher 2009 (SIGIR) give 60 and find the value to matter little.
RANK_OFFSET = 60


def reciprocal_ranks(
    rankings: Sequence[Sequence[str]], *, weights: Sequence[float] | None = None
) -> list[tuple[str, float]]:
    """Reciprocal rank fusion: ids with their fused score, best first, ties by id.

    Cormack, Clarke and Buettcher 2009, section 2; we add weights by ranking.

    >>> [row[0] for row in reciprocal_ranks([["a", "b"], ["b", "c"]])]
    ['b', 'a', 'c']
    """
    totals: dict[str, float] = {}
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, row_id in enumerate(ranking, 1):
            totals[row_id] = totals.get(row_id, 0.0) + weight / (RANK_OFFSET + rank)
    return sorted(totals.items(), key=lambda row: (-row[1], row[0]))


def scaled(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores moved to 0 to 1 by their least and greatest; all 1.0 where they are equal.

    >>> scaled({"a": 2.0, "b": 4.0, "c": 3.0})
    {'a': 0.0, 'b': 1.0, 'c': 0.5}
    """
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {row_id: (score - low) / (high - low) for row_id, score in scores.items()}
