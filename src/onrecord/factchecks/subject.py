"""What a claim speaks of and what it says of it, as far as the order of English words tells.

Two claims may share nearly all words and speak of different things: that the Moon can be seen with
the naked eye is not answered by a check of what can be seen from the Moon. No parser is needed for
that: the subject are the words before the first verb, and what cannot be told is no difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from onrecord.factchecks.opposites import OPPOSITES
from onrecord.factchecks.overlap import FUNCTION_STEMS

__all__ = [
    "Parts",
    "are_swapped",
    "compare_other_things",
    "differ_in_one_place",
    "is_other_subject",
    "is_turned",
    "parts",
    "says_other_things",
]

Stems = Callable[[str], list[str]]

# Share of the words of a subject's head that the other claim must have. Half: "the Great Wall"
# and "the wall" may be one thing, "the wall" and "the Moon" are not.
MIN_HEAD = 0.5
# Words past which a subject without a verb that we know is not followed.
MAX_SUBJECT_WORDS = 8
# Content words of one place in which claims differ, and the share of words that are alike around it.
MAX_PLACE, MIN_ALIKE = 2, 0.6
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Where the first verb is one of these, its subject is who says it, and what is said stands behind.
_SAYINGS = """
    says said say tells told tweeted tweets posted wrote writes claims claimed states stated
    announced argued reported reports shows showed reveals revealed
"""
SAYINGS = frozenset(_SAYINGS.split())
_VERBS = """
    is are was were be been isn't aren't wasn't weren't has have had hasn't haven't hadn't does do
    did doesn't don't didn't will would can could may might must should shall won't wouldn't can't
    cannot couldn't shouldn't never gets got goes went gave gives made makes took takes came comes
    grows grew rose rises fell falls cost costs won lost wins loses met ran runs
    left led kept held found sent sold bought built began became hit put set cut paid spent caused
    causes strikes contains uses use needs lives lies stands stays turns means knew eats drank beat
    beats
    boils freezes melts rusts burns moves flows orbits weighs measures sleeps flies swims
"""
VERBS = SAYINGS.union(_VERBS.split())
EQUATING = frozenset({"is", "was", "are", "were"})
_PREPOSITIONS = "of in on at from for with by near under over behind between during after before"
PREPOSITIONS = frozenset(_PREPOSITIONS.split())
# A number that two claims share does not make them say the same of their subject.
_NUMBERS = "one two three four five six seven eight nine ten eleven twelv"
NUMBERS = frozenset(_NUMBERS.split())
# Heads that stand for what follows them: "the number of bridges" speaks of bridges.
_MEASURES = """
    number amount share percent percentage rate majority half most many lots lot part level total
    kind kinds type types one some all photo picture video
"""
MEASURES = frozenset(_MEASURES.split())
# Subjects that may stand for anybody or anything.
_ANYBODY = """
    i we you they he she it this that these those there who people person everyone everybody anyone
    someone somebody one humans human nobody
"""
ANYBODY = frozenset(_ANYBODY.split())


@dataclass(frozen=True, slots=True)
class Parts:
    """Stems of a claim: the head of its subject, the whole subject, and what is said of it.

    `head` is empty where the subject may be anybody or says the rest, and where no verb was found.
    `equates` says that one side is "the" something: it may as well stand first. `more` and `most`
    are the words that compare, `than` are the stems behind "than", `before` those before it.
    """

    head: frozenset[str]
    subject: frozenset[str]
    rest: frozenset[str]
    words: frozenset[str]
    equates: bool = False
    more: str = ""
    most: str = ""
    before: frozenset[str] = frozenset()
    than: frozenset[str] = frozenset()


def parts(text: str, *, stems: Stems) -> Parts:
    """The parts of the first clause; linear in the length of the text."""
    words = [word.replace("’", "'").lower() for word in _WORD.findall(text)]
    end = next((i for i, word in enumerate(words) if _is_verb(words, i)), None)
    everything = _content(words, stems)
    if end is None or end > MAX_SUBJECT_WORDS or words[end] in SAYINGS:
        return Parts(frozenset(), frozenset(), everything, everything)
    pairs = zip(words[1:], words, strict=False)
    at = words.index("than") if "than" in words[end:] else len(words)
    subject = words[:end]
    head = _head(subject)
    known = frozenset() if ANYBODY.intersection(head) else _content(head, stems)
    whole = _content(subject, stems)
    return Parts(
        head=known,
        subject=whole,
        rest=_content(words[end:], stems) - whole,
        words=everything,
        equates=words[end] in EQUATING and "the" in (words[0], *words[end + 1 : end + 2]),
        more=next((w for w in words[end:at] if _compares(w)), "") if at < len(words) else "",
        most=next((w for w, last in pairs if last == "the" and w.endswith("est")), ""),
        before=_content(words[:at], stems),
        than=_content(words[at + 1 :], stems),
    )


def is_other_subject(asked: Parts, checked: Parts) -> bool:
    """Whether one of the claims speaks of something that the other does not have."""
    if not asked.head or not checked.head:
        return False
    return (
        _share(checked.head, asked.words) < MIN_HEAD or _share(asked.head, checked.words) < MIN_HEAD
    )


def are_swapped(asked: Parts, checked: Parts) -> bool:
    """Whether each claim says of the other's subject what the other says of its own."""
    if asked.equates and checked.equates:
        return False
    return bool(asked.head and checked.head) and (
        asked.head <= checked.rest and checked.head <= asked.rest
    )


