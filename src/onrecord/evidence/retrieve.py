"""Which passages of a collection may say something of a claim: found, fused, and freed of copies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from urllib.parse import parse_qsl, urlencode, urlsplit

from onrecord.ports import PassageCandidate, PassageIndex
from onrecord.record import Page, Passage

__all__ = ["CANDIDATES", "is_later", "retrieved"]

# Candidates asked of each first stage for each claim.
CANDIDATES = 60
# What a cosine of 1 adds to the BM25 score over the best one's. Share of needed sentences in the
# first eight passages, WiCE (150 claims) and FoolMeTwice (150), 6,970 passages: 0 gives .825 and
# .847, 0.25 .829 and .860, 0.5 .828 and .867, 1 .826 and .867; meaning alone .659 and .727.
# Reciprocal ranks: weights 1 to 0.25 .811 and .847, 1 to 1 .795 and .840.
MEANING_WEIGHT = 0.5
# So that one long document does not take every place. Where each claim has one right document, more
# of it is better: the shares above are .828 and .867 with two, .863 and .920 with three, .898 and
# .920 with four, .665 and .727 with one.
MAX_OF_DOCUMENT = 2
# Words of a shingle: five in a row are seldom shared by chance.
SHINGLE = 5
# Share of the shorter one's shingles from which two passages are one text. Two cuts of one text
# that are half a passage apart share .5. A row of a table shares much with its neighbours and is
# another statement all the same, so that short passages must be nearly equal.
DUPLICATE_SHARE = 0.6
SHORT_WORDS = 40
SHORT_SHARE = 0.9
# Groups that a passage is compared with, so that a hundred versions of a text cost little.
MAX_COMPARED = 5
# Share of a passage's shingles from which it is a copy of the page's own text.
COPY_SHARE = 0.5
_WORD = re.compile(r"[^\W_]+")
# What addresses carry about the reader's way to a page, not about the page.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id", re.IGNORECASE)
_ISO_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def retrieved(
    queries: Sequence[str], *, page: Page | None, index: PassageIndex, limit: int
) -> tuple[tuple[PassageCandidate, ...], ...]:
    """The passages for each query, best first, at most `limit`, and two of one document.

    Words and meaning are weighed together; equal ones go by the passage's id, so that the order
    depends on nothing but collection and query. Of near-duplicates one stays: the one with
    the earliest date, at the place of the best; what differs in a number is none. The page itself and its copies never come: what
    has its address, and passages most of whose words stand in it in the same order.
    """
    own = _Own.of(page) if page is not None else _Own()
    found = index.candidates_of_each(queries, limit=CANDIDATES)
    return tuple(_chosen(_ranked(candidates), own=own, limit=limit) for candidates in found)


def is_later(passage: Passage, page: Page | None, *, stated: str = "") -> bool:
    """Whether the passage is dated after the claim: after `stated`, or the page's date without it.

    Dates are compared as far as both go: a passage of 2026 is not later than a page of May 2026,
    because it need not be. Where one has no date, nothing is known to be later.

    >>> from onrecord.span import Span
    >>> passage = Passage("p", "d", Span(0, 4), "Rain", date="2026-06")
    >>> is_later(passage, None, stated="2026-05-31"), is_later(passage, None, stated="2026-06-01")
    (True, False)
    """
    claimed = stated
    if not claimed and page is not None and page.metadata.published is not None:
        claimed = page.metadata.published.value
    ours, theirs = _ISO_DATE.match(passage.date), _ISO_DATE.match(claimed)
    if ours is None or theirs is None:
        return False
    n = min(len(ours[0]), len(theirs[0]))
    return ours[0][:n] > theirs[0][:n]


@dataclass(frozen=True, slots=True)
class _Own:
    """The page's addresses and words, by which it is known again."""

    addresses: frozenset[str] = frozenset()
    shingles: frozenset[int] = frozenset()

    @classmethod
    def of(cls, page: Page) -> _Own:
        canonical = page.metadata.canonical.value if page.metadata.canonical else ""
        addresses = {_address(url) for url in (page.url or "", canonical) if url}
        return cls(frozenset(addresses), _shingles(page.text))

    def has(self, passage: Passage, shingles: frozenset[int]) -> bool:
        """Whether the passage is of the page or of a copy of it."""
        if passage.url and _address(passage.url) in self.addresses:
            return True
        return bool(shingles) and len(shingles & self.shingles) >= COPY_SHARE * len(shingles)


