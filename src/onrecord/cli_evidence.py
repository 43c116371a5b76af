"""The commands `onrecord evidence ...`: parse, call, print."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_terminal import SettingsFile, desk_folder, progress_line, say, write_refusals

if TYPE_CHECKING:
    from onrecord.collection import Report

__all__ = ["evidence_app"]

FAILED, WITH_PROBLEMS = 1, 3
N_SHOWN_REFUSALS = 20
_ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

evidence_app = typer.Typer(
    help="The collection of documents that evidence comes from: add, search, count, remove.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _date(text: str) -> str:
    if text and not _ISO_DATE.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no date; expected 2026-11-26, 2026-11 or 2026")
    return text


@evidence_app.command("add")
def evidence_add(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Files or folders (text, Markdown, HTML, PDF, WARC, JSONL, CSV, wiki dump), addresses.",
        ),
    ],
    publisher: Annotated[
        str, typer.Option("--publisher", help="Publisher, where a document states none.")
    ] = "",
    licence: Annotated[
        str, typer.Option("--licence", help="Licence, where a document states none.")
    ] = "",
    date: Annotated[
        str,
        typer.Option(
            "--date", help="Date (ISO 8601), where a document states none.", callback=_date
        ),
    ] = "",
    refusals: Annotated[
        Path | None, typer.Option("--refused", help="Write every refusal here, as JSONL.")
    ] = None,
    settings_file: SettingsFile = None,
) -> None:
    """Add documents to the collection; the same call after a kill reads on."""
    from onrecord.collection import Stated, add
    from onrecord.show.collection import added

    settings, folder = desk_folder(settings_file)
    stated = Stated(publisher, licence, date)
    report = add(folder, paths, settings=settings, stated=stated, progress=_progress)
    progress_line("")
    sys.stdout.write(added(report))
    for row in report.refused[:N_SHOWN_REFUSALS]:
        line = f", line {row.line}" if row.line else ""
        say(f"refused: {row.source}{line}: {row.reason}")
    if report.n_refused > N_SHOWN_REFUSALS:
        say(f"... and {report.n_refused - N_SHOWN_REFUSALS} more; --refused FILE lists them")
    if refusals is not None:
        write_refusals(report.refused, refusals)
    if report.n_refused:
        raise typer.Exit(WITH_PROBLEMS if report.n_read else FAILED)


@evidence_app.command("search")
def evidence_search(
    text: Annotated[str, typer.Argument(help="A claim, or some words of it.")],
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=100, help="How many.")] = 5,
    settings_file: SettingsFile = None,
) -> None:
    """Print the passages nearest to a text, whether or not they answer it."""
    from onrecord.collection import search
    from onrecord.show.collection import found

    _, folder = desk_folder(settings_file)
    sys.stdout.write(found(search(folder, text, limit=limit)))


@evidence_app.command("stats")
def evidence_stats(settings_file: SettingsFile = None) -> None:
    """Print how many documents there are: by publisher, year and licence."""
    from onrecord.collection import stats
    from onrecord.show.collection import counts

    settings, folder = desk_folder(settings_file)
    sys.stdout.write(counts(stats(folder, database=settings.database)))


@evidence_app.command("remove")
def evidence_remove(
    address: Annotated[
        str, typer.Argument(metavar="[ADDRESS]", help="The address of a document.")
    ] = "",
    source: Annotated[
        str, typer.Option("--source", help="The file, folder or address that gave documents.")
    ] = "",
    publisher: Annotated[str, typer.Option("--publisher", help="Who published them.")] = "",
    settings_file: SettingsFile = None,
) -> None:
    """Remove documents: those that fit everything that is named."""
    if not (address or source or publisher):
        raise typer.BadParameter("name an address, --source or --publisher")
    from onrecord.collection import remove
    from onrecord.store.collection import Where

    settings, folder = desk_folder(settings_file)
    n = remove(folder, Where(address, source, publisher), database=settings.database)
    print(f"{n} {'document' if n == 1 else 'documents'} removed")
    if n == 0:
        raise typer.Exit(FAILED)


def _progress(report: Report) -> None:
    progress_line(
        f"{report.n_read} documents read, {report.n_passages} passages indexed, "
        f"{report.n_refused} refused"
    )
