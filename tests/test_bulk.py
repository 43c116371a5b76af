"""Bulk runs: every page once, in order, whatever dies on the way."""

from __future__ import annotations

import errno
import fcntl
import json
from pathlib import Path

import pytest

from onrecord.bulk import (
    Crew,
    Progress,
    Rules,
    lines,
    only_stages,
    refuse_mixing,
    run,
    shard_name,
    shard_records,
    with_stages,
    without_comments,
)
from onrecord.bulk_shards import Shard, claim_folder, open_shard
from onrecord.codec import decode
from onrecord.errors import PipelineError, SettingsError, StoreError
from onrecord.read import read
from onrecord.record import Capture
from onrecord.settings import Settings
from onrecord.terms import RegionKind
from tests.invented_archives import member, positions, shard, text_rows

FAST = only_stages(Settings(), "segment,attribute=rules")
ONE = Rules(workers=1, page_seconds=60)


@pytest.fixture(scope="module")
def crew():
    """Two workers that several tests share."""
    made = Crew(FAST, Rules(workers=2, page_seconds=60))
    yield made
    made.close()


@pytest.fixture
def source(tmp_path):
    """Twelve pages as JSON lines, one of them broken and one empty."""
    rows = text_rows(12).splitlines()
    rows[3], rows[7] = "{", json.dumps({"url": "https://bell.example/7"})
    file = tmp_path / "archive.jsonl"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


GOOD = [0, 1, 2, 4, 5, 6, 8, 9, 10, 11]


def test_every_page_is_a_record_or_a_named_failure_in_order(source, tmp_path, crew):
    out = tmp_path / "out"
    outcome = shard_records(source, out, crew=crew)
    assert (outcome.n_done, outcome.n_failed) == (10, 2)
    done, failed = shard(out, source)
    assert [position for position, _ in done] == GOOD
    assert [row["position"] for row in failed] == [3, 7]
    assert "line 4" in failed[0]["reason"]
    record = decode(done[5][1])
    assert record.page.url == "https://bell.example/6"
    assert record.attributions


def test_the_same_input_gives_the_same_bytes(source, tmp_path, crew):
    bodies = []
    for name in ("a", "b"):
        shard_records(source, tmp_path / name, crew=crew)
        bodies.append((tmp_path / name / f"{shard_name(source)}.jsonl").read_bytes())
    assert bodies[0] == bodies[1]


ZEROS = b"\0" * 700


@pytest.mark.parametrize("cut", [0, 1, 40, 4_000, 10**9])
@pytest.mark.parametrize("tail", [b"", ZEROS, b'{"position": 4, "on', b"\n"], ids=repr)
def test_a_run_cut_anywhere_goes_on_and_repeats_nothing(source, tmp_path, crew, cut, tail):
    whole, again = tmp_path / "whole", tmp_path / "again"
    shard_records(source, whole, crew=crew)
    name = f"{shard_name(source)}.jsonl"
    body = (whole / name).read_bytes()
    again.mkdir()
    (again / name).write_bytes(body[:cut] + tail)
    outcome = shard_records(source, again, crew=crew)
    assert sorted((again / name).read_bytes().splitlines()) == sorted(body.splitlines())
    assert outcome.n_done == 10
    third = shard_records(source, again, crew=crew)
    assert (third.n_done, third.n_failed, third.n_resumed) == (10, 2, 12)


def test_a_full_disk_is_said_and_costs_nothing_that_was_done(source, tmp_path, monkeypatch):
    written = Shard.record

    def full(self, position, body):
        if position == 5:
            self.done.write(body[:900])  # what still went onto the disk
            raise OSError(errno.ENOSPC, "No space left on device")
        written(self, position, body)

    own = Crew(FAST, ONE)
    try:
        monkeypatch.setattr(Shard, "record", full)
        with pytest.raises(StoreError, match=r"cannot write.*No space left"):
            shard_records(source, tmp_path / "out", crew=own)
    finally:
        own.close()
    monkeypatch.undo()
    again = Crew(FAST, ONE)
    try:
        shard_records(source, tmp_path / "out", crew=again)
    finally:
        again.close()
    assert sorted(positions(tmp_path / "out", source)) == list(range(12))


def test_a_missing_input_is_one_named_failure_until_it_is_there(tmp_path, crew):
    out, missing = tmp_path / "out", tmp_path / "late.warc.gz"
    outcome = shard_records(missing, out, crew=crew)
    assert (outcome.n_done, outcome.n_failed) == (0, 1)
    (failure,) = shard(out, missing)[1]
    assert (failure["position"], "late.warc.gz" in failure["reason"]) == (-1, True)
    missing.write_bytes(member(0) + member(1))
    outcome = shard_records(missing, out, crew=crew)
    assert (outcome.n_done, outcome.n_failed) == (2, 0)
    assert positions(out, missing) == [0, 1]


