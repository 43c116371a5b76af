"""The finding `overstates`: a title says more than any sentence of the body that carries it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from types import MappingProxyType

from onrecord.headline.article import Article, BodySentence
from onrecord.headline.carriers import Carrier, Whose, close_to_best
from onrecord.headline.lexicon import (
    ADVERBS_OF_FORCE,
    ASSOCIATION,
    CAUSAL,
    NO_CAUSE_SHOWN,
    PARTIAL,
    STRONGER,
    UNIVERSAL,
)
from onrecord.headline.modality import DECIDED, DENIED, DONE, PLANNED, POSSIBLE, WANTED, level_at
from onrecord.headline.numbers import smaller_number
from onrecord.headline.stems import stem
from onrecord.headline.titles import Title, is_verb_form
from onrecord.headline.words import Word, matches
from onrecord.record import HeadlineEvidence

__all__ = ["overstatements", "weaker_effect"]

# A sentence must repeat this share of the claim to set the level that a title's verb may have.
_CARRIES_VERB = 0.5

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
_NEAR_VERB = 8
_PRONOUNS = frozenset(["it", "them", "him", "her", "they", "he", "she", "this", "that"])
_OF_CRIME = frozenset(["with", "over", "in", "after", "for"])
# "secret weapon", "the secret to a long life": nothing is hidden
_SECRET_OF = frozenset(
    [
        "to",
        "of",
        "weapon",
        "weapons",
        "service",
        "recipe",
        "ingredient",
        "garden",
        "santa",
        "ballot",
    ]
)
_COMPARED = frozenset(["lower", "less", "fewer", "higher", "more", "slow", "slower", "cut"])
_PART_BEFORE = re.compile(
    r"\b(?:some|most|many|several|few|majority|half|third|quarter|percent|%|one|two|three|four|five|"
    r"six|seven|eight|nine|ten|\w+) (?:out )?of (?:the |its |their |about )?(?:\w+ )?$|"
    r"\b(?:some|most|many|several|few) (?:\w+ )?$"
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
    # a feature's "worst" and "instantly" are its tone, not a claim
    toned = (
        () if title.is_feature else (*_partial(title, article, counted), *_force(title, article))
    )
    evidence = [
        *_weaker_verb(title, article, counted),
        *weaker_effect(title, article, counted),
        *_association(title, article, counted),
        *smaller_number(title, article, counted),
        *toned,
    ]
    if not evidence:
        return ()
    if not first_paragraph_counts:
        evidence += _force_of_first_paragraph(article, found)
    return (HeadlineEvidence("title", title.span), *dict.fromkeys(evidence))


def _weaker_verb(
    title: Title, article: Article, found: Sequence[Carrier]
) -> Iterator[HeadlineEvidence]:
    """Attempted, planned, possible or alleged in the body; done or decided in the title."""
    del article
    if title.verb is None or title.hedged or title.source_shown:
        return  # a source that the title names may have said it more strongly elsewhere
    verb = title.claim[title.verb]
    title_level = level_at(title.claim, title.verb)
    if title_level is None or title_level < DECIDED or verb.span in title.quoted:
        return
    if title.verb and title.claim[title.verb - 1].low == "to":
        title_level = DECIDED  # "firm to close plant": headlines leave out the "is"
    carrying = [
        c
        for c in close_to_best([c for c in found if c.verb], least=_CARRIES_VERB)
        if c.level is not None and _is_same_act(title, c)
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


def _is_same_act(title: Title, carrier: Carrier) -> bool:
    """Whether what the title's verb acts on stands near it: an ad "could hit airwaves", not him."""
    after = title.claim[(title.verb or 0) + 1 :]
    if after and not after[0].is_content:
        after = title.claim  # "governor ousted over deal": what it acts on stands before it
    objects = [w for w in after if w.is_content and w is not title.claim[title.verb or 0]]
    words = carrier.sentence.words
    return not objects or any(
        any(matches(o, w) for o in objects) or w.low in _PRONOUNS
        for k in carrier.verb
        for w in words[: k + _NEAR_VERB + 1]
    )


