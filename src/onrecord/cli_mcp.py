"""The command `onrecord mcp`: parse, call."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onrecord.settings import Settings
    from onrecord.web.office import Office

__all__ = ["mcp"]


def mcp(
    files: Annotated[
        list[Path] | None,
        typer.Option("--files", help="A folder whose pages may be read; repeat for more."),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch no addresses.")] = False,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings file (default: onrecord.toml).")
    ] = None,
) -> None:
    """Serve the desk's reading tools to a language model over standard input and output (MCP)."""
    from onrecord.compose import open_desk
    from onrecord.errors import MissingFileError
    from onrecord.mcp_server import Access, run
    from onrecord.settings import settings_of

    folders = tuple(files or ())
    for one in folders:
        if not one.is_dir():
            raise MissingFileError(f"{str(one)!r} is no folder; --files names folders")
    settings = settings_of(settings_file)
    run(
        open_desk(settings),
        access=Access(folders, addresses=not offline),
        office=_office(settings),
    )


def _office(settings: Settings) -> Office | None:
    """The newsroom of the data folder; nothing is made where there is none."""
    from onrecord.settings import data_folder
    from onrecord.store.database import DATABASE_NAME
    from onrecord.web.office import open_office

    folder = data_folder(settings.folder, environment=os.environ)
    if not settings.database and not (folder / DATABASE_NAME).is_file():
        return None
    return open_office(settings)
