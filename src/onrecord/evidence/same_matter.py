"""Which numbers of two texts speak about the same quantity.

Two numbers of one sort are set against each other when the words around them align: what is
counted, the clause they stand in, and no sign of another subject, time or place. Where the
alignment is thin or two alignments compete, nothing is said.
"""

# ruff: noqa: SIM905  (word lists read better as prose)

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from onrecord.evidence.bounds import Bound
from onrecord.evidence.counted import CONTRASTS, GRAMMAR, stem
from onrecord.evidence.number import Number, NumberKind
from onrecord.evidence.number_words import Token, tokens
from onrecord.evidence.numbers_in_text import numbers_of

__all__ = ["Reading", "alignment", "is_another_matter", "read_numbers"]

_ENDS = frozenset(".!?")
_DIMENSIONS = frozenset(map(stem, "long tall high wide deep heavy old away".split()))
_CHANGES = frozenset(map(stem, "rise fall fell change".split()))
# A disease is spelt like a name.
_NO_NAMES = frozenset({stem("covid")})
_CLAUSE_SIGNS = frozenset(",;:()—–[]*")
_CLAUSE_WORDS = frozenset("and but while whereas with".split())
# The figures below: share of contradictions found and of supported rows contradicted by mistake on
# half of 6,000 VitaminC claims of the training mix, as .742 and .011, other values tried in turn.
# A claim word that only another sentence of the passage holds counts half (0 and 1: the same).
_ELSEWHERE = 0.5
# From this share of the claim's words on, found in the sentence of the passage, a difference of
# the values is a contradiction. 0.4 finds .760 and breaks a row of the own table, 0.6 finds .710.
_COVERED = 0.5
# Of two numbers with like surroundings the nearer one is meant; at 0 a row of the table breaks.
_NEARNESS = 2.0
_FAR = 4.0
# A limit is mostly set close to the value: "more than 80 million" speaks of the 80.1 million.
# 2 to 10 differ by .004.
_NEARNESS_TO_LIMIT = 6.0
_FAR_FROM_LIMIT = 2.0
# Names that begin with as many like letters are one: Morocco, Moroccan.
_ROOT = 5
# Table pages: later numbers are not read, so that all pairs stay few.
_MOST_NUMBERS = 200
# How far from the number two sentences are laid side by side, in tokens.
_OUTLINE = 60
# The same with the same thing counted: 0.25 gives .746 and .012, 0.5 gives .688 and .011.
_COVERED_COUNTED = 0.33
# Shared words this near to both numbers, in tokens, count more (0 and 3: the same).
_WINDOW = 4
_AROUND = 1.5
# A passage is a paragraph or two.
_MOST_TOKENS = 4000
# Longer stretches that differ are paraphrase, not one word put for another; 1 breaks a row, 3 gives .740.
_LONGEST_SWAP = 2
# Below this share of equal tokens two sentences are not built alike; 0.6 gives .748, 0.8 breaks two
# rows of the table.
_BUILT_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Reading:
    """A text cut into tokens with its numbers.

    `stems` holds for each token its stem, or "" for grammar, signs and numbers; `sentence` and
    `clause` say which one a token is of.
    """

    read: tuple[Token, ...]
    numbers: tuple[Number, ...]
    stems: tuple[str, ...]
    sentence: tuple[int, ...]
    clause: tuple[int, ...]
    sentence_words: tuple[frozenset[str], ...]
    clause_words: tuple[frozenset[str], ...]
    words: frozenset[str]
    names: frozenset[str]
    opening: str


def read_numbers(text: str) -> Reading:
    """The text as the comparison needs it; linear in its length.

    What lies behind the first 4,000 tokens is not read: a passage is a paragraph or two.
    """
    read = tokens(text)[:_MOST_TOKENS]
    found = numbers_of(read)[:_MOST_NUMBERS]
    taken = {
        i
        for number in found
        if number.kind is not NumberKind.RANK
        for i in range(number.first, number.after)
    }
    stems = tuple(
        stem(token.low)
        if token.is_word and i not in taken and token.low not in GRAMMAR and len(token.low) > 1
        else ""
        for i, token in enumerate(read)
    )
    sentence, clause = _cut(read, taken)
    sentence_words = _by_part(stems, sentence)
    names = frozenset(
        stem(token.low)
        for i, token in enumerate(read)
        if stems[i]
        and token.text[0].isupper()
        and (_is_within_a_name(read, i) if i == 0 else read[i - 1].text not in _ENDS)
        and stems[i] not in _NO_NAMES
    )
    return Reading(
        read,
        found,
        stems,
        sentence,
        clause,
        sentence_words,
        _by_part(stems, clause),
        frozenset(word for word in stems if word),
        names,
        stems[0] if stems and not read[0].low.endswith("s") else "",
    )


