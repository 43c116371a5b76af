"""Ratings of fact-checks: words and numbers, kept apart, and whether they agree."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Rating", "rating_fault", "rating_meaning"]

# What a rating says on a scale from 0 (false) to 1 (true); other words say nothing about it.
_MEANING = (
    (re.compile(r"\b(?:mostly|largely|partly|partially|half)[- ](?:true|correct|accurate)", re.IGNORECASE), 0.7),
    (re.compile(r"\b(?:mostly|largely|partly)[- ](?:false|untrue|wrong|inaccurate)", re.IGNORECASE), 0.3),
    (re.compile(r"\b(?:not (?:true|correct|accurate)|untrue|incorrect|inaccurate|false|fake|wrong|"
                r"refuted|debunked|hoax|fabricated|pants on fire)\b", re.IGNORECASE), 0.0),
    (re.compile(r"\b(?:true|correct|accurate|supported|confirmed)\b", re.IGNORECASE), 1.0),
)  # fmt: skip
_UNCLEAR = re.compile(
    r"\b(?:unproven|unsupported|not (?:proven|supported|confirmed)|misleading|mixture|mixed|"
    r"missing context|no evidence|not enough|unverified|satire|conflicting)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as written: text and numbers are kept apart, for pages make them disagree.

    `best` and `worst` are `None` where the page does not give them; schema.org then means 5 and 1.
    """

    text: str | None
    value: float | None
    best: float | None
    worst: float | None


def rating_fault(rating: Rating) -> str | None:
    """What is wrong with a rating in words, or `None`: its scale, its number, or a disagreement.

    Text and number disagree when they lie more than half the scale apart.
    """
    best = 5.0 if rating.best is None else rating.best
    worst = 1.0 if rating.worst is None else rating.worst
    if worst >= best:
        return f"the scale runs from {worst:g} to {best:g}"
    if rating.value is None:
        return None
    if not worst <= rating.value <= best:
        return f"the rating {rating.value:g} is outside its scale of {worst:g} to {best:g}"
    meaning = rating_meaning(rating.text)
    share = (rating.value - worst) / (best - worst)
    # Half the scale apart: scales differ between publishers, a reversal does not.
    if meaning is not None and abs(meaning - share) > 0.5:
        return (
            f"the text says {rating.text!r}, the number {rating.value:g} of {worst:g} to {best:g}"
        )
    return None


def rating_meaning(words: str | None) -> float | None:
    """Where a rating's words lie from 0 (false) to 1 (true); `None` where they do not say.

    >>> rating_meaning("Mostly false"), rating_meaning("True"), rating_meaning("Missing context")
    (0.3, 1.0, None)
    """
    if words is None or _UNCLEAR.search(words):
        return None
    return next((meaning for form, meaning in _MEANING if form.search(words)), None)
