"""What a cue does with its content: states it, denies it, asks it, or leaves it open.

Plain functions on a text and the span of a cue, used by the rules and by the trained tagger, so
that both mean the same by a stance. They look at the words of the cue, at the few words before it
in its clause, and at the first words of the content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.attribution.verbs import NEGATIONS, Form, Frame, verb_forms, words_of
from onrecord.span import Span
from onrecord.terms import AttributionStance

__all__ = ["is_doubting", "is_factive", "is_not_yet_said", "judged", "lemma_of", "stance_of"]

_FACTIVE = words_of(
    """
    find admit acknowledge reveal discover realize realise learn know concede confess recognize
    recognise remember recall show demonstrate prove expose disclose regret note confirm
    understand notice forget remind
    """
)
_FACTIVE_PHRASES = ("pointed out", "point out", "points out", "pointing out")
_DOUBTING = frozenset(["claim", "allege", "purport", "profess", "contend", "boast", "insinuate"])
_DOUBTING_NOUNS = words_of(
    """
    claim claims allegation allegations accusation accusations rumor rumors rumour rumours
    """
)
_DENYING = words_of(
    """
    deny reject refute rebut dismiss disavow repudiate debunk contradict dispute discount
    disclaim disagree contest
    """
)
_DENYING_PHRASES = re.compile(
    r"\b(?:rul(?:ed?|es|ing) (?:it )?out|shot down|shoots? down|scoff(?:ed|s|ing)? at|knock(?:ed|s|ing)? down"
    r"|pour(?:ed|s|ing)? cold water on|push(?:ed|es|ing)? back (?:against|on)|brush(?:ed|es|ing)? (?:off|aside)"
    r"|(?:denials?|rejection|dismissal|rebuttal) (?:of|that)"
    r"|call(?:ed|s|ing)? (?:it )?(?:a lie|false|fake))\b"
)
_ASKING = frozenset(["ask", "wonder", "question", "inquire", "query", "doubt"])
_OPEN_VERBS = words_of(
    """
    decline refuse fail forget omit avoid neglect stop hesitate
    """
)
# "does not believe that X" denies X, where "did not say that X" leaves it open.
_BELIEVING = words_of(
    """
    think believe see agree accept support endorse want expect feel consider favor favour
    approve buy recognize recognise back
    """
)
_ATTITUDES = words_of(
    """
    want hope plan intend wish expect seek aim promise pledge vow
    """
)
_WHETHER = re.compile(
    r"\s{0,4}(?:about |on |over |as to )?(?:whether|if|why|how|what|who|when|where)\b"
)
_TO = re.compile(r"\s{0,4}(?:[\w'’.]{1,40} ){0,4}to\b")
_CLAUSE_START = re.compile(
    r"[,;:.!?—–\"“”()]|\b(?:and|but|that|which|who|while|because|although|though|after|as)\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CONDITION = re.compile(
    r"(?:\bif\b|\bwhether\b|\bunless\b|\bshould (?:he|she|they|it)\b|\bin case\b|\bassuming\b|\beven if\b)"
)
_FUTURE = re.compile(
    r"\b(?:will|shall|'ll|’ll|(?:is|are|was|were) (?:\w+ )?(?:expected|set|due|scheduled|going|likely|poised|about|slated) to"
    r"|(?:plans?|planned|intends?|intended|expects?|expected|hopes?|hoped|prepares?|prepared|preparing|planning) to"
    r"|(?:is|are) to)(?: \w+ly| also| now| then| soon)*\s*$"
)
_POSSIBLE = re.compile(r"\b(?:could|might|may|would|can)(?: \w+ly| also| have)*\s*$")
_NOUN, _BASE = int(Frame.NOUN), int(Form.BASE)
_WINDOW_CHARS = 60  # "officials in Norland have so far repeatedly declined to"


def lemma_of(text: str, cue: Span) -> str:
    """The verb of a cue in its base form; its last word in lower case when no verb is known.

    >>> lemma_of("She has also said so", Span(4, 17))
    'say'
    """
    return _seen(text, cue, None).lemma


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue with its surroundings in lower case: what stands before it in its clause, and after."""

    before: str
    words: str
    to_verb: str  # the words of the cue before its last verb
    after: str
    lemma: str


def judged(
    text: str, cue: Span, *, content: Sequence[Span] = (), sentence: Span | None = None
) -> tuple[AttributionStance, bool, bool]:
    """Stance, factive and not yet said in one reading; see the functions of those names."""
    seen = _seen(text, cue, sentence)
    return _stance(text, seen, content), _factive(seen), _later(seen)


def is_factive(text: str, cue: Span) -> bool:
    """Whether the cue takes its content for true, as "found" and "admitted" do.

    >>> is_factive("She admitted it", Span(4, 12))
    True
    """
    return _factive(_seen(text, cue, None))


def is_doubting(text: str, cue: Span) -> bool:
    """Whether the cue keeps a distance to its content, as "claims" and "alleges" do.

    >>> is_doubting("She claims so", Span(4, 10))
    True
    """
    words = {word.lower() for word in _WORD.findall(cue.of(text))}
    return lemma_of(text, cue) in _DOUBTING or not words.isdisjoint(_DOUBTING_NOUNS)


def is_not_yet_said(text: str, cue: Span, *, sentence: Span | None = None) -> bool:
    """Whether the cue tells of the future: "will say", "is expected to announce".

    >>> is_not_yet_said("She will say so", Span(9, 12))
    True
    """
    return _later(_seen(text, cue, sentence))


