"""One unit of text, a sentence or more joined by a quotation, read for its cues.

A cue is tried where a verb of the lexicon stands outside quotations: its subject, then the content
to its right, or to its left where a quotation or a fronted clause stands before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from onrecord.attribution.clauses import noun_phrase_right, source_left
from onrecord.attribution.contents import content_end, content_start, is_adjunct
from onrecord.attribution.subjects import (
    INTRODUCING,
    RELATIVES,
    first_subject,
    inverted_subject,
    is_asked,
    shares_subject,
    subject_of,
)
from onrecord.attribution.tokens import QUOTED, Tokens
from onrecord.attribution.verbs import (
    DETERMINERS,
    TIME_WORDS,
    Form,
    Frame,
    Verb,
    verb_forms,
    words_of,
)
from onrecord.span import Span
from onrecord.terms import Marks

__all__ = ["Draft", "Unit", "read_title", "read_unit"]

_SAY, _TELL, _OBJECT = int(Frame.SAY), int(Frame.TELL), int(Frame.OBJECT)
_CLAUSE, _TO = int(Frame.CLAUSE), int(Frame.TO)
_QUOTE, _PHRASAL = int(Frame.QUOTE), int(Frame.PHRASAL)
_SPEECH = _SAY | _TELL
_BASE, _PAST, _ING = int(Form.BASE), int(Form.PAST), int(Form.ING)
_FIRST_PERSON = words_of(
    """
    i i'm i've i'll i'd we we're we've our my
    """
)

_OWN_VOICE = frozenset(("we", "you", "i"))

_OTHER_CUES = frozenset((":", "according"))
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
    before: Span | None = None  # the subject of the unit before, for "Adding: ..."
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
    candidates = [i for i, word in enumerate(words) if word in forms or word in _OTHER_CUES]
    at = unit.low
    for i in candidates:
        if i < at or tokens.quote[i] >= 0:
            continue
        word = words[i]
        if word == ":":
            at = _colon(unit, i)
        elif word == "according":
            if words[i + 1 : i + 2] == ["to"]:
                at = _according(unit, i)
        else:
            verb = forms[word]
            if not (tokens.cap[i] and i > unit.low and verb.form & (_BASE | _ING)):
                at = max(at, _cue(unit, i, verb))


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


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A cue with its source: token indices of the verb group, the source and what follows both."""

    source: Span | None
    group: int  # first token of the verb with its auxiliaries
    last: int  # last token of the verb with its particles
    first: int  # first token of source and cue together: content to the left ends before it
    after: int  # first token behind source and cue
    own: bool  # the verb has a subject of its own, before or after it
    inverted: bool  # the subject stands behind the verb
    relative: bool  # the subject is "who", "which" or "that"


def _cue(unit: Unit, at: int, verb: Verb) -> int:
    """Adds the attribution of the verb at `at`; returns where to read on, `at` if it is no cue."""
    tokens = unit.tokens
    n_particles = _particles(unit, at, verb)
    frame = verb.frame
    if frame & _PHRASAL and not n_particles:
        frame &= ~_PHRASAL
        if not frame & (_SAY | _TELL | _OBJECT | _CLAUSE | _TO):
            return at
    anchor = _anchor(unit, at, verb, n_particles)
    if anchor is None:
        return at
    if anchor.own and not frame & _SPEECH and tokens.low[anchor.group - 1] in _OWN_VOICE:
        return at  # "we know", "you think": the page's own voice
    high = len(tokens.low)
    begin, kind = content_start(tokens, anchor.after, high, frame=frame)
    if kind == "colon" and begin >= high:
        cue = tokens.span(anchor.group, anchor.last)
        unit.opened = Draft(anchor.source, cue, [], verb.lemma, sentence=unit.span)
        return high
    draft = Draft(
        anchor.source, tokens.span(anchor.group, anchor.last), [], verb.lemma, sentence=unit.span
    )
    left = _left(unit, anchor, frame)
    if left is not None and _prefers_left(unit, anchor, begin, kind):
        first, last = left
        draft.content.append(tokens.span(first, last))
        draft.direct = any(tokens.low[i] == QUOTED for i in range(first, last + 1))
        end = anchor.after
        more = _resumed(unit, anchor.after, high, direct=draft.direct)
        if more is not None:
            draft.content.append(tokens.span(more[0], more[1] - 1))
            end = more[1]
        if not draft.direct and not anchor.inverted:
            _note_missing(unit, draft, first, anchor.first)
    elif _allowed(frame, kind, tokens, begin, high, verb):
        end = content_end(tokens, begin, high, frame=frame, relative=anchor.relative)
        if end <= begin:
            return at
        draft.content.append(tokens.span(begin, end - 1))
        draft.direct = tokens.low[begin] == QUOTED
    else:
        return at
    unit.drafts.append(draft)
    if anchor.own and not anchor.relative:
        unit.subject = anchor.source
    if not _is_aside(tokens, anchor, end):
        unit.low = max(unit.low, end)
    return end


