"""The text layer: obfuscation undone, signs, learning, and weights that are refused when altered."""

from __future__ import annotations

import shutil
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord.models
from onrecord.errors import ModelError
from onrecord.models import open_model
from onrecord.newsroom import spam
from onrecord.newsroom.replies import Incoming, Signs
from onrecord.newsroom.spam_features import N_FEATURES, features
from onrecord.newsroom.spam_shape import is_same, same_words_range, shape
from onrecord.newsroom.spam_signs import RULE_WEIGHTS, SIGN_NAMES, rule_logit
from onrecord.newsroom.spam_text import n_links, plain_form
from onrecord.terms import ReplyKind

FOLDER = Path(onrecord.models.__file__).parent
RULES = spam.rule_weights()

UNDONE = [
    ("letters set apart", "play W I N N E R now", "play §apart winner now", "apart"),
    ("dots between letters", "c.a.s.i.n.o here", "§apart casino here", "apart"),
    ("letters for formulas", "𝐂𝐚𝐬𝐢𝐧𝐨 bonus", "casino bonus", "fancy"),
    ("wide letters", "ｃａｓｉｎｏ bonus", "casino bonus", "fancy"),
    ("Cyrillic among Latin", "саsinо bonus", "casino bonus", "posing"),
    ("no width between letters", "ca\u200bsi\u2063no bonus", "casino bonus", "unseen"),
    ("a joiner between Latin letters hides", "ca\u200dsino bonus", "casino bonus", "unseen"),
    ("piled marks", "c\u0353\u033da\u0353\u033dsino bonus", "casino bonus", "marks"),
    ("a link", "see https://x.example/a?b=c now", "see §url now", "links"),
    ("a bare host", "go to best-shop.example.com/now ok", "go to §url ok", "links"),
    ("an e-mail", "write to ann@mail.example", "write to §email", "emails"),
    ("money", "earn $5,000 a week", "earn §money a week", "money"),
    ("a telephone", "call +1 (555) 010-9988", "call §phone", "phones"),
]


@pytest.mark.parametrize(("_", "text", "plain", "sign"), UNDONE, ids=[row[0] for row in UNDONE])
def test_obfuscation_is_undone_and_counted(_, text, plain, sign):
    form = plain_form(text)
    assert " ".join(form.text.split()) == plain
    assert form.counts[sign] > 0


HONEST = [
    "The U.S. and the U.K. signed it.",
    "Это неправда, мост открыли в 1962 году.",
    "Η γέφυρα άνοιξε το 1962.",
    "می\u200cروم به خانه",
    "यह पुल १९६२ में खुला था, क्\u200dया आपको याद है?",
    "Việt Nam đã mở cầu năm 1962, tiếng Việt có dấu.",
    "Die Brücke wurde im Jahr 1962 er\u00adöffnet.",
    "👨\u200d👩\u200d👧 we were all there ❤️",
    "المجلس هو الذي دفع ثمن الجسر.",
]


@pytest.mark.parametrize("text", HONEST)
def test_no_language_is_taken_for_obfuscation(text):
    form = plain_form(text)
    assert form.n_hidden == 0
    assert rule_logit(form) < 0


def test_links_are_counted_with_and_without_scheme():
    assert n_links("See https://a.example and www.b.example and bit.ly/x1, not e.g. this.") == 3
    assert n_links("It was 3.5 to 1, he said.Nobody was there") == 0


SPAM = [
    "Join my channel and earn $500 a day https://x.example/win",
    "B E S T  C A S I N O bonus, register here www.slots.example",
    "Check out my video and subscribe please, I sub back",
    "Cheap viagra without prescription, order now: [url=http://x.example]pills[/url]",
    "Contact the broker on WhatsApp +1 555 010 9988 and withdraw your profit",
]
GOOD = [
    "The bridge opened in 1962, I was there with my aunt.",
    "Thank you for checking this.",
    "You say nine, the council said twelve. Which is it?",
    "I disagree: the ferry was closed because of the flood, not for want of money.",
]


