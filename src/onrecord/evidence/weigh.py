"""Several voices for and against a claim weighed into the four labels.

Each voice gives a probability that it supports and one that it refutes. That at least one of them
truly supports is S = 1 - (1 - s1)(1 - s2)..., and R likewise for refutes (noisy-or; Pearl,
"Probabilistic Reasoning in Intelligent Systems", 1988, section 4.3). Supported is S(1 - R), refuted
R(1 - S), conflicting S R, and not enough evidence (1 - S)(1 - R); the four add up to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.terms import VerdictLabel

__all__ = ["FOUND_SCALE", "GIVEN_SCALE", "PROSE_SCALE", "Scale", "Voice", "Weights", "weighed"]


@dataclass(frozen=True, slots=True)
class Voice:
    """What one source says: two probabilities, 0 to 1."""

    supports: float
    refutes: float


@dataclass(frozen=True, slots=True)
class Scale:
    """What is expected before anything is read, as factors; all 1 where nothing is.

    `trust` is taken off every voice, so that no number of them makes certain. `others` is what a
    further voice on the same side counts for, because one misreading is often repeated.
    `unanswered` adds to `not_enough` for the share of questions without an answer.
    """

    conflicting: float = 1.0
    not_enough: float = 1.0
    unanswered: float = 0.0
    trust: float = 1.0
    others: float = 1.0


# For what a search found. A second voice for half: no set at hand has several retrieved passages
# with labels, so this is set on the safe side and not fitted.
FOUND_SCALE = Scale(others=0.5)
# For answers that a person noted because they settle the claim: silence is rarer, and a question
# that was asked and has no answer says much. Best of a search over 1,500 settings on averitec.dev;
# chosen on one half and read on the other, macro-F1 was .457 (mean of 40 halvings, sd .028).
GIVEN_SCALE = Scale(conflicting=0.6, not_enough=0.2, unanswered=10.0, trust=0.9)
# For prose that a person chose. With .2, .5, .8 and 1 for not enough, vitaminc.dev reaches macro-F1
# .620, .719, .726 and .714, and averitec.dev as prose .477, .450, .442 and .435.
PROSE_SCALE = Scale(conflicting=0.6, not_enough=0.5, trust=0.9)


@dataclass(frozen=True, slots=True)
class Weights:
    """The probabilities of the four labels; they add up to 1."""

    supported: float
    refuted: float
    conflicting: float
    not_enough_evidence: float

    @property
    def likeliest(self) -> VerdictLabel:
        """The label with the largest weight; not enough evidence where it has as much as another.

        >>> Weights(0.5, 0.0, 0.0, 0.5).likeliest.value
        'not_enough_evidence'
        """
        ordered = (
            (self.not_enough_evidence, VerdictLabel.NOT_ENOUGH_EVIDENCE),
            (self.conflicting, VerdictLabel.CONFLICTING),
            (self.refuted, VerdictLabel.REFUTED),
            (self.supported, VerdictLabel.SUPPORTED),
        )
        return max(ordered, key=lambda pair: pair[0])[1]

    def of(self, label: VerdictLabel) -> float:
        """The weight of a label."""
        return {
            VerdictLabel.SUPPORTED: self.supported,
            VerdictLabel.REFUTED: self.refuted,
            VerdictLabel.CONFLICTING: self.conflicting,
            VerdictLabel.NOT_ENOUGH_EVIDENCE: self.not_enough_evidence,
        }[label]


NOTHING = Weights(0.0, 0.0, 0.0, 1.0)


def weighed(voices: Sequence[Voice], *, scale: Scale, n_unanswered: int = 0) -> Weights:
    """The weights of the four labels from independent voices; without any, not enough evidence.

    `n_unanswered` questions were asked beside the voices and have no answer.

    >>> round(weighed([Voice(0.9, 0.0)], scale=Scale()).supported, 2)
    0.9
    """
    if not voices:
        return NOTHING
    supports = _any([voice.supports for voice in voices], scale)
    refutes = _any([voice.refutes for voice in voices], scale)
    silence = n_unanswered / (n_unanswered + len(voices))
    parts = (
        supports * (1 - refutes),
        refutes * (1 - supports),
        scale.conflicting * supports * refutes,
        scale.not_enough * (1 - supports) * (1 - refutes) * (1 + scale.unanswered * silence),
    )
    total = sum(parts)
    return Weights(*(part / total for part in parts)) if total > 0 else NOTHING


def _any(probabilities: Sequence[float], scale: Scale) -> float:
    """The probability that at least one holds; the likeliest counts in full, others less."""
    none = 1.0
    for place, probability in enumerate(sorted(probabilities, reverse=True)):
        counts = scale.trust * (scale.others if place else 1.0)
        none *= 1 - counts * min(max(probability, 0.0), 1.0)
    return 1 - none
