from __future__ import annotations

import pytest

from onrecord.errors import AnchorError, LanguageError, PipelineError
from onrecord.pipeline import Pipeline, Stage
from onrecord.record import FoundValue, GenreMark, Metadata, Page
from onrecord.span import Span
from onrecord.terms import Genre


def page(language: str | None = None) -> Page:
    found = FoundValue(language, "test") if language else None
    return Page(
        url=None,
        retrieved=None,
        digest="0" * 64,
        media_type="text/plain",
        text="A text.",
        regions=(),
        metadata=Metadata(language=found),
        links=None,
        images=None,
        markup=None,
        genre=GenreMark(Genre.NOT_STATED, "none"),
    )


def one_sentence(page: Page) -> tuple[Span, ...]:
    return (Span(0, len(page.text)),)


def nothing(**_: object) -> tuple[()]:
    return ()


SEGMENT = Stage("segment", ("page",), "sentences", one_sentence)
ATTRIBUTE = Stage("attribute", ("page", "sentences"), "attributions", nothing)


@pytest.mark.parametrize(
    ("case", "stages", "message"),
    [
        ("unknown field", [Stage("x", ("pages",), "sentences", nothing)], "did you mean 'page'"),
        ("read before written", [ATTRIBUTE], "no earlier stage writes"),
        ("two writers", [SEGMENT, SEGMENT], "already written by 'segment'"),
        ("writes the page", [Stage("x", (), "page", nothing)], "already written"),
        ("unknown use", [Stage("x", (), "badges", nothing, uses=("zzz",))], "no field of a record"),
    ],
)
def test_stages_that_do_not_fit_are_refused_before_running(case, stages, message):
    with pytest.raises(PipelineError, match=message):
        Pipeline(stages)


def test_each_stage_writes_its_field_and_a_step():
    record = Pipeline([SEGMENT, ATTRIBUTE])(page())
    assert record.sentences == (Span(0, 7),)
    assert record.attributions == ()
    assert [step.stage for step in record.steps] == ["segment", "attribute"]
    assert record.problems == ()


def test_a_field_whose_stage_is_left_out_stays_none():
    record = Pipeline([SEGMENT])(page())
    assert record.attributions is None


def raising(error):
    def run(**_: object) -> object:
        raise error

    return run


def test_a_failed_stage_leaves_none_and_the_readers_of_its_field_are_skipped():
    failing = Stage("segment", ("page",), "sentences", raising(AnchorError("no words")))
    badges = Stage("badges", ("page",), "badges", nothing)
    record = Pipeline([failing, ATTRIBUTE, badges])(page())
    assert record.sentences is None
    assert record.attributions is None
    assert record.badges == ()
    assert [(p.stage, p.error) for p in record.problems] == [
        ("segment", "AnchorError"),
        ("attribute", "Skipped"),
    ]


def test_strict_raises_instead():
    failing = Stage("segment", ("page",), "sentences", raising(AnchorError("no words")))
    with pytest.raises(AnchorError):
        Pipeline([failing])(page(), strict=True)


def test_a_bug_is_never_caught():
    failing = Stage("segment", ("page",), "sentences", raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        Pipeline([failing])(page())


@pytest.mark.parametrize(
    ("language", "runs"), [(None, True), ("en", True), ("en-GB", True), ("de", False)]
)
def test_a_stage_says_when_it_cannot_handle_the_language(language, runs):
    stage = Stage("segment", ("page",), "sentences", one_sentence, languages=("en",))
    record = Pipeline([stage])(page(language))
    assert (record.sentences is not None) is runs
    assert [p.error for p in record.problems] == ([] if runs else [LanguageError.__name__])


def test_a_used_field_is_none_when_its_stage_is_left_out():
    seen = {}

    def run(**fields: object) -> tuple[()]:
        seen.update(fields)
        return ()

    Pipeline([Stage("x", ("page",), "badges", run, uses=("speakers",))])(page())
    assert seen["speakers"] is None
