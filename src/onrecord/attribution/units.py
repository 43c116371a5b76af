"""One unit of text, a sentence or more joined by a quotation, read for its cues.

A cue is tried where a verb of the lexicon stands outside quotations: its subject, then the content
to its right, or to its left where a quotation or a fronted clause stands before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from onrecord.attribution.clauses import (
    QUOTED,
    Found,
    Tokens,
    noun_phrase_right,
    source_left,
)
from onrecord.attribution.contents import content_end, content_start, is_adjunct
from onrecord.attribution.verbs import (
    DETERMINERS,
    TIME_WORDS,
    Form,
    Frame,
    Verb,
    verb_forms,
    words_of,
)
from onrecord.attribution.subjects import (
    INTRODUCING,
    RELATIVES,
    first_subject,
    inverted_subject,
    shares_subject,
    subject_of,
)
from onrecord.span import Span
from onrecord.terms import Marks

__all__ = ["Draft", "Unit", "read_title", "read_unit"]

_SAY, _TELL, _OBJECT = int(Frame.SAY), int(Frame.TELL), int(Frame.OBJECT)
_CLAUSE, _TO = int(Frame.CLAUSE), int(Frame.TO)
_QUOTE, _PHRASAL = int(Frame.QUOTE), int(Frame.PHRASAL)
_BASE, _PAST, _ING = int(Form.BASE), int(Form.PAST), int(Form.ING)
_FIRST_PERSON = words_of(
    """
    i i'm i've i'll i'd we we're we've our my
    """
)

_OWN_VOICE = frozenset(("we", "you", "i"))

_BREAKS = frozenset((",", "—", "–", "--"))

_SUBJECT_STARTS = words_of(
    """
    he she it they we you i there this these those the his her its their our my
    """
)


@dataclass(slots=True)
class Draft:
    """An attribution while its paragraph is read."""

    source: Span | None
    cue: Span | None
    content: list[Span]
    via: str
    marks: Marks = Marks.NONE
    direct: bool = False
    sentence: Span | None = None


@dataclass(slots=True)
class Unit:
    """One unit of text while it is read; `low` is where unclaimed words begin."""

    text: str
    tokens: Tokens
    span: Span
    low: int = 0
    subject: Span | None = None
    opened: Draft | None = None  # ends in a colon: the next paragraph gives the content
    drafts: list[Draft] = field(default_factory=list)


def read_title(unit: Unit) -> None:
    """`Smith: Taxes must rise` and `Taxes must rise: Smith` in a title."""
    words = unit.tokens.low
    if ":" not in words:
        return
    at = words.index(":")
    if 0 < at <= 4 and at + 2 < len(words) and all(unit.tokens.cap[i] for i in range(at)):
        if words[0] in {
            "exclusive",
            "watch",
            "video",
            "breaking",
            "live",
            "opinion",
            "report",
            "analysis",
        }:
            return
        end = len(words)
        unit.drafts.append(
            Draft(
                unit.tokens.span(0, at - 1), unit.tokens.span(at, at),
                [unit.tokens.span(at + 1, end - 1)], "title", sentence=unit.span,
            )
        )  # fmt: skip
        unit.low = end


def read_unit(unit: Unit) -> None:
    """Reads the unit's cues from left to right."""
    tokens = unit.tokens
    words = tokens.low
    forms = verb_forms()
    at = unit.low
    high = len(words)
    while at < high:
        word = words[at]
        if tokens.quote[at] >= 0:
            at += 1
            continue
        if word == "according" and at + 1 < high and words[at + 1] == "to":
            at = _according(unit, at)
            continue
        if word == ":":
            at = _colon(unit, at)
            continue
        verb = forms.get(word)
        if verb is None or (tokens.cap[at] and at > unit.low and verb.form & (_BASE | _ING)):
            at += 1
            continue
        following = _cue(unit, at, verb)
        at = following if following > at else at + 1


def _colon(unit: Unit, at: int) -> int:
    """Adds what a colon introduces where no cue did: `Ann Ek: "..."`; returns where to read on."""
    tokens = unit.tokens
    words = tokens.low
    if at <= unit.low:
        return at + 1
    last = at + 1 >= len(words)
    if not last and words[at + 1] != QUOTED:
        return at + 1
    source = unit.subject
    if tokens.cap[at - 1] or source is None:
        found = source_left(tokens, at, unit.low)
        if found is not None and tokens.cap[at - 1]:
            source = tokens.span(found.first, found.last)
        elif source is None:
            source = first_subject(tokens, at)
    draft = Draft(source, tokens.span(at, at), [], "colon", direct=True, sentence=unit.span)
    if last:
        unit.opened = draft
        return at + 1
    end = content_end(tokens, at + 1, len(words), frame=_SAY)
    draft.content.append(tokens.span(at + 1, end - 1))
    unit.drafts.append(draft)
    unit.low = end
    return end


