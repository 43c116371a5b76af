"""The four stages on any text and any attributions: no crash, spans inside, shares that add up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.attribution.counter import counter_voices
from onrecord.attribution.sourcing import sourcing
from onrecord.attribution.speakers import speakers
from onrecord.attribution.voices import sentence_voices
from onrecord.record import Attribution, GenreMark, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import AttributionKind, AttributionStance, Genre, RegionKind

_PIECES = st.sampled_from(
    [
        "Ingrid Halvorsen",
        "Mayor Peter Stroud",
        "he",
        "She",
        "they",
        "it",
        "who",
        "the mayor",
        "his spokesman",
        "a council report",
        "critics",
        "The Leyburn Water Board (LWB)",
        "LWB",
        "said",
        "denied",
        "the dam leaked",
        "not true",
        "“",
        "”",
        '"',
        "’s",
        ",",
        ".",
        "\n",
        "—",
        "İstanbul",
        "\u202eabc",
        "𝒜nn",
        "Mr.",
        "of",
        "and",
        "reportedly",
        "",
        "I",
        "’",
        "U.S.",
    ]
)


@st.composite
def _articles(draw: st.DrawFn) -> tuple[Page, list[Attribution], list[Span]]:
    text = " ".join(draw(st.lists(_PIECES, max_size=40)))
    span = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(
        lambda pair: Span(min(pair), max(pair))
    )
    maybe = st.none() | span
    made = [
        Attribution(
            f"a{number}",
            draw(st.sampled_from(list(AttributionKind))),
            draw(maybe),
            draw(maybe),
            tuple(sorted(draw(st.lists(span, max_size=3)))),
            stance=draw(st.sampled_from(list(AttributionStance))),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    cut = draw(st.integers(0, len(text)))
    regions = (
        Region(RegionKind.TITLE, Span(0, cut)),
        Region(RegionKind.BODY, Span(cut, len(text))),
    )
    page = Page(
        None, None, "0" * 64, "text/plain", text, regions[draw(st.integers(0, 2)) :], Metadata(),
        None, None, None, GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip
    return page, made, draw(st.lists(span, max_size=5))


@given(_articles())
@settings(deadline=None, max_examples=150)
def test_any_article_gives_well_formed_results(article):
    page, made, sentences = article
    size = len(page.text)
    found = speakers(page, made)
    ids = [speaker.id for speaker in found]
    for speaker in found:
        for span in (*speaker.mentions, *(join.mention for join in speaker.joins)):
            assert 0 <= span.start <= span.end <= size
    held = {identity for speaker in found for identity in speaker.attributions}
    assert held == {attribution.id for attribution in made}
    for voice in sentence_voices(page, sentences, attributions=made, speakers=found):
        assert voice.sentence in sentences
        assert voice.speaker is None or voice.speaker in ids
    known = {attribution.id for attribution in made}
    for pair in counter_voices(page, sentences, attributions=made, speakers=found):
        assert pair.by in known
        assert pair.answered in known or pair.sentence in sentences
    shares = sourcing(page, made, speakers=found, headline=None).shares
    assert not shares or sum(share.share for share in shares) == pytest.approx(1)
    assert {share.speaker for share in shares} <= {None, *ids}


def test_a_speaker_keeps_its_mention_where_a_continued_quotation_repeats_it():
    text = "Yes. Ann Bell."
    here = Span(5, 13)
    made = [
        Attribution("a0", AttributionKind.DIRECT, here, None, (Span(0, 4),)),
        Attribution("a1", AttributionKind.MIXED, None, None, (here,)),
    ]
    page = Page(
        None, None, "0" * 64, "text/plain", text, (Region(RegionKind.BODY, Span(0, len(text))),),
        Metadata(), None, None, None, GenreMark(Genre.NOT_STATED, ""),
    )  # fmt: skip
    (found,) = speakers(page, made)
    assert found.mentions == (here,)
    assert found.attributions == ("a0", "a1")


@given(_articles())
@settings(deadline=None, max_examples=30)
def test_speakers_are_the_same_each_time(article):
    page, made, _ = article
    assert speakers(page, made) == speakers(page, made)
