"""The pages of a WARC or ARC archive as documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onrecord import warc
from onrecord.documents.made import Refused, named
from onrecord.documents.pages import of_capture
from onrecord.record import Document, Problem

__all__ = ["of_archive"]


def of_archive(path: Path, *, max_bytes: int) -> Iterator[Document | Refused]:
    """The document of each page of an archive; records that are damaged or no page are named."""
    try:
        before = path.stat()
    except OSError as error:
        yield Refused(named(path), 0, f"cannot be opened: {error.strerror or error}")
        return
    for found in warc.captures(path):
        if isinstance(found, Problem):
            yield Refused(named(path), 0, found.message)
        elif len(found.body) > max_bytes:
            yield Refused(named(path), 0, f"{found.url} has more than {max_bytes} bytes")
        else:
            for document in of_capture(found, path=path):
                if isinstance(document, Refused) and found.url:
                    yield Refused(
                        document.source,
                        0,
                        f"{found.url}: {document.reason}",
                        n_documents=document.n_documents,
                    )
                else:
                    yield document
    now = path.stat() if path.exists() else None
    if now is None or (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        reason = "changed while it was read; add it again when nothing writes to it"
        yield Refused(named(path), 0, reason, n_documents=0)
