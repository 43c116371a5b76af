"""Quotation marks paired, with missing, doubled and mismatched ones repaired.

Every paragraph is read alone, so one bad mark never costs more than its own paragraph. Only a
quotation that is left open, and whose next paragraph opens anew, goes on: that is the usual way
to print a long quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.span import Span, shrunk
from onrecord.terms import Marks

__all__ = ["Quotation", "is_sentence_like", "quotations"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks.

    `span` includes the marks, `inner` does not; `continues` says that the next paragraph goes on
    with the same quotation; `single` that single marks enclose it.
    """

    span: Span
    inner: Span
    marks: Marks = Marks.NONE
    continues: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    """One mark, or a run of marks of one size set by mistake, and where it may stand."""

    start: int
    end: int
    kind: str
    opens: bool
    closes: bool


_MARK = re.compile(r"``|''|’’|‘‘|,,|[\"“”„‟«»″「」『』‘’‚‹›'`]")
_DOUBLE = frozenset(("``", "''", "’’", "‘‘", ",,", *'"“”„‟«»″「」『』'))
_PAIRS = frozenset(
    {
        ('"', '"'), ("“", "”"), ("„", "“"), ("„", "”"), ("”", "”"), ("«", "»"), ("»", "«"),
        ("„", '"'), ("‟", "”"), ("``", "''"), ("``", '"'), ("''", "''"), ("‘‘", "’’"),
        (",,", "''"), (",,", '"'), ("″", "″"), ("「", "」"), ("『", "』"), ("„", "‟"),
        ("'", "'"), ("‘", "’"), ("‚", "‘"), ("‚", "’"), ("’", "’"), ("‹", "›"), ("›", "‹"),
        ("`", "'"), ("`", "`"), ("`", "’"),
    }
)  # fmt: skip
# One quotation ends and the next begins: `no.”“Yes`.
_TOUCHING = frozenset({("”", "“"), ("»", "«"), ("''", "``"), ("“", "„")})
_EMPTY = frozenset({("“", "”"), ("«", "»"), ("„", "”")})
_ALWAYS_OPEN = frozenset(("„", "``", "‘‘", "‚", "「", "『", ",,"))
_OPENING_CONTEXT = frozenset("([{-–—/:;,…\u2060<>=*")
_CLOSING_CONTEXT = frozenset(".,;:!?)]}-–—/…<*&")
_ELIDED = re.compile(
    r"(?:\d0s?|\d\d|em|tis|twas|til|till|cause|n|bout|round|cuz|ere|til)\b", re.IGNORECASE
)
_SPEECH_WORDS = (
    "said|says|say|added|adds|told|tells|wrote|writes|tweeted|replied|explained|noted|continued"
    "|argued|insisted|declared|announced|asked|warned|recalled|concluded|stated|claimed|claims"
)
_SPEECH = re.compile(r"\b(?:" + _SPEECH_WORDS + r")\b")
_LEAD_IN = re.compile(r"\b(?:" + _SPEECH_WORDS + r")(?: \w+ly)?(?: that\b|[:,])[ \t]*|:[ \t]+")
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+[\"”’'»)]*\s+(?=[A-Z“\"‘«])")
_FINAL = ".,;:!?…"
_SPEAKER_MAX_CHARS = 60  # "the former deputy prime minister of Norland, Ann Ekdal, said"
_WORDS = re.compile(r"\w+")


def quotations(text: str, paragraphs: Sequence[Span]) -> tuple[Quotation, ...]:
    """The quotations of each paragraph, outermost only, in order.

    `paragraphs` must be in order and disjoint. Linear in the length of the text.

    >>> found = quotations("“We will win,' she said.", [Span(0, 24)])
    >>> [(q.inner.of("“We will win,' she said."), str(q.marks)) for q in found]
    [('We will win,', 'mismatched')]
    """
    out: list[Quotation] = []
    openings = [_opening_at(text, paragraph) for paragraph in paragraphs]
    carried = False
    for i, paragraph in enumerate(paragraphs):
        goes_on = i + 1 < len(paragraphs) and openings[i + 1]
        found = _paragraph(text, paragraph, goes_on=goes_on, carried=carried)
        carried = bool(found) and found[-1].continues
        out.extend(found)
    return tuple(out)


