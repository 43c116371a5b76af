"""The small grammar that finds noun phrases: before a cue, after it, with their appositions.

No parser: closed classes of words, capital letters, and the forms of the verbs in the lexicon.
Positions are token indices.
"""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.attribution.tokens import QUOTED, Tokens, is_adverb
from onrecord.attribution.verbs import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    NEGATIONS,
    PREPOSITIONS,
    PRONOUNS,
    TIME_WORDS,
    Form,
    Frame,
    verb_forms,
    words_of,
)

__all__ = ["Found", "is_passive", "noun_phrase_right", "source_left"]

_SUBJECT_PRONOUNS = words_of(
    """
    i he she it they we you there who
    """
)
_OBJECT_PRONOUNS = words_of(
    """
    him her them us me it you himself herself themselves itself myself ourselves each
    """
)
_ARTICLES = frozenset(("the", "a", "an", "his", "her", "their", "its"))
_JOINING = PREPOSITIONS | {"and", "all", "both", "half", "or", "&"}
_REFLEXIVES = frozenset(("himself", "herself", "themselves", "itself"))
_STOPS = words_of(
    """
    , ; : ( ) — – -- - . ! ? ... … / that which who whom whose because if when while whether
    although though as than so but or nor where why how what since unless until <q> [ ] | = *
    """
)
_LEADING = PREPOSITIONS | words_of(
    """
    and or but so then than even yet
    """
)
_PAST_FORMS = int(Form.PAST | Form.PARTICIPLE)
_FINITE = int(Form.PAST | Form.S)
_NOUN = int(Frame.NOUN)
_MAX_SOURCE_TOKENS = 14  # longer noun phrases before a cue are almost always two phrases
_MAX_APPOSITION_TOKENS = 32
_MAX_RIGHT_APPOSITION_TOKENS = 20
_APPOSITION_ENDS = frozenset((",", ".", QUOTED, ";", "—", "--"))
_NOUN_PREPOSITIONS = frozenset(("for", "from", "at", "with", "in"))
_NEW_PHRASE = frozenset(("the", "a", "an", "more"))
_CLITICS = ("'s", "'ve", "'d", "'ll", "'re")


@dataclass(frozen=True, slots=True)
class Found:
    """A source: its first and last token, and the first token of the verb group after it."""

    first: int
    last: int
    group: int


def source_left(tokens: Tokens, verb: int, low: int) -> Found | None:
    """The subject before a verb at token `verb`, looking no further left than `low`.

    `None` when no noun phrase stands there, or when what stands there makes it no verb.
    """
    words = tokens.low
    group = verb
    while group > low:
        word = words[group - 1]
        if (
            word in AUXILIARIES
            or word in NEGATIONS
            or word.endswith("n't")
            or (is_adverb(word) and not (tokens.cap[group - 1] and group - 1 > low))
        ):
            group -= 1
            continue
        break
    last = group - 1
    last = _before_time(tokens, last, low)
    if last < low:
        return None
    word = words[last]
    if word.endswith(_CLITICS) and word.partition("'")[0] in _SUBJECT_PRONOUNS:
        return Found(last, last, group)
    if word in {",", "—", "–", "--", "-"}:
        return _before_apposition(tokens, last, low, group)
    if word == ")":
        at = last - 1
        while at > low and words[at] != "(" and last - at < 20:
            at -= 1
        if words[at] != "(" or at <= low:
            return None
        first = _phrase_start(tokens, at - 1, low)
        return Found(first, last, group) if first >= 0 else None
    first = _phrase_start(tokens, last, low)
    return Found(first, last, group) if first >= 0 else None


def _before_time(tokens: Tokens, last: int, low: int) -> int:
    """Steps back over "on Tuesday", "last week", "this morning" between subject and verb."""
    at = last
    while at > low and tokens.low[at] in TIME_WORDS:
        at -= 1
    if at == last or at <= low:
        return last
    if tokens.low[at] in {"on", "in", "this", "last", "early", "late"}:
        at -= 1
    return at if at >= low and tokens.low[at] not in _STOPS else last


def _before_apposition(tokens: Tokens, last: int, low: int, group: int) -> Found | None:
    """The head before `, a former analyst,` when the verb follows a comma or a dash."""
    words = tokens.low
    mark = words[last]
    at = last - 1
    best: Found | None = None
    while at > low and last - at < _MAX_APPOSITION_TOKENS:
        if words[at] == QUOTED or words[at] in ";:":
            break
        if words[at] == mark:
            first = _phrase_start(tokens, at - 1, low)
            if first >= 0:
                best = Found(first, last - 1, group)
                # "Ann Ek, of Norland, the mayor, said": go on only while parts stay short.
                if (
                    at - first > 1
                    or not tokens.cap[at - 1]
                    or words[first - 1 if first else 0] != mark
                ):
                    return best
        at -= 1
    return best


