"""Quotations of two texts compared: the same words, or how they were changed.

Two are compared by edit distance over words (Sellers 1980: the shorter one may lie anywhere in the
longer one), and every step of the comparison is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.fingerprint import Words
from onrecord.reuse.quotations import MAX_WORDS, MIN_WORDS, Quotation
from onrecord.terms import QuotationChange, WordChangeKind

__all__ = ["Comparison", "Step", "compared", "most_changes"]

# A shorter stretch must stand there word for word: "we are aware of the video" is no change of "we
# are aware of the reports". Read on bench/copies: with 6 each wrong pair but one was of 6.
MIN_CHANGED = 7
# One changed word for each so many words of the shorter quotation: enough for two in eight.
WORDS_PER_CHANGE = 4
# One word in four left out is one for each three that are left.
_LEAVES_OUT = WORDS_PER_CHANGE - 1
_NEGATIONS = frozenset(
    [
        "aint",
        "arent",
        "cannot",
        "cant",
        "couldnt",
        "didnt",
        "doesnt",
        "dont",
        "hadnt",
        "hardly",
        "hasnt",
        "havent",
        "isnt",
        "neither",
        "never",
        "no",
        "nobody",
        "none",
        "nor",
        "not",
        "nothing",
        "nowhere",
        "shouldnt",
        "wasnt",
        "werent",
        "without",
        "wont",
        "wouldnt",
    ]
)
_ENDS = frozenset(".!?…")
_PAUSES = _ENDS | frozenset(",;:–—-")
_SHOWS_A_CUT = re.compile(r"…|\.\s?\.\s?\.|[\[\]]")


@dataclass(frozen=True, slots=True)
class Step:
    """One step from the other text to ours; word numbers are half-open, within each quotation."""

    kind: WordChangeKind
    ours: tuple[int, int]
    theirs: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two quotations of one statement: the steps between them and what they come to.

    `theirs` is the part of the other quotation that ours repeats; `similarity` 0 to 1.
    """

    theirs: tuple[int, int]
    similarity: float
    steps: tuple[Step, ...]
    changes: tuple[QuotationChange, ...]


