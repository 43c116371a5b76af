"""What a token looks like on the page: case, gaps, and where it stands among quotation marks.

The encoder reads uncased word pieces, so capitals, paragraph breaks and the direction of a mark
would be lost; four small integer features per token bring them back. They are computed here for
training and for serving alike, from tokens alone, so that a training copy with damaged marks gets
the features that a damaged page would get.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "GAP_NONE",
    "GAP_PARAGRAPH",
    "GAP_SPACE",
    "MARK_APOSTROPHE",
    "MARK_CLOSE",
    "MARK_NONE",
    "MARK_OPEN",
    "MARK_SECOND_HALF",
    "MARK_SINGLE_OPEN",
    "MARK_STRAIGHT",
    "N_GAPS",
    "N_QUOTE_STATES",
    "N_SHAPES",
    "N_SINGLE_STATES",
    "SHAPE_PUNCTUATION",
    "gaps",
    "marks",
    "quote_states",
    "sentence_starts",
    "shapes",
    "single_states",
]

Ints = NDArray[np.int8]
Indices = NDArray[np.int32]

N_SHAPES = 8
(
    SHAPE_OTHER,
    SHAPE_LOWER,
    SHAPE_TITLE,
    SHAPE_UPPER,
    SHAPE_DIGIT,
    SHAPE_PUNCTUATION,
    SHAPE_INITIAL,
    SHAPE_MIXED,
) = range(N_SHAPES)

N_GAPS = 4
GAP_NONE, GAP_SPACE, GAP_PARAGRAPH, GAP_START = range(N_GAPS)

MARK_NONE = 0
MARK_OPEN = 1
MARK_CLOSE = 2
MARK_STRAIGHT = 3
MARK_SINGLE_OPEN = 4
MARK_APOSTROPHE = 5
MARK_SECOND_HALF = 6

N_QUOTE_STATES = 20  # last mark x next mark, each none/open/close/unclear; then the marks
N_SINGLE_STATES = 4

_OPEN = frozenset("“«„")
_CLOSE = frozenset("”»")
_STRAIGHT = frozenset('"＂‟')
_SINGLE_OPEN = frozenset("‘‚‹`")
_APOSTROPHE = frozenset("’'›´")
_CLOSES_AFTER = frozenset(",.;:?!)]}—–-…")
_OPENS_BEFORE = frozenset("([{—–-/")
_SENTENCE_END = frozenset(".?!…")


def shapes(text: str, starts: Indices, ends: Indices) -> Ints:
    """The written form of each token, `(tokens,)`: one of the `SHAPE_` numbers."""
    found = np.zeros(len(starts), dtype=np.int8)
    for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        word = text[start:end]
        first = word[:1]
        if word.islower():
            found[number] = SHAPE_LOWER
        elif first.isdigit():
            found[number] = SHAPE_DIGIT
        elif first.isupper():
            if len(word) == 1:
                found[number] = SHAPE_INITIAL
            elif word.isupper():
                found[number] = SHAPE_UPPER
            else:
                found[number] = SHAPE_TITLE if word[1:].islower() else SHAPE_MIXED
        elif first.isalpha():
            found[number] = SHAPE_MIXED
        elif first and not first.isspace():
            found[number] = SHAPE_PUNCTUATION
    return found


def gaps(text: str, starts: Indices, ends: Indices) -> Ints:
    """What stands before each token, `(tokens,)`: nothing, a space, a line break, or the start."""
    found = np.zeros(len(starts), dtype=np.int8)
    previous = 0
    for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        if number == 0:
            found[number] = GAP_START
        elif start > previous:
            between = text[previous:start]
            if "\n" in between or "\r" in between or "\u2029" in between:
                found[number] = GAP_PARAGRAPH
            else:
                found[number] = GAP_SPACE
        previous = end
    return found


def marks(words: Sequence[str], gap: Ints) -> Ints:
    """The kind of quotation mark that each token is, `(tokens,)`.

    Two single marks in a row are one double mark: `` opens and '' stands for either.
    """
    found = np.zeros(len(words), dtype=np.int8)
    number = 0
    while number < len(words):
        word = words[number]
        if len(word) == 1 and not word.isalnum():
            glued = number + 1 < len(words) and gap[number + 1] == GAP_NONE
            doubled = glued and words[number + 1] == word
            if word in _OPEN:
                found[number] = MARK_OPEN
            elif word in _CLOSE:
                found[number] = MARK_CLOSE
            elif word in _STRAIGHT:
                found[number] = MARK_STRAIGHT
            elif word in _SINGLE_OPEN:
                found[number] = MARK_OPEN if doubled else MARK_SINGLE_OPEN
            elif word in _APOSTROPHE:
                pair = MARK_CLOSE if word == "’" else MARK_STRAIGHT
                found[number] = pair if doubled else MARK_APOSTROPHE
            if doubled and (word in _SINGLE_OPEN or word in _APOSTROPHE):
                found[number + 1] = MARK_SECOND_HALF
                number += 1
        number += 1
    return found


def _neighbourhood(
    gap: Ints, mark: Ints, opens_before: NDArray[np.bool_], closes_after: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the place before and after each token lets a mark open or close there."""
    size = len(gap)
    before = gap != GAP_NONE
    before[1:] |= opens_before[:-1]
    after = np.ones(size, dtype=np.bool_)
    after[:-1] = (gap[1:] != GAP_NONE) | closes_after[1:]
    # The place after a two-piece mark is the place after its second half.
    halves = np.flatnonzero(mark == MARK_SECOND_HALF)
    after[halves - 1] = after[halves]
    return before, after


