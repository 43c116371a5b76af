"""What a collection holds on each claim, gathered for every view, and as lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from onrecord.record import Attribution, CollectionState, Evidence, QuantityCheck, Verdict
from onrecord.show import wording_evidence as wording
from onrecord.show.lookup import Lookup
from onrecord.show.visible import brief, indented
from onrecord.show.wording import VERB, counted
from onrecord.span import Span
from onrecord.terms import AttributionStance, EvidenceStance, QuantityFinding, VerdictLabel

__all__ = [
    "ClaimEvidence",
    "evidence_by_claim",
    "evidence_lines",
    "exact_words",
    "n_independent",
    "proposal_sentence",
    "unshown",
]

N_CITED = 2  # passages for each stance that a terminal shows; --all has every one
MAX_WORDS = 600  # columns of cited words; a sentence has some 150
MAX_WORDS_OF_ALL = 4_000

_LABEL = 9  # columns of the label before a passage's words
_ORDER = (EvidenceStance.SUPPORTS, EvidenceStance.REFUTES, EvidenceStance.NEUTRAL)


@dataclass(frozen=True, slots=True)
class ClaimEvidence:
    """What was found on one claim: passages by rank, their numbers, and what is proposed.

    `verdict` is `None` where none was made. `said_as` is what a source does with the claim's words where it does not assert them: "denied".
    """

    evidence: tuple[Evidence, ...]
    quantities: tuple[QuantityCheck, ...] = ()
    verdict: Verdict | None = None
    collection: CollectionState | None = None
    said_as: str = ""

    def cited(self) -> tuple[Evidence, ...]:
        """The passages that the verdict rests on, supporting ones first; those not held left out."""
        ids = set(self.verdict.evidence) if self.verdict else set()
        there = (one for one in self.evidence if one.id in ids)
        return tuple(sorted(there, key=lambda one: (_ORDER.index(one.stance), one.rank)))

    def others(self) -> tuple[Evidence, ...]:
        """The passages that the verdict does not rest on, by rank."""
        cited = {one.id for one in self.cited()}
        return tuple(one for one in self.evidence if one.id not in cited)

    def settles(self) -> bool:
        """Whether the verdict says more than that the evidence does not suffice, and cites words."""
        verdict = self.verdict
        return (
            verdict is not None
            and _rules(verdict)
            and any(exact_words(one) for one in self.cited())
        )


def evidence_by_claim(look: Lookup) -> dict[str, ClaimEvidence]:
    """What was found on each claim, by claim id, those left out that nothing was searched for.

    Only the first claims are searched for; one without evidence and verdict is none of them.
    """
    record = look.record
    if record.evidence is None:
        return {}
    evidence: dict[str, list[Evidence]] = {}
    for one in sorted(record.evidence, key=lambda piece: piece.rank):
        evidence.setdefault(one.claim, []).append(one)
    quantities: dict[str, list[QuantityCheck]] = {}
    for check in record.quantities or ():
        quantities.setdefault(check.claim, []).append(check)
    verdicts = {one.claim: one for one in record.verdicts or ()}
    return {
        claim.id: ClaimEvidence(
            tuple(evidence.get(claim.id, ())),
            tuple(quantities.get(claim.id, ())),
            verdicts.get(claim.id),
            record.collection,
            _said_as(look.attributions.get(claim.attribution or "")),
        )
        for claim in record.claims or ()
        if claim.id in evidence or claim.id in verdicts
    }


def _said_as(attribution: Attribution | None) -> str:
    if attribution is None or attribution.stance is AttributionStance.ASSERTS:
        return ""
    return VERB[attribution.stance]


def n_independent(evidence: Iterable[Evidence]) -> int:
    """How many sources passages come from: one publisher, site, document or text counts once."""
    groups: list[set[str]] = []
    for one in evidence:
        passage = one.passage
        names = {
            f"document {passage.document}",
            f"text {' '.join(passage.text.casefold().split())}",
        }
        if passage.publisher.strip():
            names.add(f"publisher {' '.join(passage.publisher.casefold().split())}")
        if site := _site(passage.url):
            names.add(f"site {site}")
        apart = []
        for group in groups:
            if group & names:
                names |= group
            else:
                apart.append(group)
        groups = [*apart, names]
    return len(groups)


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def exact_words(piece: Evidence) -> str:
    """The cited words as the passage has them, gaps as `…`; empty where none are cited."""
    words = [span.of(piece.passage.text) for span in piece.cited]
    return " … ".join(one for one in words if one.strip())


def evidence_lines(found: ClaimEvidence, width: int, *, everything: bool) -> Iterator[str]:
    """The proposal with the words it rests on, as lines of at most `width` columns.

    Without `everything`, only `N_CITED` passages for each stance, and none that settle nothing.
    """
    cited = found.cited() if found.settles() else ()
    shown = list(cited) if everything else list(_first_of_each_stance(cited))
    yield from _proposal(found, width)
    for piece in shown:
        yield from _passage(found, piece, width, everything=everything)
    if cited:
        total = wording.rests_on(cited, n_independent(cited))
        yield from indented(total, width, first="      ", rest="      ")
    if found.verdict is not None and found.verdict.missing.strip():
        missing = brief(found.verdict.missing, MAX_WORDS)
        first = f"      {wording.MISSING:<{_LABEL - 1}} "
        yield from indented(missing, width, first=first, rest=" " * len(first))
    rest = [one for one in found.evidence if one not in shown]
    if everything:
        for piece in rest:
            yield from _passage(found, piece, width, everything=True)
    elif rest:
        what = "more passage" if shown else "passage"
        yield f"      {counted(len(rest), what)} found: --all"


def unshown(found: Sequence[ClaimEvidence]) -> str:
    """What is proposed on claims that a view does not show, counted by label; empty for nothing."""
    counts = dict.fromkeys(VerdictLabel, 0)
    for one in found:
        if one.verdict is not None and (one.settles() or not _rules(one.verdict)):
            counts[one.verdict.label] += 1
    return ", ".join(f"{n} {wording.LABEL[label]}" for label, n in counts.items() if n)


def _rules(verdict: Verdict) -> bool:
    """Whether it says more than that the evidence does not suffice."""
    return verdict.label is not VerdictLabel.NOT_ENOUGH_EVIDENCE


def proposal_sentence(found: ClaimEvidence) -> str:
    """What is proposed, or why nothing is, in one sentence; what cites no words is withheld."""
    verdict = found.verdict
    if verdict is None:
        return (
            wording.NO_PROPOSAL if found.evidence else wording.passages_found(0, found.collection)
        )
    if not _rules(verdict):
        return wording.nothing_settles(found.collection)
    if not found.settles():
        return wording.WITHHELD
    return wording.proposal(verdict, said_as=found.said_as)


def _proposal(found: ClaimEvidence, width: int) -> Iterator[str]:
    yield from indented(proposal_sentence(found), width, first="    ", rest="    ")
    if asked := wording.searched(found.collection):
        yield from indented(asked, width, first="      ", rest="      ")


def _first_of_each_stance(cited: Sequence[Evidence]) -> Iterator[Evidence]:
    counts: dict[EvidenceStance, int] = {}
    for one in cited:
        counts[one.stance] = counts.get(one.stance, 0) + 1
        if counts[one.stance] <= N_CITED:
            yield one


def _passage(
    found: ClaimEvidence, piece: Evidence, width: int, *, everything: bool
) -> Iterator[str]:
    passage = piece.passage
    most = MAX_WORDS_OF_ALL if everything else MAX_WORDS
    first = f"      {wording.STANCE[piece.stance]:<{_LABEL - 1}} "
    rest = " " * len(first)
    words = exact_words(piece)
    places = ", ".join(wording.offsets(passage, span) for span in piece.cited[:4])
    if not words:
        words = passage.text
        places = wording.offsets(passage, Span(0, len(passage.text)))
    score = f" ({wording.confidence(piece.score)})" if everything else ""
    quoted = f"“{brief(words, most)}”"
    yield from indented(f"{quoted} {places}{score}", width, first=first, rest=rest)
    if everything and words != passage.text:
        around = f"in: “{brief(passage.text, most)}”"
        yield from indented(around, width, first=rest, rest=rest)
    url = brief(passage.url, MAX_WORDS)
    for note in (wording.document(passage), url, wording.origin(passage)):
        if note:
            yield from indented(note, width, first=rest, rest=rest)
    for check in found.quantities:
        compares = check.finding is not QuantityFinding.NOT_COMPARABLE
        if check.evidence == piece.id and (compares or everything):
            note = f"{wording.NUMBERS}: {brief(check.arithmetic, MAX_WORDS)}"
            yield from indented(note, width, first=rest, rest=rest)
    if later := wording.later(piece):
        yield from indented(later, width, first=rest, rest=rest)
