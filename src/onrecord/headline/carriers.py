"""Which sentences of a body carry the claim of a title, how strongly, and in whose voice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from onrecord.headline.article import Article, BodySentence
from onrecord.headline.lexicon import DENIAL
from onrecord.headline.modality import ALLEGED, DENIED, DONE, NEGATION, level_at
from onrecord.headline.stems import stem
from onrecord.headline.titles import Title
from onrecord.headline.words import Word, matches
from onrecord.record import Attribution
from onrecord.span import Span
from onrecord.terms import AttributionStance

__all__ = ["Carrier", "Whose", "carriers", "close_to_best"]

# A title word that only a neighbouring sentence has: "he resigned" after "the minister ...".
_FROM_NEIGHBOUR = 0.6
_VERB_WEIGHT = 1.6
_RESTATES = 0.5
# "No crack in the bridge" answers a claim of which it repeats this share; else it is about another.
_DENIES_THING = 0.5
_WORDS_OF_A_THING = 3
_WORDS_OF_A_NAME = 2
_PARTS_INSIDE = 0.5
# A cue that no attribution was made of, with its content behind it.
_CUE_THAT = re.compile(
    r"\b(?:claim(?:s|ed)|alleg(?:es|ed)|says|said|told \w+|wrote|writes|insist(?:s|ed)?)\b"
    r"[^,;\"“”]{0,60}\bthat\b",
    re.IGNORECASE,
)


class Whose(Enum):
    """Whose assertion a sentence makes of the title's claim."""

    PUBLISHER = auto()
    SOURCE = auto()
    DENIAL = auto()
    UNSURE = auto()  # a quotation or a hedge that cannot be given to anyone


@dataclass(frozen=True, slots=True)
class Carrier:
    """A sentence that repeats words of a title.

    `score` is the weighted share of the title's claim that it repeats, 0 to 1; `verb` the places of
    the title's verb in it, `level` the strongest level at which they stand, or `None` without verb.
    """

    sentence: BodySentence
    score: float
    verb: tuple[int, ...]
    level: float | None
    whose: Whose
    attribution: Attribution | None
    matched: tuple[Span, ...]


def carriers(title: Title, article: Article) -> tuple[Carrier, ...]:
    """Every sentence of the body that repeats something of the title, in document order."""
    wanted = [(i, word) for i, word in enumerate(title.claim) if word.is_content]
    if not wanted:
        return ()
    weight = {i: _weight(word, i, title, article) for i, word in wanted}
    total = sum(weight.values())
    hits: list[dict[int, list[int]]] = [
        {
            i: places
            for i, word in wanted
            if (places := [k for k, w in enumerate(s.words) if matches(word, w)])
        }
        for s in article.sentences
    ]
    negates = any(word.low in NEGATION for word in title.claim)
    stand_ins = _stand_ins(title, article, hits, weight, total)
    found: list[Carrier] = []
    for n, sentence in enumerate(article.sentences):
        own = hits[n]
        none_of = set() if negates else _negated(sentence.words, own)
        denial = None
        if none_of and sum(weight[i] for i in own) >= _DENIES_THING * total:
            whose, denial = _whose(article.text, sentence, own, tuple(own.get(title.verb or 0, ())))
            denial = denial if whose is not Whose.UNSURE else None
        if not denial:
            # what is said not to be there carries nothing: "there is no crack in the bridge"
            own = {i: places for i, places in own.items() if i not in none_of}
        if not own:
            continue
        near: set[int] = set()
        for m in (n - 2, n - 1, n + 1):
            if 0 <= m < len(hits) and (
                m == n - 1 or article.sentences[m].paragraph == sentence.paragraph
            ):
                near |= hits[m].keys()
        score = sum(weight[i] for i in own)
        # the verb is never borrowed: what a neighbour does is not what this sentence does
        score += _FROM_NEIGHBOUR * sum(
            weight[i]
            for i in near - own.keys()
            if i != title.verb and title.claim[i].number is None
        )
        if stand_ins and any(word.key in stand_ins for word in sentence.words):
            # "Helvor" in the place of "energy giant": one thing of the title, its heaviest
            missing = [
                weight[i]
                for i, word in wanted
                if i not in own and i not in near and i != title.verb and word.number is None
            ]
            score += _FROM_NEIGHBOUR * sum(sorted(missing)[-_WORDS_OF_A_NAME:])
        verb = tuple(own.get(title.verb, ())) if title.verb is not None else ()
        whose, attribution = _whose(article.text, sentence, own, verb)
        if denial:
            whose, attribution = Whose.DENIAL, denial
        found.append(
            Carrier(
                sentence=sentence,
                score=score / total,
                verb=verb,
                level=_level(sentence, verb, attribution),
                whose=whose,
                attribution=attribution,
                matched=tuple(sentence.words[k].span for places in own.values() for k in places),
            )
        )
    return tuple(found)


