"""Where the content of an attribution starts and ends, in tokens.

The boundaries follow counts over news articles: content runs to the end of its sentence unless
one of a few patterns cuts it, such as ", saying ...", ", but ..." or "and called for ...".
"""

from __future__ import annotations

from onrecord.attribution.tokens import QUOTED, Tokens, is_adverb
from onrecord.attribution.verbs import (
    AUXILIARIES,
    DETERMINERS,
    PREPOSITIONS,
    TIME_WORDS,
    Form,
    Frame,
    verb_forms,
    words_of,
)

__all__ = ["content_end", "content_start", "is_adjunct"]

_SUBJECTS = words_of(
    """
    he she it they we you i there who
    """
)
_QUESTION = words_of(
    """
    whether if how what why who when where which
    """
)
_WINDOW = 18  # tokens between a cue and its "that": "said in an interview with X on Sunday that"
_CUTTING = frozenset(("while", "although", "though", "whereas", "according", "which"))
_PAUSES = frozenset((",", "—", "--", "–"))
_TRAILING = frozenset((".", ",", ";", "—", "--", "–", ":", "-"))
_LEAVING = frozenset(("after", "when", "while", "because"))
_BORDERS = _PAUSES | _LEAVING | {"and", "according", ";", "as"}
_AS_CLAUSE = (["he"], ["she"], ["they"], ["it"])
_ACTS = words_of("cast went gave made took ran won has was is had did")
_OBJECT = int(Frame.OBJECT)
_NOUN, _WEAK = int(Frame.NOUN), int(Frame.WEAK)
_BASE = int(Form.BASE)
_END = frozenset([".", "!", "?"])
_ING = int(Form.ING)
_PAST = int(Form.PAST)
_S = int(Form.S)
_SPEECH = int(Frame.SAY | Frame.TELL)
_TELL, _TO = int(Frame.TELL), int(Frame.TO)
_CLAUSAL = int(Frame.SAY | Frame.TELL | Frame.CLAUSE)
_LISTENER_PRONOUNS = words_of(
    """
    me him her them us it you himself herself themselves
    """
)


def content_start(tokens: Tokens, at: int, high: int, *, frame: int) -> tuple[int, str]:
    """The first token of the content after a cue that ends before `at`, and what opens it.

    `frame` is the verb's: one that takes a listener ("told reporters") has it skipped. Kinds:
    `that`, `question`, `colon`, `quote`, `to`, `bare`, `adjunct` (only circumstances follow) and
    `none`.
    """
    words = tokens.low
    listener = bool(frame & _TELL)
    infinitive = bool(frame & _TO)
    if listener:
        heard = _after_listener(tokens, at, high)
        # "urging a vote in May" has no listener, unlike "urging members to vote".
        if not frame & _OBJECT or heard >= high or _direct_kind(tokens, heard):
            at = heard
    while at < high and is_adverb(words[at]):
        at += 1
    if at >= high:
        return at, "none"
    word = words[at]
    kind = _direct_kind(tokens, at)
    if kind == "to" and not listener and not infinitive:
        # "wrote to his followers that", "explained to reporters:"
        return _after_adjunct(tokens, at, high)
    if kind:
        return (at + 1, kind) if kind == "colon" else (at, kind)
    if word in _PAUSES:
        # `said, "..."`, and `acknowledged, however, "..."`.
        n = at + 1
        if n + 1 < high and (is_adverb(words[n]) or words[n] == "though") and words[n + 1] == ",":
            n += 2
        if n < high and words[n] in {QUOTED, "that"}:
            return n, "quote" if words[n] == QUOTED else "that"
        return at, "none"
    if word in _END or word in {";", ")", "-"}:
        return at, "none"
    if word in PREPOSITIONS or word in TIME_WORDS or word in {"when", "as"}:
        return _after_adjunct(tokens, at, high)
    if frame & _SPEECH:
        for k in range(at + 1, min(high, at + 9)):
            if words[k] == QUOTED and words[k - 1] in {",", ":", "with"}:
                return k, "quote"  # "responded to Ek with, "...""
            if words[k] == "that":
                break
    return at, "bare"


def _direct_kind(tokens: Tokens, at: int) -> str:
    word = tokens.low[at]
    if word == "that":
        return "that"
    if word == QUOTED or tokens.quote[at] >= 0:
        return "quote"
    if word == ":":
        return "colon"
    if word == "to":
        return "to"
    return "question" if word in _QUESTION else ""


