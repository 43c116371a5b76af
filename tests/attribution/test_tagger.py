"""The trained tagger on small invented texts; the packaged weights are read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench.tasks.attribution import gold_of, like_both, matched, predicted_of
from onrecord.attribution import decode
from onrecord.attribution import tagger as module
from onrecord.attribution.tagger import (
    attributions,
    open_tagger,
    page_document,
    page_tokens,
    role_spans,
)
from onrecord.errors import ModelError
from onrecord.models import open_model
from onrecord.models.cards import with_tables
from onrecord.read import read
from onrecord.read.sentences import sentences
from onrecord.record import Capture
from onrecord.terms import AttributionKind, AttributionStance

pytestmark = pytest.mark.model

GOLDEN = Path(__file__).parent / "golden" / "tagger.json"
# 8-bit products differ a little between processors.
GOLDEN_TOLERANCE = 0.35


@pytest.fixture(scope="module")
def tagger():
    return open_tagger()


def page_of(text):
    return read(Capture(None, None, "text/plain; charset=utf-8", text.encode()))


def found_in(text, tagger):
    page = page_of(text)
    return page, attributions(page, sentences(page), tagger=tagger)


INDIRECT = (
    "The bridge over the Orla was closed on Monday. Mayor Ines Falk said the repairs would take "
    "three weeks and cost two million crowns. The council meets on Friday."
)


def test_indirect_speech_has_its_source_cue_and_content(tagger):
    page, (one,) = found_in(INDIRECT, tagger)
    assert one.source.of(page.text) == "Mayor Ines Falk"
    assert one.cue.of(page.text) == "said"
    assert [s.of(page.text) for s in one.content] == [
        "the repairs would take three weeks and cost two million crowns"
    ]
    assert one.kind is AttributionKind.INDIRECT
    assert one.stance is AttributionStance.ASSERTS
    assert one.via.startswith("tagger:")


def test_interrupted_speech_is_one_attribution_of_two_pieces(tagger):
    text = "“The dam is safe,” engineer Tor Lind said, “and the valley can sleep.”"
    page, (one,) = found_in(text, tagger)
    assert len(one.content) == 2
    assert one.kind is AttributionKind.DIRECT
    assert one.source.of(page.text).endswith("Tor Lind")


def test_two_speakers_of_one_sentence_keep_their_own_words(tagger):
    text = (
        "Falk said the road would open in May, while the union's chair, Per Holm, "
        "warned that the work had not even begun."
    )
    page, found = found_in(text, tagger)
    assert [a.cue.of(page.text) for a in found] == ["said", "warned"]
    assert "Holm" in found[1].source.of(page.text)
    assert "May" not in "".join(s.of(page.text) for s in found[1].content)


def test_a_denial_is_not_an_assertion(tagger):
    text = "The minister denied that the ministry had paid for the journey."
    _, (one,) = found_in(text, tagger)
    assert one.stance is AttributionStance.DENIES


def test_spans_lie_in_the_text_and_come_in_order(tagger):
    page, found = found_in("\n\n".join([INDIRECT] * 30), tagger)
    assert len(found) == 30
    firsts = [min(s.start for s in (*a.content, a.source)) for a in found]
    assert firsts == sorted(firsts)
    assert len({a.id for a in found}) == 30
    assert all(0 <= s.start < s.end <= len(page.text) for a in found for s in a.content)


OTHERS = {
    "german": "Die Brücke über die Orla ist seit Montag gesperrt. Der Verkehr staut sich bis zum "
    "Markt. Am Freitag tagt der Rat. Die Kosten trägt das Land.",
    "chinese": "奥拉河上的大桥星期一关闭。市议会星期五开会。维修需要三个星期。",
    "arabic": "أغلق الجسر فوق نهر أورلا يوم الاثنين. يجتمع المجلس يوم الجمعة.",
    "poem": "The river takes the colour of the sky,\nand carries it, unhurried, to the sea;\n"
    "the reeds bend down to let the water by,\nand nothing in the valley turns to me.",
    "headlines": "Bridge closed for three weeks\n\nCouncil to meet on Friday\n\nHeavy rain in the north"
    "\n\nHarbour fees to rise in May\n\nLibrary opens new wing\n\nTwo hurt in crash on ring road",
    "numbers": "1 2 3 4 5 6\n\n7.5% 8.25% 9%\n\n2026-11-26 10:45",
    "empty marks": "“” \"\" '' “ ” “““ ”””",
}


@pytest.mark.parametrize("name", OTHERS)
def test_text_that_attributes_nothing_gives_nothing(name, tagger):
    _, found = found_in(OTHERS[name], tagger)
    assert [a for a in found if a.via.startswith("tagger:")] == []


def test_a_transcript_is_read_by_its_turns(tagger):
    text = "\n\n".join(
        f"{who}: {words}"
        for who, words in [
            ("FALK", "Good evening. I think the bridge will open in May."),
            ("HOLM", "I said in March that it would not, and I say it again."),
            ("FALK", "We shall see."),
            ("HOLM", "We shall. The engineers told me that the piers are cracked."),
        ]
    )
    page, found = found_in(text, tagger)
    assert [a.source.of(page.text) for a in found] == ["FALK", "HOLM", "FALK", "HOLM"]
    assert {a.via for a in found} == {"rules:turn"}
    assert {a.kind for a in found} == {AttributionKind.DIRECT}


def test_a_reported_denial_is_kept_beside_the_report(tagger):
    text = (
        "Jonas Vik, an engineer from Holm, ruled out the idea that the dam would be moved, "
        "according to regional papers."
    )
    page, found = found_in(text, tagger)
    assert {(a.source.of(page.text), a.stance) for a in found} == {
        ("Jonas Vik, an engineer from Holm", AttributionStance.DENIES),
        ("regional papers", AttributionStance.ASSERTS),
    }


def test_a_source_ends_without_a_comma(tagger):
    page, (one,) = found_in("Ines Falk, the mayor, said that the bridge would open.", tagger)
    assert one.source.of(page.text) == "Ines Falk, the mayor"


def test_words_cut_inside_a_quotation_reach_its_marks(tagger):
    text = (
        "“We will not sell the harbour. It was built by our grandparents. And it feeds this town,” "
        "said Per Holm, who chairs the council."
    )
    page, (one,) = found_in(text, tagger)
    assert one.content[0].of(page.text) == text[1 : text.index(",”")]
    assert one.kind is AttributionKind.DIRECT


def test_indirect_words_stay_in_the_paragraph_of_their_cue(tagger):
    text = (
        "Bridge to stay closed\n\nWho pays\n\nThe repair will cost about two million crowns, most of "
        "it paid by the county, according to the county's budget."
    )
    page, found = found_in(text, tagger)
    contents = [span.of(page.text) for a in found for span in a.content]
    assert contents
    assert not [words for words in contents if "\n" in words]


def test_a_source_ends_before_the_occasion(tagger):
    text = (
        "“We have waited long enough,” said the mayor, Hedda Brandt, after the vote, which failed."
    )
    page, (one,) = found_in(text, tagger)
    assert one.source.of(page.text) == "the mayor, Hedda Brandt"


def test_a_wish_not_to_be_named_is_no_statement(tagger):
    text = (
        "The damage was ordinary wear, said an engineer who asked not to be named because he still "
        "works for the contractor."
    )
    page, found = found_in(text, tagger)
    assert [a.cue.of(page.text) for a in found] == ["said"]


def test_a_hand_made_record_is_read_with_its_sources(tagger, shared):
    text = (shared / "cases" / "news_page_with_badge.txt").read_text(encoding="utf-8")
    expected = json.loads((shared / "cases" / "news_page_with_badge.expected.json").read_text())
    page, found = found_in(text, tagger)
    rows = [
        {
            **a,
            "content": a["content"],
            "source": [a["source"]] if a["source"] else [],
            "type": a["kind"],
        }
        for a in expected["attributions"]
    ]
    gold = gold_of({"text": page.text, "attributions": rows})
    right = matched(gold, predicted_of(page.text, found), like_both)
    assert len(right) >= 14
    assert len(found) <= 17
    broken = {i: a["marks"] for i, a in enumerate(expected["attributions"]) if a["marks"] != "none"}
    assert len(broken) == 5
    with_content = [a for a in found if a.content]
    assert {i: str(with_content[right[i]].marks) for i in broken} == broken


def test_missing_weights_name_the_rules(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "onrecord.attribution.tagger.open_model", lambda name: open_model(name, tmp_path)
    )
    with pytest.raises(ModelError, match=r"not found.*attribute = 'rules'"):
        open_tagger()


def test_logits_are_those_of_the_shipped_weights(tagger):
    """Two windows of invented text; a runtime that computes otherwise is seen here."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    page = page_of(INDIRECT)
    encoded = page_tokens(page, tagger.tokenizer)
    text = page_document(page.text, encoded, None, words=tagger.vocabulary)
    found, (hidden,) = decode.candidates([text], tagger.passes, settings=tagger.settings)
    assert np.allclose(hidden.anchor, golden["anchor"], atol=GOLDEN_TOLERANCE)
    assert hidden.flat.argmax(axis=1).tolist() == golden["tags"]
    assert [one.anchor for one in found[0]] == golden["candidates"]
    assert np.allclose(
        [one.second_logit for one in found[0]], golden["valid"], atol=GOLDEN_TOLERANCE
    )


