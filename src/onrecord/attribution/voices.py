"""Whose assertion each sentence is: the publisher's, a source's, or partly both."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Sequence

from onrecord.attribution.layers import Layers, layers
from onrecord.record import Attribution, Page, SentenceVoice, Speaker
from onrecord.span import Span, merged
from onrecord.terms import RegionKind, Voice

__all__ = ["sentence_voices"]

_SPOKEN = (RegionKind.TITLE, RegionKind.SUBTITLE, RegionKind.BODY)
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")

# Hedges that say "I have this from elsewhere" or "so it looks"; "may" and "could" state a chance.
_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|apparently|supposedly|purportedly|ostensibly|reputedly|seemingly|"
    r"(?:is|are|was|were|has\sbeen|have\sbeen|being)\s(?:widely\s)?(?:said|reported|alleged|believed|thought|"
    r"rumou?red|understood|claimed|suspected|supposed)\sto|"
    r"it\s(?:is|was|has\sbeen)\s(?:widely\s)?(?:said|reported|alleged|believed|thought|rumou?red|understood|"
    r"claimed)\sthat|(?:appears?|appeared|seems?|seemed)\sto|so-called\sreports|unconfirmed\sreports?|"
    r"rumou?rs?\s(?:say|says|has\sit|have\sit|that)|unverified)\b",
    re.IGNORECASE,
)
_MAY_HEDGE = re.compile(  # a quick look before the long pattern
    r"(?:portedly|legedly|arently|posedly|tensibly|putedly|emingly|nverified|nconfirmed|umou?rs?|"
    r"\sto\b|\sthat\b|called)"
)
# Words of the publisher that only frame what a source says: when, where, to whom, and linking words.
_TAIL = re.compile(
    r"(?:\s*,)?(?:\s+(?:that|whether|as|also|later|again|then|now|today|yesterday|tonight|recently|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|reporters|"
    r"(?:on|in|at|during|to|after|before|via|through|by|over|of|from|late|early|last|this|earlier|following|"
    r"about|for|with|when\sasked)\b[^,;:“”\"—.\n]*))*"
)
_LEAD = re.compile(
    r"(?:^|(?<=[.!?;—]\s)|(?<=\n))(?:(?:But|And|However|Still|Meanwhile|Yet|Also|Later|Then|So|Now|Instead|Moreover|"
    r"Furthermore|Besides|Nevertheless|Nonetheless|Separately|Earlier)\b,?\s*|"
    r"(?:On|In|At|During|After|Before|Since|Last|This|Late|Early|Earlier|Speaking|Asked|Writing|Following|"
    r"Addressing|Responding|By|For|Over)\b[^.;:“”\"—\n]*,\s*)+$"
)
_ATTRIBUTED_SHARE = 0.75  # below it the publisher itself asserts enough of the sentence to say so
_PUBLISHER_SHARE = 0.15
_GAP_WORDS = 4  # "Low, speaking slowly, said": at most so many words between source and cue frame


def sentence_voices(
    page: Page,
    sentences: Sequence[Span],
    *,
    attributions: Sequence[Attribution],
    speakers: Sequence[Speaker],
) -> tuple[SentenceVoice, ...]:
    """The voice of every sentence in title, subtitle and body, in their order.

    A sentence is attributed when at least three quarters of its words are content of attributions,
    sources, cues and their circumstances ("on Friday") left aside; the publisher's when less than
    15 percent are; mixed between. Content that is denied or questioned is no assertion of the
    publisher either, so it counts as attributed. `speaker` is set where one speaker holds all the
    content of the sentence, the innermost where attributions nest. No sentences give none.
    """
    text = page.text
    scopes = [region.span for region in page.regions if region.kind in _SPOKEN]
    holders: dict[str, list[str]] = {}
    for speaker in speakers:
        for identity in speaker.attributions:
            holders.setdefault(identity, []).append(speaker.id)
    extents = _extents(attributions)
    carried = layers(attributions)
    voices = []
    for sentence in sentences:
        if not any(scope.overlaps(sentence) for scope in scopes):
            continue
        start, end = sentence
        near = [
            attribution
            for first, last, attribution in extents
            if first < end and start < last and _touches(attribution, sentence)
        ]
        voices.append(_voice(text, sentence, near, carried=carried, holders=holders))
    return tuple(voices)


def _extents(attributions: Sequence[Attribution]) -> list[tuple[int, int, Attribution]]:
    rows = []
    for attribution in attributions:
        spans = _all_spans(attribution)
        if spans:
            first = min(span.start for span in spans)
            rows.append((first, max(span.end for span in spans), attribution))
    return sorted(rows, key=lambda row: row[:2])


def _all_spans(attribution: Attribution) -> list[Span]:
    spans = list(attribution.content)
    spans.extend(span for span in (attribution.source, attribution.cue) if span is not None)
    return spans


def _touches(attribution: Attribution, sentence: Span) -> bool:
    return any(span.overlaps(sentence) for span in _all_spans(attribution))


def _voice(
    text: str,
    sentence: Span,
    near: Sequence[Attribution],
    *,
    carried: Layers,
    holders: dict[str, list[str]],
) -> SentenceVoice:
    hedge = _hedge(text, sentence, near)
    if not near:
        return SentenceVoice(sentence, Voice.PUBLISHER, hedge is not None, hedge=hedge)
    frame = merged(_frame(text, sentence, near))
    # Source and cue of an attribution inside another's content are nobody's statement.
    nested = merged(part for a in near for part in (a.source, a.cue) if part is not None)
    carriers: dict[str, int] = {}
    n_attributed = n_own = 0
    for start, end, carrier in carried.within(sentence):
        if carrier is None:
            n_own += _n_words(text, start, end, aside=frame)
        elif n_words := _n_words(text, start, end, aside=nested):
            n_attributed += n_words
            carriers[carrier] = carriers.get(carrier, 0) + n_words
    ids = tuple(attribution.id for attribution in near)
    share = n_attributed / (n_attributed + n_own) if n_attributed else 0.0
    if share < _PUBLISHER_SHARE:
        return SentenceVoice(
            sentence, Voice.PUBLISHER, hedge is not None, attributions=ids, hedge=hedge
        )
    voice = Voice.ATTRIBUTED if share >= _ATTRIBUTED_SHARE else Voice.MIXED
    owners = {tuple(holders.get(identity, ())) for identity in carriers}
    only = next(iter(owners)) if len(owners) == 1 else ()
    speaker = only[0] if len(only) == 1 else None
    return SentenceVoice(sentence, voice, hedge is not None, speaker, ids, hedge)


def _frame(text: str, sentence: Span, near: Sequence[Attribution]) -> list[Span]:
    """The publisher's words that only introduce what a source says."""
    spans: list[Span] = []
    for attribution in near:
        source, cue = attribution.source, attribution.cue
        for part in (source, cue):
            if part is None or not part.overlaps(sentence):
                continue
            spans.append(part)
            tail = _TAIL.match(text, part.end, sentence.end)
            if tail:
                spans.append(Span(part.end, tail.end()))
            lead = _LEAD.search(text[sentence.start : part.start])
            if lead:
                spans.append(Span(sentence.start + lead.start(), part.start))
        if source is not None and cue is not None:
            between = Span(min(source.end, cue.end), max(source.start, cue.start))
            if between.start < between.end and (
                len(_WORD.findall(text, between.start, between.end)) <= _GAP_WORDS
            ):
                spans.append(between)
    return spans


def _n_words(text: str, start: int, end: int, *, aside: Sequence[Span]) -> int:
    """How many words begin in the stretch, those inside the disjoint spans `aside` left out."""
    if not any(span.start < end and start < span.end for span in aside):
        return len(_WORD.findall(text, start, end))
    words = _WORD.finditer(text, start, end)
    return sum(not _covered(*match.span(), aside) for match in words)


def _covered(start: int, end: int, spans: Sequence[Span]) -> bool:
    at = bisect_right(spans, (start, sys.maxsize)) - 1
    return at >= 0 and spans[at][0] <= start and end <= spans[at][1]


def _hedge(text: str, sentence: Span, near: Sequence[Attribution]) -> Span | None:
    """The first evidential hedge that is the publisher's, not a word of what a source says."""
    words = sentence.of(text)
    if not _MAY_HEDGE.search(words):
        return None
    for match in _HEDGE.finditer(text, sentence.start, sentence.end):
        span = Span(match.start(), match.end())
        if not any(part.overlaps(span) for a in near for part in a.content):
            return span
    return None
