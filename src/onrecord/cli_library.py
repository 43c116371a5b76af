"""The commands `onrecord library ...` and `onrecord reindex`: parse, call, print."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_terminal import SettingsFile, desk_folder, progress_line, say, write_refusals

if TYPE_CHECKING:
    from onrecord.library import Report

__all__ = ["library_app", "reindex"]

FAILED, WITH_PROBLEMS = 1, 3
N_SHOWN_REFUSALS = 20

library_app = typer.Typer(
    help="The library of earlier fact-checks: add feeds, search, count, export.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class ExportForm(StrEnum):
    """The forms in which the library is given out."""

    JSONL = "jsonl"
    CSV = "csv"


@library_app.command("add")
def library_add(
    feeds: Annotated[
        list[str],
        typer.Argument(
            metavar="FEED...",
            help="Files (JSON, JSON-LD, JSONL, CSV, HTML, WARC, .gz), addresses, or named feeds.",
        ),
    ],
    refusals: Annotated[
        Path | None, typer.Option("--refused", help="Write every refused row here, as JSONL.")
    ] = None,
    settings_file: SettingsFile = None,
) -> None:
    """Add fact-checks to the library; known ones are updated in place."""
    from onrecord.library import add

    settings, folder = desk_folder(settings_file)
    report = add(folder, feeds, settings=settings, progress=_progress)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    print(
        f"new {report.new}, changed {report.changed}, as before {report.same}, refused {report.n_refused}"
    )
    for url in report.unchanged:
        say(f"not changed since the last time: {url}")
    for row in report.refused[:N_SHOWN_REFUSALS]:
        say(f"refused: {row.source}, line {row.line}: {row.reason}")
    if report.n_refused > N_SHOWN_REFUSALS:
        say(f"... and {report.n_refused - N_SHOWN_REFUSALS} more; --refused FILE lists them")
    if refusals is not None:
        write_refusals(report.refused, refusals)
    if report.n_refused:
        good = report.new + report.changed + report.same
        raise typer.Exit(WITH_PROBLEMS if good else FAILED)


@library_app.command("search")
def library_search(
    text: Annotated[str, typer.Argument(help="A claim, or some words of it.")],
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=100, help="How many.")] = 5,
    settings_file: SettingsFile = None,
) -> None:
    """Print the fact-checks nearest to a text, whether or not they answer it."""
    from onrecord.library import search
    from onrecord.show.library import found

    _, folder = desk_folder(settings_file)
    sys.stdout.write(found(search(folder, text, limit=limit)))


@library_app.command("stats")
def library_stats(
    as_html: Annotated[
        Path | None, typer.Option("--html", help="Also write the charts as one HTML page.")
    ] = None,
    settings_file: SettingsFile = None,
) -> None:
    """Print how many fact-checks there are: by publisher, year and rating."""
    from onrecord.library import stats
    from onrecord.show.library import counts, counts_page

    settings, folder = desk_folder(settings_file)
    made = stats(folder, database=settings.database)
    sys.stdout.write(counts(made))
    if as_html is not None:
        as_html.write_text(counts_page(made), encoding="utf-8")
        say(f"written: {as_html}")


@library_app.command("export")
def library_export(
    form: Annotated[ExportForm, typer.Option("--form", help="jsonl or csv.")] = ExportForm.JSONL,
    settings_file: SettingsFile = None,
) -> None:
    """Print the whole library."""
    from onrecord.library import exported

    settings, folder = desk_folder(settings_file)
    as_csv = form is ExportForm.CSV
    for line in exported(folder, as_csv=as_csv, database=settings.database):
        sys.stdout.write(line)


def reindex(settings_file: SettingsFile = None) -> None:
    """Make the indexes of library, collection and history and the queue of claims anew from what is stored."""
    from datetime import UTC, datetime

    from onrecord.collection import reindex as collection_anew
    from onrecord.history import reindex as history_anew
    from onrecord.library import reindex as library_anew
    from onrecord.store.database import open_database
    from onrecord.store.projection import rebuild

    settings, folder = desk_folder(settings_file)
    database = settings.database
    n = library_anew(
        folder, database=database, progress=lambda n: progress_line(f"{n} fact-checks indexed")
    )
    n_passages = collection_anew(
        folder, database=database, progress=lambda n: progress_line(f"{n} passages indexed")
    )
    n_texts = history_anew(
        folder, database=database, progress=lambda n: progress_line(f"{n} earlier texts indexed")
    )
    engine = open_database(folder, database)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    n_claims = rebuild(engine, now=now, progress=lambda n: progress_line(f"{n} claims queued"))
    engine.dispose()
    progress_line("")
    print(f"{n} fact-checks indexed")
    if n_passages:
        print(f"{n_passages} passages indexed")
    if n_texts:
        print(f"{n_texts} earlier texts indexed")
    if n_claims:
        print(f"{n_claims} claims queued")


def _progress(report: Report) -> None:
    progress_line(
        f"{report.new + report.changed + report.same} fact-checks read, {report.n_refused} refused"
    )