def test_pages_that_come_into_a_folder_later_are_put_behind(tmp_path, crew):
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "b").mkdir(parents=True)
    (folder / "m.txt").write_text("Page\n\nThe bridge is safe, the mayor said.\n")
    (folder / "b" / "c.html").write_text("<html><body><p>The lake is salt, she said.</body></html>")
    (folder / "notes.xyz").write_text("not a page")
    assert shard_records(folder, out, crew=crew).n_done == 2
    (folder / "a.txt").write_text("Page\n\nThe tower is tall, the engineer said.\n")
    outcome = shard_records(folder, out, crew=crew)
    assert (outcome.n_done, outcome.n_failed, outcome.n_resumed) == (3, 0, 2)
    words = [decode(body).page.text for _, body in shard(out, folder)[0]]
    assert ["lake" in words[0], "bridge" in words[1], "tower" in words[2]] == [True, True, True]


def test_a_shard_that_somebody_writes_is_left_alone(source, tmp_path, crew):
    with (
        open_shard(source, tmp_path),
        pytest.raises(StoreError, match="another run is writing"),
        open_shard(source, tmp_path, lock_seconds=0.3),
    ):
        pass
    assert shard_records(source, tmp_path, crew=crew).n_done == 10


def test_a_file_system_without_locks_is_named(source, tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(StoreError, match="has no locks"), open_shard(source, tmp_path):
        pass


def test_an_output_that_is_no_folder_is_named(source, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(StoreError, match="--out"), open_shard(source, file):
        pass


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b 1 then, 2 now"),
        ({"a": {}}, {"a": {"c": "x"}}, 'a.c not there then, "x" now'),
        ({"a": [1]}, {"a": [1]}, None),
    ],
)
def test_records_made_in_two_ways_never_stand_side_by_side(tmp_path, before, now, told):
    claim_folder(tmp_path, before)
    if told is None:
        claim_folder(tmp_path, now)
        return
    with pytest.raises(StoreError, match="made in another way") as raised:
        claim_folder(tmp_path, now)
    assert told in str(raised.value)


def test_a_folder_whose_making_is_not_known_is_refused(source, tmp_path, crew):
    shard_records(source, tmp_path / "out", crew=crew)
    with pytest.raises(StoreError, match=r"no run\.json"):
        claim_folder(tmp_path / "out", {})
    (tmp_path / "out" / "run.json").write_text("{")
    with pytest.raises(StoreError, match="is damaged"):
        claim_folder(tmp_path / "out", {})


def test_a_folder_that_holds_pages_of_an_input_is_refused_by_name(source, tmp_path, crew):
    other = tmp_path / "other.jsonl"
    other.write_text(text_rows(1))
    shard_records(source, tmp_path / "out", crew=crew)
    refuse_mixing([other], tmp_path / "out")
    with pytest.raises(StoreError, match=r"archive\.jsonl.*--resume"):
        refuse_mixing([other, source], tmp_path / "out")


def test_a_run_tells_how_far_all_inputs_are(tmp_path, monkeypatch):
    monkeypatch.setattr("onrecord.bulk.FLUSH_SECONDS", 0.0)
    sources = []
    for name in ("a.jsonl", "b.jsonl"):
        sources.append(tmp_path / name)
        sources[-1].write_text(text_rows(30))
    told: list[Progress] = []
    outcomes = run(sources, tmp_path / "out", settings=FAST, rules=ONE, progress=told.append)
    assert [one.n_done for one in outcomes] == [30, 30]
    shares = [one.share for one in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert any(one.share < 0.5 for one in told)
    assert told[-1].per_second > 0
    assert any(one.seconds_left for one in told)


def test_stages_that_do_not_fit_are_said_before_anything_is_read(source, tmp_path):
    alone = with_stages(FAST, {"segment": ""})
    with pytest.raises(PipelineError, match="no earlier stage writes"):
        run([source], tmp_path / "out", settings=alone, rules=ONE)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("reading", {"segment": "sentences"}),
        ("segment, attribute=rules", {"segment": "sentences", "attribute": "rules"}),
        ("segment", {"segment": "sentences"}),
    ],
)
def test_only_the_stages_that_are_named_run(text, runs):
    chosen = dict(only_stages(Settings(), text).stages)
    assert {stage: maker for stage, maker in chosen.items() if maker} == runs


def test_presets_of_stages():
    assert only_stages(Settings(), "all") == Settings()
    rules = dict(only_stages(Settings(), "rules").stages)
    assert (rules["attribute"], rules["claims"], rules["match"]) == ("rules", "signs", "")


@pytest.mark.parametrize("text", ["atribute", "segment,claim=signs", "", ","])
def test_a_stage_that_there_is_not_is_named(text):
    with pytest.raises(SettingsError, match=r"did you mean|no stage is named"):
        only_stages(Settings(), text)


def test_a_missing_shard_has_no_lines(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(lines(tmp_path / "none.jsonl"))


def test_comments_are_blanked_and_offsets_stay():
    root = Path(__file__).resolve().parent.parent
    page = (root / "examples" / "bridge.html").read_bytes()
    before = read(Capture(None, None, "text/html", page))
    after = without_comments(before)
    assert any(one.kind is RegionKind.COMMENT for one in before.regions)
    assert not any(one.kind is RegionKind.COMMENT for one in after.regions)
    assert "Nobody listened" in before.text
    assert "Nobody listened" not in after.text
    assert len(after.text) == len(before.text)
    for region in after.regions:
        assert region.span.of(after.text) == region.span.of(before.text)
