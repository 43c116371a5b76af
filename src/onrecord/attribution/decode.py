"""From token arrays to attributions: windows, candidate cues, and the roles around each cue.

The model answers two questions. One pass over the article gives every token a chance to open a
cue and a flat tag; then, for each likely cue, a light second pass tags its own source and content
in the tokens around it. Links, discontinuous contents and missing sources follow from the second
pass without a linking step. Nothing here knows how the two passes are computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.attribution import features
from onrecord.attribution.hints import (
    ROLE_NONE,
    ROLE_UNKNOWN,
    Hint,
    flat_hints,
    hint_roles,
    matched_hints,
)
from onrecord.models.encode import by_length

__all__ = [
    "B_CONTENT",
    "B_CUE",
    "B_SOURCE",
    "CLS",
    "N_FEATURES",
    "N_TAGS",
    "OUTSIDE",
    "SEP",
    "Conditioned",
    "DecodeSettings",
    "Document",
    "Found",
    "Hidden",
    "Passes",
    "Window",
    "best_path",
    "candidates",
    "chosen",
    "document",
    "flat_tags",
    "illegal_transitions",
    "read",
    "runs",
    "standing",
    "windows",
]

Floats = NDArray[np.float32]
Longs = NDArray[np.int64]
Ints = NDArray[np.int8]

# Tags of both passes: nothing, then begin and inside of each role.
N_TAGS = 7
OUTSIDE, B_SOURCE, I_SOURCE, B_CUE, I_CUE, B_CONTENT, I_CONTENT = range(N_TAGS)
N_FEATURES = 5
CLS = 101
SEP = 102
NEVER = np.float32(-1e4)
_PATHS = 256  # anchors whose tags are searched at a time


# The column of `Document.surface` that holds `features.gaps`.
GAP_COLUMN = 1
# Tokens read around a cue even where its paragraph is shorter.
MARGIN = 16


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """How the model is read; tuned with it and kept in its manifest.

    `longest`, `left`, `right` are the size of a window and of its context in tokens, `reach` the
    tokens on each side that the second pass sees. A token is a candidate from `floor` on, an
    attribution is kept from `threshold` on (both chances, 0 to 1).
    """

    longest: int = 382
    left: int = 48
    right: int = 32
    reach: int = 96
    floor: float = 0.05
    threshold: float = 0.4
    anchor_weight: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The token arrays of one text, all `(tokens,)`; `surface` is `(tokens, N_FEATURES)`.

    `hints` are the attributions of the rules; `None` means that they are unknown.
    """

    ids: NDArray[np.integer]
    surface: Ints
    cuts: NDArray[np.integer]
    hints: tuple[Hint, ...] | None


class Window(NamedTuple):
    """Tokens `[start, end)` read together, of which `[core, core_end)` count."""

    start: int
    core: int
    core_end: int
    end: int


class Hidden(NamedTuple):
    """What the first pass says of each token: `(tokens, ...)`.

    `flat` (tokens, N_TAGS) tag scores, `anchor` (tokens,) cue-start logits, `state` what the
    second pass reads of every token, `query` what it reads of the anchor, `role` its direct scores.
    """

    flat: Floats
    anchor: Floats
    state: Floats
    query: Floats
    role: Floats


class Conditioned(NamedTuple):
    """What the second pass says: tag scores (anchors, width, N_TAGS), validity (anchors,)."""

    roles: Floats
    valid: Floats


class Passes(Protocol):
    """The two passes of a model and the transition scores of their tags."""

    @property
    def flat_transitions(self) -> Floats:
        """Scores of tag after tag in the first pass, `(from, to)`."""

    @property
    def role_transitions(self) -> Floats:
        """The same for the second pass."""

    def first(self, ids: Longs, surface: Longs, mask: NDArray[np.bool_]) -> Hidden:
        """Scores of `(rows, length)` tokens, special tokens included; arrays gain the row axis."""

    def second(
        self,
        state: Floats,
        role: Floats,
        query: Floats,
        distance: Longs,
        hint: Longs,
        mask: NDArray[np.bool_],
    ) -> Conditioned:
        """Scores of the `(anchors, width)` tokens around each anchor."""


