"""Numbers in words of their own: fractions, "one in five", "doubled", "dozens", "none", ranks."""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.evidence.amounts import finished
from onrecord.evidence.bounds import bound_before
from onrecord.evidence.counted import counted_noun
from onrecord.evidence.number import Number, NumberKind
from onrecord.evidence.number_words import (
    FRACTIONS,
    MAGNITUDES,
    ORDINALS,
    Token,
    span_of,
    touches,
    value_at,
    word,
)
from onrecord.span import Span

__all__ = ["factor_at", "nothing_or_all_at", "rank_at", "share_in_words_at", "vague_at"]

_FACTORS = {
    **dict.fromkeys("doubled doubles doubling double twice twofold".split(), 2.0),
    **dict.fromkeys("tripled triples tripling trebled threefold".split(), 3.0),
    **dict.fromkeys("quadrupled quadrupling fourfold".split(), 4.0),
    **dict.fromkeys("halved halves halving".split(), 0.5),
    "fivefold": 5.0,
    "sixfold": 6.0,
    "tenfold": 10.0,
    "hundredfold": 100.0,
}


_VAGUE = {
    "dozens": (24.0, 200.0),
    "scores": (40.0, 200.0),
    "hundreds": (200.0, 2000.0),
    "thousands": (2000.0, 100_000.0),
    "millions": (2e6, 1e9),
    "billions": (2e9, 1e12),
}


def share_in_words_at(read: Sequence[Token], i: int) -> Number | None:
    """A share in words: "a third of", "two thirds", "half of", "one in five", "by half"."""
    low, after, value = read[i].low, i + 1, 0.0
    if low == "half":
        if word(read, after) not in {"of", "the", "its", "their"} and word(read, i - 1) != "by":
            return None
        if (
            word(read, i - 1) in {"first", "second", "other", "and", "a"}
            and word(read, after) != "of"
        ):
            return None
        value = 50.0
    else:
        count = 1.0 if low in {"a", "one"} else 0.0
        if not count:
            small = (
                value_at(read, i)
                if low in {"two", "three", "four", "five", "seven", "nine"}
                or (read[i].is_digits and len(read[i].text) <= 3)
                else None
            )
            if small is None:
                return None
            count, after = small.value, small.after
        after += word(read, after) == "-"
        part = word(read, after)
        if part == "in" and low != "a":
            return _one_in(read, i, count, after)
        if part not in FRACTIONS or ((count > 1) != part.endswith("s") and part != "half"):
            return None
        if (
            count == 1
            and part != "half"
            and word(read, after + 1) != "of"
            and word(read, i - 1)
            not in {"by", "than", "about", "nearly", "almost", "around", "roughly"}
        ):
            return None
        if count == 1 and part == "half" and word(read, i - 1) == "and":
            return None
        value, after = 100 * count * FRACTIONS[part], after + 1
    return finished(
        read,
        Number(
            Span(0, 0),
            NumberKind.SHARE,
            value,
            value,
            2.0,
            i,
            after,
            unit="%",
            written="fraction",
            is_round=True,
        ),
    )


def _one_in(read: Sequence[Token], i: int, count: float, at: int) -> Number | None:
    whole = value_at(read, at + 1) if at + 1 < len(read) else None
    if (
        whole is None
        or not count < whole.value <= 1_000_000
        or (whole.value >= 1000 and (read[at + 1].is_digits and "," not in read[at + 1].text))
    ):
        return None
    if whole.after < len(read) and word(read, whole.after) in {"%", "percent", "minutes", "days"}:
        return None
    if read[i].is_digits and not read[at + 1].is_digits:
        return None
    share = 100 * count / whole.value
    number = Number(
        Span(0, 0), NumberKind.SHARE, share, share, min(2.0, share / 10), i, whole.after,
        unit="%", written="fraction", is_round=True,
    )  # fmt: skip
    return finished(read, number)


def factor_at(read: Sequence[Token], i: int) -> Number | None:
    """A factor: "doubled", "halved", "tenfold", "twice as many", "three times as high"."""
    low, after = read[i].low, i + 1
    factor = _FACTORS.get(low, 0.0)
    if low == "double" and word(read, i + 1) not in {"the", "its", "their", "in"}:
        return None
    if low == "halves" or (low == "twice" and word(read, i + 1) not in {"as", "the"}):
        return None
    if not factor:
        value = value_at(read, i)
        if value is None and low in {"an", "a"}:
            return None
        if (
            value is None
            or word(read, value.after) != "times"
            or word(read, value.after + 1) not in {"as", "more", "higher", "the"}
        ):
            return None
        factor, after = value.value, value.after + 1
    bound, _ = bound_before(read, i)
    return Number(
        span_of(read, i, after), NumberKind.FACTOR, factor, factor, factor / 20, i, after,
        bound=bound, is_round=True,
    )  # fmt: skip


