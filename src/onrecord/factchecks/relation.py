"""Whether an earlier fact-check answers a claim, its opposite, or another claim about the matter.

Words decide, not embeddings, in which a claim and its opposite lie close together. What differs is
looked for in this order: numbers, names, what the claims speak of (`subject.py`), then an odd number
of negations and opposites.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from onrecord.factchecks.opposites import ALTERNATIVES, DOUBTS, FRAMES, NEGATIONS, OPPOSITES
from onrecord.factchecks.subject import (
    Parts,
    are_swapped,
    compare_other_things,
    differ_in_one_place,
    is_other_subject,
    is_turned,
    parts,
    says_other_things,
)
from onrecord.search.text import stemmer
from onrecord.terms import MatchRelation

__all__ = ["relation"]

_NUMBER = re.compile(r"(?<![\w.])[$€£]?(\d{1,3}(?:[,\u00a0 ]\d{3})+|\d+)(?:\.(\d+))?(?![\w]*\d)")
_SCALE = re.compile(r"[\s-]*(hundred|thousand|million|billion|trillion|bn|m|k)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[\"“‘'(]\s*)$")
_SCALES = MappingProxyType(
    {
        "hundred": 1e2,
        "thousand": 1e3,
        "k": 1e3,
        "million": 1e6,
        "m": 1e6,
        "billion": 1e9,
        "bn": 1e9,
        "trillion": 1e12,
    }
)
# "One" is a pronoun as often as a number.
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve"
_COUNTS = MappingProxyType({w: float(n) for n, w in enumerate(_NUMBER_WORDS.split(), 2)})
# Share of the checked claim's words in the asked one below which the two are only related, and share
# of either's in the other below which a difference in polarity is not taken for a contradiction.
MIN_SAME, MIN_NEGATED = 0.35, 0.5


@dataclass(frozen=True, slots=True)
class _Reading:
    numbers: frozenset[float]
    names: frozenset[str]
    words: tuple[str, ...]


def relation(
    claim: str, checked: str, *, claimant: str = "", shared: float = 1.0, covered: float = 1.0
) -> MatchRelation:
    """How the checked claim stands to the asked one.

    `covered` is the share of the checked claim's words in the asked one, `shared` the larger of that
    and the share of the asked claim's in the checked one, as `Overlap` gives them.
    The claimant's name is no difference: "Ann Lee says the bridge is closed" answers "The bridge is
    closed". What cannot be told to be the same is related.

    >>> relation("The bridge cost 12 million", "The bridge cost 15 million").value
    'related'
    >>> relation("The bridge is closed", "The bridge is not closed").value
    'negated'
    """
    checked = _without_frame(checked, claimant)
    asked, other = _read(claim), _read(checked)
    if min(covered, shared) < MIN_SAME or _numbers_differ(asked.numbers, other.numbers):
        return MatchRelation.RELATED
    if _names_differ(asked, other, claimant) or _turns(asked.words, other.words, ALTERNATIVES):
        return MatchRelation.RELATED
    turns = _turns(asked.words, other.words, OPPOSITES)
    stems = stemmer()
    mine, theirs = parts(claim, stems=stems), parts(checked, stems=stems)
    if is_other_subject(mine, theirs) or (not turns and _says_other(mine, theirs)):
        return MatchRelation.RELATED
    denials = _negations(asked.words) + _negations(other.words)
    if not turns + denials and differ_in_one_place(claim, checked, stems=stems):
        return MatchRelation.RELATED
    if is_turned(mine, theirs):
        turns += 1
    elif are_swapped(mine, theirs):
        return MatchRelation.RELATED
    if (turns + denials) % 2 == 0:
        return MatchRelation.SAME
    return MatchRelation.NEGATED if shared >= MIN_NEGATED else MatchRelation.RELATED


def _read(text: str) -> _Reading:
    numbers = set()
    for found in _NUMBER.finditer(text):
        value = float(re.sub(r"\D", "", found[1]) + (f".{found[2]}" if found[2] else ""))
        scale = _SCALE.match(text, found.end())
        numbers.add(value * (_SCALES[scale[1].lower()] if scale else 1.0))
    words, names = [], set()
    for found in _WORD.finditer(text):
        word = found[0].replace("’", "'")
        words.append(word.lower().removesuffix("'s"))
        if word.lower() in _COUNTS:
            scale = _SCALE.match(text, found.end())
            numbers.add(_COUNTS[word.lower()] * (_SCALES[scale[1].lower()] if scale else 1.0))
        starts = _SENTENCE_START.search(text[: found.start()]) is not None
        if word[0].isupper() and len(word) > 1 and not starts:
            names.add(word.lower().removesuffix("'s"))
    return _Reading(frozenset(numbers), frozenset(names), tuple(words))


def _without_frame(checked: str, claimant: str) -> str:
    """The checked claim without "Says that", "A photo shows", or its claimant before them."""
    text = checked.strip().lstrip("\"“‘'")
    if claimant and text.lower().startswith(claimant.lower()):
        rest = text[len(claimant) :].lstrip(" ,:")
        text = rest or text
    return FRAMES.sub("", text, count=1)


def _numbers_differ(asked: frozenset[float], other: frozenset[float]) -> bool:
    """The check has a number that the claim lacks, and the claim has none or another in its place.

    A number is what such a check is about: "The bridge cost too much" is not answered by it. Of 77
    right checks of posts that were called the same, none lost that by it.
    """
    return bool(other - asked and (not asked or asked - other))


def _says_other(mine: Parts, theirs: Parts) -> bool:
    return says_other_things(mine, theirs) or compare_other_things(mine, theirs)


def _names_differ(asked: _Reading, other: _Reading, claimant: str) -> bool:
    """Each has a name that does not occur in the other at all."""
    known = {word.lower() for word in _WORD.findall(claimant)}
    mine = asked.names - set(other.words) - known
    theirs = other.names - set(asked.words) - known
    return bool(mine and theirs)


def _turns(
    asked: tuple[str, ...],
    other: tuple[str, ...],
    pairs: tuple[tuple[frozenset[str], frozenset[str]], ...],
) -> int:
    """How many pairs have one side in one claim alone, and the other in the other alone."""
    mine, theirs = frozenset(asked), frozenset(other)
    sides = (
        ((bool(a & mine), bool(b & mine)), (bool(a & theirs), bool(b & theirs))) for a, b in pairs
    )
    return sum(
        (one, two) in {((True, False), (False, True)), ((False, True), (True, False))}
        for one, two in sides
    )


def _negations(words: tuple[str, ...]) -> int:
    return sum(word in NEGATIONS or word in DOUBTS or word.endswith("n't") for word in words)
