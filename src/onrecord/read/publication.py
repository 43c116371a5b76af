"""Which date of a page is the day of publication, and which that of a change.

A date of publication needs evidence that it is one: markup that says so, a place named after it
beside title or byline, words such as "published on", or the page's address. A date in the running
text, in a teaser or in a comment is none, and without evidence there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.read import marks
from onrecord.read.dates import attribute_date, dates_in, is_only_date, iso, valid_day
from onrecord.read.dom import Block, Outline, Place
from onrecord.read.frame import Frame
from onrecord.read.head import PAGE_TYPES, Head, strings, types_of
from onrecord.record import FoundValue
from onrecord.span import Span

__all__ = ["Dates", "find_dates"]

_PUBLISHED_METAS = (
    "article:published_time", "og:published_time", "datepublished", "date", "dc.date.issued",
    "dcterms.issued", "dc.date", "dc.date.created", "dcterms.created", "dcterms.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "publication-date",
    "article.published", "published", "published_time", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "article:published", "published-date", "last-published",
    "datecreated", "created", "originalpublicationdate", "citation_publication_date",
    "article_date_original", "displaydate", "timestamp", "bt:pubdate", "date.created",
    "vr:published_time", "og:article:published_time", "og:pubdate", "uploaddate", "ptime",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
    "lastmod", "article:updated_time", "dc.date.modified", "revised", "modified",
)  # fmt: skip
_SAYS_MODIFIED = re.compile(
    r"updated?\b|modified|aktualisiert|update:|geändert|mis à jour|modifié|actualizado|aggiornat|"
    r"atualizado|bearbeitet|last changed|zuletzt|maj\b",
    re.IGNORECASE,
)
_SAYS_PUBLISHED = re.compile(
    r"publi|veröffentlicht|posted|erschienen|created|erstellt|issued|datum|written on|gepostet|"
    r"released|stand:|\bon\b|\bam\b|\ble\b|\bvom\b",
    re.IGNORECASE,
)
_SAVED = re.compile(
    r"(?:publi|veröffentlicht|posted|erschienen|created|erstellt|issued|gespeichert|submitted|verfasst|"
    r"eingetragen|geschrieben|written|gepostet|released|datum|date|stand)\b.{0,60}\Z|[^.!?]{0,60}\Z",
    re.IGNORECASE | re.DOTALL,
)
# "updated" is no sign of change: hentry themes put it on the only date that they show
_EXPLICIT = re.compile(
    r"(?:first |originally |zuerst )?(?:publi|veröffentlicht|posted|erschienen|gespeichert|submitted|"
    r"eingetragen|gepostet|stand\b|datum|dat[ae]:)",
    re.IGNORECASE,
)
_NAMED_MODIFIED = re.compile(r"modif|aktualis|changed|lastmod|last-?update|maj")
_NAMED_PUBLISHED = re.compile(
    r"publi|entry-?date|post-?date|pubdate|posted|created|erstellt|article-?date|datum|issued|"
    r"story-?date|date-?header|byline"
)
_URL_DATE = re.compile(
    r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)|[/_-]((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)[/_.-]"
)
_WEAKEST = 2.0  # strength below which a place named after dates is passed over
_WHOLES = frozenset(("a", "article", "section", "main", "body", "header", "li"))
_LONGEST = 160  # code points of a line that can be a date line; longer ones are prose


@dataclass(frozen=True, slots=True)
class Dates:
    """The day of publication and of the last change, and where dates stand in the text."""

    published: FoundValue | None
    modified: FoundValue | None
    shown: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    value: str
    where: str
    span: Span | None
    strength: float
    is_modified: bool
    is_beside: bool  # between title and text, where only the article's own date stands


def find_dates(out: Outline, head: Head, frame: Frame, *, url: str | None) -> Dates:
    """Publication and change from structured data, meta elements, visible dates and the address."""
    month_first = head.language.lower().replace("_", "-") in ("en-us", "en-ca")
    seen = list(_visible(out, frame, month_first=month_first))
    shown = tuple(sorted({c.span for c in seen if c.span is not None}))
    published = _structured(head, ("datePublished", "dateCreated", "uploadDate"), _PUBLISHED_METAS)
    modified = _structured(head, ("dateModified",), _MODIFIED_METAS)
    best = max((c for c in seen if not c.is_modified), key=lambda c: c.strength, default=None)
    changed = max((c for c in seen if c.is_modified), key=lambda c: c.strength, default=None)
    shown_value = FoundValue(best.value, best.where, best.span) if best is not None else None
    if published is None:
        published = shown_value
    elif best is not None:
        # Where both exist and differ, the date under the title was right 17 times of 18, any other
        # visible one 0 times of 8 (dev pages).
        days = {c.value[:10] for c in seen if not c.is_modified and c.is_beside}
        days |= {f"{day[:4]}-{day[8:]}-{day[5:7]}" for day in days}  # 11/01 written for 01/11
        if days and published.value[:10] not in days:
            published = shown_value
    elif best is None and not _is_own_date(published, head):
        published = None
    if published is None:
        published = _from_address(url or head.canonical)
    if modified is None and changed is not None:
        modified = FoundValue(changed.value, changed.where, changed.span)
    return Dates(_with_span(published, seen), _with_span(modified, seen), shown)


def _is_own_date(found: FoundValue, head: Head) -> bool:
    """Whether markup alone, with nothing visible, tells the day that an article was published.

    Publishing systems write a date of creation for every page, the imprint included; only an
    article's node, or a meta element that only articles have, is believed.
    """
    if found.where.startswith("json-ld:"):
        if any(name.startswith("article:publ") for name in head.metas):
            return True
        return not any(t in PAGE_TYPES for node in head.articles[:1] for t in types_of(node))
    return found.where not in (
        "meta:dc.date",
        "meta:dc.date.created",
        "meta:created",
        "meta:timestamp",
    )


def _with_span(found: FoundValue | None, seen: Sequence[_Seen]) -> FoundValue | None:
    """The value with the place in the text that shows the same day, if one does."""
    if found is None or found.span is not None:
        return found
    for candidate in seen:
        if candidate.span is not None and candidate.value[:10] == found.value[:10]:
            return FoundValue(found.value, found.where, candidate.span)
    return found


def _structured(head: Head, names: Sequence[str], metas: Iterable[str]) -> FoundValue | None:
    for node in head.articles:
        for name in names:
            for text in strings(node.get(name))[:1]:
                if found := iso(text):
                    return FoundValue(found, f"json-ld:{name}")
    for name in metas:
        for content in head.metas.get(name, ()):
            if found := iso(content):
                return FoundValue(found, f"meta:{name}")
    return None


def _from_address(url: str) -> FoundValue | None:
    match = _URL_DATE.search(url)
    if match is None:
        return None
    year, month, day = (
        (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
    )
    found = valid_day(int(year), int(month), int(day))
    return FoundValue(found, "url") if found else None


def _visible(out: Outline, frame: Frame, *, month_first: bool) -> Iterable[_Seen]:
    """Dates in places named after dates, and date lines beside title and article."""
    done: set[int] = set()
    for place in out.places:
        if not place.own & marks.DATE:
            continue
        index = out.block_at(place)
        seen = _in_place(out, place, index, frame, month_first=month_first)
        if seen is not None:
            done.add(index)
            yield seen
    for block in out.blocks:
        inside = frame.first <= block.index <= frame.last
        if block.index in done or len(block.text) > _LONGEST or block.index in frame.apart:
            continue
        if (inside or frame.near(block.index)) and _is_own(block.place, block.index, frame):
            yield from _date_line(block, frame, month_first=month_first)


def _is_own(place: Place, index: int, frame: Frame) -> bool:
    """Whether a place stands in no comment, advert, or teaser of another article."""
    around = frame.around(place)
    if around & (marks.ADVERT | marks.COMMENT):
        return False
    return not around & marks.RELATED or frame.beside_title(index)


def _in_place(
    out: Outline, place: Place, index: int, frame: Frame, *, month_first: bool
) -> _Seen | None:
    """The date of a place that is named after dates, in its attributes or in its words."""
    if index in frame.apart or frame.around(place) & (marks.COMMENT | marks.ADVERT):
        return None
    strength = _strength(place, index, frame)
    said = out.said(place) if strength >= _WEAKEST else ""
    if strength < _WEAKEST or len(said) > _LONGEST:
        return None
    value = None if place.tag in _WHOLES else attribute_date(place.element)
    written = next(dates_in(said, month_first=month_first), None)
    if written is not None and (value is None or place.tag not in ("time", "abbr", "meta")):
        value = written[1]
    if value is None:
        return None
    lead = said[: written[0].start] if written is not None else said
    is_modified = bool(_NAMED_MODIFIED.search(place.name) or _SAYS_MODIFIED.search(lead))
    if "publi" in place.name or "veröff" in place.name:
        is_modified = False
    span = out.span(place)
    if span is not None and index < len(out.blocks):
        before = out.text[max(out.blocks[index].start, span.start - 30) : span.start]
        is_modified = is_modified or bool(_SAYS_MODIFIED.search(before))
        found = next(dates_in(span.of(out.text)), None)
        span = found[0].moved(span.start) if found is not None else None
    beside = frame.under_title(index)
    return _Seen(value, f"visible:{place.tag}", span, strength + 2.0 * beside, is_modified, beside)


def _strength(place: Place, index: int, frame: Frame) -> float:
    """How strongly a place presents a date as that of the article, by name and position."""
    strength = 2.0
    if place.tag == "time" or "datepublished" in place.name:
        strength += 1.0
    if _NAMED_PUBLISHED.search(place.name):
        strength += 1.0
    around = frame.around(place)
    if around & marks.RELATED and not frame.beside_title(index):
        strength -= 3.0
    if around & marks.ASIDE:
        strength -= 1.0
    if frame.above(index):
        return strength + 2.0
    if frame.below(index):
        return strength + 0.5
    return strength - (1.0 if frame.first <= index <= frame.last else 2.5)


def _date_line(block: Block, frame: Frame, *, month_first: bool) -> Iterable[_Seen]:
    """Dates in a short line: alone, after a word such as "published", or beside little else."""
    alone = is_only_date(block.text)
    if not frame.near(block.index) and not alone and not _SAVED.match(block.text):
        return
    words = block.text.split()
    is_prose = len(words) > 12 or (len(words) > 6 and block.text.endswith((".", "!", "?")))
    if is_prose and not (_EXPLICIT.match(block.text) or _SAYS_MODIFIED.match(block.text)):
        return
    beside = frame.under_title(block.index)
    for span, value in dates_in(block.text, month_first=month_first):
        before = block.text[max(0, span.start - 40) : span.start]
        is_modified = bool(_SAYS_MODIFIED.search(before))
        strength = 2.0
        if not (alone or is_modified or _SAYS_PUBLISHED.search(before)):
            if span.start > 25 and len(block.text) - span.end > 60:
                continue
            strength = 0.5
        strength += 1.0 if frame.above(block.index) else 0.0
        if strength >= 1.5:
            at = span.moved(block.start)
            yield _Seen(
                value, "visible:date line", at, strength + 2.0 * beside, is_modified, beside
            )
