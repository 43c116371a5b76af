"""Words of a stretch of text with the keys by which a title and a body are compared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from onrecord.headline.lexicon import FUNCTION_WORDS
from onrecord.headline.stems import groups_of, number_of, phrases, stem
from onrecord.span import Span

__all__ = ["Word", "matches", "words_in"]

_WORD = re.compile(
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?:one|two|three|four|five|six|"
    r"seven|eight|nine)\b|(?<!\w)(?<!\d,)[$£€]?\d++(?:,\d++)*+(?:\.\d++)?(?:[mb]illion|bn|mn|m|k)?\b|(?:[A-Z]\.){2,}|"
    r"[^\W\d_]+(?:['’][^\W\d_]+)*|%",
    re.IGNORECASE,
)


class Word(NamedTuple):
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


_STARTS = frozenset([".", '."', ".”", ': "', ":", '"', "“", ".'", "'", "‘", "!", "?"])


def words_in(text: str, span: Span) -> tuple[Word, ...]:
    """The words of a stretch in order; expressions of a group give their first word the group."""
    found: list[Word] = []
    tokens = list(_WORD.finditer(text, span.start, span.end))
    end = span.start
    for i, token in enumerate(tokens):
        word = token[0]
        low = word.casefold().replace("’", "'")
        if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():
            low = low[:-1]  # MPs, CEOs
        key, groups, is_content, may_count = _known(low)
        number = None
        if may_count:
            read = number_of(low, tokens[i + 1][0] if i + 1 < len(tokens) else "")
            number = read[0] if read else None
        is_name = False
        if word[0].isupper():
            is_acronym = len(word) > 1 and word.isupper()
            is_name = is_acronym or (i > 0 and text[end : token.start()].strip() not in _STARTS)
            is_content = is_content or is_acronym
        end = token.end()
        found.append(
            Word(Span(token.start(), end), word, low, key, groups, number, is_content, is_name)
        )
    return _with_phrases(found)


@lru_cache(maxsize=50_000)
def _known(low: str) -> tuple[str, frozenset[int], bool, bool]:
    """What a word is wherever it stands: key, groups, content or not, a number or not."""
    key = stem(low)
    is_content = (low not in FUNCTION_WORDS and len(low) > 1) or low == "%"
    return key, groups_of(key), is_content, number_of(low) is not None


def _with_phrases(words: list[Word]) -> tuple[Word, ...]:
    known = phrases()
    keys = [word.key for word in words]
    for i, word in enumerate(words):
        if word.low in _OFTEN_ADVERBS and _is_adverb(words, i):
            words[i] = word._replace(groups=frozenset())
    for i, key in enumerate(keys):
        for parts, group in known.get(key, ()):
            if tuple(keys[i : i + len(parts)]) == parts:
                word = words[i]
                words[i] = word._replace(groups=word.groups | {group}, is_content=True)
    return tuple(words)


_OFTEN_ADVERBS = frozenset(["back", "end"])
_BEFORE_TIME = frozenset(
    ["at", "by", "in", "until", "till", "before", "towards", "toward", "since"]
)


def _is_adverb(words: list[Word], i: int) -> bool:
    """Whether "back" only gives a direction, or "the end" only a time."""
    before = words[i - 1].low if i else ""
    if words[i].low == "end":
        return before == "the" and i > 1 and words[i - 2].low in _BEFORE_TIME
    after = words[i + 1].low if i + 1 < len(words) else ""
    return after in FUNCTION_WORDS and after not in {"the", "a", "an", "this", "his", "her", "its"}


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
