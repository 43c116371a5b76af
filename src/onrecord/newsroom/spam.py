"""The text layer: how much a reply's words look like spam; it learns from the desk's decisions.

Logistic regression over hashed words and letters and over signs (`spam_features`). The seed comes
with the package and is trained on two sets alone; what a desk decides is learned on top, one
decision at a time, by AdaGrad (Duchi et al., JMLR 2011) that repeats a decision until it is known.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.models import Model, open_model
from onrecord.newsroom.replies import Incoming, Signs
from onrecord.newsroom.spam_features import N_BUCKETS, N_FEATURES, Features, features
from onrecord.newsroom.spam_signs import RULE_BIAS, RULE_WEIGHTS, SIGN_NAMES
from onrecord.newsroom.spam_text import n_links, plain_words

__all__ = [
    "Weights",
    "learned",
    "learned_bytes",
    "logit",
    "rule_weights",
    "seed",
    "signs",
    "with_learned",
]

# Of AdaGrad: measured on streams of 200 decisions out of four sources (rows that score it too),
# five orders each; steps .1 to 2, 1 to 20 repeats, signs .1 to 1 as fast, starts 1e-4 to 1e-1.
# AROW, naive Bayes and a refit over all decisions came out lower (docs/adr/0010-replies.md).
STEP, SIGN_STEP, START = 1.0, 0.5, 1e-3
REPEATS, KNOWN_FROM = 20, 0.02
# What was learned counts n / (n + 30) after n decisions. Without it one decision made the filter
# hold 62% of good news comments in place of 6%; with it at most 13% after 1 to 200 decisions of
# three sources, and recall after 200 falls from .82 to .81 (30, 50 and 100 tried).
HALF_AT = 30
# What follows the name of the form in kept bytes; another number is another form.
_FORM = b"onrecord spam 1\n"
_LIKE_STOP = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "to",
        "in",
        "is",
        "was",
        "it",
        "that",
        "for",
        "on",
        "with",
        "as",
        "by",
        "at",
        "from",
        "this",
        "be",
        "are",
        "were",
        "has",
        "have",
        "had",
        "not",
        "but",
        "or",
        "they",
        "he",
        "she",
        "we",
        "you",
        "i",
        "his",
        "her",
        "its",
        "their",
        "our",
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The seed, and what a desk's decisions added: `added` and `moved`, arrays (features,).

    `moved` are AdaGrad's sums of squared slopes; both are `None` before the first decision.
    `n_decisions` is how many were learned.
    """

    seed: NDArray[np.float32]
    added: NDArray[np.float32] | None = None
    moved: NDArray[np.float32] | None = None
    n_decisions: int = 0


def seed(model: Model | None = None) -> Weights:
    """The packaged weights, their digest checked.

    Raises `ModelError` when a file is missing, altered, or of another size than the features.
    """
    model = model or open_model("spam")
    values = np.fromfile(model.file("weights.f16"), dtype="<f2").astype(np.float32)
    if values.shape != (N_FEATURES,) or not np.isfinite(values).all():
        raise ModelError(
            f"model 'spam' has {len(values)} weights, expected {N_FEATURES} finite ones; install "
            "onrecord again"
        )
    return Weights(values)


def rule_weights() -> Weights:
    """The rule twin as weights: signs by hand, no words; needs no file."""
    values = np.zeros(N_FEATURES, np.float32)
    values[N_BUCKETS:-1] = [RULE_WEIGHTS[name] for name in SIGN_NAMES]
    values[-1] = RULE_BIAS
    return Weights(values)


def logit(weights: Weights, text: str) -> float:
    """How much a text looks like spam: above 0 rather than not. Cost: linear up to a cap.

    >>> logit(rule_weights(), "Join my channel https://x.example/win W I N N E R") > 2
    True
    """
    return _logit(weights, features(text))


