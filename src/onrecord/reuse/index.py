"""Which texts of a history may share words with another: postings of fingerprints on disk.

Texts come in by the fingerprints that they share, and by the keys of a quotation; comparing them is
left to `find`. Segments are merged as they grow, and `segments.json`, which is replaced at once,
names those in use: a kill leaves the last state. Rebuilt by `onrecord reindex`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import StoreError
from onrecord.fingerprint import fingerprints, hashes_of, shingles, words
from onrecord.record import HistoryState
from onrecord.reuse.keys import keys_of
from onrecord.reuse.postings import (
    ARRAYS,
    TEXTS_OF,
    Numbers,
    Segment,
    joined,
    made,
    places,
    ranges,
    read,
    short,
    without,
)
from onrecord.reuse.quotations import Quotation, quotations
from onrecord.reuse.sift import may_quote
from onrecord.span import Span

__all__ = ["BEST", "MIN_HITS", "FingerprintIndex", "Near", "open_fingerprint_index", "stamp_of"]

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
# Three words of quotations that stand in more texts than this are a saying; not tuned.
MAX_QUOTING = 200
# Hashes that a text must share with a quotation that has many (27 are those of 16 words): of 956
# texts that shared one or two by chance 2 held the quotation (bench/copies), and four words in a
# row, which are three hashes, are shared by chance too.
MANY, LEAST_OF_MANY = 27, 4
# A text that shares less than this part of what the best one shares of a quotation is not compared:
# beside 80 words that stand there whole, four in a row are chance. Not tuned.
CHANCE = 16
# Texts compared for one quotation of many, and for all quotations of a page.
BEST_OF_QUOTATION = 20
BEST_OF_QUOTATIONS = 20

# 2: keys of three words instead of four. Other formats are made anew by `onrecord reindex`.
FORMAT = 2

_MANIFEST = "segments.json"
_UPPER = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Near:
    """Texts to compare with a page: those by fingerprints first, likeliest first.

    `doubtful` are texts that share next to nothing, each with the quotations it may hold.
    """

    ids: tuple[str, ...]
    doubtful: Mapping[str, Sequence[Quotation]]

    def is_likely(self, text_id: str, text: str) -> bool:
        """Whether a text is worth comparing."""
        said = self.doubtful.get(text_id)
        return said is None or may_quote(said, text)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A text that shares hashes with a quotation, known by its number."""

    said: int
    text: str
    weight: float
    n: int


