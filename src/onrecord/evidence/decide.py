"""From the evidence for a claim to one of four labels, with what is missing.

Passages of one document, and near-copies of one text, are one voice. A document from after the
claim cannot refute it. What is not sure enough is "not enough evidence", and so is everything
without a citation: there is no way from no cited words to another label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onrecord.evidence.asked import ranked
from onrecord.evidence.missing import would_settle
from onrecord.evidence.weigh import FOUND_SCALE, Voice, Weights, weighed
from onrecord.record import Claim, CollectionState, Evidence, QuantityCheck, Verdict
from onrecord.terms import ClaimKind, EvidenceStance, QuantityFinding, VerdictLabel

__all__ = ["THRESHOLD", "label_of", "verdict_of", "verdicts"]

# From here on a label is proposed. The least at which supported and refuted are each right in .90
# of cases on vitaminc.dev and fm2.dev together (docs/adr/0005-stance-model.md, 0008-verdicts.md).
THRESHOLD = 0.8
# A stance below this is shown and does not count as a voice, as the model sees sides in passages
# about other matters: of 490 claims of news asked of articles about other things 18 have a side
# after `cited.is_on_the_matter`, 2 of them one of .7 or more, and none one of .8.
LEAST_VOICE = 0.7
# A "supports" below this gives way to another number in the same passage: the model reads numbers
# worse than the comparison does.
WEAK_SUPPORT = 0.95
# Five words in a row are seldom shared by chance; from this share of the shorter text's on, two
# texts are one (as in `retrieve`).
SHINGLE = 5
COPY_SHARE = 0.6
_WORD = re.compile(r"[^\W_]+")


def verdicts(
    claims: Sequence[Claim],
    evidence: Sequence[Evidence],
    quantities: Sequence[QuantityCheck] | None = None,
    collection: CollectionState | None = None,
    *,
    max_claims: int = 10,
    threshold: float = THRESHOLD,
) -> tuple[Verdict, ...]:
    """A verdict for each claim that was asked, best-ranked first.

    A claim that was not asked (beyond `max_claims`, or not checkable) has none.
    """
    by_claim: dict[str, list[Evidence]] = {}
    for piece in evidence:
        by_claim.setdefault(piece.claim, []).append(piece)
    return tuple(
        verdict_of(
            claim.id,
            by_claim.get(claim.id, ()),
            kind=claim.kind,
            quantities=quantities or (),
            collection=collection,
            threshold=threshold,
        )
        for claim in ranked(claims, max_claims=max_claims)
    )


def verdict_of(
    claim: str,
    evidence: Sequence[Evidence],
    *,
    kind: ClaimKind | None = None,
    quantities: Sequence[QuantityCheck] = (),
    collection: CollectionState | None = None,
    threshold: float = THRESHOLD,
) -> Verdict:
    """The verdict on one claim, by its id or for a typed one.

    Its evidence are the pieces on the side, or sides, of the label; of copies the surest. Each side
    has a voice that is sure alone: further ones make a label surer and do not make one, because
    what a model misreads in one passage it misreads in the next.
    """
    numbers = _other_numbers(quantities)
    counted = [piece for piece in evidence if _counts(piece, numbers)]
    voices = _independent(counted)
    weights = weighed([_voice(piece) for piece in voices], scale=FOUND_SCALE)
    label = label_of(weights, threshold=threshold)
    kept = [piece.id for piece in voices if piece.stance in _SIDES[label]]
    if not {piece.stance for piece in voices if piece.score >= threshold} >= _SIDES[label]:
        label, kept = VerdictLabel.NOT_ENOUGH_EVIDENCE, []
    state = _Case(evidence, voices, numbers, collection)
    return Verdict(
        claim=claim,
        label=label,
        confidence=round(weights.of(label), 4),
        evidence=tuple(kept),
        missing=_missing(label, state, kind),
    )


def label_of(weights: Weights, *, threshold: float) -> VerdictLabel:
    """The label that is sure enough; conflicting needs both sides to be.

    >>> label_of(Weights(0.85, 0.05, 0.05, 0.05), threshold=0.8).value
    'supported'
    """
    for_it = weights.supported + weights.conflicting
    against = weights.refuted + weights.conflicting
    if for_it >= threshold and against >= threshold:
        return VerdictLabel.CONFLICTING
    if weights.supported >= threshold:
        return VerdictLabel.SUPPORTED
    if weights.refuted >= threshold:
        return VerdictLabel.REFUTED
    return VerdictLabel.NOT_ENOUGH_EVIDENCE


_BOTH = frozenset({EvidenceStance.SUPPORTS, EvidenceStance.REFUTES})
_SIDES: Mapping[VerdictLabel, frozenset[EvidenceStance]] = {
    VerdictLabel.SUPPORTED: frozenset({EvidenceStance.SUPPORTS}),
    VerdictLabel.REFUTED: frozenset({EvidenceStance.REFUTES}),
    VerdictLabel.CONFLICTING: _BOTH,
    VerdictLabel.NOT_ENOUGH_EVIDENCE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class _Case:
    """A claim's evidence, the voices that count, and the numbers that stand against it."""

    evidence: Sequence[Evidence]
    voices: Sequence[Evidence]
    numbers: Mapping[str, str]
    collection: CollectionState | None


