"""The pages of an archive as a report reads them: one at a time, from the shards of a bulk run.

Records are read as plain JSON and only what is counted is looked at: `codec.decode`, which checks
every value, takes some thirty times as long. What a report shows of a record is checked here.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onrecord.archive_figures import Mark, marks, words_at
from onrecord.bulk import DONE_SUFFIX, FAILED_SUFFIX
from onrecord.codec import VERSION
from onrecord.errors import CodecError, MissingFileError
from onrecord.record import FoundValue, GenreMark, Metadata, Page, Region
from onrecord.span import Span
from onrecord.terms import Genre, RegionKind

__all__ = [
    "NOT_STATED",
    "ArchivePage",
    "Failure",
    "Unreadable",
    "grouped",
    "packed",
    "page_of",
    "read_archive",
    "settings_of_run",
    "unpacked",
]

NOT_STATED = "not stated"
RUN_FILE, MAX_RUN_FILE = "run.json", 100_000
MAX_NAME = 200  # code points of an outlet's name that are kept
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_DIGEST = re.compile("[0-9a-f]{64}")
_LANGUAGE = re.compile("[a-z]{2,3}")
# The same outlet for a phone, or with no name of its own.
_SAME_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_READ_FOR_COPIES = frozenset(
    {
        RegionKind.SUBTITLE,
        RegionKind.DATELINE,
        RegionKind.BODY,
        RegionKind.CAPTION,
        RegionKind.CORRECTION,
        RegionKind.BYLINE,
        RegionKind.CREDIT,
        RegionKind.BIO,
    }
)


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """One page: what is shown of it, and what it adds to the figures.

    `site` is the name it gives itself and `host` where it stood, either may be empty; `month` is
    that of publication (`2026-03`) or `not stated`; `weight` is the SHA-256 of its record as a
    number, from which the digest of the archive is made.
    """

    digest: str
    weight: int
    site: str
    host: str
    url: str
    title: str
    published: str
    retrieved: str
    month: str
    language: str
    genre: str
    media_type: str
    truncated: bool
    steps: tuple[tuple[str, str, str], ...]
    problems: tuple[tuple[str, str, str], ...]
    marks: tuple[Mark, ...]
    page: Page


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that the bulk run could not read, by its reason with names and numbers taken out."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of a shard that holds no record."""

    reason: str


def read_archive(folder: Path) -> Iterator[ArchivePage | Failure | Unreadable]:
    """Everything in the shards of a folder, shards by name, lines in order.

    Raises `MissingFileError` where there is no shard.
    """
    paths = sorted(folder.glob(f"*{DONE_SUFFIX}"))
    if not any(not path.name.endswith(FAILED_SUFFIX) for path in paths):
        raise MissingFileError(
            f"no shard of records in {str(folder)!r}; make some with `onrecord bulk`"
        )
    for path in paths:
        read = _failure if path.name.endswith(FAILED_SUFFIX) else page_of
        with path.open("rb") as stream:
            for line in stream:
                # A kill may have cut the last line short: that page is read again by the next run.
                if line.endswith(b"\n"):
                    yield read(line)


def settings_of_run(folder: Path) -> dict[str, str]:
    """What a bulk run noted of its settings beside the records, flat: `stages.claims` and the like.

    Empty where it noted nothing that can be read.
    """
    path = folder / RUN_FILE
    try:
        if not path.is_file() or path.stat().st_size > MAX_RUN_FILE:
            return {}
        given = json.loads(path.read_bytes())
        return dict(_flat(given, "")) if isinstance(given, dict) else {}
    except (OSError, ValueError, RecursionError):
        return {}


