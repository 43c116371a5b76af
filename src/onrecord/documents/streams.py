"""A file opened for reading as a stream of bytes: unpacked, bounded, and watched for changes."""

from __future__ import annotations

import bz2
import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from onrecord.errors import EmptyPageError, InputError, MediaTypeError, MissingFileError

__all__ = ["PACKED", "Stream", "lines", "opened", "whole"]

PACKED = (".gz", ".bz2", ".zst")
_PIECE = 1_000_000  # bytes
_ZSTD_WINDOW = 2**27  # 128 MiB, what `zstd --long` writes at most by default


class Stream:
    """The bytes of a file as they are asked for.

    At most as many bytes of the file are read as it had when it was opened, so that one that
    grows comes to an end. `read` raises `InputError` for packed data that is damaged.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._file = file
        self._begun = os.fstat(file.fileno())
        self._left = self._begun.st_size
        self._short = False
        self._unpacked = _unpacker(path, cast("BinaryIO", _Bounded(self)))
        self._ahead = b""

    def read(self, amount: int = _PIECE) -> bytes:
        """The next bytes, at most `amount`; none at the end."""
        if self._ahead:
            piece, self._ahead = self._ahead[:amount], self._ahead[amount:]
            return piece
        return self._more(amount)

    def _more(self, amount: int) -> bytes:
        try:
            return bytes(self._unpacked.read(amount))
        except _faults() as error:
            raise MediaTypeError(f"does not unpack: {error}") from error
        except OSError as error:
            raise MissingFileError(f"cannot be read on: {error.strerror or error}") from error

    def peek(self, amount: int) -> bytes:
        """The first bytes, which `read` gives again."""
        while len(self._ahead) < amount and (piece := self._more(amount)):
            self._ahead += piece
        return self._ahead[:amount]

    def raw(self, amount: int) -> bytes:
        """The next bytes of the file itself."""
        piece = self._file.read(min(amount, self._left))
        if not piece and self._left and amount:
            self._short = True
        self._left -= len(piece)
        return piece

    def change(self) -> str:
        """What changed in the file since it was opened; empty when nothing did."""
        now = os.fstat(self._file.fileno())
        if self._short or now.st_size < self._begun.st_size:
            return (
                f"shrank from {self._begun.st_size} to {now.st_size} bytes while it was read; "
                "add it again when it is complete"
            )
        if (now.st_size, now.st_mtime_ns) != (self._begun.st_size, self._begun.st_mtime_ns):
            return "changed while it was read; add it again when nothing writes to it"
        return ""


class _Bounded:
    """What an unpacker reads from."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, amount: int = _PIECE) -> bytes:
        return self._stream.raw(amount if amount >= 0 else _PIECE)

    def readable(self) -> bool:
        return True


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """A regular file as a stream; raises `InputError` when it is none, is empty or cannot be read.

    Never waits: a named pipe or a device is refused by its kind.
    """
    try:
        # A pipe put in the place of the file between the two calls must not be waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
        with os.fdopen(descriptor, "rb") as file:
            kind = os.fstat(descriptor)
            if not stat.S_ISREG(kind.st_mode):
                raise MissingFileError("is no regular file; expected a file that can be read twice")
            if not kind.st_size:
                raise EmptyPageError("is empty; expected text")
            yield Stream(path, file)
    except OSError as error:
        raise MissingFileError(f"cannot be opened: {error.strerror or error}") from error


_BINARY = getattr(os, "O_BINARY", 0)  # Windows would change line ends


def whole(stream: Stream, *, max_bytes: int) -> bytes:
    """All bytes of a stream; `InputError` when there are more than `max_bytes`."""
    pieces: list[bytes] = []
    left = max_bytes + 1
    while left and (piece := stream.read(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    if not left:
        raise InputError(
            f"has more than {max_bytes} bytes; raise the setting for the largest document, or "
            "split it"
        )
    return b"".join(pieces)


def lines(stream: Stream, *, max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers from 1 and their ends; `None` for one of over `max_bytes`."""
    number = 1
    rest = b""
    too_long = False
    while piece := stream.read():
        *ended, rest = (rest + piece).split(b"\n")
        for line in ended:
            yield number, None if too_long or len(line) > max_bytes else line + b"\n"
            number += 1
            too_long = False
        if len(rest) > max_bytes:
            rest, too_long = b"", True
    if rest or too_long:
        yield number, None if too_long else rest


def _unpacker(path: Path, raw: BinaryIO) -> Any:  # noqa: ANN401 - three libraries' readers
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return gzip.GzipFile(fileobj=raw, mode="rb")
    if suffix == ".bz2":
        return bz2.BZ2File(raw)
    if suffix == ".zst":
        import zstandard

        decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        return decoder.stream_reader(raw, read_across_frames=True)
    return raw


def _faults() -> tuple[type[Exception], ...]:
    """What the unpackers raise on damaged data."""
    import zstandard

    return (zlib.error, EOFError, gzip.BadGzipFile, zstandard.ZstdError, ValueError)
