"""Quotations of a text: what stands between marks, and places that may have the words without.

What stands between marks in one paragraph, with a "he said" between the parts left out, is one
quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.fingerprint import SHINGLE, Words, words
from onrecord.reuse.align import Run
from onrecord.span import Span

__all__ = ["MAX_WORDS", "MIN_WORDS", "Quotation", "marked", "quotations", "unmarked"]

# A quotation of fewer words is a name, a title or a phrase that anybody may use.
MIN_WORDS = 6
# A longer one is a passage, and compared as one.
MAX_WORDS = 300
# Of a text that has the words without marks, so many are needed: fewer are anybody's phrase.
MIN_UNMARKED = 8
# Words before and after the place where ours would stand that are compared with it.
_SLACK = 8
# Words between two quoted parts of one statement: "the mayor of the city said on Monday".
MAX_BETWEEN = 10

_PARAGRAPH = re.compile(r"[^\n]+")
_OPENS_AND_CLOSES = {
    "“": "”“",
    "„": "“”",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    '"': '"”',
    "‘": "’",
    "'": "'",
}
_MARK = re.compile("[“”„«»「」『』\"‘’']")
_SINGLE = frozenset("‘'")


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words of a quotation, and its span without the outer marks.

    Without marks it is a stretch of a text that may have the words of a quotation.
    """

    span: Span
    words: Words
    is_marked: bool = True


def quotations(
    text: str, within: Sequence[Span] | None = None, *, known: Words | None = None
) -> tuple[Quotation, ...]:
    """The quotations of at least 6 words in a text, or in its stretches, in order.

    `known` are the words of the same text or stretches, where they were read already.

    A mark that is not closed holds to the end of its paragraph, as it does where a quotation goes
    on in the next one.

    >>> said = quotations('“We will build the bridge,” he said, “and pay for it.” Then he left.')
    >>> " ".join(said[0].words.forms)
    'we will build the bridge and pay for it'
    """
    out: list[Quotation] = []
    if not _MARK.search(text):
        return ()
    read = words(text, within=within) if known is None else known
    for stretch in within if within is not None else (Span(0, len(text)),):
        for found in _PARAGRAPH.finditer(text, stretch.start, stretch.end):
            out += _of_paragraph(text, Span(*found.span()), read)
    return tuple(out)


def unmarked(
    said: Quotation, ours: Words, *, runs: Sequence[Run], theirs: Words
) -> Iterator[Quotation]:
    """The places of another text that have words of our quotation, marks or none, to be compared.

    `runs` are the equal words of both texts. A speech stands in a transcript without marks, and a
    mark that is missing pairs all that follow it wrongly.
    """
    if not MIN_UNMARKED <= len(said.words) <= MAX_WORDS:
        return
    start = bisect_left(ours.starts, said.words.starts[0])
    end = bisect_left(ours.starts, said.words.starts[-1]) + 1
    for run in runs:
        if min(end, run.first + run.n) - max(start, run.first) < SHINGLE:
            continue
        shift = run.second - run.first
        low = max(0, start + shift - _SLACK)
        high = min(len(theirs), end + shift + _SLACK)
        place = slice(low, high)
        part = Words(theirs.forms[place], theirs.starts[place], theirs.ends[place])
        yield Quotation(theirs.span(low, high), part, is_marked=False)


def marked(text: str) -> tuple[Span, ...]:
    """Everything that stands between marks, however short, without the marks."""
    return tuple(
        one for found in _PARAGRAPH.finditer(text) for one in _marked(text, Span(*found.span()))
    )


def _of_paragraph(text: str, paragraph: Span, read: Words) -> Iterator[Quotation]:
    """The quotations of a paragraph; the parts of one have few words between them."""
    group: list[tuple[Span, int, int]] = []  # where each part stands, and its words by number
    for span in _marked(text, paragraph):
        start = bisect_left(read.starts, span.start)
        end = bisect_right(read.ends, span.end, lo=start)
        if group and start - group[-1][2] > MAX_BETWEEN:
            yield from _joined(group, read)
            group = []
        group.append((span, start, end))
    yield from _joined(group, read)


def _joined(group: Sequence[tuple[Span, int, int]], read: Words) -> Iterator[Quotation]:
    if sum(end - start for _, start, end in group) < MIN_WORDS:
        return
    parts = [slice(start, end) for _, start, end in group]
    said = Words(
        tuple(form for part in parts for form in read.forms[part]),
        tuple(start for part in parts for start in read.starts[part]),
        tuple(end for part in parts for end in read.ends[part]),
    )
    yield Quotation(Span(group[0][0].start, group[-1][0].end), said)


def _marked(text: str, paragraph: Span) -> Iterator[Span]:
    """What stands between marks, without them; marks inside of others are passed over."""
    at = paragraph.start
    never_closed: set[str] = set()
    while found := _MARK.search(text, at, paragraph.end):
        start = found.start()
        at = start + 1
        closes = _OPENS_AND_CLOSES.get(text[start])
        if closes is None or text[start] in never_closed or not _opens(text, start, paragraph):
            continue
        end = next(
            (
                mark.start()
                for mark in _MARK.finditer(text, at, paragraph.end)
                if mark[0] in closes and _closes(text, mark.start(), paragraph)
            ),
            paragraph.end,
        )
        if end == paragraph.end and text[start] in _SINGLE:
            never_closed.add(text[start])  # an apostrophe after all, and so are those that follow
            continue
        yield Span(at, end)
        at = end + 1


def _opens(text: str, at: int, paragraph: Span) -> bool:
    """Whether a mark can open: no word stands before it, and one after."""
    before = text[at - 1] if at > paragraph.start else " "
    after = text[at + 1] if at + 1 < paragraph.end else " "
    return not before.isalnum() and not after.isspace()


def _closes(text: str, at: int, paragraph: Span) -> bool:
    after = text[at + 1] if at + 1 < paragraph.end else " "
    return not after.isalnum()
