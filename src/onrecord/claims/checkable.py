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
    figure = _has(signs, "number", "money", "share", "change")
    event = _has(signs, "past", "event")
    named = signs["names"] > 0
    if signs["question"]:
        return NotCheckable.QUESTION
    if signs["promise"] and not (event and (figure or named)):
        return NotCheckable.PROMISE
    if signs["intent"] and not figure and not event:
        return NotCheckable.PROMISE
    if (signs["ahead"] and not figure) or (signs["future"] and not event):
        return NotCheckable.PREDICTION
    if signs["feeling"] and not figure:
        return NotCheckable.PERSONAL_EXPERIENCE
    if signs["judged"] and not figure and not event:
        return NotCheckable.OPINION
    if _has(signs, "opinion", "motive") and not figure and not (event and named):
        return NotCheckable.OPINION
    if _is_vague(signs, figure=figure, event=event, named=named):
        return NotCheckable.TOO_VAGUE
    return None


def _is_vague(signs: Signs, *, figure: bool, event: bool, named: bool) -> bool:
    """Whether nobody, nothing and no time in the claim could be looked up."""
    if figure:
        return False
    if signs["order"] and not event:
        return True
    if signs["short"] and not (named and signs["verb"]):
        return True
    return not (event or named or _has(signs, "cause", "law", "comparison"))


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


def _has(signs: Signs, *names: str) -> bool:
    return any(signs[name] > 0 for name in names)