def stance_of(
    text: str, cue: Span, *, content: Sequence[Span] = (), sentence: Span | None = None
) -> AttributionStance:
    """What the source does with the content; `asserts` unless words say otherwise.

    `sentence` bounds how far to look back; without it the clause is found by punctuation.

    >>> str(stance_of("He ruled out the move", Span(3, 12)))
    'denies'
    """
    return _stance(text, _seen(text, cue, sentence), content)


def _seen(text: str, cue: Span, sentence: Span | None) -> _Cue:
    words = cue.of(text).lower().replace("’", "'")
    forms = verb_forms()
    lemma = last = ""
    at = 0
    for match in _WORD.finditer(words):
        last = match.group()
        verb = forms.get(last)
        if verb is None:
            continue
        at = match.start()
        # The last verb of a chain carries the content: "declined to say", "went on to add".
        if not (lemma and verb.frame & _NOUN and verb.form & _BASE):
            lemma = verb.lemma
    after = text[cue.end : cue.end + 80].lower()
    return _Cue(_before(text, cue, sentence), words, words[:at], after, lemma or last)


def _factive(seen: _Cue) -> bool:
    return seen.lemma in _FACTIVE or any(phrase in seen.words for phrase in _FACTIVE_PHRASES)


def _later(seen: _Cue) -> bool:
    window = seen.before + seen.to_verb
    return bool(window.strip()) and bool(_FUTURE.search(window))


def _stance(text: str, seen: _Cue, content: Sequence[Span]) -> AttributionStance:
    lemma = seen.lemma
    around = seen.before + seen.words
    if _CONDITION.search(seen.before):
        return AttributionStance.UNRESOLVED
    tokens = _WORD.findall(around)
    negated = _is_negated(tokens)
    opened = _has_open_verb(tokens, around)
    denying = lemma in _DENYING or bool(_DENYING_PHRASES.search(seen.words + seen.after[:16]))
    if denying and lemma == "dispute" and _WHETHER.match(seen.after):
        return AttributionStance.QUESTIONS
    if denying:
        return AttributionStance.UNRESOLVED if negated or opened else AttributionStance.DENIES
    if lemma == "doubt":
        return AttributionStance.UNRESOLVED if negated else AttributionStance.QUESTIONS
    if opened and not (lemma in _OPEN_VERBS and not _opens_saying(seen.after)):
        return AttributionStance.UNRESOLVED
    if negated:
        believed = lemma in _BELIEVING
        return AttributionStance.DENIES if believed else AttributionStance.UNRESOLVED
    if lemma in _ASKING:
        return _asking(text, lemma, seen.after, content)
    possible = _POSSIBLE.search(seen.before + seen.to_verb)
    if possible and lemma not in _ATTITUDES and lemma not in _BELIEVING:
        return AttributionStance.UNRESOLVED
    return AttributionStance.ASSERTS


def _asking(text: str, lemma: str, after: str, content: Sequence[Span]) -> AttributionStance:
    """`questions`, except for a request ("asked them to leave")."""
    if lemma != "ask":
        return AttributionStance.QUESTIONS
    if content:
        first, last = content[0], content[-1]
        opening = text[first.start : first.start + 40].lower()
        asks = text[last.start : last.end + 2].rstrip("\"”’' ").endswith("?")
        if asks or _WHETHER.match(opening):
            return AttributionStance.QUESTIONS
        if opening.startswith(("to ", "for ")):
            return AttributionStance.ASSERTS
    if _TO.match(after) and not _WHETHER.search(after[:40]):
        return AttributionStance.ASSERTS
    return AttributionStance.QUESTIONS


def _before(text: str, cue: Span, sentence: Span | None) -> str:
    """The words before the cue in its clause, in lower case, at most `_WINDOW_CHARS`."""
    low = max(sentence.start if sentence else 0, cue.start - _WINDOW_CHARS)
    window = text[low : cue.start].lower().replace("’", "'")
    cut = 0
    for match in _CLAUSE_START.finditer(window):
        cut = match.end()
    return window[cut:]


def _is_negated(words: Sequence[str]) -> bool:
    if "only" in words and "not" in words:
        return False
    return any(word in NEGATIONS or word.endswith("n't") for word in words)


def _has_open_verb(words: Sequence[str], around: str) -> bool:
    """Whether "declined to", "refused to", "stopped short of" stands in the words."""
    forms = verb_forms()
    for word in words:
        if word in _OPEN_FORMS:
            return True
        verb = forms.get(word)
        if verb is not None and verb.lemma in _OPEN_VERBS:
            return True
    return "short of" in around and ("stopped short" in around or "stops short" in around)


_OPEN_FORMS = words_of(
    """
    failed fails failing stopped omitted omits avoided avoids neglected hesitated
    """
)
_SAYING_AFTER = re.compile(
    r"\s{0,4}to (?:\w+ly )?(?:say|comment|confirm|deny|rule|answer|discuss|elaborate|specify|disclose|reveal"
    r"|speculate|identify|name|respond|provide|give|explain|address|acknowledge|endorse|commit|state|admit|talk)\b"
)


def _opens_saying(after: str) -> bool:
    """Whether a refusal is one of speech: "declined to say", not "refused to leave"."""
    return bool(_SAYING_AFTER.match(after)) or not after.lstrip().startswith("to ")
