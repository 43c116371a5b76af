"""Keys by which an altered quotation is looked up: three words of four neighbours, in any order.

Three neighbours make a key, and so do the first, the second and the fourth of four. Of eight words
at least one key is left whole by any two changes (words left out, put in, replaced, or swapped with
their neighbour): the key with a gap stands for a word that is gone, and without an order a swap
inside of a key does not show.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.fingerprint import hashes_of, shingles

__all__ = ["KEY_WORDS", "keys_of"]

KEY_WORDS = 3


def keys_of(forms: Sequence[str]) -> NDArray[np.uint64]:
    """The keys of a quotation's words, sorted; none of fewer than three words.

    >>> first, second = "we still have your private data".split(), "we have your data".split()
    >>> len(set(keys_of(first)) & set(keys_of(second)))
    1
    """
    hashes = hashes_of(forms)
    n = len(hashes) - KEY_WORDS
    if n < 0:
        return np.empty(0, np.uint64)
    near = np.stack((hashes[: n + 1], hashes[1 : n + 2], hashes[2:]), axis=1)
    gapped = np.stack((hashes[:n], hashes[1 : n + 1], hashes[3:]), axis=1)
    words = np.sort(np.concatenate((near, gapped)), axis=1)
    return np.unique(shingles(words.ravel(), KEY_WORDS)[::KEY_WORDS])