def quote_states(
    gap: Ints, mark: Ints, *, opens_before: NDArray[np.bool_], closes_after: NDArray[np.bool_]
) -> Ints:
    """Where each token stands among the double marks of its paragraph, `(tokens,)`.

    For a word: `4 * last + next`, the directions of the nearest marks before and after it (0 none,
    1 opening, 2 closing, 3 unclear). A word is inside a well-made quotation at 4 * 1 + 2; with a
    missing mark one side still speaks. For a mark: 16 and its direction.
    `opens_before` and `closes_after` say which tokens are brackets, dashes or stops.
    """
    size = len(gap)
    if size == 0:
        return np.zeros(0, dtype=np.int8)
    before, after = _neighbourhood(gap, mark, opens_before, closes_after)
    direction = np.zeros(size, dtype=np.int8)
    direction[mark == MARK_OPEN] = 1
    direction[mark == MARK_CLOSE] = 2
    straight = mark == MARK_STRAIGHT
    direction[straight] = 3
    direction[straight & before & ~after] = 1
    direction[straight & ~before & after] = 2
    is_mark = direction > 0
    index = np.arange(size)
    breaks = gap >= GAP_PARAGRAPH
    paragraph_start = np.maximum.accumulate(np.where(breaks, index, 0))
    last = np.maximum.accumulate(np.where(is_mark, index, -1))
    previous = np.concatenate([[-1], last[:-1]])
    last_direction = np.where(previous >= paragraph_start, direction[previous], 0)
    upcoming = np.minimum.accumulate(np.where(is_mark, index, size)[::-1])[::-1]
    paragraph_end = np.minimum.accumulate(np.where(breaks, index, size)[::-1])[::-1]
    paragraph_end = np.concatenate([paragraph_end[1:], [size]])
    following = np.where(upcoming < paragraph_end, upcoming, 0)
    next_direction = np.where(upcoming < paragraph_end, direction[following], 0)
    state = np.where(is_mark, 16 + direction, 4 * last_direction + next_direction)
    half = mark == MARK_SECOND_HALF
    state[half] = state[np.flatnonzero(half) - 1]
    return state.astype(np.int8)


def single_states(
    gap: Ints, mark: Ints, *, opens_before: NDArray[np.bool_], closes_after: NDArray[np.bool_]
) -> Ints:
    """Where a single mark may open (1) or close (2) a quotation, `(tokens,)`; 0 elsewhere.

    3 is a single mark that can only be an apostrophe.
    """
    state = np.zeros(len(gap), dtype=np.int8)
    if len(gap) == 0:
        return state
    before, after = _neighbourhood(gap, mark, opens_before, closes_after)
    single = (mark == MARK_SINGLE_OPEN) | (mark == MARK_APOSTROPHE)
    state[single] = 3
    state[single & before & ~after] = 1
    state[single & ~before & after & (mark == MARK_APOSTROPHE)] = 2
    return state


def flags(words: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tokens let a mark open after them, close before them, and end a sentence."""
    size = len(words)
    opens = np.fromiter((word in _OPENS_BEFORE for word in words), dtype=np.bool_, count=size)
    closes = np.fromiter((word in _CLOSES_AFTER for word in words), dtype=np.bool_, count=size)
    ends = np.fromiter((word in _SENTENCE_END for word in words), dtype=np.bool_, count=size)
    return opens, closes, ends


def sentence_starts(gap: Ints, mark: Ints, ends_sentence: NDArray[np.bool_]) -> Indices:
    """Token numbers at which a window may be cut: paragraph starts, and after a full stop.

    A rough rule on purpose: a cut at an abbreviation costs nothing but context.
    """
    size = len(gap)
    if size == 0:
        return np.zeros(0, dtype=np.int32)
    closing = (mark == MARK_CLOSE) | (mark == MARK_STRAIGHT) | (mark == MARK_SECOND_HALF)
    ended = ends_sentence.copy()
    for _ in range(2):  # a stop may be followed by one mark of one or two pieces
        ended[1:] |= closing[1:] & (gap[1:] == GAP_NONE) & ended[:-1]
    start = gap >= GAP_PARAGRAPH
    start[1:] |= ended[:-1] & (gap[1:] == GAP_SPACE)
    start[0] = True
    return np.flatnonzero(start).astype(np.int32)
