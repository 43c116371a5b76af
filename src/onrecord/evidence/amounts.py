"""Counts, measures, sums, shares and durations, alone or as a range, with their surroundings."""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from onrecord.evidence.bounds import Bound, bound_after, bound_before
from onrecord.evidence.counted import counted_noun
from onrecord.evidence.number import Number, NumberKind
from onrecord.evidence.number_words import (
    Token,
    Value,
    span_of,
    touches,
    value_at,
    word,
)
from onrecord.evidence.units import CURRENCY_SIGNS, CURRENCY_WORDS, DURATIONS, UNITS, Unit
from onrecord.span import Span

__all__ = ["amount_at", "finished"]

_AFTER_PRONOUN = frozenset("of another day thing to who that which".split())
_TIMES_A = frozenset("day week month year night hour minute second capita head person".split())


_RISES = frozenset(
    """rose rise rises risen rising grew grow grows grown growing increased increase increases
    increasing climbed climb jumped jump gained gain surged surge soared soar up added raised raise
    expanded""".split()
)


_FALLS = frozenset(
    """fell fall falls fallen falling dropped drop drops declined decline decreased decrease shrank
    shrunk shrink cut lost lose loses reduced reduce slipped sank plunged plunge down lowered
    contracted""".split()
)


_MASS_WORDS = frozenset(
    "weigh weighs weighed weighing weight heavy heavier lost lift lifted".split()
)


def amount_at(read: Sequence[Token], i: int) -> Number | None:
    """A count, measure, share, sum or duration, alone or as a range."""
    at, sign, currency = i, 1.0, ""
    if read[at].text in "-−" or read[at].low == "minus":
        if read[at].low != "minus" and (touches(read, at) or not touches(read, at + 1)):
            return None
        sign, at = -1.0, at + 1
    if at < len(read) and read[at].text in CURRENCY_SIGNS:
        currency, at = CURRENCY_SIGNS[read[at].text], at + 1
    if at >= len(read):
        return None
    value = value_at(read, at) or _one_span_of_time(read, at)
    if value is None or (not currency and _is_pronoun(read, at, value)):
        return None
    if read[at].is_digits and word(read, value.after) == ":" and touches(read, value.after):
        return None  # a time of day
    number = Number(
        Span(0, 0), NumberKind.COUNT, sign * value.value, sign * value.value, value.step, i,
        value.after, unit=currency, is_round=value.is_round,
    )  # fmt: skip
    if currency:
        number = replace(number, kind=NumberKind.MONEY)
    if word(read, i - 1) in {"number", "no", "position", "#"} and not currency:
        kind = NumberKind.RANK
        return replace(number, kind=kind, span=span_of(read, i, number.after))
    if word(read, i - 1) == "aged" or (
        word(read, i - 2) in {"age", "aged"} and word(read, i - 1) == "of"
    ):
        return _age(number, read)
    number = _with_second(read, number, value)
    return finished(read, _with_unit(read, number))


def _one_span_of_time(read: Sequence[Token], at: int) -> Value | None:
    """The 1 of "an hour and a half" and "under an hour"; a plain "a day" counts nothing."""
    if read[at].low not in {"a", "an"} or word(read, at + 1) not in DURATIONS:
        return None
    has_half = word(read, at + 2) == "and" and word(read, at + 3) == "a"
    if has_half or bound_before(read, at)[0] is not Bound.EXACT:
        return Value(1.0, 1.0, at + 1)
    return None


def _is_pronoun(read: Sequence[Token], at: int, value: Value) -> bool:
    """Whether "one" stands for a thing and counts none: "one of them", "the one who"."""
    if read[at].low != "one" or value.after != at + 1:
        return False
    following = word(read, value.after)
    return following in _AFTER_PRONOUN or not (following.isalpha() or following == "-")


def _age(number: Number, read: Sequence[Token]) -> Number:
    year = DURATIONS["year"]
    return replace(
        number,
        kind=NumberKind.DURATION,
        low=number.low * year,
        high=number.high * year,
        step=year,
        unit="duration",
        noun="old",
        is_round=False,
        span=span_of(read, number.first, number.after),
    )


