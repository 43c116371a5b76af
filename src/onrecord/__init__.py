r"""The record of a news page: what it asserts, who says each thing, and what stands behind it.

>>> import onrecord
>>> record = onrecord.check_text("Bridge opens\n\nThe bridge is safe, Ann Lee said.")
>>> [span.of(record.page.text) for span in record.attributions[0].content]
['The bridge is safe']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.codec import decode, encode
    from onrecord.compose import Desk, open_desk
    from onrecord.errors import OnrecordError
    from onrecord.read import read
    from onrecord.record import Capture, Page, Record
    from onrecord.settings import Settings
    from onrecord.span import Span

__version__ = "0.1.0"

__all__ = [
    "Capture",
    "Desk",
    "OnrecordError",
    "Page",
    "Record",
    "Settings",
    "Span",
    "check",
    "check_html",
    "check_text",
    "decode",
    "encode",
    "open_desk",
    "read",
]

_HOMES = {
    "Capture": "record",
    "Desk": "compose",
    "OnrecordError": "errors",
    "Page": "record",
    "Record": "record",
    "Settings": "settings",
    "Span": "span",
    "decode": "codec",
    "encode": "codec",
    "open_desk": "compose",
    "read": "read",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module protocol
    if name not in _HOMES:
        raise AttributeError(f"module 'onrecord' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"onrecord.{_HOMES[name]}"), name)


def check(page: str, *, settings: Settings | None = None) -> Record:
    """The record of a page named by path or address.

    An archive with several pages gives its first readable one; use `open_desk` for all. Raises an
    `OnrecordError` when the page cannot be had or read.
    """
    from onrecord.compose import open_desk
    from onrecord.errors import WarcError
    from onrecord.record import Problem

    desk = open_desk(settings)
    problem: Problem | None = None
    for capture in desk.captures(page):
        if not isinstance(capture, Problem):
            return desk.check(capture)
        problem = problem or capture
    why = problem.message if problem else "it holds no page"
    raise WarcError(f"nothing readable in {page!r}: {why}")


def check_text(text: str, *, settings: Settings | None = None) -> Record:
    """The record of a plain-text article; its offsets point into `text`.

    Only a byte order mark and CRLF are normalised. Raises `EmptyPageError` on a blank text.
    """
    from onrecord.compose import open_desk
    from onrecord.record import Capture

    body = text.encode("utf-8", "replace")
    return open_desk(settings).check(Capture(None, None, "text/plain; charset=utf-8", body))


def check_html(body: bytes, *, url: str | None = None, settings: Settings | None = None) -> Record:
    """The record of an HTML page given as bytes; `url` is where it came from, never fetched."""
    from onrecord.compose import open_desk
    from onrecord.record import Capture

    return open_desk(settings).check(Capture(url, None, "text/html", body))
