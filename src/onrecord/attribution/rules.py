"""Attributions by rule: who says what, without a model.

Paragraph by paragraph: quotation marks are paired, sentences that a quotation runs across are
read as one unit, and each unit is read from left to right for cues. A cue takes its source by the
grammar of `clauses` and its content by that of `contents`; words that are already content hold no
further cue, since articles are read for who says a thing, not for what is said to be said.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.attribution.cues import judged
from onrecord.attribution.drafts import Draft, Unit
from onrecord.attribution.framing import read_title
from onrecord.attribution.marks import Quotation, is_sentence_like, quotations
from onrecord.attribution.tokens import QUOTED, tokens_of
from onrecord.attribution.turns import Turns, post_of, turns_of
from onrecord.attribution.units import read_unit
from onrecord.record import Attribution, Page, content_id
from onrecord.span import Span, merged, shrunk
from onrecord.terms import AttributionKind, AttributionStance, Marks, RegionKind

__all__ = ["READ_REGIONS", "attributions", "finished"]

_EDGES = " \t\r\n\xa0,;—–"
READ_REGIONS = frozenset({RegionKind.TITLE, RegionKind.SUBTITLE, RegionKind.BODY})


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph of a region that is read, and its sentences."""

    span: Span
    sentences: tuple[Span, ...]
    is_title: bool


def attributions(page: Page, sentences: Sequence[Span]) -> tuple[Attribution, ...]:
    """The attributions of title, subtitle and body, in the order of their first words.

    `sentences` are those of `read.sentences`, in order. Empty text gives `()`. Linear in the
    length of the text.
    """
    text = page.text
    paragraphs = _paragraphs(page, sentences)
    spans = [paragraph.span for paragraph in paragraphs]
    found = quotations(text, spans)
    starts = [quotation.span.start for quotation in found]
    turns = turns_of(text, spans)
    drafts: list[Draft] = []
    opened: Draft | None = None
    loose: Draft | None = None  # quoted paragraphs without a cue, until it is known whose they are
    for i, paragraph in enumerate(paragraphs):
        first = bisect_left(starts, paragraph.span.start)
        quoted = found[first : bisect_left(starts, paragraph.span.end, lo=first)]
        if i in turns.labels:
            _settle(drafts, loose)
            loose = None
            opened = None
            words = shrunk(text, Span(turns.labels[i].end + 1, paragraph.span.end))
            drafts.append(Draft(turns.labels[i], None, [words], "turn", direct=True, verbatim=True))
            continue
        signed = post_of(text, paragraph.span, quoted)
        if signed is not None and (signed[1] or loose is not None):
            signer, content = signed
            before = loose.content if loose is not None else []
            drafts.append(
                Draft(signer, None, [*before, *content], "post", direct=True, verbatim=True)
            )
            opened = loose = None
            continue
        carried = first > 0 and found[first - 1].continues
        new, following = _paragraph_drafts(text, paragraph, quoted)
        bare = len(new) == 1 and new[0].via == "quotation"
        if opened is not None and (bare or (not new and opened.via != "colon")):
            # "She wrote:" at the end of the paragraph before.
            opened.content = new[0].content if new else [paragraph.span]
            opened.direct = opened.verbatim = True
            drafts.append(opened)
        elif bare and not paragraph.is_title:
            if loose is None:
                loose = new[0]
            else:
                loose.content.extend(new[0].content)
            continue
        elif not new and turns.is_transcript and _goes_on(text, paragraphs, i, turns):
            drafts[-1].content.append(paragraph.span)
        else:
            if loose is not None and carried and new and new[0].direct:
                new[0].content[:0] = loose.content  # the cue comes with the last paragraph
            else:
                _settle(drafts, loose)
            loose = None
            drafts.extend(new)
        opened = following
    _settle(drafts, loose)
    return finished(page, drafts, found, starts)


def _goes_on(text: str, paragraphs: Sequence[_Paragraph], at: int, turns: Turns) -> bool:
    """Whether a paragraph without a label belongs to the turn before: no question, no heading."""
    last = text[paragraphs[at].span.end - 1]
    return at - 1 in turns.labels and last in '.!…"”'


