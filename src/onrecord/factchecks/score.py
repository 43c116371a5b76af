"""How well each candidate answers a claim: signals from words and meaning, fused with few weights.

The weights order the candidates of one claim; the probability judges a candidate by itself.
Both were fitted on queries that the embedder was not trained on (`training/retrieval/`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from onrecord.factchecks.overlap import Overlap, asked, content_of, overlap
from onrecord.factchecks.rerank import AnswerReader
from onrecord.ports import Candidate, FactCheckIndex
from onrecord.search.text import stemmer

__all__ = [
    "Calibration",
    "Scored",
    "asked_text",
    "claimed",
    "known_stems",
    "reread",
    "scored",
]

# Candidates that are compared word by word; each takes about a tenth of a millisecond.
DEPTH = 40
# Weights of the signals for BM25, similarity, runs of two and of three, shared words: the right
# fact-check the likeliest of a query's candidates (listwise softmax) on the 197 training queries of
# posts that the embedder did not see; the last is half of what was fitted, which costs .003 there
# and gains .018 on a look at training queries of debates. BM25 is relative to the best candidate.
WEIGHTS = (2.9, 9.1, 2.8, 1.3, 2.5)
# Candidates that a reader reads, and the weight of its logit beside the other signals: 8 to 40 and
# 0.5 to 1.5 were tried. MAP@5 on the same 197 queries is .890 without, .911 for 8 candidates, .914
# for 12 to 20 and .915 for 40. On training queries of debates it changes nothing (.568 to .567).
N_READ, LOGIT_WEIGHT = 12, 1.0
# The largest logit that the reader gives: the largest of 4,392 pairs of claims of posts with the first
# candidates of each, 366 of them right, is 1.14.
MAX_LOGIT = 2.0
# Candidates whose claims share at least this much of their words (Dice) are checks of one claim and
# no rivals; 0.5 to 0.8 were tried, with little difference.
NEARLY_SAME = 0.7
# Texts whose stems are kept, about 1 kB each: claims of one page find the same fact-checks again and
# again, and making stems took a fifth of the time of a look-up.
KEPT_TEXTS = 8_192
_ADDRESS = re.compile(r"(?:https?://|pic\.twitter\.com/|www\.)\S+")
# A quoted post ends with its author's name, account and day.
_SIGNED = re.compile(r"\s[—–-]\s[^—–]{0,60}\(@\w+\)[^—–]{0,40}$")
_TAG = re.compile(r"[#@](\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bias and weights of a probability, and the threshold from which on a match is claimed."""

    bias: float
    similarity: float
    same: float
    gap: float
    max_gap: float
    logit: float
    threshold: float


# Fits of one kind, by logistic regression on the best candidate of the 197 queries, each with its
# right fact-check in the library and without. Runs of words are left out: an article shares them
# with much that it does not answer. The thresholds are those of .93, .95 and .97 at which the best
# candidate is right for at least .90 of the queries that get one in both matching sets, training
# and development queries apart (docs/adr/0004-claims.md).
# Where few rivals are known the gap says nothing: in a library of twelve checks, a fit that counts it
# up to 6 claimed a match for 10 of 25 claims about the same matters that none of them answers.
BY_WORDS = Calibration(-3.88, 0.0, 7.65, 1.50, 3.0, 0.0, 0.97)
BY_WORDS_AMONG_FEW = Calibration(-3.5, 0.0, 10.1, 0.0, 0.0, 0.0, 0.97)
BY_MEANING = Calibration(-6.15, 6.18, 4.75, 0.86, 3.0, 0.0, 0.97)
BY_MEANING_AMONG_FEW = Calibration(-6.2, 7.7, 6.9, 0.0, 0.0, 0.0, 0.97)
REREAD = Calibration(-2.89, 3.04, 2.90, 0.38, 6.0, 0.81, 0.93)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with what speaks for it.

    `total` orders the candidates of one claim and means nothing across claims; `content` are the
    stems of its claim. `probability`, 0 to 1, is that of its answering the claim, and `is_claimed`
    says whether it is enough. `logit` is the reranker's, `None` where none has read it.
    """

    candidate: Candidate
    overlap: Overlap
    content: frozenset[str]
    total: float
    logit: float | None = None
    probability: float = 0.0
    is_claimed: bool = False


@cache
def known_stems() -> Callable[[str], Sequence[str]]:
    """`search.text.stemmer()` that keeps the stems of the last texts."""
    return lru_cache(KEPT_TEXTS)(stemmer())


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
    stems: Callable[[str], Sequence[str]],
) -> tuple[Scored, ...]:
    """The best candidates for a claim, best first; ties by id.

    `stems` is `search.text.stemmer()`, or `known_stems()` where many claims are looked up.

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
        title = candidate.fact_check.title
        rest = (" ".join(stems(title)) if title else "", candidate.body)
        shared = overlap(claim, checked, rest=rest, rarity=rarity)
        total = _total(candidate, candidate.bm25 / best, shared)
        found.append(Scored(candidate, shared, content_of(checked), total))
    return _judged(_ordered(found))


