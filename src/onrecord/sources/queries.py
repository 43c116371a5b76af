"""Words to search for: a claim without what a search engine would take for an order."""

from __future__ import annotations

import re

from onrecord.factchecks.overlap import FUNCTION_STEMS

__all__ = ["plain_query", "wiki_queries"]

_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
# MediaWiki's search refuses more than 300 characters.
MAX_CHARS = 250
# A wiki asks for all of the words, so every further one can only lose pages.
MAX_WORDS = 10
MAX_NAMES = 4


def plain_query(text: str) -> str:
    """The words of a claim in order, without operators, quotation marks and addresses.

    >>> plain_query('site:evil.example "The bridge" -opened in 1961!')
    'site evil.example The bridge opened in 1961'
    """
    return _joined(_WORD.findall(text))


def wiki_queries(text: str) -> tuple[str, ...]:
    """Queries to try in turn until one finds something: the words that matter, then the names.

    >>> wiki_queries("The Harrow bridge was opened in Anytown in 1961.")
    ('Harrow bridge opened Anytown 1961', 'Harrow Anytown')
    """
    words = [w for w in _WORD.findall(text) if w.lower() not in FUNCTION_STEMS]
    first = _joined(words[:MAX_WORDS])
    names = [w for w in words if w[0].isupper()]
    second = _joined(list(dict.fromkeys(names))[:MAX_NAMES])
    return tuple(dict.fromkeys(q for q in (first, second) if q))


def _joined(words: list[str]) -> str:
    out = ""
    for word in words:
        longer = f"{out} {word}" if out else word
        if len(longer) > MAX_CHARS:
            break
        out = longer
    return out
