"""Counter-voices: one source denies or disputes what another source, or the page, asserts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onrecord.attribution.content_words import coverage, is_negated, page_counts, stems
from onrecord.attribution.speakers import NO_SOURCE
from onrecord.record import Attribution, CounterVoice, Page, Speaker
from onrecord.span import Span
from onrecord.terms import AttributionStance, RegionKind

__all__ = ["counter_voices", "denies"]

_DENYING_CUE = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|disput(?:e|es|ed|ing)|refut(?:e|es|ed|ing)|"
    r"rebut(?:s|ted|ting)?|contradict(?:s|ed|ing)?|rul(?:e|es|ed|ing)\sout|debunk(?:s|ed|ing)?|"
    r"disagree(?:s|d|ing)?|t(?:akes|ook|aking)\sissue|dismiss(?:es|ed|ing)?)\b",
    re.IGNORECASE,
)
# What is refused or put aside is no statement: an offer, a person, a plan.
_NO_STATEMENT = re.compile(
    r"^(?:[\w.’']+\s){0,4}?(?:offers?|requests?|bids?|proposals?|plans?|calls?|deals?|demands?|legislation|bills?|"
    r"invitations?|endorsements?|nominations?|applications?|appeals?|petitions?|amendments?|comment|access|"
    r"entry|visas?|candidates?|(?:running|joining|resigning|participating)|a\srun|bail|parole|service)\b"
)
_REFUSING = re.compile(r"\b(?:reject|dismiss|rul\w+\sout|den(?:y|ies|ied|ying))", re.IGNORECASE)
_ANSWERING_CUE = re.compile(
    r"\b(?:counter(?:s|ed|ing)?|retort(?:s|ed)?|(?:shot|shoots|fired|fires|hit|hits|push(?:es|ed)|clapped)\sback|"
    r"rebut(?:s|ted)?)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:ask|question|press|wonder|inquir|quer|want\w*\sto\sknow)", re.IGNORECASE
)
_OWN_FAULT = re.compile(r"\b(?:admit|acknowledg|conced|apologi|confess|regret)", re.IGNORECASE)
_NOT_DENYING = re.compile(
    r"\b(?:not|never|neither|n['’]t|nor|declin\w+|refus\w+|without)\b", re.IGNORECASE
)
# What a speaker says against a statement that is named only as "the claim" or "that".
_FALSE = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|as)\s(?:simply|just|completely|totally|entirely|absolutely|categorically|"
    r"patently|flatly|utterly|so)?\s?(?:not\strue|false|untrue|baseless|unfounded|incorrect|a\s(?:total\s|complete\s)?lie|"
    r"lies|nonsense|fabricated|groundless|without\smerit)\b|\bno\struth\b|"
    r"['’]s\s(?:not\strue|false|a\slie)\b|\b(?:false|baseless|unfounded)\s(?:claim|allegation|accusation|charge)s?\b)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:call|dismiss|describ|denounc|brand|label)\w*\b.{0,80}?\b(?:false|untrue|baseless|unfounded|a\slie|lies|"
    r"nonsense|fabricated|groundless|incorrect|inaccurate)\b",
    re.IGNORECASE | re.DOTALL,
)
_NAMED_STATEMENT = r"(?:accusations?|allegations?|claims?|charges?|assertions?|suggestions?|statements?|criticisms?|argument)"
_SMEARED = re.compile(
    rf"^\W*(?:that\s)?(?:that|this|those|these|the|such)\s(?:\w+\s)?{_NAMED_STATEMENT}\s(?:\w+\s){{0,3}}?(?:smack|"
    r"is|are|was|were|ignore|distort|misrepresent|lack|fail|amount|miss)\w*\b",
    re.IGNORECASE,
)
_WRONGED = re.compile(
    r"\b(?P<name>[A-Z][\w'’-]+)\s(?:has\s|had\s|is\s|was\s)?(?:again\s|falsely\s|grossly\s|wildly\s)?(?:exaggerat\w+|lied|lying|"
    r"misle(?:d|ads)|misstat\w+|misrepresent\w+|distort\w+)\b"
)
_POINTS_BACK = re.compile(
    r"\b(?:the|this|that|these|those|such|his|her|its|their|any)\s(?:\w+['’]s\s)?(?:\w+\s)?(?:accusations?|allegations?|claims?|"
    r"charges?|reports?|assertions?|suggestions?|ideas?|statements?|criticisms?|rumou?rs?|notions?|stor(?:y|ies))\b"
    r"|^(?:it|that|this|them|those|so|doing\sso|doing\sit)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"”’]*(?=\s)")
_NAMING_NOUNS = frozenset(
    [
        "accus",
        "alleg",
        "claim",
        "charg",
        "report",
        "assert",
        "suggest",
        "idea",
        "statement",
        "critic",
        "rumour",
        "rumor",
        "not",
        "stor",
        "argu",
    ]
)
_LEAST_SHARE = 0.5  # of the denied words that the answered statement must have
_LEAST_SHARED = 1.5  # weight of the words shared; one rare word alone proves nothing
_FLIP_SHARE = 0.74  # the same for a plain contradiction, which no denying word announces
_FLIP_SHARED = 1.5
_FLIP_FEWEST, _FLIP_MOST = 3, 8  # stems of the sentence that contradicts: longer ones rarely do
_NO_FLIP = re.compile(
    r"\bwould(?:n['’]t|\snot)\s(?:have|vote)\b|\bnot\s(?:only|just|surpris\w+|sure|clear|certain|yet)\b|\?",
    re.IGNORECASE,
)
_WRONGED_SHARE = 0.25
_ANSWERED_SHARED = 1.0
_PUBLISHER_SHARE = 0.6
_PUBLISHER_SHARED = 2.0
_AT_MOST = 3  # pairs of one denial
_CLOSE_TO_BEST = 0.6


@dataclass(frozen=True, slots=True)
class _Statement:
    attribution: Attribution
    words: frozenset[str]
    negated: bool
    speakers: frozenset[str]
    paragraph: int
    is_open: bool


def counter_voices(
    page: Page,
    sentences: Sequence[Span],
    *,
    attributions: Sequence[Attribution],
    speakers: Sequence[Speaker],
) -> tuple[CounterVoice, ...]:
    """The pairs of a denial and what it answers, in the order of the denials.

    A denial is an attribution that denies by stance or cue ("rejected"), calls something false, or
    negates nearly the same words as another speaker asserts. It must share words with what it
    answers, or point back to it ("the accusation") from the same or the next paragraph. Denier and
    answered are two resolved speakers; a sentence of the publisher is answered only where no
    attribution is. Without a pair: `()`.
    """
    text = page.text
    owners: dict[str, set[str]] = {}
    open_ids = frozenset(speaker.id for speaker in speakers if _is_open(speaker))
    for speaker in speakers:
        for identity in speaker.attributions:
            owners.setdefault(identity, set()).add(speaker.id)
    counts = page_counts(text)
    statements = [_statement(text, attribution, owners, open_ids) for attribution in attributions]
    pairs: list[CounterVoice] = []
    title = [region.span for region in page.regions if region.kind == RegionKind.TITLE]
    for statement in statements:
        if any(_extent(statement.attribution).overlaps(span) for span in title):
            continue  # the body says it again, with its context
        if not statement.speakers or statement.is_open:
            continue
        pairs.extend(_answers(page, sentences, statement, statements, counts))
    return tuple(dict.fromkeys(pairs))


def _is_open(speaker: Speaker) -> bool:
    """Whether nobody can say that this speaker is another than those named."""
    return speaker.name == NO_SOURCE or any(join.word == "unresolved" for join in speaker.joins)


def _statement(
    text: str,
    attribution: Attribution,
    owners: Mapping[str, set[str]],
    open_ids: frozenset[str],
) -> _Statement:
    start = attribution.content[0].start if attribution.content else 0
    own = frozenset(owners.get(attribution.id, ()))
    return _Statement(
        attribution,
        stems(text, attribution.content),
        is_negated(text, attribution.content),
        own,
        text.count("\n", 0, start),
        bool(own & open_ids),
    )


def denies(text: str, attribution: Attribution) -> bool:
    """Whether the source says that something is not so, by stance, cue or a word for false."""
    if attribution.stance not in (AttributionStance.DENIES, AttributionStance.ASSERTS):
        return False
    cue, spans = attribution.cue, list(attribution.content)
    if not spans:
        return False
    if cue is not None:
        words = cue.of(text)
        if _REFUSING.search(words) and _NO_STATEMENT.search(spans[0].of(text)[:80]):
            return False
        if _OWN_FAULT.search(words):
            return False
        before = text[max(0, cue.start - 24) : cue.start].rsplit(".", 1)[-1]
        if _DENYING_CUE.search(words) and not _NOT_DENYING.search(before + words):
            return not _dismissed_person(text, words, spans[0])
    if attribution.stance == AttributionStance.DENIES:
        return True
    if any(_FALSE.search(span.of(text)) or _SMEARED.search(span.of(text)) for span in spans):
        return True
    if cue is None:
        return False
    whole = Span(min(cue.start, spans[0].start), max(cue.end, spans[-1].end))
    return whole.n_chars < 240 and bool(_CALLED.match(text, whole.start, whole.end))


def _dismissed_person(text: str, cue: str, content: Span) -> bool:
    """Whether "dismissed" and the like take a name: "dismissed Low as weak"."""
    taken = re.match(r"(?:dismiss|reject)", cue.strip(), re.IGNORECASE)
    person = r"(?:[A-Z]\w+(?:\s[A-Z]\w+)*|them|him|her)\s(?:as\b|$)"
    return bool(taken) and bool(re.match(person, content.of(text)))


def _answers(
    page: Page,
    sentences: Sequence[Span],
    statement: _Statement,
    statements: Sequence[_Statement],
    counts: Mapping[str, int],
) -> list[CounterVoice]:
    text, by = page.text, statement.attribution
    others = [other for other in statements if _can_be_answered(text, statement, other)]
    if denies(text, by):
        scored = _scored(statement, others, counts, share=_LEAST_SHARE, shared=_LEAST_SHARED)
        if scored:
            best = scored[0][0]
            close = [other for value, other in scored if value >= _CLOSE_TO_BEST * best]
            return [CounterVoice(by.id, other.attribution.id) for other in close[:_AT_MOST]]
        if any(_POINTS_BACK.search(span.of(text)) for span in by.content[:1]):
            return _pointed_at(text, statement, others)
        published = _published(page, sentences, statement.words, statements, counts)
        if published is not None and not published.overlaps(_extent(by)):
            return [CounterVoice(by.id, None, published)]
        return []
    if by.stance != AttributionStance.ASSERTS:
        return []
    wronged = _wronged(text, statement, others, counts)
    if wronged is not None:
        return [CounterVoice(by.id, wronged.attribution.id)]
    if by.cue is not None and _ANSWERING_CUE.search(by.cue.of(text)):
        near = _pointed_at(text, statement, others)
        answered = {pair.answered for pair in near}
        return [
            pair
            for pair, other in ((p, o) for p in near for o in others)
            if other.attribution.id in answered
            and coverage(statement.words, other.words, counts)[1] >= _ANSWERED_SHARED
        ][:1]
    return _contradicted(text, statement, others, counts)


def _wronged(
    text: str,
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
) -> _Statement | None:
    """The assertion of which a speaker says that its source exaggerates or lies."""
    for span in statement.attribution.content:
        match = _WRONGED.search(span.of(text))
        if match is None:
            continue
        theirs = [
            other
            for other in others
            if other.attribution.source is not None
            and match["name"] in other.attribution.source.of(text)
        ]
        scored = _scored(statement, theirs, counts, share=_WRONGED_SHARE, shared=_LEAST_SHARED)
        if scored:
            return scored[0][1]
    return None


def _contradicted(
    text: str,
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
) -> list[CounterVoice]:
    """The earlier assertion that a short sentence of the content repeats with the opposite sign."""
    by = statement.attribution
    for span in _sentences_of(text, by.content):
        words, negated = stems(text, [span]), is_negated(text, [span])
        if not _FLIP_FEWEST <= len(words) <= _FLIP_MOST or _NO_FLIP.search(span.of(text)):
            continue
        for other in others:
            if other.attribution.content[0].start > by.content[0].start:
                continue
            for against in _sentences_of(text, other.attribution.content):
                theirs = stems(text, [against])
                part, shared = coverage(words, theirs, counts)
                if (
                    len(words & theirs) >= _FLIP_FEWEST
                    and part >= _FLIP_SHARE
                    and shared >= _FLIP_SHARED
                    and negated != is_negated(text, [against])
                    and not _NO_FLIP.search(against.of(text))
                ):
                    return [CounterVoice(by.id, other.attribution.id)]
    return []


def _sentences_of(text: str, spans: Sequence[Span]) -> list[Span]:
    """The sentences inside content spans."""
    out = []
    for span in spans:
        start = span.start
        for match in re.finditer(r"[.!?;][\"”’]*\s", span.of(text)):
            out.append(Span(start, span.start + match.end()))
            start = span.start + match.end()
        if start < span.end:
            out.append(Span(start, span.end))
    return out


def _can_be_answered(text: str, statement: _Statement, other: _Statement) -> bool:
    if other is statement or not other.attribution.content:
        return False
    if other.attribution.stance != AttributionStance.ASSERTS or other.speakers & statement.speakers:
        return False
    if other.is_open and other.attribution.source is not None:
        return False  # "he said" of an open "he" may be the denier himself
    mine, cue = statement.attribution.content, other.attribution.cue
    if cue is not None and (_ASKING.search(cue.of(text)) or _NOT_DENYING.search(cue.of(text))):
        return False
    if (
        text[other.attribution.content[-1].end - 2 : other.attribution.content[-1].end].find("?")
        >= 0
    ):
        return False
    return bool(other.speakers) and not any(
        span.overlaps(own) for span in other.attribution.content for own in mine
    )


def _scored(
    statement: _Statement,
    others: Sequence[_Statement],
    counts: Mapping[str, int],
    *,
    share: float,
    shared: float,
) -> list[tuple[float, _Statement]]:
    """What shares enough words with the statement, the best first, the earlier before the later."""
    rows = []
    asked = statement.words - _NAMING_NOUNS
    start = statement.attribution.content[0].start if statement.attribution.content else 0
    for other in others:
        part, weight = coverage(asked, other.words, counts)
        before = other.attribution.content[0].start < start
        if part < share or weight < shared:
            continue
        if not before and abs(other.paragraph - statement.paragraph) > 2:
            continue
        rows.append((part * (1.0 if before else 0.8), other))
    return sorted(rows, key=lambda row: (-row[0], row[1].attribution.content[0].start))


def _pointed_at(
    text: str, statement: _Statement, others: Sequence[_Statement]
) -> list[CounterVoice]:
    """The one assertion that "the accusation" can mean: the last before it, a sentence away."""
    start = _extent(statement.attribution).start
    before = [other for other in others if _extent(other.attribution).start < start]
    if not before:
        return []
    last = max(before, key=lambda other: _extent(other.attribution).start)
    between = text[_extent(last.attribution).end : start]
    if between.count("\n") > 2 or len(_SENTENCE_END.findall(between)) > 1:
        return []
    return [CounterVoice(statement.attribution.id, last.attribution.id)]


def _extent(attribution: Attribution) -> Span:
    spans = [*attribution.content]
    spans += [span for span in (attribution.source, attribution.cue) if span is not None]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _published(
    page: Page,
    sentences: Sequence[Span],
    denied: frozenset[str],
    statements: Sequence[_Statement],
    counts: Mapping[str, int],
) -> Span | None:
    """The sentence of the publisher's own that the denied words repeat, if one is clear."""
    body = [region.span for region in page.regions if region.kind == RegionKind.BODY]
    carried = [span for other in statements for span in other.attribution.content]
    best: tuple[float, Span] | None = None
    for sentence in sentences:
        if not any(region.contains(sentence) for region in body):
            continue
        if any(span.overlaps(sentence) for span in carried):
            continue
        part, weight = coverage(denied, stems(page.text, [sentence]), counts)
        if (
            part >= _PUBLISHER_SHARE
            and weight >= _PUBLISHER_SHARED
            and (best is None or part > best[0])
        ):
            best = (part, sentence)
    return best[1] if best else None
