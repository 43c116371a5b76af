"""Which noun phrase is the subject of a cue, and whether a word is a verb at all.

A word such as "claims" or "plans" is a verb only with a subject of the right kind beside it; a
past form without a subject of its own goes on with the subject of its sentence.
"""

from __future__ import annotations

from onrecord.attribution.clauses import Found, is_passive, noun_phrase_right, source_left
from onrecord.attribution.tokens import QUOTED, Tokens, is_adverb
from onrecord.attribution.verbs import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    PREPOSITIONS,
    Form,
    Frame,
    Verb,
    verb_forms,
    words_of,
)
from onrecord.span import Span

__all__ = [
    "INTRODUCING",
    "RELATIVES",
    "first_subject",
    "has_verb",
    "inverted_subject",
    "is_asked",
    "shares_subject",
    "subject_of",
]

_SAY, _TELL, _QUOTE = int(Frame.SAY), int(Frame.TELL), int(Frame.QUOTE)
_NOUN = int(Frame.NOUN)
_BASE, _S, _PAST = int(Form.BASE), int(Form.S), int(Form.PAST)
_PARTICIPLE, _ING = int(Form.PARTICIPLE), int(Form.ING)
_OFTEN_INVERTED = frozenset(("say", "report", "add", "write", "explain", "note"))
_MAX_INTRODUCTION = 30  # tokens; "In a speech to the annual meeting of ... on Monday,"
# What follows "claims" or "plans" as a verb; what may follow the noun as well.
_AFTER_VERB = words_of(
    """
    to that the a an his her its he she it they there : about for on
    """
) | {QUOTED}
_AFTER_NOUN = words_of(
    """
    about for on to that
    """
)
RELATIVES = frozenset(["who", "which", "that"])

_PLURAL_SUBJECTS = words_of(
    """
    they we i you who some many others most all both several few people police media
    """
)

_PERFECT = frozenset(("has", "had", "have"))
_MODALS = words_of(
    """
    will would can could should may might must do does did don't doesn't didn't won't wouldn't
    can't cannot couldn't shouldn't to 'll not never
    """
)

INTRODUCING = words_of(
    """
    in on at after before during while when as if since until with without despite by from for
    asked speaking however
    """
)


def subject_of(tokens: Tokens, at: int, verb: Verb, *, low: int) -> Found | None:
    """The subject of the verb, `None` when the word is no verb here or has no subject of its own."""
    words = tokens.low
    found = source_left(tokens, at, low)
    if found is None:
        return None
    if words[found.group - 1 if found.group else 0] in DETERMINERS and found.group == at:
        return None
    between = range(found.group, at)
    form = verb.form
    if form & _ING:
        return (
            found
            if any(words[i] in BE for i in between)
            or words[found.last].endswith(("'s", "'re", "'m"))
            else None
        )
    if form & (_PAST | _PARTICIPLE):
        if is_passive(tokens, at, found.group) and not form & _BASE:
            return None
        return found
    if form & _S:
        return found if not verb.frame & _NOUN or _verbal(tokens, at, found) else None
    # base form
    if at > 0 and words[at - 1] == "to":
        return None
    if any(words[i] in _MODALS for i in between):
        return found
    last = words[found.last]
    if last in _PLURAL_SUBJECTS or (
        last.endswith("s")
        and not last.endswith(("'s", "ss"))
        and (found.last == 0 or not tokens.cap[found.last])
    ):
        return found
    if "and" in words[found.first : found.last]:
        return found
    if tokens.cap[found.last] and last.endswith("s") and not verb.frame & _NOUN:
        return found
    return None


def _verbal(tokens: Tokens, at: int, found: Found) -> bool:
    """Whether a word that is also a noun ("claims", "plans") is a verb here."""
    if found.first and tokens.low[found.first - 1] == QUOTED:
        return True
    before = tokens.low[at - 1] if at else ""
    after = tokens.low[at + 1] if at + 1 < len(tokens.low) else ""
    if before in RELATIVES or before in {"he", "she", "it"} or is_adverb(before):
        return True
    if after in _AFTER_VERB:
        sure = after not in _AFTER_NOUN or tokens.cap[at - 1] or before == ","
        return before not in DETERMINERS and (sure or tokens.low[found.first] in DETERMINERS)
    ends = {",", ".", "and"} | PREPOSITIONS | AUXILIARIES
    return bool(tokens.cap[at - 1] and after not in ends)


