"""What one number is against another of the same quantity, and the arithmetic in one line."""

from __future__ import annotations

import math
from dataclasses import replace

from onrecord.evidence.bounds import Bound
from onrecord.evidence.dates_in_text import Date, dates_conflict
from onrecord.evidence.number import Number, NumberKind
from onrecord.terms import QuantityFinding

__all__ = ["are_of_one_sort", "finding_of"]

AGREES = QuantityFinding.AGREES
CONTRADICTS = QuantityFinding.CONTRADICTS
ROUNDS = QuantityFinding.ROUNDS
NOT_COMPARABLE = QuantityFinding.NOT_COMPARABLE

# "About 60" allows 54 to 66. Of 5, 10, 15 and 20% none moved the table or VitaminC by more than
# .002, so the round number stays.
_ABOUT = 0.10
# A value given more finely allows less: "about 68.57%" is not 62%.
_ABOUT_STEPS = 5
# "Nearly 500" allows 425 up to 500.
_NEARLY = 0.15
# Rounding that moves a value by more is left open: 2.4 million is not plainly "2 million".
_MOST_ROUNDED = 0.05
# Beyond this much nobody rounds: 250 is not "200". Between the two it is left open.
_LEFT_OPEN = 0.10
# A converted unit is given in round numbers: 26 miles for 42 km.
_CONVERTED = 0.02
# "More than 40" in a passage is taken to mean not far more when the claim gives one value.
_FAR = 1.25
# From this factor on a magnitude was left out, or the two are not one quantity.
_FARTHEST = 1000.0
# A limit of three digits or more, "over 104 million", is less than a step from the value.
_FINE = 100
# A limit this close to a coarse value is not settled by it; 0 to 5% differ by .007.
_COARSE = 0.02
# A vague number ("dozens") is contradicted only from this factor outside its range.
_VAGUE = 2.0
_CLOSE = 1e-9


def are_of_one_sort(claim: Number, passage: Number) -> bool:
    """Whether two numbers can be set against each other at all: dimension, currency, rate.

    A factor ("doubled") compares with a rise or fall in percent and with "from 5 to 10".
    """
    if claim.per != passage.per and claim.per and passage.per:
        return False
    kinds = {claim.kind, passage.kind}
    if len(kinds) == 1:
        if claim.kind is NumberKind.SHARE and claim.moves * passage.moves < 0:
            return False
        if claim.is_from_to != passage.is_from_to:
            return _change(claim) is not None and _change(passage) is not None
        if claim.out_of and passage.out_of and claim.out_of != passage.out_of:
            return False
        if claim.kind is NumberKind.SHARE and bool(claim.moves) != bool(passage.moves):
            return False
        return claim.unit == passage.unit
    if NumberKind.POINTS in kinds:
        return _points(claim) is not None and _points(passage) is not None
    if NumberKind.DATE in kinds or NumberKind.PAIR in kinds:
        return False
    return _change(claim) is not None and _change(passage) is not None


def finding_of(
    claim: Number, passage: Number, *, claim_words: str, passage_words: str
) -> tuple[QuantityFinding, str]:
    """The finding for two numbers of one sort, and one line that shows the arithmetic."""
    said = f"claim: {claim_words}; passage: {passage_words}"
    if claim.date is not None and passage.date is not None:
        return _dates(claim, passage, said)
    if claim.kind is NumberKind.PAIR:
        is_same = (claim.low, claim.high) == (passage.low, passage.high)
        return (AGREES, f"{said}, the same") if is_same else (CONTRADICTS, f"{said}, another score")
    if claim.kind is not passage.kind or claim.is_from_to != passage.is_from_to:
        return _changes(claim, passage, said)
    if claim.kind is NumberKind.RANK and claim.bound is not Bound.EXACT:
        return NOT_COMPARABLE, f"{said}, a limit of ranks"
    finding, why = _values(claim, passage)
    if finding is CONTRADICTS and _lie_far_apart(claim, passage):
        return NOT_COMPARABLE, f"{said}, too far apart to be one quantity"
    return finding, f"{said}, {why}"


def _lie_far_apart(claim: Number, passage: Number) -> bool:
    one = claim.low if math.isfinite(claim.low) else claim.high
    other = passage.low if math.isfinite(passage.low) else passage.high
    least, most = sorted((abs(one), abs(other)))
    return least > 0 and most / least >= _FARTHEST


def _change(number: Number) -> float | None:
    """The factor that a number says something changed by, if it says so."""
    if number.kind is NumberKind.FACTOR:
        return number.low
    if number.is_from_to and number.is_range and number.low > 0:
        return number.high / number.low
    if number.kind is NumberKind.SHARE and number.moves and math.isfinite(number.low):
        return 1 + number.moves * number.low / 100
    return None


