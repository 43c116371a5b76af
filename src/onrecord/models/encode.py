"""From text to token numbers with their places in the text, and from token rows to batches.

Offsets are code points into the text as given; the `tokenizers` library keeps them through its
own normalisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["Tokens", "by_length", "open_tokenizer", "padded", "tokens"]


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The word pieces of one text: `ids`, `starts` and `ends`, each `(tokens,)` and int32."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


def open_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a `tokenizer.json`, without cutting or padding."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def tokens(tokenizer: Tokenizer, text: str) -> Tokens:
    """The word pieces of the whole text, without special tokens; linear in its length."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2)
    return Tokens(
        np.array(encoding.ids, dtype=np.int32),
        np.ascontiguousarray(offsets[:, 0]),
        np.ascontiguousarray(offsets[:, 1]),
    )


def by_length(lengths: Sequence[int], *, budget: int) -> Iterator[list[int]]:
    """Row numbers in batches of similar length, longest first.

    A batch holds at most `budget` tokens, padding counted, and at least one row.
    """
    order = sorted(range(len(lengths)), key=lambda row: (-lengths[row], row))
    batch: list[int] = []
    for row in order:
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def padded(rows: Sequence[NDArray[np.integer]], *, fill: int = 0) -> NDArray[np.int64]:
    """The rows as one array `(rows, longest)`, int64, `fill` behind the shorter ones."""
    longest = max((len(row) for row in rows), default=0)
    array = np.full((len(rows), longest), fill, dtype=np.int64)
    for number, row in enumerate(rows):
        array[number, : len(row)] = row
    return array