def _phrase_start(tokens: Tokens, last: int, low: int) -> int:
    """The first token of the noun phrase that ends at `last`, or -1 if none ends there."""
    words, caps = tokens.low, tokens.cap
    if last < low:
        return -1
    word = words[last]
    if word in PRONOUNS:
        if word in {"some", "many", "others", "most", "all", "both", "several", "few", "one"}:
            return last
        return last
    if word in _STOPS or word in DETERMINERS or (word in PREPOSITIONS and not caps[last]):
        return -1
    if word in _REFLEXIVES and last > low:
        last -= 1  # "Ek himself said"
        word = words[last]
        if word in PRONOUNS:
            return last
    if word in _OBJECT_PRONOUNS or word in _STOPS or word in {"and", "or", "to"}:
        return -1
    forms = verb_forms()
    at = last
    while at >= low and last - at < _MAX_SOURCE_TOKENS:
        word = words[at]
        if word in _STOPS or word in AUXILIARIES or word in NEGATIONS:
            break
        if word in _SUBJECT_PRONOUNS or word.endswith("n't"):
            break
        if word == "and" and not _joins(tokens, at, low):
            break
        verb = forms.get(word)
        if (
            verb is not None
            and at < last
            and not caps[at]
            and verb.form & _FINITE
            and (not verb.frame & _NOUN or verb.form & _PAST_FORMS)
            and words[at - 1 if at else 0] not in DETERMINERS
        ):
            break
        if word in _ARTICLES and at < last and at > low and words[at - 1] not in _JOINING:
            at -= 1  # an object after a verb: "sent a letter urging"
            break
        at -= 1
    first = at + 1
    return _trimmed(tokens, first, last)


def _joins(tokens: Tokens, at: int, low: int) -> bool:
    """Whether "and" at `at` joins two noun phrases of one subject."""
    if at - 1 < low or at + 1 >= len(tokens.low):
        return False
    before, after = tokens.low[at - 1], tokens.low[at + 1]
    if tokens.cap[at - 1] and tokens.cap[at + 1]:
        return True
    return before.endswith("s") and after.endswith("s") and not tokens.cap[at - 1]


def _trimmed(tokens: Tokens, first: int, last: int) -> int:
    """The start of the last noun phrase in a stretch that may begin with something else.

    "In a statement Ann Ek" gives "Ann Ek"; "Supporters of the plan" stays whole.
    """
    words, caps = tokens.low, tokens.cap
    while first <= last and (is_adverb(words[first]) or words[first] in {"and", "or", "but", "so"}):
        first += 1
    if first > last:
        return -1
    if words[first] not in _LEADING:
        return first
    # A leading preposition: its own phrase ends where a name or a determiner starts anew.
    at = last
    if caps[at]:
        while at - 1 > first and (
            caps[at - 1] or words[at - 1] in {"of", "de", "van", "von", "al"}
        ):
            at -= 1
        if at - 1 > first and words[at - 1] in DETERMINERS:
            at -= 1
        return at if words[at] not in _LEADING else -1
    while at > first and words[at] not in DETERMINERS:
        at -= 1
    if at > first:
        return at
    return last


def noun_phrase_right(tokens: Tokens, first: int, high: int, *, before_clause: bool = False) -> int:
    """The last token of the noun phrase that starts at `first`, or -1 if none starts there.

    An apposition after a comma belongs to it: "Ann Ek, the mayor of Norby". `before_clause` says
    that a clause follows the phrase, so that only a second comma shows an apposition.
    """
    words, caps = tokens.low, tokens.cap
    if first >= high:
        return -1
    word = words[first]
    if word in _SUBJECT_PRONOUNS or word in {"some", "many", "others"}:
        return first
    if word in _STOPS or word in _OBJECT_PRONOUNS or (word in PREPOSITIONS and not caps[first]):
        return -1
    if not (caps[first] or word in DETERMINERS or word[0].isalpha()):
        return -1
    stop = min(high, first + _MAX_SOURCE_TOKENS)
    at = first + 1
    while at < stop and not _ends_phrase(tokens, first, at):
        at += 1
    if at + 1 < high and words[at] == "," and _starts_apposition(tokens, at + 1):
        limit = min(high, at + _MAX_RIGHT_APPOSITION_TOKENS)
        close = at + 1
        while close < limit and words[close] not in _APPOSITION_ENDS:
            if words[close] in AUXILIARIES and words[at + 1] != "who":
                return at - 1  # "According to police, the driver was ...": a clause
            close += 1
        if close < limit or close == high:
            if before_clause and (close == high or words[close] != ","):
                return at - 1
            return close - 1
    return at - 1


def _ends_phrase(tokens: Tokens, first: int, at: int) -> bool:
    """Whether the noun phrase that starts at `first` ends before the token at `at`."""
    word, before = tokens.low[at], tokens.low[at - 1]
    if word in _STOPS or word in AUXILIARIES or word in _SUBJECT_PRONOUNS or word in TIME_WORDS:
        return True
    if word == "and":
        return not _joins(tokens, at, first)
    if tokens.cap[at]:
        return False
    verb = verb_forms().get(word)
    if (
        verb is not None
        and verb.form & _FINITE
        and not verb.frame & _NOUN
        and before not in DETERMINERS
    ):
        return True
    if word in PREPOSITIONS:
        # "the mayor of Norby", "a spokesman for the party", but "Ann Ek in a speech".
        return word != "of" and (word not in _NOUN_PREPOSITIONS or tokens.cap[at - 1])
    if before in PREPOSITIONS:
        return False
    return word.endswith("ing") or (at > first + 1 and word in _NEW_PHRASE)


def _starts_apposition(tokens: Tokens, at: int) -> bool:
    word = tokens.low[at]
    return word in {"a", "an", "the", "who", "whose", "one", "his", "her", "its", "former"} or (
        not tokens.cap[at]
        and word.endswith(("er", "or", "man", "woman", "ist", "ian", "ant", "person"))
    )


def is_passive(tokens: Tokens, verb: int, group: int) -> bool:
    """Whether a form of "be" governs the past form at `verb`."""
    return any(tokens.low[i] in BE for i in range(group, verb)) or tokens.low[
        group - 1 if group else 0
    ].endswith("'re")
