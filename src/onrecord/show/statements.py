"""The statements of a page in order: who does what with which words."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.record import Attribution, SentenceVoice, Speaker
from onrecord.show import wording
from onrecord.show.lookup import Lookup, place
from onrecord.span import Span
from onrecord.terms import AttributionKind, Marks, RegionKind, Voice

__all__ = ["Statement", "statements"]


@dataclass(frozen=True, slots=True)
class Statement:
    """Words and whose they are; `speaker` is `None` for the page and for an unknown source.

    `notes` say what else is known: hedged, repaired, put as known by the page.
    """

    span: Span
    who: str
    verb: str
    words: str
    voice: Voice
    speaker: Speaker | None
    attribution: Attribution | None = None
    notes: tuple[str, ...] = ()


def statements(look: Lookup) -> tuple[Statement, ...] | None:
    """Every statement of title, subtitle and body in text order; `None` when no stage has run.

    An attributed sentence gives one statement for each attribution, a mixed one also one in the
    page's voice. Denied words are given with the verb "denies".
    """
    voices = look.record.sentence_voices
    if voices is None and look.record.attributions is None:
        return None
    made: list[Statement] = []
    told: set[str] = set()
    for voice in voices or ():
        own = [look.attributions[id_] for id_ in voice.attributions if id_ in look.attributions]
        fresh = [one for one in own if one.id not in told]
        if voice.voice is not Voice.ATTRIBUTED or not own:
            made.append(_sentence(look, voice))
        made += [_attributed(look, one, hedged=voice.hedged) for one in fresh]
        told.update(one.id for one in fresh)
    made += [
        _attributed(look, one, hedged=False)
        for one in look.record.attributions or ()
        if one.id not in told
    ]
    return tuple(sorted(made, key=lambda one: (one.span.start, one.speaker is not None)))


def _sentence(look: Lookup, voice: SentenceVoice) -> Statement:
    notes = []
    if voice.hedged:
        hedge = look.words(voice.hedge) if voice.hedge else ""
        notes.append(f"hedged: {wording.quoted(hedge, 30)}" if hedge else "hedged")
    title = any(
        region.kind is RegionKind.TITLE and region.span.overlaps(voice.sentence)
        for region in look.record.page.regions
    )
    if title:
        notes.append("title")
    words = look.words(voice.sentence)
    if voice.voice is Voice.ATTRIBUTED:
        speaker = look.speakers.get(voice.speaker or "")
        who = wording.name(speaker)
        return Statement(
            voice.sentence, who, "is the source", words, voice.voice, speaker, None, tuple(notes)
        )
    mixed = voice.voice is Voice.MIXED
    return Statement(
        span=voice.sentence,
        who="the page" if mixed else wording.PUBLISHER,
        verb="states in part" if mixed else "states",
        words=words,
        voice=voice.voice,
        speaker=None,
        notes=tuple(notes),
    )


def _attributed(look: Lookup, attribution: Attribution, *, hedged: bool) -> Statement:
    speaker = look.speaker_of.get(attribution.id)
    words = " … ".join(look.words(span) for span in attribution.content)
    if attribution.kind is AttributionKind.DIRECT:
        words = f"“{words}”"
    notes = []
    if attribution.marks is not Marks.NONE:
        notes.append(wording.MARKS[attribution.marks])
    if attribution.factive:
        notes.append("put as known by the page")
    if hedged:
        notes.append("hedged")
    start = min((span.start for span in attribution.content), default=place(attribution).start)
    end = max((span.end for span in attribution.content), default=start)
    return Statement(
        Span(start, end),
        wording.name(speaker),
        wording.said_as(attribution, speaker),
        words,
        Voice.ATTRIBUTED,
        speaker,
        attribution,
        tuple(notes),
    )