def _with_second(read: Sequence[Token], number: Number, value: Value) -> Number:
    """The number with the other end of a range, the other side of a score, or the whole."""
    at = number.after
    sign = word(read, at)
    led = word(read, number.first - 1)
    if sign == "/" or (sign == "out" and word(read, at + 1) == "of") or sign == "of":
        second = _second(read, at + 1 + (sign == "out"))
        if (
            second is not None
            and second.value >= number.low > 0
            and (sign != "of" or read[second.after - 1].is_digits)
        ):
            return replace(number, after=second.after, out_of=second.value)
        return number
    skip = 0
    if sign in {"votes", "points", "seats", "goals"}:
        skip, sign = 1, word(read, at + 1)
    percent = 0
    if sign in {"%", "percent"} and word(read, at + 1) in {"to", "-", "–", "and"}:
        percent, sign = 1, word(read, at + 1)
    joined = sign in {"-", "–"} and touches(read, at + percent + skip + 1)
    if not (joined or sign == "to" or (sign == "and" and led == "between")):
        return number
    second = _second(read, at + skip + percent + 1)
    if second is None:
        return number
    high = second.value
    low = number.low
    if (
        skip
        or (joined and low >= high and not number.unit)
        or (joined and led in {"won", "lost", "beat", "drew", "by", "score"})
    ):
        if skip and sign != "to" and not joined:
            return number
        return replace(number, kind=NumberKind.PAIR, high=high, after=second.after, is_range=True)
    # "5 to 10 million": the magnitude of the second holds for both.
    size = second.value / max(_bare(read, at + skip + percent + 1), 1e-9)
    is_alone = (
        value.after == number.first + 1 + bool(number.unit) and read[value.after - 1].is_digits
    )
    if size > 1.5 and is_alone and low < high / size * 20 and low < 1000:
        low *= size
    is_from_to = led == "from" or word(read, number.first - 2) == "from"
    if low > high and not is_from_to:
        return number
    return replace(
        number,
        low=low,
        high=high,
        step=max(number.step, second.step),
        after=second.after,
        is_range=True,
        is_from_to=is_from_to,
    )


def _second(read: Sequence[Token], at: int) -> Value | None:
    if at < len(read) and read[at].text in CURRENCY_SIGNS:
        at += 1
    return value_at(read, at) if at < len(read) else None


def _bare(read: Sequence[Token], at: int) -> float:
    if at < len(read) and read[at].text in CURRENCY_SIGNS:
        at += 1
    alone = value_at(read[: at + 1], at) if at < len(read) else None
    return alone.value if alone else 0.0


def _with_unit(read: Sequence[Token], number: Number) -> Number:
    """The number in the first unit of its dimension, its words reaching over the unit."""
    at = number.after
    if word(read, at) == "-" and touches(read, at) and touches(read, at + 1):
        at += 1  # 9-km, three-year
    low = word(read, at)
    if number.kind is NumberKind.PAIR:
        return number
    if low in {"percent", "%", "pct"} or (low == "per" and word(read, at + 1) == "cent"):
        at += 1 + (low == "per")
        if word(read, at) in {"point", "points"}:
            return replace(number, kind=NumberKind.POINTS, unit="points", after=at + 1)
        return replace(
            number,
            kind=NumberKind.SHARE,
            unit="%",
            after=at,
            is_round=True,
            step=min(number.step, 1.0),
        )
    if low == "percentage" and word(read, at + 1) in {"point", "points"}:
        return replace(number, kind=NumberKind.POINTS, unit="points", after=at + 2)
    if low in CURRENCY_WORDS or low in {"us", "american", "australian", "canadian", "british"}:
        at += low not in CURRENCY_WORDS
        name = CURRENCY_WORDS.get(word(read, at), "")
        if name == "pound" and _speaks_of_mass(read, number.first):
            return _scaled(number, UNITS["lb"], at + 1, read[at].low)
        if name:
            return replace(number, kind=NumberKind.MONEY, unit=name, after=at + 1)
        return number
    if number.kind is NumberKind.MONEY:
        return number
    if low in DURATIONS:
        scale = DURATIONS[low]
        number = _scaled(number, Unit("duration", scale), at + 1, low)
        number = replace(number, kind=NumberKind.DURATION)
        if (
            word(read, at + 1) == "and"
            and word(read, at + 2) == "a"
            and word(read, at + 3) == "half"
        ):
            more = number.low + scale / 2
            return replace(number, low=more, high=more, after=at + 4)
        return number
    return _measure(read, number, at)


