"""Dates as they are written in several languages, and in attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from onrecord.span import Span

__all__ = [
    "attribute_date",
    "date_in",
    "dates_in",
    "first_date",
    "is_only_date",
    "iso",
    "valid_day",
]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari stycznia",
            (
                "february feb februar febr feber février fevrier févr fév febrero febbraio fevereiro fev "
                "februari lutego"
            ),
            "march mar märz maerz mär mrz mars marzo março marco maart mrt marca",
            "april apr avril avr abril abr aprile kwietnia",
            "may mai mayo maggio mag maio mei maj maja",
            "june jun juni juin junio giugno giu junho czerwca",
            "july jul juli juillet juil julio luglio lug julho lipca",
            "august aug août aout agosto ago augustus sierpnia",
            "september sep sept septembre septiembre setiembre settembre set setembro września",
            "october oct oktober okt octobre octubre ottobre ott outubro out października",
            "november nov novembre noviembre novembro listopada",
            "december dec dezember dez décembre déc diciembre dic dicembre dezembro desember grudnia",
        ),
        1,
    )
    for name in names.split()
}
_NAME = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DATE = re.compile(
    r"(?<![\d/.-])(?:"
    r"(?P<y1>(?:19|20)\d\d)(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:\.|st|nd|rd|th|er|º|°)?,?[\s-]{{0,2}}(?:de |of )?(?P<m2>{_NAME})\b\.?,?[\s-]{{0,2}}"
    r"(?:de |del )?(?P<y2>(?:19|20)\d\d|['’]\d\d)(?!\d)"
    rf"|(?P<m3>\b(?:{_NAME}))\.?\s{{1,2}}(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{0,2}}(?P<y3>(?:19|20)\d\d)(?!\d)"
    r"|(?P<a>\d{1,2})(?P<s2>[./-])\s?(?P<b>\d{1,2})(?P=s2)\s?(?P<y4>(?:19|20)\d\d|\d\d)(?![\d./-]*\d)"
    r"|(?P<y5>(?:19|20)\d\d)\s?年\s?(?P<m5>\d{1,2})\s?月\s?(?P<d5>\d{1,2})\s?日"
    r")",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")  # every date has one; most lines have none
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6})?(?:Z|[+-]\d{4})?\Z")
_CLOCK = re.compile(
    r"[T\s,]+(?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s?(?P<zone>Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
_AROUND_DATE = re.compile(
    r"(?:\d{1,2}(?:[:.h]\d{2}){1,2}|\b(?:at|um|uhr|à|a|las|alle|ore|on|am|le|el|il|em|den|vom|von|the|"
    r"pm|a\.m\.|p\.m\.|gmt|utc|cet|cest|mez|est|edt|pst|pdt|bst|ist|h|"
    r"published|posted|updated|modified|last|first|publié|publicado|pubblicato|veröffentlicht|erstellt|"
    r"aktualisiert|stand|datum|date|created|added|mis|jour|mon(?:day|tag)?|tue(?:s(?:day)?)?|"
    r"wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|mo|di|mi|do|fr|sa|so|"
    r"dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|"
    r"mercoledì|giovedì|venerdì|sabato|domenica|de|del|and|und|et|y)\b|[\W\d_])+",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:vor |hace |il y a |há )?(?:\d{1,3}|an?|einem?r?|une?|un|etwa \d+|about \d+) ?"
    r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|sekunden?|minuten?|stunden?|"
    r"tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?|ans?|jours?|heures?|mois|semaines?|días?|horas?|"
    r"meses|mes|años?|dias?|anos?|giorni|giorno|ore|mesi|anni|anno|[hdwmy])\b(?: ago| fa)?\W*\Z",
    re.IGNORECASE,
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def iso(text: str, *, month_first: bool = False) -> str | None:
    """The day of the first date in the text with its clock time, as ISO 8601; `None` without one.

    >>> iso("Am 3. März 2021"), iso("2021-03-04T10:00:00+01:00"), iso("May 2021")
    ('2021-03-03', '2021-03-04T10:00:00+01:00', None)
    """
    match = _DATE.search(text)
    if match is None:
        return _compact(text)
    day = _day(match, month_first=month_first)
    if day is None:
        return None
    clock = _CLOCK.match(text, match.end()) if match["y1"] else None
    if clock is None:
        return day
    zone = (clock["zone"] or "").upper()
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"{day}T{clock['time']}{zone}"


def _compact(text: str) -> str | None:
    match = _COMPACT.match(text.strip())
    if match is None:
        return None
    return valid_day(int(match[1]), int(match[2]), int(match[3]))


def valid_day(year: int, month: int, day: int) -> str | None:
    """The day as ISO 8601; `None` outside the calendar or the years of the web."""
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year}-{month:02d}-{day:02d}"


def _day(match: re.Match[str], *, month_first: bool) -> str | None:
    if match["y1"]:
        return valid_day(int(match["y1"]), int(match["m1"]), int(match["d1"]))
    if match["y2"]:
        year = match["y2"]
        full = int(year) if len(year) == 4 else 2000 + int(year[1:])
        return valid_day(full, _MONTHS[match["m2"].lower()], int(match["d2"]))
    if match["y3"]:
        return valid_day(int(match["y3"]), _MONTHS[match["m3"].lower()], int(match["d3"]))
    if match["y5"]:
        return valid_day(int(match["y5"]), int(match["m5"]), int(match["d5"]))
    first, second, year = int(match["a"]), int(match["b"]), int(match["y4"])
    if year < 100:
        year += 2000
    if second > 12 or (month_first and match["s2"] == "/" and first <= 12):
        first, second = second, first
    return valid_day(year, second, first)


def first_date(text: str, *, month_first: bool = False) -> str | None:
    """The day of the first date written in the text; `None` without one."""
    match = _DATE.search(text) if _DIGIT.search(text) else None
    return _day(match, month_first=month_first) if match else None


def date_in(text: str) -> tuple[int, int] | None:
    """Where the first date of the text stands, `None` without one."""
    match = _DATE.search(text) if _DIGIT.search(text) else None
    return match.span() if match else None


def is_only_date(text: str) -> bool:
    """Whether a line says nothing but a date or how long ago something was.

    >>> is_only_date("12. März 2019 um 13:00 Uhr"), is_only_date("In March 2019 he left")
    (True, False)
    """
    if _AGO.match(text):
        return True
    match = _DATE.search(text) if _DIGIT.search(text) else None
    if match is None:
        return False
    rest = text[: match.start()] + " " + text[match.end() :]
    rest = _DATE.sub(" ", rest)
    return not _AROUND_DATE.sub("", rest)


def attribute_date(element: Any) -> str | None:  # noqa: ANN401 - lxml element
    """The date in the attributes of an element such as `<time datetime=...>`."""
    for name in ("datetime", "content", "title", "data-datetime", "data-date"):
        value = element.get(name)
        # only ISO forms: day and month of "04/05/2022" in an attribute cannot be told apart
        if value and value.lstrip()[:4].isdigit() and (found := iso(value)):
            return found
    return None


def dates_in(text: str, *, month_first: bool = False) -> Iterator[tuple[Span, str]]:
    """Every date written in the text: where it stands, and its day as ISO 8601."""
    for match in _DATE.finditer(text) if _DIGIT.search(text) else ():
        day = _day(match, month_first=month_first)
        if day is not None:
            yield Span(*match.span()), day
