"""Postings of some texts: sorted hashes, and beside each the number of its text.

Of every fingerprint and of every key of a quotation the upper 32 bits are kept, with the number of
the text within the segment: eight bytes each. What a chance hit brings in is sorted out by
comparing the texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.fingerprint import fingerprints, hashes_of, words
from onrecord.reuse.keys import keys_of
from onrecord.reuse.quotations import quotations

__all__ = [
    "ARRAYS",
    "TEXTS_OF",
    "Numbers",
    "Segment",
    "joined",
    "made",
    "places",
    "ranges",
    "read",
    "short",
    "without",
]

ARRAYS = {
    "ids": np.uint64,
    "prints": np.uint32,
    "print_texts": np.uint32,
    "keys": np.uint32,
    "key_texts": np.uint32,
}
TEXTS_OF = {"prints": "print_texts", "keys": "key_texts"}
_UPPER = np.uint64(32)

Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Segment:
    """Sorted postings of some texts; `texts` count from 0 within the segment."""

    ids: NDArray[np.uint64]
    prints: Numbers
    print_texts: Numbers
    keys: Numbers
    key_texts: Numbers

    @property
    def size(self) -> int:
        """How many postings it holds."""
        return len(self.prints) + len(self.keys)


def read(place: Path) -> Segment:
    """The segment in a folder, mapped."""
    return Segment(
        **{
            name: np.load(place / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ARRAYS
        }
    )


def made(texts: Iterable[tuple[str, str]]) -> Segment:
    """The segment of some texts."""
    ids: list[int] = []
    prints: list[Numbers] = []
    keys: list[Numbers] = []
    for text_id, text in texts:
        ids.append(int(text_id, 16))
        prints.append(np.unique(short(fingerprints(hashes_of(words(text).forms)).hashes)))
        said = [keys_of(one.words.forms) for one in quotations(text)]
        keys.append(np.unique(short(np.concatenate(said))) if said else np.empty(0, np.uint32))
    return Segment(np.array(ids, np.uint64), *_postings(prints), *_postings(keys))


def _postings(hashes: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """The hashes of all texts in order, and beside each the number of its text."""
    if not hashes:
        return np.empty(0, np.uint32), np.empty(0, np.uint32)
    every = np.concatenate(hashes)
    texts = np.repeat(np.arange(len(hashes), dtype=np.uint32), [len(one) for one in hashes])
    order = np.argsort(every, kind="stable")
    return every[order], texts[order]


def joined(first: Segment, second: Segment) -> Segment:
    """One segment for two; the texts of the second are counted on."""
    n = np.uint32(len(first.ids))
    out: dict[str, NDArray[np.uint32]] = {}
    for hashes, texts in (("prints", "print_texts"), ("keys", "key_texts")):
        every = np.concatenate((getattr(first, hashes), getattr(second, hashes)))
        whose = np.concatenate((getattr(first, texts), getattr(second, texts) + n))
        order = np.argsort(every, kind="stable")
        out |= {hashes: every[order], texts: whose[order]}
    return Segment(ids=np.concatenate((first.ids, second.ids)), **out)


def short(hashes: NDArray[np.uint64]) -> Numbers:
    """The upper halves: 64 bits tell all texts apart, 32 tell postings well enough."""
    return (hashes >> _UPPER).astype(np.uint32)


def ranges(sorted_: Numbers, wanted: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each wanted hash stands, half-open."""
    return np.searchsorted(sorted_, wanted, "left"), np.searchsorted(sorted_, wanted, "right")


def places(low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every place of these half-open ranges, one after the other."""
    n = high - low
    return np.repeat(low - np.cumsum(n) + n, n) + np.arange(n.sum())


def without(segment: Segment, numbers: Collection[int]) -> Segment:
    """The segment without the texts of these numbers; those that stay are counted anew."""
    stays = np.ones(len(segment.ids), bool)
    stays[list(numbers)] = False
    number_of = (np.cumsum(stays) - 1).astype(np.uint32)
    out: dict[str, Numbers] = {}
    for hashes, texts in TEXTS_OF.items():
        whose = np.asarray(getattr(segment, texts))
        kept = stays[whose]
        out |= {hashes: getattr(segment, hashes)[kept], texts: number_of[whose[kept]]}
    return Segment(ids=np.asarray(segment.ids)[stays], **out)
