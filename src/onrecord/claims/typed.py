"""One claim typed by a person, judged as a claim of a page is."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.claims.checkable import kind_of, why_not_checkable
from onrecord.claims.detect import score_by_signs
from onrecord.claims.rank import Scorer
from onrecord.claims.signs import signs
from onrecord.terms import ClaimKind, NotCheckable

__all__ = ["TypedClaim", "typed_claim"]


@dataclass(frozen=True, slots=True)
class TypedClaim:
    """A typed claim: why it cannot be checked (`None` when it can), check-worthiness 0 to 1, kind."""

    text: str
    why_not: NotCheckable | None
    checkworthiness: float
    kind: ClaimKind


def typed_claim(text: str, *, scorer: Scorer = score_by_signs) -> TypedClaim:
    """The claim that a person typed.

    >>> typed_claim("The bridge cost 12 million euros.").kind.value
    'quantity'
    """
    marks = signs(text)
    (worth,) = scorer([text])
    return TypedClaim(text, why_not_checkable(marks), round(worth, 4), kind_of(marks, said=False))
