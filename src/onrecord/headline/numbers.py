"""Numbers of a title against numbers of the same thing in the body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from onrecord.headline.article import Article, BodySentence
from onrecord.headline.carriers import Carrier, close_to_best
from onrecord.headline.lexicon import words_of
from onrecord.headline.titles import Title
from onrecord.headline.words import Word, matches
from onrecord.record import HeadlineEvidence

__all__ = ["smaller_number"]

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
_MONTHS = words_of(
    "january february march april may june july august september october november december"
)


def smaller_number(
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
        if re.search(rf"\b(?:several|some|a few|many|couple of) {said.split()[-1][:-1]}\b", text):
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
        if not (same or vaguer):
            same = _amounts(body, article, found, least=_LEAST[said])
        if all(n < _LEAST[said] for n, _ in same) and (same or vaguer):
            yield HeadlineEvidence("unsupported", title.words[at].span)
            for sentence in [*(s for _, s in same[:2]), *vaguer[:1]]:
                yield HeadlineEvidence("weaker", sentence.span)


def _amounts(
    body: Sequence[Word], article: Article, found: Sequence[Carrier], *, least: float
) -> list[tuple[float, BodySentence]]:
    """The numbers of the sentences that carry the title, where no number of the body is larger."""
    del article
    if any(w.number is not None and w.number >= least for w in body):
        return []
    return [
        (w.number, c.sentence)
        for c in close_to_best(found)
        for k, w in enumerate(c.sentence.words)
        if w.number is not None and w.number >= 10 and not _dated(c.sentence.words, k)
    ]


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
    carrying = {id(c.sentence) for c in close_to_best(found, least=0.45)}
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