def is_turned(asked: Parts, checked: Parts) -> bool:
    """Whether both compare, each the other way round: "A is longer than B", "B is longer than A"."""
    mine, theirs = asked.than - asked.before, checked.than - checked.before
    return bool(mine and theirs) and mine <= checked.before and theirs <= asked.before


def compare_other_things(asked: Parts, checked: Parts) -> bool:
    """Whether both compare, and not the same: what is hotter need not be closer, nor the largest."""
    return any(
        one and other and one != other and not any(_alike(one, other))
        for one, other in ((asked.more, checked.more), (asked.most, checked.most))
    )


def differ_in_one_place(asked: str, checked: str, *, stems: Stems) -> bool:
    """Whether the claims are the same words but for one place, in which each has its own.

    "Seen from space" is not "seen from the Moon". That two words mean the same is not known here,
    so a claim that only changes a word for its synonym passes for another.
    """
    one, other = stems(asked), stems(checked)
    shorter = min(len(one), len(other))
    start = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    back = next(
        (i for i in range(shorter - start) if one[-1 - i] != other[-1 - i]), shorter - start
    )
    mine = _no_numbers(frozenset(one[start : len(one) - back]) - FUNCTION_STEMS)
    theirs = _no_numbers(frozenset(other[start : len(other) - back]) - FUNCTION_STEMS)
    if not mine or not theirs or mine & theirs or max(len(mine), len(theirs)) > MAX_PLACE:
        return False
    return start + back >= MIN_ALIKE * max(len(one), len(other))


def says_other_things(asked: Parts, checked: Parts) -> bool:
    """Whether the claims share their subject at most, and nothing of what is said of it."""
    if not asked.head or not checked.head or not asked.rest or not checked.rest:
        return False
    mine, theirs = _no_numbers(asked.rest), _no_numbers(checked.rest)
    return not mine & checked.words and not theirs & asked.words


def _is_verb(words: Sequence[str], at: int) -> bool:
    """Whether the word is a verb that we know, or looks like a past tense after a subject."""
    word = words[at]
    return word in VERBS or (at > 0 and len(word) > 3 and word.endswith("ed"))


def _compares(word: str) -> bool:
    return word in {"more", "less", "fewer", "worse"} or (len(word) > 4 and word.endswith("er"))


def _alike(one: str, other: str) -> Iterator[bool]:
    """For each pair of opposites, whether it holds both words, on whichever sides."""
    return ({one, other} <= left | right for left, right in OPPOSITES)


def _head(subject: Sequence[str]) -> Sequence[str]:
    """The words before the first preposition; those after it where they only measure."""
    cut = next((i for i, word in enumerate(subject) if word in PREPOSITIONS), len(subject))
    head = [w for w in subject[:cut] if w not in FUNCTION_STEMS]
    if cut + 1 < len(subject) and all(word in MEASURES or word.isdigit() for word in head):
        return _head(subject[cut + 1 :])
    return subject[:cut]


def _content(words: Sequence[str], stems: Stems) -> frozenset[str]:
    return frozenset(stems(" ".join(words))) - FUNCTION_STEMS


def _no_numbers(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(stem for stem in stems - NUMBERS if not stem.isdigit())


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / len(part)
