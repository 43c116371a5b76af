"""Sentence spans of a page: those of its regions of running text.

A sentence never crosses a region; where one ends inside it is `sentence_ends`' business.
"""

from __future__ import annotations

from onrecord.record import Page
from onrecord.sentence_ends import paragraphs, split
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["RUNNING_TEXT", "paragraphs", "sentences", "split"]

RUNNING_TEXT = frozenset(
    {
        RegionKind.TITLE,
        RegionKind.SUBTITLE,
        RegionKind.BODY,
        RegionKind.CAPTION,
        RegionKind.PULL_QUOTE,
        RegionKind.BIO,
        RegionKind.COMMENT,
        RegionKind.CORRECTION,
    }
)


def sentences(page: Page) -> tuple[Span, ...]:
    """The sentences of all regions of running text, in document order.

    Offsets are code points into `page.text`. Consumers choose regions by overlap; empty text
    gives none.
    """
    out: list[Span] = []
    for region in page.regions:
        if region.kind in RUNNING_TEXT:
            out.extend(split(page.text, region.span))
    return tuple(out)
