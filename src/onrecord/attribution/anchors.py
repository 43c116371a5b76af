"""A cue with its source: the verb group, the subject on either side of it, passives.

What a cue needs before its content can be looked for; `None` where the word is no cue.
"""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.attribution.clauses import Found, noun_phrase_right, source_left
from onrecord.attribution.drafts import Unit
from onrecord.attribution.subjects import (
    INTRODUCING,
    RELATIVES,
    first_subject,
    inverted_subject,
    is_asked,
    shares_subject,
    subject_of,
)
from onrecord.attribution.verbs import BE, DETERMINERS, Form, Verb, words_of
from onrecord.span import Span

__all__ = ["Anchor", "anchor_of"]

_BASE, _PARTICIPLE, _ING = int(Form.BASE), int(Form.PARTICIPLE), int(Form.ING)
_BREAKS = frozenset((",", "—", "–", "--"))
_PROSPECTIVE = words_of(
    """
    expected set due likely going about scheduled ready prepared poised planning hoping plans wants
    """
)
_MAX_INTRODUCING_TOKENS = 2  # "After saying", "While also calling"
_MAX_APART = 30
_THIRD_PERSON = frozenset(("he", "she", "they", "it"))
_BE_OR_ADVERB = BE | frozenset(("widely", "repeatedly", "also", "often", "recently", "sharply"))
_AFTER_AGENT = frozenset(("for", "as", "in", "on", "at", "over", "after"))


@dataclass(frozen=True, slots=True)
class Anchor:
    """A cue with its source: token indices of the verb group, the source and what follows both."""

    source: Span | None
    group: int  # first token of the verb with its auxiliaries
    last: int  # last token of the verb with its particles
    first: int  # first token of source and cue together: content to the left ends before it
    after: int  # first token behind source and cue
    own: bool  # the verb has a subject of its own, before or after it
    inverted: bool  # the subject stands behind the verb
    relative: bool  # the subject is "who", "which" or "that": a comma ends the clause
    patient: Found | None = None  # the subject of a passive: part of the content


def anchor_of(unit: Unit, at: int, verb: Verb, n_particles: int) -> Anchor | None:
    """The cue at `at` with its source, `None` when the word is no cue."""
    tokens = unit.tokens
    last = at + n_particles
    source_last = inverted_subject(tokens, at, verb, after=last + 1, low=unit.low)
    if source_last is not None:
        source = tokens.span(last + 1, source_last)
        return Anchor(source, at, last, at, source_last + 1, True, True, False)
    passive = _by_anchor(unit, at, n_particles) if verb.form & _PARTICIPLE else None
    if passive is not None:
        return passive
    found = subject_of(tokens, at, verb, low=unit.low)
    if found is not None:
        source = tokens.span(found.first, found.last)
        relative = found.first == found.last and tokens.low[found.first] in RELATIVES
        return Anchor(source, found.group, last, found.first, last + 1, True, False, relative)
    if verb.form & _BASE and at > unit.low + 1 and tokens.low[at - 1] == "to":
        # "is expected to announce", "went on to say"
        found = (
            source_left(tokens, at - 2, unit.low) if tokens.low[at - 2] in _PROSPECTIVE else None
        )
        if found is not None:
            source = tokens.span(found.first, found.last)
            return Anchor(source, found.group, last, found.first, last + 1, True, False, False)
    if is_asked(tokens, at, verb, low=unit.low):
        return Anchor(None, at - 1, last, at, last + 1, False, False, False)
    if not shares_subject(tokens, at, verb, low=unit.low, goes_on=bool(unit.drafts)):
        return None
    if verb.form & _ING and at > unit.low:
        carrier = source_left(tokens, at, unit.low) if tokens.low[at - 1] not in _BREAKS else None
        if carrier is not None:
            # "a letter urging calm": the noun before it is the source, not the sentence's subject
            source = tokens.span(carrier.first, carrier.last)
            return Anchor(source, at, last, at, last + 1, False, False, False)
    if verb.form & _ING and at <= _MAX_INTRODUCING_TOKENS:
        introduced = _after_introduction(unit, at)
        if introduced is not None:
            return Anchor(introduced, at, last, at, last + 1, False, False, True)
    source_or_none = unit.subject
    if source_or_none is None and not (verb.form & _BASE and tokens.low[at - 1] == "to"):
        source_or_none = first_subject(tokens, at)
        if source_or_none is None and at == 0:
            source_or_none = unit.before
    if source_or_none is None:
        return None
    return Anchor(source_or_none, at, last, at, last + 1, False, False, False)


def _after_introduction(unit: Unit, at: int) -> Span | None:
    """The subject behind a participle that opens its sentence: "Calling it a lie, Ek left"."""
    tokens = unit.tokens
    words = tokens.low
    if at and words[0] not in INTRODUCING:
        return None
    stop = min(len(words), at + _MAX_APART)
    comma = next((i for i in range(at, stop) if words[i] == "," and tokens.quote[i] < 0), -1)
    if comma < 0 or comma + 1 >= len(words):
        return None
    first = comma + 1
    if not (tokens.cap[first] or words[first] in DETERMINERS or words[first] in _THIRD_PERSON):
        return None
    last = noun_phrase_right(tokens, first, len(words), before_clause=True)
    if tokens.cap[first]:
        # a name ends at its first word in lower case: "Ekdal left"
        last = next((i - 1 for i in range(first + 1, last + 1) if not tokens.cap[i]), last)
    return tokens.span(first, last) if last >= first else None


def _by_anchor(unit: Unit, at: int, n_particles: int) -> Anchor | None:
    """A passive with its source: "was criticized by the mayor for ...", or `None`."""
    tokens = unit.tokens
    words = tokens.low
    last = at + n_particles
    if at <= unit.low or words[last + 1 : last + 2] != ["by"] or words[at - 1] not in _BE_OR_ADVERB:
        return None
    end = noun_phrase_right(tokens, last + 2, len(words))
    if end < 0 or words[last + 2].endswith("ing"):
        return None
    end = next((i - 1 for i in range(last + 3, end + 1) if words[i] in _AFTER_AGENT), end)
    found = source_left(tokens, at, unit.low)
    if found is None:
        return None
    source = tokens.span(last + 2, end)
    return Anchor(source, found.group, last, found.first, end + 1, False, False, False, found)