@dataclass(slots=True)
class _Group:
    """Near-duplicates: the one that stays, and the words and shingles of the one that came first."""

    kept: PassageCandidate
    words: list[str]
    n_shingles: int

    def takes(self, words: list[str], n_shingles: int, *, n_shared: int) -> bool:
        """Whether a passage is a near-duplicate: most is shared, and no number differs."""
        is_short = min(len(words), len(self.words)) < SHORT_WORDS
        share = SHORT_SHARE if is_short else DUPLICATE_SHARE
        if n_shared < share * min(n_shingles, self.n_shingles):
            return False
        return words == self.words or not _differ_in_a_number(words, self.words)


@dataclass(slots=True)
class _Groups:
    """Passages by what they share; the shingles say at once which groups a passage may join."""

    groups: list[_Group] = field(default_factory=list)
    by_shingle: dict[int, list[int]] = field(default_factory=dict)

    def put(self, candidate: PassageCandidate, shingles: frozenset[int]) -> None:
        """Puts a passage into the group that it is a near-duplicate of, or into one of its own."""
        words = _words(candidate.passage.text)
        shared = Counter(at for one in shingles for at in self.by_shingle.get(one, ()))
        likeliest = sorted(shared.items(), key=lambda row: (-row[1], row[0]))[:MAX_COMPARED]
        for at, n in likeliest:
            group = self.groups[at]
            if group.takes(words, len(shingles), n_shared=n):
                if _age(candidate.passage) < _age(group.kept.passage):
                    group.kept = candidate
                return
        for one in shingles:
            self.by_shingle.setdefault(one, []).append(len(self.groups))
        self.groups.append(_Group(candidate, words, len(shingles)))


def _differ_in_a_number(one: list[str], other: list[str]) -> bool:
    """Whether a number stands in one text where the other has something else.

    What one has before or after the other is left out: it may be cut elsewhere.
    """
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    inner = steps[steps[0][0] != "equal" : len(steps) - (steps[-1][0] != "equal")]
    return any(
        any(word[0].isdigit() for word in one[a:b] + other[c:d])
        for step, a, b, c, d in inner
        if step != "equal"
    )


def _age(passage: Passage) -> tuple[bool, str]:
    """Earlier dates first, then what has none."""
    return not passage.date, passage.date


def _ranked(candidates: Sequence[PassageCandidate]) -> list[PassageCandidate]:
    best = max((candidate.bm25 for candidate in candidates), default=0.0) or 1.0

    def key(candidate: PassageCandidate) -> tuple[float, str]:
        score = candidate.bm25 / best + MEANING_WEIGHT * (candidate.similarity or 0.0)
        return -score, candidate.passage.id

    return sorted(candidates, key=key)


def _chosen(
    ranked: Sequence[PassageCandidate], *, own: _Own, limit: int
) -> tuple[PassageCandidate, ...]:
    groups = _Groups()
    for candidate in ranked:
        shingles = _shingles(candidate.passage.text)
        if not own.has(candidate.passage, shingles):
            groups.put(candidate, shingles)
    of_document: Counter[str] = Counter()
    chosen: list[PassageCandidate] = []
    for group in groups.groups:
        document = group.kept.passage.document
        of_document[document] += 1
        if of_document[document] <= MAX_OF_DOCUMENT:
            chosen.append(group.kept)
    return tuple(chosen[:limit])


def _shingles(text: str) -> frozenset[int]:
    """The runs of five words in a text, as numbers that hold in this run of the program only."""
    words = _words(text)
    if not words:
        return frozenset()
    starts = range(max(1, len(words) - SHINGLE + 1))
    return frozenset(hash(tuple(words[at : at + SHINGLE])) for at in starts)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _address(url: str) -> str:
    """An address without what does not tell pages apart: scheme, www, fragment, tracking."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    host = parts.netloc.lower().removeprefix("www.")
    query = urlencode(
        [
            (k, v)
            for k, v in parse_qsl(parts.query, keep_blank_values=True)
            if not _TRACKING.match(k)
        ]
    )
    return f"{host}{parts.path.rstrip('/')}?{query}"
