"""Subjective and objective news sentences by the rule that calls a claim an opinion.

Rows: `{text, label: SUBJ or OBJ, split}`. The check of claims was not made for this task; the
figure shows how much of what people call subjective it keeps from being called checkable.
"""

from __future__ import annotations

from pathlib import Path

from bench.rows import DataError, rows
from bench.scores import Measured, f1, interval
from onrecord.claims.checkable import why_not_checkable
from onrecord.claims.signs import signs

NAMES = ("macro_f1", "f1_subjective", "f1_objective")


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    if stage not in {None, "signs"}:
        raise DataError(f"no stage {stage!r} to measure here; the rule is 'signs'")
    kept = list(rows(data, needs=("text", "label"), split=split))
    table = []
    for row in kept:
        gold = row["label"] == "SUBJ"
        found = why_not_checkable(signs(row["text"])) is not None
        table.append((gold and found, gold, found, not gold and not found, not gold, not found))

    def subjective(c):  # noqa: ANN001, ANN202
        return f1(c[0], c[1], c[2])

    def objective(c):  # noqa: ANN001, ANN202
        return f1(c[3], c[4], c[5])

    scores = {
        "macro_f1": interval(table, lambda c: (subjective(c) + objective(c)) / 2),
        "f1_subjective": interval(table, subjective),
        "f1_objective": interval(table, objective),
    }
    return Measured(len(kept), scores)
