"""What a claim and a fact-check share in words: rare words count for more, and runs of words.

Everything works on stems as the text index makes them, so that "taxes rose" meets "tax rises".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["FUNCTION_STEMS", "Asked", "Overlap", "asked", "content_of", "overlap", "weight_of"]

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
    """A claim made ready to be compared: its content stems, and its runs of two and three.

    A run is written as its stems with a space before, between and behind them; `parts` are both
    pairs of each run of three. The weights are those of all content stems, pairs and triples.
    """

    content: frozenset[str]
    pairs: Mapping[str, float]
    triples: Mapping[str, float]
    parts: Mapping[str, frozenset[str]]
    weight: float
    pairs_weight: float
    triples_weight: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares from 0 to 1, each weighed by how rare the words are.

    `of_claim`: of the asked claim's words in the checked claim; `of_checked`: of the checked
    claim's words in the asked one; `pairs` and `triples`: of the asked claim's runs of two and three
    words in the whole fact-check.
    """

    of_claim: float
    of_checked: float
    pairs: float
    triples: float


def weight_of(stem: str, rarity: Mapping[str, float]) -> float:
    """The weight of a stem: its rarity, or little for a function word."""
    return FUNCTION_WEIGHT if stem in FUNCTION_STEMS else rarity.get(stem, FUNCTION_WEIGHT)


def asked(stems: Sequence[str], *, rarity: Mapping[str, float]) -> Asked:
    """The claim of these stems, ready to be compared with many fact-checks."""
    weights = [weight_of(stem, rarity) for stem in stems]
    runs: list[dict[str, float]] = []
    for n in (2, 3):
        found: dict[str, float] = {}
        for i in range(len(stems) - n + 1):
            found[f" {' '.join(stems[i : i + n])} "] = sum(weights[i : i + n])
        runs.append(found)
    content = content_of(stems)
    total = sum(weight_of(stem, rarity) for stem in content)
    pairs, triples = runs
    parts = {run: _pairs_of(run) for run in triples}
    return Asked(content, pairs, triples, parts, total, sum(pairs.values()), sum(triples.values()))


def content_of(stems: Iterable[str]) -> frozenset[str]:
    """The stems without those that say nothing about what a claim is about."""
    return frozenset(stems) - FUNCTION_STEMS


def overlap(
    claim: Asked,
    checked: Sequence[str],
    *,
    rest: Sequence[str],
    rarity: Mapping[str, float],
) -> Overlap:
    """What the claim shares with a fact-check: stems of its claim, and texts of stems beside it.

    `rest` are title and body as the text index stems them, with one space between stems. Runs are
    looked for as text: a body is a thousand stems long, and making its own runs of them took half
    the time of a look-up.
    """
    words = content_of(checked)
    shared = sum(weight_of(stem, rarity) for stem in claim.content & words)
    # No stem holds a bar, so no run goes from one text into the next.
    whole = f" {' | '.join((' '.join(checked), *rest))} "
    pairs = {run for run in claim.pairs if run in whole}
    triples = {run for run, parts in claim.parts.items() if parts <= pairs and run in whole}
    # No stem of `words` is a function word, so that this is `weight_of` each.
    weight = sum(rarity.get(stem, FUNCTION_WEIGHT) for stem in words)
    return Overlap(
        of_claim=_share(shared, claim.weight),
        of_checked=_share(shared, weight),
        pairs=_share(sum(claim.pairs[run] for run in pairs), claim.pairs_weight),
        triples=_share(sum(claim.triples[run] for run in triples), claim.triples_weight),
    )


def _pairs_of(run: str) -> frozenset[str]:
    """Both pairs of a run of three."""
    first, second, third = run.split()
    return frozenset((f" {first} {second} ", f" {second} {third} "))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
