"""The finding `not_in_body`: the words of a title that nothing in the body supports."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from onrecord.headline.article import Article
from onrecord.headline.carriers import Carrier
from onrecord.headline.lexicon import CONCRETE, CUES, EVENTS, EVENTS_ALWAYS_NAMED, words_of
from onrecord.headline.modality import NEGATION
from onrecord.headline.stems import stem
from onrecord.headline.titles import Title
from onrecord.headline.words import Word, matches
from onrecord.record import HeadlineEvidence

__all__ = ["scattered_title", "unsupported_title", "unsupported_words"]

# Shares of the title's content words without support from which the finding is given. Synonyms
# that the groups do not know look like missing words, so it takes an event that articles always
# name (a resignation, a wedding), or nearly everything.
_WITH_EVENT_AS_VERB = 0.25
_WITH_EVENT_AS_ANY_VERB = 0.4
_WITH_EVENT = 0.45
_MOST_UNSUPPORTED = 0.7
_FEWEST_WORDS = 4

# A title whose act nothing names, and of which no sentence repeats more than
# this share: the faithful pairs of bench/data begin at .35.
_MOST_IN_ONE_SENTENCE = 0.28
_SCATTERED = 0.5

_EVENT_KEYS = frozenset(stem(word) for word in EVENTS)
_CONCRETE_KEYS = frozenset(stem(word) for word in CONCRETE)
_NAMED_KEYS = frozenset(stem(word) for word in EVENTS_ALWAYS_NAMED)
# Numbers are another check's matter: a wrong one does not make the rest unsupported.
_COUNTS = words_of("dozens scores hundreds thousands millions billions half double twice")
# Words that titles use to say how something is, which articles say in other words.
_FREE = words_of(
    "amid after row fury outrage shock hope hopes blow win chaos crisis bid set plan move push "
    "call dead day year week man woman new old top key big major huge first last next latest"
)


def unsupported_words(title: Title, article: Article) -> tuple[Word, ...]:
    """The content words of the title for which the body has no word of the same kind."""
    body = [*article.words(), *article.margin]
    keys = {word.key for word in body}
    lows = {word.low for word in body}
    out = []
    for word in title.words:
        if not _is_compared(word):
            continue
        if word.key in keys or any(matches(word, other) for other in body):
            continue
        if any(low.startswith(word.low.removesuffix("s")) for low in lows if len(word.low) > 2):
            continue  # Dems, Gov, Rep
        if word.text.isupper() and len(word.text) > 1 and _is_acronym(word.text, body):
            continue
        if any(_is_related(word.low, low) for low in lows):
            continue
        out.append(word)
    return tuple(out)


def _is_compared(word: Word) -> bool:
    """Whether the body is asked for a word of the title."""
    return (
        word.is_content
        and word.number is None
        and word.low not in _FREE
        and word.low not in CUES
        and word.low not in _COUNTS
        and word.low != "%"
    )


def unsupported_title(title: Title, article: Article) -> tuple[HeadlineEvidence, ...]:
    """The words that show that the body does not carry the title, or `()`."""
    content = [word for word in title.words if _is_compared(word)]
    missing = unsupported_words(title, article)
    if not content or not missing or not article.sentences:
        return ()
    share = len(missing) / len(content)
    verb = title.claim[title.verb] if title.verb is not None else None
    if verb is None or title.is_feature:
        return ()  # a title without a verb may be a label: what it claims is not known
    # "assisted dying" is a topic
    event = any(
        word.key in _EVENT_KEYS
        and word.low != "struck"  # off, down, a deal
        and (word is verb or not word.low.endswith("ing"))
        for word in missing
    )
    enough = (
        (verb in missing and verb.key in _NAMED_KEYS and share >= _WITH_EVENT_AS_VERB)
        or (
            event
            and verb in missing
            and verb.key in _EVENT_KEYS
            and share >= _WITH_EVENT_AS_ANY_VERB
        )
        or (event and share >= _WITH_EVENT)
        or (verb in missing and share >= _MOST_UNSUPPORTED and len(missing) >= _FEWEST_WORDS)
    )
    if not enough:
        return ()
    return (
        HeadlineEvidence("title", title.span),
        *(HeadlineEvidence("unsupported", word.span) for word in missing),
    )


def _infinitive(title: Title) -> list[Word]:
    """The verb that the title's verb governs: "plans to sell"."""
    after = title.claim[(title.verb or 0) + 1 :]
    return [word for before, word in pairwise(after) if before.low == "to"]


def scattered_title(
    title: Title, article: Article, found: Sequence[Carrier]
) -> tuple[HeadlineEvidence, ...]:
    """The words that show that no sentence speaks of what the title does, or `()`.

    Only the widest gap counts: half of the words missing, the verb among them and the act one that
    is told by its name, and the rest spread over sentences of which none repeats much. A feature's words
    are images, and what a title hedges may be hinted at in others: neither is asked.
    """
    if title.verb is None or title.hedged or title.is_feature:
        return ()
    if any(word.low in NEGATION for word in title.claim):
        return ()
    content = [word for word in title.words if _is_compared(word)]
    missing = unsupported_words(title, article)
    acts = [title.claim[title.verb], *_infinitive(title)]
    if acts[0] not in missing or len(missing) < _SCATTERED * len(content):
        return ()
    if not any(word in missing and word.key in _CONCRETE_KEYS for word in acts):
        return ()
    if max((c.score for c in found), default=0.0) > _MOST_IN_ONE_SENTENCE:
        return ()
    return (
        HeadlineEvidence("title", title.span),
        *(HeadlineEvidence("unsupported", word.span) for word in missing),
    )


def _is_acronym(acronym: str, body: list[Word]) -> bool:
    """Whether consecutive words of the body begin with the letters of the acronym."""
    initials = "".join(
        w.text[0].upper()
        for w in body
        if w.text[0].isupper() or w.low not in {"of", "the", "for", "and"}
    )
    return acronym.upper().replace(".", "") in initials


def _is_related(one: str, other: str) -> bool:
    """Whether two words share enough of their beginning to be forms of one: solar, solarium."""
    shorter = min(len(one), len(other))
    if shorter < 5:
        return False
    if one.endswith(other) or other.endswith(one):  # shipwreck and wreck
        return True
    same = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        same += 1
    return same >= max(5, shorter - 1) or (same >= 6 and same >= 0.7 * max(len(one), len(other)))
