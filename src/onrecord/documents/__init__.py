"""Files and folders read into documents for the collection, one at a time.

The form of a file is told by its name, and where that says nothing by its first bytes. What
cannot be read is named as `Refused` and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onrecord.documents.folders import files
from onrecord.documents.made import Refused, document_id, named
from onrecord.documents.streams import PACKED, Stream, opened, whole
from onrecord.errors import InputError, MediaTypeError
from onrecord.intake import MEDIA_TYPES, is_archive
from onrecord.record import Capture, Document

__all__ = ["MAX_BYTES", "Refused", "document_id", "documents"]

MAX_BYTES = 10_000_000  # bytes of one document, unpacked; as `fetch.max_bytes` for a page
_ROWS = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv", ".tab")
_START = 4_096  # bytes looked at where the name says nothing


def documents(path: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[Document | Refused]:
    """The documents in a file, or in the files of a folder in sorted order, and what was refused.

    Reads as it is asked, so that a file of any size takes the memory of one document. `max_bytes`
    is the most that one document may have. Nothing that a file holds raises; a path that does not
    exist comes as `Refused`.
    """
    for file in files(path):
        if isinstance(file, Refused):
            yield file
            continue
        try:
            yield from _file(file, max_bytes=max_bytes)
        except InputError as error:
            yield Refused(named(file), 0, str(error))


def _file(path: Path, *, max_bytes: int) -> Iterator[Document | Refused]:
    if is_archive(path):
        from onrecord.documents.archives import of_archive

        yield from of_archive(path, max_bytes=max_bytes)
        return
    form = _form(path)
    with opened(path) as stream:
        if form in _ROWS:
            from onrecord.documents.rows import of_rows

            found = of_rows(stream, path=path, max_bytes=max_bytes)
        elif form in _TABLES:
            from onrecord.documents.tables import of_table

            found = of_table(stream, path=path, max_bytes=max_bytes)
        elif form == ".xml":
            found = _xml(stream, path=path, max_bytes=max_bytes)
        else:
            found = _page(stream, form, path=path, max_bytes=max_bytes)
        yield from found
        change = stream.change()
        if change:
            yield Refused(named(path), 0, change, n_documents=0)


def _form(path: Path) -> str:
    """The ending that tells the form, without that of the packing; in small letters."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _xml(stream: Stream, *, path: Path, max_bytes: int) -> Iterator[Document | Refused]:
    from onrecord.documents.wiki import is_dump, of_dump

    start = stream.peek(_START)
    if is_dump(start):
        yield from of_dump(stream, path=path, max_bytes=max_bytes)
    elif b"<html" in start.lower():
        yield from _page(stream, ".xhtml", path=path, max_bytes=max_bytes)
    else:
        raise MediaTypeError("XML of an unknown form; expected a MediaWiki dump or XHTML")


def _page(stream: Stream, form: str, *, path: Path, max_bytes: int) -> Iterator[Document | Refused]:
    """The one document of a file; none of one that changed while it was read."""
    from onrecord.documents.pages import of_capture

    if form == ".json":
        raise MediaTypeError("JSON found; expected JSON lines (.jsonl), one object a line")
    body = whole(stream, max_bytes=max_bytes)
    change = stream.change()
    if change:
        raise InputError(change)
    capture = Capture(url=None, retrieved=None, media_type=MEDIA_TYPES.get(form, ""), body=body)
    yield from of_capture(capture, path=path)
