"""A worker process of a bulk run: `python -m onrecord.bulk_worker SOCKET`.

It is a plain child process, not one of `multiprocessing`, so that it starts without the module of
whoever began the run, and inside a daemon process too, as a Dask worker is one. Over its socket it
gets the settings, then page after page, and gives a record or a reason for each.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from onrecord.errors import OnrecordError
from onrecord.record import Capture, Page, Record
from onrecord.settings import Settings
from onrecord.terms import RegionKind

if TYPE_CHECKING:
    from onrecord.compose import Desk

__all__ = [
    "FAILURE",
    "GOING_ON",
    "LEAVING",
    "RECORD",
    "Rules",
    "main",
    "opening",
    "packed",
    "read_pages",
    "unpacked",
    "without_comments",
]

# The first two bytes of an answer: what it holds, and whether the worker takes another page.
RECORD, FAILURE = b"R", b"F"
GOING_ON, LEAVING = b"+", b"-"

# A worker that holds more than this after a page leaves, and a fresh one takes its place. The
# promise is 900 MB; on saved pages rule stages held up to 240, tagger and claims 357, with matching
# 568 (bench/tasks/bulk.py, peak_megabytes).
MAX_RESIDENT = 800_000_000  # bytes
# It reads so many pages first: a very large library is more than that by itself, and would make a
# worker leave after each page.
MIN_PAGES = 200
# A worker leaves after so many pages whatever it holds: what leaks slowly, in a library's memory or
# its open files, stays bounded. A start costs a second or two of the 500 that they take at 20 a second.
MAX_PAGES = 10_000
# A page for which the reader asks for more is a failure with a name, before the system's own killer
# takes some other process. Counts what a process may write to, not the files that it maps.
MAX_WRITABLE = 4_000_000_000  # bytes

_PARENT_DIED = 1  # PR_SET_PDEATHSIG of prctl(2)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a bulk run works: worker processes, seconds for one page, and what is kept."""

    workers: int = 2
    page_seconds: float = 60.0
    keeps_comments: bool = False
    max_bytes: int = 10_000_000
    writes_parquet: bool = False
    lock_seconds: float = 0.0  # how long another writer of the same shard is waited for


def opening(settings: Settings, rules: Rules) -> bytes:
    """The first message to a worker: settings and rules as JSON."""
    return json.dumps([asdict(settings), asdict(rules)]).encode()


def packed(capture: Capture) -> bytes:
    """A page for a worker, without pickle: a head of JSON, then the bytes."""
    head = json.dumps([capture.url, capture.retrieved, capture.media_type]).encode()
    return len(head).to_bytes(4, "big") + head + capture.body


def unpacked(data: bytes) -> Capture:
    """The page that `packed` gave."""
    size = int.from_bytes(data[:4], "big")
    url, retrieved, media_type = json.loads(data[4 : 4 + size])
    return Capture(url, retrieved, media_type, data[4 + size :])


def without_comments(page: Page) -> Page:
    """The page with readers' comments taken out: blanks stand there, so that offsets stay."""
    spans = [region.span for region in page.regions if region.kind is RegionKind.COMMENT]
    if not spans:
        return page
    text = page.text
    for span in spans:
        words = span.of(text)
        blank = "".join("\n" if character == "\n" else " " for character in words)
        text = text[: span.start] + blank + text[span.end :]
    regions = tuple(one for one in page.regions if one.kind is not RegionKind.COMMENT)
    return replace(page, text=text, regions=regions)


def main(arguments: Sequence[str]) -> int:
    """A worker's life, from its first message to the end of its socket."""
    _die_with_parent()
    # Libraries log about odd pages, thousands of times in an archive; only our own words are shown.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.getLogger("onrecord").addHandler(logging.StreamHandler())
    with Connection(int(arguments[0])) as pipe, contextlib.suppress(EOFError, ConnectionError):
        settings, rules = _opened(pipe.recv_bytes())
        read_pages(pipe, settings, rules)
    return 0


