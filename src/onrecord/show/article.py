"""The article as HTML, its spans marked by voice and speaker.

Annotations nest and overlap, HTML elements cannot: the text is cut wherever one begins or ends, and
each piece carries the classes of everything that covers it. Nothing is told by colour alone: a
letter stands where a speaker's words begin, each speaker has a kind of underline, and the words
`page`, `mixed`, `denied` stand where they apply.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from onrecord.record import Attribution, Record, Region, SentenceVoice
from onrecord.show import wording
from onrecord.show.lookup import Lookup
from onrecord.show.markup import at, escaped
from onrecord.span import Span, shrunk
from onrecord.terms import AttributionStance, Marks, RegionKind, Voice

__all__ = ["N_UNDERLINES", "Article", "article", "left_out", "underline"]

N_UNDERLINES = 5  # kinds of underline in style.css; letters tell speakers that share one apart

_LINES = frozenset(f"u{i}" for i in range(N_UNDERLINES + 1))
_LEFT_OUT = frozenset(
    {RegionKind.COMMENT, RegionKind.BOILERPLATE, RegionKind.ADVERT, RegionKind.RELATED}
)
_PLAIN = frozenset({RegionKind.TITLE, RegionKind.SUBTITLE, RegionKind.BODY})
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Article:
    """The article as HTML, and the offsets that have an anchor in it."""

    html: str
    anchors: frozenset[int]


@dataclass(slots=True)
class _Marks:
    """What stands where, gathered once for the whole text."""

    covers: list[tuple[Span, str]] = field(default_factory=list)  # classes over a span
    tags: dict[int, list[str]] = field(default_factory=dict)  # HTML set before an offset
    wanted: set[int] = field(default_factory=set)  # offsets that links would lead to
    placed: set[int] = field(default_factory=set)  # those of them that have an anchor

    def tag(self, start: int, html: str) -> None:
        self.tags.setdefault(start, []).append(html)


def article(look: Lookup, linked: Iterable[Span], *, comments: bool) -> Article:
    """The regions of the article; `linked` spans get an anchor at their first code point.

    Reader comments are given, after the article and marked as such, only when `comments` is true;
    navigation, adverts and teasers never. A page without regions is shown as one.
    """
    record = look.record
    marks = _gathered(look)
    marks.wanted.update(span.start for span in linked)
    regions = [one for one in record.page.regions if one.kind not in _LEFT_OUT]
    if not record.page.regions:
        regions = [Region(RegionKind.BODY, Span(0, len(record.page.text)))]
    if comments:
        regions += [one for one in record.page.regions if one.kind is RegionKind.COMMENT]
    paragraphs = [
        (region, span) for region in regions for span in _paragraphs(record.page.text, region.span)
    ]
    covers = _covers_of([span for _, span in paragraphs], marks.covers)
    parts = []
    previous: Region | None = None
    for (region, span), own in zip(paragraphs, covers, strict=True):
        inner = "".join(_pieces(record.page.text, span, own, marks))
        parts.append(_paragraph(region, inner, first=region is not previous))
        previous = region
    return Article("\n".join(parts), frozenset(marks.placed))


def _covers_of(
    paragraphs: list[Span], covers: list[tuple[Span, str]]
) -> list[list[tuple[Span, str]]]:
    """For each paragraph the covers that overlap it, in the order of their starts."""
    order = sorted(range(len(paragraphs)), key=lambda i: paragraphs[i])
    starts = [paragraphs[i].start for i in order]
    out: list[list[tuple[Span, str]]] = [[] for _ in paragraphs]
    for cover in sorted(covers):
        at_ = max(0, bisect_right(starts, cover[0].start) - 1)
        while at_ < len(order) and starts[at_] < cover[0].end:
            if paragraphs[order[at_]].overlaps(cover[0]):
                out[order[at_]].append(cover)
            at_ += 1
    return out


def left_out(record: Record, *, comments: bool) -> str:
    """In words, which regions of the page the article leaves out; empty when none."""
    n: dict[RegionKind, int] = {}
    for region in record.page.regions:
        if region.kind in _LEFT_OUT and not (comments and region.kind is RegionKind.COMMENT):
            n[region.kind] = n.get(region.kind, 0) + 1
    names = {
        RegionKind.COMMENT: ("reader comment", None),
        RegionKind.BOILERPLATE: ("piece of page furniture", "pieces of page furniture"),
        RegionKind.ADVERT: ("advert", None),
        RegionKind.RELATED: ("teaser of another article", "teasers of other articles"),
    }
    return wording.listed(wording.counted(count, *names[kind]) for kind, count in n.items())


def underline(look: Lookup, speaker_id: str | None) -> str:
    """The class of a speaker's underline: `u0` without a speaker, then `u1` to `u5` in turn."""
    letters = list(look.letters)
    if speaker_id not in letters:
        return "u0"
    return f"u{letters.index(speaker_id) % N_UNDERLINES + 1}"


