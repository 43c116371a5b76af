"""Words that turn a claim round: negations, words of doubt, and pairs of opposites."""

from __future__ import annotations

import re

__all__ = ["ALTERNATIVES", "DOUBTS", "FRAMES", "NEGATIONS", "OPPOSITES"]

_NEGATIONS = """
    no not never none nobody nothing nowhere neither nor without cannot hardly barely lacks lack
    lacked unable
"""
NEGATIONS = frozenset(_NEGATIONS.split())
# Words that say of a claim that it is not so.
_DOUBTS = """
    false untrue hoax myth denies denied deny debunked refuses refused fails failed wrong
    incorrect fabricated
"""
DOUBTS = frozenset(_DOUBTS.split())
# What a fact-checker puts before the claim that is checked.
FRAMES = re.compile(
    r"^(?:(?:an?|the|this)\s+)?(?:(?:viral|old|fake|real|new|facebook|social\s+media|video|photo|"
    r"image|post|meme|screenshot|article|tweet|claim)s?\s+)*"
    r"(?:says?|said|claims?|claimed|shows?|showed|showing|suggests?|states?|stated)\s+"
    r"(?:that\s+)?",
    re.IGNORECASE,
)


def _pairs(*rows: tuple[str, str]) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    return tuple((frozenset(left.split()), frozenset(right.split())) for left, right in rows)


# Words of a side are forms of one meaning; a claim with one side is opposed by one with the other.
# Words of many uses ("up", "over", "back") are left out: they part claims that say the same.
OPPOSITES = _pairs(
    (
        (
            "increase increased increases increasing rise rises rose risen rising raise raised raises "
            "grow grows grew grown growing higher gained soared climbed doubled tripled expanded"
        ),
        (
            "decrease decreased decreases decreasing fall falls fell fallen falling cut cuts lower "
            "lowers lowered reduce reduces reduced drop drops dropped decline declines declined "
            "shrank shrunk halved sank plunged slashed"
        ),
    ),
    ("more most greater larger bigger", "less fewer least smaller"),
    ("highest largest biggest", "lowest smallest"),
    ("above exceeded exceeds", "below"),
    ("best better", "worst worse"),
    ("win wins won winning winner", "lose loses lost losing loser defeated"),
    (
        "support supports supported supporting backs backed favor favors favour favours",
        "oppose opposes opposed opposing reject rejects rejected against",
    ),
    (
        "allow allows allowed permit permits permitted legalize legalise legalized legalised",
        "ban bans banned prohibit prohibits prohibited forbid forbids forbidden outlaw outlawed",
    ),
    ("approve approves approved passed adopted", "vetoed blocked"),
    ("legal lawful legally", "illegal unlawful illegally"),
    ("safe safely harmless", "dangerous unsafe harmful deadly"),
    ("guilty convicted", "innocent acquitted cleared"),
    ("alive living", "dead died dies killed"),
    ("open opened opens reopen reopened reopens", "close closed closes shut"),
    ("start started starts begin began begins", "stop stopped stops end ended ends"),
    ("hire hired", "fired dismissed sacked"),
    ("arrived entered joined", "left departed quit resigned"),
    ("cause causes caused", "prevent prevents prevented cure cures cured"),
    ("help helps helped", "hurt hurts harmed harms"),
    ("possible", "impossible"),
    ("effective", "ineffective useless"),
    ("genuine authentic", "fake"),
    ("rich richest wealthy", "poor poorest"),
    ("buy bought buys", "sell sold sells"),
    ("create created creates", "destroy destroyed destroys eliminated"),
    ("mandatory required", "optional voluntary"),
    ("surplus", "deficit"),
    ("profit", "loss"),
    ("majority", "minority"),
    ("warmer hotter warming", "colder cooler cooling"),
    ("faster", "slower"),
    ("strengthen strengthened stronger", "weaken weakened weaker"),
    ("include includes included", "exclude excludes excluded"),
)
# Sides that make two claims about different things, neither of them the other's opposite.
ALTERNATIVES = _pairs(
    ("male man men boy boys father", "female woman women girl girls mother"),
    ("before", "after"),
    ("first", "last second"),
    ("public", "private"),
    ("import imports imported", "export exports exported"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("daily", "weekly monthly yearly annually"),
)
