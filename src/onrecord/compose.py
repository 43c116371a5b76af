"""Puts the parts together: the only module that knows both the analysis and the outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onrecord.intake import captures
from onrecord.pipeline import Pipeline
from onrecord.ports import FactCheckIndex, Ports
from onrecord.read import read
from onrecord.record import Capture, Problem, Record
from onrecord.settings import LIBRARY_FOLDER, Settings, data_folder
from onrecord.stages import stages_for

if TYPE_CHECKING:
    from onrecord.keeping import Change

__all__ = ["Desk", "open_desk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Settings and the pipeline that they choose."""

    settings: Settings
    pipeline: Pipeline

    def captures(self, argument: str) -> Iterator[Capture | Problem]:
        """The captures that a file name, an address or `-` stands for; see `intake.captures`."""
        return captures(argument, fetch=self.settings.fetch)

    def check(self, capture: Capture) -> Record:
        """The record of one capture.

        Raises an `InputError` when the capture cannot be read as a page.
        """
        return self.pipeline(read(capture), strict=self.settings.strict)

    def keep(self, capture: Capture, record: Record) -> Change | None:
        """Keeps a capture with its record in the data folder; see `keeping.keep`."""
        from onrecord.keeping import keep

        folder = data_folder(self.settings.folder, environment=os.environ)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return keep(folder, capture, record=record, now=now)


def open_desk(settings: Settings | None = None) -> Desk:
    """A desk with the given settings, or with the defaults."""
    settings = settings or Settings()
    return Desk(settings, Pipeline(stages_for(settings, Ports(_fact_checks(settings)))))


def _fact_checks(settings: Settings) -> FactCheckIndex | None:
    """The desk's library, opened at the first claim; `None` where the desk has none."""
    folder = data_folder(settings.folder, environment=os.environ)
    if not (folder / LIBRARY_FOLDER).is_dir():
        return None
    from onrecord.library import LibraryOnDemand

    return LibraryOnDemand(folder)
