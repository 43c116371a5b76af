"""Every sentence about evidence, numbers and proposals that a person reads in a view.

A proposal is about the words of a claim, never about who says them or where they stand. It is
always called a proposal, and "not enough evidence" is said as a fact about the collection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from onrecord.record import CollectionState, Evidence, Passage, Verdict
from onrecord.show.visible import brief
from onrecord.show.wording import counted
from onrecord.span import Span
from onrecord.terms import EvidenceStance, VerdictLabel

UNSIGNED = "Machine proposal, unsigned. Not for publication."
WHO_DECIDES = "the machine proposes, an editor decides"
LATER = "dated after the article"
LATER_AGAINST = "dated after the article: cannot refute what was true then"
WITHHELD = "no proposal: the one made cites no words that this record holds"
NO_PROPOSAL = "no proposal was made"
MISSING = "missing"
NUMBERS = "numbers"
PASSAGES_FOUND = (
    "They were found by search: whether they bear on the claim is for the reader to judge."
)
LEADS = "What to look for, claim by claim"

LABEL: Mapping[VerdictLabel, str] = MappingProxyType(
    {
        VerdictLabel.SUPPORTED: "supported",
        VerdictLabel.REFUTED: "refuted",
        VerdictLabel.CONFLICTING: "conflicting evidence",
        VerdictLabel.NOT_ENOUGH_EVIDENCE: "not enough evidence",
    }
)
STANCE: Mapping[EvidenceStance, str] = MappingProxyType(
    {
        EvidenceStance.SUPPORTS: "for",
        EvidenceStance.REFUTES: "against",
        EvidenceStance.NEUTRAL: "neither",
    }
)


def collection(state: CollectionState | None) -> str:
    """What was searched: how many documents, and how new; without what is not known.

    >>> collection(CollectionState(1))
    'this collection (1 document)'
    """
    if state is None:
        return "this collection"
    newest = f", newest {brief(state.newest, 20)}" if state.newest.strip() else ""
    return f"this collection ({counted(state.n_documents, 'document')}{newest})"


def nothing_settles(state: CollectionState | None) -> str:
    """The words for "not enough evidence".

    >>> nothing_settles(CollectionState(12, "2026-05-01"))
    'Nothing in this collection (12 documents, newest 2026-05-01) settles this'
    """
    return f"Nothing in {collection(state)} settles this"


def searched(state: CollectionState | None) -> str:
    """Which sources were asked, where it was not the collection alone; else empty."""
    if state is None or state.sources in {(), ("collection",)}:
        return ""
    return f"asked: {', '.join(brief(one, 60) for one in state.sources)}"


def confidence(value: float) -> str:
    """A probability with two digits, never rounded to certainty.

    >>> [confidence(value) for value in (0.934, 0.999, 0.001)]
    ['.93', 'over .99', 'under .01']
    """
    if value > 0.995:
        return "over .99"
    return "under .01" if value < 0.005 else f"{value:.2f}".removeprefix("0")


def proposal(verdict: Verdict, *, said_as: str = "") -> str:
    """A label as what it is; `said_as` where a source does not assert the words ("denied").

    "Ada Quill denied: it cost twenty million" must not read as a ruling on her denial.
    """
    what = f"proposal for the words {said_as}" if said_as else "proposal"
    sure = f"confidence {confidence(verdict.confidence)}"
    return f"{what}: {LABEL[verdict.label]} ({sure}) - {WHO_DECIDES}"


def document(passage: Passage) -> str:
    """Title, publisher and date of a passage's document, each said to be missing where it is."""
    parts = [
        brief(passage.title, 120) or "no title",
        brief(passage.publisher, 60),
        brief(passage.date, 20) or "no date",
    ]
    return " · ".join(part for part in parts if part)


def origin(passage: Passage) -> str:
    """Which live source gave the document, and when; empty for the collection."""
    if passage.source == "collection":
        return ""
    when = f" on {brief(passage.retrieved, 30)}" if passage.retrieved else ""
    return f"given by {brief(passage.source, 60)}{when}"


def offsets(passage: Passage, span: Span) -> str:
    """Where words of a passage stand in its document, in code points."""
    start = passage.document_span.start
    return f"[{start + span.start}–{start + span.end}]"


def later(piece: Evidence) -> str:
    """That a passage is dated after the article, and what follows; empty where it is not."""
    if not piece.is_later:
        return ""
    return LATER_AGAINST if piece.stance is EvidenceStance.REFUTES else LATER


def rests_on(cited: Sequence[Evidence], n_sources: int) -> str:
    """How many passages a proposal cites and how many independent sources they come from."""
    passages = counted(len(cited), "passage")
    return f"rests on {passages} from {counted(n_sources, 'independent source')}"


def n_searched(n: int, n_claims: int) -> str:
    """For how many claims the collection was searched; empty where for all."""
    if n == n_claims:
        return ""
    return f"evidence was searched for {n} of {counted(n_claims, 'claim')}"


def passages_found(n: int, state: CollectionState | None) -> str:
    """How many passages a search found, without what they say."""
    if not n:
        return f"No passage found in {collection(state)}"
    return f"{counted(n, 'passage')} found in {collection(state)}"