def _particles(unit: Unit, at: int, verb: Verb) -> int:
    """The number of tokens of the longest particle of the verb that follows it."""
    words = unit.tokens.low
    for particle in verb.particles:
        parts = particle.split()
        if words[at + 1 : at + 1 + len(parts)] == parts:
            return len(parts)
        if len(parts) == 1 and words[at + 2 : at + 3] == parts and words[at + 1] in TIME_WORDS:
            return 2  # "called Wednesday for"
    return 0


def _cue(unit: Unit, at: int, verb: Verb) -> int:
    """Adds the attribution of the verb at `at`; returns where to read on, `at` if it is no cue."""
    tokens = unit.tokens
    words = tokens.low
    high = len(words)
    n_particles = _particles(unit, at, verb)
    frame = verb.frame
    if frame & _PHRASAL and not n_particles:
        frame &= ~_PHRASAL
        if not frame & (_SAY | _TELL | _OBJECT | _CLAUSE | _TO):
            return at
    after = at + 1 + n_particles
    inverted = inverted_subject(tokens, at, verb, after=after, low=unit.low)
    found: Found | None = None
    if inverted is None:
        found = subject_of(tokens, at, verb, low=unit.low)
        if found is None:
            if not shares_subject(tokens, at, verb, low=unit.low):
                return at
            if unit.subject is None and not verb.form & _BASE:
                unit.subject = first_subject(tokens, at)
            if unit.subject is None:
                return at
    if found is not None and words[found.last] in _OWN_VOICE and not frame & (_SAY | _TELL):
        return at  # "we know", "you think": the page's own voice
    # --- content to the right
    if inverted is not None:
        source: Span | None = tokens.span(after, inverted)
        group = at
        after = inverted + 1
        source_first = at
    elif found is not None:
        source = tokens.span(found.first, found.last)
        group = found.group
        source_first = found.first
    else:
        source, group, source_first = unit.subject, at, at
        if at > unit.low and words[at - 1] == "to":
            group = at
    relative = found is not None and words[found.first] in RELATIVES and found.first == found.last
    begin, kind = content_start(
        tokens, after, high, listener=bool(frame & _TELL), infinitive=bool(frame & _TO)
    )
    if kind == "colon" and begin >= high:
        unit.opened = Draft(
            source, tokens.span(group, at + n_particles), [], verb.lemma, sentence=unit.span
        )
        return high
    content: list[Span] = []
    end = after
    direct = False
    left = _left(unit, source_first, verb, frame, found=found, inverted=inverted is not None)
    use_left = left is not None and (
        kind in {"none", "adjunct"}
        or inverted is not None
        or words[source_first - 1] == QUOTED
        or is_adjunct(tokens, after, high)
    )
    if use_left and left is not None and kind not in {"that", "colon"}:
        first, last = left
        content.append(tokens.span(first, last))
        direct = any(words[i] == QUOTED for i in range(first, last + 1))
        end = after
        more = _resumed(unit, after, high, direct=direct)
        if more is not None:
            content.append(tokens.span(more[0], more[1] - 1))
            end = more[1]
    elif _allowed(frame, kind, tokens, begin, high, verb):
        stop = content_end(tokens, begin, high, frame=frame, relative=relative)
        if stop <= begin:
            return at
        content.append(tokens.span(begin, stop - 1))
        direct = words[begin] == QUOTED
        end = stop
    else:
        return at
    cue = tokens.span(group, at + n_particles)
    draft = Draft(source, cue, content, verb.lemma, direct=direct, sentence=unit.span)
    if use_left and not direct and inverted is None:
        _note_missing(unit, draft, left[0] if left else 0, source_first)
    unit.drafts.append(draft)
    if (found is not None and not relative) or inverted is not None:
        unit.subject = source
    unit.low = max(unit.low, end)
    return end


def _allowed(frame: int, kind: str, tokens: Tokens, begin: int, high: int, verb: Verb) -> bool:
    """Whether the verb takes the kind of content that stands to its right."""
    if kind in {"none", "adjunct"} or begin >= high:
        return False
    if frame & _QUOTE and not frame & (_SAY | _OBJECT | _CLAUSE | _TELL | _TO):
        return kind in {"quote", "colon"}
    if kind in {"quote", "colon", "that"}:
        return True
    if frame & (_TELL | _OBJECT) or (frame & _SAY and not frame & _CLAUSE):
        return True
    if kind == "question":
        return bool(frame & _CLAUSE)
    if kind == "to":
        return bool(frame & _TO)
    if frame & _TO and verb.form & _PAST and tokens.low[begin] in DETERMINERS:
        return True
    # Zero "that": a subject must follow ("thinks he will").
    if frame & _CLAUSE:
        return tokens.low[begin] in _SUBJECT_STARTS or tokens.cap[begin]
    return bool(frame & _PHRASAL)


