"""Whether a passage supports a claim, refutes it, or neither: a trained cross-encoder.

The model reads a claim beside one window of a passage at a time, with the names that both share
replaced by placeholders (`masks`). Over the windows of a passage the largest odds of support and
of refutation, each against neither, count. It compares two texts; it knows nothing of the world,
and of a passage about another matter it says neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.evidence.masks import masked
from onrecord.evidence.windows import cleaned, windows
from onrecord.models import Model, open_model
from onrecord.models.pairs import Pair, PairReader, open_pair_reader, pair_logits
from onrecord.terms import EvidenceStance

__all__ = [
    "MODEL",
    "StanceModel",
    "StanceReader",
    "StanceScore",
    "open_stance_model",
    "stances",
    "stances_by_model",
]

MODEL = "stance"


@dataclass(frozen=True, slots=True)
class StanceScore:
    """What a passage says of a claim, as three probabilities that add up to 1."""

    supports: float
    refutes: float
    neutral: float

    @property
    def stance(self) -> EvidenceStance:
        """The most probable of the three; neutral where another is only as probable.

        >>> StanceScore(0.5, 0.1, 0.4).stance.value
        'supports'
        """
        if self.supports > max(self.refutes, self.neutral):
            return EvidenceStance.SUPPORTS
        if self.refutes > max(self.supports, self.neutral):
            return EvidenceStance.REFUTES
        return EvidenceStance.NEUTRAL


NOTHING_SAID = StanceScore(0.0, 0.0, 1.0)


class StanceReader(Protocol):
    """Reads stances; the trained model and `rule_stance.stances_by_rules` both do."""

    def __call__(self, pairs: Sequence[Pair]) -> tuple[StanceScore, ...]:
        """The stance of each (claim, passage), in order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class StanceModel:
    """The packaged cross-encoder, loaded, and what its manifest says of reading it.

    `neutral_bias` is added to the logit of neither, before the division by `temperature`.
    A stance is taken as sure from `threshold` on (see the manifest for what that gives).
    """

    reader: PairReader
    temperature: float
    neutral_bias: float
    threshold: float


def open_stance_model(model: Model | None = None, *, threads: int = 1) -> StanceModel:
    """The packaged stance model, or one of another folder.

    Raises `ModelError` when files are missing or altered.
    """
    model = model or open_model(MODEL)
    told = model.manifest
    try:
        return StanceModel(
            open_pair_reader(model, threads=threads),
            float(told["temperature"]),
            float(told["neutral_bias"]),
            float(told["threshold"]),
        )
    except KeyError as error:
        raise ModelError(
            f"the manifest of model {model.name!r} has no key {error}; install onrecord again"
        ) from error


def stances(pairs: Sequence[Pair], *, model: StanceModel) -> tuple[StanceScore, ...]:
    """The stance of each (claim, passage), in order, as calibrated probabilities.

    A claim or passage without a letter or digit settles nothing: neutral is 1.0. Equal windows
    are read once. Cost: linear in the word pieces of the passages, claims counted per window.
    """
    read: dict[Pair, int] = {}
    places: list[list[int]] = []
    for claim, passage in pairs:
        asked, shown = cleaned(claim), cleaned(passage)
        if not (_has_words(asked) and _has_words(shown)):
            places.append([])
            continue
        cut = windows(shown, lambda texts: _sizes(model.reader, texts))
        places.append([read.setdefault(masked(asked, w), len(read)) for w in cut])
    logits = pair_logits(model.reader, list(read))
    return tuple(_pooled(logits[at], model) if at else NOTHING_SAID for at in places)


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _sizes(reader: PairReader, texts: Sequence[str]) -> list[int]:
    found = reader.tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [len(encoding.ids) for encoding in found]


def _pooled(logits: NDArray[np.float32], model: StanceModel) -> StanceScore:
    margins = (logits[:, :2] - logits[:, 2:]).max(axis=0) - model.neutral_bias
    z = np.array([margins[0], margins[1], 0.0], dtype=np.float64) / model.temperature
    odds = np.exp(z - z.max())
    supports, refutes, neutral = (odds / odds.sum()).tolist()
    return StanceScore(supports, refutes, neutral)


@cache
def _packaged() -> StanceModel:
    return open_stance_model()


def stances_by_model(pairs: Sequence[Pair]) -> tuple[StanceScore, ...]:
    """The packaged model's stances, loaded at the first pair.

    Raises `ModelError` as `open_stance_model` does.
    """
    return stances(pairs, model=_packaged()) if pairs else ()
