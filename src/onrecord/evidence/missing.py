"""What evidence would settle a claim, in plain words, by what the claim is about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from onrecord.terms import ClaimKind

__all__ = ["would_settle"]

_BY_KIND: Mapping[ClaimKind, str] = MappingProxyType(
    {
        ClaimKind.QUANTITY: "a source that gives the number, says for which time and place, and "
        "who counted",
        ClaimKind.COMPARISON: "figures for everything that is compared, from one source, counted "
        "alike and for the same time",
        ClaimKind.CAUSE: "a study or record that shows that the one brought about the other, not "
        "only that both happened",
        ClaimKind.LAW_OR_RECORD: "the law, vote, ruling or register itself, with its date",
        ClaimKind.QUOTATION: "a recording, a transcript or the original text with these words",
        ClaimKind.EVENT: "a record of what happened, or a report by somebody who was there",
    }
)


def would_settle(kind: ClaimKind | None) -> str:
    """What would settle a claim of this kind; for an unknown kind, what settles most.

    >>> would_settle(ClaimKind.QUOTATION)
    'a recording, a transcript or the original text with these words'
    """
    return _BY_KIND[kind or ClaimKind.EVENT]
