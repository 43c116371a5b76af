"""What a feed lists: RSS, Atom, JSON Feed and site maps as addresses with title and date.

RSS and Atom are read by feedparser in a process of its own with limits (`newsfeeds_child`): a
feed of 2 MB made of `<item>` alone keeps it busy for a minute. Nothing here fetches.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.addresses import address
from onrecord.decompress import read_capped, unpacked
from onrecord.errors import EmptyPageError, MediaTypeError, RefusedError, TooLargeError
from onrecord.record import Capture

__all__ = ["Entry", "Feed", "feed"]

MAX_BYTES = 10_000_000  # of a site map, unpacked; its protocol allows 50 MB, fetch.max_bytes less
MAX_FEED_BYTES = 5_000_000  # of RSS or Atom; the longest of ordinary ones have a few hundred kB
MAX_ENTRIES = 50_000  # as the protocol of site maps allows
MAX_SECONDS = 20  # of processor time; 10,000 entries take 4 to 9
MAX_MEMORY = 1_500_000_000  # bytes of address space of the reading process
_LONGEST_TITLE = 300
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a feed lists; `changed` is ISO 8601 as stated or empty."""

    url: str
    title: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed lists, each address once, in its order.

    `maps` are further site maps that an index names; `n_refused` counts entries without an address
    that may be fetched, such as `javascript:`.
    """

    form: str
    entries: tuple[Entry, ...] = ()
    maps: tuple[Entry, ...] = ()
    n_refused: int = 0


def feed(capture: Capture, *, ports: Sequence[int] = (80, 443)) -> Feed:
    """The entries of a feed that was fetched; relative addresses lead from its own.

    Raises `MediaTypeError` for what is no feed, `EmptyPageError` for nothing, and `TooLargeError`
    for one over a cap of bytes, time or memory.
    """
    body = _body(capture)
    name = capture.url or "the feed"
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2_000]
    if not head:
        raise EmptyPageError(f"{name} is empty; expected a feed")
    maps: list[tuple[str, str, str]] = []
    if head[:1] == b"{":
        form, rows = "json feed", _json_feed(body, name)
    elif b"<urlset" in head or b"<sitemapindex" in head:
        form, rows, maps = "site map", *_site_map(body, name)
    else:
        form, rows = _by_feedparser(body, capture, name)
    entries, n_refused = _checked(rows, base=capture.url, ports=ports)
    further, n_more = _checked(maps, base=capture.url, ports=ports)
    return Feed(form, entries, further, n_refused + n_more)


def _body(capture: Capture) -> bytes:
    """The body, out of gzip where the file itself is packed, as site maps often are."""
    if not capture.body.startswith(_GZIP):
        return capture.body
    name = capture.url or "the feed"
    return unpacked(io.BytesIO(capture.body), ["gzip"], cap=MAX_BYTES, name=name)


def _checked(
    rows: list[tuple[str, str, str]], *, base: str | None, ports: Sequence[int]
) -> tuple[tuple[Entry, ...], int]:
    """The rows whose address may be asked for, each once, and how many were refused."""
    found: dict[str, Entry] = {}
    n_refused = 0
    for url, title, changed in rows[:MAX_ENTRIES]:
        try:
            place = address(url.strip(), base=base, ports=ports)
        except RefusedError:
            n_refused += 1
            continue
        if place.url == base:  # an empty address leads to the feed itself
            n_refused += 1
            continue
        shown = " ".join(title.split())[:_LONGEST_TITLE]
        found.setdefault(place.url, Entry(place.url, shown, changed[:40]))
    return tuple(found.values()), n_refused


def _json_feed(body: bytes, name: str) -> list[tuple[str, str, str]]:
    """The items of a JSON Feed, version 1 or 1.1 (jsonfeed.org)."""
    try:
        table = json.loads(body)
    except (ValueError, RecursionError):
        raise MediaTypeError(f"{name} is broken JSON; expected a feed") from None
    items = table.get("items")
    version = table.get("version")
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise MediaTypeError(f"{name} is JSON without a version of JSON Feed; expected a feed")
    if not isinstance(items, list):
        raise MediaTypeError(f"{name} is a JSON Feed without items; expected a list of them")
    rows = [item for item in items if isinstance(item, dict)]
    return [
        (_text(row.get("url")), _text(row.get("title")), _text(row.get("date_modified") or row.get("date_published")))
        for row in rows
    ]  # fmt: skip


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _site_map(
    body: bytes, name: str
) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """The pages and the further maps of a site map (sitemaps.org, 0.9)."""
    from lxml import etree

    if len(body) > MAX_BYTES:
        raise TooLargeError(f"{name} has {len(body)} bytes; expected at most {MAX_BYTES}")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise MediaTypeError(f"{name} is broken XML; expected a site map")
    return [*_located(root, "url")], [*_located(root, "sitemap")]


def _located(root: Any, tag: str) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - lxml
    for node in root.iter(f"{{*}}{tag}"):
        parts = {
            child.tag.rpartition("}")[2]: child.text or ""
            for child in node
            if isinstance(child.tag, str)
        }
        if parts.get("loc"):
            yield parts["loc"], "", parts.get("lastmod", "").strip()


def _by_feedparser(
    body: bytes, capture: Capture, name: str
) -> tuple[str, list[tuple[str, str, str]]]:
    """RSS or Atom, by feedparser in its own process."""
    read_capped(io.BytesIO(body), cap=MAX_FEED_BYTES, name=name)
    limits = [str(limit) for limit in (MAX_SECONDS, MAX_MEMORY, MAX_ENTRIES)]
    slow = TooLargeError(
        f"{name} takes more than {MAX_SECONDS} seconds to read; expected an ordinary feed"
    )
    try:
        # -P keeps modules of the current folder out of that process.
        child = subprocess.run(  # noqa: S603 - our own module, nothing of the input in the command
            [sys.executable, "-P", "-m", "onrecord.newsfeeds_child", *limits],
            input=json.dumps([capture.media_type, capture.url or ""]).encode() + b"\n" + body,
            capture_output=True,
            timeout=3 * MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise slow from None
    if child.returncode in (-24, -9):  # SIGXCPU, SIGKILL
        raise slow
    if child.returncode:
        last = child.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        raise MediaTypeError(f"{name} cannot be read as a feed: {last}")
    form, rows = json.loads(child.stdout)
    if not form:
        raise MediaTypeError(
            f"{name} is no feed; expected RSS, Atom, JSON Feed or a site map; a page itself is "
            "checked with onrecord check"
        )
    return form, [(row[0], row[1], row[2]) for row in rows]
