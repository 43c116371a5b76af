"""Texts that a person chose are weighed, notes of questions otherwise than prose."""

from __future__ import annotations

from onrecord.evidence.given import weights_of_given
from onrecord.evidence.rule_stance import stances_by_rules
from onrecord.terms import VerdictLabel

CLAIM = "The Orlin bridge was closed in 2019."
CASES = [
    ("prose that says it", ["The Orlin bridge was closed in 2019."], VerdictLabel.SUPPORTED),
    ("a no", ["Was the Orlin bridge closed in 2019? No."], VerdictLabel.REFUTED),
    ("nothing", [], VerdictLabel.NOT_ENOUGH_EVIDENCE),
    ("blank", [" "], VerdictLabel.NOT_ENOUGH_EVIDENCE),
    ("no answers", ["Why was it closed? No answer could be found. When? It is not known."],
     VerdictLabel.NOT_ENOUGH_EVIDENCE),
    ("another matter", ["Fares rose."], VerdictLabel.NOT_ENOUGH_EVIDENCE),
]  # fmt: skip


def test_chosen_texts_lead_to_their_labels():
    asked = [(CLAIM, texts) for _, texts, _ in CASES]
    said = [weights.likeliest for weights in weights_of_given(asked, reader=stances_by_rules)]
    assert dict(zip([c[0] for c in CASES], said, strict=True)) == {c[0]: c[2] for c in CASES}


def test_the_reader_is_asked_once():
    calls = []

    def reader(pairs):
        calls.append(len(pairs))
        return stances_by_rules(pairs)

    weights_of_given([(CLAIM, ["Fares rose."]), (CLAIM, ["Rain fell."])], reader=reader)
    assert calls == [2]
