"""What is read out of a text: value, unit, what is counted, and the exact words."""

from __future__ import annotations

import datetime as dt
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evidence.numbers_in_text import numbers

INF = math.inf
# (text, words, kind, low, high, unit, noun)
CASES = [
    ("412 people died.", "412", "count", 412, 412, "", "person"),
    ("1,234,567 votes", "1,234,567", "count", 1234567, 1234567, "", "vote"),
    ("1\u00a0200\u00a0000 m²", "1\u00a0200\u00a0000 m²", "measure", 1.2e6, 1.2e6, "area", ""),
    ("about 390 054 tonnes", "about 390 054 tonnes", "measure", 390054e3, 390054e3, "mass", ""),
    (
        "two and a half million people",
        "two and a half million",
        "count",
        2.5e6,
        2.5e6,
        "",
        "person",
    ),
    ("three hundred and five cars", "three hundred and five", "count", 305, 305, "", "car"),
    ("twenty-one states", "twenty-one", "count", 21, 21, "", "country"),
    ("half a million euros", "half a million euros", "money", 5e5, 5e5, "euro", ""),
    ("a dozen eggs", "a dozen", "count", 12, 12, "", "egg"),
    ("dozens of cars", "dozens", "count", 24, 200, "", "car"),
    ("half of the voters", "half of the voters"[:4], "share", 50, 50, "%", "vote"),
    ("two thirds of pupils", "two thirds", "share", 200 / 3, 200 / 3, "%", "pupil"),
    ("one in five adults", "one in five", "share", 20, 20, "%", "adult"),
    ("12.5 per cent", "12.5 per cent", "share", 12.5, 12.5, "%", ""),
    ("3 percentage points", "3 percentage points", "points", 3, 3, "points", ""),
    ("$1.2m in fines", "$1.2m", "money", 1.2e6, 1.2e6, "dollar", ""),
    ("The fine was €250k.", "€250k", "money", 250e3, 250e3, "euro", ""),
    ("£1.4bn", "£1.4bn", "money", 1.4e9, 1.4e9, "pound", ""),
    ("40 million pounds", "40 million pounds", "money", 4e7, 4e7, "pound", ""),
    ("It weighed 100 pounds.", "100 pounds", "measure", 45.359237, 45.359237, "mass", ""),
    ("20 km/h", "20 km/h", "measure", 20, 20, "speed", ""),
    ("60 miles per hour", "60 miles per hour", "measure", 96.56064, 96.56064, "speed", ""),
    ("10 square kilometres", "10 square kilometres", "measure", 1e7, 1e7, "area", ""),
    ("-5 °C", "-5 °C", "measure", -5, -5, "temperature", ""),
    ("minus 5 degrees Celsius", "minus 5 degrees Celsius", "measure", -5, -5, "temperature", ""),
    ("an hour and a half", "an hour and a half", "duration", 5400, 5400, "duration", ""),
    ("between 5 and 7 days", "5 and 7 days", "duration", 432000, 604800, "duration", ""),
    ("5-7 cars", "5-7", "count", 5, 7, "", "car"),
    ("5 to 10 million cars", "5 to 10 million", "count", 5e6, 1e7, "", "car"),
    ("more than 40 ships", "more than 40", "count", 40, INF, "", "ship"),
    ("no fewer than 40 ships", "no fewer than 40", "count", 40, INF, "", "ship"),
    ("up to 40 ships", "up to 40", "count", -INF, 40, "", "ship"),
    ("40 or more ships", "40 or more", "count", 40, INF, "", "ship"),
    ("40+ ships", "40+", "count", 40, INF, "", "ship"),
    ("no deaths", "no", "count", 0, 0, "", "die"),
    ("nobody", "nobody", "count", 0, 0, "", "person"),
    ("all of the pupils", "all", "share", 100, 100, "%", "pupil"),
    ("third place", "third", "rank", 3, 3, "", "position"),
    ("the 21st member", "21st", "rank", 21, 21, "", "member"),
    ("it doubled", "doubled", "factor", 2, 2, "", ""),
    ("a tenfold rise", "tenfold", "factor", 10, 10, "", ""),
    ("won 3-1", "3-1", "pair", 3, 1, "", ""),
    ("62 votes to 38", "62 votes to 38", "pair", 62, 38, "", ""),
    ("7.5/10", "7.5/10", "count", 7.5, 7.5, "", ""),
    ("at the age of 37", "37", "duration", 37 * 31557600, 37 * 31557600, "duration", "old"),
]
# (text, words, first year, last year, month, day)
DATES = [
    ("on 5 March 2020", "5 March 2020", 2020, 2020, 3, 5),
    ("on March 5, 2020", "March 5, 2020", 2020, 2020, 3, 5),
    ("the 5th of March 2020", "5th of March 2020", 2020, 2020, 3, 5),
    ("Sept. 3rd, 2011", "Sept. 3rd, 2011", 2011, 2011, 9, 3),
    ("2020-03-05", "2020-03-05", 2020, 2020, 3, 5),
    ("on 6 April, the", "6 April", None, None, 4, 6),
    ("in March", "March", None, None, 3, None),
    ("by mid-March 2020", "mid-March 2020", 2020, 2020, 3, None),
    ("in 1936", "1936", 1936, 1936, None, None),
    ("2014-16", "2014-16", 2014, 2016, None, None),
    ("the 1890s", "the 1890s", 1890, 1899, None, None),
    ("the nineteenth century", "the nineteenth century", 1800, 1900, None, None),
    ("the 21st century", "the 21st century", 2000, 2100, None, None),
]
NO_NUMBERS = [
    "The Boeing 737 landed.",
    "Article 5 was invoked.",
    "Covid-19 spread.",
    "The G7 met.",
    "An F-16 crashed.",
    "Call 555-0142.",
    "Resident Evil 5 is a game.",
    "one of them",
    "He may march on.",
    "no longer",
    "in 681 BC",
    "at 10:30",
    "1,2,3",
    "1.2.3.4",
    "1" * 40,
    "٣٤ ships",
    "",
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_number_is_read_with_unit_and_words(case):
    text, words, kind, low, high, unit, noun = case
    (number,) = numbers(text)
    assert number.span.of(text) == words
    assert number.kind.value == kind
    assert (number.low, number.high) == (pytest.approx(low), pytest.approx(high))
    assert (number.unit, number.noun) == (unit, noun)


@pytest.mark.parametrize("case", DATES, ids=lambda case: case[0])
def test_a_date_is_read_in_the_usual_orders(case):
    text, words, *parts = case
    (number,) = numbers(text)
    assert number.span.of(text) == words
    date = number.date
    assert [date.low, date.high, date.month, date.day] == parts


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_names_and_broken_digits_are_no_numbers(text):
    assert [n.span.of(text) for n in numbers(text)] == []


@given(st.integers(0, 10**15))
def test_a_formatted_count_reads_as_itself(n):
    (number,) = numbers(f"they counted {n:,} ships")
    assert number.low == number.high == n


@given(st.decimals(0, 10**6, places=2, allow_nan=False))
def test_a_formatted_decimal_reads_as_itself(n):
    (number,) = numbers(f"it cost €{n}")
    assert number.low == pytest.approx(float(n))


@given(st.dates(dt.date(1000, 1, 1), dt.date(2199, 12, 31)))
def test_a_formatted_day_reads_as_itself(day):
    for text in (f"on {day:%d %B} {day.year}", f"on {day:%B} {day.day}, {day.year}", f"{day}"):
        (number,) = numbers(text)
        assert (number.date.low, number.date.month, number.date.day) == (
            day.year,
            day.month,
            day.day,
        )


@given(st.text(max_size=300) | st.text("0123456789,.-–/ %$€amkthousndf½²°", max_size=300))
def test_spans_stay_in_bounds_and_in_order(text):
    end = 0
    for number in numbers(text):
        assert 0 <= number.span.start < number.span.end <= len(text)
        assert number.after > number.first >= end
        end = number.after


PUMPS = ["1", "1,", "1.", "1 ", "1-", "1/", "$", "$1", "one ", "hundred ", "million ", "a ",
         "-", "1\u00a0", "1\u00a0111", "2020-", "March ", "half ", "and ", "more than ", "th",
         "1 to ", "between ", "tens of ", "1 million ", "000 ", "1 000", "a half ", "٣", "½"]  # fmt: skip


@pytest.mark.parametrize("pump", PUMPS)
def test_long_hostile_text_takes_linear_time(pump):
    def seconds(n: int) -> float:
        text = (pump * (n // len(pump) + 1))[:n]
        best = INF
        for _ in range(2):
            began = time.process_time()
            numbers(text)
            best = min(best, time.process_time() - began)
        return best

    short, long = seconds(2_000), seconds(12_000)
    assert long < 0.1 or long < 18 * max(short, 0.002)


@pytest.mark.parametrize("pump", ["1", "1,", "1.", "٣", "½", "th"])
def test_a_run_of_100_000_digits_or_letters_takes_no_time(pump):
    began = time.process_time()
    assert len(numbers(pump * (100_000 // len(pump)))) <= 1
    assert time.process_time() - began < 2