def is_sentence_like(text: str, quotation: Quotation) -> bool:
    """Whether the words could stand alone as speech, unlike a scare quote or the title of a work.

    Four words or more, or two that end in a full stop, question mark or exclamation mark.
    """
    inner = quotation.inner.of(text)
    n_words = len(_WORDS.findall(inner[:200]))
    if inner[-1:] in ".!?…" and n_words >= 2:
        return True
    return n_words >= 4


def _opening_at(text: str, paragraph: Span) -> bool:
    """Whether the paragraph begins with a mark that may open."""
    match = _MARK.match(text, paragraph.start, paragraph.end)
    return (
        match is not None
        and match.group() != "»"
        and (match.end() < paragraph.end and not text[match.end()].isspace())
    )


def _paragraph(text: str, paragraph: Span, *, goes_on: bool, carried: bool) -> list[Quotation]:
    marks = _marks(text, paragraph)
    if not marks:
        return []
    doubles = [mark for mark in marks if mark.kind in _DOUBLE]
    singles = [mark for mark in marks if mark.kind not in _DOUBLE]
    found = _singles(text, singles)
    if doubles:
        outer = _doubles(text, paragraph, doubles, goes_on=goes_on, carried=carried)
        if singles:
            at = [mark.start for mark in singles]
            outer = [_closed_by_single(text, quotation, singles, at) for quotation in outer]
        found = _outermost(text, outer, found) if found else outer
    return [q for q in found if q.inner.start < q.inner.end]


def _outermost(
    text: str, doubles: Sequence[Quotation], singles: Sequence[Quotation]
) -> list[Quotation]:
    """Both kinds without those that stand inside another.

    British usage sets single marks outside and double ones inside. A single pair holds double
    marks only when it closes after punctuation; else it is two apostrophes.
    """
    starts = [quotation.span.start for quotation in singles]
    kept: list[Quotation] = []
    for quotation in doubles:
        at = bisect_right(starts, quotation.span.start) - 1
        holder = singles[at] if at >= 0 else None
        inside = holder is not None and holder.span.contains(quotation.span)
        if holder is None or not inside or text[holder.inner.end - 1] not in _FINAL:
            kept.append(quotation)
    starts = [quotation.span.start for quotation in kept]
    out = list(kept)
    for quotation in singles:
        at = bisect_left(starts, quotation.span.end) - 1
        if at < 0 or not kept[at].span.overlaps(quotation.span):
            out.append(quotation)
    return sorted(out, key=lambda quotation: quotation.span.start)


def _marks(text: str, paragraph: Span) -> list[_Mark]:
    """The marks of a paragraph; runs of double marks become one."""
    out: list[_Mark] = []
    n_doubles = 0
    start, limit = paragraph
    for match in _MARK.finditer(text, start, limit):
        kind = match.group()
        at, end = match.span()
        before = text[at - 1] if at > start else " "
        after = text[end] if end < limit else " "
        if kind in "'’`" and before.isalnum() and after.isalnum():
            continue  # an apostrophe: don't
        if kind == ",," and not (before.isspace() and after.isalnum()):
            continue
        if kind in {"''", "″"} and before.isdigit() and n_doubles % 2 == 0:
            continue  # inches, outside a quotation
        n_doubles += kind in _DOUBLE
        doubled = (
            kind in _DOUBLE
            and bool(out)
            and out[-1].end == at
            and (out[-1].kind, kind) not in _TOUCHING
            and out[-1].kind in _DOUBLE
            and (
                text[out[-1].start - 1 : out[-1].start].isspace()
                or not after.isalnum()
                or out[-1].start == start
            )
        )
        opens = not after.isspace() and (
            before.isspace() or before in _OPENING_CONTEXT or before in "\"“‘'«„`"
        )
        closes = not before.isspace() and (
            after.isspace() or after in _CLOSING_CONTEXT or after in "\"”’'»“"
        )
        if doubled:
            last = out.pop()
            apart = text[last.start - 1 : last.start].isspace() or last.start == start
            if (last.kind, kind) in _EMPTY or (apart and after.isspace()):
                continue  # nothing between the marks
            # The run is read as one mark: the outer context on each side decides.
            out.append(_Mark(last.start, end, kind, last.opens or opens, last.closes or closes))
            continue
        out.append(_Mark(at, end, kind, opens, closes))
    return out


