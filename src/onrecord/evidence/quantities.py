"""The numbers of a claim beside the numbers of a passage: agree, contradict, round or neither.

`compared` works on two texts, `quantities` is the stage that runs it on each piece of evidence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

from onrecord.evidence.bounds import Bound
from onrecord.evidence.number import Number, NumberKind
from onrecord.evidence.number_findings import are_of_one_sort, finding_of
from onrecord.evidence.number_words import word
from onrecord.evidence.same_matter import Reading, alignment, is_another_matter, read_numbers
from onrecord.record import Claim, Evidence, Page, QuantityCheck
from onrecord.span import Span
from onrecord.terms import QuantityFinding

__all__ = ["Comparison", "compared", "quantities"]

# "More than 20" agrees with many numbers: an agreement counts when its surroundings align about
# as well as those of the best (0 gives .744 and .012, 4 gives .735 and .010).
_AS_GOOD = 1.0
# Bounds of the work on a page of tables.
_MOST_TRIED = 8
_MOST_OF_CLAIM = 40
_AGREEING = frozenset({QuantityFinding.AGREES, QuantityFinding.ROUNDS})


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number of a claim beside a number of a passage.

    `claim_words` are code points into the claim's text, `passage_words` into the passage's.
    `arithmetic` explains the finding in one line.
    """

    finding: QuantityFinding
    claim_words: Span
    passage_words: Span
    arithmetic: str


def compared(claim: str, passage: str) -> tuple[Comparison, ...]:
    """How each number of the claim stands to the passage's, in the order of the claim.

    At most one comparison for each number of the claim: with a number that agrees where there is
    one, else with the one whose surroundings align best. A number of the claim for which the
    passage has none of its sort is left out.

    >>> compared("More than 40 ships wait.", "43 ships wait outside.")[0].finding.value
    'agrees'
    """
    mine, theirs = read_numbers(claim), read_numbers(passage)
    if not mine.numbers or not theirs.numbers:
        return ()
    found = [
        best
        for number in mine.numbers[:_MOST_OF_CLAIM]
        if (best := _best(claim, mine, number, (passage, theirs))) is not None
    ]
    answered = _answered(found)
    for i, pair in enumerate(found):
        if (
            pair.comparison.finding is QuantityFinding.CONTRADICTS
            and pair.comparison.passage_words in answered
        ):
            again = _best(claim, mine, pair.one, (passage, theirs), answered=answered)
            why = "it answers another number"
            found[i] = again or replace(pair, comparison=_left_open(pair.comparison, why))
    return tuple(_without_other_times(found))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A comparison with the numbers it is between."""

    one: Number
    other: Number
    comparison: Comparison
    score: float


def _best(
    claim: str,
    mine: Reading,
    number: Number,
    against: tuple[str, Reading],
    *,
    answered: frozenset[Span] = frozenset(),
) -> _Pair | None:
    passage, theirs = against
    pairs = []
    for other in theirs.numbers:
        if other.span in answered or not are_of_one_sort(number, other):
            continue
        finding, arithmetic = finding_of(
            number,
            other,
            claim_words=number.span.of(claim),
            passage_words=other.span.of(passage),
        )
        comparison = Comparison(finding, number.span, other.span, arithmetic)
        pairs.append(_Pair(number, other, comparison, alignment(mine, number, theirs, other)))
    if number.kind is NumberKind.FACTOR and not pairs:
        return _ratio(claim, mine, number, against)
    if not pairs:
        return None
    pairs.sort(key=lambda pair: -pair.score)
    agreeing = [
        pair
        for pair in pairs
        if pair.comparison.finding in _AGREEING
        and (
            number.bound is Bound.EXACT
            or pair.score >= pairs[0].score - _AS_GOOD
            or _is_nearer(number, pair.other, pairs[0].other)
        )
    ]
    for best in agreeing[:_MOST_TRIED]:
        if not is_another_matter(mine, number, theirs, best.other):
            return best
    if not agreeing:
        for best in pairs[:_MOST_TRIED]:
            if not is_another_matter(mine, number, theirs, best.other):
                return best
    best = (agreeing or pairs)[0]
    if best.comparison.finding is not QuantityFinding.NOT_COMPARABLE:
        why = is_another_matter(mine, number, theirs, best.other)
        return _Pair(number, best.other, _left_open(best.comparison, why), best.score)
    return best


def _ratio(claim: str, mine: Reading, number: Number, against: tuple[str, Reading]) -> _Pair | None:
    """The factor of "twice as many" beside two counts of the passage whose ratio it is; else nothing."""
    passage, theirs = against
    if word(mine.read, number.after) != "as":
        return None
    counts = [each for each in theirs.numbers if each.kind is NumberKind.COUNT]
    for one, other in pairwise(counts):
        low, high = sorted((one.low, other.low))
        together = theirs.clause_words[theirs.clause[one.first]] | {one.noun, other.noun}
        if low > 0 and high / low == number.low and len(mine.words & together) > 1:
            span = Span(one.span.start, other.span.end)
            words = f"claim: {number.span.of(claim)}; passage: {span.of(passage)}"
            comparison = Comparison(
                QuantityFinding.AGREES, number.span, span, f"{words}, which is {high / low:g} times"
            )
            return _Pair(number, one, comparison, 0.0)
    return None


def _is_nearer(number: Number, one: Number, other: Number) -> bool:
    """Whether `one` is nearer to the limit that `number` sets."""
    limit = number.low if math.isfinite(number.low) else number.high
    return abs(one.low - limit) < abs(other.low - limit)


def _left_open(comparison: Comparison, why: str) -> Comparison:
    return Comparison(
        QuantityFinding.NOT_COMPARABLE,
        comparison.claim_words,
        comparison.passage_words,
        f"{comparison.arithmetic}; not compared: {why}",
    )


def _answered(pairs: list[_Pair]) -> frozenset[Span]:
    """The numbers of the passage that agree with one of the claim, and so answer no other.

    A limit is met by too many numbers for its agreement to claim one.
    """
    return frozenset(
        pair.comparison.passage_words
        for pair in pairs
        if pair.comparison.finding in _AGREEING and pair.one.bound is Bound.EXACT
    )


def _without_other_times(pairs: list[_Pair]) -> list[Comparison]:
    """The comparisons, those left open that a date in the passage puts into another time."""
    contradicts = QuantityFinding.CONTRADICTS
    is_other_time = any(
        pair.one.kind is NumberKind.DATE and pair.comparison.finding is contradicts
        for pair in pairs
    )
    is_other_value = any(
        pair.one.kind is not NumberKind.DATE and pair.comparison.finding is contradicts
        for pair in pairs
    )
    if not (is_other_time and is_other_value):
        return [pair.comparison for pair in pairs]
    return [
        _left_open(pair.comparison, "the passage speaks of another time")
        if pair.comparison.finding is contradicts
        else pair.comparison
        for pair in pairs
    ]


def quantities(
    page: Page, claims: tuple[Claim, ...], evidence: tuple[Evidence, ...]
) -> tuple[QuantityCheck, ...]:
    """The numbers of each claim against those of its evidence, in the order of the evidence."""
    by_id = {claim.id: claim for claim in claims}
    return tuple(
        QuantityCheck(
            claim=claim.id,
            evidence=piece.id,
            finding=each.finding,
            claim_words=each.claim_words.moved(claim.span.start),
            passage_words=each.passage_words,
            arithmetic=each.arithmetic,
        )
        for piece in evidence
        if (claim := by_id.get(piece.claim)) is not None
        for each in compared(claim.span.of(page.text), piece.passage.text)
    )
