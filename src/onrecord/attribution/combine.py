"""The tagger's findings joined with those of the rules and with the quotation marks.

The tagger finds indirect speech that no rule describes; the rules know the forms of a page (turns,
signed posts, quoted paragraphs) and mend broken marks. Where both read the same words, spans are
the tagger's, except that a content never stops in the middle of a quotation; what the marks are
is the rules' word. A direct quotation that only the rules find is added, since marks prove it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from onrecord.attribution.drafts import Draft
from onrecord.attribution.marks import Quotation, quotations
from onrecord.attribution.rules import READ_REGIONS, finished
from onrecord.record import Attribution, Page
from onrecord.span import Span, merged
from onrecord.terms import AttributionKind, AttributionStance, Marks

__all__ = ["joined"]

_QUOTED_SHARE = 0.9  # of a content's letters inside quotations: it stands alone as direct speech
_MOST = 0.5  # of the words of the shorter: two contents are one
_ANONYMITY = re.compile(
    r"(?:ask|request|insist|wish|want|prefer|spoke|speak|talk|declin|refus)\w*\s"
    r"(?:(?:on|for|not|to|be|remain|the|condition|of|that|he|she|they|stay)\s){0,6}"
    r"(?:named|identified|quoted|anonymous|anonymity)\b"
)
_EDGES = ",.;:?!\"'“”‘’—–"
_EMPTY = frozenset(
    ("", "what", "that", "it", "this", "so", "which", "who", "how", "why", "as", "much", "nothing",
     "something", "anything", "one", "things", "these", "those", "is", "was", "are", "were", "be")
)  # fmt: skip
_FORMS = frozenset({"rules:turn", "rules:post"})
_BREAK = re.compile(r"\n[^\S\n]*\n")
_FAR = 4_000  # code points: where the paragraph of a cue is looked for


def joined(
    page: Page, drafts: Sequence[Draft], ruled: Sequence[Attribution], *, via: str
) -> tuple[Attribution, ...]:
    """The attributions of both readers, in the order of their first words.

    `drafts` are the tagger's, `ruled` the rules' attributions; `via` is set on the tagger's.
    """
    quoted = _quoted(page)
    starts = [quotation.span.start for quotation in quoted]
    forms = [a for a in ruled if a.cue is None]
    turns = _within([span for a in forms for span in a.content])
    drafts = [
        draft
        for draft in drafts
        if draft.cue is None or not (turns(draft.cue) or _asks_for_anonymity(page.text, draft))
    ]
    drafts = [draft for draft in drafts if not _is_form(draft, forms)]
    drafts = [_with_source_of(draft, ruled) for draft in drafts]
    drafts = _snapped(page.text, drafts, quoted, starts)
    drafts = [_in_paragraph(page.text, draft) for draft in drafts]
    drafts = [draft for draft in drafts if not _is_empty(page.text, draft)]
    tagged = [
        _with_marks_of(replace(a, via=via), ruled) for a in finished(page, drafts, quoted, starts)
    ]
    taken = merged(span for a in tagged for span in a.content)
    used = _within([a.cue for a in tagged if a.cue is not None])
    kept = [a for a in forms if _share(a.content, taken) <= _MOST]
    kept += [
        a
        for a in ruled
        if a.cue is not None
        and not used(a.cue)
        and (_is_new_quotation(a, taken) or _is_nested_denial(a, ruled, tagged))
    ]
    unique = {a.id: a for a in (*tagged, *kept)}
    return tuple(sorted(unique.values(), key=_first_word))


def _is_new_quotation(attribution: Attribution, taken: Sequence[Span]) -> bool:
    """Whether this is a direct quotation of which nothing is taken."""
    words = [*attribution.content, *([attribution.cue] if attribution.cue else [])]
    return attribution.kind is AttributionKind.DIRECT and _share(words, taken) == 0


def _is_nested_denial(
    attribution: Attribution, ruled: Sequence[Attribution], tagged: Sequence[Attribution]
) -> bool:
    """Whether the rules read this inside an attribution that the tagger reads as well.

    "X denied it, according to Y": the tagger keeps the outer one of two with the same words, and
    the denial would be lost. What is merely said inside what is said is left to the tagger.
    """
    if attribution.stance is AttributionStance.ASSERTS:
        return False
    cue = attribution.cue
    outer = [
        other.cue
        for other in ruled
        if other.cue is not None and cue is not None and _within(other.content)(cue)
    ]
    return any(a.cue is not None and a.cue.overlaps(other) for a in tagged for other in outer)


def _quoted(page: Page) -> Sequence[Quotation]:
    spans = [region.span for region in page.regions if region.kind in READ_REGIONS]
    return quotations(page.text, spans)


def _snapped(
    text: str, drafts: Sequence[Draft], quoted: Sequence[Quotation], starts: Sequence[int]
) -> list[Draft]:
    """The drafts with each content that holds most of a quotation holding all of it."""
    out = []
    for number, draft in enumerate(drafts):
        others = [
            span for place, other in enumerate(drafts) if place != number for span in other.content
        ]
        content = [_whole(span, draft, quoted, starts, others) for span in draft.content]
        out.append(replace(draft, content=content, direct=_is_direct(text, content, quoted)))
    return out


def _whole(
    span: Span,
    draft: Draft,
    quoted: Sequence[Quotation],
    starts: Sequence[int],
    others: Sequence[Span],
) -> Span:
    """The span widened to the quotations of which it holds most."""
    start, end = span
    at = max(0, bisect_right(starts, span.start) - 1)
    for quotation in quoted[at : bisect_left(starts, span.end)]:
        inner = quotation.inner
        if 2 * span.intersection(inner) <= inner.n_chars:
            continue
        wider = Span(min(start, inner.start), max(end, inner.end))
        own = [s for s in (draft.source, draft.cue) if s is not None]
        more = [s for s in (Span(wider.start, start), Span(end, wider.end)) if s.start < s.end]
        if not any(s.overlaps(other) for s in more for other in (*own, *others, *draft.content)):
            start, end = wider
    for quotation in quoted[at : bisect_left(starts, end)]:
        around = quotation.span
        if (
            around.start <= start <= quotation.inner.start
            and quotation.inner.end <= end <= around.end
        ):
            return quotation.inner  # the marks are no words
    return Span(start, end)


def _is_form(draft: Draft, forms: Sequence[Attribution]) -> bool:
    """Whether most of its words are a turn or a post, whose speaker the form of the page tells."""
    words = [span for a in forms if a.via in _FORMS for span in a.content]
    return _share(draft.content, words) > _MOST


def _with_source_of(draft: Draft, ruled: Sequence[Attribution]) -> Draft:
    """The draft with the source that the rules give its cue, where the tagger gives none."""
    if draft.source is not None or draft.cue is None:
        return draft
    for other in ruled:
        if other.cue is not None and other.source is not None and other.cue.overlaps(draft.cue):
            own = other.source
            if not any(own.overlaps(span) for span in (draft.cue, *draft.content)):
                return replace(draft, source=own)
    return draft


def _in_paragraph(text: str, draft: Draft) -> Draft:
    """The draft with indirect words of the paragraph of its cue alone, where it has any there.

    A heading or the first paragraph is no part of what a cue in another reports; a quotation may
    run on.
    """
    cue = draft.cue
    if cue is None or draft.direct:
        return draft
    before = [match.end() for match in _BREAK.finditer(text, max(0, cue.start - _FAR), cue.start)]
    after = _BREAK.search(text, cue.end, min(len(text), cue.end + _FAR))
    low = before[-1] if before else 0
    high = after.start() if after else len(text)
    cut = [Span(max(low, span.start), min(high, span.end)) for span in draft.content]
    kept = [span for span in cut if span.start < span.end]
    return replace(draft, content=kept) if kept else draft


def _is_empty(text: str, draft: Draft) -> bool:
    """Whether its words stand for others ("what he said"): a reader would learn nothing."""
    words = [word.strip(_EDGES).lower() for span in draft.content for word in span.of(text).split()]
    return all(word in _EMPTY for word in words)


def _asks_for_anonymity(text: str, draft: Draft) -> bool:
    """Whether it says no more than that a source will not be named: no statement, but a condition.

    The stage that names speakers reads it as such.
    """
    words = Span(draft.cue.start, max(span.end for span in draft.content)) if draft.cue else None
    return words is not None and _ANONYMITY.match(text, words.start, words.end) is not None


def _is_direct(text: str, content: Sequence[Span], quoted: Sequence[Quotation]) -> bool:
    """Whether nearly all letters of a content stand inside quotations."""
    letters = sum(_letters(text, span) for span in content)
    within = sum(
        _letters(text, Span(max(span.start, q.inner.start), min(span.end, q.inner.end)))
        for span in content
        for q in quoted
        if span.overlaps(q.inner)
    )
    return within >= _QUOTED_SHARE * letters > 0


def _with_marks_of(attribution: Attribution, ruled: Sequence[Attribution]) -> Attribution:
    """The attribution with kind and marks of the rules' one, where they mended its marks.

    A content that stops short of where the mended quotation of the same cue ends runs on to it.
    """
    for other in ruled:
        if other.marks is Marks.NONE or attribution.marks is not Marks.NONE:
            continue
        same_cue = attribution.cue and other.cue and attribution.cue.overlaps(other.cue)
        if same_cue and all(_within(other.content)(part) for part in attribution.content):
            return replace(attribution, kind=other.kind, marks=other.marks, content=other.content)
        if (
            _share(other.content, attribution.content) > _MOST
            and _share(attribution.content, other.content) > _MOST
        ):
            return replace(attribution, kind=other.kind, marks=other.marks)
    return attribution


def _within(spans: Sequence[Span]) -> Callable[[Span], bool]:
    """Whether a span lies inside one of these."""
    known = merged(spans)
    return lambda span: any(other.contains(span) for other in known)


def _share(ones: Sequence[Span], others: Sequence[Span]) -> float:
    """The share of the first spans, in code points, that stands in the others; 0 to 1."""
    both = sum(one.intersection(other) for one in ones for other in others)
    return both / sum(one.n_chars for one in ones)


def _first_word(attribution: Attribution) -> int:
    spans = [*attribution.content, *([attribution.source] if attribution.source else [])]
    return min(span.start for span in spans)


def _letters(text: str, span: Span) -> int:
    return sum(map(str.isalnum, span.of(text)))
