"""What a bulk run writes: a shard for each input, and `run.json` for how the folder was made.

    out/run.json                             settings and stages of every shard beside it
    out/input-1f2e3d4c.jsonl                 one record a line, in order of the input
    out/input-1f2e3d4c.failures.jsonl        what could not be read, and why
    out/folder-1f2e3d4c.pages.json           of a folder: its pages in the order of their positions

A shard that is written to is locked, so that two runs never write the same one; the lock goes with
the process that holds it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from onrecord.bulk_inputs import WHOLE_INPUT, Item, is_remote, loose_pages
from onrecord.errors import StoreError

__all__ = [
    "Shard",
    "claim_folder",
    "holds_pages",
    "kept_pages",
    "lines",
    "open_shard",
    "shard_name",
]

DONE_SUFFIX, FAILED_SUFFIX = ".jsonl", ".failures.jsonl"
PAGES_SUFFIX = ".pages.json"
RUN_FILE = "run.json"
MAX_REASON = 500  # characters
_HEAD = b'{"position": '
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL})


@dataclass(slots=True)
class Shard:
    """The two files of an input, open to be added to, and the positions that they held."""

    done: IO[bytes]
    failed: IO[bytes]
    seen: set[int]
    n_done: int = 0
    n_failed: int = 0

    def record(self, position: int, body: bytes) -> None:
        """Adds a record."""
        self.done.write(_HEAD + b"%d, " % position + body[1:] + b"\n")
        self.n_done += 1

    def failure(self, item: Item, reason: str) -> None:
        """Adds a failure to the ledger."""
        row = {"position": item.position, "url": item.url, "reason": reason[:MAX_REASON]}
        self.failed.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        self.n_failed += 1

    def flush(self) -> None:
        """Gives what was written to the disk."""
        for stream in (self.done, self.failed):
            stream.flush()
            os.fsync(stream.fileno())


def shard_name(source: Path | str) -> str:
    """The name of an input's shard: from its name and its whole path, so that two never share."""
    whole = str(source) if is_remote(source) else str(Path(source).absolute())
    digest = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:8]
    name = whole.rstrip("/").rpartition("/")[2]
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in name)[:80]
    return f"{plain}-{digest}"


