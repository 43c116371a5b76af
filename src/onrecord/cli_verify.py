"""The command `onrecord verify`: parse, call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onrecord.verify import Verification

__all__ = ["verify"]

WITH_PROBLEMS = 3


def verify(
    record_file: Annotated[
        Path, typer.Argument(metavar="RECORD", help="What `onrecord check --json` wrote.")
    ],
    page: Annotated[
        Path | None,
        typer.Option("--page", help="The page's file, where the data folder does not keep it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The outcome as JSON.")] = False,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
) -> None:
    """Repeat the analysis of a record and print whether the same comes out, field by field."""
    from onrecord.codec import decode
    from onrecord.errors import MissingFileError
    from onrecord.settings import settings_of
    from onrecord.verify import verify as repeated

    settings = settings_of(settings_file)
    try:
        stored = record_file.read_bytes()
    except OSError as error:
        raise MissingFileError(f"cannot open {str(record_file)!r}: {error.strerror}") from error
    done = repeated(decode(stored), settings=settings, page=page)
    sys.stdout.write(_json(done) if as_json else _text(done))
    if not done.is_same:
        raise typer.Exit(WITH_PROBLEMS)


def _json(done: Verification) -> str:
    import json
    from dataclasses import asdict

    return json.dumps({"same": done.is_same, **asdict(done)}, ensure_ascii=False, indent=1) + "\n"


def _text(done: Verification) -> str:
    from onrecord.show.verification import verification

    return verification(done)
