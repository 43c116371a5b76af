"""A page's claims are asked of a collection, and what comes back shows its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.evidence.asked import asked_claims
from onrecord.evidence.decide import verdict_of
from onrecord.evidence.find import NEUTRAL_KEPT, TYPED, Limits, evidence, evidence_for
from onrecord.evidence.index import open_passage_index
from onrecord.evidence.rule_stance import stances_by_rules
from onrecord.evidence.stance import StanceScore
from onrecord.pipeline import Pipeline
from onrecord.ports import Ports
from onrecord.read import read
from onrecord.record import Attribution, Capture, Claim, Document, FoundValue
from onrecord.settings import Settings
from onrecord.span import Span
from onrecord.stages import stages_for
from onrecord.terms import AttributionKind, ClaimKind, EvidenceStance, VerdictLabel

DOCUMENTS = [
    Document("closed", "Rain fell for a whole week and the river rose by two metres. The Orlin bridge "
             "was closed in May 2019. Fares on the old ferry rose by a third.", "Closed",
             date="2019-05-04"),
    Document("cost", "After two years of work the council presented its accounts on Monday. The "
             "repair of the Orlin bridge cost 12 million crowns.", "Repair", date="2021-06-10"),
    Document("apples", "Apples were cheap in the valley all year, growers said.", "Harvest",
             date="2020-01-10"),
    Document("storks", "Storks nest on the Orlin bridge every spring.", "Birds", date="2020-01-10"),
    Document("paint", "The Orlin bridge is painted green.", "Paint", date="2020-01-10"),
]  # fmt: skip
RULES = (("attribute", "rules"), ("claims", "signs"), ("evidence", "rules"))


@pytest.fixture(scope="module")
def index():
    opened = open_passage_index(None, embedder=None)
    opened.add(DOCUMENTS)
    return opened


def a_page(text):
    return read(Capture(None, None, "text/plain", text.encode()))


def a_claim(page, words, *, rank=1, attribution=None, checkable=True):
    start = page.text.index(words)
    span = Span(start, start + len(words))
    return Claim(f"c{rank}", span, attribution, checkable, None, 0.5, ClaimKind.EVENT, rank)


def test_evidence_cites_the_words_that_it_rests_on(index):
    page = a_page("It was a dry year. The Orlin bridge was closed in May 2019. Storks came.")
    claim = a_claim(page, "The Orlin bridge was closed in May 2019.")
    pieces = evidence(page, [claim], index=index, reader=stances_by_rules)
    (piece,) = [piece for piece in pieces if piece.passage.document == "closed"]
    assert piece.stance is EvidenceStance.SUPPORTS
    words = [span.of(piece.passage.text) for span in piece.cited]
    assert words == ["The Orlin bridge was closed in May 2019."]


def test_of_neutral_passages_the_nearest_are_kept(index):
    pieces = evidence_for(
        "The Orlin bridge was sold in 2011.", index=index, reader=stances_by_rules
    )
    neutral = [piece for piece in pieces if piece.stance is EvidenceStance.NEUTRAL]
    assert len(neutral) == NEUTRAL_KEPT
    assert all(piece.cited == () for piece in neutral)


def test_a_passage_that_shares_few_words_is_not_read(index):
    asked = []

    def reader(pairs):
        asked.extend(pairs)
        return stances_by_rules(pairs)

    evidence_for("Apples were cheap and plentiful in Orlin.", index=index, reader=reader)
    assert asked
    assert not any("Storks nest" in passage for _, passage in asked)


def test_a_side_that_rests_on_words_about_something_else_is_neutral(index):
    sure = 0.85

    def reader(pairs):
        return tuple(StanceScore(0.0, sure, 1 - sure) for _ in pairs)

    claim = "Mayor Falk had the Orlin bridge repaired twice by firms from Tarn."
    assert evidence_for(claim, index=index, reader=reader)
    assert {p.stance for p in evidence_for(claim, index=index, reader=reader)} == {
        EvidenceStance.NEUTRAL
    }
    sure = 0.95
    sides = [p for p in evidence_for(claim, index=index, reader=reader) if p.cited]
    assert {p.stance for p in sides} == {EvidenceStance.REFUTES}


def test_what_is_dated_after_the_page_is_marked_and_refutes_nothing(index):
    page = a_page("The repair of the Orlin bridge cost 30 million crowns.")
    published = FoundValue("2020-03-01", "meta:article:published_time")
    page = replace(page, metadata=replace(page.metadata, published=published))
    claim = a_claim(page, "The repair of the Orlin bridge cost 30 million crowns.")
    pieces = evidence(page, [claim], index=index, reader=stances_by_rules)
    (cost,) = [piece for piece in pieces if piece.passage.document == "cost"]
    assert (cost.stance, cost.is_later) == (EvidenceStance.REFUTES, True)
    assert cost.id not in verdict_of(claim.id, pieces).evidence


def test_only_the_best_claims_that_can_be_checked_are_asked():
    page = a_page("The bridge was closed. The bridge is ugly. The bridge was sold.")
    claims = [
        a_claim(page, "The bridge was sold.", rank=2),
        a_claim(page, "The bridge is ugly.", rank=0, checkable=False),
        a_claim(page, "The bridge was closed.", rank=1),
    ]
    asked = asked_claims(page, claims, attributions=None, max_claims=5)
    assert [one.text for one in asked] == ["The bridge was closed.", "The bridge was sold."]
    assert len(asked_claims(page, claims, attributions=None, max_claims=1)) == 1


def test_a_pronoun_is_asked_with_what_the_page_gives_for_it():
    page = a_page("Mayor Falk said we sold the bridge.")
    said = Attribution("a", AttributionKind.INDIRECT, Span(0, 10), Span(11, 15), (Span(16, 34),))
    claim = a_claim(page, "we sold the bridge", attribution="a")
    (asked,) = asked_claims(page, [claim], attributions=[said], max_claims=1)
    assert asked.text == "Mayor Falk: we sold the bridge"


def test_an_empty_collection_gives_no_evidence():
    empty = open_passage_index(None, embedder=None)
    assert evidence_for("The bridge was sold.", index=empty, reader=stances_by_rules) == ()


def test_a_typed_claim_has_one_id(index):
    pieces = evidence_for("The Orlin bridge was closed in May 2019.", index=index,
                          reader=stances_by_rules, limits=Limits(passages=2))  # fmt: skip
    assert {piece.claim for piece in pieces} == {TYPED}
    assert len({piece.id for piece in pieces}) == len(pieces) <= 2


def a_record(index, text):
    stages = tuple(dict((*Settings().stages, *RULES)).items())
    return Pipeline(stages_for(Settings(stages=stages), Ports(None, index)))(a_page(text))


def test_the_stages_give_every_asked_claim_a_verdict(index):
    record = a_record(
        index, "The Orlin bridge was closed in May 2019. The Orlin bridge was sold in 2011.\n"
    )
    assert record.problems == ()
    assert record.verdicts
    asked = {claim.id for claim in record.claims if claim.rank}
    assert {verdict.claim for verdict in record.verdicts} == asked
    ids = {piece.id for piece in record.evidence}
    assert all(set(verdict.evidence) <= ids for verdict in record.verdicts)


def test_an_article_about_something_else_gets_no_verdict_and_says_why(index):
    record = a_record(
        index,
        "Unemployment in Brest fell to 4 percent last year. The museum of Brest opened in 1998.\n",
    )
    assert {verdict.label for verdict in record.verdicts} == {VerdictLabel.NOT_ENOUGH_EVIDENCE}
    assert all("What would settle it" in verdict.missing for verdict in record.verdicts)


def test_without_a_collection_the_stages_are_left_out():
    names = {stage.name for stage in stages_for(Settings(), Ports())}
    assert not names & {"evidence", "quantities", "verdict"}