def holds_pages(source: Path | str, out: Path) -> bool:
    """Whether the folder holds records or failures of the input already."""
    for suffix in (DONE_SUFFIX, FAILED_SUFFIX):
        path = out / (shard_name(source) + suffix)
        if path.is_file() and path.stat().st_size:
            return True
    return False


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The records of a shard: position in the input, and the JSON that `codec.decode` reads.

    A last line that a kill cut short is left out.
    """
    with path.open("rb") as stream:
        for line in stream:
            if not line.endswith(b"\n"):
                return
            head, _, rest = line.partition(b", ")
            yield int(head.removeprefix(_HEAD)), b"{" + rest.rstrip(b"\n")


@contextlib.contextmanager
def open_shard(source: Path | str, out: Path, *, lock_seconds: float = 0.0) -> Iterator[Shard]:
    """The shard of an input, locked; what a kill cut short is taken off first.

    What an earlier run said of the input as a whole is taken off too: the input is tried again.
    Raises `StoreError` when the folder cannot be written, or when somebody else writes this shard
    and is not done after `lock_seconds`.
    """
    name = shard_name(source)
    paths = (out / (name + DONE_SUFFIX), out / (name + FAILED_SUFFIX))
    try:
        out.mkdir(parents=True, exist_ok=True)
        with paths[0].open("ab") as done:
            _lock(done, paths[0], seconds=lock_seconds)
            paths[1].touch()
            _without_whole(paths[1])
            held = [_positions(path) for path in paths]
            with paths[1].open("ab") as failed:
                yield Shard(done, failed, held[0] | held[1], len(held[0]), len(held[1]))
    except OSError as error:
        raise StoreError(
            f"cannot write to {str(out)!r}: {error.strerror}; name another folder with --out"
        ) from error


def kept_pages(folder: Path, out: Path) -> tuple[str, ...]:
    """The pages of a folder in the order in which they are counted.

    It is kept beside the shard: pages that come into the folder later are put behind the others, so
    that positions stay what they were. To be called while the shard is open.
    """
    path = out / (shard_name(folder) + PAGES_SUFFIX)
    try:
        kept = json.loads(path.read_bytes()) if path.is_file() else []
    except ValueError as error:
        raise StoreError(f"{str(path)!r} is damaged; name another folder with --out") from error
    pages = (*kept, *sorted(set(loose_pages(folder)).difference(kept)))
    new = path.with_name(f".{path.name}.new")
    new.write_text(json.dumps(pages, indent=0), encoding="utf-8")
    new.replace(path)
    return pages


def claim_folder(out: Path, made_by: Mapping[str, Any]) -> None:
    """Writes how the folder's records are made; compares where it was written before.

    Raises `StoreError` that names the difference: records of two kinds never stand side by side.
    """
    path = out / RUN_FILE
    body = json.dumps(made_by, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    try:
        out.mkdir(parents=True, exist_ok=True)
        kept = _kept(path)
        if kept is None and _has_shards(out):
            raise StoreError(
                f"{str(out)!r} holds records but no {RUN_FILE} that says how they were made; "
                "name another folder with --out"
            )
        if kept is None:
            _write_once(path, body)
            kept = _kept(path)
    except OSError as error:
        raise StoreError(
            f"cannot write to {str(out)!r}: {error.strerror}; name another folder with --out"
        ) from error
    before, now = _flat(kept), _flat(json.loads(body))
    if before != now:
        names = sorted(key for key in {*before, *now} if before.get(key) != now.get(key))
        told = "; ".join(
            f"{key} {_shown(before, key)} then, {_shown(now, key)} now" for key in names[:4]
        )
        raise StoreError(
            f"{str(out)!r} holds records that were made in another way: {told}; go on with the "
            "same settings, or name another folder with --out"
        )


def _write_once(path: Path, body: bytes) -> None:
    """Writes a file whole, unless it is there: of several runs that begin at once one writes."""
    new = path.with_name(f".{path.name}.{os.getpid()}-{time.monotonic_ns()}")
    new.write_bytes(body)
    try:
        os.link(new, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links, where only the order of two runs is lost
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _kept(path: Path) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise StoreError(
            f"{str(path)!r} is damaged ({error}); name another folder with --out"
        ) from error


def _has_shards(out: Path) -> bool:
    return any(path.stat().st_size for path in out.glob(f"*{DONE_SUFFIX}"))


def _flat(value: Any, name: str = "") -> dict[str, Any]:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        return {name: value}
    parts = ((f"{name}.{key}" if name else str(key), part) for key, part in value.items())
    return {key: one for path, part in parts for key, one in _flat(part, path).items()}


def _shown(table: Mapping[str, Any], key: str) -> str:
    return json.dumps(table[key], ensure_ascii=False) if key in table else "not there"


def _lock(stream: IO[bytes], path: Path, *, seconds: float) -> None:
    """Locks an open file; the kernel takes the lock away when the process ends, however it does."""
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise StoreError(
                    f"{str(path)!r} cannot be locked: its file system has no locks, and two runs "
                    "could write it at once; name a folder on another one with --out"
                ) from error
            if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                raise
            if time.monotonic() >= until:
                raise StoreError(
                    f"another run is writing {str(path)!r}; wait until it is done, or end it"
                ) from error
            time.sleep(0.2)
        else:
            return


def _positions(path: Path) -> set[int]:
    """The positions that the lines of a file say, once it is cut before the first damaged line.

    A kill leaves half a line at the end; a power cut may leave zeros.
    """
    found: set[int] = set()
    good = 0
    with path.open("rb") as stream:
        for line in stream:
            digits, comma, _ = line[len(_HEAD) : 40].partition(b",")
            if not (line.startswith(_HEAD) and comma and line.endswith(b"}\n")):
                break
            try:
                found.add(int(digits))
            except ValueError:
                break
            good += len(line)
    if good < path.stat().st_size:
        os.truncate(path, good)
    return found


def _without_whole(path: Path) -> None:
    start = _HEAD + b"%d," % WHOLE_INPUT
    with path.open("rb") as stream:
        if not any(line.startswith(start) for line in stream):
            return
    new = path.with_name(f".{path.name}.new")
    with path.open("rb") as old, new.open("wb") as stream:
        stream.writelines(line for line in old if not line.startswith(start))
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
