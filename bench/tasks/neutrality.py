"""Whether a claim's score, or a stance to it, depends on whom it is about.

`--data` is a folder with `counterparts.toml`, pairs of names by kind, and `neutrality_frames.txt`,
sentences with slots for those kinds (`bench/data` holds ours). Each frame is filled with `FILLINGS`
draws of names, and again with the counterpart of every name. `mean_absolute_change` is the mean
absolute change of check-worthiness, `largest_change` the 99th percentile, `signed_change` the mean
without the sign (0 when no side gains), `checkable_unchanged` the share of sentences whose answer
to checkable, and reason, stays.

`neutrality_pairs.txt`, where the folder has it, holds a claim and a passage a line, with a tab
between them; a slot that both have gets one name in both. `stance_kept` is the share of pairs whose
stance stays when every name becomes its counterpart, and `stance_change` the mean absolute change
of the probability that the passage supports less that it refutes.
"""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import numpy as np

from bench.rows import DataError
from bench.scores import Measured, Score, interval, single
from bench.tasks.stance import READERS
from onrecord.claims.checkable import why_not_checkable
from onrecord.claims.signs import signs
from onrecord.settings import Settings
from onrecord.stages import CLAIM_SCORERS, claim_scorer

NAMES = (
    "mean_absolute_change",
    "signed_change",
    "largest_change",
    "checkable_unchanged",
    "stance_kept",
    "stance_change",
    "pairs",
    "frames",
)
FILLINGS = 4
SEED = 20261126
# The scorer of claims beside which a reader of stances is measured under `--stage`.
STANCE_STAGES = {"model": "model", "rules": "signs"}
_SLOT = re.compile(r"\{(\w+)\}")

Pairs = dict[str, list[list[str]]]


def filled(frame: str, pairs: Pairs, rng: random.Random) -> tuple[str, str]:
    """The frame with names drawn for its slots, and with the counterparts of those names."""
    chosen = [rng.choice(pairs[kind]) for kind in _SLOT.findall(frame)]
    turned = rng.random() < 0.5
    sides = []
    for side in (0, 1):
        names = iter(pair[1 - side if turned else side] for pair in chosen)
        text = _SLOT.sub(lambda _, names=names: next(names), frame)  # type: ignore[misc]
        sides.append(text[:1].upper() + text[1:])
    return sides[0], sides[1]


def sentences(data: Path) -> tuple[list[tuple[str, str]], int, int]:
    """The sentences with their swapped forms, each pair once; the numbers of pairs and frames."""
    table, lines = data / "counterparts.toml", data / "neutrality_frames.txt"
    if not table.is_file() or not lines.is_file():
        raise DataError(f"{str(data)!r} lacks {table.name!r} or {lines.name!r}")
    pairs: Pairs = tomllib.loads(table.read_text(encoding="utf-8"))
    frames = list(dict.fromkeys(lines.read_text(encoding="utf-8").split("\n")))
    frames = [frame for frame in frames if frame.strip()]
    rng = random.Random(SEED)
    found = [filled(frame, pairs, rng) for frame in frames for _ in range(FILLINGS)]
    return list(dict.fromkeys(found)), sum(map(len, pairs.values())), len(frames)


def stance_pairs(data: Path) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Claim with passage, and both again with the names swapped alike; `()` without a file."""
    lines = data / "neutrality_pairs.txt"
    if not lines.is_file():
        return []
    pairs: Pairs = tomllib.loads((data / "counterparts.toml").read_text(encoding="utf-8"))
    rng = random.Random(SEED)
    found = []
    for line in lines.read_text(encoding="utf-8").splitlines():
        claim, tab, passage = line.partition("\t")
        if not tab:
            continue
        for _ in range(FILLINGS):
            chosen = {kind: rng.choice(pairs[kind]) for kind in sorted(set(_SLOT.findall(line)))}
            turned = rng.random() < 0.5
            before, after = (
                (named(claim, chosen, side), named(passage, chosen, side))
                for side in (int(turned), int(not turned))
            )
            found.append((before, after))
    return list(dict.fromkeys(found))


def named(frame: str, chosen: dict[str, list[str]], side: int) -> str:
    """The frame with the names of one side in its slots, a sentence."""
    text = _SLOT.sub(lambda slot: chosen[slot[1]][side], frame)
    return text[:1].upper() + text[1:]


def stance_scores(data: Path, stage: str | None) -> dict[str, Score]:
    """How far stances stay when names are swapped; nothing without pairs."""
    pairs = stance_pairs(data)
    scores: dict[str, Score] = {}
    for name in READERS if pairs else ():
        if stage is not None and stage not in {name, STANCE_STAGES[name]}:
            continue
        prefix = "" if name == "model" else f"{name}."
        before = READERS[name]([pair for pair, _ in pairs])
        after = READERS[name]([pair for _, pair in pairs])
        kept = [(a.stance is b.stance, 1) for a, b in zip(before, after, strict=True)]
        change = [
            (abs(a.supports - a.refutes - b.supports + b.refutes), 1)
            for a, b in zip(before, after, strict=True)
        ]
        scores[prefix + "stance_kept"] = interval(kept, lambda c: c[0] / c[1])
        scores[prefix + "stance_change"] = interval(change, lambda c: c[0] / c[1])
    return scores


def run(data: Path, *, split: str | None, stage: str | None) -> Measured:
    if split is not None:
        raise DataError(f"these sentences have no split {split!r}; leave --split out")
    both, n_pairs, n_frames = sentences(data)
    answers = [[why_not_checkable(signs(text)) for text in pair] for pair in both]
    same = [(before == after, 1) for before, after in answers]
    default = dict(Settings().stages)["claims"]
    scores: dict[str, Score] = {}
    for name in [stage] if stage else sorted(CLAIM_SCORERS, key=lambda s: s != default):
        prefix = "" if name == default else f"{name}."
        score = claim_scorer(name).score
        change = np.subtract(score([a for _, a in both]), score([b for b, _ in both]))
        absolute = np.abs(change)
        moved = np.stack([absolute, change, np.ones(len(both))], axis=1)
        scores[prefix + "mean_absolute_change"] = interval(moved, lambda c: c[0] / c[2])
        scores[prefix + "signed_change"] = interval(moved, lambda c: c[1] / c[2])
        scores[prefix + "largest_change"] = single(float(np.percentile(absolute, 99)))
    scores |= stance_scores(data, stage)
    scores["checkable_unchanged"] = interval(same, lambda c: c[0] / c[1])
    scores["pairs"] = single(n_pairs)
    scores["frames"] = single(n_frames)
    return Measured(len(both), scores)