def _points(number: Number) -> float | None:
    if number.kind is NumberKind.POINTS:
        return number.low
    if number.kind is NumberKind.SHARE and number.is_from_to:
        return abs(number.high - number.low)
    return None


def _changes(claim: Number, passage: Number, said: str) -> tuple[QuantityFinding, str]:
    if NumberKind.POINTS in {claim.kind, passage.kind}:
        one, other, what = _points(claim), _points(passage), "points"
    else:
        one, other, what = _change(claim), _change(passage), "times"
    if one is None or other is None:
        return NOT_COMPARABLE, f"{said}, which do not compare"
    shown = f"{said}, which is {_plain(other)} {what}"
    if claim.bound in {Bound.MORE, Bound.AT_LEAST}:
        return (AGREES if other >= one - _CLOSE else CONTRADICTS), shown
    if claim.bound in {Bound.LESS, Bound.AT_MOST}:
        return (AGREES if other <= one + _CLOSE else CONTRADICTS), shown
    if passage.bound is not Bound.EXACT:
        return NOT_COMPARABLE, shown
    gap = abs(one - other) / max(abs(one), abs(other), _CLOSE)
    if gap <= 0.005 + _CLOSE:
        return AGREES, shown
    return (ROUNDS if gap <= _ABOUT / 2 else CONTRADICTS), shown


def _dates(claim: Number, passage: Number, said: str) -> tuple[QuantityFinding, str]:
    one, other = claim.date, passage.date
    if one is None or other is None:
        return NOT_COMPARABLE, said
    shares_a_part = (
        (one.low is not None and other.low is not None)
        or (one.month is not None and other.month is not None)
    )  # fmt: skip
    if not shares_a_part:
        return NOT_COMPARABLE, f"{said}, which share no part"
    if claim.bound in {Bound.MORE, Bound.LESS, Bound.AT_MOST} and claim.bound is not passage.bound:
        return _bounded_date(claim, one, other, said)
    if (
        passage.bound in {Bound.MORE, Bound.LESS, Bound.AT_MOST}
        and passage.bound is not claim.bound
    ):
        return NOT_COMPARABLE, f"{said}, a limit"
    if not dates_conflict(one, other):
        return AGREES, f"{said}, which agree in what both state"
    if Bound.ABOUT in {claim.bound, passage.bound}:
        return NOT_COMPARABLE, f"{said}, which is only approximate"
    return CONTRADICTS, f"{said}, another date"


def _bounded_date(claim: Number, one: Date, other: Date, said: str) -> tuple[QuantityFinding, str]:
    earliest, latest = _order(other, last=False), _order(other, last=True)
    if one.low is None or other.low is None:
        if one.month is None or other.month is None:
            return NOT_COMPARABLE, f"{said}, which share no year"
        # Where one leaves the year out, both are of one year.
        one = replace(one, low=None, high=None)
        other = replace(other, low=None, high=None)
        earliest, latest = _order(other, last=False), _order(other, last=True)
    if claim.bound is Bound.MORE:
        if earliest > _order(one, last=True):
            return AGREES, f"{said}, which is later"
        is_against = latest < _order(one, last=False)
        return (CONTRADICTS if is_against else NOT_COMPARABLE), f"{said}, which is not later"
    if latest < _order(one, last=False):
        return AGREES, f"{said}, which is earlier"
    if claim.bound is Bound.AT_MOST and latest <= _order(one, last=True):
        return AGREES, f"{said}, which is not later"
    is_against = claim.bound is Bound.LESS and earliest > _order(one, last=True)
    return (CONTRADICTS if is_against else NOT_COMPARABLE), f"{said}, which is not earlier"


def _order(date: Date, *, last: bool) -> tuple[int, int, int]:
    year = (date.high if last else date.low) or 0
    return (year, date.month or (12 if last else 1), date.day or (31 if last else 1))


def _values(claim: Number, passage: Number) -> tuple[QuantityFinding, str]:
    low, high = _allowed(claim)
    least, most = _allowed(passage)
    if passage.bound is Bound.MORE and passage.step and passage.low / passage.step >= _FINE:
        most = passage.low + passage.step
    one, other = _point(claim), _point(passage)
    if one is not None and other is not None:
        return _two_points(claim, passage, one, other)
    is_open = claim.bound in {Bound.MORE, Bound.LESS}
    if (
        other is not None
        and is_open
        and _near(other, claim.low if math.isfinite(claim.low) else high)
    ):
        return _at_the_limit(claim, passage)
    if low - _slack(low) <= least and most <= high + _slack(high):
        return AGREES, f"which lies within {_limits(low, high)}"
    if claim.is_vague or passage.is_vague:
        is_apart = most * _VAGUE < low or least > high * _VAGUE
        return (CONTRADICTS if is_apart else NOT_COMPARABLE), f"against {_limits(low, high)}"
    is_apart = most < low - _slack(low) or least > high + _slack(high)
    if is_apart or (claim.bound is Bound.MORE and most <= low + _slack(low)):
        return _outside(claim, passage, (low, high), (least, most))
    if one is not None and passage.bound in {Bound.MORE, Bound.AT_LEAST}:
        near = one <= passage.low * _FAR
        return (
            AGREES if near else NOT_COMPARABLE
        ), f"{_plain(one)} lies above {_plain(passage.low)}"
    if one is not None and least <= one <= most:
        is_narrow = math.isfinite(least) and math.isfinite(most)
        return (AGREES if is_narrow else NOT_COMPARABLE), f"which allows {_limits(least, most)}"
    return NOT_COMPARABLE, "which overlap only in part"


