"""Counter-voices: one source denies or disputes what another source, or the page, asserts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onrecord.attribution.content_words import coverage, negated_stems, page_counts, stems
from onrecord.attribution.denials import ANSWERING, ASKING, NEGATED, WRONGED, denies
from onrecord.attribution.speakers import NO_SOURCE
from onrecord.record import Attribution, CounterVoice, Page, Speaker
from onrecord.span import Span
from onrecord.terms import AttributionStance, RegionKind

__all__ = ["counter_voices"]

_POINTS_BACK_BY_NOUN = re.compile(
    r"\b(?:the|this|that|these|those|such|his|her|its|their|any)\s(?:\w+['’]s\s)?(?:\w+\s)?(?:accusations?|allegations?|claims?|"
    r"charges?|reports?|assertions?|suggestions?|ideas?|statements?|criticisms?|rumou?rs?|notions?|stor(?:y|ies))\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    _POINTS_BACK_BY_NOUN.pattern + r"|^(?:it|that|this|them|those|so|doing\sso|doing\sit)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"”’]*(?=\s)")
_NAMING_NOUNS = frozenset(
    [
        "accus",
        "alleg",
        "claim",
        "charg",
        "report",
        "assert",
        "suggest",
        "idea",
        "statement",
        "critic",
        "rumour",
        "rumor",
        "not",
        "stor",
        "argu",
    ]
)
_LEAST_SHARE = 0.5  # of the denied words that the answered statement must have
_LEAST_SHARED = 1.5  # weight of the words shared; one rare word alone proves nothing
_FLIP_SHARE = 0.74  # the same for a plain contradiction, which no denying word announces
_FLIP_SHARED = 1.5
_FLIP_FEWEST, _FLIP_MOST = 3, 8  # stems of the sentence that contradicts: longer ones rarely do
_NO_FLIP = re.compile(
    r"\bwould(?:n['’]t|\snot)\s(?:have|vote)\b|\bnot\s(?:only|just|surpris\w+|sure|clear|certain|yet)\b",
    re.IGNORECASE,
)
_WRONGED_SHARE = 0.25
_ANSWERED_SHARED = 1.0
_PUBLISHER_SHARE = 0.6
_PUBLISHER_SHARED = 2.0
_FEWEST_SHARED = 2
_AT_MOST = 3  # pairs of one denial
_CLOSE_TO_BEST = 0.6


@dataclass(frozen=True, slots=True)
class _Part:
    """One sentence of a content that may contradict or be contradicted."""

    words: frozenset[str]
    negated: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Statement:
    attribution: Attribution
    words: frozenset[str]
    speakers: frozenset[str]
    paragraph: int
    is_open: bool
    is_answerable: bool
    parts: tuple[_Part, ...]


def counter_voices(
    page: Page,
    sentences: Sequence[Span],
    *,
    attributions: Sequence[Attribution],
    speakers: Sequence[Speaker],
) -> tuple[CounterVoice, ...]:
    """The pairs of a denial and what it answers, in the order of the denials.

    A denial is an attribution that denies by stance or cue ("rejected"), calls something false, or
    negates nearly the same words as another speaker asserts. It must share words with what it
    answers, or point back to it ("the accusation") from the same or the next paragraph. Denier and
    answered are two resolved speakers; a sentence of the publisher is answered only where no
    attribution is. Without a pair: `()`.
    """
    text = page.text
    owners: dict[str, set[str]] = {}
    open_ids = frozenset(speaker.id for speaker in speakers if _is_open(speaker))
    for speaker in speakers:
        for identity in speaker.attributions:
            owners.setdefault(identity, set()).add(speaker.id)
    counts = page_counts(text)
    said = [attribution for attribution in attributions if attribution.content]
    statements = [_statement(text, attribution, owners, open_ids) for attribution in said]
    pairs: list[CounterVoice] = []
    title = [region.span for region in page.regions if region.kind == RegionKind.TITLE]
    for statement in statements:
        if any(_extent(statement.attribution).overlaps(span) for span in title):
            continue  # the body says it again, with its context
        if not statement.speakers or statement.is_open:
            continue
        pairs.extend(_answers(page, sentences, statement, statements, counts))
    return tuple(dict.fromkeys(pairs))


def _is_open(speaker: Speaker) -> bool:
    """Whether nobody can say that this speaker is another than those named."""
    return speaker.name == NO_SOURCE or any(join.word == "unresolved" for join in speaker.joins)


def _statement(
    text: str,
    attribution: Attribution,
    owners: Mapping[str, set[str]],
    open_ids: frozenset[str],
) -> _Statement:
    start = attribution.content[0].start
    own = frozenset(owners.get(attribution.id, ()))
    is_open = bool(own & open_ids)
    spans = _sentences_of(text, attribution.content)
    words_of = [stems(text, [span]) for span in spans]
    return _Statement(
        attribution,
        frozenset().union(*words_of),
        own,
        text.count("\n", 0, start),
        is_open,
        # "he said" of an open "he" may be the denier himself
        _is_assertion(text, attribution) and bool(own) and not (is_open and attribution.source),
        tuple(
            part
            for span, words in zip(spans, words_of, strict=True)
            if len(words) >= _FLIP_FEWEST and (part := _part(text, span, words)) is not None
        ),
    )


def _part(text: str, span: Span, words: frozenset[str]) -> _Part | None:
    """The sentence as something that can contradict, `None` for questions and "not only"."""
    sentence = span.of(text)
    negated = negated_stems(text, span)
    if "?" in sentence or (negated and _NO_FLIP.search(sentence)):
        return None
    return _Part(words, negated)


def _is_assertion(text: str, attribution: Attribution) -> bool:
    """Whether the source states the content, so that somebody can deny it."""
    if attribution.stance != AttributionStance.ASSERTS:
        return False
    cue, end = attribution.cue, attribution.content[-1].end
    if cue is not None and (ASKING.search(cue.of(text)) or NEGATED.search(cue.of(text))):
        return False
    return "?" not in text[end - 2 : end]


def _answers(
    page: Page,
    sentences: Sequence[Span],
    statement: _Statement,
    statements: Sequence[_Statement],
    counts: Mapping[str, int],
) -> list[CounterVoice]:
    text, by = page.text, statement.attribution
    others = [other for other in statements if other.is_answerable]
    if denies(text, by):
        scored = _scored(statement, others, counts, share=_LEAST_SHARE, shared=_LEAST_SHARED)
        if scored:
            best = scored[0][0]
            close = [other for value, other in scored if value >= _CLOSE_TO_BEST * best]
            return [CounterVoice(by.id, other.attribution.id) for other in close[:_AT_MOST]]
        if any(_POINTS_BACK.search(span.of(text)) for span in by.content[:1]):
            return _pointed_at(text, statement, others)
        published = _published(page, sentences, statement.words, statements, counts)
        if published is not None and not published.overlaps(_extent(by)):
            return [CounterVoice(by.id, None, published)]
        return []
    if by.stance != AttributionStance.ASSERTS:
        return []
    wronged = _wronged(text, statement, others, counts)
    if wronged is not None:
        return [CounterVoice(by.id, wronged.attribution.id)]
    if by.cue is not None and ANSWERING.search(by.cue.of(text)):
        near = _pointed_at(text, statement, others)
        answered = {pair.answered for pair in near}
        return [
            pair
            for pair, other in ((p, o) for p in near for o in others)
            if other.attribution.id in answered
            and coverage(statement.words, other.words, counts)[1] >= _ANSWERED_SHARED
        ][:1]
    if by.cue is not None and by.cue.of(text).startswith("to "):
        return []  # "to allow": what somebody is to do is no contradiction
    return _contradicted(statement, others, counts)


def _wronged(
    text: str,
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
) -> _Statement | None:
    """The assertion of which a speaker says that its source exaggerates or lies."""
    for span in statement.attribution.content:
        match = WRONGED.search(span.of(text))
        if match is None:
            continue
        theirs = [
            other
            for other in others
            if other.attribution.source is not None
            and match["name"] in other.attribution.source.of(text)
        ]
        scored = _scored(statement, theirs, counts, share=_WRONGED_SHARE, shared=_LEAST_SHARED)
        if scored:
            return scored[0][1]
    return None


def _contradicted(
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
) -> list[CounterVoice]:
    """The earlier assertion that a short sentence of the content repeats with the opposite sign."""
    by = statement.attribution
    for own in statement.parts:
        if not _FLIP_FEWEST <= len(own.words) <= _FLIP_MOST:
            continue
        for other in others:
            if other.attribution.content[0].start > by.content[0].start:
                continue
            contradicted = any(_contradicts(own, theirs, counts) for theirs in other.parts)
            if contradicted and _apart(statement, other):
                return [CounterVoice(by.id, other.attribution.id)]
    return []


def _contradicts(own: _Part, theirs: _Part, counts: Mapping[str, int]) -> bool:
    both = own.words & theirs.words
    if len(both) < _FLIP_FEWEST or bool(own.negated & both) == bool(theirs.negated & both):
        return False
    part, shared = coverage(own.words, theirs.words, counts)
    return part >= _FLIP_SHARE and shared >= _FLIP_SHARED


def _sentences_of(text: str, spans: Sequence[Span]) -> list[Span]:
    """The sentences inside content spans."""
    out = []
    for span in spans:
        start = span.start
        for match in re.finditer(r"[.!?;][\"”’]*\s", span.of(text)):
            out.append(Span(start, span.start + match.end()))
            start = span.start + match.end()
        if start < span.end:
            out.append(Span(start, span.end))
    return out


def _apart(statement: _Statement, other: _Statement) -> bool:
    """Whether the two are of different speakers and of different words."""
    if other is statement or other.speakers & statement.speakers:
        return False
    mine = statement.attribution.content
    return not any(span.overlaps(own) for span in other.attribution.content for own in mine)


def _scored(
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
    *,
    share: float,
    shared: float,
) -> list[tuple[float, _Statement]]:
    """What shares enough words with the statement, the best first, the earlier before the later."""
    rows = []
    asked = statement.words - _NAMING_NOUNS
    start = statement.attribution.content[0].start
    for other in others:
        if len(asked & other.words) < _FEWEST_SHARED or not _apart(statement, other):
            continue
        part, weight = coverage(asked, other.words, counts)
        before = other.attribution.content[0].start < start
        if part < share or weight < shared:
            continue
        if not before and abs(other.paragraph - statement.paragraph) > 2:
            continue
        rows.append((part * (1.0 if before else 0.8), other))
    return sorted(rows, key=lambda row: (-row[0], row[1].attribution.content[0].start))


def _pointed_at(
    text: str, statement: _Statement, others: Sequence[_Statement]
) -> list[CounterVoice]:
    """The one assertion that "the accusation" can mean: the last before it, a sentence away."""
    start = _extent(statement.attribution).start
    before = [
        other
        for other in others
        if _extent(other.attribution).start < start and _apart(statement, other)
    ]
    if not before:
        return []
    last = max(before, key=lambda other: _extent(other.attribution).start)
    between = text[_extent(last.attribution).end : start]
    named = _POINTS_BACK_BY_NOUN.search(statement.attribution.content[0].of(text))
    if between.count("\n") > (2 if named else 0) or len(_SENTENCE_END.findall(between)) > 1:
        return []
    return [CounterVoice(statement.attribution.id, last.attribution.id)]


def _extent(attribution: Attribution) -> Span:
    spans = [*attribution.content]
    spans += [span for span in (attribution.source, attribution.cue) if span is not None]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _published(
    page: Page,
    sentences: Sequence[Span],
    denied: frozenset[str],
    statements: Sequence[_Statement],
    counts: Mapping[str, int],
) -> Span | None:
    """The sentence of the publisher's own that the denied words repeat, if one is clear."""
    body = [region.span for region in page.regions if region.kind == RegionKind.BODY]
    carried = [span for other in statements for span in other.attribution.content]
    best: tuple[float, Span] | None = None
    for sentence in sentences:
        if not any(region.contains(sentence) for region in body):
            continue
        if any(span.overlaps(sentence) for span in carried):
            continue
        part, weight = coverage(denied, stems(page.text, [sentence]), counts)
        if (
            part >= _PUBLISHER_SHARE
            and weight >= _PUBLISHER_SHARED
            and (best is None or part > best[0])
        ):
            best = (part, sentence)
    return best[1] if best else None
