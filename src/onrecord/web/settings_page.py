"""The settings in force, for an admin to read; they are changed in the file or the environment."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from onrecord.settings import Settings
from onrecord.terms import Role
from onrecord.web.office import office_of
from onrecord.web.pages import page
from onrecord.web.routes import Route

__all__ = ["ROUTES", "settings_rows"]

# A setting whose name ends so is never shown, on no page.
_SECRET = ("key", "password")
HIDDEN = "set, not shown"


def settings_rows(settings: Settings) -> Iterator[tuple[str, str, bool]]:
    """Each setting's key, its value in words, and whether it is the default; no secrets.

    >>> [row for row in settings_rows(Settings()) if row[0] == "serve.port"]
    [('serve.port', '8000', True)]
    """
    yield from _rows(settings, Settings(), "")


def show_settings(request: Request) -> Response:
    """The page of settings."""
    office = office_of(request)
    rows = tuple(settings_rows(office.settings))
    return page(request, office, "settings.html", rows=rows, folder=str(office.folder))


def _rows(value: object, default: object, prefix: str) -> Iterator[tuple[str, str, bool]]:
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        mine, usual = getattr(value, field.name), getattr(default, field.name)
        name = prefix + field.name
        if dataclasses.is_dataclass(mine):
            yield from _rows(mine, usual, f"{name}.")
        elif field.name == "stages":
            for stage, maker in mine:
                yield f"stages.{stage}", maker or "left out", maker == dict(usual).get(stage)
        else:
            yield name, _shown(field.name, mine), mine == usual


def _shown(name: str, value: object) -> str:
    if name.endswith(_SECRET):
        return HIDDEN if value else "not set"
    if name == "database" and isinstance(value, str) and value:
        return f"{urlsplit(value).scheme} ({HIDDEN})"  # the address holds a password
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value != "" else "not set"


ROUTES: tuple[Route, ...] = (Route("GET", "/desk/settings", "settings", Role.ADMIN, show_settings),)
