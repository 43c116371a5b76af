"""Whether a passage is about the matter of a claim at all, by the words that both use.

Cheap enough to ask of every passage before the model reads it.
"""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

import re

from onrecord.evidence.masks import WORD as NAME
from onrecord.evidence.masks import is_name

__all__ = ["content_words", "shared_share", "shares_a_name"]

_WORD = re.compile(r"[^\W_]+")
_GRAMMAR = frozenset(
    """the a an and or but of in on at to from by for with as is are was were be been being has have
    had do does did will would can could may might must should it its he his she her they their
    them this that these those who which what there than then so such into over under about after
    before during between also more most other some any all both each only not no never said says
    we our you your i my me us if when while where how why because s t""".split()
)
# Word forms are compared by their beginnings: "closed" and "closing" agree.
_BEGINNING = 5


def content_words(text: str) -> frozenset[str]:
    """The beginnings of the words of a text that are not grammar, numbers among them.

    >>> sorted(content_words("The bridge was closed in 2019."))
    ['2019', 'bridg', 'close']
    """
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(word[:_BEGINNING] for word in words if word not in _GRAMMAR)


def shared_share(claim: str, passage: str) -> float:
    """The share of the claim's content words that the passage has, 0 to 1; 0.0 without any.

    >>> shared_share("The bridge was closed in 2019.", "They closed a bridge.")
    0.6666666666666666
    """
    asked = content_words(claim)
    return len(asked & content_words(passage)) / len(asked) if asked else 0.0


def shares_a_name(claim: str, passage: str) -> bool:
    """Whether a name of the claim stands in the passage; true where the claim has no name.

    A capital at the beginning of the claim makes no name.

    >>> shares_a_name("In May Falk left Orlin.", "It rained in Orlin.")
    True
    >>> shares_a_name("In May Falk left Orlin.", "Mayor Brandt left in May.")
    False
    """
    _, _, inner = claim.strip().partition(" ")
    names = {word[:_BEGINNING].casefold() for word in NAME.findall(inner) if is_name(word)}
    return not names or not names.isdisjoint(content_words(passage))
