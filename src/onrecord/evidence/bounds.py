"""Words before a number that widen it: "more than", "up to", "nearly", "about"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from onrecord.evidence.number_words import Token, word

__all__ = ["Bound", "bound_after", "bound_before"]


class Bound(StrEnum):
    """What the words around a number make of it."""

    EXACT = "exact"
    MORE = "more"  # more than, over
    AT_LEAST = "at_least"
    LESS = "less"  # fewer than, under
    AT_MOST = "at_most"
    ABOUT = "about"
    NEARLY = "nearly"  # a little less


_PHRASES: Mapping[tuple[str, ...], Bound] = MappingProxyType(
    {
        tuple(phrase.split()): bound
        for bound, phrases in {
            Bound.AT_LEAST: "at least;no fewer than;no less than;not less than;a minimum of;minimum",
            Bound.AT_MOST: "at most;up to;no more than;not more than;a maximum of;maximum",
            Bound.MORE: "more than;over;above;exceeding;greater than;higher than;upwards of;"
            "just over;well over;larger than;longer than;in excess of;beyond",
            Bound.LESS: "fewer than;less than;under;below;lower than;smaller than;well under;"
            "shorter than",
            Bound.NEARLY: "nearly;almost;close to;just under;just below;not quite",
            Bound.ABOUT: "about;around;approximately;approx;approx .;roughly;some;circa;"
            "an estimated;estimated;as many as;as much as;or so;an average of",
        }.items()
        for phrase in phrases.split(";")
    }
)
_DATE_PHRASES: Mapping[tuple[str, ...], Bound] = MappingProxyType(
    {
        ("after",): Bound.MORE,
        ("past",): Bound.MORE,
        ("later", "than"): Bound.MORE,
        ("earlier", "than"): Bound.LESS,
        ("before",): Bound.LESS,
        ("prior", "to"): Bound.LESS,
        ("by",): Bound.AT_MOST,
        ("until",): Bound.EXACT,
        ("around",): Bound.ABOUT,
        ("about",): Bound.ABOUT,
        ("circa",): Bound.ABOUT,
    }
)
_LONGEST = 3


def bound_before(read: Sequence[Token], i: int, *, is_date: bool = False) -> tuple[Bound, int]:
    """The bound that ends before token `i`, and the token at which its words begin."""
    phrases = _DATE_PHRASES if is_date else _PHRASES
    i -= is_date and word(read, i - 1) == "the"
    for n in range(_LONGEST, 0, -1):
        if i < n:
            continue
        found = phrases.get(tuple(token.low for token in read[i - n : i]))
        if found is not None:
            return found, i - n
    return Bound.EXACT, i


def bound_after(read: Sequence[Token], i: int) -> tuple[Bound, int]:
    """The bound that begins at token `i`, and the token after its words."""
    if word(read, i) == "+":
        return Bound.AT_LEAST, i + 1
    if word(read, i) == "or" and word(read, i + 1) in {"more", "over", "less", "fewer", "so"}:
        bounds = {"more": Bound.AT_LEAST, "over": Bound.AT_LEAST, "so": Bound.ABOUT}
        return bounds.get(word(read, i + 1), Bound.AT_MOST), i + 2
    return Bound.EXACT, i
