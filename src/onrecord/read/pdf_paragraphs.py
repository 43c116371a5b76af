"""The lines of a PDF put together to paragraphs in reading order.

A PDF says where its letters stand and nothing of paragraphs. A new one is seen by a wider gap, by
an indent after a finished sentence, by another size of letters, or by a short line that ends a
sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

__all__ = ["Line", "Paragraph", "paragraphs"]

_WIDE_GAP = 1.35  # times the usual distance of two lines; typeset pages use 1.5 to 2 between
_FEW_GAPS = 4  # fewer say nothing of what is usual
_LEADING = 1.2  # times the size of the letters, what typesetters use
_INDENT = 5.0  # points to the right of the line before
_LARGER = 1.15  # times the usual size of letters: a heading
_SHORT = 0.7  # of the longest lines: the end of a paragraph, if a sentence ends there
_REPEATED = 3  # pages on which a line stands at the top or the bottom: a running head
_EDGE_LINES = 2  # lines at the top and at the bottom that may be running heads
_HEADING_CHARS = 150
_ENDS = re.compile("[.!?:…][\"”’')\\]]{0,2}$")
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page |p\. ?)?[-–— ]{0,3}(?:\d{1,4}|[ivxlc]{1,6})(?: ?(?:/|of) ?\d{1,4})?[-–— ]{0,3}",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BULLET = re.compile(r"[•‣◦▪●■–*-] |\(?\d{1,3}[.)] ")
_SPACES = re.compile(r"[^\S\n]+")
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_SOFT = "\xad"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with the place of its first letter and the size of its letters, in points."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words on one line, `size` in points, and whether they stand as a heading."""

    text: str
    size: float
    is_heading: bool


def paragraphs(pages: Iterable[Sequence[Line]]) -> tuple[Paragraph, ...]:
    """The paragraphs of all pages in reading order, without running heads and page numbers.

    One that a page or a column cuts is put together again, and so is a word cut at a line's end,
    unless the document writes it with a hyphen elsewhere.
    """
    cleaned = [_cleaned(page) for page in pages]
    kept = [_ordered(page) for page in _without_heads(cleaned)]
    flow = [line for page in kept for line in page]
    if not flow:
        return ()
    known = Counter(word.lower() for line in flow for word in _LETTERS.findall(line.text))
    size = _usual_size(flow)
    gap = _usual_gap(kept, size)
    widest = sorted(len(line.text) for line in flow)[int(0.9 * (len(flow) - 1))]
    groups: list[list[Line]] = [[flow[0]]]
    for before, line in pairwise(flow):
        if _begins(before, line, gap=gap, widest=widest):
            groups.append([line])
        else:
            groups[-1].append(line)
    return tuple(_paragraph(group, known, size) for group in groups)


def _cleaned(page: Sequence[Line]) -> list[Line]:
    out: list[Line] = []
    for line in page:
        words = _SPACES.sub(" ", line.text.translate(_LIGATURES)).strip()
        if words:
            out.append(Line(words, line.x, line.y, line.size))
    return out


def _without_heads(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The pages without lines that stand at the edge of several, and without page numbers."""
    edges = [_edges(page) for page in pages]
    counts = Counter(name for page in edges for name in {_name(line) for line in page})
    out: list[list[Line]] = []
    for page, edge in zip(pages, edges, strict=True):
        heads = {
            line
            for line in edge
            if _PAGE_NUMBER.fullmatch(line.text)
            or (counts[_name(line)] >= _REPEATED and len(line.text) < _HEADING_CHARS)
        }
        out.append([line for line in page if line not in heads])
    return out


def _edges(page: Sequence[Line]) -> list[Line]:
    by_height = sorted(page, key=lambda line: -line.y)
    return by_height[:_EDGE_LINES] + by_height[_EDGE_LINES:][-_EDGE_LINES:]


def _name(line: Line) -> tuple[str, int]:
    """What running heads of several pages share: the words but for numbers, and the height.

    Two sentences that differ in a number are no head.
    """
    words = line.text if _ENDS.search(line.text) else _NUMBER.sub("#", line.text)
    return words, round(line.y / 4)


def _ordered(page: list[Line]) -> list[Line]:
    """The lines in the order of drawing, which is that of reading unless it jumps about.

    Typeset pages are drawn column by column; one that goes up more often than columns can is
    sorted by height.
    """
    jumps = sum(after.y > before.y + 2 for before, after in pairwise(page))
    if jumps <= max(4, 0.15 * len(page)):
        return page
    return sorted(page, key=lambda line: (-line.y, line.x))


def _usual_size(flow: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in flow:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: sizes[size])


def _usual_gap(pages: Sequence[Sequence[Line]], size: float) -> float:
    gaps = [
        before.y - after.y
        for page in pages
        for before, after in pairwise(page)
        if 2 < before.y - after.y < 60
    ]
    # The usual distance is the smaller one where half of the gaps are between paragraphs.
    if len(gaps) < _FEW_GAPS:
        return _LEADING * size
    return median(sorted(gaps)[: max(1, 2 * len(gaps) // 3)])


def _begins(before: Line, line: Line, *, gap: float, widest: int) -> bool:
    """Whether a line begins a paragraph after the line before."""
    if abs(line.size - before.size) > 0.1 * max(line.size, before.size, 1.0):
        return True
    down = before.y - line.y
    is_ended = bool(_ENDS.search(before.text))
    if down < -2 or down > 30 * gap:  # another column or page
        return is_ended or (line.text[0].isupper() and len(before.text) < _SHORT * widest)
    if down > _WIDE_GAP * gap * max(1.0, line.size / 12):
        return True
    if abs(down) <= 2:
        return False
    if _BULLET.match(line.text):
        return True
    if is_ended and line.x - before.x > _INDENT:
        return True
    return is_ended and len(before.text) < _SHORT * widest


def _paragraph(group: Sequence[Line], known: Counter[str], size: float) -> Paragraph:
    words = group[0].text
    for line in group[1:]:
        words = _joined(words, line.text, known)
    largest = max(line.size for line in group)
    is_heading = largest > _LARGER * size and len(words) <= _HEADING_CHARS
    return Paragraph(words.replace(_SOFT, "").strip(), largest, is_heading)


def _joined(words: str, more: str, known: Counter[str]) -> str:
    """Two lines as one, without a hyphen that only the line's end has put there."""
    if words.endswith(_SOFT):
        return words.rstrip(_SOFT) + more
    if not (
        words.endswith(("-", "‐")) and len(words) > 1 and words[-2].isalpha() and more[0].islower()
    ):
        return f"{words} {more}"
    first = _LETTERS.findall(words[-60:].rstrip("-‐"))
    second = _LETTERS.match(more)
    if first and second:
        start, end = first[-1].lower(), second[0].lower()
        if known[f"{start}-{end}"] and not known[f"{start}{end}"]:
            return words + more
    return words[:-1] + more
