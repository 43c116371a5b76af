"""What the command modules share: the settings option, the data folder, lines on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from onrecord.settings import Settings

__all__ = [
    "SettingsFile",
    "complain",
    "desk_folder",
    "progress_line",
    "say",
    "write_refusals",
]

SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
]


def desk_folder(file: Path | None) -> tuple[Settings, Path]:
    """The settings in force and the data folder that they name.

    Raises `SettingsError` as `settings.settings_of` does.
    """
    from onrecord.settings import data_folder, settings_of

    settings = settings_of(file)
    return settings, data_folder(settings.folder, environment=os.environ)


def progress_line(text: str) -> None:
    """Progress: one line on a terminal that is overwritten, nothing elsewhere."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def say(text: str) -> None:
    """A line on standard error, without control characters, so that a name cannot steer it."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    print(plain, file=sys.stderr)


def complain(text: str) -> None:
    """A line on standard error that says which program speaks."""
    say(f"onrecord: {text}")


def write_refusals(refused: Sequence[Any], path: Path) -> None:
    """Writes refused rows, dataclasses, as JSON lines."""
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in refused]
    path.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    say(f"written: {path}")
