"""What a source states, cut into the parts that an answer can meet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onrecord.attribution.content_words import negated_stems, stems
from onrecord.attribution.denials import ASKING, NEGATED, calls_false, denies
from onrecord.record import Attribution, Speaker
from onrecord.span import Span
from onrecord.terms import AttributionStance

__all__ = [
    "FEWEST_STEMS",
    "Part",
    "Statement",
    "are_apart",
    "begin_of_run",
    "extent_of",
    "sentences_of",
    "statement_of",
]

FEWEST_STEMS = 3  # a shorter sentence contradicts nothing for certain
_NO_FLIP = re.compile(
    r",\snot\s(?:the|an?)\b|\b(?:problem|point|issue|question)\s(?:is|was)\b|n['’]t\scare\b|"
    r"\bwould(?:n['’]t|\snot)\s(?:have|vote)\b|\bnot\s(?:only|just|surpris\w+|sure|clear|certain|yet)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence of a content that may contradict or be contradicted."""

    words: frozenset[str]
    negated: frozenset[str]


@dataclass(frozen=True, slots=True)
class Statement:
    """An attribution with its word stems, whose it is, and whether it can be answered.

    `paragraph` counts the line breaks before it; `parts` are its sentences that may contradict.
    """

    attribution: Attribution
    words: frozenset[str]
    negated: frozenset[str]
    speakers: frozenset[str]
    bearers: tuple[Speaker, ...]
    paragraph: int
    is_open: bool
    is_denial: bool
    is_answerable: bool
    parts: tuple[Part, ...]


def statement_of(
    text: str,
    attribution: Attribution,
    owners: Mapping[str, Sequence[Speaker]],
    open_ids: frozenset[str],
) -> Statement:
    """The statement that an attribution makes; `owners` are the speakers by attribution id."""
    start = attribution.content[0].start
    bearers = tuple(owners.get(attribution.id, ()))
    own = frozenset(speaker.id for speaker in bearers)
    is_open = bool(own & open_ids)
    spans = sentences_of(text, attribution.content)
    words_of = [stems(text, [span]) for span in spans]
    negated = [negated_stems(text, span) for span in spans]
    is_denial = denies(text, attribution)
    return Statement(
        attribution,
        frozenset().union(*words_of),
        frozenset().union(*negated),
        own,
        bearers,
        text.count("\n", 0, start),
        is_open,
        is_denial,
        # "he said" of an open "he" may be the denier himself
        not is_denial
        and bool(own)
        and _is_assertion(text, attribution)
        and not (is_open and attribution.source),
        tuple(
            part
            for span, words, own_negated in zip(spans, words_of, negated, strict=True)
            if len(words) >= FEWEST_STEMS
            and (part := _part(text, span, words, own_negated)) is not None
        ),
    )


def _part(text: str, span: Span, words: frozenset[str], negated: frozenset[str]) -> Part | None:
    """The sentence as something that can contradict, `None` for questions and "not only"."""
    sentence = span.of(text)
    if "?" in sentence or (negated and _NO_FLIP.search(sentence)):
        return None
    return Part(words, negated)


def _is_assertion(text: str, attribution: Attribution) -> bool:
    """Whether the source states the content, so that somebody can deny it."""
    if attribution.stance != AttributionStance.ASSERTS or calls_false(text, attribution):
        return False
    cue, end = attribution.cue, attribution.content[-1].end
    if cue is not None and (ASKING.search(cue.of(text)) or NEGATED.search(cue.of(text))):
        return False
    return "?" not in text[end - 2 : end]


def sentences_of(text: str, spans: Sequence[Span]) -> list[Span]:
    """The sentences and clauses up to a semicolon inside content spans, in order."""
    out = []
    for span in spans:
        start = span.start
        for match in re.finditer(r"[.!?;][\"”’]*\s", span.of(text)):
            out.append(Span(start, span.start + match.end()))
            start = span.start + match.end()
        if start < span.end:
            out.append(Span(start, span.end))
    return out


def are_apart(statement: Statement, other: Statement) -> bool:
    """Whether the two are of different speakers and of different words."""
    if other is statement or other.speakers & statement.speakers:
        return False
    mine = statement.attribution.content
    return not any(span.overlaps(own) for span in other.attribution.content for own in mine)


def begin_of_run(statement: Statement, others: Sequence[Statement]) -> int:
    """Where the run of the speaker's own statements begins that this one ends."""
    start = extent_of(statement.attribution).start
    before = sorted(
        (
            (extent_of(o.attribution).start, o)
            for o in others
            if extent_of(o.attribution).start < start
        ),
        key=lambda row: -row[0],
    )
    for begin, other in before:
        if not other.speakers & statement.speakers:
            break
        start = begin
    return start


def extent_of(attribution: Attribution) -> Span:
    """From the first to the last word of content, source and cue."""
    spans = [*attribution.content]
    spans += [span for span in (attribution.source, attribution.cue) if span is not None]
    return Span(min(span.start for span in spans), max(span.end for span in spans))