def _role(mark: _Mark, *, is_open: bool) -> str:
    """`open` or `close` for a double mark, given whether a quotation is open."""
    kind = mark.kind
    if kind in _ALWAYS_OPEN:
        return "open"
    if kind in "“‟":
        wrong_way = is_open and mark.closes and not mark.opens
        return "close" if wrong_way else "open"
    if kind in "”’’」』":
        wrong_way = not is_open and mark.opens and not mark.closes
        return "open" if wrong_way else "close"
    if kind in "«»":
        if mark.opens != mark.closes:
            return "open" if mark.opens else "close"
        return "open" if kind == "«" else "close"
    if mark.opens != mark.closes:
        return "open" if mark.opens else "close"
    return "close" if is_open else "open"


def _doubles(
    text: str, paragraph: Span, marks: list[_Mark], *, goes_on: bool, carried: bool
) -> list[Quotation]:
    out: list[Quotation] = []
    opened: _Mark | None = None
    floor = paragraph.start
    for mark in marks:
        role = _role(mark, is_open=opened is not None)
        if role == "open":
            if opened is not None:
                cut = _repaired_end(text, opened.end, mark.start)
                out.append(
                    _quotation(text, opened.start, opened.end, cut, cut, Marks.MISSING_CLOSING)
                )
                floor = cut
            opened = mark
        elif opened is not None:
            matched = (opened.kind, mark.kind) in _PAIRS
            state = Marks.NONE if matched else Marks.MISMATCHED
            out.append(_quotation(text, opened.start, opened.end, mark.start, mark.end, state))
            opened, floor = None, mark.end
        else:
            if mark.kind == '"' and text[mark.start - 1 : mark.start].isdigit() and not out:
                continue  # inches: 6'2" tall
            begin = _repaired_start(text, floor, mark.start, first=floor == paragraph.start)
            # Carried over: the paragraph goes on without opening anew, which many pages do.
            state = Marks.NONE if carried and not out else Marks.MISSING_OPENING
            out.append(_quotation(text, begin, begin, mark.start, mark.end, state))
            floor = mark.end
    if opened is not None:
        if goes_on and not _speech_after(text, opened.end, paragraph.end):
            inner = Span(opened.end, paragraph.end)
            out.append(
                Quotation(Span(opened.start, paragraph.end), shrunk(text, inner), continues=True)
            )
        else:
            cut = _repaired_end(text, opened.end, paragraph.end)
            out.append(_quotation(text, opened.start, opened.end, cut, cut, Marks.MISSING_CLOSING))
    return out


def _quotation(
    text: str, start: int, inner_start: int, inner_end: int, end: int, marks: Marks
) -> Quotation:
    return Quotation(Span(start, end), shrunk(text, Span(inner_start, inner_end)), marks)


def _speech_after(text: str, start: int, end: int) -> bool:
    return _repaired_end(text, start, end) < end