def test_the_card_agrees_with_the_manifest():
    model = open_model("attribution")
    card = (model.folder / "card.md").read_text(encoding="utf-8")
    assert with_tables(card, model.manifest) == card


def test_the_weights_are_small():
    assert open_model("attribution").manifest["bytes"] <= 30_000_000


def test_an_empty_page_gives_nothing(tagger):
    page = page_of("x")
    assert found_in(".", tagger)[1] == ()
    assert attributions(page, (), tagger=tagger) == ()


def test_a_paragraph_longer_than_a_window_is_read_whole(tagger):
    text = "The water rose and the people watched it rise. " * 200
    page, found = found_in(text + "Mayor Falk said the dam would hold.", tagger)
    assert any(a.source and "Falk" in a.source.of(page.text) for a in found)


def test_the_first_pass_alone_gives_spans_of_each_role(tagger):
    page = page_of(INDIRECT)
    (roles,) = role_spans([(page, sentences(page))], tagger=tagger)
    assert [s.of(page.text) for s in roles["cue"]] == ["said"]
    assert [s.of(page.text) for s in roles["source"]] == ["Mayor Ines Falk"]


def test_batches_of_other_sizes_find_the_same(tagger, monkeypatch):
    text = "\n\n".join([INDIRECT, OTHERS["poem"]] * 12)
    _, wide = found_in(text, tagger)
    monkeypatch.setattr(module, "_BUDGET", 400)
    _, narrow = found_in(text, tagger)
    assert [(a.source, a.cue, a.content) for a in wide] == [
        (a.source, a.cue, a.content) for a in narrow
    ]
