"""A backup of a desk at work in one file, and a desk made from it.

A tar archive compressed with zstd: the tables as `dump` writes them, every file of the data folder
but the database and the indexes (which `onrecord reindex` makes anew), and last `manifest.json` with
the SHA-256 of each. A backup of one database can be restored into the other.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import sqlalchemy as sa
import zstandard

from onrecord.errors import StoreError
from onrecord.settings import COLLECTION_FOLDER, LIBRARY_FOLDER
from onrecord.store.database import DATABASE_NAME, open_database, revision_of
from onrecord.store.dump import fill, is_empty, lines_of, moment, table_names

__all__ = ["Backup", "back_up", "restore"]

FORMAT, FORMAT_VERSION = "onrecord backup", 1
MANIFEST, TABLES, FILES = "manifest.json", "tables/", "files/"
KEY_FILE = "desk.key"
_LEFT_OUT = (LIBRARY_FOLDER, COLLECTION_FOLDER)
_CHUNK = 1 << 20
_MAX_MANIFEST = 256 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: when and by which version it was made, rows by table, its files."""

    made: str
    onrecord: str
    revision: str
    rows: dict[str, int]
    members: dict[str, str]  # SHA-256 by name in the archive

    @property
    def n_rows(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())

    @property
    def n_files(self) -> int:
        """Files of the data folder."""
        return sum(name.startswith(FILES) for name in self.members)


def back_up(
    engine: sa.Engine, folder: Path, file: Path, *, now: str, with_key: bool = True
) -> Backup:
    """Writes a backup while the desk is at work; a broken one leaves no file.

    The rows are read first and the files after them, so that what a row names is there. Without the
    key the e-mail addresses of repliers cannot be opened again. Raises `StoreError` where the file
    is there already or cannot be written.
    """
    from importlib.metadata import version

    if file.exists():
        raise StoreError(f"{str(file)!r} is there already; name another file")
    part = file.with_name(file.name + ".part")
    members: dict[str, str] = {}
    rows: dict[str, int] = {}
    try:
        with _writing(part) as archive, contextlib.closing(moment(engine)) as connection:
            revision = revision_of(connection) or ""
            for name in table_names():
                with tempfile.TemporaryFile(dir=part.parent) as stream:
                    rows[name] = -1  # the header
                    for line in lines_of(connection, name):
                        stream.write(line.encode())
                        rows[name] += 1
                    _put(archive, f"{TABLES}{name}.jsonl", stream, members)
            for path in _files(folder, with_key=with_key):
                inside = FILES + path.relative_to(folder).as_posix()
                # An upload may be removed meanwhile: a job that is done needs it no more.
                with contextlib.suppress(FileNotFoundError), path.open("rb") as stream:
                    _put(archive, inside, stream, members)
            made = Backup(now, version("onrecord"), revision, rows, members)
            plain = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(made)}
            with tempfile.TemporaryFile(dir=part.parent) as stream:
                stream.write(json.dumps(plain, indent=1, sort_keys=True).encode())
                _put(archive, MANIFEST, stream, {})
        part.replace(file)
    except OSError as error:
        raise StoreError(f"cannot write the backup {str(file)!r}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return made


def restore(
    file: Path, folder: Path, *, database: str = "", force: bool = False, now: str
) -> tuple[Backup, str]:
    """Makes a desk from a backup; gives what it held, and where an older folder was moved to.

    Everything is unpacked beside the folder and checked against the manifest before anything of
    the desk is touched. Without `force` the folder and the database must be empty; with it an older
    folder is moved aside, and the tables of a PostgreSQL database are replaced in one transaction.
    Raises `StoreError` for a file that is no backup or is damaged.
    """
    folder = folder.absolute()
    if not force:
        if folder.is_dir() and any(folder.iterdir()):
            raise StoreError(f"the folder {str(folder)!r} is not empty; add --force to replace it")
        if database:
            there = open_database(folder, database)
            is_free = is_empty(there)
            there.dispose()
            if not is_free:
                raise StoreError("the database is not empty; add --force to replace what it holds")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder.parent) as name:
            held = _unpacked(file, Path(name))
            made = Path(name) / "files"
            made.mkdir(exist_ok=True)
            engine = open_database(made, database)
            try:
                fill(engine, _dumped(Path(name), held), revision=held.revision)
            finally:
                engine.dispose()
            aside = _swapped(made, folder, now)
    except OSError as error:
        raise StoreError(
            f"cannot restore into {str(folder)!r}: {error.strerror}; nothing of the desk was changed"
        ) from error
    return held, aside


