"""The commands `onrecord backup` and `onrecord restore`: parse, call, print."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from onrecord.cli_terminal import SettingsFile, complain

__all__ = ["backup", "restore"]


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, such as desk.tar.zst.")],
    without_key: Annotated[
        bool,
        typer.Option(
            "--without-key", help="Leave out desk.key; repliers' addresses cannot be opened then."
        ),
    ] = False,
    settings_file: SettingsFile = None,
) -> None:
    """Write everything that cannot be made again into one file, while the desk is at work."""
    from onrecord.settings import data_folder, settings_of
    from onrecord.store.backup import back_up
    from onrecord.store.database import open_database

    settings = settings_of(settings_file)
    folder = data_folder(settings.folder, environment=os.environ)
    engine = open_database(folder, settings.database)
    made = back_up(engine, folder, file, now=_now(), with_key=not without_key)
    engine.dispose()
    print(f"{file}: {made.n_rows} rows, {made.n_files} files, {file.stat().st_size} bytes")
    if not without_key:
        complain("the backup holds desk.key and accounts: keep it where only the desk can read it")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `onrecord backup` wrote.")],
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace a desk that is there; its folder is moved aside."),
    ] = False,
    settings_file: SettingsFile = None,
) -> None:
    """Make the desk from a backup; run `onrecord reindex` afterwards."""
    from onrecord.settings import data_folder, settings_of
    from onrecord.store.backup import restore as restored

    settings = settings_of(settings_file)
    folder = data_folder(settings.folder, environment=os.environ)
    held, aside = restored(file, folder, database=settings.database, force=force, now=_now())
    print(f"{held.n_rows} rows and {held.n_files} files of {held.made} restored into {folder}")
    if aside:
        complain(f"the folder that was there is now {aside}")
    complain("run 'onrecord reindex' to make the indexes anew")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
