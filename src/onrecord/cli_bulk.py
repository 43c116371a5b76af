"""The command `onrecord bulk`: parse, call, print."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onrecord.bulk import Outcome, Progress

__all__ = ["bulk"]

FAILED, WRONG_USAGE, WITH_PROBLEMS = 1, 2, 3


class Engine(StrEnum):
    """Where pages are read."""

    LOCAL = "local"
    DASK = "dask"


def bulk(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="WARC archives, folders, JSON lines with html or text."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for records and failures.")],
    stages: Annotated[
        list[str] | None,
        typer.Option(
            "--stage", help="Another maker of a stage, such as attribute=rules; several times."
        ),
    ] = None,
    engine: Annotated[Engine, typer.Option("--engine", help="local or dask.")] = Engine.LOCAL,
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="Address of a Dask scheduler.")
    ] = "",
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes.")] = 2,
    page_seconds: Annotated[
        float, typer.Option("--page-seconds", min=1, help="Time for one page.")
    ] = 60.0,
    comments: Annotated[bool, typer.Option("--comments", help="Keep readers' comments.")] = False,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
) -> None:
    """Turn archives into records, one shard an input; a run that was cut short goes on."""
    from onrecord.bulk import Rules, run, with_stages
    from onrecord.settings import settings_of

    chosen = dict(part.partition("=")[::2] for part in stages or [])
    settings = with_stages(settings_of(settings_file), chosen)
    rules = Rules(workers=workers, page_seconds=page_seconds, keeps_comments=comments)
    if engine is Engine.DASK:
        from onrecord.bulk_dask import run_on_dask

        outcomes = run_on_dask(inputs, out, settings=settings, rules=rules, scheduler=scheduler)
    else:
        outcomes = run(inputs, out, settings=settings, rules=rules, progress=_progress)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    _print(outcomes)


def _print(outcomes: tuple[Outcome, ...]) -> None:
    for one in outcomes:
        told = f"{one.source}: {one.n_done} records, {one.n_failed} failures"
        if one.n_resumed:
            told += f", {one.n_resumed} of them from an earlier run"
        print(told)
    n_done = sum(one.n_done for one in outcomes)
    n_failed = sum(one.n_failed for one in outcomes)
    if n_failed:
        raise typer.Exit(WITH_PROBLEMS if n_done else FAILED)


def _progress(now: Progress) -> None:
    if not sys.stderr.isatty():
        return
    left = ""
    if 0 < now.share < 1 and now.per_second:
        n = now.n_done + now.n_failed
        minutes = n * (1 / now.share - 1) / now.per_second / 60
        left = f", about {minutes:.0f} min left"
    line = f"{Path(now.source).name[:40]}: {now.n_done} records, {now.n_failed} failures, {now.per_second:.1f} a second{left}"
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()
