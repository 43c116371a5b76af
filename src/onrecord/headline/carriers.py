"""Which sentences of a body carry the claim of a title, how strongly, and in whose voice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from onrecord.headline.article import Article, BodySentence
from onrecord.headline.lexicon import DENIAL
from onrecord.headline.modality import ALLEGED, DENIED, DONE, level_at
from onrecord.headline.titles import Title
from onrecord.headline.words import Word, matches
from onrecord.record import Attribution
from onrecord.span import Span
from onrecord.terms import AttributionStance

__all__ = ["Carrier", "Whose", "carriers"]

# A title word that only a neighbouring sentence has: "he resigned" after "the minister ...".
_FROM_NEIGHBOUR = 0.6
_VERB_WEIGHT = 1.6
_PARTS_INSIDE = 0.5


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
    found: list[Carrier] = []
    for n, sentence in enumerate(article.sentences):
        own = hits[n]
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
        verb = tuple(own.get(title.verb, ())) if title.verb is not None else ()
        whose, attribution = _whose(article.text, sentence, own, verb)
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
    if sentence.attributions or sentence.seems_attributed or sentence.hedged:
        if DENIAL.search(words):
            return Whose.DENIAL, None
        return Whose.UNSURE, None
    return Whose.PUBLISHER, None
