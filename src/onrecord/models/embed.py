"""The packaged embedder: texts to unit vectors, on onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from onrecord.models.encode import by_length, open_tokenizer, padded

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["NAME", "TextEmbedder", "open_embedder"]

NAME = "embedder"
# The length that the model was trained at, first and last token included; the rest is not read.
MAX_TOKENS = 160
# Tokens of a batch, padding counted: larger batches were no faster on one thread.
BUDGET = 2_048
# Tokenised at a time, so that an import of any size needs the memory of this many texts.
CHUNK = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class TextEmbedder:
    """Turns texts into unit vectors; see `open_embedder`."""

    session: InferenceSession
    tokenizer: Tokenizer
    n_dimensions: int

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors `(texts, dimensions)`, each of length 1; text past 160 word pieces is not read.

        Texts are read in batches of similar length; the order of the rows is that of the texts.
        """
        out = np.zeros((len(texts), self.n_dimensions), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            part = texts[start : start + CHUNK]
            rows = [
                np.array(encoding.ids, dtype=np.int64)
                for encoding in self.tokenizer.encode_batch_fast(list(part))
            ]
            for batch in by_length([len(row) for row in rows], budget=BUDGET):
                ids = padded([rows[i] for i in batch])
                mask = padded([np.ones_like(rows[i]) for i in batch])
                vectors = self.session.run(None, {"ids": ids, "mask": mask})[0]
                out[start + np.array(batch)] = vectors
        return out


def open_embedder(folder: Path | None = None) -> TextEmbedder:
    """The embedder packaged under `models/embedder/`, or the model folder given.

    Raises `ModelError` when it is missing, altered, or cannot be loaded.
    """
    from onrecord.models import open_model, open_session

    model = open_model(NAME) if folder is None else open_model(folder.name, folder.parent)
    session = open_session(model.file("model.onnx"))
    tokenizer = open_tokenizer(model.file("tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    n_dimensions = int(session.get_outputs()[0].shape[-1])
    return TextEmbedder(session, tokenizer, n_dimensions)
