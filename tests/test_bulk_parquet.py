"""A shard as a Parquet file: what a researcher counts is what the records say."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from onrecord import bulk_parquet
from onrecord.bulk import Crew, Rules, only_stages, shard_name, shard_records
from onrecord.bulk_parquet import COLUMNS, needs_pyarrow, row, write_parquet
from onrecord.codec import decode, encode
from onrecord.errors import SettingsError, StoreError
from onrecord.read import read
from onrecord.record import Capture, Record
from onrecord.settings import Settings
from onrecord.terms import Voice
from tests.invented_archives import member, shard, text_rows, url


def test_a_column_is_null_where_its_stage_did_not_run():
    page = read(Capture(None, None, "text/plain", b"A page\n\nThe bridge is safe."))
    flat = row(7, encode(Record(page)).decode())
    assert list(flat) == [name for name, _ in COLUMNS]
    assert (flat["position"], flat["url"], flat["site"]) == (7, None, None)
    empty = {name for name, value in flat.items() if value is None}
    assert {"n_words", "n_attributions_direct", "speakers", "headline_findings", "badges"} <= empty
    assert decode(flat["record"].encode()).page == page
    found = row(0, encode(replace(Record(page), claims=(), sentence_voices=())).decode())
    assert (found["n_claims"], found["n_words"], found["first_claim"]) == (0, 0, None)


@pytest.fixture(scope="module")
def pyarrow():
    """The Parquet module."""
    pytest.importorskip("pyarrow", reason="pyarrow is optional (170 MB) and not installed")
    import pyarrow.parquet

    return pyarrow.parquet


def test_the_file_says_what_the_records_say(tmp_path, pyarrow, monkeypatch):
    monkeypatch.setattr(bulk_parquet, "MAX_GROUP", 60_000)
    source, out = tmp_path / "archive.warc.gz", tmp_path / "out"
    source.write_bytes(b"".join(member(number) for number in range(12)) + member(1)[:90])
    rules = Rules(workers=1, writes_parquet=True)
    crew = Crew(only_stages(Settings(), "rules"), rules)
    try:
        shard_records(source, out, crew=crew)
        file = out / f"{shard_name(source)}.parquet"
        table = pyarrow.read_table(file)
        assert pyarrow.ParquetFile(file).num_row_groups > 1
        before = file.read_bytes()
        shard_records(source, out, crew=crew)  # nothing is left to do
        assert file.read_bytes() == before
    finally:
        crew.close()
    assert table.column_names == [name for name, _ in COLUMNS]
    rows = table.to_pylist()
    done, failed = shard(out, source)
    assert len(failed) == 1
    assert [each["position"] for each in rows] == [position for position, _ in done]
    for each, (_, body) in zip(rows, done, strict=True):
        record = decode(body)
        text = record.page.text
        assert each["url"] == record.page.url == url(each["position"])
        assert (each["site"], each["language"]) == ("bell.example", "en")
        assert each["title"] == record.page.metadata.title.value
        assert each["n_attributions"] == len(record.attributions)
        assert each["n_claims_checkable"] == sum(one.checkable for one in record.claims)
        assert each["speakers"] == [one.name for one in record.speakers]
        first = [one.span.of(text) for one in record.claims if one.rank == 1]
        assert [each["first_claim"]] == first
        for voice in Voice:
            said = [one for one in record.sentence_voices if one.voice is voice]
            n_words = sum(len(one.sentence.of(text).split()) for one in said)
            assert each[f"n_words_{voice.value}"] == n_words
        assert each["n_words"] == sum(each[f"n_words_{voice.value}"] for voice in Voice)
        assert json.loads(each["record"]) == json.loads(body)


def test_a_file_that_cannot_be_written_leaves_none(tmp_path, pyarrow):
    source = tmp_path / "x.jsonl"
    source.write_bytes(b"")
    (tmp_path / "x.parquet").mkdir()
    with pytest.raises(StoreError, match="cannot write"):
        write_parquet(source)
    assert {path.name for path in tmp_path.iterdir()} == {"x.jsonl", "x.parquet"}


def test_without_pyarrow_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(SettingsError, match=r"pip install .onrecord\[parquet\]"):
        needs_pyarrow()
    (tmp_path / "pyarrow.py").write_text("raise ImportError('not here')")
    source = tmp_path / "a.jsonl"
    source.write_text(text_rows(1))
    command = [sys.executable, "-m", "onrecord", "bulk", str(source), "--out", str(tmp_path / "o")]
    done = subprocess.run(
        [*command, "--parquet"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, "onrecord[parquet]" in done.stderr) == (2, True)
    assert not (tmp_path / "o").exists()
