"""Shared names become placeholders, so that a stance cannot rest on whose name it is.

The stance model reads claim and passage with the names they share replaced alike in both: a claim
about one person and the same claim about another read the same. Training imports this module.
"""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["FIXED", "WORD", "is_name", "masked", "replaced"]

# What shared names become: ordinary surnames, each one piece of the model's vocabulary.
_PLACEHOLDERS = """Smith Johnson Miller Davis Wilson Moore Taylor Anderson Baker Cooper Parker
Hughes""".split()
# Capitalised words that are no name, or that carry meaning of their own.
FIXED = frozenset(
    """January February March April May June July August September October November December Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday The A An In On At Of And But Or Mr Mrs Ms Dr
    President Senator Governor North South East West New United States Kingdom World War II III St
    I He She It They We You His Her Its Their University College Church City County""".split()
)
_NO_NAME = FIXED | frozenset(
    """This That These Those There Here When Where While After Before Since Until During For From
    With Without By As If Then Than Because Although Though However Also According Both Each Every
    All Some Many Most More Few Several Other Another Such One Two Three Four Five Six Seven Eight
    Nine Ten Who What Which Why How Yes No Not Only Over Under About Between Among Into Out Up Down
    Mr Mrs Ms Dr Is Are Was Were Be Been Has Have Had Do Does Did Can Could Will Would May Might
    Should Must My Me Him Them So Yet Nor To Just Even Still Now Today Yesterday First Second Third
    Last Next Once Despite Per Its Prime Minister President Judge Court Law State States Party
    People Women Men Children Man Woman""".split()
)
WORD = re.compile(r"[A-Z][A-Za-z]+(?:-[A-Z][a-z]+)?")
_ANY_WORD = re.compile(r"[A-Za-z]+(?:-[A-Z][a-z]+)?")


def is_name(word: str) -> bool:
    """Whether a capitalised word may be a name: none of grammar, the calendar, offices.

    >>> is_name("Orlin"), is_name("Although")
    (True, False)
    """
    return word not in _NO_NAME


def replaced(text: str, mapping: Mapping[str, str]) -> str:
    """The text with whole capitalised words mapped; possessives and plurals stay.

    >>> replaced("Falk's plan", {"Falk": "Smith"})
    "Smith's plan"
    """
    return WORD.sub(lambda found: mapping.get(found.group(), found.group()), text)


def masked(claim: str, passage: str) -> tuple[str, str]:
    """Both texts with the names they share replaced by placeholders, alike in both.

    A name is a capitalised word of both texts that neither writes small. Past twelve names, and
    where a placeholder stands in a text already, a name stays as it is. Linear in the lengths.

    >>> masked("Falk closed the bridge.", "Mayor Falk closed it on Monday.")
    ('Smith closed the bridge.', 'Mayor Smith closed it on Monday.')
    """
    there = set(WORD.findall(passage))
    words = {word for text in (claim, passage) for word in _ANY_WORD.findall(text)}
    found = [
        word
        for word in dict.fromkeys(WORD.findall(claim))
        if word in there and is_name(word) and word.lower() not in words
    ]
    free = [name for name in _PLACEHOLDERS if name not in words or name in found]
    mapping = dict(zip(found, free, strict=False))
    return replaced(claim, mapping), replaced(passage, mapping)