def _settle(drafts: list[Draft], loose: Draft | None) -> None:
    """Gives quoted paragraphs without a cue to the quotation before them, or lets them stand."""
    if loose is None:
        return
    if drafts and drafts[-1].direct and drafts[-1].via != "title":
        drafts[-1].content.extend(loose.content)
    else:
        drafts.append(loose)


def _paragraphs(page: Page, sentences: Sequence[Span]) -> list[_Paragraph]:
    """Paragraphs with their sentences: sentences with a line break between them part."""
    out: list[_Paragraph] = []
    begins = [sentence.start for sentence in sentences]
    for region in page.regions:
        if region.kind not in READ_REGIONS:
            continue
        first = bisect_left(begins, region.span.start)
        last = bisect_left(begins, region.span.end)
        is_title = region.kind is RegionKind.TITLE
        own: list[Span] = []
        for sentence in sentences[first:last]:
            if own and "\n" in page.text[own[-1].end : sentence.start]:
                out.append(_Paragraph(Span(own[0].start, own[-1].end), tuple(own), is_title))
                own = []
            own.append(sentence)
        if own:
            out.append(_Paragraph(Span(own[0].start, own[-1].end), tuple(own), is_title))
    return out


def _paragraph_drafts(
    text: str, paragraph: _Paragraph, quoted: Sequence[Quotation]
) -> tuple[list[Draft], Draft | None]:
    """The drafts of one paragraph, and one whose content the next paragraph must give."""
    drafts: list[Draft] = []
    pending: list[Span] = []  # quotations that stand alone before any cue of the paragraph
    opened: Draft | None = None
    speaking: Draft | None = None  # whose quotation may go on in the next unit
    subject: Span | None = None
    at = 0
    for span in _units(paragraph.sentences, quoted):
        while at < len(quoted) and quoted[at].span.end <= span.start:
            at += 1
        stop = at
        while stop < len(quoted) and quoted[stop].span.start < span.end:
            stop += 1
        inside = quoted[at:stop]
        blocks = frozenset(i for i, q in enumerate(inside) if _is_block(text, q, span))
        tokens = tokens_of(text, span, quotations=inside, blocks=blocks)
        if not tokens.low:
            continue
        if blocks and all(word == QUOTED or not word[0].isalnum() for word in tokens.low):
            spans = [tokens.span(i, i) for i, word in enumerate(tokens.low) if word == QUOTED]
            if opened is not None:
                opened.content, opened.direct = spans, True
                drafts.append(opened)
                opened = None
            elif speaking is not None:
                speaking.content.extend(spans)
            else:
                pending.extend(spans)
            continue
        unit = Unit(text, tokens, span, is_title=paragraph.is_title, before=subject)
        if paragraph.is_title:
            read_title(unit)
        read_unit(unit)
        if pending and unit.drafts and unit.drafts[0].direct:
            unit.drafts[0].content[:0] = pending
            pending = []
        opened, subject = unit.opened, unit.subject
        last = unit.drafts[-1] if unit.drafts else None
        speaking = last if last is not None and last.direct else None
        drafts.extend(unit.drafts)
    if pending:
        drafts.append(Draft(None, None, pending, "quotation", direct=True))
    return drafts, opened


def _units(sentences: Sequence[Span], quoted: Sequence[Quotation]) -> list[Span]:
    """Sentences, joined where a quotation runs across their border."""
    if not quoted:
        return list(sentences)
    out: list[Span] = []
    at = 0
    for sentence in sentences:
        if out:
            border = out[-1].end
            while at < len(quoted) and quoted[at].span.end <= border:
                at += 1
            if at < len(quoted) and quoted[at].span.start < border:
                out[-1] = Span(out[-1].start, sentence.end)
                continue
        out.append(sentence)
    return out


