"""The pages of a bulk input, each with its position: an archive, a folder, JSON lines, a file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from onrecord.errors import InputError, MissingFileError, OnrecordError
from onrecord.intake import MEDIA_TYPES, captures, is_archive
from onrecord.record import Capture, Problem
from onrecord.settings import FetchSettings

__all__ = ["Item", "items"]

MAX_LINE = 20_000_000
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


def items(source: Path, *, max_bytes: int) -> Iterator[Item]:
    """The pages of an input in a fixed order.

    A folder gives its pages and archives by path; JSON lines need `html`, or `text`, and may have
    `url` and `retrieved`. Raises `MissingFileError` and others for the input itself.
    """
    if source.is_dir():
        yield from _of_folder(source, max_bytes)
    elif _is_lines(source):
        yield from _of_lines(source, max_bytes)
    else:
        yield from _of_file(source, max_bytes, first=0, share=None)


def _of_folder(folder: Path, max_bytes: int) -> Iterator[Item]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_page(path)]
    position = 0
    for number, path in enumerate(files):
        share = (number + 1) / len(files)
        for item in _of_file(path, max_bytes, first=position, share=share):
            yield item
            position = item.position + 1


def _of_file(path: Path, max_bytes: int, *, first: int, share: float | None) -> Iterator[Item]:
    limits = FetchSettings(max_bytes=max_bytes)
    position = first
    try:
        for content in captures(str(path), fetch=limits):
            url = content.url or str(path) if isinstance(content, Capture) else str(path)
            yield Item(position, url, content, 0.0 if share is None else share)
            position += 1
    except OnrecordError as error:
        if share is None and position == first and not is_archive(path):
            raise
        told = Problem("bulk", type(error).__name__, str(error))
        yield Item(position, str(path), told, share or 0.0)


def _of_lines(source: Path, max_bytes: int) -> Iterator[Item]:
    try:
        size = source.stat().st_size
        with source.open("rb") as raw:
            stream = _unpacked(raw, source)
            position = 0
            while line := stream.readline(MAX_LINE + 1):
                if line.strip():
                    share = raw.tell() / size if size else 1.0
                    yield _of_line(line, position, source, max_bytes=max_bytes, share=share)
                position += 1
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MissingFileError(
            f"cannot read {str(source)!r}: {reason}; expected JSON lines with html or text"
        ) from error


def _of_line(line: bytes, position: int, source: Path, *, max_bytes: int, share: float) -> Item:
    try:
        capture = _page_of(line, max_bytes)
    except (ValueError, RecursionError, InputError) as error:
        told = Problem("bulk", type(error).__name__, f"line {position + 1}: {error}")
        return Item(position, str(source), told, share)
    return Item(position, capture.url or str(source), capture, share)


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


def _is_page(path: Path) -> bool:
    return path.suffix.lower() in MEDIA_TYPES or is_archive(path) or _is_lines(path)
