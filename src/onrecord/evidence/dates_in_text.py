"""Dates in English text: days, months, years, decades and centuries, in the usual orders."""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from onrecord.evidence.number_words import ORDINALS, Token, touches, word

__all__ = ["MONTHS", "Date", "date_at", "dates_conflict"]

_NAMES = """january february march april may june july august september october november
december""".split()
MONTHS: Mapping[str, int] = MappingProxyType(
    {name: n for n, name in enumerate(_NAMES, start=1)}
    | {name[:3]: n for n, name in enumerate(_NAMES, start=1)}
    | {"sept": 9}
)
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_BEFORE_YEAR = frozenset(
    """in since by until till before after from during year early mid late of to for between through
    spring summer autumn winter fall circa around about""".split()
)
_COUNTS = frozenset("than over least most nearly almost some approximately roughly only".split())
_SUFFIXES = frozenset("st nd rd th".split())
_SCALES = frozenset("million billion thousand percent per hundred".split())
_STOPS = frozenset(
    "the a an and or of in on at to from by for with as is was were has had it he she".split()
)
_NO_PLURAL = frozenset("was is has as this its his us".split())


@dataclass(frozen=True, slots=True)
class Date:
    """A date: years `low` to `high` (equal but for decades, centuries, ranges), month and day.

    `low` is `None` where no year is stated, `month` and `day` where they are not.
    """

    low: int | None
    high: int | None
    month: int | None = None
    day: int | None = None
    first: int = 0
    after: int = 0


def date_at(read: Sequence[Token], i: int) -> Date | None:
    """The date that begins at token `i`, with the token after it.

    >>> from onrecord.evidence.number_words import tokens
    >>> date = date_at(tokens("5th March 2020"), 0)
    >>> (date.low, date.month, date.day)
    (2020, 3, 5)
    """
    if word(read, i) in _WEEKDAYS:
        at = i + 1 + (word(read, i + 1) == ",")
        found = _day_first(read, at) or _month_first(read, at)
    else:
        found = _iso(read, i) or _day_first(read, i) or _month_first(read, i)
    if found is None:
        found = _century(read, i) or _decade(read, i) or _years(read, i)
    if found is None:
        return None
    return Date(found.low, found.high, found.month, found.day, i, found.after)


def dates_conflict(one: Date, other: Date) -> bool:
    """Whether two dates cannot be the same, on the parts that both state."""
    if one.low is not None and other.low is not None and one.high is not None:
        if one.low > (other.high or other.low) or other.low > one.high:
            return True
        # Two seasons, 2017-18 and 2018-19, share a year and differ.
        if one.high - one.low == 1 and other.high == other.low + 1 and one.low != other.low:
            return True
    if one.month is not None and other.month is not None and one.month != other.month:
        return True
    return one.day is not None and other.day is not None and one.day != other.day


def _year(read: Sequence[Token], i: int) -> int | None:
    if i >= len(read) or not read[i].is_digits:
        return None
    text = read[i].text
    if len(text) == 4 and text.isdigit() and 1000 <= int(text) < 2200:
        return int(text)
    return None


def _is_month(read: Sequence[Token], i: int) -> bool:
    # "may" and "march" are months only with a capital; "Mar." and "Sept." lose their full stop.
    return i < len(read) and read[i].low in MONTHS and read[i].text[0].isupper()


def _after_month(read: Sequence[Token], i: int) -> int:
    return i + 1 + (word(read, i + 1) == "." and len(read[i].text) <= 4)


def _day(read: Sequence[Token], i: int) -> tuple[int, int] | None:
    """The day of a month at token `i` and the token after it."""
    if i < len(read) and read[i].is_digits and len(read[i].text) <= 2 and read[i].text.isdigit():
        n = int(read[i].text)
        after = i + 1 + (word(read, i + 1) in _SUFFIXES and touches(read, i + 1))
        return (n, after) if 1 <= n <= 31 else None
    if word(read, i) in ORDINALS and word(read, i + 1) == "of":
        return ORDINALS[word(read, i)], i + 1
    return None


def _day_first(read: Sequence[Token], i: int) -> Date | None:
    day = _day(read, i)
    if day is None:
        return None
    at = day[1] + (word(read, day[1]) == "of")
    if not _is_month(read, at):
        return None
    month = MONTHS[read[at].low]
    at = _after_month(read, at)
    year_at = at + (word(read, at) == ",")
    year = _year(read, year_at)
    if year is None:
        return Date(None, None, month, day[0], after=at)
    return Date(year, year, month, day[0], after=year_at + 1)


