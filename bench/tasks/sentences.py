"""Sentence borders of short texts against hand-made ones.

Rows: `{text, sentences: [[start, end], ...]}`, half-open offsets in code points. A border is the
end of a sentence that is not the last of its text; a sentence counts when both its ends agree,
white space aside.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from bench.rows import rows
from bench.scores import Measured, f1, interval, ratio, single
from onrecord.read.sentences import split
from onrecord.span import Span, shrunk

NAMES = (
    "sentence_f1",
    "border_f1",
    "border_precision",
    "border_recall",
    "texts_exact",
    "words_per_second",
)


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    del stage  # one splitter
    table = []
    n_words, seconds = 0, 0.0
    for row in rows(data, needs=("text", "sentences"), split=split):
        text = row["text"]
        began = time.perf_counter()
        found = [tuple(span) for span in _split(text)]
        seconds += time.perf_counter() - began
        n_words += len(text.split())
        gold = [tuple(shrunk(text, Span(*span))) for span in row["sentences"]]
        gold_ends = {end for _, end in gold[:-1]}
        found_ends = {end for _, end in found[:-1]}
        table.append(
            [
                len(gold),
                len(found),
                len(set(gold) & set(found)),
                len(gold_ends),
                len(found_ends),
                len(gold_ends & found_ends),
                gold == found,
                1,
            ]
        )
    counts = np.array(table, dtype=float)
    return Measured(
        len(table),
        {
            "sentence_f1": interval(counts, lambda c: f1(c[2], c[0], c[1])),
            "border_f1": interval(counts, lambda c: f1(c[5], c[3], c[4])),
            "border_precision": interval(counts, lambda c: ratio(c[5], c[4])),
            "border_recall": interval(counts, lambda c: ratio(c[5], c[3])),
            "texts_exact": interval(counts, lambda c: ratio(c[6], c[7])),
            "words_per_second": single(n_words / seconds if seconds else 0.0),
        },
    )


def _split(text: str) -> tuple[Span, ...]:
    return split(text, Span(0, len(text)))
