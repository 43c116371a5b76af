"""The bridge record with claims, evidence, numbers and proposals, one of each label."""

from __future__ import annotations

from dataclasses import replace

from onrecord.record import (
    Claim,
    CollectionState,
    Evidence,
    Passage,
    QuantityCheck,
    Record,
    Verdict,
)
from onrecord.span import Span
from onrecord.terms import ClaimKind, EvidenceStance, QuantityFinding, VerdictLabel
from tests.show.made import bridge, found

MINUTES = (
    "The council met on 4 May. The final cost of the Tern Bridge was 20 million euros, the "
    "treasurer told the members. The next meeting is in June."
)
LEDGER = "Tern Bridge: paid in full, 12 million euros, of which 2 million for steel."
LATE = "The bridge, due in May 2025, opened in February 2026, nine months late."
ON_TIME = "The bridge opened on the day that the contract had set, without a delay."
COPY = "As the ledger says: paid in full, 12 million euros."
RIVER = "The Tern rises in the hills and joins the sea at Ternmouth."
COLLECTION = CollectionState(7, "2026-09-30", "d" * 64)


def passage(document: str, text: str, **more: object) -> Passage:
    """A passage that begins 1,000 code points into its document."""
    made = Passage(f"p-{document}", document, Span(1000, 1000 + len(text)), text)
    return replace(made, **more)


def evidence(claim: str, rank: int, stance: EvidenceStance, told: Passage, cited: str) -> Evidence:
    """Evidence that cites the words; none for an empty string."""
    start = told.text.index(cited)
    spans = (Span(start, start + len(cited)),) if cited else ()
    return Evidence(f"e-{claim}-{rank}", claim, told, stance, 0.91, rank, spans)


def judged() -> Record:
    """Six claims: supported, refuted, conflicting, two that nothing settles, one not searched for."""
    record = bridge()
    page = record.page
    words = {
        "cost": ("We paid twelve million, not a cent more", record.attributions[4].id),
        "denied": ("the bridge cost twenty million", record.attributions[2].id),
        "late": ("the bridge opened nine months late", record.attributions[5].id),
        "river": ("The river has flooded four times since March.", None),
        "steel": ("the council threw away millions on steel", record.attributions[0].id),
        "secret": ("The council of Ternby has secretly wasted millions", None),
    }
    claims = tuple(
        Claim(id_, found(page, text), said, True, None, 0.9 - rank / 10, ClaimKind.QUANTITY, rank)
        for rank, (id_, (text, said)) in enumerate(words.items(), 1)
    )
    minutes = passage(
        "minutes",
        MINUTES,
        title="Minutes of the council of Ternby",
        publisher="Ternby Council",
        url="https://council.ternby.example/minutes/4",
        date="2026-05-04",
        licence="CC BY 4.0",
    )
    ledger = passage(
        "ledger",
        LEDGER,
        title="Ledger of public works",
        publisher="Ternby Treasury",
        url="https://treasury.ternby.example/ledger",
        date="2026-03",
    )
    copy = passage("copy", COPY, publisher="Ternby Treasury", url="https://copy.example/1")
    late = passage("late", LATE, title="Annual audit", publisher="Audit Office", date="2026-08-01")
    on_time = passage(
        "on-time",
        ON_TIME,
        title="Opening day",
        publisher="Tern Valley Press",
        url="https://press.example/opening",
        date="2026-12-24",
        source="wiki.example",
        retrieved="2026-11-20T09:31:00Z",
        digest="e" * 64,
    )
    river = passage("river", RIVER, title="The Tern", date="2019")
    pieces = (
        evidence("cost", 1, EvidenceStance.SUPPORTS, ledger, "paid in full, 12 million euros"),
        evidence("cost", 2, EvidenceStance.SUPPORTS, copy, "paid in full, 12 million euros"),
        evidence("cost", 3, EvidenceStance.NEUTRAL, river, ""),
        evidence("denied", 1, EvidenceStance.REFUTES, ledger, "paid in full, 12 million euros"),
        evidence("denied", 2, EvidenceStance.NEUTRAL, minutes, ""),
        evidence("late", 1, EvidenceStance.SUPPORTS, late, "nine months late"),
        replace(evidence("late", 2, EvidenceStance.REFUTES, on_time, "on the day"), is_later=True),
        evidence("river", 1, EvidenceStance.NEUTRAL, river, ""),
    )
    cost, denied = claims[0].span, claims[1].span
    numbers = (
        QuantityCheck(
            "cost",
            "e-cost-1",
            QuantityFinding.AGREES,
            Span(cost.start + 8, cost.start + 22),
            Span(30, 40),
            "12 million = 12 million euros",
        ),
        QuantityCheck(
            "denied",
            "e-denied-1",
            QuantityFinding.CONTRADICTS,
            Span(denied.end - 14, denied.end),
            Span(30, 40),
            "20 million against 12 million: 8 million more (67%)",
        ),
    )
    verdicts = (
        Verdict("cost", VerdictLabel.SUPPORTED, 0.9371, ("e-cost-1", "e-cost-2")),
        Verdict("denied", VerdictLabel.REFUTED, 0.8642, ("e-denied-1",), "the final invoice"),
        Verdict("late", VerdictLabel.CONFLICTING, 0.7153, ("e-late-1", "e-late-2")),
        Verdict(
            "river",
            VerdictLabel.NOT_ENOUGH_EVIDENCE,
            0.9864,
            (),
            "a record of floods on the Tern, March to November 2026",
        ),
        Verdict("steel", VerdictLabel.NOT_ENOUGH_EVIDENCE, 0.99, (), "bills for steel"),
    )
    return replace(
        record,
        claims=claims,
        matches=(),
        collection=COLLECTION,
        evidence=pieces,
        quantities=numbers,
        verdicts=verdicts,
    )
