"""Kept captures: WARC records in monthly files, found by address, time and digest."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from onrecord.errors import StoreError
from onrecord.record import Capture
from onrecord.store.tables import captures, records
from onrecord.store.writing import writing

__all__ = [
    "Kept",
    "earlier",
    "keep",
    "keep_record",
    "latest_record",
    "load",
    "version_of_record",
    "with_digest",
]

FOLDER = "captures"


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture in the store: row id, digest (SHA-256 of the body), address and time."""

    id: int
    digest: str
    url: str
    retrieved: str
    media_type: str
    archive: str
    offset: int


def keep(engine: sa.Engine, folder: Path, *, capture: Capture) -> Kept:
    """Keeps a capture that came from an address.

    The WARC record is written and synced before its row is committed, so a kill leaves at most a
    record without a row. The same bytes of the same address are written once; the new time is kept.
    """
    if capture.url is None or capture.retrieved is None:
        raise StoreError("only a capture with an address and a time can be kept")
    digest = hashlib.sha256(capture.body).hexdigest()
    same = (captures.c.digest == digest) & (captures.c.url == capture.url)
    with engine.connect() as connection:
        known = connection.execute(sa.select(captures).where(same).limit(1)).first()
    if known:
        archive, offset = known.archive, known.offset
    else:
        archive, offset = _append(folder / FOLDER, capture)
    values: dict[str, Any] = {
        "digest": digest,
        "url": capture.url,
        "retrieved": capture.retrieved,
        "media_type": capture.media_type,
        "n_bytes": len(capture.body),
        "archive": archive,
        "offset": offset,
    }
    with writing(engine) as connection:
        made = connection.execute(captures.insert().values(**values))
    row_id = made.inserted_primary_key[0] if made.inserted_primary_key else 0
    return _kept({**values, "id": row_id})


def earlier(engine: sa.Engine, url: str) -> tuple[Kept, ...]:
    """The kept captures of an address, newest first."""
    query = sa.select(captures).where(captures.c.url == url).order_by(captures.c.id.desc())
    with engine.connect() as connection:
        return tuple(_kept(row._asdict()) for row in connection.execute(query))


def with_digest(engine: sa.Engine, digest: str) -> tuple[Kept, ...]:
    """The kept captures with these bytes, by the SHA-256 of the body, newest first."""
    query = sa.select(captures).where(captures.c.digest == digest).order_by(captures.c.id.desc())
    with engine.connect() as connection:
        return tuple(_kept(row._asdict()) for row in connection.execute(query))


def by_digest(engine: sa.Engine, digest: str) -> Kept | None:
    """The newest kept capture with these bytes."""
    query = sa.select(captures).where(captures.c.digest == digest).order_by(captures.c.id.desc())
    with engine.connect() as connection:
        row = connection.execute(query.limit(1)).first()
    return _kept(row._asdict()) if row else None


def load(folder: Path, kept: Kept) -> Capture:
    """The capture as it was kept; `StoreError` when its bytes are gone or altered."""
    path = folder / FOLDER / kept.archive
    try:
        with path.open("rb") as stream:
            stream.seek(kept.offset)
            body = next(_bodies(stream), b"")
    except OSError as error:
        raise StoreError(f"cannot read the kept capture in {str(path)!r}: {error}") from error
    if hashlib.sha256(body).hexdigest() != kept.digest:
        raise StoreError(
            f"the kept capture of {kept.url!r} in {kept.archive!r} is not what was stored: its "
            "SHA-256 differs; restore the file from a backup"
        )
    return Capture(kept.url, kept.retrieved, kept.media_type, body)


def keep_record(engine: sa.Engine, kept: Kept, *, json: str, now: str, version: str) -> None:
    """Stores the JSON of a record beside its capture."""
    values = {"capture": kept.id, "json": json, "made": now, "version": version}
    with writing(engine) as connection:
        connection.execute(records.insert().values(**values))


def latest_record(engine: sa.Engine, kept: Kept) -> str | None:
    """The JSON of the newest record of a capture."""
    query = sa.select(records.c.json).where(records.c.capture == kept.id)
    with engine.connect() as connection:
        return connection.execute(query.order_by(records.c.id.desc()).limit(1)).scalar()


def version_of_record(engine: sa.Engine, *, digest: str, json: str) -> str:
    """The version of onrecord that made this very record; empty where it was not kept."""
    query = (
        sa.select(records.c.version)
        .join(captures, captures.c.id == records.c.capture)
        .where(captures.c.digest == digest, records.c.json == json)
        .limit(1)
    )
    with engine.connect() as connection:
        return str(connection.execute(query).scalar() or "")


def _append(folder: Path, capture: Capture) -> tuple[str, int]:
    import fcntl
    import os

    folder.mkdir(parents=True, exist_ok=True)
    name = f"{(capture.retrieved or '')[:7]}.warc.gz"
    headers = StatusAndHeaders(
        "200 OK", [("Content-Type", _plain(capture.media_type))], protocol="HTTP/1.1"
    )
    with (folder / name).open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # the desk's worker and a command may write at once
        offset = stream.seek(0, os.SEEK_END)
        writer = WARCWriter(stream, gzip=True)
        record = writer.create_warc_record(
            capture.url,
            "response",
            payload=io.BytesIO(capture.body),
            length=len(capture.body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": _warc_time(capture.retrieved or "")},
        )
        writer.write_record(record)
        stream.flush()
        os.fsync(stream.fileno())
    return name, offset


def _plain(media_type: str) -> str:
    """A media type as a header may hold it: what a server sends is not always ASCII."""
    kept = media_type.encode("ascii", "replace").decode()
    return "".join(character if character.isprintable() else "?" for character in kept)


def _warc_time(retrieved: str) -> str:
    return retrieved.split(".", maxsplit=1)[0].split("+", maxsplit=1)[0].removesuffix("Z") + "Z"


def _bodies(stream: Any) -> Iterator[bytes]:  # noqa: ANN401 - a binary stream
    for record in ArchiveIterator(stream):
        yield record.content_stream().read()


def _kept(row: dict[str, Any]) -> Kept:
    return Kept(**{name: row[name] for name in Kept.__dataclass_fields__})
