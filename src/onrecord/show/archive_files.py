"""Writes a report: one file, and beside it a folder of lists where they are long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from onrecord.archive_figures import FIGURES
from onrecord.archive_report import Archive
from onrecord.archive_sample import Judgements
from onrecord.archive_spool import ALL_PAGES
from onrecord.errors import StoreError
from onrecord.show.archive_report import archive_report, is_long, list_page, report_lists

__all__ = ["write_report"]

_KEYS = "|".join(re.escape(one) for one in (ALL_PAGES, "pairs", *(one.key for one in FIGURES)))
# What an earlier report wrote: a list of what is withheld now must not stay beside this one.
_OURS = re.compile(rf"(?:{_KEYS})-[a-z0-9-]+\.html")


def write_report(output: Path, archive: Archive, judgements: Judgements, *, title: str = "") -> int:
    """Writes the report, and returns how many pages of lists stand beside it.

    They are in a folder named after the report, such as `report-pages`, whose lists of an earlier
    report are taken away. Raises `StoreError` when something cannot be written.
    """
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", output.stem) or "report"
    place = output.with_name(f"{name}-pages")
    folder = place.name if is_long(archive, judgements) else ""
    lists = report_lists(archive, judgements, folder=folder)
    n = 0
    try:
        if place.is_dir():
            for path in place.iterdir():
                if _OURS.fullmatch(path.name):
                    path.unlink()
        if folder:
            place.mkdir(exist_ok=True)
            for file, heading, parts in lists.files():
                _write(place / file, list_page(heading, parts, report=output.name))
                n += 1
        _write(output, archive_report(lists, judgements, title=title))
    except OSError as error:
        raise StoreError(f"cannot write {str(output)!r}: {error.strerror}") from error
    return n


def _write(path: Path, parts: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", errors="replace") as stream:
        stream.writelines(parts)
