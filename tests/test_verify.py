"""Repeating a record: the same, something else, or cannot be told, and why."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord import collection, history
from onrecord.cli import app
from onrecord.codec import decode, encode
from onrecord.compose import open_desk
from onrecord.errors import MissingFileError, StoreError
from onrecord.llm import advised
from onrecord.read import read
from onrecord.record import Capture, Generated
from onrecord.settings import Settings, SourceSettings
from onrecord.store import captures
from onrecord.store.database import open_database
from onrecord.terms import AttributionStance, VerdictLabel
from onrecord.verify import Outcome, verify
from tests.sources.played import CHECKS, wiki
from tests.sources.server import serving

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "bridge.html"
URL = "https://bell.example/bridge"
TIME = "2026-11-26T10:00:00Z"


@pytest.fixture(autouse=True)
def without_weights(monkeypatch):
    monkeypatch.setattr("onrecord.library.packaged_embedder", lambda: None)
    monkeypatch.setattr(collection, "packaged_embedder", lambda: None)


def quick(folder, **changes):
    """The default settings with rules instead of models, and a data folder."""
    stages = tuple(
        (stage, {"attribute": "rules", "claims": "signs", "evidence": "rules"}.get(stage, maker))
        for stage, maker in Settings().stages
    )
    return Settings(folder=str(folder), stages=stages, **changes)


def check(settings, *, url=None):
    capture = Capture(url, TIME if url else None, "text/html", EXAMPLE.read_bytes())
    desk = open_desk(settings)
    record = desk.check(capture)
    if url:
        desk.keep(capture, record)
    return record


def outcomes(done):
    return {check.field: check.outcome for check in done.fields if check.outcome != Outcome.SAME}


def of(done, field):
    return next(check for check in done.fields if check.field == field)


def test_a_record_of_a_file_is_repeated_from_the_file(tmp_path):
    settings = quick(tmp_path)
    done = verify(check(settings), settings=settings, page=EXAMPLE)
    assert done.is_same
    assert outcomes(done) == {}
    assert {"page", "attributions", "claims", "steps"} <= {check.field for check in done.fields}


def test_a_record_of_an_address_is_repeated_from_the_store(tmp_path):
    settings = quick(tmp_path)
    record = check(settings, url=URL)
    done = verify(decode(encode(record)), settings=settings)
    assert done.is_same
    assert done.made_by == done.version


def test_a_record_read_back_from_json_with_models_is_the_same(tmp_path):
    settings = Settings(folder=str(tmp_path))
    record = decode(encode(check(settings)))
    assert verify(record, settings=settings, page=EXAMPLE).is_same


STORM = "The wall was damaged in the storm of 9 September, when waves of four metres broke over the quay and forty boats were torn from their moorings."


def with_history(tmp_path, *texts):
    """A desk's settings, after these texts and the example's own words were added."""
    settings = quick(tmp_path / "data")
    said = read(Capture(None, None, "text/html", EXAMPLE.read_bytes())).text
    for number, text in enumerate((said, *texts)):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"A title\n\n{text}\n", encoding="utf-8")
        history.add(tmp_path / "data", [str(path)], settings=settings, seen="2026-10-01")
    return settings


def test_a_record_with_copies_is_repeated_from_the_same_history(tmp_path):
    settings = with_history(tmp_path)
    record = check(settings)
    assert record.reuse
    assert record.history.n_texts == 1
    done = verify(decode(encode(record)), settings=settings, page=EXAMPLE)
    assert outcomes(done) == {}
    assert of(done, "reuse").outcome == Outcome.SAME


def test_a_history_that_has_grown_is_named_and_is_no_difference(tmp_path):
    record = check(with_history(tmp_path))
    text = read(Capture(None, None, "text/html", EXAMPLE.read_bytes())).text
    done = verify(record, settings=with_history(tmp_path, f"{STORM} {text}"), page=EXAMPLE)
    assert outcomes(done) == {"history": Outcome.CANNOT_TELL, "reuse": Outcome.CANNOT_TELL}
    reason = of(done, "reuse").reason
    assert reason.startswith("the history has other texts: 1 texts, first seen 2026-10-01")
    assert " then, 2 texts" in reason


def test_findings_that_a_grown_history_does_not_touch_stay_the_same(tmp_path):
    record = check(with_history(tmp_path))
    done = verify(record, settings=with_history(tmp_path, STORM), page=EXAMPLE)
    assert outcomes(done) == {"history": Outcome.CANNOT_TELL}


def test_an_altered_finding_of_copies_differs_where_the_history_is_the_same(tmp_path):
    settings = with_history(tmp_path)
    record = check(settings)
    one = dataclasses.replace(record.reuse[0], similarity=0.25)
    altered = dataclasses.replace(record, reuse=(one, *record.reuse[1:]))
    done = verify(altered, settings=settings, page=EXAMPLE)
    assert outcomes(done) == {"reuse": Outcome.DIFFERS}
    assert of(done, "reuse").ids == (one.id,)


def test_a_record_from_before_states_of_the_history_cannot_be_told(tmp_path):
    settings = with_history(tmp_path)
    record = dataclasses.replace(check(settings), history=None, reuse=())
    done = verify(record, settings=settings, page=EXAMPLE)
    assert of(done, "reuse").outcome == Outcome.CANNOT_TELL
    assert "not stated then" in of(done, "reuse").reason


def altered_attribution(record):
    one = record.attributions[1]
    other = dataclasses.replace(one, stance=AttributionStance.DENIES)
    rows = (record.attributions[0], other, *record.attributions[2:])
    return dataclasses.replace(record, attributions=rows), "attributions", one.id


def altered_claim(record):
    one = record.claims[0]
    other = dataclasses.replace(one, checkable=not one.checkable)
    return dataclasses.replace(record, claims=(other, *record.claims[1:])), "claims", one.id


def left_out_claim(record):
    return dataclasses.replace(record, claims=record.claims[1:]), "claims", record.claims[0].id


def altered_page(record):
    page = dataclasses.replace(record.page, text=record.page.text.replace("bridge", "brigde"))
    return dataclasses.replace(record, page=page), "page", None


def altered_sentence(record):
    first = record.sentences[0]._replace(end=record.sentences[0].end - 1)
    rows = (first, *record.sentences[1:])
    return dataclasses.replace(record, sentences=rows), "sentences", None


@pytest.mark.parametrize(
    "alter", [altered_attribution, altered_claim, left_out_claim, altered_page, altered_sentence]
)
def test_what_was_altered_in_a_record_is_named(tmp_path, alter):
    settings = quick(tmp_path)
    record, field, name = alter(check(settings))
    done = verify(record, settings=settings, page=EXAMPLE)
    assert outcomes(done) == {field: Outcome.DIFFERS}
    assert of(done, field).reason.startswith(field)
    if name is not None:
        assert name in of(done, field).ids


def test_seconds_of_steps_do_not_count(tmp_path):
    settings = quick(tmp_path)
    record = check(settings)
    steps = tuple(dataclasses.replace(step, seconds=9.0) for step in record.steps)
    record = dataclasses.replace(record, steps=steps)
    assert verify(record, settings=settings, page=EXAMPLE).is_same


def test_another_model_is_named_with_both_digests(tmp_path):
    settings = quick(tmp_path)
    record = check(settings)
    steps = tuple(
        dataclasses.replace(step, model_digest="ab" * 32) if step.stage == "claims" else step
        for step in record.steps
    )
    record = dataclasses.replace(record, steps=steps, claims=record.claims[1:])
    done = verify(record, settings=settings, page=EXAMPLE)
    assert outcomes(done)["claims"] == Outcome.CANNOT_TELL
    assert outcomes(done)["steps"] == Outcome.CANNOT_TELL
    assert f"stage 'claims': {'ab' * 32} then, none now" in of(done, "claims").reason


def test_what_rests_on_another_stage_hands_its_reason_on(tmp_path):
    then = quick(tmp_path)
    record = check(then)
    without = tuple((s, "" if s == "counter" else m) for s, m in then.stages)
    done = verify(record, settings=dataclasses.replace(then, stages=without), page=EXAMPLE)
    assert outcomes(done)["counter_voices"] == Outcome.CANNOT_TELL
    assert "no stage writes 'counter_voices'" in of(done, "counter_voices").reason
    assert "'counter' did its work only then" in of(done, "steps").reason


def test_another_collection_is_named_with_both_states(tmp_path):
    settings = quick(tmp_path)
    file = tmp_path / "wall.txt"
    file.write_text("The sea wall at Port Elling was finished in 1931 and is 840 metres long.\n")
    collection.add(tmp_path, [str(file)], settings=settings)
    record = check(settings)
    assert verify(record, settings=settings, page=EXAMPLE).is_same
    file = tmp_path / "ferry.txt"
    file.write_text("The ferry to the outer islands takes ninety minutes in calm weather.\n")
    collection.add(tmp_path, [str(file)], settings=settings)
    done = verify(record, settings=settings, page=EXAMPLE)
    assert outcomes(done)["collection"] == Outcome.CANNOT_TELL
    assert of(done, "collection").reason.startswith("another collection: 1 documents")
    assert " then, 2 documents" in of(done, "collection").reason
    assert not done.is_same


def test_another_version_is_named(tmp_path, monkeypatch):
    settings = quick(tmp_path)
    record = check(settings, url=URL)
    monkeypatch.setattr("onrecord.verify.__version__", "99.0")
    assert verify(record, settings=settings).is_same  # all the same, whatever the version
    altered, field, _ = altered_claim(record)
    engine = open_database(tmp_path)
    kept = captures.with_digest(engine, record.page.digest)[0]
    text = encode(altered).decode()
    captures.keep_record(engine, kept, json=text, now=TIME, version="0.0.9")
    engine.dispose()
    done = verify(altered, settings=settings)
    assert outcomes(done) == {field: Outcome.CANNOT_TELL}
    assert "another version of onrecord: 0.0.9 then, 99.0 now" in of(done, field).reason


def test_a_capture_that_was_not_kept_cannot_be_repeated(tmp_path):
    settings = quick(tmp_path)
    done = verify(check(settings), settings=settings)
    assert outcomes(done) == {"page": Outcome.CANNOT_TELL}
    assert "is not kept" in of(done, "page").reason


def test_another_file_is_named_with_both_digests(tmp_path):
    settings = quick(tmp_path)
    other = tmp_path / "other.html"
    other.write_bytes(EXAMPLE.read_bytes() + b" ")
    record = check(settings)
    done = verify(record, settings=settings, page=other)
    assert outcomes(done) == {"page": Outcome.CANNOT_TELL}
    assert record.page.digest in of(done, "page").reason
    with pytest.raises(MissingFileError):
        verify(record, settings=settings, page=tmp_path / "none.html")


def test_altered_bytes_in_the_store_are_an_error(tmp_path):
    settings = quick(tmp_path)
    record = check(settings, url=URL)
    (archive,) = (tmp_path / "captures").iterdir()
    archive.write_bytes(b"")
    with pytest.raises(StoreError, match="SHA-256"):
        verify(record, settings=settings)


def test_words_of_a_language_model_are_left_out(tmp_path):
    settings = quick(tmp_path)

    class Model:
        model = "small-1"

        def __call__(self, order, material):
            return "bridge accounts"

    record = advised(check(settings), Model())
    record = dataclasses.replace(record, summary=Generated("x", "small-1"))
    done = verify(decode(encode(record)), settings=settings, page=EXAMPLE)
    assert done.is_same
    assert list(outcomes(done).values()) == [Outcome.LEFT_OUT]
    assert "small-1" in done.fields[-1].reason


def test_live_sources_answer_from_the_store(tmp_path):
    with serving(lambda _: (200, "application/json", CHECKS)) as (port, requests):
        sources = SourceSettings(
            fact_check_tools=f"http://127.0.0.1:{port}", fact_check_tools_key="k" * 20
        )
        settings = quick(tmp_path, sources=sources)
        record = check(settings)
        n = len(requests)
        assert n > 0
        done = verify(record, settings=settings, page=EXAMPLE)
        assert len(requests) == n
    assert done.is_same


ARTICLE_PAGE = (
    b"<html><head><title>Old bridge</title></head><body><article><h1>Old bridge</h1><p>The Harrow "
    b"bridge in Anytown was opened in 1950 and has four lanes.</p></article></body></html>"
)


def judged(folder):
    """A record with evidence from a played wiki, the settings and the page's file."""
    page = folder / "page.html"
    page.write_bytes(ARTICLE_PAGE)
    with serving(wiki) as (port, _):
        sources = SourceSettings(mediawiki=(f"http://127.0.0.1:{port}/w/api.php",))
        settings = quick(folder, sources=sources)
        record = open_desk(settings).check(Capture(None, None, "text/html", ARTICLE_PAGE))
    assert record.evidence
    assert record.verdicts
    return record, settings, page