@pytest.mark.parametrize("text", SPAM)
def test_the_rule_twin_knows_spam_without_weights(text):
    assert spam.logit(RULES, text) > 0


READERS = [
    "Your check of the vaccine claim leaves out the trial of 2019, which found 92%.",
    "See the register of the county, it says 1962.",
    "They claim a lot before a vote, and the services get worse.",
    "Bitcoin did not fall 40% that week; it fell 32%.",
]


@pytest.mark.parametrize("text", READERS)
def test_words_of_a_fact_checks_readers_are_no_signs(text):
    assert spam.logit(RULES, text) < -1.1


@pytest.mark.parametrize("text", GOOD)
def test_the_rule_twin_lets_replies_through(text):
    assert spam.logit(RULES, text) < -1.1


def test_the_rule_twin_is_the_sum_of_its_signs():
    for text in (*SPAM, *GOOD):
        assert spam.logit(RULES, text) == pytest.approx(rule_logit(plain_form(text)), abs=1e-4)
    assert set(RULE_WEIGHTS) == set(SIGN_NAMES)


def test_features_are_the_same_on_every_machine():
    found = features("Join my channel W I N N E R https://x.example/a")
    assert zlib.crc32(found.places.astype("<i8").tobytes()) == GOLDEN_PLACES
    assert (np.diff(found.places) > 0).all()
    assert found.places.max() < N_FEATURES


GOLDEN_PLACES = 1653145841


@given(st.text(max_size=300))
@settings(deadline=None)
def test_every_text_has_finite_features(text):
    found = features(text)
    assert np.isfinite(found.values).all()
    assert (found.places[:-1] < found.places[1:]).all()
    assert np.isfinite(spam.logit(RULES, text))


