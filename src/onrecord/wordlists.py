"""Closed word lists written as running text."""

from __future__ import annotations

__all__ = ["words"]


def words(text: str) -> frozenset[str]:
    """The different words of `text`, split at white space.

    >>> sorted(words("mayor envoy"))
    ['envoy', 'mayor']
    """
    return frozenset(text.split())
