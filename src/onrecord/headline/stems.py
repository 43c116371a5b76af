"""Word stems, groups of headline words that mean the same, and numbers, for comparing wordings.

A stem here is only a key for comparing: `resigned`, `resignation` and `resigns` share one. Two
words are taken for the same when their stems are equal or stand in one group of `groups.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from onrecord.headline.groups import GROUPS, IRREGULAR

__all__ = ["groups_of", "number_of", "phrases", "stem"]

_DERIVED = (
    "ifications", "ification", "izations", "ization", "isations", "isation", "ations", "ation",
    "ments", "ment", "nesses", "ness", "ities", "ity", "ancies", "ances", "ance", "ences", "ence",
    "itions", "ition", "utions", "ions", "ion", "ings", "ing", "ally", "edly", "ingly", "ly",
    "als", "al", "ors", "or", "ers", "er", "ies", "ied", "es", "ed", "ive", "ous", "able", "ible",
    "ants", "ant", "ents", "ent", "ures", "ure", "s",
)  # fmt: skip
_VOWEL = re.compile(r"[aeiouy]")
_UNITS = MappingProxyType(
    {
        word: n
        for n, word in enumerate(
            [
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
            ]
        )
    }
)
_TENS = MappingProxyType(
    {
        word: 10 * n
        for n, word in enumerate(
            ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
        )
    }
)
_SCALES = MappingProxyType(
    {
        "hundred": 1e2,
        "thousand": 1e3,
        "k": 1e3,
        "million": 1e6,
        "m": 1e6,
        "mn": 1e6,
        "billion": 1e9,
        "bn": 1e9,
        "trillion": 1e12,
    }
)
_FIGURE = re.compile(
    r"[$£€]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(k|m|bn|mn|million|billion)?", re.IGNORECASE
)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The key of a word: lower case, irregular forms undone, endings off, never under 3 letters.

    >>> stem("resignation") == stem("resigned"), stem("stole"), stem("cities") == stem("city")
    (True, 'steal', True)
    """
    plain = word.casefold().replace("’", "'").removesuffix("'s").strip("'")
    plain = plain.replace("-", "")
    plain = IRREGULAR.get(plain, plain)
    if IRREGULAR.get(plain) == plain:
        return plain  # "department" is no form of "depart"
    if len(plain) <= 3:
        return plain
    for ending in _DERIVED:
        if plain.endswith(ending):
            rest = plain[: -len(ending)]
            least = 3 if ending in {"s", "es", "ed", "ing", "ies", "ied", "ings"} else 4
            if ending == "s" and plain.endswith(("ss", "us", "is")):
                continue
            if len(rest) < least or not _VOWEL.search(rest):
                continue
            return _tidy(rest)
    return _tidy(plain)


def _tidy(rest: str) -> str:
    if len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "sl":
        rest = rest[:-1]
    if len(rest) > 3 and rest[-1] in "eiy":
        rest = rest[:-1]
    if len(rest) > 5 and rest.endswith("at"):
        rest = rest[:-2]  # associate as association
        if rest[-1] in "eiy":
            rest = rest[:-1]
    return rest


@cache
def _group_index() -> dict[str, frozenset[int]]:
    index: dict[str, set[int]] = {}
    for i, group in enumerate(GROUPS):
        for word in group.split():
            if "+" not in word:
                index.setdefault(stem(word), set()).add(i)
    return {key: frozenset(value) for key, value in index.items()}


@cache
def phrases() -> Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """The expressions of several words, by their first stem: their stems, and their group."""
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for i, group in enumerate(GROUPS):
        for word in group.split():
            if "+" in word:
                parts = tuple(stem(part) for part in word.split("+"))
                found.setdefault(parts[0], []).append((parts, i))
    return MappingProxyType({first: tuple(each) for first, each in found.items()})


def groups_of(key: str) -> frozenset[int]:
    """The numbers of the groups that a stem belongs to; empty for most words."""
    return _group_index().get(key, frozenset())


def number_of(word: str, following: str = "") -> tuple[float, bool] | None:
    """The number that a word writes, in figures or letters, and whether `following` scales it.

    >>> number_of("2.3", "million"), number_of("twelve"), number_of("12,000"), number_of("house")
    ((2300000.0, True), (12.0, False), (12000.0, False), None)
    """
    low = word.casefold()
    value: float | None = None
    if match := _FIGURE.fullmatch(low):
        value = float(match[1].replace(",", "") + (match[2] or ""))
        if match[3]:
            return value * _SCALES[match[3]], False
    elif low in _UNITS:
        value = float(_UNITS[low])
    elif low in _TENS:
        value = float(_TENS[low])
    elif "-" in low:
        tens, _, unit = low.partition("-")
        if tens in _TENS and unit in _UNITS:
            value = float(_TENS[tens] + _UNITS[unit])
    if value is None:
        return None
    scale = _SCALES.get(following.casefold())
    return (value * scale, True) if scale else (value, False)
