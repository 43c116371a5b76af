from __future__ import annotations

import json

import pytest

from onrecord.attribution.speakers import speakers
from onrecord.attribution.voices import sentence_voices
from onrecord.record import Attribution, GenreMark, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import AttributionKind, AttributionStance, Genre, RegionKind, Voice


def _page(text: str, *regions: Region) -> Page:
    return Page(
        None, None, "0" * 64, "text/plain", text,
        regions or (Region(RegionKind.BODY, Span(0, len(text))),), Metadata(), None, None, None,
        GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip


def _find(text: str, words: str) -> Span | None:
    return Span(text.index(words), text.index(words) + len(words)) if words else None


def _made(text: str, *rows: tuple[str, str, str]) -> list[Attribution]:
    made = []
    for at, (source, cue, content) in enumerate(rows):
        contents = tuple(span for part in content.split(" ... ") if (span := _find(text, part)))
        made.append(
            Attribution(
                f"a{at}", AttributionKind.INDIRECT, _find(text, source), _find(text, cue), contents
            )
        )
    return made


CASES = [
    ("plain narrative", "The dam was built in 1962.", [], Voice.PUBLISHER),
    (
        "indirect speech",
        "Low said the dam leaked.",
        [("Low", "said", "the dam leaked")],
        Voice.ATTRIBUTED,
    ),
    (
        "time and place around the cue are only a frame",
        "On Monday, Low told reporters at a meeting in Leyburn on the new road that it leaked.",
        [("Low", "told", "it leaked")],
        Voice.ATTRIBUTED,
    ),
    (
        "half the sentence is the publisher's",
        "The dam was closed in March after a long inquiry, which Low called a disgrace.",
        [("Low", "called", "a disgrace")],
        Voice.MIXED,
    ),
    (
        "a word or two in a long sentence changes nothing",
        "The board bought the mill, drained the pond, sold the land and left for what Low called good.",
        [("Low", "called", "good")],
        Voice.PUBLISHER,
    ),
    (
        "denied content is not the publisher's either",
        "Low denied that the dam leaked.",
        [("Low", "denied", "the dam leaked")],
        Voice.ATTRIBUTED,
    ),
]


@pytest.mark.parametrize(
    ("text", "rows", "voice"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_voice_of_a_sentence(text, rows, voice):
    made = _made(text, *rows)
    (found,) = sentence_voices(
        _page(text), [Span(0, len(text))], attributions=made, speakers=speakers(_page(text), made)
    )
    assert found.voice == voice


HEDGES = [
    ("The dam reportedly leaked.", "reportedly"),
    ("The dam is said to leak.", "is said to"),
    ("The dam allegedly leaked.", "allegedly"),
    ("The dam apparently leaked.", "apparently"),
    ("The dam may leak.", None),  # a chance, not hearsay
    ("The dam could leak by May.", None),
]


@pytest.mark.parametrize(("text", "hedge"), HEDGES)
def test_only_evidential_hedges_count(text, hedge):
    (found,) = sentence_voices(_page(text), [Span(0, len(text))], attributions=[], speakers=[])
    assert (found.hedge.of(text) if found.hedge else None) == hedge
    assert found.hedged == (hedge is not None)


def test_hedge_inside_a_quotation_is_the_speakers_own():
    text = "“It reportedly leaked,” Low said."
    quoted = Attribution(
        "a0", AttributionKind.DIRECT, _find(text, "Low"), _find(text, "said"),
        (_find(text, "It reportedly leaked"),),
    )  # fmt: skip
    (found,) = sentence_voices(
        _page(text), [Span(0, len(text))], attributions=[quoted], speakers=[]
    )
    assert not found.hedged


def test_innermost_speaker_holds_a_nested_sentence():
    text = "Ingrid Low ruled out a leak, according to regional reports."
    made = _made(
        text,
        ("Ingrid Low", "ruled out", "a leak"),
        ("regional reports", "according to", "Ingrid Low ruled out a leak"),
    )
    who = speakers(_page(text), made)
    (found,) = sentence_voices(_page(text), [Span(0, len(text))], attributions=made, speakers=who)
    assert found.voice == Voice.ATTRIBUTED
    assert [speaker.name for speaker in who if speaker.id == found.speaker] == ["Ingrid Low"]


def test_two_speakers_leave_the_speaker_open():
    text = "Low said it leaked and Ray said it was sold."
    made = _made(text, ("Low", "said", "it leaked"), ("Ray", "said it was", "it was sold"))
    who = speakers(_page(text), made)
    (found,) = sentence_voices(_page(text), [Span(0, len(text))], attributions=made, speakers=who)
    assert found.speaker is None


def test_comments_and_bios_have_no_voice():
    text = "The dam leaked.\nLow is a writer."
    page = _page(
        text,
        Region(RegionKind.BODY, Span(0, 15)),
        Region(RegionKind.BIO, Span(16, len(text))),
    )
    found = sentence_voices(page, [Span(0, 15), Span(16, len(text))], attributions=[], speakers=[])
    assert [voice.sentence for voice in found] == [Span(0, 15)]


def test_no_sentences_give_none():
    assert sentence_voices(_page("x"), [], attributions=[], speakers=[]) == ()


def test_voices_of_the_shared_case(shared):
    text = (shared / "cases" / "news_page_with_badge.txt").read_text(encoding="utf-8")
    expected = json.loads((shared / "cases" / "news_page_with_badge.expected.json").read_text())
    regions = sorted(
        (Region(RegionKind(row["kind"]), Span(*row["span"])) for row in expected["regions"]),
        key=lambda region: region.span,
    )
    made = [
        Attribution(
            f"a{at}",
            AttributionKind(row["kind"]),
            Span(*row["source"]) if row["source"] else None,
            Span(*row["cue"]) if row["cue"] else None,
            tuple(Span(*span) for span in row["content"]),
            stance=AttributionStance(row["stance"]),
        )
        for at, row in enumerate(expected["attributions"])
    ]
    page = _page(text, *regions)
    wanted = [(words, Voice.PUBLISHER) for words in expected["publisher_voice"]]
    wanted += [(words, Voice.MIXED) for words in expected["sentence_voices_mixed"]]
    wanted += [
        (text[row["source"][0] : row["content"][0][1]], Voice.ATTRIBUTED)
        for row in expected["attributions"]
        if row["source"] and row["source"][0] in (208, 703, 1123, 1783, 1965)
    ]
    sentences = [_find(text, words) for words in (row[0] for row in wanted)]
    found = sentence_voices(page, sentences, attributions=made, speakers=speakers(page, made))
    assert [(voice.sentence.of(text), voice.voice) for voice in found] == wanted
