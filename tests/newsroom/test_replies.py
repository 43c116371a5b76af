"""What readers may send, the proof of a form, and what becomes of a reply."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.newsroom.replies import (
    MAX_NAME,
    MAX_TEXT,
    Incoming,
    RemoteAnswer,
    Reply,
    Signs,
    cleaned,
    cut_address,
    decided,
)
from onrecord.newsroom.spam_proof import ProofState, new_proof, read_proof
from onrecord.terms import ReplyKind, ReplyState

NOW = datetime(2026, 3, 14, 8, 20, tzinfo=UTC)
KEY = b"k" * 32
GOOD = Incoming("r1", ReplyKind.COMMENT, "Ada Quill", "The bridge opened in 1962, I was there.")


def test_the_public_reply_has_no_field_that_says_how_to_reach_the_writer():
    names = {field.name for field in fields(Reply)}
    assert names == {"id", "review", "parent", "kind", "state", "name", "text", "at"}


FAULTS = [
    ("no name", {"name": "  "}, ("name",)),
    ("long name", {"name": "a" * (MAX_NAME + 1)}, ("name",)),
    ("an e-mail as a name would be shown", {"name": "ada@example.org"}, ("name",)),
    ("a link as a name", {"name": "buy at WWW.shop.example"}, ("name",)),
    ("name of marks that nobody sees", {"name": "\u200b\u2066"}, ("name",)),
    ("name with a line end", {"name": "Ada\nQuill"}, ("name",)),
    ("no text", {"text": " \n"}, ("text",)),
    ("text of marks that nobody sees", {"text": "\u2066\u2069\u200b\u2060"}, ("text",)),
    ("long text", {"text": "a" * (MAX_TEXT + 1)}, ("text",)),
    ("a megabyte", {"text": "a b" * 350_000}, ("text",)),
    ("NUL", {"text": "a\x00b"}, ("text",)),
    ("escape sequence", {"text": "a \x1b[31m b"}, ("text",)),
    ("lone surrogate", {"text": "a \ud800 b"}, ("text",)),
    ("letters turned around", {"text": "pay \u202egnihton\u202c now"}, ("text",)),
    ("no e-mail", {"email": "ada at example"}, ("email",)),
    ("two e-mails", {"email": "a@b.example,c@d.example"}, ("email",)),
    ("header in an e-mail", {"email": "a@b.example\r\nBcc: c@d.example"}, ("email",)),
    ("long e-mail", {"email": "a" * 250 + "@b.example"}, ("email",)),
    ("no id of a reply", {"parent": "../x"}, ("parent",)),
    ("everything", {"name": "", "text": "", "email": "x", "parent": "-"}, ("name", "text", "email", "parent")),
]  # fmt: skip


@pytest.mark.parametrize(("_", "changes", "expected"), FAULTS, ids=[row[0] for row in FAULTS])
def test_each_fault_is_named_with_its_field(_, changes, expected):
    _, faults = cleaned(replace(GOOD, **changes))
    assert tuple(fault.field for fault in faults) == expected
    assert all(fault.message for fault in faults)


CLEANED = [
    ("line ends", {"text": "a1\r\nb1\rc1\u2028d1"}, "text", "a1\nb1\nc1\nd1"),
    ("empty lines", {"text": "a1\n\n\n\n\nb1  \n"}, "text", "a1\n\nb1"),
    ("markup is text", {"text": "<b>bold</b> & [url]"}, "text", "<b>bold</b> & [url]"),
    ("isolates of a pasted name go", {"text": "by \u2068Ada\u2069 Quill"}, "text", "by Ada Quill"),
    ("joiners of Persian stay", {"text": "می\u200cروم"}, "text", "می\u200cروم"),
    (
        "an emoji of a family stays one",
        {"text": "👨\u200d👩\u200d👧 ok"},
        "text",
        "👨\u200d👩\u200d👧 ok",
    ),
    ("name on one line", {"name": " Ada   Quill "}, "name", "Ada Quill"),
    ("an apostrophe is a name's own", {"name": "Róisín O'Dowd-Ní"}, "name", "Róisín O'Dowd-Ní"),
    ("e-mail", {"email": " ada.q+x@mail.example "}, "email", "ada.q+x@mail.example"),
]


@pytest.mark.parametrize(
    ("_", "changes", "field", "expected"), CLEANED, ids=[row[0] for row in CLEANED]
)
def test_a_reply_is_kept_as_plain_text(_, changes, field, expected):
    kept, faults = cleaned(replace(GOOD, **changes))
    assert faults == ()
    assert getattr(kept, field) == expected


@given(st.builds(replace, st.just(GOOD), name=st.text(max_size=200), text=st.text(max_size=400), email=st.text(max_size=80)))  # fmt: skip
def test_what_is_kept_is_clean_already(incoming):
    kept, faults = cleaned(incoming)
    if not faults:
        assert cleaned(kept) == (kept, ())
        assert 0 < len(kept.name) <= 4 * MAX_NAME
        assert "\x00" not in kept.text + kept.name
        assert not set(kept.text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_a_megabyte_in_each_field_is_refused_at_once():
    long = "a@" * 500_000
    began = time.process_time()
    _, faults = cleaned(Incoming("r1", ReplyKind.TIP, long, long, email=long, parent=long))
    assert len(faults) == 4
    assert time.process_time() - began < 1


ADDRESSES = [
    ("203.0.113.77", "203.0.113.0/24"),
    ("::ffff:203.0.113.77", "203.0.113.0/24"),
    ("2001:db8:aa:bb::1", "2001:db8:aa::/48"),
    ("fe80::1%eth0", "fe80::/48"),
    ("", ""),
    ("testclient", ""),
    ("1.2.3", ""),
    ("1" * 100_000, ""),
]


@pytest.mark.parametrize(("address", "expected"), ADDRESSES)
def test_an_address_is_cut_to_its_network(address, expected):
    assert cut_address(address) == expected


PROOFS = [
    ("a minute old", 60, ProofState.GOOD),
    ("three seconds old", 3, ProofState.GOOD),
    ("sent at once", 1, ProofState.FAST),
    ("from the future", -600, ProofState.FAST),
    ("a night old", 10 * 3_600, ProofState.GOOD),
    ("four days old", 4 * 86_400, ProofState.OLD),
]


@pytest.mark.parametrize(("_", "age", "expected"), PROOFS, ids=[row[0] for row in PROOFS])
def test_a_form_is_good_from_three_seconds_to_three_days(_, age, expected):
    proof = new_proof(KEY, "r1", now=NOW - timedelta(seconds=age))
    assert read_proof(KEY, proof, review="r1", now=NOW).state is expected


def test_a_form_of_another_check_or_another_desk_is_forged():
    proof = new_proof(KEY, "r1", now=NOW - timedelta(minutes=1))
    assert read_proof(KEY, proof, review="r2", now=NOW).state is ProofState.FORGED
    assert read_proof(b"o" * 32, proof, review="r1", now=NOW).state is ProofState.FORGED
    assert read_proof(KEY, "", review="r1", now=NOW).state is ProofState.MISSING


@given(st.text(max_size=120))
def test_no_text_is_taken_for_a_proof(text):
    state = read_proof(KEY, text, review="r1", now=NOW).state
    assert state in {ProofState.MISSING, ProofState.FORGED}


S = ReplyState
DECISIONS = [
    ("plain words", {"logit": -2.5}, S.SHOWN, "text"),
    ("words undecided", {}, S.HELD, "text"),
    ("words of spam alone never go to quarantine", {"logit": 9.0}, S.HELD, "text"),
    ("hidden signs are of the text's kind", {"logit": 9.0, "n_hidden_signs": 9}, S.HELD, "hidden_signs"),
    ("one character that poses as another", {"logit": -2.5, "n_hidden_signs": 1}, S.SHOWN, "text"),
    ("words of spam with many links", {"logit": 4.0, "n_links": 5}, S.QUARANTINED, "links"),
    ("a source is no fault", {"logit": -2.5, "n_links": 1}, S.SHOWN, "links"),
    ("words of spam that others sent", {"logit": 3.0, "n_same": 3}, S.QUARANTINED, "same_words"),
    ("a petition is held, not lost", {"logit": -2.5, "n_same": 40}, S.HELD, "same_words"),
    ("sent twice", {"logit": -2.5, "is_repeated": True}, S.HELD, "repeated"),
    ("a network that sends much", {"logit": -4.0, "n_from_sender": 6}, S.HELD, "rate"),
    ("a tab left open", {"logit": -4.0, "proof": ProofState.OLD}, S.SHOWN, "old_form"),
    ("a form sent at once, words of spam", {"logit": 3.0, "proof": ProofState.FAST}, S.QUARANTINED, "proof"),
    ("a known writer with a source", {"logit": 1.0, "n_links": 2, "is_known_writer": True}, S.SHOWN, "known_writer"),
    ("about the check", {"logit": -0.5, "likeness": 0.3}, S.SHOWN, "about_the_check"),
    ("remote filter silent", {"logit": -4.0, "remote": RemoteAnswer(has_failed=True)}, S.HELD, "remote_failed"),
    ("remote filter alone", {"logit": -2.0, "remote": RemoteAnswer(is_spam=True, is_blatant=True)}, S.HELD, "remote"),
    ("remote filter lets through", {"logit": -2.0, "remote": RemoteAnswer()}, S.SHOWN, "remote"),
    ("remote and words agree", {"logit": 2.0, "remote": RemoteAnswer(is_spam=True)}, S.QUARANTINED, "remote"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("_", "signs", "state", "reason"), DECISIONS, ids=[row[0] for row in DECISIONS]
)
def test_layers_decide_with_reasons(_, signs, state, reason):
    decision = decided(GOOD, Signs(**signs))
    assert decision.state is state
    assert reason in {one.code for one in decision.reasons}
    assert all(one.text for one in decision.reasons)


def test_a_filled_hidden_field_holds_and_with_spam_words_quarantines():
    filled = replace(GOOD, hidden="http://x.example")
    assert decided(filled, Signs(logit=-4.0)).state is S.HELD
    assert decided(filled, Signs(logit=2.0)).state is S.QUARANTINED


def test_a_tip_waits_for_an_editor_however_good_it_is():
    tip = replace(GOOD, kind=ReplyKind.TIP)
    assert decided(tip, Signs(logit=-4.0, is_known_writer=True)).state is S.HELD


SIGNS = st.builds(
    Signs,
    logit=st.floats(-50, 50),
    proof=st.sampled_from(ProofState),
    n_links=st.integers(0, 50),
    n_from_sender=st.integers(0, 50),
    n_same=st.integers(0, 50),
    is_repeated=st.booleans(),
    likeness=st.floats(0, 1),
    is_known_writer=st.booleans(),
    n_hidden_signs=st.integers(0, 50),
    remote=st.none() | st.builds(RemoteAnswer, st.booleans(), st.booleans(), st.booleans()),
)


@given(SIGNS, st.text(max_size=9))
def test_a_claimants_answer_is_held_whatever_its_signs(signs, hidden):
    answer = replace(GOOD, kind=ReplyKind.CLAIMANT_ANSWER, hidden=hidden)
    decision = decided(answer, signs)
    assert decision.state is S.HELD
    assert decision.score == 0.0
    assert [reason.code for reason in decision.reasons] == ["claimant"]


@given(SIGNS)
def test_quarantine_needs_two_layers_of_different_kinds(signs):
    decision = decided(GOOD, signs)
    assert 0 <= decision.score <= 1
    assert decision.state in {S.SHOWN, S.HELD, S.QUARANTINED}
    if decision.state is S.QUARANTINED:
        kinds = {
            "hidden_field": "form",
            "proof": "form",
            "old_form": "form",
            "hidden_signs": "text",
        }
        against = {kinds.get(r.code, r.code) for r in decision.reasons if r.weight > 0}
        assert len(against) >= 2


@given(SIGNS)
def test_more_against_a_reply_never_makes_it_look_better(signs):
    worse = replace(signs, n_links=signs.n_links + 1, n_same=signs.n_same + 1)
    assert decided(GOOD, worse).score >= decided(GOOD, signs).score
