"""Whether a claim's score depends on whom it is about.

`--data` is a folder with `counterparts.toml`, pairs of names by kind, and `neutrality_frames.txt`,
sentences with slots for those kinds (`bench/data` holds ours). Each frame is filled with `FILLINGS`
draws of names, and again with the counterpart of every name. `mean_absolute_change` is the mean
absolute change of check-worthiness, `largest_change` the 99th percentile, `signed_change` the mean
without the sign (0 when no side gains), `checkable_unchanged` the share of sentences whose answer
to checkable, and reason, stays.
"""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import numpy as np

from bench.rows import DataError
from bench.scores import Measured, Score, interval, single
from onrecord.claims.checkable import why_not_checkable
from onrecord.claims.signs import signs
from onrecord.settings import Settings
from onrecord.stages import CLAIM_SCORERS, claim_scorer

NAMES = (
    "mean_absolute_change",
    "signed_change",
    "largest_change",
    "checkable_unchanged",
    "pairs",
    "frames",
)
FILLINGS = 4
SEED = 20261126
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
    scores["checkable_unchanged"] = interval(same, lambda c: c[0] / c[1])
    scores["pairs"] = single(n_pairs)
    scores["frames"] = single(n_frames)
    return Measured(len(both), scores)