def _flat(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _flat(below, f"{name}.{key}" if name else str(key))
    else:
        words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield name, words.encode("utf-8", "replace").decode()[:300]


def page_of(line: bytes) -> ArchivePage | Unreadable:
    """The page of one line of a shard, or why it is none."""
    head, _, rest = line.partition(b", ")
    body = b"{" + rest.rstrip(b"\n") if head.startswith(b'{"position": ') else line
    try:
        given = json.loads(body)
        if given["onrecord"] != VERSION:
            return Unreadable(f"a record of version {str(given['onrecord'])[:20]}")
        if b"\\u" in body:
            json.dumps(given, ensure_ascii=False).encode()  # a lone surrogate is no text
        return _page(given["record"], int(hashlib.sha256(body).hexdigest(), 16))
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return Unreadable(f"no record ({type(error).__name__})")
    except CodecError:
        return Unreadable("a span or a number that does not fit")


def packed(page: Page) -> bytes:
    """What is needed of a page to compare it with others, compressed."""
    about = page.metadata
    row = [
        page.url,
        page.retrieved,
        page.text,
        [[one.kind.value, one.span.start, one.span.end] for one in page.regions],
        about.published.value if about.published else None,
        about.site.value if about.site else None,
    ]
    return zlib.compress(json.dumps(row).encode(), 1)


def unpacked(data: bytes) -> Page:
    """The page that `packed` wrote, with only what it keeps."""
    url, retrieved, text, regions, published, site = json.loads(zlib.decompress(data))
    metadata = Metadata(published=_kept(published), site=_kept(site))
    made = tuple(Region(RegionKind(kind), Span(start, end)) for kind, start, end in regions)
    return _made(url, retrieved, text, regions=made, metadata=metadata)


def _page(record: dict[str, Any], weight: int) -> ArchivePage:
    page = record["page"]
    about = page["metadata"]
    if not _DIGEST.fullmatch(page["digest"]):
        raise CodecError("found no digest, expected 64 hexadecimal digits")
    url = page["url"] or _value(about["canonical"])
    published = _value(about["published"])
    title = _value(about["title"])
    month, day = _MONTH.match(published), _DAY.match(published)
    language = _LANGUAGE.match(_value(about["language"]).lower())
    kept = []
    for region in page["regions"]:
        words_at(page["text"], region["span"])
        kind = RegionKind(region["kind"])
        if kind in _READ_FOR_COPIES:
            kept.append(Region(kind, Span(*region["span"])))
    site = " ".join(_value(about["site"]).split())[:MAX_NAME]
    return ArchivePage(
        digest=page["digest"],
        weight=weight,
        site=site,
        host=_host(url),
        url=url,
        title=" ".join(title.split()),
        published=day[0] if day else "",
        retrieved=str(page["retrieved"] or "")[:10],
        month=month[0] if month else NOT_STATED,
        language=language[0] if language else NOT_STATED,
        genre=Genre(page["genre"]["genre"]).value,
        media_type=str(page["media_type"]).split(";")[0].strip().lower()[:60],
        truncated=bool(page["truncated"]),
        steps=tuple(
            (str(one["stage"]), str(one["version"]), str(one["model_digest"] or ""))
            for one in record["steps"]
        ),
        problems=tuple(
            (str(one["stage"]), str(one["error"]), str(one["message"]))
            for one in record["problems"]
        ),
        marks=marks(record),
        page=_made(
            url,
            page["retrieved"],
            page["text"],
            regions=tuple(kept),
            metadata=Metadata(published=_kept(published), site=_kept(site)),
        ),
    )


def _made(
    url: str | None,
    retrieved: str | None,
    text: str,
    *,
    regions: tuple[Region, ...],
    metadata: Metadata,
) -> Page:
    return Page(
        url=url or None,
        retrieved=retrieved,
        digest="",
        media_type="",
        text=text,
        regions=regions,
        metadata=metadata,
        links=None,
        images=None,
        markup=None,
        genre=GenreMark(Genre.NOT_STATED, ""),
    )


def _value(found: Any) -> str:  # noqa: ANN401 - JSON has no narrower type
    if found is None:
        return ""
    value = found["value"]
    if not isinstance(value, str):
        raise CodecError(f"found {type(value).__name__}, expected text")
    return value


def _kept(value: str | None) -> FoundValue | None:
    return FoundValue(value, "") if value else None


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""
    return _SAME_HOST.sub("", host.rstrip("."))[:MAX_NAME]


# What a reason names: an address, a path, a quotation, a number. Without them reasons can be counted.
_NAMED = re.compile(r"https?://\S+|'[^']*'|\"[^\"]*\"|“[^“”]*”|(?<![\w.])/\S+|\d+")
MAX_REASON = 120


def grouped(reason: str) -> str:
    """The reason without names and numbers, so that equal ones are equal.

    >>> grouped("line 7: expected 'html', found 12 bytes")
    'line …: expected …, found … bytes'
    """
    return _NAMED.sub("…", " ".join(reason[:1_000].split()))[:MAX_REASON] or NOT_STATED


def _failure(line: bytes) -> Failure:
    try:
        return Failure(grouped(str(json.loads(line)["reason"])))
    except (LookupError, TypeError, ValueError, RecursionError):
        return Failure("a line of the ledger that cannot be read")