@contextlib.contextmanager
def _writing(part: Path) -> Iterator[tarfile.TarFile]:
    """A new archive that its owner alone may read, synced to the disk at the end."""
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with (
            zstandard.ZstdCompressor(level=6).stream_writer(raw, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="w|") as archive,
        ):
            yield archive
        raw.flush()
        os.fsync(raw.fileno())


def _put(archive: tarfile.TarFile, name: str, stream: IO[bytes], members: dict[str, str]) -> None:
    """Adds what a stream holds now; what is appended meanwhile is left to the next backup."""
    entry = tarfile.TarInfo(name)
    entry.size = stream.seek(0, os.SEEK_END)
    entry.mode = 0o600
    stream.seek(0)
    summed = _Summed(stream)
    archive.addfile(entry, summed)
    members[name] = summed.sum.hexdigest()


class _Summed:
    """A stream with the SHA-256 of what was read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self.stream.read(size)
        self.sum.update(part)
        return part


def _files(folder: Path, *, with_key: bool) -> Iterator[Path]:
    """The files of a data folder that cannot be made again."""
    for path in sorted(folder.rglob("*")):
        first = path.relative_to(folder).parts[0]
        is_left_out = first in _LEFT_OUT or first.startswith(DATABASE_NAME)
        if is_left_out or (first == KEY_FILE and not with_key):
            continue
        if path.is_file() and not path.is_symlink():
            yield path


def _unpacked(file: Path, place: Path) -> Backup:
    """Unpacks an archive into an empty folder and checks every member."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with (
            file.open("rb") as raw,
            zstandard.ZstdDecompressor().stream_reader(raw) as packed,
            tarfile.open(fileobj=packed, mode="r|") as archive,
        ):
            for entry in archive:
                stream = archive.extractfile(entry) if entry.isreg() else None
                if stream is None or not _is_inside(entry.name):
                    raise StoreError(f"the backup holds {entry.name!r}, which is no file of ours")
                if entry.name == MANIFEST and entry.size <= _MAX_MANIFEST:
                    manifest = json.loads(stream.read())
                    continue
                target = place / entry.name
                target.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as out:
                    summed = _Summed(stream)
                    shutil.copyfileobj(summed, out, _CHUNK)
                    out.flush()
                    os.fsync(out.fileno())
                found[entry.name] = summed.sum.hexdigest()
    except FileNotFoundError as error:
        raise StoreError(f"no backup {str(file)!r}") from error
    except (zstandard.ZstdError, tarfile.TarError, EOFError, ValueError, FileExistsError) as error:
        raise StoreError(
            f"{str(file)!r} is no backup of onrecord, or is damaged: {error}"
        ) from error
    return _checked(file, manifest, found)


def _checked(file: Path, manifest: dict[str, Any] | None, found: dict[str, str]) -> Backup:
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise StoreError(
            f"{str(file)!r} is no backup of onrecord, or its end is missing; expected a file that "
            "'onrecord backup' wrote"
        )
    if manifest.get("format_version") != FORMAT_VERSION:
        raise StoreError(
            f"the backup has the form {manifest.get('format_version')!r}, expected "
            f"{FORMAT_VERSION}; use the version of onrecord that made it"
        )
    held = Backup(**{name: manifest[name] for name in Backup.__dataclass_fields__})
    for name in sorted(held.members.keys() | found.keys()):
        if held.members.get(name) != found.get(name):
            raise StoreError(
                f"the backup {str(file)!r} is damaged: {name!r} is not what was saved; use another"
            )
    return held


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    known = name == MANIFEST or name.startswith((TABLES, FILES))
    return known and not path.is_absolute() and ".." not in path.parts and "\x00" not in name


def _dumped(place: Path, held: Backup) -> Iterator[tuple[str, Iterator[str]]]:
    """The tables of an unpacked backup in the order in which they can be filled."""
    known = [name for name in table_names() if name in held.rows]
    for name in [*known, *sorted(held.rows.keys() - set(known))]:
        with (place / TABLES / f"{name}.jsonl").open(encoding="utf-8", newline="\n") as lines:
            yield name, lines


def _swapped(made: Path, folder: Path, now: str) -> str:
    """Puts a new data folder in its place; where the old one is now, `""` for none."""
    aside = ""
    if folder.is_dir():
        if any(folder.iterdir()):
            old = folder.with_name(f"{folder.name}.before-{now[:19].replace(':', '')}")
            folder.rename(old)
            aside = str(old)
        else:
            folder.rmdir()
    made.rename(folder)
    return aside