def _is_block(text: str, quotation: Quotation, unit: Span) -> bool:
    """Whether a quotation is speech of its own rather than a part of the sentence's grammar."""
    before = text[max(unit.start, quotation.span.start - 8) : quotation.span.start].rstrip()
    if not is_sentence_like(text, quotation):
        # `"Really," she added.`
        return not before and text[quotation.inner.end - 1] in ",.!?"
    if not before or before[-1] in ",:;—–-.!?\"”'’":
        return True
    first = text[quotation.inner.start]
    return first.isupper() and text[quotation.inner.end - 1] in ".,!?…"


def finished(
    page: Page, drafts: Sequence[Draft], found: Sequence[Quotation], starts: Sequence[int]
) -> tuple[Attribution, ...]:
    """The drafts with kind, stance and marks, in the order of their first words.

    `found` are the quotations of the page, `starts` their first offsets. A draft without content
    falls away.
    """
    text = page.text
    out: list[Attribution] = []
    for draft in drafts:
        spans = tuple(
            _with_marks(span, found, starts)
            for span in (shrunk(text, s, strip=_EDGES) for s in merged(draft.content))
            if span.start < span.end
        )
        if not spans:
            continue
        kind, marks = _kind(text, spans, draft, found, starts)
        stance = AttributionStance.ASSERTS
        factive = later = False
        if draft.cue is not None:
            stance, factive, later = judged(text, draft.cue, content=spans, sentence=draft.sentence)
        own = [s for s in (draft.source, draft.cue) if s is not None]
        out.append(
            Attribution(
                content_id(page, "attributions", *own, *spans), kind, draft.source, draft.cue,
                spans, marks, stance, factive, later, "rules:" + draft.via,
            )
        )  # fmt: skip
    unique = {a.id: a for a in out}
    return tuple(
        sorted(
            unique.values(),
            key=lambda a: min(s.start for s in (*a.content, *([a.source] if a.source else ()))),
        )
    )


def _with_marks(span: Span, found: Sequence[Quotation], starts: Sequence[int]) -> Span:
    """The span with the second mark of a quotation of which it holds the first, and vice versa."""
    start, end = span
    at = bisect_right(starts, end) - 1
    if at >= 0:
        last = found[at]
        opened = last.span.start < last.inner.start
        if opened and start <= last.span.start and last.inner.end - 2 <= end < last.span.end:
            end = last.span.end
    at = bisect_right(starts, start) - 1
    if at >= 0:
        first = found[at]
        if first.span.start < start <= first.inner.start and first.span.end < end:
            start = first.span.start
    return Span(start, end)


def _kind(
    text: str,
    spans: Sequence[Span],
    draft: Draft,
    found: Sequence[Quotation],
    starts: Sequence[int],
) -> tuple[AttributionKind, Marks]:
    """Direct, mixed or indirect by the share of quoted words, and what is wrong with the marks."""
    inside = 0
    total = 0
    marks = draft.marks
    for span in spans:
        total += sum(map(str.isalnum, span.of(text)))
        at = max(0, bisect_right(starts, span.start) - 1)
        while at < len(found) and found[at].span.start < span.end:
            quotation = found[at]
            at += 1
            shared = Span(
                max(span.start, quotation.inner.start), min(span.end, quotation.inner.end)
            )
            if shared.start >= shared.end or not (draft.direct or _counts(text, quotation)):
                continue
            inside += sum(map(str.isalnum, shared.of(text)))
            if quotation.marks is not Marks.NONE:
                marks = quotation.marks
    if draft.verbatim or (draft.direct and marks is Marks.MISSING_BOTH):
        return AttributionKind.DIRECT, marks
    if inside and inside >= total - 4:
        return AttributionKind.DIRECT, marks
    return (AttributionKind.MIXED if inside else AttributionKind.INDIRECT), marks


def _counts(text: str, quotation: Quotation) -> bool:
    """Whether a quotation is one, and no scare quote or title of a work."""
    if is_sentence_like(text, quotation):
        words = quotation.inner.of(text).split()
        return not all(word[:1].isupper() for word in words)
    return text[quotation.inner.end - 1] in ".!?…" or quotation.inner.of(text).count(" ") >= 2
