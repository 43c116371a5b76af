"""A file that is one document: text, Markdown, HTML or PDF, read as `onrecord check` reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from onrecord.documents.made import Refused, Stated, made, named
from onrecord.errors import OnrecordError
from onrecord.read import read
from onrecord.record import Capture, Document, FoundValue, Page
from onrecord.terms import RegionKind

__all__ = ["of_capture"]

# What the author of the page says there; a reader's comment, a teaser of another article or an
# advert is evidence of nothing. A pull quote says what the body says already.
_EVIDENCE = frozenset(
    {
        RegionKind.SUBTITLE,
        RegionKind.DATELINE,
        RegionKind.BODY,
        RegionKind.CAPTION,
        RegionKind.CORRECTION,
    }
)


def of_capture(capture: Capture, *, path: Path, name: str = "") -> Iterator[Document | Refused]:
    """The document in captured bytes, and a note where a cap cut it.

    `name` tells it from others of its file. Its text is the page's own running text, a paragraph
    each; what stands around it is left out.
    """
    try:
        page = read(capture)
    except OnrecordError as error:
        yield Refused(named(path), 0, str(error))
        return
    document = made(_text(page), _stated(page, name), path=path)
    if document is None:
        yield Refused(named(path), 0, "no running text found in the page")
        return
    yield document
    if page.truncated:
        yield Refused(named(path), 0, f"left out: {'; '.join(page.truncated)}", n_documents=0)


def _text(page: Page) -> str:
    pieces: list[str] = []
    for region in page.regions:
        if region.kind not in _EVIDENCE:
            continue
        words = region.span.of(page.text).strip()
        if region.kind is RegionKind.DATELINE:
            pieces.append(f"{words} ")
        else:
            pieces.append(f"{words}\n\n")
    return "".join(pieces)


def _stated(page: Page, name: str) -> Stated:
    about = page.metadata
    url = page.url or _value(about.canonical)
    markup = _markup(page)
    return Stated(
        title=_value(about.title),
        url=url,
        date=_value(about.published) or _value(about.modified),
        publisher=_value(about.site) or markup.publisher,
        licence=markup.licence,
        name=name,
    )


def _value(found: FoundValue | None) -> str:
    return found.value if found else ""


def _markup(page: Page) -> Stated:
    """The licence and the publisher that the page's structured data states."""
    licence = publisher = ""
    for node in page.markup or ():
        fields = json.loads(node.json)
        if isinstance(fields, dict):
            licence = licence or _words(fields.get("license"))
            publisher = publisher or _words(fields.get("publisher"))
    return Stated(licence=licence, publisher=publisher)


def _words(value: object) -> str:
    """A value of structured data as words: itself, or the name or address of what it is."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "url", "@id") if value.get(key)), "")
    return value if isinstance(value, str) else ""
