"""What reading gives: documents with ids of their own, and what had to be refused."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onrecord.dates import dates_in
from onrecord.record import Document

__all__ = ["Refused", "Stated", "document_id", "iso_date", "made", "named"]

_LONGEST_TITLE = 500  # code points; also of the publisher and the licence
_LONGEST_URL = 2_000
_ISO = re.compile(r"([12]\d{3})(?:-?([01]\d)(?:-?([0-3]\d))?)?(?=\Z|[T ])")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that did not become a document, and why.

    `source` is the file. `line` counts from 1, and is 0 where a line says nothing. `n_documents`
    is how many documents this stands for: 0 for a note on one that was read in part. `is_fault` is
    false for what was left out on purpose, such as the redirects of a wiki.
    """

    source: str
    line: int
    reason: str
    n_documents: int = 1
    is_fault: bool = True


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source says of a document beside its text; empty where it says nothing."""

    title: str = ""
    url: str = ""
    date: str = ""
    publisher: str = ""
    licence: str = ""
    name: str = ""  # tells it from others of its file where there is no address


def document_id(url_or_name: str, text: str) -> str:
    """The id of a document: 16 hexadecimal digits from its address, or file name, and its text.

    >>> document_id("https://example.org/a", "Rain fell.")
    'be216823da491136'
    """
    digest = hashlib.sha256(url_or_name.encode("utf-8", "replace"))
    digest.update(b"\0")
    digest.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
    return digest.hexdigest()[:16]


def made(text: str, stated: Stated, *, path: Path) -> Document | None:
    r"""The document of a text and what is stated of it; `None` when there is no word in it.

    Line ends become "\n", and characters that no store keeps (NUL, lone surrogates) U+FFFD. An
    address that is none of the web, and a date that cannot be read, are left out.
    """
    text = _UNSTORABLE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return None
    url = stated.url.strip()
    if not url.lower().startswith(("http://", "https://")) or len(url) > _LONGEST_URL:
        url = ""
    url = _UNSTORABLE.sub("", url)
    name = path.name if not stated.name else f"{path.name}#{stated.name}"
    return Document(
        id=document_id(url or name, text),
        text=text,
        title=_line(stated.title),
        url=url,
        date=iso_date(stated.date),
        publisher=_line(stated.publisher),
        licence=_line(stated.licence),
        source=named(path),
    )


def iso_date(written: str) -> str:
    """A day, month or year as ISO 8601, from a date as written; empty when it is unsure.

    >>> iso_date("12 May 2026"), iso_date("2026-05-12T10:00Z"), iso_date("03/04/2026")
    ('2026-05-12', '2026-05-12', '')
    """
    written = written.strip()[:100]
    iso = _ISO.match(written)
    if iso:
        year, month, day = (int(part or 1) for part in iso.groups())
        try:
            date(year, month, day)
        except ValueError:
            return ""
        return "-".join(part for part in iso.groups() if part)
    ranges = dates_in(written)
    if not ranges:
        return ""
    first, last = ranges[0].first, ranges[0].last
    if first == last:
        return first.isoformat()
    if (first.day, first.month, last.month) == (1, 1, 12):
        return f"{first.year:04}"
    is_month = first.day == 1 and (first.year, first.month) == (last.year, last.month)
    return first.isoformat()[:7] if is_month else ""


def named(path: Path) -> str:
    """The path as text that can be stored, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def _line(words: str) -> str:
    """The words on one line, at most 500 code points."""
    return _SPACE.sub(" ", _UNSTORABLE.sub("\ufffd", words)).strip()[:_LONGEST_TITLE]