def vague_at(read: Sequence[Token], i: int) -> Number | None:
    """A vague number: "dozens", "hundreds of thousands", "several hundred"."""
    at, many = i, 1.0
    low = read[at].low
    if low == "several" and word(read, at + 1) in {"dozen", "hundred", "thousand", "million"}:
        unit = word(read, at + 1)
        size = 12.0 if unit == "dozen" else MAGNITUDES[unit]
        lowest, highest, after = 2 * size, 10 * size, at + 2
    else:
        if low == "tens" and word(read, at + 1) == "of":
            many, at = 10.0, at + 2
        elif low == "hundreds" and word(read, at + 1) == "of" and word(read, at + 2) in _VAGUE:
            many, at = 100.0, at + 2
        if word(read, at) not in _VAGUE:
            return None
        if word(read, at) == "scores" and word(read, at + 1) != "of":
            return None
        lowest, highest = _VAGUE[word(read, at)]
        if many > 1:
            size = lowest / 2
            lowest, highest = 2 * many * size, 10 * (many * size)
            lowest = min(lowest, 20_000.0) if many == 10.0 and size == 1000 else lowest
        after = at + 1
    number = Number(Span(0, 0), NumberKind.COUNT, lowest, highest, 0.0, i, after, is_vague=True)
    return finished(read, number)


def nothing_or_all_at(read: Sequence[Token], i: int) -> Number | None:
    """Zero or the whole where the word counts: "no deaths", "none of", "nobody", "all of"."""
    low, after = read[i].low, i + 1
    kind, value, unit, noun = NumberKind.COUNT, 0.0, "", ""
    if low == "no":
        if i + 1 >= len(read) or not read[i + 1].is_word or word(read, i + 1) in {
            "one", "longer", "more", "doubt", "matter", "fewer", "less", "other", "such", "evidence",
            "plans", "plan", "reason", "idea", "way", "later", "sooner", "sign", "comment",
        }:  # fmt: skip
            if word(read, i + 1) != "one":
                return None
            after, noun = i + 2, "person"
    elif low == "nobody":
        noun = "person"
    elif low == "none":
        if word(read, i + 1) != "of":
            return None
    elif low == "all":
        if word(read, i + 1) != "of" and word(read, i + 1) != "the":
            return None
        following = i + 2 + (word(read, i + 2) in {"the", "its", "their"})
        if following < len(read) and value_at(read, following) is not None:
            return None
        kind, value, unit = NumberKind.SHARE, 100.0, "%"
    else:
        return None
    number = finished(read, Number(Span(0, 0), kind, value, value, 0.0, i, after, unit=unit))
    if noun:
        return replace(number, noun=noun)
    return number if number.noun else None


def rank_at(read: Sequence[Token], i: int) -> Number | None:
    """A place in an order: "third", "3rd", "twenty-first"."""
    low, after = read[i].low, i + 1
    n = ORDINALS.get(low)
    if n is not None and n >= 0:
        if (
            low in {"second", "third"}
            and word(read, i - 1) in {"a", "one", "per"}
            and low == "second"
        ):
            return None
    elif low in {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}:
        tail = ORDINALS.get(word(read, i + 2), 0)
        if word(read, i + 1) != "-" or not 0 < tail < 10:
            return None
        start = value_at(read, i)
        n = int(start.value if start else 0) + tail
        after = i + 3
    elif read[i].is_digits and word(read, i + 1) in {"st", "nd", "rd", "th"}:
        if not touches(read, i + 1) or not read[i].text.replace(",", "").isdigit():
            return None
        if len(read[i].text) > 7:
            return None
        n, after = int(read[i].text.replace(",", "")), i + 2
    else:
        return None
    if (
        i
        and read[i].text[0].isupper()
        and low in ORDINALS
        and word(read, i - 1) not in {".", "the"}
    ):
        return None  # a name: "Henry the Eighth", "Second Street"
    if word(read, after) in {"hand", "world"}:
        return None
    if word(read, i - 1 - (word(read, i - 1) == "the")) in {"after", "before", "above", "below"}:
        return None
    return Number(
        span_of(read, i, after), NumberKind.RANK, float(n), float(n), 1.0, i, after,
        noun=counted_noun(read, after),
    )  # fmt: skip
