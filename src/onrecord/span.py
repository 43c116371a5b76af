"""Half-open stretches of a text, and maps between a text and a normalised form of it.

Offsets count Unicode code points, the unit that the W3C Web Annotation model demands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from onrecord.errors import AnchorError

__all__ = ["OffsetMap", "Span", "merged", "shrunk"]


class Span(NamedTuple):
    """A half-open stretch `[start, end)` in code points, `0 <= start <= end`.

    >>> Span(2, 5).of("a claim here")
    'cla'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of `text` that the span covers."""
        return text[self.start : self.end]

    @property
    def n_chars(self) -> int:
        """Length in code points, 0 for an empty span."""
        return self.end - self.start

    def contains(self, other: Span) -> bool:
        """Whether `other` lies inside, edges included."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether at least one code point is shared."""
        return self.start < other.end and other.start < self.end

    def intersection(self, other: Span) -> int:
        """The number of shared code points, 0 or more."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def moved(self, by: int) -> Span:
        """The span `by` code points further on."""
        return Span(self.start + by, self.end + by)


def shrunk(text: str, span: Span, *, strip: str = " \t\r\n\u00a0\u200b\ufeff") -> Span:
    """The span without the characters of `strip` at its ends; empty at `start` if nothing is left.

    >>> shrunk("  ab ", Span(0, 5))
    Span(start=2, end=4)
    """
    start, end = span
    while start < end and text[start] in strip:
        start += 1
    while end > start and text[end - 1] in strip:
        end -= 1
    return Span(start, end)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same code points as disjoint spans in order; touching spans become one.

    >>> merged([Span(4, 6), Span(0, 2), Span(2, 3)])
    (Span(start=0, end=3), Span(start=4, end=6))
    """
    out: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(Span(*span))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where each code point of a derived text came from in the original.

    `starts[i]` is an offset in the derived text, `origins[i]` the offset in the original at which
    that stretch begins; within a stretch both advance together. `length` and `origin_length` are
    the two text lengths.
    """

    starts: tuple[int, ...]
    origins: tuple[int, ...]
    length: int
    origin_length: int

    @classmethod
    def from_origins(cls, origins: Sequence[int], *, origin_length: int) -> OffsetMap:
        """The map for a derived text whose i-th code point came from `origins[i]`."""
        starts: list[int] = []
        begins: list[int] = []
        previous = -2
        for i, origin in enumerate(origins):
            if origin != previous + 1:
                starts.append(i)
                begins.append(origin)
            previous = origin
        return cls(tuple(starts), tuple(begins), len(origins), origin_length)

    def origin(self, offset: int) -> int:
        """The original offset of a derived one; `AnchorError` outside `[0, length]`."""
        if not 0 <= offset <= self.length:
            raise AnchorError(
                f"offset {offset} outside a derived text of {self.length} code points"
            )
        if offset == self.length:
            return self.origin(offset - 1) + 1 if offset else self.origin_length
        i = bisect_right(self.starts, offset) - 1
        return self.origins[i] + (offset - self.starts[i])

    def span(self, derived: Span) -> Span:
        """The original span of a derived one, from its first to its last code point."""
        if derived.start == derived.end:
            at = self.origin(derived.start)
            return Span(at, at)
        return Span(self.origin(derived.start), self.origin(derived.end - 1) + 1)
