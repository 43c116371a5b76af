"""The commands `onrecord history ...` and `onrecord copies`: parse, call, print."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_terminal import SettingsFile, desk_folder, progress_line, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.compose import Desk
    from onrecord.history import HistoryReport
    from onrecord.record import Capture, Problem, Record
    from onrecord.settings import Settings

__all__ = ["copies", "history_app"]

FAILED, WITH_PROBLEMS = 1, 3
N_SHOWN_REFUSALS = 20
_OWN = {"history": "state", "reuse": "copies"}
_TIME = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T[\d:.]+(Z|[+-]\d\d:\d\d))?")

Address = Annotated[str, typer.Argument(metavar="[ADDRESS]", help="The address of a text.")]
TextId = Annotated[str, typer.Option("--id", help="The id of a text, as list prints it.")]
Source = Annotated[
    str, typer.Option("--source", help="The file, folder or address that gave texts.")
]
Publisher = Annotated[str, typer.Option("--publisher", help="Who published them.")]

history_app = typer.Typer(
    help="The texts that the desk has seen, in which copies are looked for: add, list, count, remove.",
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


@history_app.command("list")
def history_list(
    address: Address = "",
    text_id: TextId = "",
    source: Source = "",
    publisher: Publisher = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
    settings_file: SettingsFile = None,
) -> None:
    """Print texts of the history, newest sighting first: all, or those that fit what is named."""
    from onrecord.history import listed
    from onrecord.show.history import listing, listing_json
    from onrecord.store.history import Which

    settings, folder = desk_folder(settings_file)
    which = Which(text_id, address, source, publisher)
    rows = listed(folder, which, limit=limit, database=settings.database)
    sys.stdout.write(listing_json(rows) if as_json else listing(rows, width=_width()))
    if len(rows) == limit:
        say(f"at most {limit} are shown: --limit")


@history_app.command("remove")
def history_remove(
    address: Address = "",
    text_id: TextId = "",
    source: Source = "",
    publisher: Publisher = "",
    settings_file: SettingsFile = None,
) -> None:
    """Remove texts with their fingerprints: those that fit everything that is named."""
    if not (address or text_id or source or publisher):
        raise typer.BadParameter("name an address, --id, --source or --publisher")
    from onrecord.history import remove
    from onrecord.store.history import Which

    settings, folder = desk_folder(settings_file)
    n = remove(folder, Which(text_id, address, source, publisher), database=settings.database)
    print(f"{n} {'text' if n == 1 else 'texts'} removed")
    if n == 0:
        raise typer.Exit(FAILED)


def copies(
    pages: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAGE...", help="Files, addresses, WARC archives, or - for input."),
    ] = None,
    text: Annotated[
        str,
        typer.Option("--text", help="A passage or a quotation instead of a page; - reads input."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The records as JSON.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Print every appearance, and the words whole.")
    ] = False,
    settings_file: SettingsFile = None,
) -> None:
    """Print where the words of each page, or of a text, stand elsewhere in the history."""
    from onrecord.compose import open_desk
    from onrecord.errors import OnrecordError
    from onrecord.record import Problem

    if bool(pages) == bool(text.strip()):
        raise typer.BadParameter("give pages, or a text with --text")
    settings, _ = desk_folder(settings_file)
    desk = open_desk(_alone(settings))
    if not desk.pipeline.stages:
        say("this desk keeps no history; add texts first: onrecord history add PATH")
        raise typer.Exit(FAILED)
    n_good = n_bad = 0
    for argument in pages or ["--text"]:
        try:
            for capture in _captures(desk, argument, text):
                if isinstance(capture, Problem):
                    say(f"onrecord: {argument}: {capture.message}")
                    n_bad += 1
                    continue
                record = desk.check(capture)
                _write(record, as_json=as_json, everything=everything)
                n_good += 1
                n_bad += bool(record.problems)
        except OnrecordError as error:
            say(f"onrecord: {argument}: {error}")
            n_bad += 1
    if not n_good:
        raise typer.Exit(FAILED)
    if n_bad:
        raise typer.Exit(WITH_PROBLEMS)


def _captures(desk: Desk, argument: str, text: str) -> Iterator[Capture | Problem]:
    """The captures of a page, or of the text that was given instead."""
    if not text:
        yield from desk.captures(argument)
        return
    from onrecord.errors import EmptyPageError
    from onrecord.history import passage

    said = text
    if text == "-":
        most = desk.settings.fetch.max_bytes
        said = sys.stdin.buffer.read(most).decode("utf-8", "replace")
    if not said.strip():
        raise EmptyPageError("an empty text; expected the words of a passage or a quotation")
    yield passage(said)


def _write(record: Record, *, as_json: bool, everything: bool) -> None:
    from onrecord.codec import encode
    from onrecord.show.history import appearances

    if as_json:
        sys.stdout.write(encode(record).decode())
    else:
        sys.stdout.write(appearances(record, width=_width(), everything=everything))


def _alone(settings: Settings) -> Settings:
    """The settings with the stages for copies and no other; nothing live is asked."""
    from dataclasses import replace

    from onrecord.settings import SourceSettings

    chosen = tuple(
        (stage, (maker or _OWN[stage]) if stage in _OWN else "") for stage, maker in settings.stages
    )
    return replace(settings, stages=chosen, sources=SourceSettings())


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size((100, 24)).columns, 120)


def _progress(report: HistoryReport) -> None:
    progress_line(f"{report.n_read} texts read, {report.n_refused} refused")
