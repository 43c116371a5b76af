"""A report over an archive: counted by hand, the same twice, nothing ranked, findings once judged."""

from __future__ import annotations

import csv
import io
import json
import re

import html5lib
import pytest
from typer.testing import CliRunner

from onrecord.archive_export import write_csv, write_json
from onrecord.archive_numbers import Sums
from onrecord.archive_report import gathered, periods
from onrecord.archive_sample import Judgement, Judgements
from onrecord.cli import app
from onrecord.errors import MissingFileError
from onrecord.show.archive_files import write_report
from onrecord.show.archive_report import archive_report, report_lists
from onrecord.terms import HeadlineFinding, OriginKind, SpeakerKind
from tests.archives import OWN, TITLE, record, write

DROPS = HeadlineFinding.DROPS_ATTRIBUTION
ALL_RIGHT = Judgements(
    {
        kind: Judgement(50, 50)
        for kind in (DROPS.value, "label-fails-B9", "same-article", "rests-on-one_origin")
    }
)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Zeal \u202egnaL \u2066x",
    "O" * 10_000,
    "</style></details>",
    "=HYPERLINK(1)",
    "\x1b[31mred",
    "all",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three outlets: Ämter Bote with 3 pages, Signal with 1, The Zeal with 2; 1 duplicate."""
    place = tmp_path_factory.mktemp("archive")
    bote = {"site": "Ämter Bote"}
    zeal = record(url="https://zeal.example/1", labels=2)
    rows = [
        record(**bote, url="https://bote.example/1", month="2026-01", finding=DROPS),
        record(**bote, url="https://bote.example/2", month="2026-01", kinds=()),
        record(**bote, url="https://bote.example/3", month=""),
        record(site="Signal", url="https://signal.example/a", language="de"),
        zeal,
    ]
    more = [
        record(
            url="https://zeal.example/2",
            finding=DROPS,
            kinds=(SpeakerKind.PERSON, SpeakerKind.ANONYMOUS),
            rests_on=OriginKind.NONE_FOUND,
        ),
        zeal,
        b'{"onrecord": 1, "record": {"page": 7}}',
        b'{"onrecord": 2, "record": {}}',
    ]
    write(place, rows, failures=["EmptyPageError: 12 characters", "EmptyPageError: 7 characters"])
    return write(place, more, name="more-11111111", failures=["WarcError: cut 'a.warc'"])


NOT_JUDGED = Judgements()


def page_of(archive, judgements=NOT_JUDGED, **given):
    lists = report_lists(archive, judgements, folder="")
    return "".join(archive_report(lists, judgements, **given))


def test_what_was_read_is_counted_and_named(folder):
    with gathered(folder) as archive:
        methods = archive.methods
        assert (methods.n_records, methods.n_duplicates, methods.n_pages) == (7, 1, 6)
        assert methods.failures == {"EmptyPageError: … characters": 2, "WarcError: cut …": 1}
        assert methods.unreadable == {"no record (TypeError)": 1, "a record of version 2": 1}
        assert methods.languages == {"en": 5, "de": 1}
        assert methods.steps == {("claims", "1", ""): 5, ("voice", "1", "ab" * 32): 5}
        assert methods.problems[("claims", "LanguageError: the page is in …; this reads en")] == 1
        assert methods.published == ("2026-01-04", "2026-03-04")


def test_outlets_stand_in_alphabetical_order_whatever_their_accents(folder):
    with gathered(folder) as archive:
        assert [one.name for one in archive.outlets] == ["Ämter Bote", "Signal", "The Zeal"]
        assert [one.n_pages for one in archive.outlets] == [3, 1, 2]


@pytest.mark.parametrize(
    ("figure", "bote", "zeal"),
    [
        # n of `of` on pages, with at least one
        ("pages", (3, 3, 3, 3), (2, 2, 2, 2)),
        ("claims", (3, 3, 3, 3), (2, 2, 2, 2)),
        ("speakers", (2, 3, 3, 2), (3, 2, 2, 2)),
        ("speakers-person", (2, 2, 2, 2), (2, 3, 2, 2)),
        ("speakers-anonymous", (0, 2, 2, 0), (1, 3, 2, 1)),
        ("own-voice", (15, 45, 3, 3), (10, 30, 2, 2)),
        ("carried-publisher", (27, 45, 3, 3), (18, 30, 2, 2)),
        ("carried-person", (12, 45, 3, 2), (12, 30, 2, 2)),
        # A speaker that the record does not describe counts as vague.
        ("carried-vague", (6, 45, 3, 1), (0, 30, 2, 0)),
        ("rests-on-one_origin", (3, 3, 3, 3), (1, 2, 2, 1)),
        ("rests-on-none_found", (0, 3, 3, 0), (1, 2, 2, 1)),
        ("drops_attribution", (1, 3, 3, 1), (1, 2, 2, 1)),
        ("labels", (0, 3, 3, 0), (1, 2, 2, 1)),
        ("label-count", (0, 3, 3, 0), (2, 2, 2, 1)),
        ("label-fails-B9", (0, 0, 0, 0), (2, 2, 1, 1)),
        ("label-fails-B8", (0, 0, 0, 0), (0, 2, 1, 0)),
    ],
)
def test_figures_are_those_that_a_person_counts(folder, figure, bote, zeal):
    with gathered(folder) as archive:
        by_outlet = archive.by_outlet(figure)
        for at, wanted in ((0, bote), (2, zeal)):
            sums = sum(by_outlet.get(archive.outlets[at].id, {}).values(), Sums())
            assert (sums.n, sums.of, sums.n_pages, sums.n_with) == wanted


def test_pages_in_other_languages_are_in_no_denominator(folder):
    with gathered(folder) as archive:
        signal = archive.outlets[1].id
        assert signal not in archive.by_outlet("claims")
        assert signal in archive.by_outlet("labels")


def test_months_are_those_of_publication_and_what_has_none_stands_apart(folder):
    with gathered(folder) as archive:
        assert archive.months == {"2026-01": 2, "2026-03": 3, "not stated": 1}
        bote = archive.by_outlet("claims")[archive.outlets[0].id]
        assert {month: sums.n for month, sums in bote.items()} == {"2026-01": 2, "not stated": 1}


@pytest.mark.parametrize(
    ("months", "columns"),
    [
        ({}, []),
        ({"not stated": 4}, ["not stated"]),
        # 30 months, most pages in the newest: the older ones stand together.
        (
            {f"2020-{m:02}": 1 for m in range(1, 7)}
            | {f"{y}-{m:02}": 9 for y in (2024, 2025) for m in range(1, 13)},
            ["before 2024-01", "2024-01"],
        ),
        # Spread over three years: years stand for months.
        ({f"{y}-{m:02}": 5 for y in (2023, 2024, 2025) for m in range(1, 13)}, ["2023", "2024", "2025"]),
    ],
)  # fmt: skip
def test_columns_stay_few_however_many_months_there_are(months, columns):
    made = periods(months)
    assert list(made)[: len(columns)] == columns
    assert sorted(month for of in made.values() for month in of) == sorted(months)
    assert len(made) <= 26


def test_the_same_archive_gives_the_same_bytes(folder, tmp_path):
    made = []
    for name in ("a", "b"):
        place = tmp_path / name
        place.mkdir()
        with gathered(folder) as archive:
            write_report(place / "r.html", archive, ALL_RIGHT)
            write_csv(place / "csv", archive, ALL_RIGHT)
            with (place / "r.json").open("w") as stream:
                write_json(stream, archive, ALL_RIGHT)
        made.append({p.relative_to(place): p.read_bytes() for p in place.rglob("*") if p.is_file()})
    assert made[0] == made[1]
    assert len(made[0]) > 10


def test_the_digest_names_the_records_and_not_their_shards(folder, tmp_path):
    one = [record(url=f"https://zeal.example/{n}", body=f"{OWN} {n}") for n in range(3)]
    write(tmp_path / "a", one)
    write(tmp_path / "b", one[1:])
    write(tmp_path / "b", one[:1], name="zz-22222222")
    write(tmp_path / "c", one[:2])
    digests = []
    for name in "abc":
        with gathered(tmp_path / name) as archive:
            digests.append(archive.methods.digest)
    assert digests[0] == digests[1] != digests[2]


def test_no_finding_is_told_before_it_was_judged(folder):
    with gathered(folder) as archive:
        page = page_of(archive)
        assert "nobody has judged a sample of it" in page.casefold()
        assert 'id="drops_attribution-1"' not in page
        stream = io.StringIO()
        write_json(stream, archive, Judgements())
    given = json.loads(stream.getvalue())
    figure = next(one for one in given["figures"] if one["figure"] == DROPS.value)
    assert not figure["told"]
    assert "all" not in figure
    assert not any(DROPS.value in one["figures"] for one in given["pages"])
    assert given["copies"] == []


def test_a_judged_finding_is_told_with_all_its_pages_and_words(folder):
    with gathered(folder) as archive:
        page = page_of(archive, ALL_RIGHT)
    assert "50 of 50 judged by hand were right (95% interval 93 to 100%)" in page
    listed = page[page.index('id="drops_attribution-1-0"') :].split("</details>")[0]
    assert 'href="https://bote.example/1"' in listed
    assert f'<q dir="auto">{TITLE}</q>' in listed


def test_a_count_that_was_judged_and_is_poor_is_withheld(folder):
    poor = Judgements({"own-voice": Judgement(18, 20)})
    with gathered(folder) as archive:
        statuses = archive.statuses(poor)
        assert not statuses["own-voice"].is_told
        assert not statuses["carried-publisher"].is_told
        assert statuses["claims"].is_told
        assert 'class="withheld">Withheld: 18 of 20 judged' in page_of(archive, poor)


def test_every_link_of_the_page_leads_to_a_place_in_it_or_to_the_web(folder):
    with gathered(folder) as archive:
        tree = html5lib.parse(page_of(archive, ALL_RIGHT), namespaceHTMLElements=False)
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    links = list(tree.iter("a"))
    assert len(links) > 60
    for link in links:
        href = link.get("href")
        if href.startswith("#"):
            assert href[1:] in ids
        else:
            assert href.startswith("https://")
            assert "noreferrer" in link.get("rel")


def test_long_lists_are_pages_beside_the_report_with_every_page(tmp_path):
    rows = [
        record(url=f"https://zeal.example/{n}", body=f"{OWN} Number {n} of many.")
        for n in range(620)
    ]
    write(tmp_path / "in", rows)
    with gathered(tmp_path / "in") as archive:
        n_files = write_report(tmp_path / "out.html", archive, Judgements())
    page = (tmp_path / "out.html").read_text()
    beside = {path.name: path.read_text() for path in (tmp_path / "out-pages").iterdir()}
    assert len(beside) == n_files
    assert {"claims-1.html", "claims-1-part2.html", "claims-all.html"} <= set(beside)
    both = beside["claims-1.html"] + beside["claims-1-part2.html"]
    assert all(f'href="https://zeal.example/{n}"' in both for n in range(620))
    for href in set(re.findall(r'href="(out-pages/[^"]+)"', page)):
        file, _, anchor = href.removeprefix("out-pages/").partition("#")
        assert file in beside
        assert not anchor or f'id="{anchor}"' in beside[file]


def test_lists_of_what_is_withheld_now_do_not_stay_beside_the_report(tmp_path):
    rows = [
        record(url=f"https://zeal.example/{n}", body=f"{OWN} {n}.", finding=DROPS)
        for n in range(420)
    ]
    write(tmp_path / "in", rows)
    own = tmp_path / "out-pages" / "notes.html"
    with gathered(tmp_path / "in") as archive:
        write_report(tmp_path / "out.html", archive, ALL_RIGHT)
        own.write_text("mine")
        assert (tmp_path / "out-pages" / "drops_attribution-1.html").exists()
        write_report(tmp_path / "out.html", archive, Judgements())
        assert not (tmp_path / "out-pages" / "drops_attribution-1.html").exists()
    assert own.read_text() == "mine"


def test_hostile_names_titles_and_addresses_stay_text(tmp_path):
    addresses = [
        "javascript:alert(1)",
        'https://x.example/"onmouseover=alert(1)',
        "http://[",
        "x" * 9_999,
    ]
    rows = [
        record(site=name, title=name[:9_000], url=f"https://h{at}.example/", body=f"{OWN} {name}")
        for at, name in enumerate(HOSTILE)
    ]
    rows += [record(site="Zeal", url=url, body=f"{OWN} {at}") for at, url in enumerate(addresses)]
    write(tmp_path, rows)
    with gathered(tmp_path) as archive:
        page = page_of(archive, ALL_RIGHT, title="<b>\u202eTitle")
        write_csv(tmp_path / "csv", archive, ALL_RIGHT)
        stream = io.StringIO()
        write_json(stream, archive, ALL_RIGHT)
    assert json.loads(stream.getvalue())["methods"]["pages"] == len(rows)
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert not [one.tag for one in tree.iter() if one.tag in {"script", "img", "iframe"}]
    assert not [one for one in tree.iter() for name in one.attrib if name.startswith("on")]
    assert not [one for one in tree.iter("a") if "javascript" in one.get("href")]
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert max(len(one) for one in page.split('"')) < 120_000
    for path in (tmp_path / "csv").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_tables_of_what_is_withheld_now_are_taken_away(folder, tmp_path):
    with gathered(folder) as archive:
        assert "drops_attribution.csv" in write_csv(tmp_path, archive, ALL_RIGHT)
        assert "drops_attribution.csv" not in write_csv(tmp_path, archive, NOT_JUDGED)
    assert not (tmp_path / "drops_attribution.csv").exists()
    with (tmp_path / "withheld.csv").open() as stream:
        withheld = {row["figure"]: row["reason"] for row in csv.DictReader(stream)}
    assert withheld["drops_attribution"].startswith("nobody has judged")
    assert withheld["overstates"] == "none found"


def test_the_export_has_every_number_of_the_page(folder):
    stream = io.StringIO()
    with gathered(folder) as archive:
        write_json(stream, archive, ALL_RIGHT)
    given = json.loads(stream.getvalue())
    figures = {one["figure"]: one for one in given["figures"]}
    assert set(figures["drops_attribution"]["all"]["months"]) == {
        "2026-01",
        "2026-03",
        "not stated",
    }
    bote = figures["own-voice"]["outlets"][0]
    assert (bote["outlet"], bote["n"], bote["of"], bote["value"]) == ("Ämter Bote", 15, 45, 0.3333)
    first = given["pages"][0]["figures"]["drops_attribution"]
    assert first == {"n": 1, "of": 1, "words": [{"words": TITLE}]}
    assert given["methods"]["duplicates"] == 1
    assert given["methods"]["judged"]["drops_attribution"] == {"right": 50, "judged": 50}


def test_one_name_at_two_hosts_is_two_outlets(tmp_path):
    rows = [
        record(url="https://zeal.example/1"),
        record(url="https://www.zeal.example/2"),
        record(url="https://copycat.example/1"),
        record(site="", url="https://m.plain.example/1"),
        record(site="", url=None),
    ]
    write(tmp_path, rows)
    with gathered(tmp_path) as archive:
        names = [one.name for one in archive.outlets]
    assert names == [
        "plain.example",
        "The Zeal (copycat.example)",
        "The Zeal (zeal.example)",
        "no outlet stated",
    ]


def test_many_small_outlets_share_one_row_and_are_named(tmp_path):
    rows = [record(site=f"Paper {n}", url=f"https://p{n}.example/1") for n in range(50)]
    rows += [record(url=f"https://zeal.example/{n}", body=f"{OWN} {n}") for n in range(5)]
    write(tmp_path, rows)
    with gathered(tmp_path) as archive:
        page = page_of(archive)
    assert "50 outlets with fewer than 5 pages each" in page
    assert '<li dir="auto">Paper 49</li>' in page
    assert page.count('<th scope="row" dir="auto">Paper 7</th>') == 0


@pytest.mark.parametrize("rows", [[], [record()], [record(language="de"), record(language="fr")]])
def test_small_and_foreign_archives_make_a_page_too(tmp_path, rows):
    write(tmp_path, rows)
    with gathered(tmp_path) as archive:
        page = page_of(archive, ALL_RIGHT)
        write_csv(tmp_path / "csv", archive, ALL_RIGHT)
        stream = io.StringIO()
        write_json(stream, archive, ALL_RIGHT)
    html5lib.HTMLParser(strict=True).parse(page)
    assert f"{len(rows)} page{'' if len(rows) == 1 else 's'} of" in page
    assert json.loads(stream.getvalue())["methods"]["pages"] == len(rows)


def test_broken_shards_cost_only_their_lines(tmp_path):
    good = record()
    bad = [
        b"{",
        b'{"onrecord": 1}',
        b'{"onrecord": 1, "record": null}',
        b'{"onrecord": 1, "record": {"page": {"text": "a"}}}',
        b"[" * 100_000,
        b'{"a": "\\ud800", "onrecord": 1, "record": {}}',
    ]
    write(tmp_path, [good, *bad])
    with (tmp_path / "news-0a1b2c3d.jsonl").open("ab") as stream:
        stream.write(b'{"position": 99, "onre')  # cut short by a kill
    (tmp_path / "x.failures.jsonl").write_bytes(b"\xff\n{}\n")
    with gathered(tmp_path) as archive:
        assert archive.methods.n_pages == 1
        assert sum(archive.methods.unreadable.values()) == len(bad)
        assert sum(archive.methods.failures.values()) == 2


def test_a_folder_without_shards_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="onrecord bulk"), gathered(tmp_path):
        pass


def test_the_command_writes_page_sample_json_and_tables(folder, tmp_path):
    place = tmp_path / "archive"
    place.mkdir()
    for path in folder.iterdir():
        (place / path.name).write_bytes(path.read_bytes())
    run = CliRunner().invoke
    assert "<title>Bridges</title>" in run(app, ["report", str(place), "--title", "Bridges"]).stdout
    assert json.loads(run(app, ["report", str(place), "--json"]).stdout)["onrecord_report"] == 1
    done = run(app, ["report", str(place), "--csv", str(tmp_path / "csv")])
    assert done.exit_code == 3  # two lines of the shards hold no record
    assert "a record of version 2: 1" in done.stderr
    assert not done.stdout
    with (tmp_path / "csv" / "claims.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0] | {"low": "", "high": ""} == {
        "outlet": "all", "month": "all", "n": "5", "of": "5", "pages": "5", "pages_with": "5",
        "value": "1.0", "low": "", "high": "",
    }  # fmt: skip
    assert run(app, ["report", str(place), "--sample"]).exit_code == 0
    assert (place / "sample.csv").is_file()
