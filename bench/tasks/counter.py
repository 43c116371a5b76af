"""Counter-voices against pairs given by hand, on attributions given by hand.

Rows as for `speakers`; the pairs stand in `bench/data/counter_polnear_dev.json` (offsets only).
A pair is found when the content that denies and the content that it answers both overlap those
given. Pairs that answer a sentence of the publisher are counted as predicted.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bench.rows import DataError, rows
from bench.scores import Measured, interval, ratio
from bench.tasks.attribution import page_of
from bench.tasks.speakers import attributions_of
from onrecord.attribution.counter import counter_voices
from onrecord.attribution.speakers import speakers
from onrecord.read.sentences import sentences
from onrecord.span import Span

NAMES = ("precision", "recall")
ANNOTATIONS = Path(__file__).parent.parent / "data" / "counter_polnear_dev.json"


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    """Measures the counter-voices of `data`; `stage` is not used, there is one."""
    del stage
    annotations = {
        article["id"]: article["pairs"]
        for article in json.loads(ANNOTATIONS.read_text(encoding="utf-8"))["articles"]
    }
    table = []
    for row in rows(data, needs=("id", "text", "attributions"), split=split):
        if row["id"] not in annotations:
            continue
        page, made = page_of(row["text"]), attributions_of(row)
        extents = {
            attribution.id: Span(attribution.content[0].start, attribution.content[-1].end)
            for attribution in made
        }
        found = counter_voices(
            page, sentences(page), attributions=made, speakers=speakers(page, made)
        )
        pairs = [
            (extents[pair.by], extents[pair.answered] if pair.answered else pair.sentence)
            for pair in found
        ]
        gold = [(Span(*pair["by"]), Span(*pair["answered"])) for pair in annotations[row["id"]]]
        hits = [
            any(by.overlaps(b) and answered is not None and answered.overlaps(a) for b, a in gold)
            for by, answered in pairs
        ]
        met = [
            any(
                by.overlaps(b) and answered is not None and answered.overlaps(a)
                for b, a in pairs
                if a
            )
            for by, answered in gold
        ]
        table.append([sum(hits), len(hits), sum(met), len(met)])
    if not table:
        raise DataError(f"no row of {str(data)!r} has an entry in {ANNOTATIONS.name}")
    counted = np.array(table, dtype=float)
    return Measured(
        len(table),
        {
            "precision": interval(counted, lambda c: ratio(c[0], c[1])),
            "recall": interval(counted, lambda c: ratio(c[2], c[3])),
        },
    )
