"""Words by which a source says that something is not so."""

from __future__ import annotations

import re

from onrecord.record import Attribution
from onrecord.span import Span
from onrecord.terms import AttributionStance

__all__ = ["ANSWERING", "ASKING", "NEGATED", "REPLYING", "WRONGED", "calls_false", "denies"]

_DENYING_CUE = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|disput(?:e|es|ed|ing)|refut(?:e|es|ed|ing)|"
    r"rebut(?:s|ted|ting)?|contradict(?:s|ed|ing)?|rul(?:e|es|ed|ing)\sout|debunk(?:s|ed|ing)?|"
    r"disagree(?:s|d|ing)?|t(?:akes|ook|aking)\sissue|dismiss(?:es|ed|ing)?|"
    r"(?:shot|shoots|shooting)\sdown|push(?:es|ed|ing)\sback\s(?:against|on))\b",
    re.IGNORECASE,
)
# What is refused or put aside is no statement: an offer, a person, a plan.
_NO_STATEMENT = re.compile(
    r"^(?:[\w.’']+\s){0,4}?(?:offers?|requests?|bids?|proposals?|plans?|calls?|deals?|demands?|legislation|bills?|"
    r"invitations?|endorsements?|nominations?|applications?|appeals?|petitions?|amendments?|comment|access|"
    r"actions?|efforts?|challenges?|lawsuits?|motions?|critiques?|attacks?|entry|visas?|candidates?|(?:running|joining|resigning|participating)|a\srun|bail|parole|service)\b"
)
_OPENING = 120  # code points of a content in which it must be called false
_REFUSING = re.compile(r"\b(?:reject|dismiss|rul\w+\sout|den(?:y|ies|ied|ying))", re.IGNORECASE)
ANSWERING = re.compile(
    r"\b(?:counter(?:s|ed|ing)?|retort(?:s|ed)?|(?:shot|shoots|fired|fires|hit|hits|push(?:es|ed)|clapped)\sback|"
    r"rebut(?:s|ted)?)\b",
    re.IGNORECASE,
)
ASKING = re.compile(r"\b(?:ask|question|press|wonder|inquir|quer|want\w*\sto\sknow)", re.IGNORECASE)
_OWN_FAULT = re.compile(r"\b(?:admit|acknowledg|conced|apologi|confess|regret)", re.IGNORECASE)
NEGATED = re.compile(
    r"\b(?:not|never|neither|n['’]t|nor|declin\w+|refus\w+|without)\b", re.IGNORECASE
)
# What a speaker says against a statement that is named only as "the claim" or "that".
_FALSE = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|as)\s(?:simply|just|completely|totally|entirely|absolutely|categorically|"
    r"patently|flatly|utterly|so)?\s?(?:not\strue|false|untrue|baseless|unfounded|incorrect|a\s(?:total\s|complete\s)?lie|"
    r"lies|nonsense|fabricated|groundless|without\smerit)\b|\bno\struth\b|"
    r"['’]s\s(?:not\strue|false|a\slie)\b|"
    r"\b(?:using|making|spreading|peddling|are|is|were|was)\s(?:\w+\s)?(?:false|baseless|unfounded)\s"
    r"(?:claim|allegation|accusation|charge|report|rumou?r)s?\b)",
    re.IGNORECASE,
)
_OWN_PAST = re.compile(r"(?:his|her|their|its)\s(?:own|past|previous|earlier)\b", re.IGNORECASE)
_MAY_BE_FALSE = re.compile(  # a quick look before the long patterns
    r"[Tt]ru|alse|ounded|asele|ncorrec|nsense|abricat|roundless|merit|\bl(?:ie|ies)\b|"
    r"ccus|alleg|claim|charg|ssert|uggest|tatement|ritici|rgument"
)
_IN_DOUBT = re.compile(
    r"\b(?:if|whether|because|\w+\s(?:that|which|who)|believe\sthat|reason\sto\s\w+|not\ssay)\b[^.;“”\"]{0,40}$",
    re.IGNORECASE,
)  # "even if it is not true", "no reason to believe that it's not true"
_NO_DENIAL = re.compile(r"\b(?:want|believe|think|plan|intend|expect|hop|wish)\w*$", re.IGNORECASE)
REPLYING = re.compile(
    r"\W*(?:No[,.]|Not\s(?:true|so|at\sall)\b|Wrong[,.!]|Absolutely\snot|That(?:['’]s|\sis)\s(?:not\strue|wrong|false|a\slie|nonsense)|"
    r"Of\scourse[,\s](?:not|I)\b|Nonsense)"
)
_CALLED = re.compile(
    r"\b(?:call|dismiss|describ|denounc|brand|label)\w*\b.{0,80}?\b(?:false|untrue|baseless|unfounded|a\slie|lies|"
    r"nonsense|fabricated|groundless|incorrect|inaccurate)\b",
    re.IGNORECASE | re.DOTALL,
)
_CALLING = re.compile(r"\b(?:call|dismiss|describ|denounc|brand|label)", re.IGNORECASE)
_ONE = r"(?:accusation|allegation|claim|charge|assertion|suggestion|statement|criticism|argument)"
_SMEARED = re.compile(
    rf"^\W*(?:that\s)?(?:(?:that|this|the)\s(?:\w+\s)?{_ONE}|(?:those|these|such|the)\s(?:\w+\s)?{_ONE}s)\s"
    r"(?:smack|ignore|distort|misrepresent|misse[sd]|lack|(?:is|are|was|were)\s(?:\w+\s){0,2}?(?:absurd|ridiculous|"
    r"outrageous|hypocri|misleading|unfair|politically|wrong|laughable|ludicrous|preposterous|cynical|dishonest))",
    re.IGNORECASE,
)
WRONGED = re.compile(
    r"\b(?P<name>[A-Z][\w'’-]+)\s(?:has\s|had\s|is\s|was\s)?(?:again\s|falsely\s|grossly\s|wildly\s)?(?:exaggerat\w+|lied|lying|"
    r"misle(?:d|ads)|misstat\w+|misrepresent\w+|distort\w+)\b"
)