class Found(NamedTuple):
    """One candidate in token numbers, with what either pass makes of its anchor (logits)."""

    anchor: int
    cue: tuple[int, int]
    source: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]
    first_logit: float
    second_logit: float

    def score(self, weight: float) -> float:
        """The chance that this is an attribution, 0 to 1; `weight` is the first pass's share."""
        logit = weight * self.first_logit + (1 - weight) * self.second_logit
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def document(
    ids: NDArray[np.integer],
    gap: Ints,
    mark: Ints,
    shape: Ints,
    *,
    flags: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]],
    hints: tuple[Hint, ...] | None,
) -> Document:
    """The arrays of a text with its surface features; `flags` as `features.flags` gives them."""
    opens, closes, ends = flags
    quote = features.quote_states(gap, mark, opens_before=opens, closes_after=closes)
    single = features.single_states(gap, mark, opens_before=opens, closes_after=closes)
    flat = flat_hints(len(ids), hints)
    return Document(
        ids,
        np.stack([shape, gap, quote, single, flat], axis=1).astype(np.int8, copy=False),
        features.sentence_starts(gap, mark, ends),
        hints,
    )


def windows(
    n_tokens: int, cuts: NDArray[np.integer], *, longest: int, left: int, right: int
) -> tuple[Window, ...]:
    """Windows whose cores tile the tokens, cut before a sentence where one starts in reach."""
    found: list[Window] = []
    core = 0
    while core < n_tokens:
        start = max(0, core - left)
        if n_tokens - start <= longest:
            core_end = end = n_tokens
        else:
            limit = start + longest - right
            earlier = int(np.searchsorted(cuts, limit, side="right")) - 1
            core_end = int(cuts[earlier]) if earlier >= 0 else 0
            if core_end <= core + (limit - core) // 3:
                core_end = limit
            end = min(n_tokens, core_end + right)
        found.append(Window(start, core, core_end, end))
        core = core_end
    return tuple(found)


