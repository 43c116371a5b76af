"""Words that carry what is said, as stems with weights, to compare two statements of one page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from onrecord.span import Span
from onrecord.wordlists import words

__all__ = ["coverage", "negated_stems", "page_counts", "stem", "stems"]

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_STOP = words(
    """
    a about above already ago according across after again against all almost also although am among an and another
    any are as at back be became because become been before being below between both but by came can
    cannot come could did do does doing done down during each either else even ever every few first for
    from further get gets give given go goes going gone got had has have having he her here hers herself
    him himself his how however i if in indeed instead into is it its itself just last least less let like
    likely made make makes making many may me might more most much must my myself near new next nor now of
    off often on once one only onto or other others our out over own part per perhaps put quite rather
    really same say saying says see seem seemed seems seen several shall she should since so some still such
    take taken takes than that the their them themselves then there these they thing things this those
    though through to together too toward towards two under until up upon us very want wanted wants was way
    we well went were what when where whether which while who whom whose why will with within without would
    year years yet you your yours said told added asked called week weeks month months day days today yesterday time
    anything something everything anyone someone everyone anybody somebody everybody
    people man men woman women person mr mrs ms dr
    """
)
_NEGATIONS = words(
    """
    not no never none neither nor nothing nobody cannot without false untrue wrong baseless lie lies
    unfounded nonsense incorrect inaccurate fabricated fiction
    """
)
_ONE_NAME = {
    "america": "us", "american": "us", "u.s": "us", "usa": "us", "states": "us",
    "daesh": "isis", "isil": "isis", "britain": "uk", "british": "uk", "u.k": "uk",
    "syrian": "syria", "russian": "russia", "iraqi": "iraq", "iranian": "iran", "chinese": "china",
    "israeli": "israel", "german": "germany", "french": "france", "turkish": "turkey",
    "ukrainian": "ukraine", "mexican": "mexico", "korean": "korea", "u.n": "un",
}  # fmt: skip
_IRREGULAR = {
    "paid": "pay", "lied": "lie", "lying": "lie", "sold": "sell", "bought": "buy", "knew": "know",
    "known": "know", "met": "meet", "left": "leave", "lost": "lose", "won": "win", "spoke": "speak",
    "spoken": "speak", "wrote": "write", "written": "write", "stole": "steal", "stolen": "steal",
    "built": "build", "held": "hold", "led": "lead", "sent": "send", "spent": "spend", "broke": "break",
    "broken": "break", "chose": "choose", "began": "begin", "hid": "hide", "hidden": "hide",
}  # fmt: skip
_SUFFIXES = ("ments", "ment", "ations", "ation", "ions", "ing", "ies", "ied", "ion", "ers", "ed", "es", "ly", "er", "s")  # fmt: skip
# A quick look before the words are read: every negation begins like one of these.
_MAY_NEGATE = re.compile(
    r"[nN]['’][tT]|\b(?:[nN][oeO]|[cC]anno|[wW]itho|[fF]a[lb]|[fF]ict|[uU]n[tf]|[wW]ron|[bB]asel|[lL]ies?\b|[iI]n(?:corr|acc))"
)
_SHORTEST = 3
_NEGATED_WORDS = 4


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """The word in lower case without its commonest endings; other names of one country joined.

    Rough on purpose: it only has to bring forms of one word of one page together.

    >>> stem("redeployment"), stem("Redeploy"), stem("moving"), stem("moves")
    ('redeplo', 'redeplo', 'mov', 'mov')
    """
    low = word.lower().replace("’", "'").removesuffix("'s").rstrip(".'")
    low = _ONE_NAME.get(low, low)
    low = _IRREGULAR.get(low, low)
    for suffix in _SUFFIXES:
        if low.endswith(suffix) and len(low) - len(suffix) >= _SHORTEST:
            low = low[: -len(suffix)]
            break
    if len(low) > _SHORTEST and low[-1] in "ey":
        low = low[:-1]
    return low


def stems(text: str, spans: Iterable[Span]) -> frozenset[str]:
    """The stems of the words in `spans` that are no function words and no negations.

    >>> sorted(stems("the dam has leaked", [Span(0, 18)]))
    ['dam', 'leak']
    """
    found = {_content(word) for span in spans for word in _WORD.findall(text, *span)}
    found.discard("")
    return frozenset(found)


@lru_cache(maxsize=1 << 15)
def _content(word: str) -> str:
    """The stem of a word as written, empty for function words and negations."""
    low = word.lower()
    if low == "us" and word != "US":
        return ""
    if low != "us" and (low in _STOP or low in _NEGATIONS or low.endswith(("n't", "n’t"))):
        return ""
    short = stem(word)
    return short if len(short) > 1 else ""


def negated_stems(text: str, span: Span) -> frozenset[str]:
    """The stems that stand up to four words behind a negation in `span`: what it negates.

    >>> sorted(negated_stems("the dam did not leak oil", Span(0, 24)))
    ['leak', 'oil']
    """
    found: set[str] = set()
    if not _MAY_NEGATE.search(text, span.start, span.end):
        return frozenset()
    left = 0
    for match in _WORD.finditer(text, span.start, span.end):
        low = match.group().lower().replace("’", "'")
        if low in _NEGATIONS or low.endswith("n't"):
            left = _NEGATED_WORDS
        elif left:
            left -= 1
            if low not in _STOP:
                found.add(stem(low))
    return frozenset(found)


@lru_cache(maxsize=4)  # several stages ask for the same page, one after the other
def page_counts(text: str) -> Mapping[str, int]:
    """How often each stem stands on the page."""
    counts = Counter(_WORD.findall(text))
    total: Counter[str] = Counter()
    for word, n in counts.items():
        total[stem(word)] += n
    return total


def coverage(
    asked: frozenset[str], given: frozenset[str], counts: Mapping[str, int]
) -> tuple[float, float]:
    """How much of `asked` stands in `given`: the share by weight, 0 to 1, and the shared weight.

    A stem weighs 1 where the page has it up to three times, less where it is everywhere: the name
    of the person an article is about says little on what is claimed.
    """
    if not asked:
        return 0.0, 0.0
    weight = {part: min(1.0, (4 / max(counts.get(part, 1), 4)) ** 0.5) for part in asked}
    shared = sum(weight[part] for part in asked & given)
    return shared / sum(weight.values()), shared
