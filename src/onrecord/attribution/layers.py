"""Which attribution carries each stretch of a text, where contents nest and overlap."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.record import Attribution
from onrecord.span import Span

__all__ = ["Layers", "layers"]


@dataclass(frozen=True, slots=True)
class Layers:
    """Disjoint stretches of content in order of position, each with its innermost attribution."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    carriers: tuple[str, ...]

    def carrier(self, offset: int) -> str | None:
        """The id of the innermost attribution whose content holds `offset`, or `None`."""
        at = bisect_right(self.starts, offset) - 1
        return self.carriers[at] if at >= 0 and offset < self.ends[at] else None

    def within(self, span: Span) -> Iterator[tuple[int, int, str | None]]:
        """The span cut into `(start, end, carrier)`, without gaps, `None` where nobody carries."""
        at = span.start
        number = max(0, bisect_right(self.starts, span.start) - 1)
        while number < len(self.starts) and self.starts[number] < span.end:
            start, end = max(self.starts[number], at), min(self.ends[number], span.end)
            if start < end:
                if at < start:
                    yield at, start, None
                yield start, end, self.carriers[number]
                at = end
            number += 1
        if at < span.end:
            yield at, span.end, None


def layers(attributions: Sequence[Attribution]) -> Layers:
    """The stretches of all contents; the smallest span that holds a stretch is the innermost.

    Of two spans of one length the one with the later cue is the inner one.
    """
    spans = [(span, attribution) for attribution in attributions for span in attribution.content]
    cuts = sorted({at for span, _ in spans for at in span})
    index = {at: number for number, at in enumerate(cuts)}
    held: dict[int, str] = {}
    for span, attribution in sorted(spans, key=_inner_first):
        for number in range(index[span.start], index[span.end]):
            held.setdefault(number, attribution.id)
    rows = [(cuts[number], cuts[number + 1], held[number]) for number in sorted(held)]
    return Layers(
        tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(row[2] for row in rows)
    )


def _inner_first(row: tuple[Span, Attribution]) -> tuple[int, int]:
    span, attribution = row
    return span.n_chars, -(attribution.cue.start if attribution.cue else span.start)
