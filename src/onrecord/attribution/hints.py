"""What the rules say, as features of the tagger.

The rule reader finds a good part of the attributions by itself. The tagger reads its findings as
hints: in the first pass each token is told its role in a rule's attribution, in the second pass a
cue is told the roles of the rule's attribution that has its cue there. In training a share of the
hints is withheld, so that the tagger also reads without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onrecord.record import Attribution
    from onrecord.span import Span

__all__ = [
    "FLAT_UNKNOWN",
    "N_FLAT_HINTS",
    "N_ROLE_HINTS",
    "ROLE_NONE",
    "ROLE_UNKNOWN",
    "Hint",
    "flat_hints",
    "hint_roles",
    "hints_of",
    "matched_hints",
    "token_range",
]

Ints = NDArray[np.int8]

# 0 to 6 are the tags of `decode`: nothing, then begin and inside of source, cue, content.
_B_SOURCE, _B_CUE, _B_CONTENT = 1, 3, 5
_B_LOOSE = 7  # content that the rules give no cue: quoted paragraphs, turns, posts
FLAT_UNKNOWN = 9
N_FLAT_HINTS = 10
ROLE_NONE = 7  # no rule has a cue at this anchor
ROLE_UNKNOWN = 8
N_ROLE_HINTS = 9
_NEAR = (
    3  # tokens before a rule's cue that still count as its anchor: "has also" of "has also said"
)


class Hint(NamedTuple):
    """An attribution of the rules in token numbers; `content` holds at least one range."""

    cue: tuple[int, int] | None
    source: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]


def token_range(
    span: Sequence[int], starts: NDArray[np.integer], ends: NDArray[np.integer]
) -> tuple[int, int]:
    """The tokens that share a code point with the span, as a half-open range; it may be empty."""
    first = int(np.searchsorted(ends, span[0], side="right"))
    last = int(np.searchsorted(starts, span[1], side="left"))
    return first, last


def hints_of(
    attributions: Iterable[Attribution],
    starts: NDArray[np.integer],
    ends: NDArray[np.integer],
) -> tuple[Hint, ...]:
    """The attributions in token numbers; those whose content has no token fall away."""

    def tokens(span: Span | None) -> tuple[int, int] | None:
        if span is None:
            return None
        first, last = token_range(span, starts, ends)
        return (first, last) if first < last else None

    found = []
    for attribution in attributions:
        content = tuple(r for span in attribution.content if (r := tokens(span)) is not None)
        if content:
            found.append(Hint(tokens(attribution.cue), tokens(attribution.source), content))
    return tuple(found)


def flat_hints(n_tokens: int, hints: Sequence[Hint] | None) -> Ints:
    """The role of each token in the rules' attributions, `(tokens,)`; `None` means unknown."""
    if hints is None:
        return np.full(n_tokens, FLAT_UNKNOWN, dtype=np.int8)
    roles = np.zeros(n_tokens, dtype=np.int8)
    for hint in hints:
        begin = _B_CONTENT if hint.cue is not None else _B_LOOSE
        for span in hint.content:
            _fill(roles, span, begin)
    for hint in hints:
        if hint.source is not None:
            _fill(roles, hint.source, _B_SOURCE)
    for hint in hints:
        if hint.cue is not None:
            _fill(roles, hint.cue, _B_CUE)
    return roles


def hint_roles(hint: Hint, start: int, end: int) -> Ints:
    """The roles of one attribution in the tokens `[start, end)`."""
    roles = np.zeros(max(0, end - start), dtype=np.int8)
    parts = [(span, _B_CONTENT) for span in hint.content]
    parts += [(hint.source, _B_SOURCE)] if hint.source is not None else []
    parts += [(hint.cue, _B_CUE)] if hint.cue is not None else []
    for (first, last), begin in parts:
        low, high = max(0, first - start), min(len(roles), last - start)
        if low < high:
            roles[low:high] = begin + 1
            if low == first - start:
                roles[low] = begin
    return roles


def matched_hints(n_tokens: int, hints: Sequence[Hint]) -> NDArray[np.int32]:
    """For each token, the number of the hint whose cue an anchor there would open, or -1."""
    found = np.full(n_tokens, -1, dtype=np.int32)
    cues = [(number, hint.cue) for number, hint in enumerate(hints) if hint.cue is not None]
    for number, (first, _) in cues:
        before = found[max(0, first - _NEAR) : first]
        before[before < 0] = number
    for number, (first, last) in cues:
        found[first:last] = number
    return found


def _fill(roles: Ints, span: tuple[int, int], begin: int) -> None:
    first, last = span
    if first < last:
        roles[first:last] = begin + 1
        roles[first] = begin
