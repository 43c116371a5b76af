"""The finding `overstates`: a title says more than any sentence of the body that carries it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from types import MappingProxyType

from onrecord.headline.article import Article, BodySentence
from onrecord.headline.carriers import Carrier, Whose
from onrecord.headline.lexicon import (
    ADVERBS_OF_FORCE,
    ASSOCIATION,
    CAUSAL,
    NO_CAUSE_SHOWN,
    PARTIAL,
    STRONGER,
    UNIVERSAL,
    words_of,
)
from onrecord.headline.modality import DECIDED, DENIED, DONE, PLANNED, WANTED, level_at
from onrecord.headline.stems import stem
from onrecord.headline.titles import Title, is_verb_form
from onrecord.headline.words import Word, matches
from onrecord.record import HeadlineEvidence

__all__ = ["overstatements"]

# A sentence must repeat this share of the claim to set the strength that a title may have; among
# several, those close to the fullest count.
_CARRIES = 0.4
_CARRIES_VERB = 0.5
_CLOSE_TO_BEST = 0.65

_CAUSAL_KEYS = frozenset(stem(word) for word in CAUSAL)
_STRONGER_KEYS = MappingProxyType(
    {stem(word): re.compile(rf"\b(?:{weak})", re.IGNORECASE) for word, weak in STRONGER.items()}
)
_STUDY = re.compile(
    r"\b(?:study|studies|researchers?|scientists?|trial|survey|analysis|university|authors?)\b",
    re.IGNORECASE,
)
_NOT_UNIVERSAL = re.compile(
    r"\b(?:after all|all right|all about|all in|at all|all[- ]time|all over|all but|all set|all[- ]clear|all[- ]star|all night|"
    r"all day|first of all|above all|once and for all|all smiles|no more|nearly all|almost all|"
    r"almost every|nearly every|not all|not every|all eyes|all out)\b",
    re.IGNORECASE,
)
_UNIVERSAL_IN_BODY = re.compile(
    r"\b(?:all|every|everyone|everybody|entire|entirely|whole|each|any|nobody|none|no one|always|"
    r"never|complete|completely|total|totally|both|unanim\w*|100 (?:percent|per cent)|without exception|"
    r"nothing|everything|last)\b",
    re.IGNORECASE,
)
# What an uncounted number means at least: `_USUAL` as written, `_LEAST` before it is too large.
_USUAL = MappingProxyType(
    {
        "dozens": 24,
        "scores": 40,
        "hundreds": 200,
        "thousands": 1_000,
        "tens of thousands": 20_000,
        "hundreds of thousands": 200_000,
        "millions": 1_000_000,
    }
)
_LEAST = MappingProxyType({words: 0.75 * n for words, n in _USUAL.items()} | {"thousands": 1_000})
_VAGUE_RE = re.compile(
    r"\b(?:tens of thousands|hundreds of thousands|dozens|scores|hundreds|thousands|millions)\b",
    re.IGNORECASE,
)
_COMPARED = frozenset(["lower", "less", "fewer", "higher", "more", "slow", "slower", "cut"])
_MONTHS = words_of(
    "january february march april may june july august september october november december"
)


def overstatements(
    title: Title, article: Article, found: Sequence[Carrier], *, first_paragraph_counts: bool
) -> tuple[HeadlineEvidence, ...]:
    """The words that show that the title says more than the body, or `()`.

    `first_paragraph_counts` is false where the publisher's own first paragraph only repeats a
    claim that the rest of the body leaves to a source: it is then no support.
    """
    if title.asserts_nothing:
        return ()
    counted = [
        c
        for c in found
        if first_paragraph_counts or c.sentence.paragraph > 0 or c.whose is not Whose.PUBLISHER
    ]
    evidence = [
        *_weaker_verb(title, article, counted),
        *_weaker_effect(title, article, counted),
        *_association(title, article, counted),
        *_partial(title, article, counted),
        *_smaller_number(title, article, counted),
        *_force(title, article),
    ]
    if not evidence:
        return ()
    if not first_paragraph_counts:
        evidence += _force_of_first_paragraph(article, found)
    return (HeadlineEvidence("title", title.span), *dict.fromkeys(evidence))


def _close(found: Sequence[Carrier], *, least: float = _CARRIES) -> list[Carrier]:
    best = max((c.score for c in found), default=0.0)
    return [c for c in found if c.score >= max(least, _CLOSE_TO_BEST * best)]


def _weaker_verb(
    title: Title, article: Article, found: Sequence[Carrier]
) -> Iterator[HeadlineEvidence]:
    """Attempted, planned, possible or alleged in the body; done or decided in the title."""
    del article
    if title.verb is None or title.hedged:
        return
    verb = title.claim[title.verb]
    title_level = level_at(title.claim, title.verb)
    if title_level is None or title_level < DECIDED or verb.span in title.quoted:
        return
    if title.verb and title.claim[title.verb - 1].low == "to":
        title_level = DECIDED  # "firm to close plant": headlines leave out the "is"
    carrying = [
        c for c in _close([c for c in found if c.verb], least=_CARRIES_VERB) if c.level is not None
    ]
    if not carrying:
        return
    strongest = max(c.level for c in carrying if c.level is not None)
    weakest_allowed = {DONE: PLANNED, DECIDED: WANTED}[DONE if title_level >= DONE else DECIDED]
    if strongest > weakest_allowed or strongest == DENIED:
        return
    yield HeadlineEvidence("unsupported", verb.span)
    for c in carrying:
        yield HeadlineEvidence(
            "weaker", c.sentence.span, c.attribution.id if c.attribution else None
        )


def _weaker_effect(
    title: Title, article: Article, found: Sequence[Carrier]
) -> Iterator[HeadlineEvidence]:
    """A strong effect (cures, destroys) of which the body has only a weaker one (eases, damages)."""
    body = article.words()
    for word in title.claim:
        weaker = _STRONGER_KEYS.get(word.key)
        if weaker is None or any(matches(word, other) for other in body):
            continue
        if word.low in {"end", "ends", "force", "forces"} and (
            title.verb is None or title.claim[title.verb] != word
        ):
            continue
        shown = [
            c for c in _close(found, least=0.3) if weaker.search(c.sentence.span.of(article.text))
        ]
        if shown:
            yield HeadlineEvidence("unsupported", word.span)
            for c in shown[:2]:
                yield HeadlineEvidence("weaker", c.sentence.span)


def _association(
    title: Title, article: Article, found: Sequence[Carrier]
) -> Iterator[HeadlineEvidence]:
    """A cause in the title of which the body says no more than that the two go together."""
    verb = _causal_word(title)
    if verb is None or title.hedged:
        return
    sentences = [(s, s.span.of(article.text)) for s in article.sentences]
    text = " ".join(words for _, words in sentences)
    if not any(_STUDY.search(words) for _, words in sentences):
        return
    near = {id(c.sentence) for c in found if c.score >= 0.3}
    linked = [
        s
        for s, words in sentences
        if ASSOCIATION.search(words) and (id(s) in near or NO_CAUSE_SHOWN.search(text))
    ]
    disclaimed = [s for s, words in sentences if NO_CAUSE_SHOWN.search(words)]
    if not (linked and (disclaimed or not _states_cause(verb, found))):
        return
    yield HeadlineEvidence("unsupported", verb.span)
    for sentence in [*linked[:2], *disclaimed[:1]]:
        yield HeadlineEvidence("weaker", sentence.span)


def _causal_word(title: Title) -> Word | None:
    """The word by which the title says that one thing works on another, if there is one."""
    for before, word in pairwise(title.claim):
        if (
            word.key in _CAUSAL_KEYS
            and is_verb_form(word.low)
            and before.low
            not in {"to", "a", "an", "the", "of", "in", "for", "by", "on", "with", "new"}
        ):
            return word
    return None


def _states_cause(verb: Word, found: Sequence[Carrier]) -> bool:
    for c in found:
        if c.whose is Whose.DENIAL or c.score < 0.3:
            continue
        for k, word in enumerate(c.sentence.words):
            same = word.key == verb.key or word.groups & verb.groups
            # "have lower pressure" compares, "lowers pressure" causes
            inflected = word.low not in _COMPARED and is_verb_form(word.low)
            if same and inflected and (level_at(c.sentence.words, k) or DENIED) >= DECIDED:
                return True
    return False


def _partial(
    title: Title, article: Article, found: Sequence[Carrier]
) -> Iterator[HeadlineEvidence]:
    """All or the entire in the title; some, most or a part in the body."""
    line = _NOT_UNIVERSAL.sub(lambda m: " " * len(m[0]), title.span.of(article.text))
    for word in title.words:
        at = word.span.start - title.span.start
        if word.low not in UNIVERSAL or line[at : at + 1] == " ":
            continue
        carrying = _close(found, least=0.3)
        texts = [(c, c.sentence.span.of(article.text)) for c in carrying]
        if any(_UNIVERSAL_IN_BODY.search(words) for _, words in texts):
            return
        partial = [c for c, words in texts if PARTIAL.search(words)]
        if partial:
            yield HeadlineEvidence("unsupported", word.span)
            for c in partial[:2]:
                yield HeadlineEvidence("weaker", c.sentence.span)
            return


def _smaller_number(
    title: Title, article: Article, found: Sequence[Carrier]
) -> Iterator[HeadlineEvidence]:
    """A number in the title that is larger than every number of the same thing in the body."""
    body = [w for w in article.words() if w.number is not None and not _is_date(w)]
    for i, word in enumerate(title.words):
        if word.number is None or _is_date(word) or word.number < 2:
            continue
        if any(matches(word, other) for other in body):
            continue
        unit = _unit(title.words, i)
        same = _numbers_of(unit, title, article, found, percent=_is_percent(title.words, i))
        if same and all(n < 0.95 * word.number for n, _ in same) and not _is_sum(word.number, same):
            yield HeadlineEvidence("unsupported", word.span)
            for _, sentence in same[:2]:
                yield HeadlineEvidence("weaker", sentence.span)
    line = title.span.of(article.text)
    for match in _VAGUE_RE.finditer(line):
        said = match[0].casefold()
        text = " ".join(s.span.of(article.text) for s in article.sentences).casefold()
        if said in text or any(
            _USUAL[v.casefold()] >= _USUAL[said] for v in _VAGUE_RE.findall(text)
        ):
            continue
        at = next(
            (
                i
                for i, w in enumerate(title.words)
                if w.span.start >= title.span.start + match.start()
            ),
            None,
        )
        if at is None:
            continue
        same = _numbers_of(_unit(title.words, at), title, article, found, percent=False)
        vaguer = [s for s in article.sentences if _VAGUE_RE.search(s.span.of(article.text))
                  and _unit_in(_unit(title.words, at), s)]  # fmt: skip
        if all(n < _LEAST[said] for n, _ in same) and (same or vaguer):
            yield HeadlineEvidence("unsupported", title.words[at].span)
            for sentence in [*(s for _, s in same[:2]), *vaguer[:1]]:
                yield HeadlineEvidence("weaker", sentence.span)


def _unit(words: Sequence[Word], i: int) -> tuple[Word, ...]:
    """What a number counts: the content words after it, or the verb before it ("kills 40")."""
    after = [w for w in words[i + 1 : i + 4] if w.is_content and w.number is None and w.low != "%"]
    before = [w for w in words[max(0, i - 1) : i] if w.is_content]
    return tuple(after[:2] or before)


def _unit_in(unit: Sequence[Word], sentence: BodySentence) -> bool:
    return any(matches(u, w) for u in unit for w in sentence.words)


def _numbers_of(
    unit: Sequence[Word], title: Title, article: Article, found: Sequence[Carrier], *, percent: bool
) -> list[tuple[float, BodySentence]]:
    """The body's numbers of the same unit: beside it, or in a sentence that carries the title."""
    del title
    carrying = {id(c.sentence) for c in _close(found, least=0.45)}
    out: list[tuple[float, BodySentence]] = []
    for sentence in article.sentences:
        words = sentence.words
        for k, word in enumerate(words):
            if word.number is None or _is_date(word) or _dated(words, k):
                continue
            if _is_percent(words, k) != percent:
                continue
            near = words[max(0, k - 3) : k + 5]
            if any(matches(u, w) for u in unit for w in near) or (
                id(sentence) in carrying and not unit
            ):
                out.append((word.number, sentence))
    return out


