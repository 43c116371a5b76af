"""The commands `onrecord history ...` and `onrecord copies`: parse, call, print."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_terminal import SettingsFile, desk_folder, progress_line, say

if TYPE_CHECKING:
    from onrecord.history import HistoryReport
    from onrecord.settings import Settings

__all__ = ["copies", "history_app"]

FAILED, WITH_PROBLEMS = 1, 3
N_SHOWN_REFUSALS = 20
_TIME = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T[\d:.]+(Z|[+-]\d\d:\d\d))?")

history_app = typer.Typer(
    help="The texts that the desk has seen, in which copies are looked for: add, count.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _time(text: str) -> str:
    if text and not _TIME.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no time; expected 2026-11-26 or one with hours")
    return text


@history_app.command("add")
def history_add(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Files or folders (WARC, text, Markdown, HTML, PDF, JSONL, CSV).",
        ),
    ],
    seen: Annotated[
        str,
        typer.Option(
            "--seen",
            help="When these texts were first seen (ISO 8601); an archive says it itself.",
            callback=_time,
        ),
    ] = "",
    settings_file: SettingsFile = None,
) -> None:
    """Add texts to the history; the same call after a kill reads on."""
    from onrecord.history import add
    from onrecord.show.history import added

    settings, folder = desk_folder(settings_file)
    report = add(folder, paths, settings=settings, seen=seen, progress=_progress)
    progress_line("")
    sys.stdout.write(added(report))
    for row in report.refused[:N_SHOWN_REFUSALS]:
        line = f", line {row.line}" if row.line else ""
        say(f"refused: {row.source}{line}: {row.reason}")
    if report.n_refused > N_SHOWN_REFUSALS:
        say(f"... and {report.n_refused - N_SHOWN_REFUSALS} more")
    if report.n_refused:
        raise typer.Exit(WITH_PROBLEMS if report.n_read else FAILED)


@history_app.command("stats")
def history_stats(settings_file: SettingsFile = None) -> None:
    """Print how many texts there are: by publisher and year."""
    from onrecord.history import stats
    from onrecord.show.history import counts

    settings, folder = desk_folder(settings_file)
    sys.stdout.write(counts(stats(folder, database=settings.database)))


def copies(
    pages: Annotated[
        list[str],
        typer.Argument(metavar="PAGE...", help="Files, addresses, WARC archives, or - for input."),
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Print every appearance, and the words whole.")
    ] = False,
    settings_file: SettingsFile = None,
) -> None:
    """Print where the words of each page stand elsewhere in the history."""
    from onrecord.compose import open_desk
    from onrecord.errors import OnrecordError
    from onrecord.show.history import appearances

    settings, _ = desk_folder(settings_file)
    desk = open_desk(_alone(settings))
    if not desk.pipeline.stages:
        say("this desk keeps no history; add texts first: onrecord history add PATH")
        raise typer.Exit(FAILED)
    n_good = n_bad = 0
    for argument in pages:
        try:
            for capture in desk.captures(argument):
                record = desk.check(capture)  # type: ignore[arg-type]
                sys.stdout.write(appearances(record, width=_width(), everything=everything))
                n_good += 1
                n_bad += bool(record.problems)
        except OnrecordError as error:
            say(f"onrecord: {argument}: {error}")
            n_bad += 1
    if not n_good:
        raise typer.Exit(FAILED)
    if n_bad:
        raise typer.Exit(WITH_PROBLEMS)


def _alone(settings: Settings) -> Settings:
    """The settings with the stage for copies and no other; nothing live is asked."""
    from dataclasses import replace

    from onrecord.settings import SourceSettings

    chosen = tuple(
        (stage, (maker or "copies") if stage == "reuse" else "") for stage, maker in settings.stages
    )
    return replace(settings, stages=chosen, sources=SourceSettings())


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size((100, 24)).columns, 120)


def _progress(report: HistoryReport) -> None:
    progress_line(f"{report.n_read} texts read, {report.n_refused} refused")
