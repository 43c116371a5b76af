"""The weights of a claim's labels from texts that a person chose for it, without a search.

The text may be prose or questions with answers, as a fact-checker notes them. Each answer is a
voice; prose is one voice a sentence while it is short, since a short excerpt is chosen sentence by
sentence, and one voice where it is longer.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.evidence.cited import GIVEN, part_readings
from onrecord.evidence.questions import exchanges
from onrecord.evidence.stance import StanceReader
from onrecord.evidence.weigh import GIVEN_SCALE, Voice, Weights, weighed
from onrecord.sentence_ends import split
from onrecord.span import Span

__all__ = ["weights_of_given"]

# Sentences past which a text is read as one: chance findings add up over many.
_MAX_SENTENCES = 12


def weights_of_given(
    cases: Sequence[tuple[str, Sequence[str]]], *, reader: StanceReader
) -> tuple[Weights, ...]:
    """The weights for each (claim, texts), in order; the reader is asked once.

    Without texts, or with none that says anything, not enough evidence has the whole weight.
    """
    rows = [(claim, text) for claim, texts in cases for text in _texts(texts)]
    read = iter(part_readings(rows, reader=reader, bearing=GIVEN))
    out = []
    for _, texts in cases:
        parts = [part for _ in _texts(texts) for part in next(read)]
        voices = [Voice(p.score.supports, p.score.refutes) for p in parts if p.answered]
        out.append(weighed(voices, scale=GIVEN_SCALE, n_unanswered=len(parts) - len(voices)))
    return tuple(out)


def _texts(texts: Sequence[str]) -> list[str]:
    """Prose cut into sentences where it is short; questions with their answers as they are."""
    out: list[str] = []
    for text in texts:
        sentences = split(text, Span(0, len(text)))
        if exchanges(text) or not 1 < len(sentences) <= _MAX_SENTENCES:
            out.append(text)
        else:
            out.extend(sentence.of(text) for sentence in sentences)
    return out
