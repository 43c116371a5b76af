"""Pages that enter the desk join the history of texts, after the history was asked about them.

The next page that shares words with one of them finds it there, with the time at which the desk saw
it. Worker, watching and commands may add at once: one at a time, by a lock beside the index.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.documents.pages import of_capture
from onrecord.errors import OnrecordError, StoreError
from onrecord.ports import Sighting
from onrecord.record import Document
from onrecord.reuse.index import open_fingerprint_index
from onrecord.settings import HISTORY_FOLDER
from onrecord.store import history

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.record import Capture, Record

__all__ = ["remember", "remember_quietly", "texts_of", "without_itself"]

_LOCK = "history.lock"
logger = logging.getLogger(__name__)


def texts_of(capture: Capture) -> tuple[Document, ...]:
    """The text of a page as the history keeps it: one, or none where nothing can be read.

    A pasted page has no address; a name made from its bytes stands in place of one.
    """
    source = capture.url or f"urn:sha256:{hashlib.sha256(capture.body).hexdigest()}"
    return tuple(
        replace(one, source=source)
        for one in of_capture(capture, path=Path(source))
        if isinstance(one, Document)
    )


def without_itself(record: Record, own: Sequence[Document]) -> Record:
    """The record without what it found of the page's own text, as when a page is pasted twice."""
    ids = {one.id for one in own}
    kept = tuple(one for one in record.reuse or () if one.passage.document not in ids)
    return record if record.reuse is None else replace(record, reuse=kept)


def remember(engine: sa.Engine, folder: Path, own: Sequence[Document], *, seen: str) -> int:
    """Adds the text of a page, seen at a time (ISO 8601, UTC), and returns how many are new.

    A text that is there from the same address keeps the earlier of its two sightings. Raises
    `StoreError` where history or index cannot be written.
    """
    n_new = 0
    with _alone(folder):
        for done in history.add(engine, [Sighting(one, seen) for one in own]):
            index = open_fingerprint_index(folder / HISTORY_FOLDER)
            n_new += index.add(((one.id, one.text) for one in done.fresh), seen=done.seen)
    return n_new


def remember_quietly(
    engine: sa.Engine, folder: Path, own: Sequence[Document], *, seen: str
) -> None:
    """`remember` for a page that is kept already: what fails is logged and costs the page nothing.

    A text that was stored and not indexed is made up for by the next `onrecord history add`.
    """
    try:
        remember(engine, folder, own, seen=seen)
    except OnrecordError as error:
        logger.warning("a page did not join the history: %s", error)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lets one process at a time add to the index."""
    try:
        with (folder / _LOCK).open("a") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise StoreError(
            f"cannot add to the history in {str(folder)!r}: {error.strerror}; expected a disk that "
            "is not full and can be written"
        ) from error