def _after_listener(tokens: Tokens, at: int, high: int) -> int:
    """The token after the listener: "the crowd" of "told the crowd that"."""
    words, caps = tokens.low, tokens.cap
    if at >= high or words[at] in {"that", QUOTED, ":", ",", "to", "."}:
        return at
    if words[at] in _LISTENER_PRONOUNS:
        return at + 1
    begin = at
    while at < high and at - begin < 14:
        word = words[at]
        if word in {"that", QUOTED, ":", ",", "to", ".", ";"} or word in _QUESTION:
            return at
        if at > begin and (word in _SUBJECTS or word in AUXILIARIES):
            return at
        if (
            at > begin
            and word in DETERMINERS
            and words[at - 1] not in PREPOSITIONS
            and words[at - 1] != "and"
        ):
            return at
        if at > begin and word in TIME_WORDS:
            return at
        if at > begin and word in PREPOSITIONS and word not in {"of", "for"}:
            return at
        if (
            at > begin
            and caps[at]
            and not caps[at - 1]
            and words[at - 1] not in DETERMINERS | PREPOSITIONS
            and words[at - 1] not in {"and", "&"}
        ):
            return at
        at += 1
    return at


def _after_adjunct(tokens: Tokens, at: int, high: int) -> tuple[int, str]:
    """Skips "on Friday", "in a statement", "during a rally in Norby" after a cue."""
    words = tokens.low
    limit = min(high, at + _WINDOW)
    comma = False
    for k in range(at, limit):
        word = words[k]
        if (
            word == "that"
            and k > at
            and words[k - 1] not in {"at", "in", "of", "on", "by", "after", "for"}
            and not comma
        ):
            return k, "that"
        if word == QUOTED:
            return k, "quote"
        if word == ":":
            return k + 1, "colon"
        if word == ",":
            comma = True
            if k + 1 < high and words[k + 1] not in {QUOTED, "that"}:
                break
        if word in {";", "."}:
            break
    i = at
    while i < high:
        word = words[i]
        if word in TIME_WORDS or is_adverb(word):
            i += 1
        elif word in PREPOSITIONS:
            i = _after_phrase(tokens, i, high)
        else:
            break
    if i >= high or words[i] in _END or words[i] in {",", ";", "—", "--", "–"}:
        return i, "adjunct"
    if i == at:
        return at, "bare"
    word = words[i]
    if (
        word in _SUBJECTS
        or word in DETERMINERS
        or tokens.cap[i]
        or word == "if"
        or word[0].isdigit()
    ):
        return i, "bare"
    if i + 1 < high and words[i + 1] in AUXILIARIES:
        return i, "bare"
    return (i, "bare") if i - at <= 3 else (at, "bare")


def _after_phrase(tokens: Tokens, at: int, high: int) -> int:
    """The token after a prepositional phrase that starts at `at`."""
    words, caps = tokens.low, tokens.cap
    i = at + 1
    if i < high and words[i] in DETERMINERS:
        i += 1
    begin = i
    while i < high and i - begin < 7:
        word = words[i]
        if word in PREPOSITIONS and not caps[i]:
            return i
        if word in _SUBJECTS or word in {",", ";", ":", ".", QUOTED, "that", "—", "--", "–", "and"}:
            return i
        if word in AUXILIARIES:
            return max(begin, i - 1)
        if i > begin and word in DETERMINERS:
            return i
        if i > begin and caps[i] and not caps[i - 1]:
            return i
        if i > begin and word in TIME_WORDS:
            return i
        i += 1
    return i


def content_end(
    tokens: Tokens, first: int, high: int, *, frame: int, relative: bool = False
) -> int:
    """The token after the last one of content that starts at `first`.

    `frame` is the verb's; `relative` says that the cue stands in a relative clause, which a comma
    closes.
    """
    words = tokens.low
    clausal = bool(frame & _CLAUSAL) or words[first] == "that" or words[first] in _QUESTION
    if words[first] == QUOTED:
        ended = _end_of_quotes(tokens, first, high)
        if ended:
            return ended
    for k in range(first + 1, high):
        word = words[k]
        if word not in _BORDERS or (tokens.quote[k] >= 0 and word != QUOTED):
            continue
        if word in _PAUSES:
            if k + 1 >= high:
                continue
            if relative and word == "," and words[k + 1] not in {"and", "or", QUOTED}:
                return k
            if _cuts(tokens, k + 1, high, clausal=clausal):
                return k
        elif word == "and":
            if _acts_on(tokens, k + 1, high, clausal=clausal):
                return k
        elif word == "according":
            if words[k + 1 : k + 2] == ["to"]:
                return k
        elif word == ";":
            if k + 1 >= high or tokens.quote[k + 1] < 0:
                return k
        elif (
            not clausal
            and k > first + 1
            and frame & _OBJECT
            and (word != "as" or words[k + 1 : k + 2] in _AS_CLAUSE)
        ):
            return k
    end = high
    while end > first + 1 and words[end - 1] in _TRAILING:
        end -= 1
    if frame & _OBJECT and not clausal:
        end = _before_time(tokens, first, end)
    return end


