"""What stages need from outside, as protocols; assembled in `compose.py`.

Ports appear with their first real user; a stage never opens a file or a connection itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from onrecord.record import Attribution, Page
from onrecord.span import Span

__all__ = ["AttributionReader", "Ports"]


class AttributionReader(Protocol):
    """Reads attributions; `attribution.rules` and the trained tagger both do."""

    def __call__(self, page: Page, sentences: Sequence[Span]) -> tuple[Attribution, ...]:
        """The attributions of the page, ordered by their first span."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the makers of stages are given; empty until a stage needs the outside."""
