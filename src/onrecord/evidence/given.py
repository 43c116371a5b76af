"""The weights of a claim's labels from texts that a person chose for it, without a search.

The text may be prose or questions with answers, as a fact-checker notes them. Each answer is a
voice, and so is each prose text; prose cut into sentences, a voice each, was worse (fm2.dev .652
for .689, politihop.valid .322 for .343 macro-F1).
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.evidence.cited import GIVEN, part_readings
from onrecord.evidence.questions import begins_with_question, exchanges
from onrecord.evidence.stance import StanceReader
from onrecord.evidence.weigh import GIVEN_SCALE, PROSE_SCALE, Voice, Weights, weighed

__all__ = ["weights_of_given"]


def weights_of_given(
    cases: Sequence[tuple[str, Sequence[str]]], *, reader: StanceReader
) -> tuple[Weights, ...]:
    """The weights for each (claim, texts), in order; the reader is asked once.

    Without texts, or with none that says anything, not enough evidence has the whole weight.
    """
    rows = [(claim, text) for claim, texts in cases for text in texts]
    read = iter(part_readings(rows, reader=reader, bearing=GIVEN))
    out = []
    for _, texts in cases:
        parts = [part for _ in texts for part in next(read)]
        voices = [Voice(p.score.supports, p.score.refutes) for p in parts if p.answered]
        # Notes may have lost their question marks; then they still begin like a question.
        are_notes = any(begins_with_question(text) or exchanges(text) for text in texts)
        scale = GIVEN_SCALE if are_notes else PROSE_SCALE
        out.append(weighed(voices, scale=scale, n_unanswered=len(parts) - len(voices)))
    return tuple(out)
