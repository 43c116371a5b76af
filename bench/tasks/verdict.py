"""Verdicts on claims whose evidence is given, against labelled claims.

Rows: `{claim, evidence, label}` with the labels supported, refuted, conflicting, nei, and
not_supported (refuted or nei). `evidence` is a text; where a row has `meta.qa`, a list of questions
`q` with answers `a` and their `url`, those are read instead, an answer a voice.

`macro_f1`, `accuracy` and `selective_accuracy_at_N` (of the N percent that are surest) are about
the likeliest label among those that the set has, since evidence that a person chose is there to
settle the claim. `precision_of_supported`, `precision_of_refuted` and `coverage` are about what
`onrecord check` would propose if it had found these texts: the label at the default threshold, and
the share of claims that get supported, refuted or conflicting; `meta.page`, where a row has it, is
the title of its text. `calibration_error` is that of the
likeliest label, where the set has supported, refuted and nei.

A folder with `fnc1_news_bodies` and `wice_articles_dev` (`{id, text}`) is another question: news is
asked of a collection about other things, so that nearly every claim should get not enough evidence.
`proposed_on_other_matters` is the share of claims that get another label and `sided_on_other_matters`
of those with a passage on a side at all, both to be read and not only counted: a collection may know
something by chance. Claims are found by rule, the ten best of each of 50 bodies; passages by words.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.rows import DataError, rows
from bench.scores import Measured, Score, interval, ratio, single
from bench.tasks.stance import LABELS, OF_LABEL, READERS, counted, macro_f1, texts_of, weights_of
from onrecord.evidence.cited import (
    FOUND,
    cited_words,
    is_on_the_matter,
    part_readings,
    strongest,
)
from onrecord.evidence.decide import verdict_of, verdicts
from onrecord.evidence.find import evidence
from onrecord.evidence.index import open_passage_index
from onrecord.evidence.quantities import quantities
from onrecord.evidence.stance import StanceReader, StanceScore
from onrecord.evidence.weigh import Weights
from onrecord.pipeline import Pipeline
from onrecord.ports import PassageIndex, Ports
from onrecord.read import read
from onrecord.record import Capture, Document, Evidence, Page, Passage, Verdict
from onrecord.settings import Settings
from onrecord.span import Span
from onrecord.stages import stages_for
from onrecord.terms import EvidenceStance, VerdictLabel

NAMES = (
    "macro_f1",
    "accuracy",
    "precision_of_supported",
    "precision_of_refuted",
    "coverage",
    "selective_accuracy_at_10",
    "selective_accuracy_at_25",
    "selective_accuracy_at_50",
    "selective_accuracy_at_75",
    "selective_accuracy_at_100",
    "calibration_error",
    "proposed_on_other_matters",
    "sided_on_other_matters",
    "pages",
)
BINS = 15
COVERAGES = (10, 25, 50, 75, 100)
# The public sets with which a folder is about other matters: what is asked, and the collection.
ASKED, COLLECTION = "fnc1_news_bodies.jsonl.gz", "wice_articles_dev.jsonl.gz"
N_PAGES = 50
MIN_WORDS = 150
SEED = 20261126
# Claims without models, and no evidence yet.
BY_RULE = {"attribute": "rules", "claims": "signs", "evidence": "rules"}


def remembered(reader: StanceReader) -> StanceReader:
    """The reader with what it read before at hand, as the same texts are read for two scores."""
    seen: dict[tuple[str, str], StanceScore] = {}

    def read(pairs: Sequence[tuple[str, str]]) -> tuple[StanceScore, ...]:
        new = [pair for pair in dict.fromkeys(pairs) if pair not in seen]
        seen.update(zip(new, reader(new), strict=True))
        return tuple(seen[pair] for pair in pairs)

    return read


def chances(weights: Weights, labels: frozenset[str]) -> dict[str, float]:
    """The probability of each label that the set has; they add up to 1."""
    if not labels & {"refuted", "nei"}:
        return {"supported": weights.supported, "not_supported": 1 - weights.supported}
    found = {name: weights.of(label) for name, label in OF_LABEL.items() if name in labels}
    total = sum(found.values())
    return {name: value / total if total else 1 / len(found) for name, value in found.items()}


def proposed(
    kept: Sequence[Mapping[str, Any]], *, reader: StanceReader
) -> list[tuple[VerdictLabel, float]]:
    """The verdict that is proposed where these texts were found, with its confidence."""
    flat = [(i, *text) for i, row in enumerate(kept) for text in texts_of(row)]
    pairs = [(str(kept[i]["claim"]), text) for i, text, _ in flat]
    parts = [strongest(p) for p in part_readings(pairs, reader=reader, bearing=FOUND)]
    read = [(pair, part) for pair, part in zip(pairs, parts, strict=True) if part is not None]
    cited = iter(cited_words([(*pair, part) for pair, part in read], reader=reader))
    evidence: dict[int, list[Evidence]] = {}
    for number, ((i, text, source), part) in enumerate(zip(flat, parts, strict=True)):
        if part is None:
            continue
        score = part.score
        sides = max(score.supports, score.refutes, score.neutral)
        passage = Passage(f"p{number}", source, Span(0, len(text)), text)
        words = next(cited)
        title = str((kept[i].get("meta") or {}).get("page") or "")
        if not is_on_the_matter(str(kept[i]["claim"]), text, part, words, title=title):
            continue
        piece = Evidence(str(number), "c", passage, score.stance, sides, number, words)
        evidence.setdefault(i, []).append(piece)
    verdicts = [verdict_of("c", evidence.get(i, ())) for i in range(len(kept))]
    return [(verdict.label, verdict.confidence) for verdict in verdicts]


def proposal_scores(gold: Sequence[str], labels: Sequence[VerdictLabel]) -> dict[str, Score]:
    """How often a proposed label is right, and how many claims get one."""
    table = []
    for right, label in zip(gold, labels, strict=True):
        supported, refuted = label is VerdictLabel.SUPPORTED, label is VerdictLabel.REFUTED
        is_refuted = right in {"refuted", "not_supported"}
        is_any = label is not VerdictLabel.NOT_ENOUGH_EVIDENCE
        table.append(
            (supported and right == "supported", supported, refuted and is_refuted, refuted, is_any)
        )
    n = len(table)
    return {
        "precision_of_supported": interval(table, lambda c: ratio(c[0], c[1])),
        "precision_of_refuted": interval(table, lambda c: ratio(c[2], c[3])),
        "coverage": interval(table, lambda c: ratio(c[4], n)),
    }


def selective(right: Sequence[bool], confidence: Sequence[float]) -> dict[str, Score]:
    """The accuracy of the surest part of the rows, at each coverage."""
    order = np.argsort(-np.asarray(confidence), kind="stable")
    out = {}
    for percent in COVERAGES:
        n = max(1, len(order) * percent // 100)
        hits = [(bool(right[i]), 1) for i in order[:n]]
        out[f"selective_accuracy_at_{percent}"] = interval(hits, lambda c: ratio(c[0], c[1]))
    return out


def calibration_error(right: Sequence[bool], confidence: Sequence[float]) -> Score:
    """Expected calibration error in 15 equal bins."""
    sure = np.asarray(confidence)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    table = np.zeros((len(sure), 2 * BINS))
    table[np.arange(len(sure)), bins] = sure
    table[np.arange(len(sure)), BINS + bins] = np.asarray(right)

    def error(sums: np.ndarray) -> float:
        return float(np.abs(sums[:BINS] - sums[BINS:]).sum() / len(sure))

    return interval(table, error)


def _texts(path: Path) -> list[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(str(row["id"]), str(row["text"])) for row in map(json.loads, lines)]


def asked_of(
    page: Page, *, index: PassageIndex, reader: StanceReader
) -> tuple[tuple[Evidence, ...], tuple[Verdict, ...]]:
    """The evidence and the verdicts for the claims of a page, which are found by rule."""
    chosen = tuple({**dict(Settings().stages), **BY_RULE}.items())
    record = Pipeline(stages_for(Settings(stages=chosen), Ports(None, None)))(page)
    found = evidence(page, record.claims, record.attributions, index=index, reader=reader)
    numbers = quantities(page, record.claims, found)
    return found, verdicts(record.claims, found, numbers)


def on_other_matters(data: Path, *, reader: StanceReader) -> Measured:
    """How often news gets a verdict from a collection about other things."""
    index = open_passage_index(None, embedder=None)
    index.add([Document(name, text) for name, text in _texts(data / COLLECTION)])
    bodies = [text for _, text in _texts(data / ASKED)]
    random.Random(SEED).shuffle(bodies)
    chosen = [text for text in bodies if len(text.split()) >= MIN_WORDS][:N_PAGES]
    table = []
    for body in chosen:
        page = read(Capture(None, None, "text/plain", body.encode()))
        found, proposals = asked_of(page, index=index, reader=reader)
        sided = {piece.claim for piece in found if piece.stance is not EvidenceStance.NEUTRAL}
        table += [
            (one.label is not VerdictLabel.NOT_ENOUGH_EVIDENCE, one.claim in sided, 1)
            for one in proposals
        ]
    return Measured(
        len(table),
        {
            "proposed_on_other_matters": interval(table, lambda c: ratio(c[0], c[2])),
            "sided_on_other_matters": interval(table, lambda c: ratio(c[1], c[2])),
            "pages": single(len(chosen)),
        },
    )


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    if (data / ASKED).is_file() and (data / COLLECTION).is_file():
        return on_other_matters(data, reader=READERS[stage or "model"])
    kept = list(rows(data, needs=("claim", "evidence", "label"), split=split))
    gold = [str(row["label"]) for row in kept]
    labels = frozenset(gold)
    if labels - set(LABELS):
        raise DataError(f"labels {sorted(labels - set(LABELS))} are not of {', '.join(LABELS)}")
    if stage is not None and stage not in READERS:
        raise DataError(f"no stage {stage!r}; known: {', '.join(READERS)}")
    out: dict[str, Score] = {}
    for name in [stage] if stage else READERS:
        prefix = "" if name == "model" else f"{name}."
        reader = remembered(READERS[name])
        odds = [chances(weights, labels) for weights in weights_of(kept, reader=reader)]
        said = [max(each, key=lambda label: each[label]) for each in odds]
        confidence = [each[label] for each, label in zip(odds, said, strict=True)]
        right = [g == s for g, s in zip(gold, said, strict=True)]
        known = [label for label in LABELS if label in labels]
        out[prefix + "macro_f1"] = interval(counted(gold, said, known), macro_f1)
        out[prefix + "accuracy"] = interval([(r, 1) for r in right], lambda c: ratio(c[0], c[1]))
        found = [label for label, _ in proposed(kept, reader=reader)]
        for key, score in proposal_scores(gold, found).items():
            out[prefix + key] = score
        for key, score in selective(right, confidence).items():
            out[prefix + key] = score
        if {"supported", "refuted", "nei"} <= labels:
            out[prefix + "calibration_error"] = calibration_error(right, confidence)
    return Measured(len(kept), out)
