"""Whether a claim can be checked at all, why not, and what kind it is.

The order of the reasons is that of the annotation guide (`docs/guides/claims.md`): form first
(question), then time (prediction, promise), then what only the speaker can know, then judgement,
then vagueness.
"""

from __future__ import annotations

from onrecord.claims.signs import Signs
from onrecord.terms import ClaimKind, NotCheckable

__all__ = ["kind_of", "why_not_checkable"]


def why_not_checkable(signs: Signs) -> NotCheckable | None:
    """Why a claim with these signs cannot be checked; `None` when it can."""
    factual = _factual(signs)
    if signs["question"]:
        return NotCheckable.QUESTION
    if signs["promise"] and not (signs["past"] and signs["number"]):
        return NotCheckable.PROMISE
    if signs["future"] and not signs["past"]:
        return NotCheckable.PREDICTION
    if signs["feeling"] and not signs["number"]:
        return NotCheckable.PERSONAL_EXPERIENCE
    if signs["opinion"] and factual < 2:
        return NotCheckable.OPINION
    if signs["short"] and not signs["number"] and not signs["names"]:
        return NotCheckable.TOO_VAGUE
    if factual == 0 and not signs["names"]:
        return NotCheckable.TOO_VAGUE
    return None


def kind_of(signs: Signs, *, said: bool) -> ClaimKind:
    """What a claim is about; `said` is the claim that somebody said something."""
    if said:
        return ClaimKind.QUOTATION
    if signs["cause"]:
        return ClaimKind.CAUSE
    if signs["money"] or signs["share"] or signs["number"]:
        return ClaimKind.QUANTITY
    if signs["comparison"]:
        return ClaimKind.COMPARISON
    if signs["law"]:
        return ClaimKind.LAW_OR_RECORD
    return ClaimKind.EVENT


def _factual(signs: Signs) -> float:
    """How many signs of something that can be looked up there are."""
    names = ("number", "money", "share", "comparison", "change", "cause", "law", "event", "past")
    return sum(signs[name] > 0 for name in names)