def _is_percent(words: Sequence[Word], i: int) -> bool:
    after = words[i + 1].low if i + 1 < len(words) else ""
    return after in {"percent", "%", "per", "percentage"}


def _is_date(word: Word) -> bool:
    return word.number is not None and re.fullmatch(r"(?:19|20)\d\d", word.low) is not None


def _dated(words: Sequence[Word], k: int) -> bool:
    around = {w.low for w in words[max(0, k - 1) : k + 2]}
    return (
        bool(around & _MONTHS)
        or bool(
            {w.low for w in words[k + 1 : k + 2]}
            & {
                "years",
                "year",
                "p.m",
                "a.m",
                "pm",
                "am",
                "hours",
                "hour",
                "minutes",
                "days",
                "weeks",
                "months",
            }
        )
        or bool({w.low for w in words[max(0, k - 1) : k]} & {"aged", "age"})
    )


def _is_sum(number: float, same: Sequence[tuple[float, BodySentence]]) -> bool:
    by_sentence: dict[int, list[float]] = {}
    for n, sentence in same:
        by_sentence.setdefault(id(sentence), []).append(n)
    return any(len(ns) > 1 and abs(sum(ns) - number) < 0.5 for ns in by_sentence.values())


def _force(title: Title, article: Article) -> Iterator[HeadlineEvidence]:
    """An adverb of force ("secretly") that no sentence of the body gives."""
    body = " ".join(s.span.of(article.text) for s in article.sentences)
    for word in title.words:
        support = ADVERBS_OF_FORCE.get(word.low)
        if support is not None and not re.search(rf"\b(?:{support})", body, re.IGNORECASE):
            yield HeadlineEvidence("unsupported", word.span)


def _force_of_first_paragraph(
    article: Article, found: Sequence[Carrier]
) -> Iterator[HeadlineEvidence]:
    """Adverbs of force of the publisher's first paragraph that nobody gives later."""
    later = " ".join(s.span.of(article.text) for s in article.sentences if s.paragraph > 0)
    for c in found:
        if c.sentence.paragraph > 0 or c.whose is not Whose.PUBLISHER:
            continue
        for word in c.sentence.words:
            support = ADVERBS_OF_FORCE.get(word.low)
            if support is not None and not re.search(rf"\b(?:{support})", later, re.IGNORECASE):
                yield HeadlineEvidence("unsupported", word.span)
