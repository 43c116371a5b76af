"""Tokens of a text, and the values that digits and number words stand for.

Only the digits 0 to 9 are read; a run of more than 18 of them is an identifier, not a number.
"""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from onrecord.span import Span

__all__ = ["FRACTIONS", "MAGNITUDES", "ORDINALS", "Token", "Value", "tokens", "value_at"]

# First digits whose groups a hard or thin space divides: 1 200 000.
_TOKEN = re.compile(
    r"[0-9]{1,3}(?:[\u00a0\u2009\u202f][0-9]{3})++|(?<![\w.])\.[0-9]+|[0-9]+(?:[.,][0-9]+)*+|[^\W\d_]+|[^\w\s]|\w"
)
_THIN = str.maketrans("", "", "\u00a0\u2009\u202f")
_MOST_DIGITS = 18
_MOST_MAGNITUDES = 2
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SMALL: Mapping[str, int] = MappingProxyType(
    {word: n for n, word in enumerate(_ONES)}
    | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
)
MAGNITUDES: Mapping[str, float] = MappingProxyType(
    {
        "hundred": 1e2,
        "thousand": 1e3,
        "lakh": 1e5,
        "million": 1e6,
        "mn": 1e6,
        "crore": 1e7,
        "crores": 1e7,
        "billion": 1e9,
        "bn": 1e9,
        "trillion": 1e12,
        "tn": 1e12,
    }
)
# Read as a magnitude only directly behind digits: 3m, 250k.
_SHORT: Mapping[str, float] = MappingProxyType(
    {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12}
)
_MONEY_SIGNS = frozenset("$€£¥₹₽")
_ORDINAL_WORDS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh
twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""".split()
ORDINALS: Mapping[str, int] = MappingProxyType(
    {word: n for n, word in enumerate(_ORDINAL_WORDS)}
    | {word[:-1] + "ieth": 10 * n for n, word in enumerate(_TENS, start=2)}
)
FRACTIONS: Mapping[str, float] = MappingProxyType(
    {
        "half": 1 / 2,
        "halves": 1 / 2,
        "third": 1 / 3,
        "thirds": 1 / 3,
        "quarter": 1 / 4,
        "quarters": 1 / 4,
        "fourths": 1 / 4,
        "fifth": 1 / 5,
        "fifths": 1 / 5,
        "sixth": 1 / 6,
        "sixths": 1 / 6,
        "seventh": 1 / 7,
        "eighth": 1 / 8,
        "eighths": 1 / 8,
        "tenth": 1 / 10,
        "tenths": 1 / 10,
    }
)
_SIGNS: Mapping[str, float] = MappingProxyType(
    {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number in digits or one sign; `low` is the text in small letters."""

    text: str
    low: str
    start: int
    end: int
    is_digits: bool
    is_word: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A value, the step that it is given in, and the token after it.

    `step` is the place of the last significant digit: 1e5 for "1.2 million", 0.1 for "7.5".
    `is_round` where the digits themselves invite rounding: a decimal point, a magnitude, or
    zeros at the end of a number from 100 on.
    """

    value: float
    step: float
    after: int
    is_round: bool = False


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens in order; linear in the length.

    >>> [token.text for token in tokens("$1.2m, in 5 km")]
    ['$', '1.2', 'm', ',', 'in', '5', 'km']
    """
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        first = word[0]
        found.append(
            Token(
                word,
                word.lower(),
                match.start(),
                match.end(),
                "0" <= word[-1] <= "9",
                first.isalpha(),
            )
        )
    return tuple(found)


def value_at(read: Sequence[Token], i: int) -> Value | None:
    """The number that begins at token `i`, in digits or in words, with its magnitude.

    >>> value_at(tokens("two and a half million people"), 0).value
    2500000.0
    >>> value_at(tokens("people"), 0) is None
    True
    """
    token = read[i]
    if token.is_digits:
        return _digits(read, i)
    if token.text in _SIGNS:
        return Value(_SIGNS[token.text], 0.01, i + 1)
    if not token.is_word:
        return None
    return _words(read, i)


def span_of(read: Sequence[Token], first: int, after: int) -> Span:
    """The span of the tokens `[first, after)`."""
    return Span(read[first].start, read[after - 1].end)


def word(read: Sequence[Token], i: int) -> str:
    """The token in small letters, or "" outside the text."""
    return read[i].low if 0 <= i < len(read) else ""


def touches(read: Sequence[Token], i: int) -> bool:
    """Whether token `i` follows the one before it without a space."""
    return 0 < i < len(read) and read[i - 1].end == read[i].start


def _digits(read: Sequence[Token], i: int) -> Value | None:
    text = read[i].text.translate(_THIN)
    if sum(map(str.isdigit, text)) > _MOST_DIGITS:
        return None
    after = i + 1
    # A plain space also parts two numbers ("in 2019 300 people"): only before a group with a nought.
    while (
        after < len(read)
        and read[after].is_digits
        and len(read[after].text) == 3
        and read[after].text[0] == "0"
        and read[after].start == read[after - 1].end + 1
        and text.isdigit()
        and len(text) in {1, 2, 3, 6, 9}
    ):
        text, after = text + read[after].text, after + 1
    value, decimals = _plain(text)
    if value is None:
        return None
    zeros = 0
    if not decimals:
        digits = text.replace(",", "")
        zeros = min(len(digits) - len(digits.rstrip("0")), len(digits) - 1)
    step = 10.0**-decimals if decimals else 10.0**zeros
    is_round = bool(decimals) or (zeros > 0 and value >= 100)
    if after < len(read) and read[after].text in _SIGNS and touches(read, after):
        value, step, after = value + _SIGNS[read[after].text], 0.25, after + 1
    elif (
        word(read, after) == "and" and word(read, after + 1) == "a" and word(read, after + 2) in
        {"half", "quarter"}
    ):  # fmt: skip
        value, step, after = value + FRACTIONS[word(read, after + 2)], 0.25, after + 3
    return _with_magnitude(read, Value(value, step, after, is_round))


