"""Answers that unpack to far more than they are, and a worker that says what reading one cost.

Run as a program it reads `[[encodings, n_bytes, declared_length], ...]` as JSON from standard
input and prints for each the error and the growth of the process's peak memory in bytes.
"""

import gzip
import io
import json
import resource
import sys
import time
import zlib
from pathlib import Path

PIECE = bytes(1 << 20)


def peak_memory() -> int:
    """Peak memory of this program in bytes; `ru_maxrss` would begin at its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def bomb(encoding: str, n_bytes: int) -> bytes:
    """`n_bytes` zero bytes in one encoding; `gzip, gzip` packs them twice."""
    first, *rest = [each.strip() for each in encoding.split(",")]
    packed = _pack(first, n_bytes)
    for layer in rest:
        packed = _pack_bytes(layer, packed)
    return packed


def _pack(encoding: str, n_bytes: int) -> bytes:
    n_pieces = n_bytes // len(PIECE)
    if encoding == "br":
        import brotli

        packer = brotli.Compressor(quality=5)
        return b"".join([*(packer.process(PIECE) for _ in range(n_pieces)), packer.finish()])
    if encoding == "zstd":
        import zstandard

        packer = zstandard.ZstdCompressor(level=1).compressobj()
        return b"".join([*(packer.compress(PIECE) for _ in range(n_pieces)), packer.flush()])
    packer = zlib.compressobj(1, wbits=31 if encoding == "gzip" else 15)
    return b"".join([*(packer.compress(PIECE) for _ in range(n_pieces)), packer.flush()])


def _pack_bytes(encoding: str, data: bytes) -> bytes:
    if encoding == "br":
        import brotli

        return brotli.compress(data, quality=5)
    if encoding == "zstd":
        import zstandard

        return zstandard.compress(data)
    return gzip.compress(data, 6) if encoding == "gzip" else zlib.compress(data)


if __name__ == "__main__":
    from onrecord.decompress import unpacked
    from onrecord.errors import OnrecordError

    def peak() -> int:
        return peak_memory()

    unpacked(
        io.BytesIO(bomb("gzip, br, zstd", 1 << 20)), ["gzip", "br", "zstd"], cap=2 << 20, name="x"
    )
    for encoding, path in json.load(sys.stdin):
        with Path(path).open("rb") as file:
            before, start = peak(), time.process_time()
            try:
                unpacked(
                    file, [e.strip() for e in encoding.split(",")], cap=10_000_000, name="the page"
                )
                found = "nothing"
            except OnrecordError as error:
                found = type(error).__name__
            seconds = time.process_time() - start
        sys.stdout.write(json.dumps([encoding, found, peak() - before, seconds]) + "\n")
