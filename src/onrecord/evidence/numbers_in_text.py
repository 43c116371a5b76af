"""The numbers of an English text: value, unit, what is counted, and the exact words.

Numbers that name a thing ("Boeing 737", "Article 5", "Covid-19", "G7", telephone numbers) are left
out. Linear in the length of the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.evidence.amounts import amount_at
from onrecord.evidence.bounds import bound_before
from onrecord.evidence.dates_in_text import MONTHS, date_at
from onrecord.evidence.identifiers import is_in_a_title, names_a_thing, past_identifier
from onrecord.evidence.number import Number, NumberKind
from onrecord.evidence.number_forms import (
    factor_at,
    nothing_or_all_at,
    rank_at,
    share_in_words_at,
    vague_at,
)
from onrecord.evidence.number_words import (
    ORDINALS,
    SMALL,
    Token,
    span_of,
    tokens,
    word,
)
from onrecord.evidence.units import CURRENCY_SIGNS

__all__ = ["numbers", "numbers_of"]


def numbers(text: str) -> tuple[Number, ...]:
    """The numbers in the order of the text; spans never overlap.

    >>> [(n.span.of(text := "It cost $1.2m in May 2020."), n.low) for n in numbers(
    ...     "It cost $1.2m in May 2020.")]
    [('$1.2m', 1200000.0), ('May 2020', 2020.0)]
    """
    return numbers_of(tokens(text))


def numbers_of(read: Sequence[Token]) -> tuple[Number, ...]:
    """The numbers of a text that has been cut into tokens."""
    found: list[Number] = []
    i = 0
    while i < len(read):
        number = _number_at(read, i)
        if number is None:
            i = past_identifier(read, i)
            continue
        found.append(number)
        i = max(number.after, i + 1)
    return tuple(found)


def _number_at(read: Sequence[Token], i: int) -> Number | None:
    token = read[i]
    if token.is_word:
        if token.low in SMALL and token.text[0].isupper() and is_in_a_title(read, i):
            return None
        found = (
            _date(read, i)
            or share_in_words_at(read, i)
            or factor_at(read, i)
            or vague_at(read, i)
            or nothing_or_all_at(read, i)
            or rank_at(read, i)
        )
        return found or amount_at(read, i)
    if token.is_digits:
        if names_a_thing(read, i):
            return None
        return (
            _date(read, i) or share_in_words_at(read, i) or rank_at(read, i) or amount_at(read, i)
        )
    if token.text in CURRENCY_SIGNS or token.text in "-−½¼¾⅓⅔":
        return amount_at(read, i)
    return None


def _date(read: Sequence[Token], i: int) -> Number | None:
    low = read[i].low
    begins = low in MONTHS or low in ORDINALS or low.endswith("day") or low == "twenty"
    if not (read[i].is_digits or begins):
        return None
    date = date_at(read, i)
    if date is None:
        return None
    bound, _ = bound_before(read, i, is_date=True)
    the = i - (word(read, i - 1) == "the" and date.low != date.high)
    the -= 2 * (word(read, i - 1) == "-" and word(read, i - 2) in {"mid", "early", "late"})
    year = float(date.low or 0)
    return Number(
        span=span_of(read, max(the, 0), date.after),
        kind=NumberKind.DATE,
        low=year,
        high=float(date.high or 0),
        step=0.0,
        first=i,
        after=date.after,
        bound=bound,
        date=date,
    )