def _repaired_end(text: str, start: int, end: int) -> int:
    """Where a quotation without a closing mark ends: before `, he said`, else at `end`."""
    for speech in _SPEECH.finditer(text, start, end):
        low = max(start, speech.start() - _SPEAKER_MAX_CHARS)
        commas = [text.rfind(sign, low, speech.start()) for sign in (", ", "? ", "! ", ",")]
        comma = max(commas)
        if comma < 0:
            continue
        between = text[comma + 1 : speech.start()].split()
        tail = text[speech.end() : speech.end() + 12].lstrip()
        # "…, he said." but not "…, and he said that": the cue must end its clause.
        if between and between[0].lower() in {"and", "but", "who", "which", "that", "as", "or"}:
            continue
        if len(between) <= 5 and (not tail or tail[0] in ".,;:" or tail.startswith(("in ", "on "))):
            return comma + 1
        if not between:
            return comma + 1
    return end


def _repaired_start(text: str, floor: int, end: int, *, first: bool) -> int:
    """Where a quotation without an opening mark starts.

    After a lead-in (`she said:`) when there is one, else at the start of the paragraph, or of
    the sentence when quoted words stand before it.
    """
    begin = floor
    if not first:
        after = _SENTENCE_END.search(text, floor, end)
        begin = after.end() if after else floor
        # `"A," he said, B."`: what follows the cue's comma is speech again.
    lead = None
    for match in _LEAD_IN.finditer(text, begin, end):
        lead = match
    if lead is not None and end - lead.end() > 12:
        begin = lead.end()
    return shrunk(text, Span(begin, end), strip=" \t\r\n\xa0,;").start


def _singles(text: str, marks: list[_Mark]) -> list[Quotation]:
    """Pairs of single marks; possessives and elisions are told apart by their surroundings.

    A mark after punctuation closes for certain, one after a letter other than `s` very likely.
    Nothing is repaired here: an apostrophe is too often the other half.
    """
    out: list[Quotation] = []
    opened: _Mark | None = None
    weak: _Mark | None = None
    for mark in marks:
        certain = False
        if opened is None:
            if _opens_single(text, mark):
                opened, weak = mark, None
            continue
        if mark.closes and mark.kind in "'’‘›‹`":
            before = text[mark.start - 1]
            certain = before in _FINAL or (before.isalnum() and before not in "sS")
            if not certain and weak is None:
                weak = mark
        elif _opens_single(text, mark) and weak is not None:
            out.append(_single(text, opened, weak))
            opened, weak = mark, None
            continue
        if certain:
            out.append(_single(text, opened, mark))
            opened, weak = None, None
    if opened is not None and weak is not None:
        out.append(_single(text, opened, weak))
    return out


def _opens_single(text: str, mark: _Mark) -> bool:
    if not mark.opens or (mark.kind in "’›" and mark.kind != "›"):
        return False
    return not (mark.kind == "'" and _ELIDED.match(text, mark.end))


def _single(text: str, opened: _Mark, closed: _Mark) -> Quotation:
    state = Marks.NONE if (opened.kind, closed.kind) in _PAIRS else Marks.MISMATCHED
    inner = shrunk(text, Span(opened.end, closed.start))
    return Quotation(Span(opened.start, closed.end), inner, state, single=True)


def _closed_by_single(
    text: str, quotation: Quotation, singles: Sequence[_Mark], starts: Sequence[int]
) -> Quotation:
    """The quotation with a single mark taken for the missing double one, where it fits.

    `starts` are the offsets of `singles`.
    """
    if quotation.marks is Marks.MISSING_CLOSING:
        first = bisect_right(starts, quotation.inner.start)
        for mark in singles[first : bisect_right(starts, quotation.inner.end)]:
            if mark.closes and text[mark.start - 1] in _FINAL:
                inner = shrunk(text, Span(quotation.inner.start, mark.start))
                return Quotation(Span(quotation.span.start, mark.end), inner, Marks.MISMATCHED)
    if quotation.marks is Marks.MISSING_OPENING:
        first = bisect_left(starts, quotation.span.start)
        for mark in singles[first : bisect_left(starts, quotation.inner.end)]:
            if mark.opens and _opens_single(text, mark):
                inner = shrunk(text, Span(mark.end, quotation.inner.end))
                return Quotation(Span(mark.start, quotation.span.end), inner, Marks.MISMATCHED)
    return quotation
