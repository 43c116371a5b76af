"""Stances of claim and passage against labelled pairs.

Rows: `{claim, evidence, label}` with the labels supported, refuted, nei, not_supported (refuted or
nei) and conflicting. What counts as right follows from the labels that a set has: only supported
and refuted, and the likelier of the two is said; no refuted and no nei, and it is supported or not.
A set that has conflicting is judged claim by claim, by the same decision as the task `verdict`: the
answers of `meta.qa` where a row has them, else its evidence, weighed into the four labels.
Elsewhere a pair alone is never called conflicting. `precision_of_supported`,
`precision_of_refuted` and `coverage_of_sure` are about stances at the model's threshold, a row of
not_supported counting as refuted; several sets are measured together as a folder.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from bench.rows import DataError, rows
from bench.scores import Measured, Score, f1, interval, ratio, single
from onrecord.evidence.given import weights_of_given
from onrecord.evidence.rule_stance import stances_by_rules
from onrecord.evidence.stance import StanceReader, StanceScore, stances_by_model
from onrecord.evidence.weigh import Weights
from onrecord.models import open_model
from onrecord.terms import VerdictLabel

NAMES = (
    "accuracy",
    "macro_f1",
    "balanced_accuracy",
    "precision_of_supported",
    "precision_of_refuted",
    "coverage_of_sure",
    "calibration_error",
    "neutral_without_evidence",
    "pairs_per_second",
)
READERS: Mapping[str, StanceReader] = MappingProxyType(
    {"model": stances_by_model, "rules": stances_by_rules}
)
OF_LABEL: Mapping[str, VerdictLabel] = {
    "supported": VerdictLabel.SUPPORTED,
    "refuted": VerdictLabel.REFUTED,
    "conflicting": VerdictLabel.CONFLICTING,
    "nei": VerdictLabel.NOT_ENOUGH_EVIDENCE,
}
LABELS = ("supported", "refuted", "nei", "not_supported", "conflicting")
BINS = 15


def said_of(scores: Sequence[StanceScore], labels: frozenset[str]) -> list[str]:
    """The label that is said of each pair, among those that the set knows."""
    if labels <= {"supported", "refuted"}:
        return ["supported" if s.supports >= s.refutes else "refuted" for s in scores]
    names = {"supports": "supported", "refutes": "refuted", "neutral": "nei"}
    said = [names[s.stance.value] for s in scores]
    if not labels & {"refuted", "nei"}:
        return ["supported" if label == "supported" else "not_supported" for label in said]
    return said


def texts_of(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The texts of a row with what tells their sources apart: questions with answers, or one."""
    asked = (row.get("meta") or {}).get("qa") or []
    out = []
    for number, each in enumerate(asked):
        question, answer = str(each.get("q") or "").strip(), str(each.get("a") or "").strip()
        if question:
            mark = "" if question.endswith("?") else "?"
            out.append((f"{question}{mark} {answer}", str(each.get("url") or number)))
    return out or [(str(row["evidence"]), "0")]


def weights_of(kept: Sequence[Mapping[str, Any]], *, reader: StanceReader) -> tuple[Weights, ...]:
    """The weights of the four labels for each row."""
    cases = [(str(row["claim"]), [text for text, _ in texts_of(row)]) for row in kept]
    return weights_of_given(cases, reader=reader)


def likeliest_of(
    kept: Sequence[Mapping[str, Any]], labels: frozenset[str], *, reader: StanceReader
) -> list[str]:
    """The likeliest of the labels that the set has, for each row, as the task `verdict` says it."""
    known = {name: label for name, label in OF_LABEL.items() if name in labels}
    return [
        max(known, key=lambda name, weights=weights: weights.of(known[name]))  # type: ignore[misc]
        for weights in weights_of(kept, reader=reader)
    ]


def counted(gold: Sequence[str], said: Sequence[str], labels: Sequence[str]) -> np.ndarray:
    """For each row and label: right, gold, said; shape `(rows, labels * 3)`."""
    table = np.zeros((len(gold), len(labels), 3))
    for k, label in enumerate(labels):
        is_gold = np.array([g == label for g in gold])
        is_said = np.array([s == label for s in said])
        table[:, k] = np.stack([is_gold & is_said, is_gold, is_said], axis=1)
    return table.reshape(len(gold), -1)


