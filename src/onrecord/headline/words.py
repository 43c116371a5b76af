"""Words of a stretch of text with the keys by which a title and a body are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.headline.lexicon import FUNCTION_WORDS
from onrecord.headline.stems import groups_of, number_of, phrases, stem
from onrecord.span import Span

__all__ = ["Word", "matches", "words_in"]

_WORD = re.compile(
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?:one|two|three|four|five|six|"
    r"seven|eight|nine)\b|(?<!\w)[$£€]?\d[\d,]*+(?:\.\d++)?(?:bn|mn|m|k)?\b|(?:[A-Z]\.){2,}|"
    r"[^\W\d_]+(?:['’][^\W\d_]+)*|%",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its place in `page.text`, its key, its groups, and its number if it is one.

    `is_content` is false for words that every text has; `is_name` is true for a capital letter
    that no start of a sentence explains (in a title, any capital letter).
    """

    span: Span
    text: str
    low: str
    key: str
    groups: frozenset[int]
    number: float | None
    is_content: bool
    is_name: bool


def words_in(text: str, span: Span) -> tuple[Word, ...]:
    """The words of a stretch in order; expressions of a group give their first word the group."""
    found: list[Word] = []
    tokens = list(_WORD.finditer(text, span.start, span.end))
    for i, token in enumerate(tokens):
        word = token[0]
        low = word.casefold().replace("’", "'")
        following = tokens[i + 1][0] if i + 1 < len(tokens) else ""
        number = number_of(low, following)
        is_acronym = len(word) > 1 and word.isupper()
        starts = i == 0 or text[tokens[i - 1].end() : token.start()].strip() in {
            ".", '."', ".”", ': "', ":", '"', "“", ".'", "'", "‘", "!", "?",
        }  # fmt: skip
        key = stem(low)
        found.append(
            Word(
                span=Span(token.start(), token.end()),
                text=word,
                low=low,
                key=key,
                groups=groups_of(key),
                number=number[0] if number else None,
                is_content=is_acronym
                or (low not in FUNCTION_WORDS and len(low) > 1)
                or word == "%",
                is_name=word[0].isupper() and (is_acronym or not starts),
            )
        )
    return _with_phrases(found)


def _with_phrases(words: list[Word]) -> tuple[Word, ...]:
    keys = [word.key for word in words]
    out = list(words)
    for parts, group in phrases():
        for i in range(len(keys) - len(parts) + 1):
            if keys[i] == parts[0] and tuple(keys[i : i + len(parts)]) == parts:
                word = out[i]
                out[i] = Word(
                    word.span, word.text, word.low, word.key, word.groups | {group},
                    word.number, True, word.is_name,
                )  # fmt: skip
    return tuple(out)


def matches(title_word: Word, word: Word) -> bool:
    """Whether two words are the same thing: key, group, number, or one name in two forms."""
    if title_word.number is not None:
        return word.number is not None and is_near(title_word.number, word.number)
    if title_word.key == word.key:
        return True
    if title_word.groups & word.groups:
        return True
    if title_word.is_name and word.text[0].isupper():
        # Kestra and Kestran, Syria and Syrian
        shorter = min(len(title_word.low), len(word.low))
        return shorter >= 5 and title_word.low[: shorter - 1] == word.low[: shorter - 1]
    return False


def is_near(a: float, b: float) -> bool:
    """Whether two numbers are one number, rounded: 12,000 for 11,960."""
    return a == b or (max(abs(a), abs(b)) > 20 and abs(a - b) <= 0.04 * max(abs(a), abs(b)))