def _left(
    unit: Unit, source_first: int, verb: Verb, frame: int, *, found: Found | None, inverted: bool
) -> tuple[int, int] | None:
    """First and last token of content before the source, when the shape allows it."""
    if not frame & (_SAY | _TELL | _QUOTE | _CLAUSE) or (found is None and not inverted):
        return None
    words = unit.tokens.low
    last = source_first - 1
    if last < unit.low:
        return None
    if words[last] == QUOTED:
        return _left_start(unit, last), last
    if frame & (_SAY | _TELL) == 0 or words[last] not in _BREAKS:
        return None
    last -= 1
    if last < unit.low:
        return None
    first = _left_start(unit, last)
    if words[last] != QUOTED and last - first < 2:
        return None
    if words[last] != QUOTED and words[first] in INTRODUCING:
        return None
    return first, last


def _left_start(unit: Unit, last: int) -> int:
    """Where content that ends at `last` starts: after a conjunction at the start of the unit."""
    words = unit.tokens.low
    first = unit.low
    while first < last and (words[first] in _BREAKS or words[first] in {";", "."}):
        first += 1
    return first


def _resumed(unit: Unit, at: int, high: int, *, direct: bool) -> tuple[int, int] | None:
    """Content that goes on after `"A," he said,`: first token and the one after the last."""
    tokens = unit.tokens
    words = tokens.low
    if direct:
        for k in range(at, min(high, at + 25)):
            if words[k] == QUOTED and words[k - 1] in {",", ".", ":", ";", "—", "--"} | {
                words[at - 1]
            }:
                return k, content_end(tokens, k, high, frame=_SAY)
            if words[k] in {"that", "saying", "adding"}:
                return None
        return None
    if at < high and words[at] == "," and at + 2 < high:
        nxt = words[at + 1]
        verb = verb_forms().get(nxt)
        if (verb is not None and verb.form & _ING) or nxt in {
            "and",
            "but",
            "who",
            "which",
            "while",
            "though",
            "although",
            "a",
            "an",
            "as",
            "when",
        }:
            return None
        return at + 1, content_end(tokens, at + 1, high, frame=_SAY)
    return None


def _note_missing(unit: Unit, draft: Draft, first: int, source_first: int) -> None:
    """Marks fronted speech that lost both marks: first person, or a comma glued to the source."""
    tokens = unit.tokens
    comma = tokens.end[source_first - 1]
    glued = tokens.low[source_first - 1] == "," and comma == tokens.start[source_first]
    first_person = any(
        tokens.low[i] in _FIRST_PERSON and tokens.quote[i] < 0 for i in range(first, source_first)
    )
    if glued or first_person:
        draft.marks = Marks.MISSING_BOTH
        draft.direct = True


def _according(unit: Unit, at: int) -> int:
    """Adds the attribution of "according to X" at `at`; returns where to read on."""
    tokens = unit.tokens
    words = tokens.low
    high = len(words)
    last = noun_phrase_right(tokens, at + 2, high)
    if last < 0:
        return at + 2
    source = tokens.span(at + 2, last)
    cue = tokens.span(at, at + 1)
    end = last + 1
    if at == 0 or (at == 1 and words[0] in {"and", "but", "yet"}):
        begin = last + 1
        if begin < high and words[begin] == ",":
            begin += 1
        if begin >= high:
            return end
        end = content_end(tokens, begin, high, frame=_SAY)
        content = [tokens.span(begin, max(begin, end - 1))]
        direct = words[begin] == QUOTED
    else:
        stop = at - 1
        if words[stop] in _BREAKS:
            stop -= 1
        first = 0
        if stop < first:
            return end
        content = [tokens.span(first, stop)]
        direct = words[stop] == QUOTED and first == stop
        if (
            end < high
            and words[end] == ","
            and end + 2 < high
            and words[at - 1] == ","
            and not direct
        ):
            resumed = content_end(tokens, end + 1, high, frame=_SAY)
            if resumed - end > 3 and words[end + 1] not in {"and", "but", "which", "who"}:
                content.append(tokens.span(end + 1, resumed - 1))
                end = resumed
    unit.drafts.append(Draft(source, cue, content, "according", direct=direct, sentence=unit.span))
    unit.low = max(unit.low, end)
    return end
