"""Whom an article relies on: the share of its words each speaker carries, and its central claim."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from onrecord.attribution.content_words import coverage, negated_stems, page_counts, stems
from onrecord.attribution.coreference import sentence_starts
from onrecord.attribution.counter import counter_voices
from onrecord.attribution.denials import denies
from onrecord.attribution.layers import layers
from onrecord.attribution.origins import origins
from onrecord.attribution.speakers import NO_SOURCE
from onrecord.attribution.statements import sentences_of
from onrecord.record import (
    Attribution,
    CentralClaim,
    HeadlineCheck,
    Page,
    Sourcing,
    Speaker,
    SpeakerShare,
)
from onrecord.span import Span, merged
from onrecord.terms import (
    AttributionStance,
    Genre,
    HeadlineFinding,
    OriginKind,
    RegionKind,
    SpeakerKind,
)

__all__ = ["sourcing"]

# Forms in which one person speaks throughout, or a body for itself: nothing to ask there.
_NOT_ASKED = frozenset(
    (
        Genre.INTERVIEW,
        Genre.TRANSCRIPT,
        Genre.PRESS_RELEASE,
        Genre.OPINION,
        Genre.SATIRE,
        Genre.LIVE,
        Genre.SPONSORED,
    )
)
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
_RECORDING = re.compile(r"\b(?:transcripts?|video|clip|audio|footage|recording)$", re.IGNORECASE)
_CARRIES = 0.5  # share of the title's words, by weight, that a statement carrying it has
_STATES = 0.5  # the same for a sentence of the publisher's own
_SHARED = 1.5  # and the least weight shared, so that one name alone carries nothing


def sourcing(
    page: Page,
    attributions: Sequence[Attribution],
    *,
    speakers: Sequence[Speaker],
    headline: HeadlineCheck | None,
) -> Sourcing:
    """The sourcing of the article.

    `shares` count the words of the body, each once: a word belongs to the speaker of the innermost
    attribution whose content holds it, else to the publisher, sources and cues included; words of
    a source that two speakers share are dealt out evenly. What a denier says is the denier's
    to carry. `central` is `None` without a title that asserts something, and for interviews,
    transcripts, releases and opinion. No body gives no shares.
    """
    holders: dict[str, list[str]] = {}
    for speaker in speakers:
        for identity in speaker.attributions:
            holders.setdefault(identity, []).append(speaker.id)
    anonymous = tuple(speaker.id for speaker in speakers if speaker.kind == SpeakerKind.ANONYMOUS)
    central = _central(page, attributions, speakers=speakers, headline=headline)
    return Sourcing(_shares(page, attributions, holders), central, anonymous)


def _shares(
    page: Page, attributions: Sequence[Attribution], holders: Mapping[str, Sequence[str]]
) -> tuple[SpeakerShare, ...]:
    carried = layers(attributions)
    counts: dict[str | None, int] = {}
    for region in page.regions:
        if region.kind != RegionKind.BODY:
            continue
        for start, end, owner in carried.within(region.span):
            n_words = len(_WORD.findall(page.text, start, end))
            held = holders.get(owner, (None,)) if owner is not None else (None,)
            for at, who in enumerate(held):
                dealt = n_words // len(held) + (at < n_words % len(held))
                if dealt:
                    counts[who] = counts.get(who, 0) + dealt
    total = sum(counts.values())
    rows = [SpeakerShare(who, n, n / total) for who, n in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-row.n_words, row.speaker or "")))


@dataclass(frozen=True, slots=True)
class _Title:
    span: Span
    words: frozenset[str]
    negated: frozenset[str]
    counts: Mapping[str, int]

    def contradicted_by(self, text: str, spans: Sequence[Span]) -> bool:
        """Whether the spans negate a word of the title that it does not negate, or the reverse.

        "There is no crack in the bridge" shares its words with "Cracks in the bridge", and says
        nothing for it.
        """
        for sentence in sentences_of(text, spans):
            negated = negated_stems(text, sentence) & self.words
            if negated - self.negated:
                return True
        return False

    def carried_by(self, words: frozenset[str], *, share: float) -> bool:
        part, shared = coverage(self.words, words, self.counts)
        return part >= share and shared >= min(_SHARED, 0.9 * len(self.words))


def _title(page: Page, span: Span, said: Sequence[Attribution]) -> _Title:
    """The title's claim: what it gives to a source, else its words up to a semicolon."""
    words = stems(page.text, [part for attribution in said for part in attribution.content])
    if len(words) < 2:
        semicolon = page.text.find(";", span.start, span.end)
        main = Span(span.start, semicolon) if semicolon > span.start else span
        words = stems(page.text, [main])
    parts = [part for attribution in said for part in attribution.content] or [span]
    negated = frozenset().union(*(negated_stems(page.text, part) for part in parts))
    return _Title(span, words, negated, page_counts(page.text))


