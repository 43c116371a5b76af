"""How well each candidate answers a claim: signals from words and meaning, fused with few weights.

The weights order the candidates of one claim; the probability judges a candidate by itself.
Both were fitted on queries that the embedder was not trained on (`training/retrieval/`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onrecord.factchecks.overlap import Overlap, asked, overlap
from onrecord.ports import Candidate, FactCheckIndex

__all__ = ["Scored", "asked_text", "scored"]

# Candidates that are compared word by word; each takes about half a millisecond.
DEPTH = 40
# Weights of the signals for BM25, similarity, runs of two and of three, shared words: the right fact-check the likeliest of a
# query's candidates (listwise softmax) on the 197 training queries of posts that the embedder did
# not see; the last is half of what was fitted, which costs .003 there and gains .018 on a look at
# training queries of debates. BM25 is relative to the best candidate.
WEIGHTS = (2.9, 9.1, 2.8, 1.3, 2.5)
# Bias and weights of similarity and shared words, by logistic regression on the best candidate of
# the same queries, each with its right fact-check in the library and without. Runs of words are
# left out: an article shares them with much that it does not answer.
CALIBRATION = (-6.2, 7.7, 6.9)
# The same where there are no embeddings: runs of three words, and shared words.
CALIBRATION_BY_WORDS = (-3.5, 4.1, 10.1)
_ADDRESS = re.compile(r"(?:https?://|pic\.twitter\.com/|www\.)\S+")
# A quoted post ends with its author's name, account and day.
_SIGNED = re.compile(r"\s[—–-]\s[^—–]{0,60}\(@\w+\)[^—–]{0,40}$")
_TAG = re.compile(r"[#@](\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with what speaks for it.

    `total` orders the candidates of one claim and means nothing across claims; `probability`, 0 to
    1, is that of its answering the claim.
    """

    candidate: Candidate
    bm25: float
    overlap: Overlap
    total: float
    probability: float


def asked_text(text: str) -> str:
    """A claim without what a post carries beside it: addresses, tag signs, a signature.

    >>> asked_text("The bridge closes #HarrowBridge https://t.example/x — Ann (@ann) May 3, 2024")
    'The bridge closes Harrow Bridge'
    """
    text = _SIGNED.sub("", " ".join(_ADDRESS.sub(" ", text).split()))
    text = _TAG.sub(lambda tag: _CAMEL.sub(" ", tag.group(1)), text)
    return " ".join(text.split())


def scored(
    text: str,
    candidates: Sequence[Candidate],
    *,
    index: FactCheckIndex,
    stems: Callable[[str], list[str]],
) -> tuple[Scored, ...]:
    """The best candidates for a claim, best first; ties by id. `stems` is `search.text.stemmer()`.

    Cost: linear in the length of the candidates' texts.
    """
    best = max((c.bm25 for c in candidates), default=0.0) or 1.0
    nearest = sorted(candidates, key=lambda c: (-_first(c, best), c.fact_check.id))[:DEPTH]
    words = stems(text)
    claims = [stems(c.fact_check.claim) for c in nearest]
    rarity = index.rarity(set(words).union(*claims))
    claim = asked(words, rarity=rarity)
    found = []
    for candidate, checked in zip(nearest, claims, strict=True):
        rest = [*stems(candidate.fact_check.title), "", *candidate.body.split()]
        shared = overlap(claim, checked, rest=rest, rarity=rarity)
        found.append(_scored(candidate, candidate.bm25 / best, shared))
    return tuple(sorted(found, key=lambda one: (-one.total, one.candidate.fact_check.id)))


def _first(candidate: Candidate, best: float) -> float:
    """The order of candidates before they are compared word by word."""
    return WEIGHTS[0] * candidate.bm25 / best + WEIGHTS[1] * (candidate.similarity or 0.0)


def _scored(candidate: Candidate, bm25: float, shared: Overlap) -> Scored:
    both = shared.of_claim + shared.of_checked
    same = 2 * shared.of_claim * shared.of_checked / both if both else 0.0
    similarity = candidate.similarity
    signals = (bm25, similarity or 0.0, shared.pairs, shared.triples, same)
    total = sum(weight * signal for weight, signal in zip(WEIGHTS, signals, strict=True))
    if similarity is None:
        bias, first, second = CALIBRATION_BY_WORDS
        logit = bias + first * shared.triples + second * same
    else:
        bias, first, second = CALIBRATION
        logit = bias + first * similarity + second * same
    return Scored(candidate, bm25, shared, total, 1 / (1 + math.exp(-logit)))