def _is_within_a_name(read: Sequence[Token], i: int) -> bool:
    """Whether a first word is followed by a colon or another capital: "Orla Falk", "Nova: Part"."""
    following = read[i + 1] if i + 1 < len(read) else None
    if following is None:
        return False
    return following.text == ":" or (following.is_word and following.text[0].isupper())


def _cut(read: Sequence[Token], taken: set[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    sentence, clause = [], []
    s = c = 0
    for i, token in enumerate(read):
        if i not in taken and (token.text in _CLAUSE_SIGNS or token.low in _CLAUSE_WORDS):
            c += 1
        sentence.append(s)
        clause.append(c)
        if token.text in _ENDS and i not in taken and _ends_sentence(read, i):
            s += 1
            c += 1
    return tuple(sentence), tuple(clause)


def _ends_sentence(read: Sequence[Token], i: int) -> bool:
    if i + 1 >= len(read):
        return False
    following, before = read[i + 1], read[i - 1] if i else None
    if following.start == read[i].end and following.is_digits:
        return False
    is_initial = before is not None and before.is_word and len(before.text) == 1
    return not is_initial and not (following.is_word and following.text[0].islower())


def _by_part(stems: Sequence[str], parts: Sequence[int]) -> tuple[frozenset[str], ...]:
    if not parts:
        return (frozenset(),)
    out: list[set[str]] = [set() for _ in range(parts[-1] + 1)]
    for word, part in zip(stems, parts, strict=True):
        if word:
            out[part].add(word)
    return tuple(frozenset(words) for words in out)


def alignment(claim: Reading, one: Number, passage: Reading, other: Number) -> float:
    """How well the words around two numbers align; 0 where nothing is shared, higher is better."""
    near = claim.clause_words[claim.clause[one.first]]
    clause = passage.clause_words[passage.clause[other.first]]
    sentence = passage.sentence_words[passage.sentence[other.first]]
    around = _around(claim, one) & _around(passage, other)
    score = (
        1.5 * len(near & clause)
        + _AROUND * len(around)
        + len(near & sentence)
        + 0.5 * len(claim.words & sentence)
    )
    score += 0.25 * len(claim.words & passage.words)
    if one.noun and one.noun == other.noun:
        score += 3
    elif one.noun and other.noun and not _counts_alike(claim, one, passage, other):
        score -= 3
    if one.bound is Bound.EXACT:
        return score + _NEARNESS * _nearness(one, other, within=_FAR)
    return score + _NEARNESS_TO_LIMIT * _nearness(one, other, within=_FAR_FROM_LIMIT)


def _around(reading: Reading, number: Number) -> set[str]:
    first = max(0, number.first - _WINDOW)
    part = reading.clause[number.first]
    last = min(len(reading.stems), number.after + _WINDOW)
    return {
        reading.stems[i]
        for i in range(first, last)
        if reading.stems[i] and reading.clause[i] == part
    }


def _nearness(one: Number, other: Number, *, within: float) -> float:
    """1 for equal values, 0 from the factor `within` on: one quantity seldom differs more."""
    if one.kind is NumberKind.DATE:
        return 0.0
    a = one.low if math.isfinite(one.low) else one.high
    b = other.low if math.isfinite(other.low) else other.high
    if a * b <= 0:
        return 0.0
    return 1 - min(1.0, abs(math.log(a / b)) / math.log(within))


def _counts_alike(claim: Reading, one: Number, passage: Reading, other: Number) -> bool:
    """Whether what two numbers count can be the same."""
    if not one.noun or not other.noun or one.noun == other.noun:
        return True
    sentence = passage.sentence_words[passage.sentence[other.first]]
    clause = passage.clause_words[passage.clause[other.first]]
    if (
        one.kind is NumberKind.COUNT
        and one.noun in clause
        and other.noun in claim.words | {"person"}
    ):
        return True
    others = {number.noun for number in claim.numbers if number is not one}
    near = claim.clause_words[claim.clause[one.first]]
    if one.kind is NumberKind.COUNT and other.noun in near and other.noun not in others:
        return True
    if one.noun == "person" and other.noun in claim.words:
        return True
    return one.kind is not NumberKind.COUNT and one.noun in sentence


def is_another_matter(claim: Reading, one: Number, passage: Reading, other: Number) -> str:
    """Why two numbers do not speak about the same quantity; "" where nothing stands against it."""
    if not _counts_alike(claim, one, passage, other):
        return "another thing is counted"
    near = claim.clause_words[claim.clause[one.first]]
    clause = passage.clause_words[passage.clause[other.first]]
    sentence = passage.sentence_words[passage.sentence[other.first]]
    if not claim.words:
        return "the claim says nothing else"
    # A name that the passage leaves out may stand in its title; another name in its place may not.
    absent = claim.names - passage.words
    names = (claim.names | ({claim.opening} - {""})) & passage.words
    # "People" are in every passage.
    own = {stem(token.low) for token in claim.read[one.first : one.after]} | {"person"}
    if one.kind in {NumberKind.MEASURE, NumberKind.DURATION}:
        own |= _DIMENSIONS
    elif one.kind is not other.kind or one.is_from_to:
        own |= _CHANGES
    asked = claim.words - absent - own
    others = _names_before(passage, other)
    if absent and not names and others and not _share_a_root(absent, passage.words):
        return "the passage names others"
    there = len(asked & sentence)
    elsewhere = len((asked & passage.words) - sentence)
    # The first word has a capital in any case; where the passage lacks it, it may be a name.
    n_asked = len(asked) - 0.5 * bool(claim.opening and claim.opening in asked - passage.words)
    covered = (there + _ELSEWHERE * elsewhere) / max(n_asked, 1)
    is_counted = one.noun and (
        other.noun in near - {""}
        or one.noun == other.noun
        or (not other.noun and one.noun in clause)
    )
    is_dated = (one.kind is NumberKind.DATE and near & clause) or (
        one.kind is NumberKind.MONEY and _around(claim, one) & _around(passage, other)
    )
    enough = _COVERED_COUNTED if is_counted else _COVERED
    if covered < enough or (covered == enough and not (is_counted or is_dated)):
        return "too few of the claim's words are there"
    if one.kind is NumberKind.RANK and one.noun != other.noun:
        return "another order"
    if not near & sentence and one.noun != other.noun:
        return "the words around it are not there"
    for name in claim.words - sentence:
        if CONTRASTS.get(name, frozenset()) & clause:
            return "it is said of something else"
    if _differs_in_order(claim, passage, other):
        return "it is said of another in a row"
    if _is_swapped(claim, one, passage, other):
        return "another thing stands in its place"
    return ""


def _names_before(passage: Reading, other: Number) -> frozenset[str]:
    """The names in the number's clause that stand before it, or right behind it."""
    part = passage.clause[other.first]
    return frozenset(
        word
        for i, word in enumerate(passage.stems[: other.after + 1])
        if word in passage.names and passage.clause[i] == part
    )


def _share_a_root(names: frozenset[str], words: frozenset[str]) -> bool:
    """Whether a name has a relative among the words: Morocco, Moroccan."""
    roots = {name[:_ROOT] for name in names if len(name) >= _ROOT}
    return any(word[:_ROOT] in roots for word in words)


def _differs_in_order(claim: Reading, passage: Reading, other: Number) -> bool:
    """Whether the passage's clause speaks of the first or second of something, the claim not so.

    Also whether one is said before and the other after, or for and against.
    """
    mine = {number.low for number in claim.numbers if number.kind is NumberKind.RANK}
    part = passage.clause[other.first]
    for number in passage.numbers:
        if number is other or number.kind is not NumberKind.RANK:
            continue
        if passage.clause[number.first] == part and number.low not in mine:
            return True
    small = {token.low for token in claim.read}
    there = {
        token.low
        for token, each in zip(passage.read, passage.sentence, strict=True)
        if each == passage.sentence[other.first]
    }
    for one, opposite in (("before", "after"), ("after", "before"), ("against", "for")):
        if one in small and opposite in there and one not in there and opposite not in small:
            return True
    return False


def _is_swapped(claim: Reading, one: Number, passage: Reading, other: Number) -> bool:
    """Whether two sentences built alike differ in another word than the number."""
    mine = _outline(claim, one)
    theirs = _outline(passage, other)
    matcher = SequenceMatcher(a=mine, b=theirs, autojunk=False)
    if matcher.quick_ratio() < _BUILT_ALIKE or matcher.ratio() < _BUILT_ALIKE:
        return False
    clause = passage.clause_words[passage.clause[other.first]]
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "replace":
            continue
        out = {word for word in mine[a:b] if word[0] not in "#." and word not in GRAMMAR}
        put = {word for word in theirs[c:d] if word[0] not in "#." and word not in GRAMMAR}
        if out and put and len(out) <= _LONGEST_SWAP and len(put) <= _LONGEST_SWAP:
            put &= clause
            is_taken_up = out <= claim.names | {claim.opening} and not put & (
                passage.names | {passage.opening}
            )
            if out - passage.words and put - claim.words and not is_taken_up:
                return True
    return False


def _outline(reading: Reading, number: Number) -> list[str]:
    """The stems and small words of the number's sentence, each number as one sign."""
    part = reading.sentence[number.first]
    starts = {
        each.first: each
        for each in reading.numbers
        if each is number or each.kind is not NumberKind.RANK
    }
    out, i = [], max(0, number.first - _OUTLINE)
    while i < min(len(reading.read), number.after + _OUTLINE):
        if i in starts:
            if reading.sentence[i] == part:
                out.append("#")
            i = max(starts[i].after, i + 1)
            continue
        if reading.sentence[i] == part:
            token = reading.read[i]
            out.append(reading.stems[i] or (token.low if token.is_word else "."))
        i += 1
    return out
