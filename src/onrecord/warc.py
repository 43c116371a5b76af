"""The pages in a WARC or ARC archive; a damaged record costs itself and is named.

The archive is cut into records here, so that one can be skipped: a gzip member that does not
unpack, a length that leads nowhere and a header that cannot be read are each followed by a search
for the next record. What a record holds is read by warcio.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import mmap
import os
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from onrecord.decompress import unpacked
from onrecord.errors import (
    EmptyPageError,
    MissingFileError,
    NetworkError,
    TooLargeError,
    WarcError,
)
from onrecord.record import Capture, Problem

__all__ = ["captures"]

MAX_PAGE = 10_000_000  # bytes of one page, unpacked
MAX_KEPT = 16_000_000  # bytes of one record, or of one gzip member, held in memory
MAX_RECORD = 64_000_000  # bytes unpacked before a gzip member is given up
_LONGEST_HEADER = 65_536  # bytes
# Of the part of an archive that was read, the most that is kept mapped: memory stays flat however
# large the archive is.
_MOST_MAPPED = 16_000_000  # bytes
_MAX_PROBLEMS = 1_000  # damaged records named one by one

_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_WARC = re.compile(rb"WARC/[01]\.\d+\r?\n")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(
    rb"^content-length[ \t]*+:[ \t]*+(\d{1,15})[ \t]*+\r?$", re.IGNORECASE | re.MULTILINE
)
_ARC_LINE = re.compile(rb"[a-z][a-z0-9+.-]{1,20}+:[^\n]{1,8000}+\n")
_NEXT_ARC = re.compile(
    rb"(?<=\n)(?:https?|filedesc|dns):[^\n]{1,8000}+ (?:\d{14}) [^ \n]{1,200}+ \d{1,12}\r?\n"
)
_KIND = re.compile(rb"\nWARC-Type:[ \t]*+([a-z]{1,40}+)", re.IGNORECASE)
_START = re.compile(rb"WARC/|(?:https?|filedesc|dns|file|ftp):")
_TARGET = re.compile(rb"(\nWARC-Target-URI:[ \t]*+)([^\r\n]*+)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z\Z")
_ARC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\Z")
_PAGE_TYPES = frozenset(
    [
        "",
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "application/xml",
        "text/xml",
        "application/pdf",
    ]
)

_Bytes = bytes | mmap.mmap


def captures(
    path: Path | str, *, at: Callable[[int], None] = lambda _: None
) -> Iterator[Capture | Problem]:
    """The pages of an archive in order, and a problem for each damaged record.

    Pages are responses with a status of 2xx and resources, of a text type. `at` is told at which
    byte of the file reading has come, never backwards. Raises
    `MissingFileError` and `EmptyPageError` for the file itself; other records are passed over.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise EmptyPageError(f"{str(path)!r} is empty; expected a WARC or ARC archive")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as archive:
                released = 0

                def reached(byte: int) -> None:
                    nonlocal released
                    at(byte)
                    if byte - released >= _MOST_MAPPED:
                        end = byte - byte % mmap.PAGESIZE
                        archive.madvise(mmap.MADV_DONTNEED, released, end - released)
                        released = end

                for found in _captures(archive, str(path), reached):
                    yield found
                    # Reading mapped memory behind the end of a file would end the program.
                    size = os.fstat(file.fileno()).st_size
                    if size < len(archive):
                        yield Problem("warc", "WarcError", _shrunk(path, len(archive), size))
                        return
    except OSError as error:
        reason = error.strerror or str(error)
        raise MissingFileError(
            f"cannot open {str(path)!r}: {reason}; expected a WARC or ARC archive"
        ) from error


def _shrunk(path: Path, before: int, now: int) -> str:
    return (
        f"{str(path)!r} shrank from {before} to {now} bytes while it was read; read it again when "
        "it is complete"
    )


