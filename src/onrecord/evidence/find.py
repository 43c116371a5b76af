"""What the passages of a collection say for and against the claims of a page.

For each of the best-ranked claims: the passages that a search finds, what each says of it, and the
words in it that this rests on. A passage that shares hardly a word with the claim is not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.evidence.asked import asked_claims
from onrecord.evidence.cited import (
    FOUND,
    PartReading,
    cited_words,
    is_on_the_matter,
    part_readings,
    strongest,
)
from onrecord.evidence.matter import shared_share
from onrecord.evidence.retrieve import is_later, retrieved
from onrecord.evidence.stance import StanceReader
from onrecord.ports import PassageIndex
from onrecord.record import Attribution, Claim, Evidence, Page, Passage
from onrecord.span import Span
from onrecord.terms import EvidenceStance

__all__ = ["Limits", "evidence", "evidence_for"]

# Below this share of the claim's content words a passage with its title is not read: it would cost
# time, and a side that the model saw in it would be chance. Of wice_oracle.dev 2% of the pairs that
# support and of averitec.dev 6% lie below; of vitaminc.dev, single sentences without a title, 10%.
MIN_SHARED = 0.3
# Neutral passages kept for each claim, so that a person sees what was looked at.
NEUTRAL_KEPT = 2
TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is looked at: claims of a page, and passages read for each."""

    max_claims: int = 10
    passages: int = 8


def evidence(
    page: Page,
    claims: Sequence[Claim],
    attributions: Sequence[Attribution] | None = None,
    *,
    index: PassageIndex,
    reader: StanceReader,
    limits: Limits | None = None,
) -> tuple[Evidence, ...]:
    """The evidence for the best-ranked claims, best claim first, then by rank.

    `()` where the collection has nothing. Of neutral passages the two nearest are kept. A claim
    that cannot be checked is not asked.
    """
    limits = limits or Limits()
    asked = asked_claims(page, claims, attributions=attributions, max_claims=limits.max_claims)
    questions = [(one.claim.id, one.text) for one in asked]
    return _evidence(questions, page=page, index=index, reader=reader, limit=limits.passages)


def evidence_for(
    text: str, *, index: PassageIndex, reader: StanceReader, limits: Limits | None = None
) -> tuple[Evidence, ...]:
    """The evidence for a claim that a person typed; the claim's id is `typed`."""
    limit = (limits or Limits()).passages
    question = [(TYPED, " ".join(text.split()))]
    return _evidence(question, page=None, index=index, reader=reader, limit=limit)


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage that was found for a claim, and what it says.

    `part` is `None` where it was not read, and where the words that it would rest on are about
    something else.
    """

    claim: str
    text: str
    passage: Passage
    part: PartReading | None
    cited: tuple[Span, ...] = ()

    @property
    def stance(self) -> EvidenceStance:
        return self.part.score.stance if self.part else EvidenceStance.NEUTRAL

    @property
    def score(self) -> float:
        """The probability of the stance; 1.0 for what was not read, as for what has no words."""
        if self.part is None:
            return 1.0
        score = self.part.score
        return {
            EvidenceStance.SUPPORTS: score.supports,
            EvidenceStance.REFUTES: score.refutes,
            EvidenceStance.NEUTRAL: score.neutral,
        }[self.stance]


def _evidence(
    questions: Sequence[tuple[str, str]],
    *,
    page: Page | None,
    index: PassageIndex,
    reader: StanceReader,
    limit: int,
) -> tuple[Evidence, ...]:
    if not questions:
        return ()
    found = retrieved([text for _, text in questions], page=page, index=index, limit=limit)
    rows = [
        (claim, text, candidate.passage)
        for (claim, text), candidates in zip(questions, found, strict=True)
        for candidate in candidates
    ]
    near = [i for i, (_, text, passage) in enumerate(rows) if _is_near(text, passage)]
    pairs = [(rows[i][1], rows[i][2].text) for i in near]
    parts = part_readings(pairs, reader=reader, bearing=FOUND)
    by_row = {i: strongest(read) for i, read in zip(near, parts, strict=True)}
    reads = _cited([_Read(*row, by_row.get(i)) for i, row in enumerate(rows)], reader=reader)
    kept = [
        (read, rank)
        for claim, _ in questions
        for rank, read in enumerate(_kept([r for r in reads if r.claim == claim]), 1)
    ]
    return tuple(
        Evidence(
            id=_id(page, read.claim, read.passage),
            claim=read.claim,
            passage=read.passage,
            stance=read.stance,
            score=round(read.score, 4),
            rank=rank,
            cited=read.cited,
            is_later=is_later(read.passage, page),
        )
        for read, rank in kept
    )


def _is_near(text: str, passage: Passage) -> bool:
    return shared_share(text, f"{passage.title} {passage.text}") >= MIN_SHARED


def _kept(reads: Sequence[_Read]) -> list[_Read]:
    """Those with a side, surest first, then the nearest neutral ones in the order of the search."""
    sided = [read for read in reads if read.stance is not EvidenceStance.NEUTRAL]
    neutral = [read for read in reads if read.stance is EvidenceStance.NEUTRAL]
    return sorted(sided, key=lambda read: -read.score) + neutral[:NEUTRAL_KEPT]


def _cited(reads: Sequence[_Read], *, reader: StanceReader) -> list[_Read]:
    """The readings with the words that each rests on; without a side where these are off it."""
    out = list(reads)
    chosen = [
        (i, (read.text, read.passage.text, read.part))
        for i, read in enumerate(reads)
        if read.part is not None and read.stance is not EvidenceStance.NEUTRAL
    ]
    spans = cited_words([row for _, row in chosen], reader=reader)
    for (i, row), cited in zip(chosen, spans, strict=True):
        is_on = is_on_the_matter(*row, cited, title=reads[i].passage.title)
        out[i] = replace(reads[i], cited=cited) if is_on else replace(reads[i], part=None)
    return out


def _id(page: Page | None, claim: str, passage: Passage) -> str:
    """16 hexadecimal digits from the claim and the passage, which may be asked twice on a page."""
    name = f"{page.digest if page else ''}:evidence:{claim}:{passage.id}"
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