def weaker_effect(
    title: Title, article: Article, found: Sequence[Carrier]
) -> Iterator[HeadlineEvidence]:
    """A strong effect (cures, destroys) of which the body has only a weaker one (eases, damages)."""
    for word, after in zip_longest(title.claim, title.claim[1:]):
        if word.low == "charged" and after is not None and after.low not in _OF_CRIME:
            continue  # a fee
        if word.low in {"charge", "charges", "charging"}:
            continue
        weaker = _STRONGER_KEYS.get(word.key)
        if weaker is None or _is_stated(word, article):
            continue
        if word.low in {"end", "ends", "force", "forces"} and (
            title.verb is None or title.claim[title.verb] != word
        ):
            continue
        near = {id(c) for c in close_to_best(found, least=0.3)}
        shown = [
            c
            for c in found
            if (id(c) in near or _has_subject(title, c))
            and weaker.search(c.sentence.span.of(article.text))
        ]
        if shown:
            yield HeadlineEvidence("unsupported", word.span)
            for c in shown[:2]:
                yield HeadlineEvidence("weaker", c.sentence.span)


def _has_subject(title: Title, carrier: Carrier) -> bool:
    """Whether a sentence of the first paragraphs has every content word before the title's verb."""
    subject = [w for w in title.claim[: title.verb or 0] if w.is_content]
    return (
        bool(subject)
        and carrier.sentence.paragraph <= 1
        and carrier.whose is not Whose.DENIAL
        and all(any(matches(s, w) for w in carrier.sentence.words) for s in subject)
    )


def _is_stated(word: Word, article: Article) -> bool:
    """Whether some sentence has the word, and does not deny it: "they do not prove safety"."""
    return any(
        (level := level_at(sentence.words, k)) is None or level > POSSIBLE
        for sentence in article.sentences
        for k, other in enumerate(sentence.words)
        if matches(word, other)
    )


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
    # authors who say of the very claim that it is no cause need not say that the two go together
    answered = any(id(s) in near for s in disclaimed)
    if not (answered or (linked and (disclaimed or not _states_cause(verb, found)))):
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
        carrying = close_to_best(found, least=0.3)
        texts = [(c, c.sentence.span.of(article.text)) for c in carrying]
        if any(_UNIVERSAL_IN_BODY.search(words) for _, words in texts):
            return
        partial = [c.sentence for c, words in texts if PARTIAL.search(words)]
        partial = partial or _parts_of(word, title, article)
        if partial:
            yield HeadlineEvidence("unsupported", word.span)
            for sentence in partial[:2]:
                yield HeadlineEvidence("weaker", sentence.span)
            return


def _parts_of(universal: Word, title: Title, article: Article) -> list[BodySentence]:
    """Sentences that count off a part of what the title says "every" or "all" of."""
    noun = next(
        (w for w in title.words if w.span.start > universal.span.start and w.is_content), None
    )
    if noun is None:
        return []
    found: list[BodySentence] = []
    for sentence in article.sentences:
        words = sentence.words
        for k, word in enumerate(words):
            if not matches(noun, word):
                continue
            before = "".join(w.low + " " for w in words[max(0, k - 4) : k])
            if re.search(r"\b(?:all|every|each)\b", before):
                return []
            if _PART_BEFORE.search(before) and sentence not in found:
                found.append(sentence)
    return found


def _force(title: Title, article: Article) -> Iterator[HeadlineEvidence]:
    """An adverb of force ("secretly") that no sentence of the body gives."""
    body = " ".join(s.span.of(article.text) for s in article.sentences)
    for word, after in zip_longest(title.words, title.words[1:]):
        if word.low == "secret" and (after is None or after.low in _SECRET_OF):
            continue
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