def _is_aside(tokens: Tokens, anchor: _Anchor, end: int) -> bool:
    """Whether cue and content stand between commas inside a longer clause.

    "Ann Ek, who has proposed a ban, said" and "Ann Ek, noting the cost, said": the subject before
    the aside is still to be read.
    """
    if anchor.own and not anchor.relative:
        return False
    before = tokens.low[anchor.first - 1] if anchor.first else ""
    return before == "," and end < len(tokens.low) and tokens.low[end] == ","


def _anchor(unit: Unit, at: int, verb: Verb, n_particles: int) -> _Anchor | None:
    """The cue at `at` with its source, `None` when the word is no cue."""
    tokens = unit.tokens
    last = at + n_particles
    source_last = inverted_subject(tokens, at, verb, after=last + 1, low=unit.low)
    if source_last is not None:
        source = tokens.span(last + 1, source_last)
        return _Anchor(source, at, last, at, source_last + 1, True, True, False)
    found = subject_of(tokens, at, verb, low=unit.low)
    if found is not None:
        source = tokens.span(found.first, found.last)
        relative = found.first == found.last and tokens.low[found.first] in RELATIVES
        return _Anchor(source, found.group, last, found.first, last + 1, True, False, relative)
    if is_asked(tokens, at, verb, low=unit.low):
        return _Anchor(None, at - 1, last, at, last + 1, False, False, False)
    if not shares_subject(tokens, at, verb, low=unit.low, goes_on=bool(unit.drafts)):
        return None
    source_or_none = unit.subject
    if source_or_none is None and not (verb.form & _BASE and tokens.low[at - 1] == "to"):
        source_or_none = first_subject(tokens, at)
        if source_or_none is None and at == 0:
            source_or_none = unit.before
    if source_or_none is None:
        return None
    return _Anchor(source_or_none, at, last, at, last + 1, False, False, False)


def _prefers_left(unit: Unit, anchor: _Anchor, begin: int, kind: str) -> bool:
    """Whether content to the left of source and cue wins over what stands to their right."""
    tokens = unit.tokens
    before = tokens.low[anchor.first - 1]
    if before == QUOTED:
        end = tokens.spans[anchor.first - 1][1]
        closed = unit.text[end - 1] in ".!?…"
        if not closed or anchor.inverted:
            return True
        return begin > anchor.after or kind not in {"that", "colon", "quote"}
    if kind in {"that", "colon"}:
        return False
    return (
        kind in {"none", "adjunct"}
        or anchor.inverted
        or is_adjunct(tokens, anchor.after, len(tokens.low))
    )


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


def _left(unit: Unit, anchor: _Anchor, frame: int) -> tuple[int, int] | None:
    """First and last token of content before the source, when the shape allows it."""
    if not anchor.own or anchor.relative:
        return None
    words = unit.tokens.low
    last = anchor.first - 1
    if last < unit.low:
        return None
    if words[last] == QUOTED:
        return _left_start(unit, last), last
    if not frame & _SPEECH or words[last] not in _BREAKS:
        return None
    last -= 1
    if last < unit.low:
        return None
    first = _left_start(unit, last)
    if words[last] != QUOTED and (last - first < 2 or words[first] in INTRODUCING):
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
    comma = tokens.spans[source_first - 1][1]
    glued = tokens.low[source_first - 1] == "," and comma == tokens.spans[source_first][0]
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
        # The whole sentence, other attributions in it included ("X denied it, according to Y");
        # only a second "according to" starts after the first.
        first = unit.low if any(draft.via == "according" for draft in unit.drafts) else 0
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
