"""The sample that a person judges: drawn at random, the same at every reading, kept when redrawn."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from typer.testing import CliRunner

from onrecord.archive_figures import FIGURES
from onrecord.archive_report import gathered
from onrecord.archive_sample import (
    Finding,
    Judgement,
    Judgements,
    Sampler,
    judged,
    status,
    write_sample,
)
from onrecord.cli import app
from onrecord.errors import InputError
from onrecord.terms import HeadlineFinding
from tests.archives import OWN, SAID, TITLE, record, write

A, B = "archive-1111111111111111", "archive-2222222222222222"
DROPS = next(one for one in FIGURES if one.key == "drops_attribution")
CLAIMS = next(one for one in FIGURES if one.key == "claims")


def finding(n, kind="claims", words="The bridge opened in 1961."):
    url = f"https://zeal.example/{n}"
    return Finding(kind, "The Zeal", url, f"Title {n}", "2026-03-04", words, "", "around")


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def answer(path, said, *, sign=","):
    rows = rows_of(path)
    for at, row in enumerate(rows):
        row["right"] = said(at)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], delimiter=sign)
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("n_right", "n_judged", "n_found", "is_enough"),
    [
        (20, 20, 400, True),
        (19, 20, 400, True),
        (18, 20, 400, False),
        (19, 19, 400, False),  # too few
        (48, 50, 400, True),
        (47, 50, 400, False),
        (3, 3, 3, True),  # every one there is
        (2, 2, 3, False),
        (2, 3, 3, False),
        (0, 0, 0, False),
    ],
)
def test_a_kind_is_told_from_95_of_100_right(n_right, n_judged, n_found, is_enough):
    assert Judgement(n_right, n_judged).is_enough(n_found) is is_enough


def test_a_finding_needs_judgement_and_a_count_is_told_as_unchecked():
    none = Judgements()
    assert not status(DROPS, none, n_found=9).is_told
    assert status(DROPS, none, n_found=0).reason == "none found"
    assert status(CLAIMS, none, n_found=9).reason == "not checked by hand on this archive"
    few = Judgements({"claims": Judgement(3, 9)})
    assert status(CLAIMS, few, n_found=900).is_told  # too few to say anything
    assert "3 of 9 judged" in status(CLAIMS, few, n_found=900).reason


def test_the_draw_is_the_same_whatever_the_order_and_takes_no_more_than_asked():
    every = [finding(n) for n in range(300)]
    drawn = []
    for order in (every, every[::-1]):
        sampler = Sampler(size=20)
        for one in order:
            sampler.offer(one, "ab")
        drawn.append(sampler.drawn())
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 20
    assert len({one.id for one in drawn[0]}) == 20
    again = Sampler(size=20, seed=2)
    for one in every:
        again.offer(one, "ab")
    assert again.drawn() != drawn[0]


def test_the_draw_takes_each_finding_as_often():
    counts = Counter()
    for seed in range(400):
        sampler = Sampler(size=5, seed=seed)
        for n in range(10):
            sampler.offer(finding(n), "ab")
        counts.update(one.url for one in sampler.drawn())
    assert set(counts.values()) <= set(range(160, 241))  # 200 expected, four deviations are 40


def test_an_archive_gives_words_page_and_context_of_every_kind(tmp_path):
    drops = HeadlineFinding.DROPS_ATTRIBUTION
    rows = [
        record(url=f"https://zeal.example/{n}", body=f"{OWN} {SAID} {n}", finding=drops)
        for n in range(3)
    ]
    write(tmp_path, [*rows, record(url="https://zeal.example/x", labels=1)])
    sampler = Sampler()
    with gathered(tmp_path, sampler=sampler):
        drawn = sampler.drawn()
    by_kind = {one.kind: one for one in drawn}
    assert set(by_kind) == {
        "claims", "drops_attribution", "label-fails-B9", "labels", "own-voice",
        "rests-on-one_origin", "speakers-person",
    }  # fmt: skip
    assert by_kind["claims"].words == OWN
    assert SAID in by_kind["claims"].context
    assert by_kind["drops_attribution"].words == TITLE
    assert SAID in by_kind["drops_attribution"].context
    assert by_kind["label-fails-B9"].note == "no date stands beside the label"
    assert by_kind["speakers-person"].url.startswith("https://zeal.example/")
    findings = [one.key for one in FIGURES if one.is_finding]
    is_finding = [one.kind in findings for one in drawn]
    assert is_finding == sorted(is_finding, reverse=True)  # what must be judged comes first


def test_judgements_come_back_by_kind(tmp_path):
    path = tmp_path / "sample.csv"
    write_sample(path, [finding(n) for n in range(4)], archive=A)
    answer(path, lambda at: ["yes", " No ", "perhaps", ""][at])
    found = judged(path, A)
    assert found.of_kind == {"claims": Judgement(1, 2)}
    assert (found.n_unclear, found.n_others) == (1, 0)
    assert judged(tmp_path / "nowhere.csv", A) == Judgements()


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_spreadsheets_own_sign_between_cells_is_read(tmp_path, sign):
    path = tmp_path / "sample.csv"
    write_sample(path, [finding(n) for n in range(4)], archive=A)
    answer(path, lambda _: "Yes", sign=sign)
    assert judged(path, A).of_kind == {"claims": Judgement(4, 4)}


def test_one_finding_counts_once_however_often_its_row_stands_there(tmp_path):
    path = tmp_path / "sample.csv"
    write_sample(path, [finding(0)], archive=A)
    answer(path, lambda _: "yes")
    lines = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join([lines[0], *lines[1:] * 30]) + "\n", encoding="utf-8")
    assert judged(path, A).of_kind == {"claims": Judgement(1, 1)}


def test_judgements_of_another_archive_are_refused_by_name(tmp_path):
    path = tmp_path / "sample.csv"
    write_sample(path, [finding(n) for n in range(4)], archive=A)
    answer(path, lambda _: "yes")
    found = judged(path, B)
    assert not found.of_kind
    assert (found.others, found.n_others) == ((A,), 4)


def test_drawing_again_keeps_what_was_judged(tmp_path):
    path = tmp_path / "sample.csv"
    write_sample(path, [finding(n) for n in range(4)], archive=A)
    answer(path, lambda at: "yes" if at < 3 else "")
    kept = write_sample(path, [finding(n) for n in (3, 2, 9)], archive=A)
    assert kept == (3, "")
    assert [row["right"] for row in rows_of(path)] == ["", "yes", "", "yes", "yes"]
    assert judged(path, A).of_kind == {"claims": Judgement(3, 3)}


def test_drawing_from_another_archive_moves_the_old_sample_aside(tmp_path):
    path = tmp_path / "sample.csv"
    names = []
    for archive in (A, B, A, B):
        write_sample(path, [finding(1)], archive=archive)
        answer(path, lambda _: "yes")
    names = sorted(one.name for one in tmp_path.iterdir())
    assert names == [
        "sample-1111111111111111-2.csv", "sample-1111111111111111.csv",
        "sample-2222222222222222.csv", "sample.csv",
    ]  # fmt: skip
    assert judged(tmp_path / "sample-1111111111111111.csv", A).of_kind["claims"].n_right == 1


@pytest.mark.parametrize(
    "words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "|cmd", "\r\n=2", "\x00=3"]
)
def test_no_cell_of_a_sample_is_a_formula(tmp_path, words):
    path = tmp_path / "sample.csv"
    write_sample(path, [finding(1, words=words)], archive=A)
    cell = rows_of(path)[0]["words"]
    assert cell.startswith("'") or not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "|"))


@pytest.mark.parametrize("body", [b"a,b\n1,2\n", b"\xff\xfe\x00", b"kind,right\n"])
def test_a_file_that_is_no_sample_is_named(tmp_path, body):
    path = tmp_path / "sample.csv"
    path.write_bytes(body)
    with pytest.raises(InputError, match=r"sample\.csv"):
        judged(path, A)
    with pytest.raises(InputError):
        write_sample(path, [], archive=A)
    assert path.read_bytes() == body


def test_the_report_tells_a_kind_once_its_sample_was_judged(tmp_path):
    drops = HeadlineFinding.DROPS_ATTRIBUTION
    rows = [
        record(url=f"https://zeal.example/{n}", body=f"{OWN} {n}", finding=drops) for n in range(25)
    ]
    write(tmp_path, rows)
    run = CliRunner().invoke
    assert "Titles that state as fact" in run(app, ["report", str(tmp_path)]).stdout
    assert 'id="drops_attribution-1"' not in run(app, ["report", str(tmp_path)]).stdout
    assert run(app, ["report", str(tmp_path), "--sample"]).exit_code == 0
    answer(tmp_path / "sample.csv", lambda _: "yes")
    assert 'id="drops_attribution-1"' in run(app, ["report", str(tmp_path)]).stdout
    # The archive grows: its judgements are of another one now.
    write(tmp_path, [record(url="https://zeal.example/new")], name="new-33333333")
    done = run(app, ["report", str(tmp_path)])
    assert 'id="drops_attribution-1"' not in done.stdout
    assert "judgements were not used: they are of another archive" in done.stdout
    assert "draw again with --sample" in done.stderr