def compared(
    ours: Quotation, theirs: Quotation, *, our_text: str, their_text: str
) -> Comparison | None:
    """How our quotation differs from theirs, or `None` where they are not one statement.

    They are one where the shorter has at least 6 words and stands in the other; in a stretch of 7
    words or more, one in 4 may be changed.
    """
    mine, other = ours.words, theirs.words
    shorter = min(len(mine), len(other))
    if shorter < MIN_WORDS or max(len(mine), len(other)) > MAX_WORDS:
        return None
    # Words that were left out make the stretch longer in which so many may be changed.
    n_most = most_changes(min(max(len(mine), len(other)), shorter + shorter // _LEAVES_OUT))
    is_inside = len(mine) <= len(other)
    small, large = (mine, other) if is_inside else (other, mine)
    if len({*small.forms}.difference(large.forms)) > n_most:
        return None
    shared = sum((Counter(small.forms) & Counter(large.forms)).values())
    if shared < shorter - n_most:
        return None
    table = _distances(small.forms, large.forms)
    # Of equal ends the last: "will we see" for "we will see" is a swap and no crop.
    end = len(large) - int(np.argmin(table[-1, ::-1]))
    distance = int(table[-1, end])
    if distance > n_most:
        return None
    pairs = _path(table, small.forms, large.forms, end)
    n_spanned = max(shorter, end - min(_plain(b) for _, b in pairs if b is not None))
    if distance > most_changes(n_spanned):
        return None
    steps = _steps(pairs if is_inside else [(b, a) for a, b in pairs])
    if not is_inside:
        steps = _with_ends(steps, len(mine))
    span = steps[0].theirs[0], steps[-1].theirs[1]
    changes = _changes(steps, span, ours=ours, theirs=theirs, texts=(our_text, their_text))
    return Comparison(span, 1 - distance / shorter, tuple(steps), changes)


def most_changes(n: int) -> int:
    """How many words may be changed in a stretch of `n`."""
    return n // WORDS_PER_CHANGE if n >= MIN_CHANGED else 0


def _distances(small: Sequence[str], large: Sequence[str]) -> NDArray[np.int32]:
    """Edit distances `(words of small + 1, words of large + 1)`; `large` may begin anywhere.

    Two neighbours that changed places count as one change (Damerau 1964).
    """
    numbers: dict[str, int] = {}
    one = np.array([numbers.setdefault(form, len(numbers)) for form in small])
    two = np.array([numbers.setdefault(form, len(numbers)) for form in large])
    columns = np.arange(len(two) + 1)
    table = np.zeros((len(one) + 1, len(two) + 1), np.int32)
    for row, number in enumerate(one, 1):
        table[row, 0] = row
        table[row, 1:] = np.minimum(table[row - 1, :-1] + (two != number), table[row - 1, 1:] + 1)
        if row > 1:
            is_swap = (two[1:] == one[row - 2]) & (two[:-1] == number)
            swapped = table[row - 2, :-2] + 1
            table[row, 2:] = np.where(is_swap, np.minimum(table[row, 2:], swapped), table[row, 2:])
        # A word that is left out costs one more than what stands before it.
        table[row] = np.minimum.accumulate(table[row] - columns) + columns
    return table


def _path(
    table: NDArray[np.int32], small: Sequence[str], large: Sequence[str], end: int
) -> list[tuple[int | None, int | None]]:
    """Pairs of word numbers of a cheapest path; `None` where the word has no partner."""
    out: list[tuple[int | None, int | None]] = []
    i, j = len(small), end
    while i > 0:
        here = table[i, j]
        if j > 0 and small[i - 1] == large[j - 1] and here == table[i - 1, j - 1]:
            i, j = i - 1, j - 1
            out.append((i, j))
        elif (
            min(i, j) > 1
            and here == table[i - 2, j - 2] + 1
            and tuple(small[i - 2 : i]) == tuple(large[j - 2 : j])[::-1]
        ):
            i, j = i - 2, j - 2
            out += [(i + 1, j + 1), (i, j)]
        elif j > 0 and here == table[i, j - 1] + 1:
            # Before a replacement: where both cost the same, an equal word stands further on.
            j -= 1
            out.append((None, j))
        elif j > 0 and here == table[i - 1, j - 1] + 1:
            i, j = i - 1, j - 1
            out.append((i, j))
        else:
            i -= 1
            out.append((i, None))
    pairs = out[::-1]
    # A pair of different words is a replacement; `_steps` tells by the forms.
    return [
        pair
        if pair[0] is None or pair[1] is None or small[pair[0]] == large[pair[1]]
        else (~pair[0], ~pair[1])
        for pair in pairs
    ]


def _steps(pairs: Sequence[tuple[int | None, int | None]]) -> list[Step]:
    """The pairs as runs of one kind; a replaced pair has both numbers inverted."""
    out: list[Step] = []
    ours_at = next((_plain(a) for a, _ in pairs if a is not None), 0)
    theirs_at = next((_plain(b) for _, b in pairs if b is not None), 0)
    for a, b in pairs:
        if a is None:
            kind = WordChangeKind.LEFT_OUT
        elif b is None:
            kind = WordChangeKind.ADDED
        else:
            kind = WordChangeKind.SAME if a >= 0 else WordChangeKind.REPLACED
        ours = (ours_at, ours_at + (a is not None))
        theirs = (theirs_at, theirs_at + (b is not None))
        ours_at, theirs_at = ours[1], theirs[1]
        if out and out[-1].kind is kind:
            out[-1] = Step(kind, (out[-1].ours[0], ours[1]), (out[-1].theirs[0], theirs[1]))
        else:
            out.append(Step(kind, ours, theirs))
    return out


def _plain(number: int) -> int:
    return number if number >= 0 else ~number


def _with_ends(steps: list[Step], n_ours: int) -> list[Step]:
    """The steps with the words of ours before and after theirs, which were added."""
    first, last = steps[0], steps[-1]
    begin = (
        [Step(WordChangeKind.ADDED, (0, first.ours[0]), (first.theirs[0], first.theirs[0]))]
        if first.ours[0]
        else []
    )
    end = (
        [Step(WordChangeKind.ADDED, (last.ours[1], n_ours), (last.theirs[1], last.theirs[1]))]
        if last.ours[1] < n_ours
        else []
    )
    return [*begin, *steps, *end]


def _changes(
    steps: Sequence[Step],
    span: tuple[int, int],
    *,
    ours: Quotation,
    theirs: Quotation,
    texts: tuple[str, str],
) -> tuple[QuotationChange, ...]:
    """What the steps come to, in the order of the terms."""
    lost: Counter[str] = Counter()
    new: Counter[str] = Counter()
    found: set[QuotationChange] = set()
    inner = [
        step
        for at, step in enumerate(steps)
        if not (step.kind is WordChangeKind.ADDED and at in {0, len(steps) - 1})
    ]
    for step in inner:
        if step.kind is WordChangeKind.SAME:
            continue
        away = theirs.words.forms[slice(*step.theirs)]
        put = ours.words.forms[slice(*step.ours)]
        if _is_marked(step, ours.words, texts[0]):
            found.add(QuotationChange.MARKED)
        else:
            found.add(_NAMES[step.kind])
        lost.update(away)
        new.update(put)
    if found & set(_NAMES.values()) and lost and lost == new:
        found = (found - set(_NAMES.values())) | {QuotationChange.WORDS_MOVED}
    # Where a statement without marks begins and ends is not known.
    cropped = _cropped(span, theirs, texts[1]) if theirs.is_marked else ()
    if cropped:
        found.add(QuotationChange.CROPPED)
        # What negates stands before what it negates, in the same clause.
        lost.update(_clause_before(span[0], theirs, texts[1]))
    gone, come = lost - new, new - lost
    if _NEGATIONS & gone.keys() and not _NEGATIONS & come.keys():
        found.add(QuotationChange.NEGATION_LOST)
    if _NEGATIONS & come.keys() and not _NEGATIONS & gone.keys():
        found.add(QuotationChange.NEGATION_ADDED)
    if _numbers(gone) and _numbers(come) and _numbers(gone) != _numbers(come):
        found.add(QuotationChange.NUMBER_CHANGED)
    return tuple(change for change in QuotationChange if change in found)


_NAMES = {
    WordChangeKind.LEFT_OUT: QuotationChange.WORDS_LEFT_OUT,
    WordChangeKind.ADDED: QuotationChange.WORDS_ADDED,
    WordChangeKind.REPLACED: QuotationChange.WORDS_REPLACED,
}


def _numbers(forms: Counter[str]) -> set[str]:
    return {form for form in forms if form[:1].isdigit()}


def _is_marked(step: Step, ours: Words, text: str) -> bool:
    """Whether dots or square brackets stand where the words were changed."""
    start = ours.ends[step.ours[0] - 1] if step.ours[0] else ours.starts[0]
    end = ours.starts[step.ours[1]] if step.ours[1] < len(ours) else ours.ends[-1]
    return bool(_SHOWS_A_CUT.search(text, start, end))


def _cropped(span: tuple[int, int], theirs: Quotation, text: str) -> tuple[str, ...]:
    """The words of the sentences that our quotation cuts, where it cuts any."""
    said = theirs.words
    start, end = span
    while start > 0 and not _ends_between(text, said, start):
        start -= 1
    while end < len(said) and not _ends_between(text, said, end):
        end += 1
    return said.forms[start : span[0]] + said.forms[span[1] : end]


def _clause_before(start: int, theirs: Quotation, text: str) -> tuple[str, ...]:
    """The words before our first one, back to the start of their clause."""
    at = start
    while at > 0 and not _ends_between(text, theirs.words, at, signs=_PAUSES):
        at -= 1
    return theirs.words.forms[at:start]


def _ends_between(text: str, said: Words, at: int, *, signs: frozenset[str] = _ENDS) -> bool:
    """Whether a sentence ends between word `at - 1` and word `at`."""
    between = text[said.ends[at - 1] : said.starts[at]]
    return any(sign in signs for sign in between)
