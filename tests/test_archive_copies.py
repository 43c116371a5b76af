"""Copies between the outlets of an archive: equal words, both sides counted, direction only if known."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from onrecord import archive_copies
from onrecord.archive_pages import packed, unpacked
from onrecord.archive_report import gathered
from onrecord.archive_sample import Judgement, Judgements, Sampler
from onrecord.reuse.lineage import credit_in
from onrecord.show.archive_report import archive_report, report_lists
from onrecord.span import Span
from tests.archives import OWN, record, write

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrst"]


def prose(seed, n=120):
    draw = random.Random(seed)
    return " ".join(draw.choice(WORDS) for _ in range(n)) + "."


def page(outlet, n, body, **given):
    return record(site=outlet, url=f"https://{outlet.lower()}.example/{n}", body=body, **given)


def pairs_of(folder, rows, kind="same-article"):
    write(folder, rows)
    with gathered(folder) as archive:
        names = {one.id: one.name for one in archive.outlets}
        return [
            (names[first], names[second], counts)
            for first, second, counts in archive.spool.outlet_pairs(kind)
        ]


def test_pairs_of_outlets_are_counted_with_the_pages_of_each(tmp_path):
    story = prose(1)
    rows = [
        page("Bell", 1, story),
        page("Bell", 2, prose(2)),
        page("Ark", 1, f"{story} {prose(3, 20)}"),
        page("Ark", 2, story),
        page("Cove", 1, prose(4)),
    ]
    # Alphabetical: Ark before Bell; pages of one outlet are not compared with each other.
    assert pairs_of(tmp_path, rows) == [
        ("Ark", "Bell", {"pairs": 2, "first_pages": 2, "second_pages": 1, "first": 0, "second": 0})
    ]


@pytest.mark.parametrize(
    ("ark", "bell", "first", "second"),
    [
        ({"retrieved": "2026-03-01T09:00:00Z"}, {"published": "2026-03-05"}, 1, 0),
        ({"published": "2026-03-05"}, {"retrieved": "2026-03-01T09:00:00Z"}, 0, 1),
        # What pages state of themselves decides nothing, nor does a page without a date.
        ({"published": "2026-03-01"}, {"published": "2026-03-05"}, 0, 0),
        ({"month": ""}, {"month": ""}, 0, 0),
        ({"retrieved": "2026-03-05T06:00:00Z"}, {"published": "2026-03-05T20:00:00Z"}, 0, 0),
        ({"retrieved": "2026-03-05T06:00:00Z"}, {"published": "2026-03"}, 0, 0),
        # Captured before the other was published.
        ({"month": "", "retrieved": "2026-03-01T00:00:00Z"}, {"published": "2026-03-05"}, 1, 0),
    ],
)
def test_the_direction_comes_from_dates(tmp_path, ark, bell, first, second):
    rows = [page("Bell", 1, prose(1), **bell), page("Ark", 1, prose(1), **ark)]
    ((_, _, counts),) = pairs_of(tmp_path, rows)
    assert (counts["first"], counts["second"]) == (first, second)


@pytest.mark.parametrize(
    ("credited", "first", "second"),
    [
        ({"Bell": "Ark"}, 1, 0),
        ({"Ark": "Bell"}, 0, 1),
        ({"Ark": "Bell", "Bell": "Ark"}, 0, 0),  # each credits the other
        ({"Bell": "Cove"}, 0, 0),  # a third one
    ],
)
def test_the_direction_comes_from_explicit_credit(tmp_path, credited, first, second):
    rows = []
    for outlet in ("Ark", "Bell"):
        body = prose(1)
        if outlet in credited:
            body = f"This story was first published in {credited[outlet]}.\n{body}"
        rows.append(page(outlet, 1, body, month=""))
    ((_, _, counts),) = pairs_of(tmp_path, rows)
    assert (counts["first"], counts["second"]) == (first, second)


def test_credit_that_a_date_contradicts_decides_nothing(tmp_path):
    body = f"This story was first published in Bell.\n{prose(1)}"
    rows = [
        page("Ark", 1, body, published="2026-03-01"),
        page("Bell", 1, prose(1), published="2026-03-09"),
    ]
    ((_, _, counts),) = pairs_of(tmp_path, rows)
    assert (counts["first"], counts["second"]) == (0, 0)


def test_a_passage_is_told_apart_from_an_article(tmp_path):
    shared = prose(1, 60)
    rows = [
        page("Ark", 1, f"{prose(2, 200)} {shared} {prose(3, 200)}"),
        page("Bell", 1, f"{shared} {prose(4, 300)}"),
    ]
    assert len(pairs_of(tmp_path, rows, "shared-passage")) == 1
    assert not pairs_of(tmp_path, rows)


def test_pages_of_one_template_are_not_the_same_article(tmp_path):
    pieces = [prose(f"piece {n}", 12) for n in range(20)]
    rows = []
    for outlet in ("Ark", "Bell"):
        order = random.Random(outlet).sample(pieces, 20)
        rows.append(page(outlet, 1, " ".join(f"{one} {prose((outlet + one), 3)}" for one in order)))
    assert not pairs_of(tmp_path, rows)


def test_what_an_outlet_repeats_on_its_own_pages_is_furniture(tmp_path):
    legal = prose(9, 60)
    rows = [
        page(outlet, n, f"{prose((outlet, n).__repr__(), 300)} {legal}")
        for outlet in ("Ark", "Bell")
        for n in range(8)
    ]
    assert not pairs_of(tmp_path, rows, "shared-passage")


@pytest.mark.parametrize(
    "rows",
    [
        [
            page("Ark", 1, "A notice of a few words, too short."),
            page("Bell", 1, "A notice of a few words, too short."),
        ],
        [record(site="", url=None, body=prose(1)), page("Bell", 1, prose(1))],
        [page("Ark", 1, prose(1)), page("Ark", 2, prose(1))],
    ],
    ids=["short texts", "no outlet known", "one outlet"],
)
def test_nothing_is_compared_where_it_would_say_nothing(tmp_path, rows):
    assert not pairs_of(tmp_path, rows)


def test_equal_bytes_at_two_outlets_are_two_pages_and_a_copy(tmp_path):
    one = page("Ark", 1, prose(1))
    write(tmp_path, [one, one])
    write(tmp_path, [page("Bell", 1, prose(1))], name="b-44444444")
    with gathered(tmp_path) as archive:
        assert archive.methods.n_duplicates == 1
        assert archive.methods.n_pages == 2
        assert archive.totals("same-article").n == 2


def test_a_page_with_very_many_candidates_is_compared_with_some(tmp_path, monkeypatch):
    monkeypatch.setattr(archive_copies, "MOST", 3)
    rows = [page(f"Paper{n}", 1, prose(1)) for n in range(8)]
    write(tmp_path, rows)
    with gathered(tmp_path) as archive:
        assert archive.compared.n_capped == 4
        assert archive.compared.n_pairs == 4 * 3 + 3 + 2 + 1


def test_copies_are_told_only_when_judged_with_both_pages_and_the_words(tmp_path):
    rows = [
        page("Ark", 1, prose(1), published="2026-03-01", retrieved="2026-03-01T09:00:00Z"),
        page("Bell", 1, prose(1), published="2026-03-05"),
        page("Cove", 1, f"First published in Bell.\n{prose(1)}", published="2026-03-05"),
    ]
    write(tmp_path, rows)
    sampler = Sampler()
    told = Judgements({"same-article": Judgement(3, 3)})
    with gathered(tmp_path, sampler=sampler) as archive:
        pages = {
            kind: "".join(archive_report(report_lists(archive, of, folder=""), of))
            for kind, of in {"open": Judgements(), "told": told}.items()
        }
    shown = prose(1)[:80]
    drawn = [one for one in sampler.drawn() if one.kind == "same-article"]
    assert len(drawn) == 3
    assert all(one.words.startswith(shown) and "example/1" in one.context for one in drawn)
    assert "pairs-same-article" not in pages["open"]
    first = "stood first at Ark (seen there on 2026-03-01, the other is dated 2026-03-05)"
    assert first in pages["told"]
    assert "stood first at Bell (the other credits it: “First published in Bell”)" in pages["told"]
    assert 'class="circles"' in pages["told"]


@pytest.mark.parametrize(
    "credit",
    [
        "This story was first published in The Harbour Post.",
        "The article originally appeared on The Harbour Post.",
        "The piece was previously reported by The Harbour Post.",
        "First printed with The Harbour Post.",
        "Republished from The Harbour Post.",
        "Re-published with leave from The Harbour Post.",
        "Reprinted from The Harbour Post.",
        "Reproduced by leave from The Harbour Post.",
        "Syndicated by The Harbour Post.",
        "This report originally ran in The Harbour Post.",
    ],
)
def test_every_credit_that_lineage_reads_is_left_in_the_page(credit):
    assert credit_in(credit, frozenset({("harbour", "post")})) is not None
    one = unpacked(packed(record(body=f"{OWN}\n\n{credit}").page))
    first = replace(one.regions[0], span=Span(0, 3))
    regions = (first, first, one.regions[-1])
    assert archive_copies._slim(replace(one, regions=regions)).regions[-1] == one.regions[-1]
