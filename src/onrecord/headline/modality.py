"""How strongly a sentence states a verb: done, decided, intended, attempted, possible, denied.

The levels are ordered so that a title may be compared with a body: `trying to move` is weaker
than `moving`, `may close` weaker than `will close`.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.headline.lexicon import words_of
from onrecord.headline.words import Word

__all__ = [
    "ALLEGED",
    "CONSIDERED",
    "DECIDED",
    "DENIED",
    "DONE",
    "NEGATION",
    "PLANNED",
    "POSSIBLE",
    "WANTED",
    "level_at",
]

DONE = 4.0  # is, was, has: stated as fact
DECIDED = 3.0  # will, is to, has agreed to
PLANNED = 2.6  # plans to, intends to
WANTED = 2.0  # tries, wants, proposes
ALLEGED = 1.5  # is accused of, is suspected of, allegedly
CONSIDERED = 1.2  # considers, is in talks to
POSSIBLE = 1.0  # may, could, might
DENIED = 0.0  # did not, refused to, ruled out

_ADVERBS_BETWEEN = words_of(
    "be been being have having has had also soon now still then only even already once again both "
    "either to get become it them him her us not n't never"
)
_POSSIBLE = frozenset(["may", "might", "could", "can", "possibly", "perhaps"])
_DECIDED = frozenset(["will", "shall", "must", "'ll"])
_CONDITIONAL = frozenset(["would", "should"])
NEGATION = words_of(
    "not never n't cannot didn't doesn't don't hasn't haven't hadn't wasn't weren't isn't aren't "
    "won't wouldn't couldn't can't without nobody no none neither nor"
)
_WANT = words_of(
    "try trying tries tried attempt attempts attempted attempting seek seeks sought seeking want "
    "wants wanted wanting hope hopes hoped hoping aim aims aimed aiming wish wishes wished "
    "propose proposes proposed proposing proposal "
    "proposals bid bids offer offers offered offering ask asks asked asking urge urges "
    "urged call calls called calling demand demands demanded request requested apply applied "
    "application threaten threatens threatened threatening suggest suggests suggested suggesting recommend recommends recommended "
    "recommending advise advised pressure campaign campaigning like likes liked "
    "interested willing eager keen motion petition lobbying effort efforts battle fight fighting struggle "
    "struggling permission"
)
_CONSIDER = words_of(
    "consider considers considered considering talks mull mulls mulling weigh weighs weighing "
    "discuss discusses discussed discussing discussions negotiations negotiate negotiating explore "
    "explores exploring idea option options debate debating examine examining looking study "
    "studying think thinks thinking thought chance possibility prospect reviewing review"
)
_PLAN = words_of(
    "plan plans planned planning intend intends intended intending scheduled means prepare prepares "
    "preparing poised gearing preparations readying ready"
)
_DECIDE = words_of(
    "set due expected agree agreed agrees agreeing decide decided decides vow vows vowed pledge pledges pledged "
    "promise promises promised going about deal order ordered vote voted decision is are was were"
)
_LIKELY = frozenset(
    ["likely", "unlikely", "expected", "thought", "believed", "feared", "said", "reported"]
)
_ALLEGE = words_of(
    "accused suspected charged alleged alleges allege allegedly accuse accuses accusing indicted "
    "suspicion suspect reportedly supposedly apparently questioned allegations allegation claims "
    "investigated counts"
)
_REFUSE = words_of(
    "refuse refuses refused refusing fail fails failed decline declines declined deny denies "
    "denied denying avoid avoided reject rejects rejected rejecting oppose opposes opposed "
    "opposing against instead stop stopped prevent prevented ruled unable"
)
_WEAK_ADJECTIVES = words_of(
    "proposed possible potential planned threatened attempted alleged suspected likely feared "
    "future mooted suggested hypothetical"
)
_BOUNDARY = words_of("that which who whom because while although but when after before until")


_DETERMINERS = words_of("a an any the this that such its his her their no some")
_NO_THING = frozenset(["no", "without", "neither"])
_IF = frozenset(["if", "whether", "unless"])


def level_at(words: Sequence[Word], i: int) -> float | None:
    """The level at which the sentence states its `i`-th word, from `DENIED` to `DONE`.

    Looks leftwards inside the clause; what it does not know counts as done, the level at which
    no fault is found in a title. `None` for a thing named without saying that it is: "a purchase".
    """
    first = _clause_start(words, i)
    # The word that opens the sentence may make a condition of all of it.
    if words[0].low in {"should", "if", "were", "unless"} and i < 9:
        return POSSIBLE
    # "in May" is no modal
    lows = ["month" if word.text == "May" else word.low for word in words[first:]]
    i -= first
    here = lows[i]
    if _IF & set(lows[max(0, i - 8) : i]):
        return POSSIBLE
    before_noun = lows[max(0, i - 2) : i]
    if (
        len(before_noun) == 2
        and before_noun[1].endswith("s")
        and before_noun[1] not in _DETERMINERS
    ):
        before_noun = before_noun[1:]  # "made the girls faint": a verb after its noun
    if _DETERMINERS & set(before_noun) and not here.endswith(("ing", "ed")):
        if "the" not in before_noun and (_CONDITIONAL | _POSSIBLE) & set(lows[i + 1 : i + 4]):
            return POSSIBLE
        if before_noun[-1:] and before_noun[-1] in _WEAK_ADJECTIVES:
            return ALLEGED if before_noun[-1] in {"alleged", "suspected"} else WANTED
        if _NO_THING & set(before_noun):
            return DENIED  # "there was no purchase"
        governing = _governing_noun(lows, i)
        if governing is not None:
            return governing
        return None if {"a", "an", "any", "such"} & set(before_noun) else DONE
    j = i - 1
    passive_or_perfect = False
    while j >= 0 and (lows[j] in _ADVERBS_BETWEEN or lows[j].endswith("ly")) and lows[j] != "to":
        if lows[j] in NEGATION:
            return DENIED
        if lows[j] in {"allegedly", "reportedly", "supposedly", "apparently"}:
            return ALLEGED
        if lows[j] in {"possibly", "likely"}:
            return POSSIBLE
        passive_or_perfect = passive_or_perfect or lows[j] in {"be", "been", "have", "having"}
        j -= 1
    if j < 0:
        return DONE
    before = lows[j]
    if before in NEGATION:
        return DENIED
    if before in _POSSIBLE:
        return DENIED if j + 1 < i and "not" in lows[j + 1 : i] and before == "could" else POSSIBLE
    if before in _DECIDED:
        return DECIDED
    if before == "would":
        return DECIDED  # "it would close": what "will" becomes in reported speech
    if before == "should":
        return WANTED
    if before == "to":
        return _after_to(lows, j)
    if before in _WEAK_ADJECTIVES:
        return ALLEGED if before in {"alleged", "suspected"} else WANTED
    if here.endswith("ing") or passive_or_perfect:
        return _after_preposition(lows, j)
    # "could be abandoned or delayed", "to close or sell": a verb joined to one before it.
    if before in {"or", "and"} and j > 0 and not here.endswith("s"):
        for k in range(j - 1, max(-1, j - 6), -1):
            if lows[k] in _POSSIBLE:
                return POSSIBLE
            if lows[k] in _BOUNDARY:
                break
    return DONE


def _governing_noun(lows: Sequence[str], i: int) -> float | None:
    """The level of a thing named as wanted, weighed or refused: "is considering her resignation"."""
    for low in lows[max(0, i - 4) : max(0, i - 1)]:
        if low in _REFUSE:
            return DENIED
        if low in _CONSIDER and low not in {"thought", "study", "review", "examine", "reviewing"}:
            return CONSIDERED
        if low in _WANT:
            return WANTED
    return None


def _clause_start(words: Sequence[Word], i: int) -> int:
    """The first word of the clause: punctuation, which is more than one space, begins a new one."""
    for k in range(i, 0, -1):
        gap = words[k].span.start - words[k - 1].span.end
        if gap > 1 and i - k >= 1:
            return k
    return 0


def _after_to(lows: Sequence[str], to: int) -> float | None:
    """The level of an infinitive: what the words before its `to` do with it.

    The weakest of them counts: "is considering a vote to close" considers. An infinitive that
    opens its clause states nothing: "to close it, two thirds would have to agree".
    """
    if to == 0:
        return None
    levels: list[float] = []
    for k in range(to - 1, max(-1, to - 7), -1):
        low = lows[k]
        if low in _BOUNDARY:
            break
        if low in _REFUSE and not levels:
            return DENIED
        level = _governing_level(lows, k, to)
        if level is not None:
            levels.append(POSSIBLE if level > CONSIDERED and _has_modal(lows, k) else level)
    return min(levels, default=DONE)


def _governing_level(lows: Sequence[str], k: int, to: int) -> float | None:
    """The level that the `k`-th word gives to an infinitive after it, if it gives one."""
    low = lows[k]
    if (low in _CONSIDER and low != "thought") or low in _JUDGED:
        return CONSIDERED
    if low in _LIKELY and low != "expected":
        return ALLEGED
    if low in _ALLEGE:
        return ALLEGED
    if low in _WANT:
        return WANTED
    if low in _PLAN:
        return PLANNED
    beside = k == to - 1
    if low in _DECIDE and (beside or low not in _ONLY_BESIDE):
        return DECIDED
    return DECIDED if beside and low in {"have", "has", "had"} else None


# "It would be illogical to move them": a judgement of it, not a report
_JUDGED = words_of(
    "illogical logical hard easy easier impossible wrong right important necessary difficult sensible "
    "absurd foolish unfair fair useful dangerous better best crazy stupid wise unwise reasonable "
    "unreasonable irresponsible tempting cheaper simpler harder premature"
)
_ONLY_BESIDE = frozenset(["is", "are", "was", "were", "order", "deal"])


def _has_modal(lows: Sequence[str], k: int) -> bool:
    return any(low in _POSSIBLE for low in lows[max(0, k - 3) : k])


def _after_preposition(lows: Sequence[str], j: int) -> float:
    """The level of an -ing form: `accused of taking`, `considering closing`, `talks about buying`."""
    for k in range(j, max(-1, j - 5), -1):
        low = lows[k]
        if low in _BOUNDARY:
            break
        if low in _ALLEGE:
            return ALLEGED
        if low in _REFUSE:
            return DENIED
        if low in _WANT and (k == j or lows[j] in {"of", "on", "about", "for", "at", "with", "in"}):
            return WANTED
        if low in _CONSIDER and (
            k == j or lows[j] in {"of", "on", "about", "for", "at", "with", "in"}
        ):
            return CONSIDERED
        if low in _PLAN and k >= j - 1:
            return PLANNED
    return DONE
