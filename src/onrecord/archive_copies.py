"""Which pages of an archive have the same words as a page of another outlet.

Fingerprints of all pages stand in one sorted array, eight bytes each, and only those that two pages
have are kept; every page that shares three with a page of another outlet is compared with it by all
of its shingles. Of 100,000 pages of 500 words that array takes 90 MB before it is thinned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from onrecord.archive_figures import Mark, Said
from onrecord.archive_pages import unpacked
from onrecord.archive_spool import Spool
from onrecord.errors import StoreError
from onrecord.fingerprint import SHINGLE, fingerprints, hashes_of, shingles, words
from onrecord.ports import Sighting
from onrecord.record import Document, Page
from onrecord.reuse.find import ARTICLE_SHARE, stretches_of
from onrecord.reuse.index import MAX_TEXTS, MIN_HITS
from onrecord.reuse.lineage import direction
from onrecord.terms import RegionKind, ReuseDirection

__all__ = ["LEAST_WORDS", "PASSAGE_WORDS", "SAME_OUTLET", "Compared", "Copy", "add_copies"]

# Pages with less text are not compared: headings and teasers agree by chance.
LEAST_WORDS = 50
# Equal words in one stretch that make a passage. Not tuned: a quotation that everybody prints seldom
# has more, and what a person judges of the sample says whether it is enough.
PASSAGE_WORDS = 40
# Equal words in one stretch of a same article: pages from one template (weather, prices, results)
# share most of their words in shorter runs. Not tuned.
LEAST_RUN = 20
# A fingerprint on more pages of one outlet than this is its furniture: menus, appeals, legal notes.
SAME_OUTLET = 5
# Pages that one page is compared with, those with most fingerprints in common.
MOST = 100
_PAGE_BITS = 24
_HASH = np.uint64((1 << (64 - _PAGE_BITS)) - 1)
_PAGE = np.uint64((1 << _PAGE_BITS) - 1)
_SHIFT = np.uint64(_PAGE_BITS)
KEPT_TEXTS = (
    1_000  # texts that are kept, some 40 KB each, so that a report in many papers is read once
)
SHOWN_WORDS = 60
# Words that every credit has which `reuse.lineage` knows; a test holds the two together.
_MAY_CREDIT = re.compile(
    r"\b(?:first|originally|previously|re-?published|reprinted|reproduced|syndicated)\b",
    re.IGNORECASE,
)
_CREDITS = frozenset({RegionKind.DATELINE, RegionKind.BYLINE, RegionKind.CREDIT})


@dataclass(frozen=True, slots=True)
class Copy:
    """Two pages of two outlets with the same words, numbers as in the spool."""

    kind: str
    outlets: tuple[int, int]
    pages: tuple[int, int]
    direction: str
    n_equal: int
    share: float
    words: str
    reason: str


@dataclass(slots=True)
class Compared:
    """What came of comparing: pages with enough text, pairs compared, pages with too many."""

    n_pages: int = 0
    n_pairs: int = 0
    n_capped: int = 0
    is_text: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Text:
    """A page with its running text in shingles, as they stand and sorted; words by code points."""

    page: Page
    shingles: NDArray[np.uint64]
    order: NDArray[np.int64]
    sorted: NDArray[np.uint64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


def add_copies(
    spool: Spool, names: Mapping[int, str], *, offer: Callable[[Copy], None] = lambda _: None
) -> Compared:
    """Adds to the spool every pair of pages that share an article or a passage.

    `names` are those of the outlets by number, in alphabetical order; an outlet that is not in it,
    as one whose name is not known, is not compared. `offer` is told of each pair.
    """
    done = Compared()
    ranks = {outlet: rank for rank, outlet in enumerate(names)}
    found, outlet_of = _fingerprints(spool, ranks, done)
    texts = lru_cache(KEPT_TEXTS)(lambda number: _read(spool, number))
    for page, others in _candidates(found, outlet_of, done):
        for other in others:
            done.n_pairs += 1
            copy = _compared(page, other, outlet_of, ranks=ranks, texts=texts)
            if copy is not None:
                spool.pair(
                    (
                        copy.kind,
                        *copy.outlets,
                        *copy.pages,
                        copy.direction,
                        copy.n_equal,
                        copy.words,
                        copy.reason,
                    )
                )
                offer(copy)
    _mark(spool, done, names)
    return done


def _fingerprints(
    spool: Spool, ranks: Mapping[int, int], done: Compared
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Hash and page of each fingerprint that two pages have, sorted; and the outlet of each page."""
    parts: list[NDArray[np.uint64]] = []
    outlets: dict[int, int] = {}
    last = 0
    for number, outlet, _, body in spool.every_body():
        if number > int(_PAGE):
            raise StoreError(
                f"found more than {int(_PAGE)} pages, which is the most that can be compared; "
                "make a report for a part of the shards"
            )
        last = number
        if outlet not in ranks:
            continue
        page = unpacked(body)
        read = words(page.text, within=stretches_of(page))
        if len(read) < LEAST_WORDS:
            continue
        done.is_text.add(number)
        outlets[number] = outlet
        hashes = np.unique(fingerprints(hashes_of(read.forms)).hashes & _HASH)
        parts.append((hashes << _SHIFT) | np.uint64(number))
    done.n_pages = len(done.is_text)
    every = np.concatenate(parts) if parts else np.empty(0, np.uint64)
    parts.clear()
    every.sort()
    same = (every[1:] >> _SHIFT) == (every[:-1] >> _SHIFT)
    is_shared = np.zeros(len(every), bool)
    is_shared[1:] |= same
    is_shared[:-1] |= same
    outlet_of = np.full(last + 1, -1, np.int32)
    for number, outlet in outlets.items():
        outlet_of[number] = outlet
    return every[is_shared], outlet_of


