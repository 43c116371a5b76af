"""The trained scorer of check-worthiness, on onnxruntime.

The model reads one sentence at a time, was trained on debates and says nothing about whether a
sentence is true (`models/checkworthiness/card.md`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from onrecord.claims.masks import masked
from onrecord.claims.rank import ClaimScorer
from onrecord.errors import ModelError
from onrecord.models import Model, open_model, open_session
from onrecord.models.encode import open_tokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["MODEL", "TrainedScorer", "cleaned", "open_scorer", "packaged_scorer", "score_by_model"]

MODEL = "checkworthiness"
# Scores that are kept by reading, about 0.3 kB each, all dropped when there are more, for an archive
# whose pages repeat sentences (of 60 pages of many outlets none stood on two).
KEPT_SCORES = 16_384
_SPEAKER = re.compile(r"^\s*(?:[A-Z][A-Za-z.'-]+\s){0,2}[A-Z][A-Z.'-]+\s*:\s+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, eq=False)
class TrainedScorer:
    """The packaged model, loaded, and what its manifest says of reading it."""

    session: InferenceSession
    tokenizer: Tokenizer
    first_token: int
    last_token: int
    max_tokens: int
    temperature: float
    threshold: float
    known: dict[str, float] = field(default_factory=dict)

    def __call__(self, texts: Sequence[str]) -> tuple[float, ...]:
        """The check-worthiness of each text, 0 to 1, in order.

        Listed names are read as stand-ins (`masks`), so that a score does not rest on them.
        What stands past `max_tokens` word pieces is not read. Cost: linear in the word pieces,
        one reading for equal texts.
        """
        readings = [masked(cleaned(text)) for text in texts]
        known = {reading: self.known.get(reading) for reading in readings}
        found = self._read([reading for reading, score in known.items() if score is None])
        found |= {reading: score for reading, score in known.items() if score is not None}
        return tuple(found[reading] for reading in readings)

    def _read(self, readings: Sequence[str]) -> dict[str, float]:
        """The scores of texts that are not known yet."""
        # One by one: the 8-bit graph scales a batch as a whole, so that a sentence's score would
        # depend on its neighbours (by .015 on average, .11 at most, on news), and batches of
        # 2,048 tokens took half as long again on one thread.
        logits = np.zeros(len(readings))
        encoded = self.tokenizer.encode_batch(list(readings), add_special_tokens=False)
        for i, encoding in enumerate(encoded):
            pieces = encoding.ids[: self.max_tokens - 2]
            ids = np.array([[self.first_token, *pieces, self.last_token]], dtype=np.int64)
            outputs = self.session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
            logits[i] = outputs[0][0]
        worth = 1 / (1 + np.exp(-logits / self.temperature))
        found = dict(zip(readings, worth.tolist(), strict=True))
        if len(self.known) + len(found) > KEPT_SCORES:
            self.known.clear()
        self.known.update(found)
        return found


def cleaned(text: str) -> str:
    """The text as in training: no speaker's label before it, single spaces.

    >>> cleaned("SMITH: The bridge   cost 12 million.")
    'The bridge cost 12 million.'
    """
    text = text.strip()
    if len(text) > 2 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', ""):
        text = text[1:-1].replace('""', '"')
    return _SPACE.sub(" ", _SPEAKER.sub("", text)).strip()


def open_scorer(model: Model | None = None, *, threads: int = 1) -> TrainedScorer:
    """The packaged scorer, or one of another folder.

    Raises `ModelError`, which names the rule twin, when files are missing or altered.
    """
    try:
        model = model or open_model(MODEL)
        told = model.manifest
        return TrainedScorer(
            open_session(model.file("model.onnx"), threads=threads, keeps_buffers=True),
            open_tokenizer(model.file("tokenizer.json")),
            int(told["first_token"]),
            int(told["last_token"]),
            int(told["max_tokens"]),
            float(told["temperature"]),
            float(told["threshold"]),
        )
    except ModelError as error:
        raise ModelError(f"{error}; or set claims = 'signs' under [stages]") from error
    except KeyError as error:
        raise ModelError(
            f"the manifest of model {MODEL!r} has no key {error}; install onrecord again, or set "
            "claims = 'signs' under [stages]"
        ) from error


@cache
def _packaged() -> TrainedScorer:
    return open_scorer()


def score_by_model(texts: Sequence[str]) -> tuple[float, ...]:
    """The packaged scorer's check-worthiness of each text; it is loaded at the first text.

    Raises `ModelError` as `open_scorer` does.
    """
    return _packaged()(texts) if texts else ()


def packaged_scorer() -> ClaimScorer:
    """The packaged scorer, loaded, with the threshold of its manifest."""
    return ClaimScorer(score_by_model, _packaged().threshold)
