"""The articles of a MediaWiki XML dump as documents, in the memory of one page.

The dump is cut into its pages here and each is parsed alone, so that a damaged one costs itself.
A document type declaration, where entities are defined, is never part of what is parsed: what a
page could expand or fetch by one is an undefined entity, and the page is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from xml.parsers import expat

from onrecord.documents.made import Refused, Stated, made, named
from onrecord.documents.streams import Stream
from onrecord.documents.wikitext import plain_text
from onrecord.errors import InputError, MediaTypeError
from onrecord.record import Document

__all__ = ["is_dump", "of_dump"]

_LONGEST_HEADER = 1_000_000  # bytes before the first page
_OPEN = b"<page>"
_CLOSE = b"</page>"
_TAIL = len("</mediawiki>")
_WANTED = {2: ("title", "ns"), 3: ("timestamp", "text")}  # by depth, so that an id is no title
_MARKUP_SHARE = 4  # a page's XML may be this many times the largest document
_DUMP = re.compile(rb"<mediawiki[\s>]")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SITEINFO = (b"<siteinfo", b"</siteinfo>")
_TITLE_SAFE = "/:,()!*;@'"  # what MediaWiki leaves as it is in an address
_LICENCE_NAMES = ("rights", "license", "licence", "rightstext")


class _Wiki(NamedTuple):
    """What the head of a dump says of the wiki; `address` is that of its pages without a title."""

    name: str = ""
    address: str = ""
    licence: str = ""


class _Fault(NamedTuple):
    reason: str
    n_documents: int = 1


@dataclass(slots=True)
class _Left:
    """How many pages were left out on purpose."""

    redirects: int = 0
    others: int = 0


def is_dump(start: bytes) -> bool:
    """Whether the first bytes of a file are those of a MediaWiki XML dump."""
    return bool(_DUMP.search(start))


def of_dump(stream: Stream, *, path: Path, max_bytes: int) -> Iterator[Document | Refused]:
    """The article of each page in namespace 0, in order; redirects and others are counted.

    The last revision of a page is taken, its day as the date. What was left out on purpose is
    named once, at the end.
    """
    wiki = _Wiki()
    left = _Left()
    n_pages = 0
    fault = ""
    blocks = _blocks(stream, limit=_MARKUP_SHARE * max_bytes)
    while True:
        try:
            block = next(blocks, None)
        except InputError as error:  # damaged packing: what came before it counts
            fault = str(error)
            break
        if block is None:
            break
        if n_pages == 0 and isinstance(block, bytes) and not block.startswith(_OPEN):
            wiki = _wiki(block)
            if _DECLARED.search(block):
                reason = "a document type declaration found; its entities are not resolved"
                yield Refused(named(path), 0, reason, n_documents=0)
            continue
        if not (isinstance(block, _Fault) and not block.n_documents):
            n_pages += 1
        found = block if isinstance(block, _Fault) else _article(block, wiki, left, path=path)
        if isinstance(found, _Fault):
            reason = f"page {n_pages} {found.reason}"
            yield Refused(named(path), 0, reason, n_documents=found.n_documents)
        elif found is not None:
            yield found
    if fault:
        yield Refused(named(path), 0, f"after page {n_pages}: {fault}")
    if left.redirects or left.others:
        reason = f"left out: {left.redirects} redirects and {left.others} pages of other namespaces"
        yield Refused(
            named(path), 0, reason, n_documents=left.redirects + left.others, is_fault=False
        )


def _blocks(stream: Stream, *, limit: int) -> Iterator[bytes | _Fault]:
    """The head, then each page as its XML; a fault for one over `limit` bytes or without an end."""
    waiting = b""
    while (at := waiting.find(_OPEN)) < 0:
        piece = stream.read()
        if not piece or len(waiting) > _LONGEST_HEADER:
            raise MediaTypeError("no <page> found; expected a MediaWiki XML dump")
        waiting += piece
    yield waiting[:at]
    while True:
        end = waiting.find(_CLOSE, at)
        is_dropped = False
        while end < 0:
            if len(waiting) - at > limit:
                is_dropped = True
                at = len(waiting) - len(_CLOSE)
            waiting = waiting[at:]
            looked = max(0, len(waiting) - len(_CLOSE))
            at = 0
            piece = stream.read()
            if not piece:
                yield _Fault("has no end; is the dump cut")
                return
            waiting += piece
            end = waiting.find(_CLOSE, looked)
        end += len(_CLOSE)
        if is_dropped or end - at > limit:
            yield _Fault(f"has more than {limit} bytes")
        else:
            again = waiting.rfind(_OPEN, at + 1, end)
            if again >= 0:
                yield _Fault("has no end")
                at = again
            yield waiting[at:end]
        at = end
        while (following := waiting.find(_OPEN, at)) < 0:
            is_ended = b"</mediawiki" in waiting[at:]
            waiting = waiting[max(at, len(waiting) - 2 * _TAIL) :]
            at = 0
            piece = stream.read()
            if not piece:
                if not is_ended:
                    yield _Fault("is the last, the dump has no end; is it cut", n_documents=0)
                return
            waiting += piece
        at = following


def _article(block: bytes, wiki: _Wiki, left: _Left, *, path: Path) -> Document | _Fault | None:
    """The document of a page's XML; `None` for one that is left out on purpose."""
    page = _Page()
    try:
        page.parse(block)
    except expat.ExpatError as error:
        return _Fault(f"is no XML: {error}")
    title = page.words("title").strip()
    if page.is_redirect:
        left.redirects += 1
        return None
    if page.words("ns").strip() not in {"", "0"}:
        left.others += 1
        return None
    stated = Stated(
        title=title,
        url=wiki.address + quote(title.replace(" ", "_"), safe=_TITLE_SAFE) if wiki.address else "",
        date=page.words("timestamp")[:10],
        publisher=wiki.name,
        licence=wiki.licence,
        name=title,
    )
    text = plain_text(page.words("text"))
    return made(text, stated, path=path) or _Fault(f"{title!r} has no text")