def learned(weights: Weights, text: str, is_spam: bool) -> Weights:  # noqa: FBT001 - the label
    """The weights after one decision of the desk; those given stay as they are.

    A text is learned until it is known by the whole of what was learned, of which `logit` takes
    the share that the number of decisions allows.
    """
    found = features(text)
    size = len(weights.seed)
    added = np.zeros(size, np.float32) if weights.added is None else weights.added.copy()
    moved = np.zeros(size, np.float32) if weights.moved is None else weights.moved.copy()
    places, values = found.places, found.values
    step = np.where(places < N_BUCKETS, STEP, SIGN_STEP * STEP)
    for _ in range(REPEATS):
        total = float((weights.seed[places] + added[places]) @ values)
        error = _sigmoid(total) - float(is_spam)
        if abs(error) < KNOWN_FROM:
            break
        slope = error * values
        moved[places] += slope * slope
        added[places] -= step * slope / np.sqrt(START + moved[places])
    return Weights(weights.seed, added, moved, weights.n_decisions + 1)


def learned_bytes(weights: Weights) -> bytes:
    """What was learned on top of the seed, to be kept.

    The number of decisions in 4 bytes, then places in 32 bits and both arrays in 16, packed.
    """
    if weights.added is None or weights.moved is None:
        return b""
    places = np.flatnonzero(weights.moved).astype("<u4")
    added = np.clip(weights.added[places], -60_000, 60_000).astype("<f2")
    # Rounded up to the smallest that 16 bits hold, so that a place that was moved stays in the list.
    moved = np.clip(weights.moved[places], 1e-6, 60_000).astype("<f2")
    number = weights.n_decisions.to_bytes(4, "little")
    packed = number + places.tobytes() + added.tobytes() + moved.tobytes()
    return _FORM + zlib.compress(packed, 1)


def with_learned(weights: Weights, kept: bytes) -> Weights:
    """The seed with what was kept; raises `ModelError` when it is of another form."""
    if not kept:
        return weights
    fault = ModelError(
        "what the filter learned is of another form or damaged; restore the database from a "
        "backup, or remove the value 'spam_learned' to start from the packaged weights"
    )
    if not kept.startswith(_FORM):
        raise fault
    unpacker = zlib.decompressobj()
    try:
        packed = unpacker.decompress(kept[len(_FORM) :], 8 * N_FEATURES + 5)
    except zlib.error:
        raise fault from None
    n_decisions, packed = int.from_bytes(packed[:4], "little"), packed[4:]
    n, rest = divmod(len(packed), 8)
    places = np.frombuffer(packed[: 4 * n], dtype="<u4").astype(np.int64)
    if rest or n > N_FEATURES or (n and places.max() >= N_FEATURES):
        raise fault
    size = len(weights.seed)
    added, moved = np.zeros(size, np.float32), np.zeros(size, np.float32)
    added[places] = np.frombuffer(packed[4 * n : 6 * n], dtype="<f2")
    moved[places] = np.frombuffer(packed[6 * n :], dtype="<f2")
    if not (np.isfinite(added).all() and np.isfinite(moved).all()):
        raise fault
    return Weights(weights.seed, added, moved, n_decisions)


def signs(incoming: Incoming, *, weights: Weights | None, article: str, known: Signs) -> Signs:
    """What the layers see of a reply: the signs in its words added to those that are `known`."""
    found = features(incoming.text)
    return replace(
        known,
        logit=0.0 if weights is None else _logit(weights, found),
        n_links=n_links(incoming.text),
        n_hidden_signs=max(known.n_hidden_signs, found.n_hidden),
        likeness=likeness(incoming.text, article),
    )


def likeness(text: str, article: str) -> float:
    """How much of a text's words are the article's, from 0 to 1; short and common words left out.

    A text without three such words is like nothing: 0.
    """
    own = {word for word in plain_words(text) if len(word) > 3 and word not in _LIKE_STOP}
    if len(own) < 3:
        return 0.0
    theirs = set(plain_words(article))
    return round(len(own & theirs) / len(own), 3)


def _logit(weights: Weights, found: Features) -> float:
    values = weights.seed[found.places]
    if weights.added is not None:
        values = values + _share(weights) * weights.added[found.places]
    return float(values @ found.values)


def _share(weights: Weights) -> float:
    return weights.n_decisions / (weights.n_decisions + HALF_AT)


def _sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(value, -60, 60))))


def sign_weights(weights: Weights) -> Mapping[str, float]:
    """The weight of each sign by its name, for the card and for who wants to see what counts."""
    own = weights.seed
    if weights.added is not None:
        own = own + _share(weights) * weights.added
    return dict(zip(SIGN_NAMES, own[N_BUCKETS:-1].tolist(), strict=True))
