"""The body of an article, sentence by sentence, with whose words each stretch is."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.headline.words import Word, words_in
from onrecord.record import Attribution, Page, SentenceVoice
from onrecord.span import Span, shrunk
from onrecord.terms import RegionKind

__all__ = ["Article", "BodySentence", "read_article"]

_PARAGRAPH_BREAK = re.compile(r"\n[ \t\r]*\n")
_ENDS_PARAGRAPH = re.compile(r"[.!?…:;][\"'”’»)\]]*$|[\"”’»]$")
_SAYS = re.compile(
    r"\b(?:said|says?|told|tells?|according to|claim(?:s|ed)?|alleg(?:es?|ed|ing)|wrote|writes|added|"
    r"adds|insist(?:s|ed)|maintain(?:s|ed)|explain(?:s|ed)|argue[sd]?|believes?|warn(?:s|ed)|"
    r"accus(?:es?|ed|ing)|announced|stated|reported|testified|contend(?:s|ed)|complain(?:s|ed)|"
    r"estimate[sd]?|quoted)\b",
    re.IGNORECASE,
)
_QUOTE_MARK = re.compile(r"[\"“”«»„]")


@dataclass(frozen=True, slots=True)
class BodySentence:
    """One sentence of the body.

    `paragraph` counts from 0. `attributions` overlap the sentence. `seems_attributed` is true where
    a cue or quotation marks stand in a sentence in which no attribution was found.
    """

    span: Span
    words: tuple[Word, ...]
    paragraph: int
    attributions: tuple[Attribution, ...]
    hedged: bool
    seems_attributed: bool


@dataclass(frozen=True, slots=True)
class Article:
    """The text that a title is measured against.

    `margin` are the words beside the body that may support a name: dateline, captions, subtitle.

    `subtitle` is the standfirst as text, empty where there is none. `weights` give each stem of the
    body the weight of a title word: rare in this article counts more, from about .3 to 1.
    """

    page: Page
    sentences: tuple[BodySentence, ...]
    subtitle: tuple[Span, ...]
    margin: tuple[Word, ...]
    weights: dict[str, float]

    @property
    def text(self) -> str:
        """The text of the page, which all spans point into."""
        return self.page.text

    def words(self) -> tuple[Word, ...]:
        """Every word of the body in order."""
        return tuple(word for sentence in self.sentences for word in sentence.words)


def read_article(
    page: Page,
    sentences: Sequence[Span],
    attributions: Sequence[Attribution],
    voices: Sequence[SentenceVoice],
) -> Article:
    """The body of the page as the headline check needs it; no sentence where there is no body."""
    paragraphs = _paragraphs(page)
    subtitle = [r.span for r in page.regions if r.kind is RegionKind.SUBTITLE]
    # A standfirst saved as plain text looks like a short paragraph without a full stop.
    if len(paragraphs) > 2 and not _ENDS_PARAGRAPH.search(paragraphs[0].of(page.text)):
        subtitle.append(paragraphs.pop(0))
    by_sentence = {voice.sentence: voice for voice in voices}
    ordered = sorted(sentences)
    pieces: list[tuple[int, Span, Span]] = []
    for number, paragraph in enumerate(paragraphs):
        for sentence in _overlapping(paragraph, ordered) or [paragraph]:
            span = shrunk(
                page.text,
                Span(max(sentence.start, paragraph.start), min(sentence.end, paragraph.end)),
            )
            if span.n_chars:
                pieces.append((number, span, sentence))
    by_piece = _attributions_of([span for _, span, _ in pieces], attributions)
    found = [
        _body_sentence(page, span, number, own, by_sentence.get(sentence))
        for (number, span, sentence), own in zip(pieces, by_piece, strict=True)
    ]
    beside = {RegionKind.DATELINE, RegionKind.CAPTION}
    margin = [*subtitle, *(r.span for r in page.regions if r.kind in beside)]
    return Article(
        page,
        tuple(found),
        tuple(subtitle),
        tuple(word for span in margin for word in words_in(page.text, span)),
        _weights(found),
    )


def _paragraphs(page: Page) -> list[Span]:
    found: list[Span] = []
    for region in page.regions:
        if region.kind is not RegionKind.BODY or dict(region.attributes).get("heading"):
            continue
        start = region.span.start
        for gap in _PARAGRAPH_BREAK.finditer(page.text, region.span.start, region.span.end):
            found.append(Span(start, gap.start()))
            start = gap.end()
        found.append(Span(start, region.span.end))
    found = [shrunk(page.text, span) for span in found]
    return [span for span in found if span.n_chars]


def _overlapping(span: Span, ordered: Sequence[Span]) -> Sequence[Span]:
    """The spans that share a code point with `span`; `ordered` are disjoint and in order."""
    first = bisect_right(ordered, span.start, key=lambda s: s.end)
    last = bisect_left(ordered, span.end, key=lambda s: s.start)
    return ordered[first:last]


def _attributions_of(
    pieces: Sequence[Span], attributions: Sequence[Attribution]
) -> list[tuple[Attribution, ...]]:
    """For each piece of text, in order and disjoint, the attributions whose cue or content it has."""
    found: list[list[Attribution]] = [[] for _ in pieces]
    for attribution in attributions:
        for part in (*attribution.content, *_cue_of(attribution)):
            first = bisect_right(pieces, part.start, key=lambda s: s.end)
            last = bisect_left(pieces, part.end, key=lambda s: s.start)
            for own in found[first:last]:
                if not own or own[-1] is not attribution:
                    own.append(attribution)
    return [tuple(own) for own in found]


def _body_sentence(
    page: Page,
    span: Span,
    paragraph: int,
    own: tuple[Attribution, ...],
    voice: SentenceVoice | None,
) -> BodySentence:
    words = span.of(page.text)
    return BodySentence(
        span=span,
        words=words_in(page.text, span),
        paragraph=paragraph,
        attributions=own,
        hedged=voice is not None and voice.hedged,
        seems_attributed=not own and bool(_SAYS.search(words) or _QUOTE_MARK.search(words)),
    )


def _cue_of(attribution: Attribution) -> tuple[Span, ...]:
    return (attribution.cue,) if attribution.cue is not None else ()


def _weights(sentences: Sequence[BodySentence]) -> dict[str, float]:
    n = len(sentences)
    counts = Counter(key for s in sentences for key in {w.key for w in s.words})
    return {
        key: max(0.3, math.log(1 + n / count) / math.log(1 + n)) for key, count in counts.items()
    } if n else {}  # fmt: skip