def shares_subject(tokens: Tokens, at: int, verb: Verb, *, low: int, goes_on: bool) -> bool:
    """Whether a verb goes on with the subject of its sentence: participle, infinitive, second verb."""
    words = tokens.low
    before = words[at - 1] if at else ""
    if verb.form & _ING:
        return before not in DETERMINERS and before != "of" and not before.endswith("'s")
    if verb.form & _PAST:
        n = at - 1
        while n > low and (is_adverb(words[n]) or words[n] in _MODALS or words[n] in _PERFECT):
            n -= 1
        if n < 0 or words[n] not in {"and", "but", "then", ","} or at - n > 3:
            return False
        return goes_on or words[n] != ","
    return bool(verb.form & _BASE and before == "to")


def is_asked(tokens: Tokens, at: int, verb: Verb, *, low: int) -> bool:
    """Whether a question is put to the subject: "was asked whether", "asked if he would"."""
    if verb.lemma != "ask" or not verb.form & _PAST or at <= low:
        return False
    return tokens.low[at - 1] in BE


def first_subject(tokens: Tokens, limit: int) -> Span | None:
    """The first noun phrase of the unit, past an introduction that ends in a comma."""
    words = tokens.low
    at = 0
    while at < limit and (is_adverb(words[at]) or words[at] in {"and", "but", "so", "yet", "then"}):
        at += 1
    if at < limit and words[at] in INTRODUCING:
        stop = min(limit, at + _MAX_INTRODUCTION)
        while at < stop and words[at] != ",":
            at += 1
        at += 1
    if at >= limit or words[at] in {"i", "we", "you", "there", "it"}:
        return None
    last = noun_phrase_right(tokens, at, limit, before_clause=True)
    if last < at or last - at > 12:
        return None
    if not (tokens.cap[at] or words[at] in DETERMINERS or words[at] in {"he", "she", "they"}):
        return None
    return tokens.span(at, last)


def inverted_subject(tokens: Tokens, at: int, verb: Verb, *, after: int, low: int) -> int | None:
    """The last token of a source after its verb: `said Ann Ek`; `None` if there is none."""
    words = tokens.low
    if not verb.frame & (_SAY | _TELL | _QUOTE) or not verb.form & (_PAST | _S | _BASE):
        return None
    if at <= low or at + 1 >= len(words):
        return None
    before = words[at - 1]
    if before not in {QUOTED, ","}:
        return None
    if before == "," and words[at - 2] in RELATIVES:
        return None
    nxt = words[after] if after < len(words) else "."
    if nxt in {"that", "to"} or nxt in PREPOSITIONS:
        return None
    last = noun_phrase_right(tokens, after, len(words))
    if last < 0:
        return None
    if before == ",":
        follows = words[last + 1] if last + 1 < len(words) else "."
        if verb.lemma not in _OFTEN_INVERTED and follows != ".":
            return None
        if follows not in {".", ",", ";", QUOTED} and follows not in PREPOSITIONS:
            return None
        if source_left(tokens, at, low) is not None and (
            not has_verb(tokens, low, at)
            or any(
                words[i] in AUXILIARIES or words[i].endswith("ed")
                for i in range(last + 1, min(len(words), last + 12))
            )
        ):
            return None  # "Ann Ek, a friend, said Norby to her was home"
    return last


def has_verb(tokens: Tokens, first: int, end: int) -> bool:
    """Whether a finite verb seems to stand among the tokens: an auxiliary or a past form."""
    forms = verb_forms()
    for i in range(first, end):
        word = tokens.low[i]
        if word in AUXILIARIES or (word.endswith(("ed", "n't")) and not tokens.cap[i]):
            return True
        verb = forms.get(word)
        if verb is not None and verb.form & (_PAST | _S) and not verb.frame & _NOUN:
            return True
    return False
