"""What a claim and a fact-check share in words: rare words count for more, and runs of words.

Everything works on stems as the text index makes them, so that "taxes rose" meets "tax rises".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["FUNCTION_STEMS", "Asked", "Overlap", "asked", "overlap", "weight_of"]

# Stems that say nothing about what a claim is about.
_FUNCTION = """
    a an the of to in on at by for from with as is are was were be been being has have had do does
    did doing done and or but not no nor that this these those it he she they them his her hers
    their theirs our ours we us you your i me my mine who whom whose which what so if then than
    there here will would can could shall should may might must s t re ve ll d m when where how why
    all ani some more most about into over also just say said
"""
FUNCTION_STEMS = frozenset(_FUNCTION.split())
# A function word still counts in a run of words, a little.
FUNCTION_WEIGHT = 0.15


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim made ready to be compared: its stems in order, and its runs of two and three."""

    stems: tuple[str, ...]
    content: frozenset[str]
    pairs: Mapping[tuple[str, ...], float]
    triples: Mapping[tuple[str, ...], float]
    weight: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares from 0 to 1, each weighed by how rare the words are.

    `of_claim`: of the asked claim's words in the checked claim; `of_checked`: of the checked
    claim's words in the asked one; `anywhere`: of the asked claim's words in the whole fact-check;
    `pairs` and `triples`: of its runs of two and three words in the whole fact-check.
    """

    of_claim: float
    of_checked: float
    anywhere: float
    pairs: float
    triples: float


def weight_of(stem: str, rarity: Mapping[str, float]) -> float:
    """The weight of a stem: its rarity, or little for a function word."""
    return FUNCTION_WEIGHT if stem in FUNCTION_STEMS else rarity.get(stem, FUNCTION_WEIGHT)


def asked(stems: Sequence[str], *, rarity: Mapping[str, float]) -> Asked:
    """The claim of these stems, ready to be compared with many fact-checks."""
    weights = [weight_of(stem, rarity) for stem in stems]
    runs: list[dict[tuple[str, ...], float]] = []
    for n in (2, 3):
        found: dict[tuple[str, ...], float] = {}
        for i in range(len(stems) - n + 1):
            found[tuple(stems[i : i + n])] = sum(weights[i : i + n])
        runs.append(found)
    content = frozenset(stem for stem in stems if stem not in FUNCTION_STEMS)
    total = sum(weight_of(stem, rarity) for stem in content)
    return Asked(tuple(stems), content, runs[0], runs[1], total)


def overlap(
    claim: Asked,
    checked: Sequence[str],
    *,
    rest: Sequence[str],
    rarity: Mapping[str, float],
) -> Overlap:
    """What the claim shares with a fact-check: stems of its claim, and of its title and body."""
    words = frozenset(checked) - FUNCTION_STEMS
    shared = sum(weight_of(stem, rarity) for stem in claim.content & words)
    whole = [*checked, "", *rest]
    everywhere = claim.content.intersection(whole)
    return Overlap(
        of_claim=_share(shared, claim.weight),
        of_checked=_share(shared, sum(weight_of(stem, rarity) for stem in words)),
        anywhere=_share(sum(weight_of(s, rarity) for s in everywhere), claim.weight),
        pairs=_covered(claim.pairs, pairwise(whole)),
        triples=_covered(claim.triples, zip(whole, whole[1:], whole[2:], strict=False)),
    )


def _covered(runs: Mapping[tuple[str, ...], float], found: object) -> float:
    both = runs.keys() & set(found)  # type: ignore[call-overload]
    return _share(sum(runs[run] for run in both), sum(runs.values()))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
