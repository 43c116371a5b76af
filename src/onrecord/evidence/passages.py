"""A document cut into passages: stretches of some sentences that can be found and quoted alone."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from onrecord.record import Document, Passage
from onrecord.sentence_ends import paragraphs, split
from onrecord.span import Span

__all__ = ["passages"]

# BM25 alone finds the document of the 349 claims of wice_full.dev among 1,655 (articles, web pages,
# news) within five passages for .934 with 30 to 60 words, .940 with 60 to 120, .946 with 90 to 180
# and .951 with 120 to 240. 120 words are the most that fit one window of the stance model (200 word
# pieces), so that a passage is judged whole.
MIN_WORDS = 60
MAX_WORDS = 120
# A script without spaces between its words has no words to count, so letters bound it as well:
# 120 English words are some 720 code points.
MAX_CHARS = 1_200
_WORD = re.compile(r"\S+")
_SENTENCE_MARKS = '.!?…。”"’);:'


class _Unit(NamedTuple):
    """A sentence, or a piece of one that is too long."""

    span: Span
    n_words: int
    ends_paragraph: bool
    is_heading: bool


def passages(document: Document) -> tuple[Passage, ...]:
    """The passages of a document in order, without overlap; `()` for one without words.

    A passage has 60 to 120 words where the text allows, ends with a sentence, and with a paragraph
    where one ends in time; a heading stays with what follows it. `document_span` counts code
    points into `document.text`. Only white space lies outside the passages. Linear in the length
    of the text.

    >>> found = passages(Document(id="d1", text="The bridge opened in 1961. It has two lanes."))
    >>> [(passage.document_span, passage.text) for passage in found]
    [(Span(start=0, end=44), 'The bridge opened in 1961. It has two lanes.')]
    """
    return tuple(_passage(document, span) for span in _spans(document.text))


def _passage(document: Document, span: Span) -> Passage:
    name = f"{document.id}\0{span.start}\0{span.end}"
    return Passage(
        id=hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16],
        document=document.id,
        document_span=span,
        text=span.of(document.text),
        title=document.title,
        url=document.url,
        date=document.date,
        publisher=document.publisher,
        licence=document.licence,
    )


def _spans(text: str) -> list[Span]:
    units = _units(text)
    out: list[Span] = []
    start = 0
    while start < len(units):
        end = _end(units, start)
        out.append(Span(units[start].span.start, units[end - 1].span.end))
        start = end
    return out


def _end(units: list[_Unit], start: int) -> int:
    """Where the passage from unit `start` ends: the last good place within the limits.

    A paragraph's end with enough words is the best place, then the last sentence that fits. What
    would be left over and too short for a passage of its own is shared with this one by halves.
    """
    n_words = 0
    best = last = start
    at = start
    while at < len(units):
        unit = units[at]
        n_chars = unit.span.end - units[start].span.start
        if at > start and (n_words + unit.n_words > MAX_WORDS or n_chars > MAX_CHARS):
            break
        n_words += unit.n_words
        at += 1
        if not unit.is_heading:
            last = at
            if unit.ends_paragraph and n_words >= MIN_WORDS:
                best = at
    else:
        return at
    # Each unit has a word at least.
    if len(units) - at < MIN_WORDS and sum(unit.n_words for unit in units[at:]) < MIN_WORDS:
        return _half(units, start)
    return next(end for end in (best, last, at) if end > start)


def _half(units: list[_Unit], start: int) -> int:
    """The end that parts the last units of a document into two of like size."""
    total = sum(unit.n_words for unit in units[start:])
    n_words = 0
    best = start + 1
    least = total
    for at in range(start, len(units) - 1):
        n_words += units[at].n_words
        apart = abs(total - 2 * n_words) + (0 if units[at].ends_paragraph else MIN_WORDS // 3)
        n_chars = units[at].span.end - units[start].span.start
        if n_words > MAX_WORDS or n_chars > MAX_CHARS:
            break
        if apart < least and not units[at].is_heading:
            least, best = apart, at + 1
    return best


def _units(text: str) -> list[_Unit]:
    out: list[_Unit] = []
    for paragraph in paragraphs(text, Span(0, len(text))):
        pieces = [piece for sentence in split(text, paragraph) for piece in _pieces(text, sentence)]
        n_words = sum(n for _, n in pieces)
        is_heading = n_words <= 12 and text[paragraph.end - 1] not in _SENTENCE_MARKS
        for i, (span, n) in enumerate(pieces):
            out.append(_Unit(span, n, i == len(pieces) - 1, is_heading))
    return out


def _pieces(text: str, sentence: Span) -> list[tuple[Span, int]]:
    """The sentence with its number of words, cut at words where it is longer than a passage."""
    words = [match.span() for match in _WORD.finditer(text, *sentence)]
    out: list[tuple[Span, int]] = []
    first = 0
    for at, (start, end) in enumerate(words):
        if at > first and (at - first >= MAX_WORDS or end - words[first][0] > MAX_CHARS):
            out.append((Span(words[first][0], words[at - 1][1]), at - first))
            first = at
        if end - start > MAX_CHARS:  # one run of letters without a space
            cuts = range(start, end, MAX_CHARS)
            out.extend((Span(cut, min(cut + MAX_CHARS, end)), MIN_WORDS) for cut in cuts)
            first = at + 1
    if first < len(words):
        out.append((Span(words[first][0], words[-1][1]), len(words) - first))
    return out
