"""What to look for on each claim, as Markdown: what is missing, and where passages were found."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.evidence.missing import would_settle
from onrecord.record import Claim, Evidence
from onrecord.show import wording_evidence as wording
from onrecord.show.evidence import (
    ClaimEvidence,
    evidence_by_claim,
    exact_words,
    n_independent,
    proposal_sentence,
)
from onrecord.show.lookup import Lookup
from onrecord.show.markdown import markdown, web_address
from onrecord.show.visible import brief
from onrecord.show.wording import NONE_FOUND, claimed_by, counted
from onrecord.span import Span

__all__ = ["leads"]

N_CLAIMS = 10
N_PASSAGES = 5  # of a claim
_MORE = ": onrecord check --all"
MAX_WORDS = 600  # columns of a claim or of cited words
MAX_UNCITED = 200  # columns of a passage that nothing is cited from


def leads(look: Lookup, *, working_copy: bool) -> list[str]:
    """Each claim that can be checked with its leads; what is proposed only in a working copy."""
    evidence = evidence_by_claim(look)
    ranked = sorted((one for one in look.record.claims or () if one.checkable), key=_rank)
    lines: list[str] = []
    for claim in ranked[:N_CLAIMS]:
        words = markdown(brief(look.words(claim.span), MAX_WORDS))
        who = markdown(claimed_by(look, claim))
        lines.append(f"- [ ] {who}: “{words}” [{claim.span.start}–{claim.span.end}]")
        found = evidence.get(claim.id)
        if found is None:
            lines.append(f"  - look for: {would_settle(claim.kind)}")
            continue
        if working_copy:
            lines.append(f"  - {markdown(proposal_sentence(found))}")
            if found.settles():
                cited = found.cited()
                lines.append(f"  - {wording.rests_on(cited, n_independent(cited))}")
        missing = found.verdict.missing if found.verdict and working_copy else ""
        if missing.strip():
            lines.append(f"  - {wording.MISSING}: {markdown(brief(missing, MAX_WORDS))}")
        else:
            # What a verdict calls missing tells its label: "it rests on one source".
            lines.append(f"  - look for: {would_settle(claim.kind)}")
        if asked := wording.searched(found.collection):
            lines.append(f"  - {markdown(asked)}")
        if not found.evidence:
            lines.append(f"  - {markdown(wording.passages_found(0, found.collection))}")
        pieces = (*found.cited(), *found.others()) if working_copy else found.evidence
        for piece in pieces[:N_PASSAGES]:
            lines += _lead(found, piece, working_copy=working_copy)
        if len(pieces) > N_PASSAGES:
            lines.append(f"  - and {counted(len(pieces) - N_PASSAGES, 'more passage')}{_MORE}")
    if len(ranked) > N_CLAIMS:
        lines.append(f"- and {counted(len(ranked) - N_CLAIMS, 'more claim')}{_MORE}")
    return lines or [f"{NONE_FOUND.capitalize()}."]


def _rank(claim: Claim) -> int:
    return claim.rank


def _lead(found: ClaimEvidence, piece: Evidence, *, working_copy: bool) -> Iterator[str]:
    passage = piece.passage
    stance = f", {wording.STANCE[piece.stance]}" if working_copy else ""
    words = exact_words(piece)
    spans = piece.cited if words else (Span(0, len(passage.text)),)
    places = ", ".join(wording.offsets(passage, span) for span in spans[:4])
    quoted = markdown(brief(words, MAX_WORDS) if words else brief(passage.text, MAX_UNCITED))
    notes = [markdown(wording.document(passage))]
    notes += [web_address(passage.url)] if passage.url else []
    notes += [markdown(wording.origin(passage))] if wording.origin(passage) else []
    yield f"  - passage{stance}: “{quoted}” {places}: {', '.join(notes)}"
    if piece.is_later:
        yield f"    - {wording.later(piece) if working_copy else wording.LATER}"
    if working_copy:
        for check in found.quantities:
            if check.evidence == piece.id:
                arithmetic = markdown(brief(check.arithmetic, MAX_WORDS))
                yield f"    - {wording.NUMBERS}: {arithmetic}"