def _candidates(
    found: NDArray[np.uint64], outlet_of: NDArray[np.int32], done: Compared
) -> Iterator[tuple[int, list[int]]]:
    """Each page with the later pages of other outlets that share enough fingerprints with it."""
    hashes = found >> _SHIFT
    pages = (found & _PAGE).astype(np.int64)
    if not len(found):
        return
    starts = np.concatenate(([0], np.flatnonzero(np.diff(hashes)) + 1))
    group = np.repeat(np.arange(len(starts)), np.diff(np.concatenate((starts, [len(found)]))))
    ends = np.concatenate((starts[1:], [len(found)]))
    order = np.argsort(pages, kind="stable")
    bounds = np.flatnonzero(np.diff(pages[order])) + 1
    for places in np.split(order, bounds):
        page = int(pages[places[0]])
        numbers = group[places]
        low, high = starts[numbers], ends[numbers]
        n = np.where(high - low <= MAX_TEXTS, high - low, 0)
        which = np.repeat(np.arange(len(n)), n)
        at = np.arange(len(which)) - np.repeat(np.cumsum(n) - n, n) + np.repeat(low, n)
        hits = pages[at]
        is_own = outlet_of[hits] == outlet_of[page]
        own = np.bincount(which[is_own], minlength=len(n))
        hits = hits[~is_own & (hits > page) & (own[which] <= SAME_OUTLET)]
        if not len(hits):
            continue
        others, shared = np.unique(hits, return_counts=True)
        others, shared = others[shared >= MIN_HITS], shared[shared >= MIN_HITS]
        if len(others) > MOST:
            done.n_capped += 1
            others = others[np.argsort(-shared, kind="stable")[:MOST]]
        yield page, sorted(others.tolist())


def _read(spool: Spool, number: int) -> _Text:
    page = unpacked(spool.body(number))
    read = words(page.text, within=stretches_of(page))
    every = shingles(hashes_of(read.forms))
    order = np.argsort(every, kind="stable")
    starts, ends = (np.array(one, np.int32) for one in (read.starts, read.ends))
    return _Text(_slim(page), every, order, every[order], starts, ends)


def _slim(page: Page) -> Page:
    """The page with the paragraphs alone in which credit can stand, so that it is read in no time."""
    regions = tuple(
        one
        for at, one in enumerate(page.regions)
        if at == 0 or one.kind in _CREDITS or _MAY_CREDIT.search(one.span.of(page.text))
    )
    return replace(page, regions=regions)