def _gathered(look: Lookup) -> _Marks:
    marks = _Marks()
    previous: SentenceVoice | None = None
    for voice in look.record.sentence_voices or ():
        if voice.voice is Voice.PUBLISHER:
            marks.covers.append((voice.sentence, "page"))
        if voice.voice is not Voice.ATTRIBUTED and not _goes_on(look, previous, voice):
            word = "page" if voice.voice is Voice.PUBLISHER else "mixed"
            title = escaped(wording.VOICE[voice.voice])
            marks.tag(voice.sentence.start, f'<span class="tag" title="{title}">{word}</span>')
        previous = voice
        if voice.hedge is not None:
            marks.covers.append((voice.hedge, "hedge"))
    for one in look.record.attributions or ():
        _gather_attribution(look, one, marks)
    return marks


def _goes_on(look: Lookup, previous: SentenceVoice | None, voice: SentenceVoice) -> bool:
    """Whether the sentence goes on in the voice of the one before, in the same paragraph.

    A tag on each sentence would be noise; a paragraph without one would leave it to the colour.
    """
    if previous is None or previous.voice is not voice.voice:
        return False
    return "\n" not in look.words(Span(previous.sentence.end, voice.sentence.start))


def _gather_attribution(look: Lookup, attribution: Attribution, marks: _Marks) -> None:
    speaker = look.speaker_of.get(attribution.id)
    letter = look.letters.get(speaker.id, "?") if speaker else "?"
    kind = underline(look, speaker.id if speaker else None)
    asserts = attribution.stance is AttributionStance.ASSERTS
    for span in attribution.content:
        marks.covers.append((span, f"said {kind}" if asserts else f"said {kind} open"))
    if attribution.source is not None:
        marks.covers.append((attribution.source, "source"))
    if attribution.cue is not None:
        marks.covers.append((attribution.cue, "cue"))
    if not attribution.content:
        return
    title = escaped(f"{wording.name(speaker)} {wording.said_as(attribution, speaker)}")
    if speaker is not None:
        html = f'<a class="who" href="#speaker-{letter}" title="{title}">{letter}</a>'
    else:
        html = f'<span class="who" title="{title}">?</span>'
    if not asserts or (attribution.not_yet_said and speaker is not None):
        html += f'<span class="tag stance">{escaped(wording.said_as(attribution, speaker))}</span>'
    if attribution.marks is not Marks.NONE:
        broken = escaped(wording.MARKS[attribution.marks])
        html += f'<span class="tag" title="{broken}">marks repaired</span>'
    mark = f'<span class="mark">{html}</span>'  # letter and tags stay on one line
    marks.tag(min(span.start for span in attribution.content), mark)


def _paragraph(region: Region, inner: str, *, first: bool) -> str:
    """One paragraph of a region; the first is labelled when it is not plain article text."""
    kind = region.kind.value
    element = "p"
    if region.kind is RegionKind.TITLE:
        element = "h3"
    elif region.kind is RegionKind.BODY and dict(region.attributes).get("heading"):
        element = "h4"
    label = ""
    if first and region.kind not in _PLAIN:
        label = f'<span class="kind">{kind.replace("_", " ")}</span> '
    name = kind.replace("_", "-")
    return f'<{element} class="region {name}" dir="auto">{label}{inner}</{element}>'


def _paragraphs(text: str, region: Span) -> Iterator[Span]:
    start = region.start
    for blank in _BLANK_LINE.finditer(text, region.start, region.end):
        span = shrunk(text, Span(start, blank.start()))
        if span.n_chars:
            yield span
        start = blank.end()
    span = shrunk(text, Span(start, region.end))
    if span.n_chars:
        yield span


def _classes(active: list[tuple[Span, str]]) -> str:
    """The classes of all that covers a piece; of several underlines the innermost."""
    longest_first = sorted(active, key=lambda cover: -cover[0].n_chars)
    names = list(dict.fromkeys(one for _, name in longest_first for one in name.split()))
    lines = [name for _, names_ in longest_first for name in names_.split() if name in _LINES]
    return " ".join(name for name in names if name not in _LINES or name == lines[-1])


def _pieces(text: str, span: Span, covers: list[tuple[Span, str]], marks: _Marks) -> Iterator[str]:
    """The HTML of a paragraph, piece by piece between cuts."""
    cuts = {offset for cover, _ in covers for offset in cover}
    cuts |= marks.tags.keys() | marks.wanted
    edges = [span.start, *sorted(cut for cut in cuts if span.start < cut < span.end), span.end]
    active: list[tuple[Span, str]] = []
    n_begun = 0
    for start, end in pairwise(edges):
        while n_begun < len(covers) and covers[n_begun][0].start <= start:
            active.append(covers[n_begun])
            n_begun += 1
        active = [cover for cover in active if cover[0].end > start]
        yield "".join(marks.tags.get(start, []))
        names = _classes(active)
        anchor = ""
        if start in marks.wanted and start not in marks.placed:
            marks.placed.add(start)
            anchor = f' id="{at(start)}"'
        words = escaped(text[start:end])
        if names or anchor:
            classes = f' class="{names}"' if names else ""
            yield f"<span{anchor}{classes}>{words}</span>"
        else:
            yield words
