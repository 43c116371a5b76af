"""How well an earlier fact-check answers a claim: a trained cross-encoder that reads both together.

It reads the claim beside the title and the claim of one fact-check, and gives a logit that means
something only beside those of the other candidates of the same claim. It knows nothing of the
world, and of a claim and its denial it may say that one answers the other: `relation` looks at
that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Protocol

from onrecord.models import Model, open_model
from onrecord.models.pairs import Pair, PairReader, open_pair_reader, pair_logits

__all__ = ["MODEL", "AnswerReader", "answers", "answers_by_model", "open_reranker"]

MODEL = "reranker"
# Pairs whose logit is kept, about 1 kB each, for an archive whose pages repeat sentences.
KEPT_PAIRS = 4_096


class AnswerReader(Protocol):
    """Reads how well texts answer claims; see `answers_by_model`."""

    def __call__(self, pairs: Sequence[Pair]) -> tuple[float, ...]:
        """The logit of each (claim, title and claim of a fact-check), in order."""
        ...


def open_reranker(model: Model | None = None, *, threads: int = 1) -> PairReader:
    """The packaged reranker, or one of another folder.

    Raises `ModelError` when files are missing or altered.
    """
    return open_pair_reader(model or open_model(MODEL), threads=threads)


def answers(model: PairReader, pairs: Sequence[Pair]) -> tuple[float, ...]:
    """The logit of each pair, in order; what is longer than the model reads is cut at the end.

    About 12 ms a pair on one thread.
    """
    return tuple(float(row[0]) for row in pair_logits(model, pairs))


@cache
def _packaged() -> PairReader:
    return open_reranker()


@lru_cache(KEPT_PAIRS)
def _answer(pair: Pair) -> float:
    (logit,) = answers(_packaged(), [pair])
    return logit


def answers_by_model(pairs: Sequence[Pair]) -> tuple[float, ...]:
    """An `AnswerReader`: `answers` of the packaged model, which is loaded at the first call."""
    return tuple(_answer(pair) for pair in pairs)