def _measure(read: Sequence[Token], number: Number, at: int) -> Number:
    low, after = word(read, at), at + 1
    squared = low in {"square", "sq"} or low == "cubic"
    if squared:
        low, after = word(read, after + (word(read, after) == ".")), after + 1
    if low in {"degrees", "degree", "°"}:
        scale = word(read, after)
        name = {"c": "celsius", "f": "fahrenheit", "celsius": "celsius", "fahrenheit": "fahrenheit"}
        if scale in name:
            return _scaled(number, UNITS[name[scale]], after + 1, name[scale])
        return number
    for sign in ("/", "-"):
        whole = low + sign + word(read, at + 2)
        if word(read, at + 1) == sign and whole in UNITS:
            return _scaled(number, UNITS[whole], at + 3, whole)
    unit = UNITS.get(low)
    if unit is None or (len(low) <= 2 and at >= len(read)):
        return number
    if low in {"foot", "feet"} and word(read, after) == "soldiers":
        return number
    if len(low) == 1 and word(read, after) in {"'", "’", "."} and low not in {"m", "g", "l"}:
        return number
    if squared:
        power = 3 if word(read, at) == "cubic" else 2
        factor = unit.factor**power * (1000 if power == 3 else 1)
        unit = Unit("volume" if power == 3 else "area", factor)
    elif (
        unit.dimension == "length"
        and word(read, after) in {"per", "an"}
        and word(read, after + 1) in {"hour", "second"}
    ):
        hours = 1.0 if word(read, after + 1) == "hour" else 3600.0
        return _scaled(number, Unit("speed", unit.factor / 1000 * hours), after + 2, low)
    return _scaled(number, unit, after, low)


def _scaled(number: Number, unit: Unit, after: int, written: str) -> Number:
    low = number.low * unit.factor + unit.offset
    high = number.high * unit.factor + unit.offset
    return replace(
        number,
        kind=NumberKind.MEASURE,
        low=low,
        high=high,
        step=number.step * unit.factor,
        unit=unit.dimension,
        written=written,
        after=after,
    )


def _speaks_of_mass(read: Sequence[Token], i: int) -> bool:
    return any(token.low in _MASS_WORDS for token in read[max(0, i - 8) : i + 6])


def finished(read: Sequence[Token], number: Number) -> Number:
    """The number with its bound, direction, noun, rate, and the words it stands in."""
    first, after = number.first, number.after
    bound, begin = bound_before(read, first)
    if bound is Bound.EXACT:
        bound, after = bound_after(read, after)
        begin = first
    moves = 0
    steps = begin - 1
    if word(read, steps) in {"by", "to"} or word(read, steps) in _RISES | _FALLS:
        window = {token.low for token in read[max(0, steps - 4) : steps + 1]}
        if word(read, steps) != "to":
            moves = bool(window & _RISES) - bool(window & _FALLS)
    per = ""
    if word(read, after) in {"a", "an", "per", "each", "every", "/"} and (
        word(read, after + 1) in _TIMES_A or word(read, after + 1) == "tonne"
    ):
        per = word(read, after + 1)
    of = number.kind in {NumberKind.COUNT, NumberKind.SHARE, NumberKind.MEASURE}
    noun = counted_noun(read, after) if of and not per else ""
    if number.kind is NumberKind.DURATION and word(read, after) in {"old", "-"}:
        noun = "old" if "old" in {word(read, after), word(read, after + 1)} else ""
    if bound in {Bound.MORE, Bound.AT_LEAST} and not number.is_vague:
        number = replace(number, high=math.inf)
    elif bound in {Bound.LESS, Bound.AT_MOST} and not number.is_vague:
        number = replace(number, low=-math.inf)
    return replace(
        number,
        span=span_of(read, begin, after),
        after=after,
        bound=bound,
        moves=moves,
        per=per,
        noun=noun,
    )
