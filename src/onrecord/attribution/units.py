"""One unit of text, a sentence or more joined by a quotation, read for its cues.

A cue is tried where a verb of the lexicon stands outside quotations: its subject, then the content
to its right, or to its left where a quotation or a fronted clause stands before it.
"""

from __future__ import annotations

from onrecord.attribution.anchors import Anchor, anchor_of
from onrecord.attribution.contents import content_end, content_start, is_adjunct
from onrecord.attribution.drafts import Draft, Unit
from onrecord.attribution.framing import NOUNS, read_according, read_colon, read_noun
from onrecord.attribution.subjects import (
    INTRODUCING,
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
from onrecord.terms import Marks

__all__ = ["read_unit"]

_SAY, _TELL, _OBJECT = int(Frame.SAY), int(Frame.TELL), int(Frame.OBJECT)
_CLAUSE, _TO = int(Frame.CLAUSE), int(Frame.TO)
_QUOTE, _PHRASAL = int(Frame.QUOTE), int(Frame.PHRASAL)
_SPEECH = _SAY | _TELL
_BASE, _PAST, _ING = int(Form.BASE), int(Form.PAST), int(Form.ING)
_PARTICIPLE = int(Form.PARTICIPLE)
_FIRST_PERSON = words_of(
    """
    i i'm i've i'll i'd we we're we've our my
    """
)

_OWN_VOICE = frozenset(("we", "you", "i"))

# A clause that starts with one of these ends at its comma: "if he says so, they ..."
_SUBORDINATING = words_of(
    """
    if when unless because after before although though while as which who that once until
    """
)
_NAMING = frozenset(("call", "dub", "label"))
_PRONOUNS = frozenset(("he", "she", "they", "it", "who", "which", "that", "some", "many", "others"))
_OTHER_CUES = frozenset((":", "according"))
_BREAKS = frozenset((",", "—", "–", "--"))

_SUBJECT_STARTS = words_of(
    """
    he she it they we you i there this these those the his her its their our my
    """
)


def read_unit(unit: Unit) -> None:
    """Reads the unit's cues from left to right."""
    tokens = unit.tokens
    words = tokens.low
    forms = verb_forms()
    candidates = [
        i for i, word in enumerate(words) if word in forms or word in _OTHER_CUES or word in NOUNS
    ]
    at = unit.low
    for i in candidates:
        if i < at or tokens.quote[i] >= 0:
            continue
        word = words[i]
        if word == ":":
            at = read_colon(unit, i)
        elif word == "according":
            if words[i + 1 : i + 2] == ["to"]:
                at = read_according(unit, i)
        else:
            verb = forms.get(word)
            if verb is not None and not _is_name(unit, i, verb):
                at = max(at, _cue(unit, i, verb))
            if at <= i and word in NOUNS and words[i + 1 : i + 2] == ["that"]:
                at = max(at, read_noun(unit, i))


def _names(tokens: Tokens, anchor: Anchor) -> bool:
    """Whether "called" only gives a name: "a forum called Norby Talk"."""
    at = anchor.after
    if anchor.inverted or at >= len(tokens.low) or anchor.first == anchor.last:
        return False
    named = tokens.cap[at] or tokens.quote[at] >= 0
    owner = anchor.group - 1
    return named and not tokens.cap[owner] and tokens.low[owner] not in _PRONOUNS


def _is_name(unit: Unit, at: int, verb: Verb) -> bool:
    """Whether a capital letter inside a sentence makes the word part of a name."""
    if not unit.tokens.cap[at] or at == 0 or unit.tokens.low[at - 1] == QUOTED:
        return False
    return not unit.is_title or bool(verb.form & (_BASE | _ING))


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
    n_particles = _particles(unit, at, verb)
    frame = verb.frame
    if frame & _PHRASAL and not n_particles:
        frame &= ~_PHRASAL
        if not frame & (_SAY | _TELL | _OBJECT | _CLAUSE | _TO):
            return at
    anchor = anchor_of(unit, at, verb, n_particles)
    if anchor is None:
        return at
    speaker = tokens.low[anchor.group - 1]
    if anchor.own and speaker in _OWN_VOICE and (not frame & _SPEECH or speaker != "i"):
        return at  # "we know", "you think": the page's own voice
    if verb.lemma in _NAMING and _names(tokens, anchor):
        return at
    high = len(tokens.low)
    begin, kind = content_start(tokens, anchor.after, high, frame=frame)
    if kind == "colon" and begin >= high:
        cue = tokens.span(anchor.group, anchor.last)
        unit.opened = Draft(anchor.source, cue, [], verb.lemma, sentence=unit.span)
        return high
    draft = Draft(
        anchor.source, tokens.span(anchor.group, anchor.last), [], verb.lemma, sentence=unit.span
    )
    if anchor.patient is not None:
        return _passive(unit, anchor, draft)
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
    elif _allowed(frame, kind, tokens, begin, high, verb) or (n_particles and kind == "bare"):
        before = tokens.low[anchor.first - 1] if anchor.first else ""
        relative = anchor.relative or before in _SUBORDINATING
        end = content_end(tokens, begin, high, frame=frame, relative=relative)
        if end <= begin or tokens.low[begin:end] in (["so"], ["it"], ["."]):
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


def _passive(unit: Unit, anchor: Anchor, draft: Draft) -> int:
    """Adds a passive with its source: the subject is content, and so is what follows the source."""
    tokens = unit.tokens
    patient = anchor.patient
    if patient is None:
        return anchor.after
    draft.content.append(tokens.span(patient.first, patient.last))
    end = anchor.after
    if tokens.low[end : end + 1] and tokens.low[end] in {"for", "as", "of", "to"}:
        end = content_end(tokens, end, len(tokens.low), frame=_OBJECT)
        draft.content.append(tokens.span(anchor.after, end - 1))
    unit.drafts.append(draft)
    unit.low = max(unit.low, end)
    return end


def _is_aside(tokens: Tokens, anchor: Anchor, end: int) -> bool:
    """Whether cue and content stand between commas inside a longer clause.

    "Ann Ek, who has proposed a ban, said" and "Ann Ek, noting the cost, said": the subject before
    the aside is still to be read.
    """
    if anchor.own and not anchor.relative:
        return False
    before = tokens.low[anchor.first - 1] if anchor.first else ""
    return before == "," and end < len(tokens.low) and tokens.low[end] == ","


def _prefers_left(unit: Unit, anchor: Anchor, begin: int, kind: str) -> bool:
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


def _left(unit: Unit, anchor: Anchor, frame: int) -> tuple[int, int] | None:
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
    if words[last] != QUOTED and words[first] in INTRODUCING:
        return None
    if (
        words[last] != QUOTED
        and last - first < 2
        and words[anchor.after : anchor.after + 1] != [","]
    ):
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
