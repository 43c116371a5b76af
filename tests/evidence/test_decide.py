"""No label without a citation, no side from copies or from later, and what is missing is said."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.evidence.decide import LEAST_VOICE, THRESHOLD, verdict_of, verdicts
from onrecord.record import Claim, CollectionState, Evidence, Passage, QuantityCheck
from onrecord.span import Span
from onrecord.terms import ClaimKind, EvidenceStance, QuantityFinding, VerdictLabel

FOR, AGAINST, NEITHER = EvidenceStance.SUPPORTS, EvidenceStance.REFUTES, EvidenceStance.NEUTRAL
TEXTS = [
    "The bridge in Orlin was closed on the third of May after an inspection found cracks.",
    "Inspectors saw cracks in two pillars and had all traffic stopped that same evening.",
    "Nobody has ever closed the bridge in Orlin, a spokesman of the town told the paper.",
]


def piece(name, stance, score, *, text=TEXTS[0], document=None, cited=True, is_later=False):
    passage = Passage(f"p{name}", document or f"d{name}", Span(0, len(text)), text)
    spans = (Span(0, 10),) if cited else ()
    return Evidence(name, "c", passage, stance, score, 1, spans, is_later)


def checked(name, finding):
    return QuantityCheck("c", name, finding, Span(0, 1), Span(0, 1), "12 is not 30")


CASES = [
    ("nothing", [], VerdictLabel.NOT_ENOUGH_EVIDENCE, ()),
    ("one sure voice", [piece("a", FOR, 0.9)], VerdictLabel.SUPPORTED, ("a",)),
    ("one unsure voice", [piece("a", FOR, 0.7)], VerdictLabel.NOT_ENOUGH_EVIDENCE, ()),
    ("neutral alone", [piece("a", NEITHER, 1.0)], VerdictLabel.NOT_ENOUGH_EVIDENCE, ()),
    ("no citation", [piece("a", FOR, 0.99, cited=False)], VerdictLabel.NOT_ENOUGH_EVIDENCE, ()),
    ("later cannot refute", [piece("a", AGAINST, 0.99, is_later=True)],
     VerdictLabel.NOT_ENOUGH_EVIDENCE, ()),
    ("no voice is sure alone",
     [piece("a", FOR, 0.78), piece("b", FOR, 0.78, text=TEXTS[1])],
     VerdictLabel.NOT_ENOUGH_EVIDENCE, ()),
    ("a second voice is cited", [piece("a", FOR, 0.85), piece("b", FOR, 0.75, text=TEXTS[1])],
     VerdictLabel.SUPPORTED, ("a", "b")),
    ("both sides, one unsure", [piece("a", FOR, 0.95), piece("b", AGAINST, 0.75, text=TEXTS[2]),
     piece("e", AGAINST, 0.75, text=TEXTS[1])], VerdictLabel.NOT_ENOUGH_EVIDENCE, ()),
    ("two copies are one voice", [piece("a", FOR, 0.85), piece("b", FOR, 0.82)],
     VerdictLabel.SUPPORTED, ("a",)),
    ("one document is one voice",
     [piece("a", FOR, 0.85, document="d"), piece("b", FOR, 0.82, text=TEXTS[1], document="d")],
     VerdictLabel.SUPPORTED, ("a",)),
    ("both sides", [piece("a", FOR, 0.95), piece("b", AGAINST, 0.9, text=TEXTS[2])],
     VerdictLabel.CONFLICTING, ("a", "b")),
    ("both sides of one document", [piece("a", FOR, 0.95, document="d"),
     piece("b", AGAINST, 0.9, text=TEXTS[2], document="d")], VerdictLabel.SUPPORTED, ("a",)),
    ("a weak voice on the other side", [piece("a", FOR, 0.9),
     piece("b", AGAINST, LEAST_VOICE - 0.01, text=TEXTS[2])], VerdictLabel.SUPPORTED, ("a",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "label", "cited"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_evidence_leads_to_a_label_with_its_citations(evidence, label, cited):
    verdict = verdict_of("c", evidence)
    assert (verdict.label, verdict.evidence) == (label, cited)


def test_a_second_voice_makes_it_surer_and_a_copy_does_not():
    one = verdict_of("c", [piece("a", FOR, 0.85)]).confidence
    copied = verdict_of("c", [piece("a", FOR, 0.85), piece("b", FOR, 0.85)]).confidence
    second = piece("b", FOR, 0.85, text=TEXTS[1])
    assert one == copied < verdict_of("c", [piece("a", FOR, 0.85), second]).confidence


def test_another_number_takes_the_place_of_a_weak_support():
    evidence = [piece("a", FOR, 0.9)]
    verdict = verdict_of("c", evidence, quantities=[checked("a", QuantityFinding.CONTRADICTS)])
    assert verdict.label is VerdictLabel.NOT_ENOUGH_EVIDENCE
    assert "12 is not 30" in verdict.missing


def test_a_passage_that_also_has_the_claims_number_keeps_its_support():
    numbers = [checked("a", QuantityFinding.CONTRADICTS), checked("a", QuantityFinding.AGREES)]
    verdict = verdict_of("c", [piece("a", FOR, 0.9)], quantities=numbers)
    assert verdict.label is VerdictLabel.SUPPORTED


MISSING = [
    ("empty collection", [], ClaimKind.EVENT, "collection is empty"),
    ("number", [piece("a", NEITHER, 1.0)], ClaimKind.QUANTITY, "who counted"),
    ("later", [piece("a", AGAINST, 0.9, is_later=True)], ClaimKind.EVENT, "dated after the claim"),
    ("one source", [piece("a", FOR, 0.9)], ClaimKind.EVENT, "second, independent one"),
    ("unsure", [piece("a", AGAINST, 0.72)], ClaimKind.QUOTATION, "leans against it"),
]


@pytest.mark.parametrize(
    ("evidence", "kind", "words"), [c[1:] for c in MISSING], ids=[c[0] for c in MISSING]
)
def test_what_is_missing_is_said_in_words(evidence, kind, words):
    state = CollectionState(0)
    assert words in verdict_of("c", evidence, kind=kind, collection=state).missing


def claim(name, rank, *, checkable=True):
    return Claim(name, Span(0, 5), None, checkable, None, 0.5, ClaimKind.EVENT, rank)


def test_only_claims_that_were_asked_get_a_verdict_best_ranked_first():
    claims = [claim("second", 2), claim("never", 0, checkable=False), claim("first", 1), claim("third", 3)]  # fmt: skip
    assert [v.claim for v in verdicts(claims, (), max_claims=2)] == ["first", "second"]


pieces = st.builds(
    piece,
    st.sampled_from("abcdef"),
    st.sampled_from(EvidenceStance),
    st.floats(0, 1),
    text=st.sampled_from([*TEXTS, "", " "]),
    document=st.sampled_from(["d", "e", None]),
    cited=st.booleans(),
    is_later=st.booleans(),
)
checks = st.builds(checked, st.sampled_from("abcdef"), st.sampled_from(QuantityFinding))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(pieces, max_size=6), st.lists(checks, max_size=4), st.floats(0, 1))
def test_no_evidence_gives_a_label_without_a_citation(evidence, numbers, threshold):
    verdict = verdict_of("c", evidence, quantities=numbers, threshold=threshold)
    assert 0 <= verdict.confidence <= 1
    by_id = {}
    for each in evidence:
        by_id.setdefault(each.id, []).append(each)
    cited = [by_id[name] for name in verdict.evidence]
    if verdict.label is VerdictLabel.NOT_ENOUGH_EVIDENCE:
        assert not cited
        assert verdict.missing
        return
    stances = {each.stance for same in cited for each in same if each.cited}
    wanted = {
        VerdictLabel.SUPPORTED: {FOR},
        VerdictLabel.REFUTED: {AGAINST},
        VerdictLabel.CONFLICTING: {FOR, AGAINST},
    }[verdict.label]
    assert wanted <= stances


@given(st.lists(pieces, max_size=6))
def test_the_order_of_the_evidence_does_not_matter(evidence):
    distinct = list({each.id: each for each in evidence}.values())
    forth, back = verdict_of("c", distinct), verdict_of("c", distinct[::-1])
    assert (forth.label, forth.confidence) == (back.label, back.confidence)


def test_the_threshold_is_where_a_single_voice_becomes_a_label():
    assert verdict_of("c", [piece("a", FOR, THRESHOLD)]).label is VerdictLabel.SUPPORTED
