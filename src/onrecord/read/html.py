"""An HTML page to one text with labelled regions, on trafilatura's choice of the article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from onrecord.errors import EmptyPageError
from onrecord.read import body, comments, dom
from onrecord.read.bylines import find_bylines
from onrecord.read.dom import Outline
from onrecord.read.frame import find_title, frame_of
from onrecord.read.genre import genre
from onrecord.read.head import Head, head
from onrecord.read.language import language_of
from onrecord.read.markup import markup
from onrecord.read.names import Site
from onrecord.read.publication import find_dates
from onrecord.read.regions import Found, regions
from onrecord.record import Capture, FoundValue, Image, Link, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["html"]

# Share of the extracted article that visible blocks must cover; below, the article is hidden until
# a script runs (3 of 487 dev pages).
_LEAST_COVERED = 0.4
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
# An address up to its path, and a path without anything that joining it to one would change:
# for these the standard library's general way is most of the time that links take.
_ORIGIN = re.compile(r"https?://[\w.-]++(?::\d++)?+(?=[/?#]|\Z)", re.ASCII)
_PLAIN_PATH = re.compile(
    r"/(?!/)[\w/%~+=,-]*+(?:\.[a-z]++)?+(?:\?[\w/%~+=,&.-]++)?+(?:#[\w-]++)?+", re.ASCII
)
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-srcset")


def html(text: str, *, capture: Capture, truncated: Sequence[str] = ()) -> Page:
    """The page of a decoded HTML document; `EmptyPageError` when nothing in it is visible.

    `truncated` are the notes of what was cut before parsing.
    """
    root = dom.parse(text)
    out = dom.outline(root) if root is not None else None
    if root is None or out is None or not out.blocks:
        raise EmptyPageError(
            f"{len(text)} characters of HTML without any visible text; expected a page with words; "
            "a page that a script fills must be saved from the browser"
        )
    structured = markup(root)
    about = head(root, structured)
    url = capture.url or about.canonical or None
    article = body.article_text(root, url)
    chosen, covered = body.body_blocks(out, article)
    if covered < _LEAST_COVERED and article:
        shown = dom.outline(root, with_hidden=True)
        chosen_shown, covered_shown = body.body_blocks(shown, article)
        if covered_shown > covered + _LEAST_COVERED:
            out, chosen = shown, chosen_shown
    site = _site(about)
    title = find_title(out, about, site=site.value if site else "")
    apart = comments.comments(out, chosen, title.block.place if title.block else None)
    kept = tuple(sorted(i for i in chosen if i not in apart.zone))
    frame = frame_of(out, title.block, kept, apart.zone)
    bylines = find_bylines(out, about, frame, site=Site.of(about, site.value if site else "", url))
    dates = find_dates(out, about, frame, url=capture.url)
    found = regions(out, Found(frame, title.span, bylines, dates, apart))
    metadata = Metadata(
        title=FoundValue(title.text, title.where, title.span) if title.text else None,
        authors=bylines.authors,
        published=dates.published,
        modified=dates.modified,
        language=_language(out.text, found, about),
        site=site,
        canonical=FoundValue(urljoin(capture.url or "", about.canonical), "link:canonical")
        if about.canonical
        else None,
    )
    return Page(
        url=capture.url,
        retrieved=capture.retrieved,
        digest=hashlib.sha256(capture.body).hexdigest(),
        media_type=capture.media_type or "text/html",
        text=out.text,
        regions=found,
        metadata=metadata,
        links=_links(out, url),
        images=_images(out, found, url),
        markup=structured,
        genre=genre(out.text, about, found),
        truncated=tuple(truncated),
    )


def _site(about: Head) -> FoundValue | None:
    meta = about.meta("og:site_name", "application-name", "al:android:app_name", "dc.publisher")
    return FoundValue(meta[1], f"meta:{meta[0]}") if meta else None


def _language(text: str, found: Sequence[Region], about: Head) -> FoundValue | None:
    """The language of the article's words; what the page declares only when they are too few."""
    article = "\n".join(
        region.span.of(text)
        for region in found
        if region.kind in (RegionKind.BODY, RegionKind.TITLE, RegionKind.SUBTITLE)
    )
    code = language_of(article or text)
    if code:
        return FoundValue(code, "text")
    declared = about.language.replace("_", "-").split("-")[0].lower()
    return FoundValue(declared, "html:lang") if declared else None


def _links(out: Outline, url: str | None) -> tuple[Link, ...]:
    found: list[Link] = []
    host = _host(url)
    hosts: dict[str, bool] = {}  # whether the host of an address, up to its path, is the page's
    for place in out.places:
        if place.tag != "a":
            continue
        target = (place.element.get("href") or "").strip()
        if not target or target[0] == "#":
            continue
        scheme = _SCHEME.match(target)
        if scheme and scheme[1].lower() not in ("http", "https"):
            continue
        address = _join(url, target)
        if address is None:
            continue
        own = None
        if host:
            start = _ORIGIN.match(address)
            origin = start[0] if start else address
            own = hosts.get(origin)
            if own is None:
                own = hosts[origin] = _is_own(_host(origin), host)
        found.append(Link(address, out.said(place), out.span(place), own))
    return tuple(found)


def _is_own(other: str, host: str) -> bool:
    """Whether two hosts belong together: one is the other, or a part of its domain."""
    return other == host or other.endswith("." + host) or host.endswith("." + other)


def _join(url: str | None, target: str) -> str | None:
    if target[:7].lower() in ("http://", "https:/"):
        return target
    if not url:
        return target
    if _PLAIN_PATH.fullmatch(target) and (start := _ORIGIN.match(url)):
        return start[0] + target
    try:
        return urljoin(url, target)
    except ValueError:
        return None


def _host(url: str | None) -> str:
    if not url:
        return ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _images(out: Outline, found: Sequence[Region], url: str | None) -> tuple[Image, ...]:
    """The images with the region that stands at or before each."""
    result: list[Image] = []
    starts = [region.span.start for region in found]
    seen: set[tuple[str, str]] = set()
    for element, first in out.images:
        address = (element.get("src") or "").strip()
        if not address or address.startswith("data:"):
            address = next((element.get(name) for name in _LAZY if element.get(name)), "") or ""
            address = address.split()[0] if address.split() else ""
        if not address:
            continue
        joined = _join(url, address)
        if joined is None:
            continue
        alt = dom.folded(element.get("alt") or "")
        if (joined, alt) in seen:
            continue
        seen.add((joined, alt))
        result.append(Image(joined, alt, _near(out, found, starts, first)))
    return tuple(result)


def _near(out: Outline, found: Sequence[Region], starts: Sequence[int], first: int) -> Span | None:
    """The region that holds the next text after an image, else the last one before it."""
    from bisect import bisect_right

    at = next(
        (
            out.starts[i]
            for i in range(first, min(first + 20, len(out.starts)))
            if out.starts[i] >= 0
        ),
        None,
    )
    if at is None:
        return found[-1].span if found else None
    index = bisect_right(starts, at) - 1
    return found[max(index, 0)].span if found else None
