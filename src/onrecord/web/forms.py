"""Posted forms: read once, before the function that answers runs in its own thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.requests import Request

from onrecord.web.access import MAX_FIELD

__all__ = ["Posted", "field_text", "form_rows", "utc_time"]

MAX_ROWS = 200
_Row = TypeVar("_Row")


async def _posted(request: Request) -> FormData:
    return await request.form(max_part_size=MAX_FIELD)


# A parameter of a function that answers a form.
Posted = Annotated[FormData, Depends(_posted)]


def field_text(form: FormData, name: str) -> str:
    """A text field without white space around it; empty where it is not there or is a file."""
    value = form.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def form_rows(form: FormData, prefix: str, kind: type[_Row]) -> Iterator[_Row]:
    """The filled rows `prefix-0-title`, `prefix-1-title`, ... as values of a dataclass.

    Fields that begin with `is_` are boxes to tick; a row without any text is left out, whatever is
    chosen in its `side`.
    """
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    for number in range(MAX_ROWS):
        places = {name: f"{prefix}-{number}-{name}" for name in names}
        if not any(place in form for place in places.values()):
            return
        row: dict[str, object] = {
            name: place in form if name.startswith("is_") else field_text(form, place)
            for name, place in places.items()
        }
        if any(value for name, value in row.items() if name != "side" and isinstance(value, str)):
            yield kind(**row)


def utc_time(local: str) -> str:
    """A time of a form (`2026-03-14T08:20`, UTC) as tables write it; empty if it is none.

    >>> utc_time("2026-03-14T08:20"), utc_time("tomorrow")
    ('2026-03-14T08:20:00+00:00', '')
    """
    try:
        given = datetime.fromisoformat(local)
    except ValueError:
        return ""
    plain = given.replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{plain}+00:00"