def macro_f1(counts: np.ndarray) -> float:
    """The mean F1 over the labels of summed counts."""
    return float(np.mean([f1(*counts[k : k + 3]) for k in range(0, len(counts), 3)]))


def balanced_accuracy(gold: Sequence[str], said: Sequence[str]) -> Score:
    """The mean of recall of supported and of the rest."""
    table = [
        (g == s == "supported", g == "supported", g != "supported" != s, g != "supported")
        for g, s in zip(gold, said, strict=True)
    ]
    return interval(table, lambda c: (ratio(c[0], c[1]) + ratio(c[2], c[3])) / 2)


def sure_of(
    gold: Sequence[str], scores: Sequence[StanceScore], threshold: float
) -> dict[str, Score]:
    """How often a stance at the threshold is right, and how many pairs get one."""
    table = []
    for label, score in zip(gold, scores, strict=True):
        supports, refutes = score.supports >= threshold, score.refutes >= threshold
        is_refuted = label in {"refuted", "not_supported"}
        table.append(
            (supports and label == "supported", supports, refutes and is_refuted, refutes, 1)
        )
    return {
        "precision_of_supported": interval(table, lambda c: ratio(c[0], c[1])),
        "precision_of_refuted": interval(table, lambda c: ratio(c[2], c[3])),
        "coverage_of_sure": interval(table, lambda c: ratio(c[1] + c[3], c[4])),
    }


def calibration_error(gold: Sequence[str], scores: Sequence[StanceScore]) -> Score:
    """Expected calibration error of the likeliest of the three, 15 equal bins."""
    p = np.array([(s.supports, s.refutes, s.neutral) for s in scores])
    index = {"supported": 0, "refuted": 1, "nei": 2}
    right = p.argmax(axis=1) == np.array([index[label] for label in gold])
    bins = np.minimum((p.max(axis=1) * BINS).astype(int), BINS - 1)
    table = np.zeros((len(p), 2 * BINS))
    table[np.arange(len(p)), bins] = p.max(axis=1)
    table[np.arange(len(p)), BINS + bins] = right

    def error(sums: np.ndarray) -> float:
        return float(np.abs(sums[:BINS] - sums[BINS:]).sum() / len(p))

    return interval(table, error)


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    kept = list(rows(data, needs=("claim", "evidence", "label"), split=split))
    gold = [row["label"] for row in kept]
    unknown = set(gold) - set(LABELS)
    if unknown:
        raise DataError(f"labels {sorted(unknown)} are not of {', '.join(LABELS)}")
    if stage is not None and stage not in READERS:
        raise DataError(f"no stage {stage!r}; known: {', '.join(READERS)}")
    pairs = [(row["claim"], row["evidence"]) for row in kept]
    labels = frozenset(gold)
    threshold = float(open_model("stance").manifest["threshold"])
    out: dict[str, Score] = {}
    for name in [stage] if stage else READERS:
        reader = READERS[name]
        prefix = "" if name == "model" else f"{name}."
        reader([("The mill closed.", "The mill stayed open.")])
        began = time.process_time()
        scores = reader(pairs)
        seconds = time.process_time() - began
        is_judged = "conflicting" in labels
        said = likeliest_of(kept, labels, reader=reader) if is_judged else said_of(scores, labels)
        known = [label for label in LABELS if label in labels]
        hits = [(g == s, 1) for g, s in zip(gold, said, strict=True)]
        out[f"{prefix}accuracy"] = interval(hits, lambda c: ratio(c[0], c[1]))
        out[f"{prefix}macro_f1"] = interval(counted(gold, said, known), macro_f1)
        out[f"{prefix}balanced_accuracy"] = balanced_accuracy(gold, said)
        for key, score in sure_of(gold, scores, threshold).items():
            out[prefix + key] = score
        if labels <= {"supported", "refuted", "nei"} and "nei" in labels:
            out[f"{prefix}calibration_error"] = calibration_error(gold, scores)
        hidden = reader([(claim, "") for claim, _ in pairs])
        neutral = [(s.stance.value == "neutral", 1) for s in hidden]
        out[f"{prefix}neutral_without_evidence"] = interval(neutral, lambda c: ratio(c[0], c[1]))
        out[f"{prefix}pairs_per_second"] = single(len(pairs) / max(seconds, 1e-9))
    return Measured(len(kept), out)
