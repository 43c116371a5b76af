"""JSON lines read into documents: one object a line, with keys of the usual names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from onrecord.documents.made import Refused, Stated, made, named
from onrecord.documents.streams import Stream, lines
from onrecord.errors import MediaTypeError
from onrecord.record import Document

__all__ = ["KEYS", "TEXT_KEYS", "of_rows", "stated_in"]

TEXT_KEYS = ("text", "body", "content", "articlebody", "article_text", "full_text")
KEYS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "url": ("url", "address", "link", "permalink"),
    "date": ("date", "published", "date_published", "datepublished", "publication_date"),
    "publisher": ("publisher", "site", "site_name", "outlet"),
    "licence": ("licence", "license", "rights"),
    "name": ("id", "_id", "doc_id"),
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MARK = b"\xef\xbb\xbf"


def of_rows(stream: Stream, *, path: Path, max_bytes: int) -> Iterator[Document | Refused]:
    """The document in each line, in order; a line that holds none is named with its number."""
    for number, line in lines(stream, max_bytes=max_bytes):
        if number == 1 and line and line.startswith(_UTF16):
            raise MediaTypeError("UTF-16 found; expected JSON lines in UTF-8; save it as UTF-8")
        found = _row(line, path=path, max_bytes=max_bytes)
        if isinstance(found, str):
            yield Refused(named(path), number, found)
        elif found is not None:
            yield found


def stated_in(fields: Mapping[str, str]) -> Stated:
    """What fields with lower-case names state of a document."""
    return Stated(
        **{
            name: next((fields[key] for key in keys if fields.get(key)), "")
            for name, keys in KEYS.items()
        }
    )


def _row(line: bytes | None, *, path: Path, max_bytes: int) -> Document | str | None:
    """The document in a line, why there is none, or `None` for a blank line."""
    if line is None:
        return f"a line of more than {max_bytes} bytes"
    line = line.removeprefix(_MARK).strip()
    if not line:
        return None
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError as error:
        return f"no UTF-8 at byte {error.start} of the line"
    except ValueError as error:
        return f"no JSON: {error}"
    except RecursionError:
        return "no JSON that can be read: nested too deep"
    if not isinstance(row, dict):
        return f"{type(row).__name__} found; expected an object with a text"
    fields = {str(key).lower(): _words(value) for key, value in row.items()}
    text = next((fields[key] for key in TEXT_KEYS if fields.get(key, "").strip()), "")
    document = made(text, stated_in(fields), path=path)
    if document is None:
        keys = ", ".join(sorted(fields))[:200]
        return f"no text found; expected a key text, body or content, found: {keys or 'none'}"
    return document


def _words(value: object) -> str:
    """A value as words; paragraphs given as a list are parted by blank lines."""
    if isinstance(value, list):
        return "\n\n".join(part for part in value if isinstance(part, str))
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return str(value["name"])
    return ""
