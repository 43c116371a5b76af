"""Cues that are no verbs: a colon, "according to", and nouns such as "their belief that"."""

from __future__ import annotations

from onrecord.attribution.clauses import noun_phrase_right, source_left
from onrecord.attribution.contents import content_end
from onrecord.attribution.drafts import Draft, Unit
from onrecord.attribution.subjects import first_subject
from onrecord.attribution.tokens import QUOTED, Tokens
from onrecord.attribution.verbs import AUXILIARIES, Frame, verb_forms, words_of
from onrecord.span import Span

__all__ = ["NOUNS", "read_according", "read_colon", "read_noun", "read_title"]

_SAY = int(Frame.SAY)
_BREAKS = frozenset((",", "—", "–", "--"))
NOUNS = words_of(
    """
    claim claims report reports belief beliefs idea notion suggestion suggestions allegation
    allegations accusation accusations assertion assertions argument arguments warning warnings
    promise promises pledge concern concerns fear fears hope hopes speculation rumor rumors rumour
    rumours announcement complaint complaints prediction predictions finding findings conclusion
    assumption insistence contention admission acknowledgment theory assurance assurances
    """
)
_POSSESSIVES = frozenset(("his", "her", "their", "its"))


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


def read_colon(unit: Unit, at: int) -> int:
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


def read_noun(unit: Unit, at: int) -> int:
    """Adds what a noun carries: "their belief that ...", "reports that ..."; returns where to go on.

    Without a possessor nobody is named as its source.
    """
    tokens = unit.tokens
    words = tokens.low
    high = len(words)
    begin = at + 1
    if begin + 2 >= high or words[begin + 1] in AUXILIARIES or words[begin + 1] in verb_forms():
        return at  # "claims that were made"
    first = at
    while first > unit.low and at - first < 3 and not _is_possessor(words[first - 1]):
        first -= 1
    source: Span | None = None
    group = at
    if first > unit.low and _is_possessor(words[first - 1]):
        owner = first - 1
        if words[owner] in _POSSESSIVES:
            source = tokens.span(owner, owner)
        else:
            start = owner
            while start > unit.low and tokens.cap[start - 1] and owner - start < 4:
                start -= 1
            source = tokens.span(start, owner)
        group = first
    elif at > unit.low and words[at - 1] in {"a", "the", "some", "no"}:
        group = at - 1
    end = content_end(tokens, begin, high, frame=_SAY)
    if not any(word in AUXILIARIES for word in words[max(unit.low, at - 6) : at]):
        end = _before_main_verb(tokens, begin, end)
    unit.drafts.append(
        Draft(
            source,
            tokens.span(group, at),
            [tokens.span(begin, end - 1)],
            "noun",
            sentence=unit.span,
        )
    )
    unit.low = max(unit.low, end)
    return end


def _is_possessor(word: str) -> bool:
    return word in _POSSESSIVES or word.endswith("'s")


def _before_main_verb(tokens: Tokens, first: int, end: int) -> int:
    """The end of a "that" clause that is part of a subject: before its second auxiliary."""
    seen = False
    for i in range(first + 2, end):
        if tokens.low[i] in AUXILIARIES and tokens.low[i - 1] not in AUXILIARIES:
            if seen:
                return i
            seen = True
    return end


def read_according(unit: Unit, at: int) -> int:
    """Adds the attribution of "according to X" at `at`; returns where to read on."""
    tokens = unit.tokens
    words = tokens.low
    high = len(words)
    last = noun_phrase_right(tokens, at + 2, high, before_clause=at <= 1)
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
