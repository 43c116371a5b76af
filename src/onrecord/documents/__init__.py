"""Files and folders read into documents for the collection, one at a time.

`documents` tells the form of a file by its name and its first bytes. What cannot be read is
named as `Refused` and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onrecord.documents.made import Refused, document_id
from onrecord.record import Document

__all__ = ["MAX_BYTES", "Refused", "document_id", "documents"]

MAX_BYTES = 10_000_000  # bytes of one document, unpacked; as `fetch.max_bytes` for a page


def documents(path: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[Document | Refused]:
    """The documents in a file, or in the files of a folder in sorted order, and what was refused.

    Reads as it is asked, so that a file of any size takes the memory of one document. `max_bytes`
    is the most that one document may have. Nothing that a file holds raises; a path that does not
    exist comes as `Refused`.
    """
    try:
        with path.open() as file:
            text = file.read(max_bytes)
    except (OSError, UnicodeError) as error:
        yield Refused(str(path), 0, str(error))
        return
    yield Document(id=document_id(path.name, text), text=text, title=path.name, source=str(path))