def _captures(archive: _Bytes, name: str, at: Callable[[int], None]) -> Iterator[Capture | Problem]:
    n_problems = 0
    for place, found in _records(archive):
        at(place)
        if isinstance(found, bytes):
            try:
                page = _page(found)
            except (WarcError, NetworkError, TooLargeError) as error:
                found = error  # noqa: PLW2901 - a record that turned out damaged
            else:
                if page is not None:
                    yield page
                continue
        n_problems += 1
        if n_problems <= _MAX_PROBLEMS:
            yield Problem("warc", type(found).__name__, f"{name!r}: {found}")
    if n_problems > _MAX_PROBLEMS:
        more = n_problems - _MAX_PROBLEMS
        yield Problem("warc", "WarcError", f"{name!r}: {more} more damaged records")


def _records(archive: _Bytes) -> Iterator[tuple[int, bytes | Exception]]:
    """Each record's bytes, or the error of a damaged stretch, whatever the packing.

    Before each stands the byte of the file that reading has come to.
    """
    if archive[:3] == _GZIP or _is_packed_later(archive):
        yield from _members(archive)
    elif archive[:4] == _ZSTD:
        yield from ((0, found) for found in _zstd(archive))
    else:
        yield from _split(archive, 0, "byte")


def _is_packed_later(archive: _Bytes) -> bool:
    """Whether the archive is a packed one whose very start is damaged."""
    if archive[:4] == _ZSTD or _START.match(archive[:64]):
        return False
    return _next_member(archive, 0) < _following(archive, 0)


def _members(archive: _Bytes) -> Iterator[tuple[int, bytes | Exception]]:
    """The records in each gzip member; after a broken one the next that begins like a record."""
    at = 0
    size = len(archive)
    while at < size:
        if archive[at : at + 3] != _GZIP:
            following = _next_member(archive, at + 1)
            if archive[at:following].strip(b"\0\r\n"):
                told = f"{following - at} bytes at byte {at} are no gzip; passed over"
                yield at, WarcError(told)
            at = following
            continue
        kept, end, fault = _inflated(archive, at)
        found = (record for _, record in _split(kept, at, "the member at byte"))
        if fault is None:
            yield from ((at, record) for record in found)
            at = end
            continue
        # What unpacked before the fault may hold whole records.
        yield from ((at, record) for record in found if isinstance(record, bytes))
        yield at, WarcError(f"the record at byte {at} {fault}")
        at = end if end > at else _next_member(archive, at + 1)


def _inflated(archive: _Bytes, at: int) -> tuple[bytes, int, str | None]:
    """What a member holds, where it ends (`at` when unknown), and what is wrong with it."""
    decoder = zlib.decompressobj(31)
    pieces: list[bytes] = []
    n_kept = n_seen = 0
    position = at
    waiting = b""
    while not decoder.eof:
        if not waiting:
            waiting = archive[position : position + 65_536]
            position += len(waiting)
            if not waiting:
                return b"".join(pieces), at, "ends in the middle"
        try:
            piece = decoder.decompress(waiting, 1_000_000)
        except zlib.error as error:
            return b"".join(pieces), at, f"does not unpack ({error})"
        waiting = decoder.unconsumed_tail
        n_seen += len(piece)
        if n_kept < MAX_KEPT:
            pieces.append(piece[: MAX_KEPT - n_kept])
            n_kept += len(pieces[-1])
        if n_seen > MAX_RECORD:
            return b"".join(pieces), at, f"has more than {MAX_RECORD} bytes; passed over"
    end = position - len(decoder.unused_data)
    fault = f"has {n_seen} bytes; expected at most {MAX_KEPT}" if n_seen > MAX_KEPT else None
    return b"".join(pieces), end, fault


def _next_member(archive: _Bytes, at: int) -> int:
    """Where the next gzip member begins whose first bytes unpack to a record, or the end."""
    while (at := archive.find(_GZIP, at)) >= 0:
        try:
            start = zlib.decompressobj(31).decompress(archive[at : at + 4_096], 64)
        except zlib.error:
            start = b""
        if _START.match(start):
            return at
        at += 1
    return len(archive)


