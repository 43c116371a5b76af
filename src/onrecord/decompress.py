"""Compressed bodies read with a cap on the bytes that come out, whatever their ratio.

A gigabyte of zeros is 1.6 kB of brotli, so neither the length of what came in nor a ratio says
anything: each layer hands out small pieces, and reading stops at the cap.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from onrecord.errors import NetworkError, TooLargeError

__all__ = ["Source", "read_capped", "unpacked"]

_PIECE = 65_536  # bytes asked for at a time
_MOST_LAYERS = 3
_ZSTD_WINDOW = 2**23  # 8 MiB, the most that RFC 9659 allows on the web


class Source(Protocol):
    """Anything with `read(n)` that gives at most n bytes and `b""` at its end."""

    def read(self, amount: int, /) -> bytes:
        """At most `amount` bytes."""
        ...


class _Capped:
    """A source that refuses to give more than `cap` bytes."""

    def __init__(self, source: Source, cap: int, name: str) -> None:
        self._source = source
        self._left = cap
        self._cap = cap
        self._name = name

    def read(self, amount: int, /) -> bytes:
        piece = self._source.read(min(amount, _PIECE, self._left + 1))
        if len(piece) > self._left:
            raise TooLargeError(
                f"{self._name} is larger than {self._cap} bytes when unpacked; "
                "raise the setting fetch.max_bytes if it is a page all the same"
            )
        self._left -= len(piece)
        return piece


class _Zlib:
    """Gzip, in one or more members, or deflate with and without its header."""

    def __init__(self, source: Source, *, gzip: bool) -> None:
        self._source = source
        self._gzip = gzip
        self._decoder = zlib.decompressobj(31 if gzip else 15)
        self._waiting = b""
        self._begun = False
        self._ended = False

    def read(self, amount: int, /) -> bytes:
        while True:
            if not self._waiting:
                self._waiting = self._source.read(_PIECE)
                if not self._waiting:
                    return self._rest(amount)
            if self._decoder.eof:
                if not self._gzip or not self._waiting.startswith(b"\x1f"):
                    self._waiting = b""  # bytes after the end mean nothing
                    self._ended = True
                    return b""
                self._decoder = zlib.decompressobj(31)
            piece = self._decode(amount)
            if piece:
                return piece

    def _decode(self, amount: int) -> bytes:
        data, self._waiting = self._waiting, b""
        try:
            piece = self._decoder.decompress(data, amount)
        except zlib.error:
            if self._gzip or self._begun:
                raise
            self._decoder = zlib.decompressobj(-15)
            piece = self._decoder.decompress(data, amount)
        self._begun = True
        self._waiting = self._decoder.unused_data or self._decoder.unconsumed_tail
        return piece

    def _rest(self, amount: int) -> bytes:
        if self._ended or self._decoder.eof:
            return b""
        piece = self._decoder.decompress(self._decoder.unconsumed_tail, amount)
        if not piece and self._begun and not self._decoder.eof:
            raise EOFError("the compressed body ends in the middle")
        return piece


class _Brotli:
    def __init__(self, source: Source) -> None:
        import brotli

        self._source = source
        self._decoder = brotli.Decompressor()
        self._begun = False

    def read(self, amount: int, /) -> bytes:
        while not self._decoder.is_finished():
            data = b""
            if self._decoder.can_accept_more_data():
                data = self._source.read(_PIECE)
                if not data and not self._begun:
                    return b""
            self._begun = True
            piece: bytes = self._decoder.process(data, output_buffer_limit=amount)
            if piece:
                return piece
            hungry = self._decoder.can_accept_more_data() and not self._decoder.is_finished()
            if hungry and not data:
                raise EOFError("the compressed body ends in the middle")
        return b""


def _gzip(source: Source) -> Source:
    return _Zlib(source, gzip=True)


def _deflate(source: Source) -> Source:
    return _Zlib(source, gzip=False)


def _zstd(source: Source) -> Source:
    import zstandard

    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    reader: Source = decoder.stream_reader(cast("Any", source), read_across_frames=True)
    return reader


_LAYERS: dict[str, Callable[[Source], Source]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _Brotli,
    "zstd": _zstd,
}


def unpacked(source: Source, encodings: Sequence[str], *, cap: int, name: str) -> bytes:
    """The whole of a body, without the content encodings that were put on it in that order.

    Neither the body nor what any layer gives may be more than `cap` bytes: `TooLargeError`. An
    encoding that is not known, more than three layers, and broken data are a `NetworkError`.
    """
    layers = [each for each in encodings if each not in {"", "identity"}]
    if len(layers) > _MOST_LAYERS:
        raise NetworkError(f"{name} is compressed {len(layers)} times; expected at most 3")
    import brotli
    import zstandard

    reader: Source = _Capped(source, cap, name)
    for layer in reversed(layers):
        make = _LAYERS.get(layer)
        if make is None:
            raise NetworkError(
                f"{name} has the content encoding {layer[:40]!r}; expected gzip, deflate, br or zstd"
            )
        reader = _Capped(make(reader), cap, name)
    try:
        return read_capped(reader, cap=cap, name=name)
    except (zlib.error, EOFError, brotli.error, zstandard.ZstdError) as error:
        raise NetworkError(f"{name} is damaged: {error}; try again later") from error


def read_capped(source: Source, *, cap: int, name: str) -> bytes:
    """All bytes of a source; `TooLargeError` as soon as there are more than `cap`."""
    reader = _Capped(source, cap, name)
    pieces: list[bytes] = []
    while piece := reader.read(_PIECE):
        pieces.append(piece)
    return b"".join(pieces)
