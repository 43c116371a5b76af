"""Earlier and later appearances of a page's words: the article, a passage, a quotation.

Each text that the history names is compared with the page in full; only equal words count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from onrecord.fingerprint import Words, words
from onrecord.ports import Sighting, TextHistory
from onrecord.record import Page, Passage, Reuse, WordChange, content_id
from onrecord.reuse.align import Numbered, Run, Stretch, aligned, stretches
from onrecord.reuse.compare import Comparison, compared
from onrecord.reuse.lineage import Lineage, direction
from onrecord.reuse.quotations import Quotation, quotations, unmarked
from onrecord.span import Span
from onrecord.terms import RegionKind, ReuseKind, WordChangeKind

__all__ = ["ARTICLE_SHARE", "MIN_PASSAGE", "TEXT_REGIONS", "reuse", "stretches_of"]

# What a document of the history holds too (documents/pages.py): the page's own running text.
TEXT_REGIONS = frozenset(
    {
        RegionKind.SUBTITLE,
        RegionKind.DATELINE,
        RegionKind.BODY,
        RegionKind.CAPTION,
        RegionKind.CORRECTION,
    }
)
# Of the words of the shorter text, so many in the other make it the same article.
ARTICLE_SHARE = 0.5
# Equal words of a passage: what fingerprints promise to find (WINDOW + SHINGLE - 1).
MIN_PASSAGE = 12
MAX_PASSAGES = 5  # of one document
MAX_SAID = 10  # documents shown for one quotation
# Code points of a document that a record takes up for one finding.
MAX_TEXT = 20_000
MAX_FOUND = 60


@dataclass(frozen=True, slots=True)
class _Ours:
    """The page's running text in words, and its quotations."""

    page: Page
    words: Words
    numbered: Numbered
    quotations: tuple[Quotation, ...]

    @classmethod
    def of(cls, page: Page, within: Sequence[Span]) -> _Ours:
        read = words(page.text, within=within)
        said = quotations(page.text, within, known=read)
        return cls(page, read, Numbered.of(read), said)


@dataclass(frozen=True, slots=True)
class _Other:
    """A text of the history in words, and the runs of equal words that the page shares with it."""

    sighting: Sighting
    words: Words
    runs: tuple[Run, ...]

    @classmethod
    def of(cls, sighting: Sighting, ours: _Ours) -> _Other:
        read = words(sighting.document.text)
        return cls(sighting, read, aligned(ours.numbered, read))


def reuse(page: Page, *, history: TextHistory) -> tuple[Reuse, ...]:
    """Where the page's words stand elsewhere in the history.

    Articles first, then passages, then quotations that neither holds word for word; each kind by
    similarity, then by first sighting. Of several texts of one address the likest stands for all.
    The page itself, known by its address, is passed over.
    """
    within = stretches_of(page)
    ours = _Ours.of(page, within)
    if not len(ours.words):
        return ()
    own = _own_addresses(page)
    found: list[Reuse] = []
    said: list[tuple[int, Reuse]] = []
    for sighting in history.near(page.text, within):
        if sighting.document.url and _plain(sighting.document.url) in own:
            continue
        other = _Other.of(sighting, ours)
        shared = _shared(ours, other)
        found += shared
        said += _said(ours, other, shared)
    order = list(ReuseKind)
    found.sort(key=lambda one: (order.index(one.kind), -one.similarity, _seen(one), one.span))
    found = _of_one_version(found)
    said.sort(key=lambda pair: (pair[0], -pair[1].similarity, pair[1].passage.date, _seen(pair[1])))
    kept = {one.id for one in _of_one_version([one for _, one in said])}
    best: list[Reuse] = []
    n_of: dict[int, int] = {}
    for number, one in said:
        if one.id not in kept:
            continue
        n_of[number] = n_of.get(number, 0) + 1
        if n_of[number] <= MAX_SAID:
            best.append(one)
    return tuple([*found, *best][:MAX_FOUND])


def _seen(one: Reuse) -> str:
    return one.passage.retrieved


def _of_one_version(found: Sequence[Reuse]) -> list[Reuse]:
    """Without what another text of the same address shows of the same words, which comes first."""
    out: list[Reuse] = []
    by_address: dict[tuple[str, ReuseKind], list[Reuse]] = {}
    for one in found:
        others = by_address.setdefault((_plain(one.passage.url), one.kind), [])
        if one.passage.url and any(
            other.passage.document != one.passage.document and other.span.overlaps(one.span)
            for other in others
        ):
            continue
        others.append(one)
        out.append(one)
    return out


def stretches_of(page: Page) -> tuple[Span, ...]:
    """The page's own running text: no comments, teasers, adverts."""
    return tuple(region.span for region in page.regions if region.kind in TEXT_REGIONS)


def _own_addresses(page: Page) -> set[str]:
    stated = page.metadata.canonical
    return {_plain(url) for url in (page.url, stated.value if stated else None) if url}


def _plain(url: str) -> str:
    """An address without what changes nothing: scheme, www, fragment, a slash at the end."""
    rest = url.split("#", maxsplit=1)[0].partition("://")[2] or url
    return rest.removeprefix("www.").rstrip("/").casefold()