def _zstd(archive: _Bytes) -> Iterator[bytes | Exception]:
    """The records of a zstandard archive, up to the most that one record may have."""
    import zstandard

    decoder = zstandard.ZstdDecompressor(max_window_size=2**27)
    reader = decoder.stream_reader(io.BytesIO(archive[:MAX_RECORD]), read_across_frames=True)
    kept = bytearray()
    try:
        while len(kept) <= MAX_KEPT and (piece := reader.read(1_000_000)):
            kept += piece
    except zstandard.ZstdError as error:
        yield from (found for _, found in _split(bytes(kept), 0, "unpacked byte"))
        yield WarcError(
            f"does not unpack after {len(kept)} bytes ({error}); use gzip or no packing"
        )
        return
    yield from (found for _, found in _split(bytes(kept[:MAX_KEPT]), 0, "unpacked byte"))
    if len(kept) > MAX_KEPT:
        yield WarcError(f"more than {MAX_KEPT} bytes unpacked; use gzip or no packing")


def _split(data: _Bytes, offset: int, place: str) -> Iterator[tuple[int, bytes | Exception]]:
    """The records that stand one after the other in unpacked bytes, each with where it begins."""
    at = 0
    size = len(data)
    while at < size:
        while at < size and data[at] in b"\r\n\0":
            at += 1
        if at >= size:
            return
        where = f"{place} {offset + at if place == 'byte' else offset}"
        end = _warc_end(data, at) if data[at : at + 5] == b"WARC/" else _arc_end(data, at)
        if end is not None and end <= size and _is_edge(data, end):
            whole = end - at <= MAX_KEPT
            yield at, data[at:end] if whole else _too_long(data[at : at + 4_096], where)
            at = end
            continue
        following = _following(data, at + 1)
        if end is not None and end > size and following >= size:
            yield at, WarcError(f"the record at {where} ends {end - size} bytes early")
        else:
            yield at, WarcError(f"the record at {where} has a damaged header or a wrong length")
        at = following


def _too_long(start: bytes, where: str) -> Exception:
    return TooLargeError(
        f"the record at {where} has more than {MAX_KEPT} bytes and begins {start[:60]!r}; passed over"
    )


def _warc_end(data: _Bytes, at: int) -> int | None:
    head = data[at : at + _LONGEST_HEADER]
    end = _HEADER_END.search(head)
    length = _LENGTH.search(head, 0, end.start() + 1) if end else None
    return at + end.end() + int(length[1]) if end and length and _WARC.match(head) else None


def _arc_end(data: _Bytes, at: int) -> int | None:
    line = _ARC_LINE.match(data[at : at + 8_192])
    if line is None:
        return None
    length = line[0].split()[-1]
    return at + line.end() + int(length) if length.isdigit() and len(length) < 13 else None


def _is_edge(data: _Bytes, at: int) -> bool:
    """Whether a record may end here: empty lines, the end of the file or another record follow."""
    after = data[at : at + 64]
    bare = after.lstrip(b"\r\n\0")
    return not bare or after[:4] == b"\r\n\r\n" or bool(_START.match(bare))


def _following(data: _Bytes, at: int) -> int:
    warc, arc = _WARC.search(data, at), _NEXT_ARC.search(data, at)
    return min(m.start() if m else len(data) for m in (warc, arc))