def _month_first(read: Sequence[Token], i: int) -> Date | None:
    if not _is_month(read, i):
        return None
    month = MONTHS[read[i].low]
    at = _after_month(read, i)
    day = _day(read, at)
    if day is not None and word(read, day[1]) not in {"%", "percent", "per"}:
        year_at = day[1] + (word(read, day[1]) == ",")
        year = _year(read, year_at)
        if year is not None:
            return Date(year, year, month, day[0], after=year_at + 1)
        return Date(None, None, month, day[0], after=day[1])
    year_at = at + (word(read, at) in {",", "of"})
    year = _year(read, year_at)
    if year is not None:
        return Date(year, year, month, after=year_at + 1)
    # A bare "May" or "March" at the start of a sentence is more often a word.
    if read[i].low in {"may", "march", "mar", "dec", "jan", "jun", "sep", "oct", "nov", "feb"}:
        led = word(read, i - 1) if word(read, i - 1) != "-" else word(read, i - 2)
        if led not in {"in", "since", "by", "until", "mid", "early", "late", "last"}:
            return None
    return Date(None, None, month, after=i + 1)


def _iso(read: Sequence[Token], i: int) -> Date | None:
    year = _year(read, i)
    if year is None or not (touches(read, i + 1) and touches(read, i + 3)):
        return None
    if word(read, i + 1) != "-" or word(read, i + 3) != "-":
        return None
    month, day = _day(read, i + 2), _day(read, i + 4)
    if month is None or day is None or not touches(read, i + 4) or month[0] > 12:
        return None
    return Date(year, year, month[0], day[0], after=i + 5)


def _century(read: Sequence[Token], i: int) -> Date | None:
    low, after = word(read, i), i + 1
    n = ORDINALS.get(low)
    if n is not None and n >= 20 and word(read, after) == "-":
        return None
    if low == "twenty" and word(read, after) == "-" and word(read, i + 2) == "first":
        n, after = 21, i + 3
    elif n is None and read[i].is_digits and word(read, after) in _SUFFIXES:
        n = int(low) if low.isdigit() and len(low) <= 2 else None
        after += 1
    if n is None or not 1 <= n <= 21:
        return None
    after += word(read, after) == "-"
    if word(read, after) not in {"century", "centuries"}:
        return None
    return Date(100 * (n - 1), 100 * n, after=after + 1)


def _decade(read: Sequence[Token], i: int) -> Date | None:
    year = _year(read, i)
    if year is None or year % 10 or not touches(read, i + 1):
        return None
    at = i + 1 + (word(read, i + 1) in {"'", "’"})
    if word(read, at) != "s" or not touches(read, at):
        return None
    # "the 1900s" is the century, "the 1920s" the decade.
    return Date(year, year + (99 if year % 100 == 0 and year < 2000 else 9), after=at + 1)


def _years(read: Sequence[Token], i: int) -> Date | None:
    year = _year(read, i)
    if year is None:
        return None
    before, behind = word(read, i - 1), word(read, i + 1)
    if before in {"$", "€", "£", "¥"} or behind in _SCALES or behind in {"%", "°"}:
        return None
    if before in _COUNTS:
        return None
    if behind in {"-", "–", "/"} and i + 2 < len(read) and read[i + 2].is_digits:
        end = read[i + 2].text
        full = int(end) if len(end) == 4 and end.isdigit() else 0
        if len(end) == 2 and end.isdigit():
            full = year - year % 100 + int(end)
        if year < full < 2200:
            return Date(year, full, after=i + 3)
    is_led = before in _BEFORE_YEAR or (before == "-" and word(read, i - 2) in {"mid", "early"})
    is_led = is_led or (before == "the" and year >= 1900 and not _is_plural(behind))
    counts = any(_is_plural(low) for low in _noun_phrase(read, i + 1, is_led=is_led))
    if counts and not (is_led and behind in _NO_PLURAL):
        return None
    if (
        is_led
        or (year >= 1500 and not touches(read, i + 1))
        or (year >= 1500 and behind in ".,;:)?!")
    ):
        return Date(year, year, after=i + 1)
    return None


def _noun_phrase(read: Sequence[Token], i: int, *, is_led: bool) -> list[str]:
    """The word behind a year-like number, or where nothing leads the number the next three."""
    out = []
    for token in read[i : i + (1 if is_led else 3)]:
        if not token.is_word or token.low in _STOPS:
            break
        out.append(token.low)
    return out


def _is_plural(low: str) -> bool:
    return low in {"people", "men", "women", "children", "police"} or (
        len(low) > 3
        and low.endswith("s")
        and not low.endswith(("ss", "us", "is"))
        and low not in _NO_PLURAL
    )
