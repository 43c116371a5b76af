"""A text as numbers: hashed words and letters, and the signs of `spam_signs`.

Feature hashing after Weinberger et al. (ICML 2009), without their sign bit: the buckets are many
against the features of a desk's replies. Hashes are our own arithmetic, the same on every machine.
"""

from __future__ import annotations

import itertools
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.newsroom.spam_signs import SIGN_NAMES, rule_logit, sign_values
from onrecord.newsroom.spam_text import PlainForm, plain_form

__all__ = ["N_BUCKETS", "N_FEATURES", "Features", "features"]

N_BUCKETS = 1 << 17
# One more than the signs: the last feature is always 1.
N_FEATURES = N_BUCKETS + len(SIGN_NAMES) + 1
# Letters in a row; words of one letter more or less in an inflected language share most of them.
GRAM_LENGTHS = (3, 4, 5)
# Of the plain form, code points: what a mail says behind is mostly quoted or repeated.
MAX_HASHED = 6_000
_PRIME = np.uint64(1_099_511_628_211)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Which features a text has and how much of each: arrays of one length, places rising.

    Words and their pairs have length 1 together, so have runs of letters; signs are from 0 to 1.
    `rules` is the logit of the rule twin.
    """

    places: NDArray[np.int64]
    values: NDArray[np.float32]
    rules: float
    n_hidden: int


def features(text: str) -> Features:
    """The features of a text; an empty one has the last alone."""
    form = plain_form(text)
    words = _word_places(form)
    grams = _gram_places(form)
    signs = np.asarray((*sign_values(form), 1.0), dtype=np.float32)
    own = np.flatnonzero(signs)
    places = np.concatenate([words, grams, N_BUCKETS + own])
    values = np.concatenate([_even(len(words)), _even(len(grams)), signs[own]])
    order = np.argsort(places, kind="stable")
    places, first = np.unique(places[order], return_index=True)
    return Features(places, np.add.reduceat(values[order], first), rule_logit(form), form.n_hidden)


def _even(n: int) -> NDArray[np.float32]:
    return np.full(n, 1 / np.sqrt(n) if n else 0.0, dtype=np.float32)


def _word_places(form: PlainForm) -> NDArray[np.int64]:
    words = [w for w in (w.strip(".,:;!?()\"'*-") for w in form.text[:MAX_HASHED].split()) if w]
    parts = {f"w {word}" for word in words}
    parts |= {f"p {one} {other}" for one, other in itertools.pairwise(words)}
    hashed = (zlib.crc32(part.encode("utf-8", "replace")) % N_BUCKETS for part in parts)
    return np.unique(np.fromiter(hashed, dtype=np.int64))


def _gram_places(form: PlainForm) -> NDArray[np.int64]:
    """Buckets of letters in a row, spaces among them, by a rolling polynomial."""
    text = f" {form.text[:MAX_HASHED]} "
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    found = []
    for length in GRAM_LENGTHS:
        if len(codes) < length:
            continue
        hashed = np.full(len(codes) - length + 1, length, dtype=np.uint64)
        for i in range(length):
            hashed = hashed * _PRIME + codes[i : len(codes) - length + 1 + i]
        hashed = (hashed ^ (hashed >> np.uint64(29))) * _MIX
        found.append((hashed >> np.uint64(47)).astype(np.int64))
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