def _central(
    page: Page,
    attributions: Sequence[Attribution],
    *,
    speakers: Sequence[Speaker],
    headline: HeadlineCheck | None,
) -> CentralClaim | None:
    span = next((r.span for r in page.regions if r.kind == RegionKind.TITLE), None)
    if span is None or page.genre.genre in _NOT_ASKED:
        return None
    findings = headline.findings if headline is not None else frozenset()
    if findings & {HeadlineFinding.NOT_APPLICABLE, HeadlineFinding.QUESTION_OR_LABEL}:
        return None
    said = [a for a in attributions if any(part.overlaps(span) for part in a.content)]
    title = _title(page, span, said)
    if not title.words:
        return None
    shown = headline.evidence if headline is not None else ()
    carrying = {e.attribution for e in shown if e.role in ("carries", "weaker") and e.attribution}
    denying = {e.attribution for e in shown if e.role == "denies" and e.attribution}
    known = {
        identity
        for speaker in speakers
        if any(not span.overlaps(mention) for mention in speaker.mentions)
        for identity in speaker.attributions
    }  # a source that only the title has is as often a label: "Live guide: ..."
    carrying |= {a.id for a in said if a.stance == AttributionStance.ASSERTS and a.id in known}
    for attribution in attributions:
        if attribution in said:
            continue
        if title.carried_by(stems(page.text, attribution.content), share=_CARRIES):
            is_denial = denies(page.text, attribution)
            if is_denial:
                denying.add(attribution.id)
            elif attribution.stance == AttributionStance.ASSERTS:
                carrying.add(attribution.id)
    carrying -= {
        attribution.id
        for attribution in attributions
        if attribution.id in carrying
        and attribution not in said
        and title.contradicted_by(page.text, attribution.content)
    }
    if carrying and any(denies(page.text, attribution) for attribution in attributions):
        for pair in counter_voices(page, (), attributions=attributions, speakers=speakers):
            if pair.answered in carrying:
                denying.add(pair.by)
    carrying -= denying
    asserted = _holders(speakers, carrying)
    denied = _holders(speakers, denying)
    states = any(e.role == "states" for e in shown) or _published(page, attributions, title)
    own = [speaker for speaker in asserted if speaker.id not in {one.id for one in denied}]
    groups = origins(page, attributions, own)
    return CentralClaim(
        span,
        states,
        tuple(speaker.id for speaker in asserted),
        tuple(speaker.id for speaker in denied),
        groups,
        _rests_on(groups, publisher_states_it=states),
    )


def _holders(speakers: Sequence[Speaker], attributions: set[str]) -> list[Speaker]:
    """The named or described speakers of the attributions; what names no source has none.

    A transcript or a recording only brings somebody's words, so it counts where nobody else does.
    """
    found = [
        speaker
        for speaker in speakers
        if speaker.name != NO_SOURCE
        and attributions.intersection(speaker.attributions)
        and not any(join.word == "unresolved" for join in speaker.joins)
    ]
    return [speaker for speaker in found if not _RECORDING.search(speaker.name)] or found


def _rests_on(groups: tuple[tuple[str, ...], ...], *, publisher_states_it: bool) -> OriginKind:
    if len(groups) > 1:
        return OriginKind.SEVERAL_ORIGINS
    if groups:
        return OriginKind.ONE_ORIGIN
    return OriginKind.PUBLISHER if publisher_states_it else OriginKind.NONE_FOUND


def _published(page: Page, attributions: Sequence[Attribution], title: _Title) -> bool:
    """Whether a sentence of the body carries the title in words outside every content."""
    contents = merged(span for attribution in attributions for span in attribution.content)
    starts = [*sentence_starts(page.text), len(page.text)]
    body = [region.span for region in page.regions if region.kind == RegionKind.BODY]
    for start, end in pairwise(starts):
        if not any(region.start < end and start < region.end for region in body):
            continue
        own = _outside(Span(start, end), contents)
        if own and title.carried_by(stems(page.text, own), share=_STATES):
            return True
    return False


def _outside(sentence: Span, contents: Sequence[Span]) -> list[Span]:
    """The stretches of the sentence that no content covers; `contents` are disjoint, in order."""
    out, at = [], sentence.start
    for start, end in contents:
        if end <= at:
            continue
        if start >= sentence.end:
            break
        if start > at:
            out.append(Span(at, start))
        at = end
    if at < sentence.end:
        out.append(Span(at, sentence.end))
    return out
