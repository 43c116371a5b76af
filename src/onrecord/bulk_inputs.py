"""The pages of a bulk input, each with its position: an archive, a folder, JSON lines, a file.

An input may also lie in an object store, under an address that fsspec knows (`s3://...`): it is
copied to the local disk while it is read.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from onrecord.errors import InputError, MissingFileError, OnrecordError, SettingsError
from onrecord.intake import MEDIA_TYPES, captures, is_archive
from onrecord.record import Capture, Problem
from onrecord.settings import FetchSettings
from onrecord.warc import captures as archived

__all__ = ["WHOLE_INPUT", "Item", "inputs_of", "is_remote", "items", "loose_pages"]

MAX_LINE = 20_000_000
# The position of what is wrong with an input as a whole.
WHOLE_INPUT = -1
_TEXT_KEYS, _URL_KEYS = ("text", "body", "content"), ("url", "address", "uri")


@dataclass(frozen=True, slots=True)
class Item:
    """A page of an input, or why it is none.

    `position` counts from 0 and is the same at every reading of the same input; `share` is how much
    of the input was read, 0 to 1.
    """

    position: int
    url: str
    content: Capture | Problem
    share: float


def is_remote(source: Path | str) -> bool:
    """Whether an input is an address of an object store rather than a local path."""
    scheme, colon, _ = str(source).partition("://")
    return bool(colon) and scheme.replace("+", "").isalnum()


def inputs_of(arguments: Sequence[Path | str]) -> tuple[str, ...]:
    """The inputs that the arguments name, each once, in order.

    A folder becomes its archives and files of JSON lines, by path, and itself for the pages that
    lie loose in it; an address with `*` becomes what it matches. Raises `SettingsError` where
    fsspec or a part of it is missing, and for addresses of web servers.
    """
    found: dict[str, None] = {}
    for argument in arguments:
        if is_remote(argument):
            found.update(dict.fromkeys(_remote(str(argument))))
        elif Path(argument).is_dir():
            inside = [path for path in sorted(Path(argument).rglob("*")) if path.is_file()]
            shards = [str(path) for path in inside if is_archive(path) or _is_lines(path)]
            found.update(dict.fromkeys(shards))
            if not shards or any(_is_loose(path) for path in inside):
                found[str(argument)] = None
        else:
            found[str(argument)] = None
    return tuple(found)


def loose_pages(folder: Path) -> tuple[str, ...]:
    """The pages in a folder that are files of their own, as paths inside it, in order."""
    inside = sorted(folder.rglob("*"))
    return tuple(str(p.relative_to(folder)) for p in inside if p.is_file() and _is_loose(p))


def items(source: Path | str, *, max_bytes: int, pages: Sequence[str] = ()) -> Iterator[Item]:
    """The pages of an input in a fixed order.

    Of a folder these are `pages`, paths inside it; JSON lines need `html`, or `text`, and may have
    `url` and `retrieved`. Raises `MissingFileError` and others for the input itself.
    """
    if is_remote(source):
        with _copied(str(source)) as copy:
            yield from _of_file(copy, str(source), max_bytes)
    elif Path(source).is_dir():
        yield from _of_folder(Path(source), max_bytes, pages)
    else:
        yield from _of_file(Path(source), str(source), max_bytes)


def _of_file(path: Path, name: str, max_bytes: int) -> Iterator[Item]:
    if _is_lines(path):
        yield from _of_lines(path, name, max_bytes)
    elif is_archive(path):
        yield from _of_archive(path, name)
    else:
        for content in captures(str(path), fetch=FetchSettings(max_bytes=max_bytes)):
            yield Item(0, name, content, 1.0)


def _of_archive(path: Path, name: str) -> Iterator[Item]:
    size = path.stat().st_size if path.is_file() else 0
    reached = [0]
    found = archived(path, at=lambda byte: reached.__setitem__(0, byte))
    for position, content in enumerate(found):
        url = content.url if isinstance(content, Capture) else None
        yield Item(position, url or name, content, reached[0] / size if size else 1.0)


def _of_folder(folder: Path, max_bytes: int, pages: Sequence[str]) -> Iterator[Item]:
    limits = FetchSettings(max_bytes=max_bytes)
    for position, name in enumerate(pages):
        path, share = folder / name, (position + 1) / len(pages)
        try:
            (content,) = captures(str(path), fetch=limits)
        except OnrecordError as error:
            content = Problem("bulk", type(error).__name__, str(error))
        yield Item(position, str(path), content, share)


def _of_lines(path: Path, name: str, max_bytes: int) -> Iterator[Item]:
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            stream = _unpacked(raw, path)
            position = 0
            while line := stream.readline(MAX_LINE + 1):
                if line.strip():
                    share = raw.tell() / size if size else 1.0
                    yield _of_line(line, position, name, max_bytes=max_bytes, share=share)
                while len(line) > MAX_LINE and not line.endswith(b"\n"):
                    line = stream.readline(MAX_LINE + 1)  # the rest of a line that is too long
                position += 1
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MissingFileError(
            f"cannot read {name!r}: {reason}; expected JSON lines with html or text"
        ) from error


def _of_line(line: bytes, position: int, name: str, *, max_bytes: int, share: float) -> Item:
    try:
        capture = _page_of(line, max_bytes)
    except (ValueError, RecursionError, InputError) as error:
        told = Problem("bulk", type(error).__name__, f"line {position + 1}: {error}")
        return Item(position, name, told, share)
    return Item(position, capture.url or name, capture, share)


def _page_of(line: bytes, max_bytes: int) -> Capture:
    if len(line) > MAX_LINE:
        raise InputError(f"a line of more than {MAX_LINE} bytes")
    row = json.loads(line)
    if not isinstance(row, dict):
        raise InputError("expected a JSON object")
    url = next((row[k] for k in _URL_KEYS if isinstance(row.get(k), str)), None)
    kind, text = _text(row)
    body = text.encode("utf-8", "replace")
    if len(body) > max_bytes:
        raise InputError(f"a page of more than {max_bytes} bytes")
    retrieved = row.get("retrieved")
    return Capture(url, retrieved if isinstance(retrieved, str) else None, kind, body)


def _unpacked(raw: BinaryIO, source: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if source.suffix == ".gz" else raw


def _text(row: dict[str, object]) -> tuple[str, str]:
    html = row.get("html")
    if isinstance(html, str):
        return "text/html", html
    text = next((row[key] for key in _TEXT_KEYS if isinstance(row.get(key), str)), None)
    if not isinstance(text, str):
        raise InputError("expected html, text, body or content")
    title = row.get("title")
    return "text/plain", f"{title}\n\n{text}" if isinstance(title, str) and title else text


def _is_lines(path: Path) -> bool:
    return path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson"))


def _is_loose(path: Path) -> bool:
    return path.suffix.lower() in MEDIA_TYPES


def _remote(address: str) -> tuple[str, ...]:
    """The address, or what it matches; `SettingsError` where its file system is not installed."""
    scheme = address.partition("://")[0]
    if scheme in {"http", "https", "ftp"}:
        raise SettingsError(
            f"{address!r} lies on a web server; download it first, and give the file"
        )
    try:
        import fsspec
    except ImportError as error:
        raise SettingsError(
            f'{address!r} needs fsspec; install it with: pip install "onrecord[storage]"'
        ) from error
    try:
        system, path = fsspec.core.url_to_fs(address)
        if "*" not in path:
            return (address,)
        return tuple(system.unstrip_protocol(one) for one in sorted(system.glob(path)))
    except (ImportError, ValueError) as error:
        raise SettingsError(f"{address!r} cannot be read: {error}") from error
    except Exception as error:  # every file system has errors of its own
        raise MissingFileError(f"{address!r} cannot be listed: {error}") from error


@contextlib.contextmanager
def _copied(address: str) -> Iterator[Path]:
    """The input on the local disk; reading over the network could not go on after a fault."""
    import fsspec

    with tempfile.TemporaryDirectory(prefix="onrecord-bulk-") as folder:
        copy = Path(folder) / (address.rstrip("/").rpartition("/")[2] or "input")
        try:
            with fsspec.open(address, "rb") as remote, copy.open("wb") as local:
                shutil.copyfileobj(remote, local, 4_000_000)
        except Exception as error:  # every file system has errors of its own
            raise MissingFileError(f"cannot read {address!r}: {error}") from error
        yield copy