def illegal_transitions() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tag may not follow which, `(from, to)`, and which may not start, `(tags,)`."""
    pairs = np.zeros((N_TAGS, N_TAGS), dtype=np.bool_)
    start = np.zeros(N_TAGS, dtype=np.bool_)
    for begin in (B_SOURCE, B_CUE, B_CONTENT):
        inside = begin + 1
        pairs[:, inside] = True
        pairs[begin, inside] = pairs[inside, inside] = False
        start[inside] = True
    return pairs, start


def best_path(scores: Floats, transitions: Floats, mask: NDArray[np.bool_]) -> Ints:
    """The best legal tags of each row, `(rows, length)`, for scores `(rows, length, N_TAGS)`.

    `mask` is true on tokens that exist; they must be contiguous in each row. Where it is false
    the tag is `OUTSIDE`. Cost: rows x length x N_TAGS^2.
    """
    n_rows, length = mask.shape
    pairs, start = illegal_transitions()
    step = np.where(pairs, NEVER, transitions).astype(np.float32)
    free = np.zeros((N_TAGS, N_TAGS), dtype=np.float32)
    emission = np.where(mask[:, :, None], scores, np.float32(0))
    emission[:, :, 1:] += np.where(mask, np.float32(0), NEVER)[:, :, None]
    if length == 0:
        return np.zeros((n_rows, 0), dtype=np.int8)
    best = emission[:, 0] + np.where(start, NEVER, np.float32(0))
    back = np.zeros((n_rows, length, N_TAGS), dtype=np.int8)
    both = mask[:, 1:] & mask[:, :-1]
    opening = np.where(start, NEVER, np.float32(0))[None, :] + free
    for at in range(1, length):
        move = np.where(both[:, at - 1, None, None], step[None], opening[None])
        total = best[:, :, None] + move
        back[:, at] = total.argmax(axis=1)
        best = total.max(axis=1) + emission[:, at]
    tags = np.zeros((n_rows, length), dtype=np.int8)
    last = best.argmax(axis=1)
    rows = np.arange(n_rows)
    for at in range(length - 1, -1, -1):
        tags[:, at] = last
        last = back[rows, at, last]
    return tags


def runs(tags: NDArray[np.integer], begin: int) -> list[tuple[int, int]]:
    """The token ranges of one role in a row of tags."""
    found: list[tuple[int, int]] = []
    start = -1
    for at, tag in enumerate([*tags.tolist(), OUTSIDE]):
        if start >= 0 and tag != begin + 1:
            found.append((start, at))
            start = -1
        if tag == begin:
            start = at
    return found


def _first_pass(
    documents: Sequence[Document], passes: Passes, settings: DecodeSettings, *, budget: int
) -> list[Hidden]:
    """The first pass over whole documents, windows stitched."""
    jobs = [
        (number, window)
        for number, text in enumerate(documents)
        for window in windows(
            len(text.ids),
            text.cuts,
            longest=settings.longest,
            left=settings.left,
            right=settings.right,
        )
    ]
    parts: dict[int, Hidden] = {}
    lengths = [window.end - window.start for _, window in jobs]
    for batch in by_length(lengths, budget=budget):
        longest = lengths[batch[0]] + 2
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        surface = np.zeros((len(batch), longest, N_FEATURES), dtype=np.int64)
        mask = np.zeros((len(batch), longest), dtype=np.bool_)
        for row, job in enumerate(batch):
            number, window = jobs[job]
            size = window.end - window.start
            ids[row, 0] = CLS
            ids[row, 1 : size + 1] = documents[number].ids[window.start : window.end]
            ids[row, size + 1] = SEP
            surface[row, 1 : size + 1] = documents[number].surface[window.start : window.end]
            mask[row, : size + 2] = True
        hidden = passes.first(ids, surface, mask)
        for row, job in enumerate(batch):
            window = jobs[job][1]
            inside = slice(1 + window.core - window.start, 1 + window.core_end - window.start)
            parts[job] = Hidden(*(array[row, inside] for array in hidden))
    stitched: list[Hidden] = []
    rows: dict[int, list[int]] = {}
    for job, (number, _) in enumerate(jobs):
        rows.setdefault(number, []).append(job)
    for number in range(len(documents)):
        pieces = [parts[job] for job in rows.get(number, [])]
        stitched.append(
            Hidden(*(np.concatenate(arrays) for arrays in zip(*pieces, strict=True)))
            if pieces
            else Hidden(*(np.zeros((0, 1), np.float32) for _ in Hidden._fields))
        )
    return stitched


def flat_tags(
    documents: Sequence[Document],
    passes: Passes,
    *,
    settings: DecodeSettings,
    budget: int = 8192,
) -> list[Ints]:
    """The best tags of the first pass alone, `(tokens,)` of each document."""
    return [
        best_path(part.flat[None], passes.flat_transitions, np.ones((1, len(part.flat)), np.bool_))[
            0
        ]
        if len(text.ids)
        else np.zeros(0, dtype=np.int8)
        for text, part in zip(
            documents, _first_pass(documents, passes, settings, budget=budget), strict=True
        )
    ]


def _chance(logit: Floats) -> Floats:
    """The logistic function, safe for large logits."""
    return (1 / (1 + np.exp(-np.clip(logit, -30, 30)))).astype(np.float32)


def candidates(
    documents: Sequence[Document],
    passes: Passes,
    *,
    settings: DecodeSettings,
    budget: int = 8192,
) -> tuple[list[list[Found]], list[Hidden]]:
    """Every candidate attribution of each document, by anchor, and the first pass."""
    hidden = _first_pass(documents, passes, settings, budget=budget)
    anchors = [
        (number, at)
        for number, part in enumerate(hidden)
        for at in _anchors(part.anchor, documents[number].hints, floor=settings.floor)
    ]
    matches = [
        matched_hints(len(text.ids), text.hints) if text.hints is not None else None
        for text in documents
    ]
    found: list[list[Found]] = [[] for _ in documents]
    reach = settings.reach
    breaks = [_paragraph_breaks(text) for text in documents]
    spans = [_around(at, breaks[number], reach=reach) for number, at in anchors]
    rows: list[tuple[int, int, int, Floats, tuple[float, float]]] = []
    for batch in by_length([end - start for start, end in spans], budget=2 * budget):
        width = max(spans[job][1] - spans[job][0] for job in batch)
        size = hidden[0].state.shape[-1]
        state = np.zeros((len(batch), width, size), dtype=np.float32)
        role = np.zeros((len(batch), width, N_TAGS), dtype=np.float32)
        query = np.zeros((len(batch), size), dtype=np.float32)
        distance = np.zeros((len(batch), width), dtype=np.int64)
        hint = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros((len(batch), width), dtype=np.bool_)
        for row, job in enumerate(batch):
            number, at = anchors[job]
            start, end = spans[job]
            hint[row, : end - start] = _hint_row(
                documents[number].hints, matches[number], at=at, start=start, end=end
            )
            part = hidden[number]
            state[row, : end - start] = part.state[start:end]
            role[row, : end - start] = part.role[start:end]
            query[row] = part.query[at]
            distance[row, : end - start] = np.arange(start, end) - at
            mask[row, : end - start] = True
        answer = passes.second(state, role, query, np.clip(distance, -reach, reach), hint, mask)
        scores = answer.roles.astype(np.float32, copy=True)
        here = mask & (distance == 0)
        scores[~here, B_CUE] += NEVER
        scores[here] += NEVER
        scores[here, B_CUE] -= NEVER
        for row, job in enumerate(batch):
            number, at = anchors[job]
            start, end = spans[job]
            logits = (float(hidden[number].anchor[at]), float(answer.valid[row]))
            rows.append((number, at, start, scores[row, : end - start], logits))
    for first in range(0, len(rows), _PATHS):
        some = rows[first : first + _PATHS]
        tags = _paths([row[3] for row in some], passes.role_transitions)
        for (number, at, start, scores, logits), path in zip(some, tags, strict=True):
            found[number].append(
                _assembled(path[: len(scores)], scores, at=at, start=start, logits=logits)
            )
    for items in found:
        items.sort()
    return found, hidden


def _paragraph_breaks(text: Document) -> Ints:
    """The tokens that begin a paragraph, in order, and the number of tokens behind them."""
    starts = np.flatnonzero(text.surface[:, GAP_COLUMN] >= features.GAP_PARAGRAPH)
    return np.unique(np.concatenate([[0], starts, [len(text.ids)]]))


def _around(at: int, breaks: Ints, *, reach: int) -> tuple[int, int]:
    """The tokens that the second pass reads for a cue: its paragraph, at most `reach` either way.

    Reading 193 tokens whatever the paragraph took three times as long and gave about .01 of overlap F1
    (polnear_dev); content in other paragraphs comes from the rules.
    """
    after = int(np.searchsorted(breaks, at, side="right"))
    start = max(0, at - reach, min(int(breaks[after - 1]), at - MARGIN))
    end = min(int(breaks[-1]), at + reach + 1, max(int(breaks[after]), at + MARGIN))
    return start, end


def _paths(scores: Sequence[Floats], transitions: Floats) -> Ints:
    """The best tags of each, `(rows, longest)`; one search for all, since each step has a cost."""
    width = max(len(one) for one in scores)
    every = np.zeros((len(scores), width, N_TAGS), dtype=np.float32)
    mask = np.zeros((len(scores), width), dtype=np.bool_)
    for row, one in enumerate(scores):
        every[row, : len(one)] = one
        mask[row, : len(one)] = True
    return best_path(every, transitions, mask)


def _hint_row(
    hints: tuple[Hint, ...] | None,
    matched: NDArray[np.int32] | None,
    *,
    at: int,
    start: int,
    end: int,
) -> Ints | int:
    """The roles that the rules give the tokens around an anchor."""
    if hints is None or matched is None:
        return ROLE_UNKNOWN
    number = int(matched[at])
    return ROLE_NONE if number < 0 else hint_roles(hints[number], start, end)


def _anchors(logits: Floats, hints: tuple[Hint, ...] | None, *, floor: float) -> list[int]:
    """The tokens likely enough to open a cue, and the first tokens of the rules' cues.

    At most one token in six, and the likeliest of them.
    """
    likely = np.flatnonzero(_chance(logits) >= floor)
    most = max(4, len(logits) // 6)
    if len(likely) > most:
        likely = np.sort(likely[np.argsort(-logits[likely], kind="stable")[:most]])
    ruled = [hint.cue[0] for hint in hints or () if hint.cue is not None]
    return sorted({*likely.tolist(), *(at for at in ruled if at < len(logits))})


def _assembled(
    tags: Ints, scores: Floats, *, at: int, start: int, logits: tuple[float, float]
) -> Found:
    """The roles of one anchor in document token numbers."""
    cue = next(span for span in runs(tags, B_CUE) if span[0] == at - start)
    sources = runs(tags, B_SOURCE)
    best = None
    if sources:
        margins = scores[:, [B_SOURCE, B_SOURCE + 1]].max(axis=1) - scores[:, OUTSIDE]
        best = max(sources, key=lambda span: float(margins[span[0] : span[1]].sum()))
    return Found(
        at,
        (cue[0] + start, cue[1] + start),
        (best[0] + start, best[1] + start) if best else None,
        tuple((first + start, last + start) for first, last in runs(tags, B_CONTENT)),
        *logits,
    )


def _clash(one: Found, other: Found) -> bool:
    """Whether two candidates are one attribution: cues that touch, or mostly one content."""
    if one.cue[0] < other.cue[1] and other.cue[0] < one.cue[1]:
        return True
    shared = sum(
        max(0, min(end, stop) - max(start, begin))
        for start, end in one.content
        for begin, stop in other.content
    )
    if not shared:
        return False
    shorter = min(sum(end - start for start, end in item.content) for item in (one, other))
    return 2 * shared > shorter


def standing(found: Iterable[Found], *, weight: float) -> list[tuple[Found, float]]:
    """The best of each group of clashing candidates with the group's chance, in text order.

    A cue that may start at either of two words ("has said") splits its chance between them, so
    the chances of clashing candidates add up. Candidates without content never stand.
    """
    scored = [(item.score(weight), item) for item in found if item.content]
    scored.sort(key=lambda pair: (-pair[0], pair[1].anchor))
    kept: list[Found] = []
    total: list[float] = []
    for score, item in scored:
        for place, other in enumerate(kept):
            if _clash(item, other):
                total[place] = min(1.0, total[place] + score)
                break
        else:
            kept.append(item)
            total.append(score)
    return sorted(zip(kept, total, strict=True))


def chosen(found: Iterable[Found], *, settings: DecodeSettings) -> list[tuple[Found, float]]:
    """The candidates that stand with a chance of at least the threshold, in text order."""
    return [
        (item, chance)
        for item, chance in standing(found, weight=settings.anchor_weight)
        if chance >= settings.threshold
    ]


def read(
    documents: Sequence[Document],
    passes: Passes,
    *,
    settings: DecodeSettings,
    budget: int = 8192,
) -> list[list[tuple[Found, float]]]:
    """The attributions of each document."""
    found, _ = candidates(documents, passes, settings=settings, budget=budget)
    return [chosen(items, settings=settings) for items in found]