class _Page:
    """The parts of a page that are wanted, the last of each; nothing else is kept."""

    def __init__(self) -> None:
        self.is_redirect = False
        self._words: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        self._depth = 0

    def words(self, name: str) -> str:
        return "".join(self._words.get(name, ()))

    def parse(self, block: bytes) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(block, True)

    def _start(self, name: str, _: dict[str, str]) -> None:
        self._depth += 1
        if name == "redirect":
            self.is_redirect = True
        self._into = None
        if name in _WANTED.get(self._depth, ()):
            self._into = self._words[name] = []

    def _end(self, _: str) -> None:
        self._depth -= 1
        self._into = None

    def _characters(self, words: str) -> None:
        if self._into is not None:
            self._into.append(words)


def _wiki(head: bytes) -> _Wiki:
    """What the siteinfo of the head states; nothing where it cannot be read."""
    first, last = _SITEINFO
    start_at = head.find(first)
    end_at = head.find(last, start_at)
    if start_at < 0 or end_at < 0:
        return _Wiki()
    stated: dict[str, list[str]] = {}
    into: list[list[str]] = [[]]

    def start(name: str, _: dict[str, str]) -> None:
        into[0] = stated.setdefault(name, [])

    def characters(words: str) -> None:
        into[0].append(words)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(head[start_at : end_at + len(last)], True)
    except expat.ExpatError:
        return _Wiki()
    values = {name: "".join(words).strip() for name, words in stated.items()}
    address, _, page = values.get("base", "").rpartition("/")
    return _Wiki(
        name=values.get("sitename", ""),
        address=f"{address}/" if address and page else "",
        licence=next((values[name] for name in _LICENCE_NAMES if values.get(name)), ""),
    )