def _outside(
    claim: Number, passage: Number, allowed: tuple[float, float], given: tuple[float, float]
) -> tuple[QuantityFinding, str]:
    """Outside what the claim allows; a coarse value close to the limit leaves it open."""
    low, high = allowed
    gap = low - given[1] if given[1] < low else given[0] - high
    is_hedged = Bound.ABOUT in {claim.bound, passage.bound} or Bound.NEARLY in {
        claim.bound,
        passage.bound,
    }
    edge = abs(low if given[1] < low else high)
    if is_hedged and gap <= _ABOUT * edge:
        return NOT_COMPARABLE, f"close to {_limits(low, high)}"
    if (
        _is_coarse(passage)
        and gap <= min(passage.step / 2, _COARSE * abs(edge))
        and (passage.step > claim.step)
    ):
        return NOT_COMPARABLE, f"too coarse to tell from {_limits(low, high)}"
    return CONTRADICTS, f"outside {_limits(low, high)}"


def _at_the_limit(claim: Number, passage: Number) -> tuple[QuantityFinding, str]:
    if _is_coarse(passage) and passage.step > claim.step:
        return NOT_COMPARABLE, "which is the limit itself, rounded"
    return CONTRADICTS, "which is the limit itself"


def _is_coarse(number: Number) -> bool:
    """Given in hundreds, with a magnitude or with decimals; a plain 150 is taken as it stands."""
    return number.is_round and (number.step >= 100 or number.step < 1)


def _two_points(
    claim: Number, passage: Number, one: float, other: float
) -> tuple[QuantityFinding, str]:
    gap, size = abs(one - other), max(abs(one), abs(other), _CLOSE)
    if gap <= _CLOSE * size:
        return AGREES, "the same"
    is_converted = bool(claim.written and passage.written and claim.written != passage.written) or (
        claim.kind is NumberKind.SHARE
        and (claim.written == "fraction") != (passage.written == "fraction")
    )
    if is_converted and gap <= passage.step / 2 + _CLOSE and gap <= _MOST_ROUNDED * size:
        return AGREES, f"{_plain(one)} against {_plain(other)} in one unit, the same when rounded"
    for number, coarse, fine in ((claim, one, other), (passage, other, one)):
        if not (number.is_round or is_converted) or gap > number.step / 2 + _CLOSE * size:
            continue
        if gap < _LEFT_OPEN * size:
            shown = f"{_plain(fine)} rounds to {_plain(coarse)}"
            return (ROUNDS if gap <= _MOST_ROUNDED * size else NOT_COMPARABLE), shown
    if is_converted and gap <= _CONVERTED * size:
        return ROUNDS, f"{_plain(one)} against {_plain(other)} in one unit"
    return CONTRADICTS, f"{_plain(other)} is not {_plain(one)}"


def _point(number: Number) -> float | None:
    """The one value of a number without bound, range or vagueness."""
    if number.bound is Bound.EXACT and not number.is_vague and number.low == number.high:
        return number.low
    return None


def _allowed(number: Number) -> tuple[float, float]:
    low, high = min(number.low, number.high), max(number.low, number.high)
    if number.bound is Bound.ABOUT:
        slack = min(_ABOUT * max(abs(low), abs(high)), _ABOUT_STEPS * number.step or math.inf)
        return low - slack, high + slack
    if number.bound is Bound.NEARLY:
        return low - _NEARLY * abs(low), high
    return low, high


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _CLOSE * max(abs(one), abs(other), 1.0)


def _slack(value: float) -> float:
    return _CLOSE * abs(value) if math.isfinite(value) else 0.0


def _limits(low: float, high: float) -> str:
    if not math.isfinite(high):
        return f"{_plain(low)} or more"
    if not math.isfinite(low):
        return f"{_plain(high)} or less"
    return _plain(low) if low == high else f"{_plain(low)} to {_plain(high)}"


def _plain(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 1e6 else f"{value:,.4g}"
