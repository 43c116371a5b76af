"""How well an earlier fact-check answers a claim: a trained cross-encoder that reads both together.

It reads the claim beside the title and the claim of one fact-check, and gives a logit that means
something only beside those of the other candidates of the same claim. It knows nothing of the
world, and of a claim and its denial it may say that one answers the other: `relation` looks at
that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from onrecord.errors import ModelError
from onrecord.models import Model, open_model, open_session
from onrecord.models.encode import open_tokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["MODEL", "AnswerReader", "RerankModel", "answers", "answers_by_model", "open_reranker"]

MODEL = "reranker"

Pair = tuple[str, str]


class AnswerReader(Protocol):
    """Reads how well texts answer claims; see `answers_by_model`."""

    def __call__(self, pairs: Sequence[Pair]) -> tuple[float, ...]:
        """The logit of each (claim, title and claim of a fact-check), in order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class RerankModel:
    """The packaged cross-encoder, loaded, and the token numbers and lengths of its manifest."""

    session: InferenceSession
    tokenizer: Tokenizer
    first_token: int
    last_token: int
    max_claim_tokens: int
    max_tokens: int


def open_reranker(model: Model | None = None, *, threads: int = 1) -> RerankModel:
    """The packaged reranker, or one of another folder.

    Raises `ModelError` when files are missing or altered.
    """
    model = model or open_model(MODEL)
    told = model.manifest
    tokenizer = open_tokenizer(model.file("tokenizer.json"))
    # "[SEP]" written in a claim is text and does not end the claim.
    tokenizer.encode_special_tokens = True
    try:
        return RerankModel(
            open_session(model.file("model.onnx"), threads=threads),
            tokenizer,
            int(told["first_token"]),
            int(told["last_token"]),
            int(told["max_claim_tokens"]),
            int(told["max_tokens"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"the manifest of model {model.name!r} is not that of a reranker: {error}; "
            "install onrecord again"
        ) from error


def answers(model: RerankModel, pairs: Sequence[Pair]) -> tuple[float, ...]:
    """The logit of each pair, in order; what is longer than the model reads is cut at the end.

    Pairs are read one by one: 8-bit activations are scaled by what is read together, so that a
    score would depend on its neighbours, and batches were no faster on one thread. About 12 ms
    a pair.
    """
    found = []
    for claim, text in pairs:
        asked, told = (
            encoding.ids
            for encoding in model.tokenizer.encode_batch([claim, text], add_special_tokens=False)
        )
        asked = asked[: model.max_claim_tokens]
        told = told[: model.max_tokens - len(asked) - 3]
        first = [model.first_token, *asked, model.last_token]
        second = [*told, model.last_token]
        ids = np.array([first + second], dtype=np.int64)
        types = np.array([[0] * len(first) + [1] * len(second)], dtype=np.int64)
        given = {"ids": ids, "mask": np.ones_like(ids), "types": types}
        found.append(float(model.session.run(None, given)[0].reshape(-1)[0]))
    return tuple(found)


@cache
def _packaged() -> RerankModel:
    return open_reranker()


def answers_by_model(pairs: Sequence[Pair]) -> tuple[float, ...]:
    """An `AnswerReader`: `answers` of the packaged model, which is loaded at the first call."""
    return answers(_packaged(), pairs) if pairs else ()