def _before_time(tokens: Tokens, first: int, end: int) -> int:
    """The end of a noun phrase without "on Monday", "last week" after it."""
    words = tokens.low
    at = end
    while at > first + 1 and words[at - 1] in TIME_WORDS:
        at -= 1
    if at < end and at > first + 1 and words[at - 1] in {"on", "this", "in"}:
        at -= 1
    return at


def _acts_on(tokens: Tokens, at: int, high: int, *, clausal: bool) -> bool:
    """Whether "and" at `at - 1` goes on with an act of the speaker: "and called for calm"."""
    words = tokens.low
    while at < high - 1 and is_adverb(words[at]):
        at += 1
    if at + 1 >= high or tokens.cap[at] or words[at + 1] in {"by", "and", "."}:
        return False
    word = words[at]
    verb = verb_forms().get(word)
    if verb is not None and verb.form & _PAST and not verb.form & _BASE:
        return True
    if clausal:
        return False
    return word.endswith("ed") or word in _ACTS


def _cuts(tokens: Tokens, at: int, high: int, *, clausal: bool) -> bool:
    """Whether what follows a comma at `at - 1` is no longer content."""
    words = tokens.low
    word = words[at]
    if word in _CUTTING or (word == "but" and not clausal):
        return True
    n = at + 1 if is_adverb(word) and at + 1 < high else at
    verb = verb_forms().get(words[n])
    if verb is not None and verb.form & _ING and verb.frame & ~_WEAK:
        return True
    if not clausal:
        if word.endswith("ing") and word not in {"including", "during", "nothing", "something"}:
            return True
        if word in {"the", "a", "an", "he", "she", "they"}:
            return True
    if word == "and" and _acts_on(tokens, at + 1, high, clausal=clausal):
        return True
    return _second_cue(tokens, at, high, needs_end=word not in {"and", "but"})


def _end_of_quotes(tokens: Tokens, first: int, high: int) -> int:
    """The token after a run of quotations, 0 when the sentence goes on inside its clause."""
    k = first + 1
    while k < high and (tokens.low[k] == QUOTED or tokens.low[k] in {",", "."}):
        k += 1
    if k >= high or k > first + 1:
        while k > first + 1 and tokens.low[k - 1] != QUOTED:
            k -= 1
        return k
    return k


def _second_cue(tokens: Tokens, at: int, high: int, *, needs_end: bool) -> bool:
    """Whether "Smith said" or "said Smith" follows: ", he said," and ", and he added that"."""
    words = tokens.low
    forms = verb_forms()
    for n in range(at, min(high, at + 7)):
        word = words[n]
        if n > at and word in {",", QUOTED, ";", "that", "to", "of"}:
            return False
        verb = forms.get(word)
        if verb is None or not verb.form & (_PAST | _S) or not verb.frame & _SPEECH:
            continue
        if verb.frame & _NOUN and verb.form & _S:
            continue
        if n == at:
            return bool(verb.lemma == "say")
        named = tokens.cap[n - 1] or words[n - 1] in _SUBJECTS or words[at] in {"the", "a", "an"}
        if not named:
            return False
        if not needs_end:
            return True
        return (
            n + 1 >= high
            or words[n + 1] in _END
            or words[n + 1] in {",", ":", QUOTED}
            or (words[n + 1] in PREPOSITIONS or words[n + 1] in TIME_WORDS)
        )
    return False


def is_adjunct(tokens: Tokens, first: int, high: int) -> bool:
    """Whether only circumstances stand from `first` on: "on Friday night", "in a statement"."""
    words = tokens.low
    if first >= high or words[first] in _END:
        return True
    word = words[first]
    if (
        word not in PREPOSITIONS
        and word not in TIME_WORDS
        and not is_adverb(word)
        and word not in {"when", "as"}
    ):
        return False
    return not any(w in {QUOTED, "that", ":"} for w in words[first : min(high, first + _WINDOW)])
