"""What every view needs to look up in a record: who says an attribution, and by which letter."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from onrecord.record import Attribution, Record, Speaker, SpeakerShare
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["Lookup", "lookup"]

# Words that date a statement only together with the date of the page.
_LOOSE_TIME = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?"
    r"|yesterday|earlier this (?:week|month|year)|last (?:week|month|year))\b"
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A record with its cross-references resolved; made once for each view."""

    record: Record
    speakers: Mapping[str, Speaker]
    attributions: Mapping[str, Attribution]
    speaker_of: Mapping[str, Speaker]  # by attribution id
    outer: Mapping[str, tuple[str, ...]]  # by attribution id: those whose content holds its cue
    letters: Mapping[str, str]  # by speaker id: A, B, ..., Z, AA

    def words(self, span: Span) -> str:
        """The words of a span of the page."""
        return span.of(self.record.page.text)

    def shares(self) -> tuple[SpeakerShare, ...]:
        """The shares of the body, speakers without words of their own at the end."""
        sourcing = self.record.sourcing
        if sourcing is None:
            return ()
        there = {share.speaker for share in sourcing.shares}
        silent = (one for one in self.record.speakers or () if one.id not in there)
        return (*sourcing.shares, *(SpeakerShare(one.id, 0, 0.0) for one in silent))

    def said(self, speaker: Speaker) -> tuple[Attribution, ...]:
        """The attributions of a speaker, in the order of the text."""
        own = [self.attributions[id_] for id_ in speaker.attributions if id_ in self.attributions]
        return tuple(sorted(own, key=lambda one: place(one).start))

    def carriers(self, speaker: Speaker) -> tuple[Speaker, ...]:
        """Other speakers through whom the article has what this one says ("A said, B reports")."""
        outer = (id_ for one in self.said(speaker) for id_ in self.outer.get(one.id, ()))
        others = (self.speaker_of.get(id_) for id_ in outer)
        there = {one.id: one for one in others if one is not None and one.id != speaker.id}
        return tuple(there.values())

    def loose_times(self, speaker: Speaker) -> tuple[Span, ...]:
        """Words such as "Friday" that date what the speaker said, outside the words said."""
        out: list[Span] = []
        for one in self.said(speaker):
            for sentence in self.sentences_of(one):
                for found in _LOOSE_TIME.finditer(self.words(sentence)):
                    span = Span(*found.span()).moved(sentence.start)
                    said = any(span.overlaps(part) for part in one.content)
                    if not said and span not in out:
                        out.append(span)
        return tuple(out)

    def sentences_of(self, attribution: Attribution) -> Iterator[Span]:
        """The sentences that hold the source, cue or content of an attribution."""
        whole = place(attribution)
        sentences = self.record.sentences or ()
        first = bisect_left(sentences, whole.start, key=lambda span: span.end)
        for span in sentences[first:]:
            if span.start >= whole.end:
                break
            if span.overlaps(whole):
                yield span

    def n_comments(self) -> int:
        """The number of reader comments that were kept apart."""
        return sum(region.kind is RegionKind.COMMENT for region in self.record.page.regions)

    def title(self) -> str:
        """The words of the title, from the page or its metadata; empty when there is none."""
        page = self.record.page
        for region in page.regions:
            if region.kind is RegionKind.TITLE:
                return self.words(region.span)
        return page.metadata.title.value if page.metadata.title else ""


def place(attribution: Attribution) -> Span:
    """From the first to the last code point of source, cue and content."""
    spans = [*attribution.content]
    spans += [span for span in (attribution.source, attribution.cue) if span is not None]
    if not spans:
        return Span(0, 0)
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def lookup(record: Record) -> Lookup:
    """The record with its cross-references.

    Letters follow the order of `Sourcing.shares`, then that of the speakers.
    """
    speakers = {one.id: one for one in record.speakers or ()}
    shares = record.sourcing.shares if record.sourcing else ()
    order = [one.speaker for one in shares if one.speaker is not None and one.speaker in speakers]
    return Lookup(
        record=record,
        speakers=speakers,
        attributions={one.id: one for one in record.attributions or ()},
        speaker_of={id_: one for one in speakers.values() for id_ in one.attributions},
        outer=_outer(record.attributions or ()),
        letters={id_: _letter(i) for i, id_ in enumerate(dict.fromkeys([*order, *speakers]))},
    )


def _outer(attributions: Sequence[Attribution]) -> dict[str, tuple[str, ...]]:
    """For each attribution those whose content holds its cue; one sweep over the text."""
    parts = sorted((part, one.id) for one in attributions for part in one.content)
    cues = sorted((one.cue, one.id) for one in attributions if one.cue is not None)
    out: dict[str, tuple[str, ...]] = {}
    active: list[tuple[Span, str]] = []
    n_begun = 0
    for cue, id_ in cues:
        while n_begun < len(parts) and parts[n_begun][0].start <= cue.start:
            active.append(parts[n_begun])
            n_begun += 1
        active = [pair for pair in active if pair[0].end > cue.start]
        holding = [other for part, other in active if part.contains(cue) and other != id_]
        if holding:
            out[id_] = tuple(dict.fromkeys(holding))
    return out


def _letter(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    out = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(ord("A") + rest) + out
    return out
