from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.record import (
    CentralClaim,
    CounterVoice,
    FoundValue,
    GenreMark,
    HeadlineCheck,
    Metadata,
    Problem,
    Speaker,
)
from onrecord.show import wording
from onrecord.show.lookup import lookup
from onrecord.show.notices import notices, words_of
from onrecord.show.statements import statements
from onrecord.span import Span
from onrecord.terms import (
    AttributionStance,
    BadgeOutcome,
    Genre,
    HeadlineFinding,
    Marks,
    OriginKind,
    RegionKind,
    SpeakerKind,
    Voice,
)
from tests.show.made import bridge, empty, saved_text


def told(record, code=None):
    made = notices(lookup(record))
    return [one for one in made if code is None or one.code.startswith(code)]


def with_findings(*findings):
    return replace(bridge(), headline=replace(bridge().headline, findings=frozenset(findings)))


@pytest.mark.parametrize("finding", HeadlineFinding)
def test_every_finding_has_a_sentence_and_only_faults_ask_for_a_look(finding):
    (notice,) = told(with_findings(finding), "headline")
    assert notice.sentence == wording.HEADLINE[finding]
    assert notice.look == (finding in wording.HEADLINE_FAULTS)


@pytest.mark.parametrize(
    "table",
    [
        (wording.SPEAKER, SpeakerKind),
        (wording.VERB, AttributionStance),
        (wording.VOICE, Voice),
        (wording.MARKS, Marks),
        (wording.OUTCOME, BadgeOutcome),
        (wording.GENRE, Genre),
        (wording.HEADLINE, HeadlineFinding),
    ],
)
def test_every_term_has_its_words(table):
    words, terms = table
    assert set(words) == set(terms)


def test_an_empty_set_of_findings_cannot_tell():
    (notice,) = told(with_findings(), "headline")
    assert "cannot tell" in notice.sentence


def test_a_headline_that_was_not_compared_says_so_and_a_missing_one_too():
    assert told(replace(bridge(), headline=None), "headline")[0].sentence.endswith("not run")
    nothing = HeadlineCheck(frozenset(), None)
    assert told(replace(bridge(), headline=nothing), "headline")[0].sentence == wording.NO_HEADLINE


ORIGINS = [
    (OriginKind.ONE_ORIGIN, "It rests on one origin: Bram Holloway."),
    (OriginKind.SEVERAL_ORIGINS, "It rests on several origins, Bram Holloway among them."),
    (OriginKind.PUBLISHER, "It rests on the page itself; no source is given for it."),
    (OriginKind.NONE_FOUND, "No source for it was found on the page."),
]


@pytest.mark.parametrize(("kind", "sentence"), ORIGINS)
def test_what_the_claim_rests_on_is_said_without_blame(kind, sentence):
    record = bridge()
    central = replace(record.sourcing.central, rests_on=kind, denied_by=())
    record = replace(record, sourcing=replace(record.sourcing, central=central))
    (notice,) = told(record, "central")
    assert notice.remark == sentence
    assert not notice.look


def test_speakers_of_one_origin_are_named_together():
    record = bridge()
    holloway, quill, *_ = record.speakers
    central = replace(record.sourcing.central, origins=((holloway.id, quill.id),))
    record = replace(record, sourcing=replace(record.sourcing, central=central))
    assert (
        told(record, "central")[0].remark == "It rests on one origin: Bram Holloway and Ada Quill."
    )


def test_a_claim_that_nobody_was_found_for_cannot_be_told():
    record = bridge()
    record = replace(record, sourcing=replace(record.sourcing, central=CentralClaim(None, False)))
    (notice,) = told(record, "central")
    assert notice.sentence == "The headline's claim: whose it is cannot be told"
    assert not notice.remark


def test_a_denied_claim_asks_for_no_look_where_the_headline_asserts_nothing():
    assert told(bridge(), "central")[0].look
    assert not told(with_findings(HeadlineFinding.QUESTION_OR_LABEL), "central")[0].look


def test_an_anonymous_source_without_a_reason_is_told_so():
    record = bridge()
    speakers = tuple(replace(one, reason=None) for one in record.speakers)
    (notice,) = told(replace(record, speakers=speakers), "anonymous")
    assert notice.sentence.endswith("the page gives no reason")
    assert not notice.look


def test_one_answer_to_two_is_one_notice():
    record = bridge()
    claims, warned, denied, *_ = record.attributions
    pairs = (
        CounterVoice(denied.id, claims.id),
        CounterVoice(denied.id, warned.id),
        CounterVoice(denied.id, None, record.sentences[1]),
        CounterVoice("unknown", claims.id),
    )
    (notice,) = told(replace(record, counter_voices=pairs), "counter")
    assert notice.sentence == "Ada Quill disputed what Bram Holloway and the page itself said"
    assert [one.label for one in notice.exhibits] == ["answer", "answered", "answered", "answered"]


