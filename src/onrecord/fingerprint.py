"""Fingerprints of a text by winnowing: few numbers, and texts that share a run share one of them.

Schleimer, Wilkerson and Aiken 2003, "Winnowing: local algorithms for document fingerprinting",
section 3: of each window of `WINDOW` neighbouring shingles the smallest hash is kept. A shared run
of `WINDOW + SHINGLE - 1` words always shares a fingerprint, one shorter than `SHINGLE` words never.
We differ in that shingles are of words, not of characters. Hashes are 64 bits wide and the same on
every machine and in every run.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.span import Span

__all__ = [
    "SHINGLE",
    "WINDOW",
    "Fingerprints",
    "Words",
    "fingerprints",
    "hashes_of",
    "shingles",
    "words",
]

# Shingles of 3 to 8 words and windows of 4 to 16 tried on bench/copies (docs/adr/0012-copies.md has
# the table): five words are rarely shared by chance, and a window of eight keeps two in nine.
SHINGLE = 5
WINDOW = 8

# Scripts without spaces are read sign by sign. Marks that combine, soft hyphens and signs of no
# width belong to the word they stand in, so that none hides a copy.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_INSIDE = "\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff"
_APOSTROPHES = "'’‘ʼ＇"
_SIGN = rf"[^\W_{_UNSPACED}]"
_WORD = re.compile(rf"[{_UNSPACED}]|{_SIGN}+(?:[{_INSIDE}{_APOSTROPHES}]+{_SIGN}+)*[{_INSIDE}]*")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9]+(?:'+[A-Za-z0-9]+)*")  # the same in ASCII, in half the time
_LEFT_OUT = re.compile(rf"[{_INSIDE}{_APOSTROPHES}]")

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, odd
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # of splitmix64


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in a form that copies share, and where each stands in it.

    `forms` are in lower case without accents, apostrophes and hidden signs; `starts` and `ends`
    count code points of the text.
    """

    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.forms)

    def span(self, start: int, end: int) -> Span:
        """From the first code point of word `start` to the last of word `end - 1`."""
        return Span(self.starts[start], self.ends[end - 1])


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The kept hashes `(n,)`, and for each the number of the first word of its shingle `(n,)`."""

    hashes: NDArray[np.uint64]
    positions: NDArray[np.int64]


def words(text: str, *, within: Sequence[Span] | None = None) -> Words:
    r"""The words of a text, or of its stretches `within`, which stand in order.

    Case, accents, marks, dashes, spaces and hidden signs do not tell words apart; signs of a
    script without spaces are words of their own.

    >>> words("It’s  a well-known CAFÉ").forms
    ('its', 'a', 'well', 'known', 'cafe')
    >>> words("one two three", within=[Span(4, 13)]).starts
    (4, 8)
    """
    forms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    seen: dict[str, str] = {}
    pattern = _PLAIN_WORD if text.isascii() else _WORD
    for stretch in within if within is not None else (Span(0, len(text)),):
        for found in pattern.finditer(text, stretch.start, stretch.end):
            written = found[0]
            form = seen.get(written)
            if form is None:
                form = seen[written] = _form(written)
            forms.append(form)
            start, end = found.span()
            starts.append(start)
            ends.append(end)
    return Words(tuple(forms), tuple(starts), tuple(ends))


def hashes_of(forms: Sequence[str]) -> NDArray[np.uint64]:
    """A 64-bit hash for each word `(n,)`, equal for equal words on every machine."""
    known: dict[str, int] = {}
    out = np.empty(len(forms), np.uint64)
    for at, form in enumerate(forms):
        number = known.get(form)
        if number is None:
            digest = hashlib.blake2b(form.encode("utf-8", "replace"), digest_size=8).digest()
            number = known[form] = int.from_bytes(digest, "little")
        out[at] = number
    return out


def shingles(hashes: NDArray[np.uint64], size: int = SHINGLE) -> NDArray[np.uint64]:
    """The hash of each run of `size` words `(n - size + 1,)`; none where there are fewer words."""
    n = len(hashes) - size + 1
    if n <= 0:
        return np.empty(0, np.uint64)
    total = np.zeros(n, np.uint64)
    for at in range(size):
        total = total * _MULTIPLIER + hashes[at : at + n]
    # The sum alone orders shingles by their last word; mixed, the smallest is any of the window.
    total = (total ^ (total >> np.uint64(30))) * _MIX[0]
    total = (total ^ (total >> np.uint64(27))) * _MIX[1]
    return np.asarray(total ^ (total >> np.uint64(31)), np.uint64)


def fingerprints(
    hashes: NDArray[np.uint64], *, shingle: int = SHINGLE, window: int = WINDOW
) -> Fingerprints:
    """The fingerprints of a text from the hashes of its words; the cost is linear.

    A text of fewer than `window` shingles keeps the smallest one, and one of fewer than `shingle`
    words has none. Of equal hashes in a window the last is kept.

    >>> numbers = hashes_of("the bridge was closed for three days after the storm".split())
    >>> len(fingerprints(numbers).hashes)
    1
    """
    every = shingles(hashes, shingle)
    n = len(every)
    if n == 0:
        return Fingerprints(every, np.empty(0, np.int64))
    width = min(window, n)
    windows = np.lib.stride_tricks.sliding_window_view(every, width)
    last = width - 1 - np.argmin(windows[:, ::-1], axis=1)
    positions = np.unique(np.arange(len(windows)) + last)
    return Fingerprints(every[positions], positions)


def _form(written: str) -> str:
    """The word as copies share it."""
    if written.isascii():
        return written.lower().replace("'", "")
    bare = unicodedata.normalize("NFKD", _LEFT_OUT.sub("", written).casefold())
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return kept or written