HOSTILE = [
    "a" * 1_000_000,
    "a " * 500_000,
    "\u200b" * 1_000_000,
    "😀" * 500_000,
    "https://" * 125_000,
    "a." * 500_000,
    "1" * 1_000_000,
    "1 " * 500_000,
    "@" * 1_000_000,
    "$1," * 300_000,
    "a\u0353" * 500_000,
    "[url" * 250_000,
    "\ud800" * 1_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
def test_a_megabyte_is_read_in_bounded_time(text):
    began = time.process_time()
    spam.logit(RULES, text)
    shape(text[:5_000])
    assert time.process_time() - began < 2


def test_decisions_are_remembered_and_what_was_given_stays():
    text = "The lamps of the quay are green again"
    before = spam.logit(RULES, text)
    after = RULES
    for _ in range(60):
        after = spam.learned(after, text, True)
    assert spam.logit(after, text) > 0 > before
    assert spam.logit(RULES, text) == before


def test_one_decision_counts_little():
    """One reply called spam must not hold the replies of everybody else."""
    others = ["The ferry was closed in 1971", "Who paid for the tram?", "My aunt worked there"]
    after = spam.learned(RULES, "The lamps of the quay are green again, said the clerk", True)
    for text in others:
        assert abs(spam.logit(after, text) - spam.logit(RULES, text)) < 0.3


@given(st.lists(st.tuples(st.text(min_size=1, max_size=40), st.booleans()), max_size=6))
@settings(deadline=None, max_examples=25)
def test_what_was_learned_is_kept_in_bytes(decisions):
    weights = RULES
    for text, is_spam in decisions:
        weights = spam.learned(weights, text, is_spam)
    kept = spam.with_learned(RULES, spam.learned_bytes(weights))
    for text, _ in (*decisions, ("another text", False)):
        assert spam.logit(kept, text) == pytest.approx(spam.logit(weights, text), abs=0.05)


def test_a_desk_learns_a_campaign_in_two_dozen_decisions():
    weights = RULES
    for i in range(12):
        bad = f"The moon stone of Bell Harbour heals you, ask for number {i}"
        weights = spam.learned(weights, bad, True)
        weights = spam.learned(weights, f"I walked along Bell Harbour in 19{i}4", False)
    assert spam.logit(weights, "The moon stone of Alder Quay heals you, ask 77") > 0
    assert spam.logit(weights, "We walked along Alder Quay in 1971") < -1.1


DAMAGED = [
    b"other",
    b"onrecord spam 1\nnot packed",
    b"onrecord spam 1\n" + zlib.compress(b"1234567"),
    b"onrecord spam 1\n" + zlib.compress(b"\xff" * 8),
    b"onrecord spam 1\n" + zlib.compress(b"\x00\x00\x00\x00\x00\x7e\x00\x7e"),
    b"onrecord spam 1\n" + zlib.compress(b"\x00" * 50_000_000),
]


@pytest.mark.parametrize("kept", DAMAGED, ids=lambda kept: repr(kept[:24]))
def test_damaged_learning_is_refused(kept):
    try:
        weights = spam.with_learned(RULES, kept)
    except ModelError:
        return
    assert np.isfinite(spam.logit(weights, "any text"))


@pytest.mark.model
def test_the_packaged_seed_gives_its_golden_logits():
    seed = spam.seed()
    found = [round(spam.logit(seed, text), 2) for text in (*SPAM, *GOOD)]
    assert found == GOLDEN_LOGITS


GOLDEN_LOGITS = [4.25, 5.84, 0.8, 5.65, 1.07, -2.22, -1.48, -2.15, -1.79]


@pytest.mark.model
@pytest.mark.parametrize("place", [0, 131_072, -1])
def test_w1_a_flipped_bit_in_the_weights_is_refused(tmp_path, place):
    shutil.copytree(FOLDER / "spam", tmp_path / "spam")
    file = tmp_path / "spam" / "weights.f16"
    altered = bytearray(file.read_bytes())
    altered[place] ^= 1
    file.write_bytes(altered)
    with pytest.raises(ModelError, match=r"weights.f16.*SHA-256"):
        spam.seed(open_model("spam", tmp_path))


@pytest.mark.model
def test_weights_of_another_size_are_refused(tmp_path):
    import hashlib

    shutil.copytree(FOLDER / "spam", tmp_path / "spam")
    (tmp_path / "spam" / "weights.f16").write_bytes(b"\x00" * 10)
    digest = hashlib.sha256(b"\x00" * 10).hexdigest()
    manifest = tmp_path / "spam" / "manifest.toml"
    manifest.write_text(f'[files]\n"weights.f16" = "{digest}"\n')
    with pytest.raises(ModelError, match="5 weights"):
        spam.seed(open_model("spam", tmp_path))


def test_signs_are_taken_from_the_words_and_the_check():
    incoming = Incoming("r1", ReplyKind.COMMENT, "Ada", "The Merrow bridge, see https://a.example")
    found = spam.signs(incoming, weights=RULES, article="The bridge over the Merrow", known=Signs())
    assert found.n_links == 1
    assert found.likeness == 0.0  # two words are too few to tell
    about = spam.likeness("The Merrow bridge was opened by the council", "bridge Merrow council")
    assert about == pytest.approx(0.75)


LONG = "The bridge over the Merrow opened in the year after the flood and the council paid for all of it"
SHAPES = [
    ("a link behind it", LONG, f"{LONG} https://x.example/1", True),
    ("marks and capitals", LONG, LONG.upper() + "!!!", True),
    ("one word more", LONG, f"{LONG} twice", True),
    ("another text", LONG, "I grew up beside the ferry and we never paid for it, my aunt sold the tickets then", False),
    ("short texts are told apart by their words", "nobody asked who paid for it", "nobody asked who paid for that", False),
    ("a short text again", "Nobody asked who paid for it.", "nobody asked, who paid for it", True),
    ("too short to tell", "Thank you!", "Thank you!", False),
]  # fmt: skip


@pytest.mark.parametrize(("_", "one", "other", "same"), SHAPES, ids=[row[0] for row in SHAPES])
def test_the_same_words_have_one_shape(_, one, other, same):
    assert is_same(shape(one), shape(other)) is same


@given(st.text(max_size=200))
def test_a_shape_lies_in_its_own_range(text):
    found = shape(text)
    assert len(found) in {0, 34}
    if found:
        low, high = same_words_range(found)
        assert low <= found < high
        assert is_same(found, found)
