"""The numbers of a claim beside the numbers of a passage: agree, contradict, round or neither.

`compared` works on two texts, `quantities` is the stage that runs it on each piece of evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.record import Claim, Evidence, Page, QuantityCheck
from onrecord.span import Span
from onrecord.terms import QuantityFinding

__all__ = ["Comparison", "compared", "quantities"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number of a claim beside a number of a passage.

    `claim_words` are code points into the claim's text, `passage_words` into the passage's.
    `arithmetic` explains the finding in one line.
    """

    finding: QuantityFinding
    claim_words: Span
    passage_words: Span
    arithmetic: str


def compared(claim: str, passage: str) -> tuple[Comparison, ...]:
    """How each number of the claim stands to the passage's, in the order of the claim.

    A number of the claim that no number of the passage speaks about is left out.
    """
    del claim, passage
    return ()


def quantities(
    page: Page, claims: tuple[Claim, ...], evidence: tuple[Evidence, ...]
) -> tuple[QuantityCheck, ...]:
    """The numbers of each claim against those of its evidence, in the order of the evidence."""
    by_id = {claim.id: claim for claim in claims}
    return tuple(
        QuantityCheck(
            claim=claim.id,
            evidence=piece.id,
            finding=each.finding,
            claim_words=each.claim_words.moved(claim.span.start),
            passage_words=each.passage_words,
            arithmetic=each.arithmetic,
        )
        for piece in evidence
        if (claim := by_id.get(piece.claim)) is not None
        for each in compared(claim.span.of(page.text), piece.passage.text)
    )
