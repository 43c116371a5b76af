"""Which claims deserve a check most: check-worthiness, and the desk's own weights on top.

The ranking explains itself: each part that moved a claim is a reason in words, with its weight.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from onrecord.claims.signs import SIGN_NAMES, Signs

__all__ = [
    "SIGN_THRESHOLD",
    "ClaimScorer",
    "ClaimWeights",
    "Scorer",
    "position_share",
    "rank_reasons",
    "sign_score",
]

# Logistic regression over the signs, fitted by training/checkworthiness/signs.py on the training
# part of the debates set; it takes no part in a pipeline that uses the trained scorer.
_SIGN_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "number": 0.70,
        "money": 0.68,
        "share": 1.06,
        "year": -0.12,
        "comparison": 0.35,
        "change": 0.45,
        "cause": 0.25,
        "law": 0.55,
        "event": 0.00,
        "absolute": 0.15,
        "quote": -0.36,
        "denial": -0.03,
        "question": -2.17,
        "future": -0.23,
        "modal": -0.25,
        "promise": -0.98,
        "intent": -0.17,
        "opinion": -0.56,
        "motive": 0.00,
        "judged": -0.48,
        "first_person": -0.59,
        "feeling": -0.52,
        "talk": -0.13,
        "vague": -0.41,
        "names": 0.34,
        "words": 0.15,
        "short": -0.45,
        "pronoun_start": 0.08,
        "past": 0.52,
        "ahead": -0.58,
        "verb": 0.66,
        "order": -1.00,
    }
)
_SIGN_BIAS = -2.55
# Best F1 on the debates' training part by training/checkworthiness/signs.py.
SIGN_THRESHOLD = 0.30
_WORD = re.compile(r"[^\W_]+")


class Scorer(Protocol):
    """Gives each text a check-worthiness between 0 and 1."""

    def __call__(self, texts: Sequence[str]) -> tuple[float, ...]:
        """One score for each text, in order."""
        ...


@dataclass(frozen=True, slots=True)
class ClaimScorer:
    """A scorer and the score from which it calls a sentence worth checking."""

    score: Scorer
    threshold: float


@dataclass(frozen=True, slots=True)
class ClaimWeights:
    """The weights in force; see `settings.ClaimSettings`. `topics` are words in lower case."""

    numbers: float = 0.1
    named: float = 0.05
    central: float = 0.2
    said: float = 0.5
    topics: Mapping[str, float] = field(default_factory=dict)


def sign_score(signs: Signs) -> float:
    """The rule twin's check-worthiness, 0 to 1."""
    logit = _SIGN_BIAS + sum(
        _SIGN_WEIGHTS[name] * count for name, count in zip(SIGN_NAMES, signs.counts, strict=True)
    )
    return 1 / (1 + math.exp(-logit))


def position_share(number: int, total: int) -> float:
    """1 for the first of `total` sentences, falling evenly to 0 for the last."""
    return 1 - number / (total - 1) if total > 1 else 1.0


def rank_reasons(
    text: str,
    *,
    signs: Signs,
    worth: float,
    central: float,
    said: bool,
    weights: ClaimWeights,
) -> tuple[float, tuple[str, ...]]:
    """The number that orders claims, and what moved it in words, weights in brackets.

    `central` lies between 0 and 1.
    """
    total = worth
    reasons = [f"check-worthiness {worth:.2f}"]
    parts = [
        (weights.numbers, float(signs["number"] > 0), "a number"),
        (weights.named, float(signs["names"] > 0), "somebody or something named"),
        (weights.central, central, "near the top"),
    ]
    words = {word.lower() for word in _WORD.findall(text)}
    parts += [(weight, float(topic in words), topic) for topic, weight in weights.topics.items()]
    for weight, part, name in parts:
        if weight * part >= 0.01:
            total += weight * part
            reasons.append(f"{name} (+{weight * part:.2f})")
    if said and weights.said:
        total -= weights.said
        reasons.append(f"that it was said, not whether it is so (-{weights.said:.2f})")
    return total, tuple(reasons)