def _shared(ours: _Ours, other: _Other) -> list[Reuse]:
    """The article, or the passages, that page and document share."""
    theirs, sighting = other.words, other.sighting
    found = stretches(other.runs)
    n_equal = sum(one.n_equal for one in found)
    shorter = min(len(ours.words), len(theirs))
    if not shorter or n_equal < min(MIN_PASSAGE, shorter):
        return []
    lineage = direction(ours.page, sighting)
    make = partial(_made, ours=ours, theirs=theirs, sighting=sighting, lineage=lineage)
    share = n_equal / shorter
    if share >= ARTICLE_SHARE:
        return [make(found, ReuseKind.ARTICLE, share)]
    return [
        make([one], ReuseKind.PASSAGE, one.n_equal / one.n_spanned)
        for one in found[:MAX_PASSAGES]
        if one.n_equal >= MIN_PASSAGE
    ]


def _made(  # noqa: PLR0913 - two texts, and what was found of them
    found: Sequence[Stretch],
    kind: ReuseKind,
    similarity: float,
    *,
    ours: _Ours,
    theirs: Words,
    sighting: Sighting,
    lineage: Lineage,
) -> Reuse:
    runs = sorted((run for one in found for run in one.runs), key=lambda run: run.first)
    span = ours.words.span(runs[0].first, runs[-1].first + runs[-1].n)
    there = theirs.span(min(run.second for run in runs), max(run.second + run.n for run in runs))
    there = Span(there.start, min(there.end, there.start + MAX_TEXT))
    diff = tuple(
        WordChange(
            WordChangeKind.SAME,
            ours.words.span(run.first, run.first + n),
            theirs.span(run.second, run.second + n).moved(-there.start),
        )
        for run in runs
        if (n := _n_before(theirs, run, there.end))
    )
    return Reuse(
        id=_id(ours.page, kind, span, sighting, there),
        kind=kind,
        span=span,
        passage=_passage(sighting, there),
        similarity=round(similarity, 4),
        direction=lineage.direction,
        reason=lineage.reason,
        credit=lineage.credit,
        diff=diff,
    )


def _n_before(theirs: Words, run: Run, end: int) -> int:
    """How many words of a run end before an offset of their text."""
    return bisect_right(theirs.ends[run.second : run.second + run.n], end)


def _said(ours: _Ours, other: _Other, shared: Sequence[Reuse]) -> list[tuple[int, Reuse]]:
    """Our quotations as the document has them, with the number of each.

    What article or passage shows word for word already is left out.
    """
    equal = [change.page_words for one in shared for change in one.diff]
    open_ = [
        (number, said)
        for number, said in enumerate(ours.quotations)
        if not any(span.contains(said.words.span(0, len(said.words))) for span in equal)
    ]
    if not open_:
        return []
    text = other.sighting.document.text
    theirs = quotations(text, known=other.words)
    out: list[tuple[int, Reuse]] = []
    lineage: Lineage | None = None
    for number, said in open_:
        best: tuple[Quotation, Comparison] | None = None
        places = unmarked(said, ours.words, runs=other.runs, theirs=other.words)
        for one in chain(theirs, places):
            if best is not None and not one.is_marked:
                break  # it stands there between marks
            comparison = compared(said, one, our_text=ours.page.text, their_text=text)
            if comparison and (best is None or comparison.similarity > best[1].similarity):
                best = one, comparison
        if best is None:
            continue
        lineage = lineage or direction(ours.page, other.sighting)
        out.append((number, _quotation(said, *best, ours.page, (other.sighting, lineage))))
    return out


def _quotation(
    said: Quotation,
    other: Quotation,
    comparison: Comparison,
    page: Page,
    seen: tuple[Sighting, Lineage],
) -> Reuse:
    sighting, lineage = seen
    span = said.words.span(0, len(said.words))
    # Of a quotation all of it is shown, so that a cut can be judged; else the words alone.
    shown = (0, len(other.words)) if other.is_marked else comparison.theirs
    there = other.words.span(*shown)
    diff = tuple(
        WordChange(
            step.kind,
            _place(said.words, *step.ours),
            _place(other.words, *step.theirs).moved(-there.start),
        )
        for step in comparison.steps
    )
    return Reuse(
        id=_id(page, ReuseKind.QUOTATION, span, sighting, there),
        kind=ReuseKind.QUOTATION,
        span=span,
        passage=_passage(sighting, there),
        similarity=round(comparison.similarity, 4),
        direction=lineage.direction,
        reason=lineage.reason,
        credit=lineage.credit,
        diff=diff,
        changes=comparison.changes,
    )


def _place(said: Words, start: int, end: int) -> Span:
    """The span of words, or, of none, the empty one where they would stand."""
    if start < end:
        return said.span(start, end)
    at = said.starts[start] if start < len(said) else said.ends[-1]
    return Span(at, at)


def _passage(sighting: Sighting, span: Span) -> Passage:
    document = sighting.document
    return Passage(
        id=f"{document.id}-{span.start}",
        document=document.id,
        document_span=span,
        text=span.of(document.text),
        title=document.title,
        url=document.url,
        date=document.date,
        publisher=document.publisher,
        source="history",
        retrieved=sighting.first_seen,
    )


def _id(page: Page, kind: ReuseKind, span: Span, sighting: Sighting, there: Span) -> str:
    return content_id(page, f"reuse:{kind.value}:{sighting.document.id}", span, there)
