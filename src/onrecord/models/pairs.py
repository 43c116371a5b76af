"""The packaged cross-encoders: models that read two texts together, a claim and another one.

Each pair is read alone: 8-bit numbers are scaled over a whole batch, so that in one a pair's answer
would depend on its neighbours; and batches are no faster on one thread (160 pairs of 88 tokens: 67 a
second alone, 61 in batches of 2,048 tokens).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.models import Model, open_session
from onrecord.models.encode import open_tokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["Pair", "PairReader", "open_pair_reader", "pair_logits"]

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class PairReader:
    """A cross-encoder, loaded, and the token numbers and lengths of its manifest."""

    session: InferenceSession
    tokenizer: Tokenizer
    first_token: int
    last_token: int
    max_claim_tokens: int
    max_tokens: int


def open_pair_reader(model: Model, *, threads: int = 1) -> PairReader:
    """The cross-encoder of a model folder.

    Raises `ModelError` when its weights cannot be loaded or its manifest is that of another model.
    """
    tokenizer = open_tokenizer(model.file("tokenizer.json"))
    # "[SEP]" written in a text is text and does not end it.
    tokenizer.encode_special_tokens = True
    told = model.manifest
    try:
        return PairReader(
            open_session(model.file("model.onnx"), threads=threads, keeps_buffers=True),
            tokenizer,
            int(told["first_token"]),
            int(told["last_token"]),
            int(told["max_claim_tokens"]),
            int(told["max_tokens"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"the manifest of model {model.name!r} is not that of a model for pairs: {error}; "
            "install onrecord again"
        ) from error


def pair_logits(reader: PairReader, pairs: Sequence[Pair]) -> NDArray[np.float32]:
    """The raw logits `(pairs, labels)` of each claim with its text; no pairs give `(0, 0)`.

    Of a claim the first `max_claim_tokens` word pieces are read, of a pair `max_tokens`. Cost:
    linear in the word pieces, each text tokenised once.
    """
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    encoded = reader.tokenizer.encode_batch(texts, add_special_tokens=False)
    pieces = {text: encoding.ids for text, encoding in zip(texts, encoded, strict=True)}
    rows = []
    for claim, text in pairs:
        first = [reader.first_token, *pieces[claim][: reader.max_claim_tokens], reader.last_token]
        second = [*pieces[text][: reader.max_tokens - len(first) - 1], reader.last_token]
        ids = np.array([first + second], dtype=np.int64)
        types = np.array([[0] * len(first) + [1] * len(second)], dtype=np.int64)
        given = {"ids": ids, "mask": np.ones_like(ids), "types": types}
        rows.append(np.asarray(reader.session.run(None, given)[0]).reshape(-1))
    return (
        np.array(rows, dtype=np.float32).reshape(len(rows), -1)
        if rows
        else np.zeros((0, 0), np.float32)
    )
