"""The figures of a report for programs: JSON with everything the page shows, CSV for each figure."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from onrecord.archive_copies import LEAST_RUN, LEAST_WORDS, MOST, PASSAGE_WORDS
from onrecord.archive_figures import FIGURES, Figure
from onrecord.archive_numbers import Sums, estimate
from onrecord.archive_report import Archive
from onrecord.archive_sample import Judgements, Status, guarded, kept
from onrecord.archive_spool import ALL_PAGES, Entry, Known, Pair
from onrecord.errors import StoreError

__all__ = ["VERSION", "methods_of", "write_csv", "write_json"]

VERSION = 1
_ROW = ("outlet", "month", "n", "of", "pages", "pages_with", "value", "low", "high")
_PAIR = (
    "kind",
    "first_outlet",
    "first_title",
    "first_published",
    "first_url",
    "second_outlet",
    "second_title",
    "second_published",
    "second_url",
    "stood_first",
    "reason",
    "equal_words",
    "words",
)


def write_json(stream: TextIO, archive: Archive, judgements: Judgements) -> None:
    """Writes the report as one JSON object; pages and pairs one a line, so that memory stays flat.

    A figure that is withheld has `told` false and neither numbers nor words.
    """
    statuses = archive.statuses(judgements)
    names = _names(archive)
    head: dict[str, Any] = {
        "onrecord_report": VERSION,
        "archive": archive.methods.digest,
        "methods": methods_of(archive, judgements),
        "months": dict(archive.months),
        "outlets": [{"outlet": one.name, "pages": one.n_pages} for one in archive.outlets],
    }
    text = json.dumps(head, ensure_ascii=False, indent=1)
    stream.write(text.removesuffix("\n}"))
    figures = (_figure(archive, one, statuses[one.key]) for one in FIGURES)
    _write_array(stream, "figures", figures)
    _write_array(stream, "copies", (_pair(one, names) for one in _pairs(archive, statuses)))
    _write_array(stream, "pages", _pages(archive, statuses, names))
    stream.write("\n}\n")


def write_csv(folder: Path, archive: Archive, judgements: Judgements) -> tuple[str, ...]:
    """Writes a CSV file for each figure that is told, the pages, the copies and what is withheld.

    Returns their names. Rows have `all` for an outlet or a month that is every one.
    """
    statuses = archive.statuses(judgements)
    names = _names(archive)
    told = [one for one in FIGURES if statuses[one.key].is_told]
    done: list[str] = []

    def write(name: str, head: tuple[str, ...], rows: Iterator[list[str]]) -> None:
        with (folder / name).open("w", encoding="utf-8", errors="replace", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(head)
            writer.writerows([guarded(kept(cell)) for cell in row] for row in rows)
        done.append(name)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for figure in FIGURES:  # what an earlier report told and this one withholds
            (folder / f"{figure.key}.csv").unlink(missing_ok=True)
        for figure in told:
            write(f"{figure.key}.csv", _ROW, _rows(archive, figure))
        pages = ("outlet", "month", "published", "title", "url", "sha256")
        keys = tuple(one.key for one in told)
        write("pages.csv", (*pages, *keys), _page_rows(archive, keys, names))
        pairs = (_pair(one, names) for one in _pairs(archive, statuses))
        write("copies.csv", _PAIR, ([str(row[name]) for name in _PAIR] for row in pairs))
        reasons = (
            [one.key, one.heading, statuses[one.key].reason]
            for one in FIGURES
            if not statuses[one.key].is_told
        )
        write("withheld.csv", ("figure", "heading", "reason"), reasons)
    except OSError as error:
        raise StoreError(f"cannot write to {str(folder)!r}: {error.strerror}") from error
    return tuple(done)


def methods_of(archive: Archive, judgements: Judgements) -> dict[str, Any]:
    """What was read and how, as JSON types; counts in falling order, then by name."""
    methods = archive.methods
    return {
        "onrecord": version("onrecord"),
        "records": methods.n_records,
        "pages": methods.n_pages,
        "duplicates": methods.n_duplicates,
        "same_address": archive.spool.n_same_address(),
        "truncated": methods.n_truncated,
        "failures": _counted(methods.failures),
        "unreadable": _counted(methods.unreadable),
        "languages": _counted(methods.languages),
        "genres": _counted(methods.genres),
        "media_types": _counted(methods.media_types),
        "published": list(methods.published),
        "retrieved": list(methods.retrieved),
        "stages": [
            {"stage": stage, "version": number, "model": model, "pages": n}
            for (stage, number, model), n in sorted(methods.steps.items())
        ],
        "run": methods.run,
        "problems": [
            {"stage": stage, "reason": reason, "pages": n}
            for (stage, reason), n in sorted(methods.problems.items())
        ],
        "copies": {
            "pages_compared": archive.compared.n_pages,
            "pairs_compared": archive.compared.n_pairs,
            "pages_with_more_pairs": archive.compared.n_capped,
            "least_words": LEAST_WORDS,
            "article_run": LEAST_RUN,
            "passage_words": PASSAGE_WORDS,
            "most_pairs_of_a_page": MOST,
        },
        "judged": {
            kind: {"right": one.n_right, "judged": one.n_judged}
            for kind, one in judgements.of_kind.items()
        },
        "judged_of_other_archives": list(judgements.others),
    }


def _counted(counter: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))


def _names(archive: Archive) -> dict[int, str]:
    return {one.id: one.name for one in archive.outlets}


def _write_array(stream: TextIO, name: str, rows: Iterator[Any]) -> None:
    stream.write(f',\n "{name}": [')
    sign = "\n  "
    for row in rows:
        stream.write(sign + json.dumps(row, ensure_ascii=False))
        sign = ",\n  "
    stream.write("\n ]" if sign.startswith(",") else "]")


def _figure(archive: Archive, figure: Figure, status: Status) -> dict[str, Any]:
    row: dict[str, Any] = {
        "figure": figure.key,
        "heading": figure.heading,
        "unit": figure.unit,
        "of": figure.of or "pages",
        "is_finding": figure.is_finding,
        "told": status.is_told,
        "reason": status.reason,
    }
    if not status.is_told:
        return row
    by_outlet = archive.by_outlet(figure.key)
    totals = {number: sum(months.values(), Sums()) for number, months in by_outlet.items()}
    everyone: dict[str, Sums] = {}
    for months in by_outlet.values():
        for month, sums in months.items():
            everyone[month] = everyone.get(month, Sums()) + sums
    row["all"] = {
        **_sums(sum(totals.values(), Sums()), figure),
        "months": {month: _sums(sums, figure) for month, sums in sorted(everyone.items())},
    }
    row["outlets"] = [
        {
            "outlet": one.name,
            **_sums(totals[one.id], figure),
            "months": {
                month: _sums(sums, figure) for month, sums in sorted(by_outlet[one.id].items())
            },
        }
        for one in archive.outlets
        if one.id in by_outlet
    ]
    return row


def _sums(sums: Sums, figure: Figure) -> dict[str, Any]:
    found = estimate(sums, is_mean=figure.is_mean)
    return {
        "n": sums.n,
        "of": sums.of,
        "pages": sums.n_pages,
        "pages_with": sums.n_with,
        "value": _rounded(found.value),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        # Over pages, of n * n, n * of and of * of: what an interval of several rows needs.
        "squares": [sums.nn, sums.no, sums.oo],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _rows(archive: Archive, figure: Figure) -> Iterator[list[str]]:
    by_outlet = archive.by_outlet(figure.key)
    everyone: dict[str, Sums] = {}
    for months in by_outlet.values():
        for month, sums in months.items():
            everyone[month] = everyone.get(month, Sums()) + sums
    rows = [("all", everyone), *((one.name, by_outlet.get(one.id, {})) for one in archive.outlets)]
    for outlet, months in rows:
        total = ("all", sum(months.values(), Sums()))
        for month, sums in (total, *sorted(months.items())):
            if sums.of:
                row = _sums(sums, figure)
                cells = [row[name] for name in _ROW[2:]]
                yield [outlet, month, *("" if cell is None else str(cell) for cell in cells)]


def _page_rows(
    archive: Archive, keys: tuple[str, ...], names: Mapping[int, str]
) -> Iterator[list[str]]:
    for page, entries in archive.spool.every_page():
        about = [names[page.outlet], page.month, page.published, page.title, page.url, page.digest]
        yield about + [str(entries[key].n) if key in entries else "0" for key in keys]


def _pages(
    archive: Archive, statuses: Mapping[str, Status], names: Mapping[int, str]
) -> Iterator[dict[str, Any]]:
    for page, entries in archive.spool.every_page():
        row = _known(page, names)
        row["figures"] = {
            key: _entry(entry)
            for key, entry in sorted(entries.items())
            if key == ALL_PAGES or statuses[key].is_told
        }
        yield row


def _known(page: Known, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "outlet": names[page.outlet],
        "month": page.month,
        "published": page.published,
        "title": page.title,
        "url": page.url,
        "sha256": page.digest,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"n": entry.n, "of": entry.of}
    if entry.said:
        row["words"] = [
            {"words": one.words, "note": one.note} if one.note else {"words": one.words}
            for one in entry.said
        ]
    if entry.n_more:
        row["more"] = entry.n_more
    return row


def _pairs(archive: Archive, statuses: Mapping[str, Status]) -> Iterator[Pair]:
    rank = {one.id: at for at, one in enumerate(archive.outlets)}
    for kind in ("same-article", "shared-passage"):
        if statuses[kind].is_told:
            pairs = archive.spool.outlet_pairs(kind)
            for first, second, _ in sorted(pairs, key=lambda row: (rank[row[0]], rank[row[1]])):
                yield from archive.spool.pairs(kind, first, second)


def _pair(pair: Pair, names: Mapping[int, str]) -> dict[str, Any]:
    known = {"first": pair.first, "second": pair.second}
    first = known.get(pair.direction)
    row: dict[str, Any] = {"kind": pair.kind}
    for side, page in known.items():
        row |= {
            f"{side}_outlet": names[page.outlet],
            f"{side}_title": page.title,
            f"{side}_published": page.published,
            f"{side}_url": page.url,
        }
    row["stood_first"] = names[first.outlet] if first else "undetermined"
    row |= {"reason": pair.reason, "equal_words": pair.n_equal, "words": pair.words}
    return row