def _other_numbers(quantities: Sequence[QuantityCheck]) -> dict[str, str]:
    """The arithmetic by evidence id where a number is contradicted and none agrees."""
    agreeing = {
        check.evidence
        for check in quantities
        if check.finding in {QuantityFinding.AGREES, QuantityFinding.ROUNDS}
    }
    return {
        check.evidence: check.arithmetic
        for check in quantities
        if check.finding is QuantityFinding.CONTRADICTS and check.evidence not in agreeing
    }


def _counts(piece: Evidence, numbers: Mapping[str, str]) -> bool:
    if piece.stance is EvidenceStance.NEUTRAL or piece.score < LEAST_VOICE:
        return False
    if not any(span.n_chars for span in piece.cited):
        return False
    if piece.stance is EvidenceStance.REFUTES:
        return not piece.is_later
    return piece.id not in numbers or piece.score >= WEAK_SUPPORT


def _independent(pieces: Sequence[Evidence]) -> list[Evidence]:
    """One piece, the surest, of each document and of each text with its copies, surest first."""
    kept: list[Evidence] = []
    shingles: list[frozenset[tuple[str, ...]]] = []
    for piece in sorted(pieces, key=lambda one: (-one.score, one.rank, one.id)):
        own = _shingles(piece.passage.text)
        is_new = all(
            piece.passage.document != other.passage.document and not _is_copy(own, theirs)
            for other, theirs in zip(kept, shingles, strict=True)
        )
        if is_new:
            kept.append(piece)
            shingles.append(own)
    return kept


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    starts = range(max(1, len(words) - SHINGLE + 1))
    return frozenset(tuple(words[at : at + SHINGLE]) for at in starts)


def _is_copy(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    return len(one & other) >= COPY_SHARE * min(len(one), len(other))


def _voice(piece: Evidence) -> Voice:
    if piece.stance is EvidenceStance.SUPPORTS:
        return Voice(piece.score, 0.0)
    return Voice(0.0, piece.score)


def _missing(label: VerdictLabel, case: _Case, kind: ClaimKind | None) -> str:
    settles = would_settle(kind)
    if label is VerdictLabel.CONFLICTING:
        return f"Sources stand against each other. What would settle it: {settles}."
    if label is not VerdictLabel.NOT_ENOUGH_EVIDENCE:
        sides = [piece for piece in case.voices if piece.stance in _SIDES[label]]
        one = "It rests on one source; a second, independent one is missing."
        return one if len(sides) == 1 else ""
    return f"{_found_so_far(case)} What would settle it: {settles}."


def _found_so_far(case: _Case) -> str:
    """Why what was found is not enough, the most telling reason only."""
    if not case.evidence:
        if case.collection is not None and not case.collection.n_documents:
            return "The collection is empty."
        return "No passage about it was found."
    contradicted = [
        piece
        for piece in case.evidence
        if piece.stance is EvidenceStance.SUPPORTS and piece.id in case.numbers
    ]
    if contradicted and not case.voices:
        return f"A passage on the matter gives another number: {case.numbers[contradicted[0].id]}."
    if any(p.is_later and p.stance is EvidenceStance.REFUTES for p in case.evidence):
        return "What speaks against it is dated after the claim and cannot say what was so then."
    sides = {piece.stance for piece in case.evidence} - {EvidenceStance.NEUTRAL}
    if sides == _BOTH:
        return "Passages lean both ways, none of them clearly."
    if EvidenceStance.SUPPORTS in sides:
        return "A passage leans towards it, but not clearly enough."
    if EvidenceStance.REFUTES in sides:
        return "A passage leans against it, but not clearly enough."
    return "The passages that were found do not say whether it is so."