def test_evidence_and_verdicts_are_repeated_after_the_source_has_gone(tmp_path):
    record, settings, page = judged(tmp_path)
    assert record.collection.sources == (record.evidence[0].passage.source,)
    assert verify(decode(encode(record)), settings=settings, page=page).is_same


def test_an_altered_verdict_is_named(tmp_path):
    record, settings, page = judged(tmp_path)
    first, *rest = record.verdicts
    other = dataclasses.replace(
        first, label=VerdictLabel.CONFLICTING, evidence=(record.evidence[0].id,)
    )
    done = verify(
        dataclasses.replace(record, verdicts=(other, *rest)), settings=settings, page=page
    )
    assert outcomes(done) == {"verdicts": Outcome.DIFFERS}
    assert of(done, "verdicts").ids == (first.claim,)
    assert '"conflicting" in the record' in of(done, "verdicts").reason


def test_an_altered_passage_is_named(tmp_path):
    record, settings, page = judged(tmp_path)
    first, *rest = record.evidence
    passage = dataclasses.replace(first.passage, title="Another title")
    other = dataclasses.replace(first, passage=passage)
    done = verify(
        dataclasses.replace(record, evidence=(other, *rest)), settings=settings, page=page
    )
    assert of(done, "evidence").outcome == Outcome.DIFFERS
    assert of(done, "evidence").ids == (first.id,)


