"""The command `onrecord watch`: parse, call, print."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onrecord.watch import Edited, Fault, New, Seen

__all__ = ["watch"]

FAILED, WITH_PROBLEMS = 1, 3
WIDTH = 100


def watch(
    feeds: Annotated[
        list[str],
        typer.Argument(metavar="FEED...", help="Addresses of RSS, Atom, JSON Feed or site maps."),
    ],
    once: Annotated[bool, typer.Option("--once", help="Look once and end.")] = False,
    no_queue: Annotated[
        bool, typer.Option("--no-queue", help="Only print new pages; the desk does not read them.")
    ] = False,
    again: Annotated[
        float,
        typer.Option("--again", min=0, help="Look again at pages kept in the last N days."),
    ] = 0.0,
    every: Annotated[
        float, typer.Option("--every", min=1, help="Minutes from one round to the next.")
    ] = 15.0,
    pause: Annotated[
        float, typer.Option("--pause", min=0, help="Seconds between two requests to one host.")
    ] = 2.0,
    most: Annotated[
        int, typer.Option("--most", min=1, help="New pages from one feed in one round.")
    ] = 200,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
) -> None:
    """Watch feeds: new pages go to the desk's queue, silent edits of known ones are printed."""
    from onrecord.compose import open_desk
    from onrecord.settings import data_folder, settings_of
    from onrecord.store.database import open_database
    from onrecord.watch import Fault, Rounds, Watcher

    settings = settings_of(settings_file)
    folder = data_folder(settings.folder, environment=os.environ)
    engine = open_database(folder, settings.database)
    rounds = Rounds(most, again, pause, is_queued=not no_queue)
    watcher = Watcher(open_desk(settings), folder, engine, rounds)
    n_faults = 0
    try:
        while True:
            for found in watcher.round(feeds):
                n_faults += isinstance(found, Fault)
                _tell(found)
            if once:
                break
            time.sleep(every * 60)
    except KeyboardInterrupt:
        print("onrecord: stopped", file=sys.stderr)
    finally:
        engine.dispose()
    if once and n_faults:
        raise typer.Exit(WITH_PROBLEMS)


def _tell(found: New | Edited | Fault | Seen) -> None:
    from onrecord.show.changes import changes
    from onrecord.show.visible import line
    from onrecord.watch import Edited, Fault, New

    if isinstance(found, New):
        word = "again" if found.is_again else "new"
        print(f"{word}  {line(found.url)}  {line(found.title)}".rstrip())
    elif isinstance(found, Edited):
        print(f"edited  {line(found.url)}" + changes(found.change, width=WIDTH).rstrip("\n"))
    elif isinstance(found, Fault):
        if found.is_gone:
            print(f"gone  {line(found.url)}")
        # Most reasons begin with the address.
        place = "" if found.url in found.reason else f"{found.url}: "
        print(line(f"onrecord: {place}{found.reason}"), file=sys.stderr)
    else:
        print("onrecord: " + _counts(found), file=sys.stderr)
    sys.stdout.flush()


def _counts(seen: Seen) -> str:
    from onrecord.show.wording import counted

    parts = [counted(seen.n_feeds, "feed"), f"{seen.n_unchanged} unchanged"]
    if seen.n_resting:
        parts.append(f"{seen.n_resting} at rest after failures")
    parts.append(f"{counted(seen.n_known, 'page')} known before")
    if seen.n_refused:
        entries = counted(seen.n_refused, "entry", "entries")
        parts.append(f"{entries} without an address that may be fetched")
    if seen.n_again:
        parts.append(f"{counted(seen.n_again, 'page')} looked at again")
    return ", ".join(parts)
