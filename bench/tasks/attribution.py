"""Attributions of whole articles against hand-made ones.

Only letters and digits are compared; predicted and gold attributions are matched one to one so
that as many as possible meet the condition: contents equal, contents overlapping (intersection
over union at least .5), or that with sources that share a letter (or are missing on both sides).
Rows: `{text, attributions: [{source, cue, content: lists of [start, end], type}], publisher?}`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.damage import without_marks
from bench.rows import rows
from bench.scores import Measured, Score, f1, interval, ratio, single
from onrecord.read import read
from onrecord.read.sentences import sentences
from onrecord.record import Attribution, Capture, Page
from onrecord.settings import Settings
from onrecord.span import Span, merged
from onrecord.stages import ATTRIBUTION_READERS, attribution_reader

TYPES = ("direct", "mixed", "indirect")
NAMES = (
    "content_exact_f1",
    "content_overlap_f1",
    "content_source_f1",
    "content_overlap_precision",
    "content_overlap_recall",
    "recall_direct",
    "recall_mixed",
    "recall_indirect",
    "content_overlap_f1_damaged",
    "documents_per_second",
)
OVERLAP = 0.5


@dataclass(frozen=True)
class Compared:
    """Source and content of one attribution, as stretches of the text's letters and digits."""

    source: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: str


def letters_before(text: str) -> list[int]:
    """For each offset from 0 to the text's length, how many letters and digits stand before it."""
    counts = [0]
    for character in text:
        counts.append(counts[-1] + character.isalnum())
    return counts


def in_letters(spans: Iterable[Sequence[int]], before: list[int]) -> tuple[Span, ...]:
    """The spans counted in letters and digits, merged; empty ones fall away."""
    return merged(Span(before[s], before[e]) for s, e in spans)


def shared(a: tuple[Span, ...], b: tuple[Span, ...]) -> int:
    """How many letters two sets of stretches share."""
    return sum(x.intersection(y) for x in a for y in b)


def overlap(a: tuple[Span, ...], b: tuple[Span, ...]) -> float:
    """Intersection over union in letters, 0 to 1."""
    both = shared(a, b)
    union = sum(x.n_chars for x in a) + sum(x.n_chars for x in b) - both
    return both / union if union else 0.0


def matched(
    gold: Sequence[Compared],
    predicted: Sequence[Compared],
    meets: Callable[[Compared, Compared], bool],
) -> dict[int, int]:
    """A largest one-to-one matching, gold index to predicted index (augmenting paths)."""
    edges = [[j for j, p in enumerate(predicted) if meets(g, p)] for g in gold]
    holder: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j in edges[i]:
            if j not in seen:
                seen.add(j)
                if j not in holder or place(holder[j], seen):
                    holder[j] = i
                    return True
        return False

    for i in range(len(gold)):
        place(i, set())
    return {i: j for j, i in holder.items()}


def same_content(a: Compared, b: Compared) -> bool:
    return a.content == b.content


def like_content(a: Compared, b: Compared) -> bool:
    return overlap(a.content, b.content) >= OVERLAP


def like_both(a: Compared, b: Compared) -> bool:
    if not like_content(a, b):
        return False
    return shared(a.source, b.source) > 0 if a.source and b.source else not (a.source or b.source)


def gold_of(row: dict[str, Any]) -> list[Compared]:
    before = letters_before(row["text"])
    out = []
    for a in row["attributions"]:
        content = in_letters(a.get("content") or [], before)
        if content:
            source = in_letters(a.get("source") or [], before)
            out.append(Compared(source, content, a.get("type", "")))
    return out


def predicted_of(text: str, found: Iterable[Attribution]) -> list[Compared]:
    before = letters_before(text)
    out = []
    for a in found:
        content = in_letters(a.content, before)
        if content:
            source = in_letters([a.source] if a.source else [], before)
            out.append(Compared(source, content, str(a.kind)))
    return out


def counts_of(gold: Sequence[Compared], predicted: Sequence[Compared]) -> list[float]:
    """gold, predicted, exact, overlap, with source, then found and all of each type."""
    like = matched(gold, predicted, like_content)
    row: list[float] = [
        len(gold),
        len(predicted),
        len(matched(gold, predicted, same_content)),
        len(like),
        len(matched(gold, predicted, like_both)),
    ]
    for kind in TYPES:
        of_kind = [i for i, g in enumerate(gold) if g.kind == kind]
        row += [sum(i in like for i in of_kind), len(of_kind)]
    return row


def page_of(text: str) -> Page:
    return read(Capture(None, None, "text/plain; charset=utf-8", text.encode()))


def scores_of(table: np.ndarray) -> dict[str, Score]:
    out = {
        "content_exact_f1": interval(table, lambda c: f1(c[2], c[0], c[1])),
        "content_overlap_f1": interval(table, lambda c: f1(c[3], c[0], c[1])),
        "content_source_f1": interval(table, lambda c: f1(c[4], c[0], c[1])),
        "content_overlap_precision": interval(table, lambda c: ratio(c[3], c[1])),
        "content_overlap_recall": interval(table, lambda c: ratio(c[3], c[0])),
    }
    for k, kind in enumerate(TYPES):
        at = 5 + 2 * k
        out[f"recall_{kind}"] = interval(table, lambda c, at=at: ratio(c[at], c[at + 1]))  # type: ignore[misc]
    return out


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    documents = list(rows(data, needs=("text", "attributions"), split=split))
    default = dict(Settings().stages)["attribute"]
    stages = [stage] if stage else sorted(ATTRIBUTION_READERS, key=lambda name: name != default)
    scores: dict[str, Score] = {}
    gold = [gold_of(row) for row in documents]
    for name in stages:
        prefix = "" if name == default else f"{name}."
        attributions = attribution_reader(name)
        attributions(page_of("Warm-up.\n\nOne says it is."), ())
        table, damaged, seconds = [], [], 0.0
        for row, truth in zip(documents, gold, strict=True):
            began = time.process_time()  # a busy machine says nothing about the reader
            page = page_of(row["text"])
            found = attributions(page, sentences(page))
            seconds += time.process_time() - began
            table.append(counts_of(truth, predicted_of(page.text, found)))
            page = page_of(without_marks(row["text"]))
            found = attributions(page, sentences(page))
            damaged.append(counts_of(truth, predicted_of(page.text, found)))
        counts = np.array(table)
        for key, score in scores_of(counts).items():
            scores[prefix + key] = score
        scores[prefix + "content_overlap_f1_damaged"] = interval(
            np.array(damaged), lambda c: f1(c[3], c[0], c[1])
        )
        publishers = sorted({row.get("publisher", "") for row in documents} - {""})
        for publisher in publishers if len(publishers) > 1 else ():
            chosen = [r.get("publisher") == publisher for r in documents]
            key = f"{prefix}content_overlap_f1/{publisher}"
            scores[key] = interval(counts[chosen], lambda c: f1(c[3], c[0], c[1]))
        scores[prefix + "documents_per_second"] = single(len(documents) / seconds)
    return Measured(len(documents), scores)
