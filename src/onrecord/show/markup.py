"""Strings of a page as HTML: escaped text, and links that can only lead to the web."""

from __future__ import annotations

import html
import re
from collections.abc import Container

from onrecord.show.visible import brief, visible
from onrecord.span import Span

__all__ = ["address", "at", "escaped", "is_web", "offset", "section"]

# What a browser cannot read as anything but an absolute http(s) address. Others are shown as text.
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f\"'<>`\\{}|^\ud800-\udfff]+", re.IGNORECASE)

MAX_ADDRESS = 8_000  # what servers take at most, as a rule


def escaped(text: str) -> str:
    """The text as HTML text or attribute value; control characters are shown, not kept."""
    return html.escape(visible(text), quote=True)


def is_web(url: str) -> bool:
    """Whether the address is an absolute http(s) one with nothing in it that ends an attribute.

    One of more than `MAX_ADDRESS` characters is none.
    """
    return len(url) <= MAX_ADDRESS and _WEB.fullmatch(url) is not None


def address(url: str, words: str = "") -> str:
    """A link to an http(s) address; any other address as plain text."""
    shown = escaped(brief(words or url, 120))
    if not is_web(url):
        return shown
    return (
        f'<a href="{html.escape(url, quote=True)}" rel="noreferrer noopener nofollow">{shown}</a>'
    )


def at(start: int) -> str:
    """The name of the anchor at an offset."""
    return f"o{start}"


def offset(span: Span | None, anchors: Container[int]) -> str:
    """The offset of a span, a link to the words where they have an anchor; empty for `None`."""
    if span is None:
        return ""
    if span.start not in anchors:
        return f' <span class="offset">[{span.start}]</span>'
    return f' <a class="offset" href="#{at(span.start)}">[{span.start}]</a>'


def section(id_: str, heading: str, inner: str) -> str:
    """A part of the document with its heading; `inner` is HTML."""
    return (
        f'<section id="{id_}" aria-labelledby="h-{id_}" tabindex="-1">\n'
        f'<h2 id="h-{id_}">{escaped(heading)}</h2>\n{inner}\n</section>'
    )
