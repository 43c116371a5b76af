"""Dates as pages write them, read as the range of days that they can mean."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from onrecord.span import Span

__all__ = ["DayRange", "dates_in"]

_MONTHS = {
    name: i
    for i, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(rf"(?<!\w){form}(?!\w)", re.IGNORECASE)
    for form in (
        rf"{_YEAR}-(?P<monthnumber>[01]\d)-(?P<day>[0-3]\d)(?:T[\d:.+Z-]{{0,30}})?",
        rf"{_DAY}\s{{1,3}}(?:of\s)?{_MONTH},?\s{{1,3}}{_YEAR}",
        rf"{_MONTH}\s{{1,3}}{_DAY},?\s{{1,3}}{_YEAR}",
        rf"{_MONTH},?\s{{1,3}}{_YEAR}",
        rf"(?P<first>[0-3]?\d)[./-](?P<second>[0-3]?\d)[./-]{_YEAR}",
        _YEAR,
    )
)


@dataclass(frozen=True, slots=True)
class DayRange:
    """A date and what it leaves open: the first and the last day it can mean, and its place.

    `12 May 2026` is one day, `May 2026` a month, `2026` a year; `03/04/2026` can be two days
    and its range runs from the one to the other.
    """

    first: date
    last: date
    span: Span


def dates_in(text: str) -> tuple[DayRange, ...]:
    """Every date in the text in order; spans are offsets into `text`, dates that cannot be are out.

    >>> [str(d.first) for d in dates_in("Checked on 12 May 2026, updated June 3, 2026")]
    ['2026-05-12', '2026-06-03']
    """
    found: list[DayRange] = []
    for form in _FORMS:
        for match in form.finditer(text):
            span = Span(*match.span())
            if any(span.overlaps(other.span) for other in found):
                continue
            days = _days(match)
            if days is not None:
                found.append(DayRange(days[0], days[1], span))
    return tuple(sorted(found, key=lambda d: d.span))


def _days(match: re.Match[str]) -> tuple[date, date] | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if parts.get("first"):
        pairs = [(parts["first"], parts["second"]), (parts["second"], parts["first"])]
        days = sorted(d for d in (_date(year, int(m), int(n)) for n, m in pairs) if d)
        return (days[0], days[-1]) if days else None
    if parts.get("monthnumber"):
        month = int(parts["monthnumber"])
    elif parts.get("month"):
        month = _MONTHS[parts["month"].lower().rstrip(".")]
    else:
        return date(year, 1, 1), date(year, 12, 31)
    if parts.get("day"):
        day = _date(year, month, int(parts["day"]))
        return (day, day) if day else None
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
