"""A report over a bulk run: the same twice, nothing ranked, findings only once judged."""

from __future__ import annotations

import csv
import json

import html5lib
import pytest

from onrecord.archive_report import (
    Judgement,
    as_json,
    gathered,
    judged,
    sample,
    share,
    write_sample,
)
from onrecord.bulk import Rules, run_input, with_stages
from onrecord.errors import MissingFileError
from onrecord.settings import Settings
from onrecord.show.archive_report import archive_report

FAST = with_stages(
    Settings(),
    {"attribute": "rules", "claims": "signs", "evidence": "", "quantities": "", "verdict": ""},
)
HTML = """<html><head><meta property="og:site_name" content="{site}"><title>{title} - {site}</title></head>
<body><article><h1>{title}</h1><time datetime="2026-0{month}-04T08:00:00Z">4</time><p>{body}</p></article></body></html>"""
CLAIMED = "Tomas Brill, a former inspector, claims that engineers found cracks in the bridge in 2024. The council has not answered his letter, and no report of that year is known."
PLAIN = "The bridge opened in 1961, the mayor said. It carries 14,000 cars a day, according to the county. The council meets on Monday to speak about the ferry and its price."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("bulk")
    source = place / "archive.jsonl"
    rows = []
    for n in range(6):
        site = "The Zeal" if n % 2 else "An <Outlet>"
        bad = n < 3
        html = HTML.format(site=site.replace("<", "&lt;"), month=1 + n % 2, body=CLAIMED if bad else PLAIN,
                           title="Engineers found cracks in the bridge" if bad else f"Bridge carries 14,000 cars, county says {n}")  # fmt: skip
        rows.append(json.dumps({"url": f"https://bell.example/{n}", "html": html}))
    rows.append("{")
    source.write_text("\n".join(rows) + "\n", encoding="utf-8")
    run_input(source, place / "out", settings=FAST, rules=Rules(workers=1))
    return place / "out"


def test_counts_stand_by_outlet_in_alphabetical_order(folder):
    archive = gathered(folder)
    assert (archive.n_records, archive.n_failures) == (6, 1)
    assert [one.name for one in archive.in_order()] == ["An <Outlet>", "The Zeal"]
    assert [one.n_pages for one in archive.in_order()] == [3, 3]
    assert sum(one.words["attributed"] for one in archive.in_order()) > 0


def test_the_same_archive_gives_the_same_report(folder):
    assert archive_report(gathered(folder), {}) == archive_report(gathered(folder), {})
    assert sample(gathered(folder)) == sample(gathered(folder))


def test_no_finding_is_told_before_it_was_judged(folder):
    page = archive_report(gathered(folder), {})
    assert page.count("Not told") == 4
    assert "https://bell.example/0" not in page
    for poor in (Judgement(19, 19), Judgement(18, 20)):
        assert "Not told" in archive_report(gathered(folder), {"drops_attribution": poor})


def test_a_judged_finding_is_told_with_its_pages(folder):
    archive = gathered(folder)
    assert [one.kind for one in archive.findings].count("drops_attribution") >= 2
    page = archive_report(archive, {"drops_attribution": Judgement(49, 50)})
    assert page.count("Not told") == 3
    assert "49 of 50 judged by hand were right" in page
    assert "https://bell.example/0" in page
    assert "drops_attribution" in as_json(archive, {"drops_attribution": Judgement(49, 50)})
    assert "drops_attribution" not in as_json(archive, {})


def test_a_sample_goes_out_and_its_judgements_come_back(folder, tmp_path):
    path = tmp_path / "sample.csv"
    write_sample(path, sample(gathered(folder)))
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for n, row in enumerate(rows):
        row["right"] = "yes" if n else "perhaps"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert sum(one.n_judged for one in judged(path).values()) == len(rows) - 1
    assert judged(tmp_path / "nowhere.csv") == {}


def test_names_of_outlets_stay_text(folder):
    page = archive_report(gathered(folder), {})
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert not [element for element in tree.iter() if element.tag == "outlet"]
    assert "An &lt;Outlet&gt;" in page


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="onrecord bulk"):
        gathered(tmp_path)


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.28), (10, 10, 0.72, 1), (5, 10, 0.24, 0.76)],
)
def test_wilson_intervals(n, of, low, high):
    found = share(n, of)
    assert found.low == pytest.approx(low, abs=0.01)
    assert found.high == pytest.approx(high, abs=0.01)
