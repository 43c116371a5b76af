"""The signs of Markdown that a reader of regions needs: headings, links, images, front matter.

The text keeps its signs; spans stand inside them. CommonMark's full grammar is not needed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.read.lines import date_of
from onrecord.record import FoundValue, Image, Link, Region
from onrecord.span import Span
from onrecord.terms import RegionKind

__all__ = ["Matter", "bare_span", "images_in", "links_in", "matter_of"]

_PREFIX = re.compile(
    r"(?:>[ \t]*+)*+(?:(?P<heading>#{1,6})[ \t]++|[-*+][ \t]++|\d{1,9}[.)][ \t]++)?+"
)
_UNDERLINE = re.compile(r"(?:=++|-{3,}+)\Z")
_DEFINITION = re.compile(r"\[(?P<id>[^\]\n]{1,200}+)\]:[ \t]*+<?(?P<url>[^\s>]{1,2000}+)")
_INLINE = re.compile(
    r"(?P<image>!)?\[(?P<text>[^\[\]\n]{0,500}+)\]"
    r"(?:\([ \t]*+<?(?P<url>[^\s()<>]{1,2000}+)>?(?:[ \t]++[\"'(][^\n)]{0,300}+)?[ \t]*+\)"
    r"|\[(?P<id>[^\[\]\n]{0,200}+)\])"
)
_AUTOLINK = re.compile(r"<(?P<url>https?://[^\s<>]{1,2000}+)>")


@dataclass(frozen=True, slots=True)
class Matter:
    """The block of `name: value` lines between two lines of dashes at the top of a file."""

    span: Span
    title: FoundValue | None
    authors: tuple[FoundValue, ...]
    published: FoundValue | None


def matter_of(text: str) -> Matter | None:
    """The front matter of a file, `None` without any."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---", 3, 20_000)
    after = text[end + 4 : end + 5]
    if end < 0 or after not in {"", "\n"}:
        return None
    values: dict[str, FoundValue] = {}
    at = 4
    for line in text[4:end].split("\n"):
        name, colon, value = line.partition(":")
        value_at = at + len(name) + 1 + len(value) - len(value.lstrip(" \"'"))
        value = value.strip(" \"'")
        if colon and value:
            span = Span(value_at, value_at + len(value))
            name = name.strip().lower()
            values.setdefault(name, FoundValue(value, f"front-matter:{name}", span))
        at += len(line) + 1
    author = values.get("author") or values.get("authors")
    date = values.get("date") or values.get("published")
    day = date_of(date.value) if date else None
    return Matter(
        span=Span(0, end + 4),
        title=values.get("title"),
        authors=(author,) if author else (),
        published=FoundValue(day[1], date.where, date.span) if date and day and day[1] else None,
    )


def bare_span(text: str, span: Span) -> tuple[Span, int]:
    """The span of a line without its Markdown signs, and its heading level (0 for none).

    A line that underlines a title comes back empty with level 1 or 2; a picture alone, a link
    definition or a fence comes back empty with level 0.
    """
    words = span.of(text)
    if _UNDERLINE.match(words):
        return Span(span.start, span.start), 1 if words[0] == "=" else 2
    if words.startswith(("```", "~~~", "<!--")) or _DEFINITION.match(words):
        return Span(span.start, span.start), 0
    picture = _INLINE.match(words)
    if picture and picture["image"] and picture.end() == len(words):
        return Span(span.start, span.start), 0
    prefix = _PREFIX.match(words)
    level = len(prefix["heading"] or "") if prefix else 0
    start = span.start + (prefix.end() if prefix else 0)
    end = span.end
    if level:
        while end > start and text[end - 1] in "# ":
            end -= 1
    # A line that is emphasised as a whole: "**Fact checked**".
    for sign in ("***", "**", "__", "*", "_"):
        inner = text[start + len(sign) : end - len(sign)]
        whole = end - start > 2 * len(sign) and sign[0] not in inner
        if whole and text.startswith(sign, start) and text.endswith(sign, start, end):
            return Span(start + len(sign), end - len(sign)), level
    return Span(start, end), level


def _definitions(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.split("\n"):
        match = _DEFINITION.match(line.lstrip()) if line.lstrip().startswith("[") else None
        if match:
            found.setdefault(match["id"].lower(), match["url"])
    return found


def _absolute(url: str, base: str | None) -> str:
    from urllib.parse import urljoin

    try:
        return urljoin(base, url) if base else url
    except ValueError:
        return url


def _host(url: str | None) -> str | None:
    from urllib.parse import urlsplit

    try:
        return (urlsplit(url).hostname or None) if url else None
    except ValueError:
        return None


def links_in(text: str, regions: Sequence[Region], *, base: str | None) -> tuple[Link, ...]:
    """The links of the text in order, with the span of their words.

    Links of comments, teasers and the page's furniture are left out.
    """
    shown = [
        r.span
        for r in regions
        if r.kind
        not in {RegionKind.COMMENT, RegionKind.RELATED, RegionKind.BOILERPLATE, RegionKind.ADVERT}
    ]
    defined = _definitions(text)
    own = _host(base)
    links: list[Link] = []
    for region in shown:
        for match in _INLINE.finditer(text, region.start, region.end):
            url = match["url"] or defined.get((match["id"] or match["text"]).lower())
            if match["image"] or not url or url.startswith("#"):
                continue
            url = _absolute(url, base)
            same = None if own is None else _host(url) == own
            links.append(Link(url, match["text"], Span(*match.span("text")), same))
        for match in _AUTOLINK.finditer(text, region.start, region.end):
            url = match["url"]
            same = None if own is None else _host(url) == own
            links.append(Link(url, url, Span(*match.span("url")), same))
    return tuple(sorted(links, key=lambda link: link.span or Span(0, 0)))


def images_in(text: str, regions: Sequence[Region], *, base: str | None) -> tuple[Image, ...]:
    """The pictures of the text in order, with the span of the region before each."""
    defined = _definitions(text)
    images: list[Image] = []
    at = 0
    for match in _INLINE.finditer(text):
        if not match["image"]:
            continue
        url = match["url"] or defined.get((match["id"] or match["text"]).lower())
        if not url:
            continue
        while at < len(regions) and regions[at].span.end <= match.start():
            at += 1
        near = regions[at - 1].span if at else (regions[0].span if regions else None)
        images.append(Image(_absolute(url, base), match["text"], near))
    return tuple(images)