def test_stages_that_failed_for_one_reason_are_told_once():
    problems = (
        Problem("attribute", "LanguageError", "the page is in 'de'"),
        Problem("claims", "LanguageError", "the page is in 'de'"),
        Problem("identify", "Skipped", "skipped: it reads 'attributions'"),
    )
    sentences = [one.sentence for one in told(replace(empty(), problems=problems), "problem")]
    assert sentences == [
        "Not done: attribute, claims: the page is in 'de'",
        "Skipped, for want of what was not done: identify",
    ]


def test_a_badge_without_a_failure_is_a_note():
    record = bridge()
    rules = tuple(replace(one, outcome=BadgeOutcome.CANNOT_TELL) for one in record.badges[0].rules)
    record = replace(record, badges=(replace(record.badges[0], rules=rules),))
    (notice,) = told(record, "badge")
    assert notice.sentence == "Label “Fact checked”: no rule fails"
    assert not notice.look


def test_what_would_help_depends_on_what_the_source_can_show():
    assert "other pages of the site" in told(bridge(), "badge")[0].remark
    assert "the page's address" in told(saved_text(), "badge")[0].remark


def speaker(kind, **fields):
    return Speaker("s", "X", kind, mentions=(Span(0, 1),), **fields)


@pytest.mark.parametrize("kind", SpeakerKind)
def test_there_is_something_to_ask_for_each_kind(kind):
    assert wording.asks(lookup(empty()), speaker(kind))


def test_a_loose_day_is_asked_for_only_where_the_page_has_no_date():
    record = bridge()
    holloway = record.speakers[0]
    assert "“Friday” of which date" in wording.asks(lookup(record), holloway)[0]
    dated = replace(
        record.page, metadata=Metadata(published=FoundValue("2026-11-20", "visible:date"))
    )
    asks = wording.asks(lookup(replace(record, page=dated)), holloway)
    assert asks == ("where and when said; a recording or transcript",)


def test_words_that_reach_the_page_through_another_source_are_asked_for():
    record = bridge()
    assert wording.asks(lookup(record), record.speakers[1])[0] == (
        "the words themselves, here only through local reports"
    )


def test_words_that_the_page_gives_to_nobody_have_no_speaker_in_the_statements():
    record = bridge()
    nobody = Speaker("n", "x", SpeakerKind.VAGUE, attributions=(record.attributions[1].id,))
    holloway = replace(record.speakers[0], attributions=(record.attributions[0].id,))
    made = statements(lookup(replace(record, speakers=(holloway, *record.speakers[1:], nobody))))
    (one,) = [one for one in made if "We warned" in one.words]
    assert (one.who, one.verb) == ("no source given", "for")


def test_denied_words_are_given_with_the_verb_that_denies():
    made = statements(lookup(bridge()))
    (one,) = [one for one in made if one.words == "the bridge cost twenty million"]
    assert (one.who, one.verb) == ("Ada Quill", "denied")


def test_statements_stand_in_the_order_of_the_page_and_each_once():
    made = statements(lookup(bridge()))
    assert [one.span.start for one in made] == sorted(one.span.start for one in made)
    ids = [one.attribution.id for one in made if one.attribution]
    assert sorted(ids) == sorted(one.id for one in bridge().attributions)


def test_long_words_between_source_and_content_are_shortened():
    record = bridge()
    look = lookup(record)
    far = replace(record.attributions[0], content=(record.attributions[5].content[0],))
    assert words_of(look, far) == (
        "Bram Holloway, a former city engineer, claims … the bridge opened nine months late"
    )


def test_a_quotation_at_the_front_keeps_its_opening_mark_and_gets_no_second_pair():
    record = bridge()
    words = words_of(lookup(record), record.attributions[4])
    assert words == "“We paid twelve million, not a cent more,” Quill said"
    assert wording.quoted(words) == words


def test_the_form_of_the_page_is_named_when_it_is_stated():
    page = replace(bridge().page, genre=GenreMark(Genre.PRESS_RELEASE, "label"))
    assert "form: press release" in wording.about(replace(bridge(), page=page))
    assert not any("form" in note for note in wording.about(bridge()))


def test_letters_go_on_after_the_alphabet():
    speakers = tuple(replace(speaker(SpeakerKind.VAGUE), id=str(i)) for i in range(30))
    letters = lookup(replace(empty(), speakers=speakers)).letters
    assert [letters[str(i)] for i in (0, 25, 26, 29)] == ["A", "Z", "AA", "AD"]


def test_comments_are_counted_as_regions_of_their_kind():
    assert lookup(bridge()).n_comments() == 1
    assert sum(one.kind is RegionKind.COMMENT for one in bridge().page.regions) == 1


JUDGING = ("lie", "liar", "fake", "biased", "trustworthy", "credib", "propaganda", "mislead")


def test_no_sentence_judges_an_outlet_or_a_speaker():
    source = Path(wording.__file__).read_text(encoding="utf-8").lower()
    assert not [word for word in JUDGING if f" {word}" in source]
