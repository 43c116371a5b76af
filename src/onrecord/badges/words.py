"""How much of a short text a longer one repeats, by word stems; independent of language."""

from __future__ import annotations

import re

__all__ = ["coverage"]

_WORD = re.compile(r"\w[\w’'-]*")
_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "and",
        "or",
        "but",
        "not",
        "no",
        "that",
        "this",
        "these",
        "those",
        "it",
        "its",
        "he",
        "she",
        "they",
        "them",
        "his",
        "her",
        "their",
        "we",
        "our",
        "you",
        "i",
        "who",
        "which",
        "what",
        "when",
        "where",
        "how",
        "than",
        "then",
        "there",
        "so",
        "if",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "should",
        "about",
        "into",
        "over",
        "after",
        "before",
        "more",
        "most",
        "said",
        "says",
    ]
)


def coverage(short: str, longer: str) -> float | None:
    """The share of the content words of `short` that stand in `longer`, 0 to 1.

    Words are compared by their first six letters, numbers whole. `None` where `short` has no
    content word.
    """
    wanted = _stems(short)
    if not wanted:
        return None
    return len(wanted & _stems(longer)) / len(wanted)


def _stems(text: str) -> frozenset[str]:
    words = (w.casefold().replace("’", "'").removesuffix("'s") for w in _WORD.findall(text))
    return frozenset(
        w.replace(",", "") if w[0].isdigit() else w[:6] for w in words if w not in _STOP
    )
