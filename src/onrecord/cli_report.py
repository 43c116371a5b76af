"""The command `onrecord report`: parse, call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["report"]


def report(
    folder: Annotated[Path, typer.Argument(help="The folder that `onrecord bulk` wrote.")],
    draw: Annotated[
        bool, typer.Option("--sample", help="Write sample.csv for a person to judge.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write here.")] = None,
) -> None:
    """Print what an archive says, as one HTML page; findings only once they were judged by hand."""
    from onrecord.archive_report import SAMPLE_FILE, gathered, judged, sample, write_sample
    from onrecord.archive_report import as_json as figures
    from onrecord.show.archive_report import archive_report

    archive = gathered(folder)
    place = folder / SAMPLE_FILE
    if draw:
        if place.exists():
            raise typer.BadParameter(f"{place} is there already; move it away first")
        write_sample(place, sample(archive))
        print(f"written: {place}; write yes or no into the column right", file=sys.stderr)
        return
    judgements = judged(place)
    text = figures(archive, judgements) + "\n" if as_json else archive_report(archive, judgements)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")
        print(f"written: {output}", file=sys.stderr)