def reread(text: str, found: Sequence[Scored], *, reader: AnswerReader) -> tuple[Scored, ...]:
    """The candidates that `scored` found for a claim, ordered anew after a reader read the first.

    Those that it did not read stay behind them, in their order. Without embeddings everything stays
    as it is: the reader was fitted beside them.
    """
    if not _can_be_read(found):
        return tuple(found)
    logits = reader([_pair(text, one) for one in found[:N_READ]])
    return _reordered(found, logits)


def claimed(text: str, found: Sequence[Scored], *, reader: AnswerReader) -> tuple[Scored, ...]:
    """What `reread` gives, or `()` as soon as it is sure that nothing of it would be claimed.

    A reader is asked for one candidate after the other, the best first: most claims of a page that
    come near a fact-check are not answered by it, and one or two readings tell.
    """
    if not _can_be_read(found):
        return tuple(found)
    first = found[:N_READ]
    logits: list[float] = []
    for one in first:
        logits += reader([_pair(text, one)])
        if not _may_claim(first, logits):
            return ()
    return _reordered(found, logits)


def _can_be_read(found: Sequence[Scored]) -> bool:
    return bool(found) and all(one.candidate.similarity is not None for one in found[:N_READ])


def _pair(text: str, one: Scored) -> tuple[str, str]:
    check = one.candidate.fact_check
    return text, f"{check.title} {check.claim}".strip()


def _reordered(found: Sequence[Scored], logits: Sequence[float]) -> tuple[Scored, ...]:
    read = [_with_logit(one, logit) for one, logit in zip(found, logits, strict=False)]
    return (*_judged(_ordered(read)), *found[N_READ:])


def _with_logit(one: Scored, logit: float) -> Scored:
    return replace(one, total=one.total + LOGIT_WEIGHT * logit, logit=logit)


def _may_claim(first: Sequence[Scored], logits: Sequence[float]) -> bool:
    """Whether one of the candidates could be claimed once all are read.

    `logits` are those of the first; an unread candidate may get `MAX_LOGIT`, and the best rival that
    is read bounds the gap of every other.
    """
    read = [_with_logit(one, logit) for one, logit in zip(first, logits, strict=False)]
    hoped = [_with_logit(one, MAX_LOGIT) for one in first[len(read) :]]
    for one in (*read, *hoped):
        rivals = [other.total for other in read if other is not one and _are_rivals(one, other)]
        gap = min(REREAD.max_gap, one.total - max(rivals)) if rivals else REREAD.max_gap
        if _probability(one, REREAD, gap=max(-REREAD.max_gap, gap)) >= REREAD.threshold:
            return True
    return False


def _ordered(found: Sequence[Scored]) -> list[Scored]:
    return sorted(found, key=lambda one: (-one.total, one.candidate.fact_check.id))


def _first(candidate: Candidate, best: float) -> float:
    """The order of candidates before they are compared word by word."""
    return WEIGHTS[0] * candidate.bm25 / best + WEIGHTS[1] * (candidate.similarity or 0.0)


def _total(candidate: Candidate, bm25: float, shared: Overlap) -> float:
    signals = (
        bm25,
        candidate.similarity or 0.0,
        shared.pairs,
        shared.triples,
        _same(shared),
    )
    return sum(weight * signal for weight, signal in zip(WEIGHTS, signals, strict=True))


def _same(shared: Overlap) -> float:
    """The harmonic mean of both shares of words."""
    both = shared.of_claim + shared.of_checked
    return 2 * shared.of_claim * shared.of_checked / both if both else 0.0


def _judged(ordered: Sequence[Scored]) -> tuple[Scored, ...]:
    """The candidates, best first, each with its probability."""
    found = []
    for place, one in enumerate(ordered):
        fit = _calibration(one, among_few=len(ordered) < DEPTH)
        probability = _probability(one, fit, gap=_gap(place, ordered, at_most=fit.max_gap))
        found.append(replace(one, probability=probability, is_claimed=probability >= fit.threshold))
    return tuple(found)


def _probability(one: Scored, fit: Calibration, *, gap: float) -> float:
    logit = (
        fit.bias
        + fit.similarity * (one.candidate.similarity or 0.0)
        + fit.same * _same(one.overlap)
        + fit.gap * gap
        + fit.logit * (one.logit or 0.0)
    )
    return 1 / (1 + math.exp(-logit))


def _calibration(one: Scored, *, among_few: bool) -> Calibration:
    if one.logit is not None:
        return REREAD
    if one.candidate.similarity is None:
        return BY_WORDS_AMONG_FEW if among_few else BY_WORDS
    return BY_MEANING_AMONG_FEW if among_few else BY_MEANING


def _gap(place: int, ordered: Sequence[Scored], *, at_most: float) -> float:
    """How far a candidate's total lies above that of its best rival, between plus and minus a limit.

    A second candidate with another claim than the first has a gap below 0; one without a rival has
    the limit.
    """
    one = ordered[place]
    for rival in ordered:
        if rival is not one and _are_rivals(one, rival):
            return max(-at_most, min(at_most, one.total - rival.total))
    return at_most


def _are_rivals(one: Scored, other: Scored) -> bool:
    """Whether the two are checks of different claims."""
    shared = 2 * len(one.content & other.content)
    return shared < NEARLY_SAME * (len(one.content) + len(other.content))
