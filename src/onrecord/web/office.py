"""What the web application works with: settings, database, the desk, and a clock."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.errors import StoreError
from onrecord.newsroom.gate import SiteFacts
from onrecord.newsroom.publication import DeskName
from onrecord.newsroom.ratings import RatingScale, rating_scale
from onrecord.settings import Settings, data_folder

if TYPE_CHECKING:
    import sqlalchemy as sa
    from starlette.requests import Request

__all__ = ["Office", "office_of", "open_office"]

KEY_FILE, N_KEY_BYTES = "desk.key", 32


@dataclass(frozen=True, slots=True)
class Office:
    """A desk that is open: shared by all requests, changed by none.

    `key` is the data folder's secret: form tokens, sealed addresses and keyed digests are made
    with it. `clock` gives the present time in UTC.
    """

    settings: Settings
    folder: Path
    engine: sa.Engine
    key: bytes
    scale: RatingScale
    desk_name: DeskName
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def now(self) -> str:
        """The present time as every table writes it: ISO 8601, UTC, whole seconds."""
        return self.clock().isoformat(timespec="seconds")

    def site(self) -> SiteFacts:
        """What the site shows of the desk, for the publish gate; read from the settings."""
        newsroom = self.settings.newsroom
        return SiteFacts(
            has_method=_is_there(newsroom.method_file),
            has_organisation=_is_there(newsroom.organisation_file),
            has_corrections_policy=_is_there(newsroom.corrections_file),
            takes_claims=self.settings.replies.is_open,
            has_complaint_route=bool(newsroom.complaints_url),
        )


def open_office(settings: Settings) -> Office:
    """Opens database and key of the data folder, making both on first use.

    Raises `StoreError` when the folder or the database cannot be used, `SettingsError` for a scale
    that cannot be meant.
    """
    from onrecord.store.database import open_database

    folder = data_folder(settings.folder, environment=os.environ)
    engine = open_database(folder, settings.database)
    newsroom = settings.newsroom
    return Office(
        settings,
        folder,
        engine,
        _key(folder),
        rating_scale(newsroom.scale),
        DeskName(newsroom.name, newsroom.url.rstrip("/"), newsroom.is_signatory),
    )


def office_of(request: Request) -> Office:
    """The open desk that a request came to."""
    office: Office = request.app.state.office
    return office


def _key(folder: Path) -> bytes:
    """The folder's secret, made on first use and readable by its owner alone."""
    path = folder / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) != N_KEY_BYTES:
            raise StoreError(
                f"{str(path)!r} holds {len(key)} bytes, expected {N_KEY_BYTES}; if it was made "
                "just now, try again, else restore it from a backup"
            ) from None
        return key
    with os.fdopen(handle, "wb") as stream:
        key = secrets.token_bytes(N_KEY_BYTES)
        stream.write(key)
        stream.flush()
        os.fsync(stream.fileno())
    return key


def _is_there(file: str) -> bool:
    return bool(file) and Path(file).is_file()