# A sentence must repeat this share of the claim to set the strength that a title may have; among
# several, those close to the fullest count.
_SETS_STRENGTH = 0.4
_CLOSE_TO_BEST = 0.65


def close_to_best(found: Sequence[Carrier], *, least: float = _SETS_STRENGTH) -> list[Carrier]:
    """The carriers of at least `least` whose score comes close to the highest, in order."""
    best = max((c.score for c in found), default=0.0)
    return [c for c in found if c.score >= max(least, _CLOSE_TO_BEST * best)]


def _stand_ins(
    title: Title,
    article: Article,
    hits: list[dict[int, list[int]]],
    weight: dict[int, float],
    total: float,
) -> frozenset[str]:
    """Names by which a first paragraph that restates the title calls what the title describes."""
    keys: set[str] = set()
    for sentence, own in zip(article.sentences, hits, strict=True):
        if sentence.paragraph > 0:
            break
        if sum(weight[i] for i in own) >= _RESTATES * total:
            keys |= {
                w.key
                for w in sentence.words
                if w.text[0].isupper()
                and w.is_content
                and not any(matches(t, w) for t in title.words)
            }
    return frozenset(keys - _CALENDAR)


_CALENDAR = frozenset(
    stem(word)
    for word in [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)


def _level(
    sentence: BodySentence, verb: tuple[int, ...], attribution: Attribution | None
) -> float | None:
    """The strongest level of the title's verb in the sentence.

    "Accuses the firm of dumping" weakens who says it, not what is said: with a named source an
    allegation counts as stated. "Is accused of dumping" has no source and stays one.
    """
    levels = [level for k in verb if (level := level_at(sentence.words, k)) is not None]
    strongest = max(levels, default=None)
    if strongest == ALLEGED and attribution is not None and attribution.source is not None:
        return DONE
    return strongest


def _negated(words: Sequence[Word], own: dict[int, list[int]]) -> set[int]:
    """The words of the title that the sentence has only as what there is none of."""
    return {i for i, places in own.items() if all(_none_of(words, k) for k in places)}


def _none_of(words: Sequence[Word], k: int) -> bool:
    for j in range(k - 1, max(-1, k - 1 - _WORDS_OF_A_THING), -1):
        gap = words[j + 1].span.start - words[j].span.end
        low = words[j].low
        if gap > 1:
            return False
        if low in {"no", "without", "zero"}:
            return words[j + 1].low not in {"longer", "more", "doubt", "one"}
        if low in {"a", "any"} and j and words[j - 1].low in {"not", "n't", "never", "without"}:
            return True
        if not words[j].is_content:
            return False
    return False


def _weight(word: Word, i: int, title: Title, article: Article) -> float:
    # a word that the body lacks weighs as much as its rarest ones
    weight = article.weights.get(word.key, 1.0)
    return weight * (_VERB_WEIGHT if i == title.verb else 1.0)


def _whose(
    text: str, sentence: BodySentence, own: dict[int, list[int]], verb: tuple[int, ...]
) -> tuple[Whose, Attribution | None]:
    """Whose the matched words are: inside the content of an attribution, or the publisher's."""
    places = {k for found in own.values() for k in found}
    best: tuple[float, Attribution] | None = None
    for attribution in sentence.attributions:
        inside = {
            k
            for k in places
            if any(part.contains(sentence.words[k].span) for part in attribution.content)
        }
        share = len(inside) / len(places)
        if verb and not inside & set(verb):
            continue
        # A denial inside a report ("ruled out ..., according to ...") is a denial.
        share += attribution.stance is AttributionStance.DENIES
        if share >= _PARTS_INSIDE and (best is None or share > best[0]):
            best = (share, attribution)
    words = sentence.span.of(text)
    levels = [level for k in verb if (level := level_at(sentence.words, k)) is not None]
    if best is not None:
        attribution = best[1]
        denies = attribution.stance is AttributionStance.DENIES
        if denies or (levels and max(levels) == DENIED):
            return Whose.DENIAL, attribution
        if attribution.stance is AttributionStance.ASSERTS:
            return Whose.SOURCE, attribution
        return Whose.UNSURE, attribution
    if levels and max(levels) == DENIED:
        return Whose.DENIAL, None
    if verb and _CUE_THAT.search(text, sentence.span.start, sentence.words[verb[0]].span.start):
        return Whose.SOURCE, None
    if sentence.attributions or sentence.seems_attributed or sentence.hedged:
        if DENIAL.search(words):
            return Whose.DENIAL, None
        return Whose.UNSURE, None
    return Whose.PUBLISHER, None
