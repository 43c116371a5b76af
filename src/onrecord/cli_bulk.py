"""The command `onrecord bulk`: parse, call, print."""

from __future__ import annotations

import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onrecord.bulk import Outcome, Progress
    from onrecord.settings import Settings

__all__ = ["bulk"]

FAILED, WRONG_USAGE, WITH_PROBLEMS, INTERRUPTED = 1, 2, 3, 130
# Between two lines of progress where they are kept, as in the log of a job.
LINE_SECONDS = 30.0


class Engine(StrEnum):
    """Where pages are read."""

    LOCAL = "local"
    DASK = "dask"


def bulk(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="WARC archives, folders, JSON lines with html or text; or addresses such as s3://...",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for records and failures.")],
    stages: Annotated[
        str,
        typer.Option(
            "--stages",
            help="What runs and nothing else: all, rules (no model), reading, or stages such as segment,attribute=rules.",
        ),
    ] = "all",
    stage: Annotated[
        list[str] | None,
        typer.Option(
            "--stage", help="Another maker of one stage, such as attribute=rules; several times."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run into this folder stopped.")
    ] = False,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Also a Parquet file of each shard (needs pyarrow).")
    ] = False,
    engine: Annotated[Engine, typer.Option("--engine", help="local or dask.")] = Engine.LOCAL,
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="Address of a Dask scheduler.")
    ] = "",
    workers: Annotated[
        int,
        typer.Option(
            "--workers", min=0, max=256, help="Processes (default 2; with Dask 1 for each input)."
        ),
    ] = 0,
    page_seconds: Annotated[
        float, typer.Option("--page-seconds", min=1, help="Time for one page.")
    ] = 60.0,
    comments: Annotated[bool, typer.Option("--comments", help="Keep readers' comments.")] = False,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
) -> None:
    """Turn archives into records, one shard for each; nothing is lost or repeated by a kill."""
    from onrecord.bulk import Rules, refuse_mixing, run
    from onrecord.bulk_parquet import needs_pyarrow

    settings = _settings(settings_file, stages, stage or [])
    if parquet:
        needs_pyarrow()
    if not resume:
        refuse_mixing(inputs, out)
    rules = Rules(
        workers=workers or (2 if engine is Engine.LOCAL else 1),
        page_seconds=page_seconds,
        keeps_comments=comments,
        writes_parquet=parquet,
    )
    with _stopped_cleanly():
        if engine is Engine.DASK:
            from onrecord.bulk_dask import run_on_dask

            outcomes = run_on_dask(
                inputs, out, settings=settings, rules=rules, scheduler=scheduler, tell=_input_done
            )
        else:
            outcomes = run(inputs, out, settings=settings, rules=rules, progress=_teller())
    _print(outcomes, out)


def _settings(file: Path | None, stages: str, makers: list[str]) -> Settings:
    from onrecord.bulk import only_stages, with_stages
    from onrecord.settings import settings_of

    chosen = dict(part.partition("=")[::2] for part in makers)
    return with_stages(only_stages(settings_of(file), stages), chosen)


@contextmanager
def _stopped_cleanly() -> Iterator[None]:
    """Ctrl-C, or the signal by which a job is ended, stops the run and says how to go on."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        words = ["onrecord", *sys.argv[1:]]
        if "--resume" not in words:
            words.append("--resume")
        _clear()
        print(f"stopped; what is done is kept. Go on with: {shlex.join(words)}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _print(outcomes: tuple[Outcome, ...], out: Path) -> None:
    _clear()
    for one in outcomes:
        told = f"{one.n_done} records, {one.n_failed} failures"
        if one.n_resumed:
            told += f", {one.n_resumed} of them from an earlier run"
        print(_plain(f"{one.source}: {one.error or told}"))
    n_done = sum(one.n_done for one in outcomes)
    n_failed = sum(one.n_failed for one in outcomes)
    if len(outcomes) > 1:
        print(f"together: {n_done} records, {n_failed} failures, {len(outcomes)} inputs")
    if n_failed:
        print(f"failures are named in {out}/*.failures.jsonl", file=sys.stderr)
    if not n_done:
        print("onrecord: no page was read", file=sys.stderr)
        raise typer.Exit(FAILED)
    if n_failed or any(one.error for one in outcomes):
        raise typer.Exit(WITH_PROBLEMS)


def _teller() -> Callable[[Progress], None]:
    """What tells progress: a line that is overwritten on a terminal, one now and then elsewhere."""
    on_terminal = sys.stderr.isatty()
    last = time.monotonic()

    def tell(now: Progress) -> None:
        nonlocal last
        if on_terminal:
            sys.stderr.write(f"\r\x1b[K{_line(now)}")
            sys.stderr.flush()
        elif time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            print(_line(now), file=sys.stderr, flush=True)

    return tell


def _line(now: Progress) -> str:
    name = _plain(now.source.rstrip("/").rpartition("/")[2][:40])
    left = (
        ""
        if now.seconds_left is None or now.share >= 1
        else f", {_in_words(now.seconds_left)} left"
    )
    return (
        f"{name}: {now.n_done} records, {now.n_failed} failures; {now.per_second:.1f} pages a second, "
        f"{100 * now.share:.0f}% of all{left}"
    )


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5_400 else f"about {seconds / 3_600:.1f} h"


def _input_done(outcome: Outcome, n_done: int, n_all: int) -> None:
    told = outcome.error or f"{outcome.n_done} records, {outcome.n_failed} failures"
    line = _plain(f"[{n_done}/{n_all}] {outcome.source}: {told}")
    print(line, file=sys.stderr, flush=True)


def _plain(text: str) -> str:
    """The text without control characters: names of files are others' words."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
