from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.claims.typed import typed_claim
from onrecord.compose import ClaimAnswer
from onrecord.record import CollectionState
from onrecord.show.claim import claim, claim_json
from onrecord.show.evidence import evidence_by_claim
from onrecord.show.lookup import lookup
from tests.show.hostile import full, poisoned
from tests.show.judged import judged
from tests.show.test_terminal import STEERING

GOLDEN = Path(__file__).parent / "golden"
TYPED = typed_claim("The Tern Bridge cost twelve million euros.")


def answer(claim_id=None, record=None, *, matches=None):
    """An answer with what the record holds on one of its claims."""
    if claim_id is None:
        return ClaimAnswer(TYPED, matches)
    found = evidence_by_claim(lookup(record or judged()))[claim_id]
    return ClaimAnswer(
        TYPED, matches, found.collection, found.evidence, found.quantities, found.verdict
    )


@pytest.mark.parametrize("everything", [False, True])
def test_a_typed_claim_is_shown_as_stored(golden, everything):
    text = claim(answer("cost", matches=()), width=80, everything=everything)
    golden(text, GOLDEN / f"claim_{'all' if everything else 'cost'}.txt")


def test_without_library_and_collection_both_are_said_to_be_missing():
    text = claim(answer(), width=80)
    assert "no library" in text
    assert "Evidence: no collection. Add documents: onrecord evidence add PATH" in text


def test_an_empty_collection_settles_nothing():
    nothing = ClaimAnswer(TYPED, None, CollectionState(0), (), (), None)
    assert "No passage found in this collection (0 documents)" in claim(nothing, width=80)


def test_hostile_strings_neither_steer_the_terminal_nor_leave_the_width():
    for payload in ("\x1b[2J\x9b31m\u202eabc", "x" * 100_000, "漢" * 500, ""):
        record = poisoned(payload) if payload else full()
        for id_ in ("cost", "late", "river"):
            text = claim(answer(id_, record), width=80, everything=True)
            assert not STEERING.search(text)
            assert len(text) < 120_000


def test_json_has_the_fields_of_a_record_and_null_for_what_was_not_asked():
    told = json.loads(claim_json(answer("denied")))
    assert list(told) == [
        *("text", "why_not", "checkworthiness", "kind"),
        *("matches", "collection", "evidence", "quantities", "verdict"),
    ]
    assert told["matches"] is None
    assert told["verdict"]["label"] == "refuted"
    assert told["verdict"]["evidence"] == ["e-denied-1"]
    start, end = told["evidence"][0]["cited"][0]
    assert told["evidence"][0]["passage"]["text"][start:end] == "paid in full, 12 million euros"
    bare = json.loads(claim_json(answer(matches=full().matches)))
    assert bare["evidence"] is bare["verdict"] is bare["collection"] is None
    assert bare["matches"][0]["relation"] == "same"


def test_json_of_a_lone_surrogate_can_be_written():
    claim_json(ClaimAnswer(replace(TYPED, text="a\ud800b"))).encode()
