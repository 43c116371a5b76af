"""Where the claims of an article are: clauses in the publisher's voice, and attributed contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.record import Attribution, Page, SentenceVoice
from onrecord.span import Span, merged, shrunk
from onrecord.terms import AttributionStance, RegionKind, Voice

__all__ = ["Candidate", "candidates"]

CLAIM_REGIONS = frozenset({RegionKind.TITLE, RegionKind.SUBTITLE, RegionKind.BODY})
# A clause of fewer words says nothing that could be looked up by itself.
MIN_WORDS = 4
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_EDGES = " \t\r\n\u00a0\u200b\ufeff\"“”„«»‘’'`,;:–—-"
_SUBJECT = r"(?:[A-Z]\w|he|she|it|they|we|I|you|the|a|an|this|that|these|those|there|his|her|its|their|our|most|some|many|several|two|three|four|no|all)\b"
_JOINT = re.compile(
    rf"(?:;\s+|,\s+(?:and|but|while|whereas|yet|so)\s+(?={_SUBJECT})|\s[–—]\s(?={_SUBJECT}))"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|may|might|must|should|"
    r"\w+(?:ed|ew|ook|ent|ame|ade|old|aid|ought|ound|elt|ept|ook|ote|oke|ose|ove|uck|ung|ang)|"
    r"rose|fell|cost|costs|hit|put|set|cut|led|won|lost|met|ran|sat|saw|got|gave|let|[a-z]{3,}s)\b"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim before it is judged.

    `said` marks the claim that somebody said something, apart from whether it is true; its span
    runs over source, cue and content.
    """

    span: Span
    sentence: Span
    attribution: str | None = None
    said: bool = False


def candidates(
    page: Page,
    sentences: Sequence[Span],
    *,
    attributions: Sequence[Attribution] | None,
    sentence_voices: Sequence[SentenceVoice] | None,
) -> tuple[Candidate, ...]:
    """The claims of title, subtitle and body in order of place, each span once.

    The content of an attribution is a claim of its source where the source asserts it; what it
    denies, questions or leaves open is nobody's claim here. Without attributions every sentence is
    taken as the publisher's.
    """
    text = page.text
    regions = [r for r in page.regions if r.kind in CLAIM_REGIONS]
    voices = {v.sentence: v for v in sentence_voices or ()}
    by_id = {a.id: a for a in attributions or ()}
    found: dict[tuple[Span, bool], Candidate] = {}
    for sentence in sentences:
        if not any(r.span.contains(sentence) for r in regions):
            continue
        held = [a for a in by_id.values() if any(c.overlaps(sentence) for c in a.content)]
        for made in _of_sentence(text, sentence, held, voices.get(sentence)):
            found.setdefault((made.span, made.said), made)
    return tuple(sorted(found.values(), key=lambda c: (c.span, c.said)))


def _of_sentence(
    text: str, sentence: Span, held: Sequence[Attribution], voice: SentenceVoice | None
) -> Iterable[Candidate]:
    if not held and (voice is None or voice.voice is not Voice.ATTRIBUTED):
        yield from (Candidate(c, sentence) for c in _clauses(text, sentence))
        return
    for attribution in held:
        asserts = attribution.stance is AttributionStance.ASSERTS
        for content in attribution.content:
            both = Span(max(content.start, sentence.start), min(content.end, sentence.end))
            if asserts and both.start < both.end:
                for clause in _clauses(text, both):
                    yield Candidate(clause, sentence, attribution.id)
        said = _said(text, sentence, attribution)
        if said is not None:
            yield Candidate(said, sentence, attribution.id, said=True)
    if voice is not None and voice.voice is Voice.MIXED:
        yield from (Candidate(c, sentence) for c in _own_part(text, sentence, held))


def _said(text: str, sentence: Span, attribution: Attribution) -> Span | None:
    """The stretch "X said Y" inside the sentence, where both X and the cue stand in it."""
    if attribution.source is None or attribution.cue is None:
        return None
    parts = [attribution.source, attribution.cue, *attribution.content]
    inside = [p for p in parts if sentence.contains(p)]
    if attribution.source not in inside or attribution.cue not in inside or len(inside) < 3:
        return None
    return shrunk(text, Span(min(p.start for p in inside), max(p.end for p in inside)))


def _own_part(text: str, sentence: Span, held: Sequence[Attribution]) -> Iterable[Span]:
    """Clauses of the sentence that no source, cue or content covers."""
    taken = merged(
        part
        for a in held
        for part in (a.source, a.cue, *a.content)
        if part is not None and part.overlaps(sentence)
    )
    start = sentence.start
    for part in (*taken, Span(sentence.end, sentence.end)):
        free = Span(start, max(start, part.start))
        if len(_WORD.findall(free.of(text))) > MIN_WORDS and _FINITE.search(free.of(text)):
            yield from _clauses(text, free)
        start = max(start, part.end)


def _clauses(text: str, span: Span) -> tuple[Span, ...]:
    """The span's clauses where each has a verb of its own; the whole span otherwise."""
    words = span.of(text)
    starts, ends = [0], []
    for match in _JOINT.finditer(words):
        ends.append(match.start())
        starts.append(match.end())
    ends.append(len(words))
    parts = [
        shrunk(text, Span(span.start + s, span.start + e), strip=_EDGES)
        for s, e in zip(starts, ends, strict=True)
    ]
    whole = shrunk(text, span, strip=_EDGES)
    if len(parts) > 1 and all(_stands_alone(part.of(text)) for part in parts):
        return tuple(parts)
    return (whole,) if len(_WORD.findall(whole.of(text))) >= MIN_WORDS - 1 else ()


def _stands_alone(clause: str) -> bool:
    return len(_WORD.findall(clause)) >= MIN_WORDS and _FINITE.search(clause) is not None
