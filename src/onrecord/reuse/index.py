"""Which texts of a history may share words with another: postings of fingerprints on disk.

A segment holds, sorted, the upper 32 bits of every fingerprint with the number of its text, and the
same for every four neighbouring words of a quotation. Eight bytes each; what a chance hit brings in
is sorted out by comparing the texts. Segments are merged as they grow, and `segments.json`, which
is replaced at once, names those in use: a kill leaves the last state. Rebuilt by `onrecord reindex`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import StoreError
from onrecord.fingerprint import fingerprints, hashes_of, shingles, words
from onrecord.reuse.quotations import QUOTATION_KEY, quotations
from onrecord.span import Span

__all__ = ["BEST", "MIN_HITS", "FingerprintIndex", "open_fingerprint_index"]

# Fingerprints that two texts must share to be compared: 1, 2, 3 and 5 tried (docs/adr/0012-copies.md
# has the table).
MIN_HITS = 3
# Texts compared in full, those with most hits.
BEST = 20
# A fingerprint of more texts than this is taken for the furniture of a site; not tuned. A report that
# an agency sold to a thousand papers is still found, and the rarest of its fingerprints are asked
# where all are more common.
MAX_TEXTS = 1_000
# Of a text whose fingerprints are all common, so many are asked, and so many texts of each.
N_RARE = 16
# Four words of quotations that stand in more texts than this are a saying; not tuned.
MAX_QUOTING = 200
# Keys that a text must share with a quotation of many: two swaps leave at least six of sixteen, and
# one alone is chance more often than not.
N_LONG, LEAST_OF_LONG = 16, 2
# Texts compared for one quotation, and for all quotations of a page.
BEST_OF_QUOTATION = 5
BEST_OF_QUOTATIONS = 20

_MANIFEST = "segments.json"
_ARRAYS = {
    "ids": np.uint64,
    "prints": np.uint32,
    "print_texts": np.uint32,
    "keys": np.uint32,
    "key_texts": np.uint32,
}
_UPPER = np.uint64(32)

_Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class _Segment:
    """Sorted postings of some texts; `texts` count from 0 within the segment."""

    ids: NDArray[np.uint64]
    prints: _Numbers
    print_texts: _Numbers
    keys: _Numbers
    key_texts: _Numbers

    @property
    def size(self) -> int:
        return len(self.prints) + len(self.keys)


@dataclass(slots=True)
class FingerprintIndex:
    """Postings in memory, or in a folder; see `open_fingerprint_index`."""

    folder: Path | None = None
    segments: list[_Segment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    last: int = 0

    def __len__(self) -> int:
        return sum(len(one.ids) for one in self.segments)

    def ids(self) -> frozenset[str]:
        """The ids of all texts."""
        return frozenset(f"{number:016x}" for one in self.segments for number in one.ids.tolist())

    def n_bytes(self) -> int:
        """What the postings take, on disk and, once read, in memory."""
        arrays = (getattr(one, name) for one in self.segments for name in _ARRAYS)
        return sum(array.nbytes for array in arrays)

    def add(self, texts: Iterable[tuple[str, str]]) -> int:
        """Adds texts by id, 16 hexadecimal digits each, and returns how many; no id twice.

        All of them are one segment, so that a few hundred at a time are best.
        """
        made = _made(texts)
        if not len(made.ids):
            return 0
        segments, names = [*self.segments, made], [*self.names, self._keep(made)]
        while len(segments) > 1 and segments[-2].size < 2 * segments[-1].size:
            joined = _joined(segments[-2], segments[-1])
            segments[-2:] = [joined]
            names[-2:] = [self._keep(joined)]
        self.segments, self.names = segments, names
        self._write_manifest()
        return len(made.ids)

    def near(self, text: str, within: Sequence[Span] | None = None) -> tuple[str, ...]:
        """The ids of texts to compare with a text, or with its stretches: most hits first.

        At most 20 by fingerprints, then at most 20 more by quotations.
        """
        numbers = hashes_of(words(text, within=within).forms)
        prints = np.unique(_short(fingerprints(numbers).hashes))
        by_prints = self._by_prints(prints)
        said = [
            np.unique(_short(shingles(hashes_of(one.words.forms), QUOTATION_KEY)))
            for one in quotations(text, within)
        ]
        by_quotations = self._by_quotations([one for one in said if len(one)])
        return tuple(dict.fromkeys([*by_prints, *by_quotations]))

    def _by_prints(self, prints: _Numbers) -> list[str]:
        """Texts that share enough fingerprints, most first."""
        found = [_ranges(one.prints, prints) for one in self.segments]
        if not found or not len(prints):
            return []
        n_texts = np.sum([high - low for low, high in found], axis=0)
        least = min(MIN_HITS, max(1, len(prints) // 2))
        asked = n_texts <= MAX_TEXTS
        if np.count_nonzero(asked & (n_texts > 0)) < least:
            asked = np.zeros(len(prints), bool)
            asked[np.argsort(n_texts + (n_texts == 0) * (1 << 40), kind="stable")[:N_RARE]] = True
        hits: list[tuple[int, str]] = []
        for one, (low, high) in zip(self.segments, found, strict=True):
            texts = one.print_texts[_within(low[asked], np.minimum(high, low + MAX_TEXTS)[asked])]
            numbers, n_hits = np.unique(texts, return_counts=True)
            enough = n_hits >= least
            numbers, n_hits = numbers[enough], n_hits[enough]
            order = np.argsort(-n_hits, kind="stable")[:BEST]
            hits += [
                (-int(n), f"{one.ids[number]:016x}")
                for number, n in zip(numbers[order], n_hits[order], strict=True)
            ]
        return [text for _, text in sorted(hits)[:BEST]]

    def _by_quotations(self, said: Sequence[_Numbers]) -> list[str]:
        """Texts whose quotations share four words with one of these, best for each in turn."""
        if not said or not self.segments:
            return []
        keys = np.concatenate(said)
        owners = np.repeat(np.arange(len(said)), [len(one) for one in said])
        found = [_ranges(one.keys, keys) for one in self.segments]
        n_texts = np.sum([high - low for low, high in found], axis=0)
        asked = n_texts <= MAX_QUOTING
        hits: list[tuple[int, int, str]] = []
        for one, (low, high) in zip(self.segments, found, strict=True):
            places = _within(low[asked], high[asked])
            if not len(places):
                continue
            whose = np.repeat(owners[asked], (high - low)[asked]).astype(np.uint64)
            both = (whose << _UPPER) | one.key_texts[places].astype(np.uint64)
            pairs, n_hits = np.unique(both, return_counts=True)
            for pair, n in zip(pairs.tolist(), n_hits.tolist(), strict=True):
                if n >= (LEAST_OF_LONG if len(said[pair >> 32]) >= N_LONG else 1):
                    hits.append((pair >> 32, -n, f"{one.ids[pair & 0xFFFFFFFF]:016x}"))
        hits.sort()
        ranked: list[tuple[int, int, str]] = []
        owner, rank = -1, 0
        for whose_, n, text in hits:
            rank = rank + 1 if whose_ == owner else 0
            owner = whose_
            if rank < BEST_OF_QUOTATION:
                ranked.append((rank, n, text))
        return list(dict.fromkeys(text for *_, text in sorted(ranked)))[:BEST_OF_QUOTATIONS]

    def _keep(self, segment: _Segment) -> str:
        if self.folder is None:
            return ""
        self.last += 1
        name = f"{self.last:08}"
        place = self.folder / name
        try:
            if place.exists():  # of a call that was killed
                shutil.rmtree(place)
            place.mkdir(parents=True)
            for array in _ARRAYS:
                np.save(place / f"{array}.npy", getattr(segment, array), allow_pickle=False)
        except OSError as error:
            raise StoreError(
                f"cannot write the history's index in {str(self.folder)!r}: {error.strerror}; "
                "expected a disk that is not full and can be written"
            ) from error
        return name

    def _write_manifest(self) -> None:
        if self.folder is None:
            return
        path = self.folder / _MANIFEST
        part = path.with_suffix(".part")
        part.write_text(json.dumps({"last": self.last, "segments": self.names}), encoding="utf-8")
        os.replace(part, path)  # noqa: PTH105 - the atomic one
        for place in self.folder.iterdir():
            if place.is_dir() and place.name not in self.names:
                shutil.rmtree(place, ignore_errors=True)
        self.segments = [_read(self.folder / name) for name in self.names]


def open_fingerprint_index(folder: Path | None, *, rebuild: bool = False) -> FingerprintIndex:
    """The index in a folder, made on first use; in memory alone for `None`.

    Arrays are mapped, so that opening costs nothing and the system keeps what is asked often.
    `rebuild` empties it first. Raises `StoreError` where the folder holds no readable index.
    """
    if folder is None:
        return FingerprintIndex()
    if rebuild and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / _MANIFEST
    if not manifest.exists():
        return FingerprintIndex(folder)
    try:
        kept = json.loads(manifest.read_text(encoding="utf-8"))
        names, last = [str(name) for name in kept["segments"]], int(kept["last"])
        segments = [_read(folder / name) for name in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"the history's index in {str(folder)!r} cannot be read: {error}; "
            'run "onrecord reindex"'
        ) from error
    return FingerprintIndex(folder, segments, names, last)


def _read(place: Path) -> _Segment:
    return _Segment(
        **{
            name: np.load(place / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in _ARRAYS
        }
    )


def _made(texts: Iterable[tuple[str, str]]) -> _Segment:
    """The segment of some texts."""
    ids: list[int] = []
    prints: list[_Numbers] = []
    keys: list[_Numbers] = []
    for text_id, text in texts:
        ids.append(int(text_id, 16))
        prints.append(np.unique(_short(fingerprints(hashes_of(words(text).forms)).hashes)))
        said = [shingles(hashes_of(q.words.forms), QUOTATION_KEY) for q in quotations(text)]
        keys.append(np.unique(_short(np.concatenate(said))) if said else np.empty(0, np.uint32))
    return _Segment(np.array(ids, np.uint64), *_postings(prints), *_postings(keys))


def _postings(hashes: Sequence[_Numbers]) -> tuple[_Numbers, _Numbers]:
    """The hashes of all texts in order, and beside each the number of its text."""
    if not hashes:
        return np.empty(0, np.uint32), np.empty(0, np.uint32)
    every = np.concatenate(hashes)
    texts = np.repeat(np.arange(len(hashes), dtype=np.uint32), [len(one) for one in hashes])
    order = np.argsort(every, kind="stable")
    return every[order], texts[order]


def _joined(first: _Segment, second: _Segment) -> _Segment:
    """One segment for two; the texts of the second are counted on."""
    n = np.uint32(len(first.ids))
    out: dict[str, NDArray[np.uint32]] = {}
    for hashes, texts in (("prints", "print_texts"), ("keys", "key_texts")):
        every = np.concatenate((getattr(first, hashes), getattr(second, hashes)))
        whose = np.concatenate((getattr(first, texts), getattr(second, texts) + n))
        order = np.argsort(every, kind="stable")
        out |= {hashes: every[order], texts: whose[order]}
    return _Segment(ids=np.concatenate((first.ids, second.ids)), **out)


def _short(hashes: NDArray[np.uint64]) -> _Numbers:
    """The upper halves: 64 bits tell all texts apart, 32 tell postings well enough."""
    return (hashes >> _UPPER).astype(np.uint32)


def _ranges(sorted_: _Numbers, wanted: _Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each wanted hash stands, half-open."""
    return np.searchsorted(sorted_, wanted, "left"), np.searchsorted(sorted_, wanted, "right")


def _within(low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every place of these half-open ranges, one after the other."""
    n = high - low
    return np.repeat(low - np.cumsum(n) + n, n) + np.arange(n.sum())
