"""From captured bytes to a page: one text with labelled regions, metadata, links and markup.

`read` looks at the declared media type and at the first bytes, and hands the work to the reader of
HTML, of PDF, or of plain text and Markdown.
"""

from __future__ import annotations

import re

from onrecord.errors import EmptyPageError, MediaTypeError
from onrecord.record import Capture, Page

__all__ = ["read"]

_HTML_TYPES = frozenset(("text/html", "application/xhtml+xml", "application/xml", "text/xml"))
_MARKDOWN_TYPES = frozenset(("text/markdown", "text/x-markdown"))
_MARKUP = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<(?:p|div|h1|article|meta|title|main)[\s>]",
    re.IGNORECASE,
)
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "audio, video or a WebP image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"OggS", "audio or video"),
    (b"ID3", "audio"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"SQLite format 3", "a database"),
)
_PDF_TYPES = frozenset(("application/pdf", "application/x-pdf"))
_PDF_HEAD = 1_024  # bytes within which a PDF must begin; some have a header of the server before
_HEAD = 4_096  # bytes looked at to tell the form
_CONTROLS = bytes(byte for byte in range(32) if byte < 9 or byte > 13)
_MOST_CONTROLS = 0.05  # share of control bytes above which bytes are no text


def read(capture: Capture) -> Page:
    """The page in a capture; offsets are code points into `Page.text`.

    Raises `EmptyPageError` when there are no bytes or no visible text, and `MediaTypeError` for
    binary data and for forms that are no page. What a cap cut is named in `Page.truncated`.
    """
    body = capture.body
    if not body.strip():
        raise EmptyPageError(
            f"{len(body)} bytes without any text; expected an HTML, PDF, plain text or Markdown page"
        )
    declared = capture.media_type.split(";")[0].strip().lower()
    if body.startswith(b"%PDF") or (declared in _PDF_TYPES and b"%PDF" in body[:_PDF_HEAD]):
        from onrecord.read.pdf import pdf

        return pdf(capture)
    _refuse_binary(body, declared)
    from onrecord.read import guard

    if _is_html(body, declared):
        from onrecord.read.html import html

        guarded = guard.html(body, media_type=capture.media_type)
        return html(guarded.text, capture=capture, truncated=guarded.truncated)
    from onrecord.read.encoding import decode
    from onrecord.read.plain import plain

    words = decode(body, media_type=capture.media_type)
    return plain(words, capture=capture, markdown=declared in _MARKDOWN_TYPES)


def _is_html(body: bytes, declared: str) -> bool:
    """Whether bytes are HTML: by declaration, or by their first tags when nothing is declared."""
    if declared in _HTML_TYPES:
        return True
    if declared in ("text/plain", *_MARKDOWN_TYPES):
        return False
    start = body[:_HEAD]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.replace(b"\0", b"")
    return bool(_MARKUP.search(start))


def _refuse_binary(body: bytes, declared: str) -> None:
    expected = "expected an HTML, PDF, plain text or Markdown page"
    for signature, what in _SIGNATURES:
        if body.startswith(signature):
            raise MediaTypeError(
                f"{what} ({len(body)} bytes) found; {expected}; save or export it as text first"
            )
    start = body[:_HEAD]
    is_utf16 = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    controls = len(start) - len(start.translate(None, _CONTROLS))
    is_plain = is_utf16 or _MARKUP.search(start) is not None
    if not is_plain and controls > _MOST_CONTROLS * len(start):
        raise MediaTypeError(
            f"binary data ({len(body)} bytes, declared as {declared or 'nothing'!r}) found; "
            f"{expected}; check that the file is a page"
        )
    if declared and not declared.startswith("text/") and declared not in _HTML_TYPES:
        family = declared.split("/", maxsplit=1)[0]
        if family in ("image", "audio", "video", "font") or declared in (
            "application/pdf",
            "application/zip",
            "application/json",
        ):
            raise MediaTypeError(
                f"media type {declared!r} found; {expected}; check the address or the file"
            )
