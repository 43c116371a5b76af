"""Numbers that name a thing and measure nothing: Boeing 737, Article 5, Covid-19, G7, 555-0142."""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

from collections.abc import Sequence

from onrecord.evidence.counted import GRAMMAR, is_plural
from onrecord.evidence.dates_in_text import MONTHS, date_at
from onrecord.evidence.number_words import (
    MAGNITUDES,
    SMALL,
    Token,
    touches,
    word,
)
from onrecord.evidence.units import CURRENCY_WORDS, DURATIONS, UNITS

__all__ = ["is_in_a_title", "names_a_thing", "past_identifier"]

_IDENTIFIED = frozenset(
    """article section chapter paragraph clause page room flight route highway channel boeing airbus
    covid apollo formula version windows iphone type level category title volume episode psalm gate
    platform terminal street avenue road radio bbc group season grade phase tier appendix figure
    table line no nos number""".split()
)


_RANKED = frozenset("number no position place #".split())


# After these words a number is a place in an order, and not a name: "number 4 in the charts".
_ERAS = frozenset("bc bce ad ce".split())


_UNIT_WORDS = frozenset(
    {
        *UNITS,
        *DURATIONS,
        *CURRENCY_WORDS,
        *MAGNITUDES,
        "%",
        "percent",
        "per",
        "percentage",
        "-",
        "–",
        "/",
        "°",
        "to",
        "k",
        "bn",
        "square",
    }
)


def names_a_thing(read: Sequence[Token], i: int) -> bool:
    """Whether the digits at token `i` are part of a name: Boeing 737, G7, 3D, 681 BC."""
    behind = read[i + 1] if i + 1 < len(read) else None
    if behind is not None and behind.low in _ERAS:
        return True
    if behind is not None and behind.low == "s" and touches(read, i + 1):
        return date_at(read, i) is None  # '80s
    if behind is not None and behind.is_word and touches(read, i + 1) and behind.text[0].isupper():
        return behind.low not in _UNIT_WORDS | {"m", "b"}  # 4Real, 3D
    before = read[i - 1] if i else None
    if before is None:
        return _is_telephone(read, i)
    if before.end == read[i].start:  # G7, F-16, Covid-19
        if before.is_word:
            return before.low not in {"us", "usd", "eur", "gbp", "rs"}
        if before.text in "-–" and i > 1 and touches(read, i - 1) and read[i - 2].is_word:
            return read[i - 2].low not in {"mid", "early", "late", "pre", "post"}
    if before.low in _RANKED:
        return False
    if _follows_a_name(read, i):
        return True
    if before.low in _IDENTIFIED and before.low not in {"group", "line", "type", "level"}:
        return date_at(read, i) is None
    return _is_telephone(read, i)


def is_in_a_title(read: Sequence[Token], i: int) -> bool:
    """Whether a number word with a capital has one beside it: Xbox One, One Flew."""
    before, behind = read[i - 1] if i else None, read[i + 1] if i + 1 < len(read) else None
    if before is not None and before.is_word and before.text[0].isupper():
        return True
    is_capital = behind is not None and behind.is_word and behind.text[0].isupper()
    return is_capital and behind is not None and behind.low not in {*SMALL, *MAGNITUDES}


def _follows_a_name(read: Sequence[Token], i: int) -> bool:
    """Whether a number ends a name ("Resident Evil 5"): a capital before it, no noun behind it."""
    before = read[i - 1]
    if not (before.is_word and before.text[0].isupper()) or before.low in GRAMMAR | set(MONTHS):
        return False
    if i < 2 or read[i - 2].text in {".", "!", "?"} or before.low in CURRENCY_WORDS:
        return False
    if not before.low.isascii() or date_at(read, i) is not None:
        return False
    following = word(read, i + 1)
    return following not in _UNIT_WORDS and not is_plural(following)


def _is_telephone(read: Sequence[Token], i: int) -> bool:
    """Three digits or more, a hyphen, and four digits or groups of digits: 555-0142."""
    if word(read, i + 1) != "-" or not (touches(read, i + 1) and touches(read, i + 2)):
        return False
    if not (i + 2 < len(read) and read[i + 2].is_digits):
        return False
    one, two = read[i].text, read[i + 2].text
    return two.startswith("0") and len(two) > 1 and len(one) != 4 if one.isdigit() else False


def past_identifier(read: Sequence[Token], i: int) -> int:
    """The next token to look at; a chain of digits and hyphens that is no number is passed over."""
    if not read[i].is_digits:
        return i + 1
    i += 1
    while i + 1 < len(read) and read[i].low in "-–/:." and read[i + 1].is_digits:
        if not (touches(read, i) and touches(read, i + 1)):
            break
        i += 2
    return i