def test_without_the_kept_answers_evidence_cannot_come_out_the_same(tmp_path):
    record, settings, page = judged(tmp_path)
    elsewhere = dataclasses.replace(settings, folder=str(tmp_path / "elsewhere"))
    done = verify(record, settings=elsewhere, page=page)
    assert not done.is_same
    assert of(done, "evidence").outcome == Outcome.CANNOT_TELL
    assert "no answer of mediawiki" in of(done, "evidence").reason


def test_a_source_that_failed_then_fails_again_without_being_asked(tmp_path):
    with serving(lambda _: (503, "text/html", b"busy")) as (port, requests):
        sources = SourceSettings(
            fact_check_tools=f"http://127.0.0.1:{port}", fact_check_tools_key="k" * 20
        )
        settings = quick(tmp_path, sources=sources)
        record = check(settings)
        assert record.problems
        n = len(requests)
        assert verify(record, settings=settings, page=EXAMPLE).is_same
        assert len(requests) == n


def run(*arguments, folder):
    settings = folder / "desk.toml"
    settings.write_text(f'folder = "{folder}"\n[stages]\nattribute = "rules"\nclaims = "signs"\n')
    return CliRunner().invoke(app, [*map(str, arguments), "--settings", str(settings)])


def test_the_command_says_what_comes_out_with_its_exit_code(tmp_path):
    file = tmp_path / "record.json"
    file.write_text(run("check", EXAMPLE, "--json", folder=tmp_path).stdout)
    done = run("verify", file, "--page", EXAMPLE, folder=tmp_path)
    assert done.exit_code == 0
    assert "The same comes out." in done.stdout
    done = run("verify", file, folder=tmp_path)
    assert done.exit_code == 3
    assert "CANNOT BE REPEATED: page" in done.stdout
    made = json.loads(file.read_text())
    made["record"]["attributions"][0]["kind"] = "mixed"
    file.write_text(json.dumps(made))
    done = run("verify", file, "--page", EXAMPLE, "--json", folder=tmp_path)
    assert done.exit_code == 3
    said = json.loads(done.stdout)
    assert said["same"] is False
    (wrong,) = [check for check in said["fields"] if check["outcome"] != "same"]
    assert wrong["field"] == "attributions"
    assert wrong["ids"] == [made["record"]["attributions"][0]["id"]]


@pytest.mark.parametrize("content", [b"", b"{}", b"[", b'{"onrecord": 9}'])
def test_what_is_no_record_is_an_error(tmp_path, content):
    file = tmp_path / "record.json"
    file.write_bytes(content)
    done = run("verify", file, folder=tmp_path)
    assert done.exit_code == 1