def _compared(
    page: int,
    other: int,
    outlet_of: NDArray[np.int32],
    *,
    ranks: Mapping[int, int],
    texts: Callable[[int], _Text],
) -> Copy | None:
    """What two pages share, the outlet that is first in the alphabet first."""
    one, two = sorted((page, other), key=lambda number: (ranks[int(outlet_of[number])], number))
    first, second = texts(one), texts(two)
    shorter, longer = sorted((first, second), key=lambda text: len(text.starts))
    n_equal, run, n_run = _equal(shorter, longer)
    share = n_equal / len(shorter.starts)
    if share >= ARTICLE_SHARE and n_run >= LEAST_RUN:
        kind = "same-article"
    elif n_run >= PASSAGE_WORDS:
        kind, n_equal = "shared-passage", n_run
    else:
        return None
    last = run + min(n_run, SHOWN_WORDS) - 1
    shown = shorter.page.text[shorter.starts[run] : shorter.ends[last]]
    which, reason = _direction(first.page, second.page)
    outlets = int(outlet_of[one]), int(outlet_of[two])
    return Copy(kind, outlets, (one, two), which, n_equal, share, " ".join(shown.split()), reason)


def _equal(text: _Text, other: _Text) -> tuple[int, int, int]:
    """Words of `text` in runs of at least five that stand in `other`; the longest run, its words.

    Runs may stand in another order there, unlike those that `reuse.align` lines up, which takes a
    hundred times as long: too long for every two of a hundred papers that print one report.
    """
    n = len(text.shingles)
    at = np.searchsorted(other.sorted, text.shingles)
    at[at == len(other.sorted)] = 0
    is_equal = other.sorted[at] == text.shingles
    covered = np.zeros(n + SHINGLE, np.int32)
    covered[:n] += is_equal
    covered[SHINGLE : n + SHINGLE] -= is_equal
    n_equal = int(np.count_nonzero(np.cumsum(covered)))
    if not n_equal:
        return 0, 0, 0
    # A run goes on where the next shingle follows in both texts.
    there = other.order[at]
    goes_on = is_equal[1:] & is_equal[:-1] & (np.diff(there) == 1)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], goes_on, [False])).astype(np.int8)))
    if not len(edges):
        return n_equal, int(np.argmax(is_equal)), SHINGLE
    starts, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    return n_equal, int(starts[best]), int(ends[best] - starts[best]) + SHINGLE


def _direction(first: Page, second: Page) -> tuple[str, str]:
    """Which page had the words first, asked from both sides; empty where that cannot be told."""
    one = direction(first, _sighting(second))
    two = direction(second, _sighting(first))
    names = {
        (ReuseDirection.FROM_PAGE, 0): "first",
        (ReuseDirection.FROM_DOCUMENT, 0): "second",
        (ReuseDirection.FROM_PAGE, 1): "second",
        (ReuseDirection.FROM_DOCUMENT, 1): "first",
    }
    sides = one, two
    told = {names[key] for at, side in enumerate(sides) if (key := (side.direction, at)) in names}
    # Credit that a date or another credit contradicts decides nothing, whoever else is surer.
    is_open = any(
        side.credit is not None and side.direction is ReuseDirection.UNDETERMINED for side in sides
    )
    if is_open or len(told) > 1:
        return "", "credit and dates, or two credits, disagree"
    if not told:
        return "", "neither dates of sighting nor credit decide"
    which = told.pop()
    earlier, later = (first, second) if which == "first" else (second, first)
    credit = (two if which == "first" else one).credit
    if credit is not None:
        return which, f"the other credits it: “{credit.of(later.text)}”"
    stated = later.metadata.published
    dated = stated.value[:10] if stated else ""
    return which, f"seen there on {(earlier.retrieved or '')[:10]}, the other is dated {dated}"


def _sighting(page: Page) -> Sighting:
    about = page.metadata
    text = "\n\n".join(span.of(page.text).strip() for span in stretches_of(page))
    document = Document(
        id="",
        text=text,
        url=page.url or "",
        date=about.published.value if about.published else "",
        publisher=about.site.value if about.site else "",
    )
    return Sighting(document, page.retrieved or "")


def _mark(spool: Spool, done: Compared, names: Mapping[int, str]) -> None:
    """Adds to the figures, for each page with enough text, whether it has words of another."""
    for kind in ("same-article", "shared-passage"):
        rest = set(done.is_text)
        for page, rows in groupby(spool.shared(kind), key=lambda row: row[0]):
            said = tuple(Said(shown, f"also in {names[other]}") for _, other, shown in rows)
            known = spool.known(page)
            mark = Mark(kind, 1, 1, said)
            spool.mark(page, known.outlet, known.month, marks=[mark])
            rest.discard(page)
        for page in sorted(rest):
            known = spool.known(page)
            spool.mark(page, known.outlet, known.month, marks=[Mark(kind, 0, 1)])
