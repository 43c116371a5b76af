"""The rule twin of the stance model: shared words, negation and numbers.

A passage whose sentences hold most of a claim's content words is about the same matter. It then
refutes where one of the two is negated, or where it gives other numbers; else it supports. The
constants are round numbers that say "rather" and "hardly", not fitted probabilities.
"""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.evidence.stance import NOTHING_SAID, StanceScore
from onrecord.evidence.windows import cleaned

__all__ = ["stances_by_rules"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_APOSTROPHE = re.compile("['’]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_NEGATIONS = frozenset(
    """not no never none nobody nothing neither nor without cannot fails failed denied denies deny
    false untrue hardly""".split()
)
_GRAMMAR = frozenset(
    """the a an and or but of in on at to from by for with as is are was were be been being has have
    had do does did will would can could may might must should it its he she his her they their
    them this that these those who which what there than then so such into over under about after
    before during between also more most other some any all both each only""".split()
)
# Word forms are compared by their beginnings: "closed" and "closing" agree.
_BEGINNING = 5
# From this share of the claim's content words on, the passage is about the same matter.
_SAME_MATTER = 0.6
_SURE = 0.8
_HARDLY = 0.05


def stances_by_rules(pairs: Sequence[tuple[str, str]]) -> tuple[StanceScore, ...]:
    """The stance of each (claim, passage), in order; linear in the lengths.

    >>> claim = "The bridge was closed in 2019."
    >>> [s.stance.value for s in stances_by_rules([(claim, "They closed the bridge in 2017.")])]
    ['refutes']
    """
    return tuple(_stance(cleaned(claim), cleaned(passage)) for claim, passage in pairs)


def _stance(claim: str, passage: str) -> StanceScore:
    asked, numbers = _content(claim), _numbers(claim)
    if not asked:
        return NOTHING_SAID
    nearest, best, covered = "", 0.0, set[str]()
    for sentence in _SENTENCE_END.split(passage):
        shared = asked & _content(sentence)
        covered |= shared
        if len(shared) / len(asked) > best:
            nearest, best = sentence, len(shared) / len(asked)
    # Half of the words that only other sentences hold count: the matter may go over sentences.
    cover = (best + len(covered) / len(asked)) / 2
    if cover < _SAME_MATTER:
        return StanceScore(_HARDLY, _HARDLY, 1 - 2 * _HARDLY)
    told = _numbers(nearest)
    other_numbers = bool(
        numbers and told and not numbers & told and not numbers & _numbers(passage)
    )
    if other_numbers or _is_negated(claim) != _is_negated(nearest):
        return StanceScore(_HARDLY, _SURE * cover, 1 - _HARDLY - _SURE * cover)
    if numbers - _numbers(passage):  # a number that the passage does not give
        return StanceScore(_HARDLY, _HARDLY, 1 - 2 * _HARDLY)
    return StanceScore(_SURE * cover, _HARDLY, 1 - _HARDLY - _SURE * cover)


def _content(text: str) -> set[str]:
    stems = (_APOSTROPHE.split(word)[0].casefold() for word in _WORD.findall(text))
    return {w[:_BEGINNING] for w in stems if len(w) > 1 and w not in _GRAMMAR | _NEGATIONS}


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


def _is_negated(text: str) -> bool:
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    n_negations = sum(1 for word in words if word in _NEGATIONS or word.endswith("n't"))
    return n_negations % 2 == 1