@dataclass(slots=True)
class FingerprintIndex:
    """Postings in memory, or in a folder; see `open_fingerprint_index`."""

    folder: Path | None = None
    segments: list[Segment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    last: int = 0
    seen: tuple[str, str] = ("", "")
    stamp: int = 0  # of the manifest that was read or written last

    def __len__(self) -> int:
        return sum(len(one.ids) for one in self.segments)

    def ids(self) -> frozenset[str]:
        """The ids of all texts."""
        return frozenset(f"{number:016x}" for one in self.segments for number in one.ids.tolist())

    def n_bytes(self) -> int:
        """What the postings take, on disk and, once read, in memory."""
        arrays = (getattr(one, name) for one in self.segments for name in ARRAYS)
        return sum(array.nbytes for array in arrays)

    def state(self) -> HistoryState:
        """How many texts there are, since when, and a digest of their ids: 0.1 s for a million."""
        if not len(self):
            return HistoryState(0)
        every = np.sort(np.concatenate([one.ids for one in self.segments]))
        digest = hashlib.sha256(every.astype(">u8").tobytes()).hexdigest()
        first, last = (time[:10] for time in self.seen)
        return HistoryState(len(every), first, last, digest)

    def add(self, texts: Iterable[tuple[str, str]], *, seen: tuple[str, str] = ("", "")) -> int:
        """Adds texts by id, 16 hexadecimal digits each, and returns how many; no id twice.

        All of them are one segment, so that a few hundred at a time are best. `seen` are the
        earliest and the latest time at which they were first seen (ISO 8601, UTC).
        """
        fresh = made(texts)
        with self._alone():
            wider = _wider(self.seen, seen)
            if not len(fresh.ids):
                if wider != self.seen:
                    self.seen = wider
                    self._write_manifest()
                return 0
            segments, names = [*self.segments, fresh], [*self.names, self._keep(fresh)]
            while len(segments) > 1 and segments[-2].size < 2 * segments[-1].size:
                larger = joined(segments[-2], segments[-1])
                segments[-2:] = [larger]
                names[-2:] = [self._keep(larger)]
            self.segments, self.names, self.seen = segments, names, wider
            self._write_manifest()
        return len(fresh.ids)

    def remove(self, ids: Iterable[str], *, seen: tuple[str, str] = ("", "")) -> int:
        """Takes texts out with all their postings and returns how many were there.

        Segments that hold one of them are written anew; `seen` is what holds for the rest.
        """
        gone = np.array(sorted({int(text_id, 16) for text_id in ids}), np.uint64)
        n = 0
        with self._alone():
            kept: list[tuple[Segment, str]] = []
            for segment, name in zip(self.segments, self.names, strict=True):
                numbers = np.flatnonzero(np.isin(segment.ids, gone))
                n += len(numbers)
                if not len(numbers):
                    kept.append((segment, name))
                elif len(numbers) < len(segment.ids):
                    rest = without(segment, numbers.tolist())
                    kept.append((rest, self._keep(rest)))
            if n:
                self.segments = [segment for segment, _ in kept]
                self.names = [name for _, name in kept]
                self.seen = seen
                self._write_manifest()
        return n

    def near(self, text: str, within: Sequence[Span] | None = None) -> tuple[str, ...]:
        """The ids of texts to compare with a text, or with its stretches: most hits first.

        At most 20 by fingerprints, then at most 20 more by quotations.
        """
        return self.asked(text, within).ids

    def asked(self, text: str, within: Sequence[Span] | None = None) -> Near:
        """The same, with what brought each in."""
        ours = words(text, within=within)
        prints = np.unique(short(fingerprints(hashes_of(ours.forms)).hashes))
        said = quotations(text, within, known=ours)
        by_prints = self._by_prints(prints)
        by_quotations = self._by_quotations([one.words.forms for one in said])
        doubtful = {
            text: [said[hit.said] for hit in hits]
            for text, hits in by_quotations.items()
            if text not in by_prints and max(hit.n for hit in hits) < LEAST_OF_MANY
        }
        return Near(tuple(dict.fromkeys([*by_prints, *by_quotations])), doubtful)

    def _by_prints(self, prints: Numbers) -> list[str]:
        """Texts that share enough fingerprints, most first."""
        found = [ranges(one.prints, prints) for one in self.segments]
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
            texts = one.print_texts[places(low[asked], np.minimum(high, low + MAX_TEXTS)[asked])]
            numbers, n_hits = np.unique(texts, return_counts=True)
            enough = n_hits >= least
            numbers, n_hits = numbers[enough], n_hits[enough]
            order = np.argsort(-n_hits, kind="stable")[:BEST]
            hits += [
                (-int(n), f"{one.ids[number]:016x}")
                for number, n in zip(numbers[order], n_hits[order], strict=True)
            ]
        return [text for _, text in sorted(hits)[:BEST]]

    def _by_quotations(self, said: Sequence[Sequence[str]]) -> dict[str, list[_Hit]]:
        """Texts likely to hold one of the quotations, the best for each in turn.

        Besides its keys every shingle of a quotation is asked: by these a text is found that has
        the words without marks.
        """
        keys = [np.unique(short(keys_of(forms))) for forms in said]
        runs = [np.unique(short(shingles(hashes_of(forms)))) for forms in said]
        best: dict[tuple[int, str], _Hit] = {}
        for hit in self._likely(keys, "keys") + self._likely(runs, "prints"):
            at = hit.said, hit.text
            one = best.get(at)
            best[at] = hit if one is None else _Hit(*at, one.weight + hit.weight, one.n + hit.n)
        most: dict[int, float] = {}
        for hit in best.values():
            most[hit.said] = max(most.get(hit.said, 0.0), hit.weight)
        best = {at: hit for at, hit in best.items() if hit.weight * CHANCE >= most[hit.said]}
        rank_of: dict[int, int] = {}
        turns: list[tuple[int, float, str]] = []
        for hit in sorted(best.values(), key=lambda one: (-one.weight, one.text)):
            rank = rank_of[hit.said] = rank_of.get(hit.said, -1) + 1
            turns.append((rank, -hit.weight, hit.text))
        chosen = list(dict.fromkeys(text for *_, text in sorted(turns)))[:BEST_OF_QUOTATIONS]
        out: dict[str, list[_Hit]] = {text: [] for text in chosen}
        for hit in best.values():
            if hit.text in out:
                out[hit.text].append(hit)
        return out

    def _likely(self, asked: Sequence[Numbers], postings: str) -> list[_Hit]:
        """The best texts for each quotation with the weight of the hashes that they share."""
        if not sum(map(len, asked)) or not self.segments:
            return []
        hashes = np.concatenate(asked)
        owners = np.repeat(np.arange(len(asked)), [len(one) for one in asked])
        found = [ranges(getattr(one, postings), hashes) for one in self.segments]
        n_texts = np.sum([high - low for low, high in found], axis=0)
        is_asked = (n_texts > 0) & (n_texts <= MAX_QUOTING)
        least = np.array([LEAST_OF_MANY if len(one) >= MANY else 1 for one in asked])
        # A hash of few texts says more than one of many.
        weights = np.log2(1 + len(self) / np.maximum(n_texts, 1))
        out: list[_Hit] = []
        for one, (low, high) in zip(self.segments, found, strict=True):
            low_, high_ = low[is_asked], high[is_asked]
            at_places = places(low_, high_)
            if not len(at_places):
                continue
            whose = np.repeat(owners[is_asked], high_ - low_).astype(np.uint64)
            texts = getattr(one, TEXTS_OF[postings])[at_places]
            pairs, at, n_hits = np.unique(
                (whose << _UPPER) | texts, return_inverse=True, return_counts=True
            )
            sums = np.bincount(at, np.repeat(weights[is_asked], high_ - low_))
            enough = n_hits >= least[(pairs >> _UPPER).astype(np.int64)]
            pairs, sums, n_hits = pairs[enough], sums[enough], n_hits[enough]
            order = np.lexsort((-sums, pairs >> _UPPER))
            nth = _nth_of_each(pairs[order] >> _UPPER)
            for i in order[nth < BEST_OF_QUOTATION].tolist():
                pair = int(pairs[i])
                text = f"{one.ids[pair & 0xFFFFFFFF]:016x}"
                out.append(_Hit(pair >> 32, text, float(sums[i]), int(n_hits[i])))
        return out

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Lets one process at a time write, each on what the one before it left."""
        if self.folder is None:
            yield
            return
        with self.folder.with_name(f"{self.folder.name}-index.lock").open("a") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            if stamp_of(self.folder) != self.stamp:
                now = open_fingerprint_index(self.folder)
                self.segments, self.names, self.last = now.segments, now.names, now.last
                self.seen, self.stamp = now.seen, now.stamp
            yield

    def _keep(self, segment: Segment) -> str:
        if self.folder is None:
            return ""
        self.last += 1
        name = f"{self.last:08}"
        place = self.folder / name
        try:
            if place.exists():  # of a call that was killed
                shutil.rmtree(place)
            place.mkdir(parents=True)
            for array in ARRAYS:
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
        kept = {
            "format": FORMAT,
            "last": self.last,
            "segments": self.names,
            "seen": list(self.seen),
        }
        part.write_text(json.dumps(kept), encoding="utf-8")
        os.replace(part, path)  # noqa: PTH105 - the atomic one
        self.stamp = stamp_of(self.folder)
        for place in self.folder.iterdir():
            if place.is_dir() and place.name not in self.names:
                shutil.rmtree(place, ignore_errors=True)
        self.segments = [read(self.folder / name) for name in self.names]


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
    stamp = stamp_of(folder)
    try:
        kept = json.loads(manifest.read_text(encoding="utf-8"))
        if kept["format"] != FORMAT:
            raise ValueError(f"format {kept['format']!r}, expected {FORMAT}")  # noqa: TRY301
        names, last = [str(name) for name in kept["segments"]], int(kept["last"])
        first, last_seen = (str(time) for time in kept["seen"])
        segments = [read(folder / name) for name in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"the history's index in {str(folder)!r} cannot be read: {error}; "
            'run "onrecord reindex"'
        ) from error
    return FingerprintIndex(folder, segments, names, last, (first, last_seen), stamp)


def stamp_of(folder: Path) -> int:
    """A number that changes when the index in a folder is written; 0 where there is none."""
    try:
        return (folder / _MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


def _wider(one: tuple[str, str], two: tuple[str, str]) -> tuple[str, str]:
    """The times that hold both; empty ones are of no text."""
    return min(filter(None, (one[0], two[0])), default=""), max(one[1], two[1])


def _nth_of_each(sorted_: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many equal values stand before each, in an array whose equal values are neighbours."""
    starts = np.flatnonzero(np.concatenate(([True], sorted_[1:] != sorted_[:-1])))
    lengths = np.diff(np.concatenate((starts, [len(sorted_)])))
    return np.arange(len(sorted_)) - np.repeat(starts, lengths)
