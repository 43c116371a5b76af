"""What each part of a passage says of a claim, and the words in it that this rests on.

A part is a question with its answer where the passage has questions, else the whole passage. Of a
part four things count: what the stance model makes of it; a plain yes or no to a question whose
statement the claim makes; words with which the passage itself passes judgement (`rulings`); and its
numbers beside the claim's (`quantities`), which the model reads less well than the comparison does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.evidence.matter import content_words, shared_share, shares_a_name
from onrecord.evidence.quantities import compared
from onrecord.evidence.questions import Exchange, Reply, exchanges, proposition
from onrecord.evidence.rulings import Ruling, rulings
from onrecord.evidence.stance import NOTHING_SAID, StanceReader, StanceScore
from onrecord.sentence_ends import split
from onrecord.span import Span, merged, shrunk
from onrecord.terms import EvidenceStance, QuantityFinding

__all__ = [
    "FOUND",
    "GIVEN",
    "Bearing",
    "PartReading",
    "cited_words",
    "is_on_the_matter",
    "part_readings",
    "strongest",
]

_NOWHERE = Span(0, 0)
_Factors = tuple[float, float, float]
# How far a yes or no takes away from what the model reads on the other side. 0, .3, .6 and 1 were
# tried on averitec.dev and made no difference; half.
_DAMPED = 0.5
# What words of judgement count for, as a probability: of the 67 claims of averitec.dev whose answers
# hold such words 59 are refuted, and values from .4 to .8 did the same there. Below the threshold of
# a verdict, since what exactly is judged is not read.
_RULING = 0.75
# Factors on supports, refutes and neutral: for a number of the claim that is contradicted while none
# agrees, for the other way round, and for a date that is contradicted in a sentence about another
# event ("closed in 2019" beside "reopened in 2021"). Measured on vitaminc.dev the first would be
# .3, 11, 1 (on fm2.dev alone supports against refutes 1 to 4) and the second 5, 1, 1; of six
# settings these kept supported and refuted right in .90 of cases. On vitaminc.dev accuracy rose from
# .726 to .755; on it and fm2.dev together, at a threshold of .8, coverage rose from .233 to .302,
# precision of supported from .927 to .936 and of refuted from .898 to .925.
_AS_READ = (1.0, 1.0, 1.0)
_OTHER_NUMBER = (0.5, 3.0, 1.0)
_SAME_NUMBER = (2.0, 0.6, 1.0)
_OTHER_EVENT = (0.5, 0.3, 1.0)
# Share of the claim's words, numbers left out, from which a sentence is about the same event; .6,
# .7 and .8 were tried.
_SAME_EVENT = 0.75
_DATE = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b"
)
# Share of the claim's words that the words cited must have, with title and question, and the
# probability from which a stance is believed without: see `is_on_the_matter`. 490 claims of 50 news
# stories against 349 articles about other things: 227 passages had a side, 35 one of .7 or more,
# and 3 claims got a label, all wrong; with these 18 claims have a passage with a side, and none
# gets a label. With .85 in place of .9 it was the same; of 1,169 pairs of fm2.dev .103 instead of
# .122 get a label, with .85 .104, with half of the words .089, without names .106.
_ON_IT = 0.34
_SURE_ANYWAY = 0.9


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a text came to stand beside a claim.

    A yes or no counts for `asked` plus `stated` times the probability that the claim makes the
    question's statement. `same_matter` is the share of the claim's words from which words of
    judgement are about the claim.
    """

    asked: float
    stated: float
    same_matter: float


# Found by a search: only a question that states what the claim states bears on it, and words of
# judgement in a passage with less than three quarters of the claim's words may be about anything.
FOUND = Bearing(asked=0.0, stated=1.0, same_matter=0.75)
# Chosen by a person for this claim, who asked the question because it bears on it. Best of a
# search over 1,500 settings on halves of averitec.dev.
GIVEN = Bearing(asked=0.4, stated=0.3, same_matter=0.0)


@dataclass(frozen=True, slots=True)
class PartReading:
    """A part of a passage and what it says of the claim.

    `span` is the part, `answer` what of it can be cited, both into the passage; `cue` holds words
    of judgement, or numbers other than the claim's, where the stance rests on them. `answered` is false for an
    answer that says that there is none. `question` is given where a yes or no answers it, since
    such an answer says nothing without.
    """

    span: Span
    answer: Span
    score: StanceScore
    cue: tuple[Span, ...] = ()
    answered: bool = True
    question: Span = _NOWHERE


@dataclass(frozen=True, slots=True)
class _Part:
    """A part before it is read: the pairs to ask, and where each stands in the batch."""

    claim: str
    passage: str
    exchange: Exchange
    pairs: tuple[tuple[str, str], ...]
    is_polar: bool