def read_pages(pipe: Connection, settings: Settings, rules: Rules) -> None:
    """Says that it is ready, then reads pages until the pipe closes or it is time to leave.

    The first answer holds the stages as JSON, `[[name, version, digest of the model], ...]`, or why
    there is none.
    """
    from onrecord.codec import encode
    from onrecord.compose import open_desk

    try:
        desk = open_desk(settings)
        _warm(settings)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run has to say it
        pipe.send_bytes(FAILURE + LEAVING + _told(error))
        return
    stages = [[one.name, one.version, one.model_digest] for one in desk.pipeline.stages]
    pipe.send_bytes(RECORD + GOING_ON + json.dumps(stages).encode())
    n_pages = 0
    while True:
        data = pipe.recv_bytes()
        n_pages += 1
        leaves = False
        try:
            kind, body = RECORD, encode(_checked(desk, unpacked(data), rules))
        except OnrecordError as error:
            kind, body = FAILURE, _told(error)
        except MemoryError:
            kind, body, leaves = FAILURE, b"MemoryError: the page needs too much memory", True
        except Exception as error:  # noqa: BLE001 - the outermost loop: a bug costs one page
            _log.warning("a page cannot be read", exc_info=True)
            kind, body = FAILURE, _told(error)
        grown = n_pages >= MIN_PAGES and _resident() > MAX_RESIDENT
        leaves = leaves or grown or n_pages >= MAX_PAGES
        pipe.send_bytes(kind + (LEAVING if leaves else GOING_ON) + body)
        if leaves:
            return


def _checked(desk: Desk, capture: Capture, rules: Rules) -> Record:
    from onrecord.read import read

    page = read(capture)
    if not rules.keeps_comments:
        page = without_comments(page)
    desk.problems.clear()
    record = desk.pipeline(page, strict=desk.settings.strict)
    # Times differ from run to run; without them the same input gives the same bytes.
    steps = tuple(replace(step, seconds=0.0) for step in record.steps)
    return replace(record, steps=steps, problems=(*record.problems, *desk.problems))


# What a worker reads before it says that it is ready: tables and libraries are loaded at a first
# page, which takes longer than the hundred after it.
_FIRST = b"""<html lang="en"><head><title>A bridge</title></head><body><h1>A bridge</h1>
<p>The bridge is safe, Mayor Ann Lee said on Monday, and 40 people cross it each day.</p>
</body></html>"""


def _warm(settings: Settings) -> None:
    from onrecord.pipeline import Pipeline
    from onrecord.ports import Ports
    from onrecord.read import read
    from onrecord.stages import stages_for

    # Without library, collection and live sources: nothing outside is asked about no page.
    Pipeline(stages_for(settings, Ports()))(read(Capture(None, None, "text/html", _FIRST)))


def _told(error: Exception) -> bytes:
    return f"{type(error).__name__}: {error}".encode("utf-8", "replace")


def _opened(data: bytes) -> tuple[Settings, Rules]:
    settings, rules = json.loads(data)
    return _restored(Settings(), settings), _restored(Rules(), rules)


def _restored(like: Any, value: Any) -> Any:  # noqa: ANN401 - any dataclass of settings
    """What `asdict` and JSON made of a dataclass with the types of `like`."""
    if is_dataclass(like) and not isinstance(like, type):
        made = {
            one.name: _restored(getattr(like, one.name), value[one.name]) for one in fields(like)
        }
        return type(like)(**made)
    if isinstance(value, list):
        return tuple(_restored(None, one) for one in value)
    return value


def _resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - after every page
            return int(stream.read().split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def _die_with_parent() -> None:
    """A worker never outlives the run: the kernel ends it, though a page may hang in C code."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_WRITABLE, MAX_WRITABLE))
    if sys.platform == "linux":
        parent = os.getppid()
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGKILL)
        if os.getppid() != parent:  # it died in between
            os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
