"""Exact aligned spans of two texts: which words of one stand in the other, and where.

Runs of at least `SHINGLE` equal words are found by their hashes and made as long as they go; the
longest win. Nothing here is likely or similar: every run that is given is equal word for word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.fingerprint import SHINGLE, Words, shingles

__all__ = ["MAX_GAP", "Numbered", "Run", "Stretch", "aligned", "stretches"]

# Places of one shingle in one text that are looked at: a text of one word repeated has as many as
# words, and a refrain that stands more often than this says nothing of where it was copied from.
MAX_PLACES = 8
# Words between two runs of one stretch, in either text; not tuned. With one word of five replaced a
# run of five is whole one time in three, so that most gaps are shorter than 20.
MAX_GAP = 20
# How far the same gap may differ in the two texts: a few words put in or left out.
MAX_SHIFT = 12


@dataclass(frozen=True, slots=True)
class Run:
    """Equal words: `n` of them, from word `first` of one text and word `second` of the other."""

    first: int
    second: int
    n: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs that follow each other in both texts with small gaps."""

    runs: tuple[Run, ...]

    @property
    def n_equal(self) -> int:
        """Words that are equal, gaps not counted."""
        return sum(run.n for run in self.runs)

    @property
    def n_spanned(self) -> int:
        """Words from the first to the last, gaps included, in the text where they are more."""
        return max(self.first[1] - self.first[0], self.second[1] - self.second[0])

    @property
    def first(self) -> tuple[int, int]:
        """Words of the first text that the stretch spans, gaps included, half-open."""
        return self.runs[0].first, self.runs[-1].first + self.runs[-1].n

    @property
    def second(self) -> tuple[int, int]:
        """The same in the second text."""
        return self.runs[0].second, self.runs[-1].second + self.runs[-1].n


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text's words as numbers `(n,)` from 1, equal for equal words, and the number of each."""

    words: NDArray[np.uint64]
    number_of: Mapping[str, int]

    @classmethod
    def of(cls, text: Words) -> Numbered:
        """The numbers of a text that is compared with many: cheaper than hashes of words."""
        numbers: dict[str, int] = {}
        given = (numbers.setdefault(form, len(numbers) + 1) for form in text.forms)
        return cls(np.fromiter(given, np.uint64, len(text)), numbers)

    def others(self, text: Words) -> NDArray[np.uint64]:
        """The words of another text; 0 for one that does not stand in this text."""
        number_of = self.number_of
        given = [number_of.get(form, 0) for form in text.forms]
        return np.array(given, np.uint64)


def aligned(first: Words | Numbered, second: Words) -> tuple[Run, ...]:
    """The runs that two texts share, in the order of the first; no word of either is in two.

    The cost is linear in the words, times the places of a repeated shingle, at most 8.

    >>> from onrecord.fingerprint import words
    >>> aligned(words("so a b c d e f"), words("x A, b c. D e F y"))
    (Run(first=1, second=1, n=6),)
    """
    ours = Numbered.of(first) if isinstance(first, Words) else first
    theirs = ours.others(second)
    if np.count_nonzero(theirs) < SHINGLE:
        return ()
    return _without_overlap(_maximal(ours.words, theirs))


def stretches(runs: Sequence[Run]) -> tuple[Stretch, ...]:
    """The runs put together where they follow each other in both texts, longest first."""
    out: list[list[Run]] = []
    for run in runs:
        before = out[-1][-1] if out else None
        if before is not None and _follows(before, run):
            out[-1].append(run)
        else:
            out.append([run])
    made = [Stretch(tuple(one)) for one in out]
    return tuple(sorted(made, key=lambda one: (-one.n_equal, one.first)))


def _follows(before: Run, run: Run) -> bool:
    gap = run.first - before.first - before.n
    other = run.second - before.second - before.n
    return gap <= MAX_GAP and 0 <= other <= MAX_GAP and abs(gap - other) <= MAX_SHIFT


def _maximal(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> list[Run]:
    """Every run of equal words that cannot be made longer."""
    ours, theirs = _pairs(shingles(first), shingles(second))
    if not len(ours):
        return []
    order = np.lexsort((ours, theirs - ours))
    ours, theirs = ours[order], theirs[order]
    steps = (np.diff(ours) != 1) | (np.diff(theirs) != 1)
    starts = np.concatenate(([0], np.flatnonzero(steps) + 1))
    lengths = np.diff(np.concatenate((starts, [len(ours)])))
    return [
        Run(int(ours[at]), int(theirs[at]), int(n) + SHINGLE - 1)
        for at, n in zip(starts, lengths, strict=True)
    ]


def _pairs(
    first: NDArray[np.uint64], second: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of equal shingles, as two arrays `(pairs,)`."""
    order = np.argsort(second, kind="stable")
    sorted_ = second[order]
    low = np.searchsorted(sorted_, first, "left")
    n = np.searchsorted(sorted_, first, "right") - low
    # Of a shingle with too many places in either text the first ones are looked at.
    n = np.where(_nth(first) < MAX_PLACES, np.minimum(n, MAX_PLACES), 0)
    ours = np.repeat(np.arange(len(first)), n)
    within = np.arange(len(ours)) - np.repeat(np.cumsum(n) - n, n)
    return ours, order[np.repeat(low, n) + within]


def _nth(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many equal values stand before each `(n,)`."""
    order = np.argsort(values, kind="stable")
    sorted_ = values[order]
    starts = np.searchsorted(sorted_, sorted_, "left")
    out = np.empty(len(values), np.int64)
    out[order] = np.arange(len(values)) - starts
    return out


def _without_overlap(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The longest runs, cut where a longer one has the words already."""
    n_first = max((run.first + run.n for run in runs), default=0)
    n_second = max((run.second + run.n for run in runs), default=0)
    is_free = np.ones(n_first, bool), np.ones(n_second, bool)
    kept: list[Run] = []
    for run in sorted(runs, key=lambda one: (-one.n, one.first, one.second)):
        free = (
            is_free[0][run.first : run.first + run.n] & is_free[1][run.second : run.second + run.n]
        )
        start, end = _longest(free)
        if end - start < SHINGLE:
            continue
        kept.append(Run(run.first + start, run.second + start, end - start))
        is_free[0][run.first + start : run.first + end] = False
        is_free[1][run.second + start : run.second + end] = False
    return tuple(sorted(kept, key=lambda one: one.first))


def _longest(free: NDArray[np.bool_]) -> tuple[int, int]:
    """The longest stretch of true values, half-open; the first of several."""
    if free.all():
        return 0, len(free)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], free.astype(np.int8), [0]))))
    if not len(edges):
        return 0, 0
    starts, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    return int(starts[best]), int(ends[best])