def part_readings(
    pairs: Sequence[tuple[str, str]], *, reader: StanceReader, bearing: Bearing
) -> tuple[tuple[PartReading, ...], ...]:
    """What the parts of each (claim, passage) say, in order; the reader is asked once.

    A blank passage has no part.
    """
    parts = [[_part(claim, passage, e) for e in _exchanges(passage)] for claim, passage in pairs]
    asked = list(dict.fromkeys(p for row in parts for part in row for p in part.pairs))
    scores = dict(zip(asked, reader(asked), strict=True)) if asked else {}
    return tuple(
        tuple(_reading(part, [scores[p] for p in part.pairs], bearing) for part in row)
        for row in parts
    )


def strongest(readings: Iterable[PartReading]) -> PartReading | None:
    """The part that says most for or against; `None` where there is no part."""
    return max(readings, key=lambda r: max(r.score.supports, r.score.refutes), default=None)


def _exchanges(passage: str) -> tuple[Exchange, ...]:
    found = exchanges(passage)
    if found:
        return found
    whole = shrunk(passage, Span(0, len(passage)))
    return (Exchange(Span(0, 0), whole, Reply.OPEN),) if whole.n_chars else ()


def _part(claim: str, passage: str, exchange: Exchange) -> _Part:
    question, answer = exchange.question.of(passage), exchange.answer.of(passage)
    if exchange.reply is Reply.NONE and question:
        return _Part(claim, passage, exchange, (), is_polar=False)
    if not question:
        return _Part(claim, passage, exchange, ((claim, answer),), is_polar=False)
    pairs = [(claim, answer), (claim, f"{question} {answer}")]
    stated = proposition(question) if exchange.reply is not Reply.OPEN else ""
    if stated:
        pairs.append((stated, claim))
    return _Part(claim, passage, exchange, tuple(pairs), is_polar=bool(stated))


def _reading(part: _Part, scores: Sequence[StanceScore], bearing: Bearing) -> PartReading:
    exchange = part.exchange
    span = exchange.answer
    if exchange.question.n_chars:
        span = Span(exchange.question.start, max(exchange.answer.end, exchange.question.end))
    if not scores:
        return PartReading(span, exchange.answer, NOTHING_SAID, answered=False)
    read = scores[: 2 if exchange.question.n_chars else 1]
    supports = sum(score.supports for score in read) / len(read)
    refutes = sum(score.refutes for score in read) / len(read)
    if part.is_polar:
        weight = bearing.asked + bearing.stated * scores[2].supports
        if exchange.reply is Reply.YES:
            supports, refutes = max(supports, weight), refutes * _DAMPED
        else:
            supports, refutes = supports * _DAMPED, max(refutes, weight)
    judged = _judged(part, span, bearing)
    if judged:
        if judged[0].refutes:
            supports, refutes = supports * _DAMPED, max(refutes, _RULING)
        else:
            supports, refutes = max(supports, _RULING), refutes * _DAMPED
    # A passage that calls a story untrue repeats its numbers, and supports nothing with them.
    factors, numbers = (_AS_READ, ()) if judged else _numbers(part, exchange.answer)
    score = _with_factors(_score(supports, refutes), factors)
    cue = tuple(ruling.words for ruling in judged)
    # Words that speak for the other side than what came out are not what it rests on.
    if judged and judged[0].refutes is not (score.stance is EvidenceStance.REFUTES):
        cue = ()
    if not cue and score.stance is EvidenceStance.REFUTES:
        cue = numbers
    question = exchange.question if part.is_polar else _NOWHERE
    return PartReading(span, exchange.answer, score, cue, question=question)


def _numbers(part: _Part, answer: Span) -> tuple[_Factors, tuple[Span, ...]]:
    """The factors for what the numbers of an answer say, and those that contradict.

    A question repeats the claim's numbers and says nothing with them.
    """
    found = compared(part.claim, answer.of(part.passage))
    same = any(f.finding in {QuantityFinding.AGREES, QuantityFinding.ROUNDS} for f in found)
    others = [f for f in found if f.finding is QuantityFinding.CONTRADICTS]
    if same and not others:
        return _SAME_NUMBER, ()
    if same or not others:
        return _AS_READ, ()
    words = tuple(f.passage_words.moved(answer.start) for f in others)
    are_dates = all(_DATE.search(f.claim_words.of(part.claim)) for f in others)
    if are_dates and not _is_same_event(part.claim, part.passage, words):
        return _OTHER_EVENT, ()
    return _OTHER_NUMBER, words