def denies(text: str, attribution: Attribution) -> bool:
    """Whether the source says that something is not so, by stance, cue or a word for false."""
    if attribution.stance not in (AttributionStance.DENIES, AttributionStance.ASSERTS):
        return False
    cue, spans = attribution.cue, attribution.content
    if not spans or not _may_deny(text, attribution):
        return False
    if cue is not None:
        words = cue.of(text)
        if _REFUSING.search(words) and _NO_STATEMENT.search(spans[0].of(text)[:80]):
            return False
        if _OWN_FAULT.search(words) or _NO_DENIAL.search(words):
            return False
        before = text[max(0, cue.start - 24) : cue.start].rsplit(".", 1)[-1]
        if _OWN_PAST.match(spans[0].of(text)):
            return False
        if _DENYING_CUE.search(words) and not NEGATED.search(before + words):
            return not _dismissed_person(text, words, spans[0])
    if attribution.stance == AttributionStance.DENIES:
        return True
    if any(_calls_false(span.of(text)[:_OPENING]) for span in spans):
        return True
    if cue is None:
        return False
    whole = Span(min(cue.start, spans[0].start), max(cue.end, spans[-1].end))
    return whole.n_chars < 240 and bool(_CALLED.match(text, whole.start, whole.end))


def calls_false(text: str, attribution: Attribution) -> bool:
    """Whether the source denies something, or calls it false anywhere in what it says.

    Such a statement may repeat a claim, but is not whom another denial of the claim answers.
    """
    if denies(text, attribution):
        return True
    return any(_calls_false(span.of(text)) for span in attribution.content)


def _calls_false(words: str) -> bool:
    if not _MAY_BE_FALSE.search(words):
        return False
    match = _FALSE.search(words)
    if match:
        return not _IN_DOUBT.search(words[: match.start()])
    return bool(_SMEARED.search(words))


def _may_deny(text: str, attribution: Attribution) -> bool:
    """Whether anything at all speaks for a denial; few attributions pass, so the rest may cost."""
    if attribution.stance == AttributionStance.DENIES:
        return True
    cue = attribution.cue
    if cue is not None and (_DENYING_CUE.search(text, *cue) or _CALLING.search(text, *cue)):
        return True
    return any(_calls_false(span.of(text)[:_OPENING]) for span in attribution.content)


def _dismissed_person(text: str, cue: str, content: Span) -> bool:
    """Whether "dismissed" and the like take a name: "dismissed Low as weak"."""
    taken = re.search(r"\b(?:dismiss|reject)", cue, re.IGNORECASE)
    person = r"(?:[A-Z]\w+(?:\s[A-Z]\w+)*|them|him|her)\s(?:as\b|$)"
    return bool(taken) and bool(re.match(person, content.of(text)))
