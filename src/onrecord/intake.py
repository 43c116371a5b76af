"""What a person names on the command line, as captures: a file, standard input, an address."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from onrecord.errors import EmptyPageError, MissingFileError, TooLargeError
from onrecord.record import Capture, Problem

if TYPE_CHECKING:
    from onrecord.settings import FetchSettings

__all__ = ["captures", "is_address", "is_archive"]

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".pdf": "application/pdf",
}
STANDARD_INPUT = "-"


def is_address(argument: str) -> bool:
    """Whether the argument is an address rather than a file: it begins with a scheme and `//`."""
    scheme, colon, _ = argument.partition("://")
    return bool(colon) and scheme.isalnum()


def is_archive(path: Path) -> bool:
    """Whether the file is a WARC or ARC archive by its name."""
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    return name.endswith((".warc", ".arc"))


def captures(
    argument: str, *, fetch: FetchSettings, standard_input: BinaryIO | None = None
) -> Iterator[Capture | Problem]:
    """The captures that an argument names: one, or several for an archive.

    A damaged record of an archive comes as a `Problem` and the next one follows. Raises
    `MissingFileError`, `EmptyPageError`, `TooLargeError`, or a `FetchError` for an address.
    """
    if argument == STANDARD_INPUT:
        stream = standard_input or sys.stdin.buffer
        body = stream.read(fetch.max_bytes + 1)
        yield _capture(body, media_type="", name="standard input", max_bytes=fetch.max_bytes)
    elif is_address(argument):
        from onrecord.fetch import get

        yield get(argument, settings=fetch, now=datetime.now(UTC))
    else:
        yield from _file(Path(argument), max_bytes=fetch.max_bytes)


def _file(path: Path, *, max_bytes: int) -> Iterator[Capture | Problem]:
    if path.is_dir():
        raise MissingFileError(
            f"{str(path)!r} is a folder; expected a file, an address beginning with http:// or "
            "https://, or - for standard input"
        )
    if is_archive(path) and path.is_file():
        from onrecord.warc import captures as archived

        yield from archived(path)
        return
    try:
        with path.open("rb") as stream:
            body = stream.read(max_bytes + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise MissingFileError(
            f"cannot open {str(path)!r}: {reason}; give a file, an address beginning with "
            "http:// or https://, or - for standard input"
        ) from error
    media_type = MEDIA_TYPES.get(path.suffix.lower(), "")
    yield _capture(body, media_type=media_type, name=repr(str(path)), max_bytes=max_bytes)


def _capture(body: bytes, *, media_type: str, name: str, max_bytes: int) -> Capture:
    if len(body) > max_bytes:
        raise TooLargeError(
            f"{name} is larger than {max_bytes} bytes; raise the setting fetch.max_bytes, or give "
            "the article's page alone"
        )
    if not body.strip():
        raise EmptyPageError(f"{name} is empty; expected the text or the HTML of a page")
    return Capture(url=None, retrieved=None, media_type=media_type, body=body)