def _page(record: bytes) -> Capture | None:
    """The page that a record holds, or `None` for a record of another kind."""
    from warcio.bufferedreaders import BufferedReader
    from warcio.recordloader import ArcWarcRecordLoader

    # warcio mends addresses with spaces too, and says so on standard error.
    kind = _KIND.search(record, 0, _LONGEST_HEADER)
    if kind and kind[1].lower() not in {b"response", b"resource", b"conversion"}:
        return None
    record = _TARGET.sub(lambda found: found[1] + found[2].strip().replace(b" ", b"%20"), record, 1)
    try:
        loaded = ArcWarcRecordLoader(arc2warc=True).parse_record_stream(
            BufferedReader(io.BytesIO(record))
        )
    except _faults() as error:
        raise WarcError(f"a record that begins {record[:60]!r} cannot be read ({error})") from error
    if loaded.rec_type not in {"response", "resource", "conversion"}:
        return None
    header = loaded.rec_headers
    url = (header.get_header("WARC-Target-URI") or "").strip().strip("<>")
    what = f"the record of {url[:200]!r}"
    _check_digest(record, header.get_header("WARC-Block-Digest"), what)
    encodings: list[str] = []
    if loaded.http_headers is not None:
        status = loaded.http_headers.get_statuscode()
        if not re.fullmatch(r"2\d\d", status or ""):
            return None
        media_type = loaded.http_headers.get_header("Content-Type") or ""
        coding = loaded.http_headers.get_header("Content-Encoding") or ""
        encodings = [each.strip().lower() for each in coding.split(",")]
    elif loaded.rec_type == "response" and not url.startswith(("http:", "https:")):
        return None  # an answer of another protocol, such as dns
    else:
        media_type = loaded.content_type or ""
    if media_type.split(";")[0].strip().lower() not in _PAGE_TYPES:
        return None
    body = unpacked(_body(loaded), encodings, cap=MAX_PAGE, name=what)
    if not body.strip():
        return None
    return Capture(
        url=url if url.startswith(("http://", "https://")) else None,
        retrieved=_date(header.get_header("WARC-Date") or ""),
        media_type=media_type[:200],
        body=body,
    )


def _faults() -> tuple[type[Exception], ...]:
    """What warcio raises on a damaged record."""
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    return (
        ArchiveLoadFailed,
        StatusAndHeadersParserException,
        EOFError,
        ValueError,
        IndexError,
        AttributeError,
    )


def _body(loaded: Any) -> Any:  # noqa: ANN401 - warcio has no types
    """The payload, out of its chunks where the server sent it in chunks."""
    from warcio.bufferedreaders import ChunkedDataReader

    headers = loaded.http_headers
    if headers is not None and (headers.get_header("Transfer-Encoding") or "").lower() == "chunked":
        return ChunkedDataReader(loaded.raw_stream, decomp_type=None)
    return loaded.raw_stream


def _check_digest(record: bytes, declared: str | None, what: str) -> None:
    """Raise `WarcError` when the record's block is not what its digest says."""
    algorithm, _, value = (declared or "").strip().partition(":")
    algorithm = algorithm.lower().replace("-", "")
    end = _HEADER_END.search(record)
    if algorithm not in {"sha1", "sha256", "md5"} or end is None:
        return
    digest = hashlib.new(algorithm, record[end.end() :], usedforsecurity=False).digest()
    try:
        expected = _digest(value, len(digest))
    except (ValueError, binascii.Error):
        raise WarcError(f"{what} has a damaged digest {value[:80]!r}") from None
    if digest != expected:
        raise WarcError(f"{what} is not what its digest says; it was altered or damaged")


def _digest(value: str, size: int) -> bytes:
    """A digest of `size` bytes as written: hexadecimal, base 32 or base 64."""
    if len(value) == 2 * size:
        return bytes.fromhex(value)
    if len(value.rstrip("=")) == -(-8 * size // 5):
        return base64.b32decode(value.rstrip("=").upper() + "=" * (-len(value.rstrip("=")) % 8))
    return base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)


def _date(written: str) -> str | None:
    if _DATE.match(written):
        return written
    arc = _ARC_DATE.match(written)
    return "{}-{}-{}T{}:{}:{}Z".format(*arc.groups()) if arc else None
