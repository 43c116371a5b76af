"""The command `onrecord report`: parse, call, print."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onrecord.archive_report import Archive
    from onrecord.archive_sample import Judgements, Sampler

__all__ = ["report"]

WITH_PROBLEMS = 3


def report(
    folder: Annotated[Path, typer.Argument(help="The folder that `onrecord bulk` wrote.")],
    draw: Annotated[
        bool, typer.Option("--sample", help="Write sample.csv for a person to judge.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything of it as JSON.")] = False,
    tables: Annotated[
        Path | None,
        typer.Option("--csv", help="Write a CSV file for each figure into this folder."),
    ] = None,
    title: Annotated[str, typer.Option("--title", help="The heading of the page.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write here.")] = None,
) -> None:
    """Print what an archive says, as one HTML page; findings only once they were judged by hand."""
    from onrecord.archive_report import gathered
    from onrecord.archive_sample import SAMPLE_FILE, Sampler, judged

    place = folder / SAMPLE_FILE
    sampler = Sampler() if draw else None
    with gathered(folder, sampler=sampler) as archive:
        if sampler is not None:
            _draw(place, sampler, archive)
            return
        judgements = judged(place, archive.methods.digest)
        if judgements.n_others:
            print(
                f"{place}: {judgements.n_others} judgements of {', '.join(judgements.others)} were "
                f"not used: this is {archive.methods.digest}; draw again with --sample",
                file=sys.stderr,
            )
        if tables is not None:
            _write_tables(tables, archive, judgements)
        if as_json:
            _write_json(output, archive, judgements)
        elif tables is None or output is not None:
            _write_page(output, archive, judgements, title=title)
        unreadable = archive.methods.unreadable
        if unreadable:
            reasons = "; ".join(f"{reason}: {n}" for reason, n in sorted(unreadable.items()))
            print(f"lines of the shards that hold no record: {reasons}", file=sys.stderr)
            raise typer.Exit(WITH_PROBLEMS)


def _draw(place: Path, sampler: Sampler, archive: Archive) -> None:
    from onrecord.archive_sample import write_sample

    drawn = sampler.drawn()
    n_kept, moved = write_sample(place, drawn, archive=archive.methods.digest)
    for kind, n in Counter(one.kind for one in drawn).items():
        print(f"{kind}: {n} drawn", file=sys.stderr)
    if moved:
        print(f"the sample of another archive is kept as {moved}", file=sys.stderr)
    if n_kept:
        print(f"{n_kept} judgements were kept", file=sys.stderr)
    print(f"written: {place}; write yes or no into the column right", file=sys.stderr)


def _write_tables(folder: Path, archive: Archive, judgements: Judgements) -> None:
    from onrecord.archive_export import write_csv

    done = write_csv(folder, archive, judgements)
    print(f"written: {len(done)} files in {folder}", file=sys.stderr)


def _write_json(output: Path | None, archive: Archive, judgements: Judgements) -> None:
    from onrecord.archive_export import write_json

    if output is None:
        write_json(sys.stdout, archive, judgements)
        return
    with output.open("w", encoding="utf-8") as stream:
        write_json(stream, archive, judgements)
    print(f"written: {output}", file=sys.stderr)


def _write_page(
    output: Path | None, archive: Archive, judgements: Judgements, *, title: str
) -> None:
    from onrecord.show.archive_files import write_report
    from onrecord.show.archive_report import archive_report, is_long, report_lists

    if output is not None:
        n_pages = write_report(output, archive, judgements, title=title)
        beside = f" and {n_pages} pages of lists beside it" if n_pages else ""
        print(f"written: {output}{beside}", file=sys.stderr)
        return
    if is_long(archive, judgements):
        raise typer.BadParameter(
            "the lists of pages need a folder beside the report; name a file with --output"
        )
    lists = report_lists(archive, judgements, folder="")
    sys.stdout.writelines(archive_report(lists, judgements, title=title))