def _is_same_event(claim: str, passage: str, numbers: Sequence[Span]) -> bool:
    asked = {word for word in content_words(claim) if not word.isdigit()}
    if not asked:
        return True
    sentences = [
        content_words(sentence.of(passage))
        for sentence in split(passage, Span(0, len(passage)))
        if any(sentence.overlaps(number) for number in numbers)
    ]
    return any(len(asked & told) >= _SAME_EVENT * len(asked) for told in sentences)


def _with_factors(score: StanceScore, factors: _Factors) -> StanceScore:
    supports, refutes, neutral = (
        factor * part
        for factor, part in zip(
            factors, (score.supports, score.refutes, score.neutral), strict=True
        )
    )
    total = supports + refutes + neutral
    return StanceScore(supports / total, refutes / total, neutral / total)


def _score(supports: float, refutes: float) -> StanceScore:
    """Both sides with the rest as neutral; where they are more than 1 together, in proportion."""
    total = supports + refutes
    if total > 1:
        return StanceScore(supports / total, refutes / total, 0.0)
    return StanceScore(supports, refutes, 1 - total)


def _judged(part: _Part, span: Span, bearing: Bearing) -> tuple[Ruling, ...]:
    """The words of judgement of one kind in the part: untrue where any says so.

    Not where the claim itself passes judgement ("the picture is doctored"): the passage's words
    may then say the same.
    """
    if rulings(part.claim):
        return ()
    found = [r for r in rulings(part.passage) if part.exchange.answer.contains(r.words)]
    if not found or shared_share(part.claim, span.of(part.passage)) < bearing.same_matter:
        return ()
    untrue = tuple(ruling for ruling in found if ruling.refutes)
    return untrue or tuple(found)


def cited_words(
    chosen: Sequence[tuple[str, str, PartReading]], *, reader: StanceReader
) -> tuple[tuple[Span, ...], ...]:
    """The words that each (claim, passage, part) rests on; empty only where it is neutral.

    The sentence of the part that says most on the part's side, read alone; with it the sentence
    of a cue, and the next best where one alone says less than half of what the part says; and the
    question, where the answer is yes or no. A part of one sentence is cited whole. The reader is
    asked once, for the sentences.
    """
    sentences = [
        split(passage, part.answer) if _side(part.score) else () for _, passage, part in chosen
    ]
    asked = list(
        dict.fromkeys(
            (claim, sentence.of(passage))
            for (claim, passage, _), found in zip(chosen, sentences, strict=True)
            if len(found) > 1
            for sentence in found
        )
    )
    scores = dict(zip(asked, reader(asked), strict=True)) if asked else {}
    out: list[tuple[Span, ...]] = []
    for (claim, passage, part), found in zip(chosen, sentences, strict=True):
        side = _side(part.score)
        if side is None:
            out.append(())
        elif len(found) < 2:
            whole = shrunk(passage, part.answer if part.answer.n_chars else part.span)
            out.append(merged([part.question, whole]))
        else:
            says = [_on(scores[claim, s.of(passage)], side) for s in found]
            out.append(merged([part.question, *_best(found, says, part=part)]))
    return tuple(out)


def is_on_the_matter(
    claim: str, passage: str, part: PartReading, cited: Sequence[Span], *, title: str = ""
) -> bool:
    """Whether what a stance rests on is about the claim's matter; true for a neutral part.

    The words cited, with title and question, have a third of the claim's words, and the passage has
    one of its names; a reading that is very sure needs neither, as a paraphrase shares few words.
    """
    side = _side(part.score)
    if side is None or _on(part.score, side) >= _SURE_ANYWAY:
        return True
    question = passage[part.span.start : part.answer.start]
    told = " ".join([title, question, *(span.of(passage) for span in cited)])
    return shared_share(claim, told) >= _ON_IT and shares_a_name(claim, f"{title} {passage}")


def _side(score: StanceScore) -> EvidenceStance | None:
    stance = score.stance
    return None if stance is EvidenceStance.NEUTRAL else stance


def _on(score: StanceScore, side: EvidenceStance) -> float:
    return score.supports if side is EvidenceStance.SUPPORTS else score.refutes


def _best(found: Sequence[Span], says: Sequence[float], *, part: PartReading) -> tuple[Span, ...]:
    order = sorted(range(len(found)), key=lambda i: (-says[i], i))
    side = _side(part.score) or EvidenceStance.SUPPORTS
    cues = [s for s in found if any(s.overlaps(cue) for cue in part.cue)]
    chosen = cues or [found[order[0]]]
    if not cues and says[order[0]] < _on(part.score, side) / 2:
        chosen.append(found[order[1]])
    return merged(chosen)
