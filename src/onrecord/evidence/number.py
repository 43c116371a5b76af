"""A number of a text: what sort it is, what it allows, and the words it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from onrecord.evidence.bounds import Bound
from onrecord.evidence.dates_in_text import Date
from onrecord.span import Span

__all__ = ["Number", "NumberKind"]


class NumberKind(StrEnum):
    """What sort of number it is; only numbers of one sort, or shares and changes, compare."""

    COUNT = "count"
    SHARE = "share"  # percent and fractions, in percent
    POINTS = "points"  # percentage points
    MONEY = "money"
    MEASURE = "measure"
    DURATION = "duration"  # seconds
    DATE = "date"
    RANK = "rank"  # first, 3rd
    FACTOR = "factor"  # doubled, halved, tenfold
    PAIR = "pair"  # 3-1, 62 votes to 38


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text; `first` and `after` are its tokens.

    `low` and `high` are what the words allow, in the first unit of the dimension, equal for a
    plain number; `step` is the place of the last digit given, in the same unit. `unit` is a
    dimension or a currency, `per` what it is a rate of, `noun` the stem of what is counted, or
    empty. `moves` says that it is the amount of a rise (1) or a fall (-1).
    """

    span: Span
    kind: NumberKind
    low: float
    high: float
    step: float
    first: int
    after: int
    bound: Bound = Bound.EXACT
    unit: str = ""
    written: str = ""
    per: str = ""
    noun: str = ""
    is_round: bool = False
    is_vague: bool = False
    is_range: bool = False
    moves: int = 0
    is_from_to: bool = False
    out_of: float = 0.0
    date: Date | None = None