def _plain(text: str) -> tuple[float | None, int]:
    """The value of digits with separators, and its number of decimals; `None` for 1.2.3 and 1,2."""
    whole, point, rest = text.partition(".")
    if point and ("." in rest or "," in rest):
        groups = text.split(".")
        if all(len(group) == 3 and group.isdigit() for group in groups[1:]):  # 1.200.000
            return float("".join(groups)), 0
        return None, 0
    groups = whole.split(",")
    if len(groups) > 1 and not all(len(group) == 3 for group in groups[1:]):
        is_indian = len(groups[-1]) == 3 and all(len(group) == 2 for group in groups[1:-1])
        if not is_indian:
            return None, 0
    joined = "".join(groups)
    return float(f"{joined}.{rest}" if rest else joined), len(rest)


def _with_magnitude(read: Sequence[Token], value: Value) -> Value:
    i = value.after
    n, step, is_round = value.value, value.step, value.is_round
    if touches(read, i) and word(read, i) == "-" and word(read, i + 1) in MAGNITUDES:
        i += 1  # 5-million
    if _is_short_magnitude(read, i):
        factor = _SHORT[word(read, i)]
        return Value(n * factor, step * factor, i + 1, is_round=True)
    for _ in range(_MOST_MAGNITUDES):  # "2 hundred thousand"
        if word(read, i) not in MAGNITUDES:
            break
        factor = MAGNITUDES[word(read, i)]
        n, step, i, is_round = n * factor, step * factor, i + 1, True
    return Value(n, step, i, is_round)


def _is_short_magnitude(read: Sequence[Token], i: int) -> bool:
    """Whether token `i` is the m, bn or k of the digits before it; "50m" alone is metres."""
    low = word(read, i)
    if low not in _SHORT or (
        i + 1 < len(read)
        and touches(read, i + 1)
        and (read[i + 1].is_word or read[i + 1].is_digits or read[i + 1].text == "/")
    ):
        return False
    is_money = word(read, i - 2) in _MONEY_SIGNS
    if not touches(read, i):
        return is_money and low != "k"
    following = word(read, i + 1)
    is_counted = len(following) > 3 and (following.endswith("s") or following == "people")
    return is_money or low in {"k", "bn"} or is_counted


def _words(read: Sequence[Token], i: int) -> Value | None:
    first = read[i].low
    if first in {"a", "an", "one", "half"}:
        found = _small_start(read, i)
        if found is not None:
            return found
    if first not in SMALL:
        return None
    total, group, at, is_round = 0.0, 0.0, i, False
    step = 1.0
    last = ""  # what kind of word came before: ones, tens, magnitude
    while at < len(read):
        low = read[at].low
        if low in SMALL:
            kind = "tens" if SMALL[low] >= 20 else "ones"
            if last == "ones" or (last == "tens" and (kind == "tens" or SMALL[low] >= 10)):
                break
            group += SMALL[low]
            last, step = kind, 1.0
        elif low in MAGNITUDES and at > i:
            factor = MAGNITUDES[low]
            if factor == 1e2:
                group = (group or 1) * factor
            else:
                total, group = total + (group or 1) * factor, 0.0
            last, step, is_round = "magnitude", factor, True
        elif low == "-" and touches(read, at) and word(read, at + 1) in {*SMALL, *MAGNITUDES}:
            if not touches(read, at + 1) or (last == "ones" and word(read, at + 1) in SMALL):
                break
        elif low == "and" and word(read, at + 1) in SMALL and last == "magnitude":
            pass
        elif (
            low == "and" and word(read, at + 1) in {"a", "one"}
            and word(read, at + 2) in {"half", "quarter"}
        ):  # fmt: skip
            group += FRACTIONS[word(read, at + 2)]
            step, is_round, last = 0.5, True, "ones"
            at += 2
        else:
            break
        at += 1
    value = total + group
    if last == "magnitude":
        # "three hundred" counts as 300: the step is where its last digit stands.
        step = step if value % step == 0 else 1.0
    return Value(value, step, at, is_round and value >= 100)


def _small_start(read: Sequence[Token], i: int) -> Value | None:
    """The value of "a million", "half a million", "a dozen"; else `None`."""
    at = i + 1
    first = read[i].low
    if first == "half":
        if word(read, at) in {"a", "an"} and word(read, at + 1) in {*MAGNITUDES, "dozen"}:
            unit = word(read, at + 1)
            factor = 12.0 if unit == "dozen" else MAGNITUDES[unit]
            return Value(factor / 2, factor / 10, at + 2, is_round=unit != "dozen")
        return None
    if word(read, at) == "dozen":
        return Value(12.0, 1.0, at + 1)
    if word(read, at) == "couple" and word(read, at + 1) == "of":
        return Value(2.0, 1.0, at + 2)
    if word(read, at) == "half" and word(read, at + 1) in MAGNITUDES:
        factor = MAGNITUDES[word(read, at + 1)]
        return Value(factor / 2, factor / 10, at + 2, is_round=True)
    if word(read, at) in MAGNITUDES and first != "half":
        factor, at = MAGNITUDES[word(read, at)], at + 1
        if word(read, at) in MAGNITUDES:
            factor, at = factor * MAGNITUDES[word(read, at)], at + 1
        if word(read, at) == "and" and word(read, at + 1) in SMALL and factor == 1e2:
            rest = _words(read, at + 1)
            if rest is not None and rest.value < 100:
                return Value(factor + rest.value, 1.0, rest.after)
        return Value(factor, factor, at, is_round=True)
    return None
